"""Periods that a work speaks of. In: folded fields. Out: years from and to, with the words that say so.

A span of years, a decade, a century or a named era is a period; a single year is a date and no period.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple


class PeriodMention(NamedTuple):
    """A period in a folded text; None where an end is open."""

    start: int
    end: int
    first: int | None
    last: int | None
    rule: str


_Y: Final = r"(1[0-9]\d\d|20[0-4]\d)"
_DIGITS: Final = re.compile(r"[12]\d")
_RANGES: Final = re.compile(
    rf"(?<!\d)(?<!\d[.,-]){_Y}(?:年)?\s?(?:-{{1,2}}|~|至|到|to|through|until)\s?(?:(1[0-9]\d\d|20[0-4]\d)(?!\d)|(\d\d)(?![\d.]|\s?世纪))(?:年)?"
)
_BETWEEN: Final = re.compile(rf"\b(?:between|from) (?:[a-z]+ )?{_Y} (?:and|to|until|through|till) (?:[a-z]+ )?{_Y}\b")
_DECADES_EN: Final = re.compile(
    r"\b(?:(?:early|late|mid|the)[- ])*(1[5-9]\d0|20[0-2]0)'?s(?:(?: and|,| to|-| through)(?: the)? (?:(?:early|late|mid)[- ])?(1[5-9]\d0|20[0-2]0)'?s)?"
)
_DECADES_ZH: Final = re.compile(
    r"(1[5-9]|20|21)\s?世纪\s?(?:上半叶|下半叶|初|末|中叶|中期|前期|后期)?(?:的)?(?:(?:([0-9])0|([一二三四五六七八九])十)?\s?(?:[~\-至到、和及]{1,2}\s?(?:([0-9])0|([一二三四五六七八九])十))?\s?年代(?:初|末|中期|初期|中后期)?)?"
)
_DECADE_ZH_SHORT: Final = re.compile(r"(?<!\d)(1[5-9]\d0|20[0-2]0)\s?年代")
_CENTURY_EN: Final = re.compile(
    r"\b(?:(early|late|mid)[- ])?(?:the )?(?:long )?(sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|16th|17th|18th|19th|20th|21st)[- ]centur(?:y|ies)"
)
_CENTURIES: Final = {"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "twenty-first": 21, "16th": 16, "17th": 17, "18th": 18, "19th": 19, "20th": 20, "21st": 21}  # fmt: skip
_HAN_DIGITS: Final = {character: index for index, character in enumerate("一二三四五六七八九", 1)}
_SINCE: Final = re.compile(rf"\b(?:since|after) (?:the )?{_Y}\b|(?<!\d){_Y}\s?年?(?:以来|以后|之后|起至今)")
_UNTIL: Final = re.compile(rf"\b(?:before|until|up to) (?:the )?{_Y}\b|(?<!\d){_Y}\s?年?(?:以前|之前)")

_ERAS: Final = tuple(
    (tuple(words.split("|")), re.compile(regex), first, last)
    for words, regex, first, last in (
        ("cold|冷战", r"\b(?:post-cold[- ]war(?: era| period| world)?|(?:after|since) the (?:end of the )?cold war)\b|冷战(?:结束)?(?:之后|以后|以来|后)(?:时期|时代)?|后冷战(?:时期|时代)?", 1991, None),
        ("cold|冷战", r"\bearly (?:years of the )?cold war\b|冷战(?:初期|早期|前期)", 1947, 1962),
        ("cold|冷战", r"\blate cold war\b|冷战(?:末期|后期|晚期)", 1975, 1991),
        ("cold|冷战", r"(?<!post-)(?<!after the )(?<!end of the )(?<!since the )\bcold war(?: era| period| years)?\b(?! ended| is over)|(?<!后)(?<!新)冷战(?!后|结束|初|末|早|晚|前期|后期|以后|之后|以来)(?:时期|时代|期间|年代)?", 1947, 1991),
        ("interwar|inter-war|between the|战间|大战之间", r"\b(?:inter-?war(?: period| years| era)?|between the (?:two )?(?:world )?wars)\b|战间期|两次(?:世界)?大战之间", 1918, 1939),
        ("world war|great war|大战|一战", r"\b(?:first world war|world war i\b|world war one|great war)\b|第一次世界大战|一战(?!后|前)", 1914, 1918),
        ("world war|大战|二战", r"\b(?:second world war|world war ii\b|world war two)\b|第二次世界大战(?!后|结束|前)|(?<!第)二战(?!后|前|结束|以来)", 1939, 1945),
        ("postwar|post-war|战后|大战|二战", r"\bpost-?war (?:period|era|years|decades|order|world|japan|europe|germany)\b|二战(?:之|以)?后|第二次世界大战(?:结束)?(?:之|以)?后", 1945, None),
        ("1914|战前", r"\bpre-?1914\b|\bbefore 1914\b|一战前|第一次世界大战前", 1871, 1914),
        ("bismarck|俾斯麦", r"\bbismarck(?:ian)? (?:era|period|system|age)\b|俾斯麦时(?:期|代)", 1871, 1890),
        ("napoleonic|拿破仑", r"\bnapoleonic (?:wars?|era|period)\b|拿破仑战争", 1803, 1815),
        ("春秋|spring and", r"春秋时期|\bspring and autumn period\b", -770, -476), ("战国|warring", r"战国时期|战国时代|\bwarring states (?:period|era)\b", -475, -221), ("春秋|先秦", r"春秋战国时?期?|先秦(?:时期)?", -770, -221),
    )
)  # fmt: skip


def find_periods(text: str) -> Iterator[PeriodMention]:
    """The periods of a folded text, in no set order; nested ones may overlap."""
    if _DIGITS.search(text) is not None:
        yield from _by_years(text)
    if "centur" in text:
        yield from _by_centuries(text)
    for words, regex, first_year, last_year in _ERAS:
        if any(word in text for word in words):
            for match in regex.finditer(text):
                yield PeriodMention(*match.span(), first_year, last_year, "period-name")


def _by_years(text: str) -> Iterator[PeriodMention]:
    for match in _RANGES.finditer(text):
        first = int(match.group(1))
        last = int(match.group(2)) if match.group(2) else first // 100 * 100 + int(match.group(3))
        if first < last <= 2050:
            yield PeriodMention(*match.span(), first, last, "period-years")
    for match in _BETWEEN.finditer(text):
        first, last = int(match.group(1)), int(match.group(2))
        if first < last:
            yield PeriodMention(*match.span(), first, last, "period-years")
    for match in _DECADES_EN.finditer(text):
        first = int(match.group(1))
        last = int(match.group(2) or first) + 9
        yield PeriodMention(*match.span(), first, max(last, first + 9), "period-years")
    for match in _DECADE_ZH_SHORT.finditer(text):
        yield PeriodMention(*match.span(), int(match.group(1)), int(match.group(1)) + 9, "period-years")
    for match in _DECADES_ZH.finditer(text):
        yield _chinese(match)
    for match in _SINCE.finditer(text):
        yield PeriodMention(*match.span(), int(match.group(1) or match.group(2)), None, "period-years")
    for match in _UNTIL.finditer(text):
        yield PeriodMention(*match.span(), None, int(match.group(1) or match.group(2)), "period-years")


def _by_centuries(text: str) -> Iterator[PeriodMention]:
    for match in _CENTURY_EN.finditer(text):
        century = _CENTURIES[match.group(2)]
        low, high = (century - 1) * 100, century * 100
        part = match.group(1)
        low, high = {"early": (low, low + 33), "late": (low + 67, high), "mid": (low + 34, low + 66)}.get(
            part or "", (low + 1, high)
        )
        yield PeriodMention(*match.span(), low, high, "period-years")


def _chinese(match: re.Match[str]) -> PeriodMention:
    """``20世纪50~70年代``, ``19世纪末``."""
    base = (int(match.group(1)) - 1) * 100
    begin = int(match.group(2)) if match.group(2) else _HAN_DIGITS.get(match.group(3) or "", 0)
    final = int(match.group(4)) if match.group(4) else _HAN_DIGITS.get(match.group(5) or "", 0)
    words = match.group()
    if "年代" in words and (match.group(2) or match.group(3)):
        return PeriodMention(*match.span(), base + begin * 10, base + max(begin, final) * 10 + 9, "period-years")
    parts = (
        ("上半叶", 1, 50),
        ("下半叶", 51, 100),
        ("初", 1, 20),
        ("末", 80, 100),
        ("中叶", 40, 65),
        ("中期", 40, 65),
        ("前期", 1, 50),
        ("后期", 51, 100),
    )
    for word, low, high in parts:
        if word in words:
            return PeriodMention(*match.span(), base + low, base + high, "period-years")
    return PeriodMention(*match.span(), base + 1, base + 100, "period-years")


def longest(found: Iterable[PeriodMention]) -> list[PeriodMention]:
    """The longest of overlapping mentions, in order."""
    chosen: list[PeriodMention] = []
    for mention in sorted(found, key=lambda period: (period.start, -period.end)):
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
    return chosen
