"""Which records describe the same work. In: records, a person's decisions. Out: groups of records, pairs with reasons.

Two steps, so that a million records stay feasible: records that share a key (a DOI, a folded title, a sentence of the abstract,
author and year …) are candidates; each pair of candidates is compared, and what speaks for and against is added up. The
weights are logarithms of odds, rounded, set on pairs labelled by hand (``tests/gold/duplicates.jsonl``).
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from kg import journals
from kg.identity import PERSISTENT, id_of, text_id
from kg.likeness import TextRelation, Title, TitleRelation, abstracts, bylines, person, title, titles
from kg.model import Record, RecordRef
from kg.pinyin import has_han
from kg.text import fold_key

MERGE_FROM: Final = 6.0  # sum of weights from which two records are one work
DOUBT_FROM: Final = 3.0  # below it, a person need not look
_WINDOW: Final = 12  # in a large block a record is compared with so many neighbours
_LARGE_BLOCK: Final = 48

Verdict = Literal["merged", "doubtful", "different"]


class Decision(NamedTuple):
    """What a person said of two works, named by any of their ids."""

    left: str
    right: str
    same: bool


class Pair(NamedTuple):
    """Two records that look alike: how sure it is that they are one work, and why."""

    left: RecordRef
    right: RecordRef
    score: float
    reasons: tuple[str, ...]
    verdict: Verdict


# --- what is compared --------------------------------------------------------------------------------------------------


class Features(NamedTuple):
    """A record, ready for comparing."""

    titles: tuple[Title, ...]
    abstracts: tuple[str, ...]
    first_page: str | None
    volume: str | None
    issue: str | None


def _plain_number(text: str | None) -> str | None:
    """A volume, an issue or a page without leading zeros and marks."""
    found = re.search(r"[A-Za-z]?\d+", text or "")
    return re.sub(r"\A([A-Za-z]?)0+(?=\d)", r"\1", found.group()).lower() if found else None


def features(record: Record) -> Features:
    """The parts of a record that are compared, folded."""
    return Features(
        tuple(title(text.title) for text in record.texts if text.title),
        tuple(key for text in record.texts if text.abstract and len(key := fold_key(text.abstract)) > 20),
        _plain_number(record.pages),
        _plain_number(record.volume),
        _plain_number(record.issue),
    )


_SENTENCE: Final = re.compile(r"[.。!?！？;；\n]+")


def _key_sentences(abstract: str) -> list[str]:
    """The three longest sentences: an abstract that was cut or has lost its label still shares one."""
    sentences = sorted(_SENTENCE.split(abstract), key=len, reverse=True)[:3]
    return [key for sentence in sentences if len(key := fold_key(sentence)) >= (16 if has_han(sentence) else 40)]


def block_keys(record: Record) -> list[tuple[str, ...]]:
    """The keys under which a record meets those that may be the same work."""
    keys: list[tuple[str, ...]] = []
    if record.doi:
        keys.append(("doi", record.doi))
    for scheme in PERSISTENT:
        value = record.identifiers.get(scheme)
        if value:
            keys.append((scheme, value.lower()))
    if record.identifiers.get("isbn") and record.kind == "book":
        keys.append(("isbn", record.identifiers["isbn"]))
    if record.id:
        keys.append(("id", record.id))
    year = str(record.year or "")
    surnames = {surname for name in record.authors[:2] for surname, _ in person(name).readings}
    for text in record.texts:
        if text.title:
            read = title(text.title)
            if read.is_generic:
                keys.extend(("generic", read.key, year, surname) for surname in surnames)
                keys.append(
                    ("generic", read.key, year, _plain_number(record.pages) or "", _plain_number(record.issue) or "")
                )
            else:
                keys.append(("title", read.key))
                if len(read.base) >= (4 if read.is_han else 10) and read.base != read.key:
                    keys.append(("title", read.base))
                keys.append(("begins", read.key[: 8 if read.is_han else 24], year))
                keys.append(("ends", read.key[-8 if read.is_han else -24 :], year))
        if text.abstract:
            keys.append(("abstract", fold_key(text.abstract)))
            keys.extend(("sentence", sentence) for sentence in _key_sentences(text.abstract))
    page = _plain_number(record.pages)
    if page and year:
        keys.append(("page", year, page, _plain_number(record.volume) or _plain_number(record.issue) or ""))
        keys.extend(("author page", surname, year, page) for surname in surnames)
    if record.journal and year:
        keys.extend(("author journal", surname, year, journals.key(record.journal)) for surname in surnames)
    return keys


# --- comparing ---------------------------------------------------------------------------------------------------------

_TITLE_WEIGHT: Final[dict[TitleRelation, float]] = {
    "equal": 5.0, "base": 3.5, "near": 3.5, "close": -4.0, "different": -8.0, "unknown": 0.0, "part": -12.0
}  # fmt: skip
_ABSTRACT_WEIGHT: Final[dict[TextRelation, float]] = {
    "equal": 9.0,
    "near": 7.0,
    "overlap": 1.0,
    "different": -5.0,
    "unknown": 0.0,
}


class Comparison(NamedTuple):
    """The sum of what speaks for and against, and the reasons in words."""

    weight: float
    reasons: tuple[str, ...]

    @property
    def score(self) -> float:
        """Between 0 and 1; 0.5 where the two begin to be one work."""
        return round(1 / (1 + math.exp((MERGE_FROM - self.weight) / 1.5)), 3)


class _Sum:
    """Adds up reasons."""

    def __init__(self) -> None:
        self.weight = 0.0
        self.reasons: list[str] = []

    def add(self, weight: float, reason: str) -> None:
        self.weight += weight
        if weight:
            self.reasons.append(f"{reason} ({weight:+g})")


def compare(left: Record, right: Record, of: Features | None = None, other: Features | None = None) -> Comparison:
    """What speaks for two records being one work, and what against it.

    Parameters
    ----------
    left, right : Record
    of, other : Features, optional
        Those of the two, where they are at hand.

    Returns
    -------
    Comparison
        From `MERGE_FROM` on they are the same.
    """
    of, other = of or features(left), other or features(right)
    total = _Sum()
    relation, generic = _titles(of, other)
    _add_ids(total, left, right, relation)
    _add_title(total, of, other, relation, generic)
    _add_abstract(total, of, other, relation)
    authors = bylines(left.authors, right.authors)
    _add_authors(total, left, right, authors)
    _add_place(total, left, right, of, other, generic)
    if left.kind != right.kind and "other" not in (left.kind, right.kind):
        is_mild = relation == "equal" and left.year == right.year and authors in ("same", "unknown")
        total.add(-0.5 if is_mild else -2.0, f"{left.kind} and {right.kind}")
    return Comparison(round(total.weight, 2), tuple(total.reasons))


_RELATION_RANK: Final = ("equal", "base", "near", "unknown", "close", "different", "part")


def _titles(of: Features, other: Features) -> tuple[TitleRelation, bool]:
    """The best relation between any two titles of the same script, and whether the titles are generic."""
    if not of.titles or not other.titles:
        return "unknown", False
    best: TitleRelation = "unknown"
    found: list[TitleRelation] = [titles(first, second) for first in of.titles for second in other.titles]
    known = [relation for relation in found if relation != "unknown"]
    if known:
        best = min(known, key=_RELATION_RANK.index)
    return best, of.titles[0].is_generic or other.titles[0].is_generic


def _add_ids(total: _Sum, left: Record, right: Record, relation: TitleRelation) -> None:
    if left.doi and right.doi:
        if left.doi == right.doi:
            total.add(8.0, "same DOI")
        else:
            total.add(-5.0, "different DOIs")
            if left.year and right.year and abs(left.year - right.year) > 1:
                total.add(-6.0, "and different years")
    for scheme in PERSISTENT:
        first, second = left.identifiers.get(scheme), right.identifiers.get(scheme)
        if first and second:
            if first.lower() == second.lower():
                total.add(8.0, f"same {scheme} id")
            elif scheme in ("pmid", "pmcid", "wos", "scopus"):
                total.add(-4.0, f"different {scheme} ids")
    if left.kind == right.kind == "book":
        first, second = left.identifiers.get("isbn"), right.identifiers.get("isbn")
        if first and second:
            total.add(6.0 if first == second else -2.0, "same ISBN" if first == second else "different ISBNs")
    if left.id and left.id == right.id:
        total.add(4.0 if relation in ("equal", "base", "near", "unknown") else 0.0, "same id in their sources")


def _add_title(total: _Sum, of: Features, other: Features, relation: TitleRelation, generic: bool) -> None:
    weight = _TITLE_WEIGHT[relation]
    if generic and relation in ("equal", "base", "near"):
        total.add(0.5, "the same title, which many works have")
        return
    if relation == "equal":
        shared = min((t.key for t in of.titles if t.key in {o.key for o in other.titles}), key=len, default="")
        length = len(shared) * (2.5 if has_han(shared) else 1)
        weight = 6.5 if length >= 30 else 5.0 if length >= 18 else 3.5
    words = {"equal": "same title", "base": "same title but for the subtitle", "near": "titles differ as typing errors do",
             "close": "titles share most words, but not all", "different": "different titles", "part": "titles of different parts, editions or kinds",
             "unknown": ""}  # fmt: skip
    total.add(weight, words[relation])


def _add_abstract(total: _Sum, of: Features, other: Features, relation: TitleRelation) -> None:
    found = [abstracts(first, second) for first in of.abstracts for second in other.abstracts]
    known = [item for item in found if item != "unknown"]
    if not known:
        return
    order = ("equal", "near", "overlap", "different")
    best = min(known, key=order.index)
    weight = _ABSTRACT_WEIGHT[best]
    if best == "equal":
        shared = next(key for key in of.abstracts if key in other.abstracts)
        if len(shared) < (30 if has_han(shared) else 80):
            weight = 3.0
    if best == "different" and relation == "equal":
        weight = -3.0
    if best in ("equal", "near") and relation == "part":
        weight = min(weight, 4.0)
    total.add(
        weight,
        {
            "equal": "same abstract",
            "near": "nearly the same abstract",
            "overlap": "abstracts overlap",
            "different": "different abstracts",
        }[best],
    )


def _add_authors(total: _Sum, left: Record, right: Record, relation: str) -> None:
    if relation == "same":
        total.add(3.0, "same authors")
    elif relation == "compatible":
        total.add(2.0, "authors fit")
    elif relation == "disjoint":
        total.add(-5.0, "different authors")


def _add_place(total: _Sum, left: Record, right: Record, of: Features, other: Features, generic: bool) -> None:
    if left.year and right.year:
        apart = abs(left.year - right.year)
        if apart == 0:
            total.add(1.5, "same year")
        elif apart > 1:
            total.add(-3.5 if apart < 4 else -4.5, f"{apart} years apart")
    same_journal = journals.same(left.journal, right.journal) if left.journal and right.journal else None
    if same_journal is not None:
        total.add(1.0 if same_journal else -1.5, "same journal" if same_journal else "different journals")
    if of.volume and other.volume and of.volume != other.volume:
        total.add(-1.5, "different volumes")
    if of.issue and other.issue:
        if of.issue != other.issue:
            total.add(-2.0, "different issues")
        elif left.year == right.year and left.year and same_journal is not False:
            total.add(0.5, "same issue")
    if of.first_page and other.first_page:
        if of.first_page == other.first_page:
            total.add(2.5 if same_journal is not False else 1.0, "same first page")
        elif same_journal is not False:
            total.add(-4.0, "different pages")


# --- grouping ----------------------------------------------------------------------------------------------------------


class _Groups:
    """Sets of positions that are joined, with a veto: two records that must not be together keep their sets apart."""

    def __init__(self, n: int) -> None:
        self.parent = array("q", range(n))
        self.members: dict[int, list[int]] = {}

    def root(self, at: int) -> int:
        while self.parent[at] != at:
            self.parent[at] = self.parent[self.parent[at]]
            at = self.parent[at]
        return at

    def group(self, at: int) -> list[int]:
        return self.members.get(at, [at])

    def join(self, left: int, right: int) -> None:
        first, second = sorted((self.root(left), self.root(right)))
        if first != second:
            self.members[first] = [*self.group(first), *self.group(second)]
            self.members.pop(second, None)
            self.parent[second] = first


def clusters(records: Sequence[Record], decisions: Sequence[Decision] = ()) -> tuple[list[list[int]], list[Pair]]:
    """Groups of positions in `records` that are one work each, and the pairs that are merged or doubtful.

    Parameters
    ----------
    records : sequence of Record
        A list, or a `kg.shelf.Shelf` where they are many.
    decisions : sequence of Decision

    Returns
    -------
    groups : list of list of int
        Every position once, the smallest of a group first.
    pairs : list of Pair
        Surest first.

    Notes
    -----
    About n log n: blocks are found by sorting, a block of more than 48 records is compared within a window. The result
    does not depend on the order of records: pairs are taken surest first, ties by where their records come from.
    """
    groups = _Groups(len(records))
    forced, forbidden = _decided(records, decisions)
    for left, right in sorted(forced):
        groups.join(left, right)
    scored: list[tuple[float, RecordRef, RecordRef, int, int, tuple[str, ...]]] = []
    featured = lru_cache(maxsize=4_096)(lambda at: features(records[at]))
    for left, right in _candidates(records):
        if (left, right) in forbidden or (left, right) in forced:
            continue
        found = compare(records[left], records[right], featured(left), featured(right))
        if found.weight >= DOUBT_FROM or any(reason.startswith("same DOI") for reason in found.reasons):
            scored.append((-found.weight, *_refs(records, left, right), left, right, found.reasons))
    scored.sort(key=lambda item: item[:3])
    pairs: list[Pair] = []
    for left, right in sorted(forced):
        pairs.append(Pair(*_refs(records, left, right), 1.0, ("a person decided: the same",), "merged"))
    for weight, first, second, left, right, reasons in scored:
        score = Comparison(-weight, ()).score
        verdict: Verdict = "different" if -weight < DOUBT_FROM else "doubtful"
        if -weight >= MERGE_FROM:
            veto = _veto(records, groups, left, right, forbidden)
            if veto is None:
                groups.join(left, right)
                verdict = "merged"
            else:
                reasons = (*reasons, veto)
        pairs.append(Pair(first, second, score, reasons, verdict))
    for left, right in sorted(forbidden):
        pairs.append(Pair(*_refs(records, left, right), 0.0, ("a person decided: different",), "different"))
    found_groups: dict[int, list[int]] = {}
    for at in range(len(records)):
        found_groups.setdefault(groups.root(at), []).append(at)
    return list(found_groups.values()), pairs


def _refs(records: Sequence[Record], left: int, right: int) -> tuple[RecordRef, RecordRef]:
    found = [RecordRef(r.source, r.number, r.where) for r in (records[left], records[right])]
    return min(found), max(found)


def _veto(
    records: Sequence[Record], groups: _Groups, left: int, right: int, forbidden: set[tuple[int, int]]
) -> str | None:
    """Why two groups must stay apart although these two records are alike, None where they need not."""
    first, second = groups.root(left), groups.root(right)
    if first == second:
        return None
    for a in groups.group(first)[:12]:
        for b in groups.group(second)[:12]:
            pair = (min(a, b), max(a, b))
            if pair in forbidden:
                return "a person decided that a record merged with it is different"
            if pair != (min(left, right), max(left, right)) and _contradict(records[a], records[b]):
                return "a record merged with it contradicts"
    return None


def _contradict(left: Record, right: Record) -> bool:
    """Whether two records surely are two works, whatever a third one says."""
    return compare(left, right).weight <= -6.0


def _decided(
    records: Sequence[Record], decisions: Sequence[Decision]
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Pairs of positions that a person said are the same, and those that are different."""
    if not decisions:
        return set(), set()
    wanted = {name for decision in decisions for name in (decision.left, decision.right)}
    at_id: dict[str, list[int]] = {}
    for at, record in enumerate(records):
        for name in {id_of(record), record.doi, text_id(record)} & wanted:
            if name is not None:
                at_id.setdefault(name, []).append(at)
    forced: set[tuple[int, int]] = set()
    forbidden: set[tuple[int, int]] = set()
    for decision in decisions:
        for left in at_id.get(decision.left, ()):
            for right in at_id.get(decision.right, ()):
                if left != right:
                    (forced if decision.same else forbidden).add((min(left, right), max(left, right)))
    return forced - forbidden, forbidden


