"""Files that other tools stumbled over. In: ``../shared/cases``, where it is. Out: what must come out of each, checked."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from kg.model import Record, Work
from kg.readers import Problem, read
from kg.works import merge

CASES = Path(__file__).resolve().parent.parent.parent / "shared" / "cases"
ALSO = ("graph-years", "graph-control-characters", "graph-same-bytes")


def cases() -> dict[str, dict[str, Any]]:
    if not CASES.is_dir():
        return {}
    found = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
    return {name: case for name, case in found.items() if case["family"] == "A" or name in ALSO}


def plain(text: object) -> str | None:
    if text is None:
        return None
    shown = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", unicodedata.normalize("NFC", str(text)))
    return " ".join(shown.split())


def name_words(name: str) -> list[str]:
    family, comma, given = (plain(name) or "").partition(",")
    return sorted(f"{given} {family}".split() if comma else family.split())


def letters(text: str | None) -> str:
    return "".join(c for c in text or "" if c.isalnum())


def faults(work: Work, expected: dict[str, Any]) -> list[str]:
    """The fields in which a work is not as expected."""
    abstracts = [plain(text.abstract) or "" for text in work.texts]
    found = {
        "title": lambda v: plain(work.title) == plain(v),
        "titles": lambda v: plain(work.title) in [plain(one) for one in v],
        "abstract": lambda v: (
            letters(work.abstract) == letters(v) if expected.get("abstract_loose") else plain(work.abstract) == plain(v)
        ),
        "abstract_has": lambda v: any((plain(v) or "") in text for text in abstracts),
        "abstract_starts": lambda v: any(text.startswith(plain(v) or "") for text in abstracts),
        "year": lambda v: (None if work.year is None else str(work.year)) == v,
        "year_any": lambda v: (None if work.year is None else str(work.year)) in v,
        "authors": lambda v: [name_words(name) for name in work.authors] == [name_words(name) for name in v],
        "doi": lambda v: (work.doi or "").lower() == (v or "").lower(),
        "lang": lambda v: work.lang[:2] == v[:2],
        "journal": lambda v: work.journal == v,
        "volume": lambda v: work.volume == v,
        "issue": lambda v: (work.issue or "").lstrip("0") == v.lstrip("0"),
        "pages": lambda v: work.pages == v,
        "keywords_include": lambda v: set(v) <= set(work.keywords),
    }
    return [name for name, value in expected.items() if name in found and not found[name](value)]


@pytest.mark.skipif(not CASES.is_dir(), reason="../shared/cases is not there")
@pytest.mark.parametrize("name", cases() or ["none"])
def test_case(name: str) -> None:
    case = cases()[name]
    inputs = case["input"] if isinstance(case["input"], list) else [case["input"]]
    began = time.perf_counter()
    items = [item for path in inputs for item in read(CASES / path)]
    assert time.perf_counter() - began < 5
    problems = [item for item in items if isinstance(item, Problem)]
    works = list(merge([item for item in items if isinstance(item, Record)]).works)
    if case["warnings"] is not None:
        assert bool(problems) == case["warnings"], problems
    assert all(Path(inputs[0]).name in str(problem) for problem in problems)
    if "n_works" in case:
        assert len(works) == case["n_works"]
    left = list(works)
    for expected in case.get("works", []):
        best = min(left, key=lambda work, e=expected: len(faults(work, e)), default=None)  # type: ignore[misc]
        if best is None or faults(best, expected):
            assert expected.get("optional"), (expected, best and faults(best, expected))
        else:
            left.remove(best)
    if "works" in case and not any(work.get("optional") for work in case["works"]):
        assert not left
