"""The command line: help by section, speed, exit status, words and data kept apart, any locale, any encoding."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from kg.cli import COMMANDS, SECTIONS
from kg.cli import kg as root_command

Kg = Callable[..., Any]


def apart(
    *arguments: str, stdin: bytes | None = None, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    command = [sys.executable, "-m", "kg", *arguments]
    return subprocess.run(command, env=env | environment, cwd=cwd, input=stdin, capture_output=True, check=False)


# Help


def test_help_is_grouped(kg: Kg) -> None:
    run = kg("--help")
    assert run.status == 0
    lines = run.out.splitlines()
    places = [lines.index(f"{section}:") for section in SECTIONS]
    assert list(SECTIONS) == ["ask", "build", "look", "curate"]
    assert places == sorted(places)
    for name in COMMANDS:
        assert any(line.startswith(f"  {name} ") for line in lines), name


def test_help_answers_fast() -> None:
    """Under 0.4 s on an idle machine; the best of five, since tests share the machine with others."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        assert apart("--help").returncode == 0
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.4, times


def test_importing_the_package_is_fast() -> None:
    code = "import time; t = time.perf_counter(); import kg; print(time.perf_counter() - t)"
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in range(5)
    ]
    assert min(times) < 0.2, times


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_explains_itself(kg: Kg, name: str) -> None:
    command = root_command.get_command(click.Context(root_command), name)
    assert command is not None
    assert command.name == name
    assert command.help
    run = kg(name, "--help")
    assert run.status == 0
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[-1] in run.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_in_both_languages(name: str) -> None:
    entry = COMMANDS[name]
    assert entry.section in SECTIONS
    assert entry.en.isascii()
    assert any("\u4e00" <= char <= "\u9fff" for char in entry.zh)


# Mistakes


def test_an_unknown_command_suggests_a_near_one(kg: Kg) -> None:
    run = kg("fnd")
    assert (run.status, run.out) == (2, "")
    assert "find" in run.err


def test_an_unknown_name_suggests_a_near_one(kg: Kg, built: Path) -> None:
    run = kg("find", "--state", "Jpan", "-g", built)
    assert (run.status, run.out) == (2, "")
    assert "no state is called 'Jpan'. Did you mean 'Japan'?" in run.err


@pytest.mark.parametrize("command", [["find"], ["pairs"], ["query", "2"], ["view", "--pair", "US-Japan"]])
def test_a_graph_that_is_not_there_is_named(kg: Kg, tmp_path: Path, command: list[str]) -> None:
    run = kg(*command, "-g", tmp_path / "nothing")
    assert (run.status, run.out) == (2, "")
    assert "nothing" in run.err
    assert "kg build" in run.err


def test_a_source_that_is_not_there_is_named(kg: Kg, tmp_path: Path) -> None:
    run = kg("tag", tmp_path / "none.ris")
    assert (run.status, run.out) == (2, "")
    assert "none.ris" in run.err


