"""Questions: their files, what may be bound, and the right answers on a corpus worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import corpus
import pytest
from corpus.answers import ANSWERS
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError, QueryRefused, UnknownName
from kg.query import Iri, Question, Rows, ask, bound_rows, get_question, parse, query, questions, rows_of
from kg.sparql import form_of
from kg.store import LocalStore, Store, load, open_store
from kg.terms import AUTHORITY, Base, alliance, concept, state, thing

KINDS = {"alliance": alliance, "other": alliance, "concept": concept, "state": state}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    folder = tmp_path_factory.mktemp("corpus")
    load(corpus.write(folder / "quads"), folder / "store")
    with open_store(folder) as opened:
        assert isinstance(opened, LocalStore)
        yield opened


def bind(bindings: dict[str, Any]) -> dict[str, Any]:
    """The corpus' ids as IRIs."""

    def one(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [one(name, part) for part in value]
        if not isinstance(value, str):
            return value
        if name == "work":
            return Iri(Base().work(value))
        if name == "run":
            return Iri(Base().run(corpus.provenance().run_id(value)))
        if name == "thing":
            return Iri(thing("concepts" if value in corpus.CONCEPTS else "alliances", value))
        return Iri(KINDS[name](value))

    return {name: one(name, value) for name, value in bindings.items()}


def short(value: Any) -> Any:
    """A cell as `answers` writes it."""
    if not isinstance(value, Iri):
        return round(value, 6) if isinstance(value, float) else value
    runs = {corpus.provenance().run_id(slug): slug for slug in ("library", "second")}
    path = value.removeprefix(AUTHORITY)
    if path.startswith("record/"):
        return path.removeprefix("record/")
    parts = re.split("[/#]", path)
    if "abstract" in parts or "title" in parts:
        return next(part for part in parts if part in ("abstract", "title")) + ("@en" if is_english(value) else "")
    from kg.terms import decode

    last = decode(parts[-1])
    return runs.get(last, last)


def is_english(text_iri: str) -> bool:
    """Whether the text is the English abstract of the work that has two."""
    import hashlib

    english = corpus.works()[0].work.texts[1].abstract or ""
    return hashlib.sha256(english.encode()).hexdigest()[:12] in text_iri


def compare(found: Rows, expected: list[tuple[Any, ...]]) -> None:
    rows = [tuple(short(cell) for cell in row) for row in found.rows]
    assert len(rows) == len(expected), rows
    for row, wanted in zip(rows, expected, strict=True):
        masked = tuple("" if want in ("", "JP") else cell for cell, want in zip(row, wanted, strict=True))
        bare = tuple("" if want == "JP" else round(want, 6) if isinstance(want, float) else want for want in wanted)
        assert masked == bare


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.stem)
def test_the_answer_is_right(store: Store, question: Question) -> None:
    bindings, expected = ANSWERS[question.stem]
    compare(ask(store, question, bind(bindings), authority=corpus.authority()), expected)


def test_reading_all_and_looking_up_give_the_same(store: LocalStore) -> None:
    """Which of the two is done follows the number of works: here it is always the first."""
    assert store.n_works
    able = [question for question in questions() if question.can_scan]
    assert able
    for question in able:
        bindings, expected = ANSWERS[question.stem]
        both = {**bindings, "alliance": ["JPN-USA", "GBR-JPN"]}
        for one, number in ((bindings, len(expected)), (both, None)):
            rows = bound_rows(question, bind(one))
            texts = [question.bind(rows, scan=scan) for scan in (False, True)]
            assert texts[0].count("SELECT *") < texts[1].count("SELECT *")
            looked_up, read = (rows_of(store.query(text)).rows for text in texts)
            assert looked_up == read
            assert number in (len(read), None)


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.stem)
def test_a_file_says_what_it_asks(store: Store, question: Question) -> None:
    assert re.search("[a-z]", question.title_en)
    assert question.title_en.endswith(("?", ")"))
    assert re.search("[\u4e00-\u9fff]", question.title_zh)
    assert form_of(question.text) == "SELECT"
    answer = ask(store, question, bind(ANSWERS[question.stem][0]), authority=corpus.authority())
    named = [field.name for field in question.outputs]
    assert {name.partition("/")[0] for name in named} <= set(answer.columns)
    assert set(answer.columns) <= set(named)
    prefixes = dict(re.findall(r"PREFIX (\w*): <([^>]*)>", question.text))
    rest = re.sub(r"PREFIX.*|#.*", "", question.text)
    assert set(prefixes) == {name for name in prefixes if f"{name}:" in rest}, "a prefix that nothing uses"
    first = re.search(r"VALUES[^{]*\{[^}]*\}", rest)
    outside = rest.replace(first.group(), "") if first else rest
    assert AUTHORITY not in outside, "a data IRI outside the VALUES block and its copies"


