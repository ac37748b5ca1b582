"""The map of a whole collection. In: works and what they are tied to. Out: coordinates, the same on every run.

A disc is an alliance, its area the number of works that have it as their main one, and it lies between its states.
First the skeleton of states, alliances and concepts is laid out by forces; then discs are pushed apart; then the works
of each disc sit on a sunflower spiral, oldest inside, each turned towards whatever else it is tied to. A layout that
starts from stored positions keeps the map that a reader knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, pi, sin, sqrt
from typing import Final

from kg.layout import force_directed

Point = tuple[float, float]

_GOLDEN: Final = pi * (3 - sqrt(5))
_SPACE: Final = 10.0  # between two works of a disc, in map units
_BODY: Final = 26.0  # least radius that a node of the skeleton keeps free
_COVERED: Final = 0.16  # share of the map that discs cover
_LEAST_TIE: Final = 0.03  # of co-occurrence, normalised by the root of both counts


@dataclass(frozen=True, slots=True)
class Land:
    """What is laid out.

    Parameters
    ----------
    n_skeleton : int
        Number of states, alliances and concepts; they are numbered from 0.
    fixed_ties : sequence of (int, int)
        Ties within the skeleton that hold whatever works say: membership, broader.
    homes : sequence of int
        For each work the skeleton node whose disc it belongs to; -1 for a work with nothing to belong to.
    ties : sequence of sequence of int
        For each work all skeleton nodes that it is tied to.
    order : sequence
        For each work what its place from the inside out is sorted by.
    """

    n_skeleton: int
    fixed_ties: Sequence[tuple[int, int]]
    homes: Sequence[int]
    ties: Sequence[Sequence[int]]
    order: Sequence[tuple[int, str]]


def islands(
    land: Land, stored: Mapping[int, Point] | None = None
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Place the skeleton and the works.

    Parameters
    ----------
    land : Land
    stored : mapping of skeleton node to position, optional
        From an earlier map: known nodes start there and are only pushed apart; new ones start between their neighbours.

    Returns
    -------
    skeleton, works : list of (int, int)
        In whole map units; two works of a disc are about ten units apart.

    Notes
    -----
    The skeleton costs the square of its nodes, works cost n log n: about 2 s for 20,000 works on 900 nodes.
    """
    if not land.n_skeleton:
        return [], [_whole(spot) for spot in _rim(len(land.homes), 0.0)]
    sizes = Counter(home for home in land.homes if home >= 0)
    radii = [max(_BODY, _SPACE * 0.62 * sqrt(sizes[node]) + _SPACE) for node in range(land.n_skeleton)]
    spots = _skeleton(land, radii, stored or {})
    works: list[Point] = [(0.0, 0.0)] * len(land.homes)
    members: dict[int, list[int]] = {}
    for work, home in enumerate(land.homes):
        members.setdefault(home, []).append(work)
    for home, inside in sorted(members.items()):
        if home >= 0:
            for work, spot in _disc(land, spots, home, inside):
                works[work] = spot
    lost = members.get(-1, [])
    edge = max((sqrt(x * x + y * y) + radius for (x, y), radius in zip(spots, radii, strict=True)), default=0.0)
    for work, spot in zip(sorted(lost, key=lambda work: land.order[work]), _rim(len(lost), edge), strict=True):
        works[work] = spot
    return [_whole(spot) for spot in spots], [_whole(spot) for spot in works]


def _whole(spot: Point) -> tuple[int, int]:
    return round(spot[0]), round(spot[1])


def _skeleton(land: Land, radii: Sequence[float], stored: Mapping[int, Point]) -> list[Point]:
    ties = _weighed_ties(land)
    known = {node: stored[node] for node in stored if node < land.n_skeleton}
    if len(known) > land.n_skeleton // 2:
        spots = _start_from(known, land.n_skeleton, ties)
    else:
        n_nodes = land.n_skeleton
        start = [(cos(k * _GOLDEN) * sqrt(k + 1), sin(k * _GOLDEN) * sqrt(k + 1)) for k in range(n_nodes)]
        pairs = list(ties)
        spots = force_directed(start, pairs, [ties[pair] for pair in pairs])
        spots = _scaled(_clipped(spots), radii)
    return _apart(spots, radii)


def _weighed_ties(land: Land) -> dict[tuple[int, int], float]:
    """Membership and broader count one; co-occurrence its share, where that is not too small."""
    together: Counter[tuple[int, int]] = Counter()
    alone: Counter[int] = Counter()
    for nodes in land.ties:
        ordered = sorted(set(nodes))
        alone.update(ordered)
        for place, first in enumerate(ordered):
            for second in ordered[place + 1 :]:
                together[first, second] += 1
    ties = {
        pair: share
        for pair, n_works in sorted(together.items())
        if (share := n_works / sqrt(alone[pair[0]] * alone[pair[1]])) > _LEAST_TIE
    }
    for first, second in land.fixed_ties:
        pair = (min(first, second), max(first, second))
        ties[pair] = ties.get(pair, 0.0) + 1.0
    return dict(sorted(ties.items()))


def _start_from(known: Mapping[int, Point], n_nodes: int, ties: Mapping[tuple[int, int], float]) -> list[Point]:
    """Known nodes where they were, new ones at the middle of their known neighbours."""
    near: dict[int, list[Point]] = {}
    for first, second in ties:
        for node, other in ((first, second), (second, first)):
            if node not in known and other in known:
                near.setdefault(node, []).append(known[other])
    spots = []
    for node in range(n_nodes):
        if node in known:
            spots.append((float(known[node][0]), float(known[node][1])))
            continue
        around = near.get(node, [])
        x = sum(point[0] for point in around) / len(around) if around else 0.0
        y = sum(point[1] for point in around) / len(around) if around else 0.0
        spots.append((x + cos(node * _GOLDEN) * _BODY, y + sin(node * _GOLDEN) * _BODY))
    return spots


