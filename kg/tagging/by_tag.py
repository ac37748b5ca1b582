"""What was found, by tag, with its words as they stand in the text. In: what the steps found. Out: the tags of a work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from kg.model import KINDS, Mention, Period, Rejection, Statement, StatementKind, TaggedWork, Tags
from kg.tagging.mentions import Bond, Field, StateMention
from kg.tagging.periods import find_periods, longest
from kg.tagging.scanner import Scan
from kg.tagging.statements import find_statements
from kg.text import fold


def state_tags(scans: list[tuple[str, Scan]], states: list[list[StateMention]]) -> Tags:
    """Mentions of states by tag; as `_tags`, without its detours, since every work passes here."""
    gathered: dict[str, dict[tuple[str, int, int], Mention]] = {}
    for (name, scanned), here_found in zip(scans, states, strict=True):
        if not here_found:
            continue
        folded = scanned.folded
        raw = folded.raw
        same = folded.same_offsets
        for found in here_found:
            first, last = found.shown_start, found.shown_end
            if not same:
                first, last = folded.raw_span(first, last)
            here = gathered.setdefault(found.tag, {})
            key = (name, first, last)
            known = here.get(key)
            if known is None or known.confidence < found.confidence:
                confidence = round(found.confidence, 3)
                here[key] = Mention(name, first, last, raw[first:last], found.rule, confidence)
    return {tag: tuple(gathered[tag].values()) for tag in sorted(gathered)}


def tags(found: Iterable[tuple[Field, str, int, int, str, float]]) -> Tags:
    """Mentions by tag in the order of the contract: ids sorted, mentions by field and place, each place once."""
    gathered: dict[str, dict[tuple[str, int, int], Mention]] = defaultdict(dict)
    for field, tag, start, end, rule, confidence in found:
        folded = field.scan.folded
        raw = folded.raw
        first, last = (start, end) if folded.same_offsets else folded.raw_span(start, end)
        surface = raw[first:last]
        if surface[:1].isspace() or surface[-1:].isspace():
            first += len(surface) - len(surface.lstrip())
            surface = surface.strip()
            last = first + len(surface)
        here = gathered[tag]
        key = (field.name, first, last)
        known = here.get(key)
        if known is None or known.confidence < confidence:
            here[key] = Mention(field.name, first, last, surface, rule, round(confidence, 3))
    return {tag: tuple(gathered[tag].values()) for tag in sorted(gathered)}


def _mention(field: Field, start: int, end: int, rule: str, confidence: float) -> Mention:
    first, last = field.scan.folded.raw_span(start, end)
    return Mention(field.name, first, last, field.scan.folded.raw[first:last], rule, confidence)


def periods(fields: list[Field]) -> tuple[Period, ...]:
    """Periods in order of their years, each once with all its mentions."""
    gathered: dict[tuple[int | None, int | None], list[Mention]] = defaultdict(list)
    for field in fields:
        for found in longest(find_periods(field.scan.folded.text)):
            gathered[found.first, found.last].append(_mention(field, found.start, found.end, found.rule, 0.9))
    order = sorted(gathered, key=lambda years: (years[0] if years[0] is not None else -9999, years[1] or 9999))
    return tuple(Period(first, last, tuple(gathered[first, last])) for first, last in order)


def statements(fields: list[Field], bonds: list[Bond]) -> tuple[Statement, ...]:
    """Statements by alliance and kind, each once with all its mentions."""
    gathered: dict[tuple[str, StatementKind], dict[tuple[str, int, int], Mention]] = defaultdict(dict)
    for found in find_statements(fields, bonds):
        mention = _mention(fields[found.field], found.start, found.end, "statement-pattern", 0.7)
        gathered[found.alliance, found.kind][mention.field, mention.start, mention.end] = mention
    return tuple(
        Statement(alliance, kind, tuple(mentions.values())) for (alliance, kind), mentions in sorted(gathered.items())
    )


def without(tagged: TaggedWork, exclusions: AbstractSet[tuple[str, str, str]]) -> TaggedWork:
    """A tagged work without the mentions that a user has said are none: (folded surface, kind or empty, id or empty)."""
    rejected = list(tagged.rejected)
    kept: dict[str, Tags] = {}
    for kind in KINDS:
        tags: dict[str, tuple[Mention, ...]] = {}
        for tag, mentions in tagged.tags(kind).items():
            left = []
            for mention in mentions:
                surface = fold(mention.surface).text
                if any((surface, k, t) in exclusions for k in (kind, "") for t in (tag, "")):
                    rejected.append(Rejection(mention, kind, tag, "your own list says that this is not that"))
                else:
                    left.append(mention)
            if left:
                tags[tag] = tuple(left)
        kept[kind] = tags
    focus = tuple(tag for tag in tagged.focus if tag in kept["alliances"])
    return replace(
        tagged,
        states=kept["states"],
        alliances=kept["alliances"],
        groups=kept["groups"],
        concepts=kept["concepts"],
        focus=focus,
        focus_evidence={tag: tagged.focus_evidence[tag] for tag in focus},
        statements=tuple(statement for statement in tagged.statements if statement.alliance in kept["alliances"]),
        rejected=tuple(rejected),
    )


def above(tagged: TaggedWork, confidence: float, keep_rejected: bool) -> TaggedWork:
    """A tagged work with only the mentions of at least this confidence; the others among the rejected where these are kept."""
    kept = tagged.above(confidence)
    if not keep_rejected:
        return kept
    unsure = tuple(
        Rejection(mention, kind, tag, f"less sure than the {confidence:g} that was asked for")
        for kind in KINDS
        for tag, mentions in tagged.tags(kind).items()
        for mention in mentions
        if mention.confidence < confidence
    )
    return replace(kept, rejected=(*kept.rejected, *unsure))
