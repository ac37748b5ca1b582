"""Readers: one module a format behind one registry. In: files, folders, bytes. Out: Records and Problems.

To add a format: one module here with ``sniff(head) -> float`` and ``read(reading) -> Iterator[Entry | Problem]``, one line in
`READERS`, one example in the tests. A format is told by its content; a file's name only breaks ties.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import SourceError, UnknownFormat
from kg.model import Record
from kg.readers.source import Problem, Source

if TYPE_CHECKING:
    from kg.encodings import Lines

__all__ = ["READERS", "Head", "Problem", "Reader", "Reading", "Source", "inspect", "read", "read_all", "walk"]


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
        True,
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
        ("txt", "eln"),
        "CNKI",
        "知网",
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
        "NoteFirst, CNKI, VIP",
        "NoteFirst、知网、维普",
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
_NO_RECORDS: Final = {
    "pdf": "PDF", "caj": "CAJ", "nh": "CAJ", "kdh": "CAJ", "docx": "Word", "doc": "Word", "wps": "WPS", "odt": "OpenDocument text", "pptx": "slides",
    "ppt": "slides", "epub": "EPUB", "mobi": "e-book", "azw3": "e-book", "djvu": "DjVu", "jpg": "picture", "jpeg": "picture", "png": "picture",
    "gif": "picture", "tif": "picture", "tiff": "picture", "mp3": "sound", "mp4": "film", "enl": "EndNote library",
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The beginning of a source, for telling its format.

    Parameters
    ----------
    name, extension : str
    data : bytes
        At most 64 KB.
    text : str
        The same, decoded.
    lines : list of str
        Its lines; the last may be cut off.
    chosen : mapping
        Columns that the caller named.
    """

    name: str
    extension: str
    data: bytes
    text: str
    lines: list[str]
    chosen: Mapping[str, str] = field(default_factory=dict)


def _head(source: Source, chosen: Mapping[str, str]) -> Head:
    import io

    from kg.encodings import Lines

    data = source.sample
    lines = list(Lines(io.BytesIO(data)))
    return Head(source.name, source.extension, data, "\n".join(lines), lines, chosen)


