"""Reading one source. In: a source. Out: Records and Problems, and afterwards what was in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import SourceError, UnknownFormat
from kg.model import Record
from kg.readers.registry import NO_RECORDS, READERS, module
from kg.readers.source import Problem, Source

if TYPE_CHECKING:
    from kg.encodings import Lines


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was in one source, for the reading report.

    Parameters
    ----------
    name, slug : str
    reader, label, label_zh : str or None
        The format, None where no reader knows the source.
    encoding : str or None
        None for formats that are no text.
    columns : mapping
        For tables: our field → header that was taken.
    n_records : int
    n_problems : mapping
        By severity: ``skipped``, ``warning``, ``note``.
    problems : tuple of Problem
        The first thousand: where, why, what to do.
    filled : mapping
        Field → how many records have it. What is missing from `n_records` are records without title, year, abstract …
    langs : mapping
        Language → how many records' main text is in it.
    """

    name: str
    slug: str
    reader: str | None
    label: str | None
    label_zh: str | None
    encoding: str | None
    columns: Mapping[str, str]
    n_records: int
    n_problems: Mapping[str, int]
    problems: tuple[Problem, ...]
    filled: Mapping[str, int]
    langs: Mapping[str, int]


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
    first_line : int
        Number of the first line, where the source is a part of JSON Lines.

    Attributes
    ----------
    reader : str or None
        None where no reader knows the source.
    encoding : str or None
    columns : dict
        For tables: our field → header that was taken.
    n_records, n_entries : int
        Records; references before they were found to be records.
    problems : list of Problem
        The first thousand; `n_problems` counts all by severity.
    langs : Counter
        Records by language of their main text.
    """

    def __init__(
        self,
        source: Source,
        reader: str | None = None,
        chosen: Mapping[str, str] | None = None,
        collection: str | None = None,
        *,
        first_line: int = 1,
    ) -> None:
        self.source = source
        self.first_line = first_line
        self.chosen: Mapping[str, str] = chosen or {}
        self.collection = collection
        self.head = _head(source, self.chosen)
        self.columns: dict[str, str] = {}
        self.n_records = self.n_entries = 0
        self.problems: list[Problem] = []
        self.n_problems: Counter[str] = Counter()
        self._shapes: Counter[tuple[bool, ...]] = Counter()
        self.langs: Counter[str] = Counter()
        self.encoding: str | None = None
        self.unread: str | None = None
        self._lines: Lines | None = None
        self._remarks: list[Problem] = []
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
        if self.head.data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            self.unread = "Word" if self.source.extension in ("doc", "wps") else "Excel 97"
            return None
        best: tuple[float, bool, str] = (0.0, False, "")
        for name, reader in READERS.items():
            score = float(module(name).sniff(self.head))
            candidate = (score, self.source.extension in reader.extensions, name)
            if score > 0 and candidate[:2] > best[:2]:
                best = candidate
        if not best[2]:
            self.unread = NO_RECORDS.get(self.source.extension)
        return best[2] or None

    def summary(self) -> Summary:
        """What was in the source, once it was read."""
        known = READERS.get(self.reader or "")
        return Summary(
            name=self.source.name,
            slug=self.source.slug,
            reader=self.reader,
            label=known.label if known else None,
            label_zh=known.label_zh if known else None,
            encoding=self.encoding,
            columns=dict(self.columns),
            n_records=self.n_records,
            n_problems=dict(sorted(self.n_problems.items())),
            problems=tuple(self.problems),
            filled={name: self.filled[name] for name in COUNTED},
            langs=dict(sorted(self.langs.items())),
        )

    def where(self, line: int | str) -> str:
        """Name and line as a person looks them up."""
        return f"{self.source.name}:{line}"

    def remark(self, line: int, reason: str, remedy: str) -> None:
        """Note a loss that a reader met while it made an entry; it is given out after the entry."""
        self._remarks.append(Problem(self.where(line), reason, remedy, "warning"))

    def lines(self) -> Iterator[str]:
        """The decoded lines of the source."""
        from kg.encodings import Lines

        with self.source.open() as stream:
            lines = Lines(stream)
            self._lines = lines
            yield from lines

    def batches(self) -> Iterator[list[str]]:
        """The decoded lines of the source, many at a time."""
        from kg.encodings import Lines

        with self.source.open() as stream:
            self._lines = Lines(stream)
            yield from self._lines.batches()

    def utf8_lines(self) -> Iterator[bytes | str]:
        """The lines, as bytes where they are UTF-8: for parsers that take bytes."""
        from kg.encodings import Lines

        with self.source.open() as stream:
            self._lines = Lines(stream)
            yield from self._lines.utf8_lines()

    def decode_line(self, line: bytes, number: int) -> str:
        """A line of `utf8_lines` as text."""
        return self._lines.decode_line(line, number) if self._lines else line.decode("utf-8", "replace")

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
        entries = iter(module(self.reader).read(self))
        while True:
            try:
                entry = next(entries)
            except StopIteration:
                break
            except SourceError:
                raise
            except OSError as error:
                yield self._note(
                    Problem(self.source.name, f"could not be read to its end ({error})", "what came before was read")
                )
                break
            except Exception as error:  # a fault of ours must not cost the other sources
                what = f"the reader failed ({type(error).__name__}: {error})"
                yield self._note(Problem(self.source.name, what, "what came before was read; please report this file"))
                break
            if isinstance(entry, Problem):
                yield self._note(entry)
                continue
            self.n_entries += 1
            for item in finish(entry, slug):
                if isinstance(item, Problem):
                    yield self._note(item)
                else:
                    self._count(item)
                    yield item
            if self._remarks:
                yield from map(self._note, self._remarks)
                self._remarks = []
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
        if self.unread == "Excel 97":
            return Problem(name, "an Excel workbook of the old form (.xls) is not read", "save it as .xlsx or CSV")
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
        main = record.texts[0] if record.texts else None
        self.langs[main.lang if main else "und"] += 1
        self._shapes[
            main is not None and main.title is not None,
            main is not None and main.abstract is not None,
            bool(record.authors),
            record.journal is not None,
            record.year is not None,
            record.volume is not None,
            record.issue is not None,
            record.pages is not None,
            record.doi is not None,
            bool(record.keywords),
            record.cited_by is not None,
        ] += 1

    @property
    def filled(self) -> Counter[str]:
        """How many records have each field."""
        found: Counter[str] = Counter()
        for shape, n in self._shapes.items():
            found.update({name: n for name, is_there in zip(COUNTED, shape, strict=True) if is_there})
        return found


COUNTED = (
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
)
