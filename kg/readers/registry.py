"""The readers, one line each. In: nothing. Out: the table of formats, with what each module is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Final, NamedTuple


class Reader(NamedTuple):
    """One line of the registry.

    Parameters
    ----------
    module : str
        Module that is imported when it is needed.
    label, label_zh : str
        Name of the format for people.
    extensions : tuple of str
        Usual ends of file names.
    about, about_zh : str
        Which programs and sites write it.
    seen : bool
        Whether real files of these programs were read, or only the public description was followed.
    """

    module: str
    label: str
    label_zh: str
    extensions: tuple[str, ...]
    about: str
    about_zh: str
    seen: bool = False


READERS: Final[Mapping[str, Reader]] = {
    "listing": Reader(
        "kg.readers.listing",
        "pasted listing",
        "粘贴的检索列表",
        ("txt",),
        "results copied from the pages of Chinese abstract sites",
        "从中文文摘网站页面复制的检索结果",
        True,
    ),
    "jsonl": Reader(
        "kg.readers.json_lines",
        "JSON Lines, JSON",
        "JSON Lines、JSON",
        ("jsonl", "json", "ndjson"),
        "works of this project, and any objects with a title or an abstract",
        "本项目的文献数据，以及含题名或摘要的任意 JSON 对象",
        True,
    ),
    "table": Reader(
        "kg.readers.table",
        "CSV, TSV",
        "CSV、TSV 表格",
        ("csv", "tsv", "tab"),
        "spreadsheets saved as text, Scopus and others",
        "另存为文本的电子表格，Scopus 等导出",
    ),
    "ris": Reader(
        "kg.readers.ris",
        "RIS",
        "RIS",
        ("ris",),
        "publishers, Zotero, EndNote, Mendeley, Wanfang, VIP",
        "各出版社、Zotero、EndNote、Mendeley、万方、维普",
    ),
    "refworks": Reader(
        "kg.readers.refworks",
        "RefWorks",
        "RefWorks",
        ("txt",),
        "CNKI, Wanfang, VIP, RefWorks",
        "知网、万方、维普、RefWorks",
    ),
    "endnote": Reader(
        "kg.readers.endnote",
        "EndNote tagged",
        "EndNote 文本",
        ("enw", "txt"),
        "CNKI, EndNote, Google Scholar",
        "知网、EndNote、谷歌学术",
    ),
    "noteexpress": Reader(
        "kg.readers.noteexpress",
        "NoteExpress",
        "NoteExpress",
        ("net", "ne", "txt"),
        "CNKI, Wanfang, VIP, NoteExpress",
        "知网、万方、维普、NoteExpress",
    ),
    "cnki": Reader(
        "kg.readers.cnki_text",
        "CNKI text, E-Study",
        "知网自定义导出、E-Study（知网研学）",
        ("txt", "eln", "doc"),
        "CNKI, VIP, Wanfang (labels such as 【题名】)",
        "知网、维普、万方（带【题名】等标签）",
    ),
    "wos": Reader(
        "kg.readers.wos",
        "Web of Science text",
        "Web of Science 纯文本",
        ("txt", "ciw", "isi"),
        "Web of Science",
        "Web of Science",
    ),
    "pubmed": Reader("kg.readers.pubmed", "PubMed (nbib)", "PubMed（nbib）", ("nbib", "txt"), "PubMed", "PubMed"),
    "openalex": Reader(
        "kg.readers.openalex",
        "OpenAlex JSON",
        "OpenAlex JSON",
        ("json", "jsonl"),
        "the OpenAlex API and snapshot",
        "OpenAlex 接口与快照",
    ),
    "crossref": Reader(
        "kg.readers.crossref", "Crossref JSON", "Crossref JSON", ("json", "jsonl"), "the Crossref API", "Crossref 接口"
    ),
    "csl": Reader(
        "kg.readers.csl", "CSL-JSON", "CSL-JSON", ("json",), "Zotero, Mendeley, pandoc", "Zotero、Mendeley、pandoc"
    ),
    "zotero": Reader(
        "kg.readers.zotero",
        "Zotero database",
        "Zotero 数据库",
        ("sqlite",),
        "Zotero, read-only, also while it is open",
        "Zotero（只读，可在其运行时读取）",
    ),
    "zotero-rdf": Reader("kg.readers.zotero_rdf", "Zotero RDF", "Zotero RDF", ("rdf",), "Zotero", "Zotero"),
    "endnote-xml": Reader("kg.readers.endnote_xml", "EndNote XML", "EndNote XML", ("xml",), "EndNote", "EndNote"),
    "xml": Reader(
        "kg.readers.notefirst",
        "NoteFirst and other XML",
        "NoteFirst 等 XML",
        ("xml",),
        "NoteFirst, CNKI, VIP, PubMed, repositories (Dublin Core)",
        "NoteFirst、知网、维普、PubMed、机构知识库（Dublin Core）",
    ),
    "workbook": Reader(
        "kg.readers.workbook",
        "Excel workbook",
        "Excel 工作簿",
        ("xlsx", "xlsm"),
        "spreadsheets typed or exported",
        "手工录入或导出的电子表格",
    ),
    "html-table": Reader(
        "kg.readers.html_table",
        "HTML table",
        "HTML 表格",
        ("xls", "html", "htm"),
        "CNKI's .xls, saved pages",
        "知网导出的 .xls、保存的网页",
    ),
    "citations": Reader(
        "kg.readers.citations",
        "GB/T 7714 citations",
        "GB/T 7714 参考文献",
        ("txt",),
        "CNKI, reference lists of papers",
        "知网、论文的参考文献表",
    ),
    "scholar": Reader(
        "kg.readers.scholar",
        "pasted search results in English",
        "粘贴的英文检索结果",
        ("txt",),
        "pages of scholarly search engines",
        "学术搜索引擎页面",
    ),
    "bibtex": Reader(
        "kg.readers.bibtex",
        "BibTeX, BibLaTeX",
        "BibTeX、BibLaTeX",
        ("bib", "bibtex"),
        "Zotero, JabRef, Google Scholar, publishers",
        "Zotero、JabRef、谷歌学术、各出版社",
    ),
}

# What people keep beside their exports and what holds no record that could be read.
NO_RECORDS: Final = {
    "pdf": "PDF", "caj": "CAJ", "nh": "CAJ", "kdh": "CAJ", "docx": "Word", "doc": "Word", "wps": "WPS", "odt": "OpenDocument text", "pptx": "slides",
    "ppt": "slides", "epub": "EPUB", "mobi": "e-book", "azw3": "e-book", "djvu": "DjVu", "jpg": "picture", "jpeg": "picture", "png": "picture",
    "gif": "picture", "tif": "picture", "tiff": "picture", "mp3": "sound", "mp4": "film", "enl": "EndNote library",
}  # fmt: skip


def module(name: str) -> ModuleType:
    """A reader's module, imported now."""
    return importlib.import_module(READERS[name].module)
