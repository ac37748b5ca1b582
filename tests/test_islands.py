"""The layout of the map: equal on every run, without overlap, steady when works come."""

from __future__ import annotations

import random
from math import hypot

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.islands import Land, islands
from kg.layout import Box, Edge, arrange


def land(n_works: int, n_skeleton: int = 60, n_homes: int = 20, seed: int = 3) -> Land:
    lot = random.Random(seed)
    homes, ties, order = [], [], []
    for number in range(n_works):
        home = lot.choices(range(n_homes), [1 / (k + 1) for k in range(n_homes)])[0]
        homes.append(home if lot.random() < 0.95 else -1)
        ties.append([home, n_homes + home % 20, lot.randrange(40, n_skeleton)])
        order.append((lot.randrange(1950, 2025), f"w{number:05d}"))
    fixed = [(home, n_homes + home % 20) for home in range(n_homes)]
    return Land(n_skeleton, fixed, homes, ties, order)


def test_equal_on_every_run() -> None:
    assert islands(land(300)) == islands(land(300))


def test_works_of_a_disc_do_not_lie_on_each_other() -> None:
    case = land(400)
    _, works = islands(case)
    by_home: dict[int, list[tuple[int, int]]] = {}
    for home, spot in zip(case.homes, works, strict=True):
        by_home.setdefault(home, []).append(spot)
    for spots in by_home.values():
        assert len(set(spots)) == len(spots)


def test_discs_do_not_overlap() -> None:
    case = land(500)
    skeleton, _ = islands(case)
    radii = [max(26.0, 6.2 * case.homes.count(node) ** 0.5 + 10) for node in range(case.n_skeleton)]
    overlaps = [
        (one, other)
        for one in range(case.n_skeleton)
        for other in range(one)
        if hypot(skeleton[one][0] - skeleton[other][0], skeleton[one][1] - skeleton[other][1])
        < 0.9 * (radii[one] + radii[other])
    ]
    assert overlaps == []


def test_stays_in_place_when_works_come() -> None:
    before, works_before = islands(land(1000))
    _, works_after = islands(land(1050), dict(enumerate(before)))
    width = max(x for x, _ in works_before) - min(x for x, _ in works_before)
    moves = sorted(hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(works_before, works_after, strict=False))
    assert moves[len(moves) // 2] / width < 0.05


def test_nothing_and_one() -> None:
    assert islands(Land(0, [], [], [], [])) == ([], [])
    assert len(islands(Land(0, [], [-1], [[]], [(0, "w")]))[1]) == 1
    assert len(islands(Land(1, [], [0], [[0]], [(0, "w")]))[0]) == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_labels_do_not_lie_on_each_other(n_nodes: int, pairs: list[tuple[int, int]]) -> None:
    boxes = [Box(90, 40)] * n_nodes
    edges = [Edge(a, b) for a, b in pairs if a < n_nodes and b < n_nodes and a != b]
    spots = arrange(boxes, edges)
    assert spots == arrange(boxes, edges)
    for one in range(n_nodes):
        for other in range(one):
            apart_x = abs(spots[one][0] - spots[other][0])
            apart_y = abs(spots[one][1] - spots[other][1])
            assert apart_x >= 88 or apart_y >= 38
