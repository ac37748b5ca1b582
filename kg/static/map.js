// The map: one canvas, drawn by ourselves. Positions come with the data; nothing is simulated here.
// While the view of a large map moves, the last picture is shifted and scaled; it is drawn anew when the view rests.

const CELLS = 160; // of the grid that serves culling and picking, across the map
const FEW = 3000; // nodes in view below which every frame is drawn in full
const REST = 150; // ms after the last move until a large map is drawn anew
const LABELS_AT_REST = 180;
const LABELS_MOVING = 60;

export function createMap(canvas, graph, options) {
  const context = canvas.getContext("2d", { alpha: false });
  const picture = document.createElement("canvas");
  const { n, x, y, kind, first } = graph;
  const shown = new Uint8Array(n).fill(1);
  const view = { x: 0, y: 0, k: 1 };
  let pictureView = null;
  let width = 0;
  let height = 0;
  let dpr = 1;
  let frame = 0;
  let restTimer = 0;
  let moving = false;
  let inView = 0;
  let labelBoxes = [];
  let marked = null; // { nodes: Set, edges: [], centre } of a selection or a path
  let hovered = -1;
  let colours = options.colours();
  const onView = options.onView || (() => {});

  // bounds and grid
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (let i = 0; i < n; i += 1) {
    if (x[i] < left) left = x[i];
    if (x[i] > right) right = x[i];
    if (y[i] < top) top = y[i];
    if (y[i] > bottom) bottom = y[i];
  }
  if (!n) { left = -1; right = 1; top = -1; bottom = 1; }
  const cell = Math.max((right - left) / CELLS, (bottom - top) / CELLS, 1);
  const columns = Math.floor((right - left) / cell) + 1;
  const rows = Math.floor((bottom - top) / cell) + 1;
  const gridStart = new Int32Array(columns * rows + 1);
  const cellOf = (i) => Math.floor((y[i] - top) / cell) * columns + Math.floor((x[i] - left) / cell);
  for (let i = 0; i < n; i += 1) gridStart[cellOf(i) + 1] += 1;
  for (let c = 0; c < columns * rows; c += 1) gridStart[c + 1] += gridStart[c];
  const gridFill = gridStart.slice(0, columns * rows);
  const gridNodes = new Int32Array(n);
  for (let i = 0; i < n; i += 1) { gridNodes[gridFill[cellOf(i)]] = i; gridFill[cellOf(i)] += 1; }

  // sizes and the order in which labels are given room
  const weight = new Float32Array(first);
  let most = 1;
  for (let i = 0; i < first; i += 1) most = Math.max(most, graph.works[i]);
  for (let i = 0; i < first; i += 1) weight[i] = Math.sqrt(graph.works[i] / most);
  // names in the order in which they are written: alliances are what the map is about, concepts come after states
  const rank = (i) => graph.works[i] * [1, 2.5, 0.7, 1][kind[i]];
  const skeleton = Array.from({ length: first }, (_, i) => i).sort((p, q) => rank(q) - rank(p) || p - q);
  const skeletonEdges = [];
  for (let e = 0; e < graph.m; e += 1) if (graph.a[e] < first && graph.b[e] < first) skeletonEdges.push(e);

  const px = (i) => (x[i] - view.x) * view.k + width / 2;
  const py = (i) => (y[i] - view.y) * view.k + height / 2;
  const zoomed = () => Math.min(Math.max(view.k, 0.12), 3);
  const bodySize = (i) => (4 + 11 * weight[i]) * Math.min(Math.max(Math.pow(zoomed(), 0.35), 0.6), 1.4);
  const leastDot = n < 2500 ? 2.4 : n < 8000 ? 1.6 : 1.1;
  const dotSize = () => Math.min(Math.max(3.4 * view.k, leastDot), 5.5);

  function size() {
    const box = canvas.getBoundingClientRect();
    if (!box.width && width) return; // hidden, as on paper: what was seen stays
    dpr = window.devicePixelRatio || 1;
    width = Math.max(box.width, 10);
    height = Math.max(box.height, 10);
    canvas.width = Math.round(width * dpr);
    canvas.height = Math.round(height * dpr);
    pictureView = null;
    draw(true);
  }

  function eachInView(visit) {
    const margin = 24 / view.k;
    const c0 = Math.max(Math.floor((view.x - width / 2 / view.k - margin - left) / cell), 0);
    const c1 = Math.min(Math.floor((view.x + width / 2 / view.k + margin - left) / cell), columns - 1);
    const r0 = Math.max(Math.floor((view.y - height / 2 / view.k - margin - top) / cell), 0);
    const r1 = Math.min(Math.floor((view.y + height / 2 / view.k + margin - top) / cell), rows - 1);
    for (let r = r0; r <= r1; r += 1) {
      for (let at = gridStart[r * columns + c0], end = c1 >= c0 ? gridStart[r * columns + c1 + 1] : at; at < end; at += 1) visit(gridNodes[at]);
    }
  }

  function shape(ctx, k, cx, cy, s) {
    if (k === 0) { ctx.moveTo(cx + s, cy); ctx.arc(cx, cy, s, 0, 2 * Math.PI); }
    else if (k === 1) { const d = s * 1.25; ctx.moveTo(cx, cy - d); ctx.lineTo(cx + d, cy); ctx.lineTo(cx, cy + d); ctx.lineTo(cx - d, cy); ctx.closePath(); }
    else if (k === 2) { const d = s * 1.15; ctx.moveTo(cx, cy - d); ctx.lineTo(cx + d, cy + d * 0.85); ctx.lineTo(cx - d, cy + d * 0.85); ctx.closePath(); }
    else { const d = s * 1.1; ctx.moveTo(cx - d, cy - d * 0.7); ctx.lineTo(cx + d, cy - d * 0.7); ctx.lineTo(cx, cy + d); ctx.closePath(); }
  }

  function drawDiscs(ctx) {
    ctx.fillStyle = colours.disc;
    ctx.beginPath();
    for (let i = 0; i < first; i += 1) {
      if (!graph.disc[i] || !shown[i] || graph.disc[i] < 2) continue;
      const r = (6.2 * Math.sqrt(graph.disc[i] + 1.5) + 14) * view.k;
      const cx = px(i), cy = py(i);
      if (cx + r < 0 || cy + r < 0 || cx - r > width || cy - r > height) continue;
      ctx.moveTo(cx + r, cy);
      ctx.arc(cx, cy, r, 0, 2 * Math.PI);
    }
    ctx.fill();
  }

  function drawEdges(ctx, list, style, line) {
    ctx.strokeStyle = style;
    ctx.lineWidth = line;
    ctx.beginPath();
    for (const e of list) {
      const p = graph.a[e], q = graph.b[e];
      if (!shown[p] || !shown[q]) continue;
      ctx.moveTo(px(p), py(p));
      ctx.lineTo(px(q), py(q));
    }
    ctx.stroke();
  }

  function drawNodes(ctx) {
    const dot = dotSize();
    const square = dot < 2;
    const faint = [], bright = [], bodies = [];
    inView = 0;
    eachInView((i) => {
      if (!shown[i]) return;
      inView += 1;
      if (i < first) bodies.push(i);
      else if (marked && !marked.nodes.has(i)) faint.push(i);
      else bright.push(i);
    });
    for (const [list, style] of [[faint, colours.faint], [bright, colours.kinds[4]]]) {
      ctx.fillStyle = style;
      if (square) for (const i of list) ctx.fillRect(px(i) - dot, py(i) - dot, 2 * dot, 2 * dot);
      else {
        ctx.beginPath();
        for (const i of list) { const cx = px(i), cy = py(i); ctx.moveTo(cx + dot, cy); ctx.arc(cx, cy, dot, 0, 2 * Math.PI); }
        ctx.fill();
      }
    }
    for (let k = 3; k >= 0; k -= 1) {
      for (const dim of [true, false]) {
        ctx.fillStyle = dim ? colours.faint : colours.kinds[k];
        ctx.strokeStyle = colours.ground;
        ctx.lineWidth = 1;
        ctx.beginPath();
        for (const i of bodies) {
          if (kind[i] === k && dim === Boolean(marked && !marked.nodes.has(i))) shape(ctx, k, px(i), py(i), bodySize(i));
        }
        ctx.fill();
        ctx.stroke();
      }
    }
  }

  function drawRing(ctx, i, style) {
    ctx.strokeStyle = style;
    ctx.lineWidth = 2;
    ctx.beginPath();
    const r = (i < first ? bodySize(i) * 1.3 : dotSize()) + 4;
    ctx.arc(px(i), py(i), r, 0, 2 * Math.PI);
    ctx.stroke();
  }

  function labelWidth(text, s) {
    let w = 0;
    for (const character of text) w += character > "\u2e7f" ? s : s * 0.55;
    return w;
  }

  function drawLabels(ctx, limit) {
    const GX = 24, GY = 17;
    const gw = Math.ceil(width / GX) + 1, gh = Math.ceil(height / GY) + 1;
    const taken = new Uint8Array(gw * gh);
    const boxes = [];
    const named = new Set();
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.strokeStyle = colours.ground;
    const put = (i, force) => {
      if (!shown[i] || named.has(i) || boxes.length >= limit) return;
      const s = i < first ? 13 + Math.round(2 * weight[i]) : 12;
      const r = i < first ? bodySize(i) * 1.25 : dotSize();
      const text = options.label(i, view.k > 1.1);
      const w = labelWidth(text, s);
      const cx = px(i), cy = py(i);
      if (cx < -20 || cx > width + 20 || cy < -20 || cy > height + 20) return;
      // to the right of its node, else to the left, below, above: the first place that is free and inside
      let lx = 0, ly = 0, room = null;
      for (const [tx, ty] of [[cx + r + 4, cy], [cx - r - 4 - w, cy], [cx - w / 2, cy + r + s * 0.75], [cx - w / 2, cy - r - s * 0.75]]) {
        if (tx < 2 || tx + w > width - 2 || ty < s * 0.6 || ty > height - s * 0.6) continue;
        const c0 = Math.floor(tx / GX), c1 = Math.min(Math.floor((tx + w) / GX), gw - 1);
        const r0 = Math.max(Math.floor((ty - s * 0.62) / GY), 0), r1 = Math.min(Math.floor((ty + s * 0.62) / GY), gh - 1);
        let free = true;
        for (let c = c0; free && c <= c1; c += 1) for (let row = r0; row <= r1; row += 1) if (taken[row * gw + c]) { free = false; break; }
        if (free || (force && !room)) { lx = tx; ly = ty; room = [c0, c1, r0, r1]; if (free) break; }
      }
      if (!room) return;
      named.add(i);
      for (let c = room[0]; c <= room[1]; c += 1) for (let row = room[2]; row <= room[3]; row += 1) taken[row * gw + c] = 1;
      ctx.font = (force ? "600 " : "") + s + "px " + colours.font;
      ctx.lineWidth = 3.5;
      ctx.strokeText(text, lx, ly);
      ctx.fillStyle = i < first ? colours.words[kind[i]] : colours.ink;
      ctx.fillText(text, lx, ly);
      boxes.push([lx, ly - s * 0.7, w, s * 1.4, i]);
    };
    if (marked && marked.centre >= 0) put(marked.centre, true);
    if (hovered >= 0) put(hovered, true);
    if (marked) {
      for (const i of skeleton) if (marked.nodes.has(i)) put(i, false);
      for (const i of marked.nodes) if (i >= first && (marked.nodes.size < 40 || view.k > 1.4)) put(i, false);
    }
    if (!marked || marked.keepLabels) for (const i of skeleton) { if (boxes.length >= limit) break; put(i, false); }
    if (view.k > 2.2 && !moving) eachInView((i) => { if (i >= first) put(i, false); });
    labelBoxes = boxes;
  }

  function paint(ctx, limit) {
    ctx.fillStyle = colours.ground;
    ctx.fillRect(0, 0, width, height);
    drawDiscs(ctx);
    drawEdges(ctx, skeletonEdges, colours.edge, 1);
    if (marked) drawEdges(ctx, marked.edges, colours.strong, marked.edges.length > 400 ? 0.6 : 1.2);
    if (marked && marked.thick) drawEdges(ctx, marked.thick, colours.ink, 2.5);
    drawNodes(ctx);
    if (marked && marked.centre >= 0) drawRing(ctx, marked.centre, colours.ink);
    if (hovered >= 0 && shown[hovered]) drawRing(ctx, hovered, colours.strong);
    drawLabels(ctx, limit);
  }

  function full() {
    context.setTransform(dpr, 0, 0, dpr, 0, 0);
    paint(context, moving ? LABELS_MOVING : LABELS_AT_REST);
    if (inView > FEW) {
      picture.width = canvas.width;
      picture.height = canvas.height;
      picture.getContext("2d").drawImage(canvas, 0, 0);
      pictureView = { ...view };
    } else pictureView = null;
  }

  function shifted() {
    const scale = view.k / pictureView.k;
    const dx = (pictureView.x - view.x) * view.k * dpr + (1 - scale) * canvas.width / 2;
    const dy = (pictureView.y - view.y) * view.k * dpr + (1 - scale) * canvas.height / 2;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, dx, dy, canvas.width * scale, canvas.height * scale);
  }

  function draw(now) {
    if (now) { cancelAnimationFrame(frame); frame = 0; full(); return; }
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (moving && pictureView) shifted();
      else full();
    });
  }

  function moved() {
    moving = true;
    clearTimeout(restTimer);
    restTimer = setTimeout(() => { moving = false; draw(); onView({ ...view }); }, REST);
    draw();
  }

  // What lies under a point: a label, the body of a node, else the nearest dot within reach.
  function pick(mx, my) {
    for (const [bx, by, bw, bh, i] of labelBoxes) if (mx >= bx && mx <= bx + bw && my >= by && my <= by + bh) return i;
    let best = -1, least = Infinity;
    const reach = 9;
    const ux = (mx - width / 2) / view.k + view.x, uy = (my - height / 2) / view.k + view.y;
    const span = 26 / view.k;
    const c0 = Math.max(Math.floor((ux - span - left) / cell), 0), c1 = Math.min(Math.floor((ux + span - left) / cell), columns - 1);
    const r0 = Math.max(Math.floor((uy - span - top) / cell), 0), r1 = Math.min(Math.floor((uy + span - top) / cell), rows - 1);
    for (let r = r0; r <= r1; r += 1) for (let c = c0; c <= c1; c += 1) {
      for (let at = gridStart[r * columns + c]; at < gridStart[r * columns + c + 1]; at += 1) {
        const i = gridNodes[at];
        if (!shown[i]) continue;
        const d = Math.hypot(px(i) - mx, py(i) - my);
        const limit = i < first ? bodySize(i) * 1.2 + 3 : Math.max(reach, dotSize());
        const rank = d - (i < first ? 1000 : 0);
        if (d <= limit && rank < least) { least = rank; best = i; }
      }
    }
    return best;
  }

  // The edge among those that are marked which passes a point.
  function pickEdge(mx, my) {
    if (!marked) return -1;
    let best = -1, least = 5;
    for (const e of marked.edges) {
      const p = graph.a[e], q = graph.b[e];
      if (!shown[p] || !shown[q]) continue;
      const ax = px(p), ay = py(p), bx = px(q), by = py(q);
      const l2 = (bx - ax) ** 2 + (by - ay) ** 2 || 1;
      const t = Math.max(0, Math.min(1, ((mx - ax) * (bx - ax) + (my - ay) * (by - ay)) / l2));
      const d = Math.hypot(ax + t * (bx - ax) - mx, ay + t * (by - ay) - my);
      if (d < least) { least = d; best = e; }
    }
    return best;
  }

  function zoomAt(factor, mx, my) {
    const k = Math.min(Math.max(view.k * factor, fitScale() * 0.5), 14);
    const f = k / view.k;
    view.x += (mx - width / 2) / view.k * (1 - 1 / f);
    view.y += (my - height / 2) / view.k * (1 - 1 / f);
    view.k = k;
    moved();
  }

  const fitScale = () => Math.min((width - 60) / Math.max(right - left, 1), (height - 50) / Math.max(bottom - top, 1));

  function setView(next, quiet) {
    Object.assign(view, next);
    if (quiet) { pictureView = null; draw(); } else moved();
  }

  function fit(nodes) {
    let l = left, r = right, t = top, b = bottom;
    const list = nodes ? [...nodes] : null;
    if (list && list.length) {
      l = Math.min(...list.map((i) => x[i])); r = Math.max(...list.map((i) => x[i]));
      t = Math.min(...list.map((i) => y[i])); b = Math.max(...list.map((i) => y[i]));
    }
    const k = Math.min((width - 120) / Math.max(r - l, 40), (height - 80) / Math.max(b - t, 40), 3);
    setView({ x: (l + r) / 2, y: (t + b) / 2, k: list ? k : Math.max(Math.min(fitScale(), 3), 0.01) }, true);
    onView({ ...view });
  }

  // The nearest node that is shown in a direction, for the arrow keys.
  function towards(from, dx, dy) {
    let best = -1, least = Infinity;
    for (let i = 0; i < n; i += 1) {
      if (i === from || !shown[i]) continue;
      if (i >= first && view.k < 0.9 && from < first) continue;
      const vx = x[i] - x[from], vy = y[i] - y[from];
      const along = vx * dx + vy * dy, across = Math.abs(vx * dy - vy * dx);
      if (along <= 0 || across > along * 1.2) continue;
      const d = along + 2 * across;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }

  // pointers: one moves the map with a mouse or a pen; on touch one finger scrolls the page, two move and zoom
  const pointers = new Map();
  let dragged = 0;
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    dragged = 0;
    if (event.pointerType !== "touch") canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before) {
      const touch = event.pointerType === "touch";
      if (touch && pointers.size === 2) {
        const [one, two] = [...pointers.keys()];
        const other = pointers.get(event.pointerId === one ? two : one);
        const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
        const is = Math.hypot(event.offsetX - other[0], event.offsetY - other[1]);
        view.x -= (event.offsetX - before[0]) / 2 / view.k;
        view.y -= (event.offsetY - before[1]) / 2 / view.k;
        zoomAt(was ? is / was : 1, (event.offsetX + other[0]) / 2, (event.offsetY + other[1]) / 2);
      } else if (!touch) {
        view.x -= (event.offsetX - before[0]) / view.k;
        view.y -= (event.offsetY - before[1]) / view.k;
        dragged += Math.abs(event.offsetX - before[0]) + Math.abs(event.offsetY - before[1]);
        if (dragged > 3) moved();
      }
      pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
      return;
    }
    const i = pick(event.offsetX, event.offsetY);
    const e = i < 0 ? pickEdge(event.offsetX, event.offsetY) : -1;
    canvas.style.cursor = i >= 0 || e >= 0 ? "pointer" : "grab";
    if (i !== hovered) { hovered = i; options.onHover?.(i, event.offsetX, event.offsetY); draw(); }
  });
  const release = (event) => pointers.delete(event.pointerId);
  canvas.addEventListener("pointerup", (event) => {
    release(event);
    if (dragged > 3) return;
    const i = pick(event.offsetX, event.offsetY);
    if (i >= 0) options.onPick?.(i);
    else {
      const e = pickEdge(event.offsetX, event.offsetY);
      if (e >= 0) options.onPickEdge?.(e);
      else options.onPick?.(-1);
    }
  });
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => { if (hovered >= 0) { hovered = -1; options.onHover?.(-1); draw(); } });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => {
    const i = pick(event.offsetX, event.offsetY);
    if (i >= 0) options.onOpen?.(i);
    else zoomAt(1.8, event.offsetX, event.offsetY);
  });
  new ResizeObserver(size).observe(canvas);

  function toPNG(done) {
    const copy = document.createElement("canvas");
    copy.width = width * 2;
    copy.height = height * 2;
    const ctx = copy.getContext("2d");
    ctx.setTransform(2, 0, 0, 2, 0, 0);
    paint(ctx, LABELS_AT_REST);
    copy.toBlob(done, "image/png");
  }

  // The picture as SVG: shapes by kind, text as text, so that it can be edited and prints sharply.
  function toSVG() {
    const esc = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
    const num = (v) => Math.round(v * 10) / 10;
    const parts = [`<svg xmlns="http://www.w3.org/2000/svg" width="${num(width)}" height="${num(height)}" viewBox="0 0 ${num(width)} ${num(height)}">`, `<rect width="100%" height="100%" fill="${colours.ground}"/>`];
    const path = (list, style, line) => {
      const d = list.filter((e) => shown[graph.a[e]] && shown[graph.b[e]]).map((e) => `M${num(px(graph.a[e]))} ${num(py(graph.a[e]))}L${num(px(graph.b[e]))} ${num(py(graph.b[e]))}`).join("");
      if (d) parts.push(`<path d="${d}" fill="none" stroke="${style}" stroke-width="${line}"/>`);
    };
    for (let i = 0; i < first; i += 1) if (shown[i] && graph.disc[i] > 1) parts.push(`<circle cx="${num(px(i))}" cy="${num(py(i))}" r="${num((6.2 * Math.sqrt(graph.disc[i] + 1.5) + 14) * view.k)}" fill="${colours.disc}"/>`);
    path(skeletonEdges, colours.edge, 1);
    if (marked) path(marked.edges, colours.strong, 1.2);
    if (marked && marked.thick) path(marked.thick, colours.ink, 2.5);
    const recorder = () => {
      const d = [];
      return { moveTo: (a, b) => d.push(`M${num(a)} ${num(b)}`), lineTo: (a, b) => d.push(`L${num(a)} ${num(b)}`), closePath: () => d.push("Z"),
        arc: (a, b, r) => d.push(`M${num(a - r)} ${num(b)}a${num(r)} ${num(r)} 0 1 0 ${num(2 * r)} 0a${num(r)} ${num(r)} 0 1 0 ${num(-2 * r)} 0Z`), text: () => d.join("") };
    };
    const groups = new Map();
    eachInView((i) => {
      if (!shown[i]) return;
      const style = marked && !marked.nodes.has(i) ? colours.faint : colours.kinds[kind[i]];
      if (!groups.has(style)) groups.set(style, recorder());
      if (i < first) shape(groups.get(style), kind[i], px(i), py(i), bodySize(i));
      else groups.get(style).arc(px(i), py(i), dotSize());
    });
    for (const [style, made] of groups) parts.push(`<path d="${made.text()}" fill="${style}"/>`);
    for (const [bx, by, , bh, i] of labelBoxes) {
      const s = i < first ? 13 + Math.round(2 * weight[i]) : 12;
      const text = options.label(i, view.k > 1.1);
      parts.push(`<text x="${num(bx)}" y="${num(by + bh / 2)}" dy="0.35em" font-family="${esc(colours.font)}" font-size="${s}" fill="${i < first ? colours.words[kind[i]] : colours.ink}" stroke="${colours.ground}" stroke-width="3" paint-order="stroke" xml:lang="${/[\u3400-\u9fff]/.test(text) ? "zh-Hans" : "en"}">${esc(text)}</text>`);
    }
    parts.push("</svg>");
    return parts.join("\n");
  }

  size();
  return {
    view: () => ({ ...view }),
    setView, fit, pick, pickEdge, towards, toPNG, toSVG, shown,
    zoom: (factor) => zoomAt(factor, width / 2, height / 2),
    focus: (i, k) => setView({ x: x[i], y: y[i], k: Math.max(view.k, k || 0.9) }, true),
    filter: (fill) => { fill(shown); pictureView = null; draw(); },
    select: (next) => { marked = next; pictureView = null; draw(); },
    recolour: () => { colours = options.colours(); pictureView = null; draw(); },
    place: (i) => [px(i), py(i)],
    drawNow: () => draw(true),
    labels: () => labelBoxes.map((box) => box[4]),
    boxes: () => labelBoxes.map((box) => box.slice(0, 4)),
    inView: () => inView,
  };
}
