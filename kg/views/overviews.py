"""Pages on the collection as a whole: matrix of states, time, method, report. In: a desk. Out: what templates need."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log
from typing import Any, Final, NamedTuple

from kg.views.desk import Desk, Name
from kg.views.entities import forms_of, tag_of
from kg.views.holdings import Year

Context = Mapping[str, Any]

MATRIX_STATES: Final = 60
TIMELINE_ROWS: Final = 60
TIMELINE_OPEN: Final = 10
_STEPS: Final = 5


class Cell(NamedTuple):
    """Two states' alliance in the matrix: works in all, in Chinese, in English, and how dark the cell is (1 to 5)."""

    alliance: Name
    total: int
    zh: int
    en: int
    step: int


@dataclass(frozen=True, slots=True)
class Axis:
    """A state on the matrix: its name, the works on its alliances, and its place in each order."""

    name: Name
    works: int
    orders: Mapping[str, int]


def state_matrix(desk: Desk) -> Context:
    """States by states: how many works discuss the alliance of the two."""
    holdings = desk.holdings
    authority = holdings.authority
    pairs: dict[tuple[str, str], Cell] = {}
    weight: Counter[str] = Counter()
    counts = [count for count in holdings.counts("alliance") if len(authority.parties(count.id)) == 2]
    most = max([count.works for count in counts], default=1)
    for count in counts:
        first, second = authority.parties(count.id)
        langs = Counter(holdings.lang[number][:2] for number in holdings.on("alliance", count.id))
        cell = Cell(
            desk.name("alliance", count.id, count), count.works, langs["zh"], langs["en"], shade(count.works, most)
        )
        pairs[first, second] = pairs[second, first] = cell
        weight[first] += count.works
        weight[second] += count.works
    by_works = sorted(weight, key=lambda state: (-weight[state], state))
    shown = by_works[:MATRIX_STATES]
    orders = {
        "works": shown,
        "name": sorted(shown, key=lambda state: (desk.label(state, "en"), state)),
        "region": sorted(shown, key=lambda state: (_region(desk, state), state)),
        "similarity": _by_similarity(shown, pairs),
    }
    places = {order: {state: place for place, state in enumerate(states)} for order, states in orders.items()}
    axes = [
        Axis(desk.name("state", state), weight[state], {order: places[order][state] for order in orders})
        for state in shown
    ]
    rows = [[pairs.get((state, other)) if state != other else None for other in shown] for state in shown]
    return {
        "axes": axes,
        "rows": rows,
        "orders": list(orders),
        "n_states": len(by_works),
        "pairs": [pairs[_parties(desk, count.id)] for count in counts],
    }


def _parties(desk: Desk, alliance_id: str) -> tuple[str, str]:
    first, second = desk.holdings.authority.parties(alliance_id)
    return first, second


def shade(n_works: int, most: int) -> int:
    """A step from 1 to 5 on a logarithmic scale.

    >>> [shade(n, 100) for n in (1, 3, 10, 50, 100)]
    [1, 2, 3, 5, 5]
    """
    if most <= 1:
        return 1
    return min(1 + int(_STEPS * log(n_works) / log(most) * 0.999 + 1e-9), _STEPS)


