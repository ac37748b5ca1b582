"""Persons who stand for a state: statesmen whose name alone tells the state (Stalin, 周恩来). In: a field and years. Out: their mentions.

A person is no tag of a state; but who promises whom help, and who quarrels with whom, is often told of persons alone. Only the
judgement of pairs (`kg.tagging.pair_features`) takes notice. ``ontology/tables/leaders.csv`` has the names with the years in which
the person acted; of one who acted for two states the years of the text decide.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kg.errors import OntologyError
from kg.tagging.mentions import Field, StateMention
from kg.text import fold

_SLACK: Final = 10  # years before and after those in which a person acted


class Leaders:
    """Finds statesmen; reads the table when a text is first looked at.

    Parameters
    ----------
    path : Path
        The table; none of it is needed to exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _names(self) -> tuple[Any, list[tuple[str, bool, tuple[tuple[str, int, int], ...]]]]:
        """A finder and, for each name, the folded name, whether it is in Latin letters, and its readings."""
        import ahocorasick_rs

        readings: dict[str, dict[tuple[str, int, int], None]] = defaultdict(dict)
        for state, first, last, spellings in _rows(self._path):
            for name in spellings:
                folded = fold(name).text.strip()
                if len(folded) > 1:
                    readings[folded][state, first, last] = None
        names = [(name, name.isascii() or not _is_han(name), tuple(found)) for name, found in sorted(readings.items())]
        finder = ahocorasick_rs.AhoCorasick(
            [name for name, _, _ in names], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )
        return finder, names

    def find(self, field: Field, years: Sequence[int]) -> list[StateMention]:
        """The persons of a field, each as a mention of the state that it stands for.

        Parameters
        ----------
        years : sequence of int
            Years that the work speaks of.
        """
        finder, names = self._names
        folded = field.scan.folded
        text = folded.text
        taken = [(mention.start, mention.end) for mention in field.states]
        starts = [start for start, _ in taken]
        found: list[StateMention] = []
        for index, start, end in finder.find_matches_as_indexes(text):
            _, is_latin, readings = names[index]
            if is_latin:
                if (start and text[start - 1].isalnum()) or (end < len(text) and text[end].isalnum()):
                    continue
                first, last = folded.raw_span(start, end)
                if folded.raw[first:last].islower():
                    continue
            at = bisect_right(starts, end - 1) - 1
            if at >= 0 and taken[at][1] > start:
                continue
            state = _timely(readings, years)
            if state is not None:
                found.append(StateMention(start, end, state, "person", 0.5, start, end, "person"))
        return found


def _is_han(name: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in name)


def _timely(readings: tuple[tuple[str, int, int], ...], years: Sequence[int]) -> str | None:
    """The state of the reading that fits the years best; None where they speak against all."""

    def fit(reading: tuple[str, int, int]) -> int:
        _, first, last = reading
        return sum((first - _SLACK <= year <= last + _SLACK) + (first <= year <= last) for year in years)

    best = max(readings, key=fit)
    return best[0] if not years or fit(best) else None


def _rows(path: Path) -> list[tuple[str, int, int, list[str]]]:
    """State, first and last year and the names of each row."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                (
                    row["state"],
                    int(row["first_year"]),
                    int(row["last_year"] or 9999),
                    [
                        name
                        for key in ("name_en", "variants_en", "name_zh", "variants_zh")
                        for name in row[key].split("|")
                        if name
                    ],
                )
                for row in csv.DictReader(file)
            ]
    except FileNotFoundError:
        return []
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise OntologyError(f"{path}: {error}; a row has names, a state, a first and a last year") from None
