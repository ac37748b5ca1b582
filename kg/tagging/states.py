"""States: from names, short forms and their company to mentions. In: a scan of a field. Out: state mentions with their rules.

Names come from the automaton. Here they are judged: the pronoun-like ``us``, capitals that act, names that are also persons, places
and words, names that several states have borne. Chinese short forms are found by `short_forms`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from kg.tagging.false_friends import US_NOT_PRONOUN, Whole, inside_pact, why_no_chinese_state, why_no_state
from kg.tagging.lexicon import STATE, Entry, Lexicon
from kg.tagging.mentions import Refused, StateMention
from kg.tagging.scanner import Scan
from kg.tagging.short_forms import ShortForms

_YEAR: Final = re.compile(r"1[4-9]\d\d|20[0-3]\d")
_CENTURY: Final = re.compile(
    r"(1\d|20)(?:th|st)?[ -]?(?:century|世纪)(?:([2-9]0)年代)?|\b(eighteenth|nineteenth|twentieth) century"
)
# Words that tell of a time without naming a year, and a year of it.
_HINTS: Final = {
    2000: "post-cold war|after the cold war|冷战后|后冷战|冷战结束",
    1960: (
        "cold war|冷战|soviet|苏联|khrushchev|赫鲁晓夫|stalin |stalin's|斯大林|brezhnev|勃列日涅夫|truman|杜鲁门|eisenhower|艾森豪威尔|nixon|尼克松|kennedy|肯尼迪|毛泽东|mao |mao's|华约|warsaw pact|"
        "adenauer|de gaulle|戴高乐|kim il sung|金日成|gorbachev|戈尔巴乔夫|reagan|里根|sekou toure|nkrumah|恩克鲁玛|nasser|纳赛尔|sukarno|苏加诺|castro|卡斯特罗|ho chi minh|胡志明| tito|铁托|"
        "syngman rhee|李承晚|park chung|朴正熙|lumumba|卢蒙巴|ulbricht|乌布利希|honecker|昂纳克|hoxha|霍查|ceausescu|齐奥塞斯库|lyndon johnson|zhou enlai|周恩来"
    ),
    1914: "first world war|world war i |great war|一战|第一次世界大战|july crisis|july 1914|七月危机|entente powers|协约国|central powers",
    1941: "second world war|world war ii|二战|第二次世界大战|nazi|hitler|纳粹|希特勒",
    1930: "interwar|inter-war|between the wars|两次世界大战之间|战间期|versailles|凡尔赛",
    1885: "bismarck|俾斯麦|wilhelmine|三皇同盟|three emperors' league|奥匈|austria-hungary|andrassy|kalnoky|franz joseph|威廉二世",
    1815: "napoleon |napoleonic|拿破仑战争|metternich|梅特涅|congress of vienna|维也纳会议",
    2018: "putin|普京|trump|特朗普|obama|奥巴马|biden|拜登|习近平|xi jinping|印太|indo-pacific|zelensk|泽连斯基|arab spring|俄乌冲突|erdogan|埃尔多安|shinzo abe|安倍晋三|kishida|岸田文雄|modi |莫迪|lavrov|拉夫罗夫|medvedev|梅德韦杰夫",
    1895: "triple alliance|三国同盟|triple entente|三国协约|dual alliance of 1879|德奥意|奥德意|意德奥|德意奥|奥意德|意奥德",
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
                    "dominican": "DOM", "frg": "GFR", "federal republic of germany": "GFR", "republic of china": "TWN", "联邦德国": "GFR", "德意志联邦共和国": "GFR", "nationalist china": "TWN", "中华民国": "TWN", "cairo": "EGY", "开罗": "EGY"}  # fmt: skip
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
        place = -1
        whole = Whole(scan)
        for match in scan.names:
            entry = match.entry
            if entry.kind != STATE:
                continue
            why = why_no_state(scan, match, place, whole) if entry.latin else why_no_chinese_state(text, match)
            if why:
                if entry.role == "metonym":
                    place = match.end
                if refused is not None:
                    refused.append(Refused(match.start, match.end, entry.readings[0][0], why))
                continue
            if scan.pacts and inside_pact(match, scan.pacts, whole, self._lexicon):
                continue
            if entry.readings[0][0] in _BOUND_TO_YEARS and len(entry.readings) == 1:
                tag, first, last = entry.readings[0]
                last += 50 if tag == "PRU" else 0  # a kingdom still, and at home in works on the German Empire
                spoken = years()
                if not any(first <= year <= last for year in spoken) and (spoken or not whole.says(_OLD_TIMES)):
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
                tags = _by_full_name(entry, whole) or choose(entry.readings, years(), entry.text)
            rule = _RULES[entry.role] if len(entry.readings) == 1 or len(tags) > 1 else "state-context"
            confidence = _CONFIDENCE[entry.role] - (0.06 if rule == "state-context" else 0.0)
            found.extend(
                StateMention(match.start, match.end, tag, rule, confidence, match.start, match.end, entry.role)
                for tag in tags
            )
        if not text.isascii():
            self._short.find(scan, years, found, refused)
        elif "us " in text or "us-" in text:
            self._us(scan, found)
        if found and ("kim jong" in text or "pyongyang" in text) and not whole.says(_SOUTH):
            found[:] = [_northern(mention, text) for mention in found]
        if "korea" in text or "viet" in text or "german" in text:
            _halves(text, found)
        if len(found) > 1:
            found.sort()
        return found

    def _us(self, scan: Scan, found: list[StateMention]) -> None:
        """``us alliance agreements``: the United States in small letters, told by what follows."""
        text = scan.folded.text
        for match in _US.finditer(text):
            position = match.start()
            first, last = scan.folded.raw_span(position, position + 2)
            if scan.folded.raw[first:last] == "us" and US_NOT_PRONOUN.match(text, position):
                found.append(
                    StateMention(
                        position, position + 2, "USA", "state-context", 0.85, position, position + 2, "abbreviation"
                    )
                )


_US: Final = re.compile(r"us(?=[ -])(?<![a-z0-9]us)")
_BOUND_TO_YEARS: Final = frozenset(
    (
        "PRU X-TIB X-SAR X-HAW X-TEX BAV BAD SAX WRT HSE HSG MEC HAN TUS MOD PMA SIC PAP X-ORA X-TRA X-ZUL X-SIK X-MAH "
        "X-BRI X-CSA X-DZG X-HEJ SKM ZAN X-SLK X-NDH X-GCO"
    ).split()
)
#: Words of texts about states that are gone, where no year is named.
_OLD_TIMES: Final = re.compile(
    r"prussia|habsburg|hapsburg|napoleon|bismarck|confedera|kingdom|duchy|elector|dynast|emperor|annex|independen|concert of europe|westphal"
    r"|普鲁士|哈布斯堡|拿破仑|俾斯麦|邦联|王国|公国|选帝侯|王朝|皇帝|兼并|独立|威斯特伐利亚"
)
_RULES: Final = {
    "name": "state-name",
    "adjective": "state-adjective",
    "metonym": "state-metonym",
    "abbreviation": "state-abbreviation",
}
_CONFIDENCE: Final = {"name": 0.98, "adjective": 0.96, "metonym": 0.9, "abbreviation": 0.95}


def _by_full_name(entry: Entry, whole: Whole) -> tuple[str, ...] | None:
    """For a name of several states the one whose own name stands in the same field: Vienna beside Austria-Hungary."""
    if len(entry.readings) == 1 or entry.role not in ("metonym", "adjective"):
        return None
    named = [tag for tag, _, _ in entry.readings if tag in whole.named_in_full]
    return (named[0],) if len(named) == 1 else None


def _northern(mention: StateMention, text: str) -> StateMention:
    """``Korea's Kim Jong Un``: the North, in a text that nowhere speaks of the South."""
    bare = text[mention.start : mention.end] in ("korea", "korean", "koreans")
    if mention.tag != "KOR" or not bare:
        return mention
    return mention._replace(tag="PRK", rule="state-context", confidence=0.85)


