"""From records to works: each publication once, with everything its records say. In: records. Out: works, in order.

`kg.duplicates` says which records belong together; here their fields become one work. Which value is kept is stated field by
field below, and does not depend on the order in which sources were named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, overload

from kg.decisions import Decision
from kg.duplicates import Pair, clusters
from kg.identity import id_of, persistent_id, text_id
from kg.likeness import person, same_person
from kg.model import Record, RecordRef, Text, Work, WorkId
from kg.people import OTHER_BYLINE
from kg.pinyin import has_han
from kg.shelf import IN_MEMORY, Shelf
from kg.text import fold_key

#: Works up to which all are kept as they are put together, some 4 KB each.
WORKS_IN_MEMORY: Final = 50_000


class Works(Sequence[Work]):
    """The works of some records, put together when they are asked for where there are many.

    Parameters
    ----------
    records : sequence of Record
    groups : sequence of sequence of int
        Positions of the records of each work.

    Notes
    -----
    Up to `WORKS_IN_MEMORY` all are kept; beyond, only their ids are, and each is put together again.
    """

    def __init__(self, records: Sequence[Record], groups: Sequence[Sequence[int]]) -> None:
        self._records = records
        self._groups = groups
        self._kept: list[Work] | None = None
        if len(groups) <= WORKS_IN_MEMORY:
            self._kept = [self._combined(at) for at in range(len(groups))]
            self._ids = self._distinct_ids(self._kept)
            self._kept = [replace(work, id=self._ids[at]) for at, work in enumerate(self._kept)]
        else:
            self._ids = self._distinct_ids(self._combined(at) for at in range(len(groups)))

    def _combined(self, at: int) -> Work:
        return combine([self._records[i] for i in self._groups[at]])[0]

    def provenance(self, at: int) -> dict[str, RecordRef]:
        """For each field of a work the record that its value is from; empty for works of one record."""
        group = self._groups[at]
        return combine([self._records[i] for i in group])[1] if len(group) > 1 else {}

    def _distinct_ids(self, works: Iterable[Work]) -> list[WorkId]:
        """Ids of which no two are equal: the second work of an id gets ``~`` and its source's slug."""
        ids = [work.id for work in works]
        if len(set(ids)) == len(ids):
            return ids
        counts = Counter(ids)
        taken = set(ids)
        clashing: dict[WorkId, list[int]] = {}
        for at, name in enumerate(ids):
            if counts[name] > 1:
                clashing.setdefault(name, []).append(at)
        for name, ats in sorted(clashing.items()):
            ats.sort(key=lambda at: min(ref(self._records[i]) for i in self._groups[at]))
            for at in ats[1:]:
                fresh = stem = f"{name}~{min(ref(self._records[i]) for i in self._groups[at]).source}"
                n = 2
                while fresh in taken:
                    fresh = f"{stem}-{n}"
                    n += 1
                taken.add(WorkId(fresh))
                ids[at] = WorkId(fresh)
        return ids

    @property
    def ids(self) -> Sequence[WorkId]:
        """The ids, in the order of the works."""
        return self._ids

    def __len__(self) -> int:
        return len(self._groups)

    @overload
    def __getitem__(self, at: int) -> Work: ...
    @overload
    def __getitem__(self, at: slice) -> list[Work]: ...
    def __getitem__(self, at: int | slice) -> Work | list[Work]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        if self._kept is not None:
            return self._kept[at]
        return replace(self._combined(at), id=self._ids[at])


@dataclass(frozen=True)
class Merged:
    """Works, and how they came about.

    Parameters
    ----------
    works : Works
        In the order in which their first records came; what is in each does not depend on that order.
    pairs : list of Pair
        The two records of each pair that was merged, is doubtful, or was decided by a person; score and reasons.
    n_records : int
    n_by_source : mapping
        Slug of a source → how many of its records went into a work that a record of another place began.
    """

    works: Works
    pairs: list[Pair]
    n_records: int = 0
    n_by_source: Mapping[str, int] = field(default_factory=dict)

    @property
    def n_merged(self) -> int:
        """How many records went into a work that another record had begun."""
        return self.n_records - len(self.works)

    @property
    def provenance(self) -> dict[str, dict[str, RecordRef]]:
        """For works of several records: work id → field → the record that its value is from."""
        found = ((self.works.ids[at], self.works.provenance(at)) for at in range(len(self.works)))
        return {name: kept for name, kept in found if kept}


