"""One search. In: an index, conditions. Out: the works that meet them, a page of them, counts.

Each condition is a mask over all works (`kg.columns`), found by an index; masks meet in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kg.columns import UNDATED
from kg.errors import KgError
from kg.find.evidence import evidence
from kg.find.values import FACETS, Answer, Found, Sort
from kg.find.years import read_years
from kg.rdf.alliances import tag_of
from kg.rdf.works import name_key, person_key
from kg.search import Index, match_of

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.columns import Mask

_RANKED: Final = 3_000
"""Hits up to which words are weighed one by one; of more, those with the words in their title come first."""


class Search:
    """One search: a mask for each condition; that on years stands apart, to tell what it left out."""

    def __init__(self, index: Index, authority: Authority | None) -> None:
        if authority is None:
            from kg.authority import load

            authority = load()
        self.index = index
        self.authority = authority
        self.columns = index.columns
        self.masks: list[Mask] = []
        self.years: Mask | None = None
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
        self._langs(given["lang"])
        self._dates(given["year"])
        match = None
        if text is not None and text.strip():
            match = match_of(text)
            if not match:
                raise KgError(f"'{text}' has no word or character to look for")
            self.masks.append(self.columns.these(self.index.matches(match)))
        discussed, about = self._discusses(counted) if given["pair"] else (None, None)
        if focus and about is None:
            self.masks.append(self.columns.about)
        ours = about if focus else discussed
        undated_too = self._all_of(ours)
        hits = undated_too if self.years is None else undated_too & self.years
        n_wider = 0
        if wide and not wider:
            others, others_about = self._discusses(wide)
            also = self._all_of(others_about if focus else others)
            n_wider = _count((also if self.years is None else also & self.years) & ~hits)
        return Answer(
            works=self._page(hits, about, match, sort, page),
            n_works=_count(hits),
            n_in_focus=_count(hits & (about if about is not None else self.columns.about)),
            n_undated=0 if self.years is None else _count(undated_too & (self.columns.years == UNDATED)),
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
        known = [tag for _, tag in self.index.of_kind("alliances")]
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
            self.masks.append(self.columns.tagged(self._numbers(kind, ids)))

    def _discusses(self, ids: Sequence[str]) -> tuple[Mask, Mask]:
        """Works on some alliances, and those of them that are about one."""
        numbers = self._numbers("alliances", ids)
        return self.columns.tagged(numbers), self.columns.in_focus(numbers)

    def _named(self, kind: str, names: list[str], key: Callable[[str], str]) -> None:
        if not names:
            return
        clauses, values = [], []
        for name in map(key, names):
            clauses.append("instr('-' || tag || '-', ?)" if name.isascii() else "instr(tag, ?)")
            values.append(f"-{name}-" if name.isascii() else name)
        chosen = f"SELECT t FROM things WHERE kind = ? AND ({' OR '.join(clauses)})"
        self.masks.append(self.columns.tagged(t for (t,) in self.index.rows(chosen, [kind, *values])))

    def _langs(self, langs: list[str]) -> None:
        if langs:
            wanted = [lang.lower() for lang in langs]
            numbers = [
                t
                for t, tag in self.index.of_kind("langs")
                if any(tag.lower() == lang or tag.lower().startswith(f"{lang}-") for lang in wanted)
            ]
            self.masks.append(self.columns.tagged(numbers))

    def _dates(self, written: list[str]) -> None:
        for first, last in map(read_years, written):
            span = self.columns.between(first, last)
            self.years = span if self.years is None else self.years | span

    def _numbers(self, kind: str, ids: Iterable[str]) -> list[int]:
        return [number for id in dict.fromkeys(ids) if (number := self.index.thing(kind, id)) is not None]

    def _all_of(self, more: Mask | None) -> Mask:
        """Works that meet all conditions but that on years."""
        met = self.columns.all()
        for mask in (*self.masks, *([more] if more is not None else [])):
            met &= mask
        return met

    # Answers

    def _page(
        self, hits: Mask, about: Mask | None, match: str | None, sort: Sort, page: tuple[int, int]
    ) -> list[Found]:
        limit, offset = page
        end = None if limit < 0 else offset + limit
        if match is not None and sort == "relevance" and _count(hits) <= _RANKED:
            ranked = "SELECT rowid FROM texts WHERE texts MATCH ? AND rank MATCH 'bm25(4.0, 1.0)' ORDER BY rank, rowid"
            shown = [n for (n,) in self.index.rows(ranked, [match]) if hits[n]][offset:end]
        else:
            first: Mask | None = about if about is not None else self.columns.about
            if sort == "year":
                first = None
            elif match is not None:  # of many hits, those with the words in their title
                first = self.columns.these(self.index.matches(f"title : ({match})"))
            shown = self.columns.ordered(hits, first)[offset:end].tolist()
        rows = self.index.rows(
            "SELECT n, title, untitled FROM works WHERE n IN (SELECT value FROM json_each(?))", [str(shown)]
        )
        place = {n: at for at, n in enumerate(shown)}
        rows.sort(key=lambda row: place[row[0]])
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

    def _facets(self, hits: Mask) -> dict[str, list[tuple[str, str | None, int]]]:
        import numpy as np

        found: dict[str, list[tuple[str, str | None, int]]] = {kind: [] for kind in FACETS}
        counts = self.columns.counts(hits)
        used = np.flatnonzero(counts)
        used = used[np.lexsort((self.index.alphabetical[used], -counts[used]))]
        things = self.index.things
        for t, count in zip(used.tolist(), counts[used].tolist(), strict=True):
            kind, tag, label = things[t]
            found[kind].append((tag, label, count))
        found["decades"] = [(str(decade), None, count) for decade, count in self.columns.decades(hits)]
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


def _count(mask: Mask) -> int:
    return int(mask.sum())


def _resolve(kind: str, name: str, authority: Authority) -> str:
    from kg.names import resolve

    return str(resolve(kind, name, authority))
