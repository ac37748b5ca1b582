"""Generations of a store on disk. In: a store's folder. Out: locks, the current generation, a switch to the next.

::

    store/CURRENT        "g-000012"
    store/g-000012/      an Oxigraph directory, and READY (JSON: quads and hash of each graph, versions)
    store/g-000013.part  being built
    store/writer.lock    one writer

A generation in use is never written to: a build makes a new one beside it and then switches the name in CURRENT, so
that a reader sees a whole generation whenever a build is stopped. Readers hold a shared lock on their generation's
READY, and only what nobody holds is swept.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from kg.errors import StoreError

_GENERATION: Final = re.compile(r"g-(\d{6,})")


@contextmanager
def writer_lock(store: Path) -> Iterator[None]:
    """Keep other builds away.

    Raises
    ------
    StoreError
        Another build is writing.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(str(store / "writer.lock"))
    try:
        with lock.acquire(timeout=0):
            yield
    except Timeout:
        raise StoreError(f"{store} is being written by another kg build; wait for it, then try again") from None


def switch(store: Path, part: Path, facts: Mapping[str, Any]) -> None:
    """Make a built part the current generation, each step on disk before the next.

    Parameters
    ----------
    facts : mapping
        What its READY says.
    """
    (part / "READY").write_text(json.dumps(facts, indent=1, sort_keys=True), "utf-8")
    for path in part.iterdir():
        _fsync(path)
    _fsync(part)
    part.replace(store / part.stem)
    _fsync(store)
    pointer = store / "CURRENT.part"
    pointer.write_text(part.stem + "\n", "ascii")
    _fsync(pointer)
    pointer.replace(store / "CURRENT")
    _fsync(store)


def _fsync(path: Path) -> None:
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    with suppress(OSError):  # a folder cannot be opened on Windows
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def next_part(store: Path) -> Path:
    """Where the next generation is to be built; not there yet."""
    number = 1 + max((int(match.group(1)) for match in _generations(store)), default=0)
    return store / f"g-{number:06d}.part"


def _generations(store: Path) -> list[re.Match[str]]:
    return [match for path in store.iterdir() if (match := _GENERATION.match(path.name))]


def current(store: Path) -> str | None:
    """Name of the current generation, None where there is none."""
    try:
        name = (store / "CURRENT").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if _GENERATION.fullmatch(name) else None


def ready(generation: Path) -> dict[str, Any] | None:
    """What a generation's READY says, None where it is not there or damaged."""
    try:
        facts = json.loads((generation / "READY").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def sweep(store: Path, current: str | None) -> None:
    """Delete parts, and all generations but the current and the one before that nobody holds."""
    for path in store.glob("*.part"):
        _delete(path)
    names = sorted(
        (match.group() for match in _generations(store) if _GENERATION.fullmatch(match.string)),
        key=lambda name: int(name[2:]),
    )
    others = [name for name in names if name != current]
    for name in others[:-1] if current else []:
        generation = store / name
        lock = _lock_file(generation / "READY", exclusive=True)
        if lock is None:
            continue
        try:
            doomed = generation.with_name(generation.name + ".part")
            with suppress(OSError):
                generation.replace(doomed)
                _delete(doomed)
        finally:
            lock.close()


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def hold(store: Path) -> tuple[IO[bytes], str]:
    """A shared lock on the current generation, and its name."""
    for _ in range(100):
        name = current(store)
        if name is None:
            raise StoreError(f"there is no store in {store}; run kg build first")
        ready = store / name / "READY"
        lock = _lock_file(ready, exclusive=False)
        if lock is not None:
            if ready.exists() and os.path.samestat(os.fstat(lock.fileno()), ready.stat()):
                return lock, name
            lock.close()
        elif not ready.exists() and current(store) == name:
            raise StoreError(f"{store / name} is not whole; run kg build again")
    raise StoreError(f"{store} changes faster than it can be opened; wait for the build that is under way")


def _lock_file(path: Path, *, exclusive: bool) -> IO[bytes] | None:
    """The file opened and locked, None where it is not there or another holds it; no lock where the system has none."""
    try:
        file = path.open("rb")
    except OSError:
        return None
    try:
        import fcntl
    except ImportError:  # Windows: an open store cannot be deleted anyway
        return file
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
