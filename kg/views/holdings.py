"""What a collection holds, from every side that pages ask for. In: tagged works, an authority. Out: counts and lists.

Works are kept in the order of the pages: newest first, undated last, then by id. Everything else refers to them by
position, so that equal works give equal pages whatever order they came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from kg.model import TaggedWork
from kg.rdf.works import name_key, person_key
from kg.tagged_file import TaggedFile
from kg.terms import Base

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.report import Report
    from kg.views.explorer import Map

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


def makers(tagged: TaggedWork) -> Iterable[tuple[str, str, str]]:
    """Who made a work: kind (``person`` or ``journal``), key, and the name as this work has it."""
    for author in tagged.work.authors:
        yield "person", person_key(author), author
    if tagged.work.journal:
        yield "journal", name_key(tagged.work.journal), tagged.work.journal


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
    report : Report, optional
        What the build that made the works has to say.
    stored : mapping of ``kind/id`` to (x, y), optional
        Positions of an earlier map, to start from.
    """

    def __init__(
        self,
        tagged_works: Iterable[TaggedWork],
        authority: Authority,
        report: Report | None = None,
        stored: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        self.authority = authority
        self.report = report
        #: Where the IRIs of works, persons and journals begin.
        self.base = Base(report.base) if report and report.base else Base()
        self.stored = stored
        self.drawn: Map | None = None
        self.source_names: Mapping[str, str] = {one.slug: one.name for one in report.sources} if report else {}
        self.works: Sequence[TaggedWork] = (
            tagged_works.ordered(order)
            if isinstance(tagged_works, TaggedFile)
            else tuple(sorted(tagged_works, key=order))
        )
        self.position: dict[str, int] = {tagged.id: number for number, tagged in enumerate(self.works)}
        self.index: dict[str, dict[str, list[int]]] = {kind: {} for kind in (*TAGGED_KINDS, "person", "journal")}
        self.focus: dict[str, set[int]] = {}
        called: dict[tuple[str, str], Counter[str]] = {}
        self._made: dict[str, list[tuple[str, ...]]] = {"person": [], "journal": []}
        for number, tagged in enumerate(self.works):
            for kind, kinds in TAGGED_KINDS.items():
                for tag in getattr(tagged, kinds):
                    self.index[kind].setdefault(tag, []).append(number)
            for tag in tagged.focus:
                self.focus.setdefault(tag, set()).add(number)
            made = list(makers(tagged))
            for kind, keys in self._made.items():
                keys.append(tuple(dict.fromkeys(key for found, key, _ in made if found == kind)))
            for kind, key, name in made:
                called.setdefault((kind, key), Counter())[name] += 1
                if number not in self.index[kind].setdefault(key, [])[-1:]:
                    self.index[kind][key].append(number)
        #: Persons and journals by the commonest form of their names, then the first in order.
        self.called: dict[tuple[str, str], str] = {
            entity: min(names, key=lambda name: (-names[name], name)) for entity, names in called.items()
        }

    def on(self, kind: str, entity_id: str) -> Sequence[int]:
        """Positions of the works that an entity is tagged in; of a person or a journal, of the works they made."""
        return self.index[kind].get(entity_id, [])

    def focus_on(self, alliance_id: str) -> set[int]:
        """Positions of the works that are about an alliance."""
        return self.focus.get(alliance_id, set())

    def counts(self, kind: str, numbers: Iterable[int] | None = None) -> list[Count]:
        """How many works (of those at `numbers`, or of all) each entity of a kind is tagged in, the most first."""
        if numbers is None:
            found = {entity: len(places) for entity, places in self.index[kind].items()}
            focus = {entity: len(places) for entity, places in self.focus.items()} if kind == "alliance" else {}
        else:
            chosen = list(numbers)
            found = Counter(chain.from_iterable(self._names(kind, number) for number in chosen))
            in_focus = (self.works[number].focus for number in chosen) if kind == "alliance" else ()
            focus = Counter(chain.from_iterable(in_focus))
        return sorted(
            (Count(entity, n_works, focus.get(entity, 0)) for entity, n_works in found.items()),
            key=lambda count: (-count.works, -count.focus, count.id),
        )

    def _names(self, kind: str, number: int) -> Iterable[str]:
        if kind in self._made:
            return self._made[kind][number]
        tags: Iterable[str] = getattr(self.works[number], TAGGED_KINDS[kind])
        return tags

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
    def _concept_weights(self) -> Mapping[str, tuple[dict[str, int], float]]:
        """Alliance → its works on each concept, and the length of this vector."""
        weights = {}
        for alliance, numbers in self.index["alliance"].items():
            counts = dict(Counter(chain.from_iterable(self.works[number].concepts for number in numbers)))
            weights[alliance] = counts, sqrt(sum(n * n for n in counts.values()))
        return weights

    def similar(self, alliance_id: str, limit: int = 6) -> list[tuple[str, float]]:
        """Alliances discussed with the same concepts: cosine of the concepts' counts, the nearest first."""
        weights = self._concept_weights
        mine, length = weights.get(alliance_id, (dict[str, int](), 0.0))
        near = []
        for other, (counts, other_length) in weights.items():
            shared = sum(n * counts[concept] for concept, n in mine.items() if concept in counts)
            if other != alliance_id and shared:
                near.append((other, shared / (length * other_length)))
        return sorted(near, key=lambda pair: (-round(pair[1], 9), pair[0]))[:limit]
