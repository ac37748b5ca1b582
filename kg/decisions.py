"""A person's decisions on duplicates. In: a file beside the sources. Out: which works are the same, which are not.

``kg-decisions.jsonl`` holds one decision a line: ``{"same": ["10.9999/a", "w-0123456789ab"]}`` or ``{"different": ["a", "b"], "note": "…"}``. Works
are named by any of their ids, so that a decision holds over re-exports. The last decision on two works counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from kg.errors import SourceError

FILE_NAME: Final = "kg-decisions.jsonl"


class Decision(NamedTuple):
    """What a person said of two works, named by any of their ids."""

    left: str
    right: str
    same: bool


def beside(paths: Iterable[Path | str]) -> list[Decision]:
    """The decisions in the files beside some sources: in a folder that is a source, or in the folder of a file.

    Raises
    ------
    SourceError
        A line that is no decision.
    """
    files = {(path if path.is_dir() else path.parent) / FILE_NAME for path in map(Path, paths) if str(path) != "-"}
    return [decision for file in sorted(files) if file.is_file() for decision in load(file)]


def load(file: Path) -> list[Decision]:
    """The decisions of one file, the last on two works only.

    Raises
    ------
    SourceError
        A line that is no decision.
    """
    import orjson

    found: dict[tuple[str, str], Decision] = {}
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        where = f"{file.name}:{number}"
        try:
            plain: Any = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise SourceError(f"{where}: no valid JSON ({error}); mend or delete the line") from error
        for same, name in ((True, "same"), (False, "different")):
            ids = plain.get(name) if isinstance(plain, dict) else None
            if ids is None:
                continue
            if not (isinstance(ids, list) and len(ids) > 1 and all(isinstance(one, str) and one for one in ids)):
                raise SourceError(f"{where}: '{name}' wants a list of two ids or more; mend or delete the line")
            for at, left in enumerate(ids):
                for right in ids[at + 1 :]:
                    found.pop(_key(left, right), None)
                    found[_key(left, right)] = Decision(*_key(left, right), same)
    return list(found.values())


def _key(left: str, right: str) -> tuple[str, str]:
    return min(left, right), max(left, right)


def add(folder: Path, decision: Decision, note: str = "") -> Path:
    """Write a decision to the file in a folder of sources; the file is returned."""
    import orjson

    file = folder / FILE_NAME
    plain: dict[str, Any] = {"same" if decision.same else "different": [decision.left, decision.right]}
    if note:
        plain["note"] = note
    with file.open("ab") as stream:
        stream.write(orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE))
    return file
