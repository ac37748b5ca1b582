"""From records on disk to works in shards. In: the ranges that were read, decisions. Out: files of works, and what was left out.

Only records that may be relevant, and those that may be the same work as one of these, are compared: a record that is neither cannot
be part of a work that is kept. A record with too little for itself counts where another one may be the same work. So a
million records of all fields cost a look at their keys, and the result is the one that comparing all would give.
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

from kg.decisions import Decision
from kg.duplicates import clusters
from kg.engines.record_file import SIGNED, TITLED, RecordFile
from kg.identity import id_of, text_id
from kg.model import Record, Work
from kg.works import Works

if TYPE_CHECKING:
    import numpy as np

WORKS_A_SHARD: Final = 1000
_CACHED: Final = 8192


class Part(NamedTuple):
    """A range of a source, and the number of the last record before it."""

    records: RecordFile
    slug: str
    before: int


class Drawn(Sequence[Record]):
    """Some records of many, by position; the ones used last are kept in memory.

    Parameters
    ----------
    parts : sequence of Part
    starts : sequence of int
        Position of the first record of each part among all.
    chosen : array of int
        Positions among all records, ascending.
    """

    def __init__(self, parts: Sequence[Part], starts: Sequence[int], chosen: np.ndarray[Any, Any]) -> None:
        self._parts = parts
        self._starts = starts
        self._chosen = chosen
        self._cache: OrderedDict[int, Record] = OrderedDict()

    def __len__(self) -> int:
        return len(self._chosen)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        found = self._cache.get(at)
        if found is not None:
            self._cache.move_to_end(at)
            return found
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        found = record_at(self._parts, self._starts, int(self._chosen[at]))
        self._cache[at] = found
        if len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
        return found

    def __iter__(self) -> Iterator[Record]:
        return (self[at] for at in range(len(self)))


def record_at(parts: Sequence[Part], starts: Sequence[int], position: int) -> Record:
    """The record at a position among all, numbered as in its whole source."""
    from bisect import bisect_right

    at = bisect_right(starts, position) - 1
    part = parts[at]
    found = part.records[position - starts[at]]
    if part.before or found.source != part.slug:
        return replace(found, number=found.number + part.before, source=part.slug)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What came of the records.

    Parameters
    ----------
    n_shards, n_works, n_merged : int
        Files of works; works in them; those of several records.
    shards : tuple of Path
    left_out : mapping of slug to list of int
        Numbers of the records that are in no work, by source.
    languages, years : Counter
        Of the records that were left out.
    n_without_title, n_without_authors : int
        Likewise.
    """

    n_works: int
    shards: tuple[Path, ...]
    left_out: dict[str, list[int]] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    n_without_title: int = 0
    n_without_authors: int = 0


def gather(
    parts: Sequence[Part],
    folder: Path,
    *,
    gate_digest: str,
    decisions: Sequence[Decision] = (),
    wanted: Iterable[str] = (),
) -> Gathered:
    """Merge the records that describe the same work, and write the works that may be relevant into files by their ids.

    Parameters
    ----------
    parts : sequence of Part
        In the order of the sources' names, ranges of one source in their order.
    folder : Path
        Gets one file a shard: ``works-00000``, pickled works by id.
    gate_digest : str
        Of the vocabulary by which records were judged; empty to keep all.
    decisions : sequence of Decision
        A person's.
    wanted : iterable of str
        Ids of works that a person has corrected: they are kept too.
    """
    import numpy as np

    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part.records))
    n_records = starts.pop()
    relevance = _judged(parts, n_records, gate_digest)
    named = {name for decision in decisions for name in (decision.left, decision.right)}
    special = _named(parts, starts, named | set(wanted)) if gate_digest and (named or wanted) else set()
    relevance[list(special)] = 2
    chosen, records, groups = _merged(parts, starts, relevance, decisions)
    kept_groups = [
        group
        for group in groups
        if (best := max(int(relevance[int(chosen[at])]) for at in group)) == 2 or (best == 1 and len(group) > 1)
    ]
    works = Works(records, kept_groups)
    shards = _write_shards(works, folder)
    in_works = np.zeros(n_records, dtype=np.bool_)
    in_works[[int(chosen[at]) for group in kept_groups for at in group]] = True
    return _counted(parts, starts, in_works, len(works), shards)


def _judged(parts: Sequence[Part], n_records: int, gate_digest: str) -> np.ndarray[Any, Any]:
    """What can come of each record."""
    import numpy as np

    if not gate_digest:
        return np.full(n_records, 2, dtype=np.uint8)
    found = [part.records.gate(gate_digest) for part in parts]
    return np.concatenate([gate for gate in found if gate is not None] or [np.empty(0, np.uint8)]).copy()


def _named(parts: Sequence[Part], starts: Sequence[int], names: set[str]) -> set[int]:
    """Positions of the records that go by one of some ids."""
    from kg.engines.ranges import records_of

    return {
        start + at
        for start, part in zip(starts, parts, strict=True)
        for at, record in enumerate(records_of(part.records))
        if not names.isdisjoint((id_of(record), record.doi or "", text_id(record)))
    }


