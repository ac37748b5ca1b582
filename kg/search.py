"""An index of works by what they are tagged with and by their words. In: ``works.jsonl``. Out: ``store/find.sqlite``.

Titles and abstracts are found by words in English and by any two characters in Chinese: a run of Han characters is kept
as its overlapping pairs (日美同盟: 日美 美同 同盟), folded as tagging folds, so that 美国 finds 美國. One file, made
aside and put in place whole; whoever has the old one open goes on reading it.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.columns import Columns, ColumnsWriter
from kg.errors import StoreError
from kg.model import KINDS, TaggedWork
from kg.rdf.works import name_key, person_key
from kg.text import fold, sentences, stand_in

if TYPE_CHECKING:
    from kg.columns import Numbers
    from kg.text import Folded

NAME: Final = "find.sqlite"
LAYOUT: Final = 3
_RUN: Final = re.compile(r"(?P<han>[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)|(?P<word>[^\W_]+)")
_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE works (n INTEGER PRIMARY KEY, id TEXT UNIQUE, year INTEGER, title TEXT, untitled INTEGER);
CREATE TABLE aliases (id TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
CREATE TABLE docs (n INTEGER PRIMARY KEY, doc BLOB);
CREATE TABLE things (t INTEGER PRIMARY KEY, kind TEXT, tag TEXT, label TEXT, UNIQUE (kind, tag));
CREATE TABLE columns (name TEXT PRIMARY KEY, numbers BLOB);
CREATE VIRTUAL TABLE texts USING fts5 (title, body, content = '', tokenize = 'porter unicode61');
"""


def tokens(folded: str) -> Iterator[str]:
    """Words of a folded text, and the pairs of characters of its Han runs.

    >>> list(tokens("us-japan 日美同盟"))
    ['us', 'japan', '日美', '美同', '同盟', '盟']
    """
    for match in _RUN.finditer(folded):
        run = match.group()
        if match.lastgroup == "word":
            yield from _split_scripts(run)
        else:
            for at in range(len(run)):
                yield run[at : at + 2]


