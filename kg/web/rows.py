"""What the JSON interface says of things. In: a desk, ids. Out: plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.views.desk import Desk
from kg.views.holdings import Count

if TYPE_CHECKING:
    from kg.find import Found

Json = dict[str, Any]


def names(desk: Desk, kind: str, entity_id: str) -> Json:
    """An entity's names in each language; a person or a journal has one."""
    if (kind, entity_id) in desk.holdings.called:
        return {"und": desk.holdings.called[kind, entity_id]}
    return {lang: desk.label(entity_id, lang) for lang in ("en", "zh-Hans", "zh-Hant")}


def counted(desk: Desk, kind: str, count: Count) -> Json:
    """An entity with the number of works."""
    row: Json = {"kind": kind, "id": count.id, "names": names(desk, kind, count.id), "works": count.works}
    return row | ({"focus": count.focus} if kind == "alliance" else {})


def entity_row(desk: Desk, kind: str, entity_id: str, *, full: bool = False) -> Json:
    """An entity; with `full` all that its page shows."""
    if kind == "work":
        return work_row(desk, desk.holdings.position[entity_id], full=full)
    holdings = desk.holdings
    numbers = holdings.on(kind, entity_id)
    focus = len(holdings.focus_on(entity_id)) if kind == "alliance" else 0
    row = counted(desk, kind, Count(entity_id, len(numbers), focus))
    if not full:
        return row
    row["years"] = [year._asdict() for year in holdings.years(numbers)]
    for other in ("alliance", "state", "concept", "group", "person", "journal"):
        counts = [count for count in holdings.counts(other, numbers) if (other, count.id) != (kind, entity_id)]
        row[f"{other}s"] = [counted(desk, other, count) for count in counts[:50]]
    if kind == "alliance":
        row["members"] = list(holdings.authority.members(entity_id))
        row["similar"] = [{"id": other, "likeness": round(near, 4)} for other, near in holdings.similar(entity_id)]
    if kind == "concept":
        concept = holdings.authority.concepts[entity_id]
        row |= {"broader": list(concept.broader), "narrower": list(holdings.authority.narrower(entity_id))}
        row["definition"] = dict(concept.definition)
    row["work_ids"] = [holdings.ids[number] for number in sorted(numbers)[:1000]]
    return row


def work_row(desk: Desk, number: int, *, full: bool = False) -> Json:
    """A work; with `full` its texts and mentions as in the JSON Lines of a build."""
    from kg import jsonl

    tagged = desk.holdings.works[number]
    if full:
        return jsonl.to_json(tagged)
    line = desk.line(number)
    return {
        "kind": "work",
        "id": tagged.id,
        "title": None if line.is_stand_in else line.title,
        "stand_in": line.title if line.is_stand_in else None,
        "second_title": line.second,
        "lang": line.lang,
        "authors": list(line.authors),
        "journal": line.journal,
        "year": line.year,
        "alliances": list(tagged.alliances),
        "focus": list(tagged.focus),
        "href": line.href,
    }


def found_row(desk: Desk, found: Found) -> Json:
    """A work that was found, with the sentences that say why."""
    number = desk.holdings.position.get(found.id)
    row: Json = work_row(desk, number) if number is not None else {"kind": "work", "id": found.id, "title": found.title}
    row["evidence"] = [
        {
            "tag": one.tag,
            "kind": one.kind,
            "sentence": one.sentence,
            "field": one.field,
            "start": one.start,
            "end": one.end,
            "surface": one.surface,
            "rule": one.rule,
            "confidence": one.confidence,
        }
        for one in found.evidence
    ]
    return row
