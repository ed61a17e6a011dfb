// Keys for who works without a mouse: a link says by data-toets which keys press it. Nothing depends on them.
// Single letters can be switched off on the account page (WCAG 2.1.4); Ctrl+Enter stays, for it is no single letter.
"use strict";

const AFTER_G = 1500; // milliseconds in which the second letter counts
let waitingSince = 0;

const writes = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function press(keys) {
  if (keys === "g t") {
    location.assign(document.body.dataset.wacht);
    return true;
  }
  const link = document.querySelector(`[data-toets="${keys}"]`);
  if (!link) return false;
  if (link.matches("input")) link.focus();
  else link.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    const button = event.target.form.querySelector("button[name='doe'][value='bewaren']");
    if (button) {
      event.preventDefault();
      event.target.form.requestSubmit(button);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.body.dataset.toetsen !== "aan" || writes(event.target)) return;
  const after = event.timeStamp - waitingSince < AFTER_G;
  waitingSince = 0;
  if (after && /^[a-z]$/.test(event.key)) {
    if (press(`g ${event.key}`)) event.preventDefault();
  } else if (event.key === "g") {
    waitingSince = event.timeStamp;
  } else if (event.key === "/" && press("/")) {
    event.preventDefault();
  }
});
