"""Files, folders and archives. In: a path. Out: the sources in it; members of archives are read in place.

What a file is, is told by its first bytes. Nothing is unpacked to disk; a member that is an archive itself is held in a
temporary file, to three levels.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg import corrections, decisions
from kg.errors import SourceError
from kg.readers.source import UNREADABLE, Problem, Source, Unpacked

_HIDDEN: Final = (".", "~$", "__MACOSX", "Thumbs.db", "desktop.ini")
_DEPTH: Final = 3
MAX_MEMBERS: Final = 200_000
_SPOOL_BYTES: Final = 32 << 20
_COMPRESSED: Final[tuple[tuple[bytes, str, Callable[[BinaryIO], BinaryIO]], ...]] = (
    (b"\x1f\x8b", "gz", lambda stream: cast(BinaryIO, gzip.GzipFile(fileobj=stream))),
    (b"BZh", "bz2", lambda stream: cast(BinaryIO, bz2.BZ2File(stream))),
    (b"\xfd7zXZ\x00", "xz", lambda stream: cast(BinaryIO, lzma.LZMAFile(stream))),  # noqa: SIM115
)
_FOREIGN: Final = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)
# Zip files that are documents, not archives of records.
_PACKAGES: Final = frozenset(("[Content_Types].xml", "mimetype", "META-INF/container.xml"))
NOT_A_SOURCE: Final = frozenset((decisions.FILE_NAME, corrections.FILE_NAME))


def sources_of(path: Path) -> Iterator[Source]:
    """The sources of a file, a folder (in sorted order, hidden files left out), or ``-`` for standard input.

    Raises
    ------
    SourceError
        Nothing is there, or it may not be read.
    """
    if str(path) == "-":
        yield from members(Source.of_bytes(sys.stdin.buffer.read(), "stdin"))
        return
    try:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                inner = file.relative_to(path)
                hidden = any(part.startswith(_HIDDEN) for part in inner.parts)
                if not hidden and file.name not in NOT_A_SOURCE and file.is_file():
                    yield from _readable(Source.of_file(file, inner.as_posix()))
            return
        if not path.exists():
            raise SourceError(f"{path}: there is no such file or folder")
    except PermissionError as error:
        raise SourceError(f"{path}: may not be read ({error.strerror})") from error
    yield from _readable(Source.of_file(path))


def _readable(source: Source) -> Iterator[Source]:
    try:
        yield from members(source)
    except OSError as error:
        yield _troubled(source, f"could not be opened ({error.strerror or error})", "check its permissions")


def _troubled(source: Source, reason: str, remedy: str, name: str | None = None) -> Source:
    """A source that gives only a problem."""
    problem = Problem(name or source.name, reason, remedy)
    return Source(name or source.name, lambda: io.BytesIO(b""), trouble=problem)


def members(source: Source, depth: int = 0) -> Iterator[Source]:
    """The source itself, or the sources in it where it is an archive or compressed."""
    head = source.sample[:512]
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            yield _troubled(source, f"{what} archives are not read", "unpack it and give the folder")
            return
    if depth >= _DEPTH:
        yield source
        return
    for magic, ending, opener in _COMPRESSED:
        if head.startswith(magic):
            yield from _decompressed(source, ending, opener, depth)
            return
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _zipped(source, depth)
    elif head[257:262] == b"ustar":
        yield from _tarred(source, depth)
    else:
        yield source


def _decompressed(source: Source, ending: str, opener: Callable[[BinaryIO], BinaryIO], depth: int) -> Iterator[Source]:
    name = source.name
    for suffix in (f".{ending}", ".tgz", ".tbz2", ".txz"):
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)] + (".tar" if suffix.startswith(".t") else "")
            break
    inner = Source(name, lambda: _unpacked(lambda: opener(source.open())))
    try:
        _ = inner.sample
    except UNREADABLE as error:
        yield _troubled(source, f"not a whole {ending} file ({error})", "fetch it again")
        return
    yield from members(inner, depth + 1)


def _unpacked(opener: Callable[[], BinaryIO]) -> BinaryIO:
    """A stream whose faults are all OSErrors."""
    try:
        return cast(BinaryIO, Unpacked(opener()))
    except UNREADABLE as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _member(source: Source, name: str, opener: Callable[[], BinaryIO], depth: int) -> Iterator[Source]:
    """A member of an archive, which may be one itself."""
    inner = Source(f"{source.name}/{name}", lambda: _unpacked(opener))
    try:
        yield from members(inner, depth + 1)
    except UNREADABLE as error:
        yield _troubled(
            source, f"could not be unpacked ({error})", "unpack the archive by hand and give the folder", inner.name
        )


def _wanted(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return bool(parts[-1]) and not any(part.startswith(_HIDDEN) for part in parts) and parts[-1] not in NOT_A_SOURCE


def _seekable(source: Source) -> BinaryIO:
    """The content as a file that can be read from anywhere."""
    stream = source.open()
    if source.path is not None or isinstance(stream, io.BytesIO):
        return stream
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115
    with stream:
        while chunk := stream.read(1 << 20):
            spool.write(chunk)
    spool.seek(0)
    return cast(BinaryIO, spool)


def _zipped(source: Source, depth: int) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(_seekable(source))
        infos = archive.infolist()
    except UNREADABLE as error:
        yield _troubled(source, f"not a whole zip file ({error})", "fetch it again")
        return
    if _PACKAGES & {info.filename for info in infos[:50]}:
        yield source
        return
    if len(infos) > MAX_MEMBERS:
        yield _troubled(source, f"an archive of {len(infos)} files is not read", "unpack it and give the folder")
        return
    for info in sorted(infos, key=_zip_name):
        name = _zip_name(info)
        if info.is_dir() or not _wanted(name):
            continue
        if info.flag_bits & 1:
            yield _troubled(
                source, "is encrypted", "unpack the archive by hand and give the folder", f"{source.name}/{name}"
            )
            continue
        yield from _member(source, name, lambda info=info: cast(BinaryIO, archive.open(info)), depth)  # type: ignore[misc]


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name: archives made under Chinese Windows have it in GBK without saying so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    data = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _tarred(source: Source, depth: int) -> Iterator[Source]:
    try:
        archive = tarfile.open(fileobj=_seekable(source))  # noqa: SIM115
        infos = archive.getmembers()
    except UNREADABLE as error:
        yield _troubled(source, f"not a whole tar file ({error})", "fetch it again")
        return
    for info in sorted(infos, key=lambda info: info.name):
        if info.isfile() and _wanted(info.name):
            yield from _member(source, info.name, lambda info=info: cast(BinaryIO, archive.extractfile(info)), depth)  # type: ignore[misc]
