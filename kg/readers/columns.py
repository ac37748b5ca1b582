"""Which column or key holds what. In: the headers of a table or the keys of an object. Out: our field for each.

The names are those of the programs that people export from (in English and Chinese) and what students write by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from kg.errors import SourceError
from kg.identity import issns
from kg.model import Text
from kg.readers.entry import Entry, kind_of, pages_of, whole_number
from kg.readers.languages import declared_lang

# Our field: names of columns that hold it, the better first. `title@en` is a title in that language.
NAMES: Final[dict[str, str]] = {
    "id": "id|key|record id|work id|work_id|work",
    "title": (
        "title-题名|title|article title|document title|item title|ti|t1|题名|标题|篇名|论文题目|论文题名"
        "|文献标题|文献题名|论文标题|题目|文章标题|中文题名|中文标题|題名|標題|篇名/題名|name|display_name"
        "|primary title|work title|title_zh|title_cn|标题（中文）|标题(中文)|论文名称|文献名称"
        "|document_title"
    ),
    "title@en": (
        "title_en|title_other|english title|英文题名|英文标题|英文篇名|标题（英文）|标题(英文)|title (english)"
        "|title(en)|translated title|外文题名|英文題名|title_english|title-en"
    ),
    "abstract": (
        "abstract|abstract note|abstractnote|summary|description|ab|n2|摘要|内容摘要|中文摘要|文摘"
        "|内容提要|提要|summary-摘要|abstract-摘要|abstracts|摘要（中文）|摘要(中文)|abstract_zh"
        "|abstract_cn|論文摘要|内容简介|notes (abstract)|abstract text"
    ),
    "abstract@en": (
        "abstract_en|abstract_other|english abstract|英文摘要|摘要（英文）|摘要(英文)|abstract (english)|abstract(en)"
        "|外文摘要|abstract_english|abstract-en"
    ),
    "authors": (
        "author full names|authors|author|author(s)|af|au|creator|creators|作者|作者姓名|著者|责任者"
        "|author-作者|作者名|全部作者|作者全名|authors name|author names|author_names|中文作者|by"
        "|author/s|authorships.author.display_name|authorships.raw_author_name|authors, primary"
    ),
    "journal": (
        "journal|source title|source|journal title|publication title|publication name|so|jo|jf"
        "|container-title|container title|刊名|期刊|期刊名称|期刊名|来源|文献来源|来源期刊|刊物|出处"
        "|发表期刊|source-文献来源|source-来源|source-刊名|journal name|journal_name|publication|venue"
        "|host venue|t2|期刊来源|发表刊物|刊物名称|来源名称"
        "|primary_location.source.display_name|journal/book|container|journal (book)"
    ),
    "year": (
        "year|publication year|publication_year|pubyear|py|年|年份|出版年|发表年|发表年份|出版年份"
        "|year-年|出版年度|年代|pub year|pub_year|year of publication|date published year"
    ),
    "date": (
        "date|publication date|publication_date|published|issued|pubdate|pub date|发表时间|出版时间"
        "|发表日期|出版日期|日期|时间|刊出日期|pubtime-发表时间|pubtime-出版时间|cover date|pd|dp"
        "|date published"
    ),
    "volume": "volume|vol|vl|vol.|卷|卷号|卷次|volume-卷|roll-卷|biblio.volume",
    "issue": "issue|number|no|no.|is|期|期号|期次|period-期|issue number|issue-期|期数|biblio.issue",
    "pages": (
        "pages|page|pg|pagination|page range|page_range|页码|页|起止页码|页数范围|pages-页码|page-页码"
        "|pagecount-页码|页码范围|起止页|article no.|art. no.|article number"
    ),
    "first_page": "page start|start page|startpage|start_page|first page|first_page|bp|sp|spage|beginning page|起始页|起始页码|开始页|biblio.first_page",
    "last_page": "page end|end page|endpage|end_page|last page|last_page|ep|epage|ending page|结束页|终止页|结束页码|终止页码|biblio.last_page",
    "doi": "doi|di|do|doi-doi|doi号|doi link|digital object identifier|article doi|doi-数字对象唯一标识",
    "keywords": (
        "author keywords|keywords|keyword|de|kw|subject|subjects|tags|manual tags|关键词|关键字|主题词"
        "|keyword-关键词|keywords-关键词|中文关键词|index keywords|id keywords|關鍵詞|关键词（中文）"
    ),
    "cited_by": (
        "cited by|cited_by|times cited|times cited, wos core|times cited, all databases|tc|citations"
        "|citation count|cited_by_count|cited by count|被引|被引次数|被引频次|被引量|总被引|引用次数"
        "|引用频次|被引用次数|is-referenced-by-count|cites|citing works count|cited count"
        "|citationcount"
    ),
    "cited_by_self": "cited_by_self|self citations|自引|自引次数",
    "cited_by_others": "cited_by_others|citations by others|他引|他引次数",
    "kind": (
        "document type|item type|itemtype|publication type|reference type|type|type of reference|文献类型"
        "|类型|srcdatabase-来源库|来源库|entry type|kind|genre"
    ),
    "lang": "lang|language|languages|language of original document|la|语言|语种|文种",
    "issn": "issn|issns|print issn|eissn|e-issn|sn|issn号|issn-国际标准刊号|国际标准刊号",
    "isbn": "isbn|isbn号|bn",
    "url": "url|articleurl|external url|link|links|urls|网址|链接|url-网址|link-链接|链接地址|原文链接|详情页",
    "pmid": "pmid|pubmed id|pubmed_id|pm",
    "scopus": "eid",
    "wos": "ut|ut (unique wos id)|unique wos id|wos id|accession number (wos)",
    "openalex": "openalex|openalex_id|openalex id",
}
FIELDS: Final = tuple(NAMES)


def folded(name: str) -> str:
    """A header as headers compare: small letters, single blanks, no marks around it."""
    return (
        re.sub(r"[\s_]+", " ", name.strip().strip("\ufeff\"'*:： ").strip().lower())
        .replace("（", "(")
        .replace("）", ")")
    )


@lru_cache(maxsize=1)
def _fields_by_name() -> dict[str, tuple[str, int]]:
    """Folded name → our field and its rank there."""
    table: dict[str, tuple[str, int]] = {}
    for field, names in NAMES.items():
        for rank, name in enumerate(names.split("|")):
            table.setdefault(folded(name), (field, rank))
    return table


def field_of(name: str) -> str | None:
    """Our field for a header, None where it is not known.

    >>> field_of("题名"), field_of(" Source title "), field_of("Shoe size")
    ('title', 'journal', None)
    """
    found = _fields_by_name().get(folded(name))
    return found[0] if found else None


def guess(headers: Sequence[str]) -> dict[str, int]:
    """For each of our fields the position of the column that holds it best."""
    table = _fields_by_name()
    best: dict[str, tuple[int, int]] = {}
    for position, header in enumerate(headers):
        found = table.get(folded(header))
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], position)
    return {field: position for field, (_, position) in best.items()}


_TEXTS: Final = frozenset(("title", "abstract", "title@en", "abstract@en"))
_WEAK: Final = frozenset(("name", "display name", "description", "summary", "by", "notes (abstract)"))


def names_a_work(headers: Sequence[str]) -> bool:
    """Whether headers surely are those of a list of works: a title or an abstract is among them.

    >>> names_a_work(["题名", "年"]), names_a_work(["name", "description", "price"])
    (True, False)
    """
    found = [(field_of(header), folded(header) in _WEAK) for header in headers]
    if any(field in _TEXTS and not is_weak for field, is_weak in found):
        return True
    others = {field for field, _ in found} & {"doi", "authors", "journal", "year", "keywords"}
    return len(others) > 1 and any(field in _TEXTS for field, _ in found)


def parse_choice(choice: str) -> dict[str, str]:
    """A choice of columns as a person gives it: ``title=题名,abstract=摘要``.

    Raises
    ------
    SourceError
        A field that we do not have, or a part without ``=``.

    >>> parse_choice("title=题名, abstract=摘要")
    {'title': '题名', 'abstract': '摘要'}
    """
    chosen: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[,，;；]", choice))):
        field, sign, column = (piece.strip() for piece in part.partition("="))
        if not sign or not column:
            raise SourceError(f"--columns: '{part}' is not FIELD=COLUMN, for example title=题名,abstract=摘要")
        if field not in FIELDS:
            raise SourceError(f"--columns: there is no field '{field}'. Fields are: {', '.join(FIELDS)}")
        chosen[field] = column
    return chosen


def choose(headers: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """The columns that a person chose, and for the other fields those that are guessed.

    Raises
    ------
    SourceError
        A column that the table does not have.
    """
    positions = guess(headers)
    for field, column in chosen.items():
        at = next((i for i, header in enumerate(headers) if folded(header) == folded(column)), None)
        if at is None and column.isascii() and column.isdigit() and 1 <= int(column) <= len(headers):
            at = int(column) - 1
        if at is None:
            raise SourceError(f"--columns: there is no column '{column}'. Columns are: {', '.join(headers)}")
        positions = {name: position for name, position in positions.items() if position != at}
        positions[field] = at
    return positions


_ZOTERO_KEY: Final = re.compile(r"[A-Z0-9]{8}")
_ZOTERO_TYPE: Final = re.compile(
    r"[a-z]+(?:[A-Z][a-z]+)+|book|thesis|report|document|manuscript|preprint|letter|interview"
)
_YEARLIKE: Final = re.compile(r"\d{3,4}")


_COUNTS: Final = frozenset(("cited_by", "cited_by_self", "cited_by_others"))
_IDENTIFIERS: Final = frozenset(("issn", "isbn", "pmid", "scopus", "wos", "openalex"))


def fill(entry: Entry, values: Mapping[str, Any]) -> None:
    """Put values, by our fields, where they belong in an entry."""
    text = {
        name: value if type(value) is str else _text(value)
        for name, value in values.items()
        if name != "authors" and name != "keywords"
    }
    get = text.get
    entry.id = get("id") or None
    entry.titles = [value for name in ("title", "title@en") if (value := get(name))]
    entry.abstracts = [value for name in ("abstract", "abstract@en") if (value := get(name))]
    authors = values.get("authors")
    if authors:
        entry.authors = _names(authors)
        entry.one_name_each = isinstance(authors, list)
    entry.journal = get("journal")
    year, date = get("year"), get("date")
    entry.date = (
        date if date and (not year or (not _YEARLIKE.search(year) and _YEARLIKE.search(date))) else year
    ) or None
    entry.volume, entry.issue = get("volume"), get("issue")
    entry.pages = pages_of(get("first_page"), get("last_page")) or get("pages")
    entry.doi = get("doi") or None
    if values.get("keywords"):
        entry.keywords = _words(values["keywords"])
    for name in _COUNTS & values.keys():
        setattr(entry, name, whole_number(values[name]))
    entry.kind = kind_of(get("kind"))
    entry.lang = get("lang")
    for name in _IDENTIFIERS & text.keys():
        if text[name]:
            value = text[name]
            if name == "issn":
                value = ", ".join(issns(value)) or value
            entry.identifiers[name] = value.removeprefix("WOS:") if name == "wos" else value
    if entry.id and entry.id.startswith("https://openalex.org/W"):
        entry.identifiers["openalex"], entry.id = entry.id.rpartition("/")[2], None
    elif entry.id and _ZOTERO_TYPE.fullmatch(text.get("kind", "")) and _ZOTERO_KEY.fullmatch(entry.id):
        entry.identifiers["zotero"], entry.id = f"library/items/{entry.id}", None
    if get("url"):
        entry.keep("url", text["url"])


def _text(value: Any) -> str:
    """A value as text: of a list the first, of a number its digits, of nothing nothing."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, list):
        return next((_text(item) for item in value if _text(item)), "")
    if isinstance(value, dict):
        return next(
            (_text(value[name]) for name in ("name", "title", "text", "value", "display_name") if value.get(name)), ""
        )
    return str(value)


