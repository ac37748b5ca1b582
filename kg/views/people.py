"""Pages of persons and journals. In: a desk and a key. Out: what their templates are filled with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.views.charts import year_chart
from kg.views.desk import MAX_ROWS, ROWS_PART, Desk

Context = Mapping[str, Any]
_LIST: Final = 12


def person(desk: Desk, key: str) -> Context:
    """A person: works by year, the alliances and concepts they write on, with whom, where."""
    return _maker(desk, "person", key)


def journal(desk: Desk, key: str) -> Context:
    """A journal: works by year, the alliances and concepts discussed in it, who writes there."""
    return _maker(desk, "journal", key)


def _maker(desk: Desk, kind: str, key: str) -> Context:
    holdings = desk.holdings
    numbers = holdings.on(kind, key)
    part = desk.part(sorted(numbers), ROWS_PART, MAX_ROWS)

    def most(other: str) -> list[Any]:
        counts = [count for count in holdings.counts(other, numbers) if (other, count.id) != (kind, key)]
        return desk.names(other, counts[:_LIST])

    return {
        "kind": kind,
        "id": key,
        "name": desk.name(kind, key),
        "n_works": len(numbers),
        "chart": year_chart(holdings.years(numbers)),
        "part": part,
        "lines": desk.lines(part.items),
        "alliances": most("alliance"),
        "concepts": most("concept"),
        "states": most("state"),
        "persons": most("person"),
        "journals": most("journal"),
    }
