// The timeline: rows beyond the first ten fold away, a filter finds any of them.
import { folder } from "kg/fold";

const fold = folder([]);
const tables = [...document.querySelectorAll("[data-timeline]")];

for (const table of tables) {
  const button = table.parentElement.querySelector("[data-more-rows]");
  if (!button) continue;
  table.classList.add("is-folded");
  button.hidden = false;
  button.addEventListener("click", () => { table.classList.remove("is-folded"); button.hidden = true; });
}

const line = document.querySelector("[data-row-filter]");
if (line) {
  line.hidden = false;
  const input = line.querySelector("input");
  const apply = () => {
    const wanted = fold(input.value.trim());
    for (const table of tables) {
      const button = table.parentElement.querySelector("[data-more-rows]");
      table.classList.toggle("is-folded", !wanted && !!button && !button.hidden);
      for (const row of table.tBodies[0].rows) row.hidden = wanted !== "" && !fold(row.cells[0].textContent).includes(wanted);
    }
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) apply(); });
  input.addEventListener("compositionend", apply);
}
