"""How well texts are tagged: no figure may fall below these, and none is above what the reference scorer says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import jsonl, pipeline
from kg.authority import load
from kg.model import TaggedWork
from kg.score import GOLD_KINDS, read_gold, rows, score

#: F1 over both languages on the sample, and on works that are not in the repository.
SAMPLE = {"states": 0.97, "alliances": 0.90, "concepts": 0.80}
SEEDS = {"states": 0.97, "alliances": 0.95, "concepts": 0.80, "focus": 0.90}


@pytest.fixture(scope="module")
def tagged_sample(sample: Path) -> list[TaggedWork]:
    return list(pipeline.tag(pipeline.read([sample]).works, load()))


@pytest.fixture(scope="module")
def tagged_seeds(shared: Callable[[str], Path]) -> list[TaggedWork]:
    return list(pipeline.tag(pipeline.read([shared("seeds")]).works, load()))


@pytest.mark.parametrize("kind", SAMPLE)
def test_on_the_sample(kind: str, tagged_sample: list[TaggedWork], gold: Path) -> None:
    cells = score(read_gold(gold), tagged_sample).cells
    assert cells[kind, "all"].f1 >= SAMPLE[kind], cells[kind, "all"]  # type: ignore[index]


@pytest.mark.parametrize("kind", SEEDS)
def test_on_works_pasted_from_a_listing(
    kind: str, tagged_seeds: list[TaggedWork], shared: Callable[[str], Path]
) -> None:
    result = score(read_gold(shared("gold/dev.jsonl")), tagged_seeds)
    assert not result.absent
    assert result.cells[kind, "all"].f1 >= SEEDS[kind], result.cells[kind, "all"]  # type: ignore[index]


def test_the_reference_scorer_says_the_same(
    tagged_sample: list[TaggedWork], gold: Path, shared: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "tagged.jsonl").write_bytes(b"".join(jsonl.write(tagged_sample)))
    command = [sys.executable, str(shared("gold/score.py")), str(gold), str(tmp_path / "tagged.jsonl")]
    printed = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    expected = [line.split() for line in printed.splitlines() if line.split()[0] in GOLD_KINDS]
    assert [
        [kind, lang, f"{p:.3f}", f"{r:.3f}", f"{f:.3f}", str(n)]
        for kind, lang, p, r, f, n in rows(score(read_gold(gold), tagged_sample))
    ] == expected


def test_every_mention_cuts_its_surface_out_of_the_text(tagged_sample: list[TaggedWork]) -> None:
    for tagged in tagged_sample:
        fields = tagged.work.fields()
        for kind in ("states", "alliances", "groups", "concepts"):
            for mentions in tagged.tags(kind).values():  # type: ignore[arg-type]
                assert mentions
                assert all(fields[m.field][m.start : m.end] == m.surface for m in mentions)
        assert set(tagged.focus) <= tagged.alliances.keys()


def test_the_method_page_says_what_the_works_held_apart_say() -> None:
    """`tests/tools/measure.py` makes the figures again when the rules have changed by more than this."""
    import json

    from tools.measure import RESULT, measure

    kept, now = json.loads(RESULT.read_text(encoding="utf-8")), measure()
    assert kept["n_works"] == now["n_works"]
    assert [(one["kind"], one["lang"], one["expected"]) for one in kept["cells"]] == [
        (one["kind"], one["lang"], one["expected"]) for one in now["cells"]
    ]
    for old, new in zip(kept["cells"], now["cells"], strict=True):
        if old["lang"] == "all" and old["expected"] > 100:
            assert old["right"] / old["expected"] == pytest.approx(new["right"] / new["expected"], abs=0.05)
            assert old["right"] / old["found"] == pytest.approx(new["right"] / new["found"], abs=0.05)
