"""The editor of release wheels: built by the hook, in a wheel, in a browser under the strict policy.

npm fetches what the lock file names; where it cannot, these tests are skipped. Plain wheels are tested in `test_package.py`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(os.name == "nt", reason="query workers are POSIX only"),
]

Open = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release wheel, unpacked."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not there to fetch what the editor is made of")
    folder = tmp_path_factory.mktemp("release")
    for name in ("kg", "ontology", "editor", "data/sample", "tests/gold"):
        shutil.copytree(ROOT / name, folder / "src" / name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    for path in ROOT.glob("*"):
        if path.is_file():
            shutil.copy(path, folder / "src")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(
        command, cwd=folder / "src", env=os.environ | {"ALLIANCE_KG_BUNDLE": "1"}, capture_output=True, text=True
    )
    if "npm" in done.stderr and re.search(r"E(NOTFOUND|AI_AGAIN|CONN\w+|TIMEDOUT)", done.stderr):
        pytest.skip("npm could not fetch what the editor is made of")
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def server(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`kg serve` of that wheel for the sample."""
    out = tmp_path_factory.mktemp("out") / "graph"
    environment = os.environ | {"PYTHONPATH": str(release)}
    kg = [sys.executable, "-m", "kg"]
    subprocess.run([*kg, "build", str(ROOT / "data" / "sample"), "-o", str(out)], env=environment, cwd="/", check=True)
    process = subprocess.Popen(
        [*kg, "serve", "-g", str(out), "--port", "0"], env=environment, cwd="/", stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        yield process.stderr.readline().split()[0].rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_the_wheel_carries_the_editor_and_its_licences(release: Path) -> None:
    vendor = release / "kg" / "static" / "vendor"
    assert (vendor / "editor.js").stat().st_size > 100_000
    said = (vendor / "THIRD_PARTY.txt").read_text(encoding="utf-8")
    assert "@codemirror/view" in said
    assert "Permission is hereby granted" in said
    assert "esbuild" not in said


@pytest.mark.parametrize("width", [1280, 400])
def test_editor_colours_completes_and_runs(open_page: Open, server: str, width: int) -> None:
    page = open_page(f"{server}/sparql?lang=zh", width=width)
    editor = page.locator(".editor .cm-content")
    editor.wait_for()
    assert not page.locator("#query").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    keyword = page.locator(".editor .cm-line span", has_text="SELECT").first
    plain = page.evaluate("getComputedStyle(document.body).color")
    assert keyword.evaluate("e => getComputedStyle(e).color") != plain
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK { ?work ?p rmtm")
    offer = page.locator(".editor .cm-tooltip-autocomplete li").first
    offer.wait_for()
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('#query').value.includes('<https://w3id.org/alliance-kg/id/alliance/JPN-USA>')"
    )
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?work WHERE { ?work a <https://w3id.org/alliance-kg/ns#Work> } LIMIT 3")
    page.keyboard.press("Control+Enter")
    page.locator("[data-results] table").wait_for()
    assert page.locator("[data-results] tbody tr").count() == 3
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.editor')") is False