_SOUTH: Final = re.compile(
    r"\b(?:south korea\w*|seoul|rok|republic of korea|korean (?:war|peninsula)|park geun|moon jae|yoon suk|korean americans?)\b"
)
_HALVES: Final = re.compile(
    r"\b(?:(?:(?:two|both) |the |inter-)(?P<whole>koreas|korean(?= )|germanys|germanies|vietnams)"
    r"|(?:north|south|east|west) (?:and|or|with|versus|from|&) (?:north|south|east|west) (?P<half>korea|german|vietnam)(?:s|y|ns?|ese|ys|ies)?)\b"
)
_HALVES_OF: Final = {"korea": ("KOR", "PRK"), "german": ("DDR", "GFR"), "vietna": ("DRV", "RVN")}


def _halves(text: str, found: list[StateMention]) -> None:
    """``both Koreas`` and ``North and South Korea`` are two states."""
    for match in _HALVES.finditer(text):
        if match.group("whole") == "korean" and not match.group().startswith("inter-"):
            continue
        present = {mention.tag for mention in found if match.start() <= mention.start < match.end()}
        for tag in _HALVES_OF[next(key for key in _HALVES_OF if key in match.group())]:
            if tag not in present:
                found.append(
                    StateMention(
                        match.start(), match.end(), tag, "state-name", 0.95, match.start(), match.end(), "name"
                    )
                )
