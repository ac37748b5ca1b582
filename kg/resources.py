"""Where the ontology and the sample lie. In: nothing. Out: their folders, in a checkout and in a wheel alike."""

from __future__ import annotations

from pathlib import Path

from kg.errors import KgError

PACKAGE = Path(__file__).resolve().parent


def ontology_dir() -> Path:
    """The folder with ``tables/``, ``patterns/``, ``akg.ttl`` and ``shapes.ttl``."""
    return _find("_ontology", "ontology")


def sample_dir() -> Path:
    """The folder with the sample's sources."""
    return _find("_sample", "data/sample")


def gold_path() -> Path:
    """The right tags of the sample's works."""
    return _find("_gold", "tests/gold") / "digests.jsonl"


def _find(packed: str, checked_out: str) -> Path:
    """The folder as the wheel packs it, else as the checkout has it."""
    for folder in (PACKAGE / packed, PACKAGE.parent / checked_out):
        if folder.is_dir():
            return folder
    raise KgError(f"{PACKAGE / packed} is not there: the installation is not whole; install alliance-kg again")
