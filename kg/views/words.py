"""The words of the pages, in both languages. In: ``words.csv``. Out: a function from keys to words.

One table holds every word that a page shows of itself: a missing translation is an empty cell, which a test finds.
A cell may hold a singular and a plural, divided by ``|``; ``{n}`` and other names in braces are filled in.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Literal

PageLang = Literal["en", "zh"]
PAGE_LANGS: tuple[PageLang, ...] = ("en", "zh")

#: Language of a page's names and of its ``lang`` attribute.
NAME_LANG: Mapping[PageLang, str] = {"en": "en", "zh": "zh-Hans"}


def other_lang(lang: PageLang) -> PageLang:
    """The language that a page is not in."""
    return "zh" if lang == "en" else "en"


@lru_cache(maxsize=1)
def table() -> Mapping[str, Mapping[str, str]]:
    """Every row of the table: key → language → words."""
    source = files("kg.views").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["key"]: {lang: row[lang] for lang in PAGE_LANGS} for row in csv.DictReader(source.splitlines())}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, as templates call them.

    >>> words = Words("en")
    >>> words("n_works", n=1), words("n_works", n=1200)
    ('1 work', '1,200 works')
    """

    lang: PageLang

    def __call__(self, key: str, **values: object) -> str:
        """Words of a key, with its values filled in; numbers with a sign for thousands."""
        words = table()[key][self.lang]
        if "|" in words:
            one, many = words.split("|", 1)
            words = one if values.get("n") == 1 else many
        shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        return words.format_map(shown) if shown else words

    def moment(self, iso: str) -> str:
        """A time as people write it; a text that is no ISO time as it stands.

        >>> Words("en").moment("2026-03-05T08:10:00Z"), Words("zh").moment("2026-03-05T08:10:00Z")
        ('5 March 2026, 08:10 UTC', '2026年3月5日 08:10（UTC）')
        """
        try:
            when = datetime.fromisoformat(iso).astimezone(UTC)
        except ValueError:
            return iso
        months = table()["months"][self.lang].split("|")
        words = table()["date_time"][self.lang]
        return words.format(day=when.day, month=months[when.month - 1], year=when.year, time=f"{when:%H:%M}")

    def has(self, key: str) -> bool:
        """Whether the table has this key."""
        return key in table()

    @property
    def name_lang(self) -> str:
        """The ``lang`` attribute of this language's names."""
        return NAME_LANG[self.lang]

    @property
    def other(self) -> PageLang:
        """The other language."""
        return other_lang(self.lang)