def merge(records: Iterable[Record], decisions: Sequence[Decision] = ()) -> Merged:
    """Merge the records that describe the same work.

    Parameters
    ----------
    records : iterable of Record
        Consumed once; many are put on disk.
    decisions : sequence of Decision
        What a person said about two works: the same, or different. It always holds.

    Returns
    -------
    Merged
    """
    shelf = Shelf(IN_MEMORY)
    for record in records:
        shelf.append(record)
    groups, pairs = clusters(shelf, decisions)
    joined = Counter(shelf[at].source for group in groups for at in group[1:])
    return Merged(Works(shelf, groups), pairs, len(shelf), dict(sorted(joined.items())))


def ref(record: Record) -> RecordRef:
    """Which record this is."""
    return RecordRef(record.source, record.number, record.where)


def combine(records: Sequence[Record]) -> tuple[Work, dict[str, RecordRef]]:
    """One work from the records of it, and for each field the record whose value was taken.

    The rules: of titles the one that is not in capitals and not cut off, then the longest; of abstracts the longest; of
    bylines the one with full names, in the script of the main title; of journals the unabbreviated; the year that most
    records give, then the one with volume and pages; of counts the highest; keywords and identifiers of all.
    """
    records = sorted(records, key=lambda r: (r.source, r.number))
    if len(records) == 1:
        return _alone(records[0]), {}
    kept: dict[str, RecordRef] = {}
    texts = _texts(records, kept)
    main = texts[0].lang[:2] if texts else ""

    def best(name: str, rank: Callable[[Record], tuple[object, ...]]) -> Record:
        having = [r for r in records if getattr(r, name) not in (None, ())]
        if not having:
            return records[0]
        chosen = max(having, key=lambda r: (*rank(r), -records.index(r)))
        kept[name] = ref(chosen)
        return chosen

    years = Counter(r.year for r in records if r.year)
    counted = best("cited_by", lambda r: (r.cited_by,))
    doi = best("doi", lambda r: (sum(other.doi == r.doi for other in records),)).doi
    raw: dict[str, str] = {}
    for record in records:
        for name, value in record.raw.items():
            if value not in raw.get(name, ""):
                raw[name] = f"{raw[name]}; {value}" if name in raw else value
    authors = best("authors", lambda r: _byline_rank(r, main)).authors
    raw |= _other_bylines(records, authors)
    identifiers = {name: value for r in reversed(records) for name, value in r.identifiers.items()}
    work = Work(
        id=WorkId("-"),
        texts=texts,
        authors=authors,
        journal=best("journal", lambda r: _journal_rank(r, main)).journal,
        year=best("year", lambda r: (years[r.year or 0], bool(r.pages), bool(r.volume), -(r.year or 0))).year,
        volume=best("volume", lambda r: ()).volume,
        issue=best("issue", lambda r: ()).issue,
        pages=best("pages", lambda r: ("-" in (r.pages or ""), len(r.pages or ""))).pages,
        doi=doi,
        keywords=tuple(dict.fromkeys(word for r in records for word in r.keywords)),
        cited_by=counted.cited_by,
        cited_by_self=counted.cited_by_self,
        cited_by_others=counted.cited_by_others,
        kind=_kind(records),
        identifiers=dict(sorted(identifiers.items())),
        raw=dict(sorted(raw.items())),
        records=tuple(sorted({ref(r) for r in records})),
    )
    own = sorted({r.id for r in records if r.id})
    solo = {id_of(r) for r in records} | {r.doi for r in records if r.doi}
    chosen = own[0] if own else doi or persistent_id(work.identifiers) or text_id(work)
    return replace(work, id=WorkId(chosen), aliases=tuple(sorted(solo - {chosen}))), kept


def _alone(record: Record) -> Work:
    """The work of one record."""
    shared = {name: getattr(record, name) for name in _SHARED}
    return Work(id=WorkId(id_of(record)), records=(ref(record),), **shared)


_SHARED: Final = (
    "texts authors journal year volume issue pages doi keywords cited_by cited_by_self cited_by_others kind identifiers raw"
).split()


def _kind(records: Sequence[Record]) -> str:
    """The kind that most records state; article is what is said where nothing is known, so others win a tie."""
    kinds = Counter(r.kind for r in records)
    return max(sorted(kinds), key=lambda kind: (kinds[kind], kind not in ("article", "other")))


