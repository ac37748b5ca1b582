"""The values that the stages hand on. In: nothing. Out: frozen values, checked at birth.

``Record`` is one reference as one source gave it, ``Work`` what is left when the same work from several
records is merged, ``TaggedWork`` a work with its tags. Mappings are ordered by key and never changed after birth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any, Literal, NamedTuple, NewType, TypeVar

_Made = TypeVar("_Made")
WorkId = NewType("WorkId", str)
TagId = NewType("TagId", str)

Kind = Literal["states", "alliances", "groups", "concepts"]
KINDS: tuple[Kind, ...] = ("states", "alliances", "groups", "concepts")

UNSURE_BELOW = 0.8
"""A tag whose surest mention is below it waits for a person's word."""

StatementKind = Literal["formed", "strengthened", "strained", "ended", "proposed", "denied"]
STATEMENT_KINDS: tuple[StatementKind, ...] = ("formed", "strengthened", "strained", "ended", "proposed", "denied")


def _by_slots(made: type[_Made]) -> type[_Made]:
    """A dataclass with slots whose values are pickled as one tuple, three times as fast as by the names of its fields."""
    names = tuple(field.name for field in fields(made))  # type: ignore[arg-type]
    values = attrgetter(*names)
    setters = tuple(getattr(made, name).__set__ for name in names)

    def get_state(self: _Made) -> Any:
        return values(self)

    def set_state(self: _Made, state: Sequence[Any]) -> None:
        for setter, value in zip(setters, state, strict=True):
            setter(self, value)

    made.__getstate__ = get_state  # type: ignore[method-assign,assignment]
    made.__setstate__ = set_state  # type: ignore[attr-defined]
    return made


@_by_slots
@dataclass(frozen=True, slots=True)
class Text:
    """A title and an abstract in one language.

    Parameters
    ----------
    lang : str
        ``en``, ``zh-Hans``, ``zh-Hant``, else another BCP 47 code, ``und`` where it cannot be told.
    title, abstract : str or None
        Plain text as it is shown and as offsets count it; None where there is none, never the empty string.
    """

    lang: str
    title: str | None = None
    abstract: str | None = None

    def __post_init__(self) -> None:
        if self.title == "" or self.abstract == "":
            raise ValueError("a text that is not there is None, not the empty string")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bibliographic:
    """What a record and a work have in common: the description of one publication.

    Parameters
    ----------
    texts : tuple of Text
        The main language first. A second text of the same language is allowed.
    authors : tuple of str
        Names in the order of the byline, in the form the source gives ("Doe, Jane", "张三").
    year : int or None
        Year of publication, None where it is not sure.
    cited_by, cited_by_self, cited_by_others : int or None
        Citation counts as the source states them (总被引, 自引, 他引).
    kind : str
        ``article`` ``chapter`` ``book`` ``thesis`` ``paper`` ``report`` ``other``: what is published.
    identifiers : mapping of str to str
        Other persistent ids by scheme: ``openalex``, ``wos``, ``pmid``, ``zotero``, ``isbn``, ``orcid:Doe, Jane`` …
    raw : mapping of str to str
        What cleaning removed or could not place, by the source's own field name.
    """

    texts: tuple[Text, ...] = ()
    authors: tuple[str, ...] = ()
    journal: str | None = None
    year: int | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    keywords: tuple[str, ...] = ()
    cited_by: int | None = None
    cited_by_self: int | None = None
    cited_by_others: int | None = None
    kind: str = "article"
    identifiers: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        """Language of the main text, ``und`` where there is no text."""
        return self.texts[0].lang if self.texts else "und"

    @property
    def title(self) -> str | None:
        """Title in the main language."""
        return self.texts[0].title if self.texts else None

    @property
    def abstract(self) -> str | None:
        """Abstract in the main language."""
        return self.texts[0].abstract if self.texts else None


@_by_slots
@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Bibliographic):
    """One reference as one source gave it.

    Parameters
    ----------
    source : str
        The source's slug: stem of the file's name and 8 hex digits of its content's hash.
    number : int
        Position in the source, from 1.
    where : str
        What a person looks up, ``works.ris:214``; no absolute path.
    id : str or None
        The source's own id of the work (``id`` of JSON Lines or a table, a BibTeX key), None where it has none.
    """

    source: str
    number: int
    where: str
    id: str | None = None

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"{self.where}: records are numbered from 1, not {self.number}")


class RecordRef(NamedTuple):
    """Which record a work came from."""

    source: str
    number: int
    where: str