def _merged(
    parts: Sequence[Part], starts: Sequence[int], relevance: np.ndarray[Any, Any], decisions: Sequence[Decision]
) -> tuple[np.ndarray[Any, Any], Sequence[Record], list[list[int]]]:
    """Records that may be relevant with those that may be the same work, and their groups.

    A record that was merged may bring others that share a key with it alone, so this goes on until none is new.
    """
    import numpy as np

    if (relevance == 2).all():
        chosen = np.arange(len(relevance))
        everything = Drawn(parts, starts, chosen)
        return chosen, everything, clusters(everything, decisions)[0]
    keys = np.concatenate([part.records.array("keys") for part in parts])
    owners = np.concatenate(
        [part.records.array("owners").astype(np.int64) + start for start, part in zip(starts, parts, strict=True)]
    )
    inside = relevance == 2
    inside |= _in_company(keys, owners, relevance)
    while True:
        near = np.unique(keys[inside[owners]])
        at = np.searchsorted(near, keys)
        at[at == len(near)] = 0
        taken = inside.copy()
        taken[owners[near[at] == keys] if len(near) else []] = True
        chosen = np.flatnonzero(taken)
        records = Drawn(parts, starts, chosen)
        groups, _ = clusters(records, decisions)
        joined = {
            int(chosen[at])
            for group in groups
            if len(group) > 1 and any(inside[int(chosen[at])] for at in group)
            for at in group
        }
        new = [position for position in joined if not inside[position]]
        if not new:
            return chosen, records, groups
        inside[new] = True


def _in_company(
    keys: np.ndarray[Any, Any], owners: np.ndarray[Any, Any], relevance: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Which records with too little for themselves share a key with another that has some word too."""
    import numpy as np

    some = relevance[owners] > 0
    found, first, n_each = np.unique(keys[some], return_inverse=True, return_counts=True)
    shared = n_each[first] > 1 if len(found) else np.empty(0, np.bool_)
    company = np.zeros(len(relevance), dtype=np.bool_)
    company[owners[some][shared]] = True
    found_company: np.ndarray[Any, Any] = company & (relevance == 1)
    return found_company


def _write_shards(works: Works, folder: Path) -> tuple[Path, ...]:
    """One file a shard, works by id; the shard of a work follows from its id and the number of shards alone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    n_shards = 1
    while n_shards * WORKS_A_SHARD < len(works):
        n_shards *= 2
    in_shard: list[list[int]] = [[] for _ in range(n_shards)]
    for at, name in enumerate(works.ids):
        in_shard[shard_of(name, n_shards)].append(at)
    paths = []
    for number, ats in enumerate(in_shard):
        path = folder / f"works-{number:05d}"
        with path.open("wb", buffering=1 << 20) as file:
            for at in sorted(ats, key=lambda at: works.ids[at]):
                file.write(pickle.dumps(works[at], protocol=5))
        paths.append(path)
    return tuple(paths)


def shard_of(work_id: str, n_shards: int) -> int:
    """The shard of a work."""
    digest = hashlib.blake2b(work_id.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % n_shards


def works_in(path: Path) -> Iterator[Work]:
    """The works of a shard, by id."""
    with path.open("rb", buffering=1 << 20) as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def _counted(
    parts: Sequence[Part],
    starts: Sequence[int],
    in_works: np.ndarray[Any, Any],
    n_works: int,
    shards: tuple[Path, ...],
) -> Gathered:
    """What is to be said of the records that are in no work."""
    import numpy as np

    left_out: dict[str, list[int]] = {}
    languages: Counter[str] = Counter()
    years: Counter[str] = Counter()
    n_untitled = n_unsigned = 0
    for start, part in zip(starts, parts, strict=True):
        out = np.flatnonzero(~in_works[start : start + len(part.records)])
        if not len(out):
            continue
        left_out.setdefault(part.slug, []).extend(
            (part.records.array("numbers")[out].astype(np.int64) + part.before).tolist()
        )
        names = part.records.meta["langs"]
        codes, n_each = np.unique(part.records.array("langs")[out], return_counts=True)
        languages.update({names[code]: int(n) for code, n in zip(codes.tolist(), n_each, strict=True)})
        found, n_each = np.unique(part.records.array("years")[out], return_counts=True)
        years.update(
            {"" if year == -32_768 else str(year): int(n) for year, n in zip(found.tolist(), n_each, strict=True)}
        )
        has = part.records.array("has")[out]
        n_untitled += int(((has & TITLED) == 0).sum())
        n_unsigned += int(((has & SIGNED) == 0).sum())
    return Gathered(
        n_works=n_works, shards=shards, left_out=left_out, languages=languages, years=years,
        n_without_title=n_untitled, n_without_authors=n_unsigned,
    )  # fmt: skip
