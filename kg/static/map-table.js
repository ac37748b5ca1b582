// The table that says the same as the map.
import { element, filled } from "kg/parts";

export function listing(app) {
  const { graph, words, map, edgeOn, otherLang, name, other, $ } = app;
  const { n, first, kind } = graph;

  // the table: the same content as the map
  const sorting = { by: "works", down: true };
  function table() {
    const box = $("[data-map-table]");
    const rows = [];
    for (let i = 0; i < n; i += 1) if (map.shown[i]) rows.push(i);
    const ties = (i) => { let k = 0; for (let p = graph.start[i]; p < graph.start[i + 1]; p += 1) k += edgeOn[graph.edge[p]] && map.shown[graph.other[p]] ? 1 : 0; return k; };
    const tied = new Map(rows.map((i) => [i, ties(i)]));
    const values = { kind: (i) => kind[i], name: (i) => name(i), other: (i) => other(i) || "", year: (i) => graph.year[i], works: (i) => (i < first ? graph.works[i] : 0), ties: (i) => tied.get(i) };
    const value = values[sorting.by];
    const collator = new Intl.Collator(document.documentElement.lang);
    rows.sort((p, q) => { const a = value(p), b = value(q); const order = typeof a === "number" ? a - b : collator.compare(a, b); return (sorting.down ? -order : order) || p - q; });
    const made = element("table");
    const head = element("tr");
    for (const [key, text] of [["kind", words.column_kind], ["name", words.name_here], ["other", words.name_other], ["year", words.year], ["works", words.works], ["ties", words.column_ties]]) {
      const th = element("th", { scope: "col", ...(sorting.by === key ? { "aria-sort": sorting.down ? "descending" : "ascending" } : {}) });
      th.append(app.button(text, () => { sorting.down = sorting.by === key ? !sorting.down : !["kind", "name", "other"].includes(key); sorting.by = key; table(); }, { class: "sort" }));
      head.append(th);
    }
    const thead = element("thead");
    thead.append(head);
    const body = element("tbody");
    for (const i of rows.slice(0, 500)) {
      const tr = element("tr");
      const th = element("th", { scope: "row" });
      th.append(app.nameButton(i));
      if (other(i) && other(i) !== name(i)) th.querySelector(".second")?.remove();
      tr.append(element("td", {}, words["kind_" + graph.kinds[kind[i]]]), th, element("td", { lang: otherLang === "zh" ? "zh-Hans" : "en" }, other(i) === name(i) ? "" : other(i)), element("td", { class: "num" }, i >= first ? String(graph.year[i] || "") : ""), element("td", { class: "num" }, i < first ? String(graph.works[i]) : ""), element("td", { class: "num" }, String(tied.get(i))));
      body.append(tr);
    }
    made.append(thead, body);
    box.replaceChildren();
    if (rows.length > 500) box.append(element("p", { class: "cut" }, filled(words.rows_cut, { shown: 500, total: rows.length })));
    box.append(made);
  }

  function showTable(on) {
    $("[data-table]").setAttribute("aria-pressed", String(on));
    $("[data-map-table]").hidden = !on;
    $(".canvas-box").hidden = on;
    if (on) table();
  }

  Object.assign(app, { table, showTable });
}
