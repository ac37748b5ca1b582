// The texts behind the map: from the page, or from the server when they are asked for; sentences with their words marked.
import { element } from "kg/parts";

export function texts(app) {
  const { data, graph, words, lang, name } = app;
  const { first, kind } = graph;

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

  Object.assign(app, { hasTexts, ruleName, textOf, withTexts, sentences, marked, quotation });
}