def _split_scripts(word: str) -> Iterator[str]:
    """``\\w`` takes ``us同盟`` for one word: its Han parts come as runs of their own."""
    at = 0
    for match in re.finditer(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+", word):
        if match.start() > at:
            yield word[at : match.start()]
        run = match.group()
        for start in range(len(run)):
            yield run[start : start + 2]
        at = match.end()
    if at < len(word):
        yield word[at:]


def match_of(text: str) -> str:
    """What a person typed as an FTS5 query: all of it must be there, what stands in quotes in one piece.

    >>> print(match_of('日美同盟 "burden sharing"'))
    "日美 美同 同盟" AND "burden sharing"
    >>> print(match_of("美"))
    "美"*
    """
    parts = []
    for quoted, bare in re.findall(r'"([^"]*)"|([^"\s]+)', fold(text).text):
        for phrase in _phrases(quoted) if quoted else [one for word in bare.split() for one in _phrases(word)]:
            parts.append(phrase)
    return " AND ".join(dict.fromkeys(parts))


def _phrases(text: str) -> list[str]:
    """One phrase for a text; a Han run ends in a single character in the index, which a phrase must not ask for."""
    words: list[str] = []
    for token in tokens(text):
        if len(token) == 1 and token >= "\u3400" and words and words[-1][-1:] == token:
            continue
        words.append(token)
    if not words:
        return []
    if len(words) == 1 and len(words[0]) == 1 and words[0] >= "\u3400":
        return [f'"{words[0]}"*']
    return [f'"{" ".join(words)}"']


# Building


def build_index(works: Iterable[TaggedWork], path: Path, *, fingerprint: str = "") -> int:
    """Write the index of some works; gives their number.

    Parameters
    ----------
    path : Path
        Written beside its place and put there whole.
    fingerprint : str
        Of what the works came from; see `open_index`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part)) as base:
            base.executescript(_SCHEMA)
            writer = _Writer(base)
            count = writer.write(works)
            writer.finish()
            facts = {"fingerprint": fingerprint, "layout": str(LAYOUT), "works": str(count)}
            base.executemany("INSERT INTO facts VALUES (?, ?)", sorted(facts.items()))
            base.commit()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


class _Writer:
    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base
        self.things: dict[tuple[str, str], int] = {}
        self.columns = ColumnsWriter()

    def write(self, works: Iterable[TaggedWork]) -> int:
        number = 0
        for number, tagged in enumerate(works, 1):
            self._work(number, tagged)
        return number

    def finish(self) -> None:
        """Write the columns."""
        newest = self.base.execute("SELECT n FROM works ORDER BY year IS NULL, year DESC, id")
        blobs = self.columns.blobs(n for (n,) in newest.fetchall())
        self.base.executemany("INSERT INTO columns VALUES (?, ?)", sorted(blobs.items()))

    def _work(self, n: int, tagged: TaggedWork) -> None:
        from kg import jsonl

        work = tagged.work
        title = next((text.title for text in work.texts if text.title), None)
        shown = title or stand_in(next((text.abstract for text in work.texts if text.abstract), None))
        insert = self.base.execute
        insert("INSERT INTO works VALUES (?, ?, ?, ?, ?)", (n, work.id, work.year, shown, title is None))
        self.base.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(alias, n) for alias in work.aliases])
        folded = {field: fold(text) for field, text in work.fields().items()}
        doc = jsonl.to_json(tagged)
        doc["sentences"] = {field: _spans(text) for field, text in folded.items()}
        packed = zlib.compress(json.dumps(doc, ensure_ascii=False, separators=(",", ":")).encode(), 3)
        insert("INSERT INTO docs VALUES (?, ?)", (n, packed))
        title_words, body_words = (
            " ".join(" ".join(tokens(text.text)) for field, text in folded.items() if field.startswith(part))
            for part in ("title", "abstract")
        )
        insert("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", (n, title_words, body_words))
        columns = self.columns
        columns.work(work.year, bool(tagged.focus))
        for kind in KINDS:
            for tag in tagged.tags(kind):
                columns.tag(self._thing(kind, tag), n, kind == "alliances" and tag in tagged.focus)
        for author in dict.fromkeys(work.authors):
            columns.tag(self._thing("authors", person_key(author), author), n, False)
        if work.journal is not None:
            columns.tag(self._thing("journals", name_key(work.journal), work.journal), n, False)
        columns.tag(self._thing("langs", work.lang), n, False)

    def _thing(self, kind: str, tag: str, label: str | None = None) -> int:
        key = (kind, tag)
        found = self.things.get(key)
        if found is None:
            found = self.things[key] = len(self.things) + 1
            self.base.execute("INSERT INTO things VALUES (?, ?, ?, ?)", (found, kind, tag, label))
        return found


def _spans(folded: Folded) -> list[list[int]]:
    """Sentences as offsets in the raw text."""
    return [list(folded.raw_span(start, end)) for start, end in sentences(folded) if end > start]


# Reading


class Index:
    """An index that is open.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.base = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self.facts = dict(self.base.execute("SELECT name, value FROM facts"))
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be read: {error}; run kg build again") from None

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Rows of a statement."""
        try:
            return self.base.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}") from None

    @cached_property
    def columns(self) -> Columns:
        """Who is tagged with what."""
        return Columns(dict(self.rows("SELECT name, numbers FROM columns")))

    @cached_property
    def things(self) -> list[tuple[str, str, str | None]]:
        """Kind, id and label of each tag, by its number; 0 is none."""
        return [("", "", None), *self.rows("SELECT kind, tag, label FROM things ORDER BY t")]

    @cached_property
    def alphabetical(self) -> Numbers:
        """Place of each tag in the order of ids, by its number."""
        import numpy as np

        places = np.zeros(len(self.things), np.int32)
        places[sorted(range(len(places)), key=lambda t: self.things[t][1])] = np.arange(len(places))
        return places

    def of_kind(self, kind: str) -> list[tuple[int, str]]:
        """Number and id of each tag of a kind."""
        return self.rows("SELECT t, tag FROM things WHERE kind = ?", (kind,))

    def thing(self, kind: str, tag: str) -> int | None:
        """Number of a tag, None where no work has it."""
        found = self.rows("SELECT t FROM things WHERE kind = ? AND tag = ?", (kind, tag))
        return found[0][0] if found else None

    def matches(self, match: str) -> list[int]:
        """Works whose words meet an FTS5 query."""
        import orjson

        found: list[int] = orjson.loads(
            self.rows("SELECT json_group_array(rowid) FROM texts WHERE texts MATCH ?", [match])[0][0]
        )
        return found

    def doc(self, n: int) -> dict[str, Any]:
        """The work's line of ``works.jsonl``, with ``sentences``: spans by field."""
        import orjson

        packed = self.rows("SELECT doc FROM docs WHERE n = ?", (n,))[0][0]
        found: dict[str, Any] = orjson.loads(zlib.decompress(packed))
        return found

    def close(self) -> None:
        """Let the file go."""
        self.base.close()


def open_index(folder: Path) -> Index:
    """The index of a folder that a build wrote; made now where it is missing or older than ``works.jsonl``.

    Raises
    ------
    StoreError
        The folder has no ``works.jsonl``.
    """
    path = folder / "store" / NAME
    works = folder / "works.jsonl"
    try:
        wanted = fingerprint(works)
    except OSError:
        raise StoreError(f"{folder} has no works.jsonl; build it: kg build SOURCE -o {folder}") from None
    if path.exists():
        with suppress(StoreError):
            index = Index(path)
            if index.facts.get("fingerprint") == wanted and index.facts.get("layout") == str(LAYOUT):
                return index
            index.close()
    try:
        build_index(read_works(works), path, fingerprint=wanted)
    except OSError:  # a folder that may only be read
        import tempfile

        path = Path(tempfile.mkdtemp(prefix="kg-find-")) / NAME
        build_index(read_works(works), path, fingerprint=wanted)
    return Index(path)


def fingerprint(works: Path) -> str:
    """Tells whether a file of works is still the one that was indexed: its size and when it was written."""
    facts = works.stat()
    return f"{facts.st_size}-{facts.st_mtime_ns}"


def read_works(path: Path) -> Iterator[TaggedWork]:
    """The tagged works of a file of JSON Lines."""
    from kg import jsonl

    with path.open("rb") as file:
        for line in file:
            if line.strip():
                yield jsonl.loads(line)