@_by_slots
@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Bibliographic):
    """One publication, merged from the records that describe it.

    Parameters
    ----------
    id : WorkId
        See the contract: the source's own, else DOI, else another persistent id, else a hash of the folded texts.
    aliases : tuple of str
        Ids that were lost in a merge and still find this work; sorted.
    records : tuple of RecordRef
        Where it came from, sorted; the first is its source.
    """

    id: WorkId
    aliases: tuple[str, ...] = ()
    records: tuple[RecordRef, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a work needs an id")

    @property
    def source(self) -> str | None:
        """Slug of the first source, None for a text that came from no file."""
        return self.records[0].source if self.records else None

    def fields(self) -> dict[str, str]:
        """Every text that is tagged, by the name that mentions use.

        >>> Work(id=WorkId("w"), texts=(Text("zh-Hans", None, "甲"), Text("en", "A", "B"))).fields()
        {'abstract': '甲', 'title@en': 'A', 'abstract@en': 'B'}
        """
        found: dict[str, str] = {}
        counts: dict[str, int] = {}
        for position, text in enumerate(self.texts):
            suffix = ""
            counts[text.lang] = counts.get(text.lang, 0) + 1
            if position:
                suffix = f"@{text.lang}" + (f".{counts[text.lang]}" if counts[text.lang] > 1 else "")
            if text.title is not None:
                found[f"title{suffix}"] = text.title
            if text.abstract is not None:
                found[f"abstract{suffix}"] = text.abstract
        return found

    def field_langs(self) -> dict[str, str]:
        """Language of each field of `fields`."""
        langs: dict[str, str] = {}
        counts: dict[str, int] = {}
        for position, text in enumerate(self.texts):
            suffix = ""
            counts[text.lang] = counts.get(text.lang, 0) + 1
            if position:
                suffix = f"@{text.lang}" + (f".{counts[text.lang]}" if counts[text.lang] > 1 else "")
            langs[f"title{suffix}"] = langs[f"abstract{suffix}"] = text.lang
        return langs


class Mention(NamedTuple):
    """The words that support a tag.

    A named tuple, not a dataclass: millions are made, and a tuple costs a quarter (0.3 µs).

    Parameters
    ----------
    field : str
        ``title``, ``abstract``, ``abstract@en``, ``abstract@en.2``.
    start, end : int
        Half-open code-point offsets into the field's text.
    surface : str
        ``text[start:end]``, to the letter.
    rule : str
        Id of the rule that made it, a row of ``ontology/tables/rules.csv``.
    confidence : float
        0 to 1: of tags with confidence about p, a share of about p is right.
    """

    field: str
    start: int
    end: int
    surface: str
    rule: str
    confidence: float


Tags = Mapping[str, tuple[Mention, ...]]


class Period(NamedTuple):
    """Years that the work is about, both ends included; None where the text leaves an end open."""

    first: int | None
    last: int | None
    mentions: tuple[Mention, ...]


class Statement(NamedTuple):
    """What the text says happened to an alliance."""

    alliance: str
    kind: StatementKind
    mentions: tuple[Mention, ...]


class Rejection(NamedTuple):
    """A reading that was considered and not taken: shown by ``kg explain``, kept nowhere."""

    mention: Mention
    kind: Kind
    tag: str
    why: str


@_by_slots
@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedWork:
    """A work with its tags.

    Parameters
    ----------
    work : Work
    states, alliances, groups, concepts : mapping of tag id to mentions
        Ids in sorted order; mentions in the order of fields, start, end.
    focus : tuple of str
        Alliance ids that the work is about, sorted; a subset of `alliances`.
    focus_evidence : mapping of alliance id to mentions
    periods : tuple of Period
    statements : tuple of Statement
    rejected : tuple of Rejection
        Filled only when asked for.
    """

    work: Work
    states: Tags = field(default_factory=dict)
    alliances: Tags = field(default_factory=dict)
    groups: Tags = field(default_factory=dict)
    concepts: Tags = field(default_factory=dict)
    focus: tuple[str, ...] = ()
    focus_evidence: Tags = field(default_factory=dict)
    periods: tuple[Period, ...] = ()
    statements: tuple[Statement, ...] = ()
    rejected: tuple[Rejection, ...] = ()

    @property
    def id(self) -> WorkId:
        """The work's id."""
        return self.work.id

    @property
    def is_relevant(self) -> bool:
        """At least one alliance, concept or group."""
        return bool(self.alliances or self.concepts or self.groups)

    def tags(self, kind: Kind) -> Tags:
        """The tags of one kind."""
        tags: Tags = getattr(self, kind)
        return tags

    def above(self, confidence: float) -> TaggedWork:
        """The same work with only the mentions of at least this confidence."""

        def keep(tags: Tags) -> Tags:
            kept = {tag: tuple(m for m in mentions if m.confidence >= confidence) for tag, mentions in tags.items()}
            return {tag: mentions for tag, mentions in kept.items() if mentions}

        alliances = keep(self.alliances)
        return replace(
            self,
            states=keep(self.states),
            alliances=alliances,
            groups=keep(self.groups),
            concepts=keep(self.concepts),
            focus=tuple(tag for tag in self.focus if tag in alliances),
            focus_evidence={tag: found for tag, found in self.focus_evidence.items() if tag in alliances},
            statements=tuple(s for s in self.statements if s.alliance in alliances),
        )
