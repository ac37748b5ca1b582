"""The rows of the ontology as values. In: nothing. Out: states, alliances, groups, regions, concepts, rules, frozen.

Mappings are never changed after birth; names are kept by language, ``en``, ``zh-Hans`` and ``zh-Hant``. What there is
by the thousand is a named tuple, which a cache gives back three times as fast as a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

LANGS: Final = ("en", "zh-Hans", "zh-Hant")
"""The languages of names, as JSON and HTML write them."""

ThingKind = Literal["states", "alliances", "groups", "regions", "concepts", "rules"]
Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What every row has that names something.

    Parameters
    ----------
    id : str
    labels : mapping of language to str
        The preferred name in ``en``, ``zh-Hans``, ``zh-Hant``.
    alt : mapping of language to tuple of str
        Other names; a language without any is not there.
    retired : bool
        Kept so that old graphs can be read; never given as a tag.
    replaced_by : tuple of str
        Ids to use instead of a retired one.
    """

    id: str
    labels: Mapping[str, str]
    alt: Names = field(default_factory=dict)
    retired: bool = False
    replaced_by: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Thing):
    """A state, a regime, or a polity that is gone.

    Parameters
    ----------
    tag_id : str or None
        Id to tag (a regime is tagged as its state); None for those that are never tagged.
    kind : str
        ``un_member`` ``observer`` ``partial`` ``associated`` ``non_un`` ``defacto`` ``historical`` ``regime``
        ``premodern``.
    demonyms : tuple of str
        English adjectives, peoples and combining forms ("Japanese", "Russo-"); not repeated in `alt`.
    abbr_zh, abbr_zh_hant : tuple of str
        Chinese short forms, usable in compounds only; most are one character.
    abbr_ambiguous : str
        What else each short form means, as the table has it: ``加=state:GHA/GAB+word_high``, parted by ``|``.
    metonyms : mapping of language to tuple of str
        Capitals and seats of government.
    cow : int or None
        Correlates of War country code.
    first_year, last_year : int or None
        Life of the state, negative before the Common Era; None where it still is.
    successor_of : tuple of str
    wikidata : str or None
        Its item there, ``Q17``, where that is sure.
    """

    tag_id: str | None
    kind: str
    demonyms: tuple[str, ...] = ()
    abbr_zh: tuple[str, ...] = ()
    abbr_zh_hant: tuple[str, ...] = ()
    abbr_ambiguous: str = ""
    metonyms: Names = field(default_factory=dict)
    iso3: str | None = None
    cow: int | None = None
    first_year: int | None = None
    last_year: int | None = None
    successor_of: tuple[str, ...] = ()
    wikidata: str | None = None


class Membership(NamedTuple):
    """A state in a pact from year to year; None for the pact's own first year, or while the pact lasts."""

    state: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alliance(Thing):
    """A pact, an alliance organisation or a standing alignment.

    Parameters
    ----------
    pair : str or None
        The pair that a bilateral one stands under, and by which it is tagged.
    form : str
        ``bilateral`` or ``multilateral``.
    status : str
        Whether it is an alliance: ``yes``, ``partial``, ``no`` (alliance-like), ``system`` (of shifting alliances).
    members : tuple of Membership
        A state that left and came back stands twice.
    wikidata : str or None
        Its item there, where that is sure.
    """

    pair: str | None
    form: str
    type: str
    status: str
    members: tuple[Membership, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    wikidata: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Thing):
    """Set names of the bond between two states, whatever treaties stand under it.

    Most pairs have no row: their names are made of the names of the states. A row gives a better one, and the others
    that are in use; a language whose label is not there has the one that is made.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Thing):
    """An armed group that is no state."""

    type: str
    base_states: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Thing):
    """A region, sea, bloc or organisation: known so that it is not taken for a state."""

    kind: str
    broader: str | None = None
    abbr_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Thing):
    """A concept of the study of alliances.

    Parameters
    ----------
    broader : tuple of str
    hidden : mapping of language to tuple of str
        Forms that only match and are not shown.
    definition : mapping of language to str
    source : str
        Work that the sense of the term is taken from, as it is usually cited.
    is_facet : bool
        A heading that groups concepts; never tagged.
    """

    broader: tuple[str, ...] = ()
    hidden: Names = field(default_factory=dict)
    definition: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    is_facet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Thing):
    """A rule of the tagger, as mentions name it.

    Parameters
    ----------
    kind : str
        What it finds: ``states`` ``alliances`` ``groups`` ``concepts`` ``focus`` ``periods`` ``statements`` ``any``.
    """

    kind: str
    definition: Mapping[str, str] = field(default_factory=dict)


class Ambiguity(NamedTuple):
    """A name that has several readings, or that is a word of another meaning too.

    Parameters
    ----------
    surface, lang : str
        The name as it is written, and ``en`` or ``zh``.
    kind : str
        Such as ``state_state``, ``state_word``, ``containment``, ``metonym``, ``not_alliance``.
    candidates : tuple of tuple of str
        Each reading as the ids it stands for: 中欧 is ``R-CEUR``, or ``CHN`` and ``R-EU`` together.
    default : tuple of str
        The reading without a hint; empty where there is none.
    decided_by : str
        ``partner`` ``period`` ``topic`` ``cue`` ``war`` ``unresolved`` where the hint decides, else empty.
    rule : str
        How to decide, in words.
    """

    surface: str
    lang: str
    kind: str
    candidates: tuple[tuple[str, ...], ...]
    default: tuple[str, ...]
    decided_by: str
    rule: str
    example: str
    origin: str


class Cue(NamedTuple):
    """A word that speaks for (or, below zero, against) a text's being about alliances.

    Parameters
    ----------
    is_core : bool
        Enough by itself to look at the text.
    """

    surface: str
    lang: str
    weight: float
    is_core: bool


class Pattern(NamedTuple):
    """One line of ``ontology/patterns/<facet>.jsonl`` as it is written; `where` is its file and line."""

    where: str
    facet: str
    row: Mapping[str, Any]


class Exclusion(NamedTuple):
    """A user's word that a surface is not a tag: of this id, of this kind (where `id` is empty), or of any."""

    surface: str
    lang: str
    kind: str
    id: str
    note: str


def canonical_lang(lang: str) -> str:
    """One of `LANGS` for any language tag: Traditional for ``zh-hant`` ``zh-TW`` ``zh-HK`` ``zh-MO``.

    >>> [canonical_lang(tag) for tag in ("zh", "zh-cn", "zh-hant", "zh-TW", "en-gb", "fr")]
    ['zh-Hans', 'zh-Hans', 'zh-Hant', 'zh-Hant', 'en', 'en']
    """
    parts = lang.replace("_", "-").lower().split("-")
    if parts[0] != "zh":
        return "en"
    return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(parts) and "hans" not in parts else "zh-Hans"
