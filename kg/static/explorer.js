// The explorer: search, facets, years, a panel with evidence, paths, a table, exports. Its state stands in the address.
import { save } from "kg/csv";
import { folder } from "kg/fold";
import { decodeGraph, paths } from "kg/graph";
import { createMap } from "kg/map";
import { element, filled, read } from "kg/parts";
import { combobox, rank } from "kg/search";
import { csvOf, gexf } from "kg/takeaway";

const root = document.querySelector("[data-explorer]");
const SIDES = ["zh", "en", "other"];
const EVIDENCE_FIRST = 12;

function start() {
  const data = read("map-data");
  const words = read("map-words");
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const otherLang = lang === "zh" ? "en" : "zh";
  const fold = folder(data.fold);
  const graph = decodeGraph(data);
  const { n, first, kind, role } = graph;
  const WORK = 4;
  const FOCUS = graph.roles.indexOf("focus");
  const PASSING = graph.roles.indexOf("passing");
  const $ = (selector) => root.querySelector(selector);
  const canvas = $("[data-map]");
  const panel = $("[data-panel]");
  root.hidden = false;

  const isHan = (text) => /[\u3400-\u9fff]/.test(text);
  const name = (i) => (i < first ? data[lang][i] : data.en[i]);
  const other = (i) => (i < first ? data[otherLang][i] : data.zh[i]);
  const langOf = (i) => (i < first ? (lang === "zh" ? "zh-Hans" : "en") : data.langs[i - first]);
  const number = new Map();
  for (let i = 0; i < n; i += 1) number.set(graph.key(i), i);

  // what is on
  const state = { kinds: new Set([0, 1, 2, 3, 4]), langs: new Set([0, 1, 2]), role: "all", topic: -1, rule: -1, sure: 0, from: 0, to: 0, undated: true, sel: -1, edge: -1, depth: 1, only: null, path: null };
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

  const narrowed = () => state.langs.size < 3 || state.role !== "all" || state.topic >= 0 || state.rule >= 0 || state.sure > 0 || (dated && (state.from > firstYear || state.to < lastYear)) || (!state.undated && undated > 0);

  const map = createMap(canvas, graph, {
    colours,
    label: (i, both) => {
      const text = name(i);
      const short = text.length > 60 ? text.slice(0, 59) + "…" : text;
      return both && i < first && other(i) !== text ? short + " " + other(i) : short;
    },
    onPick: (i) => select(i),
    onPickEdge: (e) => selectEdge(e),
    onOpen: (i) => expand(i),
    onHover: tip,
    onView: () => remember(),
  });

  function colours() {
    const css = (property) => getComputedStyle(document.documentElement).getPropertyValue(property).trim();
    return {
      ground: css("--bg"), ink: css("--ink"), edge: css("--map-edge"), strong: css("--map-strong"), faint: css("--map-faint"), disc: css("--map-disc"), font: css("--sans"),
      kinds: ["--dot-state", "--dot-alliance", "--dot-concept", "--text-group", "--dot-work"].map(css),
      words: ["--text-state", "--text-alliance", "--text-concept", "--text-group", "--text-work"].map(css),
    };
  }

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
    highlight();
    let total = 0;
    for (let i = 0; i < n; i += 1) total += map.shown[i];
    const message = $("[data-message]");
    message.hidden = total > 0;
    message.textContent = total ? "" : words.map_nothing;
    if (!$("[data-map-table]").hidden) table();
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
    const active = (state.kinds.size < 5) + (state.langs.size < 3) + (state.role !== "all") + (state.topic >= 0) + (state.rule >= 0) + (state.sure > 0) + (dated && (state.from > firstYear || state.to < lastYear)) + !state.undated;
    $("[data-facets-active]").textContent = active || "";
  }

  function toggles(facet, rows, change) {
    const box = $(`[data-facet="${facet}"]`);
    const focused = box.contains(document.activeElement) ? document.activeElement.value : null;
    box.replaceChildren(...rows.map((row) => {
      const label = element("label", { class: "facet" });
      const input = element("input", { type: row.radio ? "radio" : "checkbox", name: "facet-" + facet, value: row.key });
      input.checked = row.on;
      input.addEventListener("change", () => { change(row.key, input.checked); apply(); remember(); });
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
      remember();
    };
    from.addEventListener("input", () => set("from", from.value));
    to.addEventListener("input", () => set("to", to.value));
    fromNumber.addEventListener("change", () => { set("from", fromNumber.value); show(); });
    toNumber.addEventListener("change", () => { set("to", toNumber.value); show(); });
    box.addEventListener("change", () => { state.undated = box.checked; apply(); remember(); });
    show();
    return show;
  }

  // selection
  function near(i, depth) {
    const found = new Set([i]);
    const edges = [];
    let front = [i];
    for (let step = 0; step < depth; step += 1) {
      const next = [];
      for (const node of front) {
        for (let p = graph.start[node]; p < graph.start[node + 1]; p += 1) {
          const o = graph.other[p];
          if (!edgeOn[graph.edge[p]] || !map.shown[o]) continue;
          edges.push(graph.edge[p]);
          if (!found.has(o)) { found.add(o); next.push(o); }
        }
      }
      front = next;
    }
    return { nodes: found, edges };
  }

  function highlight() {
    if (state.path) {
      const nodes = new Set(state.path.flat());
      const thick = [];
      for (const path of state.path.slice(0, 1)) for (let at = 1; at < path.length; at += 1) thick.push(between(path[at - 1], path[at]));
      const edges = [];
      for (const path of state.path) for (let at = 1; at < path.length; at += 1) edges.push(between(path[at - 1], path[at]));
      map.select({ nodes, edges, thick, centre: state.sel });
    } else if (state.edge >= 0) {
      map.select({ nodes: new Set([graph.a[state.edge], graph.b[state.edge]]), edges: [state.edge], thick: [state.edge], centre: -1 });
    } else if (state.sel >= 0) map.select({ ...near(state.sel, state.depth), centre: state.sel });
    else map.select(null);
  }

  function between(i, j) {
    for (let p = graph.start[i]; p < graph.start[i + 1]; p += 1) if (graph.other[p] === j) return graph.edge[p];
    return -1;
  }

  function select(i, quiet) {
    state.sel = i;
    state.edge = -1;
    state.path = null;
    highlight();
    if (i < 0) showHint();
    else {
      showNode(i);
      announce(i);
    }
    if (!quiet) remember();
  }

  function selectEdge(e) {
    state.edge = e;
    state.path = null;
    highlight();
    showEdge(e);
    remember();
  }

  function announce(i) {
    const parts = [words["kind_" + graph.kinds[kind[i]]], name(i)];
    if (i < first) parts.push(filled(words.n_works, { n: graph.works[i] }));
    $("[data-announce]").textContent = parts.join(", ");
  }

  function expand(i) {
    if (!state.only) state.only = new Set(state.sel >= 0 ? [state.sel] : []);
    for (const node of withNeighbours(i)) state.only.add(node);
    apply();
    select(i);
    map.fit(state.only);
  }

  function withNeighbours(i) {
    const found = [i];
    for (let p = graph.start[i]; p < graph.start[i + 1]; p += 1) if (edgeOn[graph.edge[p]] && state.kinds.has(kind[graph.other[p]])) found.push(graph.other[p]);
    return found;
  }

  // take a node's neighbours off again, but for those that another node on the map holds
  function collapse(i) {
    if (!state.only) return;
    for (const node of withNeighbours(i)) {
      if (node === i) continue;
      let held = false;
      for (let p = graph.start[node]; p < graph.start[node + 1]; p += 1) {
        const o = graph.other[p];
        if (o !== i && o < first && state.only.has(o) && kind[o] !== kind[node]) held = true;
      }
      if (!held) state.only.delete(node);
    }
    state.only.add(i);
    apply();
    select(i);
  }

  // the panel
  const button = (text, run, attributes = {}) => {
    const made = element("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", run);
    return made;
  };

  function nameButton(i, className = "link") {
    const made = button("", () => { select(i); map.focus(i); }, { class: className + " name is-" + graph.kinds[kind[i]] });
    made.append(element("span", { lang: langOf(i), class: graph.untitled[i] ? "stand-in" : "", dir: "auto" }, name(i)));
    if (graph.untitled[i]) made.title = words.stand_in_note;
    if (other(i) && other(i) !== name(i)) made.append(" ", element("span", { class: "second", lang: i < first ? (otherLang === "zh" ? "zh-Hans" : "en") : "" }, other(i)));
    return made;
  }

  function heading(i) {
    const h = element("h2", { tabindex: "-1", class: "is-" + graph.kinds[kind[i]] });
    h.append(element("span", { class: "glyph", "aria-hidden": "true" }), element("span", { lang: langOf(i), dir: "auto", class: graph.untitled[i] ? "stand-in" : "" }, name(i)));
    if (other(i) && other(i) !== name(i)) h.append(" ", element("span", { class: "second" }, other(i)));
    return h;
  }

  function showHint() {
    panel.replaceChildren(element("p", { class: "muted" }, words.panel_hint));
    if (state.only) panel.append(button(words.show_all, () => { state.only = null; apply(); map.fit(); remember(); }));
  }

  function showNode(i) {
    const actions = element("p", { class: "panel-actions" });
    if (data.href[i]) actions.append(element("a", { href: data.href[i], class: "button" }, words.open_page));
    actions.append(button(state.only ? words.expand : words.only_this, () => { if (!state.only) state.only = new Set([i]); expand(i); }));
    if (state.only) actions.append(button(words.collapse, () => collapse(i)), button(words.show_all, () => { state.only = null; apply(); select(i); map.fit(); }));
    const depth = button(words.depth_two, () => { state.depth = state.depth === 1 ? 2 : 1; highlight(); depth.setAttribute("aria-pressed", String(state.depth === 2)); remember(); }, { "aria-pressed": String(state.depth === 2) });
    actions.append(depth);
    const parts = [heading(i)];
    if (i >= first) parts.push(element("p", { class: "meta" }, [data.by[i - first], graph.year[i] || words.undated].filter(Boolean).join(" · ")));
    else parts.push(element("p", { class: "meta" }, words["kind_" + graph.kinds[kind[i]]] + " · " + filled(words.n_works, { n: graph.works[i] })));
    parts.push(actions, pathForm(i));
    if (i >= first) parts.push(...workTexts(i));
    parts.push(...neighbours(i));
    if (i < first) parts.push(...evidence(i));
    panel.replaceChildren(...parts);
    panel.scrollTop = 0;
  }

  function neighbours(i) {
    const groups = new Map();
    for (let p = graph.start[i]; p < graph.start[i + 1]; p += 1) {
      const o = graph.other[p], e = graph.edge[p];
      if (!map.shown[o] || !edgeOn[e]) continue;
      if (!groups.has(kind[o])) groups.set(kind[o], []);
      groups.get(kind[o]).push([o, e]);
    }
    const parts = [];
    for (const k of [1, 0, 2, 3, 4]) {
      const list = groups.get(k);
      if (!list || (k === 4 && i < first && hasTexts)) continue;
      list.sort((p, q) => (k === 4 ? graph.year[q[0]] - graph.year[p[0]] : graph.works[q[0]] - graph.works[p[0]]) || p[0] - q[0]);
      parts.push(element("h3", {}, words["kinds_" + graph.kinds[k]] + " " + list.length));
      const ul = element("ul", { class: "plain-list" });
      const add = (from, to) => {
        for (const [o, e] of list.slice(from, to)) {
          const li = element("li");
          li.append(nameButton(o));
          if (graph.a[e] >= first) li.append(" ", button(words.why, () => selectEdge(e), { class: "why-button", "aria-label": words.why + ": " + name(o) }));
          if (role[e] === FOCUS) li.append(" ", element("span", { class: "chip chip-focus" }, words.in_focus));
          ul.append(li);
        }
      };
      add(0, 15);
      parts.push(ul);
      if (list.length > 15) {
        const more = button(filled(words.and_n_more, { n: list.length - 15 }), () => { add(15, list.length); more.remove(); }, { class: "more" });
        parts.push(more);
      }
    }
    return parts;
  }

  // texts come with the page, or from the server when they are asked for
  const cached = new Map();
  const textOf = (work) => (data.texts ? data.texts[work - first] : cached.get(work - first));
  const ruleName = (rule) => (typeof rule === "string" ? rule : graph.rules[rule] ?? "");
  async function withTexts(works, then) {
    const missing = works.filter((work) => !textOf(work)).map((work) => work - first);
    if (missing.length) {
      const answer = await fetch(data.api + "/texts?" + new URLSearchParams({ at: missing.join(","), lang }));
      if (!answer.ok) return;
      for (const [at, texts] of Object.entries((await answer.json()).texts)) cached.set(Number(at), texts);
    }
    then();
  }
  const hasTexts = Boolean(data.texts || data.api);

  // sentences of a work that speak of a node; mentions are [node, field, start, end, rule, confidence]
  function sentences(work, node) {
    const [fields, mentions] = textOf(work);
    const found = new Map();
    for (const mention of mentions) {
      const [of, field, from, to] = mention;
      if (of !== node) continue;
      const borders = fields[field][2];
      let begin = 0, end = fields[field][1].length;
      for (let at = 0; at < borders.length; at += 2) {
        if (borders[at] <= from) begin = borders[at];
        if (borders[at + 1] >= to) { end = borders[at + 1]; break; }
      }
      const key = field + ":" + begin + ":" + end;
      if (!found.has(key)) found.set(key, { field, begin, end, mentions: [] });
      found.get(key).mentions.push(mention);
    }
    return [...found.values()].sort((p, q) => p.field - q.field || p.begin - q.begin);
  }

  function marked(text, begin, end, mentions) {
    const borders = new Set([begin, end]);
    for (const [, , from, to] of mentions) { borders.add(Math.max(from, begin)); borders.add(Math.min(to, end)); }
    const cuts = [...borders].filter((at) => at >= begin && at <= end).sort((p, q) => p - q);
    const parts = [];
    for (let at = 1; at < cuts.length; at += 1) {
      const piece = text.slice(cuts[at - 1], cuts[at]);
      const over = mentions.filter(([, , from, to]) => from <= cuts[at - 1] && to >= cuts[at]);
      if (!over.length) { parts.push(document.createTextNode(piece)); continue; }
      const mark = element("mark", { class: [...new Set(over.map(([node]) => "k-" + graph.kinds[kind[node]]))].join(" ") }, piece);
      mark.title = [...new Set(over.map(([node, , , , rule, sure]) => `${name(node)} · ${words.rule}: ${ruleName(rule)} (${(sure / 100).toFixed(2)})`))].join("\n");
      parts.push(mark);
    }
    return parts;
  }

  function quotation(work, { field, begin, end, mentions }) {
    const [fieldLang, text] = textOf(work)[0][field];
    const quote = element("blockquote", { lang: fieldLang, dir: "auto" });
    quote.append(...marked(text, begin, end, mentions));
    const rules = [...new Set(mentions.map(([, , , , rule, sure]) => `${ruleName(rule)} ${(sure / 100).toFixed(2)}`))];
    quote.append(" ", element("span", { class: "rule muted small", lang: document.documentElement.lang }, rules.join(", ")));
    return quote;
  }

  function evidence(i) {
    const works = [];
    for (let p = graph.start[i]; p < graph.start[i + 1]; p += 1) {
      const o = graph.other[p];
      if (o >= first && map.shown[o] && edgeOn[graph.edge[p]]) works.push([o, graph.edge[p]]);
    }
    if (!works.length || !hasTexts) return [];
    works.sort((p, q) => (role[q[1]] === FOCUS) - (role[p[1]] === FOCUS) || graph.year[q[0]] - graph.year[p[0]] || p[0] - q[0]);
    const list = element("ol", { class: "evidence" });
    const add = (from, to) => {
      for (const [work, e] of works.slice(from, to)) {
        const item = element("li", { class: "evidence-item" });
        item.append(nameButton(work), element("div", { class: "meta" }, [data.by[work - first], graph.year[work] || words.undated].filter(Boolean).join(" · ")));
        if (role[e] === FOCUS) item.lastChild.append(" ", element("span", { class: "chip chip-focus" }, words.in_focus));
        list.append(item);
        if (data.texts) quote(item, work);
        else waiting.push([item, work]);
      }
      if (waiting.length) withTexts(waiting.map(([, work]) => work), () => { for (const [item, work] of waiting.splice(0)) quote(item, work); });
    };
    const waiting = [];
    const quote = (item, work) => { for (const sentence of sentences(work, i).slice(0, 2)) item.append(quotation(work, sentence)); };
    add(0, EVIDENCE_FIRST);
    const parts = [element("h3", {}, words.evidence_title + " " + works.length), list];
    if (works.length > EVIDENCE_FIRST) {
      const more = button(filled(words.and_n_more, { n: works.length - EVIDENCE_FIRST }), () => { add(EVIDENCE_FIRST, works.length); more.remove(); }, { class: "more" });
      parts.push(more);
    }
    return parts;
  }

  function workTexts(i) {
    if (!hasTexts) return [element("p", { class: "muted" }, words.text_on_page)];
    const box = element("div");
    const fill = () => {
      const [fields, mentions] = textOf(i);
      box.replaceChildren(...fields.map(([fieldLang, text], field) => {
        const passage = element("p", { class: "passage", lang: fieldLang, dir: "auto" });
        passage.append(...marked(text, 0, text.length, mentions.filter((mention) => mention[1] === field)));
        return passage;
      }));
    };
    if (data.texts) fill();
    else withTexts([i], fill);
    return [box];
  }

  function showEdge(e) {
    const a = graph.a[e], b = graph.b[e];
    const parts = [element("h2", { tabindex: "-1" }, words.why)];
    const line = element("p");
    line.append(nameButton(a), element("span", { class: "muted" }, " — " + words["role_" + graph.roles[role[e]]] + " — "), nameButton(b));
    parts.push(line);
    if (a >= first) {
      parts.push(element("p", { class: "meta" }, `${words.rule}: ${graph.rules[graph.rule[e]] ?? ""} · ${words.confidence} ${(graph.sure[e] / 100).toFixed(2)}`));
      const box = element("div");
      parts.push(box);
      const fill = () => box.replaceChildren(...sentences(a, b).map((sentence) => quotation(a, sentence)));
      if (data.texts) fill();
      else if (data.api) withTexts([a], fill);
      else box.append(element("p", { class: "muted" }, words.text_on_page));
      if (data.href[a]) { const p = element("p"); p.append(element("a", { href: data.href[a], class: "button" }, words.open_page)); parts.push(p); }
    }
    panel.replaceChildren(...parts);
    panel.scrollTop = 0;
  }

  // paths
  function pathForm(i) {
    const details = element("details", { class: "path" });
    details.append(element("summary", {}, words.path_to));
    const box = element("div", { class: "search" });
    const input = element("input", { type: "search", id: "path-q", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-controls": "path-hits", "aria-label": words.path_to, placeholder: words.map_search_hint });
    const list = element("div", { id: "path-hits", class: "hits", role: "listbox", hidden: "", "aria-label": words.path_to });
    const status = element("p", { class: "visually-hidden", role: "status" });
    box.append(input, list, status);
    details.append(box);
    combobox(input, list, status, { find: (q) => find(q).filter((hit) => hit !== i), show: hitOption, go: (hit) => { showPaths(i, hit); return true; }, words: hitWords });
    return details;
  }

  function showPaths(from, to) {
    const on = (node, e) => map.shown[node] === 1 && edgeOn[e] === 1;
    const found = paths(graph, from, to, on, 20);
    state.sel = from;
    state.path = found.length ? found : null;
    highlight();
    const parts = [element("h2", { tabindex: "-1" }, words.path_title)];
    const line = element("p");
    line.append(nameButton(from), " → ", nameButton(to));
    parts.push(line);
    if (!found.length) parts.push(element("p", {}, words.path_none));
    else {
      parts.push(element("p", { class: "meta" }, filled(words.path_n, { n: found.length, steps: found[0].length - 1 })));
      const list = element("ol", { class: "paths" });
      found.forEach((path) => {
        const li = element("li");
        path.forEach((node, at) => { if (at) li.append(element("span", { class: "muted" }, " → ")); li.append(nameButton(node)); });
        list.append(li);
      });
      parts.push(list);
      map.fit(new Set(found.flat()));
    }
    parts.push(button(words.back, () => select(from)));
    panel.replaceChildren(...parts);
    panel.querySelector("h2").focus();
    remember(to);
  }

  // search
  const keys = [];
  const foldNames = () => { // when someone searches, not before: it takes a moment on a large collection
    for (let i = keys.length; i < n; i += 1) {
      if (i < first) keys.push([data.en[i], data.zh[i], ...data.alt[i].slice(0, -1)].map(fold));
      else keys.push([fold(data.en[i] + " " + data.zh[i]), fold(data.by[i - first])]);
    }
  };
  function find(query) {
    foldNames();
    const wanted = fold(query.trim());
    if (!wanted) return [];
    const found = [];
    for (let i = 0; i < first; i += 1) {
      const r = rank(keys[i], wanted, data.alt[i].at(-1));
      if (r < 9) found.push([r, i]);
    }
    found.sort(([p, i], [q, j]) => p - q || graph.works[j] - graph.works[i] || i - j);
    const parts = wanted.split(" ");
    const works = [];
    for (let i = first; i < n; i += 1) if (parts.every((part) => keys[i].some((key) => key.includes(part)))) works.push(i);
    return [...found.map(([, i]) => i), ...works];
  }
  const hitWords = { none: words.hits_none, more: (k) => filled(words.hits_more, { n: k }), number: (k) => filled(words.hits_n, { n: k }) };
  function hitOption(i) {
    const option = element("div", { class: "hit is-" + graph.kinds[kind[i]] });
    option.append(element("span", { class: "hit-name" + (graph.untitled[i] ? " stand-in" : ""), lang: langOf(i), dir: "auto" }, name(i)));
    if (i < first && other(i) !== name(i)) option.append(element("span", { class: "second" }, other(i)));
    option.append(element("span", { class: "hit-note num" }, i < first ? filled(words.n_works, { n: graph.works[i] }) : String(graph.year[i] || words.undated)), element("span", { class: "hit-kind" }, words["kind_" + graph.kinds[kind[i]]]));
    return option;
  }

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
      th.append(button(text, () => { sorting.down = sorting.by === key ? !sorting.down : !["kind", "name", "other"].includes(key); sorting.by = key; table(); }, { class: "sort" }));
      head.append(th);
    }
    const thead = element("thead");
    thead.append(head);
    const body = element("tbody");
    for (const i of rows.slice(0, 500)) {
      const tr = element("tr");
      const th = element("th", { scope: "row" });
      th.append(nameButton(i));
      if (other(i) && other(i) !== name(i)) th.querySelector(".second")?.remove();
      tr.append(element("td", {}, words["kind_" + graph.kinds[kind[i]]]), th, element("td", { lang: otherLang === "zh" ? "zh-Hans" : "en" }, other(i) === name(i) ? "" : other(i)), element("td", { class: "num" }, i >= first ? String(graph.year[i] || "") : ""), element("td", { class: "num" }, i < first ? String(graph.works[i]) : ""), element("td", { class: "num" }, String(tied.get(i))));
      body.append(tr);
    }
    made.append(thead, body);
    box.replaceChildren();
    if (rows.length > 500) box.append(element("p", { class: "cut" }, filled(words.rows_cut, { shown: 500, total: rows.length })));
    box.append(made);
  }

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
  }

  function restore() {
    quiet = true;
    const parts = new URLSearchParams(location.hash.slice(1));
    const known = (key) => number.get(key) ?? -1;
    const off = (parts.get("off") || "").split(",");
    state.kinds = new Set([0, 1, 2, 3, 4].filter((at) => !off.includes(graph.kinds[at])));
    state.langs = parts.has("langs") ? new Set(parts.get("langs").split(",").map((side) => SIDES.indexOf(side)).filter((at) => at >= 0)) : new Set([0, 1, 2]);
    state.role = ["focus", "passing"].includes(parts.get("role")) ? parts.get("role") : "all";
    state.topic = parts.has("topic") ? known("concept/" + parts.get("topic")) : -1;
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
    showYears();
    $("[data-facet-topic]").value = state.topic;
    $("[data-facet-rule]").value = state.rule;
    $("[data-facet-sure]").value = state.sure;
    for (let e = 0; e < graph.m; e += 1) edgeOn[e] = edgePasses(e) ? 1 : 0;
    if (parts.get("only")) {
      state.only = new Set();
      for (const key of parts.get("only").split(" ")) { const i = known(key); if (i >= 0) { state.only.add(i); if (i < first) for (const o of withNeighbours(i)) if (parts.get("only").split(" ").length < 60 && o >= first) state.only.add(o); } }
    }
    apply();
    const sel = known(parts.get("sel"));
    select(sel, true);
    if (sel >= 0 && known(parts.get("to")) >= 0) showPaths(sel, known(parts.get("to")));
    if (parts.get("edge")) { const [a, b] = parts.get("edge").split(" ").map(known); const e = a >= 0 && b >= 0 ? between(a, b) : -1; if (e >= 0) { state.edge = e; highlight(); showEdge(e); } }
    const view = (parts.get("view") || "").split(",").map(Number);
    if (view.length === 3 && view.every(Number.isFinite)) map.setView({ x: view[0], y: view[1], k: view[2] }, true);
    else if (sel >= 0) map.fit(near(sel, 1).nodes);
    else map.fit(state.only);
    showTable(parts.get("table") === "1");
    quiet = false;
  }

  function showTable(on) {
    $("[data-table]").setAttribute("aria-pressed", String(on));
    $("[data-map-table]").hidden = !on;
    $(".canvas-box").hidden = on;
    if (on) table();
  }

  // what can be taken away
  function cite() {
    const today = new Date().toISOString().slice(0, 10);
    return filled(words.cite_text, { date: today, works: data.total, address: location.href });
  }
  async function copy(text) {
    try { await navigator.clipboard.writeText(text); } catch (error) {
      const area = element("textarea", {});
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    $("[data-announce]").textContent = words.copied;
  }
  function exported(form) {
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
      if (next >= 0) { select(next); map.focus(next, map.view().k); }
    } else if (event.key === "Enter") {
      if (state.sel >= 0) panel.querySelector("a.button, button")?.focus();
    } else if (event.key === "+" || event.key === "=") map.zoom(1.5);
    else if (event.key === "-") map.zoom(1 / 1.5);
    else if (event.key === "0") map.fit();
    else if (event.key === "t") { showTable($("[data-map-table]").hidden); remember(); }
    else if (event.key === "Escape") select(-1);
  });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { select(-1); canvas.focus(); } });

  // controls
  const topics = $("[data-facet-topic]");
  topics.append(element("option", { value: "-1" }, words.any));
  for (const t of [...under.keys()].sort((p, q) => p - q)) if (under.get(t).size > 1) topics.append(element("option", { value: t }, name(t)));
  topics.addEventListener("change", () => { state.topic = Number(topics.value); apply(); remember(); });
  const rules = $("[data-facet-rule]");
  rules.append(element("option", { value: "-1" }, words.any));
  graph.rules.forEach((text, at) => rules.append(element("option", { value: at }, text)));
  rules.addEventListener("change", () => { state.rule = Number(rules.value); apply(); remember(); });
  const sure = $("[data-facet-sure]");
  sure.addEventListener("change", () => { state.sure = Number(sure.value); apply(); remember(); });
  $("[data-reset]").addEventListener("click", () => { history.pushState(null, "", "#"); restore(); remember(); });
  $("[data-facets-open]").addEventListener("click", (event) => { const on = root.classList.toggle("facets-shown"); event.currentTarget.setAttribute("aria-expanded", String(on)); });
  root.addEventListener("click", (event) => {
    const target = event.target.closest("[data-zoom], [data-fit], [data-table], [data-export], [data-copy]");
    if (!target) return;
    if (target.dataset.zoom) map.zoom(Number(target.dataset.zoom));
    else if ("fit" in target.dataset) { map.fit(state.only); remember(); }
    else if ("table" in target.dataset) { showTable($("[data-map-table]").hidden); remember(); }
    else if (target.dataset.export) { exported(target.dataset.export); target.closest("details").open = false; }
    else if (target.dataset.copy) { copy(target.dataset.copy === "link" ? location.href : cite()); target.closest("details").open = false; }
  });
  const showYears = yearControls();
  const search = $(".map-search");
  search.addEventListener("submit", (event) => event.preventDefault());
  combobox(search.querySelector("input"), document.getElementById("map-hits"), $("[data-map-search-status]"), {
    find,
    show: hitOption,
    go: (i) => { if (!map.shown[i]) { state.only = null; state.kinds.add(kind[i]); apply(); } select(i); map.focus(i); return true; },
    words: hitWords,
  });
  addEventListener("popstate", restore);
  addEventListener("hashchange", restore);
  document.addEventListener("kg-theme", () => map.recolour());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.recolour());
  restore();
  root.dataset.ready = "1";
  window.kgMap = map; // for tests and for the curious: the map can be asked where things are
  window.kgGraph = graph;
}

if (root) start();
