"""Which records describe the same work. In: records, a person's decisions. Out: groups of records, pairs with reasons.

Two steps, so that a million records stay feasible: records that share a key (a DOI, a folded title, a sentence of the abstract,
author and year …) are candidates; each pair of candidates is compared (`kg.comparison`).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from kg import journals
from kg.comparison import DOUBT_FROM, MERGE_FROM, SAME_DOI, Comparison, Features, compare, features, plain_number
from kg.decisions import Decision
from kg.identity import PERSISTENT, id_of, text_id
from kg.likeness import person, title_key
from kg.model import Record, RecordRef
from kg.pinyin import has_han
from kg.text import fold_key, folded_last, letters

_WINDOW: Final = 12  # in a large block a record is compared with so many neighbours
_LARGE_BLOCK: Final = 48
_IN_DICTIONARY: Final = 20_000  # up to so many records keys are grouped in a dictionary, beyond by sorting their hashes

Verdict = Literal["merged", "doubtful", "different"]


class Pair(NamedTuple):
    """Two records that look alike: how sure it is that they are one work, and why."""

    left: RecordRef
    right: RecordRef
    score: float
    reasons: tuple[str, ...]
    verdict: Verdict


# --- candidates --------------------------------------------------------------------------------------------------------


_STOPS: Final = "。!?！？;；\n"


def _abstract_keys(abstract: str) -> Iterator[tuple[str, ...]]:
    """The three longest sentences, and how it opens: an abstract that was cut or has lost its label still shares one."""
    stopped = abstract
    for stop in _STOPS:
        if stop in stopped:
            stopped = stopped.replace(stop, ".")
    begin = 0
    spans: list[tuple[int, int]] = []
    for sentence in stopped.split("."):
        end = begin + len(sentence)
        spans.append((begin - end, begin))
        begin = end + 1
    spans.sort()
    # Of a text that folds character by character a part folds like the whole.
    folded = folded_last(abstract)
    whole = folded.text if folded.same_offsets and "- " not in folded.text else None

    def key(begin: int, end: int) -> str:
        return fold_key(abstract[begin:end]) if whole is None else letters(whole[begin:end])

    is_ascii = abstract.isascii()
    n_found = 0
    for length, begin in spans[:3]:
        sentence = key(begin, begin - length)
        if len(sentence) >= (16 if not is_ascii and has_han(abstract[begin : begin - length]) else 40):
            n_found += 1
            yield "sentence", sentence
    opening = key(0, 90)
    yield "opens", opening[: 20 if not is_ascii and has_han(opening[:20]) else 50]
    if not n_found:
        yield "abstract", key(0, len(abstract))


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
    readings = {reading for name in record.authors[:2] for reading in person(name).readings}
    surnames = {surname for surname, _ in readings}
    for text in record.texts:
        if text.title:
            read = title_key(text.title)
            if read.is_generic:
                keys.extend(("generic", read.key, year, surname) for surname in surnames)
                keys.append(
                    ("generic", read.key, year, plain_number(record.pages) or "", plain_number(record.issue) or "")
                )
            else:
                keys.append(("title", read.key))
                if len(read.base) >= (4 if read.is_han else 10) and read.base != read.key:
                    keys.append(("title", read.base))
                keys.append(("begins", read.key[: 8 if read.is_han else 24], year))
                keys.append(("ends", read.key[-8 if read.is_han else -24 :], year))
        if text.abstract:
            keys.extend(_abstract_keys(text.abstract))
    page = plain_number(record.pages)
    if page and year:
        keys.append(("page", year, page, plain_number(record.volume) or plain_number(record.issue) or ""))
        keys.extend(("author page", surname, year, page) for surname in surnames)
    if record.journal and year:
        # A surname alone is that of a tenth of the authors of a Chinese journal.
        signed = {(surname, given[0][:1] if given else "") for surname, given in readings}
        journal = journals.key(record.journal)
        keys.extend(("author journal", surname, initial, year, journal) for surname, initial in signed)
    return keys


# --- grouping ----------------------------------------------------------------------------------------------------------


class _Groups:
    """Sets of positions that are joined, with a veto: two records that must not be together keep their sets apart."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}
        self.members: dict[int, list[int]] = {}

    def root(self, at: int) -> int:
        parent = self.parent
        while (above := parent.get(at, at)) != at:
            parent[at] = parent.get(above, above)
            at = above
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
    evidence = Evidence(records, decisions)
    looked_at = lru_cache(maxsize=4_096)(lambda at: features(records[at]))
    evidence.add(seen for pair in _candidates(records) if (seen := looked(records, *pair, looked_at)) is not None)
    groups, pairs = evidence.settle()
    joined = {at for group in groups for at in group}
    return sorted([*groups, *([at] for at in range(len(records)) if at not in joined)]), pairs


class Seen(NamedTuple):
    """What comparing two records gave, where it matters: they carry one DOI, or are alike."""

    left: int
    right: int
    weight: float
    reasons: tuple[str, ...]
    doi: str | None
    clash: bool


def looked(
    records: Sequence[Record], left: int, right: int, of: Callable[[int], Features] | None = None
) -> Seen | None:
    """Compare two records; None where they are not alike and carry no DOI in common."""
    one, other = records[left], records[right]
    doi = one.doi if one.doi and one.doi == other.doi else None
    enough = DOUBT_FROM if doi is None else -math.inf
    found = compare(one, other, *((of(left), of(right)) if of else ()), at_least=enough)
    if doi is None and found.weight < DOUBT_FROM:
        return None
    return Seen(left, right, found.weight, found.reasons, doi, found.clash)


