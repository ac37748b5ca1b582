"""The finder: conditions together and one by one, names in any form, evidence, counts; and the index under it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import corpus
import pytest
from hypothesis import given, settings
from strategies import words

from kg import jsonl
from kg.errors import KgError, StoreError, UnknownName
from kg.find import Answer, find, pairs, read_years, wider_alliances
from kg.model import TaggedWork, Text, Work, WorkId
from kg.search import Index, build_index, match_of, open_index, tokens


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("found")
    (place / "works.jsonl").write_bytes(b"".join(jsonl.write(corpus.works())))
    return place


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[Index]:
    opened = open_index(folder)
    yield opened
    opened.close()


def ids(answer: Answer) -> list[str]:
    return [work.id for work in answer]


def ask(index: Index, **conditions: Any) -> Answer:
    return find(index, authority=corpus.authority(), **conditions)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, "w02 w01 w11 w03 w06 w05 w10 w09 w04 w12 w08 w07"),
        ({"pair": "JPN-USA"}, "w01 w02 w04 w03"),
        ({"pair": "JPN-USA", "focus": True}, "w01 w02 w04"),
        ({"pair": ["JPN-USA", "GBR-JPN"]}, "w01 w02 w10 w09 w04 w03"),
        ({"pair": "JPN-USA", "concept": "entrapment"}, "w01 w03"),
        ({"pair": "JPN-USA", "concept": "dilemmas"}, "w01 w03"),
        ({"pair": "JPN-USA", "concept": "dilemmas", "narrower": False}, ""),
        ({"pair": "JPN-USA", "sort": "year"}, "w01 w02 w03 w04"),
        ({"state": "AUS"}, "w06 w07"),
        ({"state": ["AUS", "TUR"]}, "w06 w05 w07"),
        ({"state": "CHN", "concept": "entrapment"}, "w06"),
        ({"group": "al-qaeda"}, "w11"),
        ({"focus": True}, "w11 w01 w02 w03 w06 w05 w10 w09 w04"),
        ({"year": "2008-2010"}, "w02 w03"),
        ({"year": "-1975"}, "w10 w09"),
        ({"year": "2014-"}, "w11 w01 w12"),
        ({"year": ["1972", "1999"]}, "w05 w09"),
        ({"lang": "zh", "pair": "JPN-USA"}, "w01 w02"),
        ({"lang": "zh-Hant"}, "w11"),
        ({"lang": ["ja", "zh-hant"]}, "w11 w12"),
        ({"author": "jane doe"}, "w01 w03"),
        ({"author": "Doe"}, "w01 w03"),
        ({"author": "李明"}, "w01 w02"),
        ({"author": "oe"}, ""),
        ({"journal": "survival"}, "w03 w05"),
        ({"journal": "國際"}, "w11 w01 w02"),
        ({"author": "李明", "journal": "国际政治", "year": "2010"}, "w02"),
        ({"pair": "nato"}, "w05"),
        ({"pair": "JPN-KOR-USA"}, "w11"),
        ({"pair": "us-japan-treaty"}, "w01 w02 w04 w03"),
    ],
    ids=str,
)
def test_conditions(index: Index, conditions: dict[str, Any], expected: str) -> None:
    answer = ask(index, **conditions)
    assert sorted(ids(answer)) == sorted(expected.split())
    assert answer.n_works == len(expected.split())
    if len(conditions) < 3 and conditions:
        assert (
            ids(answer) == expected.split() or "focus" in conditions or conditions.keys() <= {"year", "lang", "journal"}
        )


@pytest.mark.parametrize(
    "name", ["美日", "日美", "Japan-US", "日美同盟", "US–Japan alliance", "JPN-USA", "USA-JPN", "美国和日本"]
)
def test_a_pair_by_any_name(index: Index, name: str) -> None:
    from kg.authority import load

    assert ids(find(index, pair=name, authority=load())) == ["w01", "w02", "w04", "w03"]


def test_unknown_names_get_the_nearest(index: Index) -> None:
    from kg.authority import load

    with pytest.raises(UnknownName, match=r"no state is called 'Jpan'\. Did you mean 'Japan'"):
        find(index, state="Jpan", authority=load())


def test_wider_alliances_are_told_and_taken_in(index: Index) -> None:
    answer = ask(index, pair="JPN-USA")
    assert (answer.n_wider, answer.wider) == (1, ("JPN-KOR-USA",))
    taken = ask(index, pair="JPN-USA", wider=True)
    assert set(ids(taken)) == {"w01", "w02", "w03", "w04", "w11"}
    assert taken.n_wider == 0
    assert set(ids(ask(index, pair="anzus", wider=True))) == {"w06"}
    # A work that names the pair too is no wider one, and other conditions hold for wider ones.
    assert ask(index, pair="JPN-USA", year="-2000").n_wider == 0
    assert ask(index, pair="JPN-USA", focus=True).n_wider == 1


def test_wider_needs_both_and_a_third() -> None:
    known = ["nato", "anzus", "JPN-KOR-USA", "JPN-USA", "us-japan-treaty"]
    assert wider_alliances(corpus.authority(), known, "JPN-USA") == ("JPN-KOR-USA",)
    assert wider_alliances(corpus.authority(), known, "TUR-USA") == ("nato",)


def test_undated_works_left_out_are_counted(index: Index) -> None:
    assert ask(index, pair="JPN-USA", year="1900-2100").n_undated == 1
    assert ask(index, pair="JPN-USA").n_undated == 0


def test_evidence_is_cut_from_the_text(index: Index) -> None:
    texts = {(work.id, field): text for work in corpus.works() for field, text in work.work.fields().items()}
    answer = ask(index, pair="JPN-USA", concept="entrapment")
    assert answer.works
    for work in answer:
        assert {evidence.tag for evidence in work.evidence} == {"JPN-USA", "entrapment"}
        for evidence in work.evidence:
            text = texts[work.id, evidence.field]
            assert text[evidence.start : evidence.end] == evidence.surface
            begin = evidence.sentence_start
            assert text[begin : begin + len(evidence.sentence)] == evidence.sentence
            assert begin <= evidence.start < evidence.end <= begin + len(evidence.sentence)


def test_a_work_without_a_title_shows_its_stand_in(index: Index) -> None:
    found = {work.id: work for work in ask(index, pair="JPN-USA")}
    assert found["w02"].title == "〔美日、美韩同盟的负担分担各不相同〕"
    assert found["w02"].is_untitled
    assert not found["w01"].is_untitled
    assert found["w01"].in_focus == ("JPN-USA",)
    assert found["w03"].in_focus == ()


def test_pages(index: Index) -> None:
    whole = ids(ask(index, limit=None))
    assert whole == [id for offset in range(0, 12, 5) for id in ids(ask(index, limit=5, offset=offset))]
    assert ask(index, limit=5).n_works == 12


def test_facets_count_what_was_found(index: Index) -> None:
    facets = ask(index, pair="JPN-USA", facets=True).facets
    assert facets["alliances"] == [("JPN-USA", None, 4), ("KOR-USA", None, 2)]
    assert ("entrapment", None, 2) in facets["concepts"]
    assert facets["langs"] == [("en", None, 2), ("zh-Hans", None, 2)]
    assert facets["decades"] == [("2000", None, 1), ("2010", None, 2)]
    assert facets["authors"][:2] == [("jane-doe", "Doe, Jane", 2), ("李明", "李明", 2)]
    assert ask(index, pair="JPN-USA").facets == {}


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("同盟", "w01 w02 w06 w11 w12"),
        ("日美", "w01"),
        ("美國", "w01"),
        ("美国", "w01"),
        ("拖", "w01 w06"),
        ("加强", "w11"),
        ("entrapment", "w01 w03 w10"),
        ("ENTRAPMENT", "w01 w03 w10"),
        ("US-ROK alliances", "w03"),
        ('"risks entrapment"', "w03"),
        ('"entrapment risks"', ""),
        ("Tokyo protector", "w04"),
        ("Tokyo 美", "w01"),
        ("日本 entrapment", "w01"),
        ("nothing-of-the-kind", ""),
        ("日盟", ""),
    ],
)
def test_words(index: Index, text: str, expected: str) -> None:
    assert sorted(ids(ask(index, text=text))) == expected.split()


def test_words_and_conditions(index: Index) -> None:
    assert ids(ask(index, text="entrapment", pair="KOR-USA")) == ["w03"]
    assert ids(ask(index, text="entrapment", lang="zh")) == ["w01"]


def test_words_in_a_title_weigh_more(index: Index) -> None:
    assert ids(ask(index, text="entrapment"))[-1] == "w10"


@pytest.mark.parametrize("text", ["!!!", '"', "“”", "()"])
def test_a_text_without_words_is_refused(index: Index, text: str) -> None:
    with pytest.raises(KgError, match="no word or character"):
        ask(index, text=text)


@given(words(max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_question(text: str) -> None:
    match = match_of(text)
    assert match.count('"') % 2 == 0
    import sqlite3

    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE texts USING fts5 (title, tokenize = 'porter unicode61')")
    if match:
        base.execute("SELECT rowid FROM texts WHERE texts MATCH ?", [match]).fetchall()


@given(words(2, 40))
@settings(max_examples=200, deadline=None)
def test_any_two_han_characters_find_their_text(text: str) -> None:
    from kg.text import fold

    folded = fold(text).text
    kept = list(tokens(folded))
    for first, second in pairwise(folded):
        if all("\u4e00" <= one <= "\u9fff" for one in (first, second)):
            assert first + second in kept


# Years


@pytest.mark.parametrize("written", ["", "x", "19-x", "1990-2000-2010", "-", "20100"])
def test_what_is_no_year_is_refused(written: str) -> None:
    with pytest.raises(KgError, match="is no year or span of years"):
        read_years(written)


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("1990–2010", (1990, 2010)),
        ("2010-1990", (1990, 2010)),
        ("1990至2010年", (1990, 2010)),
        (" 1990 ", (1990, 1990)),
    ],
)
def test_years_are_read(written: str, years: tuple[int, int]) -> None:
    assert read_years(written) == years


# Pairs


def test_pairs_are_counted(index: Index) -> None:
    counts = pairs(index, authority=corpus.authority())
    assert [
        (one.alliance, one.n_works, one.n_in_focus, one.n_in_passing, one.first, one.last, one.n_undated)
        for one in counts
    ] == [
        ("JPN-USA", 4, 3, 1, 2008, 2014, 1),
        ("GBR-JPN", 2, 2, 0, 1972, 1975, 0),
        ("KOR-USA", 2, 2, 0, 2008, 2010, 0),
        ("AUS-USA", 1, 1, 0, 2001, 2001, 0),
    ]
    assert counts[0].label_zh
    everything = {one.alliance: one.sort for one in pairs(index, authority=corpus.authority(), only_pairs=False)}
    assert everything["nato"] == "pact"
    assert everything["JPN-KOR-USA"] == "coalition"


def test_pairs_agree_with_sparql(tmp_path: Path, index: Index) -> None:
    from kg.query import ask as ask_sparql
    from kg.store import load, open_store
    from kg.terms import id_of

    load(corpus.write(tmp_path / "quads"), tmp_path / "store")
    with open_store(tmp_path) as store:
        rows = ask_sparql(store, "02").rows
    assert [(id_of(str(row[0])), row[3], row[4]) for row in rows] == [
        (one.alliance, one.n_works, one.n_in_focus) for one in pairs(index, authority=corpus.authority())
    ]


# The index


def test_the_index_follows_the_works(tmp_path: Path) -> None:
    works = tmp_path / "works.jsonl"
    works.write_bytes(b"".join(jsonl.write(corpus.works()[:3])))
    assert find(tmp_path, authority=corpus.authority()).n_works == 3
    before = (tmp_path / "store" / "find.sqlite").stat().st_mtime_ns
    assert find(tmp_path, authority=corpus.authority()).n_works == 3
    assert (tmp_path / "store" / "find.sqlite").stat().st_mtime_ns == before
    held = open_index(tmp_path)
    works.write_bytes(b"".join(jsonl.write(corpus.works())))
    assert find(tmp_path, authority=corpus.authority()).n_works == 12
    assert find(held, authority=corpus.authority()).n_works == 3  # whoever has it open goes on reading


def test_a_damaged_index_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "works.jsonl").write_bytes(b"".join(jsonl.write(corpus.works())))
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "find.sqlite").write_bytes(b"no database")
    assert find(tmp_path, authority=corpus.authority()).n_works == 12


def test_a_folder_without_works_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"has no works\.jsonl"):
        find(tmp_path, authority=corpus.authority())


def test_texts_of_one_language_keep_their_fields(tmp_path: Path) -> None:
    from kg.model import Mention

    work = Work(
        id=WorkId("a"),
        texts=(Text("en", None, "One pact."), Text("en", None, "Two alliances. A US pact."), Text("fr", "Un", None)),
    )
    text = "Two alliances. A US pact."
    mention = Mention("abstract@en.2", 17, 19, "US", "state-name", 0.9)
    build_index([TaggedWork(work=work, states={"USA": (mention,)})], tmp_path / "find.sqlite")
    index = Index(tmp_path / "find.sqlite")
    (found,) = find(index, state="USA", authority=corpus.authority()).works
    assert found.evidence[0].sentence.strip() == "A US pact."
    assert text[found.evidence[0].start : found.evidence[0].end] == "US"


def test_an_id_that_was_lost_in_a_merge_is_kept(tmp_path: Path) -> None:
    work = Work(id=WorkId("a"), texts=(Text("en", "A"),), aliases=("old",))
    build_index([TaggedWork(work=work)], tmp_path / "find.sqlite")
    index = Index(tmp_path / "find.sqlite")
    assert index.rows("SELECT works.id FROM aliases JOIN works USING (n) WHERE aliases.id = 'old'") == [("a",)]
