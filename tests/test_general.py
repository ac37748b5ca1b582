"""What is let through: texts of other disciplines, with bait, get no alliance and hardly a concept; theory without the word does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.authority import load
from kg.model import TaggedWork, Text, Work, WorkId
from kg.synth import Synthesis
from kg.tagging.tagger import Tagger

GOLD = Path(__file__).parent / "gold"


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").split("\n") if line]


def tagged(rows: list[dict[str, Any]]) -> list[TaggedWork]:
    tagger = Tagger()
    return [
        tagger.tag(Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"], row["abstract"]),)))
        for row in rows
    ]


def test_other_disciplines_have_no_alliances_and_hardly_a_concept() -> None:
    works = tagged(
        [*rows_of("general.jsonl"), *rows_of("other-fields.jsonl"), *Synthesis(load(), 11).works(400, "general")]
    )
    with_alliance = [work.id for work in works if work.alliances]
    with_concept = [work.id for work in works if work.concepts]
    assert len(with_alliance) * 500 <= len(works), with_alliance
    assert len(with_concept) * 50 <= len(works), with_concept


def test_theory_of_international_relations_needs_no_word_for_alliance() -> None:
    works = tagged(rows_of("theory.jsonl"))
    without = [work.id for work in works if not work.concepts]
    assert len(without) * 4 <= len(works), without
