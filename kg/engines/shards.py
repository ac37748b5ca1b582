"""Shards of works, each tagged by itself. In: a file of works. Out: their share of every file of a build, and counts.

A shard's folder holds ``works.jsonl`` (kept works by id), ``pairs`` (rows of pairs.csv), ``quads/`` as `kg.rdf.files.write_part` leaves
them, ``tags`` (tagged works by the hash of their texts, from which the next build takes what has not changed) and
``counts.json``. It is written under another name and renamed when whole: a task that is repeated, or done twice at
once, leaves the same bytes, and gives back counts only.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kg.corrections import Correction, corrected
from kg.engines.gather import works_in
from kg.engines.record_file import apart, put
from kg.engines.vocabulary import Vocabulary, tagger_of
from kg.model import KINDS, TaggedWork, Work
from kg.rdf.meta import Provenance
from kg.terms import Base

_COUNTS: Final = "counts.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagTask:
    """One shard to be tagged.

    Parameters
    ----------
    number : int
    works : str
        File of works (`kg.engines.gather`).
    folder : str
        Folder of the shard; what an earlier build left there is used where it still holds.
    vocabulary : Vocabulary
    program : str
        Digest of the program and the vocabulary: tags of an earlier build hold where it is the same.
    base : str
        Where the graph's own IRIs begin; empty for the usual place.
    provenance : Provenance
    keep_all : bool
        Keep works that are not relevant.
    corrections : tuple of Correction
        Those on works of this shard.
    """

    number: int
    works: str
    folder: str
    vocabulary: Vocabulary
    program: str
    base: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    keep_all: bool = True
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardCounts:
    """What a shard gave.

    Parameters
    ----------
    n_tagged : int
        Works that were tagged now; the others were taken from the build before.
    n_works, n_kept, n_relevant, n_merged, n_without_title, n_without_year, n_without_authors, n_mentions : int
    by_source, kept_by_source, languages, years : mapping to the number of works
    tags : mapping of kind to mapping of tag to the number of works
    left_out : mapping of slug to list of int
        Numbers of the first records of works that were not kept.
    """

    n_tagged: int = 0
    n_works: int = 0
    n_kept: int = 0
    n_relevant: int = 0
    n_merged: int = 0
    n_without_title: int = 0
    n_without_year: int = 0
    n_without_authors: int = 0
    n_mentions: int = 0
    by_source: Counter[str] = field(default_factory=Counter)
    kept_by_source: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    tags: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})
    left_out: dict[str, list[int]] = field(default_factory=dict)

    def __add__(self, other: ShardCounts) -> ShardCounts:
        """Of two shards together."""
        values: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if name == "tags":
                values[name] = {kind: mine[kind] + theirs[kind] for kind in KINDS}
            elif name == "left_out":
                values[name] = {
                    slug: [*mine.get(slug, ()), *theirs.get(slug, ())] for slug in sorted(mine.keys() | theirs.keys())
                }
            else:
                values[name] = mine + theirs
        return ShardCounts(**values)


def tag_shard(task: TagTask) -> ShardCounts:
    """Tag the works of a shard and write its share of the build, unless that was done before."""
    folder = Path(task.folder)
    works = list(works_in(Path(task.works)))
    made_of = _made_of(task, works)
    known = read_counts(folder)
    if known is not None and known[0] == made_of:
        return replace(known[1], n_tagged=0)
    earlier = _earlier(folder, task.program)
    hashes = [text_hash(work) for work in works]
    new = {name: work for work, name in zip(works, hashes, strict=True) if name not in earlier}
    n_tagged = len(new)
    newly = tagger_of(task.vocabulary).tag_all(new.values()) if new else iter(())
    tags = dict(zip(new, newly, strict=True))
    tags = {name: tags[name] if name in tags else earlier[name] for name in hashes}
    plain = [replace(tags[name], work=work) for work, name in zip(works, hashes, strict=True)]
    tagged = list(corrected(plain, task.corrections))
    kept = tagged if task.keep_all else [one for one in tagged if one.is_relevant]
    counts = count(tagged, kept, n_tagged)
    _write(folder, task, kept, tags, made_of, counts)
    return counts


def work_hash(work: Work) -> str:
    """A hash of all that a work is made of."""
    import orjson

    from kg.jsonl import work_to_json

    plain = orjson.dumps(_sayable(work_to_json(work)), option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(plain, digest_size=16).hexdigest()


def text_hash(work: Work) -> str:
    """A hash of all that tags follow from."""
    texts = "\0".join(f"{text.lang}\1{text.title}\1{text.abstract}" for text in work.texts)
    return hashlib.blake2b(texts.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _sayable(plain: dict[str, Any]) -> dict[str, Any]:
    """As it is where it can be written as UTF-8, else with what cannot be written spelled out."""
    try:
        str(plain).encode()
    except UnicodeEncodeError:
        return {"as written": ascii(plain)}
    return plain


def _made_of(task: TagTask, works: Sequence[Work]) -> str:
    """A hash of everything that the files of a shard depend on."""
    hashes = [work_hash(work) for work in works]
    runs = {f"{slug} {task.provenance.run_id(slug)}" for slug in {work.source for work in works}}
    parts = [
        task.program,
        task.base,
        str(task.number),
        str(task.keep_all),
        *sorted(runs),
        *map(str, task.corrections),
        *hashes,
    ]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def read_counts(folder: Path) -> tuple[str, ShardCounts] | None:
    """What a shard was made of, and its counts; None where it is not there whole."""
    try:
        plain = json.loads((folder / _COUNTS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    made_of = plain.pop("made_of")
    for name in ("by_source", "kept_by_source", "languages", "years"):
        plain[name] = Counter(plain[name])
    plain["tags"] = {kind: Counter(plain["tags"][kind]) for kind in KINDS}
    return made_of, ShardCounts(**plain)


def _earlier(folder: Path, program: str) -> dict[str, TaggedWork]:
    """Tagged works of the build before, by the hash of their texts; none where the program or the vocabulary has changed."""
    found: dict[str, TaggedWork] = {}
    for place in [folder] if folder.is_dir() else _of_other_number(folder):
        with suppress(OSError, EOFError, pickle.UnpicklingError), (place / "tags").open("rb") as file:
            if pickle.load(file) == program:
                found |= pickle.load(file)
    return found


def _of_other_number(folder: Path) -> Iterator[Path]:
    """Where the works of a shard were in a build with another number of shards: the remainder of their hashes tells."""
    n_shards, number = int(folder.parent.name.rpartition("-")[2]), int(folder.name)
    for other in folder.parent.parent.glob("shards-*"):
        n_others = int(other.name.rpartition("-")[2])
        fewer = min(n_shards, n_others)
        for at in range(number % fewer, n_others, fewer) if n_others != n_shards else ():
            yield other / f"{at:05d}"


def count(tagged: Sequence[TaggedWork], kept: Sequence[TaggedWork], n_tagged: int = 0) -> ShardCounts:
    """Count what works hold; tags are counted of all that were tagged."""
    works = [one.work for one in tagged]
    kept_ids = {one.id for one in kept}
    left_out: dict[str, list[int]] = {}
    for work in works:
        if work.id not in kept_ids and work.records:
            left_out.setdefault(work.records[0].source, []).append(work.records[0].number)
    return ShardCounts(
        n_tagged=n_tagged,
        n_works=len(works),
        n_kept=len(kept),
        n_relevant=sum(one.is_relevant for one in tagged),
        n_merged=sum(len(work.records) > 1 for work in works),
        n_without_title=sum(not any(text.title for text in work.texts) for work in works),
        n_without_year=sum(work.year is None for work in works),
        n_without_authors=sum(not work.authors for work in works),
        n_mentions=sum(len(mentions) for one in tagged for kind in KINDS for mentions in one.tags(kind).values()),
        by_source=Counter(work.source or "" for work in works),
        kept_by_source=Counter(one.work.source or "" for one in kept),
        languages=Counter(work.lang for work in works),
        years=Counter("" if work.year is None else str(work.year) for work in works),
        tags={kind: Counter(tag for one in tagged for tag in one.tags(kind)) for kind in KINDS},
        left_out=left_out,
    )


def _write(
    folder: Path,
    task: TagTask,
    kept: Sequence[TaggedWork],
    tags: dict[str, TaggedWork],
    made_of: str,
    counts: ShardCounts,
) -> None:
    from kg import jsonl
    from kg.evidence import pair_rows
    from kg.rdf.files import Frame, start, write_part

    part = apart(folder)
    authority = tagger_of(task.vocabulary).authority
    frame = Frame(authority=authority, base=Base(task.base) if task.base else Base(), provenance=task.provenance)
    with (part / "works.jsonl").open("wb", buffering=1 << 20) as file:
        file.writelines(jsonl.write(kept))
    (part / "pairs").write_bytes(pickle.dumps([tuple(row) for row in pair_rows(kept, authority)], protocol=5))
    write_part(task.number, kept, start(part / "quads"), frame)
    (part / "quads.part").replace(part / "quads")
    with (part / "tags").open("wb", buffering=1 << 20) as file:
        pickle.dump(task.program, file, protocol=5)
        pickle.dump(tags, file, protocol=5)
    plain = {name: getattr(counts, name) for name in counts.__dataclass_fields__}
    (part / _COUNTS).write_text(json.dumps({"made_of": made_of, **plain}, ensure_ascii=False), "utf-8")
    put(part, folder, lambda: (known := read_counts(folder)) is not None and known[0] == made_of)


def adopt(folders: Sequence[Path], building: Path) -> None:
    """Put the quads of some shards into the folder that `kg.rdf.files.start` gave: as links where that can be, else as copies."""
    for folder in folders:
        quads = folder / "quads"
        for path in sorted(quads.rglob("*")):
            if path.is_file():
                target = building / path.relative_to(quads)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                try:
                    os.link(path, target)
                except OSError:
                    shutil.copyfile(path, target)


def merged_lines(folders: Sequence[Path]) -> Iterator[bytes]:
    """The lines of ``works.jsonl`` of all shards, by the works' ids."""
    import heapq

    def lines(path: Path) -> Iterator[tuple[str, bytes]]:
        import orjson

        with path.open("rb", buffering=1 << 18) as file:
            for line in file:
                yield orjson.loads(line)["id"], line

    for _, line in heapq.merge(*(lines(folder / "works.jsonl") for folder in folders)):
        yield line


def pairs_of(folders: Sequence[Path], key: Callable[[Any], Any]) -> Iterator[Any]:
    """The rows of pairs.csv of all shards, in order."""
    import heapq

    yield from heapq.merge(*(pickle.loads((folder / "pairs").read_bytes()) for folder in folders), key=key)
