// What every page can do with a script: colours, reasons behind marked words, filters, sorting.
import { sortable } from "kg/tables";
import { reasons } from "kg/reasons";

function themeSwitch() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];
  const name = button.querySelector("[data-theme-name]");
  const show = () => { name.textContent = button.dataset[root.dataset.theme || "auto"]; };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.theme || "auto") + 1) % order.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try { localStorage.setItem("kg-theme", next); } catch { /* see theme.js */ }
    show();
    document.dispatchEvent(new CustomEvent("kg-theme"));
  });
}

// Buttons that show or hide items by a property of theirs; all values on means no filter.
function evidenceFilters() {
  for (const bar of document.querySelectorAll("[data-filters]")) {
    const list = bar.parentElement.querySelector(".evidence");
    if (!list) continue;
    bar.hidden = false;
    const buttons = [...bar.querySelectorAll("[data-filter]")];
    const known = new Set(buttons.map((button) => button.dataset.filter + "=" + button.dataset.value));
    const apply = () => {
      const off = new Set(buttons.filter((b) => b.getAttribute("aria-pressed") === "false").map((b) => b.dataset.filter + "=" + b.dataset.value));
      for (const item of list.children) {
        const lang = known.has("lang=" + item.dataset.lang) ? item.dataset.lang : "other";
        item.hidden = off.has("role=" + item.dataset.role) || off.has("lang=" + lang);
      }
    };
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-filter]");
      if (!button) return;
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") === "false"));
      apply();
    });
  }
}

themeSwitch();
reasons();
evidenceFilters();
sortable();
