// The query page: the answer comes without leaving it; names, terms and prefixes are offered while one types.
import { save } from "kg/csv";
import { folder } from "kg/fold";
import { element, read } from "kg/parts";
import { rank } from "kg/search";
import { sortable } from "kg/tables";

const form = document.querySelector("[data-query]");
const area = form.querySelector("textarea");
const results = document.querySelector("[data-results]");
const list = document.querySelector("[data-offers]");
const data = read("completions");
const fold = folder(data.fold);
const names = data.names.map(([kind, iri, english, chinese, alt, reading]) => ({ kind, iri, english, chinese, reading, keys: [english, chinese, ...alt].map(fold) }));
let offers = [];
let chosen = -1;
let word = null;

async function run() {
  form.setAttribute("aria-busy", "true");
  const address = form.action + "?" + new URLSearchParams(new FormData(form));
  if (address.length < 8000) history.replaceState(null, "", address);
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    results.replaceChildren(...page.querySelector("[data-results]").childNodes);
    sortable(results);
    point();
  } finally {
    form.removeAttribute("aria-busy");
  }
}

// Put the cursor where an error says it is.
function point() {
  const fault = results.querySelector("[data-problem]");
  const place = fault && /(?:line |at )(\d+)[:,]? ?(?:column )?(\d+)?/.exec(fault.textContent);
  if (!place) return;
  const lines = area.value.split("\n");
  const line = Math.min(Number(place[1]), lines.length);
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = start + lines[line - 1].length;
  if (editor) { editor.select(start, end); return; }
  area.focus();
  area.setSelectionRange(start, end);
}

function close() {
  list.hidden = true;
  chosen = -1;
  area.removeAttribute("aria-activedescendant");
}

// What may stand where the text before the cursor ends: the word to replace, and what to offer for it; null for nothing.
function found(before) {
  const match = /(?:[\p{L}\p{N}_]+:)?[\p{L}\p{N}–-]{2,}$|[\u3400-\u9fff]+$/u.exec(before);
  if (!match || /[?$<"'][^\s]*$/.test(before)) return null;
  const wanted = fold(match[0]);
  const hits = [];
  for (const term of data.terms) if (fold(term).startsWith(wanted) || fold(term.slice(4)).startsWith(wanted)) hits.push({ text: term, insert: term, note: "" });
  for (const [prefix, iri] of Object.entries(data.prefixes)) if (prefix.startsWith(wanted)) hits.push({ text: "PREFIX " + prefix + ":", insert: `PREFIX ${prefix}: <${iri}>`, note: "" });
  const ranked = names.map((name) => [rank(name.keys, wanted, name.reading), name]).filter(([r]) => r < 3).sort(([a], [b]) => a - b);
  for (const [, name] of ranked.slice(0, 8)) hits.push({ text: name.english, second: name.chinese, insert: `<${name.iri}>`, note: name.iri.split("/").slice(-2).join("/"), kind: name.kind });
  const few = hits.slice(0, 12);
  return !few.length || (few.length === 1 && few[0].insert === match[0]) ? null : { word: match[0], hits: few };
}

function offer() {
  const offered = found(area.value.slice(0, area.selectionStart));
  if (!offered) { close(); return; }
  word = offered.word;
  offers = offered.hits;
  list.replaceChildren(...offers.map((hit, number) => {
    const line = element("div", { class: "offer hit is-" + (hit.kind || "term"), role: "option", id: "offer-" + number, "aria-selected": "false" });
    line.append(element("span", {}, hit.text));
    if (hit.second) line.append(element("span", { class: "second", lang: "zh-Hans" }, hit.second));
    if (hit.note) line.append(element("code", {}, hit.note));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(number); });
    return line;
  }));
  list.hidden = false;
  choose(-1);
}

function choose(number) {
  chosen = number;
  [...list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
  if (chosen >= 0) area.setAttribute("aria-activedescendant", "offer-" + chosen);
  else area.removeAttribute("aria-activedescendant");
}

function take(number) {
  const end = area.selectionStart;
  area.setRangeText(offers[number].insert, end - word.length, end, "end");
  close();
  area.focus();
}

area.addEventListener("input", (event) => { if (!event.isComposing) offer(); });
area.addEventListener("compositionend", offer);
area.addEventListener("blur", close);
area.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); run(); return; }
  if (list.hidden || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose((chosen + (event.key === "ArrowDown" ? 1 : -1) + offers.length + (chosen < 0 && event.key === "ArrowUp" ? 1 : 0)) % offers.length);
  } else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(chosen); }
  else if (event.key === "Escape") close();
});
const editor = window.kgEditor?.create(area, { label: document.querySelector('label[for="query"]').textContent, offers: found, run });
form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
const downloads = document.querySelector("[data-downloads]");
downloads.hidden = false;
downloads.addEventListener("click", async (event) => {
  const type = event.target.dataset.take;
  if (!type) return;
  const answer = await fetch(form.action, { method: "POST", headers: { Accept: type + ", */*;q=0.1", "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ query: area.value }) });
  const got = answer.headers.get("content-type") || "text/plain";
  const suffix = got.includes("csv") ? "csv" : got.includes("json") ? "json" : got.includes("turtle") ? "ttl" : "txt";
  save("answer." + suffix, await answer.blob());
});
