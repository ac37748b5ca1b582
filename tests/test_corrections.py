"""Corrections: what a person said of tags is written, read, kept by a rebuild, and measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kg.corrections import FILE_NAME, RULE, Correction, append, apply, beside, corrected, load, measured, rule_rows
from kg.errors import SourceError
from kg.model import TaggedWork

TEXT = "美日同盟不断强化。日本担心被美国抛弃。"


@pytest.fixture
def work(tagged_work: Callable[..., TaggedWork]) -> TaggedWork:
    return tagged_work(
        "w1",
        "zh-Hans",
        abstract=TEXT,
        states={"JPN": ["日本"]},
        alliances={"JPN-USA": ["美日同盟"]},
        concepts={"abandonment": ["被美国抛弃"]},
        focus=("JPN-USA",),
    )


def said(**fields: Any) -> Correction:
    return Correction(**({"work": "w1", "kind": "concepts", "tag": "abandonment", "verdict": "accept"} | fields))


def test_accepted_tags_are_a_persons(work: TaggedWork) -> None:
    (mention,) = apply(work, [said()]).concepts["abandonment"]
    assert (mention.rule, mention.confidence, mention.surface) == (RULE, 1.0, "被美国抛弃")


def test_rejected_tags_are_gone_with_their_focus(work: TaggedWork) -> None:
    left = apply(work, [said(kind="alliances", tag="JPN-USA", verdict="reject")])
    assert dict(left.alliances) == {}
    assert left.focus == ()
    assert dict(left.focus_evidence) == {}


def test_tags_are_added_on_words(work: TaggedWork) -> None:
    start = TEXT.index("不断强化")
    added = said(
        tag="alliance-strengthening", verdict="add", field="abstract", start=start, end=start + 4, surface="不断强化"
    )
    (mention,) = apply(work, [added]).concepts["alliance-strengthening"]
    assert TEXT[mention.start : mention.end] == mention.surface


def test_words_that_moved_are_found_and_words_that_are_gone_are_not(work: TaggedWork) -> None:
    moved = said(tag="alliance-strengthening", verdict="add", field="abstract", start=0, end=4, surface="不断强化")
    (mention,) = apply(work, [moved]).concepts["alliance-strengthening"]
    assert TEXT[mention.start : mention.end] == "不断强化"
    gone = said(tag="alliance-strengthening", verdict="add", field="abstract", start=0, end=2, surface="没有")
    assert "alliance-strengthening" not in apply(work, [gone]).concepts


def test_focus_is_set_and_taken(work: TaggedWork) -> None:
    assert apply(work, [said(kind="alliances", tag="JPN-USA", verdict="passing")]).focus == ()
    again = [said(kind="alliances", tag="JPN-USA", verdict=verdict) for verdict in ("passing", "focus")]
    assert apply(work, again).focus == ("JPN-USA",)


def test_corrections_find_works_by_ids_that_they_had(work: TaggedWork) -> None:
    from dataclasses import replace

    renamed = replace(work, work=replace(work.work, id="new", aliases=("w1",)))  # type: ignore[arg-type]
    (left,) = corrected([renamed], [said(verdict="reject")])
    assert dict(left.concepts) == {}


def test_the_last_word_counts_and_can_be_withdrawn(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    append(file, said(verdict="accept"))
    append(file, said(verdict="reject", why="说的是别事"))
    assert [one.verdict for one in load(file)] == ["reject"]
    append(file, said(verdict="withdraw"))
    assert load(file) == []
    assert len(file.read_bytes().splitlines()) == 3


@pytest.mark.parametrize("line", ["{", "[]", '{"work": "w"}', '{"work": "w", "kind": "states", "tag": "JPN", "verdict": "add"}', '{"work": "w", "kind": "states", "tag": "JPN", "verdict": "accept", "start": "1"}'])  # fmt: skip
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(json.dumps(asdict(said())) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match=f"{FILE_NAME}:2"):
        load(file)


def test_a_rebuild_keeps_corrections(tmp_path: Path) -> None:
    from kg import jsonl, pipeline

    source = tmp_path / "works.jsonl"
    source.write_text(json.dumps({"id": "w1", "abstract": TEXT}, ensure_ascii=False) + "\n", encoding="utf-8")
    options = pipeline.Options(pages=False)
    pipeline.build([source], tmp_path / "out", options)
    append(tmp_path / FILE_NAME, said(kind="states", tag="JPN", verdict="reject", who="me"))
    assert len(beside([source])) == 1
    pipeline.build([source], tmp_path / "out", options)
    (tagged,) = (jsonl.loads(line) for line in (tmp_path / "out" / "works.jsonl").read_bytes().splitlines())
    assert "JPN" not in tagged.states
    assert "USA" in tagged.states
    assert pipeline.build([source], tmp_path / "out", options).is_unchanged


def test_what_people_said_is_measured_by_rule() -> None:
    lines = [said(tag=f"t{n}", rule="concept-pattern", verdict="accept" if n else "reject") for n in range(4)]
    found = measured(lines)["concepts", "concept-pattern"]
    assert (found.accepted, found.rejected, found.precision) == (3, 1, 0.75)


# the page


@pytest.fixture
def reviewing(tmp_path: Path, work: TaggedWork) -> Iterator[tuple[Any, Path]]:
    from starlette.testclient import TestClient

    from kg import jsonl
    from kg.store import load as load_store
    from kg.web.app import create_site
    from kg.web.review import Review

    weak = {tag: tuple(m._replace(confidence=0.5) for m in found) for tag, found in work.concepts.items()}
    from dataclasses import replace

    folder = tmp_path / "out"
    (folder / "quads" / "works").mkdir(parents=True)
    (folder / "quads" / "works" / "part-00000.nq").write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    load_store(folder / "quads", folder / "store")
    (folder / "works.jsonl").write_bytes(b"".join(jsonl.write([replace(work, concepts=weak)])))
    file = tmp_path / FILE_NAME
    with TestClient(create_site(folder, review=Review(file, "tester"))) as client:
        yield client, file


def test_page_goes_through_doubts_and_writes_verdicts(reviewing: tuple[Any, Path]) -> None:
    client, file = reviewing
    page = client.get("/review?lang=zh")
    assert "抛弃" in page.text
    assert "被美国抛弃" in page.text
    assert "尚余 1 条" in page.text
    form = {"work": "w1", "kind": "concepts", "tag": "abandonment", "verdict": "reject", "why": "旁及"}
    after = client.post("/review?lang=zh", data=form)
    assert "没有存疑的标签" in after.text
    (line,) = load(file)
    assert (line.who, line.verdict, line.surface, line.why) == ("tester", "reject", "被美国抛弃", "旁及")


def test_page_adds_a_tag_on_chosen_words(reviewing: tuple[Any, Path]) -> None:
    client, file = reviewing
    start = TEXT.index("不断强化")
    form = {
        "work": "w1",
        "verdict": "add",
        "added": "concepts/alliance-strengthening",
        "field": "abstract",
        "start": str(start),
        "end": str(start + 4),
    }
    assert client.post("/review", data=form).status_code == 200
    (line,) = load(file)
    assert (line.tag, line.surface) == ("alliance-strengthening", "不断强化")
    assert client.post("/review", data=form | {"added": "concepts/none"}).status_code == 400
    assert (
        client.post("/review", data={"work": "w1", "kind": "states", "tag": "FRA", "verdict": "accept"}).status_code
        == 400
    )


def test_page_is_for_this_machine_and_its_own_forms_only(reviewing: tuple[Any, Path]) -> None:
    client, file = reviewing
    form = {"work": "w1", "kind": "concepts", "tag": "abandonment", "verdict": "accept"}
    assert client.post("/review", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/review", data=form, headers={"Host": "elsewhere.example"}).status_code == 403
    assert not file.exists()


def test_rows_of_rules_say_how_sure_they_are() -> None:
    made = [said(tag=f"c{n}", verdict="accept" if n < 9 else "reject", rule="concept-pattern") for n in range(10)]
    made += [said(tag="x", verdict="add", field="abstract", start=0, end=2, surface="美日")]
    whole, rule = rule_rows(made)
    assert (whole.rule, whole.judged, whole.right, whole.precision, whole.added) == ("all", 10, 9, 0.9, 1)
    assert (rule.rule, rule.low, rule.high, rule.added) == ("concept-pattern", 0.596, 0.982, None)
    assert rule_rows([]) == []


def test_score_counts_what_people_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kg.cli import main

    file = tmp_path / FILE_NAME
    for number in range(3):
        append(file, said(work=f"w{number}", verdict="reject" if number else "accept", rule="concept-label", why="no"))
    assert main(["score", "--corrections", str(tmp_path), "--format", "json"]) == 0
    rows = {row["rule"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["concept-label"]["judged"], rows["concept-label"]["right"]) == (3, 1)
    assert main(["score", "--corrections", str(file), "--misses", "--format", "json"]) == 0
    assert [row["sign"] for row in json.loads(capsys.readouterr().out)] == ["+", "+"]
    assert main(["score"]) == 2
    assert "--corrections" in capsys.readouterr().err
