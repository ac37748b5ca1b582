"""From the fields of one reference to a Record. In: what a reader found, raw. Out: a Record, or why there is none.

Readers only cut a file into references and put each field where it belongs; what is the same for all formats (markup,
labels, names, years, DOIs, languages, characters that nothing can write) is done here once.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from kg import clean, people
from kg.encodings import encoded_once, may_be_encoded_twice
from kg.identity import doi as normal_doi
from kg.model import Record, Text
from kg.readers.dates import year as year_of
from kg.readers.languages import declared_lang, paired
from kg.readers.source import Problem
from kg.text import detect_lang

# Kinds of publication by the words and codes that formats use; what is not here is an article.
_KINDS: Final = {
    "book": "book edbook ebook monograph whole 图书 专著 m reference-book edited-book mvbook thesis-book book-series",
    "chapter": "chapter chap inbook incollection book-section booksection book-chapter bookitem ecchap 析出文献 sect section entry-encyclopedia ency dict",
    "thesis": "thesis thes phdthesis mastersthesis dissertation 学位论文 博士论文 硕士论文 d dissertation/thesis",
    "paper": "paper cpaper conf inproceedings conference proceedings proceedings-article paper-conference conferencepaper 会议论文 会议 c presentation"
    " conference-proceeding",
    "report": "report rprt techreport govdoc document 报告 r standard stand working-paper posted-content preprint unpb unpublished manuscript",
    "other": "other gen generic misc webpage web elec post post-weblog blogpost newspaperarticle news newspaper article-newspaper n 报纸 video film map hear"
    " eb ds cp db case bill statute patent pat dataset data software slide speech interview letter erratum paratext peer-review",
}
_KIND_OF: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}


@lru_cache(maxsize=1_024)
def kind_of(word: str | None) -> str:
    """The kind of publication for a format's own word.

    >>> kind_of("Conference Proceeding"), kind_of("CHAP"), kind_of("journal-article"), kind_of(None)
    ('paper', 'chapter', 'article', 'article')
    """
    key = re.sub(r"[\s_]+", "-", (word or "").strip().lower())
    return _KIND_OF.get(key) or _KIND_OF.get(key.replace("-", "")) or "article"


@dataclass(slots=True)
class Entry:
    """One reference while it is being read; every value as the source has it.

    Parameters
    ----------
    where : str
        ``works.ris:214``.
    number : int
        Position in the source, from 1.
    titles, abstracts : list of str
        The main one first; others are other languages or damaged copies.
    authors : list of str
        Tags or cells, each with one name or several.
    one_name_each : bool
        The format gives each author a field of its own.
    date : str, int or None
    markup : str
        ``html``: tags and entities go; ``tex``: commands of TeX go; ``none``: the text is plain already, to the letter.
    texts : list of Text
        Titles and abstracts that the source pairs by language itself; they come after `titles` and `abstracts`.
    """

    where: str
    number: int
    id: str | None = None
    titles: list[str] = field(default_factory=list)
    abstracts: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    one_name_each: bool = False
    journal: str | None = None
    date: str | int | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    keywords: list[str] = field(default_factory=list)
    cited_by: int | None = None
    cited_by_self: int | None = None
    cited_by_others: int | None = None
    kind: str = "article"
    lang: str | None = None
    identifiers: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    markup: str = "html"
    texts: list[Text] = field(default_factory=list)

    def keep(self, name: str, value: Any) -> None:
        """Keep what has no place of its own, under the source's own name."""
        text = str(value).strip() if value is not None else ""
        if text:
            self.raw[name] = f"{self.raw[name]}; {text}" if name in self.raw else text


