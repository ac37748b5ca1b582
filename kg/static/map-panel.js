// The panel beside the map: a node with its neighbours and its evidence, an edge with its reason, paths between two.
import { paths } from "kg/graph";
import { element, filled } from "kg/parts";
import { combobox } from "kg/search";

export function details(app) {
  const { data, graph, words, otherLang, state, map, edgeOn, panel, name, other, langOf } = app;
  const { first, kind, role } = graph;
  const FOCUS = graph.roles.indexOf("focus");
  const EVIDENCE_FIRST = 12;

  // the panel
  const button = (text, run, attributes = {}) => {
    const made = element("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", run);
    return made;
  };

  function nameButton(i, className = "link") {
    const made = button("", () => { app.select(i); map.focus(i); }, { class: className + " name is-" + graph.kinds[kind[i]] });
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
    if (state.only) panel.append(button(words.show_all, () => { state.only = null; app.apply(); map.fit(); app.remember(); }));
  }

  function showNode(i) {
    const actions = element("p", { class: "panel-actions" });
    if (data.href[i]) actions.append(element("a", { href: data.href[i], class: "button" }, words.open_page));
    actions.append(button(state.only ? words.expand : words.only_this, () => { if (!state.only) state.only = new Set([i]); app.expand(i); }));
    if (state.only) actions.append(button(words.collapse, () => app.collapse(i)), button(words.show_all, () => { state.only = null; app.apply(); app.select(i); map.fit(); }));
    const depth = button(words.depth_two, () => { state.depth = state.depth === 1 ? 2 : 1; app.highlight(); depth.setAttribute("aria-pressed", String(state.depth === 2)); app.remember(); }, { "aria-pressed": String(state.depth === 2) });
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
      if (!list || (k === 4 && i < first && app.hasTexts)) continue;
      list.sort((p, q) => (k === 4 ? graph.year[q[0]] - graph.year[p[0]] : graph.works[q[0]] - graph.works[p[0]]) || p[0] - q[0]);
      parts.push(element("h3", {}, words["kinds_" + graph.kinds[k]] + " " + list.length));
      const ul = element("ul", { class: "plain-list" });
      const add = (from, to) => {
        for (const [o, e] of list.slice(from, to)) {
          const li = element("li");
          li.append(nameButton(o));
          if (graph.a[e] >= first) li.append(" ", button(words.why, () => app.selectEdge(e), { class: "why-button", "aria-label": words.why + ": " + name(o) }));
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

  function evidence(i) {
    const works = [];
    for (let p = graph.start[i]; p < graph.start[i + 1]; p += 1) {
      const o = graph.other[p];
      if (o >= first && map.shown[o] && edgeOn[graph.edge[p]]) works.push([o, graph.edge[p]]);
    }
    if (!works.length || !app.hasTexts) return [];
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
      if (waiting.length) app.withTexts(waiting.map(([, work]) => work), () => { for (const [item, work] of waiting.splice(0)) quote(item, work); });
    };
    const waiting = [];
    const quote = (item, work) => { for (const sentence of app.sentences(work, i).slice(0, 2)) item.append(app.quotation(work, sentence)); };
    add(0, EVIDENCE_FIRST);
    const parts = [element("h3", {}, words.evidence_title + " " + works.length), list];
    if (works.length > EVIDENCE_FIRST) {
      const more = button(filled(words.and_n_more, { n: works.length - EVIDENCE_FIRST }), () => { add(EVIDENCE_FIRST, works.length); more.remove(); }, { class: "more" });
      parts.push(more);
    }
    return parts;
  }

  function workTexts(i) {
    if (!app.hasTexts) return [element("p", { class: "muted" }, words.text_on_page)];
    const box = element("div");
    const fill = () => {
      const [fields, mentions] = app.textOf(i);
      box.replaceChildren(...fields.map(([fieldLang, text], field) => {
        const passage = element("p", { class: "passage", lang: fieldLang, dir: "auto" });
        passage.append(...app.marked(text, 0, text.length, mentions.filter((mention) => mention[1] === field)));
        return passage;
      }));
    };
    if (data.texts) fill();
    else app.withTexts([i], fill);
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
      const fill = () => box.replaceChildren(...app.sentences(a, b).map((sentence) => app.quotation(a, sentence)));
      if (data.texts) fill();
      else if (data.api) app.withTexts([a], fill);
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
    combobox(input, list, status, { find: (q) => app.find(q).filter((hit) => hit !== i), show: app.hitOption, go: (hit) => { showPaths(i, hit); return true; }, words: app.hitWords });
    return details;
  }

  function showPaths(from, to) {
    const on = (node, e) => map.shown[node] === 1 && edgeOn[e] === 1;
    const found = paths(graph, from, to, on, 20);
    state.sel = from;
    state.path = found.length ? found : null;
    app.highlight();
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
        path.forEach((node, at) => {
          const step = element("div", { class: "step" });
          if (at) step.append(element("span", { class: "muted" }, "→ "));
          step.append(nameButton(node));
          li.append(step);
        });
        list.append(li);
      });
      parts.push(list);
      map.fit(new Set(found.flat()));
    }
    parts.push(button(words.back, () => app.select(from)));
    panel.replaceChildren(...parts);
    panel.querySelector("h2").focus();
    app.remember(to);
  }

  Object.assign(app, { button, nameButton, showHint, showNode, showEdge, showPaths });
}