def _clipped(spots: Sequence[Point]) -> list[Point]:
    """Far outliers drawn in to 1.1 times the radius that holds 92 in 100, around the middle of all."""
    middle_x = sum(x for x, _ in spots) / len(spots)
    middle_y = sum(y for _, y in spots) / len(spots)
    moved = [(x - middle_x, y - middle_y) for x, y in spots]
    radii = [sqrt(x * x + y * y) for x, y in moved]
    most = 1.1 * sorted(radii)[int(len(radii) * 0.92)]
    factors = [most / radius if radius > most > 0 else 1.0 for radius in radii]
    return [(x * factor, y * factor) for (x, y), factor in zip(moved, factors, strict=True)]


def _scaled(spots: Sequence[Point], radii: Sequence[float]) -> list[Point]:
    """Stretched so that the discs cover the share of the map that they should."""
    across = max(max(abs(x), abs(y)) for x, y in spots) or 1.0
    wanted = sqrt(sum(pi * radius * radius for radius in radii) / _COVERED) / 2
    return [(x * wanted / across * 1.25, y * wanted / across * 0.9) for x, y in spots]


def _apart(spots: Sequence[Point], radii: Sequence[float], rounds: int = 200) -> list[Point]:
    """Push discs that overlap away from each other; the lighter one moves more. Near pairs are listed every ten rounds."""
    import numpy as np
    from scipy.spatial import cKDTree

    at = np.array(spots, dtype=np.float64)
    radius = np.array(radii, dtype=np.float64)
    weight = radius**2
    reach = 2 * float(radius.max()) * 1.1
    pairs = np.empty((0, 2), dtype=np.intp)
    for number in range(rounds):
        if number % 10 == 0:
            found = cKDTree(at).query_pairs(reach, output_type="ndarray")
            order = np.lexsort((found[:, 1], found[:, 0]))
            found = found[order]
            apart = np.hypot(*(at[found[:, 0]] - at[found[:, 1]]).T)
            pairs = found[apart < (radius[found[:, 0]] + radius[found[:, 1]]) * 1.3]
        if not len(pairs):
            break
        first, second = pairs[:, 0], pairs[:, 1]
        away = at[first] - at[second]
        distance = np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-6)
        over = (radius[first] + radius[second]) * 1.04 - distance
        touching = over > 0
        if not touching.any():
            if number % 10 == 0:
                break
            continue
        first, second, away = first[touching], second[touching], away[touching]
        step = away * (over[touching] / distance[touching] * 0.5)[:, None]
        share = (weight[second] / (weight[first] + weight[second]))[:, None]
        for axis in (0, 1):
            at[:, axis] += np.bincount(first, (step * share)[:, axis], len(at))
            at[:, axis] -= np.bincount(second, (step * (1 - share))[:, axis], len(at))
    return [(round(float(x), 3), round(float(y), 3)) for x, y in at]


def _disc(land: Land, spots: Sequence[Point], home: int, inside: Sequence[int]) -> list[tuple[int, Point]]:
    """Works of a disc on a sunflower spiral: oldest inside; in each ring turned towards their other ties."""
    centre_x, centre_y = spots[home]
    waiting = sorted(inside, key=lambda work: land.order[work])
    placed: list[tuple[int, Point]] = []
    taken = 0
    ring = 0
    while taken < len(waiting):
        ring += 1
        group = waiting[taken : taken + max(6 * ring, 1)]
        slots = []
        for number in range(taken, taken + len(group)):
            distance = _SPACE * 0.62 * sqrt(number + 1.5) + _SPACE * 0.8
            angle = number * _GOLDEN
            slots.append((distance * cos(angle), distance * sin(angle)))
        slots.sort(key=lambda slot: (round(atan2(slot[1], slot[0]), 9), slot))
        turned = sorted(group, key=lambda work: (round(_direction(land, spots, home, work), 9), land.order[work]))
        placed += [(work, (centre_x + x, centre_y + y)) for work, (x, y) in zip(turned, slots, strict=True)]
        taken += len(group)
    return placed


def _direction(land: Land, spots: Sequence[Point], home: int, work: int) -> float:
    """The angle at which a work's other ties lie, seen from its disc."""
    others = [node for node in land.ties[work] if node != home]
    if not others:
        return (hash_of(land.order[work][1]) % 6283) / 1000 - pi
    x = sum(spots[node][0] for node in others) / len(others) - spots[home][0]
    y = sum(spots[node][1] for node in others) / len(others) - spots[home][1]
    return atan2(y, x)


def hash_of(text: str) -> int:
    """A number for a text that is the same in every process."""
    from zlib import crc32

    return crc32(text.encode("utf-8", "surrogatepass"))


def _rim(n_works: int, edge: float) -> list[Point]:
    """Places in rings around everything, for works that belong to nothing on the map."""
    spots: list[Point] = []
    radius = edge + 4 * _SPACE
    while len(spots) < n_works:
        n_slots = min(max(int(2 * pi * radius / _SPACE), 1), n_works - len(spots))
        whole = max(int(2 * pi * radius / _SPACE), 1)
        spots += [(radius * cos(2 * pi * k / whole), radius * sin(2 * pi * k / whole)) for k in range(n_slots)]
        radius += _SPACE
    return spots
