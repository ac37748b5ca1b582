"""Literals without which an expression cannot match are met wherever it does match."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.model import Text, Work, WorkId
from kg.tagging.bond_rules import rules
from kg.tagging.needed import needed
from kg.tagging.tagger import Tagger

GOLD = Path(__file__).parent / "gold"


@pytest.mark.parametrize(
    ("regex", "sets"),
    [
        (r"all(?:y|ies) of", [{"ally of", "allies of"}]),
        (r"(?:ally|treaty partner|partner)s?", [{"ally", "partner"}]),  # a set has no literal that holds another
        (r"(?:allied )?with (?!the)peace", [{"with peace"}]),
        (r"war.*?peace", [{"war"}, {"peace"}]),
        (r"(?P<a>war|[a-z]+) ended", [{"ended"}]),
        (r"\bpact(?:s? ){1,3}signed", [{"pact"}, {"signed"}]),
        (r"(?i:war) ended", [{"ended"}]),
        (r"(?i)war", []),
        (r"war|of", []),
        (r"[wb]ar(?:ter|s)", [{"warter", "barter", "wars", "bars"}]),
    ],
)
def test_what_is_needed_of_an_expression(regex: str, sets: list[set[str]]) -> None:
    found = needed(re.compile(regex), 3)
    assert [{word.strip() for word in words} for words in found] == sets


@pytest.mark.parametrize(("lang", "shortest"), [("en", 3), ("zh", 2)])
def test_every_match_of_a_rule_has_what_is_needed(lang: str, shortest: int) -> None:
    tagger = Tagger()
    sentences = []
    for line in (GOLD / f"{lang}-2.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        work = Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),))
        sentences += [one.masked[begin:stop] for one in tagger.prepared(work) for begin, stop in one.sentences]
    n_matches = n_sets = 0
    for rule in rules(lang):
        sets = needed(rule.regex, shortest)
        n_sets += len(sets)
        for sentence in sentences:
            for match in rule.regex.finditer(sentence):
                n_matches += 1
                for words in sets:
                    assert any(word in match.group() for word in words)
    assert n_matches > 20
    assert n_sets > 30
