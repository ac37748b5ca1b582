"""What pages show of entities, works and evidence. In: holdings, a language, a place. Out: values for templates."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from kg.errors import UnknownName
from kg.model import Mention, TaggedWork
from kg.text import stand_in
from kg.views.addresses import Addresses
from kg.views.holdings import TAGGED_KINDS, Count, Holdings
from kg.views.marking import Group, Mark, MarkKind, mark, marks_by_field, sentence_around, sentence_spans
from kg.views.words import NAME_LANG, Words

_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")

#: Works listed with their evidence on one page: in a file, and on a page of a server.
MAX_EVIDENCE: Final = 200
EVIDENCE_PART: Final = 40
#: Rows of a list: in a file, and on a page of a server.
MAX_ROWS: Final = 5_000
ROWS_PART: Final = 200
_SENTENCES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Name:
    """An entity as a page names it: in the page's language, and in the other."""

    kind: str
    id: str
    label: str
    lang: str
    other: str
    other_lang: str
    href: str | None
    works: int = 0
    focus: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A work in one line."""

    id: str
    title: str
    lang: str
    is_stand_in: bool
    second: str | None
    second_lang: str | None
    authors: tuple[str, ...]
    journal: str | None
    year: int | None
    href: str | None
    focus: tuple[str, ...]
    text_langs: tuple[str, ...]


class Sentence(NamedTuple):
    """A sentence of a work, with the words marked that support a tag."""

    groups: tuple[Group, ...]
    lang: str
    rules: tuple[str, ...]


class Evidence(NamedTuple):
    """A work and the sentences in it that speak of an entity."""

    line: Line
    in_focus: bool
    sentences: tuple[Sentence, ...]
    more: int


class Part(NamedTuple):
    """A page of a long list: its items, which page of how many, and how many items there are in all."""

    items: Sequence[Any]
    number: int
    pages: int
    total: int


class Drawn:
    """What pages of one language and one folder have in common: names, lines, and pieces of pages; each is made once."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str, Count | None], Name] = {}
        self.lines: dict[int, Line] = {}
        self.pieces: dict[tuple[str, tuple[Hashable, ...]], str] = {}


