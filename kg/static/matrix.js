// The matrix of states: other orders, other cells, arrows between cells, and one row at a time on a narrow screen.
import { element } from "kg/parts";

const table = document.querySelector("[data-state-matrix]");

function place(order) {
  const head = table.tHead.rows[0];
  const sorted = (cells) => [...cells].sort((a, b) => a.dataset[order] - b.dataset[order]);
  const headers = [...head.cells].slice(1);
  const from = sorted(headers).map((cell) => headers.indexOf(cell) + 1);
  head.append(...from.map((column) => headers[column - 1]));
  for (const row of table.tBodies[0].rows) {
    const cells = [...row.cells];
    row.append(...from.map((column) => cells[column]));
  }
  table.tBodies[0].append(...sorted(table.tBodies[0].rows));
  show(document.querySelector("[data-matrix-cells]").value);
}

function show(which) {
  [...table.tBodies[0].rows].forEach((row, y) => [...row.cells].forEach((cell, x) => {
    const link = cell.querySelector("a");
    if (x === 0 || !link) return;
    const side = which === "split" ? (x - 1 > y ? "zh" : "en") : which;
    const number = Number(cell.dataset[side]);
    link.textContent = number || "";
    cell.classList.toggle("is-zero", !number);
  }));
}

function arrows() {
  const rows = () => [...table.tBodies[0].rows].map((row) => [...row.cells]);
  const links = [...table.querySelectorAll("tbody td a")];
  links.forEach((link, number) => { link.tabIndex = number ? -1 : 0; });
  table.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell) return;
    event.preventDefault();
    const grid = rows();
    let y = grid.findIndex((row) => row.includes(cell));
    let x = grid[y].indexOf(cell);
    do { x += step[0]; y += step[1]; } while (grid[y] && grid[y][x] && !grid[y][x].querySelector("a"));
    const next = grid[y] && grid[y][x] && x > 0 && grid[y][x].querySelector("a");
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

function oneRow() {
  const box = document.querySelector("[data-matrix-narrow]");
  const choice = box.querySelector("select");
  const list = box.querySelector("[data-matrix-list]");
  const rows = [...table.tBodies[0].rows];
  const fill = () => {
    list.replaceChildren();
    const cells = [...rows[choice.value].querySelectorAll("td a")];
    cells.sort((a, b) => b.parentElement.dataset.total - a.parentElement.dataset.total);
    for (const link of cells) {
      const item = element("li");
      const name = element("span", { class: "counted-name" });
      name.append(element("a", { class: "name is-alliance", href: link.href }, link.getAttribute("aria-label").replace(/:[^:]*$/, "")));
      item.append(name, element("span"), element("span", { class: "num counted-number" }, link.parentElement.dataset.total));
      list.append(item);
    }
  };
  choice.addEventListener("change", fill);
  fill();
  const narrow = matchMedia("(max-width: 640px)");
  const follow = () => { box.hidden = !narrow.matches; };
  narrow.addEventListener("change", follow);
  follow();
}

// What was chosen on the map is chosen here, and the other way round: the address holds it.
function chosen() {
  const key = new URLSearchParams(location.hash.slice(1)).get("sel") || "";
  const [kind, id] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
  const mark = (place) => {
    for (const old of table.querySelectorAll(".is-chosen")) old.classList.remove("is-chosen");
    place?.classList.add("is-chosen");
    return place;
  };
  const find = (selector, name) => [...table.querySelectorAll(selector)].find((place) => place.dataset[name] === id);
  const row = kind === "state" ? find("tbody tr", "state") : null;
  const cell = kind === "alliance" ? find("td[data-alliance]", "alliance") : null;
  const place = mark(row || cell);
  place?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (row) {
    const choice = document.querySelector("#matrix-state");
    choice.value = [...choice.options].findIndex((option) => option.text === row.cells[0].textContent.trim());
    choice.dispatchEvent(new Event("change"));
  }
  const link = document.querySelector("[data-to-map]");
  link.hash = key ? "sel=" + key : "";
  table.addEventListener("focusin", (event) => {
    const focused = event.target.closest("td[data-alliance], tr[data-state]");
    if (!focused) return;
    mark(focused);
    link.hash = "sel=" + (focused.dataset.alliance ? "alliance/" + focused.dataset.alliance : "state/" + focused.dataset.state);
    history.replaceState(null, "", link.hash);
    document.querySelector("[data-keep-fragment]").hash = link.hash;
  });
}

if (table) {
  document.querySelector("[data-matrix-tools]").hidden = false;
  document.querySelector("[data-matrix-order]").addEventListener("change", (event) => place(event.target.value));
  document.querySelector("[data-matrix-cells]").addEventListener("change", (event) => show(event.target.value));
  arrows();
  oneRow();
  chosen();
}
