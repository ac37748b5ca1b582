"""Texts of other disciplines, with bait: they get no alliance, and hardly a concept."""

from __future__ import annotations

import json
from pathlib import Path

from kg.authority import load
from kg.model import TaggedWork, Text, Work, WorkId
from kg.synth import Synthesis
from kg.tagging.tagger import Tagger

GENERAL = Path(__file__).parent / "gold" / "general.jsonl"


def tagged() -> list[TaggedWork]:
    tagger = Tagger()
    rows = [json.loads(line) for line in GENERAL.read_text(encoding="utf-8").split("\n") if line.strip()]
    rows += Synthesis(load(), 11).works(400, "general")
    return [
        tagger.tag(Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"], row["abstract"]),)))
        for row in rows
    ]


def test_other_disciplines_have_no_alliances_and_hardly_a_concept() -> None:
    works = tagged()
    with_alliance = [work.id for work in works if work.alliances]
    with_concept = [work.id for work in works if work.concepts]
    assert len(with_alliance) * 500 <= len(works), with_alliance
    assert len(with_concept) * 50 <= len(works), with_concept
