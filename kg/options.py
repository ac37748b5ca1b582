"""How to build. In: what a person asks for. Out: a frozen value that every stage reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to build.

    Parameters
    ----------
    overlay, vocabularies, vocabulary_mode
        A user's own ontology, see `kg.authority.load`.
    columns : str or None
        Which columns of a table hold what, ``title=题名,abstract=摘要``.
    collection : str or None
        Of a Zotero library, only this collection and those in it.
    keep_all : bool
        Keep works that are on no alliance, concept or group, however many works there are.
    pages : bool
        Write HTML.
    base : str or None
        Where the graph's own IRIs begin.
    force : bool
        Build even where nothing has changed.
    jobs : int
        Processes that read and tag; 0 for as many as fit the machine where there is much to do.
    min_confidence : float
        Mentions that are less sure are left out.
    engine : str
        ``local``, or ``spark`` for a cluster (`kg.engines.spark`).
    """

    overlay: Path | None = None
    vocabularies: tuple[Path, ...] = ()
    vocabulary_mode: str = "add"
    columns: str | None = None
    collection: str | None = None
    keep_all: bool = False
    pages: bool = True
    base: str | None = None
    force: bool = False
    jobs: int = 1
    min_confidence: float = 0.0
    engine: str = "local"
