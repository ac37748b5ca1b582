"""One shard of a build. In: works without tags. Out: a folder with their part of everything that a build writes, counts.

A build's works are dealt out to shards by a hash of their ids (`shard_of`), in so many shards that one has some
`WORKS_A_SHARD` works (`n_shards`): neither depends on the machine, the number of processes or the order of sources. A
`ShardTask` names where the works of one shard are and where its folder goes; `write_shard` does all that costs time (tags,
triples, rows of tables and of the index) and gives back counts, never tags. It may run on any machine that has this
package, twice at once, and again after a failure: a folder is written aside and renamed when it is whole; whoever comes
second finds it there. What is the same for all shards stands in a `Setting`, which is sent to a machine once.

An engine of one's own needs no more than::

    for task in tasks:                        # anywhere, in any order
        counts = write_shard(task, setting)   # a small frozen value

or, where works come as values instead of files, ``write_works(works, number, folder, setting)``. The folders of all
shards then go to `kg.engines.joining`, which makes the files of a build of them.

A shard's folder holds::

    quads/<graph>/part-00012.nq   sorted lines, as in the output
    quads/.shared/*-00012         what works share, for `kg.rdf.files.finish`
    works.jsonl                   the works that are kept, tagged and corrected, in order of their ids
    aside.jsonl                   tagged works that are not kept, or were corrected: so that nothing is tagged twice
    pairs.jsonl                   rows of pairs.csv in their order, as arrays
    counts.json                   the `ShardCounts`; written last
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import corrections as corrected_tags
from kg import jsonl
from kg.evidence import pair_rows
from kg.model import KINDS, TaggedWork, Work
from kg.rdf.files import SHARED, Frame, write_part
from kg.rdf.meta import Provenance
from kg.terms import Base

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.corrections import Correction
    from kg.tagging.tagger import Tagger

WORKS_A_SHARD: Final = 1000
COUNTS: Final = "counts.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is the same for all shards of a build; pickles, some 3 MB.

    Parameters
    ----------
    authority : Authority
    base : Base
    provenance : Provenance
        Names the runs: version, ontology, sources with their hashes. Its counts are not looked at.
    corrections : tuple of Correction
    keeps_all : bool
        Whether works on no alliance, concept or group are written too.
    program : str
        A hash of the program, where a changed program shall tag anew.
    """

    authority: Authority
    base: Base = field(default_factory=Base)
    provenance: Provenance = field(default_factory=Provenance)
    corrections: tuple[Correction, ...] = ()
    keeps_all: bool = False
    program: str = ""

    @property
    def frame(self) -> Frame:
        """What writing triples needs."""
        return Frame(authority=self.authority, base=self.base, provenance=self.provenance)

    @property
    def tags_digest(self) -> str:
        """A hash of what decides on tags beside the work itself."""
        return _hash(self.program, self.authority.digest)

    def digest_for(self, works: Iterable[Work]) -> str:
        """A hash of what decides on a shard's folder beside its works: of sources and corrections only those in it."""
        works = list(works)
        names = {name for work in works for name in (work.id, *work.aliases)}
        slugs = sorted({work.source or "" for work in works})
        runs = [f"{slug} {self.provenance.run_id(slug or None)}" for slug in slugs]
        said = [str(one) for one in self.corrections if one.work in names]
        return _hash(self.tags_digest, self.base.iri, str(self.keeps_all), *runs, *said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardTask:
    """One shard to write; all strings, so that it goes anywhere.

    Parameters
    ----------
    number : int
    works : str
        Path of JSON Lines: works without tags as `kg.jsonl` writes them, in order of their ids, each id once.
    folder : str
        Folder to write; where it is there and whole, nothing is done.
    known : tuple of str
        Folders of earlier shards, whose tags are taken for works that are still the same.
    """

    number: int
    works: str
    folder: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardCounts:
    """What a shard holds: small, so that it travels.

    Parameters
    ----------
    number : int
    n_works, n_kept, n_relevant, n_merged, n_mentions : int
    n_without_title, n_without_year, n_without_authors : int
    n_tagged : int
        Works whose tags were not at hand.
    languages, years : mapping to the number of works
        Years as text, "" for none.
    tags : mapping of kind to mapping of tag id to the number of works
    read, kept : mapping of source to the number of works
    left_out : mapping of source to numbers of records
        First records of works that are not kept.
    """

    number: int
    n_works: int = 0
    n_kept: int = 0
    n_relevant: int = 0
    n_merged: int = 0
    n_mentions: int = 0
    n_without_title: int = 0
    n_without_year: int = 0
    n_without_authors: int = 0
    n_tagged: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    read: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> ShardCounts | None:
        """Those of a folder that is whole, None where it is not."""
        try:
            return cls(**json.loads((folder / COUNTS).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None


def n_shards(n_works: int) -> int:
    """In how many shards so many works go: the smallest power of two with some `WORKS_A_SHARD` in each, or fewer.

    >>> n_shards(0), n_shards(1000), n_shards(1001), n_shards(100_000)
    (1, 1, 2, 128)
    """
    return 1 << max(0, (n_works - 1) // WORKS_A_SHARD).bit_length()


def shard_of(work_id: str, of: int) -> int:
    """The number of a work's shard; of twice as many shards each holds half of one of these.

    >>> shard_of("w0000001", 1), shard_of("w0000001", 2), shard_of("w0000001", 4)
    (0, 1, 3)
    """
    return int.from_bytes(hashlib.blake2b(work_id.encode("utf-8", "replace"), digest_size=4).digest()) % of


def write_shard(task: ShardTask, setting: Setting) -> ShardCounts:
    """Write one shard; what was written before is left and counted.

    Raises
    ------
    OSError
        The works cannot be read, or the folder cannot be written.
    """
    folder = Path(task.folder)
    known = ShardCounts.load(folder)
    if known is not None:
        return known
    works = list(read_works(Path(task.works)))
    return write_works(works, task.number, folder, setting, tuple(map(Path, task.known)))


def write_works(
    works: Iterable[Work], number: int, folder: Path, setting: Setting, known: Iterable[Path] = ()
) -> ShardCounts:
    """Tag the works of a shard and write its folder.

    Parameters
    ----------
    works : iterable of Work
        In order of their ids, each id once.
    number : int
    folder : Path
        Written aside and renamed; where another got there first, that one stands.
    setting : Setting
    known : iterable of Path
        Folders of earlier shards whose tags are taken for works that are still the same.
    """
    part = folder.with_name(f"{folder.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    (part / "quads" / SHARED).mkdir(parents=True)
    try:
        count = _Count(number)
        kept: list[TaggedWork] = []
        with (part / "works.jsonl").open("wb") as lines, (part / "aside.jsonl").open("wb") as aside:
            for plain, tagged in _tagged(works, setting, known, count):
                stays = setting.keeps_all or tagged.is_relevant
                count.add(tagged, stays)
                if stays:
                    kept.append(tagged)
                    lines.write(jsonl.dumps(tagged))
                if not stays or plain is not tagged:
                    aside.write(jsonl.dumps(plain))
        with (part / "pairs.jsonl").open("wb") as rows:
            for row in pair_rows(kept, setting.authority):
                rows.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        write_part(number, kept, part / "quads", setting.frame)
        found = count.counts()
        (part / COUNTS).write_text(json.dumps(asdict(found), ensure_ascii=False), "utf-8")
        return _rename(part, folder) or found
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_works(path: Path) -> Iterator[Work]:
    """The works of a file of JSON Lines."""
    import orjson

    with path.open("rb") as file:
        for line in file:
            yield jsonl.work_from_json(orjson.loads(line))


def _rename(part: Path, folder: Path) -> ShardCounts | None:
    """Put a whole folder in its place; the counts of the one that is there already, if any."""
    try:
        part.rename(folder)
    except OSError:
        there = ShardCounts.load(folder)
        if there is not None:
            return there
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return None


def _tagged(
    works: Iterable[Work], setting: Setting, known: Iterable[Path], count: _Count
) -> Iterator[tuple[TaggedWork, TaggedWork]]:
    """Each work as the tagger sees it, and as the corrections leave it; the same value where there are none."""
    earlier = _earlier(known)
    by_work: dict[str, list[Correction]] = {}
    for correction in setting.corrections:
        by_work.setdefault(correction.work, []).append(correction)
    for work in works:
        plain = _at_hand(work, earlier)
        if plain is None:
            plain = _tagger(_Key(setting.authority)).tag(work)
            count.n_tagged += 1
        mine = [one for name in (work.id, *work.aliases) for one in by_work.get(name, ())] if by_work else ()
        yield plain, corrected_tags.apply(plain, mine) if mine else plain


def _at_hand(work: Work, earlier: Mapping[str, bytes]) -> TaggedWork | None:
    line = earlier.get(work.id)
    if line is None:
        return None
    found = jsonl.loads(line)
    return found if found.work == work else None


def _earlier(folders: Iterable[Path]) -> dict[str, bytes]:
    """Lines of tagged works by id; those that were set aside, as the tagger left them, count before those kept."""
    found: dict[str, bytes] = {}
    for folder in folders:
        for name in ("works.jsonl", "aside.jsonl"):
            try:
                lines = (folder / name).read_bytes().split(b"\n")
            except OSError:
                continue
            for line in lines:
                if line.startswith(b'{"id":"'):
                    found[json.loads(line[6 : line.index(b',"lang":', 6)])] = line
    return found


class _Key:
    """An authority under which a tagger is kept: equal where the ontology is."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.authority.digest == other.authority.digest

    def __hash__(self) -> int:
        return hash(self.authority.digest)


@lru_cache(maxsize=2)
def _tagger(key: _Key) -> Tagger:
    """The tagger of an authority, made once a process."""
    from kg.tagging.tagger import Tagger

    return Tagger(key.authority)


class _Count:
    """Adds up what a shard holds."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.n_tagged = 0
        self.numbers: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.years: Counter[str] = Counter()
        self.tags: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self.read: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.left_out: dict[str, list[int]] = {}

    def add(self, tagged: TaggedWork, stays: bool) -> None:
        """Count one work."""
        work = tagged.work
        numbers = self.numbers
        numbers["n_works"] += 1
        numbers["n_kept"] += stays
        numbers["n_relevant"] += tagged.is_relevant
        numbers["n_merged"] += len(work.records) > 1
        numbers["n_without_title"] += not any(text.title for text in work.texts)
        numbers["n_without_year"] += work.year is None
        numbers["n_without_authors"] += not work.authors
        self.languages[work.lang] += 1
        self.years["" if work.year is None else str(work.year)] += 1
        for kind in KINDS:
            tags = tagged.tags(kind)
            self.tags[kind].update(tags.keys())
            numbers["n_mentions"] += sum(map(len, tags.values()))
        if work.records:
            first = work.records[0]
            self.read[first.source] += 1
            if stays:
                self.kept[first.source] += 1
            else:
                self.left_out.setdefault(first.source, []).append(first.number)

    def counts(self) -> ShardCounts:
        """What was added up, in sorted order."""
        plain: dict[str, Any] = dict(self.numbers)
        plain |= {name: dict(sorted(getattr(self, name).items())) for name in ("languages", "years", "read", "kept")}
        tags = {kind: dict(sorted(found.items())) for kind, found in self.tags.items()}
        left_out = {source: sorted(numbers) for source, numbers in sorted(self.left_out.items())}
        return ShardCounts(number=self.number, n_tagged=self.n_tagged, tags=tags, left_out=left_out, **plain)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
