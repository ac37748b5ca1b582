// Search on the map: names in both languages and in letters, then titles.
import { element, filled } from "kg/parts";
import { rank } from "kg/search";

export function finder(app) {
  const { data, graph, words, fold, name, other, langOf } = app;
  const { n, first, kind } = graph;

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

  Object.assign(app, { find, hitOption, hitWords });
}
