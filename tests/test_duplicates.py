"""The same work from several records: gold pairs, decisions, the properties that hold whatever the records are."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import decisions
from kg.comparison import MERGE_FROM, compare
from kg.decisions import Decision
from kg.duplicates import block_keys, clusters
from kg.errors import SourceError
from kg.model import Record, Text
from kg.pinyin import has_han, syllables
from kg.readers import read
from kg.shelf import Shelf
from kg.text import fold_key

GOLD = Path(__file__).parent / "gold" / "duplicates.jsonl"


def gold_pairs() -> list[tuple[Record, Record, bool, str]]:
    """Pairs labelled by hand; each side is read as any line of JSON is."""
    pairs = []
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        plain = json.loads(line)
        sides = []
        for name in ("left", "right"):
            (record,) = read(json.dumps(plain[name]).encode(), reader="jsonl", name=name)
            assert isinstance(record, Record)
            kind = plain[name].get("kind")
            sides.append(record if kind is None else record.__class__(**{**fields(record), "kind": kind}))
        pairs.append((sides[0], sides[1], plain["same"], plain["why"]))
    return pairs


def fields(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in Record.__dataclass_fields__}


def test_gold_pairs_precision_and_recall():
    pairs = gold_pairs()
    assert len(pairs) >= 150
    assert sum(same for *_, same, _ in pairs) >= 60
    assert sum(not same for *_, same, _ in pairs) >= 60
    merged = [(len(clusters([left, right])[0]) == 1, same, why) for left, right, same, why in pairs]
    right = sum(found and same for found, same, _ in merged)
    precision = right / max(1, sum(found for found, _, _ in merged))
    recall = right / sum(same for _, same, _ in merged)
    wrong = [(why, "merged" if found else "kept apart") for found, same, why in merged if found != same]
    print(f"{len(pairs)} pairs: precision {precision:.3f}, recall {recall:.3f}; wrong: {wrong}")
    assert precision >= 0.99, wrong
    assert recall >= 0.95, wrong


# --- groups of more than two -------------------------------------------------------------------------------------------


def record(
    number: int,
    title: str | None = None,
    abstract: str | None = None,
    lang: str = "en",
    source: str = "a-00000000",
    **more,
) -> Record:
    return Record(
        source=source, number=number, where=f"{source}:{number}", texts=(Text(lang, title, abstract),), **more
    )


ABSTRACT = (
    "Small allies often pay more than their treaties ask; the surplus buys insurance against abandonment by the patron."
)


def test_an_issue_doi_joins_nothing_but_translations():
    records = [
        record(1, "结盟与发展", lang="zh-Hans", doi="10.9999/i.2", authors=("张伟",), pages="11-20", year=2014),
        record(2, "中立与贸易", lang="zh-Hans", doi="10.9999/i.2", authors=("王芳",), pages="21-33", year=2014),
        record(3, "Alliance and Development", doi="10.9999/i.2", authors=("Zhang, Wei",), pages="11-20", year=2014),
        record(4, "Neutrality and Trade", doi="10.9999/i.2", year=2014),
    ]
    groups, _ = clusters(records)
    joined = {frozenset(records[at].number for at in group) for group in groups}
    assert {1, 3} <= next(group for group in joined if 1 in group)
    assert not any({1, 2} <= group or {3, 4} <= group for group in joined)


def test_a_contradiction_keeps_a_chain_apart():
    records = [
        record(1, "Pacts in Peacetime, Part I", ABSTRACT),
        record(2, None, ABSTRACT),
        record(3, "Pacts in Peacetime, Part II", ABSTRACT),
    ]
    groups, pairs = clusters(records)
    assert sorted(map(len, groups)) == [1, 2]
    assert any("contradicts" in reason for pair in pairs for reason in pair.reasons)


def test_pairs_say_why():
    records = [
        record(1, "Allies at War", authors=("Doe, Jane",), year=2001),
        record(2, "ALLIES AT WAR", authors=("Doe J",), year=2001),
    ]
    _, (pair,) = clusters(records)
    assert pair.verdict == "merged"
    assert 0.5 < pair.score <= 1
    assert pair.reasons == ("same title (+3.5)", "same authors (+3)", "same year (+1.5)")


def test_decisions_are_obeyed_and_named_by_any_id():
    one = record(1, "Allies at War", authors=("Doe, Jane",), year=2001, doi="10.9999/a")
    two = record(2, "Allies at War", authors=("Doe, Jane",), year=2001)
    three = record(3, "Something else entirely", year=1950, id="own-id")
    assert len(clusters([one, two, three])[0]) == 2
    from kg.identity import id_of

    apart = [Decision("10.9999/a", id_of(two), same=False)]
    assert len(clusters([one, two, three], apart)[0]) == 3
    together = [Decision("own-id", "10.9999/a", same=True)]
    groups, pairs = clusters([one, two, three], together)
    assert len(groups) == 1
    assert pairs[0].reasons == ("a person decided: the same",)
    # a forbidden pair is not joined through a third record either
    groups, _ = clusters(
        [one, two, record(4, "Allies at War", authors=("Doe, Jane",), year=2001, doi="10.9999/a")], apart
    )
    assert all(not {1, 2} <= {[one, two][at].number if at < 2 else 4 for at in group} for group in groups)


def test_decisions_file(tmp_path):
    decisions.add(tmp_path, Decision("a", "b", same=True))
    decisions.add(tmp_path, Decision("b", "a", same=False), note="other editions")
    (tmp_path / "works.ris").write_text("")
    assert decisions.beside([tmp_path / "works.ris"]) == [Decision("a", "b", same=False)]
    assert decisions.beside([tmp_path, "-"]) == [Decision("a", "b", same=False)]
    with (tmp_path / decisions.FILE_NAME).open("a") as file:
        file.write('{"same": ["x"]}\n')
    with pytest.raises(SourceError, match=r"kg-decisions.jsonl:3: 'same' wants a list of two ids or more"):
        decisions.beside([tmp_path])


# --- properties --------------------------------------------------------------------------------------------------------

titles = st.sampled_from(
    ["Allies at War", "ALLIES AT WAR.", "Allies at War: A History", "结盟论", "结盟论之二", "Editorial", None]
)
records = st.builds(
    record,
    number=st.integers(1, 10**6),
    title=titles,
    abstract=st.sampled_from(
        [
            ABSTRACT,
            ABSTRACT + " More.",
            "短评。",
            "Another text on neutral states and their choices between the wars in the North.",
        ]
    ),
    authors=st.sampled_from([(), ("Doe, Jane",), ("Doe J", "Roe R"), ("张三",), ("Zhang, San",)]),
    year=st.sampled_from([None, 2001, 2002, 1980]),
    doi=st.sampled_from([None, "10.9999/a", "10.9999/b"]),
    pages=st.sampled_from([None, "1-9", "20-31"]),
)


@given(st.lists(records, max_size=8, unique_by=lambda r: r.number), st.randoms())
@settings(max_examples=150, deadline=None)
def test_order_does_not_matter(known, dice: random.Random):
    shuffled = list(known)
    dice.shuffle(shuffled)
    first = {frozenset(known[at].number for at in group) for group in clusters(known)[0]}
    second = {frozenset(shuffled[at].number for at in group) for group in clusters(shuffled)[0]}
    assert first == second


@given(records, records)
@settings(max_examples=200, deadline=None)
def test_comparing_is_symmetric(left, right):
    assert compare(left, right).weight == compare(right, left).weight


@given(records)
@settings(max_examples=100, deadline=None)
def test_a_record_with_a_text_is_like_itself(one):
    if one.title not in (None, "Editorial") or one.abstract == ABSTRACT:
        assert compare(one, one).weight >= MERGE_FROM


def test_a_shelf_on_disk_gives_the_same(tmp_path):
    known = [
        record(n, f"Allies at War {n % 40}", ABSTRACT if n % 7 else None, year=1990 + n % 40) for n in range(1, 200)
    ]
    shelf = Shelf(in_memory=10)
    for one in known:
        shelf.append(one)
    assert list(shelf) == known
    assert clusters(shelf)[0] == clusters(known)[0]


# --- keys --------------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    "Allies share burdens in the long run as they did before|盟国在长期竞争中分担防务费用的意愿各不相同|美日同盟與臺灣|﹙x﹚|Co- op|&amp;|&lt;| and |- or |.|;|。|！|？|\n|  "
    "|` |ﬁne|㈱|İ|Σς|(guó)|国(guo)|é|⻄|\u00ad|\t|ǅ|U.S.".split("|")
)


def abstract_keys_one_by_one(abstract: str) -> set[tuple[str, ...]]:
    """The keys of an abstract, each part folded by itself."""
    sentences = sorted(re.split(r"[.。!?！？;；\n]+", abstract), key=len, reverse=True)[:3]
    long = [key for one in sentences if len(key := fold_key(one)) >= (16 if has_han(one) else 40)]
    opening = fold_key(abstract[:90])
    opens = ("opens", opening[: 20 if has_han(opening[:20]) else 50])
    return {opens, *(("sentence", key) for key in long), *([] if long else [("abstract", fold_key(abstract))])}


@given(st.lists(_PIECES, min_size=1, max_size=30).map("".join) | st.text(min_size=1, max_size=200))
@settings(max_examples=400)
def test_keys_of_an_abstract_are_those_of_its_parts_folded_by_themselves(abstract: str) -> None:
    record = Record(source="a", number=1, where="a:1", texts=(Text("en", None, abstract),))
    assert set(block_keys(record)) == abstract_keys_one_by_one(abstract)


@given(
    st.lists(
        st.sampled_from("行 重 长 会 单 曾 银行 重庆 会计 长大 了 不了了之 一 a Z · ， 張 國".split(" "))
        | st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF),
        max_size=8,
    ).map("".join)
)
@settings(max_examples=400)
def test_characters_are_read_as_in_the_words_they_stand_in(text: str) -> None:
    from pypinyin import lazy_pinyin

    assert syllables(text) == tuple(lazy_pinyin(text, errors="ignore", v_to_u=False))


def test_records_come_back_from_their_file_as_they_were() -> None:
    import pickle

    for left, *_ in gold_pairs():
        assert pickle.loads(pickle.dumps(left, protocol=5)) == left
