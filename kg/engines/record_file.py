"""Records of one range of a source, on disk. In: records in their order. Out: a folder with the records and arrays about them.

``data`` holds the records one after the other, ``index.npz`` where each begins, the hashes of its keys (`kg.duplicates`), and
what a report counts, so that a million records are judged without being read again. The folder is put in place whole.
"""

from __future__ import annotations

import json
import pickle
import shutil
import uuid
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from kg.duplicates import block_keys
from kg.model import Record

if TYPE_CHECKING:
    import numpy as np

_META: Final = "meta.json"
_AT_ONCE: Final = 128
TITLED: Final = 1
SIGNED: Final = 2


def apart(folder: Path) -> Path:
    """A new empty folder beside one, of which no other process on any machine knows."""
    part = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:12]}.part")
    part.mkdir(parents=True)
    return part


def put(part: Path, folder: Path, is_done: Callable[[], bool]) -> None:
    """Put a folder that is whole in place; where another did so with the same content meanwhile, theirs stays.

    Parameters
    ----------
    is_done : callable
        Whether what is in place is what would be put there.
    """
    for _ in range(8):
        try:
            part.rename(folder)
            return
        except OSError:
            if is_done():
                shutil.rmtree(part, ignore_errors=True)
                return
            old = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:12]}.part")
            with suppress(OSError):
                folder.rename(old)
            shutil.rmtree(old, ignore_errors=True)
    raise OSError(f"{folder}: cannot be put in place")


def in_batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Records, some at a time: a step that does one thing to many finds its code and tables where it left them."""
    rest = iter(records)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def key_hashes(record: Record) -> set[int]:
    """The keys of a record as signed numbers of 64 bits, the same in every process and on every machine; odd for a DOI, even for others."""
    found = set()
    for key in block_keys(record):
        digest = blake2b("\x1f".join(key).encode("utf-8", "replace"), digest_size=8).digest()
        number = int.from_bytes(digest, "little", signed=True)
        found.add(number | 1 if key[0] == "doi" else number & ~1)
    return found


def write_records(
    folder: Path,
    records: Iterable[Record],
    meta: Callable[[], dict[str, Any]],
    *,
    gate_digest: str = "",
    judge: Callable[[Record], int] | None = None,
) -> None:
    """Write the records of a range, and put the folder in place.

    Parameters
    ----------
    folder : Path
        Replaced where it is there.
    meta : callable
        Called when all records were taken: what is to be known of the range.
    gate_digest, judge
        The name of a vocabulary, and what can come of a record by it: kept beside the records, as `RecordFile.write_gate` does.
    """
    import numpy as np

    part = apart(folder)
    offsets, keys, n_keys = array("Q", [0]), array("q"), array("I")
    langs: dict[str, int] = {}
    lang_of, years, has, numbers = array("B"), array("h"), array("B"), array("I")
    gates = array("B")
    end = 0
    with (part / "data").open("wb", buffering=1 << 20) as file:
        for some in in_batches(records):
            for record in some:
                data = pickle.dumps(record, protocol=5)
                file.write(data)
                end += len(data)
                offsets.append(end)
                numbers.append(record.number)
                lang_of.append(langs.setdefault(record.lang, len(langs)) & 255)
                years.append(record.year if record.year is not None and abs(record.year) < 32_000 else -32_768)
                titled = any(text.title for text in record.texts)
                has.append(TITLED * titled + SIGNED * bool(record.authors))
            for found in map(key_hashes, some):
                keys.extend(found)
                n_keys.append(len(found))
            if judge is not None:
                gates.extend(map(judge, some))
    owners = np.repeat(np.arange(len(n_keys), dtype=np.uint32), np.array(n_keys, dtype=np.int64))
    hashes = np.array(keys, dtype=np.int64)
    order = np.argsort(hashes, kind="stable")
    with (part / "index.npz").open("wb") as file:
        np.savez(
            file,
            offsets=np.frombuffer(offsets, dtype=np.uint64),
            keys=hashes[order],
            owners=owners[order],
            langs=np.frombuffer(lang_of, dtype=np.uint8) if lang_of else np.empty(0, np.uint8),
            years=np.frombuffer(years, dtype=np.int16) if years else np.empty(0, np.int16),
            numbers=np.frombuffer(numbers, dtype=np.uint32) if numbers else np.empty(0, np.uint32),
            has=np.frombuffer(has, dtype=np.uint8) if has else np.empty(0, np.uint8),
        )
    if judge is not None:
        RecordFile(part).write_gate(gate_digest, gates)
    plain = {"n": len(offsets) - 1, "langs": list(langs), **meta()}
    (part / _META).write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    put(part, folder, lambda: (folder / _META).is_file())


@dataclass(frozen=True)
class RecordFile:
    """The records of a range that were written before.

    Parameters
    ----------
    folder : Path
    """

    folder: Path

    @cached_property
    def meta(self) -> dict[str, Any]:
        """What `write_records` was told, with ``n`` and ``langs``."""
        found: dict[str, Any] = json.loads((self.folder / _META).read_text("utf-8"))
        return found

    def is_there(self) -> bool:
        """Whether the range was written whole."""
        return (self.folder / _META).is_file()

    def array(self, name: str) -> np.ndarray[Any, Any]:
        """One of the arrays: offsets, keys (ascending) and their owners, numbers, langs, years, has."""
        import numpy as np

        with np.load(self.folder / "index.npz") as arrays:
            found: np.ndarray[Any, Any] = arrays[name]
            return found

    @cached_property
    def offsets(self) -> np.ndarray[Any, Any]:
        """Where each record begins, and where the last ends."""
        return self.array("offsets")

    def __len__(self) -> int:
        return int(self.meta["n"])

    def __getitem__(self, at: int) -> Record:
        begin, end = int(self.offsets[at]), int(self.offsets[at + 1])
        self._data.seek(begin)
        found: Record = pickle.loads(self._data.read(end - begin))
        return found

    @cached_property
    def _data(self) -> IO[bytes]:
        return (self.folder / "data").open("rb")

    def gate(self, digest: str) -> np.ndarray[Any, Any] | None:
        """What can come of each record by the vocabulary of this digest (`kg.tagging.tagger.Tagger.relevance`); None where that was not asked yet."""
        import numpy as np

        path = self._gate_path(digest)
        return np.load(path) if path.is_file() else None

    def write_gate(self, digest: str, relevance: Iterable[int]) -> None:
        """Keep what can come of each record."""
        import numpy as np

        path = self._gate_path(digest)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, np.fromiter(relevance, dtype=np.uint8))
        part.replace(path)

    def _gate_path(self, digest: str) -> Path:
        return self.folder / f"gate-{digest[:16]}.npy"
