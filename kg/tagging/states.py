"""States: from names, short forms and their company to mentions. In: a scan of a field. Out: state mentions with their rules.

Names come from the automaton. Here they are judged: the pronoun-like ``us``, capitals that act, names that are also persons, places
and words, names that several states have borne. Chinese short forms are found by `short_forms`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from kg.tagging.lexicon import STATE, Entry, Lexicon
from kg.tagging.mentions import Refused, StateMention
from kg.tagging.scanner import Found, Scan
from kg.tagging.short_forms import ShortForms

_US_PRONOUN_OK: Final = re.compile(
    r"us(?:(?: |-)(?:alliances?|allies|ally|allied|military|troops|forces|foreign|security|policy|policies|government|president|presidents|army|navy|air force|defen[cs]e|bases|commitments?|extended|"
    r"nuclear|treaty|treaties|hegemony|dollar|congress|senate|senators?|administrations?|grand|leadership|led|hegemonic|intervention|interventions|marine|marines|state|national|strategic|strategy|unipolarity|"
    r"primacy|partners?|decision|officials?|diplomacy|diplomatic|support|supreme|economy|public|presence|soldiers|personnel|weapons|arms|aid|assistance|relations|interests|guarantees?|protection|umbrella|deterrent|credibility|reassurance|pressure|intelligence|global|power|involvement|withdrawal|retrenchment|engagement|japan|china|korea|rok|uk|soviet|australia|philippine|india|taiwan|russia|israel)\b|(?:-| and )(?:japan|china|south korea|korea|rok|uk|soviet|australia|philippines|india|taiwan|russia|israel|britain))"
)

_PLACE_BEFORE: Final = re.compile(
    r"\b(?:in|at|near|outside|around|inside|throughout|via|through|across|university of|treaty of|congress of|peace of|battle of|siege of|city of|port of|fall of|conference of|streets of|residents of|summit of|protocol of|"
    r"archives of|archives in|visit to|visited|trip to|returned to|flew to|arrived in|travell?ed to|born in|held in|signed in|meeting in|conference in|based in|mayor of|suburbs of|south of|north of|east of|west of|bombing of|occupation of) (?:the )?$"
)
_ACTOR_BEFORE: Final = re.compile(
    r"\b(?:leaders|leadership|government|governments|elites|officials|policymakers|policy-makers|decision-makers|decision makers|statesmen|authorities|regime|allies|ally|patron|patrons|protector|friends|fears?|doubts?|"
    r"worries|anxiety|concerns?|suspicions?|confidence|faith|trust|interest|interests|as|opinion|diplomats|planners|counterparts?|voices|resentment|alarm|partners?|power|guarantor|cabinet|heard) in (?:the )?$"
)
_PLACE_AFTER: Final = re.compile(
    r"(?:'s)?[ ,]+(?:treaty|treaties|conference|conferences|agreement|agreements|accord|accords|declaration|summit|protocol|process|university|airport|school|bureau|museum|street|review|talks? of|meeting of|stock exchange|olympics|climate|peace|press|convention|naval|post|times|d\.c|"
    r"dc\b|state university|metropolitan|suburb|hospital|marathon|city)\b"
)
_GIVEN_NAMES: Final = frozenset(
    "michael hamilton george booker john david robert james william thomas charles joseph henry richard edward peter paul mary elizabeth hans karl carl martin daniel stephen steven mark barbara susan david amos neil june vernon "
    "colin eleanor denzel kerry dinah isaiah irving anatole hilton jack ruth colin samuel alan allen alfred albert arthur benjamin bernard bert brian bruce christopher donald douglas eric ernest frank frederick gary gerald gordon harold harry "
    "howard hugh jason jeffrey jeremy jerry jim jimmy joe jonathan keith kenneth kevin larry lawrence leonard lewis louis matthew melvin nancy nicholas patrick philip ralph raymond roger ronald roy simon stanley terry tim timothy tom victor walter "
    "anne ann anna alice amy andrea carol caroline catherine christine deborah diana emily emma helen jane janet jennifer jessica judith julia karen kate kathleen laura linda lisa margaret maria martha michelle patricia rachel rebecca sarah sharon".split()
)
_PERSON_LIKE: Final = frozenset(
    "jordan chad israel washington paris sydney georgia cuba holland dane finn togo london berlin santiago malta france england ireland german french english poland lima victoria kingston ireland niger".split()
)
_LONELY_NAMES: Final = frozenset(
    "jordan chad georgia georgian turkey guinea niger mali togo dominica dominican cuba columbia".split()
)
_AMERICAN_GEORGIA: Final = re.compile(
    r"\b(?:atlanta|savannah|georgia (?:state|tech|legislature|power|aquarium|general assembly|officials|counties|voters|residents|bulldogs)|university of georgia|governor|state government|state legislature|county|counties|alabama|florida|tennessee|carolina|american states|southern states|southeastern united states|peach|emory)\b"
)
_CAUCASIAN_GEORGIA: Final = re.compile(
    r"\b(?:tbilisi|caucas\w+|ossetia\w*|abkhaz\w*|saakashvili|shevardnadze|russian?|nato|armenia\w*|azerbaijan\w*|ukrain\w*|soviet|moscow|gori|batumi)\b"
)
_ACRONYMS: Final = {
    name: re.compile(context)
    for name, context in (
        ("car", r"central african|bangui|africa|chad\b"), ("mpr", r"mongol"), ("png", r"papua|port moresby|melanesia|pacific|bougainville"),
        ("ddr", r"german|berlin|honecker|ulbricht"), ("gdr", r"german|berlin|honecker|ulbricht|soviet|warsaw|bonn"), ("rsa", r"south africa|pretoria|apartheid"), ("srv", r"vietnam|hanoi"),
        ("dpr", r"donetsk|ukrain"), ("lpr", r"luhansk|lugansk|ukrain"), ("fry", r"yugoslav|belgrade|serb|kosovo"), ("uar", r"arab|nasser|egypt|syria"), ("zar", r"transvaal|boer"),
        ("frg", r"german|bonn|adenauer|berlin|soviet|nato"), ("roc", r"taiwan|taipei|chin|kuomintang|nationalist|chiang|u\.?s\.?\b|pacific|strait|japan|korea"),
        ("yar", r"yemen"), ("ndh", r"croat"), ("unr", r"ukrain"),
    )
}  # fmt: skip
_BIRD: Final = re.compile(
    r"\b(?:poultry|poults?|broilers?|meat|thanksgiving|feed|flocks?|breeders?|birds?|hens?|carcass\w*)\b"
)

_YEAR: Final = re.compile(r"1[4-9]\d\d|20[0-3]\d")
_CENTURY: Final = re.compile(
    r"(1\d|20)(?:th|st)?[ -]?(?:century|世纪)(?:([2-9]0)年代)?|\b(eighteenth|nineteenth|twentieth) century"
)
# Words that tell of a time without naming a year, and a year of it.
_HINTS: Final = {
    2000: "post-cold war|after the cold war|冷战后|后冷战|冷战结束",
    1960: (
        "cold war|冷战|soviet|苏联|khrushchev|赫鲁晓夫|stalin |stalin's|斯大林|brezhnev|勃列日涅夫|truman|杜鲁门|eisenhower|艾森豪威尔|nixon|尼克松|kennedy|肯尼迪|毛泽东|mao |mao's|华约|warsaw pact|"
        "adenauer|de gaulle|戴高乐|kim il sung|金日成"
    ),
    1914: "first world war|world war i |great war|一战|第一次世界大战|july crisis|july 1914|七月危机|entente powers|协约国|central powers",
    1941: "second world war|world war ii|二战|第二次世界大战|nazi|hitler|纳粹|希特勒",
    1930: "interwar|inter-war|between the wars|两次世界大战之间|战间期|versailles|凡尔赛",
    1885: "bismarck|俾斯麦|wilhelmine|三皇同盟|three emperors' league|奥匈|austria-hungary|andrassy|kalnoky|franz joseph|威廉二世",
    1815: "napoleon |napoleonic|拿破仑战争|metternich|梅特涅|congress of vienna|维也纳会议",
    2018: "putin|普京|trump|特朗普|obama|奥巴马|biden|拜登|习近平|xi jinping|印太|indo-pacific|zelensk|arab spring|俄乌冲突|erdogan",
    1855: "crimean war|克里米亚战争",
}


_MANY: Final = 200  # years of a text that are looked at


@lru_cache(maxsize=1)
def _hint_finder() -> tuple[Any, list[int]]:
    import ahocorasick_rs

    words = [(word, year) for year, listed in _HINTS.items() for word in listed.split("|")]
    automaton = ahocorasick_rs.AhoCorasick(
        [word for word, _ in words], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )
    return automaton, [year for _, year in words]


_CENTURIES: Final = {"eighteenth": 1750, "nineteenth": 1850, "twentieth": 1950}


def years_of(texts: Sequence[str]) -> list[int]:
    """Years that some folded texts speak of, spelled or hinted at; with repetition."""
    years: list[int] = []
    hints, year_of = _hint_finder()
    for text in texts:
        for match in _YEAR.finditer(text):
            start, end = match.span()
            before = text[max(0, start - 2) : start]
            if (
                before[-1:].isdigit()
                or text[end : end + 1].isdigit()
                or (before[-1:] in (".", ",", "-") and before[:1].isdigit() and len(before) > 1)
            ):
                continue
            years.append(int(match.group()))
        if "世纪" in text or "century" in text:
            for match in _CENTURY.finditer(text):
                if match.group(1):
                    years.append((int(match.group(1)) - 1) * 100 + int(match.group(2) or 50))
                else:
                    years.append(_CENTURIES[match.group(3)])
        years = years[:_MANY]
        years.extend(sorted({year_of[index] for index, _, _ in hints.find_matches_as_indexes(text)}))
    return years


_DEFAULTS: Final = {"hanoi": "VNM", "河内": "VNM", "moscow": "RUS", "莫斯科": "RUS", "kremlin": "RUS", "克里姆林宫": "RUS", "berlin": "DEU", "柏林": "DEU", "roc": "TWN", "r.o.c.": "TWN",
                    "vienna": "AUT", "维也纳": "AUT", "congo": "COD", "刚果": "COD", "朝鲜": "PRK", "土耳其": "TUR", "turkey": "TUR", "turkish": "TUR", "yugoslav": "YUG", "prague": "CZE",
                    "dominican": "DOM", "frg": "GFR", "联邦德国": "GFR", "德意志联邦共和国": "GFR", "nationalist china": "TWN", "中华民国": "TWN", "cairo": "EGY", "开罗": "EGY"}  # fmt: skip
_FIXED: Final = frozenset("hanoi 河内 frg 联邦德国".split())


def choose(readings: Sequence[tuple[str, int, int]], years: Sequence[int], name: str) -> tuple[str, ...]:
    """The reading that the years of the text favour, else the default; all where a name stands for several (两韩)."""
    if len(readings) == 1:
        return (readings[0][0],)
    if all(first < -4000 and last > 9000 for _, first, last in readings):
        return tuple(tag for tag, _, _ in readings)
    default = _DEFAULTS.get(name)
    if name in _FIXED and default:
        return (default,)
    best = max(
        readings,
        key=lambda reading: (
            sum(reading[1] <= year <= reading[2] for year in years),
            (reading[0] == default) if not years else 0,
            -(reading[2] - reading[1]) if years else (reading[2] > 9000),
            reading[0] == default,
            reading[0],
        ),
    )
    if not any(best[1] <= year <= best[2] for year in years) and default:
        return (default,)
    return (best[0],)


class StateFinder:
    """Finds states in scanned fields; holds the lexicon only."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._short = ShortForms(lexicon)

    def find(
        self, scan: Scan, years: Callable[[], Sequence[int]], refused: list[Refused] | None = None
    ) -> list[StateMention]:
        """The state mentions of a field, in order.

        Parameters
        ----------
        scan : Scan
        years : callable
            Gives the years that the work speaks of (`years_of`); called only where a name needs them.
        refused : list, optional
            Takes the readings that were not taken.
        """
        text = scan.folded.text
        found: list[StateMention] = []
        for match in scan.names:
            entry = match.entry
            if entry.kind != STATE:
                continue
            why = self._why_not(scan, match) if entry.latin else _chinese_place(text, match)
            if why:
                if refused is not None:
                    refused.append(Refused(match.start, match.end, entry.readings[0][0], why))
                continue
            if scan.pacts and _inside_pact(match, scan.pacts, self._lexicon):
                continue
            if entry.readings[0][0] in _BOUND_TO_YEARS and len(entry.readings) == 1:
                _, first, last = entry.readings[0]
                if years() and not any(first <= year <= last for year in years()):
                    if refused is not None:
                        refused.append(
                            Refused(
                                match.start, match.end, entry.readings[0][0], "a place today: no state in these years"
                            )
                        )
                    continue
            if len(entry.readings) == 1:
                tags: tuple[str, ...] = (entry.readings[0][0],)
            else:
                tags = self._by_full_name(entry, scan) or choose(entry.readings, years(), entry.text)
            rule = _RULES[entry.role] if len(entry.readings) == 1 or len(tags) > 1 else "state-context"
            confidence = _CONFIDENCE[entry.role] - (0.06 if rule == "state-context" else 0.0)
            found.extend(
                StateMention(match.start, match.end, tag, rule, confidence, match.start, match.end, entry.role)
                for tag in tags
            )
        if not text.isascii():
            self._short.find(scan, years, found, refused)
        elif "us" in text:
            self._us(scan, found)
        if "korea" in text:
            _koreas(text, found)
        if len(found) > 1:
            found.sort()
        return found

    @staticmethod
    def _by_full_name(entry: Entry, scan: Scan) -> tuple[str, ...] | None:
        """For a name of several states the one whose own name stands in the same field: Vienna beside Austria-Hungary."""
        if len(entry.readings) == 1 or entry.role not in ("metonym", "adjective"):
            return None
        tags = {tag for tag, _, _ in entry.readings}
        named = {
            match.entry.readings[0][0]
            for match in scan.names
            if match.entry.kind == STATE and match.entry.role == "name" and len(match.entry.readings) == 1
        } & tags
        return (named.pop(),) if len(named) == 1 else None

    def _why_not(self, scan: Scan, match: Found) -> str | None:
        """Why a name in Latin letters is no state here, None where it is one."""
        text = scan.folded.text
        entry = match.entry
        start, end = match.start, match.end
        name = entry.text
        if entry.role == "metonym":
            before = text[max(0, start - 40) : start]
            place = _PLACE_BEFORE.search(before)
            listed = before.endswith("as in ") and re.match(r"(?:, \w+)* (?:and|or) \w+", text[end : end + 80])
            if place and not listed and not _ACTOR_BEFORE.search(before) and not text.startswith("'s", end):
                return "a place here, not an actor"
            if _PLACE_AFTER.match(text, end):
                return "part of the name of a treaty, a meeting or an institution"
        if name in _PERSON_LIKE:
            word, capital = _word_before(scan, start)
            if word in _GIVEN_NAMES and capital:
                return "a person's name"
            if name in ("chad", "jordan", "israel", "paris") and _given_name_use(scan, end, name):
                return "a person's name"
        if name in ("georgia", "georgian", "georgians"):
            whole = text
            if _AMERICAN_GEORGIA.search(whole) and not _CAUCASIAN_GEORGIA.search(whole):
                return "the American state"
        context = _ACRONYMS.get(name)
        if context is not None and not context.search(text):
            return "an abbreviation of something else, as far as the text tells"
        if name in ("turkey", "turkeys") and _BIRD.search(text):
            return "the bird"
        if name == "us" and text.isascii() and scan.folded.raw.isupper() and not _US_PRONOUN_OK.match(text, start):
            return "may be the pronoun in a title in capitals"
        if name == "polish" and text[end : end + 4] == "ing ":
            return "a word"
        return None

    def _us(self, scan: Scan, found: list[StateMention]) -> None:
        """``us alliance agreements``: the United States in small letters, told by what follows."""
        text = scan.folded.text
        raw = scan.folded.raw
        position = text.find("us")
        while position >= 0:
            if (
                (position == 0 or not text[position - 1].isalnum())
                and (position + 2 == len(text) or not text[position + 2].isalnum())
                and text[position + 2 : position + 3] in (" ", "-")
            ):
                first, last = scan.folded.raw_span(position, position + 2)
                if raw[first:last] == "us" and _US_PRONOUN_OK.match(text, position):
                    found.append(
                        StateMention(
                            position, position + 2, "USA", "state-context", 0.85, position, position + 2, "abbreviation"
                        )
                    )
            position = text.find("us", position + 2)


