"""Show why a text has its tags. In: a tagged work, the authority. Out: marked text and reasons, as text or HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.model import Mention, TaggedWork
from kg.tables import plain, terminal_table
from kg.views.marking import Group, MarkKind, mark, marks_by_field

if TYPE_CHECKING:
    from kg.authority import Authority

#: Colours of a terminal for each kind; the text itself says the kind too.
_COLOURS: Final[dict[MarkKind, int]] = {"state": 34, "alliance": 33, "concept": 32, "group": 35}
#: Marks in the colours of the pages, for text on white.
MARKS: Final = (
    "mark{background:#fff1a8;border-radius:3px;color:inherit;border-bottom:2px solid}"
    ".state{border-color:#00619e}.alliance{border-color:#b34400}.concept{border-color:#00725c}"
    ".group{border-color:#7a2a72}"
)
_CSS: Final = (
    "body{font:16px/1.7 system-ui,sans-serif;max-width:44em;margin:2em auto;padding:0 1em;"
    "color:#1b1f24;background:#fff}"
    "table{border-collapse:collapse;font-size:.875rem;margin:1em 0}th,td{text-align:left;padding:.2em .8em .2em 0;"
    "border-bottom:1px solid #d5dae0;vertical-align:top}caption{text-align:left;font-weight:600;padding:.5em 0}"
)
_KIND_OF: Final[dict[str, MarkKind]] = {
    "states": "state",
    "alliances": "alliance",
    "groups": "group",
    "concepts": "concept",
}


class Reason(NamedTuple):
    """One mention: where it stands, what it supports, and by which rule."""

    field: str
    start: int
    end: int
    surface: str
    kind: MarkKind
    tag: str
    label: str
    rule: str
    confidence: float


class Doubt(NamedTuple):
    """A reading that was considered and not taken."""

    field: str
    start: int
    surface: str
    kind: MarkKind
    tag: str
    label: str
    why: str


def reasons(tagged: TaggedWork, authority: Authority, lang: str) -> list[Reason]:
    """Every mention in the order of the text."""
    found = [
        Reason(field, m.start, m.end, m.surface, kind, tag, authority.label(tag, lang), m.rule, m.confidence)
        for field, marks in marks_by_field(tagged).items()
        for kind, tag, m in marks
    ]
    fields = list(tagged.work.fields())
    return sorted(
        found, key=lambda reason: (fields.index(reason.field), reason.start, -reason.end, reason.kind, reason.tag)
    )


def doubts(tagged: TaggedWork, authority: Authority, lang: str) -> list[Doubt]:
    """Readings that were rejected, in the order of the text; only where the tagger was asked to keep them."""

    def label(tag: str) -> str:
        return authority.label(tag, lang) if authority.kind(tag) else tag

    found = [
        Doubt(m.field, m.start, m.surface, _KIND_OF[kind], tag, label(tag), why)
        for m, kind, tag, why in tagged.rejected
        if isinstance(m, Mention)
    ]
    return sorted(set(found))


def told(tagged: TaggedWork, authority: Authority, lang: str) -> Iterator[str]:
    """A line on the periods that the work speaks of, and one on what it says of its alliances, with the words that say so."""
    if tagged.periods:
        spans = (
            f"{'' if one.first is None else one.first}–{'' if one.last is None else one.last} ({plain(one.mentions[0].surface)})"
            for one in tagged.periods
        )
        yield "periods: " + "; ".join(spans)
    if tagged.statements:
        found = (
            f"{authority.label(one.alliance, lang)} {one.kind} ({plain(one.mentions[0].surface)})"
            for one in tagged.statements
        )
        yield "statements: " + "; ".join(found)


def as_text(tagged: TaggedWork, authority: Authority, lang: str, *, coloured: bool = False, columns: int = 120) -> str:
    """For a terminal: the text with its words marked, then a line for each tag, for each rejected reading and rule."""
    parts = []
    for field, text in tagged.work.fields().items():
        groups = mark(text, marks_by_field(tagged).get(field, ()))
        parts.append(f"{field}\n{''.join(_terminal_groups(groups, coloured))}\n")
    found = reasons(tagged, authority, lang)
    if found:
        rows = [(f"{r.start}-{r.end}", r.surface, r.kind, r.tag, r.label, r.rule, r.confidence) for r in found]
        names = ("at", "words", "kind", "tag", "name", "rule", "confidence")
        parts.append(terminal_table(names, rows, columns_max=columns))
    else:
        parts.append("no state, alliance, group or concept was found\n")
    if tagged.focus:
        parts.append("focus: " + "; ".join(f"{tag} {authority.label(tag, lang)}" for tag in tagged.focus) + "\n")
    parts += [line + "\n" for line in told(tagged, authority, lang)]
    rejected = doubts(tagged, authority, lang)
    if rejected:
        rows_rejected: list[tuple[object, ...]] = [
            (d.start, d.surface, d.kind, d.tag, d.label, d.why) for d in rejected
        ]
        columns_rejected = ("at", "words", "kind", "tag", "name", "why not")
        parts.append(
            "considered and not taken\n" + terminal_table(columns_rejected, rows_rejected, columns_max=columns)
        )
    rules = sorted({reason.rule for reason in found} & authority.rules.keys())
    if rules:
        rows_rules = [(rule, authority.definition(rule, lang) or "") for rule in rules]
        parts.append("rules\n" + terminal_table(("rule", "what it says"), rows_rules, columns_max=columns))
    return "\n".join(parts)


def _terminal_groups(groups: tuple[Group, ...], coloured: bool) -> Iterator[str]:
    for group in groups:
        if not group.marks:
            yield plain(group.text)
        elif not coloured:
            yield f"[{plain(group.text)}]"
        else:
            for piece in group.pieces:
                yield f"\x1b[1;{_COLOURS[piece.kinds[0]]}m{plain(piece.text)}\x1b[0m"


def page(fragments: Sequence[str], lang: str) -> str:
    """A whole page of what `fragment` gives, self-contained."""
    head = f'<!doctype html><html lang="{escape(lang)}"><meta charset="utf-8"><title>kg explain</title>'
    return f"{head}<style>{_CSS}{MARKS}</style>{'<hr>'.join(fragments)}</html>\n"


def fragment(tagged: TaggedWork, authority: Authority, lang: str) -> str:
    """The part of a page that shows one work marked; every text in it is escaped."""
    parts = []
    for field, text in tagged.work.fields().items():
        field_lang = tagged.work.field_langs()[field]
        pieces = []
        for group in mark(text, marks_by_field(tagged).get(field, ())):
            if not group.marks:
                pieces.append(escape(group.text))
                continue
            title = "; ".join(
                f"{authority.label(found.tag, lang)} ({found.mention.rule}, {found.mention.confidence:.2f})"
                for found in group.marks
            )
            kind = group.marks[0].kind
            pieces.append(f'<mark class="{kind}" title="{escape(title)}">{escape(group.text)}</mark>')
        parts.append(f'<p lang="{escape(field_lang)}">{"".join(pieces)}</p>')
    rows = [
        (r.surface, r.kind, f"{r.label} ({r.tag})", r.rule, f"{r.confidence:.2f}")
        for r in reasons(tagged, authority, lang)
    ]
    parts.append(_html_table("tags", ("words", "kind", "tag", "rule", "confidence"), rows))
    parts += [f"<p>{escape(line)}</p>" for line in told(tagged, authority, lang)]
    rejected = [(d.surface, d.kind, f"{d.label} ({d.tag})", d.why) for d in doubts(tagged, authority, lang)]
    if rejected:
        parts.append(_html_table("considered and not taken", ("words", "kind", "tag", "why not"), rejected))
    return "".join(parts)


def _html_table(caption: str, names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{body}</table>"
