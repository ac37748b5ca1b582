"""References in two styles. In: works. Out: one line each, GB/T 7714-2015 or APA (7th edition).

Both are written from what a record has; what it lacks is left out, never guessed. A work without a title is cited by
the first words of its abstract in 〔 〕, which say themselves that they are no title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

from kg.model import Work
from kg.pinyin import has_han, name_syllables, syllables
from kg.text import stand_in

Style = Literal["gb7714", "apa"]

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_THESIS: Final = re.compile(r"(?:[硕碩博]士(?:研究生)?(?:学位|學位)?|学位|學位)[论論]文$")
_GB_MARKS: Final = {"article": "J", "book": "M", "chapter": "M", "thesis": "D", "paper": "C", "report": "R"}
_PARTICLES: Final = frozenset("van von der de la le du da di dos del den ter ten zu af bin al".split())


def cite(work: Work, style: Style) -> str:
    """A work's reference.

    Examples
    --------
    >>> from kg.model import Text, WorkId
    >>> work = Work(id=WorkId("w"), texts=(Text("en", "Alliance Politics"),), authors=("Doe, Jane", "Richard Roe"),
    ...             journal="World Politics", year=2014, volume="3", issue="2", pages="1-20")
    >>> cite(work, "gb7714")
    'DOE J, ROE R. Alliance Politics[J]. World Politics, 2014, 3(2): 1-20.'
    >>> cite(work, "apa")
    'Doe, J., & Roe, R. (2014). Alliance Politics. World Politics, 3(2), 1–20.'
    """
    return {"gb7714": _gb7714, "apa": _apa}[style](work)


def bibliography(works: Iterable[Work], style: Style) -> list[str]:
    """References in the order of the style: Chinese works before others in GB/T 7714, one alphabet in APA.

    Chinese stands where its pinyin stands.
    """
    cited = [(cite(work, style), work) for work in works]
    if style == "gb7714":
        return [line for line, _ in sorted(cited, key=lambda pair: (not _is_chinese(pair[1]), _alphabetic(*pair)))]
    return [line for line, _ in sorted(cited, key=lambda pair: _alphabetic(*pair))]


def _alphabetic(line: str, work: Work) -> tuple[str, str]:
    first = work.authors[0] if work.authors else line.lstrip("〔")
    if not has_han(first[:1]):
        return line.casefold(), line
    family, given = name_syllables(first) if work.authors else ("", syllables(first))
    return " ".join((family, *given)).strip().casefold(), line


def _kind(work: Work) -> str:
    """The kind of a work; one in whose journal a thesis is named is a thesis."""
    return "thesis" if work.journal and _THESIS.search(work.journal) else work.kind


def _container(work: Work) -> str:
    """The journal; of a thesis the school."""
    return _THESIS.sub("", work.journal or "").strip() if _kind(work) == "thesis" else work.journal or ""


def _is_chinese(work: Work) -> bool:
    return work.lang.startswith("zh")


def title_of(work: Work) -> str:
    """The main title, else one in another language, else the stand-in."""
    titles = [text.title for text in work.texts if text.title is not None]
    if titles:
        return " ".join(titles[0].split())
    return stand_in(next((text.abstract for text in work.texts if text.abstract is not None), None))


def family_and_given(name: str) -> tuple[str, str]:
    """A name in its two parts; a Chinese name, or one word, is all family name.

    >>> family_and_given("Doe, Jane"), family_and_given("Jane van der Berg"), family_and_given("张三")
    (('Doe', 'Jane'), ('van der Berg', 'Jane'), ('张三', ''))
    """
    name = " ".join(name.split())
    if _HAN.search(name) or " " not in name:
        return name.rstrip(","), ""
    if "," in name:
        family, given = name.split(",", 1)
        return family.strip(), given.strip()
    words = name.split(" ")
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])


def _initials(given: str, mark: str, between: str) -> str:
    """First letters of given names; those joined by a hyphen stay joined.

    >>> _initials("Jean-Paul M.", ".", " "), _initials("Jane", "", " ")
    ('J.-P. M.', 'J')
    """
    words = [word for word in re.split(r"[\s.]+", given) if word]
    made = ["-".join(part[0].upper() + mark for part in word.split("-") if part) for word in words]
    return between.join(made)


def _gb7714(work: Work) -> str:
    chinese = _is_chinese(work)
    names = []
    for name in work.authors[:3]:
        family, given = family_and_given(name)
        names.append(family if not given else f"{family.upper()} {_initials(given, '', ' ')}")
    if len(work.authors) > 3:
        names.append("等" if chinese else "et al")
    line = ". ".join(
        part for part in (", ".join(names), f"{title_of(work)}[{_GB_MARKS.get(_kind(work), 'Z')}]") if part
    )
    place = ", ".join(part for part in (_container(work), str(work.year) if work.year is not None else "") if part)
    number = (work.volume or "") + (f"({work.issue})" if work.issue else "")
    where = ", ".join(part for part in (place, number) if part) + (f": {work.pages}" if work.pages else "")
    line = f"{line}. {where}." if where else f"{line}."
    return f"{line} DOI: {work.doi}." if work.doi else line


def _apa(work: Work) -> str:
    chinese = _is_chinese(work)
    names = []
    for name in work.authors[:20]:
        family, given = family_and_given(name)
        names.append(family if not given else f"{family}, {_initials(given, '.', ' ')}")
    if chinese or len(names) < 2:
        authors = ", ".join(names)
    elif len(work.authors) > 20:
        authors = ", ".join(names[:19]) + ", … " + names[-1]
    else:
        authors = ", ".join(names[:-1]) + ", & " + names[-1]
    year = f"({work.year if work.year is not None else 'n.d.'})"
    title = title_of(work)
    stop = "" if title.endswith((".", "?", "!", "。", "？", "！")) else "."
    head = f"{_stopped(authors)} {year}. {title}{stop}" if authors else f"{title}{stop} {year}."
    number = (work.volume or "") + (f"({work.issue})" if work.issue else "")
    pages = (work.pages or "").replace("-", "–")
    where = ", ".join(part for part in (_container(work), number, pages) if part)
    line = f"{head} {where}." if where else head
    return f"{line} https://doi.org/{work.doi}" if work.doi else line


def _stopped(authors: str) -> str:
    return authors if authors.endswith(".") else f"{authors}."


STYLES: Mapping[Style, Callable[[Work], str]] = {"gb7714": _gb7714, "apa": _apa}
