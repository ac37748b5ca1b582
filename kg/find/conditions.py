"""One search. In: an index, conditions. Out: the works that meet them, a page of them, counts.

Every condition is a set of works as a SELECT; their intersection is one statement of SQLite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.find.evidence import evidence
from kg.find.values import FACETS, Answer, Found, Sort
from kg.find.years import read_years
from kg.rdf.alliances import tag_of
from kg.rdf.works import name_key, person_key
from kg.search import Index, match_of

if TYPE_CHECKING:
    from kg.authority import Authority


class Search:
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
            evidence=tuple(evidence(doc, self.wanted)),
        )

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
