"""Answers as people and programs take them. In: rows, or what a store gave. Out: names instead of IRIs; bytes in a format.

A person sees a state, an alliance or a concept by its name, a work by its title or its stand-in; a program gets the
standard forms of SPARQL results and of RDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from kg.errors import QueryError, UnknownName
from kg.query import Iri, Rows, Value, rows_of
from kg.terms import AUTHORITY, PREFIXES, Base, decode, id_of

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.store import Store

RESULT_FORMATS: Final = ("json", "xml", "csv", "tsv")
GRAPH_FORMATS: Final = ("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads")
_LABELLED: Final = ("state", "alliance", "concept", "group", "region", "rule")
_AT_ONCE: Final = 500

_TITLES: Final = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>

SELECT ?node ?title ?abstract WHERE {
  VALUES ?node { %s }
  OPTIONAL { ?node dcterms:title|foaf:name ?title }
  OPTIONAL { ?node dcterms:abstract ?text . ?text rdf:value ?abstract }
}"""


def named(rows: Rows, store: Store, authority: Authority, lang: str = "en", base: Base | None = None) -> Rows:
    """The same rows with names instead of IRIs, and without the columns of labels that this makes idle.

    Parameters
    ----------
    lang : str
        Language of names, ``en`` or ``zh-Hans`` …; titles of works are taken in it where they have one.

    Notes
    -----
    One question to the store for the titles of at most 500 works; further works are shown by their ids.
    """
    base = base or Base()
    iris = {cell for row in rows.rows for cell in row if isinstance(cell, Iri)}
    names = _names(iris, store, authority, lang, base)
    idle = {f"{column}{suffix}" for column in rows.columns for suffix in ("_en", "_zh")} | {"title_en", "title_zh"}
    kept = [at for at, column in enumerate(rows.columns) if column not in idle or not _is_named(column, rows)]
    columns = tuple(rows.columns[at] for at in kept)
    return Rows(columns, [tuple(_shown(row[at], names) for at in kept) for row in rows.rows])


def _shown(cell: Value, names: Mapping[str, str]) -> Value:
    return names.get(cell, cell) if isinstance(cell, Iri) else cell


def _is_named(column: str, rows: Rows) -> bool:
    """Whether the column that a label column belongs to holds IRIs that are named in its place."""
    of = "work" if column.startswith("title_") else column.rpartition("_")[0]
    return of in rows.columns


def _names(iris: Iterable[str], store: Store, authority: Authority, lang: str, base: Base) -> dict[str, str]:
    found: dict[str, str] = {}
    asked: list[str] = []
    for iri in sorted(iris):
        segment, _, rest = iri.removeprefix(AUTHORITY).partition("/")
        if iri.startswith(AUTHORITY) and segment in _LABELLED:
            try:
                found[iri] = authority.label(decode(rest), lang)
            except UnknownName:
                found[iri] = decode(rest)
        elif iri.startswith(tuple(f"{base.iri}{kind}/" for kind in ("work", "person", "journal"))):
            parts = iri.removeprefix(base.iri).split("/")
            found[iri] = id_of(iri) if len(parts) == 2 else f"{decode(parts[1])} {parts[2]}"
            if len(parts) == 2:
                asked.append(iri)
        else:
            found[iri] = _bare(iri, base)
    found |= _titles(asked[:_AT_ONCE], store, lang)
    return found


def _bare(iri: str, base: Base) -> str:
    """An IRI without the part that all share: ``akg:hasFocus``, ``run/1a2b``."""
    if iri.startswith(base.iri):
        return decode(iri.removeprefix(base.iri))
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _titles(iris: list[str], store: Store, lang: str) -> dict[str, str]:
    from kg.text import stand_in

    if not iris:
        return {}
    titles: dict[str, dict[str, str]] = {}
    abstracts: dict[str, str] = {}
    primary = lang.lower().partition("-")[0]
    for solution in store.query(_TITLES % " ".join(f"<{iri}>" for iri in iris)):
        node = solution["node"].value
        title, abstract = solution["title"], solution["abstract"]
        if title is not None:
            titles.setdefault(node, {})[(title.language or "").partition("-")[0]] = title.value
        if abstract is not None:
            abstracts[node] = min(abstract.value, abstracts.get(node, abstract.value))
    found = {}
    for iri in iris:
        by_lang = titles.get(iri, {})
        if by_lang:
            found[iri] = by_lang.get(primary) or by_lang[min(by_lang)]
        elif iri in abstracts:
            found[iri] = stand_in(abstracts[iri])
    return found


# Formats


def serialize(solutions: Any, form: str) -> bytes:
    """What a store gave in a standard format.

    Parameters
    ----------
    solutions : solutions, boolean or triples of pyoxigraph
    form : str
        One of `RESULT_FORMATS` for rows and yes or no, of `GRAPH_FORMATS` for triples.

    Raises
    ------
    QueryError
        The format does not fit what the query gives.
    """
    import pyoxigraph

    is_table = isinstance(solutions, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean)
    if is_table:
        if form not in RESULT_FORMATS or (form in ("csv", "tsv") and isinstance(solutions, pyoxigraph.QueryBoolean)):
            fitting = RESULT_FORMATS if isinstance(solutions, pyoxigraph.QuerySolutions) else ("json", "xml")
            raise QueryError(
                f"this query gives {_gives(solutions)}; as a file it can be {', '.join(fitting)}, not {form}"
            )
        kind = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}[form]
        data = solutions.serialize(format=getattr(pyoxigraph.QueryResultsFormat, kind))
    else:
        if form not in GRAPH_FORMATS:
            raise QueryError(f"this query gives triples; as a file they can be {', '.join(GRAPH_FORMATS)}, not {form}")
        data = pyoxigraph.serialize(solutions, format=graph_format(form), prefixes=used_prefixes(form))
    assert data is not None
    return bytes(data)


def graph_format(form: str) -> Any:
    """pyoxigraph's name of a format of triples."""
    import pyoxigraph

    names: Mapping[str, Any] = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
        "jsonld": pyoxigraph.RdfFormat.JSON_LD,
        "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
        "trig": pyoxigraph.RdfFormat.TRIG,
        "nquads": pyoxigraph.RdfFormat.N_QUADS,
    }
    return names[form]


def used_prefixes(form: str) -> dict[str, str] | None:
    """Prefixes for formats that have any."""
    return dict(PREFIXES) if form in ("turtle", "trig", "rdfxml", "jsonld") else None


def _gives(solutions: Any) -> str:
    import pyoxigraph

    return "yes or no" if isinstance(solutions, pyoxigraph.QueryBoolean) else "rows"


def plain_rows(solutions: Any) -> tuple[tuple[str, ...], list[tuple[Value, ...]]]:
    """Columns and rows of whatever a store gave, for tables."""
    rows = rows_of(solutions)
    return rows.columns, rows.rows
