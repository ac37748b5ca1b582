"""A user's own vocabulary of concepts. In: SKOS in any usual syntax, or a table. Out: rows of the concepts table.

SKOS is read as it is commonly written: ``skos:Concept`` with prefLabel, altLabel, hiddenLabel, definition, broader and
narrower, notation, ``owl:deprecated`` and ``dcterms:isReplacedBy``. A concept of ours is meant where the IRI is ours,
where ``skos:exactMatch`` names it, or where notation or last part of the IRI are its id. A table has the columns of
``concepts.csv``, or SKOS names with a language (``prefLabel@zh``, ``altLabel@en``), for as many columns as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import OntologyError
from kg.ontology import COLUMNS, LISTS, SEPARATOR, Row, lay_over, read_rows
from kg.terms import AUTHORITY, DCTERMS, OWL, RDF, SKOS, id_of
from kg.things import canonical_lang

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

SYNTAXES: Final[Mapping[str, str]] = {
    ".ttl": "turtle",
    ".n3": "n3",
    ".nt": "nt",
    ".rdf": "xml",
    ".owl": "xml",
    ".xml": "xml",
    ".jsonld": "json-ld",
}
"""Endings of SKOS files, and what rdflib calls their syntax."""

_TABLES: Final = (".csv", ".tsv")
_COLUMN: Final = {"en": "en", "zh-Hans": "zh", "zh-Hant": "zh_hant"}
_LABELS: Final = {"prefLabel": "pref", "altLabel": "alt", "hiddenLabel": "hidden", "definition": "definition"}
_SKOS_COLUMN: Final = re.compile(r"(?:skos:)?(prefLabel|altLabel|hiddenLabel|definition)(?:@([A-Za-z-]+))?")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(?:%\s*)?\S+\s+(?:SYSTEM|PUBLIC|\"[^\"]*[&%]|'[^']*[&%])")
_REMOTE_CONTEXT: Final = re.compile(rb'"@context"\s*:\s*(?:\[[^\]]*)?"\s*https?:')


def read_vocabulary(path: Path) -> list[Row]:
    """Rows of the concepts table; a cell is there only where the vocabulary says something.

    Raises
    ------
    OntologyError
        The file cannot be read, or a concept of it has no id or no name; says which, and what to do.
    """
    ending = path.suffix.lower()
    if ending in _TABLES:
        return list(_table_rows(path))
    if ending in SYNTAXES:
        return list(_skos_rows(path.name, _graph(path, SYNTAXES[ending])))
    known = ", ".join((*_TABLES, *SYNTAXES))
    raise OntologyError(f"{path.name}: not a vocabulary that can be read; give a file that ends in {known}")


def add_concepts(concepts: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    """Rows with a vocabulary added: other names join those that are there, the rest of what is said replaces it.

    A preferred name that is replaced stays as another name, so that it still finds the concept.
    """
    known = {row["id"]: row for row in concepts}
    return lay_over("concepts", known.values(), [_joined(known.get(row["id"]), row) for row in others])


def replace_concepts(concepts: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    """Rows of a vocabulary alone; what is a facet of ours stays one, since SKOS has no word for it."""
    facets = {row["id"] for row in concepts if row["facet"] == "yes"}
    rows = lay_over("concepts", [], others)
    return [Row(row.where, {"facet": "yes", **row.cells}) if row["id"] in facets else row for row in rows]


def _joined(old: Row | None, new: Row) -> Row:
    if old is None or new["delete"]:
        return new
    cells = dict(new.cells)
    for suffix in _COLUMN.values():
        pref, alt = f"pref_{suffix}", f"alt_{suffix}"
        names = [*old.items(alt), *new.items(alt)]
        if new[pref] and old[pref] != new[pref]:
            names.append(old[pref])
        kept = new[pref] or old[pref]
        cells[alt] = SEPARATOR.join(dict.fromkeys(name for name in names if name and name != kept))
    for column in ("hidden_en", "hidden_zh"):
        cells[column] = SEPARATOR.join(dict.fromkeys([*old.items(column), *new.items(column)]))
    return Row(new.where, cells)


# Tables


def _table_rows(path: Path) -> Iterator[Row]:
    names = _header(path)
    columns = (*COLUMNS["concepts"], "delete", "notation", "deprecated", *names)
    key = "id" if "id" in names or "notation" not in names else "notation"
    for row in read_rows(path, columns, key):
        cells: dict[str, str] = {}
        for column, cell in row.cells.items():
            for name, value in _cells(column, cell):
                joined = name in LISTS and cells.get(name)
                cells[name] = f"{cells[name]}{SEPARATOR}{value}" if joined else value
        yield _checked(Row(row.where, cells))


def _header(path: Path) -> tuple[str, ...]:
    """Column names of a table that are SKOS's, and its id or notation."""
    try:
        first = path.open(encoding="utf-8-sig", newline="").readline()
    except (OSError, UnicodeDecodeError):
        return ()
    names = (name.strip().strip('"') for name in re.split("[,;\t]", first))
    return tuple(name for name in names if _SKOS_COLUMN.fullmatch(name) or name in ("id", "notation"))