def _candidates(records: Iterable[Record]) -> Iterator[tuple[int, int]]:
    """Pairs of positions that share a key, each once."""
    import numpy as np

    hashes, positions = array("q"), array("L")
    for at, record in enumerate(records):
        for key in set(map(hash, block_keys(record))):
            hashes.append(key)
            positions.append(at)
    if not hashes:
        return
    keys, ats = np.frombuffer(hashes, dtype=np.int64), np.frombuffer(positions, dtype=np.dtype("L")).astype(np.int64)
    sorting = np.lexsort((ats, keys))
    keys, ats = keys[sorting], ats[sorting]
    edges = np.flatnonzero(np.diff(keys)) + 1
    starts = np.concatenate(([0], edges))
    ends = np.concatenate((edges, [len(keys)]))
    several = np.flatnonzero(ends - starts > 1)
    pairs = array("Q")
    for block in several.tolist():
        members: list[int] = ats[starts[block] : ends[block]].tolist()
        width = len(members) if len(members) <= _LARGE_BLOCK else _WINDOW
        for i, left in enumerate(members):
            for right in members[i + 1 : i + 1 + width]:
                pairs.append(left << 32 | right)
    for pair in np.unique(np.frombuffer(pairs, dtype=np.uint64)).tolist() if pairs else ():
        yield pair >> 32, pair & 0xFFFFFFFF
