// A form that saves itself while somebody types: every five seconds after a change, and when he leaves a field.
// Without this script everything works; a form is then kept when it is sent.
"use strict";

const EVERY = 5000;
const PATIENCE = 3000; // how long sending the form waits for a save that is under way
const LOST = "Niet bewaard: er is geen verbinding, of u bent uitgelogd. Uw tekst staat nog op dit scherm.";
const CLOSED = "Niet bewaard: hier kunt u nu niet meer vastleggen. Uw tekst staat nog op dit scherm. Verstuur hem: dan wordt hij bewaard.";

const pause = (time) => new Promise((done) => setTimeout(done, time));

function watch(form) {
  const status = form.querySelector("[data-klad-status]");
  const read = () => new URLSearchParams(new FormData(form)).toString();
  let saved = read();
  let timer = null;
  let sending = null;
  let over = false;

  async function store(now, keepalive) {
    try {
      const answer = await fetch(form.dataset.klad, {
        method: "POST",
        body: now,
        keepalive,
        redirect: "manual",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (answer.ok) {
        saved = now;
        if (answer.status === 200) status.textContent = await answer.text();
      } else {
        over = over || answer.status === 404;
        status.textContent = answer.status === 404 ? CLOSED : LOST;
      }
    } catch {
      status.textContent = LOST;
    }
  }

  function send(keepalive = false) {
    clearTimeout(timer);
    timer = null;
    const now = read();
    if (over || sending || now === saved) return;
    sending = store(now, keepalive).then(() => {
      sending = null;
      later();
    });
  }

  function later() {
    if (!over && timer === null && read() !== saved) timer = setTimeout(() => send(), EVERY);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("focusout", () => send());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  // What is under way comes first: it would otherwise store again what was sent.
  form.addEventListener("submit", (event) => {
    over = true;
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    const button = event.submitter;
    Promise.race([sending, pause(PATIENCE)]).then(() => {
      sending = null;
      form.requestSubmit(button);
    });
  });
  // A page the browser shows again as it was left goes on where it was.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) over = false;
  });
}

document.querySelectorAll("form[data-klad]").forEach(watch);
