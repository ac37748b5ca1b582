"""What speaks for and against a bond of two states of a work. In: prepared fields, bonds found. Out: for each pair numbers and words.

Every two states that a text names often enough may be the allies that it is about. What is known of a pair: what the grammar found,
where and how often both are named, whether a table has them as allies in the years that the text speaks of, and the words that stand
between, before and after them where they stand in one sentence. `kg.tagging.pair_judge` makes a probability of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.tagging.lexicon import pair_id
from kg.tagging.mentions import Bond, Field, StateMention
from kg.tagging.pair_sentences import Sentence, sentences_of
from kg.tagging.words import shown_english, tokens_of_english

if TYPE_CHECKING:
    from kg.tagging.grammar import Grammar
    from kg.tagging.leaders import Leaders

OF_TWO: Final = re.compile(r"[A-Z]{3}-[A-Z]{3}")
_MOST_STATES: Final = 10  # of a work, the commonest first
_BETWEEN: Final = 120  # characters between two states whose words count
BESIDE: Final = 40  # characters beside them
_SHARE_NAMED: Final = 5


class PairFeatures(NamedTuple):
    """What is known of one pair in a work; shares and flags, about 0 to 1."""

    found: float  # the surest bond that the grammar has for it, 0 where it has none
    found_squared: float
    any: float
    sure: float  # 0.66 at least
    very_sure: float  # 0.8 at least
    n_bonds: float
    n_rules: float
    described: float  # only by description
    by_name: float  # by the name of a pact
    in_title: float  # a bond in the title
    allied: float  # by the table, about the years of the text
    allied_then: float  # with little slack
    ever_allied: float
    is_firm: float  # a treaty of their own, or led by one of them
    aligned: float  # of whatever standing, about the years
    ever_aligned: float
    no_years: float
    less_named: float
    more_named: float
    share: float  # of all mentions of states
    less_share: float
    top_two: float
    top_three: float
    has_first: float  # one of them is the most named
    n_states: float
    of_two: float
    of_three: float
    n_both: float  # sentences with both
    apart: float  # none
    once: float
    n_one: float
    alone_together: float  # sentences with these two only
    head_both: float  # sentences with both and a word for an alliance
    head_one: float
    n_heads: float
    no_head: float
    distance: float
    adjacent: float
    title_both: float
    title_one: float
    title_other: float
    title_none: float
    n_others: float  # other pairs with a sure bond
    n_shared: float  # of these with one of the two
    pact: float  # a pact of several is named
    alone: float  # no pair has a sure bond
    best_other: float
    only_known: float  # the only pair that the table has as allies
    n_known: float
    other_known: float  # others are, but not this
    head_topic: float  # a word for an alliance beside one of them, while the other is what the text turns on
    least_crowd: float  # fewest states in a sentence with both
    head_near: float  # least distance of such a word from the two in one sentence
    half: float  # phrases that name one of them as a party, up to 3
    half_here: float  # while the other stands before in the sentence
    half_after: float  # or after
    half_last: float  # or was the last state named before
    half_first: float  # or is named most
    half_title: float  # or stands in the title
    half_both: float  # phrases of either kind for both
    half_alone: float  # phrases with no other state in the sentence
    by_person: float  # one of the two is there only by a statesman
    persons: float  # a statesman stands for one of them


class PairCase:
    """The pairs of the fields of a work in one language.

    Parameters
    ----------
    fields : sequence of Field
        All of the work; bonds speak of them by their numbers.
    lang : str
        Only fields in it are looked at.
    bonds : sequence of Bond
        What grammar and names of pacts found.
    years : sequence of int
        Years that the work speaks of.
    """

    def __init__(
        self,
        grammar: Grammar,
        fields: Sequence[Field],
        lang: str,
        bonds: Sequence[Bond],
        years: Sequence[int],
        leaders: Leaders,
    ) -> None:
        self.lang = lang
        self._grammar, self._years = grammar, years
        self._fields = fields
        here = {number for number, field in enumerate(fields) if field.lang == lang}
        bonds = [bond for bond in bonds if bond.field in here]
        self._bonds: dict[str, list[Bond]] = defaultdict(list)
        for bond in bonds:
            self._bonds[bond.tag].append(bond)
        self._best = {tag: max(bond.confidence for bond in found) for tag, found in self._bonds.items()}
        self._sure = {tag for tag, best in self._best.items() if best >= 0.6 and OF_TWO.fullmatch(tag)}
        self._has_pact = any(bond.rule == "alliance-name" and not OF_TWO.fullmatch(bond.tag) for bond in bonds)
        self.counts: Counter[str] = Counter()
        self._title_states: set[str] = set()
        self._by_persons: set[str] = set()
        self._named: set[str] = set()
        self.sentences: list[Sentence] = []
        spoken_of: list[tuple[int, list[StateMention]]] = []
        for number in sorted(here):
            field = fields[number]
            is_title = field.name.startswith("title")
            persons = leaders.find(field, years)
            mentions = sorted([*field.states, *persons]) if persons else field.states
            for mention in mentions:
                self.counts[mention.tag] += 2 if is_title else 1
                if is_title:
                    self._title_states.add(mention.tag)
            self._by_persons.update(mention.tag for mention in persons)
            self._named.update(mention.tag for mention in field.states)
            spoken_of.append((number, mentions))
        self._places: dict[str, set[int]] = defaultdict(set)
        self.pairs: list[str] = []
        if len(self.counts) < 2 and not any(map(OF_TWO.fullmatch, self._bonds)):
            return
        for number, mentions in spoken_of:
            self.sentences += sentences_of(number, fields[number], mentions, lang)
        for at, sentence in enumerate(self.sentences):
            for tag in sentence.states:
                self._places[tag].add(at)
        self.pairs = self._candidates()
        self._total = sum(self.counts.values()) or 1
        self._rank = {tag: at for at, (tag, _) in enumerate(self.counts.most_common())}
        self._n_heads = sum(len(sentence.heads) for sentence in self.sentences)
        self._halves = [half for sentence in self.sentences for half in sentence.halves]
        self._known = [pair for pair in self.pairs if grammar.was_allied(pair, years)]

    @cached_property
    def all_words(self) -> set[str]:
        """The words that stand anywhere, the same for all pairs; of Chinese none, they say too little."""
        if self.lang != "en":
            return set()
        spoken: set[str] = set()
        for sentence in self.sentences:
            spoken.update(tokens_of_english(sentence.masked))
        return {"t:" + shown_english(word) for word in spoken}

    def _candidates(self) -> list[str]:
        """Pairs that the grammar found, and those of the states named most that stand in one sentence or are in the table."""
        tags = [tag for tag, _ in self.counts.most_common(_MOST_STATES) if len(tag) == 3]
        places, aligned = self._places, self._grammar.aligned
        pairs = {tag for tag in self._bonds if OF_TWO.fullmatch(tag)}
        for one, other in combinations(tags, 2):
            pair = pair_id(one, other)
            if pair in aligned or not places[one].isdisjoint(places[other]):
                pairs.add(pair)
        return sorted(pairs)

    def with_both(self, pair: str) -> list[Sentence]:
        """The sentences that name both states."""
        one, other = pair.split("-")
        return [self.sentences[at] for at in sorted(self._places[one] & self._places[other])]

    def with_one(self, pair: str) -> list[Sentence]:
        """The sentences that name just one of them."""
        one, other = pair.split("-")
        return [self.sentences[at] for at in sorted(self._places[one] ^ self._places[other])]

    def features(self, pair: str) -> PairFeatures:
        """What is known of a pair, but for its words."""
        grammar, years = self._grammar, self._years
        one, other = pair.split("-")
        both, single = self.with_both(pair), self.with_one(pair)
        bonds = self._bonds.get(pair, [])
        best = self._best.get(pair, 0.0)
        less, more = sorted((self.counts.get(one, 0), self.counts.get(other, 0)))
        first, second = sorted((self._rank.get(one, 99), self._rank.get(other, 99)))
        others = self._sure - {pair}
        distance, n_adjacent, head_near = 200, 0, 200
        for sentence in both:
            x, y = sentence.nearest(one, other)
            gap = max(0, y.start - x.end)
            distance = min(distance, gap)
            n_adjacent += gap <= _SHARE_NAMED
            for begin, end in sentence.heads:
                head_near = min(head_near, max(0, x.start - end, begin - y.end))
        n_topic = 0
        for sentence in single:
            if sentence.heads:
                absent = other if one in sentence.states else one
                n_topic += self._rank.get(absent, 99) == 0 or absent in self._title_states
        halves = self._half_named(one, other)
        n_title = (one in self._title_states) + (other in self._title_states)
        return PairFeatures(
            found=best,
            found_squared=best * best,
            any=best > 0,
            sure=best >= 0.66,
            very_sure=best >= 0.8,
            n_bonds=min(len(bonds), 4) / 4,
            n_rules=min(len({bond.rule for bond in bonds}), 3) / 3,
            described=bool(bonds) and all(bond.rule == "alliance-description" for bond in bonds),
            by_name=any(bond.rule == "alliance-name" for bond in bonds),
            in_title=any(self._fields[bond.field].name.startswith("title") for bond in bonds),
            allied=grammar.was_allied(pair, years),
            allied_then=grammar.was_allied(pair, years, 2),
            ever_allied=bool(grammar.allied.get(pair)),
            is_firm=grammar.is_firm(pair),
            aligned=grammar.was_aligned(pair, years),
            ever_aligned=pair in grammar.aligned,
            no_years=not years,
            less_named=min(less, 5) / 5,
            more_named=min(more, 8) / 8,
            share=(less + more) / self._total,
            less_share=less / self._total,
            top_two=second < 2,
            top_three=second < 3,
            has_first=first == 0,
            n_states=min(len(self.counts), 8) / 8,
            of_two=len(self.counts) == 2,
            of_three=len(self.counts) == 3,
            n_both=min(len(both), 4) / 4,
            apart=not both,
            once=len(both) == 1,
            n_one=min(len(single), 6) / 6,
            alone_together=min(sum(len(sentence.states) == 2 for sentence in both), 3) / 3,
            head_both=min(sum(bool(sentence.heads) for sentence in both), 3) / 3,
            head_one=min(sum(bool(sentence.heads) for sentence in single), 4) / 4,
            n_heads=min(self._n_heads, 8) / 8,
            no_head=self._n_heads == 0,
            distance=math.log1p(distance) / 5,
            adjacent=min(n_adjacent, 3) / 3,
            title_both=n_title == 2,
            title_one=n_title == 1,
            title_other=bool(self._title_states - {one, other}),
            title_none=not self._title_states,
            n_others=min(len(others), 4) / 4,
            n_shared=min(sum((one in tag) + (other in tag) for tag in others), 4) / 4,
            pact=self._has_pact,
            alone=not self._sure,
            best_other=max((best for tag, best in self._best.items() if tag != pair), default=0.0),
            only_known=self._known == [pair],
            n_known=min(len(self._known), 4) / 4,
            other_known=bool(self._known) and pair not in self._known,
            head_topic=min(n_topic, 3) / 3,
            least_crowd=min((min(len(sentence.states), 8) for sentence in both), default=10) / 8,
            head_near=math.log1p(head_near) / 5,
            by_person=one not in self._named or other not in self._named,
            persons=one in self._by_persons or other in self._by_persons,
            **halves,
        )

    def _half_named(self, one: str, other: str) -> dict[str, float]:
        """What phrases that name one of two states as a party say of the other."""
        counts = dict.fromkeys(
            ("half", "half_here", "half_after", "half_last", "half_first", "half_title", "half_alone"), 0
        )
        sides = set()
        for half in self._halves:
            for party, absent in ((one, other), (other, one)):
                if party not in half.parties or absent in half.parties:
                    continue
                counts["half"] += 1
                sides.add(party)
                counts["half_here"] += absent in half.before
                counts["half_after"] += absent in half.after
                counts["half_last"] += absent == half.last
                counts["half_first"] += self._rank.get(absent, 99) == 0
                counts["half_title"] += absent in self._title_states
                counts["half_alone"] += not half.before and not half.after and self._rank.get(absent, 99) <= 1
        return {name: min(n, 3) / 3 for name, n in counts.items()} | {"half_both": float(len(sides) == 2)}

    def words(self, pair: str) -> set[str]:
        """The words that stand about a pair, each with a letter for where it stands; `all_words` come to them."""
        one, other = pair.split("-")
        found: set[str] = set()
        for sentence in self.with_both(pair):
            x, y = sentence.nearest(one, other)
            found |= self.words_in(sentence, x, y)
        for sentence in self.with_one(pair):
            absent = other if one in sentence.states else one
            is_topic = self._rank.get(absent, 99) == 0 or absent in self._title_states
            found.update(("p:" if is_topic else "o:") + word[2:] for word in sentence.unigrams)
            if is_topic:
                for mention in sentence.mentions:
                    if mention.tag in (one, other):
                        found.update(
                            "l:" + word for word in sentence.grams(mention.start - 30, mention.start, self.lang)
                        )
                        found.update("r:" + word for word in sentence.grams(mention.end, mention.end + 30, self.lang))
        return found

    def words_in(self, sentence: Sentence, x: StateMention, y: StateMention) -> set[str]:
        """The words of a sentence that names both: all of them, and those between, before and after the two."""
        found = set(sentence.unigrams)
        found.update("i:" + word for word in sentence.grams(x.end, min(y.start, x.end + _BETWEEN), self.lang))
        found.update("b:" + word for word in sentence.grams(x.start - BESIDE, x.start, self.lang))
        found.update("a:" + word for word in sentence.grams(y.end, y.end + BESIDE, self.lang))
        return found