def _names(value: Any) -> list[str]:
    """Names from a cell, a list of names, or a list of objects with parts of names."""
    if isinstance(value, list):
        return [name for item in value if (name := _name(item))]
    name = _name(value)
    return [name] if name else []


def _name(value: Any) -> str:
    if isinstance(value, dict):
        family, given = (
            _text(value.get("family") or value.get("lastName")),
            _text(value.get("given") or value.get("firstName")),
        )
        if family:
            return f"{family}, {given}" if given else family
        return _text(value.get("name") or value.get("literal") or value.get("display_name") or value.get("author"))
    return _text(value)


def _words(value: Iterable[Any] | None) -> list[str]:
    if isinstance(value, list):
        return [word for item in value if (word := _text(item))]
    word = _text(value)
    return [word] if word else []


def stated_texts(value: Any) -> list[Text]:
    """The ``texts`` of a work of ours: other languages' titles and abstracts."""
    texts: list[Text] = []
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            title, abstract = _text(item.get("title")), _text(item.get("abstract"))
            if title or abstract:
                texts.append(Text(_text(item.get("lang")) or "und", title or None, abstract or None))
    return texts


def stated_lang(value: Any) -> str:
    """A language code of a work of ours, or the code for a language's name."""
    text = _text(value)
    if re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", text) and text != "und":
        return {"chi": "zh", "zho": "zh", "eng": "en"}.get(text, text)
    return declared_lang(text) or "und"
