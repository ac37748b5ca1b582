"""Alliances: bonds between states that a text speaks of. In: scanned fields with states. Out: alliance mentions and the focus.

Pacts come by name; pairs and coalitions by the grammar of `bond_rules`; what a text only calls "the alliance" or 两国同盟 is resolved from the
states that it has spoken of, with the table of pacts as a hint on who was allied when.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.tagging.bond_rules import BondRule, rules
from kg.tagging.lexicon import Lexicon, pair_id
from kg.tagging.patterns import STATE
from kg.tagging.states import StateMention

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.tagging.tagger import Field


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


_BARE_HEAD: Final = re.compile(
    r"(?<!欧洲)(?<!国家)(?:同盟(?!国|会|军)|盟友|盟国|结盟|盟约|联盟|安保)|\b(?:alliances?|ally|allies|allied|pact|security treaty|defen[cs]e treaty|patron|protector|bound itself|bond)\b"
)
_THEORY_ONLY: Final = re.compile(r"(?:同盟|联盟)(?:理论|研究|政治|思想|困境|管理|类型|概念|行为|现象)|alliance (?:theory|theories|politics|literature|formation|behaviou?r|scholars)")
_ILLUSTRATION: Final = re.compile(
    r"(?:such as|for example|for instance|e\.g\.|as in|like|illustrated? by|illustrations?|cases? of|case studies of|instances?|examples?|evidence from|drawing on|以及?|例如|诸如|比如|譬如|为例|案例|检验|个案|实例)"
)


class AllianceFinder:
    """Finds alliances; holds the tables only."""

    def __init__(self, lexicon: Lexicon, authority: Authority) -> None:
        self._lexicon = lexicon
        self._allied = lexicon.allied
        self._by_members = _named_groups(lexicon, authority)
        self._no_alliance = frozenset(
            alliance.id for alliance in authority.alliances.values() if alliance.status == "no" and not alliance.pair
        )

    def find(self, fields: Sequence[Field], years: Sequence[int]) -> Bonds:
        """The alliances of a work.

        Parameters
        ----------
        fields : sequence of Field
            Prepared: masked, with sentences.
        years : sequence of int
            Years that the work speaks of.
        """
        mentions: list[Bond] = []
        last: tuple[str, str] | None = None
        for number, field in enumerate(fields):
            mentions.extend(self._pacts(number, field, years))
            if not field.states:
                continue
            found, last = self._grammar(number, field, years, last)
            mentions.extend(found)
        mentions = self._credible(mentions, fields, years)
        if not any(bond.confidence >= 0.6 for bond in mentions):
            mentions.extend(self._described(fields, years))
        mentions = _unique(mentions)
        return Bonds(mentions, _focus(mentions, fields))

    def _pacts(self, number: int, field: Field, years: Sequence[int]) -> Iterable[Bond]:
        text = field.scan.folded.text
        for match in field.scan.pacts:
            tag = self._which_pact(match.entry.text, match.entry.readings, field, years)
            if tag is None:
                continue
            yield Bond(number, match.start, match.end, tag, "alliance-name", 0.95)
        del text

    def _which_pact(
        self, name: str, readings: tuple[tuple[str, int, int], ...], field: Field, years: Sequence[int]
    ) -> str | None:
        """The pact that a name stands for in these years, None where it is the name of something else."""
        guard = _PACT_GUARDS.get(name)
        if guard is not None and not guard.search(field.scan.folded.text):
            return None
        if len(readings) == 1:
            return readings[0][0]
        text = field.scan.folded.text
        states = {mention.tag for mention in field.states}

        def score(reading: tuple[str, int, int]) -> tuple[float, int, int, str]:
            tag, first, final = reading
            members = self._lexicon.pact_members.get(tag, frozenset(tag.split("-")))
            timely = sum(first - 2 <= year <= final + 2 for year in years)
            exact = 2 if str(first) in text else 0
            company = len(members & states) / max(1, len(members)) if members else 0
            return (exact + timely / max(1, len(years)) + company, -(final - first), first, tag)

        return max(readings, key=score)[0]

    def _grammar(
        self, number: int, field: Field, years: Sequence[int], last: tuple[str, str] | None
    ) -> tuple[list[Bond], tuple[str, str] | None]:
        by_start: dict[int, list[StateMention]] = {}
        for mention in field.states:
            by_start.setdefault(mention.start, []).append(mention)
        masked = field.masked
        found: list[Bond] = []
        table = rules(field.lang)
        subject: str | None = None
        earlier: list[str] = []
        for begin, stop in field.sentences:
            sentence = masked[begin:stop]
            if STATE not in sentence and not found and last is None:
                continue
            if _BARE_HEAD.search(sentence) or STATE in sentence:
                for rule in table:
                    if rule.words and not any(word in sentence for word in rule.words):
                        continue
                    if rule.mode != "last" and STATE not in sentence:
                        continue
                    for match in rule.regex.finditer(masked, begin, stop):
                        found.extend(self._bonds(number, field, rule, match, by_start, subject, earlier, last, years))
            for position in range(begin, stop):
                if masked[position] == STATE:
                    for mention in by_start.get(position, ()):
                        earlier.append(mention.tag)
            pair = _last_pair(masked, begin, stop, by_start)
            if pair:
                last = pair
            first = next((by_start[p][0].tag for p in range(begin, stop) if masked[p] == STATE and p in by_start), None)
            subject = first or subject
        if found:
            tag = found[-1].tag
            if re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", tag):
                last = (tag[:3], tag[4:])
        return found, last

    def _bonds(
        self,
        number: int,
        field: Field,
        rule: BondRule,
        match: re.Match[str],
        by_start: dict[int, list[StateMention]],
        subject: str | None,
        earlier: list[str],
        last: tuple[str, str] | None,
        years: Sequence[int],
    ) -> Iterable[Bond]:
        masked = field.masked
        groups = match.groupdict()
        confidence = rule.confidence

        def bond(tag: str, start: int, end: int, certainty: float = confidence) -> Bond:
            return Bond(number, start, end, tag, rule.rule, certainty - (0.2 if rule.weak and tag not in self._allied else 0.0))

        if rule.mode == "last":
            pair = _pair_before(masked, match.start(), by_start) or last
            if pair:
                yield bond(pair_id(*pair), *match.span("head"))
            return
        if rule.mode == "within":
            span = match.span("a")
            clusters = _clusters(masked, *span, by_start)
            for tag, start, certainty in self._from_clusters(clusters, years, rule):
                yield bond(tag, start, match.end() if match.end() > span[1] else span[1], certainty)
            return
        second = _tags_in(masked, *match.span("b"), by_start)
        if rule.mode == "cross":
            first = _tags_in(masked, *match.span("a"), by_start)
        else:
            party = self._subject(masked, match.start(), field, by_start, subject, earlier, second)
            if party is None:
                return
            first = [party]
        start, end = match.span()
        for one in first:
            for other in second:
                if one != other:
                    yield bond(pair_id(one, other), start, end)
        del groups

    def _from_clusters(
        self, clusters: list[list[tuple[str, int]]], years: Sequence[int], rule: BondRule
    ) -> Iterable[tuple[str, int, float]]:
        compounds = [cluster for cluster in clusters if len(cluster) > 1]
        singles = [cluster[0] for cluster in clusters if len(cluster) == 1]
        for cluster in compounds:
            tags = [tag for tag, _ in cluster]
            if len(set(tags)) == len(tags):
                yield self._name_of(tags, years), cluster[0][1], rule.confidence
        if compounds or len(singles) < 2:
            return
        tags = list(dict.fromkeys(tag for tag, _ in singles))
        start = singles[0][1]
        if len(tags) == 2:
            yield pair_id(*tags), start, rule.confidence
        elif 3 <= len(tags) <= 5:
            hub = self._hub(tags)
            if hub:
                for other in tags:
                    if other != hub:
                        yield pair_id(hub, other), start, rule.confidence - 0.1
            else:
                yield self._name_of(tags, years), start, rule.confidence - 0.1

    def _hub(self, tags: list[str]) -> str | None:
        """The one state of several that was allied with each other one, where these were not allied with each other."""
        hubs = [
            tag for tag in tags if all(pair_id(tag, other) in self._allied for other in tags if other != tag)
        ]
        if len(hubs) != 1:
            return None
        rest = [tag for tag in tags if tag != hubs[0]]
        return None if any(pair_id(*pair) in self._allied for pair in combinations(rest, 2)) else hubs[0]

    def _name_of(self, tags: Sequence[str], years: Sequence[int]) -> str:
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

    def _subject(
        self,
        masked: str,
        position: int,
        field: Field,
        by_start: dict[int, list[StateMention]],
        subject: str | None,
        earlier: list[str],
        others: list[str],
    ) -> str | None:
        """The party that a phrase leaves out: one named before in the sentence, else the subject of the last, else the commonest."""
        begin = next((start for start, stop in field.sentences if start <= position < stop), 0)
        before = [
            mention.tag
            for place in range(begin, position)
            if masked[place] == STATE
            for mention in by_start.get(place, ())
            if mention.tag not in others
        ]
        if before:
            known = [tag for tag in reversed(before) if all(pair_id(tag, other) in self._allied for other in others)]
            return known[0] if known else before[0]
        if subject and subject not in others:
            return subject
        counts = Counter(tag for tag in earlier if tag not in others)
        known = [tag for tag, _ in counts.most_common() if all(pair_id(tag, other) in self._allied for other in others)]
        if known:
            return known[0]
        everywhere = Counter(mention.tag for mention in field.states if mention.tag not in others)
        known = [tag for tag, _ in everywhere.most_common() if all(pair_id(tag, other) in self._allied for other in others)]
        return known[0] if known else None

    def _credible(self, mentions: list[Bond], fields: Sequence[Field], years: Sequence[int]) -> list[Bond]:
        """Drop weak bonds of states that are called allies nowhere, here or in the table."""
        best: dict[str, float] = {}
        for bond in mentions:
            best[bond.tag] = max(best.get(bond.tag, 0.0), bond.confidence)
        return [bond for bond in mentions if best[bond.tag] >= 0.55]

    def _described(self, fields: Sequence[Field], years: Sequence[int]) -> list[Bond]:
        """A work that speaks of "the alliance" and of two states that were allied, without saying both in one phrase."""
        counts: Counter[str] = Counter()
        for field in fields:
            weight = 2 if field.name.startswith("title") else 1
            for mention in field.states:
                counts[mention.tag] += weight
        ranked = [tag for tag, _ in counts.most_common(4)]
        pairs = [
            (counts[one] + counts[other], pair_id(one, other))
            for one, other in combinations(ranked, 2)
            if self._was_allied(pair_id(one, other), years)
        ]
        if not pairs:
            return []
        _, best = max(pairs)
        for number, field in enumerate(fields):
            text = field.scan.folded.text
            for match in _BARE_HEAD.finditer(text):
                if _THEORY_ONLY.match(text, match.start()):
                    continue
                return [Bond(number, match.start(), match.end(), best, "alliance-description", 0.6)]
        return []

    def _was_allied(self, pair: str, years: Sequence[int]) -> bool:
        spans = self._allied.get(pair)
        if not spans:
            return False
        return not years or any(first - 5 <= year <= last + 15 for first, last in spans for year in years)


_PACT_GUARDS: Final = {
    name: re.compile(regex)
    for names, regex in (
        ("wto", r"warsaw|soviet|华沙|苏联"),
        ("cis", r"soviet|russia|独联体|belarus|ukraine"),
        ("tac", r"amity|asean"), ("nam", r"non-?aligned|bandung"), ("aes", r"sahel|mali|niger|burkina"), ("unc", r"korea"),
        ("las", r"arab"), ("tra", r"taiwan"), ("abc powers|abc", r"argentin|brazil|chile"), ("quad", r"quadrilateral|japan|india|indo-pacific|australia|concert|1834"),
        ("squad", r"japan|philippin|australia"), ("entente", r"\b19[01]\d|triple|world war|france|russia|allied|germany|central powers"),
        ("axis", r"tripartite|italy|japan|hitler|mussolini|german|rome|world war"), ("allies|the allies|allied powers|allied and associated powers", r"a^"),
        ("sadc|ecowas|east african community|eac", r"defen[cs]e|securit|militar|intervention|peace"),
        ("同盟国|协约国", r"第一次世界大战|一战|第二次世界大战|二战|德国|奥匈|19[14]\d"), ("和亲", r"匈奴|汉朝|西汉|公主"), ("集体安全条约", r"独联体|塔什干|俄|中亚"),
        ("多国部队", r"海湾|伊拉克"), ("意愿联盟|志愿者联盟|志愿联盟|coalition of the willing", r"伊拉克|乌克兰|iraq|ukrain"), ("老同盟", r"苏格兰"), ("秦晋之好", r"春秋|秦穆公|晋文公"),
        ("上合", r"上合组织|上合峰会"), ("西方联盟", r"布鲁塞尔|1948"), ("jcg", r"a^"), ("concert of europe", r"a^"),
    )
    for name in names.split("|")
}  # fmt: skip


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


def _tags_in(masked: str, start: int, end: int, by_start: dict[int, list[StateMention]]) -> list[str]:
    tags = [
        mention.tag
        for position in range(start, end)
        if masked[position] == STATE
        for mention in by_start.get(position, ())
    ]
    return list(dict.fromkeys(tags))


def _clusters(
    masked: str, start: int, end: int, by_start: dict[int, list[StateMention]]
) -> list[list[tuple[str, int]]]:
    """States of a span, grouped into compounds: those that stand together, or are joined by a hyphen or a slash."""
    clusters: list[list[tuple[str, int]]] = []
    previous_end = -10
    for position in range(start, end):
        if masked[position] != STATE or position not in by_start:
            continue
        here = by_start[position]
        between = masked[previous_end:position] if previous_end >= 0 else None
        items = [(mention.tag, position) for mention in here]
        joined = between is not None and (between in ("", "-", "/", " -", "- ", " - ") or (between == " " and here[0].role != "name"))
        if clusters and joined:
            clusters[-1].extend(items)
        else:
            clusters.append(items)
        previous_end = max(mention.end for mention in here)
    return clusters


_JOINED: Final = re.compile(f"{STATE}[\ue001]*(?:'s)?(?: and |, and |与|和|同|及|-|/|、)?{STATE}")


def _last_pair(
    masked: str, begin: int, stop: int, by_start: dict[int, list[StateMention]]
) -> tuple[str, str] | None:
    """The last two states of a stretch that are spoken of together."""
    pair = None
    position = begin
    while (match := _JOINED.search(masked, position, stop)) is not None:
        second = match.end() - 1
        before = masked[match.start() - 1 : match.start()]
        tags = [*(m.tag for m in by_start.get(match.start(), ())), *(m.tag for m in by_start.get(second, ()))]
        if len(set(tags)) == 2 and len(tags) == 2 and before not in ("、", "-"):
            pair = (tags[0], tags[1])
        position = second
    return pair


def _pair_before(masked: str, position: int, by_start: dict[int, list[StateMention]]) -> tuple[str, str] | None:
    """The two states spoken of together last before a place of the same field; else the last two different ones nearby."""
    pair = _last_pair(masked, max(0, position - 160), position, by_start)
    if pair:
        return pair
    tags: list[str] = []
    for place in range(position - 1, max(-1, position - 200), -1):
        if masked[place] == STATE:
            for mention in by_start.get(place, ()):
                if mention.tag not in tags:
                    tags.append(mention.tag)
            if len(tags) >= 2:
                return tags[1], tags[0]
    return None


def _unique(mentions: list[Bond]) -> list[Bond]:
    """One mention a tag and place: the surest; nested ones of one tag give way to the shorter."""
    best: dict[tuple[int, str, int], Bond] = {}
    for bond in mentions:
        key = (bond.field, bond.tag, bond.start)
        known = best.get(key)
        if known is None or (bond.confidence, -(bond.end - bond.start)) > (known.confidence, -(known.end - known.start)):
            best[key] = bond
    return sorted(best.values())


def _focus(mentions: list[Bond], fields: Sequence[Field]) -> list[Bond]:
    """The alliances that a work is about: those of its title, else those that its abstract turns on; at most three."""
    if not mentions:
        return []
    scores: Counter[str] = Counter()
    first_place: dict[str, float] = {}
    in_title: set[str] = set()
    has_title = any(field.name.startswith("title") for field in fields)
    state_counts: Counter[str] = Counter(mention.tag for field in fields for mention in field.states)
    for bond in mentions:
        field = fields[bond.field]
        if field.name.startswith("title"):
            in_title.add(bond.tag)
            scores[bond.tag] += 4
            continue
        text = field.scan.folded.text
        place = bond.start / max(1, len(text))
        first_place[bond.tag] = min(first_place.get(bond.tag, 1.0), place)
        before = text[max(0, bond.start - 30) : bond.start]
        scores[bond.tag] += 0.4 if _ILLUSTRATION.search(before) else 1
    for tag in scores:
        if first_place.get(tag, 1.0) < 0.25:
            scores[tag] += 0.8
        if re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", tag):
            weight = min(state_counts[tag[:3]], state_counts[tag[4:]])
            scores[tag] += min(1.5, 0.35 * weight)
    ranked = scores.most_common()
    best = ranked[0][1]
    threshold = max(2.2, 0.55 * best)
    chosen = [tag for tag, score in ranked if score >= threshold][:3]
    if in_title:
        chosen = list(dict.fromkeys([*[tag for tag, _ in ranked if tag in in_title][:3], *[tag for tag in chosen if scores[tag] >= 0.8 * best]]))[:3]
    elif has_title:
        title_states = {m.tag for field in fields if field.name.startswith("title") for m in field.states}
        chosen = [tag for tag in chosen if scores[tag] >= 2.6 or title_states & set(tag.split("-"))]
    result = []
    for tag in chosen:
        evidence = [bond for bond in mentions if bond.tag == tag]
        result.append(evidence[0]._replace(rule="focus-title" if tag in in_title else "focus-frequency"))
    return result
