"""The grammar of bonds at work: rules of `bond_rules` on one field after the other. In: masked fields. Out: bonds.

What a phrase leaves out is taken from what stands before it: the subject, the two states spoken of last; of several the ones that
were allied, by the table of pacts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

from kg.tagging.bond_rules import BondRule, rules
from kg.tagging.lexicon import Lexicon, led_pairs, pair_id
from kg.tagging.mentions import Bond, Field, StateMention
from kg.tagging.rule_table import RuleTable

if TYPE_CHECKING:
    from kg.authority import Authority

_FIRM_WEAK: Final = re.compile(
    r"leg|bond|bonds|axis|compact|marriage|brotherhood|trilateral\w*|pledge|三边.*|三角|铁三角|阵营|轴心"
)
_WEAK_NOUN: Final = re.compile(
    r"(?:\w+ )?(?:partnerships?|alignments?|ties|security cooperation|military cooperation|defen[cs]e cooperation|security relations|military relations|relations|friendship|understanding|cooperation|connection|links?|tie|agreement|accord)"
)
_WITH_BEFORE: Final = re.compile(r"(?:与|同|和|跟|联合|\bwith )(?:the )?$")
_NO_LISTS: Final = frozenset(
    {"zh-is-or-not", "zh-quasi", "zh-mutual-ally", "zh-treaty-signed", "en-are-allies", "en-list-pact"}
)


# What must stand in a sentence whose two states are taken for allies without a phrase that says so.
_HEAD: Final = re.compile(
    r"(?:同盟|联盟)(?!理论|研究|政治学|会|军|者|国(?!关系))|盟友|盟国|盟约|结盟|(?:共同|集体)?防御条约|互助条约|安保条约|\b(?:(?:an?|the|this|that|its|their|his|whose|formal|military|old|new) (?:[a-z\-]+ ){0,2}(?:alliance|ally|pact|mutual defen[cs]e treaty|security treaty|protector|patron)|allies|allied)\b"
)

# What allies do for each other, or fear from each other: enough for two states alone in a sentence that were allied in just those years.
_STAKE: Final = re.compile(
    r"\b(?:promises?|promised|pledges?|pledged|guarantees?|umbrella|commitments?|protection|protects?|patrons?|clients?|partners?|treaty|treaties|convention|reassur\w+|abandon(?:s|ed|ing|ment)?|desert(?:s|ed|ing|ion)|forsak\w+|rel(?:y|ied|ies|ying) on|count(?:s|ed|ing)? on|depend(?:s|ed|ing|ence)? (?:up)?on (?:the )?[\ue000-\uf8ff]|insurance|premium|sworn|loyal\w*|bases|troops|garrisons?|host[- ]nation|burdens?|dragged|entangle[ds]?|combined command|joint exercises?|compact|bond|owes?|article (?:5|v|five)|obliges?|obligations?|under one command|fought (?:beside|alongside)|stood (?:with|by)|stands? (?:with|by)|stays? loyal|rescue|reinsurance|credibility|ratifications|consult\w*|plan together|self-defen[cs]e forces)\b"
    r"|条约|承诺|保证|保护|庇护|依赖|依附|驻军|军事基地|牵连|抛弃|安保|担保|核伞|保护伞|延伸威慑|联合军演|联合司令部|分担|防务费|协防|追随|靠山|援助义务|安全保障|背弃|绑在|联合作战|作战指挥权|战时指挥权|联合演习|批准书|兑现"
)
_STRIFE: Final = (
    r"against|versus|invad\w+|invasion|attack\w*|rival\w*|enem(?:y|ies)|foes?|aggressors?|hostil\w+|sanctions?|peace treaty|trade|econom\w+|imaginary|surveys?|samples?|approval|archiv\w+|papers|files|documents|quarrel\w*|frontiers?|or|neither|either",
    "对抗|入侵|威胁|反对|制裁|敌|和约|贸易|经济|抗日|针对|档案|史料|文献",
)
_MENACE: Final = (r"threat\w*|deter\w*|contain\w*", "威慑|遏制")


def _any_of(*tables: tuple[str, str]) -> re.Pattern[str]:
    """Any of some words, English and Chinese ones."""
    english, chinese = ("|".join(words) for words in zip(*tables, strict=True))
    return re.compile(rf"\b(?:{english})\b|{chinese}")


# What two states alone in a sentence have to do with each other otherwise; among more, a menace may be that of the third.
_QUARREL: Final = _any_of(_STRIFE, _MENACE)
_QUARREL_OF_MORE: Final = _any_of(_STRIFE)

# The same among three or four states, of which two, or all with one patron, were allied.
_PATRONAGE: Final = re.compile(
    r"\b(?:allies|all(?:y|ied)|patrons?|protectors?|guardian|clients?|proteges?|umbrella|host[- ]nation|burden[- ]sharing|insurance|loyal partner|security guarantees?|treaty|treaties|alliance network)\b"
    r"|盟友|盟国|靠山|保护伞|驻军费|军费分摊|分摊|同盟体系|同盟义务|条约义务|安全保证|安全承诺|可靠的伙伴|保护者|保险费|附庸|防务条约"
)
# What makes the allies of a sentence others than its states.
_OTHERS: Final = re.compile(
    r"\b(?:rebels?|insurgents?|militants?|terrorists?|jihadists?|brigades|imaginary|hypothetical|fictional|universit\w+|firms?|companies)\b|叛军|反政府武装|恐怖组织|统一战线|抗日|企业|高校"
)

_SURE: Final = 0.55  # below it a bond is dropped where nothing else speaks for it
_OF_THREE: Final = re.compile(r"tri(?:lateral|angle|angular)|three-|三边|三国|三角")

Pair = tuple[str, str]


class Grammar:
    """The facts that the grammar leans on: who was allied with whom, and which pact has just these members."""

    def __init__(self, lexicon: Lexicon, authority: Authority) -> None:
        self.allied = lexicon.allied
        self.aligned = frozenset(lexicon.allied) | {a.pair for a in authority.alliances.values() if a.pair}
        self._firm = _firm_pairs(authority)
        self._spans = _spans(lexicon, authority)
        self._by_members = _named_groups(lexicon, authority)
        self._tables = {lang: RuleTable(rules(lang), shortest) for lang, shortest in (("zh", 2), ("en", 3))}

    def read(
        self, number: int, field: Field, years: Sequence[int], title_states: Sequence[str], last: Pair | None
    ) -> tuple[list[Bond], Pair | None]:
        """The bonds of a field, and the two states that it spoke of last.

        Parameters
        ----------
        number : int
            The field's number, as bonds have it.
        years : sequence of int
            Years that the work speaks of.
        title_states : sequence of str
            States of the title: parties that an abstract may leave out.
        last : pair or None
            The two states spoken of last before this field.
        """
        reader = _Reader(self, number, field, years, title_states, last)
        return reader.read(self._tables[field.lang])

    def name_of(self, tags: Sequence[str], years: Sequence[int]) -> str:
        """The id of a bond of these states: a pair, a named pact of just these members, else their sorted ids."""
        if len(tags) == 2:
            return pair_id(tags[0], tags[1])
        named = self._by_members.get(frozenset(tags), [])
        timely = [
            (tag, first, last)
            for tag, first, last in named
            if not years or any(first - 3 <= year <= last + 3 for year in years)
        ]
        if timely:
            return timely[0][0]
        return "-".join(sorted(tags))

    def was_allied(self, pair: str, years: Sequence[int], slack: int = 15) -> bool:
        """Whether some pact made a pair allies about these years; where none are known, at any time, or with little slack since 1945."""
        spans = self.allied.get(pair)
        if spans and not years and slack < 15:
            return any(last > 1945 for _, last in spans)
        return bool(spans) and (
            not years or any(first - slack / 3 <= year <= last + slack for first, last in spans or () for year in years)
        )

    def is_firm(self, pair: str) -> bool:
        """Whether a pair has a treaty or a standing bond of its own, or one of them led a pact that the other was in."""
        return pair in self._firm

    def was_aligned(self, pair: str, years: Sequence[int], after: int = 25) -> bool:
        """Whether any row of the table, of whatever standing, has a pair together about these years; since 1945 where none are known."""
        spans = self._spans.get(pair, ())
        if not years:
            return any(last > 1945 for _, last in spans)
        return any(first - 5 <= year <= last + after for first, last in spans for year in years)

    def hub(self, tags: list[str]) -> str | None:
        """The one state of several that was allied with each other one, where these were not allied with each other."""
        hubs = [tag for tag in tags if all(pair_id(tag, other) in self.allied for other in tags if other != tag)]
        if len(hubs) != 1:
            return None
        rest = [tag for tag in tags if tag != hubs[0]]
        return None if any(pair_id(*pair) in self.allied for pair in combinations(rest, 2)) else hubs[0]


_MOST_STATES: Final = 64  # of a sentence; more are a list of all states, which would cost more than it says


class _Reader:
    """One field being read, sentence by sentence."""

    def __init__(
        self,
        grammar: Grammar,
        number: int,
        field: Field,
        years: Sequence[int],
        title_states: Sequence[str],
        last: Pair | None,
    ) -> None:
        self.grammar = grammar
        self.number = number
        self.field = field
        self.masked = field.masked
        self.years = years
        self.title_states = title_states
        self.last = last
        self.subject: str | None = None
        self.begin = 0
        self.states = field.states
        self.starts = [mention.start for mention in field.states]
        self.counts = Counter(mention.tag for mention in field.states)
        self.commonest = [tag for tag, _ in self.counts.most_common(12)]

    def read(self, table: RuleTable) -> tuple[list[Bond], Pair | None]:
        """Try every rule on every sentence that has its words."""
        masked = self.masked
        found: list[Bond] = []
        with_words = table.with_words(masked, self.field.sentences)
        for (begin, stop), here, met in zip(self.field.sentences, *with_words, strict=True):
            self.begin = begin
            first = bisect_left(self.starts, begin)
            after = bisect_left(self.starts, stop)
            if first == after and self.last is None:
                continue
            before_sentence = len(found)
            several = after - first > 1
            if after - first > _MOST_STATES:
                continue
            if several:
                wanted = here | table.wordless if self.stand_close(first, after) else here
            else:
                wanted = here & (table.of_last if first == after else table.of_one)
            for rule, needs in table.chosen(wanted):
                if needs & met == needs:
                    for match in rule.regex.finditer(masked, begin, stop):
                        found.extend(self.bonds(rule, match))
            if first < after:
                if not any(bond.confidence >= _SURE for bond in found[before_sentence:]):
                    found.extend(self.spoken_together(first, after, begin, stop))
                self.last = self.last_pair(first, after) or self.last
                self.subject = self.states[first].tag
        if found and re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", found[-1].tag):
            self.last = (found[-1].tag[:3], found[-1].tag[4:])
        return found, self.last

    def stand_close(self, first: int, after: int) -> bool:
        """Whether two of some state mentions stand so close that they may be a compound or a list."""
        states = self.states
        return any(states[index + 1].start - states[index].end <= 24 for index in range(first, after - 1))

    def spoken_together(self, first: int, after: int, begin: int, stop: int) -> Iterable[Bond]:
        """States of a sentence with a word for an alliance, or for what allies do, that were allied in the years of the work."""
        tags = list(dict.fromkeys(mention.tag for mention in self.states[first:after]))
        if not 2 <= len(tags) <= 4 or _OTHERS.search(self.masked, begin, stop):
            return
        slack = 15 if len(tags) == 2 else 2
        allied = [
            pair_id(*two) for two in combinations(tags, 2) if self.grammar.was_allied(pair_id(*two), self.years, slack)
        ]
        is_shared = len(allied) == len(tags) - 1 and any(all(tag in pair for pair in allied) for tag in tags)
        if len(allied) != 1 and not is_shared:
            return
        head = self.head_of(begin, stop) if len(tags) == 2 else None
        if (
            head is None
            and all(map(self.grammar.is_firm, allied))
            and self.grammar.was_allied(allied[0], self.years, 2)
        ):
            quarrel = _QUARREL if len(tags) == 2 else _QUARREL_OF_MORE
            if not quarrel.search(self.masked, begin, stop):
                head = (_STAKE if len(tags) == 2 else _PATRONAGE).search(self.masked, begin, stop)
        if head is not None:
            low = min(head.start(), self.states[first].start)
            high = max(head.end(), self.states[after - 1].end)
            certainty = 0.6 if _HEAD.fullmatch(head[0]) else 0.56
            for pair in allied:
                yield Bond(self.number, low, high, pair, "alliance-description", certainty)

    def head_of(self, begin: int, stop: int) -> re.Match[str] | None:
        """The first word for an alliance in a sentence that is no part of the name of a pact."""
        pacts = self.field.scan.pacts
        for head in _HEAD.finditer(self.masked, begin, stop):
            if not any(pact.start < head.end() and head.start() < pact.end for pact in pacts):
                return head
        return None

    def between(self, start: int, end: int) -> list[StateMention]:
        """The state mentions that begin in a span."""
        return self.states[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def tags_in(self, start: int, end: int) -> list[str]:
        """The states of a span, each once, in order."""
        return list(dict.fromkeys(mention.tag for mention in self.between(start, end)))

    def bonds(self, rule: BondRule, match: re.Match[str]) -> Iterable[Bond]:
        """What a match of a rule says."""
        masked = self.masked
        aligned = self.grammar.aligned
        start, end = match.span("head")
        head = masked[start:end]
        weak = (rule.weak and not _FIRM_WEAK.search(head)) or bool(_WEAK_NOUN.fullmatch(head))

        def bond(tag: str, start: int, end: int, certainty: float = rule.confidence) -> Bond:
            known = self.grammar.was_aligned(tag, self.years) if len(tag) == 7 and tag.isupper() else tag in aligned
            less = 0.2 if weak and not known else 0.0
            return Bond(self.number, start, end, tag, rule.rule, certainty - less)

        if rule.mode == "last":
            pair = self.pair_before(match.start()) or self.last
            if pair:
                yield bond(pair_id(*pair), start, end)
        elif rule.mode == "within":
            first, stop = match.span("a")
            clusters = self.clusters(first, stop)
            if not self.is_list_of_others(rule, clusters, first, stop, weak):
                for tag, begin, certainty in self.from_clusters(clusters, rule.confidence, _OF_THREE.search(head)):
                    yield bond(tag, begin, max(match.end(), stop), certainty)
        elif rule.mode == "all":
            tags = list(dict.fromkeys([*self.tags_in(*match.span("a")), *self.tags_in(*match.span("b"))]))
            if 2 <= len(tags) <= 5:
                yield bond(self.grammar.name_of(tags, self.years), *match.span())
        elif rule.mode == "subject-pair":
            for client in self.clients(match.start()):
                yield Bond(self.number, start, end, client, rule.rule, rule.confidence)
        elif rule.mode == "pair-cross":
            pair = self.pair_before(match.start()) or self.last
            for one in pair or ():
                for other in self.tags_in(*match.span("b")):
                    if one != other and pair_id(one, other) in aligned:
                        yield bond(pair_id(one, other), *match.span())
        else:
            others = self.tags_in(*match.span("b"))
            if rule.mode == "cross":
                parties = self.tags_in(*match.span("a"))
            else:
                party = self.party(match.start(), others, not weak)
                parties = [party] if party else []
            for one in parties:
                for other in others:
                    if one != other:
                        yield bond(pair_id(one, other), *match.span())

    def is_list_of_others(
        self, rule: BondRule, clusters: list[list[tuple[str, int]]], start: int, end: int, weak: bool
    ) -> bool:
        """Whether single names that are joined are no bond of each other: after "with", parted by "or", too many."""
        if any(len(cluster) > 1 for cluster in clusters):
            return False
        if _WITH_BEFORE.search(self.masked[max(0, start - 8) : start]) or (weak and len(clusters) > 2):
            return True
        return " or " in self.masked[start:end] or (len(clusters) > 2 and rule.name in _NO_LISTS)

    def clients(self, position: int) -> list[str]:
        """``Washington … its two allies``: pairs of the patron of the sentence with the two others that the text speaks of most."""
        near = self.tags_in(self.begin, position)
        patron = near[0] if near else self.subject
        if patron is None:
            return []
        counts = Counter({tag: count for tag, count in self.counts.items() if tag != patron})
        pairs = [pair_id(patron, tag) for tag, _ in counts.most_common(4)]
        pairs = [pair for pair in pairs if pair in self.grammar.allied]
        return pairs if len(pairs) == 2 else []

    def from_clusters(
        self, clusters: list[list[tuple[str, int]]], confidence: float, of_three: re.Match[str] | None
    ) -> Iterable[tuple[str, int, float]]:
        """Tags, places and certainty of the bonds that clusters of states make."""
        compounds = [cluster for cluster in clusters if len(cluster) > 1]
        singles = [cluster[0] for cluster in clusters if len(cluster) == 1]
        for cluster in compounds:
            tags = [tag for tag, _ in cluster]
            if len(set(tags)) == len(tags):
                yield self.grammar.name_of(tags, self.years), cluster[0][1], confidence
        if compounds or len(singles) < 2:
            return
        tags = list(dict.fromkeys(tag for tag, _ in singles))
        start = singles[0][1]
        if len(tags) == 2:
            yield pair_id(*tags), start, confidence
        elif 3 <= len(tags) <= 5:
            after_first = self.masked[start : singles[1][1]]
            led = after_first.endswith(("同", "与", "跟", "和")) and self.masked[singles[2][1] - 1] in "、,"
            hub = None if of_three else tags[0] if led else self.grammar.hub(tags)
            if hub:
                for other in tags:
                    if other != hub:
                        yield pair_id(hub, other), start, confidence - 0.1
            else:
                yield self.grammar.name_of(tags, self.years), start, confidence - 0.1

    def party(self, position: int, others: list[str], strong: bool) -> str | None:
        """The party that a phrase leaves out: one named before in the sentence, else the subject of the last, else the commonest."""
        before = [mention.tag for mention in self.between(self.begin, position) if mention.tag not in others]
        clause = max(self.masked.rfind(mark, self.begin, position) for mark in ",;") + 1
        near = [mention.tag for mention in self.between(max(clause, self.begin), position) if mention.tag not in others]
        candidates = [*dict.fromkeys([*near, *before[:1], *reversed(before)])]
        if strong or candidates:
            candidates += [tag for tag in (self.subject, *self.title_states) if tag and tag not in others]
        if strong:
            candidates += [tag for tag in self.commonest if tag not in others]
        n_here = len({*near, *before})
        for some in (candidates[:n_here], candidates[n_here:]):
            for tag in some:
                if all(self.grammar.was_aligned(pair_id(tag, other), self.years, after=8) for other in others):
                    return tag
            for tag in some:
                if all(pair_id(tag, other) in self.grammar.aligned for other in others):
                    return tag
        if before:
            return before[0]
        return self.subject if self.subject not in others and strong else None

    def clusters(self, start: int, end: int) -> list[list[tuple[str, int]]]:
        """States of a span, grouped into compounds: those that stand together, or are joined by a hyphen or a slash."""
        clusters: list[list[tuple[str, int]]] = []
        previous = -1
        place = -1
        for mention in self.between(start, end):
            if mention.start == place:
                clusters[-1].append((mention.tag, mention.start))
                continue
            gap = self.masked[previous : mention.start] if previous >= 0 else None
            joined = gap is not None and (
                gap in ("", "-", "/", " -", "- ", " - ") or (gap == " " and mention.role != "name")
            )
            if clusters and joined:
                clusters[-1].append((mention.tag, mention.start))
            else:
                clusters.append([(mention.tag, mention.start)])
            place = mention.start
            previous = mention.end
        return clusters

    def joined_pairs(self, first: int, after: int) -> Iterable[tuple[Pair, str]]:
        """Neighbours of some state mentions that are spoken of together, with the character before them."""
        for index in range(first, after - 1):
            one, other = self.states[index], self.states[index + 1]
            if one.tag != other.tag and one.end <= other.start and _JOINT.fullmatch(self.masked[one.end : other.start]):
                yield (one.tag, other.tag), self.masked[one.start - 1 : one.start]

    def last_pair(self, first: int, after: int) -> Pair | None:
        """The last two states of a sentence that are spoken of together."""
        pairs = [pair for pair, before in self.joined_pairs(first, after) if before not in ("、", "-")]
        return pairs[-1] if pairs else None

    def pair_before(self, position: int) -> Pair | None:
        """The two states spoken of together last before a place, allied ones first; else two nearby that were allied."""
        after = bisect_left(self.starts, position)
        first = bisect_left(self.starts, position - 300)
        pairs = [pair for pair, _ in self.joined_pairs(first, after)]
        for pair in reversed(pairs):
            if pair_id(*pair) in self.grammar.aligned:
                return pair
        if pairs:
            return pairs[-1]
        near = self.states[bisect_left(self.starts, position - 200) : after]
        seen = list(dict.fromkeys(mention.tag for mention in reversed(near)))
        for index, one in enumerate(seen):
            for other in seen[:index]:
                if pair_id(one, other) in self.grammar.aligned:
                    return one, other
        return None


_JOINT: Final = re.compile(r"(?:'s)?(?: and |, and |与|和|同|及|-|/|、)?")


def _firm_pairs(authority: Authority) -> frozenset[str]:
    """Pairs with a row of their own that is an alliance, and the leader of each alliance of many with its members."""
    own = {row.pair for row in authority.alliances.values() if row.pair and row.status in ("yes", "partial")}
    led = (led_pairs(authority, row) for row in authority.alliances.values() if not row.pair and row.status == "yes")
    return frozenset(own.union(*({pair for pair, _ in pairs} for pairs in led)))


def _spans(lexicon: Lexicon, authority: Authority) -> dict[str, list[tuple[int, int]]]:
    """Years of every row of a pair, and of the alliances of several that the two were in."""
    spans = {pair: list(found) for pair, found in lexicon.allied.items()}
    for alliance in authority.alliances.values():
        if alliance.pair:
            spans.setdefault(alliance.pair, []).append(lexicon.pact_years[alliance.id])
    return spans


def _named_groups(lexicon: Lexicon, authority: Authority) -> dict[frozenset[str], list[tuple[str, int, int]]]:
    """Pacts of three to five members by their members, those that are alliances first."""
    order = {"yes": 0, "partial": 1, "no": 2, "system": 3}
    groups: dict[frozenset[str], list[tuple[str, int, int]]] = {}
    for alliance in sorted(authority.alliances.values(), key=lambda item: (order.get(item.status, 9), item.id)):
        members = lexicon.pact_members.get(alliance.id, frozenset())
        if alliance.pair or not 3 <= len(members) <= 5:
            continue
        groups.setdefault(members, []).append((alliance.id, *lexicon.pact_years[alliance.id]))
    return groups