def _texts(records: Sequence[Record], kept: dict[str, RecordRef]) -> tuple[Text, ...]:
    """For each language the best title and abstract; the language with title and abstract first, then by records."""
    by_lang: dict[str, list[tuple[Text, Record]]] = {}
    for record in records:
        for text in record.texts:
            by_lang.setdefault(_group(text.lang), []).append((text, record))
    scripts = {name: Counter(text.lang for text, _ in found) for name, found in by_lang.items()}
    texts: list[tuple[Text, int]] = []
    main_langs = Counter(_group(r.lang) for r in records if r.texts)
    for name, found in by_lang.items():
        lang = max(sorted(scripts[name]), key=lambda code: (_weight(found, code), scripts[name][code]))
        titles = [(t.title, r) for t, r in found if t.title]
        abstracts = [(t.abstract, r) for t, r in found if t.abstract]
        title = max(titles, key=lambda pair: _title_rank(pair[0]), default=None)  # of equal ones the first
        abstract = max(abstracts, key=lambda pair: _abstract_rank(pair[0]), default=None)
        suffix = f"@{lang}"
        if title:
            kept[f"title{suffix}"] = ref(title[1])
        if abstract:
            kept[f"abstract{suffix}"] = ref(abstract[1])
        texts.append((Text(lang, title[0] if title else None, abstract[0] if abstract else None), main_langs[name]))
    texts.sort(key=lambda pair: (not (pair[0].title and pair[0].abstract), not pair[0].title, -pair[1], pair[0].lang))
    for part in ("title", "abstract"):
        first = f"{part}@{texts[0][0].lang}" if texts else ""
        if first in kept:
            kept[part] = kept.pop(first)
    return tuple(text for text, _ in texts)


def _group(lang: str) -> str:
    """Languages that are one for merging: both Chinese scripts, and what could not be told."""
    return lang[:2]


def _weight(found: Sequence[tuple[Text, Record]], lang: str) -> int:
    return sum(len(text.abstract or "") for text, _ in found if text.lang == lang)


def _is_shouting(text: str) -> bool:
    letters = [c for c in text if c.isalpha() and c.lower() != c.upper()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _title_rank(title: str) -> tuple[bool, bool, int]:
    return not _is_shouting(title), not title.endswith(("…", "...")), len(fold_key(title))


def _abstract_rank(abstract: str) -> tuple[bool, int]:
    return not abstract.endswith(("…", "...")), len(fold_key(abstract))


def _byline_rank(record: Record, main: str) -> tuple[object, ...]:
    names = record.authors
    is_han = sum("\u3400" <= name[0] <= "\u9fff" for name in names) * 2 > len(names)
    full = sum(
        "\u3400" <= name[0] <= "\u9fff" or any(len(word.strip(".,")) > 1 for word in _given(name)) for name in names
    )
    return (
        is_han == (main == "zh"),
        full,
        len(names),
        not all(map(_is_shouting, names)),
        sum("," in name for name in names),
    )


def _other_bylines(records: Sequence[Record], authors: tuple[str, ...]) -> dict[str, str]:
    """The byline in the other script, in the order of the one that was taken; none where it is not the same people."""
    if not authors:
        return {}
    is_han = has_han(authors[0])
    for record in sorted(records, key=lambda r: (-sum(map(len, r.authors)), r.source, r.number)):
        names = record.authors
        if (
            len(names) != len(authors)
            or has_han(names[0]) == is_han
            or any(f"{OTHER_BYLINE}" in key for key in record.raw)
        ):
            continue
        people = [person(name) for name in names]
        order = [
            next((at for at, one in enumerate(people) if same_person(person(name), one)), None) for name in authors
        ]
        if None not in order and len(set(order)) == len(order):
            lang = "en" if is_han else "zh-hans"
            return {f"{OTHER_BYLINE}{lang}": "; ".join(names[at] for at in order if at is not None)}
    return {}


def _given(name: str) -> list[str]:
    _, comma, given = name.partition(",")
    return given.split() if comma else name.split()[:-1]


def _journal_rank(record: Record, main: str) -> tuple[object, ...]:
    name = record.journal or ""
    is_han = any("\u3400" <= c <= "\u9fff" for c in name)
    return is_han == (main == "zh"), "." not in name, not _is_shouting(name), len(name), name
