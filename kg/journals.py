"""Journals by any of their names. In: a name, an ISSN. Out: a key that is equal for one journal's names."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from kg.identity import issns
from kg.model import Bibliographic
from kg.pinyin import has_han, syllables
from kg.text import fold_key

_ARTICLE: Final = re.compile(r"\A(?:the|das|die|der|la|le|les|el)\s+", re.IGNORECASE)
_SMALL: Final = frozenset("of the and for in on de la et und des du a an &".split())
_EDITION: Final = re.compile(
    r"[(（][^()（）]*(?:版|edition|print|online|学报|社会科学|哲学|人文)[^()（）]*[)）]\s*\Z", re.IGNORECASE
)


class Journal(NamedTuple):
    """A row of ``ontology/tables/journals.csv``."""

    id: str
    name_en: str
    name_zh: str
    other_names: tuple[str, ...]
    issn: str


@lru_cache(maxsize=1)
def table() -> tuple[Journal, ...]:
    """The journals of the field that have names in both languages."""
    from kg.resources import ontology_dir

    path: Path = ontology_dir() / "tables" / "journals.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Journal(
                row["id"],
                row["name_en"],
                row["name_zh"],
                tuple(filter(None, row["other_names"].split("|"))),
                row["issn"],
            )
            for row in csv.DictReader(file)
        )


class JournalName(NamedTuple):
    """A journal as one work names it, with what else it is called.

    Parameters
    ----------
    name : str
    key : str
        Equal for all names of one journal.
    forms : mapping of str
        Names by language (``en``, ``zh-Hans``), where the table knows the journal.
    issns : tuple of str
    """

    name: str
    key: str
    forms: dict[str, str]
    issns: tuple[str, ...]


def journal_of(work: Bibliographic) -> JournalName | None:
    """The journal of a work, None where it names none.

    >>> from kg.model import Record
    >>> journal_of(Record(source="a", number=1, where="a:1", journal="国际观察", identifiers={"issn": "1005-4812"}))
    JournalName(name='国际观察', key='international-review', forms={'en': 'International Review', 'zh-Hans': '国际观察'}, issns=('1005-4812',))
    """
    if not work.journal:
        return None
    found = key(work.journal)
    known = next((journal for journal in table() if journal.id == found), None)
    numbers = issns(work.identifiers.get("issn"))
    if known is None:
        return JournalName(work.journal, found, {}, numbers)
    forms = {lang: name for lang, name in (("en", known.name_en), ("zh-Hans", known.name_zh)) if name}
    return JournalName(work.journal, found, forms, tuple(dict.fromkeys((*numbers, *issns(known.issn)))))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for journal in table():
        for name in (journal.name_en, journal.name_zh, *journal.other_names):
            if name:
                found.setdefault(_plain(name), journal.id)
        if journal.name_zh:
            found.setdefault("".join(syllables(journal.name_zh)), journal.id)
    return found


def _plain(name: str) -> str:
    return fold_key(_ARTICLE.sub("", name.strip()).replace("&", " and "))


@lru_cache(maxsize=16_384)
def key(name: str) -> str:
    """A key for a journal: its id where the table knows it, else its folded name; for Chinese names their pinyin.

    >>> key("国际观察") == key("International Review") == key("Guoji Guancha")
    True
    >>> key("样刊研究") == key("Yangkan Yanjiu"), key("The Pacific Review") == key("Pacific Review")
    (True, True)
    """
    plain = _plain(name)
    known = _by_name()
    if plain in known:
        return known[plain]
    shorter = _EDITION.sub("", name)
    if shorter != name and shorter:
        return key(shorter)
    if has_han(plain):
        return "".join(syllables(plain))
    return plain


@lru_cache(maxsize=16_384)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in re.findall(r"[^\W_]+", _ARTICLE.sub("", name).lower()) if word not in _SMALL)


def same(left: str, right: str) -> bool | None:
    """Whether two names are of one journal; None where their languages do not let us say.

    >>> same("Sample J. Alliances", "Sample Journal of Alliances"), same("国际观察", "World Politics"), same("样刊", "Review of Samples")
    (True, False, None)
    """
    first, second = key(left), key(right)
    if first == second:
        return True
    if has_han(left) == has_han(right):
        if has_han(left):
            return False
        return _abbreviates(_words(left), _words(right)) or _abbreviates(_words(right), _words(left))
    ids = {journal.id for journal in table()}
    return False if first in ids and second in ids else None


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Each word of the one begins (or is made of the first letters of) the word of the other at its place."""
    if not short or len(short) != len(long):
        return len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)
    return all(_short_for(a, b) for a, b in zip(short, long, strict=True))


def _short_for(short: str, long: str) -> bool:
    if long.startswith(short):
        return True
    if short[0] != long[0] or len(short) >= len(long):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short) and len(short) >= 2 and short[-1] != "s"