class Desk:
    """Everything that one page needs, in its language and seen from its place.

    Parameters
    ----------
    holdings : Holdings
    addresses : Addresses
    words : Words
    here : str
        Path of the page, without language and suffix.
    part_number : int
        Which part of its long lists a page shows, from 1; only where a server stands behind it.
    drawn : Drawn, optional
        Shared with other pages of the same language and folder.
    """

    def __init__(
        self,
        holdings: Holdings,
        addresses: Addresses,
        words: Words,
        here: str,
        part_number: int = 1,
        drawn: Drawn | None = None,
    ) -> None:
        self.holdings = holdings
        self.addresses = addresses
        self.words = words
        self.here = here
        self.part_number = part_number
        self.drawn = drawn or Drawn()

    @cached_property
    def name_lang(self) -> str:
        """Language tag of the page's names."""
        return NAME_LANG[self.words.lang]

    def part(self, items: Sequence[Any], size: int, most: int) -> Part:
        """The part of a long list that this page shows: `size` items from a server, the first `most` in a file."""
        if not self.addresses.served:
            return Part(items[:most], 1, 1, len(items))
        pages = max(-(-len(items) // size), 1)
        number = min(max(self.part_number, 1), pages)
        return Part(items[(number - 1) * size : number * size], number, pages, len(items))

    def page(self, path: str, lang: str | None = None) -> str:
        """Link to a page by its path."""
        return self.addresses.page(path, lang or self.words.lang, self.here)  # type: ignore[arg-type]

    def top(self, name: str) -> str:
        """Link to a file at the root."""
        return self.addresses.top(name, self.here)

    def label(self, entity_id: str, lang: str | None = None) -> str:
        """An entity's name in a language, the page's by default; the id itself where no table names it."""
        try:
            return self.holdings.authority.label(entity_id, lang or self.name_lang)
        except UnknownName:
            return entity_id

    def name(self, kind: str, entity_id: str, count: Count | None = None) -> Name:
        """An entity by both its names; the count of its works in the whole collection unless another is given."""
        key = (kind, entity_id, count)
        found = self.drawn.names.get(key)
        if found is None:
            found = self.drawn.names[key] = self._name(kind, entity_id, count)
        return found

    def _name(self, kind: str, entity_id: str, count: Count | None) -> Name:
        other_lang = NAME_LANG[self.words.other]
        if (kind, entity_id) in self.holdings.called:
            label, other = self.holdings.called[kind, entity_id], ""
        else:
            label, other = self.label(entity_id), self.label(entity_id, other_lang)
        if count is None:
            focus = len(self.holdings.focus_on(entity_id)) if kind == "alliance" else 0
            count = Count(entity_id, len(self.holdings.on(kind, entity_id)), focus)
        return Name(
            kind=kind,
            id=entity_id,
            label=label,
            lang=script_of(label) if kind in ("person", "journal") else self.name_lang,
            other=other if other != label else "",
            other_lang=other_lang,
            href=self.addresses.entity(kind, entity_id, self.words.lang, self.here),
            works=count.works,
            focus=count.focus,
        )

    def names(self, kind: str, counts: Iterable[Count]) -> list[Name]:
        """Entities with the counts given."""
        return [self.name(kind, count.id, count) for count in counts]

    def line(self, number: int) -> Line:
        """A work in one line, with a stand-in for a title that is not there."""
        found = self.drawn.lines.get(number)
        if found is None:
            found = self.drawn.lines[number] = work_line(self.holdings.works[number], self)
        return found

    def lines(self, numbers: Iterable[int]) -> list[Line]:
        """Works in one line each, in the order of their positions."""
        return [self.line(number) for number in sorted(numbers)]

    def evidence(self, kind: str, entity_id: str, numbers: Sequence[int]) -> list[Evidence]:
        """Works with the sentences that speak of an entity, in the order of their positions."""
        found = []
        for number in numbers:
            tagged = self.holdings.works[number]
            mentions: Sequence[Mention] = getattr(tagged, TAGGED_KINDS[kind]).get(entity_id, ())
            cut = sentences_with(tagged, kind, entity_id, mentions)  # type: ignore[arg-type]
            shown, more = cut[:_SENTENCES_SHOWN], max(len(cut) - _SENTENCES_SHOWN, 0)
            found.append(Evidence(self.line(number), entity_id in tagged.focus, tuple(shown), more))
        return found

    def rule(self, rule_id: str) -> str:
        """A rule's name; its id where no table names it."""
        rule = self.holdings.authority.rules.get(rule_id)
        return rule.labels.get(self.name_lang, rule_id) if rule else rule_id

    def rule_meaning(self, rule_id: str) -> str:
        """What a rule looks for."""
        rule = self.holdings.authority.rules.get(rule_id)
        if rule is None:
            return ""
        return rule.definition.get(self.name_lang, "")

    def doi_link(self, doi: str | None) -> str | None:
        """The resolver's address of a DOI, None where it is not one."""
        return f"https://doi.org/{quote(doi, safe='/:;().,-_~')}" if doi and _DOI.fullmatch(doi) else None


def names_of(names: Sequence[str], lang: str, most: int) -> str:
    """A byline, in the manner of the language of the work; beyond `most` names cut with "et al." or 等.

    >>> names_of(("A. Doe", "B. Roe"), "en", 1), names_of(("张三", "李四"), "zh-Hans", 4)
    ('A. Doe et al.', '张三、李四')
    """
    words = Words("zh" if lang.startswith("zh") else "en")
    shown = words("list_comma").join(names[:most])
    return f"{shown} {words('and_others')}" if len(names) > most else shown


def script_of(name: str) -> str:
    """Language to set a name in, told by its first letter: Han or Latin."""
    return "zh-Hans" if re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", name) else "und"


def work_line(tagged: TaggedWork, desk: Desk) -> Line:
    """A work in one line: the main title, else another language's, else the stand-in."""
    work = tagged.work
    titled = [(text.title, text.lang) for text in work.texts if text.title is not None]
    second: tuple[str | None, str | None] = (None, None)
    if titled:
        title, lang = titled[0]
        others = [pair for pair in titled[1:] if pair[1][:2] != lang[:2]]
        if others:
            second = others[0]
    else:
        title = stand_in(next((text.abstract for text in work.texts if text.abstract is not None), None))
        lang = work.lang
    return Line(
        id=tagged.id,
        title=title,
        lang=lang,
        is_stand_in=not titled,
        second=second[0],
        second_lang=second[1],
        authors=work.authors,
        journal=work.journal,
        year=work.year,
        href=desk.addresses.entity("work", tagged.id, desk.words.lang, desk.here),
        focus=tagged.focus,
        text_langs=tuple(dict.fromkeys(text.lang for text in work.texts)),
    )


def sentences_with(tagged: TaggedWork, kind: MarkKind, tag: str, mentions: Sequence[Mention]) -> list[Sentence]:
    """The sentences that hold mentions of a tag, in the order of the fields, with those mentions marked."""
    fields = tagged.work.fields()
    langs = tagged.work.field_langs()
    found: list[Sentence] = []
    for field, text in fields.items():
        marks = [Mark(kind, tag, mention) for mention in mentions if mention.field == field]
        if not marks:
            continue
        spans = [(0, len(text))] if field.startswith("title") else sentence_spans(text)
        places: dict[tuple[int, int], list[Mark]] = {}
        for found_mark in marks:
            place = sentence_around(spans, found_mark.mention.start, found_mark.mention.end)
            places.setdefault(place, []).append(found_mark)
        for (start, end), inside in sorted(places.items()):
            rules = tuple(dict.fromkeys(found_mark.mention.rule for found_mark in inside))
            found.append(Sentence(mark(text, inside, start, end), langs[field], rules))
    return found


def all_marks(tagged: TaggedWork, field: str) -> list[Mark]:
    """All marks in one field of a work."""
    return marks_by_field(tagged).get(field, [])
