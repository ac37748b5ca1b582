"""Alliances: bonds between states that a text speaks of. In: scanned fields with states. Out: alliance mentions and the focus.

Pacts come by name (`pacts`), pairs and coalitions by the grammar (`grammar`); what a text only calls "the alliance" is resolved from the
states that it speaks of, with the table of pacts as a hint on who was allied when.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

from kg.resources import ontology_dir
from kg.tagging.focus import find_focus
from kg.tagging.grammar import Grammar
from kg.tagging.leaders import Leaders
from kg.tagging.lexicon import Lexicon, pair_id
from kg.tagging.mentions import Bond, Bonds, Field, Refused
from kg.tagging.pacts import PactFinder
from kg.tagging.pair_features import OF_TWO
from kg.tagging.pair_judge import PairJudge

if TYPE_CHECKING:
    from kg.authority import Authority

_DEFINITE_HEAD: Final = re.compile(
    r"(?<!欧洲)(?<!国家)(?<!产业)(?<!企业)(?<!大学)(?:同盟(?!国|会|军)|盟友|盟国|结盟|盟约)|\b(?:the|this|that|its|their|whose) (?:(?!article|paper|study|book|essay|analysis)[a-z\-]+ )?(?:alliance|ally|pact|security treaty|defen[cs]e treaty|patron|protector|bond)\b|\bbound (?:itself|himself) by treaty\b"
)
_REBELS: Final = re.compile(
    r"\b(?:rebel|insurgent|militant|terrorist|jihadist) (?:alliances?|coalitions?|groups?|organi[sz]ations?)|叛军|反政府武装|恐怖组织|统一战线|抗日"
)
_THEORY_ONLY: Final = re.compile(
    r"(?:同盟|联盟)(?:理论|研究|政治|思想|困境|管理|类型|概念|行为|现象)|alliance (?:theory|theories|politics|literature|formation|behaviou?r|scholars)"
)

_CREDIBLE: Final = 0.55


class AllianceFinder:
    """Finds alliances; holds the tables only."""

    def __init__(self, lexicon: Lexicon, authority: Authority) -> None:
        self._pacts = PactFinder(lexicon, authority)
        self.grammar = Grammar(lexicon, authority)
        self.judge = PairJudge(
            ontology_dir() / "weights", self.grammar, Leaders(ontology_dir() / "tables" / "leaders.csv")
        )

    def find(
        self, fields: Sequence[Field], years: Sequence[int], refused: dict[str, list[Refused]] | None = None
    ) -> Bonds:
        """The alliances of a work.

        Parameters
        ----------
        fields : sequence of Field
            Prepared: masked, with sentences.
        years : sequence of int
            Years that the work speaks of.
        refused : dict, optional
            Takes the readings that were not taken, by field.
        """
        mentions = self.read(fields, years, refused)
        mentions = _unique(self.judge.judge(fields, mentions, years, refused))
        return Bonds(mentions, find_focus(mentions, fields))

    def read(
        self, fields: Sequence[Field], years: Sequence[int], refused: dict[str, list[Refused]] | None = None
    ) -> list[Bond]:
        """The bonds that names of pacts, the grammar and descriptions tell, before they are judged."""
        mentions: list[Bond] = []
        last: tuple[str, str] | None = None
        title_states = [m.tag for field in fields if field.name.startswith("title") for m in field.states]
        for number, field in enumerate(fields):
            mentions.extend(self._pacts.find(number, field, years, refused))
            if not field.states:
                continue
            found, last = self.grammar.read(number, field, years, title_states, last)
            mentions.extend(found)
        mentions = self._credible(_by_name_first(mentions), fields, refused)
        if not any(bond.confidence >= 0.6 for bond in mentions):
            mentions.extend(self._described(fields, years))
        return _unique(mentions)

    def _credible(
        self, mentions: list[Bond], fields: Sequence[Field], refused: dict[str, list[Refused]] | None
    ) -> list[Bond]:
        """Drop weak bonds of several states that are called allies nowhere, here or in the table; pairs are judged later."""
        best: dict[str, float] = {}
        for bond in mentions:
            best[bond.tag] = max(best.get(bond.tag, 0.0), bond.confidence)
        if refused is not None:
            for bond in mentions:
                if best[bond.tag] < _CREDIBLE and not OF_TWO.fullmatch(bond.tag):
                    why = "a tie that the text does not treat as an alliance, of states that no table has as allies"
                    refused.setdefault(fields[bond.field].name, []).append(Refused(bond.start, bond.end, bond.tag, why))
        return [bond for bond in mentions if best[bond.tag] >= _CREDIBLE or OF_TWO.fullmatch(bond.tag)]

    def _described(self, fields: Sequence[Field], years: Sequence[int]) -> list[Bond]:
        """A work that speaks of "the alliance" and of two states that were allied, without saying both in one phrase."""
        counts: Counter[str] = Counter()
        for field in fields:
            weight = 2 if field.name.startswith("title") else 1
            for mention in field.states:
                counts[mention.tag] += weight
        ranked = [tag for tag, _ in counts.most_common(3)]
        together = {
            frozenset((one.tag, other.tag))
            for field in fields
            for begin, stop in field.sentences[:200]
            for one, other in combinations([m for m in field.states[:400] if begin <= m.start < stop], 2)
        }
        pairs = [
            (counts[one] + counts[other], pair_id(one, other))
            for one, other in combinations(ranked, 2)
            if frozenset((one, other)) in together and self.grammar.was_allied(pair_id(one, other), years)
        ]
        if not pairs or any(_REBELS.search(field.scan.folded.text) for field in fields):
            return []
        _, best = max(pairs)
        for number, field in enumerate(fields):
            text = field.scan.folded.text
            for match in _DEFINITE_HEAD.finditer(text):
                if _THEORY_ONLY.search(text, match.start(), match.end() + 16):
                    continue
                return [Bond(number, match.start(), match.end(), best, "alliance-description", 0.6)]
        return []


def _by_name_first(mentions: list[Bond]) -> list[Bond]:
    """Without what the grammar reads inside the name of a pact: 中美共同防御条约 was that of Taipei and Washington."""
    named = [bond for bond in mentions if bond.rule == "alliance-name"]
    return [
        bond
        for bond in mentions
        if not any(
            pact.field == bond.field and pact.start <= bond.start and bond.end <= pact.end and pact.tag != bond.tag
            for pact in named
        )
        or bond.rule == "alliance-name"
    ]


def _unique(mentions: list[Bond]) -> list[Bond]:
    """One mention a tag and place: the surest; nested ones of one tag give way to the shorter."""
    best: dict[tuple[int, str, int], Bond] = {}
    for bond in mentions:
        key = (bond.field, bond.tag, bond.start)
        known = best.get(key)
        if known is None or (bond.confidence, -(bond.end - bond.start)) > (
            known.confidence,
            -(known.end - known.start),
        ):
            best[key] = bond
    return sorted(best.values())
