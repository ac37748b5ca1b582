"""The set-up script: ready only when all was installed from the requirements of now, mends what broke off."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def setup(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, for a project in a folder with a blank in its name, where `import kg` works."""
    spec = importlib.util.spec_from_file_location("kg_setup", root / ".ci" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    project = tmp_path / "a place"
    for name in ("pyproject.toml", "requirements/constraints.txt"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, project / name)
    (project / "kg.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", project)
    monkeypatch.setattr(module, "VENV", project / ".venv")
    monkeypatch.setattr(module, "PYTHON", project / ".venv" / "bin" / "python")
    # An environment with pip takes seconds to make; that pip comes with it is Python's affair.
    make, answers = module.venv.create, module.answers
    monkeypatch.setattr(module.venv, "create", lambda folder, with_pip: make(folder, with_pip=False))
    monkeypatch.setattr(module, "answers", lambda asked: answers(["-c", "pass"] if "pip" in asked else asked))
    return module


@pytest.fixture
def installed(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What pip was asked for; nothing is installed."""
    asked: list[str] = []
    real = subprocess.run

    def run(command: list[str], **options: object) -> object:
        if "install" in command:
            asked.append(command[-1])
            return subprocess.CompletedProcess(command, 0)
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(setup.subprocess, "run", run)
    monkeypatch.setattr(setup, "install_browser", lambda: None)
    return asked


def test_nothing_is_done_twice(setup: ModuleType, installed: list[str]) -> None:
    assert setup.main("") == 0
    assert setup.main("") == 0
    assert installed == ["."]
    assert setup.main("test") == 0
    assert setup.main("test") == 0
    assert installed == [".", ".[test]"]


def test_what_the_tests_need_is_enough_to_run(setup: ModuleType, installed: list[str]) -> None:
    assert setup.main("test") == 0
    assert setup.main("") == 0
    assert installed == [".[test]"]


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements/constraints.txt"])
def test_new_requirements_are_installed(setup: ModuleType, installed: list[str], changed: str) -> None:
    assert setup.main("") == 0
    with (setup.ROOT / changed).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert setup.main("") == 0
    assert installed == [".", "."]


def test_a_set_up_that_broke_off_goes_on(setup: ModuleType, installed: list[str]) -> None:
    assert setup.main("") == 0
    setup.stamp("").unlink()
    assert setup.main("") == 0
    assert installed == [".", "."]


def test_an_environment_whose_python_does_not_answer_is_made_again(setup: ModuleType, installed: list[str]) -> None:
    setup.PYTHON.parent.mkdir(parents=True)
    setup.PYTHON.write_text("half", encoding="utf-8")
    (setup.VENV / "left over").write_text("", encoding="utf-8")
    assert setup.main("") == 0
    assert not (setup.VENV / "left over").exists()
    assert setup.answers(["-c", "pass"])
    assert installed == ["."]


def test_a_failure_says_that_the_same_command_goes_on(
    setup: ModuleType, installed: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(group: str) -> None:
        raise subprocess.CalledProcessError(1, ["pip"])

    monkeypatch.setattr(setup, "install", fail)
    assert setup.main("") == 2
    assert "goes on from here" in capsys.readouterr().err
    assert not setup.is_ready("")