def _region(desk: Desk, state_id: str) -> tuple[int, int]:
    """States by the part of the world: the country codes of the Correlates of War run from the Americas to Oceania."""
    codes = [row.cow for row in desk.holdings.authority.states.values() if row.tag_id == state_id and row.cow]
    code = min(codes, default=1_000)
    return (code // 100, code)


def _by_similarity(states: Sequence[str], pairs: Mapping[tuple[str, str], Cell]) -> list[str]:
    """A chain in which each state follows the one whose partners are most like its own, from the busiest on."""
    profile = {
        state: {other: pairs[state, other].total for other in states if (state, other) in pairs} for state in states
    }

    def likeness(first: str, second: str) -> float:
        one, two = profile[first], profile[second]
        shared = sum(min(n, two.get(other, 0)) for other, n in one.items())
        tied = one.get(second, 0)
        return (2 * shared + tied) / (sum(one.values()) + sum(two.values()) or 1)

    left = list(states)
    chain: list[str] = []
    while left:
        last = chain[-1] if chain else None
        best = left[0] if last is None else max(left, key=lambda state: (likeness(last, state), -left.index(state)))
        chain.append(best)
        left.remove(best)
    return chain


class Tick(NamedTuple):
    """A bar of a timeline: where, how high (of 100), how many works."""

    x: int
    height: int
    works: int
    year: int


class Strip(NamedTuple):
    """A row of the timeline: an entity, its bars, its treaty years as spans on the axis, its undated works."""

    name: Name
    ticks: tuple[Tick, ...]
    spans: tuple[tuple[int, int], ...]
    undated: int
    first: int | None
    last: int | None


def timeline(desk: Desk) -> Context:
    """Attention over time: all works by year and language, then a strip for each alliance and concept."""
    holdings = desk.holdings
    years = holdings.years(range(len(holdings.works)))
    dated = [row.year for row in years if row.year is not None]
    first, last = (dated[0], dated[-1]) if dated else (0, 0)
    return {
        "years": years,
        "first": first if dated else None,
        "last": last if dated else None,
        "decades": [year for year in range(first, last + 1) if year % 10 == 0],
        "n_columns": last - first + 1,
        "undated": next((row for row in years if row.year is None), None),
        "open_rows": TIMELINE_OPEN,
        "strips": {
            kind: [_strip(desk, kind, count.id, first, last) for count in holdings.counts(kind)[:TIMELINE_ROWS]]
            for kind in ("alliance", "concept")
        },
        "totals": {kind: len(holdings.index[kind]) for kind in ("alliance", "concept")},
    }


def _strip(desk: Desk, kind: str, entity_id: str, first: int, last: int) -> Strip:
    rows: list[Year] = desk.holdings.years(desk.holdings.on(kind, entity_id))
    dated = [row for row in rows if row.year is not None and row.total]
    most = max([row.total for row in dated] + [3])
    ticks = tuple(
        Tick((row.year or 0) - first, max(100 * row.total // most, 8), row.total, row.year or 0) for row in dated
    )
    spans = []
    if kind == "alliance":
        for form in forms_of(desk, entity_id):
            begin = form.first_year if form.first_year is not None else first
            end = form.last_year if form.last_year is not None else last
            if begin <= last and end >= first:
                spans.append((max(begin, first) - first, min(end, last) - max(begin, first) + 1))
    return Strip(
        desk.name(kind, entity_id),
        ticks,
        _joined(spans),
        sum(row.total for row in rows if row.year is None),
        dated[0].year if dated else None,
        dated[-1].year if dated else None,
    )


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans (begin, length) that touch or overlap, made one."""
    joined: list[tuple[int, int]] = []
    for begin, length in sorted(spans):
        if joined and begin <= joined[-1][0] + joined[-1][1]:
            start, done = joined[-1]
            joined[-1] = (start, max(done, begin + length - start))
        else:
            joined.append((begin, length))
    return tuple(joined)


class RuleUse(NamedTuple):
    """A rule and how often it made a mention here."""

    id: str
    label: str
    meaning: str
    kind: str
    mentions: int
    confidence: float | None


class Quality(NamedTuple):
    """How good the tags of a kind are in a language (``all``: in both)."""

    kind: str
    lang: str
    precision: float
    recall: float
    expected: int


@lru_cache(maxsize=1)
def quality() -> Context:
    """What was measured on works held apart, as ``tests/tools/measure.py`` wrote it, by kind."""
    found = json.loads(files("kg.views").joinpath("measured.json").read_text(encoding="utf-8"))
    cells = [
        Quality(
            cell["kind"],
            cell["lang"],
            cell["right"] / cell["found"] if cell["found"] else 1.0,
            cell["right"] / cell["expected"] if cell["expected"] else 1.0,
            cell["expected"],
        )
        for cell in found["cells"]
    ]
    kinds = dict.fromkeys(cell.kind for cell in cells)
    return {**found, "kinds": [[cell for cell in cells if cell.kind == kind] for kind in kinds]}


def about(desk: Desk) -> Context:
    """How tags are made: the rules with their use here, what is counted, what is not covered."""
    holdings = desk.holdings
    uses, sure = holdings.totals.uses, holdings.totals.sure
    rows = holdings.authority.rules.values()
    kinds = ("states", "alliances", "groups", "concepts", "focus", "periods", "statements", "any")
    rules = [
        RuleUse(
            row.id,
            desk.rule(row.id),
            desk.rule_meaning(row.id),
            row.kind,
            uses[row.id],
            sure[row.id] / uses[row.id] / 1000 if uses[row.id] else None,
        )
        for row in sorted(
            rows, key=lambda row: (kinds.index(row.kind) if row.kind in kinds else 9, -uses[row.id], row.id)
        )
    ]
    return {
        "rules": rules,
        "measured": quality(),
        "report": holdings.report,
        "n_works": len(holdings.works),
        "version": holdings.authority.version,
    }


def report(desk: Desk) -> Context:
    """What a build read and what it skipped."""
    holdings = desk.holdings
    totals = holdings.totals
    return {
        "report": holdings.report,
        "n_works": len(holdings.works),
        "n_relevant": totals.n_relevant,
        "n_without_title": totals.n_without_title,
        "n_without_year": totals.n_without_year,
        "n_without_authors": totals.n_without_authors,
        "languages": holdings.languages(),
        "sources": holdings.sources(),
    }


__all__ = ["about", "report", "shade", "state_matrix", "tag_of", "timeline"]