def test_doubts_below_any_bound(store: Store) -> None:
    """The marks of doubt end at 0.8; above it all mentions are looked at."""
    rows = ask(store, "24", {"alliance": Iri(alliance("JPN-USA")), "below": 0.95}).rows
    assert len(rows) > len(ask(store, "24", {"alliance": Iri(alliance("JPN-USA")), "below": 0.8}).rows) > 0
    mentions = store.query("""PREFIX akg: <https://w3id.org/alliance-kg/ns#> PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT ?work ?thing (MAX(?c) AS ?best) (COUNT(*) AS ?n) WHERE {
          ?work akg:hasFocus <https://w3id.org/alliance-kg/id/alliance/JPN-USA> .
          ?mention akg:inWork ?work ; oa:hasBody ?thing ; akg:confidence ?c
        } GROUP BY ?work ?thing HAVING(MAX(?c) < 0.95) ORDER BY ?best ?work ?thing""")
    assert rows == rows_of(mentions).rows
    two = {"alliance": [Iri(alliance("JPN-USA")), Iri(alliance("KOR-USA"))], "below": 0.95}
    both = ask(store, "24", two).rows
    assert set(rows) <= set(both)
    assert len(both) == len(set(both))


def test_copies_of_the_first_block_are_bound_too() -> None:
    there = [{"alliance": Iri(alliance(one)), "other": Iri(alliance("GBR-JPN"))} for one in ("AUS-USA", "KOR-USA")]
    text = get_question("06").bind(there)
    assert text.count("AUS-USA") == text.count("KOR-USA") == 2
    assert "JPN-USA" not in text


def test_there_are_thirty_four() -> None:
    assert [question.number for question in questions()] == list(range(1, 35))
    assert set(ANSWERS) == {question.stem for question in questions()}


@pytest.mark.parametrize("name", ["1", "01", "works-on-pair", "01-works-on-pair", "01-works-on-pair.rq", " 1 "])
def test_a_question_is_found_by_number_name_or_stem(name: str) -> None:
    assert get_question(name).stem == "01-works-on-pair"


def test_an_unknown_question_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"no question is called 'works-on-pear'\. Did you mean 'works-on-pair'"):
        get_question("works-on-pear")


def test_names_are_resolved(store: Store) -> None:
    by_id = ask(store, "01", {"alliance": "JPN-USA"})
    assert [row[0] for row in ask(store, "01", {"alliance": "美日"}).rows] == [row[0] for row in by_id.rows]
    assert len(by_id) == 4
    assert len(ask(store, "15", {"work": "w02", "thing": "美日同盟"})) == 1
    with pytest.raises(UnknownName):
        ask(store, "10", {"state": "Jpan"})


def test_a_pact_that_no_table_of_the_corpus_has_is_unknown(store: Store) -> None:
    with pytest.raises(UnknownName, match="no alliance is called"):
        ask(store, "01", {"alliance": "seato"}, authority=corpus.authority())


def test_several_values_give_a_row_each(store: Store) -> None:
    bound = bind({"alliance": ["KOR-USA", "GBR-JPN"]})
    answer = ask(store, "01", bound)
    assert sorted(short(row[0]) for row in answer.rows) == ["w02", "w03", "w09", "w10"]


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.stem)
def test_pages_put_together_are_the_whole(store: Store, question: Question) -> None:
    bound = bind(ANSWERS[question.stem][0])
    whole = ask(store, question, bound, authority=corpus.authority()).rows
    pages = [
        ask(store, question, bound, authority=corpus.authority(), limit=2, offset=offset).rows
        for offset in range(0, len(whole) + 1, 2)
    ]
    assert [row for page in pages for row in page] == whole
    assert all(len(page) <= 2 for page in pages)


def test_a_number_that_is_not_given_is_as_in_the_file(store: Store) -> None:
    assert len(ask(store, "07", bind({"alliance": "JPN-USA"}))) == 3
    with pytest.raises(QueryError, match="needs year"):
        ask(store, "16", bind({"state": "TUR"}))


@pytest.mark.parametrize(
    ("bindings", "says"),
    [
        ({}, "needs alliance"),
        ({"alliance": Iri("http://a/> } SERVICE <http://b/> {")}, "is an IRI"),
        ({"aliance": "JPN-USA"}, "takes alliance, not aliance"),
        ({"alliance": Iri("http://a/\n")}, "is an IRI"),
    ],
)
def test_what_cannot_be_bound_is_refused(store: Store, bindings: dict[str, Any], says: str) -> None:
    with pytest.raises(QueryError, match=says):
        ask(store, "01", bindings)


