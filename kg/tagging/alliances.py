"""Alliances: bonds between states that a text speaks of. In: scanned fields with states. Out: alliance mentions and the focus.

Pacts come by name; pairs and coalitions by the grammar of `bond_rules`; what a text only calls "the alliance" or 两国同盟 is resolved from the
states that it has spoken of, with the table of pacts as a hint on who was allied when.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

from kg.tagging.bond_rules import BondRule, rules
from kg.tagging.lexicon import Lexicon, pair_id
from kg.tagging.mentions import Bond, Bonds, Field, Refused, StateMention
from kg.tagging.patterns import STATE

if TYPE_CHECKING:
    from kg.authority import Authority


_BARE_HEAD: Final = re.compile(
    r"(?<!欧洲)(?<!国家)(?:同盟(?!国|会|军)|盟友|盟国|结盟|盟约|联盟|安保)|\b(?:alliances?|ally|allies|allied|pact|security treaty|defen[cs]e treaty|patron|protector|bound itself|bond)\b"
)
_DEFINITE_HEAD: Final = re.compile(
    r"(?<!欧洲)(?<!国家)(?<!产业)(?<!企业)(?<!大学)(?:同盟(?!国|会|军)|盟友|盟国|结盟|盟约)|\b(?:the|this|that|its|their|whose) (?:[a-z\-]+ ){0,2}(?:alliance|ally|pact|security treaty|defen[cs]e treaty|patron|protector|bond)\b|\bbound (?:itself|himself) by treaty\b"
)
_REBELS: Final = re.compile(
    r"\b(?:rebel|insurgent|militant|terrorist|jihadist) (?:alliances?|coalitions?|groups?|organi[sz]ations?)|叛军|反政府武装|恐怖组织|统一战线|抗日"
)
_THEORY_ONLY: Final = re.compile(
    r"(?:同盟|联盟)(?:理论|研究|政治|思想|困境|管理|类型|概念|行为|现象)|alliance (?:theory|theories|politics|literature|formation|behaviou?r|scholars)"
)
_ILLUSTRATION: Final = re.compile(
    r"(?:such as|for example|for instance|e\.g\.|as in|like|illustrate\w*|illustrations?|instances? (?:of|are)|examples?|例如|诸如|比如|譬如)"
)


_FIRM_WEAK: Final = re.compile(
    r"leg|bond|bonds|axis|compact|marriage|brotherhood|trilateral\w*|pledge|三边.*|三角|铁三角|阵营|轴心"
)
_WEAK_NOUN: Final = re.compile(
    r"(?:\w+ )?(?:partnerships?|alignments?|ties|security cooperation|military cooperation|defen[cs]e cooperation|security relations|military relations|relations|friendship|understanding|cooperation|connection|links?|tie|agreement|accord)"
)
_WITH_BEFORE: Final = re.compile(r"(?:与|同|和|跟|联合|\bwith )(?:the )?$")
_NO_LISTS: Final = frozenset({"zh-is-or-not", "zh-mutual-ally", "zh-treaty-signed", "en-are-allies", "en-list-pact"})


class AllianceFinder:
    """Finds alliances; holds the tables only."""

    def __init__(self, lexicon: Lexicon, authority: Authority) -> None:
        self._lexicon = lexicon
        self._allied = lexicon.allied
        self._words_in = {lang: _word_finder(lang) for lang in ("zh", "en")}
        self._aligned = set(lexicon.allied) | {a.pair for a in authority.alliances.values() if a.pair}
        self._title_states: list[str] = []
        self._defaults = {
            (row.surface if row.lang == "zh" else row.surface.lower()): row.default[0]
            for row in authority.ambiguity
            if row.kind == "alliance" and len(row.default) == 1
        }
        self._political = frozenset(
            alliance.id
            for alliance in authority.alliances.values()
            if alliance.status == "no"
            and alliance.type
            in ("political cooperation", "security cooperation", "nonaggression", "normalisation", "concert")
        )
        self._by_members = _named_groups(lexicon, authority)
        self._no_alliance = frozenset(
            alliance.id for alliance in authority.alliances.values() if alliance.status == "no" and not alliance.pair
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
        mentions: list[Bond] = []
        last: tuple[str, str] | None = None
        self._title_states = [m.tag for field in fields if field.name.startswith("title") for m in field.states]
        for number, field in enumerate(fields):
            mentions.extend(self._pacts(number, field, years, refused))
            if not field.states:
                continue
            found, last = self._grammar(number, field, years, last)
            mentions.extend(found)
        mentions = self._credible(mentions, fields, refused)
        if not any(bond.confidence >= 0.6 for bond in mentions):
            mentions.extend(self._described(fields, years))
        mentions = _unique(mentions)
        return Bonds(mentions, _focus(mentions, fields))

    def _pacts(
        self, number: int, field: Field, years: Sequence[int], refused: dict[str, list[Refused]] | None
    ) -> Iterable[Bond]:
        text = field.scan.folded.text
        for match in field.scan.pacts:
            before = text[match.start - 1 : match.start]
            if before in ("-", "/", "非") or text.endswith("non ", 0, match.start):
                continue  # New Zealand–United States inside a longer compound; 非北约盟友
            tag = self._which_pact(match.entry.text, match.entry.readings, field, years)
            if tag is None:
                if refused is not None:
                    why = "the name of something else, or of an alliance of other years"
                    refused.setdefault(field.name, []).append(
                        Refused(match.start, match.end, match.entry.readings[0][0], why)
                    )
                continue
            yield Bond(number, match.start, match.end, tag, "alliance-name", 0.95)

    def _which_pact(
        self, name: str, readings: tuple[tuple[str, int, int], ...], field: Field, years: Sequence[int]
    ) -> str | None:
        """The pact that a name stands for in these years, None where it is the name of something else."""
        guard = _PACT_GUARDS.get(name)
        if guard is not None and not guard.search(field.scan.folded.text):
            return None
        text = field.scan.folded.text
        states = {mention.tag for mention in field.states}

        def fit(reading: tuple[str, int, int]) -> tuple[float, float, int, int, str]:
            tag, first, final = reading
            members = self._lexicon.pact_members.get(tag, frozenset(tag.split("-")))
            timely = sum(first - 3 <= year <= final + 3 for year in years) / max(1, len(years))
            exact = 1.0 if first > 0 and str(first) in text else 0.0
            company = len(members & states) / len(members) if members else 0.0
            return (exact + timely + company, float(self._defaults.get(name) == tag), -(final - first), first, tag)

        best = max(readings, key=fit)
        tag, _, final = best
        score = fit(best)
        if final < 1850 and score[0] < 0.5 and not (len(readings) > 1 and score[1]):
            return None
        if name in _GENERIC_NAMES and (score[0] < 0.5 or _COUNTED.search(text)):
            return None
        if tag in self._political and not _HEAD_NEAR.search(text):
            return None
        return tag

    def _grammar(
        self, number: int, field: Field, years: Sequence[int], last: tuple[str, str] | None
    ) -> tuple[list[Bond], tuple[str, str] | None]:
        by_start: dict[int, list[StateMention]] = {}
        for mention in field.states:
            by_start.setdefault(mention.start, []).append(mention)
        masked = field.masked
        found: list[Bond] = []
        table = rules(field.lang)
        words_in = self._words_in[field.lang]
        subject: str | None = None
        earlier: list[str] = []
        for begin, stop in field.sentences:
            sentence = masked[begin:stop]
            if STATE not in sentence and not found and last is None:
                continue
            if _BARE_HEAD.search(sentence) or STATE in sentence:
                here = words_in(sentence)
                for rule in table:
                    if rule.words and here.isdisjoint(rule.words):
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

        head = groups.get("head") or ""
        weak = (rule.weak and not _FIRM_WEAK.search(head)) or bool(_WEAK_NOUN.fullmatch(head))

        def bond(tag: str, start: int, end: int, certainty: float = confidence) -> Bond:
            return Bond(
                number, start, end, tag, rule.rule, certainty - (0.2 if weak and tag not in self._aligned else 0.0)
            )

        if rule.mode == "last":
            pair = _pair_before(masked, match.start(), by_start, self._aligned) or last
            if pair:
                yield bond(pair_id(*pair), *match.span("head"))
            return
        if rule.mode == "within":
            span = match.span("a")
            clusters = _clusters(masked, *span, by_start)
            if all(len(cluster) == 1 for cluster in clusters):
                if _WITH_BEFORE.search(masked[max(0, span[0] - 8) : span[0]]) or (weak and len(clusters) > 2):
                    return
                if " or " in masked[span[0] : span[1]] or (len(clusters) > 2 and rule.name in _NO_LISTS):
                    return
            for tag, start, certainty in self._from_clusters(clusters, years, rule):
                yield bond(tag, start, match.end() if match.end() > span[1] else span[1], certainty)
            return
        if rule.mode == "subject-pair":
            yield from self._both_with_subject(number, match, field, by_start, subject, rule)
            return
        second = _tags_in(masked, *match.span("b"), by_start)
        if rule.mode == "pair-cross":
            pair = _pair_before(masked, match.start(), by_start, self._aligned) or last
            for one in pair or ():
                for other in second:
                    if one != other and pair_id(one, other) in self._aligned:
                        yield bond(pair_id(one, other), *match.span())
            return
        if rule.mode == "cross":
            first = _tags_in(masked, *match.span("a"), by_start)
        else:
            party = self._subject(masked, match.start(), field, by_start, subject, earlier, second, not rule.weak)
            if party is None:
                return
            first = [party]
        start, end = match.span()
        for one in first:
            for other in second:
                if one != other:
                    yield bond(pair_id(one, other), start, end)

    def _both_with_subject(
        self,
        number: int,
        match: re.Match[str],
        field: Field,
        by_start: dict[int, list[StateMention]],
        subject: str | None,
        rule: BondRule,
    ) -> Iterable[Bond]:
        """``Washington … its two allies``: the patron of the sentence with the two others that the text speaks of most."""
        begin = next((start for start, stop in field.sentences if start <= match.start() < stop), 0)
        near = _tags_in(field.masked, begin, match.start(), by_start)
        patron = near[0] if near else subject
        if patron is None:
            return
        counts = Counter(mention.tag for mention in field.states if mention.tag != patron)
        clients = [tag for tag, _ in counts.most_common(4) if pair_id(patron, tag) in self._allied]
        if len(clients) != 2:
            return
        for client in clients:
            yield Bond(number, *match.span("head"), pair_id(patron, client), rule.rule, rule.confidence)

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
        hubs = [tag for tag in tags if all(pair_id(tag, other) in self._allied for other in tags if other != tag)]
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
        strong: bool,
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
        candidates = [*dict.fromkeys([*before[:1], *reversed(before)])]
        if strong or candidates:
            candidates += [tag for tag in (subject, *self._title_states) if tag and tag not in others]
        counts = Counter([*earlier, *(mention.tag for mention in field.states)])
        if strong:
            candidates += [tag for tag, _ in counts.most_common() if tag not in others]
        for tag in candidates:
            if all(pair_id(tag, other) in self._aligned for other in others):
                return tag
        if before:
            return before[0]
        return subject if subject and subject not in others and strong else None

    def _credible(
        self, mentions: list[Bond], fields: Sequence[Field], refused: dict[str, list[Refused]] | None
    ) -> list[Bond]:
        """Drop weak bonds of states that are called allies nowhere, here or in the table."""
        best: dict[str, float] = {}
        for bond in mentions:
            best[bond.tag] = max(best.get(bond.tag, 0.0), bond.confidence)
        if refused is not None:
            for bond in mentions:
                if best[bond.tag] < 0.55:
                    why = "a tie that the text does not treat as an alliance, of states that no table has as allies"
                    refused.setdefault(fields[bond.field].name, []).append(Refused(bond.start, bond.end, bond.tag, why))
        return [bond for bond in mentions if best[bond.tag] >= 0.55]

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
            for begin, stop in field.sentences
            for one, other in combinations([m for m in field.states if begin <= m.start < stop], 2)
        }
        pairs = [
            (counts[one] + counts[other], pair_id(one, other))
            for one, other in combinations(ranked, 2)
            if frozenset((one, other)) in together and self._was_allied(pair_id(one, other), years)
        ]
        if not pairs or any(_REBELS.search(field.scan.folded.text) for field in fields):
            return []
        _, best = max(pairs)
        for number, field in enumerate(fields):
            text = field.scan.folded.text
            for match in _DEFINITE_HEAD.finditer(text):
                if _THEORY_ONLY.match(text, match.start()):
                    continue
                return [Bond(number, match.start(), match.end(), best, "alliance-description", 0.6)]
        return []

    def _was_allied(self, pair: str, years: Sequence[int]) -> bool:
        spans = self._allied.get(pair)
        if not spans:
            return False
        return not years or any(first - 5 <= year <= last + 15 for first, last in spans for year in years)


_GENERIC_NAMES: Final = frozenset(
    "大同盟 三国同盟 四国同盟 两国同盟 同盟国 北方联盟 triple_alliance quadruple_alliance grand_alliance dual_alliance holy_league northern_alliance entente axis western_union".replace(
        "_", " "
    ).split(" ")
) | frozenset(
    (
        "triple alliance",
        "quadruple alliance",
        "grand alliance",
        "dual alliance",
        "holy league",
        "northern alliance",
        "western union",
    )
)
_COUNTED: Final = re.compile(r"(?:两|三|几|各|这)大同盟|流产的三国同盟")
_HEAD_NEAR: Final = re.compile(
    r"同盟|联盟(?!组织)|盟友|准同盟|集体安全|集体防[御务卫]|军事集团|\b(?:allianc|allies|ally|pact\b|collective (?:security|defen[cs]e)|military bloc)"
)
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


def _word_finder(lang: str) -> Callable[[str], set[str]]:
    """A function that tells which of the words that the rules of a language need stand in a sentence."""
    import ahocorasick_rs

    words = sorted({word for rule in rules(lang) for word in rule.words})
    automaton = ahocorasick_rs.AhoCorasick(
        words,
        matchkind=ahocorasick_rs.MatchKind.Standard,
        implementation=ahocorasick_rs.Implementation.ContiguousNFA,
    )

    def words_in(sentence: str) -> set[str]:
        return {words[index] for index, _, _ in automaton.find_matches_as_indexes(sentence, overlapping=True)}

    return words_in


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
        joined = between is not None and (
            between in ("", "-", "/", " -", "- ", " - ") or (between == " " and here[0].role != "name")
        )
        if clusters and joined:
            clusters[-1].extend(items)
        else:
            clusters.append(items)
        previous_end = max(mention.end for mention in here)
    return clusters


_JOINED: Final = re.compile(f"{STATE}[\ue001]*(?:'s)?(?: and |, and |与|和|同|及|-|/|、)?{STATE}")


def _last_pair(masked: str, begin: int, stop: int, by_start: dict[int, list[StateMention]]) -> tuple[str, str] | None:
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


def _pair_before(
    masked: str, position: int, by_start: dict[int, list[StateMention]], aligned: set[str]
) -> tuple[str, str] | None:
    """The two states spoken of together last before a place of the same field, allied ones first; else the last two nearby."""
    begin = max(0, position - 300)
    pairs: list[tuple[str, str]] = []
    place = begin
    while (match := _JOINED.search(masked, place, position)) is not None:
        second = match.end() - 1
        tags = [*(m.tag for m in by_start.get(match.start(), ())), *(m.tag for m in by_start.get(second, ()))]
        if len(set(tags)) == 2 and len(tags) == 2:
            pairs.append((tags[0], tags[1]))
        place = second
    for pair in reversed(pairs):
        if pair_id(*pair) in aligned:
            return pair
    if pairs:
        return pairs[-1]
    seen: list[str] = []
    for place in range(position - 1, max(-1, position - 200), -1):
        if masked[place] == STATE:
            for mention in by_start.get(place, ()):
                if mention.tag not in seen:
                    seen.append(mention.tag)
    for index, one in enumerate(seen):
        for other in seen[:index]:
            if pair_id(one, other) in aligned:
                return one, other
    return None


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


_CASES: Final = re.compile(r"(?:[^,。;]{0,12})(?:案例|为例|个案|例证)|[^.;]{0,20}\b(?:cases|case studies|as a case)\b")
_CASES_BEFORE: Final = re.compile(
    r"(?:以|cases? of |case stud(?:y|ies) of |examin\w+ |evidence from |focus\w* on |history of )(?:the )?(?:[a-z]+ ){0,2}$"
)


def _sentence_of(field: Field, position: int) -> int:
    return next((index for index, (start, stop) in enumerate(field.sentences) if start <= position < stop), 0)


def _by_sentence(mentions: list[Bond], fields: Sequence[Field]) -> dict[tuple[int, int], set[str]]:
    places: dict[tuple[int, int], set[str]] = {}
    for bond in mentions:
        places.setdefault((bond.field, _sentence_of(fields[bond.field], bond.start)), set()).add(bond.tag)
    return places


def _focus(mentions: list[Bond], fields: Sequence[Field]) -> list[Bond]:
    """The alliances that a work is about: those of its title, else those that its abstract turns on; at most three."""
    if not mentions:
        return []
    scores: dict[str, float] = defaultdict(float)
    first_place: dict[str, float] = {}
    in_title: set[str] = set()
    has_title = any(field.name.startswith("title") for field in fields)
    state_counts: Counter[str] = Counter(mention.tag for field in fields for mention in field.states)
    crowded: Counter[tuple[int, int]] = Counter(
        {place: len(tags) for place, tags in _by_sentence(mentions, fields).items()}
    )
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
        scores[bond.tag] += (
            0.4
            if _ILLUSTRATION.search(before)
            else 0.5
            if crowded[bond.field, _sentence_of(field, bond.start)] > 2
            else 1
        )
        if _CASES.search(text, bond.start, min(len(text), bond.end + 30)) or _CASES_BEFORE.search(before):
            scores[bond.tag] += 1.5
    for tag in scores:
        if first_place.get(tag, 1.0) < 0.3:
            scores[tag] += 0.8
        if re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", tag):
            weight = min(state_counts[tag[:3]], state_counts[tag[4:]])
            scores[tag] += min(1.5, 0.35 * weight)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    best = ranked[0][1]
    if in_title:
        chosen = [tag for tag, _ in ranked if tag in in_title][:3]
        chosen = [*chosen, *[tag for tag, score in ranked if tag not in in_title and score >= 0.8 * best]][:3]
    else:
        title_states = {m.tag for field in fields if field.name.startswith("title") for m in field.states}
        threshold = max(1.0, 0.6 * best)
        chosen = [tag for tag, score in ranked if score >= threshold]
        if len(chosen) > 3:
            chosen = [tag for tag in chosen if scores[tag] >= 0.8 * best][:3]
        if has_title and len(scores) > 1 and not title_states & {part for tag in chosen for part in tag.split("-")}:
            chosen = [tag for tag in chosen if scores[tag] >= 1.9]
    result = []
    for tag in chosen:
        evidence = [bond for bond in mentions if bond.tag == tag]
        result.append(evidence[0]._replace(rule="focus-title" if tag in in_title else "focus-frequency"))
    return result
