"""Which works discuss what? In: an index, names and years. Out: works with their evidence, and counts.

Conditions of different kinds must all hold; of several values of one kind, one is enough. Names are taken in any
language, script and order (`kg.names`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.find.conditions import Search, wider_alliances
from kg.find.values import FACETS, Answer, Evidence, Found, Names, PairCount, Sort
from kg.find.years import read_years
from kg.search import Index, open_index

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.store import LocalStore

__all__ = [
    "FACETS",
    "Answer",
    "Evidence",
    "Found",
    "PairCount",
    "Sort",
    "find",
    "pairs",
    "read_years",
    "wider_alliances",
]


def find(
    place: Path | str | LocalStore | Index,
    *,
    pair: Names = None,
    state: Names = None,
    concept: Names = None,
    group: Names = None,
    focus: bool = False,
    year: Names = None,
    lang: Names = None,
    author: Names = None,
    journal: Names = None,
    text: str | None = None,
    wider: bool = False,
    narrower: bool = True,
    sort: Sort = "relevance",
    limit: int | None = 50,
    offset: int = 0,
    facets: bool = False,
    authority: Authority | None = None,
) -> Answer:
    """Find works.

    Parameters
    ----------
    place : Path, LocalStore or Index
        Folder that a build wrote, its store, or an index that is open.
    pair : str or sequence of str
        An alliance by any name: a pair, a coalition or a pact.
    state, concept, group : str or sequence of str
        Names or ids.
    focus : bool
        Only works that are about an asked alliance; about any, where none is asked for.
    year : str or sequence of str
        ``1990``, ``1990-2010``, ``1990-``, ``-1950``.
    lang : str or sequence of str
        ``en``, ``zh`` (both scripts), ``zh-Hant`` …
    author, journal : str or sequence of str
        A name in any case and order, or a part of it.
    text : str
        Words of title or abstract; all must be there, what stands in quotes in one piece.
    wider : bool
        For a pair, also works on alliances of three and more with both states in them; for a pact, also works on
        pairs of its members.
    narrower : bool
        Also concepts below the asked ones.
    sort : str
        ``relevance``: by text where there is one, else works in focus first, then the newest; ``year``: the newest.
        Undated works stand last.
    limit, offset : int
        The page; no limit where `limit` is None.
    facets : bool
        Also count the works by everything that they are tagged with.

    Raises
    ------
    UnknownName
        No table has a name; the nearest ones are suggested.
    KgError
        A year or a text cannot be read.
    StoreError
        There is no index.

    Notes
    -----
    Sets of works are masks over columns of numbers; only the page that is shown is read from SQLite: some milliseconds,
    counts included, among 20,000 works.
    """
    index = place if isinstance(place, Index) else open_index(_folder(place))
    try:
        return Search(index, authority).run(
            given={
                "pair": _listed(pair),
                "state": _listed(state),
                "concept": _listed(concept),
                "group": _listed(group),
                "year": _listed(year),
                "lang": _listed(lang),
                "author": _listed(author),
                "journal": _listed(journal),
            },
            text=text,
            focus=focus,
            wider=wider,
            narrower=narrower,
            sort=sort,
            page=(-1 if limit is None else limit, offset),
            with_facets=facets,
        )
    finally:
        if index is not place:
            index.close()


def pairs(
    place: Path | str | LocalStore | Index, *, authority: Authority | None = None, only_pairs: bool = True
) -> list[PairCount]:
    """Each alliance pair with its works, the most discussed first.

    Parameters
    ----------
    only_pairs : bool
        False takes in pacts and coalitions of three and more.
    """
    if authority is None:
        from kg.authority import load

        authority = load()
    index = place if isinstance(place, Index) else open_index(_folder(place))
    try:
        rows = sorted(
            ((tag, *index.columns.profile(t)) for t, tag in index.of_kind("alliances")),
            key=lambda row: (-row[1], row[0]),
        )
    finally:
        if index is not place:
            index.close()
    counts = []
    for tag, works, focus, first, last, undated in rows:
        parties = len(authority.parties(tag))
        sort = "pact" if tag in authority.alliances else "pair" if parties == 2 else "coalition"
        if only_pairs and sort != "pair":
            continue
        en, zh = (authority.label(tag, lang) if authority.find(tag) or parties else tag for lang in ("en", "zh-Hans"))
        counts.append(PairCount(tag, sort, en, zh, works, focus, works - focus, first, last, undated))
    return counts


def _listed(names: Names) -> list[str]:
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def _folder(place: Path | str | LocalStore) -> Path:
    if isinstance(place, str | Path):
        folder = Path(place)
    else:
        folder = Path(place.place)
    return folder.parent if folder.name == "store" and not (folder / "works.jsonl").exists() else folder
