"""A build in stages: equal bytes whatever was there before and however many processes work; nothing lost by a stop."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg import jsonl, pipeline
from kg.authority import load
from kg.corrections import Correction
from kg.corrections import append as correct
from kg.decisions import Decision
from kg.decisions import add as decide
from kg.engines import gather, ranges
from kg.readers import Problem, Source
from kg.store import load_state, open_store
from kg.synth import Synthesis
from kg.works import merge

#: What is no part of the answer: the index, what the next build goes on from, times.
ASIDE = ("store/", ".kg-lock", ".kg-work/", ".kg-manifest.json", "quads/history/")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not (name := path.relative_to(folder).as_posix()).startswith(ASIDE)
    }


def assert_equal(one: Path, other: Path) -> None:
    first, second = contents(one), contents(other)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def catalogue(n: int, seed: int, share: float = 0.4) -> list[dict[str, Any]]:
    """Works of a made-up catalogue: some on alliances, some twice with part of what is known of them."""
    dice = random.Random(seed)
    authority = load()
    loads = {name: Synthesis(authority, seed).works(10 * n, name) for name in ("alliance", "general")}  # type: ignore[arg-type]
    found: list[dict[str, Any]] = []
    for number in range(n):
        if found and dice.random() < 0.25:
            old = dice.choice(found)
            part = dice.choice((("title",), ("abstract",), ("title", "abstract")))
            lost = {"id", "title", "abstract"} - {*part}
            again = {key: value for key, value in old.items() if key not in lost}
            found.append(again if "title" in again or "abstract" in again else {**old, "id": f"again-{number}"})
            continue
        plain = next(loads["alliance" if dice.random() < share else "general"])
        kept = {key: plain[key] for key in ("title", "abstract", "year")}
        kept["abstract"] = kept["abstract"][: dice.randint(120, 700)]
        kept |= {
            "authors": [dice.choice(("Doe, Jane", "李明", "Roe, Ann", "王芳"))],
            "journal": dice.choice(("Sample Review", "示例学报")),
        }
        found.append(kept | ({"id": f"{seed}-{number}"} if dice.random() < 0.7 else {}))
    return found


def write_jsonl(path: Path, works: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(work, ensure_ascii=False) + "\n" for work in works), encoding="utf-8")
    return path


@pytest.fixture
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")


BARE = pipeline.Options(pages=False)


def test_a_file_that_is_cut_gives_the_records_of_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "works.jsonl"
    lines = [json.dumps(work, ensure_ascii=False) for work in catalogue(60, 3)]
    lines[7] = "{broken"
    lines[8] = ""
    lines[20] = json.dumps({"id": "no text"})
    lines[59] = json.dumps({"id": "no text at the end"})
    for end in ("\n", "\r\n"):
        path.write_bytes((end.join(lines) + end).encode())
        read = []
        for number, size in enumerate((1 << 30, 3000, 700)):
            monkeypatch.setattr(ranges, "RANGE_BYTES", size)
            tasks = ranges.plan(Source.of_file(path), tmp_path / f"ranges-{number}{len(end)}", program="p")
            assert (len(tasks) > 1) == (size < 1 << 30)
            records: list[Any] = []
            problems: list[Problem] = []
            before = 0
            for task in tasks:
                ranges.read_range(task)
                kept = ranges.RecordFile(Path(task.folder))
                part = gather.Part(kept, Source.of_file(path).slug, before)
                records += [gather.record_at([part], [0], at) for at in range(len(kept))]
                problems += ranges.problems_of([kept])
                before += int(kept.meta["n_entries"])
            read.append((records, problems))
        for records, problems in read[1:]:
            assert problems == read[0][1]
            assert records == read[0][0]
        assert [problem.where for problem in read[0][1]] == ["works.jsonl:8", "works.jsonl:21", "works.jsonl:60"]


def test_of_a_file_that_has_grown_only_the_end_is_read(
    tmp_path: Path, fixed_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "RANGE_BYTES", 5000)
    works = catalogue(60, 4)
    source = write_jsonl(tmp_path / "works.jsonl", works[:50])
    assert pipeline.build([source], tmp_path / "out", BARE).n_read == 50
    write_jsonl(source, works)
    grown = pipeline.build([source], tmp_path / "out", BARE)
    assert grown.report.n_records == 60
    assert 10 <= grown.n_read < 30
    pipeline.build([source], tmp_path / "fresh", BARE)
    assert_equal(tmp_path / "out", tmp_path / "fresh")


@pytest.mark.parametrize("seed", range(4))
def test_a_large_build_keeps_what_merging_everything_would(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that cannot be relevant are hardly looked at, and the works kept are the same, with all their tags."""
    monkeypatch.setattr(pipeline, "WHOLE_UP_TO", 2)
    works = catalogue(150, seed, share=0.3)
    paths = [write_jsonl(tmp_path / f"{name}.jsonl", works[at::2]) for at, name in enumerate("ab")]
    pipeline.build(paths, tmp_path / "out", BARE)
    everything = merge(
        record
        for path in paths
        for record in ranges.whole(ranges.Reading(Source.of_file(path)))
        if not isinstance(record, Problem)
    )
    wanted = [tagged for tagged in pipeline.tag(everything.works, load()) if tagged.is_relevant]
    found = [jsonl.loads(line) for line in (tmp_path / "out" / "works.jsonl").read_bytes().splitlines()]
    by_records = {tagged.work.records: tagged for tagged in found}
    assert by_records.keys() == {tagged.work.records for tagged in wanted}
    assert [tagged for tagged in wanted if by_records[tagged.work.records] != tagged] == []
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    assert report["n_records"] == 150
    out = sum(source["n_left_out"] for source in report["sources"])
    assert out == sum(len(source["left_out"]) for source in report["sources"])
    assert report["n_works"] == len(found) + out