def _cells(column: str, cell: str) -> Iterator[tuple[str, str]]:
    """The cell of the concepts table, or the several, that a cell under a SKOS name is."""
    match = _SKOS_COLUMN.fullmatch(column)
    if match:
        items = [cell] if match[1] == "definition" else cell.split(SEPARATOR)
        for item in filter(None, map(str.strip, items)):
            yield _label_column(match[1], match[2], item), item
    elif column == "notation":
        yield "id", cell
    elif column == "deprecated":
        if cell.lower() in ("yes", "true", "1"):
            yield "replaced_by", "none"
    else:
        yield column, cell


def _label_column(kind: str, lang: str | None, text: str) -> str:
    """``altLabel`` and ``zh-TW`` → ``alt_zh_hant``; without a language, or with bare ``zh``, the script tells."""
    if lang is None or lang.lower() == "zh":
        lang = _script(text)
    column = _COLUMN[canonical_lang(lang)]
    if column == "zh_hant" and kind in ("hiddenLabel", "definition"):
        column = "zh"  # one column for both scripts: what matches is folded, and definitions are shown in either
    return f"{_LABELS[kind]}_{column}"


def _script(text: str) -> str:
    if not _HAN.search(text):
        return "en"
    traditional = any(ord(c) > 0x2E80 and not c.encode("gb2312", "ignore") for c in text)
    return "zh-Hant" if traditional else "zh-Hans"


# SKOS


def _graph(path: Path, syntax: str) -> Graph:
    from rdflib import Graph

    data = path.read_bytes()
    if syntax == "xml" and _ENTITY.search(data):
        raise OntologyError(f"{path.name}: entities that call others or other files are not read; write them out")
    if syntax == "json-ld" and _REMOTE_CONTEXT.search(data):
        raise OntologyError(f"{path.name}: its @context is on the network, which is not asked; put it into the file")
    try:
        return Graph().parse(data=data, format=syntax, publicID=path.absolute().as_uri())
    except Exception as error:  # rdflib's parsers raise whatever they meet
        line = getattr(error, "lines", None)
        place = f"{path.name}:{line + 1}" if isinstance(line, int) else path.name
        reason = " ".join(str(getattr(error, "message", error)).split())[:200]
        raise OntologyError(f"{place}: not {syntax}: {reason}") from None


