// What is chosen on the map: a node, an edge, a path; what is lit with it; what is left when only a part is shown.
import { filled } from "kg/parts";

export function selection(app) {
  const { graph, words, state, map, edgeOn, name, $ } = app;
  const { first, kind } = graph;

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
    if (i < 0) app.showHint();
    else {
      app.showNode(i);
      announce(i);
    }
    if (!quiet) app.remember();
  }

  function selectEdge(e) {
    state.edge = e;
    state.path = null;
    highlight();
    app.showEdge(e);
    app.remember();
  }

  function announce(i) {
    const parts = [words["kind_" + graph.kinds[kind[i]]], name(i)];
    if (i < first) parts.push(filled(words.n_works, { n: graph.works[i] }));
    $("[data-announce]").textContent = parts.join(", ");
  }

  function expand(i) {
    if (!state.only) state.only = new Set(state.sel >= 0 ? [state.sel] : []);
    for (const node of withNeighbours(i)) state.only.add(node);
    app.apply();
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
    app.apply();
    select(i);
  }

  Object.assign(app, { near, highlight, between, select, selectEdge, expand, collapse, withNeighbours });
}
