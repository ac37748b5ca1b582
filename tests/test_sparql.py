"""What a SPARQL text is, and what is refused on the text itself: each way that an engine was seen to read it otherwise."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError, QueryRefused
from kg.sparql import DEEPEST, form_of, plain_text

ASIDE = "<http://127.0.0.1:9/>"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("ask{}", "ASK"),
        ("PREFIX select: <http://a/> CONSTRUCT WHERE { ?s select:ask ?o }", "CONSTRUCT"),
        ("BASE <http://a/INSERT> # DELETE\nDESCRIBE <b>", "DESCRIBE"),
        ("SELECT ?service WHERE { ?service <http://SERVICE/> 'SERVICE' }", "SELECT"),
        ('SELECT * { ?s ?p """SERVICE <http://a/> { }""" }', "SELECT"),
        ("SELECT * { ?s ?p '\\'SERVICE' # SERVICE\n }", "SELECT"),
        ("PREFIX ex: <http://a/> SELECT * { ?s ex:civilService ?o }", "SELECT"),
        ("PREFIX ex: <http://a/#> SELECT ?service ?x { ?x ex:p ?service }", "SELECT"),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } VALUES ?s { <http://a/> } }", "SELECT"),
        ("PREFIX insert: <http://a/> SELECT * { ?s insert:x ?o }", "SELECT"),
        ("SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }", "SELECT"),
    ],
)
def test_forms(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE {ASIDE} {{ ?s ?p ?o }} }}",
        f"SELECT*{{SERVICE{ASIDE}{{?s?p?o}}}}",
        f"SELECT * {{ SERVICE SILENT {ASIDE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICESILENT{ASIDE}{{?s?p?o}}}}",
        f"SELECT * {{ sErViCe {ASIDE} {{ ?s ?p ?o }} }}",
        f"PREFIX : {ASIDE} SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
        f"PREFIX service: {ASIDE} SELECT * {{ SERVICE service:x {{ ?s ?p ?o }} }}",
        "SELECT * { FILTER(1<2)SERVICE?x{?s?p?o}}",
        f"SELECT * {{ ?s ?p 5SERVICE {ASIDE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p 5.e1SERVICE{ASIDE}{{?s ?p ?o}} }}",
        f"PREFIX a: <http://a/> SELECT * {{ ?s ?p a:.SERVICE{ASIDE}{{?s ?p ?o}} }}",
        f"SELECT * {{ ?s ?p ?o.SERVICE{ASIDE}{{?s ?p ?o}} }}",
        f"SELECT * {{ ?s ?p ''@en.SERVICE{ASIDE}{{?s ?p ?o}} }}",
        # `<'>` looks like an IRI, so that what follows looks like a string.
        f"SELECT * {{ ?a ?b ?c FILTER(?a<'>') SERVICE {ASIDE} {{ ?x ?y ?z }} FILTER(?b='x') }}",
        # `<:b#>` too, and the rest of the line like a long string's beginning.
        f"SELECT * {{ ?a ?b 1 FILTER(?a<:b#>'''\n) SERVICE {ASIDE} {{ }} #'''\n}}",
        # Undone first it is SERVICE, undone in strings only it is not.
        f"SELECT * {{ \\u0053ERVICE {ASIDE} {{ ?s ?p ?o }} }}",
        # Undone first the quotes make one long string, undone in strings only they do not.
        f"SELECT * {{ FILTER('\\u0027'!='b') SERVICE {ASIDE} {{ ?s ?p ?o }} FILTER('\\u0027'!='b') }}",
        f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE {ASIDE} {{ ?s ?p ?o }} }} }} }} }}",
    ],
)
def test_no_other_server_is_asked(text: str) -> None:
    with pytest.raises(QueryRefused, match="asks no other server"):
        form_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "PREFIX a: <http://a/> DELETE WHERE { ?s ?p ?o }",
        "WITH <http://g/> INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:9/>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <http://g/>",
        "CLEAR ALL",
        "DROP GRAPH <http://g/>",
        "CREATE GRAPH <http://g/>",
        "COPY DEFAULT TO <http://g/>",
        "MOVE DEFAULT TO <http://g/>",
        "ADD DEFAULT TO <http://g/>",
        "# a comment\nBASE <http://a/>\ninsert data {}",
    ],
)
def test_nothing_is_written(text: str) -> None:
    with pytest.raises(QueryRefused, match="takes no updates"):
        form_of(text)


@pytest.mark.parametrize("text", ["", " \n", "# SELECT * {}", "'SELECT'", "?select", "hello", "}{"])
def test_what_is_no_query(text: str) -> None:
    with pytest.raises(QueryError, match="none of the words SELECT"):
        form_of(text)


def test_depth_is_bounded() -> None:
    assert form_of("ASK " + "{" * DEEPEST + "}" * DEEPEST) == "ASK"
    with pytest.raises(QueryError, match="levels deep"):
        form_of("ASK " + "{" * (DEEPEST + 1) + "}" * (DEEPEST + 1))


def test_bytes_must_be_utf_8() -> None:
    assert plain_text(b"\xef\xbb\xbfASK {}") == "ASK {}"
    assert plain_text("\ufeffASK {}") == "ASK {}"
    with pytest.raises(QueryError, match="not UTF-8"):
        plain_text("ASK { ?s ?p '盟' }".encode("gb18030"))


PIECES = st.lists(
    st.sampled_from(
        [
            "SERVICE",
            "SILENT",
            f" {ASIDE} ",
            "{",
            "}",
            " ",
            "'",
            '"',
            "'''",
            "<",
            ">",
            "#",
            "\n",
            "?x",
            ":x",
            "a:",
            ".",
            "(",
            ")",
            "\\u0027",
            "@en",
            "5",
            "e1",
            "FILTER",
            "1<2",
            "\\",
            "VALUES",
            "|",
        ]
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    opened = pyoxigraph.Store()
    opened.add(
        pyoxigraph.Quad(pyoxigraph.NamedNode("http://a/s"), pyoxigraph.NamedNode("http://a/p"), pyoxigraph.Literal("x"))
    )
    return opened


@settings(max_examples=3000, deadline=None)
@given(PIECES)
def test_whatever_passes_asks_nobody(store: pyoxigraph.Store, pieces: list[str]) -> None:
    """Port 9 refuses: an engine that tries to reach it says so in its error."""
    text = "PREFIX : <http://a/> PREFIX a: <http://a/> SELECT * { ?s ?p ?o . " + "".join(pieces) + " }"
    try:
        form_of(text)
    except QueryError:
        return
    try:
        list(store.query(text))  # type: ignore[call-overload]
    except (SyntaxError, ValueError):
        return
    except (OSError, RuntimeError) as error:
        pytest.fail(f"{text!r} went out: {error}")