def test_one_process_and_two_give_equal_bytes(
    tmp_path: Path, fixed_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "RANGE_BYTES", 20_000)
    monkeypatch.setattr(gather, "WORKS_A_SHARD", 16)
    monkeypatch.setattr(pipeline, "WHOLE_UP_TO", 20)
    works = catalogue(200, 9)
    paths = [write_jsonl(tmp_path / f"{name}.jsonl", works[at::3]) for at, name in enumerate("abc")]
    pipeline.build(paths, tmp_path / "one", pipeline.Options(pages=False, jobs=1))
    pipeline.build(paths[::-1], tmp_path / "two", pipeline.Options(pages=False, jobs=2))
    assert len([*(tmp_path / "one" / "quads" / "works").glob("part-0*.nq")]) > 2
    assert_equal(tmp_path / "one", tmp_path / "two")


class Desk:
    """A folder of sources that a person works on; each edit changes something, as people do."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.dice = random.Random(seed)
        self.works = iter(catalogue(400, seed))
        self.options: dict[str, Any] = {"pages": False}
        folder.mkdir()
        for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
            write_jsonl(folder / name, [next(self.works) for _ in range(12)])

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("[!k]*.jsonl"))

    def edit(self) -> str:
        """Change something; what it was."""
        edits: list[Callable[[], None]] = [
            self.add, self.add, self.drop, self.change, self.change, self.rename, self.remove, self.more, self.correct, self.decide,
            self.vocabulary,
        ]  # fmt: skip
        chosen = self.dice.choice(edits)
        chosen()
        return chosen.__name__

    def _lines(self) -> tuple[Path, list[dict[str, Any]]]:
        path = self.dice.choice(self.files())
        return path, [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def add(self) -> None:
        path, works = self._lines()
        works.insert(self.dice.randint(0, len(works)), next(self.works))
        write_jsonl(path, works)

    def drop(self) -> None:
        path, works = self._lines()
        if len(works) > 1:
            works.pop(self.dice.randrange(len(works)))
            write_jsonl(path, works)

    def change(self) -> None:
        path, works = self._lines()
        work = self.dice.choice(works)
        work["abstract"] = (work.get("abstract") or "") + " Both concern the alliance of France and Russia."
        work["year"] = self.dice.randint(1950, 2020)
        write_jsonl(path, works)

    def rename(self) -> None:
        path = self.dice.choice(self.files())
        path.rename(path.with_name(f"{self.dice.choice('defgh')}{self.dice.randrange(100)}.jsonl"))

    def remove(self) -> None:
        if len(self.files()) > 1:
            self.dice.choice(self.files()).unlink()

    def more(self) -> None:
        write_jsonl(self.folder / f"m{self.dice.randrange(100)}.jsonl", [next(self.works) for _ in range(4)])

    def _ids(self) -> list[str]:
        return [
            work["id"]
            for path in self.files()
            for work in map(json.loads, path.read_text("utf-8").splitlines())
            if "id" in work
        ]

    def correct(self) -> None:
        pair, verdict = self.dice.choice(("JPN-USA", "FRA-RUS")), self.dice.choice(("reject", "accept"))
        one = Correction(work=self.dice.choice(self._ids()), kind="alliances", tag=pair, verdict=verdict)
        correct(self.folder / "kg-corrections.jsonl", one)

    def decide(self) -> None:
        left, right = self.dice.sample(self._ids(), 2)
        decide(self.folder, Decision(left=left, right=right, same=self.dice.random() < 0.5))

    def vocabulary(self) -> None:
        table = self.folder.parent / f"{self.folder.name}-words.csv"
        word = self.dice.choice(("reason", "paper", "会议", "影响"))
        row = f"mine,dilemmas,{word if word.isascii() else 'mine'},{'两重' if word.isascii() else word},兩重\n"
        table.write_text("id,broader,pref_en,pref_zh,pref_zh_hant\n" + row, encoding="utf-8")
        self.options["vocabularies"] = (table,)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_after_any_edit_the_build_equals_one_from_nothing(
    seed: int, tmp_path: Path, fixed_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "WHOLE_UP_TO", (20, 1000)[seed])
    monkeypatch.setattr(gather, "WORKS_A_SHARD", 8)
    monkeypatch.setattr(ranges, "RANGE_BYTES", 6000)
    desk = Desk(tmp_path / "desk", seed)
    done = []
    for round_ in range(7):
        options = pipeline.Options(**desk.options)
        pipeline.build([desk.folder], tmp_path / "out", options)
        fresh = tmp_path / f"fresh-{round_}"
        pipeline.build([desk.folder], fresh, options)
        assert contents(tmp_path / "out") == contents(fresh), done
        assert load_state(tmp_path / "out" / "quads").keys() == load_state(fresh / "quads").keys()
        shutil.rmtree(fresh)
        done.append(desk.edit())


def test_only_what_has_changed_is_read_and_tagged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works = [{**work, "id": f"w{number}"} for number, work in enumerate(catalogue(80, 5))]
    first = write_jsonl(tmp_path / "a.jsonl", works[:40])
    second = write_jsonl(tmp_path / "b.jsonl", works[40:])
    built = pipeline.build([first, second], tmp_path / "out", BARE)
    assert (built.n_read, built.n_tagged) == (80, built.report.n_works)
    works[3]["abstract"] = "The alliance of Japan and the United States, once more."
    write_jsonl(first, works[:40])
    built = pipeline.build([first, second], tmp_path / "out", BARE)
    assert built.n_read == 40
    assert 1 <= built.n_tagged <= 3  # the work itself, and what it had been merged with
    first = first.rename(tmp_path / "renamed.jsonl")
    built = pipeline.build([first, second], tmp_path / "out", BARE)
    assert built.n_tagged == 0
    built = pipeline.build([second], tmp_path / "out", BARE)
    assert built.n_read == 0
    assert built.n_tagged < 10  # works that had their text from the source that is gone
    monkeypatch.setattr(gather, "WORKS_A_SHARD", 16)  # as when there are many more works
    assert pipeline.build([second], tmp_path / "out", pipeline.Options(pages=False, force=True)).n_tagged == 0


@pytest.mark.slow
def test_a_build_that_is_killed_goes_on(tmp_path: Path) -> None:
    """Killed at random moments, a build always leaves a whole store, and the one that ends leaves what it should."""
    dice = random.Random(2)
    source = write_jsonl(tmp_path / "works.jsonl", catalogue(150, 6))
    small = write_jsonl(tmp_path / "small.jsonl", catalogue(20, 7))
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1750000000"}

    def start(*names: Path, out: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "kg", "build", *map(str, names), "-o", str(out), "--no-pages", "--jobs", "2"]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )

    fresh, out = tmp_path / "fresh", tmp_path / "out"
    began = time.monotonic()
    assert start(source, out=fresh).wait() == 0
    took = time.monotonic() - began
    assert start(small, out=out).wait() == 0
    for _ in range(4):
        build = start(source, out=out)
        time.sleep(dice.random() * took)
        if build.poll() is None:
            os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        with open_store(out) as store:
            assert next(iter(store.query("SELECT (COUNT(*) AS ?n) { ?w a <https://w3id.org/alliance-kg/ns#Work> }")))
    assert start(source, out=out).wait() == 0
    assert_equal(fresh, out)
    with open_store(out) as store, open_store(fresh) as other:
        assert store.graphs() == other.graphs()  # type: ignore[attr-defined]
