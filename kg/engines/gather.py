"""From records on disk to works in shards. In: the ranges that were read, decisions. Out: files of works, and what was left out.

Only records that may be relevant, and those that may be the same work as one of these, are compared: a record that is neither cannot
be part of a work that is kept. A record with too little for itself counts where another one may be the same work. So a
million records of all fields cost a look at their keys, and the works are those that comparing all would give, but for two records
with too little for themselves that only a third one without any such word joins.
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.comparison import MERGE_FROM, features
from kg.decisions import Decision
from kg.duplicates import Evidence, Seen, looked, pairs_of
from kg.engines import local
from kg.engines.record_file import SIGNED, TITLED, RecordFile
from kg.identity import id_of, text_id
from kg.kept import Kept
from kg.model import Record, Work
from kg.works import Works

if TYPE_CHECKING:
    import numpy as np

WORKS_A_SHARD: Final = 1000
_CACHED: Final = 8192
_PAIRS_A_TASK: Final = 20_000
_WORTH_SPREADING: Final = 20_000  # pairs below which one process is as fast as several


class Part(NamedTuple):
    """A range of a source, and the number of the last record before it."""

    records: RecordFile
    slug: str
    before: int


class Drawn(Kept[Record]):
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
        super().__init__(_CACHED)
        self._parts = parts
        self.starts = starts
        self._chosen = chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def fetch(self, at: int) -> Record:
        """The record at a position among those that were chosen."""
        return record_at(self._parts, self.starts, int(self._chosen[at]))


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
    n_works : int
    shards : tuple of Path
        Files of works.
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
    jobs: int = 1,
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
    jobs : int
        Processes that compare.
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
    groups = _merged(parts, relevance, decisions, jobs)
    several = [group for group in groups if max(int(relevance[at]) for at in group) > 0]
    alone = relevance == 2
    for group in groups:
        alone[group] = False
    kept_groups = sorted([*several, *([at] for at in np.flatnonzero(alone).tolist())])
    works = Works(_everything(parts), kept_groups)
    shards = _write_shards(works, folder)
    in_works = np.zeros(n_records, dtype=np.bool_)
    in_works[[at for group in kept_groups for at in group]] = True
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


@dataclass(frozen=True, slots=True)
class CompareTask:
    """Pairs of records to compare.

    Parameters
    ----------
    parts : tuple of (folder, slug, number of the last record before)
    pairs : bytes
        Numbers of 64 bits: the positions of two records among all, the first in the upper half.
    """

    parts: tuple[tuple[str, str, int], ...]
    pairs: bytes


def compare_pairs(task: CompareTask) -> list[Seen]:
    """What is alike among some pairs."""
    import numpy as np

    parts = [Part(RecordFile(Path(folder)), slug, before) for folder, slug, before in task.parts]
    records = _everything(parts)
    of = lru_cache(maxsize=4096)(lambda at: features(records[at]))
    pairs = np.frombuffer(task.pairs, dtype=np.uint64).tolist()
    found = (looked(records, pair >> 32, pair & 0xFFFFFFFF, of) for pair in pairs)
    return [seen for seen in found if seen is not None]


def _everything(parts: Sequence[Part]) -> Drawn:
    import numpy as np

    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part.records))
    return Drawn(parts, starts[:-1], np.arange(starts[-1]))


def _merged(
    parts: Sequence[Part], relevance: np.ndarray[Any, Any], decisions: Sequence[Decision], jobs: int
) -> list[list[int]]:
    """Groups of two and more records that are one work, as far as records that may be relevant have to do with them.

    The search goes outwards: from the records that may be relevant to all that share a key with one of them, from those that were
    merged with one of them to all that share a key with these, until nothing is added. Two records with too little for
    themselves are compared where they share a key.
    """
    import numpy as np

    records = _everything(parts)
    evidence = Evidence(records, decisions)
    keys = np.concatenate([part.records.array("keys") for part in parts] or [np.empty(0, np.int64)])
    owners = np.concatenate(
        [
            part.records.array("owners").astype(np.uint32) + np.uint32(start)
            for start, part in zip(records.starts, parts, strict=True)
        ]
        or [np.empty(0, np.uint32)]
    )
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order]
    edges = np.flatnonzero(np.diff(keys)) + 1
    begins = np.concatenate((np.zeros(min(1, len(keys)), dtype=edges.dtype), edges))
    ends = np.concatenate((edges, np.full(min(1, len(keys)), len(keys), dtype=edges.dtype)))
    several = ends - begins > 1
    begins, ends = begins[several], ends[several]
    is_doi = (keys[begins] & 1).astype(np.bool_)
    front = relevance == 2
    some = relevance > 0
    known = front.copy()
    is_first = True
    while is_first or front.any():
        found = array("Q")
        more: list[int] = []
        before = known & ~front
        if len(begins):
            meets = _in_blocks(front[owners], begins, ends) > 0
            if is_first:
                meets |= _in_blocks(some[owners], begins, ends) > 1
        else:
            meets = np.empty(0, np.bool_)
        # of bytes, one is had five times as fast as of an array
        in_front_of, in_some, in_before = front.tobytes(), some.tobytes(), before.tobytes()
        for block in np.flatnonzero(meets).tolist():
            members = owners[begins[block] : ends[block]].tolist()
            in_front = any(in_front_of[at] for at in members)
            if is_doi[block] and in_front:  # whether a DOI is that of an issue shows in any two that carry it
                more += members
            for left, right in pairs_of(records, members):
                is_near = in_front_of[left] or in_front_of[right]
                if (is_near and not (in_before[left] or in_before[right])) or (
                    is_first and not is_near and in_some[left] and in_some[right]
                ):
                    found.append(left << 32 | right)
        pairs = np.unique(np.frombuffer(found, dtype=np.uint64))
        for seen in _compared(parts, pairs, jobs):
            evidence.add((seen,))
            if seen.weight >= MERGE_FROM:
                more += (seen.left, seen.right)
        for left, right in evidence.forced:
            if known[left] or known[right]:
                more += (left, right)
        front = np.zeros_like(known)
        front[more] = True
        front &= ~known
        known |= front
        is_first = False
    return evidence.settle()[0]


def _in_blocks(
    of: np.ndarray[Any, Any], begins: np.ndarray[Any, Any], ends: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """How many are true in each of some blocks."""
    import numpy as np

    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(of)))
    found: np.ndarray[Any, Any] = sums[ends] - sums[begins]
    return found


def _compared(parts: Sequence[Part], pairs: np.ndarray[Any, Any], jobs: int) -> Iterator[Seen]:
    places = tuple((str(part.records.folder), part.slug, part.before) for part in parts)
    n_each = max(1000, min(_PAIRS_A_TASK, len(pairs) // (4 * jobs) + 1))
    tasks = [CompareTask(places, pairs[at : at + n_each].tobytes()) for at in range(0, len(pairs), n_each)]
    for _, found in local.run(compare_pairs, tasks, jobs if len(pairs) > _WORTH_SPREADING else 1):
        yield from found


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
