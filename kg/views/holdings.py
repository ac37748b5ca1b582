"""What a collection holds, from every side that pages ask for. In: tagged works, an authority. Out: counts and lists.

Works are kept in the order of the pages: newest first, undated last, then by id. Everything else refers to them by
position, so that equal works give equal pages whatever order they came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from kg.model import TaggedWork

if TYPE_CHECKING:
    from kg.authority import Authority

#: Kind of an entity → the field of a tagged work that names it.
TAGGED_KINDS: Mapping[str, str] = {
    "alliance": "alliances",
    "state": "states",
    "concept": "concepts",
    "group": "groups",
}


class Count(NamedTuple):
    """An id with the number of works, and of those that have it in focus."""

    id: str
    works: int
    focus: int = 0


class Year(NamedTuple):
    """Works of one year (None: undated), by language."""

    year: int | None
    zh: int
    en: int
    other: int

    @property
    def total(self) -> int:
        """Works in any language."""
        return self.zh + self.en + self.other


def order(tagged: TaggedWork) -> tuple[int, str]:
    """Sorting key: newest first, undated last, then by id."""
    year = tagged.work.year
    return (-year if year is not None else 1_000_000, tagged.id)


class Holdings:
    """An index over tagged works.

    Parameters
    ----------
    tagged_works : iterable of TaggedWork
    authority : Authority
    """

    def __init__(self, tagged_works: Iterable[TaggedWork], authority: Authority) -> None:
        self.authority = authority
        self.works: tuple[TaggedWork, ...] = tuple(sorted(tagged_works, key=order))
        self.position: dict[str, int] = {tagged.id: number for number, tagged in enumerate(self.works)}
        self.index: dict[str, dict[str, list[int]]] = {kind: {} for kind in TAGGED_KINDS}
        self.focus: dict[str, set[int]] = {}
        self.authors: dict[str, list[int]] = {}
        self.journals: dict[str, list[int]] = {}
        for number, tagged in enumerate(self.works):
            for kind, kinds in TAGGED_KINDS.items():
                for tag in getattr(tagged, kinds):
                    self.index[kind].setdefault(tag, []).append(number)
            for tag in tagged.focus:
                self.focus.setdefault(tag, set()).add(number)
            for author in dict.fromkeys(tagged.work.authors):
                self.authors.setdefault(author, []).append(number)
            if tagged.work.journal:
                self.journals.setdefault(tagged.work.journal, []).append(number)

    def on(self, kind: str, entity_id: str) -> Sequence[int]:
        """Positions of the works that an entity is tagged in; of an author or a journal, the works they made."""
        if kind == "author":
            return self.authors.get(entity_id, [])
        if kind == "journal":
            return self.journals.get(entity_id, [])
        return self.index[kind].get(entity_id, [])

    def focus_on(self, alliance_id: str) -> set[int]:
        """Positions of the works that are about an alliance."""
        return self.focus.get(alliance_id, set())

    def counts(self, kind: str, numbers: Iterable[int] | None = None) -> list[Count]:
        """How many works (of those at `numbers`, or of all) each entity of a kind is tagged in, the most first."""
        if numbers is None:
            found = {entity: len(places) for entity, places in self._places(kind).items()}
            focus = {entity: len(places) for entity, places in self.focus.items()} if kind == "alliance" else {}
        else:
            chosen = list(numbers)
            counter: Counter[str] = Counter()
            inside: Counter[str] = Counter()
            for number in chosen:
                counter.update(list(self._names(kind, number)))
                if kind == "alliance":
                    inside.update(self.works[number].focus)
            found, focus = dict(counter), dict(inside)
        return sorted(
            (Count(entity, n_works, focus.get(entity, 0)) for entity, n_works in found.items()),
            key=lambda count: (-count.works, -count.focus, count.id),
        )

    def _places(self, kind: str) -> Mapping[str, Sequence[int]]:
        if kind == "author":
            return self.authors
        if kind == "journal":
            return self.journals
        return self.index[kind]

    def _names(self, kind: str, number: int) -> Iterable[str]:
        tagged = self.works[number]
        if kind == "author":
            return dict.fromkeys(tagged.work.authors)
        if kind == "journal":
            return [tagged.work.journal] if tagged.work.journal else []
        names: Iterable[str] = getattr(tagged, TAGGED_KINDS[kind])
        return names

    def years(self, numbers: Iterable[int]) -> list[Year]:
        """Works by year and language, every year between the first and the last, undated works at the end."""
        tally: dict[int | None, Counter[str]] = {}
        for number in numbers:
            work = self.works[number].work
            side = work.lang[:2] if work.lang[:2] in ("zh", "en") else "other"
            tally.setdefault(work.year, Counter())[side] += 1
        dated = [year for year in tally if year is not None]
        filled: list[int | None] = list(range(min(dated), max(dated) + 1)) if dated else []
        if None in tally:
            filled.append(None)
        empty: Counter[str] = Counter()
        rows = [(year, tally.get(year, empty)) for year in filled]
        return [Year(year, found["zh"], found["en"], found["other"]) for year, found in rows]

    def languages(self) -> list[Count]:
        """Works in each language of a main text, the most first."""
        counter = Counter(tagged.work.lang for tagged in self.works)
        return sorted((Count(lang, n_works) for lang, n_works in counter.items()), key=lambda c: (-c.works, c.id))

    def sources(self) -> list[Count]:
        """Works of each source, the most first."""
        counter = Counter(tagged.work.source or "" for tagged in self.works)
        return sorted((Count(source, n_works) for source, n_works in counter.items()), key=lambda c: (-c.works, c.id))

    @cached_property
    def alliances_of(self) -> Mapping[str, tuple[str, ...]]:
        """State → ids of the discussed alliances that it is a member of, sorted."""
        found: dict[str, list[str]] = {}
        for alliance in sorted(self.index["alliance"]):
            for state in self.authority.members(alliance):
                found.setdefault(state, []).append(alliance)
        return {state: tuple(alliances) for state, alliances in found.items()}

    @cached_property
    def _concept_weights(self) -> Mapping[str, Counter[str]]:
        weights = {}
        for alliance, numbers in self.index["alliance"].items():
            counter: Counter[str] = Counter()
            for number in numbers:
                counter.update(list(self.works[number].concepts))
            weights[alliance] = counter
        return weights

    def similar(self, alliance_id: str, limit: int = 6) -> list[tuple[str, float]]:
        """Alliances discussed with the same concepts: cosine of the concepts' counts, the nearest first."""
        weights = self._concept_weights
        mine = weights.get(alliance_id, Counter())
        length = sqrt(sum(n * n for n in mine.values()))
        near = []
        for other, counts in weights.items():
            shared = sum(n * counts[concept] for concept, n in mine.items())
            if other != alliance_id and shared:
                near.append((other, shared / (length * sqrt(sum(n * n for n in counts.values())))))
        return sorted(near, key=lambda pair: (-round(pair[1], 9), pair[0]))[:limit]
