// Put a standard text at the cursor. Without this script the server puts it in.
"use strict";

document.querySelectorAll("select[data-standaardtekst]").forEach((select) => {
  const form = select.form;
  let last = null;
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea")) last = event.target;
  });
  form.querySelector("button[value='invoegen']").addEventListener("click", (event) => {
    event.preventDefault();
    const chosen = select.selectedOptions[0];
    if (!chosen || !chosen.value) return;
    const own = chosen.dataset.deel && form.elements[chosen.dataset.deel];
    const field = own || last || form.querySelector("textarea");
    if (!field) return;
    // A part the text was not written for keeps what stands before and behind the cursor.
    const at = field === last ? field.selectionEnd : field.value.length;
    const before = field.value.slice(0, at);
    const gap = before && !/\s$/.test(before) ? "\n" : "";
    field.setRangeText(gap + chosen.dataset.tekst, at, at, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    select.value = "";
  });
});
