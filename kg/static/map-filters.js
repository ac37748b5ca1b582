// Filters of the map: kinds, languages, roles, topics, rules, confidence, years, with what each would leave.
import { element, filled } from "kg/parts";

export function filters(app) {
  const { graph, words, state, map, edgeOn, $ } = app;
  const { n, first, kind, role } = graph;
  const { firstYear, lastYear, dated, undated } = app.years;
  const WORK = 4;
  const SIDES = ["zh", "en", "other"];
  const FOCUS = graph.roles.indexOf("focus");
  const PASSING = graph.roles.indexOf("passing");

  const workOn = new Uint8Array(n);

  function edgePasses(e) {
    if (graph.a[e] < first) return true;
    if (graph.sure[e] < state.sure) return false;
    if (state.rule >= 0 && graph.rule[e] !== state.rule) return false;
    if (state.role === "focus" && role[e] === PASSING) return false;
    return !(state.role === "passing" && role[e] === FOCUS);
  }

  const under = new Map(); // top concept → concepts below it
  const broader = graph.roles.indexOf("broader");
  const parents = Array.from({ length: first }, () => []);
  for (let e = 0; e < graph.m; e += 1) if (role[e] === broader && graph.a[e] < first) parents[graph.a[e]].push(graph.b[e]);
  const tops = (i, seen = new Set()) => {
    if (seen.has(i)) return [];
    seen.add(i);
    return parents[i].length ? parents[i].flatMap((p) => tops(p, seen)) : [i];
  };
  for (let i = 0; i < first; i += 1) if (kind[i] === 2) for (const t of tops(i)) { if (!under.has(t)) under.set(t, new Set()); under.get(t).add(i); }

  function workPasses(i, skip) {
    const y = graph.year[i];
    if (skip !== "year" && dated) {
      if (y ? y < state.from || y > state.to : !state.undated) return false;
    }
    if (state.journal >= 0 && graph.journal[i - first] !== state.journal + 1) return false;
    if (skip !== "lang" && !state.langs.has(graph.lang[i])) return false;
    const group = state.topic >= 0 ? under.get(state.topic) : null;
    let hasRole = state.role === "all" && state.rule < 0 && !state.sure;
    let hasTopic = !group;
    for (let p = graph.start[i]; p < graph.start[i + 1]; p += 1) {
      const e = graph.edge[p];
      if (group && group.has(graph.other[p])) hasTopic = true;
      if (!hasRole && edgeOn[e] && (state.role === "all" || role[e] === FOCUS || role[e] === PASSING)) hasRole = true;
    }
    return hasTopic && hasRole;
  }

  const narrowed = () => state.langs.size < 3 || state.role !== "all" || state.topic >= 0 || state.journal >= 0 || state.rule >= 0 || state.sure > 0 || (dated && (state.from > firstYear || state.to < lastYear)) || (!state.undated && undated > 0);

  // filtering: works first, then what they are tied to
  const degree = new Int32Array(n);
  function apply() {
    for (let e = 0; e < graph.m; e += 1) edgeOn[e] = edgePasses(e) ? 1 : 0;
    const any = narrowed();
    for (let i = first; i < n; i += 1) workOn[i] = workPasses(i) ? 1 : 0;
    degree.fill(0);
    for (let e = 0; e < graph.m; e += 1) {
      if (!edgeOn[e]) continue;
      const a = graph.a[e];
      if (a < first || !workOn[a]) continue;
      degree[a] += 1;
      degree[graph.b[e]] += 1;
    }
    map.filter((shown) => {
      for (let i = 0; i < n; i += 1) {
        let on = state.kinds.has(kind[i]);
        if (i >= first) on = on && workOn[i] === 1;
        else if (any) on = on && degree[i] > 0;
        if (state.only && !state.only.has(i)) on = false;
        shown[i] = on ? 1 : 0;
      }
    });
    counts();
    histogram();
    app.highlight();
    let total = 0;
    for (let i = 0; i < n; i += 1) total += map.shown[i];
    const message = $("[data-message]");
    message.hidden = total > 0;
    message.textContent = total ? "" : words.map_nothing;
    if (!$("[data-map-table]").hidden) app.table();
  }

  function countShown() {
    const found = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i += 1) if (map.shown[i]) found[kind[i]] += 1;
    return found;
  }

  function counts() {
    const kinds = [0, 0, 0, 0, 0], langs = [0, 0, 0], roles = { all: 0, focus: 0, passing: 0 };
    const any = narrowed();
    for (let i = 0; i < first; i += 1) if (!any || degree[i]) kinds[kind[i]] += 1;
    for (let i = first; i < n; i += 1) {
      if (workOn[i]) {
        kinds[WORK] += 1;
        roles.all += 1;
        let f = false, p = false;
        for (let q = graph.start[i]; q < graph.start[i + 1]; q += 1) { f ||= role[graph.edge[q]] === FOCUS; p ||= role[graph.edge[q]] === PASSING; }
        roles.focus += f;
        roles.passing += p;
      }
      if (workPasses(i, "lang")) langs[graph.lang[i]] += 1;
    }
    toggles("kind", graph.kinds.map((key, at) => ({ key: at, text: words["kind_" + key], on: state.kinds.has(at), count: kinds[at], shape: key })).filter((row) => row.count || row.key !== 3), (key, on) => { if (on) state.kinds.add(key); else state.kinds.delete(key); });
    toggles("lang", SIDES.map((key, at) => ({ key: at, text: words["side_" + key], on: state.langs.has(at), count: langs[at] })).filter((row) => row.count || row.key < 2), (key, on) => { if (on) state.langs.add(key); else state.langs.delete(key); });
    toggles("role", ["all", "focus", "passing"].map((key) => ({ key, text: key === "all" ? words.any : words["in_" + key], on: state.role === key, count: roles[key], radio: true })), (key) => { state.role = key; });
    const found = countShown();
    document.querySelector("[data-map-count]").textContent = [found[WORK] && filled(words.n_works, { n: found[WORK] }), found[1] && filled(words.n_alliances, { n: found[1] })].filter(Boolean).join(" · ");
    const active = (state.kinds.size < 5) + (state.langs.size < 3) + (state.role !== "all") + (state.topic >= 0) + (state.journal >= 0) + (state.rule >= 0) + (state.sure > 0) + (dated && (state.from > firstYear || state.to < lastYear)) + !state.undated;
    $("[data-facets-active]").textContent = active || "";
  }

  function toggles(facet, rows, change) {
    const box = $(`[data-facet="${facet}"]`);
    const focused = box.contains(document.activeElement) ? document.activeElement.value : null;
    box.replaceChildren(...rows.map((row) => {
      const label = element("label", { class: "facet" });
      const input = element("input", { type: row.radio ? "radio" : "checkbox", name: "facet-" + facet, value: row.key });
      input.checked = row.on;
      input.addEventListener("change", () => { change(row.key, input.checked); apply(); app.remember(); });
      label.append(input);
      if (row.shape) label.append(element("span", { class: "shape shape-" + row.shape, "aria-hidden": "true" }));
      label.append(element("span", {}, row.text), element("span", { class: "num muted" }, row.count.toLocaleString("en")));
      if (String(row.key) === focused) requestAnimationFrame(() => input.focus());
      return label;
    }));
  }

  // years
  function histogram() {
    const svg = $("[data-histogram]");
    svg.closest(".histogram").hidden = !dated && !undated;
    if (!dated) return;
    const span = lastYear - firstYear + 1;
    const bars = new Int32Array(span);
    let none = 0;
    for (let i = first; i < n; i += 1) {
      if (!workPasses(i, "year")) continue;
      if (graph.year[i]) bars[graph.year[i] - firstYear] += 1;
      else none += 1;
    }
    const top = Math.max(...bars, 1);
    svg.setAttribute("viewBox", `0 0 ${span * 10} 100`);
    const made = [];
    bars.forEach((count, at) => {
      if (!count) return;
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const on = firstYear + at >= state.from && firstYear + at <= state.to;
      for (const [key, value] of Object.entries({ x: at * 10 + 1, y: 100 - (count / top) * 100, width: 8, height: Math.max((count / top) * 100, 3), class: on ? "bar-on" : "bar-off" })) rect.setAttribute(key, value);
      made.push(rect);
    });
    svg.replaceChildren(...made);
    $("[data-undated-count]").textContent = none || "";
  }

  function yearControls() {
    const from = $("[data-from]"), to = $("[data-to]"), fromNumber = $("[data-from-number]"), toNumber = $("[data-to-number]"), box = $("[data-undated]");
    const show = () => { from.value = state.from; to.value = state.to; fromNumber.value = state.from; toNumber.value = state.to; box.checked = state.undated; };
    for (const input of [from, to, fromNumber, toNumber]) { input.min = firstYear; input.max = lastYear; }
    if (!dated) { for (const input of [from, to, fromNumber, toNumber]) input.disabled = true; }
    const set = (key, value) => {
      const year = Math.round(Number(value));
      if (!Number.isFinite(year) || year < firstYear || year > lastYear) return;
      state[key] = year;
      if (state.from > state.to) state[key === "from" ? "to" : "from"] = year;
      show();
      apply();
      app.remember();
    };
    from.addEventListener("input", () => set("from", from.value));
    to.addEventListener("input", () => set("to", to.value));
    fromNumber.addEventListener("change", () => { set("from", fromNumber.value); show(); });
    toNumber.addEventListener("change", () => { set("to", toNumber.value); show(); });
    box.addEventListener("change", () => { state.undated = box.checked; apply(); app.remember(); });
    show();
    return show;
  }

  Object.assign(app, { apply, edgePasses, under, yearControls });
}
