"""The whole tagger: evidence, order, robustness, the cases that have broken tools, the user's own works."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.authority import load
from kg.model import KINDS, TaggedWork, Text, Work, WorkId
from kg.tagging.tagger import Tagger

TAGGER = Tagger()

PIECES = [
    "美日同盟", "中苏", "美国", "日本", "担心被牵连", "的", ",", "。", " ", "\n", "US–Japan alliance", "NATO", "South Ko-\nrea", "㈱", "ﬁ", "韓國(guó)", "\u200b",
    "İ", "😀", "&amp;", "entrapment", "allies with Japan, Korea and Spain", "us alliance", "对华", "、", "与", "\x00", "1902–1923", "冷战后", "e\u0301",
]  # fmt: skip


def check_evidence(tagged: TaggedWork) -> None:
    fields = tagged.work.fields()
    for kind in KINDS:
        assert list(tagged.tags(kind)) == sorted(tagged.tags(kind))
        for mentions in tagged.tags(kind).values():
            assert mentions
            for mention in mentions:
                assert fields[mention.field][mention.start : mention.end] == mention.surface
                assert mention.start < mention.end
                assert 0 < mention.confidence <= 1
    for period in tagged.periods:
        for mention in period.mentions:
            assert fields[mention.field][mention.start : mention.end] == mention.surface
    for statement in tagged.statements:
        assert statement.alliance in tagged.alliances
        for mention in statement.mentions:
            assert fields[mention.field][mention.start : mention.end] == mention.surface
    assert set(tagged.focus) <= set(tagged.alliances)
    assert set(tagged.focus_evidence) == set(tagged.focus)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_evidence_is_cut_from_the_text(text: str) -> None:
    check_evidence(TAGGER.tag_text(text))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.text(max_size=60))
def test_any_string_is_tagged(abstract: str, title: str) -> None:
    work = Work(
        id=WorkId("w"), texts=(Text("zh-Hans", title or None, abstract or None), Text("en", None, abstract or None))
    )
    check_evidence(TAGGER.tag(work))


def test_an_empty_work_has_no_tags() -> None:
    tagged = TAGGER.tag(Work(id=WorkId("w")))
    assert not tagged.is_relevant
    assert not tagged.states


def test_rules_are_rows_of_the_ontology() -> None:
    used = set()
    for text in (
        "美日同盟的牵连。中国对越援助。冷战后",
        "US allies Japan and Korea feared entrapment; the alliance of 1902–1923 was signed in Washington.",
    ):
        tagged = TAGGER.tag_text(text)
        used |= {m.rule for kind in KINDS for ms in tagged.tags(kind).values() for m in ms}
        used |= {m.rule for period in tagged.periods for m in period.mentions}
        used |= {m.rule for statement in tagged.statements for m in statement.mentions}
        used |= {m.rule for ms in tagged.focus_evidence.values() for m in ms}
    assert used <= set(TAGGER.authority.rules)


def test_two_texts_of_a_work_say_which_they_are() -> None:
    work = Work(id=WorkId("w"), texts=(Text("zh-Hans", "美日同盟", None), Text("en", None, "The US–Japan alliance.")))
    mentions = TAGGER.tag(work).alliances["JPN-USA"]
    assert [(mention.field, mention.surface) for mention in mentions] == [
        ("title", "美日同盟"),
        ("abstract@en", "US–Japan alliance"),
    ]


def test_other_languages_are_not_tagged() -> None:
    assert not TAGGER.tag(Work(id=WorkId("w"), texts=(Text("fr", None, "L'alliance entre France et Japan"),))).states


@pytest.mark.parametrize(
    "unit",
    ["美国、日本、韩国、", "美日印澳、中俄、朝中", "NATO 美/日-韩·", "Georgia Jordan Smith Turkey ROC ", "1950 Moscow alliance ", "e\u0301", "(《", "北约盟友\n"],
)  # fmt: skip
def test_a_text_without_an_end_is_tagged(unit: str) -> None:
    # That time is in proportion to length is measured in tests/bench/bench_growth.py.
    tagged = TAGGER.tag_text((unit * 15_000)[:30_000] + " NATO allies 北约同盟", "en")
    assert "nato" in tagged.alliances
    check_evidence(tagged)


@pytest.mark.parametrize(
    "case",
    [
        "text-en-names-in-names",
        "text-acronyms",
        "text-astral-offsets",
        "text-decomposed-and-compat",
        "text-broken-lines",
        "text-mixed-scripts",
        "text-pinyin-residue",
    ],
)
def test_texts_that_have_broken_tools(case: str, shared: Callable[[str], Path]) -> None:
    folder = shared("cases")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[case]
    for line in (folder / expected["input"]).read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        row = json.loads(line)
        want = expected["texts"][row["id"]]
        texts = (Text(row.get("lang") or "en", row.get("title") or None, row.get("abstract") or None),)
        from kg.text import detect_lang

        texts = (Text(detect_lang(row.get("title"), row.get("abstract")), texts[0].title, texts[0].abstract),)
        tagged = TAGGER.tag(Work(id=WorkId(row["id"]), texts=texts))
        check_evidence(tagged)
        for kind in ("states", "alliances"):
            assert set(want.get(kind, ())) <= set(tagged.tags(kind)), (row["id"], kind)
            assert not set(want.get(f"not_{kind}", ())) & set(tagged.tags(kind)), (row["id"], kind)
        for span in want.get("spans", ()):
            places = {
                (m.field, m.start, m.end, m.surface)
                for kind in ("states", "alliances")
                for m in tagged.tags(kind).get(span["tag"], ())
            }
            assert (span["field"], span["start"], span["end"], span["surface"]) in places, (row["id"], span, places)


def test_a_users_words_that_keep_names_away_and_that_tell_a_subject_are_obeyed(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "blocks.csv").write_text("lang,surface,note\nen,japan black,a varnish\n", encoding="utf-8")
    cues = "lang,surface,weight,core\nen,brotherhood in arms,2.5,yes\nen,lacquer,-9,no\n"
    (tables / "cues.csv").write_text(cues, encoding="utf-8")
    tagger = Tagger(load(tmp_path))
    assert "JPN" in TAGGER.tag_text("A coat of Japan black dries fast.").states
    assert not tagger.tag_text("A coat of Japan black dries fast.").states
    text = "Brotherhood in arms is said to spare a country the fear of abandonment, and of being let down."
    assert not TAGGER.tag_text("Brotherhood in arms.").is_relevant
    assert tagger.tag_text(text).concepts
    spoken = "The US–Japan alliance is strong, and entrapment is feared."
    assert tagger.tag_text(spoken).alliances
    assert not tagger.tag_text(spoken + " Lacquer is another matter.").alliances


def test_what_is_less_sure_than_was_asked_for_is_left_out() -> None:
    text = "The US–Japan alliance survived the crisis; Tokyo feared to be dragged into quarrels that are not its own."
    every = TAGGER.tag_text(text)
    sure = Tagger(min_confidence=0.9).tag_text(text, keep_rejected=True)
    confidences = [m.confidence for kind in KINDS for found in sure.tags(kind).values() for m in found]
    assert confidences
    assert min(confidences) >= 0.9
    left = {tag for kind in KINDS for tag in every.tags(kind)} - {tag for kind in KINDS for tag in sure.tags(kind)}
    assert left
    assert left <= {rejection[2] for rejection in sure.rejected if "less sure" in rejection[3]}


@pytest.mark.parametrize(
    ("text", "words", "tag", "why"),
    [
        ("今日美国媒体报道", "日美", "", "今日"),
        ("马里兰州", "马里", "MLI", "马里兰"),
        ("A conference in Washington.", "Washington", "USA", "a place here"),
        ("Michael Jordan scored.", "Jordan", "JOR", "Michael Jordan"),
        ("Free riding in the library: firms and patients abandon allies.", "Free riding", "free-riding", "patients"),
        ("战略联盟:中日企业与顾客结盟", "中日企业与顾客结盟", "CHN-JPN", "企业"),
        ("美中不足", "美中", "", "美中不足"),
    ],
)
def test_why_something_was_not_taken(text: str, words: str, tag: str, why: str) -> None:
    rejected = TAGGER.tag_text(text, keep_rejected=True).rejected
    assert any(m.surface == words and found == tag and why in reason for m, _, found, reason in rejected), rejected


def test_a_distance_north_west_is_no_pact() -> None:
    assert not TAGGER.tag_text("该地位于西北约十公里处,北约20公里外驻有美军,同盟条约规定驻军。").alliances.get("nato")
    assert TAGGER.tag_text("北约30个成员国强化同盟。").alliances["nato"]


def test_a_users_list_of_what_is_not_that_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "not.csv").write_text("surface,kind,id\nentrapment,concepts,entrapment\nNATO,,\n", encoding="utf-8")
    tagger = Tagger(load(tmp_path))
    text = "The US–Japan alliance feared entrapment by NATO; NATO and 北约 are one."
    assert {"nato", "JPN-USA"} <= set(TAGGER.tag_text(text).alliances)
    assert "entrapment" in TAGGER.tag_text(text).concepts  # a Chinese word does not make the text Chinese
    tagged = tagger.tag_text(text, keep_rejected=True)
    assert "entrapment" not in tagged.concepts
    assert [m.surface for m in tagged.alliances["nato"]] == ["北约"]
    assert {m.surface for m, _, _, why in tagged.rejected if "your own list" in why} == {"entrapment", "NATO"}


def test_phrases_are_suggested_from_sentences_that_have_a_tag() -> None:
    from kg.suggest import suggest

    texts = [
        "The US–Japan alliance rests on quiet bargains. Nobody walks tall dogs here.",
        "Quiet bargains made the US–Korea alliance last. Tall dogs bark.",
        "Entrapment in the US–Philippine alliance was met by quiet bargains. Tall dogs sleep.",
    ]
    works = [
        replace(tagged, work=replace(tagged.work, id=WorkId(f"w{number}")))
        for number, tagged in enumerate(map(TAGGER.tag_text, texts))
    ]
    assert [(one.phrase, one.works) for one in suggest(works)] == [("quiet bargains", 3)]
