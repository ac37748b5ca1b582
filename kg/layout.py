"""Positions on a map. In: nodes and edges. Out: coordinates, the same on every run.

``arrange`` is for small graphs that are read whole, with room for their labels: each connected part is laid out by
forces, boxes are pushed apart, and parts are packed side by side, the largest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Final, NamedTuple

_STEPS: Final = 300
_GAP: Final = 60


class Edge(NamedTuple):
    """Two nodes by position, and how strongly they pull each other."""

    first: int
    second: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Box:
    """The room that a node and its label take."""

    width: float
    height: float


def label_width(text: str, size: float = 14.0) -> float:
    """Estimated width of a label's longest line: a Han character is as wide as it is high, a Latin one about half."""
    return max((sum(size if ord(c) > 0x2E7F else size * 0.56 for c in line) for line in text.split("\n")), default=0.0)


def arrange(boxes: Sequence[Box], edges: Sequence[Edge], ratio: float = 1.5) -> list[tuple[int, int]]:
    """Place nodes so that neighbours are near and labels do not lie on each other.

    Parameters
    ----------
    boxes : sequence of Box
        One a node.
    edges : sequence of Edge
    ratio : float
        Width to height that the whole should come to.

    Returns
    -------
    list of (int, int)
        Centres of the boxes in whole pixels, around the origin; equal for equal input.
    """
    parts = _parts(len(boxes), edges)
    placed: list[tuple[list[int], dict[int, tuple[float, float]], Box]] = []
    for members in parts:
        spots = _forces(members, boxes, edges)
        _push_apart(spots, boxes)
        left = min(spots[n][0] - boxes[n].width / 2 for n in members)
        right = max(spots[n][0] + boxes[n].width / 2 for n in members)
        top = min(spots[n][1] - boxes[n].height / 2 for n in members)
        bottom = max(spots[n][1] + boxes[n].height / 2 for n in members)
        moved = {n: (spots[n][0] - left, spots[n][1] - top) for n in members}
        placed.append((members, moved, Box(right - left, bottom - top)))
    return _pack(placed, len(boxes), ratio)


def _parts(n_nodes: int, edges: Sequence[Edge]) -> list[list[int]]:
    """Connected parts, the largest first."""
    root = list(range(n_nodes))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for edge in edges:
        first, second = find(edge.first), find(edge.second)
        if first != second:
            root[max(first, second)] = min(first, second)
    parts: dict[int, list[int]] = {}
    for node in range(n_nodes):
        parts.setdefault(find(node), []).append(node)
    return sorted(parts.values(), key=lambda members: (-len(members), members[0]))


def _forces(members: Sequence[int], boxes: Sequence[Box], edges: Sequence[Edge]) -> dict[int, tuple[float, float]]:
    """Fruchterman–Reingold from a circle, scaled to the room that the boxes need."""
    n_nodes = len(members)
    local = {node: position for position, node in enumerate(members)}
    inside = [edge for edge in edges if edge.first in local and edge.second in local]
    circle = [(cos(2 * pi * k / n_nodes) * (1 + k % 7 / 20), sin(2 * pi * k / n_nodes)) for k in range(n_nodes)]
    if n_nodes < 3:
        spots = [(0.0, 0.0), (1.0, 0.35)][:n_nodes]
    else:
        spots = force_directed(circle, [(local[e.first], local[e.second]) for e in inside], [e.weight for e in inside])
    spots = _clip(spots)
    room = sqrt(sum(boxes[node].width * boxes[node].height for node in members) * 2.6)
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    spread_x, spread_y = max(max(xs) - min(xs), 1e-6), max(max(ys) - min(ys), 1e-6)
    scale_x, scale_y = room * 1.4 / spread_x, room * 0.72 / spread_y
    if n_nodes < 3:
        scale_x, scale_y = (
            max(boxes[node].width for node in members) * 1.3,
            max(boxes[node].height for node in members) * 1.3,
        )
    return {node: (spots[k][0] * scale_x, spots[k][1] * scale_y) for node, k in local.items()}


