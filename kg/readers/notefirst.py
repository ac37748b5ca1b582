"""Bibliographic XML of other programs: NoteFirst, VIP's resource lists and their like. In: XML. Out: entries.

There is no public description of NoteFirst's form; elements are taken by what their names say (``PrimaryTitle``, ``FullName``,
``Media``, ``PageScope``, ``题名``), whatever their order and depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element

from kg.identity import doi, issns
from kg.readers.columns import field_of, fill
from kg.readers.entry import Entry, pages_of
from kg.readers.source import Problem
from kg.readers.xml_records import find, find_all, records, text_of

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_RECORDS: Final = frozenset(
    "Bibliography PeriodicalPaper ThesisPaper Thesis ConferencePaper Paper Reference Record record reference Article article"
    " item Item Entry entry Row row DegreePaper PubmedArticle".split()
)
_START: Final = re.compile(rf"<(?:\w+:)?(?:{'|'.join(sorted(_RECORDS))})[\s>]")
_NAMES: Final = {
    "primarytitle": "title", "titlezh": "title", "titlecn": "title", "titleen": "title@en", "translatedtitle": "title@en", "secondarytitle": "journal",
    "media": "journal", "periodical": "journal", "periodicalname": "journal", "journalname": "journal", "mediatitle": "journal", "pagescope": "pages",
    "page": "pages", "startpage": "first_page", "endpage": "last_page", "publishdate": "date", "publicationdate": "date", "abstracts": "abstract",
    "abstracten": "abstract@en", "translatedabstract": "abstract@en", "fullname": "authors", "author": "authors", "creator": "authors", "name": "authors",
    "keyword": "keywords", "keywords": "keywords", "subject": "keywords", "publishyear": "year",
}  # fmt: skip


def sniff(head: Head) -> float:
    """0.6 for XML with records whose elements name a title."""
    text = head.text.lstrip("\ufeff \n\t")
    if (
        not text.startswith("<")
        or "<rdf:RDF" in text
        or re.search(r"<(?:html|!DOCTYPE html|table)\b", text, re.IGNORECASE)
    ):
        return 0.0
    has_title = re.search(r"<(?:\w+:)?(?:PrimaryTitle|Titles?|题名|标题|titles?|ArticleTitle)[\s>]", text)
    return 0.6 if has_title and _START.search(text) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a record."""
    number = 0
    for found in records(reading, lambda name, depth: depth > 0 and name in _RECORDS, _START):
        if isinstance(found, Problem):
            yield found
            continue
        number += 1
        entry = Entry(reading.where(found.line), number)
        yield _pubmed(entry, found.element) if found.element.tag == "PubmedArticle" else _entry(entry, found.element)


def _field(name: str) -> str | None:
    folded = re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", name.lower())
    return _NAMES.get(folded) or field_of(name)


def _entry(entry: Entry, record: Element) -> Entry:
    values: dict[str, list[str]] = {}
    _collect(record, values, "")
    numbers = values.pop("issn", [])
    flat = {name: found if name in ("authors", "keywords") else found[0] for name, found in values.items()}
    fill(entry, flat)
    for extra in values.get("title", [])[1:]:
        entry.titles.append(extra)
    for extra in values.get("abstract", [])[1:]:
        entry.abstracts.append(extra)
    if not entry.doi:
        found = (text_of(element) or "" for element in record.iter() if element.tag in ("identifier", "relation"))
        entry.doi = next((text for text in found if "10." in text and doi(text)), None)
    if issns(" ".join(numbers)):
        entry.identifiers["issn"] = ", ".join(issns(" ".join(numbers)))
    return entry


def _pubmed(entry: Entry, record: Element) -> Entry:
    """An article of PubMed's XML, whose journal has a title, too, and whose names come in parts."""
    article = record.find("MedlineCitation/Article")
    if article is None:
        return entry
    entry.one_name_each = True
    entry.titles = [title.rstrip(".") for title in find_all(article, "ArticleTitle")]
    entry.titles += [title.rstrip(".") for title in find_all(article, "VernacularTitle")]
    abstract = "\n".join(find_all(article, "Abstract/AbstractText"))
    entry.abstracts = [abstract] if abstract else []
    for author in article.iterfind("AuthorList/Author"):
        name = ", ".join(filter(None, (find(author, "LastName"), find(author, "ForeName") or find(author, "Initials"))))
        entry.authors.append(name or find(author, "CollectiveName") or "")
    entry.journal = find(article, "Journal/Title")
    entry.volume, entry.issue = (
        find(article, "Journal/JournalIssue/Volume"),
        find(article, "Journal/JournalIssue/Issue"),
    )
    dated = "Journal/JournalIssue/PubDate/"
    entry.date = find(article, f"{dated}Year") or find(article, f"{dated}MedlineDate")
    entry.pages = pages_of(find(article, "Pagination/MedlinePgn"))
    entry.lang = find(article, "Language")
    entry.keywords = find_all(record, "MedlineCitation/KeywordList/Keyword")
    if find(record, "MedlineCitation/PMID"):
        entry.identifiers["pmid"] = find(record, "MedlineCitation/PMID") or ""
    if issns(find(article, "Journal/ISSN")):
        entry.identifiers["issn"] = ", ".join(issns(find(article, "Journal/ISSN")))
    for element in (*article.iterfind("ELocationID"), *record.iterfind("PubmedData/ArticleIdList/ArticleId")):
        if "doi" in (element.get("EIdType"), element.get("IdType")):
            entry.doi = entry.doi or text_of(element)
    return entry


def _collect(element: Element, values: dict[str, list[str]], parent: str) -> None:
    """The texts of the innermost elements that have a meaning, by field."""
    for child in element:
        name = _field(child.tag)
        if len(child):
            _collect(child, values, name or parent)
            continue
        text = text_of(child)
        if not text:
            continue
        if name == "authors" and child.tag.lower() == "name" and parent not in ("authors", ""):
            name = parent
        if name is None and parent:
            name = parent
        if name == "id":
            name = None
        if name:
            values.setdefault(name, []).append(text)
