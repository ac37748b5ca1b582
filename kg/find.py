"""Which works discuss what? In: an index, names and years. Out: works with their evidence, and counts.

Conditions of different kinds must all hold; of several values of one kind, one is enough. Names are taken in any
language, script and order (`kg.names`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from kg.errors import KgError
from kg.rdf.alliances import tag_of
from kg.rdf.works import name_key, person_key
from kg.search import Index, match_of, open_index

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.store import LocalStore

Sort = Literal["relevance", "year"]
Names = str | Sequence[str] | None

FACETS: Final = ("alliances", "states", "concepts", "groups", "authors", "journals", "langs", "decades")
_YEARS: Final = re.compile(r"\s*(-?\d{1,4})?\s*(?:(-|–|—|~|至|到)\s*(\d{1,4})?)?\s*年?\s*")
_MOST_EVIDENCE: Final = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that supports a tag.

    Parameters
    ----------
    tag, kind : str
        What it supports; kind is ``alliances`` ``states`` ``concepts`` ``groups``.
    sentence : str
        To the letter.
    field : str
    start, end : int
        Half-open offsets of the words in the field; `sentence_start` is where the sentence begins in it.
    surface, rule : str
    confidence : float
    """

    tag: str
    kind: str
    sentence: str
    field: str
    sentence_start: int
    start: int
    end: int
    surface: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """A work that was found.

    Parameters
    ----------
    id : str
    title : str
        The title, else the stand-in in 〔 〕 (then `is_untitled`).
    year : int or None
    authors : tuple of str
    journal : str or None
    lang : str
    in_focus : tuple of str
        The asked alliances that the work is about; all that it is about where none was asked for.
    evidence : tuple of Evidence
        At most a few, the surest first; one at least for each asked thing.
    """

    id: str
    title: str
    is_untitled: bool
    year: int | None
    authors: tuple[str, ...]
    journal: str | None
    lang: str
    in_focus: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search gives.

    Parameters
    ----------
    works : list of Found
        One page of them.
    n_works : int
        How many there are in all.
    n_in_focus : int
        Those that are about an asked alliance (about any, where none was asked for).
    n_undated : int
        Works that the condition on years left out because they have no year.
    n_wider : int
        Works left out because only a wider alliance with both states in it is discussed.
    wider : tuple of str
        Ids of those alliances.
    asked : mapping of kind to ids
        What the names were taken for.
    facets : mapping of kind to (id, label or None, works)
        The commonest first; empty where none were asked for.
    """

    works: list[Found]
    n_works: int
    n_in_focus: int = 0
    n_undated: int = 0
    n_wider: int = 0
    wider: tuple[str, ...] = ()
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: Mapping[str, list[tuple[str, str | None, int]]] = field(default_factory=dict)

    def __iter__(self) -> Any:
        return iter(self.works)

    def __len__(self) -> int:
        return len(self.works)


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
    One statement of SQLite for all conditions: some milliseconds for hundreds of works.
    """
    index = place if isinstance(place, Index) else open_index(_folder(place))
    try:
        return _Search(index, authority).run(
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


def read_years(written: str) -> tuple[int | None, int | None]:
    """First and last year, both included; None for an open end.

    >>> read_years("1990-2010"), read_years("1990-"), read_years("-1950"), read_years("1999")
    ((1990, 2010), (1990, None), (None, 1950), (1999, 1999))
    """
    bare = written.strip()
    if re.fullmatch(r"[-–—~]\d{1,4}", bare):
        return None, int(bare[1:])
    match = _YEARS.fullmatch(bare)
    if match is None or not bare or (match.group(1) is None and match.group(3) is None):
        raise KgError(f"'{written}' is no year or span of years; write 1990, 1990-2010, 1990- or -1950")
    first = int(match.group(1)) if match.group(1) else None
    if match.group(2) is None:
        return first, first
    last = int(match.group(3)) if match.group(3) else None
    if first is not None and last is not None and first > last:
        first, last = last, first
    return first, last


def wider_alliances(authority: Authority, ids: Iterable[str], pair: str) -> tuple[str, ...]:
    """Of some alliances, those of three and more with both states of a pair in them; sorted.

    Parameters
    ----------
    ids : iterable of str
        Ids of coalitions and pacts to choose from.
    """
    both = set(authority.parties(pair))
    chosen = []
    for id in ids:
        row = authority.alliances.get(id)
        if id == pair or (row is not None and row.pair is not None):
            continue
        members = {tag_of(authority, state) for state in authority.members(id)}
        if len(members) > 2 and both <= members:
            chosen.append(id)
    return tuple(sorted(chosen))


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


class _Search:
    """One search: conditions as sets of works in SQL."""

    def __init__(self, index: Index, authority: Authority | None) -> None:
        if authority is None:
            from kg.authority import load

            authority = load()
        self.index = index
        self.authority = authority
        self.conditions: list[tuple[str, list[Any]]] = []
        self.asked: dict[str, tuple[str, ...]] = {}
        self.wanted: dict[str, tuple[str, ...]] = {}

    def run(
        self,
        given: Mapping[str, list[str]],
        text: str | None,
        focus: bool,
        wider: bool,
        narrower: bool,
        sort: Sort,
        page: tuple[int, int],
        with_facets: bool,
    ) -> Answer:
        """All conditions, then the page, its evidence, and the counts."""
        narrow, wide = self._alliances(given["pair"], wider)
        self._tagged("states", [self._state(name) for name in given["state"]])
        self._tagged("concepts", self._concepts(given["concept"], narrower))
        self._tagged("groups", [_resolve("group", name, self.authority) for name in given["group"]])
        self._named("authors", given["author"], person_key)
        self._named("journals", given["journal"], name_key)
        self._langs(given["lang"])
        match = None
        if text is not None and text.strip():
            match = match_of(text)
            if not match:
                raise KgError(f"'{text}' has no word or character to look for")
            self.conditions.append(("SELECT rowid FROM texts WHERE texts MATCH ?", [match]))
        years = _year_condition(given["year"])
        if given["pair"] or focus:
            self._discusses(narrow if given["pair"] else None, focus)
        hits = self._intersection(years)
        n_wider = 0
        if wide and not wider:
            ours = self.conditions.pop()
            self._discusses(wide, focus)
            n_wider = self._count(*self._intersection(years), minus=hits)
            self.conditions[-1] = ours
        n_undated = 0
        if years:
            n_undated = self._count(*self._intersection([("SELECT n FROM works WHERE year IS NULL", [])]))
        works = self._page(hits, narrow if given["pair"] else None, match, sort, page)
        total = self._count(*hits)
        return Answer(
            works=works,
            n_works=total,
            n_in_focus=self._n_in_focus(hits, narrow if given["pair"] else None),
            n_undated=n_undated,
            n_wider=n_wider,
            wider=wide if not wider else (),
            asked=self.asked,
            facets=self._facets(hits) if with_facets else {},
        )

    # Conditions

    def _alliances(self, names: list[str], wider: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids that count, and those that would count were wider ones taken in."""
        ids: list[str] = []
        wide: list[str] = []
        known = [tag for (tag,) in self.index.rows("SELECT tag FROM things WHERE kind = 'alliances'")]
        resolved = [_resolve("alliance", name, self.authority) for name in names]
        for id in resolved:
            ids += [id, *self.authority.pacts_of(id)]
            if len(self.authority.parties(id)) == 2:
                wide += wider_alliances(self.authority, known, id)
            elif wider:
                wide += self._pairs_of(id, known)
        others = tuple(id for id in dict.fromkeys(wide) if id not in ids)
        counted = tuple(dict.fromkeys(ids)) + (others if wider else ())
        if names:
            self.asked["alliances"] = tuple(dict.fromkeys(resolved))
            self.wanted["alliances"] = counted
        return counted, others

    def _pairs_of(self, alliance: str, known: list[str]) -> list[str]:
        members = {tag_of(self.authority, state) for state in self.authority.members(alliance)}
        parties = {id: self.authority.parties(id) for id in known}
        return [id for id, states in parties.items() if len(states) == 2 and set(states) <= members]

    def _state(self, name: str) -> str:
        return tag_of(self.authority, _resolve("state", name, self.authority))

    def _concepts(self, names: list[str], narrower: bool) -> list[str]:
        found: dict[str, None] = {}
        for name in names:
            level = [_resolve("concept", name, self.authority)]
            while level:
                found.update(dict.fromkeys(level))
                level = [low for id in level for low in self.authority.narrower(id) if low not in found]
                if not narrower:
                    break
        return list(found)

    def _tagged(self, kind: str, ids: list[str]) -> None:
        if ids:
            self.asked[kind] = self.wanted[kind] = tuple(dict.fromkeys(ids))
            numbers = self._numbers(kind, ids)
            self.conditions.append((f"SELECT DISTINCT n FROM tags WHERE t IN ({_marks(numbers)})", numbers))

    def _discusses(self, ids: Sequence[str] | None, focus: bool) -> None:
        """Works on some alliances, or (None) on any."""
        if ids is None:
            chosen, values = "SELECT t FROM things WHERE kind = 'alliances'", []
        else:
            values = self._numbers("alliances", ids)
            chosen = _marks(values)
        about = " AND focus" if focus else ""
        self.conditions.append((f"SELECT DISTINCT n FROM tags WHERE t IN ({chosen}){about}", values))

    def _named(self, kind: str, names: list[str], key: Any) -> None:
        if not names:
            return
        clauses, values = [], []
        for name in names:
            clauses.append("instr('-' || tag || '-', ?)" if key(name).isascii() else "instr(tag, ?)")
            values.append(f"-{key(name)}-" if key(name).isascii() else key(name))
        sql = (
            f"SELECT DISTINCT n FROM tags WHERE t IN (SELECT t FROM things WHERE kind = ? AND ({' OR '.join(clauses)}))"
        )
        self.conditions.append((sql, [kind, *values]))

    def _langs(self, langs: list[str]) -> None:
        if not langs:
            return
        clauses, values = [], []
        for lang in langs:
            clauses.append("lower(lang) = ? OR lower(lang) LIKE ?")
            values += [lang.lower(), lang.lower() + "-%"]
        self.conditions.append((f"SELECT n FROM works WHERE {' OR '.join(clauses)}", values))

    def _numbers(self, kind: str, ids: Iterable[str]) -> list[Any]:
        return [number for id in dict.fromkeys(ids) if (number := self.index.thing(kind, id)) is not None]

    def _intersection(self, more: list[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
        """All conditions as one statement that gives numbers of works."""
        parts = self.conditions + more
        if not parts:
            return "SELECT n FROM works", []
        return " INTERSECT ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]

    def _count(self, sql: str, values: list[Any], minus: tuple[str, list[Any]] | None = None) -> int:
        if minus is not None:
            sql, values = f"SELECT * FROM ({sql}) EXCEPT SELECT * FROM ({minus[0]})", [*values, *minus[1]]
        count: int = self.index.rows(f"SELECT count(*) FROM ({sql})", values)[0][0]
        return count

    # Answers

    def _n_in_focus(self, hits: tuple[str, list[Any]], ids: Sequence[str] | None) -> int:
        about: tuple[str, list[Any]] = ("SELECT DISTINCT n FROM tags WHERE focus", [])
        if ids is not None:
            numbers = self._numbers("alliances", ids)
            about = (f"SELECT DISTINCT n FROM tags WHERE focus AND t IN ({_marks(numbers)})", numbers)
        return self._count(f"SELECT * FROM ({hits[0]}) INTERSECT {about[0]}", [*hits[1], *about[1]])

    def _page(
        self,
        hits: tuple[str, list[Any]],
        ids: Sequence[str] | None,
        match: str | None,
        sort: Sort,
        page: tuple[int, int],
    ) -> list[Found]:
        newest = "w.year IS NULL, w.year DESC, w.id"
        before: list[Any] = []
        after: list[Any] = []
        joined = ""
        if sort == "year":
            order = newest
        elif match is not None:
            scored = "SELECT rowid AS r, rank AS score FROM texts WHERE texts MATCH ? AND rank MATCH 'bm25(4.0, 1.0)'"
            joined = f"JOIN ({scored}) ON r = w.n "
            before = [match]
            order = f"score, {newest}"
        else:
            after = [] if ids is None else self._numbers("alliances", ids)
            chosen = "" if ids is None else f" AND t IN ({_marks(after)})"
            order = f"EXISTS (SELECT 1 FROM tags WHERE tags.n = w.n AND focus{chosen}) DESC, {newest}"
        rows = self.index.rows(
            f"SELECT w.n, w.title, w.untitled FROM works w {joined}WHERE w.n IN ({hits[0]}) "
            f"ORDER BY {order} LIMIT ? OFFSET ?",
            [*before, *hits[1], *after, *page],
        )
        return [self._found(n, title, bool(untitled)) for n, title, untitled in rows]

    def _found(self, n: int, title: str, untitled: bool) -> Found:
        doc = self.index.doc(n)
        asked = self.wanted.get("alliances")
        focus = [id for id in doc["focus"] if asked is None or id in asked]
        return Found(
            id=doc["id"],
            title=title,
            is_untitled=untitled,
            year=doc["year"],
            authors=tuple(doc["authors"]),
            journal=doc["journal"],
            lang=doc["lang"],
            in_focus=tuple(focus),
            evidence=tuple(self._evidence(doc)),
        )

    def _evidence(self, doc: Mapping[str, Any]) -> list[Evidence]:
        """The surest sentence of each asked thing; of what the work is about where nothing was asked for."""
        wanted = {kind: set(ids) for kind, ids in self.wanted.items()}
        if not wanted:
            wanted = {"alliances": set(doc["focus"] or doc["alliances"])}
        best: list[Evidence] = []
        for kind, ids in wanted.items():
            for id in sorted(ids & doc[kind].keys()):
                best += self._best(doc, kind, id, doc[kind][id])
        best.sort(key=lambda one: (-one.confidence, one.field.startswith("title"), one.field, one.start))
        return best[:_MOST_EVIDENCE]

    def _best(self, doc: Mapping[str, Any], kind: str, id: str, mentions: list[dict[str, Any]]) -> list[Evidence]:
        # The title is shown anyway: a sentence of the abstract says more.
        mention = min(
            mentions, key=lambda m: (m["field"].startswith("title"), -m["confidence"], m["start"]), default=None
        )
        if mention is None:
            return []
        text = field_text(doc, mention["field"])
        start, end = mention["start"], mention["end"]
        spans = doc["sentences"].get(mention["field"], [])
        left = max((a for a, _ in spans if a <= start), default=0)
        right = min((b for _, b in spans if b >= end), default=len(text))
        return [
            Evidence(
                tag=id,
                kind=kind,
                sentence=text[left:right],
                field=mention["field"],
                sentence_start=left,
                start=start,
                end=end,
                surface=mention["surface"],
                rule=mention["rule"],
                confidence=mention["confidence"],
            )
        ]

    def _facets(self, hits: tuple[str, list[Any]]) -> dict[str, list[tuple[str, str | None, int]]]:
        found: dict[str, list[tuple[str, str | None, int]]] = {kind: [] for kind in FACETS}
        counted = self.index.rows(
            f"SELECT kind, tag, label, c FROM (SELECT t, count(*) AS c FROM tags WHERE n IN ({hits[0]}) GROUP BY t) "
            "JOIN things USING (t) ORDER BY c DESC, tag",
            hits[1],
        )
        for kind, tag, label, count in counted:
            found[kind].append((tag, label, count))
        decades = self.index.rows(
            f"SELECT (year - ((year % 10) + 10) % 10), count(*) FROM works WHERE n IN ({hits[0]}) AND year IS NOT NULL "
            "GROUP BY 1 ORDER BY 1",
            hits[1],
        )
        found["decades"] = [(str(decade), None, count) for decade, count in decades]
        return found


def field_text(doc: Mapping[str, Any], field: str) -> str:
    """The text of a field of a work as JSON has it, ``abstract@en.2``."""
    part, _, rest = field.partition("@")
    if not rest:
        return doc[part] or ""
    lang, _, number = rest.partition(".")
    wanted = int(number or 1) - (doc["lang"] == lang)
    same = [text for text in doc["texts"] if text["lang"] == lang]
    at = max(wanted - 1, 0)
    return (same[at][part] or "") if at < len(same) else ""


def _year_condition(written: list[str]) -> list[tuple[str, list[Any]]]:
    if not written:
        return []
    clauses, values = [], []
    for first, last in map(read_years, written):
        clause = ["year IS NOT NULL"]
        for sign, year in ((">=", first), ("<=", last)):
            if year is not None:
                clause.append(f"year {sign} ?")
                values.append(year)
        clauses.append(f"({' AND '.join(clause)})")
    return [(f"SELECT n FROM works WHERE {' OR '.join(clauses)}", values)]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _resolve(kind: str, name: str, authority: Authority) -> str:
    from kg.names import resolve

    return str(resolve(kind, name, authority))


# Pairs


@dataclass(frozen=True, slots=True)
class PairCount:
    """How much an alliance is discussed.

    Parameters
    ----------
    alliance : str
    sort : str
        ``pair`` ``coalition`` ``pact``.
    n_works, n_in_focus, n_in_passing : int
    first, last : int or None
        Years of the earliest and the latest dated work.
    n_undated : int
    """

    alliance: str
    sort: str
    label_en: str
    label_zh: str
    n_works: int
    n_in_focus: int
    n_in_passing: int
    first: int | None
    last: int | None
    n_undated: int


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
        rows = index.rows(
            "SELECT tag, count(*), sum(focus), min(year), max(year), sum(year IS NULL) FROM things JOIN tags USING (t) "
            "JOIN works USING (n) WHERE kind = 'alliances' GROUP BY t ORDER BY count(*) DESC, tag"
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
