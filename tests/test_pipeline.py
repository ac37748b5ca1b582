"""Building: equal bytes for equal input, one folder as a function of the sources, faults reported and passed over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg import pipeline
from kg.errors import KgError, SourceError

#: What may differ between two builds of the same input.
MAY_DIFFER = ("store/", ".kg-lock", "quads/history/")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that must not differ."""
    return {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not (name := path.relative_to(folder).as_posix()).startswith(MAY_DIFFER)
    }


def build_apart(sources: list[Path], out: Path, seed: str, cwd: Path) -> None:
    """Build in a process of its own, in another folder, with another hash seed."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1750000000"}
    command = [sys.executable, "-m", "kg", "build", *map(str, sources), "-o", str(out)]
    subprocess.run(command, env=environment, cwd=cwd, check=True, capture_output=True)


@pytest.mark.slow
def test_equal_input_gives_equal_bytes(sample: Path, tmp_path: Path) -> None:
    """Whatever the hash seed, the order of sources, and the folder that the command is called from."""
    sources = sorted(sample.iterdir())
    (tmp_path / "elsewhere").mkdir()
    build_apart(sources, tmp_path / "a", "1", tmp_path)
    build_apart(sources[::-1], tmp_path / "b", "2", tmp_path / "elsewhere")
    first, second = contents(tmp_path / "a"), contents(tmp_path / "b")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    for name in ("index.html", "pairs.csv", "works.jsonl", "graph.ttl", "report.json", "network/graph.graphml"):
        assert name in first
    assert not [name for name, content in first.items() if str(tmp_path).encode() in content]


def test_a_second_build_of_the_same_does_nothing_but_say_so(
    kg: Callable[..., Any], sample: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    source = sample / "listing.txt"
    assert kg("build", source, "-o", out, "--no-pages").status == 0
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != ".kg-lock"}
    again = kg("build", source, "-o", out, "--no-pages")
    assert (again.status, again.out) == (0, "")
    assert "nothing has changed" in again.err
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_the_folder_is_a_function_of_the_sources_named_now(sample: Path, tmp_path: Path) -> None:
    pipeline.build([sample], tmp_path / "out")
    pipeline.build([sample / "listing.txt"], tmp_path / "out")
    pipeline.build([sample / "listing.txt"], tmp_path / "fresh")
    assert contents(tmp_path / "out").keys() == contents(tmp_path / "fresh").keys()
    assert (tmp_path / "out" / "works.jsonl").read_bytes() == (tmp_path / "fresh" / "works.jsonl").read_bytes()


def test_when_a_work_was_first_seen_and_where_it_lies_is_carried_over(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def history() -> set[str]:
        parts = (tmp_path / "out" / "quads" / "history").glob("part-*.nq")
        return {line for part in parts for line in part.read_text(encoding="utf-8").splitlines() if "firstSeen" in line}

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    pipeline.build([sample / "listing.txt"], tmp_path / "out")
    before, positions = history(), (tmp_path / "out" / "positions.csv").read_text(encoding="utf-8").splitlines()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    pipeline.build([sample / "listing.txt", sample / "catalogue.csv"], tmp_path / "out")
    assert before < history()
    assert {line.partition(",")[0] for line in positions} <= {
        line.partition(",")[0] for line in (tmp_path / "out" / "positions.csv").read_text(encoding="utf-8").splitlines()
    }


def test_a_broken_record_is_reported_and_the_rest_goes_on(kg: Callable[..., Any], tmp_path: Path) -> None:
    source = tmp_path / "works.jsonl"
    good = {"id": "good", "title": "The alliance between Japan and the United States", "abstract": "It lasts."}
    source.write_text(f"{json.dumps(good)}\n{{broken\n" + json.dumps({"id": "empty"}) + "\n", encoding="utf-8")
    run = kg("build", source, "-o", tmp_path / "out", "--no-pages")
    assert run.status == 1
    assert "works.jsonl:2" in run.err
    assert "works.jsonl:3" in run.err
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["n_works"] == 1
    assert [fault["where"] for fault in report["faults"]] == ["works.jsonl:2", "works.jsonl:3"]


def test_files_without_records_are_counted_in_one_line_and_change_no_status(
    kg: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("a.pdf", "b.caj", "c.docx"):
        (tmp_path / name).write_bytes(b"%PDF-1.4 \x00\x01" if name == "a.pdf" else b"\x00\x01\x02\x03")
    (tmp_path / "works.jsonl").write_text('{"id": "w", "title": "A pact of Japan and China"}\n', encoding="utf-8")
    run = kg("tag", tmp_path)
    assert run.status == 0
    assert len(run.err.splitlines()) == 1
    assert "RIS" in run.err
    assert json.loads(run.out)["id"] == "w"


def test_a_folder_with_foreign_files_is_refused(kg: Callable[..., Any], sample: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    run = kg("build", sample, "-o", tmp_path)
    assert run.status == 2
    assert "thesis.docx" in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.ris"):
        pipeline.build([tmp_path / "nowhere.ris"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_a_source_ones_own_data_is_read_before_the_sample(tmp_path: Path, sample: Path) -> None:
    assert pipeline.default_sources(tmp_path / "data") == [sample]
    (tmp_path / "data" / "sample").mkdir(parents=True)
    assert pipeline.default_sources(tmp_path / "data") == [sample]
    (tmp_path / "data" / "mine.ris").write_text("", encoding="utf-8")
    assert pipeline.default_sources(tmp_path / "data") == [tmp_path / "data" / "mine.ris"]


def test_the_report_comes_back_as_it_was(built: Path) -> None:
    from kg.report import Report

    report = Report.read(built / "report.json")
    assert report.to_bytes() == (built / "report.json").read_bytes()
    assert (report.n_works, report.n_merged) == (61, 12)
    assert report.n_records == 73
    assert report.exit_status == 0


def test_pairs_csv_is_the_answer_as_a_file(built: Path) -> None:
    import csv

    data = (built / "pairs.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    works = {
        work["id"]: work for line in (built / "works.jsonl").read_bytes().splitlines() for work in [json.loads(line)]
    }
    assert rows
    assert len(rows) == sum(len(work["alliances"]) for work in works.values())
    for row in rows:
        work = works[row["work"]]
        field, text = row["field"].split("@")[0], work
        if "@" in row["field"]:
            text = next(other for other in work["texts"] if other["lang"] == row["field"].split("@")[1])
        assert text[field][int(row["start"]) : int(row["end"])] == row["evidence"].removeprefix("'")
        assert (row["role"] == "focus") == (row["pair"] in work["focus"])
        assert row["title"]


def test_works_that_are_not_relevant_are_left_out_of_large_builds_only(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "WHOLE_UP_TO", 10)
    built = pipeline.build([sample], tmp_path / "out", pipeline.Options(pages=False))
    left_out = {source.slug: source for source in built.report.sources if source.n_left_out}
    lines = (tmp_path / "out" / "works.jsonl").read_bytes().splitlines()
    assert len(lines) == built.report.n_relevant
    assert sum(source.n_left_out for source in left_out.values()) == 61 - built.report.n_relevant
    assert all(len(source.left_out) == source.n_left_out for source in left_out.values())
    whole = pipeline.build([sample], tmp_path / "all", pipeline.Options(pages=False, keep_all=True))
    assert len((tmp_path / "all" / "works.jsonl").read_bytes().splitlines()) == 61
    assert not any(source.n_left_out for source in whole.report.sources)


def test_a_vocabulary_of_ones_own_is_known_where_the_graph_is_asked(
    kg: Callable[..., Any], sample: Path, tmp_path: Path
) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(
        "id,broader,pref_en,pref_zh,pref_zh_hant\nmine,dilemmas,two faces,两重面貌,兩重面貌\n", encoding="utf-8"
    )
    out = tmp_path / "out"
    run = kg("build", sample / "listing.txt", "-o", out, "--vocabulary", table, "--no-pages")
    assert run.status == 0, run
    table.unlink()
    found = kg("find", "--concept", "两重面貌", "-g", out, "--format", "json")
    assert len(json.loads(found.out)) == 1
    assert "two faces" in kg("query", "concepts-of-pair", "--bind", "alliance=美日", "-g", out).out
    assert not [name for name, content in contents(out).items() if str(tmp_path).encode() in content]


def test_a_base_of_ones_own_is_known_where_the_graph_is_asked(
    kg: Callable[..., Any], sample: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    base = "https://example.org/kg/"
    pipeline.build([sample / "listing.txt"], out, pipeline.Options(base=base, pages=False))
    run = kg("query", "works-on-pair", "--bind", "alliance=美日", "-g", out, "--format", "json")
    (row,) = json.loads(run.out)
    assert row["work"].startswith(f"{base}work/")
    work = row["work"].removeprefix(f"{base}work/")
    assert json.loads(kg("query", "tags-of-work", "--bind", f"work={work}", "-g", out, "--format", "json").out)


def test_a_base_that_is_no_iri_is_refused(sample: Path, tmp_path: Path) -> None:
    with pytest.raises((KgError, ValueError), match="IRI"):
        pipeline.build([sample], tmp_path / "out", pipeline.Options(base="not an iri", pages=False))
