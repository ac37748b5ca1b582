"""What the server shows now. In: a folder that a build wrote. Out: its works as holdings, and the pages made of them.

A new build is taken up without a restart: its works are read aside while the old ones go on being shown. Pages are kept,
compressed, for as long as their generation is shown.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import StoreError

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.views.holdings import Holdings

_KEPT_BYTES: Final = 96 << 20

Mark = tuple[int, int, int]


class Body(NamedTuple):
    """An answer that is kept: its type, its bytes, the same compressed, and its tag."""

    media_type: str
    plain: bytes
    packed: bytes
    etag: str


@dataclass
class Generation:
    """One build, in memory.

    Parameters
    ----------
    key : str
        Tells builds apart; part of every entity tag.
    holdings : Holdings
    """

    key: str
    holdings: Holdings
    _bodies: OrderedDict[str, Body] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kept(self, name: str) -> Body | None:
        """An answer that was made before."""
        with self._lock:
            body = self._bodies.get(name)
            if body is not None:
                self._bodies.move_to_end(name)
            return body

    def keep(self, name: str, media_type: str, plain: bytes) -> Body:
        """Keep an answer; those not asked for longest go when there is no more room."""
        etag = '"' + sha256(f"{self.key} {name}".encode() + plain).hexdigest()[:20] + '"'
        body = Body(media_type, plain, gzip.compress(plain, 6, mtime=0), etag)
        weight = len(body.plain) + len(body.packed)
        with self._lock:
            if name not in self._bodies and weight < _KEPT_BYTES // 4:
                self._bodies[name] = body
                self._bytes += weight
                while self._bytes > _KEPT_BYTES:
                    _, old = self._bodies.popitem(last=False)
                    self._bytes -= len(old.plain) + len(old.packed)
        return body


class Library:
    """The generation that is shown, and the one that is being read.

    Parameters
    ----------
    folder : Path
    load_authority : callable
        Gives the authority that names things.

    Raises
    ------
    StoreError
        The folder has no works.
    """

    def __init__(self, folder: Path, load_authority: Callable[[], Authority]) -> None:
        self.folder = folder
        self._load_authority = load_authority
        self._file = folder / "works.jsonl"
        self._lock = threading.Lock()
        self._reading: threading.Thread | None = None
        self._mark = self._look()
        if self._mark is None:
            raise StoreError(f"{folder}: there is no works.jsonl; build first: kg build SOURCE -o {folder}")
        self._now = self._read(self._mark)

    def current(self) -> Generation:
        """What is shown; starts reading a newer build where there is one."""
        mark = self._look()
        if mark is not None and mark != self._mark:
            with self._lock:
                if mark != self._mark and (self._reading is None or not self._reading.is_alive()):
                    self._reading = threading.Thread(target=self._take_up, args=(mark,), daemon=True)
                    self._reading.start()
        return self._now

    def _take_up(self, mark: Mark) -> None:
        try:
            generation = self._read(mark)
        except (OSError, ValueError, KeyError):  # a build is moving its files in: look again at the next request
            return
        with self._lock:
            self._now, self._mark = generation, mark

    def _look(self) -> Mark | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self, mark: Mark) -> Generation:
        from kg import jsonl
        from kg.report import Report
        from kg.views.explorer import read_positions
        from kg.views.holdings import Holdings

        data = self._file.read_bytes()
        works = [jsonl.loads(line) for line in data.split(b"\n") if line.strip()]
        report, positions = self.folder / "report.json", self.folder / "positions.csv"
        stored = read_positions(positions.read_bytes()) if positions.is_file() else None
        said = Report.read(report) if report.is_file() else None
        key = sha256(data).hexdigest()[:12]
        return Generation(key, Holdings(works, self._load_authority(), said, stored))
