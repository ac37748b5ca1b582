// What is seen on the map stands in its address: written as it changes, restored when it is opened or gone back to.

export function address(app) {
  const { data, graph, state, map, edgeOn, $ } = app;
  const { first } = graph;
  const { firstYear, lastYear, dated } = app.years;
  const SIDES = ["zh", "en", "other"];

  // the address
  let quiet = true;
  function remember(pathTo) {
    if (quiet) return;
    const parts = new URLSearchParams();
    if (state.sel >= 0) parts.set("sel", graph.key(state.sel));
    if (state.path && (pathTo ?? -1) >= 0) parts.set("to", graph.key(pathTo));
    else if (state.path) parts.set("to", graph.key(state.path[0].at(-1)));
    if (state.edge >= 0) parts.set("edge", graph.key(graph.a[state.edge]) + " " + graph.key(graph.b[state.edge]));
    if (state.depth > 1) parts.set("depth", state.depth);
    const off = graph.kinds.filter((_, at) => !state.kinds.has(at));
    if (off.length) parts.set("off", off.join(","));
    if (state.langs.size < 3) parts.set("langs", [...state.langs].map((at) => SIDES[at]).join(","));
    if (state.role !== "all") parts.set("role", state.role);
    if (state.topic >= 0) parts.set("topic", data.ids[state.topic]);
    if (state.journal >= 0) parts.set("journal", data.journals[state.journal][0]);
    if (state.rule >= 0) parts.set("rule", state.rule);
    if (state.sure) parts.set("sure", state.sure);
    if (dated && (state.from > firstYear || state.to < lastYear)) parts.set("years", state.from + "-" + state.to);
    if (!state.undated) parts.set("undated", "0");
    if (state.only) parts.set("only", [...state.only].filter((i) => i < first || state.only.size < 60).map((i) => graph.key(i)).slice(0, 60).join(" "));
    if (!$("[data-map-table]").hidden) parts.set("table", "1");
    const view = map.view();
    parts.set("view", [Math.round(view.x), Math.round(view.y), view.k.toFixed(3)].join(","));
    const next = "#" + parts.toString();
    const key = (hash) => { const p = new URLSearchParams(hash.slice(1)); p.delete("view"); return p.toString(); };
    if (key(next) === key(location.hash)) history.replaceState(null, "", next);
    else history.pushState(null, "", next);
    const link = document.querySelector("[data-keep-fragment]");
    if (link) link.hash = next;
    toMatrix();
  }

  // the matrix opens at what is chosen here
  function toMatrix() {
    $("[data-matrix]").hash = state.sel >= 0 && state.sel < first ? "sel=" + graph.key(state.sel) : "";
  }

  function restore() {
    quiet = true;
    const parts = new URLSearchParams(location.hash.slice(1));
    const known = (key) => app.number.get(key) ?? -1;
    const off = (parts.get("off") || "").split(",");
    state.kinds = new Set([0, 1, 2, 3, 4].filter((at) => !off.includes(graph.kinds[at])));
    state.langs = parts.has("langs") ? new Set(parts.get("langs").split(",").map((side) => SIDES.indexOf(side)).filter((at) => at >= 0)) : new Set([0, 1, 2]);
    state.role = ["focus", "passing"].includes(parts.get("role")) ? parts.get("role") : "all";
    state.topic = parts.has("topic") ? known("concept/" + parts.get("topic")) : -1;
    state.journal = parts.has("journal") ? data.journals.findIndex(([key]) => key === parts.get("journal")) : -1;
    state.rule = parts.has("rule") ? Number(parts.get("rule")) : -1;
    state.sure = Number(parts.get("sure")) || 0;
    state.depth = parts.get("depth") === "2" ? 2 : 1;
    const years = /^(\d+)-(\d+)$/.exec(parts.get("years") || "");
    state.from = years ? Math.max(Number(years[1]), firstYear) : firstYear;
    state.to = years ? Math.min(Number(years[2]), lastYear) : lastYear;
    state.undated = parts.get("undated") !== "0";
    state.only = null;
    state.path = null;
    state.sel = -1;
    state.edge = -1;
    app.showYears();
    $("[data-facet-topic]").value = state.topic;
    $("[data-facet-journal]").value = state.journal;
    $("[data-facet-rule]").value = state.rule;
    $("[data-facet-sure]").value = state.sure;
    for (let e = 0; e < graph.m; e += 1) edgeOn[e] = app.edgePasses(e) ? 1 : 0;
    if (parts.get("only")) {
      state.only = new Set();
      for (const key of parts.get("only").split(" ")) { const i = known(key); if (i >= 0) { state.only.add(i); if (i < first) for (const o of app.withNeighbours(i)) if (parts.get("only").split(" ").length < 60 && o >= first) state.only.add(o); } }
    }
    app.apply();
    const sel = known(parts.get("sel"));
    app.select(sel, true);
    if (sel >= 0 && known(parts.get("to")) >= 0) app.showPaths(sel, known(parts.get("to")));
    if (parts.get("edge")) { const [a, b] = parts.get("edge").split(" ").map(known); const e = a >= 0 && b >= 0 ? app.between(a, b) : -1; if (e >= 0) { state.edge = e; app.highlight(); app.showEdge(e); } }
    const view = (parts.get("view") || "").split(",").map(Number);
    if (view.length === 3 && view.every(Number.isFinite)) map.setView({ x: view[0], y: view[1], k: view[2] }, true);
    else if (sel >= 0) map.fit(app.near(sel, 1).nodes);
    else map.fit(state.only);
    app.showTable(parts.get("table") === "1");
    toMatrix();
    quiet = false;
  }

  Object.assign(app, { remember, restore });
}