class Evidence:
    """What is known of pairs of records, and what follows from it.

    Parameters
    ----------
    records : sequence of Record
    decisions : sequence of Decision
    """

    def __init__(self, records: Sequence[Record], decisions: Sequence[Decision] = ()) -> None:
        self.records = records
        self.forced, self.forbidden = _decided(records, decisions)
        self._seen: list[Seen] = []

    def add(self, seen: Iterable[Seen]) -> None:
        """Take in what comparing gave; each pair once."""
        decided = self.forced | self.forbidden
        self._seen += [one for one in seen if not decided or (one.left, one.right) not in decided]

    def settle(self) -> tuple[list[list[int]], list[Pair]]:
        """Groups of two and more positions, sorted, and the pairs that were looked at: surest first."""
        records, forced, forbidden = self.records, self.forced, self.forbidden
        groups = _Groups()
        for left, right in sorted(forced):
            groups.join(left, right)
        said = {at for pair in forced for at in pair}
        # DOIs of issues and volumes, which several of their articles carry
        shared = {one.doi for one in self._seen if one.doi is not None and one.clash}
        scored: list[tuple[float, RecordRef, RecordRef, int, int, tuple[str, ...]]] = []
        for left, right, weight, reasons, doi, _ in self._seen:
            if doi is not None and doi in shared:
                weight += 1.0 - SAME_DOI
                reasons = (*reasons, "but other works carry this DOI too")
            scored.append((-weight, *_refs(records, left, right), left, right, reasons))
        scored.sort(key=lambda item: item[:3])
        pairs: list[Pair] = []
        for left, right in sorted(forced):
            pairs.append(Pair(*_refs(records, left, right), 1.0, ("a person decided: the same",), "merged"))
        for weight, first, second, left, right, reasons in scored:
            score = Comparison(-weight, ()).score
            verdict: Verdict = "different" if -weight < DOUBT_FROM else "doubtful"
            if -weight >= MERGE_FROM:
                veto = _veto(records, groups, left, right, forbidden, said)
                if veto is None:
                    groups.join(left, right)
                    verdict = "merged"
                else:
                    reasons = (*reasons, veto)
            pairs.append(Pair(first, second, score, reasons, verdict))
        for left, right in sorted(forbidden):
            pairs.append(Pair(*_refs(records, left, right), 0.0, ("a person decided: different",), "different"))
        return sorted(sorted(members) for members in groups.members.values()), pairs


def _refs(records: Sequence[Record], left: int, right: int) -> tuple[RecordRef, RecordRef]:
    found = [RecordRef(r.source, r.number, r.where) for r in (records[left], records[right])]
    return min(found), max(found)


def _veto(
    records: Sequence[Record],
    groups: _Groups,
    left: int,
    right: int,
    forbidden: set[tuple[int, int]],
    said: set[int],
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
            if pair == (min(left, right), max(left, right)) or a in said or b in said:
                continue
            if _contradict(records[a], records[b]):
                return "a record merged with it contradicts"
    return None


def _contradict(left: Record, right: Record) -> bool:
    """Whether two records surely are two works, whatever a third one says."""
    found = compare(left, right)
    return found.clash or found.weight <= -6.0


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


def _candidates(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs of positions that share a key, each once, in order."""
    pairs: set[int] = set()
    for members in _blocks(records):
        pairs.update(left << 32 | right for left, right in pairs_of(records, members))
    for pair in sorted(pairs):
        yield pair >> 32, pair & 0xFFFFFFFF


def pairs_of(records: Sequence[Record], members: list[int]) -> Iterator[tuple[int, int]]:
    """The pairs of a block that are compared, the smaller position first: all, of a large block those in a window."""
    width = len(members)
    if width > _LARGE_BLOCK:
        width = _WINDOW
        members = sorted(members, key=lambda at: _place(records[at]))
    for i, left in enumerate(members):
        for right in members[i + 1 : i + 1 + width]:
            yield (left, right) if left < right else (right, left)


def _place(record: Record) -> tuple[str, int, str, int]:
    """Where a record stands among those of a large block: beside those most like it, whatever the order of sources."""
    return fold_key((record.title or record.abstract or "")[:80]), record.year or 0, record.source, record.number


def _blocks(records: Sequence[Record]) -> Iterator[list[int]]:
    """Positions of the records that share a key, for each key that two or more have."""
    if len(records) <= _IN_DICTIONARY:
        by_key: dict[tuple[str, ...], list[int]] = {}
        for at, record in enumerate(records):
            for key in dict.fromkeys(block_keys(record)):
                by_key.setdefault(key, []).append(at)
        yield from (members for members in by_key.values() if len(members) > 1)
        return
    import numpy as np

    hashes, positions = array("q"), array("I")
    for at, record in enumerate(records):
        found = set(map(hash, block_keys(record)))
        hashes.extend(found)
        positions.extend([at] * len(found))
    keys, ats = np.frombuffer(hashes, dtype=np.int64), np.frombuffer(positions, dtype=np.uint32)
    sorting = np.argsort(keys, kind="stable")
    keys, ats = keys[sorting], ats[sorting]
    edges = np.flatnonzero(np.diff(keys)) + 1
    starts = np.concatenate((np.zeros(1, dtype=edges.dtype), edges))
    ends = np.concatenate((edges, np.full(1, len(keys), dtype=edges.dtype)))
    for block in np.flatnonzero(ends - starts > 1).tolist():
        yield ats[starts[block] : ends[block]].tolist()
