"""Patterns: the language, and that every one of them finds its example and leaves its counter-example alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import OntologyError
from kg.resources import ontology_dir
from kg.tagging.inflection import inflect
from kg.tagging.patterns import check_examples, compile_rows, find, read_rows

ROWS = read_rows(ontology_dir() / "patterns")
FACETS = sorted({where.split(":")[0] for where, row in ROWS if "pattern" in row})


def compiled(**row: str) -> object:
    full = {"id": "x", "concept": "entrapment", "lang": "en", "example": "e", "counter": "c", **row}
    return compile_rows([("here:1", full)])[0]


@pytest.mark.parametrize("facet", FACETS)
def test_examples_and_counter_examples(facet: str) -> None:
    rows = [
        (where, row) for where, row in ROWS if "guard" not in row and ("class" in row or where.startswith(f"{facet}:"))
    ]
    patterns = compile_rows(rows)
    assert patterns
    assert check_examples(patterns) == []


def test_ids_stand_once() -> None:
    compile_rows([(where, row) for where, row in ROWS if "guard" not in row])


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("drag~ .. into .. ^war~", "They were dragged slowly into the war.", True),
        ("drag~ .. into .. ^war~", "They were dragged, by many small and foolish steps, into war.", False),
        ("^entrap* ally?", "The entrapment of states", True),
        ("left_alone|^abandoned", "It was left alone.", True),
        ("fear~ .. ^abandonment", "Abandonment is feared.", False),
        ("@STATE .. drag~ .. @STATE ... into .. ^war~", "{Austria} dragged {Germany} into a war.", True),
        ("@STATE .. ^drag~", "The river dragged sand.", False),
    ],
)
def test_the_language_in_english(pattern: str, text: str, found: bool) -> None:
    assert (find(compiled(pattern=pattern), text) is not None) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("被 .. ^拖入|卷入 ... 战争|冲突", "它怕被盟友拖入一场战争。", True),
        ("被 .. ^拖入|卷入 ... 战争|冲突", "它把盟友拖入一场战争。", False),
        ("^担心 .... 抛弃", "日本担心有一天会被美国抛弃。", True),
    ],
)
def test_the_language_in_chinese(pattern: str, text: str, found: bool) -> None:
    assert (find(compiled(pattern=pattern, lang="zh"), text) is not None) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"pattern": "a|of"}, "here:1: no element of"),
        ({"pattern": "@nothing war"}, "here:1: no word class is called '@nothing'"),
        ({"pattern": "word?"}, "has nothing that must stand"),
        ({"pattern": "war", "lang": "fr"}, "lang is 'fr'"),
        ({"pattern": ""}, "lacks pattern"),
    ],
)
def test_faults_say_where_and_what(row: dict[str, str], message: str) -> None:
    with pytest.raises(OntologyError, match=message):
        compiled(**row)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"class": "x"}\n{oops\n', encoding="utf-8")
    with pytest.raises(OntologyError, match=r"a\.jsonl:2"):
        read_rows(tmp_path)


def test_forms_of_words() -> None:
    assert set(inflect("withdraw")) >= {"withdraws", "withdrew", "withdrawn", "withdrawing"}
    assert set(inflect("ally")) >= {"allies", "allied", "allying"}
    assert "commitments" in inflect("commitment")
    assert "deterred" in inflect("deter")
