"""Measure the tagger on the works held apart and write what the method page shows: kg/views/measured.json.

    python tests/tools/measure.py

The works held apart were tagged by hand before they were tagged by the program, and no rule was made with them. Of the works
of other fields, whose abstracts speak of alliances of firms, cells or parties, none should be given an alliance.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from kg import pipeline
from kg import score as scoring
from kg.authority import load

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
RESULT = ROOT / "kg" / "views" / "measured.json"
HELD = tuple(sorted(GOLD.glob("*-held.jsonl")))
OTHER_FIELDS = GOLD / "general.jsonl"


def measure() -> dict[str, Any]:
    """Counts by kind and language, and of the works of other fields those that were given an alliance."""
    authority = load()
    gold = [line for file in HELD for line in scoring.read_gold(file)]
    tagged = list(pipeline.tag(pipeline.read(list(HELD)).works, authority))
    cells = scoring.score(gold, tagged).cells
    others = list(pipeline.tag(pipeline.read([OTHER_FIELDS]).works, authority))
    return {
        "version": authority.version,
        "n_works": {lang: sum(line.lang.startswith(lang) for line in gold) for lang in ("zh", "en")},
        "cells": [
            {"kind": kind, "lang": lang, **cells[kind, lang]._asdict()}
            for kind in scoring.GOLD_KINDS
            for lang in scoring.LANGUAGES
        ],
        "other_fields": {
            "n_works": len(others),
            "with_alliance": sum(bool(work.alliances) for work in others),
        },
    }


def main() -> int:
    """Write the file."""
    result = measure()
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for cell in result["cells"]:
        print(cell)
    print(result["n_works"], result["other_fields"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
