// What can be taken away from the map: GEXF for Gephi, CSV for a spreadsheet, JSON for VOSviewer.
import { csvCell } from "kg/csv";

const xml = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");

export function gexf(graph, shown, edgeOn, name, other) {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">', '<graph defaultedgetype="undirected" mode="static">',
    '<attributes class="node"><attribute id="kind" title="kind" type="string"/><attribute id="other" title="other name" type="string"/><attribute id="year" title="year" type="integer"/><attribute id="works" title="works" type="integer"/></attributes>',
    '<attributes class="edge"><attribute id="role" title="role" type="string"/><attribute id="confidence" title="confidence" type="float"/></attributes>', "<nodes>"];
  for (let i = 0; i < graph.n; i += 1) {
    if (!shown[i]) continue;
    const values = [["kind", graph.kinds[graph.kind[i]]], ["other", other(i)], ["year", graph.year[i] || ""], ["works", i < graph.first ? graph.works[i] : ""]];
    lines.push(`<node id="${xml(graph.key(i))}" label="${xml(name(i))}"><attvalues>${values.filter(([, value]) => value !== "" && value !== undefined).map(([id, value]) => `<attvalue for="${id}" value="${xml(value)}"/>`).join("")}</attvalues><viz:position x="${graph.x[i]}" y="${-graph.y[i]}"/></node>`);
  }
  lines.push("</nodes>", "<edges>");
  for (let e = 0; e < graph.m; e += 1) {
    if (!edgeOn[e] || !shown[graph.a[e]] || !shown[graph.b[e]]) continue;
    lines.push(`<edge id="${e}" source="${xml(graph.key(graph.a[e]))}" target="${xml(graph.key(graph.b[e]))}"><attvalues><attvalue for="role" value="${graph.roles[graph.role[e]]}"/><attvalue for="confidence" value="${graph.sure[e] / 100}"/></attvalues></edge>`);
  }
  lines.push("</edges>", "</graph>", "</gexf>", "");
  return lines.join("\n");
}

export function csvOf(graph, shown, name, other, words) {
  const rows = [["id", words.column_kind, words.name_here, words.name_other, words.year, words.works]];
  for (let i = 0; i < graph.n; i += 1) {
    if (shown[i]) rows.push([graph.key(i), words["kind_" + graph.kinds[graph.kind[i]]], name(i), other(i), graph.year[i] || "", i < graph.first ? graph.works[i] : ""]);
  }
  return "\ufeff" + rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

// VOSviewer's own JSON: items with places and weights, links with strengths; clusters are kinds.
export function vosviewer(graph, shown, edgeOn, name, cluster) {
  const items = [], links = [], number = new Map();
  for (let i = 0; i < graph.n; i += 1) {
    if (!shown[i]) continue;
    number.set(i, items.length + 1);
    const item = { id: items.length + 1, label: name(i), x: graph.x[i] / 1000, y: -graph.y[i] / 1000, cluster: graph.kind[i] + 1, weights: { Works: i < graph.first ? graph.works[i] : 1 } };
    if (graph.year[i]) item.scores = { Year: graph.year[i] };
    items.push(item);
  }
  for (let e = 0; e < graph.m; e += 1) {
    if (edgeOn[e] && number.has(graph.a[e]) && number.has(graph.b[e])) links.push({ source_id: number.get(graph.a[e]), target_id: number.get(graph.b[e]), strength: graph.sure[e] / 100 });
  }
  const clusters = graph.kinds.map((kind, at) => ({ cluster: at + 1, label: cluster(at) }));
  return JSON.stringify({ network: { items, links, clusters } });
}
