"""Works: ids and aliases as the contract says, fields merged by stated rules, whatever the order of sources."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import identity, journals, people, works
from kg.model import Record, RecordRef, Text
from kg.readers import read
from kg.works import combine, merge

FIXTURES = Path(__file__).parent / "fixtures" / "readers"
ABSTRACT = "小国在同盟中付出的往往多于条约所定,多付的部分是为防被抛弃而交的保险费。"


def record(
    number: int = 1,
    source: str = "a-00000000",
    lang: str = "zh-Hans",
    title: str | None = None,
    abstract: str | None = None,
    **more,
) -> Record:
    texts = more.pop("texts", (Text(lang, title, abstract),))
    return Record(source=source, number=number, where=f"{source}:{number}", texts=texts, **more)


# --- ids ---------------------------------------------------------------------------------------------------------------


def test_ids_in_their_order_of_preference():
    assert merge([record(title="甲乙丙", id="own", doi="10.9999/a")]).works[0].id == "own"
    assert merge([record(title="甲乙丙", doi="10.9999/a", identifiers={"pmid": "7"})]).works[0].id == "10.9999/a"
    assert (
        merge([record(title="甲乙丙", identifiers={"zotero": "library/items/A", "pmid": "7"})]).works[0].id == "pmid:7"
    )
    assert re.fullmatch(r"w-[0-9a-f]{12}", merge([record(title="甲乙丙")]).works[0].id)


def test_id_of_a_text_is_the_same_over_exports():
    first = merge([record(abstract="中越同 盟,从形成到破裂。")]).works[0].id
    assert merge([record(9, "b-11111111", abstract="中越同盟，从形成到破裂.")]).works[0].id == first
    assert merge([record(abstract="中越同盟,从形成到终结。")]).works[0].id != first


def test_two_works_with_one_id_and_their_source():
    known = [
        record(1, "b-00000000", title="论结盟", id="k1", authors=("张三",), year=2001),
        record(1, "a-00000000", title="中立与贸易", id="k1", authors=("李四",), year=1999),
        record(2, "b-00000000", title="海权与陆权", id="k1", authors=("王五",), year=1980),
    ]
    for order in itertools.permutations(known):
        ids = {work.title: work.id for work in merge(order).works}
        assert ids == {"中立与贸易": "k1", "论结盟": "k1~b-00000000", "海权与陆权": "k1~b-00000000-2"}


def test_ids_lost_in_a_merge_stay_as_aliases():
    listing = record(1, "a-00000000", abstract=ABSTRACT)
    export = record(
        1, "b-00000000", title="同盟的保险费", abstract=ABSTRACT, doi="10.9999/a", authors=("周明远",), year=2016
    )
    own = record(1, "c-00000000", title="同盟的保险费", abstract=ABSTRACT, id="kg-1")
    (work,) = merge([listing, export, own]).works
    assert work.id == "kg-1"
    assert work.aliases == tuple(sorted({"10.9999/a", identity.text_id(listing)}))
    assert (work.title, work.authors, work.year) == ("同盟的保险费", ("周明远",), 2016)
    assert [r.source for r in work.records] == ["a-00000000", "b-00000000", "c-00000000"]


# --- fields ------------------------------------------------------------------------------------------------------------


def test_the_best_value_of_each_field_and_where_it_is_from():
    shouting = record(
        1,
        "a-00000000",
        "en",
        "ALLIES AT WAR",
        "Allies quarrel over the costs of war; we count…",
        authors=("DOE J",),
        journal="J. ALLIANCES",
        year=2001,
        cited_by=3,
    )
    whole = record(
        1, "b-00000000", "en", "Allies at War", "Allies quarrel over the costs of war; we count how often, and why.", authors=("Doe, Jane", "Roe, Richard"),
        journal="Journal of Alliances", year=2001, volume="3", pages="7-19", cited_by=9, cited_by_self=1, keywords=("war",),
    )  # fmt: skip
    third = record(
        1,
        "c-00000000",
        "en",
        "Allies at war",
        year=2000,
        authors=("Doe, J.", "Roe, R."),
        doi="10.9999/a",
        keywords=("War", "costs"),
        kind="paper",
    )
    work, kept = combine([third, shouting, whole])
    assert (work.title, work.authors, work.journal, work.year) == (
        "Allies at War",
        ("Doe, Jane", "Roe, Richard"),
        "Journal of Alliances",
        2001,
    )
    assert work.abstract == "Allies quarrel over the costs of war; we count how often, and why."
    assert (work.volume, work.pages, work.doi, work.cited_by, work.cited_by_self) == ("3", "7-19", "10.9999/a", 9, 1)
    assert work.keywords == ("war", "War", "costs")
    assert kept["title"] == RecordRef("b-00000000", 1, "b-00000000:1")
    assert kept["doi"].source == "c-00000000"
    assert {"title", "abstract", "authors", "journal", "year", "pages", "doi"} <= kept.keys()


def test_texts_in_two_languages_are_one_work_s():
    chinese = record(1, "a-00000000", title="论结盟", abstract=ABSTRACT, doi="10.9999/a", authors=("张三",))
    english = record(
        1, "b-00000000", "en", "On Alliance", "Small states pay.", doi="10.9999/a", authors=("Zhang, San",)
    )
    (work,) = merge([english, chinese]).works
    assert {(t.lang, t.title) for t in work.texts} == {("zh-Hans", "论结盟"), ("en", "On Alliance")}
    assert merge([chinese, english]).works[0] == work
    assert set(work.fields()) == {"title", "abstract", f"title@{work.texts[1].lang}", f"abstract@{work.texts[1].lang}"}


def test_a_title_without_abstract_does_not_push_the_abstract_aside():
    work, _ = combine(
        [
            record(1, "a-00000000", "en", "On Alliance", doi="10.9999/a"),
            record(1, "b-00000000", abstract=ABSTRACT, title="论结盟", doi="10.9999/a"),
        ]
    )
    assert (work.lang, work.title, work.abstract) == ("zh-Hans", "论结盟", ABSTRACT)


# --- properties --------------------------------------------------------------------------------------------------------


def test_order_of_sources_does_not_matter():
    known = [item for path in sorted(FIXTURES.iterdir()) for item in read(path) if isinstance(item, Record)]
    first = {work.id: work for work in merge(known).works}
    assert len(first) == 2
    for order in (reversed(known), sorted(known, key=lambda r: (r.number, r.where))):
        assert {work.id: work for work in merge(order).works} == first


texts = st.sampled_from(["结盟论", "On Pacts", "Editorial", None])
records = st.builds(
    lambda number, title, abstract, **more: record(
        number, title=title, abstract=abstract or (None if title else "摘要"), lang="und", **more
    ),
    number=st.integers(1, 10**6),
    title=texts,
    abstract=st.sampled_from([ABSTRACT, "Pacts bind those who sign them, and now and then those who do not.", None]),
    authors=st.sampled_from([(), ("张三",), ("Zhang, San", "Li, Si")]),
    year=st.sampled_from([None, 2001, 1990]),
    id=st.sampled_from([None, None, "k1", "k2"]),
    doi=st.sampled_from([None, None, "10.9999/a"]),
)


@given(st.lists(records, max_size=10, unique_by=lambda r: r.number))
@settings(max_examples=150, deadline=None)
def test_every_record_is_in_one_work_and_every_id_is_found_once(known):
    merged = merge(known)
    placed = [ref for work in merged.works for ref in work.records]
    assert sorted(placed) == sorted(works.ref(r) for r in known)
    ids = [work.id for work in merged.works]
    assert len(set(ids)) == len(ids)
    assert merged.n_records == len(known)
    assert merged.n_merged == len(known) - len(merged.works)
    assert {work.id: work for work in merge(reversed(known)).works} == {work.id: work for work in merged.works}


def test_many_records_lie_on_disk_and_give_the_same(monkeypatch):
    known = [
        record(n, title=f"结盟论第{n // 2}讲", abstract=f"{ABSTRACT}{n // 2}", year=1900 + n // 2, authors=("张三",))
        for n in range(1, 60)
    ]
    whole = list(merge(known).works)
    monkeypatch.setattr(works, "IN_MEMORY", 7)
    monkeypatch.setattr(works, "WORKS_IN_MEMORY", 7)
    spilled = merge(known).works
    assert list(spilled) == whole
    assert spilled[3:5] == whole[3:5]


# --- people and journals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["张三;;李四;"], ("张三", "李四")),
        (["王五，赵六,"], ("王五", "赵六")),
        (["张三1,2", "李四2*", "王五①", "赵六,(名)"], ("张三", "李四", "王五", "赵六")),
        (["张三 李四"], ("张三", "李四")),
        (["张 三"], ("张三",)),
        (["司马, 小光"], ("司马小光",)),
        (["作者：张三、李四等"], ("张三", "李四")),
        (["Doe, Jane; Roe, Richard"], ("Doe, Jane", "Roe, Richard")),
        (["Jane Doe and Richard Roe"], ("Jane Doe", "Richard Roe")),
        (["Jane Doe, Richard Roe & Ann Poe"], ("Jane Doe", "Richard Roe", "Ann Poe")),
        (["Doe J, Roe RK"], ("Doe J", "Roe RK")),
        (["van der Berg, Ada Maria"], ("van der Berg, Ada Maria",)),
        (["Institute of Peace and Conflict Studies"], ("Institute of Peace and Conflict Studies",)),
        (["[No author name available]", "[Anonymous]", "others"], ()),
        (["https://orcid.org/0000-0002-1825-0097 Doe, Jane"], ("Doe, Jane",)),
        (["[美]约瑟夫·样本", "石明著"], ("约瑟夫·样本", "石明")),
    ],
)
def test_names_from_cells(cells, names):
    assert people.names(cells) == names


def test_journals_by_any_name():
    assert journals.same("国际观察", "Guoji Guancha")
    assert journals.same("国际观察", "International Review")
    assert journals.same("安全研究", "Security Studies")
    assert journals.same("J. Confl. Resolut.", "The Journal of Conflict Resolution")
    assert journals.same("世界经济与政治", "美国研究") is False
    for journal in journals.table():
        assert not journal.issn or identity.issns(journal.issn) == (journal.issn,)
    assert len({journal.id for journal in journals.table()}) == len(journals.table())


def test_persons_have_their_names_in_both_scripts_and_their_orcid():
    chinese = record(1, "a-00000000", title="论结盟", abstract=ABSTRACT, doi="10.9999/a", authors=("张三", "李四"))
    english = record(
        1, "b-00000000", "en", "On Alliance", doi="10.9999/a", authors=("Li, Si", "Zhang, San"), identifiers={"orcid:Zhang, San": "0000-0002-1825-0097"}
    )  # fmt: skip
    (work,) = merge([english, chinese]).works
    assert people.persons(work) == (
        people.Person("张三", ("Zhang, San",), "0000-0002-1825-0097"),
        people.Person("李四", ("Li, Si",), None),
    )
    (alone,) = merge([chinese]).works
    assert people.persons(alone) == (people.Person("张三"), people.Person("李四"))


def test_translated_authors_of_an_export_are_other_forms():
    data = "{Reference Type}: Journal Article\n{Title}: 结盟论\n{Author}: 张三\n{Translated Author}: ZHANG San\n{Abstract}: 讨论结盟。\n"
    (work,) = merge(item for item in read(data.encode()) if isinstance(item, Record)).works
    assert people.persons(work) == (people.Person("张三", ("ZHANG San",)),)


def test_the_journal_of_a_work():
    (work,) = merge([record(title="论结盟", journal="国际观察", identifiers={"issn": "1005-4812, 2095-5715"})]).works
    journal = journals.journal_of(work)
    assert journal is not None
    assert journal.forms == {"en": "International Review", "zh-Hans": "国际观察"}
    assert journal.issns == ("1005-4812", "2095-5715")
    assert journals.journal_of(merge([record(title="论结盟")]).works[0]) is None


def test_one_id_joins_a_title_and_an_abstract_but_no_clashing_titles():
    titled, told = record(1, title="论结盟", id="k1"), record(2, "b-00000000", abstract=ABSTRACT, id="k1")
    assert [work.id for work in merge([titled, told]).works] == ["k1"]
    other = record(2, "b-00000000", title="中立与贸易", abstract=ABSTRACT, id="k1")
    assert [work.id for work in merge([titled, other]).works] == ["k1", "k1~b-00000000"]
