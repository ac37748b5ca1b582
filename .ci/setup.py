"""Set up .venv. In: `setup.py` (to run kg) or `setup.py test` (to test it). Out: a .venv with a stamp, written last.

Only the standard library is used. A stamp names what was installed; where it is missing or says something else
(new dependencies, a moved folder, a set-up that broke off), the environment is completed, or made again if its
Python does not answer.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = "requirements/constraints.txt"


def stamp_text(group: str) -> str:
    """What an environment for `group` is made of: the folder, this Python, the project's requirements."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", CONSTRAINTS):
        digest.update((ROOT / name).read_bytes())
    version = ".".join(str(part) for part in sys.version_info[:3])
    return f"{group}\n{version}\n{digest.hexdigest()}\n{ROOT}\n"


def stamp(group: str) -> Path:
    """The file that says that `group` is installed."""
    return VENV / f"stamp-{group or 'run'}"


def is_ready(group: str) -> bool:
    """Whether `group`, or more, was installed whole, from the requirements of now, in this folder."""
    stamps = {stamp(name): stamp_text(name) for name in {group, "test"}}
    whole = any(path.is_file() and path.read_text(encoding="utf-8") == text for path, text in stamps.items())
    return whole and answers(["-c", "import kg"])


def answers(arguments: list[str]) -> bool:
    """Whether the environment's Python runs `arguments` without an error."""
    try:
        done = subprocess.run([str(PYTHON), *arguments], cwd=ROOT, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make_venv() -> None:
    """Make .venv where there is none that works."""
    if PYTHON.exists() and answers(["-m", "pip", "--version"]):
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    print("making .venv", file=sys.stderr, flush=True)
    venv.create(VENV, with_pip=True)


def install(group: str) -> None:
    """Install the project and what `group` needs, then write the stamp."""
    what = f".[{group}]" if group else "."
    print(f"installing alliance-kg{what[1:]} into .venv (once; some minutes)", file=sys.stderr, flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", CONSTRAINTS, "--editable", what], cwd=ROOT, check=True)
    stamp(group).write_text(stamp_text(group), encoding="utf-8")


def install_browser() -> None:
    """Install Debian's Chromium and fonts where that is allowed; the browser tests say what is missing elsewhere."""
    if shutil.which("chromium") or not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    print("installing Debian's chromium for the browser tests", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["chromium", "fonts-noto-cjk", "fonts-dejavu-core"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        if subprocess.run(["apt-get", *command], env=environment, stdout=sys.stderr, check=False).returncode:
            print("chromium could not be installed: the browser tests will be skipped", file=sys.stderr)
            return


def main(group: str) -> int:
    """Make the environment ready; 0 where it is."""
    if sys.version_info < (3, 11):  # noqa: UP036 - make calls this with whatever python3 is
        print("alliance-kg needs Python 3.11 or later: make PYTHON=python3.11 …", file=sys.stderr)
        return 2
    if not is_ready(group):
        try:
            make_venv()
            install(group)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"set-up failed: {error}\nRun the same command again: it goes on from here.", file=sys.stderr)
            return 2
    if group == "test":
        install_browser()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
