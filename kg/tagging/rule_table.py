"""Which rules of the grammar can match in a sentence. In: the rules of a language, a masked text. Out: rules to be tried.

One automaton looks for the words that a rule asks for and for the literals without which its regular expression cannot match.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import kg.cache
from kg.tagging.bond_rules import BondRule
from kg.tagging.needed import needed
from kg.tagging.words import COMMON

_OF_TWO: Final = frozenset({"within", "cross", "all"})  # modes of rules that need two states in the sentence


class RuleTable:
    """The rules of a language, chosen by sets of bits: bit n is rule n, or the n-th set of literals of which a rule needs one."""

    def __init__(self, table: Sequence[BondRule], shortest: int) -> None:
        import ahocorasick_rs

        self._rules = table
        self._needs: list[int] = []
        self._chosen: dict[int, tuple[tuple[BondRule, int], ...]] = {}
        words: dict[str, int] = {}
        literals: dict[str, int] = {}
        sets: dict[frozenset[str], int] = {}
        self.wordless = self.of_one = self.of_last = 0
        for number, (rule, all_needed) in enumerate(zip(table, _needed(table, shortest), strict=True)):
            bit = 1 << number
            for word in rule.words:
                words[word] = words.get(word, 0) | bit
            if not rule.words:
                self.wordless |= bit
            if rule.mode == "last":
                self.of_last |= bit
            if rule.mode not in _OF_TWO:
                self.of_one |= bit
            needs = 0
            for one_of in all_needed:
                if COMMON.isdisjoint(literal.strip() for literal in one_of):  # else it is met nearly everywhere
                    needs |= sets.setdefault(one_of, 1 << len(sets))
            self._needs.append(needs)
        for one_of, bit in sets.items():
            for literal in one_of:
                literals[literal] = literals.get(literal, 0) | bit
        looked_for = list(dict.fromkeys((*words, *literals)))
        self._bits = [(words.get(word, 0), literals.get(word, 0)) for word in looked_for]
        self._finder = ahocorasick_rs.AhoCorasick(
            looked_for,
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def with_words(self, masked: str, sentences: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
        """For each sentence the rules that have a word in it, and the sets of which it has a literal."""
        found = [0] * len(sentences)
        met = [0] * len(sentences)
        bits = self._bits
        place = 0
        for index, _, end in self._finder.find_matches_as_indexes(masked, overlapping=True):
            while end > sentences[place][1] and place + 1 < len(sentences):
                place += 1
            of_rules, of_sets = bits[index]
            found[place] |= of_rules
            met[place] |= of_sets
        return found, met

    def chosen(self, wanted: int) -> tuple[tuple[BondRule, int], ...]:
        """The rules of some bits, in order, each with the sets that it needs."""
        chosen = self._chosen.get(wanted)
        if chosen is None:
            if len(self._chosen) >= _MOST_CHOICES:
                self._chosen.clear()
            both = zip(self._rules, self._needs, strict=True)
            chosen = tuple(rule for number, rule in enumerate(both) if wanted >> number & 1)
            self._chosen[wanted] = chosen
        return chosen


_MOST_CHOICES: Final = 4_096  # sets of rules that are kept


def _needed(table: Sequence[BondRule], shortest: int) -> list[tuple[frozenset[str], ...]]:
    """What each rule needs, from the cache where it has it."""
    code = Path(__file__).with_name("needed.py").read_bytes()
    key = "\n".join([str(shortest), *(rule.regex.pattern for rule in table)]).encode()
    place = kg.cache.place("rules", hashlib.sha256(code + key).hexdigest())
    kept = kg.cache.read(place)
    if not isinstance(kept, list):
        kept = [needed(rule.regex, shortest) for rule in table]
        kg.cache.write(place, kept)
    return kept
