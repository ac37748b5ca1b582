"""Where records come from. In: paths, bytes, members of archives. Out: named byte streams, and what went wrong in them."""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final, Literal

SAMPLE_BYTES: Final = 1 << 16

# What opening and unpacking may raise: files that are gone, cut off, damaged, encrypted, or packed in an unknown way. The
# unpackers of the standard library let all of these through.
UNREADABLE: Final = (
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    OverflowError,
    IndexError,
    KeyError,
    struct.error,
    zipfile.BadZipFile,
    lzma.LZMAError,
    zlib.error,
    tarfile.TarError,
)


class Unpacked(io.RawIOBase):
    """A stream out of an archive; whatever its unpacker raises is an OSError."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, at most `size`; none at the end."""
        try:
            return self._stream.read(size)
        except UNREADABLE as error:
            raise OSError(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Close the stream below, too."""
        if not self.closed:
            self._stream.close()
        super().close()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that a person should know of.

    Parameters
    ----------
    where : str
        ``works.ris:214``.
    reason, remedy : str
        What is wrong, and what was done or can be done.
    severity : str
        ``skipped``: a record was lost; ``warning``: a record was read with a loss; ``note``: nothing is wrong with a record
        (a file that holds none), the exit status stays as it is.
    """

    where: str
    reason: str
    remedy: str = ""
    severity: Literal["skipped", "warning", "note"] = "skipped"

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" + (f"; {self.remedy}" if self.remedy else "")


def _letters(stem: str) -> str:
    """The stem in ASCII letters and digits: Chinese through pinyin, accents dropped, everything else a hyphen."""
    if not stem.isascii():
        if re.search(r"[\u3400-\u9fff]", stem):
            from pypinyin import lazy_pinyin

            stem = "-".join(lazy_pinyin(stem))
        stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:48].strip("-") or "source"


@dataclass(frozen=True)
class Source:
    """One stream of records: a file, a member of an archive, or bytes.

    Parameters
    ----------
    name : str
        What a person sees: a file's name, for members of archives ``export.zip/works.ris``; never an absolute path.
    open_raw : callable
        Gives a fresh binary stream of the (decompressed) content.
    path : Path or None
        The file itself where the content is a plain file, for readers that need one (SQLite).
    trouble : Problem or None
        Why the source cannot be read, where that showed when it was found.
    """

    name: str
    open_raw: Callable[[], BinaryIO] = field(repr=False, compare=False)
    path: Path | None = field(default=None, compare=False)
    trouble: Problem | None = field(default=None, compare=False)

    @classmethod
    def of_bytes(cls, data: bytes, name: str = "text") -> Source:
        """A source in memory."""
        return cls(name, lambda: io.BytesIO(data))

    @classmethod
    def of_file(cls, path: Path, name: str | None = None) -> Source:
        """A plain file."""
        return cls(name or path.name, lambda: path.open("rb"), path)

    def open(self) -> BinaryIO:
        """A fresh stream of the content."""
        return self.open_raw()

    @cached_property
    def sample(self) -> bytes:
        """The first 64 KB."""
        with self.open() as stream:
            return stream.read(SAMPLE_BYTES)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hex; of a damaged archive that of what can be read."""
        digest = hashlib.sha256()
        try:
            with self.open() as stream:
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
        except OSError:
            pass
        return digest.hexdigest()

    @cached_property
    def slug(self) -> str:
        """Stem of the name and 8 hex digits of the content's hash: what the graph calls this source."""
        stem = self.name.replace("\\", "/").rpartition("/")[2]
        for _ in range(3):
            shorter = re.sub(r"\.[A-Za-z0-9]{1,8}\Z", "", stem)
            if shorter == stem or not shorter:
                break
            stem = shorter
        return f"{_letters(stem)}-{self.digest[:8]}"

    @property
    def extension(self) -> str:
        """The name's last extension in lower case, without the dot."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""