def _skos_rows(name: str, graph: Graph) -> Iterator[Row]:
    from rdflib import URIRef

    term = {local: URIRef(SKOS + local) for local in ("broader", "narrower", "exactMatch", "notation", *_LABELS)}
    concepts = sorted(filter(_is_concept, set(graph.subjects(URIRef(f"{RDF}type"), URIRef(f"{SKOS}Concept")))), key=str)
    if not concepts:
        raise OntologyError(f"{name}: no skos:Concept in it; give each concept that type")
    ids = {node: _id(graph, node, term) for node in concepts}
    owners: dict[str, Node] = {}
    for node, found in ids.items():
        if not found:
            raise OntologyError(f"{name}: {node} has no id; give it a skos:notation")
        if found in owners:
            raise OntologyError(
                f"{name}: {owners[found]} and {node} are both '{found}'; give one another skos:notation"
            )
        owners[found] = node
    for node, found in ids.items():
        cells = {"id": found, **_label_cells(graph, node, term)}
        above = {*graph.objects(node, term["broader"]), *graph.subjects(term["narrower"], node)}
        if above:
            cells["broader"] = SEPARATOR.join(sorted(ids.get(up) or _plain_id(up) for up in above))
        source = graph.value(node, URIRef(f"{DCTERMS}source"))
        if source:
            cells["source"] = str(source)
        if str(graph.value(node, URIRef(f"{OWL}deprecated"))).lower() in ("true", "1"):
            others = sorted(ids.get(o) or _plain_id(o) for o in graph.objects(node, URIRef(f"{DCTERMS}isReplacedBy")))
            cells["replaced_by"] = SEPARATOR.join(others) or "none"
        yield _checked(Row(f"{name}: {node}", cells))


def _is_concept(node: Node) -> bool:
    """Not one of our states, alliances, groups, regions or rules, which SKOS calls concepts too."""
    return not str(node).startswith(AUTHORITY) or str(node).startswith(f"{AUTHORITY}concept/")


def _id(graph: Graph, node: Node, term: Mapping[str, Any]) -> str:
    for match in sorted(map(str, graph.objects(node, term["exactMatch"]))):
        if match.startswith(f"{AUTHORITY}concept/"):
            return id_of(match)
    notations = sorted(str(notation) for notation in graph.objects(node, term["notation"]))
    return _slug(notations[0]) if notations else _plain_id(node)


def _plain_id(node: Node) -> str:
    """The id in the last part of an IRI: ``…#BurdenSharing`` is ``burden-sharing``."""
    return _slug(id_of(re.split(r"[#/]", str(node).rstrip("#/"))[-1]))


def _slug(text: str) -> str:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text.strip())
    return re.sub(r"[\W_]+", "-", parted).strip("-").lower()


def _label_cells(graph: Graph, node: Node, term: Mapping[str, Any]) -> dict[str, str]:
    """Labels and definitions by column; a second preferred name of one column is another name."""
    found: dict[str, list[str]] = {}
    for kind in _LABELS:
        literals = sorted(graph.objects(node, term[kind]), key=lambda item: (len(_lang(item)), _lang(item), str(item)))
        for literal in literals:
            lang = _lang(literal).lower()
            text = " ".join(str(literal).split()).replace(SEPARATOR, "/")
            if text and (not lang or lang.split("-")[0] in ("en", "zh")):
                found.setdefault(_label_column(kind, lang or None, text), []).append(text)
    cells: dict[str, str] = {}
    for suffix in _COLUMN.values():
        pref, *more = found.pop(f"pref_{suffix}", [""])
        if pref:
            cells[f"pref_{suffix}"] = pref
        names = dict.fromkeys((*more, *found.pop(f"alt_{suffix}", [])))
        if names:
            cells[f"alt_{suffix}"] = SEPARATOR.join(name for name in names if name != pref)
    cells.update(
        {column: items[0] if "definition" in column else SEPARATOR.join(items) for column, items in found.items()}
    )
    return cells


def _lang(literal: Any) -> str:
    return str(getattr(literal, "language", None) or "")


def _checked(row: Row) -> Row:
    """A row that has an id and says something."""
    if not row["id"]:
        raise OntologyError(f"{row.where}: no id; every concept needs one")
    if re.search(r"[\s|]", row["id"]):
        raise OntologyError(f"{row.where}: the id '{row['id']}' has a blank or a bar in it; write it with hyphens")
    if len(row.cells) == 1:
        raise OntologyError(f"{row.where}: nothing is said of '{row['id']}'; give it a name in English or Chinese")
    return row
