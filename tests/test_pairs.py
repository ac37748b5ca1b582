"""Pairs of states are judged by phrases, words, the table of pacts and statesmen, as learned from annotated works."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.authority import load
from kg.errors import OntologyError
from kg.model import TaggedWork, Text, Work, WorkId
from kg.resources import ontology_dir
from kg.tagging.leaders import Leaders
from kg.tagging.pair_features import OF_TWO, PairFeatures
from kg.tagging.pair_judge import read_weights
from kg.tagging.tagger import Tagger

GOLD = Path(__file__).parent / "gold"
LEADERS = ontology_dir() / "tables" / "leaders.csv"
TAGGER = Tagger()


def tagged(name: str) -> Iterator[tuple[dict[str, object], TaggedWork]]:
    """The works of a gold file, tagged."""
    rows = [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text("utf-8").split("\n") if line.strip()]
    works = [
        Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),)) for row in rows
    ]
    return zip(rows, TAGGER.tag_all(works), strict=True)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_weights_are_whole(lang: str) -> None:
    learned = read_weights(ontology_dir() / "weights", lang)
    assert len(learned.words) > 2_000
    assert all(word[1] == ":" for word in learned.words)
    told = json.loads((ontology_dir() / "weights" / "pairs.json").read_text("utf-8"))[lang]
    assert set(told["weights"]) == set(PairFeatures._fields)
    assert told["precision"] >= 0.78


def test_files_with_a_fault_are_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="fit_pairs"):
        read_weights(tmp_path, "en")
    table = tmp_path / "leaders.csv"
    table.write_text(
        "name_en,variants_en,name_zh,variants_zh,state,first_year,last_year\nBevin,,,,GBR,soon,1951\n", "utf-8"
    )
    fields = TAGGER.prepared(Work(id=WorkId("x"), texts=(Text("en", None, "Bevin spoke of an alliance."),)))
    with pytest.raises(OntologyError, match="leaders"):
        Leaders(table).find(fields[0], [])
    assert Leaders(tmp_path / "none.csv").find(fields[0], []) == []


def test_statesmen_are_of_states_that_there_are() -> None:
    known = {state.tag_id or state.id for state in load().states.values()} | set(load().states)
    names: dict[str, list[tuple[str, int, int]]] = {}
    with LEADERS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, last = int(row["first_year"]), int(row["last_year"] or 9999)
            assert row["state"] in known, row
            assert first <= last, row
            for key in ("name_en", "variants_en", "name_zh", "variants_zh"):
                for name in filter(None, row[key].split("|")):
                    names.setdefault(name, []).append((row["state"], first, last))
    assert len(names) > 3_000
    states = {name for id in load().states for found in load().names(id).values() for name in found}
    assert not states & set(names)


def test_a_statesman_is_no_state_but_tells_a_pair() -> None:
    text = (
        "In February 1950 Stalin and Mao signed a treaty of alliance in which each promised to come to the other's aid. "
        "The two allies mistrusted each other from the first day. By 1960 Khrushchev had recalled his advisers, and Mao "
        "told his comrades that the alliance was dead. This article asks why the partners quarrelled."
    )
    work = TAGGER.tag_text(text)
    assert set(work.states) == set()
    assert set(work.alliances) == {"CHN-SUN"}
    for mention in work.alliances["CHN-SUN"]:
        assert mention.surface in text


def test_of_a_person_of_two_states_the_years_decide() -> None:
    def states(text: str, years: list[int]) -> set[str]:
        fields = TAGGER.prepared(Work(id=WorkId("x"), texts=(Text("en", None, text),)))
        return {mention.tag for field in fields for mention in Leaders(LEADERS).find(field, years)}

    assert states("What Shevardnadze promised.", [1987]) == {"SUN"}
    assert states("What Shevardnadze promised.", [1998]) == {"GEO"}
    assert states("What Bismarck promised.", [1951]) == set()
    assert states("bismarck herring", []) == set()


def test_words_about_a_pair_are_shown_as_evidence() -> None:
    shown = 0
    for name in ("en-2", "zh-2", "digests"):
        for _, work in tagged(name):
            fields = work.work.fields()
            for tag, mentions in work.alliances.items():
                for mention in mentions:
                    assert fields[mention.field][mention.start : mention.end] == mention.surface
                    if mention.rule == "alliance-words":
                        shown += 1
                        assert OF_TWO.fullmatch(tag)
                        assert mention.surface.strip()
    assert shown > 5


def test_the_plainest_phrase_is_as_sure_as_the_pair_and_others_little_less() -> None:
    for _, work in tagged("digests"):
        for tag, mentions in work.alliances.items():
            if OF_TWO.fullmatch(tag):
                best = max(mention.confidence for mention in mentions)
                assert all(best * 0.9 <= mention.confidence <= best for mention in mentions)
    tagged_text = TAGGER.tag_text(
        "Washington and Tokyo drifted. The US-Japan alliance was adrift. The two powers argued."
    )
    plainest = max(tagged_text.alliances["JPN-USA"], key=lambda mention: mention.confidence)
    assert plainest.surface == "US-Japan alliance"


def test_a_pair_that_too_little_speaks_for_is_told_as_refused() -> None:
    text = "Germany trades with Brazil. The alliance of the United States with Japan and the treaty with Korea are compared."
    work = TAGGER.tag(Work(id=WorkId("x"), texts=(Text("en", "Trade partners and allies", text),)), keep_rejected=True)
    assert "BRA-DEU" not in work.alliances
    assert {"JPN-USA", "KOR-USA"} <= set(work.alliances)


@pytest.mark.parametrize(
    ("names", "precision", "recall"), [(("en-held", "en-2-held"), 0.85, 0.5), (("zh-held", "zh-2-held"), 0.8, 0.8)]
)
def test_on_works_held_apart(names: tuple[str, ...], precision: float, recall: float) -> None:
    right = wrong = missed = 0
    for name in names:
        for row, work in tagged(name):
            gold = set(row["alliances"])  # type: ignore[call-overload]
            doubtful = set(row.get("optional", {}).get("alliances", ()))  # type: ignore[attr-defined]
            found = set(work.alliances) - doubtful
            right += len(found & gold)
            wrong += len(found - gold)
            missed += len(gold - doubtful - found)
    assert right / (right + wrong) >= precision
    assert right / (right + missed) >= recall


@pytest.mark.parametrize(
    ("text", "pact"),
    [
        ("At Locarno in 1925 the powers signed a treaty of mutual guarantee; the allies of France were left out.", "locarno-treaties"),
        ("The film festival at Locarno honours directors; Switzerland and Italy are allies in cinema.", None),
        ("1925年的洛迦诺会议缔结保证条约，法国的盟友被排除在外。", "locarno-treaties"),
        ("瑞士洛迦诺电影节上，意大利与法国的制片人结成同盟。", None),
        ("Alcora is a village near Valencia; Spain and its allies in the ceramic trade met there.", None),
    ],
)  # fmt: skip
def test_a_place_is_a_pact_only_in_its_company(text: str, pact: str | None) -> None:
    places = {"locarno-treaties", "alcora-exercise"}
    assert set(TAGGER.tag_text(text).alliances) & places == ({pact} if pact else set())
