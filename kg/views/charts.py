"""Small graphics as SVG. In: counts. Out: geometry that templates draw, in whole numbers so that bytes are equal.

Sizes are attributes, never styles, so that a strict policy of content holds; words stand beside the drawing as HTML, so
that they keep their size on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from kg.views.holdings import Year

HEIGHT: Final = 100
_SLOT: Final = 10
_WIDTH: Final = 7
_LEAST_TOP: Final = 3  # so that a year with one work does not look like a peak

Side = Literal["zh", "en", "other"]
_SIDES: tuple[Side, ...] = ("zh", "en", "other")


class Bar(NamedTuple):
    """One rectangle of a stacked bar."""

    side: Side
    x: int
    y: int
    width: int
    height: int


class Column(NamedTuple):
    """The bars of one year or decade, with what they count."""

    year: int | None
    last: int | None
    bars: tuple[Bar, ...]
    row: Year


@dataclass(frozen=True, slots=True)
class YearChart:
    """Stacked bars by year, or by decade where there are many; undated works apart."""

    columns: tuple[Column, ...]
    undated: Column | None
    width: int
    top: int
    by_decade: bool
    rows: tuple[Year, ...]
    sides: tuple[Side, ...]

    @property
    def first(self) -> int | None:
        """First year drawn."""
        return self.columns[0].year if self.columns else None

    @property
    def last(self) -> int | None:
        """Last year drawn."""
        return self.columns[-1].last if self.columns else None


def year_chart(years: Sequence[Year], most_columns: int = 60) -> YearChart:
    """Lay out works by year.

    Parameters
    ----------
    years : sequence of Year
        Every year between the first and the last, undated works at the end (`Holdings.years`).
    most_columns : int
        Beyond so many years, bars stand for decades.
    """
    dated = [row for row in years if row.year is not None]
    undated = next((row for row in years if row.year is None), None)
    by_decade = len(dated) > most_columns
    groups: list[tuple[int, int, Year]] = []
    if by_decade:
        for decade in sorted({(row.year or 0) // 10 * 10 for row in dated}):
            inside = [row for row in dated if (row.year or 0) // 10 * 10 == decade]
            groups.append((decade, decade + 9, _sum(decade, inside)))
    else:
        groups = [(row.year or 0, row.year or 0, row) for row in dated]
    top = max([row.total for _, _, row in groups] + [undated.total if undated else 0, _LEAST_TOP])
    columns = tuple(
        Column(first, last, _bars(row, number * _SLOT, top), row) for number, (first, last, row) in enumerate(groups)
    )
    return YearChart(
        columns=columns,
        undated=Column(None, None, _bars(undated, 0, top), undated) if undated else None,
        width=max(len(groups), 1) * _SLOT,
        top=top,
        by_decade=by_decade,
        rows=tuple(row for row in years if row.total),
        sides=tuple(side for side in _SIDES if any(getattr(row, side) for row in years)),
    )


def _sum(year: int, rows: Iterable[Year]) -> Year:
    zh = en = other = 0
    for row in rows:
        zh, en, other = zh + row.zh, en + row.en, other + row.other
    return Year(year, zh, en, other)


def _bars(row: Year, x: int, top: int) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    done = 0
    for side in _SIDES:
        n_works = getattr(row, side)
        if n_works:
            below, above = HEIGHT * done // top, HEIGHT * (done + n_works) // top
            bars.append(Bar(side, x + 1, HEIGHT - above, _WIDTH, max(above - below, 1)))
            done += n_works
    return tuple(bars)
