"""Sentences as the judgement of pairs reads them: their states, words for an alliance, words, and phrases that name one party.

In: a field and its mentions. Out: its sentences, whose words are made when first asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.tagging.mentions import Field, StateMention
from kg.tagging.patterns import STATE, STATE_REST
from kg.tagging.words import COMMON, marks_of

if TYPE_CHECKING:
    from kg.tagging.words import Words

_HEAD: Final = {
    "en": re.compile(
        r"\b(?:alliances?|ally|allies|allied|pacts?|treat(?:y|ies)|patrons?|protectors?|guarant\w+|ententes?|coalitions?|league|commitments?|umbrella|security|defen[cs]e)\b"
    ),
    "zh": re.compile("同盟|联盟|盟友|盟国|结盟|盟约|条约|协定|承诺|保护|安保|防务|协防|驻军|延伸威慑|伙伴"),
}
_S: Final = f"{STATE}{STATE_REST}*"
_EN_LIST: Final = (
    f"(?P<b>{_S}(?:'s?)?(?:(?:, and |, or | and | or |, |/|-)(?:(?:with|to|the|its|later|then) )*{_S}(?:'s?)?)*)"
)
_EN_BOND: Final = (
    r"(?:alliances?|pacts?|treat(?:y|ies)|ententes?|compacts?|conventions?|bonds?|ties?|connection|friendship|"
    r"(?:defen[cs]e|security|military|mutual) (?:[a-z]+ )?(?:agreements?|accords?|partnerships?|relationships?|commitments?)|guarantees?|protectorate)"
)
_EN_PARTY: Final = (
    r"(?:ally|allies|patrons?|protectors?|guarantors?|proteges?|clients?|partners?|satellites?|friends?|guardians?)"
)
_ZH_LIST: Final = f"(?P<b>{_S}(?:[、和与及]?{_S})*)"
# Phrases that name one party of a bond and leave the other to what the text is about.
_HALF: Final = {
    "en": (
        re.compile(
            rf"\b{_EN_BOND}(?: of \d{{4}})?(?: [a-z\-]+){{0,3}} (?:with|to|upon|by|of|from) (?:[a-z\-]+ ){{0,2}}{_EN_LIST}"
        ),
        re.compile(rf"{_EN_LIST} (?:[a-z\-]+ ){{0,2}}(?:{_EN_BOND}|{_EN_PARTY}|umbrella|protection)\b"),
        re.compile(rf"\b{_EN_PARTY}(?: [a-z\-]+)?(?: of| in| to|,)? (?:[a-z]+ )?{_EN_LIST}"),
        re.compile(
            rf"\b(?:allied|bound|tied|linked|pledged|joined|aligned|guaranteed|protected|defended|armed|backed|abandoned|deserted|rescued|leaned on|relied on|depended on|turned to|looked to)(?: [a-z\-]+){{0,2}} (?:(?:to|with|by|both|also|on|the) )*{_EN_LIST}"
        ),
        re.compile(rf"\b(?:with|to) {_EN_LIST},? (?:[a-z\-]+ ){{0,6}}?(?:{_EN_BOND}|allied|signed|bound)\b"),
        re.compile(
            rf"{_EN_LIST},? (?:[a-z\-]+ ){{0,3}}?(?:promised|pledged|guaranteed|undertook|vowed|protected|accepted protection|signed|concluded|(?:is|was|are|were|became|remained) (?:[a-z\-]+ ){{0,2}}(?:bound|allied|obliged|committed|{_EN_PARTY}))\b"
        ),
    ),
    "zh": (
        re.compile(
            rf"(?:与|同|和|对|向|跟|给予?){_ZH_LIST}[^,。;{STATE}]{{0,12}}(?:结盟|同盟|联盟|条约|盟约|协定|协议|缔约|签约|防务|承诺|保证|担保|协防|军事合作|求援)"
        ),
        re.compile(
            rf"{_ZH_LIST}的?[^,。;{STATE}]{{0,6}}(?:盟友|盟国|盟主|保护|庇护|承诺|保证|同盟|联盟|驻军|靠山|附庸|伙伴|安全保障|核保护伞)"
        ),
        re.compile(
            rf"(?:盟友|盟国|盟主|靠山|保护者|保护国|依附|依靠|依赖|追随|投靠|背靠|倚重|仰仗|倒向|求助于|借助|得到|联合|背弃|抛弃)[^,。;{STATE}]{{0,6}}{_ZH_LIST}"
        ),
        re.compile(
            rf"{_ZH_LIST}[^,。;{STATE}]{{0,8}}(?:承诺|保证|答应|允诺|签署|签订|缔结|订立|加入|庇护|保护|出兵相助|相助)"
        ),
    ),
}


class Half(NamedTuple):
    """A phrase that names some parties of a bond and not the other: who stands before and after in the sentence, who was named last."""

    parties: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    last: str | None


class Sentence:
    """A sentence with what a pair asks of it."""

    __slots__ = (
        "_lang", "_marks", "_masked", "_starts", "_unigrams", "begin", "field", "halves", "heads", "mentions", "states", "stop",
    )  # fmt: skip

    def __init__(
        self,
        field: int,
        masked: str,
        begin: int,
        stop: int,
        mentions: list[StateMention],
        lang: str,
        last: str | None = None,
    ) -> None:
        self.field, self.begin, self.stop, self.mentions = field, begin, stop, mentions
        self.states = {mention.tag for mention in mentions}
        self.heads = [match.span() for match in _HEAD[lang].finditer(masked, begin, stop)]
        self.halves = [half for regex in _HALF[lang] for half in self._halves(regex, masked, last)] if mentions else []
        self._masked, self._lang = masked, lang
        self._marks: Words | None = None
        self._unigrams: frozenset[str] | None = None

    @property
    def masked(self) -> str:
        """Its text, with states as marks."""
        return self._masked[self.begin : self.stop]

    @property
    def marks(self) -> Words:
        """Its words one by one, or its characters; made when first asked for."""
        if self._marks is None:
            self._marks = marks_of(self._masked, self.begin, self.stop, self._lang)
            self._starts = [start for _, start, _ in self._marks]
        return self._marks

    @property
    def unigrams(self) -> frozenset[str]:
        """Its words, but the commonest, or every two characters."""
        if self._unigrams is None:
            shown = [mark for mark, _, _ in self.marks]
            if self._lang == "en":
                self._unigrams = frozenset("s:" + mark for mark in shown if mark not in COMMON)
            else:
                self._unigrams = frozenset(f"s:{one}{other}" for one, other in pairwise(shown))
        return self._unigrams

    def _halves(self, regex: re.Pattern[str], masked: str, last: str | None) -> Iterator[Half]:
        for match in regex.finditer(masked, self.begin, self.stop):
            first, after = match.span("b")
            parties = frozenset(mention.tag for mention in self.mentions if first <= mention.start < after)
            before = frozenset(mention.tag for mention in self.mentions if mention.start < first) - parties
            behind = frozenset(mention.tag for mention in self.mentions if mention.start >= after) - parties
            yield Half(parties, before, behind, last if last not in parties else None)

    def nearest(self, one: str, other: str) -> tuple[StateMention, StateMention]:
        """The mentions of two states that stand nearest to each other, in the order of the text."""
        pairs = (
            (abs(x.start - y.start), x.start, x, y)
            for x in self.mentions
            if x.tag == one
            for y in self.mentions
            if y.tag == other
        )
        _, _, x, y = min(pairs)
        return (x, y) if x.start <= y.start else (y, x)

    def grams(self, begin: int, end: int, lang: str) -> Iterator[str]:
        """The words of a part, and each with the next; in Chinese runs of one to three characters."""
        marks = self.marks
        shown = []
        for at in range(bisect_left(self._starts, begin), len(marks)):
            if marks[at][2] > end:
                break
            shown.append(marks[at][0])
        for at, mark in enumerate(shown):
            yield mark
            if at + 1 < len(shown):
                yield f"{mark} {shown[at + 1]}"
                if lang == "zh" and at + 2 < len(shown):
                    yield f"{mark} {shown[at + 1]} {shown[at + 2]}"


def sentences_of(number: int, field: Field, mentions: list[StateMention], lang: str) -> Iterator[Sentence]:
    """The sentences of a field; of very many states in one the first are enough."""
    starts = [mention.start for mention in mentions]
    last: str | None = None
    for begin, stop in field.sentences[:_MOST_SENTENCES]:
        here = mentions[bisect_left(starts, begin) : bisect_left(starts, stop)][:_MOST_MENTIONS]
        yield Sentence(number, field.masked, begin, min(stop, begin + _LONGEST), here, lang, last)
        if here:
            last = here[-1].tag


_MOST_SENTENCES: Final = 400  # an abstract has twenty
_MOST_MENTIONS: Final = 40
_LONGEST: Final = 4_000  # characters
