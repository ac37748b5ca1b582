"""Compiled forms on disk. In: a value and the key of all that it was made of. Out: the value again, at the next start.

A cache file is the SHA-256 of a pickle and the pickle, in the user's cache folder, named by its key and the versions of package and Python. It is
written beside its place and renamed into it, so that no reader ever sees half of one, and is passed over when it is damaged,
belongs to another user, or the folder cannot be written.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import kg

_KEPT: Final = 8  # files of a kind; older ones are deleted when a new one is written


def place(kind: str, key: str) -> Path:
    """Where the value of a kind and key is kept."""
    from platformdirs import user_cache_dir

    versions = f"{kg.__version__} {sys.version_info[:2]} {key}".encode()
    return Path(user_cache_dir("alliance-kg", appauthor=False)) / f"{kind}-{hashlib.sha256(versions).hexdigest()[:32]}"


def read(path: Path) -> Any:
    """The value kept there, None where there is none that may be trusted."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
                return None  # a pickle may run code: only one's own is read
            seal, data = file.read(32), file.read()
        if hashlib.sha256(data).digest() != seal:
            return None
        return pickle.loads(data)
    except Exception:  # whatever is wrong with a cache, the sources are right
        return None


def write(path: Path, value: Any) -> None:
    """Keep a value there, if the folder can be written."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(data).digest() + data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        kind = path.name.partition("-")[0]
        others = sorted(path.parent.glob(f"{kind}-*"), key=lambda old: old.stat().st_mtime, reverse=True)
        for old in others[_KEPT:]:
            old.unlink(missing_ok=True)