def _clip(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Draw far outliers in to 1.1 times the radius that holds 92 in 100 nodes, so that they do not shrink the rest."""
    middle_x, middle_y = (sum(axis) / len(spots) for axis in zip(*spots, strict=True))
    radii = [sqrt((x - middle_x) ** 2 + (y - middle_y) ** 2) for x, y in spots]
    most = 1.1 * sorted(radii)[int(len(radii) * 0.92)] if len(radii) > 1 else 0.0
    factors = [most / radius if radius > most > 0 else 1.0 for radius in radii]
    return [
        (middle_x + (x - middle_x) * factor, middle_y + (y - middle_y) * factor)
        for (x, y), factor in zip(spots, factors, strict=True)
    ]


def force_directed(
    start: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    weights: Sequence[float],
    steps: int = _STEPS,
) -> list[tuple[float, float]]:
    """Fruchterman and Reingold's forces from given positions (Software: Practice and Experience 21, 1991).

    Every node pushes every other, ties pull, and the farthest step shrinks to nothing. Nothing is drawn by lot, so
    equal input gives equal positions. Time and memory grow with the square of the nodes: for skeletons of up to some 1,000.
    """
    import numpy as np

    x, y = (np.array([point[axis] for point in start], dtype=np.float64) for axis in (0, 1))
    n_nodes = len(x)
    if n_nodes < 2:
        return [(float(px), float(py)) for px, py in start]
    ends = np.array(edges, dtype=np.intp).reshape(-1, 2)
    pull = np.array(weights, dtype=np.float64)
    ideal = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9) / sqrt(n_nodes)
    hottest = ideal * sqrt(n_nodes) * 0.1
    gap_x, gap_y, push = (np.empty((n_nodes, n_nodes), dtype=np.float32) for _ in range(3))
    for step in range(steps):
        flat_x, flat_y = x.astype(np.float32), y.astype(np.float32)
        np.subtract(flat_x[:, None], flat_x[None, :], out=gap_x)
        np.subtract(flat_y[:, None], flat_y[None, :], out=gap_y)
        np.multiply(gap_x, gap_x, out=push)
        push += gap_y * gap_y
        np.maximum(push, np.float32((ideal * 0.01) ** 2), out=push)
        np.divide(np.float32(ideal**2), push, out=push)
        gap_x *= push
        gap_y *= push
        force_x, force_y = gap_x.sum(axis=1, dtype=np.float64), gap_y.sum(axis=1, dtype=np.float64)
        if len(ends):
            tie_x, tie_y = x[ends[:, 0]] - x[ends[:, 1]], y[ends[:, 0]] - y[ends[:, 1]]
            drawn = pull * np.hypot(tie_x, tie_y) / ideal
            for force, tie in ((force_x, tie_x), (force_y, tie_y)):
                force -= np.bincount(ends[:, 0], drawn * tie, n_nodes)
                force += np.bincount(ends[:, 1], drawn * tie, n_nodes)
        length = np.maximum(np.hypot(force_x, force_y), 1e-12)
        factor = np.minimum(length, hottest * (1 - step / steps)) / length
        x += force_x * factor
        y += force_y * factor
    return [(round(float(px), 6), round(float(py), 6)) for px, py in zip(x, y, strict=True)]


def _push_apart(spots: dict[int, tuple[float, float]], boxes: Sequence[Box], rounds: int = 300) -> None:
    """Move boxes that overlap away from each other, along the axis where that takes least."""
    nodes = sorted(spots)
    for _ in range(rounds):
        moved = False
        for place, first in enumerate(nodes):
            for second in nodes[place + 1 :]:
                (ax, ay), (bx, by) = spots[first], spots[second]
                over_x = (boxes[first].width + boxes[second].width) / 2 - abs(bx - ax)
                over_y = (boxes[first].height + boxes[second].height) / 2 - abs(by - ay)
                if over_x <= 0 or over_y <= 0:
                    continue
                moved = True
                if over_x < over_y:
                    step = (over_x / 2 + 1) * (1 if bx >= ax else -1)
                    spots[first], spots[second] = (ax - step, ay), (bx + step, by)
                else:
                    step = (over_y / 2 + 1) * (1 if by >= ay else -1)
                    spots[first], spots[second] = (ax, ay - step), (bx, by + step)
        if not moved:
            return


def _pack(
    placed: Sequence[tuple[list[int], Mapping[int, tuple[float, float]], Box]], n_nodes: int, ratio: float
) -> list[tuple[int, int]]:
    """Put the parts in rows as wide as the largest part, or as the ratio asks."""
    area = sum((size.width + _GAP) * (size.height + _GAP) for _, _, size in placed)
    width = max([size.width for _, _, size in placed] + [sqrt(area * ratio)], default=0.0)
    spots: list[tuple[float, float]] = [(0.0, 0.0)] * n_nodes
    x = y = row_height = 0.0
    for members, moved, size in placed:
        if x and x + size.width > width:
            x, y, row_height = 0.0, y + row_height + _GAP, 0.0
        for node in members:
            spots[node] = (x + moved[node][0], y + moved[node][1])
        x += size.width + _GAP
        row_height = max(row_height, size.height)
    middle_y = (y + row_height) / 2
    return [(round(px - width / 2), round(py - middle_y)) for px, py in spots]
