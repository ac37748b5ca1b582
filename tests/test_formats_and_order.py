"""A tag depends on the text alone: not on the order of works, the process, or the format that the text was read from."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kg import pipeline
from kg.model import KINDS, TaggedWork
from kg.tagging.tagger import Tagger
from kg.text import fold_key

TAGGER = Tagger()
GOLD = Path(__file__).parent / "gold"
Row = dict[str, Any]


def rows() -> list[Row]:
    """Works in both languages, one text each.

    Without line breaks, which some of the formats cannot hold, and without keywords at the end of the abstract: JSON
    Lines are taken to the letter, other formats have a place of their own for them.
    """
    found: list[Row] = []
    for name in ("digests.jsonl", "theory.jsonl", "general.jsonl"):
        for line in (GOLD / name).read_text(encoding="utf-8").split("\n")[:40]:
            if line and "关键词" not in line:
                row = json.loads(line)
                text = " ".join(row["abstract"].split())
                found.append({"id": row["id"], "title": row["title"] or f"Paper {row['id']}", "abstract": text})
    return found


ROWS = rows()


def as_json_lines(chosen: Sequence[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen)


def as_csv(chosen: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["id", "title", "abstract"])
    writer.writeheader()
    writer.writerows(chosen)
    return text.getvalue()


def as_ris(chosen: Sequence[Row]) -> str:
    return "".join(
        f"TY  - JOUR\nID  - {row['id']}\nTI  - {row['title']}\nAB  - {row['abstract']}\nER  - \n\n" for row in chosen
    )


def as_bibtex(chosen: Sequence[Row]) -> str:
    def tex(text: str) -> str:
        return "".join("\\" + sign if sign in "&%$#_" else sign for sign in text)

    return "".join(
        f"@article{{{row['id']},\n  title = {{{tex(row['title'])}}},\n  abstract = {{{tex(row['abstract'])}}}\n}}\n\n"
        for row in chosen
    )


def as_endnote(chosen: Sequence[Row]) -> str:
    return "".join(f"%0 Journal Article\n%T {row['title']}\n%F {row['id']}\n%X {row['abstract']}\n\n" for row in chosen)


FORMATS: dict[str, tuple[str, Callable[[Sequence[Row]], str]]] = {
    "jsonl": ("works.jsonl", as_json_lines),
    "csv": ("works.csv", as_csv),
    "ris": ("works.ris", as_ris),
    "bibtex": ("works.bib", as_bibtex),
    "endnote": ("works.enw", as_endnote),
}


def told(tagged: TaggedWork) -> object:
    """Everything that the tagger says of a work, without its id and where it was read."""
    return (
        {kind: tagged.tags(kind) for kind in KINDS},
        tagged.focus,
        tagged.focus_evidence,
        tagged.periods,
        tagged.statements,
    )


def by_text(works: Sequence[TaggedWork]) -> dict[str, object]:
    return {fold_key(work.work.texts[0].abstract or ""): told(work) for work in works}


@cache
def alone() -> dict[str, object]:
    """Each work tagged by itself, from JSON Lines."""
    works = pipeline.read_sources([source_of("works.jsonl", as_json_lines(ROWS))]).works
    return by_text([TAGGER.tag(work) for work in works])


def source_of(name: str, text: str) -> Any:
    from kg.readers import Source

    return Source.of_bytes(text.encode(), name)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)), st.lists(st.sampled_from(range(len(ROWS))), min_size=1, max_size=8, unique=True)
)
def test_any_works_in_any_order_from_any_format(form: str, numbers: list[int]) -> None:
    name, write = FORMATS[form]
    chosen = [ROWS[number] for number in numbers]
    found = by_text(list(TAGGER.tag_all(pipeline.read_sources([source_of(name, write(chosen))]).works)))
    assert len(found) == len({fold_key(row["abstract"]) for row in chosen})
    for key, said in found.items():
        assert said == alone()[key]


def test_two_processes_say_what_one_says(tmp_path: Path) -> None:
    halves = (ROWS[: len(ROWS) // 2], ROWS[len(ROWS) // 2 :])
    printed: dict[str, dict[str, Any]] = {}
    for number, part in enumerate((ROWS, *halves)):
        source = tmp_path / f"{number}.jsonl"
        source.write_text(as_json_lines(part), encoding="utf-8")
        command = [sys.executable, "-X", "utf8", "-m", "kg", "tag", str(source)]
        lines = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\n")
        for line in filter(None, lines):
            work = json.loads(line)
            for where in ("source", "records"):
                work.pop(where, None)
            assert printed.setdefault(work["id"], work) == work
    assert len(printed) == len(ROWS)
