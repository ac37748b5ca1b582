"""Works as references, with their tags as keywords. In: tagged works. Out: RIS and BibTeX, in UTF-8.

A stand-in is no title: a work without one has none here either. Keywords are the source's own, then the names of
alliances, concepts, states and groups in English and Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from kg.errors import UnknownName
from kg.export import Holding
from kg.model import Kind, TaggedWork, Work
from kg.rdf.nquads import clean

_RIS_TYPE: Final = {
    "article": "JOUR",
    "chapter": "CHAP",
    "book": "BOOK",
    "thesis": "THES",
    "paper": "CONF",
    "report": "RPRT",
    "other": "GEN",
}
_BIB_TYPE: Final = {
    "article": "article",
    "chapter": "incollection",
    "book": "book",
    "thesis": "phdthesis",
    "paper": "inproceedings",
    "report": "techreport",
    "other": "misc",
}
_ORDER: Final[tuple[Kind, ...]] = ("alliances", "concepts", "states", "groups")
_BIB_CONTAINER: Final = {"chapter": "booktitle", "paper": "booktitle", "article": "journal"}
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def as_ris(holding: Holding) -> bytes:
    """RIS, lines ended by CR LF as the format has it."""
    return "".join(ris(tagged, holding) for tagged in holding.works).encode("utf-8", "replace")


def ris(tagged: TaggedWork, holding: Holding) -> str:
    """One work as an RIS record."""
    work = tagged.work
    lines = [("TY", _RIS_TYPE.get(work.kind, "GEN"))]
    titles = [text.title for text in work.texts if text.title]
    abstracts = [text.abstract for text in work.texts if text.abstract]
    lines += [(tag, title) for tag, title in zip(("TI", "TT"), titles, strict=False)]
    lines += [("AU", author) for author in work.authors]
    pages = re.split(r"\s*[-–—]+\s*", work.pages or "", maxsplit=1)
    plain = {
        "JO": work.journal,
        "PY": None if work.year is None else str(work.year),
        "VL": work.volume,
        "IS": work.issue,
        "SP": pages[0] or None,
        "EP": pages[1] if len(pages) > 1 else None,
        "DO": work.doi,
        "LA": None if work.lang == "und" else work.lang,
    }
    lines += [(tag, value) for tag, value in plain.items() if value is not None]
    lines += [(tag, abstract) for tag, abstract in zip(("AB", "N2"), abstracts, strict=False)]
    lines += [("KW", keyword) for keyword in keywords(tagged, holding)]
    lines += [("ID", work.id), ("ER", "")]
    return "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in lines) + "\r\n"


def as_bibtex(holding: Holding) -> bytes:
    """BibTeX in UTF-8, as biber and Zotero read it."""
    taken: set[str] = set()
    return "\n".join(bibtex(tagged, holding, taken) for tagged in holding.works).encode("utf-8", "replace")


def bibtex(tagged: TaggedWork, holding: Holding, taken: set[str]) -> str:
    """One work as a BibTeX entry; its key is none of those taken."""
    work = tagged.work
    titles = [text.title for text in work.texts if text.title]
    abstracts = [text.abstract for text in work.texts if text.abstract]
    fields: dict[str, str | None] = {
        "title": titles[0] if titles else None,
        "titleaddon": titles[1] if len(titles) > 1 else None,
        "year": None if work.year is None else str(work.year),
        _BIB_CONTAINER.get(work.kind, "series"): work.journal,
        "volume": work.volume,
        "number": work.issue,
        "pages": re.sub(r"\s*[-–—]+\s*", "--", work.pages) if work.pages else None,
        "doi": work.doi,
        "langid": {"zh": "chinese", "en": "english"}.get(work.lang.partition("-")[0]),
        "abstract": abstracts[0] if abstracts else None,
        "keywords": ", ".join(keyword.replace(",", " ") for keyword in keywords(tagged, holding)) or None,
    }
    authors = " and ".join(_bib_name(author) for author in work.authors)
    lines = [f"  author = {{{authors}}}"] if authors else []
    lines += [f"  {name} = {{{tex(value)}}}" for name, value in fields.items() if value is not None]
    return f"@{_BIB_TYPE.get(work.kind, 'misc')}{{{_key(work, taken)},\n" + ",\n".join(lines) + "\n}\n"


def keywords(tagged: TaggedWork, holding: Holding) -> Iterator[str]:
    """Keywords of the source, then names of tags in both languages; each once."""
    seen: dict[str, None] = dict.fromkeys(one_line(keyword) for keyword in tagged.work.keywords)
    for kind in _ORDER:
        for tag in tagged.tags(kind):
            for lang in ("en", "zh-Hans"):
                try:
                    seen.setdefault(holding.authority.label(tag, lang))
                except UnknownName:
                    seen.setdefault(tag)
    yield from filter(None, seen)


def one_line(text: str) -> str:
    """Text on one line, without control characters."""
    spaced = re.sub(r"\s+", " ", clean(text))
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cs")).strip()


def tex(text: str) -> str:
    """Text as TeX takes it; braces stay balanced whatever the text has.

    >>> print(tex("50% of R&D {x"))
    50\\% of R\\&D \\textbraceleft{}x
    """
    return "".join(_TEX.get(char, char) for char in one_line(text))


def _bib_name(author: str) -> str:
    """A name that BibTeX must not take apart is put in braces: Chinese ones, and such with "and" in them."""
    written = tex(author)
    if re.search(r"[\u3400-\u9fff]", author) or re.search(r"\band\b", author) or author.count(",") > 1:
        return f"{{{written}}}"
    return written


def _key(work: Work, taken: set[str]) -> str:
    """The work's id with only characters that a key may have."""
    ascii_id = re.sub(r"[^A-Za-z0-9:.+/-]+", "-", work.id).strip("-") or "work"
    key, number = ascii_id, 2
    while key.lower() in taken:
        key, number = f"{ascii_id}.{number}", number + 1
    taken.add(key.lower())
    return key
