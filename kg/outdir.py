"""The folder that a build writes. In: a path, files made aside. Out: the files in place, older ones of ours removed.

A manifest lists what is ours. Files are made in ``.kg-new`` and moved when all are there, so that a build that breaks
off leaves the last one whole; the store, which has generations of its own, is only named in the manifest.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import KgError, StoreError

MANIFEST: Final = ".kg-manifest.json"
STAGING: Final = ".kg-new"
LOCK: Final = ".kg-lock"
WORK: Final = ".kg-work"
#: Folders that a build owns whole, whatever is in them.
OWNED: Final = ("store",)
#: Files that may lie in a folder before its first build: they are kept.
_WELCOME: Final = frozenset({"README.md", ".gitignore", ".gitkeep", ".DS_Store", "Thumbs.db", LOCK, STAGING, WORK})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the last build wrote.

    Parameters
    ----------
    fingerprint : str
        Of everything that the build was made of; empty while files are being moved.
    files : mapping of relative path to size in bytes
    """

    fingerprint: str = ""
    files: dict[str, int] = field(default_factory=dict)


class OutputFolder:
    """A folder that builds write.

    Parameters
    ----------
    path : Path
        Made where it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def staging(self) -> Path:
        """Where the files of a build are made before they are moved."""
        return self.path / STAGING

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other builds away from this folder.

        Raises
        ------
        StoreError
            Another build is writing.
        KgError
            The folder holds files that are not ours.
        """
        from filelock import FileLock, Timeout

        self.refuse_foreign()
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / LOCK, timeout=0):
                self._clear_staging()
                yield
                self._clear_staging()
        except Timeout:
            raise StoreError(
                f"{self.path}: another build is writing here; wait for it, or name another folder"
            ) from None

    def manifest(self) -> Manifest | None:
        """What the last build wrote, None where there was none."""
        try:
            plain = json.loads((self.path / MANIFEST).read_bytes())
            return Manifest(str(plain["fingerprint"]), {str(name): int(size) for name, size in plain["files"].items()})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise KgError(f"{self.path / MANIFEST}: cannot be read; delete the folder, or name another one") from None

    def refuse_foreign(self) -> None:
        """Raise where the folder holds anything that no build wrote."""
        if self.path.exists() and not self.path.is_dir():
            raise KgError(f"{self.path}: is a file; name a folder")
        if not self.path.is_dir() or self.manifest() is not None:
            return
        foreign = sorted(entry.name for entry in self.path.iterdir() if entry.name not in _WELCOME)
        if foreign:
            raise KgError(
                f"{self.path}: holds files that no build wrote ({foreign[0]}"
                + (f" and {len(foreign) - 1} more" if len(foreign) > 1 else "")
                + "); name an empty folder, or that of an earlier build"
            )

    def is_current(self, fingerprint: str) -> bool:
        """Whether the last build was made of the same, and all its files are still there as it wrote them."""
        manifest = self.manifest()
        if manifest is None or manifest.fingerprint != fingerprint:
            return False
        return all(_size(self.path / name) == size for name, size in manifest.files.items())

    def move_in(self, fingerprint: str) -> list[str]:
        """Move what was made into place, remove files of ours that are no longer made, and write the manifest.

        Returns
        -------
        list of str
            Relative paths, sorted.
        """
        new = {_relative(path, self.staging): path.stat().st_size for path in _files(self.staging)}
        before = self.manifest() or Manifest()
        clashes = sorted(name for name in new if name not in before.files and (self.path / name).exists())
        if clashes and before.files:
            raise KgError(f"{self.path / clashes[0]}: is in the way and not ours; move it elsewhere")
        self._write_manifest(Manifest("", before.files | new))
        for name in new:
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.staging / name).replace(target)
        for name in before.files.keys() - new.keys():
            self._remove(name)
        self._write_manifest(Manifest(fingerprint, new))
        return sorted(new)

    def void(self) -> None:
        """Let the next build start anew, whatever it is made of."""
        manifest = self.manifest()
        if manifest is not None:
            self._write_manifest(Manifest("", manifest.files))

    def _write_manifest(self, manifest: Manifest) -> None:
        plain = {
            "fingerprint": manifest.fingerprint,
            "files": dict(sorted(manifest.files.items())),
            "owned": list(OWNED),
        }
        part = self.path / (MANIFEST + ".part")
        part.write_text(json.dumps(plain, indent=0) + "\n", encoding="utf-8")
        part.replace(self.path / MANIFEST)

    def _remove(self, name: str) -> None:
        """Remove a file below the folder, and the folders that it leaves empty."""
        path = self.path / name
        if ".." in path.relative_to(self.path).parts:
            return
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.path or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()

    def _clear_staging(self) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)


def write(folder: Path, name: str, chunks: bytes | Iterable[bytes]) -> Path:
    """Write a file below a folder, and make the folders that it needs."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for chunk in (chunks,) if isinstance(chunks, bytes) else chunks:
            file.write(chunk)
    return path


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