_BOUND_TO_YEARS: Final = frozenset(
    (
        "PRU X-TIB X-SAR X-HAW X-TEX BAV BAD SAX WRT HSE HSG MEC HAN TUS MOD PMA SIC PAP X-ORA X-TRA X-ZUL X-SIK X-MAH "
        "X-BRI X-CSA X-DZG X-HEJ SKM ZAN X-SLK X-NDH X-GCO"
    ).split()
)
_RULES: Final = {
    "name": "state-name",
    "adjective": "state-adjective",
    "metonym": "state-metonym",
    "abbreviation": "state-abbreviation",
}
_CONFIDENCE: Final = {"name": 0.98, "adjective": 0.96, "metonym": 0.9, "abbreviation": 0.95}


def _word_before(scan: Scan, start: int) -> tuple[str, bool]:
    """The word before a position and whether it is written with a capital."""
    text = scan.folded.text
    end = start
    while end and text[end - 1] == " ":
        end -= 1
    begin = end
    while begin and (text[begin - 1].isalpha() or text[begin - 1] in "'"):
        begin -= 1
    if begin == end:
        return "", False
    first, _ = scan.folded.raw_span(begin, end)
    return text[begin:end], scan.folded.raw[first].isupper()


def _given_name_use(scan: Scan, end: int, name: str) -> bool:
    """Whether a capitalised word that is no usual one follows: ``Chad Smith``."""
    text = scan.folded.text
    match = re.match(r" ([a-z]+)", text[end:])
    if not match or (name == "paris" and match.group(1) != "hilton"):
        return False
    first, _ = scan.folded.raw_span(end + 1, end + 2)
    if scan.folded.raw.isupper() or not scan.folded.raw[first].isupper():
        return False
    title_case = not any(word[:1].islower() and len(word) > 4 for word in scan.folded.raw.split())
    return not title_case and name in ("chad", "israel")


