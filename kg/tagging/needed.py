"""What must stand in a text for a regular expression to match there. In: an expression. Out: sets of literals, of each of which one is needed.

An automaton looks for the literals of all expressions at once; only those whose sets are all met are then tried. What this module
does not understand of an expression it asks nothing for, so that it never keeps one from matching.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

_MOST: Final = 64  # alternatives of a set; more are left out
_parser: Final[Any] = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")


def needed(regex: re.Pattern[str], shortest: int) -> tuple[frozenset[str], ...]:
    """Sets of literals: wherever the expression matches, one literal of each set stands inside the match.

    Parameters
    ----------
    regex : Pattern
    shortest : int
        Characters that every literal of a set has at the least, blanks not counted; sets with shorter ones are left out.

    >>> [sorted(words) for words in needed(re.compile("the all(?:y|ies) .{0,9}of (?:war|peace)?"), 4)]
    [['the allies ', 'the ally ']]
    """
    if regex.flags & re.IGNORECASE:
        return ()
    found = _Sets(shortest)
    found.read(_parser.parse(regex.pattern, regex.flags))
    found.cut()
    return tuple(dict.fromkeys(map(_shortest, found.sets)))


def _shortest(words: frozenset[str]) -> frozenset[str]:
    """Without those that hold another one: where they stand it stands too."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(other in word for other in kept):
            kept.append(word)
    return frozenset(kept)


class _Sets:
    """Reads an expression from left to right; holds the literals that what it read last can be."""

    def __init__(self, shortest: int) -> None:
        self.sets: list[frozenset[str]] = []
        self._shortest = shortest
        self._ends: list[str] = [""]

    def cut(self) -> None:
        """What follows need not join what was read."""
        if all(len(end.replace(" ", "")) >= self._shortest for end in self._ends):
            self.sets.append(frozenset(self._ends))
        self._ends = [""]

    def join(self, ways: Sequence[str]) -> None:
        """One of some literals follows."""
        if len(self._ends) * len(ways) > _MOST:
            self.cut()
        self._ends = [end + way for end in self._ends for way in ways]

    def read(self, parts: Iterable[tuple[Any, Any]]) -> None:
        """Parts of an expression, one after the other."""
        for kind, value in parts:
            name = str(kind)
            ways = _ways(kind, value)
            if ways is not None and len(ways) <= _MOST:
                self.join(ways)
            elif name == "SUBPATTERN" and not value[1] and not value[2]:
                self.read(value[3])
            elif name == "BRANCH":
                self.cut()
                self._read_branches(value[1])
            elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                self.cut()
                if value[0]:
                    self.read(value[2])
                    self.cut()
            elif name not in ("AT", "ASSERT", "ASSERT_NOT"):
                self.cut()

    def _read_branches(self, branches: Iterable[Any]) -> None:
        """Alternatives too many or too open to be listed: one set of each, where each has one."""
        union: set[str] = set()
        for branch in branches:
            sets = _Sets(self._shortest)
            sets.read(branch)
            sets.cut()
            if not sets.sets:
                return
            union |= max(sets.sets, key=lambda words: (min(map(len, words)), -len(words)))
        if len(union) <= _MOST:
            self.sets.append(frozenset(union))


def _ways(kind: Any, value: Any) -> list[str] | None:
    """The literals that a part can match, None where they cannot be listed."""
    name = str(kind)
    if name == "LITERAL":
        return [chr(value)]
    if name == "IN":
        if all(str(item) == "LITERAL" for item, _ in value):
            return [chr(code) for _, code in value]
        return None
    if name == "SUBPATTERN":
        return _ways_of_all(value[3]) if not value[1] and not value[2] else None
    if name == "BRANCH":
        ways = [_ways_of_all(branch) for branch in value[1]]
        return None if None in ways else list(dict.fromkeys(way for some in ways for way in some or ()))
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] == 0 and value[1] == 1:
        once = _ways_of_all(value[2])
        return None if once is None else list(dict.fromkeys(["", *once]))
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return [""]
    return None


def _ways_of_all(parts: Iterable[tuple[Any, Any]]) -> list[str] | None:
    """The literals that parts one after the other can match."""
    whole = [""]
    for kind, value in parts:
        ways = _ways(kind, value)
        if ways is None or len(whole) * len(ways) > _MOST:
            return None
        whole = [begun + way for begun in whole for way in ways]
    return whole
