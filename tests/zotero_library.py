"""A small Zotero database, made as Zotero's schema has it. In: a path. Out: the file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = """
create table libraries (libraryID integer primary key, type text);
create table groups (groupID integer primary key, libraryID int, name text);
create table itemTypes (itemTypeID integer primary key, typeName text);
create table fields (fieldID integer primary key, fieldName text);
create table items (itemID integer primary key, itemTypeID int, libraryID int, key text);
create table itemDataValues (valueID integer primary key, value);
create table itemData (itemID int, fieldID int, valueID int);
create table creatorTypes (creatorTypeID integer primary key, creatorType text);
create table creators (creatorID integer primary key, firstName text, lastName text, fieldMode int);
create table itemCreators (itemID int, creatorID int, creatorTypeID int, orderIndex int);
create table tags (tagID integer primary key, name text);
create table itemTags (itemID int, tagID int);
create table deletedItems (itemID integer primary key);
create table collections (collectionID integer primary key, collectionName text, parentCollectionID int, libraryID int);
create table collectionItems (collectionID int, itemID int, orderIndex int);
"""
FIELDS = "title abstractNote date publicationTitle volume issue pages DOI language extra".split()


def make(path: Path, works: list[dict[str, object]]) -> Path:
    """Write a library; each work has a key, fields by name, ``creators`` as pairs, ``tags``, and maybe ``in`` or ``deleted``."""
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    database.executemany("insert into itemTypes values (?, ?)", [(1, "journalArticle"), (2, "attachment"), (3, "note")])
    database.executemany("insert into fields values (?, ?)", list(enumerate(FIELDS, 1)))
    database.executemany("insert into creatorTypes values (?, ?)", [(1, "author"), (2, "editor")])
    database.executemany("insert into libraries values (?, ?)", [(1, "user"), (2, "group")])
    database.execute("insert into groups values (77, 2, 'Reading group')")
    database.executemany(
        "insert into collections values (?, ?, ?, 1)", [(1, "Costs", None), (2, "Asia", 1), (3, "Empty", None)]
    )
    value = creator = 0
    for item, work in enumerate(works, 1):
        kind = {"attachment": 2, "note": 3}.get(str(work.get("type")), 1)
        database.execute("insert into items values (?, ?, ?, ?)", (item, kind, work.get("library", 1), work["key"]))
        for number, name in enumerate(FIELDS, 1):
            if name in work:
                value += 1
                database.execute("insert into itemDataValues values (?, ?)", (value, work[name]))
                database.execute("insert into itemData values (?, ?, ?)", (item, number, value))
        for order, (first, last) in enumerate(work.get("creators", [])):  # type: ignore[call-overload]
            creator += 1
            database.execute("insert into creators values (?, ?, ?, 0)", (creator, first, last))
            database.execute("insert into itemCreators values (?, ?, 1, ?)", (item, creator, order))
        for word in work.get("tags", []):  # type: ignore[attr-defined]
            creator += 1
            database.execute("insert into tags values (?, ?)", (creator, word))
            database.execute("insert into itemTags values (?, ?)", (item, creator))
        if "in" in work:
            database.execute("insert into collectionItems values (?, ?, 0)", (work["in"], item))
        if work.get("deleted"):
            database.execute("insert into deletedItems values (?)", (item,))
    database.commit()
    database.close()
    return path
