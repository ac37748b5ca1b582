"""Names of persons. In: cells and tags that hold authors. Out: single names, without the marks that stand around them.

A name stays in the form its source gives ("Doe, Jane", "Jane Doe", "张三"); only what is no part of it goes: numbers of
affiliations, stars, circled numbers, roles and nationalities in brackets. A name in Chinese characters that was cut in
two ("张, 三") is joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from kg.model import Bibliographic
from kg.pinyin import COMPOUND_SURNAMES

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_NAME: Final = re.compile(rf"[{_HAN}·•・．\s\u3000,，]+")
_MARKS: Final = "0123456789¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⓪*＊†‡§¶★☆※#^"
_BETWEEN: Final = " \t\u3000,，.;；"
_ROLE: Final = re.compile(
    r"[,，]?\s*[(（\[【〔]\s*(?:名|作者|编|著|译|主编|编著|通讯作者|第一作者|通信作者|學者|学者|\d+|[Ee]ds?\.?|[Ee]ditors?|[Tt]rans\.?|[Aa]uthor)\s*[)）\]】〕]"
)
_ROLE_AFTER: Final = re.compile(r"(?<=..)(?:等?(?:主编|编著|编译|校注|译注|合著|著|译|编))\Z")
_NATION: Final = re.compile(rf"\A\s*[\[【〔(（]\s*[{_HAN}]{{1,4}}\s*[\]】〕)）]\s*")
_PREFIX: Final = re.compile(
    r"\A\s*(?:作者|著者|责任者|[Aa]uthors?|[Bb]y)\s*[:：]\s*|\A\s*本报(?:驻\S{1,8}?)?(?:特约)?(?:记者|评论员)[\s\u3000]+|\A(?:and|&)\s+"
)
_ORCID: Final = re.compile(r"(?:https?://)?(?:orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])")
_NOBODY: Final = frozenset(
    "others|et al|et al.|等|and others|[no author name available]|no author name available|[anonymous]|anonymous|anon|anon.|佚名|无|null|none|n/a|nan|-|unknown"
    "|匿名".split("|")
)
_INSTITUTION: Final = re.compile(
    r"\b(?:universit|institut|depart|school|college|cent(?:er|re)|group|team|committee|council|ministry|association|society|foundation|press|office|agency|bureau|organi[sz]ation)",
    re.IGNORECASE,
)


_TIGHT_COMMA: Final = re.compile(r"(?<=[^\W\d_]),(?=[^\W\d_])")


def tidy(name: str) -> str | None:
    """One name without the marks around it; None where nothing of a name is left.

    >>> tidy("李四2*"), tidy("[美]约瑟夫·奈"), tidy("张, 三"), tidy("Doe, Jane (1)"), tidy("others")
    ('李四', '约瑟夫·奈', '张三', 'Doe, Jane', None)
    """
    name = " ".join(_ORCID.sub("", name).split()) if "\u3000" in name or "0" in name else " ".join(name.split())
    name = _TIGHT_COMMA.sub(", ", name) if "," in name else name
    if name.isascii() and name.replace(" ", "").replace(",", "").replace(".", "").replace("-", "").isalpha():
        name = name.strip(" ,;")
        return name if name and name.lower() not in _NOBODY and any(map(str.isalpha, name)) else None
    name = _PREFIX.sub("", name)
    name = _NATION.sub("", _ROLE.sub("", name))
    bare = name.rstrip(_MARKS + _BETWEEN)
    if len(bare) < len(name.rstrip(_BETWEEN)):
        name = bare
    name = name.strip(" \t,，;；、/|")
    if name[:1] in _MARKS:
        name = name.lstrip(_MARKS).strip(" .,")
    if _HAN_NAME.fullmatch(name) and any(c not in " \u3000,，·•・．" for c in name):
        name = re.sub(r"[\s\u3000,，]+", "", name)
        if len(name) > 2 and name.endswith("等"):
            name = name[:-1]
        name = _ROLE_AFTER.sub("", name)
    if not any(map(str.isalpha, name)) or name.lower() in _NOBODY:
        return None
    return name


def orcid(text: str) -> str | None:
    """The ORCID that stands in a text, None where there is none."""
    found = _ORCID.search(text)
    return found.group(1).upper() if found else None


def _split_han(text: str, *, one_each: bool) -> list[str]:
    """Names in Chinese characters from a piece that may have several, or one cut in two ("山田 太郎", where each has its own)."""
    parts = [part.strip() for part in re.split(r"[,，、/]", text) if part.strip()]
    if len(parts) == 2:
        first, second = (re.sub(r"[\s\u3000]", "", part) for part in parts)
        if _HAN_NAME.fullmatch(first + second) and (
            len(first) == 1 or len(second) == 1 or (first in COMPOUND_SURNAMES and len(second) <= 2)
        ):
            return [first + second]
    names: list[str] = []
    for part in parts:
        words = [] if one_each else part.split()
        if (
            len(words) > 1
            and all(re.fullmatch(rf"[{_HAN}]{{2,4}}[\d*,]*", word) for word in words)
            and not (len(words) == 2 and words[0] in COMPOUND_SURNAMES)
        ):
            names.extend(words)
            continue
        names.append(part)
    return names


def _split_latin(text: str) -> list[str]:
    """Names in Latin letters from a cell that may hold "Jane Doe, Richard Roe" or "Doe, Jane"."""
    pieces: list[str] = []
    for part in re.split(r"\s+(?:and|AND|&|und|et|y)\s+(?=[^a-z])", text):
        pieces.append(part.strip())
    if len(pieces) > 1 and any(_INSTITUTION.search(piece) or len(piece.split()) > 5 for piece in pieces):
        pieces = [text]
    names: list[str] = []
    for piece in pieces:
        parts = [part.strip() for part in piece.split(",") if part.strip()]
        if len(parts) > 1 and re.search(r" [A-Z]{1,3}\.\Z", parts[-1]) and "." not in "".join(parts[:-1]):
            parts[-1] = parts[-1][:-1]  # the full stop of a list of names
        two_words = all(len(part.split()) >= 2 for part in parts)
        initials = all(re.fullmatch(r"[^\W\d_][\w'’-]+(?: [\w'’-]+){0,2} (?:[A-Z]\.?-?){1,4}", part) for part in parts)
        if len(parts) == 2 and not initials and (not two_words or piece[0].islower() or _INSTITUTION.search(piece)):
            names.append(piece)
        elif len(parts) > 1 and (two_words or initials):
            names.extend(parts)
        elif len(parts) > 2 and len(parts) % 2 == 0 and not any(len(part.split()) > 3 for part in parts):
            names.extend(f"{parts[i]}, {parts[i + 1]}" for i in range(0, len(parts), 2))
        else:
            names.append(piece)
    return names


_SEPARATOR: Final = re.compile(r"[;；\n|]")
_PLAIN_NAME: Final = re.compile(r"[A-Z][A-Za-z.'-]*(?:,? [A-Za-z.'-]*[A-Za-z.])*")


_SURNAME_FIRST: Final = re.compile(r"[A-Z][A-Za-z'-]+, [A-Z][A-Za-z.'-]*(?: [A-Z][A-Za-z.'-]*)?")


def names(values: Sequence[str], *, one_each: bool = False) -> tuple[str, ...]:
    """The names in some cells or tags, in their order, each once.

    Parameters
    ----------
    values : sequence of str
        Cells or tags as the source has them.
    one_each : bool
        True where the format gives each Latin name a tag of its own, so that its commas part surname and given name.

    Examples
    --------
    >>> names(["张三;;李四;"]), names(["王五，赵六,"]), names(["Jane Doe, Richard Roe"]), names(["Doe, Jane"])
    (('张三', '李四'), ('王五', '赵六'), ('Jane Doe', 'Richard Roe'), ('Doe, Jane',))
    """
    if one_each and all(map(_PLAIN_NAME.fullmatch, values)) and _NOBODY.isdisjoint(map(str.lower, values)):
        return tuple(dict.fromkeys(values))
    found: dict[str, None] = {}
    for value in values:
        if one_each and _PLAIN_NAME.fullmatch(value) and value.lower() not in _NOBODY:
            found.setdefault(value)
            continue
        for piece in re.split(r"[;；\n|]+", value) if _SEPARATOR.search(value) else (value,):
            if piece is not value and _SURNAME_FIRST.fullmatch(piece := piece.strip()):
                found.setdefault(piece)
                continue
            if not piece.strip() or piece.strip().lower() in _NOBODY:
                continue
            piece = _PREFIX.sub("", _ROLE.sub("", piece))
            if re.search(rf"[{_HAN}]", piece):
                parts = _split_han(piece, one_each=one_each)
            elif one_each:
                parts = [piece]
            else:
                parts = _split_latin(piece)
            for part in parts:
                name = tidy(part)
                if name:
                    found.setdefault(name)
    return tuple(found)


class Person(NamedTuple):
    """An author as one work names him or her.

    Parameters
    ----------
    name : str
        As in the work's byline.
    forms : tuple of str
        The same name otherwise: in the other script, where a record of the work has it.
    orcid : str or None
    """

    name: str
    forms: tuple[str, ...] = ()
    orcid: str | None = None


OTHER_BYLINE: Final = "authors@"  # key in `raw` of a byline in another language: ``authors@en``


def persons(work: Bibliographic) -> tuple[Person, ...]:
    """The authors of a work with the forms of their names and their ORCIDs.

    Notes
    -----
    A byline in another language is taken for the same names in the same order; where it has more or fewer, it is not taken.
    """
    bylines = [
        names
        for key, text in sorted(work.raw.items())
        if key.startswith(OTHER_BYLINE) and len(names := text.split("; ")) == len(work.authors)
    ]
    found: list[Person] = []
    for at, name in enumerate(work.authors):
        forms = tuple(dict.fromkeys(byline[at] for byline in bylines if byline[at] != name))
        orcids = (work.identifiers.get(f"orcid:{form}") for form in (name, *forms))
        found.append(Person(name, forms, next(filter(None, orcids), None)))
    return tuple(found)
