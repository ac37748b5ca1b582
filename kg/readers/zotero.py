"""Zotero's own database. In: a zotero.sqlite, also while Zotero is open. Out: entries with their item keys.

The file is never written to: without a journal beside it, it is opened as immutable (no lock, no file of SQLite's beside it);
with one, Zotero is at work, and a copy is read.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from kg.errors import SourceError
from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_MAGIC: Final = b"SQLite format 3\x00"
_PUBLICATION: Final = (
    "publicationTitle",
    "bookTitle",
    "proceedingsTitle",
    "encyclopediaTitle",
    "dictionaryTitle",
    "websiteTitle",
    "university",
    "institution",
    "publisher",
)
_USED: Final = frozenset(
    "title abstractNote date volume issue pages DOI ISSN ISBN language caseName subject nameOfAct".split()
) | frozenset(_PUBLICATION)


def sniff(head: Head) -> float:
    """0.9 for an SQLite database: whether it is Zotero's shows on opening."""
    return 0.9 if head.data.startswith(_MAGIC) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry an item that is not in the bin; attachments, notes and annotations are none."""
    with tempfile.TemporaryDirectory(prefix="kg-zotero-") as folder:
        path = _readable(reading, Path(folder))
        try:
            with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as database:
                yield from _entries(reading, database)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the second from a damaged file's own messages
            yield Problem(
                reading.source.name,
                f"not a Zotero database that can be read ({error})",
                "close Zotero and try again, or export CSL JSON",
            )


def _readable(reading: Reading, folder: Path) -> Path:
    """The file itself where nobody writes to it, else a copy with its journal played back."""
    source = reading.source
    if source.path is None:
        copy = folder / "zotero.sqlite"
        with source.open() as stream, copy.open("wb") as target:
            shutil.copyfileobj(stream, target)
        return copy
    beside = [source.path.with_name(source.path.name + end) for end in ("-wal", "-journal")]
    busy = [file for file in beside if file.exists() and file.stat().st_size]
    if not busy:
        return source.path.resolve()
    copy = folder / source.path.name
    for file in (source.path, *busy):
        shutil.copyfile(file, folder / file.name)
    with closing(sqlite3.connect(copy)) as database:
        database.execute("pragma journal_mode = delete")
        database.execute("select count(*) from sqlite_master").fetchone()
    return copy


def _entries(reading: Reading, database: sqlite3.Connection) -> Iterator[Entry]:
    tables = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
    if not {"items", "itemData", "itemDataValues", "itemTypes"} <= tables:
        raise sqlite3.DatabaseError("it has none of Zotero's tables")
    wanted = _wanted(database, reading.collection) if reading.collection is not None else None
    groups = dict(database.execute("select libraryID, groupID from groups")) if "groups" in tables else {}
    field_names = dict(database.execute("select fieldID, fieldName from fields"))
    if "fieldsCombined" in tables:
        field_names |= dict(database.execute("select fieldID, fieldName from fieldsCombined"))
    items = database.execute(
        "select itemID, typeName, libraryID, key from items join itemTypes using (itemTypeID) where itemID not in (select itemID from deletedItems) "
        "and typeName not in ('attachment', 'note', 'annotation') order by itemID"
    )
    number = 0
    for item_id, kind, library, key in items:
        if wanted is not None and item_id not in wanted:
            continue
        number += 1
        values = {
            field_names.get(field, str(field)): str(value)
            for field, value in database.execute(
                "select fieldID, value from itemData join itemDataValues using (valueID) where itemID = ?", (item_id,)
            )
        }
        creators = list(
            database.execute(
                "select firstName, lastName, creatorType from itemCreators join creators using (creatorID) join creatorTypes using (creatorTypeID) "
                "where itemID = ? order by orderIndex",
                (item_id,),
            )
        )
        words = [
            word
            for (word,) in database.execute(
                "select name from itemTags join tags using (tagID) where itemID = ? order by name", (item_id,)
            )
        ]
        library_path = f"groups/{groups[library]}" if library in groups else "library"
        yield _entry(reading.where(key), number, kind, values, creators, words, f"{library_path}/items/{key}")


def _wanted(database: sqlite3.Connection, name: str) -> set[int]:
    """Items of a collection and of those in it."""
    rows = list(database.execute("select collectionID, collectionName, parentCollectionID from collections"))
    todo = [number for number, title, _ in rows if title.casefold() == name.casefold()]
    if not todo:
        names = ", ".join(sorted({title for _, title, _ in rows})) or "none"
        raise SourceError(f"--collection: there is no collection '{name}'. Collections are: {names}")
    inside: set[int] = set()
    while todo:
        number = todo.pop()
        if number not in inside:
            inside.add(number)
            todo.extend(child for child, _, parent in rows if parent == number)
    marks = ",".join("?" * len(inside))
    return {
        item
        for (item,) in database.execute(
            f"select itemID from collectionItems where collectionID in ({marks})", sorted(inside)
        )
    }


def _entry(
    where: str,
    number: int,
    kind: str,
    values: dict[str, str],
    creators: list[tuple[str, str, str]],
    words: list[str],
    key: str,
) -> Entry:
    entry = Entry(where, number, one_name_each=True, kind=kind_of(kind))
    title = next((values[name] for name in ("title", "caseName", "subject", "nameOfAct") if values.get(name)), None)
    entry.titles = [title] if title else []
    entry.abstracts = [values["abstractNote"]] if values.get("abstractNote") else []
    authors = [
        creator for creator in creators if creator[2] in ("author", "inventor", "presenter", "contributor")
    ] or creators
    entry.authors = [f"{family}, {given}" if given and family else family or given for given, family, _ in authors]
    entry.journal = next((values[name] for name in _PUBLICATION if values.get(name)), None)
    date = values.get("date", "")
    entry.date = date[:4] if date[:4].isdigit() and date[:4] != "0000" else date[10:].strip() or date or None
    entry.volume, entry.issue, entry.pages = values.get("volume"), values.get("issue"), pages_of(values.get("pages"))
    entry.doi, entry.lang, entry.keywords = values.get("DOI"), values.get("language"), words
    entry.identifiers["zotero"] = key
    for scheme in ("issn", "isbn"):
        if values.get(scheme.upper()):
            entry.identifiers[scheme] = values[scheme.upper()]
    for name, value in values.items():
        if name not in _USED:
            entry.keep(name, value)
    return entry
