"""What a collection holds, from every side that pages ask for. In: tagged works, an authority. Out: counts and lists.

Works are kept in the order of the pages: newest first, undated last, then by id. Everything else refers to them by
position, so that equal works give equal pages whatever order they came in. What pages count of works - years, languages, tags -
is taken in once and kept in little room: works themselves may lie on disk, and are fetched where their texts are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import sqrt
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.model import Mention, TaggedWork
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
    return _place(tagged.work.year, tagged.id)


def _place(year: int | None, work_id: str) -> tuple[int, str]:
    return (-year if year is not None else 1_000_000, work_id)


def _place_of_line(plain: Mapping[str, Any]) -> tuple[int, str]:
    """`order` of a work as it stands in a file of JSON Lines."""
    return _place(plain.get("year"), plain["id"])


class Totals(NamedTuple):
    """What is counted of all works.

    Attributes
    ----------
    langs, sources : Counter
        Works by the language of their main text, and by source.
    uses, sure : Counter
        Mentions of tags and of focus by the rule that found them, and the sum of their confidences in thousandths.
    """

    langs: Counter[str]
    sources: Counter[str]
    uses: Counter[str]
    sure: Counter[str]
    n_relevant: int
    n_without_title: int
    n_without_year: int
    n_without_authors: int


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
            tagged_works.ordered(_place_of_line)
            if isinstance(tagged_works, TaggedFile)
            else tuple(sorted(tagged_works, key=order))
        )
        #: By position: id, year, language, and whether a work is on an alliance, a concept or a group.
        self.ids: list[str] = []
        self.year: list[int | None] = []
        self.lang: list[str] = []
        self.relevant = bytearray()
        self.index: dict[str, dict[str, list[int]]] = {kind: {} for kind in (*TAGGED_KINDS, "person", "journal")}
        self.focus: dict[str, set[int]] = {}
        self._of: dict[str, list[tuple[str, ...]]] = {kind: [] for kind in (*self.index, "focus")}
        self.called: dict[tuple[str, str], str] = {}
        self.totals = self._take_in()
        self.position: dict[str, int] = {work_id: number for number, work_id in enumerate(self.ids)}

    def _take_in(self) -> Totals:
        """Go through the works once."""
        called: dict[tuple[str, str], Counter[str]] = {}
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}  # most works share their tags with others
        uses, sure, sources = Counter[str](), Counter[str](), Counter[str]()
        n_without_title = n_without_authors = 0
        for number, tagged in enumerate(self.works):
            work = tagged.work
            self.ids.append(tagged.id)
            self.year.append(work.year)
            self.lang.append(intern(work.lang))
            self.relevant.append(tagged.is_relevant)
            sources[work.source or ""] += 1
            n_without_title += all(text.title is None for text in work.texts)
            n_without_authors += not work.authors
            for kind, kinds in TAGGED_KINDS.items():
                found = getattr(tagged, kinds)
                tags = tuple(map(intern, found))
                self._of[kind].append(shared.setdefault(tags, tags))
                for tag in tags:
                    self.index[kind].setdefault(tag, []).append(number)
            for mention in chain.from_iterable(_mentions(tagged)):
                uses[mention.rule] += 1
                sure[mention.rule] += round(mention.confidence * 1000)
            focus = tuple(map(intern, tagged.focus))
            self._of["focus"].append(shared.setdefault(focus, focus))
            for tag in focus:
                self.focus.setdefault(tag, set()).add(number)
            made: dict[str, dict[str, None]] = {"person": {}, "journal": {}}
            for kind, key, name in makers(tagged):
                key = intern(key)
                called.setdefault((kind, key), Counter())[intern(name)] += 1
                if key not in made[kind]:
                    made[kind][key] = None
                    self.index[kind].setdefault(key, []).append(number)
            for kind, keys in made.items():
                self._of[kind].append(tuple(keys))
        #: Persons and journals by the commonest form of their names, then the first in order.
        self.called = {entity: min(names, key=lambda name: (-names[name], name)) for entity, names in called.items()}
        n_without_year = sum(year is None for year in self.year)
        return Totals(
            Counter(self.lang),
            sources,
            uses,
            sure,
            sum(self.relevant),
            n_without_title,
            n_without_year,
            n_without_authors,
        )

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
            found = Counter(chain.from_iterable(map(self._of[kind].__getitem__, chosen)))
            focus = (
                Counter(chain.from_iterable(map(self._of["focus"].__getitem__, chosen))) if kind == "alliance" else {}
            )
        return sorted(
            (Count(entity, n_works, focus.get(entity, 0)) for entity, n_works in found.items()),
            key=lambda count: (-count.works, -count.focus, count.id),
        )

    def of(self, kind: str, number: int) -> tuple[str, ...]:
        """Ids of a kind that a work is tagged with, or that made it; of the kind ``focus`` the alliances that it is about."""
        return self._of[kind][number]

    def years(self, numbers: Iterable[int]) -> list[Year]:
        """Works by year and language, every year between the first and the last, undated works at the end."""
        tally: dict[int | None, Counter[str]] = {}
        langs, years = self.lang, self.year
        for number in numbers:
            side = langs[number][:2]
            tally.setdefault(years[number], Counter())[side if side in ("zh", "en") else "other"] += 1
        dated = [year for year in tally if year is not None]
        filled: list[int | None] = list(range(min(dated), max(dated) + 1)) if dated else []
        if None in tally:
            filled.append(None)
        empty: Counter[str] = Counter()
        rows = [(year, tally.get(year, empty)) for year in filled]
        return [Year(year, found["zh"], found["en"], found["other"]) for year, found in rows]

    def languages(self) -> list[Count]:
        """Works in each language of a main text, the most first."""
        return sorted((Count(*found) for found in self.totals.langs.items()), key=lambda c: (-c.works, c.id))

    def sources(self) -> list[Count]:
        """Works of each source, the most first."""
        return sorted((Count(*found) for found in self.totals.sources.items()), key=lambda c: (-c.works, c.id))

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
            counts = dict(Counter(chain.from_iterable(map(self._of["concept"].__getitem__, numbers))))
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


def _mentions(tagged: TaggedWork) -> Iterable[tuple[Mention, ...]]:
    """The mentions of all tags of a work, and those by which it is about something."""
    for tags in (tagged.states, tagged.alliances, tagged.groups, tagged.concepts, tagged.focus_evidence):
        yield from tags.values()
