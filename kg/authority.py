"""What is known of states, alliances, groups and concepts. In: the ontology folder. Out: an immutable Authority.

``load()`` reads tables and patterns and lays a user's folder and vocabularies over them; the compiled form is cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kg.errors import UnknownName
from kg.resources import ontology_dir
from kg.things import (
    LANGS,
    Alliance,
    Ambiguity,
    Concept,
    Cue,
    Exclusion,
    Group,
    Membership,
    Names,
    Pair,
    Pattern,
    Region,
    Rule,
    State,
    Thing,
    ThingKind,
    canonical_lang,
)

__all__ = [
    "LANGS",
    "Alliance",
    "Ambiguity",
    "Authority",
    "Concept",
    "Cue",
    "Exclusion",
    "Group",
    "Membership",
    "Pair",
    "Pattern",
    "Region",
    "Rule",
    "State",
    "Thing",
    "canonical_lang",
    "load",
    "ontology_dir",
]

_STATE_ID: Final = re.compile(r"X-[A-Z]{2,4}\d?|[A-Z]{3}")


def load(overlay: Path | None = None, vocabulary: Sequence[Path] = (), *, mode: str = "add") -> Authority:
    """The authority of the ontology that comes with this package, with a user's own laid over it.

    Parameters
    ----------
    overlay : Path or None
        A folder with tables of the same names (rows replace or add by id), ``patterns/`` and ``not.csv``.
    vocabulary : sequence of Path
        Vocabularies of concepts, SKOS or tables; see `kg.vocabulary`.
    mode : str
        ``add`` lays the vocabularies over the concepts, ``replace`` puts them in their place.

    Raises
    ------
    OntologyError
        A table or vocabulary has a fault; the message says which file and row, and what to do.

    Notes
    -----
    Some 0.03 s from the cache, 0.1 s without. The cache is keyed by the SHA-256 of the sources and the versions.
    """
    from kg.compiled import compile_ontology

    return Authority(**compile_ontology(ontology_dir(), overlay, tuple(vocabulary), mode))


@dataclass(frozen=True, kw_only=True)
class Authority:
    """All tables, compiled; never changed after birth. Rows stand in the order of their tables.

    Parameters
    ----------
    version : str
        Version of the ontology.
    digest : str
        SHA-256 of all sources, in hexadecimal: equal for equal tables, patterns and vocabularies.
    blocks : tuple of str
        Words and names that hold a name which is not meant there.
    retired : mapping of id to Thing
        Rows that are no longer used, of every kind; the other mappings hold only what may be tagged or shown.
    """

    version: str
    digest: str
    states: Mapping[str, State]
    alliances: Mapping[str, Alliance]
    pairs: Mapping[str, Pair]
    groups: Mapping[str, Group]
    regions: Mapping[str, Region]
    concepts: Mapping[str, Concept]
    rules: Mapping[str, Rule]
    ambiguity: tuple[Ambiguity, ...]
    patterns: tuple[Pattern, ...]
    blocks: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    retired: Mapping[str, Thing] = field(default_factory=dict)

    # Asking

    def find(self, tag_id: str) -> Thing | None:
        """The row of an id, of whatever kind, retired ones too; None for unknown ids and for pairs without a row."""
        for table in (*self._tables.values(), self.pairs, self.retired):
            if tag_id in table:
                return table[tag_id]
        return None

    def kind(self, tag_id: str) -> ThingKind | None:
        """Which kind an id is of; pairs and coalitions are alliances; None for what is unknown or retired."""
        for kind, table in self._tables.items():
            if tag_id in table:
                return kind
        return "alliances" if self.parties(tag_id) else None

    def parties(self, alliance_id: str) -> tuple[str, ...]:
        """The states in the id of a pair or coalition, ``('RUS', 'X-ABK')`` of ``RUS-X-ABK``; empty for other ids."""
        states = tuple(_STATE_ID.findall(alliance_id))
        if len(states) < 2 or "-".join(states) != alliance_id or list(states) != sorted(set(states)):
            return ()
        return states if all(self._is_tag(state) for state in states) else ()

    def alliance_of(self, states: Sequence[str]) -> str | None:
        """Id of the pair or coalition of some states (or regimes, taken as their states); None for fewer than two tags.

        >>> load().alliance_of(["USA", "JPN"])
        'JPN-USA'
        """
        tags = {self.states[state].tag_id if state in self.states else state for state in states}
        known = sorted(tag for tag in tags if tag)
        return "-".join(known) if len(known) > 1 else None

    def members(self, alliance_id: str) -> tuple[str, ...]:
        """State ids of a pair, coalition or pact, each once; of a pact in the order of its table, now gone ones too."""
        if alliance_id in self.alliances:
            return tuple(dict.fromkeys(member.state for member in self.alliances[alliance_id].members))
        return self.parties(alliance_id)

    def pacts_of(self, pair: str) -> tuple[str, ...]:
        """Ids of the treaties and alignments that stand under a pair."""
        return self._pacts.get(pair, ())

    def narrower(self, concept: str) -> tuple[str, ...]:
        """Concepts just below a concept, in the order of the table."""
        return self._narrower.get(concept, ())

    def ancestors(self, concept: str) -> tuple[str, ...]:
        """All concepts above a concept, nearest first, each once."""
        found: dict[str, None] = {}
        level = self.concepts[concept].broader
        while level:
            level = tuple(up for up in level if up not in found and up in self.concepts)
            found.update(dict.fromkeys(level))
            level = tuple(up for below in level for up in self.concepts[below].broader)
        return tuple(found)

    # Naming

    def label(self, tag_id: str, lang: str = "en") -> str:
        """The preferred name of any id: state, pair, coalition, pact, group, concept, region, rule.

        Parameters
        ----------
        tag_id : str
        lang : str
            ``en``, ``zh-Hans`` or ``zh-Hant``, in any case; ``zh`` means Simplified; any other language, English.

        Raises
        ------
        UnknownName
            No table has the id.

        Examples
        --------
        >>> authority = load()
        >>> authority.label("JPN-USA", "en"), authority.label("JPN-USA", "zh")
        ('Japan–United States alliance', '日美同盟')
        """
        lang = canonical_lang(lang)
        thing = self.find(tag_id)
        if thing is not None and lang in thing.labels:
            return thing.labels[lang]
        parties = self.parties(tag_id)
        if not parties:
            raise UnknownName("row of the ontology", tag_id)
        if lang == "en":
            return "–".join(self.states[state].labels["en"] for state in parties) + " alliance"
        return self._compound(parties, lang) + "同盟"

    def names(self, tag_id: str) -> Names:
        """All names of any id by language, the preferred one first; of a pair or coalition, the usual compounds.

        Raises
        ------
        UnknownName
            No table has the id.
        """
        thing = self.find(tag_id)
        names = {}
        for lang in LANGS:
            given = thing.alt.get(lang, ()) if thing else ()
            names[lang] = tuple(dict.fromkeys((self.label(tag_id, lang), *given, *self._made_names(tag_id, lang))))
        return names

    def alliance_names(self) -> Iterator[tuple[str, str, str]]:
        """Every name that means one alliance by itself, as (id of the tag, language, name).

        A bilateral pact gives the id of its pair; names that are made of the states' names are left to the grammar.
        """
        for thing in (*self.alliances.values(), *self.pairs.values()):
            tag = getattr(thing, "pair", None) or thing.id
            for lang in LANGS:
                for name in dict.fromkeys((*filter(None, [thing.labels.get(lang)]), *thing.alt.get(lang, ()))):
                    yield tag, lang, name

    def definition(self, tag_id: str, lang: str = "en") -> str | None:
        """What a concept or a rule means; None for other kinds, and where the table says nothing."""
        thing = self.find(tag_id)
        if not isinstance(thing, Concept | Rule):
            return None
        return thing.definition.get("en" if canonical_lang(lang) == "en" else "zh-Hans")

    def short(self, state: str, lang: str = "zh-Hans") -> str | None:
        """The one character that stands for a state in compounds; None where another has the better claim to it."""
        return self._short.get((state, canonical_lang(lang)))

    # Within

    def _is_tag(self, state: str) -> bool:
        return state in self.states and self.states[state].tag_id == state

    def _compound(self, parties: Sequence[str], lang: str) -> str:
        """日美, or 爱沙尼亚—拉脱维亚 where one of them has no character of its own."""
        short = [self.short(state, lang) for state in parties]
        if all(short):
            return "".join(mark for mark in short if mark)
        return "—".join(self.states[state].labels[lang] for state in parties)

    def _made_names(self, alliance_id: str, lang: str) -> tuple[str, ...]:
        """Names of a pair made of those of its states, in both orders; none for other ids."""
        parties = self.parties(alliance_id)
        if len(parties) != 2 or alliance_id in self.alliances:
            return ()
        orders = (parties, parties[::-1])
        if lang == "en":
            return tuple("–".join(self.states[state].labels["en"] for state in order) + " alliance" for order in orders)
        heads = ("同盟", "联盟") if lang == "zh-Hans" else ("同盟", "聯盟")
        return tuple(self._compound(order, lang) + head for head in heads for order in orders)

    @cached_property
    def _tables(self) -> dict[ThingKind, Mapping[str, Thing]]:
        return {
            "states": self.states,
            "alliances": self.alliances,
            "concepts": self.concepts,
            "groups": self.groups,
            "regions": self.regions,
            "rules": self.rules,
        }

    @cached_property
    def _pacts(self) -> dict[str, tuple[str, ...]]:
        pacts: dict[str, tuple[str, ...]] = {}
        for alliance in self.alliances.values():
            if alliance.pair:
                pacts[alliance.pair] = (*pacts.get(alliance.pair, ()), alliance.id)
        return pacts

    @cached_property
    def _narrower(self) -> dict[str, tuple[str, ...]]:
        narrower: dict[str, tuple[str, ...]] = {}
        for concept in self.concepts.values():
            for broader in concept.broader:
                narrower[broader] = (*narrower.get(broader, ()), concept.id)
        return narrower

    @cached_property
    def _short(self) -> dict[tuple[str, str], str]:
        owners: dict[str, set[str]] = {}
        for state in self.states.values():
            for mark in state.abbr_zh:
                owners.setdefault(mark, set()).add(state.tag_id or state.id)
        defaults = {row.surface: row.default for row in self.ambiguity if row.lang == "zh"}
        short = {}
        for state in self.states.values():
            for mark, mark_hant in zip(state.abbr_zh[:1], state.abbr_zh_hant[:1], strict=True):
                sole = owners[mark] == {state.tag_id or state.id} or defaults.get(mark) == (state.id,)
                if len(mark) == 1 and sole and (state.id, "zh-Hans") not in short:
                    short[state.id, "zh-Hans"], short[state.id, "zh-Hant"] = mark, mark_hant
        return short

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}
