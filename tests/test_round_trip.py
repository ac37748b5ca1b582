"""What is exported is read back: for each format that is both written and read, equal works."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import jsonl
from kg.authority import load
from kg.export import Holding, references, tables
from kg.model import Mention, Record, TaggedWork, Text, Work, WorkId
from kg.readers import read

HAN = "同盟联国家安全战略军事合作关系条约威胁承诺困境牵连抛弃地区秩序理论分析冷战后美日韩中俄欧亚太与的在和对是为"
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEÉßñøŁ"
ENGLISH = ("the ", "of ", "and ", "alliance ", "pact ", "Étienne ", "between ", "to ")
MARKS = " ,.:;!?()'\"-–—%#$_~^{}\\@=+/…“”《》，。：；😀𠮷"


def texts(letters: Sequence[str], smallest: int, largest: int) -> st.SearchStrategy[str]:
    """Texts that begin and end in a letter, with single blanks and any marks within."""
    parts = [*letters, *letters, *letters, *MARKS]
    whole = st.lists(st.sampled_from(parts), min_size=smallest, max_size=largest).map("".join)
    spaced = whole.map(lambda text: re.sub(r"\s+", " ", f"{letters[0]}{letters[1]}{text}{letters[2]}").strip())
    return spaced.filter(lambda text: "--" not in text and "''" not in text and not re.search(r"'[=+\-@]", text))


def works(lang: str, letters: str) -> st.SearchStrategy[Work]:
    return st.builds(
        lambda title, abstract, **more: Work(id=WorkId("kg-1"), texts=(Text(lang, title, abstract),), **more),
        title=texts(letters, 8, 60),
        abstract=st.none() | texts(letters, 60, 3_000),
        authors=st.lists(
            st.sampled_from(["Doe, Jane", "张三", "欧阳文静", "O'Neill, Siobhán", "van der Meer, Jan", "Müller, J."]),
            max_size=4,
            unique=True,
        ).map(tuple),
        journal=st.none() | texts(letters, 3, 20).filter(lambda text: not set("{}\\%#$_~^@&") & set(text)),
        year=st.none() | st.integers(1000, 2025),
        volume=st.none() | st.sampled_from(["3", "12B", "2001"]),
        issue=st.none() | st.sampled_from(["1", "3-4", "S2"]),
        pages=st.none() | st.sampled_from(["1-9", "e1203", "45-61+158", "7"]),
        doi=st.none()
        | st.sampled_from(
            ["10.9999/sample.2021.02.007", "10.1002/(sici)1099-1328(199706)9:4<1::aid-a1>3.0.co;2-x", "10.9999/a_b%c"]
        ),
        keywords=st.lists(
            st.sampled_from(["同盟困境", "burden sharing", "NATO", "威慑", "l’Élysée", "大国", "𠮷"]),
            max_size=4,
            unique=True,
        ).map(tuple),
        kind=st.sampled_from(["article", "chapter", "book", "thesis", "paper", "report"]),
    )


def with_other_language(work: Work, title: str, abstract: str | None) -> Work:
    """The work with a title, and perhaps an abstract, in the other language."""
    return replace(work, texts=(*work.texts, Text("en" if work.lang == "zh-Hans" else "zh-Hans", title, abstract)))


bilingual = st.builds(
    with_other_language, works("zh-Hans", HAN), texts(ENGLISH, 20, 60), st.none() | texts(ENGLISH, 200, 900)
)


everything = works("zh-Hans", HAN) | works("en", LATIN)


def of(record: Record | Work, *, without: tuple[str, ...] = ()) -> dict[str, object]:
    names = ("title", "abstract", "authors", "journal", "year", "volume", "issue", "pages", "doi", "kind", "keywords")
    return {name: getattr(record, name) for name in names if name not in without}


def only(data: bytes, name: str) -> Record:
    items = [item for item in read(data, name=name) if isinstance(item, Record)]
    assert len(items) == 1
    return items[0]


slow = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


@given(everything)
@slow
def test_json_lines(work):
    record = only(jsonl.dumps(work), "works.jsonl")
    assert of(record) == of(work)
    assert record.id == work.id


@given(everything)
@slow
def test_ris(work):
    record = only(references.as_ris(Holding(None, load(), (TaggedWork(work=work),))), "works.ris")
    assert of(record) == of(work)


@given(everything)
@slow
def test_bibtex(work):
    record = only(references.as_bibtex(Holding(None, load(), (TaggedWork(work=work),))), "works.bib")
    assert of(record) == of(work)


@given(everything)
@slow
def test_tables(work):
    data = tables.as_zip(Holding(None, load(), (TaggedWork(work=work),)))
    record = only(data, "export.zip")
    left_out = ("abstract", "kind", "keywords")  # which that table does not have
    assert of(record, without=left_out) == of(work, without=left_out)


@given(everything, st.booleans())
@slow
def test_pairs(work, as_workbook):
    mention = Mention("title", 0, 2, (work.title or "")[:2], "rule", 0.9)
    holding = Holding(None, load(), (TaggedWork(work=work, alliances={"JPN-USA": (mention,)}),))
    record = only(
        *((tables.pairs_as_xlsx(holding), "p.xlsx") if as_workbook else (tables.pairs_as_csv(holding), "p.csv"))
    )
    assert (record.id, record.title, record.authors, record.year) == (work.id, work.title, work.authors, work.year)
    assert record.raw["pair"] == "JPN-USA"


@given(st.lists(everything | bilingual, min_size=2, max_size=5))
@slow
def test_several_works_in_one_file(several):
    several = [replace(work, id=WorkId(f"kg-{number}")) for number, work in enumerate(several)]
    tagged = tuple(TaggedWork(work=work) for work in several)
    holding = Holding(None, load(), tagged)
    for data, name in (
        (b"".join(jsonl.dumps(work) for work in several), "works.jsonl"),
        (references.as_ris(holding), "works.ris"),
        (references.as_bibtex(holding), "works.bib"),
    ):
        items = list(read(data, name=name))
        assert [of(record) for record in items if isinstance(record, Record)] == [of(work) for work in several], name
        assert len(items) == len(several)


@given(bilingual)
@slow
def test_texts_in_two_languages(work):
    holding = Holding(None, load(), (TaggedWork(work=work),))
    assert only(jsonl.dumps(work), "works.jsonl").texts == work.texts
    assert only(references.as_ris(holding), "works.ris").texts == work.texts


@given(
    everything,
    st.integers(0, 10**6),
    st.dictionaries(st.sampled_from(["issn", "pmid", "wos", "orcid:张三"]), st.just("1234-5678")),
)
@slow
def test_json_lines_with_counts_and_identifiers(work, count, identifiers):
    work = replace(
        work, cited_by=count, cited_by_self=count // 2, identifiers=identifiers, raw={"abstract": "[内容提要]"}
    )
    record = only(jsonl.dumps(work), "works.jsonl")
    assert (record.cited_by, record.cited_by_self, record.cited_by_others) == (count, count // 2, None)
    assert dict(record.identifiers) == identifiers
    assert dict(record.raw) == dict(work.raw)


@pytest.mark.parametrize("name", ["works.ris", "works.bib"])
def test_two_languages_come_back(name):
    work = Work(
        id=WorkId("kg-1"),
        texts=(
            Text("zh-Hans", "结盟论与中立论", "小国在同盟中付出的往往多于条约所定。"),
            Text("en", "On Alliance and Neutrality", None),
        ),
        authors=("张三",),
    )
    write = references.as_ris if name.endswith("ris") else references.as_bibtex
    record = only(write(Holding(None, load(), (TaggedWork(work=work),))), name)
    assert record.texts == work.texts
