"""Both READMEs hold: tables as the registries have them, answers as the commands give them, code that runs."""

from __future__ import annotations

import doctest
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ["README.md", "README.zh-CN.md"]


@pytest.fixture(scope="module")
def readme() -> ModuleType:
    """The script that writes what a README takes from the program."""
    spec = importlib.util.spec_from_file_location("readme", ROOT / "tests" / "tools" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(readme: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands are run."""
    place: Path = tmp_path_factory.mktemp("readme")
    readme.prepare(place)
    return place


@pytest.mark.parametrize("name", FILES)
def test_tables_and_answers_are_not_behind(readme: ModuleType, folder: Path, name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    made = readme.filled(text, readme.FILES[name], folder)
    behind = [line for line in made.splitlines() if line not in text.splitlines()]
    assert made == text, f"{name} is behind the program (make readme): {behind[:5]}"


@pytest.mark.parametrize("name", FILES)
def test_code_runs(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    blocks = re.findall(
        r"^```pycon\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    assert len(blocks) >= 2
    for number, block in enumerate(blocks):
        test = doctest.DocTestParser().get_doctest(block, {}, f"{name} {number}", name, 0)
        assert doctest.DocTestRunner().run(test).failed == 0
        assert test.examples


def test_both_languages_say_the_same() -> None:
    """The same headings, tables and blocks; only the words differ."""

    def outline(name: str) -> list[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        marks = re.findall(r"^(##?#?) |^```(\w+)$|<!-- table: (\w+) -->", text, re.MULTILINE)
        return ["".join(mark) for mark in marks]

    assert outline(FILES[0]) == outline(FILES[1])


def test_links_lead_somewhere() -> None:
    for name in FILES:
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_the_first_screen_has_a_question_an_answer_a_picture_and_three_commands() -> None:
    for name in FILES:
        screen = "\n".join((ROOT / name).read_text(encoding="utf-8").splitlines()[:36])
        assert "```console\n$ kg find" in screen
        assert "docs/sample.svg" in screen
        commands = re.search(r"```sh\n(.*?)```", screen, flags=re.DOTALL)
        assert commands is not None
        assert len(commands[1].strip().splitlines()) == 3


def test_the_picture_is_that_of_the_sample() -> None:
    spec = importlib.util.spec_from_file_location("picture", ROOT / "tests" / "tools" / "readme_picture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.picture() == (ROOT / "docs" / "sample.svg").read_text(encoding="utf-8"), "make readme"
    assert (ROOT / "docs" / "sample.svg").stat().st_size < 100_000