class Reading:
    """Reads one source; iterating gives Records and Problems, afterwards the counts say what was in it.

    Parameters
    ----------
    source : Source
    reader : str or None
        Name in the registry; told by content where None.
    chosen : mapping
        Our field → the table's column, as a person chose.
    collection : str or None
        For Zotero: only this collection and those in it.

    Attributes
    ----------
    reader : str or None
        None where no reader knows the source.
    encoding : str or None
    columns : dict
        For tables: our field → header that was taken.
    n_records : int
    problems : list of Problem
        The first thousand; `n_problems` counts all by severity.
    filled : Counter
        How many records have each field.
    langs : Counter
        Records by language of their main text.
    """

    def __init__(
        self,
        source: Source,
        reader: str | None = None,
        chosen: Mapping[str, str] | None = None,
        collection: str | None = None,
    ) -> None:
        self.source = source
        self.chosen: Mapping[str, str] = chosen or {}
        self.collection = collection
        self.head = _head(source, self.chosen)
        self.columns: dict[str, str] = {}
        self.n_records = 0
        self.problems: list[Problem] = []
        self.n_problems: Counter[str] = Counter()
        self.filled: Counter[str] = Counter()
        self.langs: Counter[str] = Counter()
        self.encoding: str | None = None
        self.unread: str | None = None
        self._lines: Lines | None = None
        if reader is not None and reader not in READERS:
            raise UnknownFormat(f"there is no reader '{reader}'. Readers are: {', '.join(READERS)}")
        self.reader = reader or self._tell()

    def _tell(self) -> str | None:
        """The reader that is surest of the source; a usual file name breaks ties."""
        if not self.head.data.strip():
            return None
        if self.head.data.startswith(b"%PDF"):
            self.unread = "PDF"
            return None
        best: tuple[float, bool, str] = (0.0, False, "")
        for name, reader in READERS.items():
            score = float(_module(name).sniff(self.head))
            candidate = (score, self.source.extension in reader.extensions, name)
            if score > 0 and candidate[:2] > best[:2]:
                best = candidate
        if not best[2]:
            self.unread = _NO_RECORDS.get(self.source.extension)
        return best[2] or None

    def where(self, line: int | str) -> str:
        """Name and line as a person looks them up."""
        return f"{self.source.name}:{line}"

    def lines(self) -> Iterator[str]:
        """The decoded lines of the source."""
        from kg.encodings import Lines

        with self.source.open() as stream:
            lines = Lines(stream)
            self._lines = lines
            yield from lines

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The decoded text in pieces, each with whether it is the last."""
        from kg.encodings import Lines

        with self.source.open() as stream:
            lines = Lines(stream)
            self._lines = lines
            yield from lines.pieces()

    def __iter__(self) -> Iterator[Record | Problem]:
        self._lines = None
        if self.reader is None:
            yield self._note(self._why_unread())
            return
        from kg.readers.entry import finish

        slug = self.source.slug
        entries = iter(_module(self.reader).read(self))
        while True:
            try:
                entry = next(entries)
            except StopIteration:
                break
            except SourceError:
                raise
            except (OSError, EOFError) as error:
                yield self._note(
                    Problem(self.source.name, f"could not be read to its end ({error})", "what came before was read")
                )
                break
            if isinstance(entry, Problem):
                yield self._note(entry)
                continue
            for item in finish(entry, slug):
                if isinstance(item, Problem):
                    yield self._note(item)
                else:
                    self._count(item)
                    yield item
        yield from self._encoding_faults()
        if not self.n_records and not self.n_problems:
            yield self._note(
                Problem(self.source.name, f"looks like {READERS[self.reader].label} but holds no record", "", "warning")
            )

    def _encoding_faults(self) -> Iterator[Problem]:
        lines = self._lines
        if lines is None:
            return
        self.encoding = lines.encoding
        for fault in lines.faults[:20]:
            yield self._note(
                Problem(self.where(fault.line), fault.reason, "check this line in the original", "warning")
            )
        if len(lines.faults) > 20:
            more = len(lines.faults) - 20
            yield self._note(
                Problem(self.source.name, f"{more} more lines have bytes in another encoding", "", "warning")
            )

    def _why_unread(self) -> Problem:
        if self.source.trouble is not None:
            return self.source.trouble
        name = self.source.name
        if self.unread:
            return Problem(
                name,
                f"a {self.unread} file holds no record",
                "export the references as RIS, BibTeX or NoteExpress instead",
                "note",
            )
        if not self.head.data.strip():
            return Problem(name, "empty", "nothing to read", "note")
        return Problem(
            name,
            "no reader knows this file",
            "see `kg inspect --help` for the formats; a table needs headers or --columns",
        )

    def _note(self, problem: Problem) -> Problem:
        self.n_problems[problem.severity] += 1
        if len(self.problems) < 1000:
            self.problems.append(problem)
        return problem

    def _count(self, record: Record) -> None:
        self.n_records += 1
        self.langs[record.lang] += 1
        for name in (
            "title",
            "abstract",
            "authors",
            "journal",
            "year",
            "volume",
            "issue",
            "pages",
            "doi",
            "keywords",
            "cited_by",
        ):
            value = getattr(record, name)
            if value is not None and value != ():
                self.filled[name] += 1


def _module(name: str) -> ModuleType:
    return importlib.import_module(READERS[name].module)


def walk(paths: Iterable[Path | str]) -> list[Source]:
    """The sources in files and folders, sorted by name; archives are opened in place.

    Parameters
    ----------
    paths : iterable of path
        Files and folders; ``-`` is standard input.

    Raises
    ------
    SourceError
        A path that is not there.
    """
    from kg.readers.archives import sources_of

    found: dict[str, Source] = {}
    for path in paths:
        for source in sources_of(Path(path)):
            key = source.name
            n = 2
            while key in found and found[key].path != source.path:
                key = f"{source.name}#{n}"
                n += 1
            found.setdefault(key, source)
    return [found[name] for name in sorted(found)]


def read(
    source: Path | str | bytes | Source,
    *,
    reader: str | None = None,
    columns: str | Mapping[str, str] | None = None,
    collection: str | None = None,
    name: str = "text",
) -> Iterator[Record | Problem]:
    """The records of a file, folder, archive, or of bytes, and what was wrong with those that could not be read.

    Parameters
    ----------
    source : path, bytes or Source
    reader : str, optional
        Name in `READERS`; told by content where it is not given.
    columns : str or mapping, optional
        For tables: ``title=题名,abstract=摘要``.
    collection : str, optional
        For Zotero: only this collection and those in it.
    name : str
        What bytes are called in messages.

    Yields
    ------
    Record or Problem
        In the order of the source.
    """
    from kg.readers.columns import parse_choice

    chosen = parse_choice(columns) if isinstance(columns, str) else columns
    if isinstance(source, bytes):
        from kg.readers.archives import members

        sources: Iterable[Source] = members(Source.of_bytes(source, name))
    else:
        sources = [source] if isinstance(source, Source) else walk([source])
    for one in sources:
        yield from Reading(one, reader, chosen, collection)


def read_all(paths: Iterable[Path | str], *, columns: str | None = None) -> Iterator[Record | Problem]:
    """The records of several files and folders, sources in sorted order."""
    from kg.readers.columns import parse_choice

    chosen = parse_choice(columns) if columns else None
    for source in walk(paths):
        yield from Reading(source, chosen=chosen)


class Inspection(NamedTuple):
    """What a source is, and its first records."""

    name: str
    reader: str | None
    label: str | None
    encoding: str | None
    columns: dict[str, str]
    records: list[Record]
    problems: list[Problem]


def inspect(path: Path | str | Source, *, n: int = 3, columns: str | None = None) -> list[Inspection]:
    """What each source in a file (an archive may have several) is, with its first `n` records, without building."""
    from kg.readers.columns import parse_choice

    chosen = parse_choice(columns) if columns else None
    found: list[Inspection] = []
    for source in [path] if isinstance(path, Source) else walk([path]):
        reading = Reading(source, chosen=chosen)
        records: list[Record] = []
        problems: list[Problem] = []
        for item in reading:
            (records if isinstance(item, Record) else problems).append(item)  # type: ignore[arg-type]
            if len(records) >= n:
                break
        encoding = reading.encoding or (reading._lines.encoding if reading._lines else None)
        label = READERS[reading.reader].label if reading.reader else None
        found.append(Inspection(source.name, reading.reader, label, encoding, reading.columns, records, problems))
    return found
