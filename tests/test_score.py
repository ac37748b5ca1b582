"""Scoring: the figures of the project's reference scorer, joins by id, alias and text, misses with their sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.jsonl import to_json
from kg.model import TaggedWork
from kg.score import GOLD_KINDS, LANGUAGES, Cell, GoldWork, join, read_gold, rows, score

ABSTRACT = "The alliance between Japan and the United States grew. China watched it. Was it entrapment? Nobody knows."


@pytest.fixture
def tagged(tagged_work: Callable[..., TaggedWork]) -> TaggedWork:
    return tagged_work(
        "w1",
        "en",
        "A title",
        ABSTRACT,
        states={"JPN": ["Japan"], "USA": ["United States"]},
        alliances={"JPN-USA": ["alliance between Japan and the United States"]},
        concepts={"hedging": ["watched"]},
        focus=("JPN-USA",),
    )


def gold_line(**tags: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": "w1",
        "lang": "en",
        "title": "A title",
        "abstract": ABSTRACT,
        "focus": ["JPN-USA"],
    }
    plain |= {
        "states": {"JPN": ["Japan"], "USA": ["United States"], "CHN": ["China"]},
        "alliances": {"JPN-USA": ["alliance between Japan"]},
        "concepts": {"entrapment": ["entrapment"]},
    }
    return plain | tags


def read(tmp_path: Path, *lines: dict[str, object]) -> list[GoldWork]:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return read_gold(path)


def test_figures_and_misses(tmp_path: Path, tagged: TaggedWork) -> None:
    result = score(read(tmp_path, gold_line()), [tagged])
    assert result.cells["states", "en"] == Cell(right=2, found=2, expected=3)
    assert result.cells["concepts", "all"] == Cell(right=0, found=1, expected=1)
    assert result.cells["focus", "all"].f1 == 1.0
    assert result.cells["states", "zh"] == Cell()
    assert [(miss.kind, miss.sign, miss.tag, miss.sentence) for miss in result.misses] == [
        ("states", "-", "CHN", "China watched it."),
        ("concepts", "-", "entrapment", "Was it entrapment?"),
        ("concepts", "+", "hedging", "China watched it."),
    ]


def test_optional_tags_count_neither_for_nor_against(tmp_path: Path, tagged: TaggedWork) -> None:
    gold = read(tmp_path, gold_line(optional={"states": ["CHN"], "concepts": ["hedging", "entrapment"]}))
    result = score(gold, [tagged])
    assert result.cells["states", "all"] == Cell(2, 2, 2)
    assert result.cells["concepts", "all"] == Cell(0, 0, 0)
    assert not result.misses


def test_works_are_joined_by_id_by_alias_and_by_what_the_abstract_says(tmp_path: Path, tagged: TaggedWork) -> None:
    by_text = gold_line(id="other", abstract=f"[Abstract] {ABSTRACT.replace(' ', '  ').upper()}")
    gold = read(
        tmp_path, gold_line(), by_text, gold_line(id="gone", abstract="Something else that is long enough to tell.")
    )
    assert list(join(gold, [tagged])) == ["w1", "other"]
    assert list(join(gold, [replace(tagged, work=replace(tagged.work, id="x", aliases=("w1",)))])) == ["w1", "other"]
    result = score(gold, [tagged])
    assert result.absent == ("gone",)
    assert result.cells["states", "all"].expected == 9


def test_tags_may_be_lists(tmp_path: Path, tagged: TaggedWork) -> None:
    result = score(read(tmp_path, gold_line(states=["JPN", "USA"], concepts=[])), [tagged])
    assert result.cells["states", "all"] == Cell(2, 2, 2)


def test_reliability_says_which_share_is_right(tmp_path: Path, tagged: TaggedWork) -> None:
    result = score(read(tmp_path, gold_line()), [tagged])
    assert [(row.low, row.n_tags, row.right) for row in result.reliability] == [(0.9, 4, 0.75)]


def test_a_line_that_is_no_gold_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "abstract": "x"}\n[1]\n', encoding="utf-8")
    with pytest.raises(SourceError, match=r"gold\.jsonl:2"):
        read_gold(tmp_path / "gold.jsonl")


def test_equal_to_the_reference_scorer(tmp_path: Path, gold: Path, shared: Callable[[str], Path]) -> None:
    """On the sample's gold, spoilt on purpose: every third tag dropped, a wrong one added to every fifth work."""
    reference = shared("gold/score.py")
    lines = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    spoilt = []
    for number, line in enumerate(lines):
        for kind in ("states", "alliances", "concepts", "groups"):
            kept = {tag: found for i, (tag, found) in enumerate(sorted(line[kind].items())) if (i + number) % 3}
            line[kind] = kept | ({"FRA": []} if kind == "states" and number % 5 == 0 else {})
        if number != 7:
            spoilt.append(line)
    path = tmp_path / "spoilt.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in spoilt), encoding="utf-8")
    printed = subprocess.run(
        [sys.executable, str(reference), str(gold), str(path)], capture_output=True, encoding="utf-8", check=True
    ).stdout
    expected = [line.split() for line in printed.splitlines() if line.split()[0] in GOLD_KINDS]

    from kg.jsonl import tagged_from_json

    def mentions(tags: dict[str, list[str]]) -> dict[str, list[dict[str, object]]]:
        one = {"field": "abstract", "start": 0, "end": 1, "surface": "x", "rule": "r", "confidence": 1.0}
        return {tag: [one] for tag in tags}

    kinds = ("states", "alliances", "concepts", "groups")
    tagged = [tagged_from_json(line | {kind: mentions(line[kind]) for kind in kinds}) for line in spoilt]
    found = [
        [kind, lang, f"{p:.3f}", f"{r:.3f}", f"{f1:.3f}", str(n)]
        for kind, lang, p, r, f1, n in rows(score(read_gold(gold), tagged))
    ]
    assert len(found) == len(GOLD_KINDS) * len(LANGUAGES)
    assert found == expected


def test_what_kg_tag_writes_can_be_scored_as_gold(tmp_path: Path, tagged: TaggedWork) -> None:
    (tmp_path / "tagged.jsonl").write_text(json.dumps(to_json(tagged)) + "\n", encoding="utf-8")
    result = score(read_gold(tmp_path / "tagged.jsonl"), [tagged])
    assert not result.misses
