"""Periods that a work speaks of. In: folded fields. Out: years from and to, with the words that say so.

A span of years, a decade, a century or a named era is a period; a single year is a date and no period. An end that the
words leave open is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from kg.tagging.eras import ERAS


class PeriodMention(NamedTuple):
    """A period in a folded text; None where an end is open."""

    start: int
    end: int
    first: int | None
    last: int | None
    rule: str


_Y: Final = r"(1[0-9]\d\d|20[0-4]\d)"
_YEAR: Final = re.compile(
    r"[12]\d\d\d(?<!\d\d\d\d\d)"
)  # what every expression on years has in it, at the beginning of a number
_RANGES: Final = re.compile(
    rf"(?<!\d)(?<!\d[.,-]){_Y}(?:年)?\s?(?:-{{1,2}}|~|至|到|to|through|until)\s?"
    rf"(?:(1[0-9]\d\d|20[0-4]\d)(?!\d)|(\d\d)(?![\d.]|\s?世纪|\s?年代)|(?:the )?(present|today|今\b|今(?![年天日])|现在))(?:年)?"
)
_BETWEEN: Final = re.compile(rf"\b(?:between|from) (?:[a-z]+ )?{_Y} (?:and|to|until|through|till) (?:[a-z]+ )?{_Y}\b")
_SINCE: Final = re.compile(
    rf"\b(?:since|after) (?:the )?{_Y}\b(?!s)|\bfrom {_Y} (?:on\b|onwards?\b)|(?<!\d){_Y}\s?年?(?:以来|以后|之后|以降|起(?![草义源初诉飞到用步居兵事重])|起至今)"
)
_UNTIL: Final = re.compile(rf"\b(?:before|until|up to|prior to) (?:the )?{_Y}\b(?!s)|(?<!\d){_Y}\s?年?(?:以前|之前)")

_PART_EN: Final = r"(?:(early|late|mid(?:-to-late)?)[- ])?"
_DECADES_EN: Final = re.compile(
    rf"\b(?:(since|until|before) )?(?:the )?{_PART_EN}(?:the )?(1[5-9]\d0|20[0-2]0)'?s"
    rf"(?:(?: and|,| to|-| through| until)(?: the)? {_PART_EN}(1[5-9]\d0|20[0-2]0)'?s)?"
)
_IN_DECADE: Final = {
    "early": (0, 4), "mid": (3, 7), "mid-to-late": (4, 9), "late": (5, 9), "": (0, 9),
    "初": (0, 4), "前": (0, 4), "早": (0, 4), "中": (3, 7), "中后": (4, 9), "末": (5, 9), "后": (5, 9), "晚": (5, 9),
}  # fmt: skip
_ORDINALS: Final = {"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "twenty-first": 21, "16th": 16, "17th": 17, "18th": 18, "19th": 19, "20th": 20, "21st": 21}  # fmt: skip
_ORDINAL: Final = f"({'|'.join(_ORDINALS)})"
_CENTURY_EN: Final = re.compile(
    rf"\b(?:(since) )?(?:the )?(?:(first|second) half of the |(?:the )?(early|late|mid)[- ](?:the )?)?(?:the )?(?:long )?{_ORDINAL}(?:(?: and| to)(?: the)?(?: (?:early|mid|late))?[- ]{_ORDINAL})?[- ]centur(?:y|ies)"
)
_IN_CENTURY_EN: Final = {"early": (0, 33), "mid": (34, 66), "late": (67, 100), "first": (1, 50), "second": (51, 100), "": (1, 100)}  # fmt: skip

_HAN_DIGITS: Final = {character: index for index, character in enumerate("一二三四五六七八九", 1)}
_CENTURIES_ZH: Final = {
    "十五": 15, "十六": 16, "十七": 17, "十八": 18, "十九": 19, "二十": 20, "二十一": 21, "上": 20, "上个": 20, "本": 21,
}  # fmt: skip
_CENTURY_ZH: Final = re.compile(
    r"(?P<century>1[5-9]|2[01]|二十一?|十[五六七八九]|上个?|(?<![\u4e00-\u9fff])本)\s?世纪\s?的?"
)
_PART_OF_CENTURY: Final = re.compile(
    r"(上半叶|下半叶|前半叶|后半叶|前半期|后半期|上半期|下半期|初叶|初期|末叶|末期|中后期|中叶|中期|前期|后期|早期|晚期|初|末)"
)
_IN_CENTURY: Final = {
    "上半": (1, 50), "前半": (1, 50), "下半": (51, 100), "后半": (51, 100), "初": (1, 20), "末": (80, 100),
    "中后": (40, 100), "中": (40, 65), "前": (1, 50), "后": (51, 100), "早": (1, 33), "晚": (67, 100),
}  # fmt: skip
_DECADE_ZH: Final = re.compile(
    r"(?:([1-9])0|([一二三四五六七八九]{1,3})十)\s?(年代)?\s?(?:(初|前|早|中后|中|末|后|晚)期?)?"
)
_DECADES_ZH: Final = re.compile(
    r"(?<!\d)(1[5-9]|20)(\d)0\s?(?:年代)?\s?(?:(初|前|早|中后|中|末|后|晚)期?)?\s?(?:[~\-至到、和与及]\s?(?:1[5-9]|20)?(\d)0\s?)?年代\s?(?:(初|前|早|中后|中|末|后|晚)期?)?"
)
_AND: Final = re.compile(r"\s?[~\-至到、和与及]{0,2}\s?")
_ONWARD: Final = re.compile(r"\s?(?:以来|以后|之后|以降|至今|起(?![草义源初诉飞到用步居兵事重]))")
_BACKWARD: Final = re.compile(r"\s?(?:以前|之前)")


def find_periods(text: str) -> Iterator[PeriodMention]:
    """The periods of a folded text, in no set order; nested ones may overlap."""
    years = [match.start() for match in _YEAR.finditer(text)]
    if years:
        yield from _by_years(text, years)
    if "centur" in text:
        yield from _by_centuries(text)
    if "世纪" in text:
        yield from _by_chinese_centuries(text)
    finder, eras_of = _era_finder()
    named = {era for index, _, _ in finder.find_matches_as_indexes(text, overlapping=True) for era in eras_of[index]}
    for number in sorted(named):
        _, regex, first_year, last_year = ERAS[number]
        for match in regex.finditer(text):
            yield PeriodMention(match.start(), match.end(), first_year, last_year, "period-name")


@lru_cache(maxsize=1)
def _era_finder() -> tuple[Any, list[list[int]]]:
    """An automaton of the words without which no era is looked for, and the eras of each."""
    import ahocorasick_rs

    eras: dict[str, list[int]] = {}
    for number, (words, _, _, _) in enumerate(ERAS):
        for word in words:
            eras.setdefault(word, []).append(number)
    return ahocorasick_rs.AhoCorasick(list(eras)), list(eras.values())


def _matches(regex: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """The matches of an expression that can only begin at some places."""
    done = 0
    for place in places:
        if place >= done and (match := regex.match(text, place)) is not None:
            done = match.end()
            yield match


_BEFORE_YEAR: Final = {
    "since": ("since ", "since the ", "after ", "after the ", "from "),
    "until": ("before ", "before the ", "until ", "until the ", "up to ", "up to the ", "prior to ", "prior to the "),
}
_AFTER_YEAR: Final = {
    "between": re.compile(r"\d{4} (?:and|to|until|through|till) "),
    "since": re.compile(r"\d{4}\s?年?(?:以来|以后|之后|以降|起)"),
    "until": re.compile(r"\d{4}\s?年?(?:以前|之前)"),
}


def _by_years(text: str, years: Sequence[int]) -> Iterator[PeriodMention]:
    for match in _matches(_RANGES, text, years):
        first = int(match.group(1))
        if match.group(4):
            yield PeriodMention(*match.span(), first, None, "period-years")
            continue
        last = int(match.group(2)) if match.group(2) else first // 100 * 100 + int(match.group(3))
        if first < last <= 2050:
            yield PeriodMention(*match.span(), first, last, "period-years")
    tail = _AFTER_YEAR["between"]
    for match in _BETWEEN.finditer(text) if any(tail.match(text, year) for year in years) else ():
        first, last = int(match.group(1)), int(match.group(2))
        if first < last:
            yield PeriodMention(*match.span(), first, last, "period-years")
    for match in _DECADES_EN.finditer(text) if any(text.startswith(("s", "'s"), year + 4) for year in years) else ():
        bound, part, decade, last_part, last_decade = match.groups()
        begin = int(decade) + _IN_DECADE[part or ""][0]
        end = int(last_decade or decade) + _IN_DECADE[(last_part if last_decade else part) or ""][1]
        yield _bounded(match.span(), begin, max(begin, end), bound)
    for match in _matches(_DECADES_ZH, text, years) if "年代" in text else ():
        century, tens, part, last_tens, last_part = match.groups()
        base = int(century) * 100
        begin = base + int(tens) * 10 + _IN_DECADE[part or ("" if last_tens else last_part) or ""][0]
        end = base + int(last_tens or tens) * 10 + _IN_DECADE[last_part or ("" if last_tens else part) or ""][1]
        yield _chinese(text, *match.span(), begin, max(begin, end))
    for match in _SINCE.finditer(text) if _bounds_a_year(text, years, "since") else ():
        yield PeriodMention(*match.span(), int(next(filter(None, match.groups()))), None, "period-years")
    for match in _UNTIL.finditer(text) if _bounds_a_year(text, years, "until") else ():
        yield PeriodMention(*match.span(), None, int(match.group(1) or match.group(2)), "period-years")


def _bounds_a_year(text: str, years: Iterable[int], bound: str) -> bool:
    """Whether one of the years stands beside the words of a bound."""
    before, after = _BEFORE_YEAR[bound], _AFTER_YEAR[bound]
    return any(text.endswith(before, 0, year) or after.match(text, year) for year in years)


def _bounded(span: tuple[int, int], first: int, last: int, bound: str | None) -> PeriodMention:
    """A span of years after ``since``, ``until`` or ``before``, or none of them."""
    if bound == "since":
        return PeriodMention(*span, first, None, "period-years")
    if bound:
        return PeriodMention(*span, None, last if bound == "until" else first, "period-years")
    return PeriodMention(*span, first, last, "period-years")


def _by_centuries(text: str) -> Iterator[PeriodMention]:
    for match in _CENTURY_EN.finditer(text):
        bound, half, part, century, last_century = match.groups()
        low, high = _IN_CENTURY_EN[half or part or ""]
        begin = (_ORDINALS[century] - 1) * 100 + low
        if last_century:
            high = 100
        yield _bounded(match.span(), begin, (_ORDINALS[last_century or century] - 1) * 100 + high, bound)


def _by_chinese_centuries(text: str) -> Iterator[PeriodMention]:
    """``20世纪50~70年代``, ``19世纪末20世纪初``, ``上世纪90年代以来``."""
    at = 0
    while (match := _CENTURY_ZH.search(text, at)) is not None:
        begin, end, stop = _century(text, match)
        joint = _AND.match(text, stop)
        follower = _CENTURY_ZH.match(text, joint.end()) if joint is not None else None
        if follower is not None and (stop > match.end() or joint is None or joint.group().strip()):
            _, end, stop = _century(text, follower)
        at = stop
        yield _chinese(text, match.start(), stop, begin, end)


def _century(text: str, match: re.Match[str]) -> tuple[int, int, int]:
    """First and last year of what a century's name and the words after it say, and where these end."""
    name = match.group("century")
    base = (_CENTURIES_ZH.get(name) or int(name)) * 100 - 100
    stop = match.end()
    part = _PART_OF_CENTURY.match(text, stop)
    if part is not None:
        low, high = next(years for word, years in _IN_CENTURY.items() if part.group().startswith(word))
        return base + low, base + high, part.end()
    decades: list[tuple[int, int]] = []
    named = False
    at = stop
    while len(decades) < 3 and (decade := _DECADE_ZH.match(text, at)) is not None:
        named = named or bool(decade.group(3))
        low, high = _IN_DECADE[decade.group(4) or ""]
        tens = [int(decade.group(1))] if decade.group(1) else [_HAN_DIGITS[digit] for digit in decade.group(2)]
        decades += [(base + tens[0] * 10 + low, base + tens[-1] * 10 + high)]
        stop = decade.end()
        joint = _AND.match(text, stop)
        at = joint.end() if joint is not None else stop
    if not named:
        return base + 1, base + 100, match.end() - match.group().endswith("的")
    return decades[0][0], max(last for _, last in decades), stop


def _chinese(text: str, start: int, stop: int, first: int, last: int) -> PeriodMention:
    """A span of years, open at the end that 以来 or 以前 leaves open."""
    onward = _ONWARD.match(text, stop)
    if onward is not None:
        return PeriodMention(start, onward.end(), first, None, "period-years")
    backward = _BACKWARD.match(text, stop)
    if backward is not None:
        return PeriodMention(start, backward.end(), None, first, "period-years")
    return PeriodMention(start, stop, first, last, "period-years")


def longest(found: Iterable[PeriodMention]) -> list[PeriodMention]:
    """The longest of overlapping mentions, in order."""
    chosen: list[PeriodMention] = []
    for mention in sorted(found, key=lambda period: (period.start, -period.end)):
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
    return chosen
