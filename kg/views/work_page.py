"""The page of a work. In: a desk and a work's id. Out: its texts marked, its tags with evidence, its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from kg.model import Mention, Statement, TaggedWork
from kg.rdf.works import name_key, person_key
from kg.views.desk import Desk, Name, work_line
from kg.views.holdings import TAGGED_KINDS
from kg.views.marking import Group, Mark, MarkKind, mark, marks_by_field

Context = Mapping[str, Any]
_NEAR: Final = 12


class Reason(NamedTuple):
    """Why some words are marked: the tag, the words, the rule and its confidence."""

    name: Name
    surface: str
    rule: str
    meaning: str
    confidence: float


class Spot(NamedTuple):
    """A group of marked words and the reasons for it; plain text has none."""

    group: Group
    reasons: tuple[Reason, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A title or an abstract, marked."""

    field: str
    lang: str
    is_title: bool
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a work with its evidence."""

    name: Name
    in_focus: bool
    mentions: tuple[Mention, ...]
    surfaces: tuple[tuple[str, str], ...]
    best: float


class Told(NamedTuple):
    """What the text says happened to an alliance."""

    name: Name
    kind: str
    surfaces: tuple[str, ...]


def work(desk: Desk, work_id: str) -> Context:
    """A work: description, texts in all its languages, tags by kind, works on the same alliances, its origin."""
    holdings = desk.holdings
    tagged = holdings.works[holdings.position[work_id]]
    record = tagged.work
    langs = record.field_langs()
    tags = {
        kind: _tags(desk, kind, getattr(tagged, kinds), tagged.focus, langs) for kind, kinds in TAGGED_KINDS.items()
    }
    return {
        "kind": "work",
        "id": work_id,
        "work": record,
        "line": work_line(tagged, desk),
        "authors": [replace(desk.name("person", person_key(name)), label=name) for name in record.authors],
        "journal": desk.name("journal", name_key(record.journal)) if record.journal else None,
        "doi_link": desk.doi_link(record.doi),
        "passages": passages_of(desk, tagged),
        "tags": tags,
        "n_tags": {kind: len(found) for kind, found in tags.items()},
        "periods": tagged.periods,
        "told": [_told(desk, statement) for statement in tagged.statements],
        "near": _near(desk, work_id),
    }


def passages_of(desk: Desk, tagged: TaggedWork, marks: Mapping[str, list[Mark]] | None = None) -> list[Passage]:
    """A work's titles and abstracts with all its marks, or with those given by field."""
    record = tagged.work
    langs = record.field_langs()
    by_field = marks_by_field(tagged) if marks is None else marks
    return [
        Passage(field, langs[field], field.startswith("title"), _spots(desk, text, by_field.get(field, [])))
        for field, text in record.fields().items()
    ]


def _spots(desk: Desk, text: str, marks: list[Mark]) -> tuple[Spot, ...]:
    spots = []
    for group in mark(text, marks):
        reasons = tuple(_reason(desk, found) for found in group.marks)
        summary = "; ".join(
            f"{desk.words('kind_' + reason.name.kind)}: {reason.name.label} ({reason.rule})" for reason in reasons
        )
        spots.append(Spot(group, reasons, summary))
    return tuple(spots)


def _reason(desk: Desk, found: Mark) -> Reason:
    mention = found.mention
    return Reason(
        desk.name(found.kind, found.tag),
        mention.surface,
        desk.rule(mention.rule),
        desk.rule_meaning(mention.rule),
        mention.confidence,
    )


def _tags(
    desk: Desk,
    kind: MarkKind | str,
    tags: Mapping[str, tuple[Mention, ...]],
    focus: tuple[str, ...],
    langs: Mapping[str, str],
) -> list[Tag]:
    found = [
        Tag(
            desk.name(kind, tag),
            kind == "alliance" and tag in focus,
            mentions,
            tuple(dict.fromkeys((mention.surface, langs.get(mention.field, "und")) for mention in mentions)),
            max((mention.confidence for mention in mentions), default=0.0),
        )
        for tag, mentions in tags.items()
    ]
    return sorted(found, key=lambda tag: (not tag.in_focus, -len(tag.mentions), tag.name.id))


def _told(desk: Desk, statement: Statement) -> Told:
    surfaces = tuple(dict.fromkeys(mention.surface for mention in statement.mentions))
    return Told(desk.name("alliance", statement.alliance), statement.kind, surfaces)


def _near(desk: Desk, work_id: str) -> list[Any]:
    """Works on the same alliances: those that share most of them first, alliances in focus counting twice."""
    holdings = desk.holdings
    mine = holdings.position[work_id]
    tagged = holdings.works[mine]
    score: Counter[int] = Counter()
    for alliance in tagged.alliances:
        score.update(holdings.on("alliance", alliance))
        if alliance in tagged.focus:
            score.update(holdings.focus_on(alliance))
    score.pop(mine, None)
    nearest: list[int] = []
    for points in sorted(set(score.values()), reverse=True):
        nearest += sorted(number for number, found in score.items() if found == points)
        if len(nearest) >= _NEAR:
            break
    return [desk.line(number) for number in nearest[:_NEAR]]