class _Cleaner:
    """Cleans the values of one entry and notes what went.

    Most references have no tag, no entity and no control character: one test of all their values together (`is_quiet`)
    spares a test of each.
    """

    __slots__ = ("entry", "is_quiet", "n_forbidden")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.n_forbidden = 0
        self.is_quiet = entry.markup != "tex" and _is_quiet(entry)

    def value(self, name: str, text: Any) -> str | None:
        """A plain value on one line, None for nothing."""
        if text is None:
            return None
        if not self.is_quiet:
            if type(text) is not str:
                text = str(text)
            if self.entry.markup == "tex" or not clean.is_quiet(text):
                text = self._markup(name, text)
                if text is None:
                    return None
        return _one_line(text) if len(text) < 64 else _long_line(text)

    def _markup(self, name: str, text: str) -> str | None:
        text, n_forbidden = clean.printable(text)
        self.n_forbidden += n_forbidden
        if self.entry.markup == "html":
            cleaned = clean.plain(text)
            if cleaned.removed:
                self.entry.keep(name, cleaned.removed)
            return cleaned.text
        if self.entry.markup == "tex":
            from kg.tex import plain

            return plain(text) or None
        return text

    def values(self, name: str, texts: list[str]) -> list[str]:
        """Plain values, without those that say nothing."""
        if self.is_quiet:
            if clean.none_is_placeholder(texts):
                return texts
            return [text for text in texts if text and (len(text) > 25 or not clean.is_placeholder(text))]
        return [value for text in texts if (value := self.value(name, text))]

    def title(self, text: str) -> str | None:
        marked = text if self.is_quiet else self._markup("title", text)
        if marked is None or (len(marked) < 40 and clean.is_placeholder(marked)):
            return None
        if self.entry.markup == "none":
            return marked if marked.strip() else None
        cleaned = clean.title(marked)
        if cleaned.removed:
            self.entry.keep("title", cleaned.removed)
        return cleaned.text

    def abstract(self, text: str) -> str | None:
        marked = text if self.is_quiet else self._markup("abstract", text)
        if marked is None or (len(marked) < 40 and clean.is_placeholder(marked)):
            return None
        if self.entry.markup != "none":
            marked, words = clean.keywords_tail(marked)
            if words:
                self.entry.keep("keywords", words)
                self.entry.keywords.append(words)
        cleaned = clean.abstract(marked)
        if cleaned.removed:
            self.entry.keep("abstract", cleaned.removed)
            return cleaned.text
        if self.entry.markup == "none":
            return marked if marked.strip() else None
        return cleaned.text

    def text(self, given: Text) -> Text | None:
        """A text whose language the source states: kept where the letters agree with it."""
        title = self.title(given.title) if given.title else None
        abstract = self.abstract(given.abstract) if given.abstract else None
        if title is None and abstract is None:
            return None
        found = detect_lang(title, abstract)
        stated = given.lang
        if stated in ("", "und") or (
            (found[:2] in _TOLD_BY_SCRIPT or stated[:2] in _TOLD_BY_SCRIPT) and found[:2] != stated[:2]
        ):
            stated = found
        return Text(
            _BARE_CHINESE.get(stated, stated) if found[:2] != "zh" or "-Han" in stated else found, title, abstract
        )


def _is_quiet(entry: Entry) -> bool:
    """Whether nothing in an entry has a tag, an entity or a control character; False, too, where a value is no text."""
    try:
        whole = ";".join(
            (
                *entry.titles,
                *entry.abstracts,
                *entry.authors,
                *entry.keywords,
                entry.journal or "",
                entry.volume or "",
                entry.issue or "",
                entry.pages or "",
                entry.id or "",
            )
        )
    except TypeError:
        return False
    return not entry.texts and clean.is_quiet(whole)


def _long_line(text: str) -> str | None:
    """A value on one line, None where it says nothing."""
    if "  " in text or "\n" in text or "\t" in text:
        text = " ".join(text.split())
    text = text.strip()
    return None if not text or (len(text) < 40 and clean.is_placeholder(text)) else text


_one_line = lru_cache(maxsize=8_192)(_long_line)  # volumes, issues and journals come again and again


_TOLD_BY_SCRIPT: Final = frozenset(("zh", "ja", "ko", "ru", "ar"))
_BARE_CHINESE: Final = {"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant"}
_PAGES_PREFIX: Final = re.compile(r"\A(?:pp?\.?|pages?|第)\s*(?=[\dA-Za-z])", re.IGNORECASE)
_PAGE_RANGE: Final = re.compile(r"(?<=[\dA-Za-z])\s*(?:--+|[‐‑‒–—−～~])\s*(?=[\dA-Za-z])")


def pages_of(first: str | None, last: str | None = None) -> str | None:
    """Pages as one value: ``101-120``; a first page alone, an e-locator, ``45-61+158`` stay.

    >>> pages_of("101", "120"), pages_of("pp. 45–61"), pages_of("e1203"), pages_of("7", "7")
    ('101-120', '45-61', 'e1203', '7')
    """
    first = (first or "").strip()
    last = (last or "").strip()
    if first.isdigit() and last.isdigit() and first != last:
        return f"{first}-{last}"
    text = f"{first}-{last}" if first and last and last != first and "-" not in first else first or last
    text = _PAGE_RANGE.sub("-", _PAGES_PREFIX.sub("", text)).rstrip("页頁. ")
    return text or None


_PLAIN_PAGES: Final = re.compile(r"[A-Za-z]?\d+(?:-[A-Za-z]?\d+)?")


def _pages(text: str | None) -> str | None:
    """Pages that a reader has put together already, checked once more."""
    return text if text is None or _PLAIN_PAGES.fullmatch(text) else pages_of(text)


