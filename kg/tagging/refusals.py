"""What was considered and not taken, for `kg explain`. In: scans and refused readings. Out: rejections with their reasons.

Nothing here runs when works are only tagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kg.model import Mention, Rejection
from kg.tagging.lexicon import ANY, BLOCK, CUE, HEAD, Lexicon
from kg.tagging.mentions import Field, Refused
from kg.tagging.scanner import Scan

if TYPE_CHECKING:
    from kg.authority import Authority

_SHOWN: Final = 6


def kept_away(found: Scan, lexicon: Lexicon) -> list[Refused]:
    """Names that stand inside a longer word and are not meant there: Mali in Somalia is none, 马里 in 马里兰州 is one."""
    blocks = [match for match in found.names if match.entry.kind == BLOCK]
    if not blocks:
        return []
    text = found.folded.text
    refused: dict[tuple[int, int, str], Refused] = {}
    for index, start, end in lexicon.names.find_matches_as_indexes(text, overlapping=True):
        entry = lexicon.entries[index] if index < len(lexicon.entries) else None
        if entry is None or entry.kind in (BLOCK, HEAD, CUE) or not entry.readings:
            continue
        if entry.latin and (
            text[start - 1 : start].isalnum() or (text[end : end + 1].isascii() and text[end : end + 1].isalnum())
        ):
            continue
        if entry.casing != ANY and not found.caseless and found.folded.surface(start, end)[:1].islower():
            continue
        for block in blocks:
            if block.start <= start and end <= block.end and block.end - block.start > end - start:
                words = found.folded.surface(block.start, block.end)
                tag = entry.readings[0][0]
                refused[start, end, tag] = Refused(start, end, tag, f"part of {words}, a word of its own")
    return list(refused.values())


def no_subject(cues: Mapping[str, float], has_core: bool, score: float, needed: float) -> str:
    """Why a text is taken for one on something else: what speaks for alliances in it, and what against."""
    if not has_core:
        return "no word here without which a text is not about alliances"
    against = sorted((weight, cue) for cue, weight in cues.items() if weight < 0)
    words = f"{', '.join(cue for _, cue in against[:_SHOWN])} speak of it; " if against else ""
    return f"a text about something else ({words}{score:.1f} of the {needed:g} that it takes)"


def rejections(
    fields: Sequence[Field], refused: Mapping[str, Iterable[Refused]], authority: Authority
) -> tuple[Rejection, ...]:
    """Refused readings as the model has them."""
    result = []
    for field in fields:
        folded = field.scan.folded
        for reading in refused.get(field.name, ()):
            first, last = folded.raw_span(reading.start, reading.end)
            mention = Mention(field.name, first, last, folded.raw[first:last], "state-context", 0.0)
            kind = authority.kind(reading.tag)
            if kind not in ("states", "alliances", "groups", "concepts"):
                kind = "states"
            result.append(Rejection(mention, kind, reading.tag, reading.why))
    return tuple(result)
