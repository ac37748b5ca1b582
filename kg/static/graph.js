// The graph of the map: columns decoded, neighbours in compressed rows, paths.

function bytes(text) {
  const raw = atob(text);
  const made = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) made[i] = raw.charCodeAt(i);
  return made.buffer;
}

export function decodeGraph(data) {
  const kind = new Uint8Array(bytes(data.kind));
  const a = new Int32Array(bytes(data.a));
  const b = new Int32Array(bytes(data.b));
  const works = new Int32Array(bytes(data.works));
  const n = kind.length;
  const m = a.length;
  const first = works.length;
  const start = new Int32Array(n + 1);
  for (let e = 0; e < m; e += 1) { start[a[e] + 1] += 1; start[b[e] + 1] += 1; }
  for (let i = 0; i < n; i += 1) start[i + 1] += start[i];
  const fill = start.slice(0, n);
  const other = new Int32Array(2 * m);
  const edge = new Int32Array(2 * m);
  for (let e = 0; e < m; e += 1) {
    other[fill[a[e]]] = b[e]; edge[fill[a[e]]] = e; fill[a[e]] += 1;
    other[fill[b[e]]] = a[e]; edge[fill[b[e]]] = e; fill[b[e]] += 1;
  }
  const year = new Int16Array(n);
  year.set(new Int16Array(bytes(data.year)), first);
  const lang = new Uint8Array(n);
  lang.set(new Uint8Array(bytes(data.lang)), first);
  const untitled = new Uint8Array(n);
  untitled.set(new Uint8Array(bytes(data.untitled)), first);
  return {
    n, m, first, kind, a, b, start, other, edge, year, lang, untitled, works,
    x: new Int32Array(bytes(data.x)), y: new Int32Array(bytes(data.y)), disc: new Int32Array(bytes(data.disc)),
    role: new Uint8Array(bytes(data.role)), rule: new Uint8Array(bytes(data.rule)), sure: new Uint8Array(bytes(data.sure)),
    journal: new Uint16Array(bytes(data.journal)), kinds: data.kinds, roles: data.roles, rules: data.rules, ids: data.ids, data,
    key: (i) => data.kinds[kind[i]] + "/" + data.ids[i],
  };
}

// Every shortest path between two nodes over edges that are on, at most so many, each a list of nodes.
export function paths(graph, from, to, on, most) {
  const depth = new Int32Array(graph.n).fill(-1);
  depth[from] = 0;
  let front = [from];
  while (front.length && depth[to] < 0) {
    const next = [];
    for (const node of front) {
      for (let p = graph.start[node]; p < graph.start[node + 1]; p += 1) {
        const other = graph.other[p];
        if (depth[other] < 0 && on(other, graph.edge[p])) { depth[other] = depth[node] + 1; next.push(other); }
      }
    }
    front = next;
  }
  if (depth[to] < 0) return [];
  const found = [];
  const walk = (node, tail) => {
    if (found.length >= most) return;
    if (node === from) { found.push([from, ...tail]); return; }
    const before = [];
    for (let p = graph.start[node]; p < graph.start[node + 1]; p += 1) {
      const other = graph.other[p];
      if (depth[other] === depth[node] - 1 && (other === from || on(other, graph.edge[p])) && !before.includes(other)) before.push(other);
    }
    before.sort((p, q) => graph.kind[p] - graph.kind[q] || p - q);
    for (const other of before) walk(other, [node, ...tail]);
  };
  walk(to, []);
  return found;
}
