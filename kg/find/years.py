"""Years as people write them. In: ``1990-2010``, ``1990-``, ``-1950``, ``1999``. Out: first and last year."""

from __future__ import annotations

import re
from typing import Final

from kg.errors import KgError

_YEARS: Final = re.compile(r"\s*(-?\d{1,4})?\s*(?:(-|–|—|~|至|到)\s*(\d{1,4})?)?\s*年?\s*")


def read_years(written: str) -> tuple[int | None, int | None]:
    """First and last year, both included; None for an open end.

    >>> read_years("1990-2010"), read_years("1990-"), read_years("-1950"), read_years("1999")
    ((1990, 2010), (1990, None), (None, 1950), (1999, 1999))
    """
    bare = written.strip()
    if re.fullmatch(r"[-–—~]\d{1,4}", bare):
        return None, int(bare[1:])
    match = _YEARS.fullmatch(bare)
    if match is None or not bare or (match.group(1) is None and match.group(3) is None):
        raise KgError(f"'{written}' is no year or span of years; write 1990, 1990-2010, 1990- or -1950")
    first = int(match.group(1)) if match.group(1) else None
    if match.group(2) is None:
        return first, first
    last = int(match.group(3)) if match.group(3) else None
    if first is not None and last is not None and first > last:
        first, last = last, first
    return first, last
