"""Mark the words of a text that support tags. In: a text and its mentions. Out: segments, groups and sentences.

Mentions nest (a state inside an alliance) and overlap. The text is cut at every border, so that each piece knows all
mentions that cover it; pieces that hang together by a mention form a group, which is what a reader points at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Literal, NamedTuple

from kg.model import Mention, TaggedWork
from kg.text import fold, sentences

MarkKind = Literal["state", "alliance", "group", "concept"]
MARK_KINDS: tuple[MarkKind, ...] = ("alliance", "state", "concept", "group")
_KIND_OF = {"states": "state", "alliances": "alliance", "groups": "group", "concepts": "concept"}


class Mark(NamedTuple):
    """One mention with the tag that it supports."""

    kind: MarkKind
    tag: str
    mention: Mention


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the kinds of tags that it is evidence for; none for plain text."""

    text: str
    kinds: tuple[MarkKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that belong together, and the marks in them, the longest first."""

    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def text(self) -> str:
        """The group's words."""
        return "".join(piece.text for piece in self.pieces)


def marks_by_field(tagged: TaggedWork) -> dict[str, list[Mark]]:
    """All marks of a work, by the field that they stand in."""
    found: dict[str, list[Mark]] = {}
    for kinds, kind in _KIND_OF.items():
        for tag, mentions in getattr(tagged, kinds).items():
            for mention in mentions:
                found.setdefault(mention.field, []).append(Mark(kind, tag, mention))  # type: ignore[arg-type]
    return found


def mark(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> tuple[Group, ...]:
    """Cut a text, or the part of it from `start` to `end`, into groups.

    Parameters
    ----------
    text : str
    marks : iterable of Mark
        In any order; those that do not lie inside the part are passed over.
    start, end : int
        Half-open code-point offsets of the part.

    Returns
    -------
    tuple of Group
        Their texts joined are ``text[start:end]``.

    Examples
    --------
    >>> state = Mark("state", "JPN", Mention("abstract", 1, 2, "日", "r", 1.0))
    >>> alliance = Mark("alliance", "JPN-USA", Mention("abstract", 0, 4, "美日同盟", "r", 1.0))
    >>> [[(piece.text, piece.kinds) for piece in group.pieces] for group in mark("美日同盟。", [state, alliance])]
    [[('美', ('alliance',)), ('日', ('alliance', 'state')), ('同盟', ('alliance',))], [('。', ())]]
    """
    end = len(text) if end is None else end
    inside = sorted(
        {found for found in marks if start <= found.mention.start < found.mention.end <= end},
        key=lambda found: (found.mention.start, -found.mention.end, MARK_KINDS.index(found.kind), found.tag),
    )
    groups: list[Group] = []
    at = start
    position = 0
    while position < len(inside):
        members = [inside[position]]
        border = inside[position].mention.end
        position += 1
        while position < len(inside) and inside[position].mention.start < border:
            members.append(inside[position])
            border = max(border, inside[position].mention.end)
            position += 1
        first = members[0].mention.start
        if first > at:
            groups.append(Group((Piece(text[at:first]),)))
        groups.append(Group(_pieces(text, members, first, border), tuple(members)))
        at = border
    if at < end:
        groups.append(Group((Piece(text[at:end]),)))
    return tuple(groups)


def _pieces(text: str, members: Sequence[Mark], first: int, last: int) -> tuple[Piece, ...]:
    borders = sorted({first, last, *(m.mention.start for m in members), *(m.mention.end for m in members)})
    pieces: list[Piece] = []
    for left, right in pairwise(borders):
        covering = {member.kind for member in members if member.mention.start <= left and member.mention.end >= right}
        kinds = tuple(kind for kind in MARK_KINDS if kind in covering)
        if pieces and pieces[-1].kinds == kinds:
            pieces[-1] = Piece(pieces[-1].text + text[left:right], kinds)
        else:
            pieces.append(Piece(text[left:right], kinds))
    return tuple(pieces)


@lru_cache(maxsize=8_192)
def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open offsets of the sentences of a text, blanks at their ends left out."""
    folded = fold(text)
    spans = []
    previous = 0
    found = sentences(folded)
    for number, (_, end) in enumerate(found):
        last = len(text) if number == len(found) - 1 else folded.raw_span(end - 1, end)[1]
        left, right = previous, last
        while left < right and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if left < right:
            spans.append((left, right))
        previous = last
    return tuple(spans)


def sentence_around(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Offsets of the sentence, or the run of sentences, that holds a span.

    >>> sentence_around([(0, 5), (5, 9)], 6, 7), sentence_around([(0, 5), (5, 9)], 4, 6)
    ((5, 9), (0, 9))
    """
    first = max(bisect_right(spans, start, key=itemgetter(0)) - 1, 0)
    last = max(bisect_right(spans, end - 1, key=itemgetter(0)) - 1, 0)
    if not spans:
        return start, end
    return min(spans[first][0], start), max(spans[last][1], end)
