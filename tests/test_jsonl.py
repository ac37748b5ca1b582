"""Works as JSON Lines and back."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from kg import jsonl
from kg.model import Mention, Period, RecordRef, Statement, TaggedWork, Text, Work, WorkId

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
maybe = st.none() | words.filter(bool)
langs = st.sampled_from(["en", "zh-Hans", "zh-Hant", "ja", "und"])
mentions = st.lists(
    st.builds(
        Mention,
        st.sampled_from(["title", "abstract", "abstract@en.2"]),
        st.integers(0, 9),
        st.integers(10, 99),
        words,
        words,
        st.floats(0, 1),
    ),
    max_size=3,
).map(tuple)
tags = st.dictionaries(words, mentions, max_size=3).map(lambda d: dict(sorted(d.items())))
works = st.builds(
    Work,
    id=words.filter(bool).map(WorkId),
    texts=st.lists(st.builds(Text, langs, maybe, maybe).filter(lambda t: t.title or t.abstract), max_size=3).map(tuple),
    authors=st.lists(words, max_size=3).map(tuple),
    journal=maybe,
    year=st.none() | st.integers(1000, 2100),
    volume=maybe,
    doi=maybe,
    keywords=st.lists(words, max_size=3).map(tuple),
    cited_by=st.none() | st.integers(0, 999),
    kind=st.sampled_from(["article", "book"]),
    identifiers=st.dictionaries(words, words, max_size=2),
    raw=st.dictionaries(words, words, max_size=2),
    aliases=st.lists(words, max_size=2).map(tuple),
    records=st.lists(st.builds(RecordRef, words, st.integers(1, 9), words), max_size=2).map(tuple),
)
tagged_works = st.builds(
    TaggedWork,
    work=works,
    states=tags,
    alliances=tags,
    groups=tags,
    concepts=tags,
    focus=st.lists(words, max_size=2).map(tuple),
    focus_evidence=tags,
    periods=st.lists(
        st.builds(Period, st.none() | st.integers(1, 2100), st.none() | st.integers(1, 2100), mentions), max_size=2
    ).map(tuple),
    statements=st.lists(st.builds(Statement, words, st.sampled_from(["formed", "ended"]), mentions), max_size=2).map(
        tuple
    ),
)


@given(tagged_works)
@settings(max_examples=200, deadline=None)
def test_tagged_work_to_json_and_back(tagged):
    assert jsonl.loads(jsonl.dumps(tagged)) == tagged


@given(tagged_works)
@settings(max_examples=50, deadline=None)
def test_one_line_each_with_all_keys_in_order(tagged):
    line = jsonl.dumps(tagged)
    assert line.count(b"\n") == 1
    assert list(json.loads(line)) == jsonl.KEYS


def test_shape_is_that_of_the_contract():
    work = Work(
        id=WorkId("w-1"),
        texts=(Text("zh-Hans", "结盟论", "美日同盟。"), Text("en", "On Alliance")),
        authors=("张三",),
        records=(RecordRef("a-00000000", 3, "a.ris:17"),),
    )
    mention = Mention("abstract", 0, 4, "美日同盟", "alliance-compound", 0.9)
    plain = jsonl.to_json(
        TaggedWork(
            work=work, alliances={"JPN-USA": (mention,)}, focus=("JPN-USA",), focus_evidence={"JPN-USA": (mention,)}
        )
    )
    assert plain["lang"] == "zh-Hans"
    assert (plain["title"], plain["abstract"], plain["year"], plain["doi"]) == ("结盟论", "美日同盟。", None, None)
    assert plain["texts"] == [{"lang": "en", "title": "On Alliance", "abstract": None}]
    assert plain["source"] == "a-00000000"
    assert plain["alliances"] == {
        "JPN-USA": [
            {
                "field": "abstract",
                "start": 0,
                "end": 4,
                "surface": "美日同盟",
                "rule": "alliance-compound",
                "confidence": 0.9,
            }
        ]
    }
    assert plain["states"] == {}
    assert plain["focus"] == ["JPN-USA"]


def test_a_line_with_only_an_id_and_a_title():
    assert jsonl.work_from_json({"id": 7, "title": "A pact"}) == Work(id=WorkId("7"), texts=(Text("und", "A pact"),))