@pytest.mark.parametrize("value", ["x", "1e3", [], None, True, "1; DROP"])
def test_a_number_must_be_one(store: Store, value: Any) -> None:
    with pytest.raises(QueryError):
        ask(store, "13", {"at_least": value if value != [] else object()})


@given(st.text(min_size=1))
def test_whatever_is_bound_the_query_stays_one(name: str) -> None:
    question = get_question("15")
    try:
        text = question.bind([{"work": Iri(Base().work(name)), "thing": Iri(name)}])
    except QueryError:
        return
    assert text.count("VALUES") == 1
    assert form_of(text) == "SELECT"


def test_answers_are_kept_by_generation(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(store, "02") is ask(store, "02")
    bound = bind({"alliance": "GBR-JPN"})
    assert ask(store, "01", bound) is ask(store, "01", bound)
    first = ask(store, "02")
    monkeypatch.setattr(store, "generation", "g-999999")
    assert ask(store, "02") is not first
    monkeypatch.setattr("kg.query._LONGEST_CACHED", 1)
    monkeypatch.setattr(store, "generation", "g-999998")
    assert ask(store, "02") is not ask(store, "02")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT ?w { ?w a <https://w3id.org/alliance-kg/ns#Work> }", ("w",)),
        ("\ufeffASK { ?s ?p ?o }", ("answer",)),
        (
            b"\xef\xbb\xbfCONSTRUCT WHERE { ?s a <https://w3id.org/alliance-kg/ns#Work> }",
            ("subject", "predicate", "object"),
        ),
    ],
)
def test_strangers_queries_are_answered(store: Store, text: str | bytes, columns: tuple[str, ...]) -> None:
    from kg.query import rows_of

    rows = rows_of(query(store, text))
    assert rows.columns == columns
    assert len(rows) in (1, 12)


@pytest.mark.parametrize("text", ["INSERT DATA { <a:a> <a:b> 1 }", "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }"])
def test_strangers_queries_change_nothing(store: Store, text: str) -> None:
    with pytest.raises(QueryRefused):
        query(store, text)


def test_text_that_is_not_utf_8_is_said_to_be_so(store: Store) -> None:
    with pytest.raises(QueryError, match="not UTF-8"):
        query(store, "SELECT * { ?s ?p '同盟' }".encode("gb18030"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# one\nSELECT * {}", "the header needs"),
        ("# Which?\n# 哪些？\n# in: alliance\n# out: work\nSELECT * { ?s ?p ?o }", "no VALUES block"),
        ("# Which?\n# 哪些？\n# in: state\n# out: work\nSELECT * { VALUES ?a { 1 } }", "the header names state"),
    ],
)
def test_a_file_with_a_fault_is_named(text: str, says: str) -> None:
    with pytest.raises(QueryError, match=f"x.rq: .*{says}"):
        parse("x", text)


def test_rows_as_mappings(store: Store) -> None:
    first = ask(store, "01", {"alliance": "JPN-USA"}).dicts()[0]
    assert first["year"] == 2014
    assert first["focus"] is True


def test_questions_are_the_same_in_rdflib(store: LocalStore, tmp_path: Path) -> None:
    """Another engine gives the same rows; dates and decimals it spells in its own way."""
    import rdflib

    from kg.rdf.files import graph_files

    graph = rdflib.Graph()
    quads = corpus.write(tmp_path / "quads")
    for paths in graph_files(quads).values():
        for path in paths:
            lines = path.read_text("utf-8").split("\n")
            graph.parse(data="\n".join(line[: line.rindex(" <")] + " ." for line in lines if line), format="nt")
    for question in questions():
        if question.number == 32:  # asks for graphs
            continue
        bindings = bind(ANSWERS[question.stem][0])
        from kg.query import bound_rows

        text = question.bind(bound_rows(question, bindings, corpus.authority()))
        theirs = sorted(
            str([None if cell is None else plain(cell.toPython()) for cell in row]) for row in graph.query(text)
        )  # type: ignore[union-attr]
        ours = sorted(str([plain(cell) for cell in row]) for row in ask(store, question, bindings).rows)
        assert theirs == ours, question.stem


def plain(value: Any) -> Any:
    import datetime
    import decimal

    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | decimal.Decimal):
        return round(float(value), 6)
    return str(value)