def test_a_query_that_would_write_is_refused(kg: Kg, built: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("DELETE WHERE { ?s ?p ?o }", encoding="utf-8")
    assert kg("query", tmp_path / "q.rq", "-g", built).status == 2
    (tmp_path / "q.rq").write_text("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", encoding="utf-8")
    assert kg("query", tmp_path / "q.rq", "-g", built).status == 2


# Data and words


def test_tag_writes_json_lines_and_nothing_else(kg: Kg, sample: Path) -> None:
    run = kg("tag", sample)
    assert run.status == 0
    works = [json.loads(line) for line in run.out.split("\n") if line]
    assert len(works) == 61
    for work in works:
        fields = {"title": work["title"], "abstract": work["abstract"]}
        for kind in ("states", "alliances", "groups", "concepts"):
            for mentions in work[kind].values():
                for mention in mentions:
                    text = fields.get(mention["field"])
                    if text is not None:
                        assert text[mention["start"] : mention["end"]] == mention["surface"]


def test_tag_takes_its_own_output_for_plain_works(kg: Kg, sample: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert kg("tag", sample / "listing.txt", "-o", first).status == 0
    assert kg("tag", first, "-o", second).status == 0
    one, two = ([json.loads(line) for line in path.read_bytes().splitlines()] for path in (first, second))
    for work in (*one, *two):
        work.pop("source")
        work.pop("records")
    assert one == two


def test_tag_reads_standard_input() -> None:
    run = apart("tag", "-", stdin='{"id": "w", "abstract": "美日同盟"}'.encode())
    assert run.returncode == 0
    assert list(json.loads(run.stdout)["alliances"]) == ["JPN-USA"]


def test_tag_gives_the_same_whatever_the_number_of_processes(sample: Path) -> None:
    one, two = (apart("tag", str(sample / "works.jsonl"), "--jobs", jobs) for jobs in ("1", "2"))
    assert one.returncode == two.returncode == 0
    assert one.stdout == two.stdout
    assert len(one.stdout.splitlines()) > 50


def test_find_shows_works_with_their_evidence(kg: Kg, built: Path) -> None:
    run = kg("find", "--pair", "日美", "-g", built)
    assert run.status == 0
    assert "特朗普执政以来美日同盟的演变、矛盾及影响  [zhd-001]" in run.out
    assert "[美日同盟]" in run.out
    assert "in focus" in run.err
    assert kg("find", "--pair", "US-Japan", "-g", built).out == run.out


def test_options_of_different_kinds_narrow_and_of_one_kind_widen(kg: Kg, built: Path) -> None:
    def ids(*conditions: str) -> set[str]:
        run = kg("find", *conditions, "-g", built, "--format", "json")
        assert run.status == 0
        return {work["id"] for work in json.loads(run.out)}

    japan, korea = ids("--pair", "US-Japan"), ids("--pair", "US-Korea")
    assert ids("--pair", "US-Japan", "--pair", "US-Korea") == japan | korea
    assert ids("--pair", "US-Japan", "--state", "China") == japan & ids("--state", "China")
    assert ids("--pair", "US-Japan", "--lang", "zh") < japan


def test_years_say_how_many_undated_works_they_left_out(kg: Kg, built: Path) -> None:
    run = kg("find", "--year", "1990-2010", "-g", built, "--format", "json")
    assert all(1990 <= work["year"] <= 2010 for work in json.loads(run.out))
    assert "8 without a year were left out" in run.err
    assert kg("find", "--year", "soon", "-g", built).status == 2


def test_a_pair_counts_pacts_of_just_these_two(kg: Kg, built: Path) -> None:
    run = kg("find", "--pair", "英美", "-g", built, "--format", "json")
    assert "--wider takes" in run.err
    wider = kg("find", "--pair", "英美", "--wider", "-g", built, "--format", "json")
    assert len(json.loads(wider.out)) > len(json.loads(run.out))
    assert "--wider" not in wider.err


def test_questions_are_listed_and_answered_by_number_name_and_stem(kg: Kg, built: Path) -> None:
    listed = json.loads(kg("questions", "--format", "json").out)
    assert len(listed) >= 10
    answers = [
        kg("query", name, "--bind", "alliance=美日", "-g", built, "--format", "json").out
        for name in ("1", "works-on-pair", "01-works-on-pair")
    ]
    assert len(set(answers)) == 1
    assert json.loads(answers[0])
    both = kg("query", "1", "--bind", "alliance=美日", "--bind", "alliance=美韩", "-g", built, "--format", "json")
    assert len(json.loads(both.out)) > len(json.loads(answers[0]))


def test_a_query_of_ones_own(kg: Kg, built: Path, tmp_path: Path) -> None:
    query = tmp_path / "own.rq"
    query.write_text(
        "\ufeffSELECT (COUNT(DISTINCT ?w) AS ?n) { ?w a <https://w3id.org/alliance-kg/ns#Work> }", encoding="utf-8"
    )
    assert json.loads(kg("query", query, "-g", built, "--format", "json").out) == [{"n": 61}]
    query.write_text("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 5", encoding="utf-8")
    run = kg("query", query, "-g", built)
    import rdflib

    assert len(rdflib.Graph().parse(data=run.out, format="turtle")) == 5
    for form, parser in (("ntriples", "nt"), ("rdfxml", "xml"), ("jsonld", "json-ld")):
        out = kg("query", query, "-g", built, "--format", form).out
        assert len(rdflib.Graph().parse(data=out, format=parser)) == 5
    query.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    assert json.loads(kg("query", query, "-g", built, "--format", "json").out) == [{"answer": True}]
    assert "<boolean>true" in kg("query", query, "-g", built, "--format", "xml").out


def test_a_table_shows_names_and_the_other_forms_iris(kg: Kg, built: Path) -> None:
    assert "日美同盟" in kg("query", "pairs-by-works", "-g", built, "--lang", "zh").out
    assert "https://w3id.org/alliance-kg/id/alliance/JPN-USA" in kg("query", "2", "-g", built, "--format", "csv").out


def test_csv_files_have_a_byte_order_mark_and_guarded_cells(kg: Kg, built: Path, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    run = kg("pairs", "-g", built, "-o", path)
    assert (run.status, run.out) == (0, "")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    source = tmp_path / "evil.jsonl"
    evil = {"id": "=1+1", "title": "=HYPERLINK(1)", "abstract": "The US-Japan alliance.", "authors": ["@me", "+1"]}
    source.write_text(json.dumps(evil), encoding="utf-8")
    assert kg("build", source, "-o", tmp_path / "out", "--no-pages").status == 0
    line = (tmp_path / "out" / "pairs.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert "'=1+1" in line
    assert "'=HYPERLINK(1)" in line
    assert "'@me" in line


def test_explain_marks_text_and_says_which_rule(kg: Kg, tmp_path: Path) -> None:
    run = kg("explain", "论美日同盟。")
    assert run.status == 0
    assert "[美日同盟]" in run.out
    assert "JPN-USA" in run.out
    page = tmp_path / "page.html"
    assert kg("explain", "The US-Japan alliance <b>&", "-o", page).status == 0
    html = page.read_text(encoding="utf-8")
    assert "<mark" in html
    assert "&lt;b&gt;&amp;" in html


def test_inspect_says_what_a_file_is(kg: Kg, sample: Path) -> None:
    run = kg("inspect", *sorted(sample.iterdir()))
    assert run.status == 0
    for words in ("BibTeX", "RIS", "CSV", "JSON Lines", "pasted listing", "The Security Dilemma in Alliance Politics"):
        assert words in run.out


def test_duplicates_lists_what_was_merged(kg: Kg, sample: Path) -> None:
    rows = json.loads(kg("duplicates", sample, "--format", "json").out)
    assert len([row for row in rows if row["verdict"] == "merged"]) == 12


def test_check_finds_no_fault_in_a_graph_that_was_just_built(kg: Kg, built: Path) -> None:
    run = kg("check", "-g", built)
    assert (run.status, run.out) == (0, ""), run
    assert "no faults" in run.err


@pytest.mark.parametrize("name", ["graphml", "ris", "bibtex", "pairs-xlsx", "jsonld"])
def test_export_writes_a_graph_in_another_format(kg: Kg, built: Path, tmp_path: Path, name: str) -> None:
    assert kg("export", name, "-g", built, "-o", tmp_path / "file").status == 0
    assert (tmp_path / "file").stat().st_size > 1000
    unknown = kg("export", "nonsense", "-g", built)
    assert unknown.status == 2
    assert name in unknown.err


def test_suggest_lists_phrases_that_no_tag_explains(kg: Kg, built: Path) -> None:
    rows = json.loads(kg("suggest", "-g", built, "--least", 2, "--limit", 0, "--format", "json").out)
    assert {row["lang"] for row in rows} == {"en", "zh"}
    assert all(row["works"] >= 2 and row["phrase"] in row["sentence"].lower() for row in rows)
    assert [row["works"] for row in rows] == sorted((row["works"] for row in rows), reverse=True)


def test_synth_and_score_go_together(kg: Kg, tmp_path: Path) -> None:
    made = tmp_path / "made.jsonl"
    assert kg("synth", 20, "--seed", 3, "-o", made).status == 0
    run = kg("score", made, made, "--format", "json")
    assert run.status == 0
    figures = {(row["kind"], row["lang"]): row for row in json.loads(run.out)}
    assert figures["states", "all"]["f1"] > 0.9


def test_score_lists_each_miss_with_its_sentence(kg: Kg, gold: Path, sample: Path) -> None:
    run = kg("score", gold, sample, "--misses", "--format", "json")
    assert run.status == 0
    for miss in json.loads(run.out):
        assert miss["sign"] in "+-"
        assert miss["sentence"] or not miss["surface"]


def test_view_writes_a_page(kg: Kg, built: Path, tmp_path: Path) -> None:
    run = kg("view", "--pair", "美日", "-g", built, "-o", tmp_path / "view.html")
    assert run.status == 0
    assert "日美同盟" in (tmp_path / "view.html").read_text(encoding="utf-8")


def test_demo_answers_three_questions(kg: Kg, tmp_path: Path) -> None:
    run = kg("demo", "-o", tmp_path / "out")
    assert run.status == 0
    assert "哪些文献讨论日美同盟" in run.out
    assert str(tmp_path / "out" / "index.html") in run.out
    assert (tmp_path / "out" / "index.html").exists()


@pytest.mark.skipif(os.name == "nt", reason="the server's workers are POSIX only")
def test_serve_gives_pages_files_and_answers(built: Path) -> None:
    import httpx

    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "-g", str(built)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as server:
        try:
            assert server.stderr is not None
            address = server.stderr.readline().decode().split()[0]
            assert address.startswith("http://127.0.0.1:")
            assert "日美同盟" in httpx.get(f"{address}zh/alliance/JPN-USA.html").text
            assert httpx.get(f"{address}pairs.csv").headers["content-type"].startswith("text/csv")
            assert httpx.get(address).status_code == 200
            for hidden in ("store/CURRENT", ".kg-manifest.json", "%2E%2E%2Foutput%2Freport.json", "nothing"):
                assert httpx.get(f"{address}{hidden}").status_code == 404
            asked = httpx.get(
                f"{address}sparql", params={"query": "ASK { ?s ?p ?o }"}, headers={"Accept": "application/json"}
            )
            assert asked.json()["boolean"] is True
        finally:
            server.terminate()
        assert server.wait(20) in {0, -15, 143}


# Any locale, any encoding


ONE_WORK = '{"id": "w", "title": "同盟 \U0001f91d © — ſ", "abstract": "美日同盟"}\n'


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build of `ONE_WORK` writes where everything is UTF-8."""
    folder = tmp_path_factory.mktemp("reference")
    (folder / "w.jsonl").write_text(ONE_WORK, encoding="utf-8")
    assert apart("build", "w.jsonl", "-o", "out", cwd=folder, PYTHONUTF8="1").returncode == 0
    return folder / "out"


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "gbk"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
    ids=lambda environment: " ".join(f"{name}={value}" for name, value in environment.items()),
)
def test_works_in_any_locale(environment: dict[str, str], built: Path, reference: Path, tmp_path: Path) -> None:
    """Chinese arguments are understood, what cannot be shown is replaced, JSON loses nothing, files are the same."""
    shown = apart("find", "--pair", "美日", "-g", str(built), **environment)
    assert shown.returncode == 0, shown.stderr
    assert b"zhd-001" in shown.stdout
    source = tmp_path / "w.jsonl"
    source.write_text(ONE_WORK, encoding="utf-8")
    tagged = apart("tag", str(source), **environment)
    assert tagged.returncode == 0, tagged.stderr
    assert json.loads(tagged.stdout)["title"] == "同盟 \U0001f91d © — ſ"
    assert apart("build", str(source), "-o", str(tmp_path / "out"), **environment).returncode == 0
    for name in ("pairs.csv", "index.html", "en/index.html", "zh/index.html", "works.jsonl", "network/graph.graphml"):
        assert (tmp_path / "out" / name).read_bytes() == (reference / name).read_bytes(), name


def test_a_reader_that_has_seen_enough_is_no_fault(built: Path) -> None:
    command = f'"{sys.executable}" -m kg query 31 --bind work=zhd-001 -g "{built}" | head -1'
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)
    assert run.returncode == 0
    assert run.stderr.count(b"Traceback") == 0


def test_no_control_characters_reach_the_terminal(kg: Kg, tmp_path: Path) -> None:
    source = tmp_path / "w.jsonl"
    line = {"id": "w", "title": "\x1b[31mred\x07", "abstract": "The US-Japan \x1b[0malliance is old."}
    source.write_text(json.dumps(line), encoding="utf-8")
    assert kg("build", source, "-o", tmp_path / "out", "--no-pages").status == 0
    run = kg("find", "--pair", "美日", "-g", tmp_path / "out")
    assert "\x1b" not in run.out + run.err
    assert "\x1b" not in kg("explain", source).out
