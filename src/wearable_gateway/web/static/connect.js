// Filters the choice of providers while somebody types. Without it, the form asks the server.
(() => {
  "use strict";
  const form = document.querySelector("form.search");
  if (!form) return;
  const field = form.querySelector("input");
  const count = form.querySelector(".count");
  const nothing = document.querySelector(".nothing");
  const asked = nothing.querySelector("bdi");
  const groups = [...document.querySelectorAll(".group:has([data-words])")];
  const rows = [...document.querySelectorAll("[data-words]")];

  // As the server does: without case and accents.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const show = () => {
    const parts = fold(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows) {
      row.hidden = !parts.every((part) => row.dataset.words.includes(part));
      found += row.hidden ? 0 : 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
    nothing.hidden = found > 0;
    asked.textContent = field.value.trim();
    count.textContent = parts.length ? form.dataset.count.replace("{count}", String(found)) : "";
  };

  field.addEventListener("input", show);
  // What a browser fills in again when somebody comes back.
  window.addEventListener("pageshow", () => field.value && show());
})();
