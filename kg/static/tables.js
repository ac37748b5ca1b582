// Tables: sorted by a click on a heading, filtered by a word.
import { folder } from "kg/fold";
import { csvCell, save } from "kg/csv";

function value(row, column) {
  const text = row.cells[column].textContent.trim();
  const number = Number(text.replace(/,/g, ""));
  return text !== "" && !Number.isNaN(number) ? number : text;
}

function sortBy(table, header, column) {
  const numeric = header.classList.contains("num");
  const now = header.getAttribute("aria-sort");
  const down = now ? now === "ascending" : numeric;
  for (const other of header.parentElement.cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const rows = [...body.rows].map((row, place) => ({ row, place, key: value(row, column) }));
  rows.sort((a, b) => {
    const blank = (a.key === "" || (numeric && typeof a.key !== "number")) - (b.key === "" || (numeric && typeof b.key !== "number"));
    if (blank) return blank; // what has no value stays last, whichever way round
    const order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : collator.compare(String(a.key), String(b.key));
    return (down ? -order : order) || a.place - b.place;
  });
  body.append(...rows.map((item) => item.row));
}

function asCsv(table) {
  const rows = [table.tHead.rows[0], ...[...table.tBodies[0].rows].filter((row) => !row.hidden)];
  const lines = rows.map((row) => [...row.cells].map((cell) => csvCell(cell.textContent.trim().replace(/\s+/g, " "))).join(","));
  return "\ufeff" + lines.join("\r\n") + "\r\n";
}

function downloads(root) {
  const name = location.pathname.split("/").pop().replace(/\.html$/, "") || "table";
  for (const table of root.querySelectorAll("table[data-sortable]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "download";
    button.textContent = "CSV";
    button.setAttribute("aria-label", document.documentElement.lang.startsWith("zh") ? "下载 CSV" : "Download as CSV");
    button.addEventListener("click", () => {
      save(decodeURIComponent(name) + ".csv", new Blob([asCsv(table)], { type: "text/csv;charset=utf-8" }));
    });
    table.after(button);
  }
}

export function sortable(root = document) {
  downloads(root);
  for (const table of root.querySelectorAll("table[data-sortable]")) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sortBy(table, header, column));
    });
  }
  if (root !== document) return;
  const line = document.querySelector("[data-table-filter]");
  const table = document.querySelector("table[data-filterable]");
  if (!line || !table) return;
  line.hidden = false;
  const fold = folder([]);
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: fold(row.textContent) }));
  const input = line.querySelector("input");
  const count = line.querySelector("[data-filter-count]");
  const apply = () => {
    const wanted = fold(input.value.trim());
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = wanted !== "" && !text.includes(wanted);
      shown += !row.hidden;
    }
    count.textContent = wanted ? shown + " / " + rows.length : "";
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) apply(); });
  input.addEventListener("compositionend", apply);
}
