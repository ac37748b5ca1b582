"""What tests share: where things lie, small works, the sample tagged once. In: a checkout. Out: fixtures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.model import Mention, TaggedWork, Text, Work, WorkId

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """A file or folder of ``../shared``, which lies beside some checkouts; the test is skipped where it does not."""

    def find(name: str) -> Path:
        path = ROOT.parent / "shared" / name
        if not path.exists():
            pytest.skip(f"../shared/{name} is not there")
        return path

    return find


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of the sample."""
    return ROOT / "data" / "sample"


@pytest.fixture(scope="session")
def gold() -> Path:
    """The right tags of the sample."""
    return ROOT / "tests" / "gold" / "digests.jsonl"


@pytest.fixture(scope="session")
def tagged_work() -> Callable[..., TaggedWork]:
    """Make a tagged work by hand: ``tagged_work("w1", "zh-Hans", abstract="…", alliances={"JPN-USA": ["美日同盟"]})``.

    Surfaces are looked up in the abstract, else in the title; each mention has the rule `rule`.
    """

    def make(
        id: str = "w1",
        lang: str = "en",
        title: str | None = None,
        abstract: str | None = None,
        *,
        rule: str = "state-name",
        focus: tuple[str, ...] = (),
        authors: tuple[str, ...] = (),
        journal: str | None = None,
        year: int | None = None,
        **tags: dict[str, list[str]],
    ) -> TaggedWork:
        def mentions(surfaces: list[str]) -> tuple[Mention, ...]:
            found = []
            for surface in surfaces:
                field, text = ("abstract", abstract) if abstract and surface in abstract else ("title", title)
                assert text is not None
                start = text.index(surface)
                found.append(Mention(field, start, start + len(surface), surface, rule, 0.9))
            return tuple(sorted(found))

        kinds = {
            kind: {tag: mentions(tags.get(kind, {})[tag]) for tag in sorted(tags.get(kind, {}))}
            for kind in ("states", "alliances", "groups", "concepts")
        }
        work = Work(id=WorkId(id), texts=(Text(lang, title, abstract),), authors=authors, journal=journal, year=year)
        evidence = {tag: kinds["alliances"][tag] for tag in focus}
        return TaggedWork(work=work, **kinds, focus=tuple(sorted(focus)), focus_evidence=evidence)

    return make


@pytest.fixture(scope="session")
def built(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the sample, built once; tests read it only."""
    from kg import pipeline

    folder = tmp_path_factory.mktemp("built") / "output"
    pipeline.build([sample], folder)
    return folder


class Run:
    """What a command did: its exit status, what it printed, what it said."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.out = out
        self.err = err

    def __repr__(self) -> str:
        return f"Run(status={self.status}, out={self.out[:500]!r}, err={self.err[:500]!r})"


@pytest.fixture
def kg(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run the command line in this process: ``kg("find", "--pair", "美日", "-g", folder)``."""
    from kg.cli import main

    monkeypatch.setenv("KG_TRACEBACK", "1")

    def run(*arguments: object) -> Run:
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Run(status, out, err)

    return run
