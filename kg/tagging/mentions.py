"""What the steps of tagging hand on. In: nothing. Out: values in offsets of the folded text, made by one step, read by the next."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from kg.tagging.scanner import Scan


class StateMention(NamedTuple):
    """A state in a folded text: its own span, the tag, the rule, how sure it is, the span shown as evidence, its role."""

    start: int
    end: int
    tag: str
    rule: str
    confidence: float
    shown_start: int
    shown_end: int
    role: str


class Refused(NamedTuple):
    """A reading that was considered and not taken."""

    start: int
    end: int
    tag: str
    why: str


class Field(NamedTuple):
    """A field on its way through the tagger.

    Attributes
    ----------
    masked : str
        The folded text in which states are marks (`kg.tagging.patterns`).
    lang : str
        ``zh`` or ``en``: whose grammar and patterns apply.
    sentences : list of (int, int)
        Half-open spans of the folded text.
    begins : list of int
        Where these begin.
    """

    name: str
    scan: Scan
    states: list[StateMention]
    masked: str
    lang: str
    sentences: list[tuple[int, int]]
    begins: list[int]

    def sentence_at(self, position: int) -> int:
        """The number of the sentence in which a position of the folded text lies."""
        return max(0, bisect_right(self.begins, position) - 1)


class Bond(NamedTuple):
    """An alliance in a field: number of the field, span in its folded text, tag, rule, confidence."""

    field: int
    start: int
    end: int
    tag: str
    rule: str
    confidence: float


class Bonds(NamedTuple):
    """The alliances of a work and those that it is about."""

    mentions: list[Bond]
    focus: list[Bond]
