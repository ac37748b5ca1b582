"""Answers as people and programs take them: names instead of IRIs, and the standard forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import corpus
import pyoxigraph
import pytest
import rdflib
from test_query import bind

from kg.answers import GRAPH_FORMATS, RESULT_FORMATS, named, serialize
from kg.errors import QueryError
from kg.query import Iri, Rows, ask
from kg.store import Store, load, open_store
from kg.terms import Base, state

WORKS = "SELECT ?w ?year { ?w a <https://w3id.org/alliance-kg/ns#Work> OPTIONAL { ?w <https://w3id.org/alliance-kg/ns#year> ?year } } ORDER BY ?w"
TYPES = (
    "CONSTRUCT { ?w a <https://w3id.org/alliance-kg/ns#Work> } WHERE { ?w a <https://w3id.org/alliance-kg/ns#Work> }"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("answers")
    load(corpus.write(folder / "quads"), folder / "store")
    with open_store(folder) as opened:
        yield opened


def shown(store: Store, number: str, lang: str, **bindings: object) -> Rows:
    return named(ask(store, number, bind(bindings), authority=corpus.authority()), store, corpus.authority(), lang)


def test_works_are_shown_by_title_or_stand_in(store: Store) -> None:
    rows = shown(store, "01", "en", alliance="JPN-USA")
    assert rows.columns == ("work", "year", "focus")
    assert [row[0] for row in rows] == [
        "Entrapment in the US–Japan alliance",
        "〔美日、美韩同盟的负担分担各不相同〕",
        "Korea and entrapment",
        "〔Tokyo leans on its protector and shares the burden〕",
    ]
    assert shown(store, "01", "zh-Hans", alliance="JPN-USA").rows[0][0] == "日美同盟中的牵连"


def test_things_are_shown_by_name_in_the_language_asked_for(store: Store) -> None:
    assert shown(store, "04", "en", alliance="JPN-USA").rows[0] == ("burden sharing", 2)
    assert shown(store, "04", "zh-Hans", alliance="JPN-USA").rows[0] == ("负担分担", 2)
    assert shown(store, "10", "zh", state="AUS").columns == ("other", "works")
    assert [row[0] for row in shown(store, "31", "en", work="w04")] == [
        "dcterms:subject",
        "akg:discussesAlliance",
        "akg:hasFocus",
        "akg:mentionsState",
    ]


def test_what_has_no_name_is_shown_short(store: Store) -> None:
    rows = Rows(
        ("a", "n"),
        [
            (Iri(state("XXX")), 1),
            (Iri(Base().run("r1")), 2),
            (Iri("http://elsewhere/x"), 3),
            (Iri(Base().work("gone")), None),
        ],
    )
    assert named(rows, store, corpus.authority()).rows == [
        ("XXX", 1),
        ("run/r1", 2),
        ("http://elsewhere/x", 3),
        ("gone", None),
    ]


def test_labels_of_other_columns_stay(store: Store) -> None:
    rows = Rows(("name", "title_en"), [("x", "T")])
    assert named(rows, store, corpus.authority()).columns == ("name", "title_en")


@pytest.mark.parametrize("form", RESULT_FORMATS)
def test_rows_in_every_standard_form(store: Store, form: str) -> None:
    data = serialize(store.query(WORKS), form)
    if form == "csv":
        assert data.split(b"\r\n")[0] == b"w,year"
        assert len(data.splitlines()) == 13
        return
    results = getattr(pyoxigraph.QueryResultsFormat, form.upper())
    assert len(list(pyoxigraph.parse_query_results(data, format=results))) == 12  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_yes_or_no(store: Store, form: str) -> None:
    results = getattr(pyoxigraph.QueryResultsFormat, form.upper())
    assert bool(pyoxigraph.parse_query_results(serialize(store.query("ASK {}"), form), format=results))


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_triples_in_every_standard_form(store: Store, form: str) -> None:
    names = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    graph = rdflib.Dataset() if form in ("trig", "nquads") else rdflib.Graph()
    graph.parse(data=serialize(store.query(TYPES), form), format=names.get(form, form))
    assert len(list(graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/alliance-kg/ns#Work")))) == 12


@pytest.mark.parametrize(
    ("query", "form", "says"),
    [
        (WORKS, "turtle", "gives rows; as a file it can be json, xml, csv, tsv, not turtle"),
        (TYPES, "csv", "gives triples; as a file they can be turtle"),
        ("ASK {}", "csv", "gives yes or no; as a file it can be json, xml"),
    ],
)
def test_a_form_that_does_not_fit(store: Store, query: str, form: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        serialize(store.query(query), form)
