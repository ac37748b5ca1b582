"""One search. In: an index, conditions. Out: the works that meet them, a page of them, counts.

A condition on tags or words is a set of works, found by an index; sets meet in memory. Conditions on what a work is (its
year, its language) are clauses on what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError
from kg.find.evidence import evidence
from kg.find.values import FACETS, Answer, Found, Sort
from kg.find.years import read_years
from kg.rdf.alliances import tag_of
from kg.rdf.works import name_key, person_key
from kg.search import Index, match_of

if TYPE_CHECKING:
    from kg.authority import Authority


_Clause = tuple[str, list[Any]]

_RANKED: Final = 3_000
"""Hits up to which words are weighed one by one; of more, those with the words in their title come first."""


class Search:
    """One search: sets of works by number, and two clauses on what works are."""

    def __init__(self, index: Index, authority: Authority | None) -> None:
        if authority is None:
            from kg.authority import load

            authority = load()
        self.index = index
        self.authority = authority
        self.sets: list[set[int]] = []
        self.years: _Clause | None = None
        self.langs: _Clause | None = None
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
        counted, wide = self._alliances(given["pair"], wider)
        self._tagged("states", [self._state(name) for name in given["state"]])
        self._tagged("concepts", self._concepts(given["concept"], narrower))
        self._tagged("groups", [_resolve("group", name, self.authority) for name in given["group"]])
        self._named("authors", given["author"], person_key)
        self._named("journals", given["journal"], name_key)
        self.langs = _lang_clause(given["lang"])
        self.years = _year_clause(given["year"])
        match = None
        if text is not None and text.strip():
            match = match_of(text)
            if not match:
                raise KgError(f"'{text}' has no word or character to look for")
            self.sets.append({n for (n,) in self.index.rows("SELECT rowid FROM texts WHERE texts MATCH ?", [match])})
        discussed, about = self._discusses(counted) if given["pair"] else (None, None)
        ours = about if focus and about is not None else discussed
        hits = self._hits(ours, any_focus=focus and about is None)
        n_wider = 0
        if wide and not wider:
            others, others_about = self._discusses(wide)
            n_wider = len(set(self._hits(others_about if focus else others)) - set(hits))
        return Answer(
            works=self._page(hits, about, match, sort, page),
            n_works=len(hits),
            n_in_focus=len(about.intersection(hits)) if about is not None else self._n_about(hits),
            n_undated=self._n_undated(ours, any_focus=focus and about is None),
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
            rows = self.index.rows(f"SELECT n FROM tags WHERE t IN ({_marks(numbers)})", numbers)
            self.sets.append({n for (n,) in rows})

    def _discusses(self, ids: Sequence[str]) -> tuple[set[int], set[int]]:
        """Works on some alliances, and those of them that are about one."""
        numbers = self._numbers("alliances", ids)
        rows = self.index.rows(f"SELECT n, focus FROM tags WHERE t IN ({_marks(numbers)})", numbers)
        return {n for n, _ in rows}, {n for n, is_focus in rows if is_focus}

    def _named(self, kind: str, names: list[str], key: Callable[[str], str]) -> None:
        if not names:
            return
        clauses, values = [], []
        for name in map(key, names):
            clauses.append("instr('-' || tag || '-', ?)" if name.isascii() else "instr(tag, ?)")
            values.append(f"-{name}-" if name.isascii() else name)
        chosen = f"SELECT t FROM things WHERE kind = ? AND ({' OR '.join(clauses)})"
        rows = self.index.rows(f"SELECT n FROM tags WHERE t IN ({chosen})", [kind, *values])
        self.sets.append({n for (n,) in rows})

    def _numbers(self, kind: str, ids: Iterable[str]) -> list[Any]:
        return [number for id in dict.fromkeys(ids) if (number := self.index.thing(kind, id)) is not None]

    def _hits(self, more: set[int] | None, *, any_focus: bool = False) -> list[int]:
        """Numbers of the works that meet all conditions, in order."""
        chosen = self._chosen(more)
        clauses = [clause for clause in (self.years, self.langs, ("focus", []) if any_focus else None) if clause]
        if chosen is not None and not clauses:
            return sorted(chosen)
        return [n for (n,) in self.index.rows(*_select("n", chosen, clauses))]

    def _chosen(self, more: set[int] | None) -> set[int] | None:
        """What is in all sets; None where there is none."""
        sets = sorted([*self.sets, *([more] if more is not None else [])], key=len)
        return set.intersection(*sets) if sets else None

    def _n_undated(self, more: set[int] | None, *, any_focus: bool) -> int:
        """Works that meet all conditions but that on years, and have none."""
        if self.years is None:
            return 0
        clauses: list[_Clause] = [("year IS NULL", [])]
        clauses += [clause for clause in (self.langs, ("focus", []) if any_focus else None) if clause]
        count: int = self.index.rows(*_select("count(*)", self._chosen(more), clauses))[0][0]
        return count

    def _n_about(self, hits: list[int]) -> int:
        count: int = self.index.rows(*_select("count(*)", hits, [("focus", [])]))[0][0]
        return count

    # Answers

    def _page(
        self, hits: list[int], about: set[int] | None, match: str | None, sort: Sort, page: tuple[int, int]
    ) -> list[Found]:
        limit, offset = page
        if match is not None and sort == "relevance" and len(hits) <= _RANKED:
            ranked = "SELECT rowid FROM texts WHERE texts MATCH ? AND rank MATCH 'bm25(4.0, 1.0)' ORDER BY rank, rowid"
            wanted = set(hits)
            ordered = [n for (n,) in self.index.rows(ranked, [match]) if n in wanted]
            shown = ordered[offset:] if limit < 0 else ordered[offset : offset + limit]
            place = {n: at for at, n in enumerate(shown)}
            rows = self.index.rows(*_select("n, title, untitled", shown, []))
            rows.sort(key=lambda row: place[row[0]])
        else:
            first: set[int] | None = about
            if match is not None:  # of many hits, those with the words in their title
                titled = self.index.rows("SELECT rowid FROM texts WHERE texts MATCH ?", [f"title : ({match})"])
                first = {n for (n,) in titled}
            lead = "focus DESC, "
            values: list[Any] = []
            if sort == "year":
                lead = ""
            elif first is not None:
                lead = "n IN (SELECT value FROM json_each(?)) DESC, "
                values = [_array(first.intersection(hits))]
            sql, before = _select("n, title, untitled", hits, [])
            order = f" ORDER BY {lead}year IS NULL, year DESC, id LIMIT ? OFFSET ?"
            rows = self.index.rows(sql + order, [*before, *values, limit, offset])
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
            evidence=tuple(evidence(doc, self.wanted)),
        )

    def _facets(self, hits: list[int]) -> dict[str, list[tuple[str, str | None, int]]]:
        found: dict[str, list[tuple[str, str | None, int]]] = {kind: [] for kind in FACETS}
        numbers = [_array(hits)]
        counted = self.index.rows(
            "SELECT kind, tag, label, c FROM (SELECT t, count(*) AS c FROM tags WHERE n IN (SELECT value FROM "
            "json_each(?)) GROUP BY t) JOIN things USING (t) ORDER BY c DESC, tag",
            numbers,
        )
        for kind, tag, label, count in counted:
            found[kind].append((tag, label, count))
        decades = self.index.rows(
            "SELECT (year - ((year % 10) + 10) % 10), count(*) FROM works WHERE n IN (SELECT value FROM json_each(?)) "
            "AND year IS NOT NULL GROUP BY 1 ORDER BY 1",
            numbers,
        )
        found["decades"] = [(str(decade), None, count) for decade, count in decades]
        return found


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


def _year_clause(written: list[str]) -> _Clause | None:
    if not written:
        return None
    clauses, values = [], []
    for first, last in map(read_years, written):
        clause = ["year IS NOT NULL"]
        for sign, year in ((">=", first), ("<=", last)):
            if year is not None:
                clause.append(f"year {sign} ?")
                values.append(year)
        clauses.append(f"({' AND '.join(clause)})")
    return f"({' OR '.join(clauses)})", values


def _lang_clause(langs: list[str]) -> _Clause | None:
    if not langs:
        return None
    values = [value for lang in langs for value in (lang.lower(), lang.lower() + "-%")]
    return f"({' OR '.join(['lower(lang) = ? OR lower(lang) LIKE ?'] * len(langs))})", values


def _select(columns: str, chosen: Iterable[int] | None, clauses: Sequence[_Clause]) -> tuple[str, list[Any]]:
    """Works by number (None: all) that meet clauses."""
    everything = [
        *clauses,
        *([("n IN (SELECT value FROM json_each(?))", [_array(chosen)])] if chosen is not None else []),
    ]
    where = " WHERE " + " AND ".join(clause for clause, _ in everything) if everything else ""
    return f"SELECT {columns} FROM works{where}", [value for _, values in everything for value in values]


def _array(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _resolve(kind: str, name: str, authority: Authority) -> str:
    from kg.names import resolve

    return str(resolve(kind, name, authority))