def _chinese_place(text: str, match: Found) -> str | None:
    """Why a Chinese name is no state here."""
    name = match.entry.text
    if match.entry.role == "metonym":
        before = text[max(0, match.start - 2) : match.start]
        after = text[match.end : match.end + 3]
        if before.endswith(("在", "赴", "抵达", "飞抵", "于", "驻", "前往", "位于")) or re.match(
            r"会议|条约|公约|宣言|市|举行|召开|峰会|协定|会晤|会谈|奥运|大学|体系|和会|郊|街|举", after
        ):
            return "a place here, not an actor"
    if name == "印度" and text[match.end : match.end + 1] == "洋":
        return "the ocean"
    if (
        len(name) == 2
        and name[1] == "国"
        and text[match.end : match.end + 1] == "内"
        and text[match.start - 1 : match.start] == "际"
    ):
        return "part of another word"
    return None


def _inside_pact(match: Found, pacts: list[Found], lexicon: Lexicon) -> bool:
    """A capital in the name of a pact (*Warsaw* Pact), or a state in it that is no member, is no mention."""
    for pact in pacts:
        if pact.start <= match.start and match.end <= pact.end and (pact.start, pact.end) != (match.start, match.end):
            if match.entry.role == "metonym":
                return True
            members: set[str] = set()
            for tag, _, _ in pact.entry.readings:
                members |= lexicon.pact_members.get(tag, frozenset(tag.split("-")))
            return not any(tag in members for tag, _, _ in match.entry.readings)
    return False


_KOREAS: Final = re.compile(
    r"\b(?:(?:two|both) koreas|the koreas|north and south koreans?|south and north koreans?|inter-korean)\b"
)


def _koreas(text: str, found: list[StateMention]) -> None:
    """``both Koreas`` and ``North and South Korea`` are two states."""
    for match in _KOREAS.finditer(text):
        present = {mention.tag for mention in found if match.start() <= mention.start < match.end()}
        for tag in ("KOR", "PRK"):
            if tag not in present:
                found.append(
                    StateMention(
                        match.start(), match.end(), tag, "state-name", 0.95, match.start(), match.end(), "name"
                    )
                )
