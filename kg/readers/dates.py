"""Years of publication. In: dates as sources write them. Out: a year, or None where it is not sure."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from typing import Final

_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "Ｏ": 0,
    "０": 0,
    "元": 1,
    "两": 2,
}
_ERAS: Final = {
    "民国": 1911,
    "民國": 1911,
    "中华民国": 1911,
    "中華民國": 1911,
    "明治": 1867,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
}
_ERA: Final = re.compile(
    rf"({'|'.join(sorted(_ERAS, key=len, reverse=True))})\s*([〇零一二三四五六七八九十元\d]{{1,4}})\s*年?"
)
_HAN_YEAR: Final = re.compile(r"[一二][〇零○一二三四五六七八九]{3}(?=年|\Z|[^〇零○一二三四五六七八九十百千])")
_FOUR: Final = re.compile(r"(?<![\d.])(1\d{3}|20\d\d|21\d\d)(?!\d)")
_COMPACT: Final = re.compile(r"\A(1[5-9]\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{6})?\Z")
_DOUBT: Final = re.compile(r"\?|？|\bca?\.\s|circa|约|\[s\.?\s?d\.?\]|\bforthcoming\b|\bin press\b", re.IGNORECASE)


_WRITTEN_IN: Final = 2026  # this module; a year up to it is not of the future


def _this_year() -> int:
    """The year of the build: SOURCE_DATE_EPOCH where it is set, else the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return time.gmtime(int(epoch) if epoch and epoch.isdigit() else None).tm_year


def _han_number(text: str) -> int | None:
    """A number below a hundred, or a row of digits, in Chinese characters."""
    if text.isdigit() and text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (_DIGITS.get(tens, 1 if not tens else 0)) + (_DIGITS.get(ones, 0) if ones else 0)
    digits = [_DIGITS.get(c) for c in text]
    return int("".join(map(str, digits))) if all(d is not None for d in digits) else None


def year(text: str | int | float | None) -> int | None:
    """The year of publication in a date, None where there is none or it is not sure.

    Of a range the first year; eras of China and Japan are counted over; a year more than two ahead is none.

    Examples
    --------
    >>> [year(text) for text in ("2021/05/28", "Winter 2016", "c2004", "二〇二〇年第2期", "民国二十六年", "2019-2020")]
    [2021, 2016, 2004, 2020, 1937, 2019]
    >>> [year(text) for text in ("0000", "19", "99999", "-431", "2004?", "in press", None, "987")]
    [None, None, None, None, None, None, None, 987]
    """
    if type(text) is int and 1000 <= text <= _WRITTEN_IN:
        return text
    if text is None or isinstance(text, bool):
        return None
    if isinstance(text, float):
        text = int(text) if text == int(text) else str(text)
    text = str(text).strip()
    if len(text) == 4 and text.isascii() and text.isdigit():
        found = int(text)
        return found if 1000 <= found <= _WRITTEN_IN or 1000 <= found <= _this_year() + 2 else None
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if _DOUBT.search(text):
        return None
    value: int | None = None
    compact = _COMPACT.match(text)
    era = _ERA.search(text)
    four = _FOUR.search(text)
    han = _HAN_YEAR.search(text)
    if compact:
        value = int(compact.group(1))
    elif era:
        number = _han_number(era.group(2))
        value = _ERAS[era.group(1)] + number if number else None
    elif four and not re.match(r"-\d", text):
        value = int(four.group(1))
    elif han:
        value = _han_number(han.group())
    elif re.fullmatch(r"[1-9]\d\d", text):
        value = int(text)
    return value if value is not None and value <= _this_year() + 2 else None
