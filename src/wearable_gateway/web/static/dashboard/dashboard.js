// What the pages do by themselves where scripts run. Every page works without.
"use strict";

// "/" goes to the search field, as in the dashboards people know.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const search = document.querySelector("input[type=search]");
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// A form that is under way is not sent twice.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.target.method === "post") event.target.dataset.sent = "yes";
});

// Coming back by the browser's own button shows the page as it was: its forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}

// `<… id="x" data-refresh="seconds">` is read anew until what comes back does not ask for it any more.
async function refresh(part) {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    if (!fresh) return;
    part.replaceWith(fresh);
    follow(fresh);
  } catch {
    follow(part);
  }
}

function follow(part) {
  const seconds = Number(part.dataset.refresh);
  if (seconds > 0) setTimeout(() => refresh(part), seconds * 1000);
}

for (const part of document.querySelectorAll("[data-refresh]")) follow(part);

// On a phone the menu is one row that scrolls: the page one is on comes into sight.
const menu = document.querySelector(".sidebar nav");
const here = menu?.querySelector("[aria-current]");
if (here && menu.scrollWidth > menu.clientWidth) menu.scrollLeft = here.offsetLeft - menu.offsetLeft - 16;
