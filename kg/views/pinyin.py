"""How Chinese names are read, for those who type letters. In: a name. Out: its syllables.

``pinyin.csv`` holds a reading for each character of the ontology's names, and words in which one is read otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def table() -> Mapping[str, str]:
    """Character or word → syllables, parted by blanks."""
    source = files("kg.views").joinpath("pinyin.csv").read_text(encoding="utf-8")
    return {row["han"]: row["pinyin"] for row in csv.DictReader(source.splitlines())}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(han) for han in table())


def syllables(name: str) -> tuple[str, ...]:
    """The syllables of a name's Han characters; other characters are passed over.

    >>> syllables("日本"), syllables("朝鲜"), syllables("NATO")
    (('ri', 'ben'), ('chao', 'xian'), ())
    """
    found: list[str] = []
    at = 0
    while at < len(name):
        for length in range(_longest(), 0, -1):
            read = table().get(name[at : at + length])
            if read is not None and len(name[at : at + length]) == length:
                found += read.split()
                at += length
                break
        else:
            at += 1
    return tuple(found)


def key(name: str) -> str:
    """What a search compares: syllables joined, a blank, their first letters.

    >>> key("日本"), key("NATO")
    ('riben rb', '')
    """
    read = syllables(name)
    return f"{''.join(read)} {''.join(syllable[0] for syllable in read)}" if read else ""
