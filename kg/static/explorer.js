// The explorer: one map with its filters, panel, search, table, address and exports. Each part is a module that adds what it
// can do to `app`; parts call each other through it.
import { save } from "kg/csv";
import { folder } from "kg/fold";
import { decodeGraph } from "kg/graph";
import { createMap } from "kg/map";
import { address } from "kg/map-address";
import { filters } from "kg/map-filters";
import { finder } from "kg/map-finder";
import { details } from "kg/map-panel";
import { selection } from "kg/map-selection";
import { listing } from "kg/map-table";
import { texts } from "kg/map-texts";
import { element, filled, read } from "kg/parts";
import { combobox } from "kg/search";
import { bibtex, ris } from "kg/references";
import { csvOf, gexf, vosviewer } from "kg/takeaway";

const root = document.querySelector("[data-explorer]");

function start() {
  const data = read("map-data");
  const words = read("map-words");
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const otherLang = lang === "zh" ? "en" : "zh";
  const fold = folder(data.fold);
  const graph = decodeGraph(data);
  const { n, first, kind } = graph;
  const $ = (selector) => root.querySelector(selector);
  const canvas = $("[data-map]");
  const panel = $("[data-panel]");
  root.hidden = false;

  const name = (i) => (i < first ? data[lang][i] : data.en[i]);
  const other = (i) => (i < first ? data[otherLang][i] : data.zh[i]);
  const langOf = (i) => (i < first ? (lang === "zh" ? "zh-Hans" : "en") : data.langs[i - first]);
  const number = new Map();
  for (let i = 0; i < n; i += 1) number.set(graph.key(i), i);

  // what is on
  const state = { kinds: new Set([0, 1, 2, 3, 4]), langs: new Set([0, 1, 2]), role: "all", topic: -1, journal: -1, rule: -1, sure: 0, from: 0, to: 0, undated: true, sel: -1, edge: -1, depth: 1, only: null, path: null };
  let firstYear = Infinity, lastYear = -Infinity, undated = 0;
  for (let i = first; i < n; i += 1) {
    const y = graph.year[i];
    if (!y) { undated += 1; continue; }
    if (y < firstYear) firstYear = y;
    if (y > lastYear) lastYear = y;
  }
  const dated = firstYear <= lastYear;
  if (!dated) { firstYear = 0; lastYear = 0; }
  state.from = firstYear;
  state.to = lastYear;
  const edgeOn = new Uint8Array(graph.m);

  const map = createMap(canvas, graph, {
    colours,
    label: (i, both) => {
      const text = name(i);
      const short = text.length > 60 ? text.slice(0, 59) + "…" : text;
      return both && i < first && other(i) !== text ? short + " " + other(i) : short;
    },
    onPick: (i) => app.select(i),
    onPickEdge: (e) => app.selectEdge(e),
    onOpen: (i) => app.expand(i),
    onHover: tip,
    onView: () => app.remember(),
  });

  function colours() {
    const css = (property) => getComputedStyle(document.documentElement).getPropertyValue(property).trim();
    return {
      ground: css("--bg"), ink: css("--ink"), edge: css("--map-edge"), strong: css("--map-strong"), faint: css("--map-faint"), disc: css("--map-disc"), font: css("--sans"),
      kinds: ["--dot-state", "--dot-alliance", "--dot-concept", "--text-group", "--dot-work"].map(css),
      words: ["--text-state", "--text-alliance", "--text-concept", "--text-group", "--text-work"].map(css),
    };
  }

  const app = { data, words, lang, otherLang, fold, graph, state, map, edgeOn, canvas, panel, name, other, langOf, number, $, years: { firstYear, lastYear, dated, undated } };
  for (const part of [filters, selection, texts, finder, details, listing, address]) part(app);

  // what lies under the pointer
  function tip(i, tx, ty) {
    const box = $("[data-tip]");
    if (i < 0) { box.hidden = true; return; }
    box.replaceChildren(element("b", { lang: langOf(i), dir: "auto" }, name(i)));
    if (other(i) && other(i) !== name(i)) box.append(element("span", { class: "second" }, other(i)));
    box.append(element("span", { class: "muted" }, words["kind_" + graph.kinds[kind[i]]] + " · " + (i < first ? filled(words.n_works, { n: graph.works[i] }) : graph.year[i] || words.undated)));
    box.hidden = false;
    const area = canvas.getBoundingClientRect();
    box.style.left = Math.min(tx + 14, area.width - box.offsetWidth - 8) + "px";
    box.style.top = (ty + 18 + box.offsetHeight > area.height ? ty - box.offsetHeight - 10 : ty + 18) + "px";
  }

  // what can be taken away
  function cite() {
    const today = new Date().toISOString().slice(0, 10);
    return filled(words.cite_text, { date: today, works: data.total, address: location.href });
  }
  async function copy(text) {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = element("textarea", {});
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    $("[data-announce]").textContent = words.copied;
  }
  // what references are made of comes with the page, or from the server in parts
  async function references() {
    const works = [];
    for (let i = first; i < n; i += 1) if (map.shown[i]) works.push(i);
    const found = new Map();
    if (data.refs) for (const i of works) found.set(i, data.refs[i - first]);
    for (let at = 0; !data.refs && at < works.length; at += 500) {
      const answer = await fetch(data.api + "/references?" + new URLSearchParams({ at: works.slice(at, at + 500).map((i) => i - first).join(","), lang }));
      if (!answer.ok) break;
      for (const [place, row] of Object.entries((await answer.json()).references)) found.set(Number(place) + first, row);
    }
    return works.filter((i) => found.has(i)).map((i) => {
      const [type, titles, authors, journal, volume, issue, pages, doi] = found.get(i);
      return { id: data.ids[i], type, titles, authors, journal, volume, issue, pages, doi, year: graph.year[i] || null, lang: langOf(i) };
    });
  }
  function exported(form) {
    if (form === "bibtex" || form === "ris") references().then((rows) => save("alliance-map." + (form === "ris" ? "ris" : "bib"), new Blob([form === "ris" ? ris(rows) : bibtex(rows)], { type: "text/plain" })));
    if (form === "vosviewer") save("alliance-map-vosviewer.json", new Blob([vosviewer(graph, map.shown, edgeOn, name, (i) => words["kinds_" + graph.kinds[i]])], { type: "application/json" }));
    if (form === "png") map.toPNG((blob) => save("alliance-map.png", blob));
    if (form === "svg") save("alliance-map.svg", new Blob([map.toSVG()], { type: "image/svg+xml" }));
    if (form === "gexf") save("alliance-map.gexf", new Blob([gexf(graph, map.shown, edgeOn, name, other)], { type: "application/xml" }));
    if (form === "csv") save("alliance-map.csv", new Blob([csvOf(graph, map.shown, name, other, words)], { type: "text/csv" }));
  }

  // keys on the map
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (step) {
      event.preventDefault();
      const begin = state.sel >= 0 ? state.sel : 0;
      const next = state.sel < 0 ? begin : map.towards(begin, ...step);
      if (next >= 0) { app.select(next); map.focus(next, map.view().k); }
    } else if (event.key === "Enter") {
      if (state.sel >= 0) panel.querySelector("a.button, button")?.focus();
    } else if (event.key === "+" || event.key === "=") map.zoom(1.5);
    else if (event.key === "-") map.zoom(1 / 1.5);
    else if (event.key === "0") map.fit();
    else if (event.key === "t") { app.showTable($("[data-map-table]").hidden); app.remember(); }
    else if (event.key === "Escape") app.select(-1);
  });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { app.select(-1); canvas.focus(); } });

  // controls
  const topics = $("[data-facet-topic]");
  topics.append(element("option", { value: "-1" }, words.any));
  for (const t of [...app.under.keys()].sort((p, q) => p - q)) if (app.under.get(t).size > 1) topics.append(element("option", { value: t }, name(t)));
  topics.addEventListener("change", () => { state.topic = Number(topics.value); app.apply(); app.remember(); });
  const journals = $("[data-facet-journal]");
  journals.closest("fieldset").hidden = !data.journals.length;
  journals.append(element("option", { value: "-1" }, words.any));
  const sizes = new Int32Array(data.journals.length + 1);
  for (const at of graph.journal) sizes[at] += 1;
  data.journals.forEach(([, title], at) => { if (sizes[at + 1]) journals.append(element("option", { value: at }, `${title} (${sizes[at + 1]})`)); });
  journals.addEventListener("change", () => { state.journal = Number(journals.value); app.apply(); app.remember(); });
  const rules = $("[data-facet-rule]");
  rules.append(element("option", { value: "-1" }, words.any));
  graph.rules.forEach((text, at) => rules.append(element("option", { value: at }, text)));
  rules.addEventListener("change", () => { state.rule = Number(rules.value); app.apply(); app.remember(); });
  const sure = $("[data-facet-sure]");
  sure.addEventListener("change", () => { state.sure = Number(sure.value); app.apply(); app.remember(); });
  $("[data-reset]").addEventListener("click", () => { history.pushState(null, "", "#"); app.restore(); app.remember(); });
  $("[data-facets-open]").addEventListener("click", (event) => { const on = root.classList.toggle("facets-shown"); event.currentTarget.setAttribute("aria-expanded", String(on)); });
  root.addEventListener("click", (event) => {
    const target = event.target.closest("[data-zoom], [data-fit], [data-table], [data-export], [data-copy]");
    if (!target) return;
    if (target.dataset.zoom) map.zoom(Number(target.dataset.zoom));
    else if ("fit" in target.dataset) { map.fit(state.only); app.remember(); }
    else if ("table" in target.dataset) { app.showTable($("[data-map-table]").hidden); app.remember(); }
    else if (target.dataset.export) { exported(target.dataset.export); target.closest("details").open = false; }
    else if (target.dataset.copy) { copy(target.dataset.copy === "link" ? location.href : cite()); target.closest("details").open = false; }
  });
  app.showYears = app.yearControls();
  const search = $(".map-search");
  search.addEventListener("submit", (event) => event.preventDefault());
  combobox(search.querySelector("input"), document.getElementById("map-hits"), $("[data-map-search-status]"), {
    find: app.find,
    show: app.hitOption,
    go: (i) => { if (!map.shown[i]) { state.only = null; state.kinds.add(kind[i]); app.apply(); } app.select(i); map.focus(i); return true; },
    words: app.hitWords,
  });
  addEventListener("popstate", app.restore);
  addEventListener("hashchange", app.restore);
  document.addEventListener("kg-theme", () => map.recolour());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.recolour());
  // on paper the map is lines and letters, not points
  addEventListener("beforeprint", () => {
    root.querySelector(".print-map")?.remove();
    const picture = element("img", { class: "print-map", alt: $("[data-map]").getAttribute("aria-label") });
    picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(map.toSVG());
    if ($("[data-map-table]").hidden) canvas.after(picture);
  });
  addEventListener("afterprint", () => root.querySelector(".print-map")?.remove());
  app.restore();
  root.dataset.ready = "1";
  window.kgMap = map; // for tests and for the curious: the map can be asked where things are
  window.kgGraph = graph;
}

if (root) start();
