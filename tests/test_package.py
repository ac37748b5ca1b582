"""The package: a wheel that works from any folder, with the ontology and the sample in it; set-up that mends itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("package")


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that has the wheel, and the libraries of this one."""
    folder = tmp_path_factory.mktemp("a place") / "env"
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    site = Path(
        subprocess.run(
            [python, "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, check=True, text=True
        ).stdout.strip()
    )
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    (site / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return scripts


def apart(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed Python from the root of the file system."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(installed / Path(sys.executable).name), *arguments]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, encoding="utf-8", check=False)


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command."""
    return apart(installed, "-m", "kg", *arguments)


def test_the_wheel_has_what_the_program_reads(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, packed in (("ontology", "kg/_ontology"), ("data/sample", "kg/_sample"), ("kg/queries", "kg/queries")):
        for path in (root / folder).rglob("*"):
            if path.is_file():
                assert f"{packed}/{path.relative_to(root / folder).as_posix()}" in names
    for path in (root / "kg").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and "vendor" not in path.parts:
            assert path.relative_to(root).as_posix() in names
    assert "kg/_gold/digests.jsonl" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "output/"))]


def test_an_installed_wheel_works_from_anywhere(installed: Path, tmp_path: Path) -> None:
    where = apart(installed, "-c", "import kg; print(kg.__file__)")
    assert installed.parent in Path(where.stdout.strip()).parents
    assert run(installed, "--help").returncode == 0
    demo = run(installed, "demo", "-o", str(tmp_path / "out"))
    assert demo.returncode == 0, demo.stderr
    assert (tmp_path / "out" / "index.html").exists()
    find = run(installed, "find", "--pair", "美日", "-g", str(tmp_path / "out"), "--format", "json")
    assert "zhd-001" in {work["id"] for work in json.loads(find.stdout)}
    assert run(installed, "ontology", "-o", str(tmp_path / "all.ttl")).returncode == 0
    assert run(installed, "synth", "2").returncode == 0


def test_every_library_is_pinned_and_no_address_is_named(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (root / "requirements" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", line) for line in lines)

    def plain(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", name)[0]).lower()

    pinned = {plain(line) for line in lines}
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert [name for name in wanted if plain(name) not in pinned] == []
    assert [name for name in wanted if ">=" not in name] == []


def test_the_version_is_said_once(root: Path, wheel: Path) -> None:
    from kg import __version__

    assert wheel.name.startswith(f"alliance_kg-{__version__}-py3-none-any")
    assert f"version: {__version__}" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_output_folder_is_tracked_as_a_note_only(root: Path) -> None:
    if not (root / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(
        ["git", "ls-files", "output"], cwd=root, capture_output=True, check=True, text=True
    ).stdout.split()
    assert listed == ["output/README.md"]


def test_plain_wheel_has_no_bundle(wheel: Path) -> None:
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if "vendor" in name]


def test_sources_of_the_editor_name_no_registry(root: Path) -> None:
    lock = (root / "editor" / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock
    assert all("integrity" in one for name, one in json.loads(lock)["packages"].items() if name)