def finish(entry: Entry, source: str) -> list[Record | Problem]:
    """The record of an entry, after warnings about it; or the reason why there is none.

    Parameters
    ----------
    entry : Entry
    source : str
        The source's slug.
    """
    before = _mended(entry)
    cleaner = _Cleaner(entry)
    titles = [title for text in entry.titles if text and (title := cleaner.title(text))]
    abstracts = [abstract for text in entry.abstracts if text and (abstract := cleaner.abstract(text))]
    texts = paired(titles, abstracts, declared_lang(entry.lang) if entry.lang else None)
    if entry.texts:
        texts += tuple(text for given in entry.texts if (text := cleaner.text(given)) is not None)
    if not texts:
        return [*before, Problem(entry.where, "reference has no title and no abstract", "skipped")]
    authors: tuple[str, ...] = ()
    if entry.authors:
        written = cleaner.values("authors", entry.authors)
        authors = people.names(written, one_each=entry.one_name_each)
        if written and "; ".join(authors) != written[0] and _letters_lost(written, authors):
            entry.keep("authors", "; ".join(written))
    year = year_of(entry.date)
    if year is None and entry.date not in (None, ""):
        entry.keep("year", cleaner.value("year", str(entry.date)))
    doi = None
    if entry.doi:
        doi = normal_doi(html.unescape(entry.doi) if "&" in entry.doi else entry.doi)
        if doi is None:
            entry.keep("doi", entry.doi)
        elif not doi.isprintable():
            doi = clean.printable(doi)[0]
    value = cleaner.value
    record = Record(
        source=source,
        number=entry.number,
        where=entry.where,
        id=value("id", entry.id) if entry.id else None,
        texts=texts,
        authors=authors,
        journal=_journal(value("journal", entry.journal)),
        year=year,
        volume=value("volume", entry.volume),
        issue=value("issue", entry.issue),
        pages=_pages(value("pages", entry.pages)),
        doi=doi,
        keywords=clean.keywords(cleaner.values("keywords", entry.keywords)) if entry.keywords else (),
        cited_by=entry.cited_by,
        cited_by_self=entry.cited_by_self,
        cited_by_others=entry.cited_by_others,
        kind=entry.kind,
        identifiers=_printable(entry.identifiers) if entry.identifiers else {},
        raw={name: clean.printable(text)[0] for name, text in sorted(entry.raw.items())} if entry.raw else {},
    )
    if cleaner.n_forbidden:
        count = "a character" if cleaner.n_forbidden == 1 else f"{cleaner.n_forbidden} characters"
        what = f"{count} that no page or graph can hold"
        return [*before, Problem(entry.where, what, "dropped, the rest was read", "warning"), record]
    return [*before, record]


def _mended(entry: Entry) -> list[Problem]:
    """Texts whose UTF-8 was encoded twice (``Ã©`` for ``é``) as they were, and a warning that says so."""
    texts = (*entry.titles, *entry.abstracts, *entry.authors, *entry.keywords, entry.journal or "")
    try:
        whole = ";".join(texts)
    except TypeError:
        return []
    if whole.isascii() or not may_be_encoded_twice(whole):
        return []
    n_mended = 0

    def once(text: str) -> str:
        nonlocal n_mended
        mended = encoded_once(text)
        n_mended += mended is not None
        return text if mended is None else mended

    entry.titles = [once(text) for text in entry.titles]
    entry.abstracts = [once(text) for text in entry.abstracts]
    entry.authors = [once(text) for text in entry.authors]
    entry.keywords = [once(text) for text in entry.keywords]
    entry.journal = once(entry.journal) if entry.journal else None
    return [Problem(entry.where, "text was encoded twice", "read as it was before", "warning")] if n_mended else []


def _printable(values: dict[str, str]) -> dict[str, str]:
    """Identifiers in order, without blanks around them and without those that are empty."""
    return {name: kept for name, text in sorted(values.items()) if (kept := clean.printable(str(text).strip())[0])}


def _letters_lost(written: list[str], authors: tuple[str, ...]) -> bool:
    """Whether tidying took more from the names than blanks and separators."""
    if list(authors) == written:
        return False
    return _NOT_LETTERS.sub("", "".join(written)) != _NOT_LETTERS.sub("", "".join(authors))


_NOT_LETTERS: Final = re.compile(r"[\W_]+")


def _journal(name: str | None) -> str | None:
    """A journal's name without the marks of Chinese titles around it."""
    if name and name.startswith("《") and name.endswith("》"):
        return name[1:-1].strip() or None
    return name


def whole_number(value: Any) -> int | None:
    """A count as an integer, None where it is none: '3', 3, '3次'.

    >>> whole_number("3"), whole_number(" 12次 "), whole_number("many"), whole_number(True)
    (3, 12, None, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    found = re.fullmatch(r"\s*(\d{1,9})(?:\.0+)?\s*次?\s*", str(value))
    return int(found.group(1)) if found else None
