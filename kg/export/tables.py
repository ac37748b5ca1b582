"""Tables for spreadsheets and statistics. In: tagged works. Out: CSV, XLSX, a ZIP of CSV tables."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from kg.export import Holding
from kg.model import KINDS, TaggedWork
from kg.tables import csv_bytes

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)

DYAD_COLUMNS: Final = (
    "pair",
    "state_a",
    "state_b",
    "iso_a",
    "iso_b",
    "cow_a",
    "cow_b",
    "year",
    "works",
    "focus",
    "works_about",
    "focus_about",
)


def pairs_as_csv(holding: Holding) -> bytes:
    """One row for each work and alliance, as ``pairs.csv`` of a build."""
    from kg.evidence import COLUMNS, pair_rows

    return csv_bytes(COLUMNS, pair_rows(holding.works, holding.authority))


def pairs_as_xlsx(holding: Holding) -> bytes:
    """The same as a workbook: a header that stays in view, columns that can be filtered."""
    from kg.evidence import COLUMNS, pair_rows

    return xlsx("pairs", COLUMNS, pair_rows(holding.works, holding.authority))


def xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as a workbook of one sheet; text that looks like a formula stays text. Equal rows give equal bytes."""
    import datetime

    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    from kg.graphml import xml_text

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime.datetime(2000, 1, 1)  # noqa: DTZ001
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    values = [list(row) for row in rows]
    last = chr(ord("A") + min(len(columns), 26) - 1)
    sheet.auto_filter.ref = f"A1:{last}{len(values) + 1}"

    def cell(value: Any, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value=xml_text(value)[:32_767] if isinstance(value, str) else value)
        if isinstance(value, str):
            made.data_type = "s"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(column, bold=True) for column in columns])
    for row in values:
        sheet.append([cell(value) for value in row])
    raw = io.BytesIO()
    book.save(raw)
    return _same_times(raw.getvalue())


def _same_times(archive: bytes) -> bytes:
    """A ZIP whose entries all carry one time and stand in one order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()


def dyad_years_as_csv(holding: Holding) -> bytes:
    """Works for each pair of states and year.

    Options: ``both_orders``, a row for A–B and one for B–A.
    """
    return csv_bytes(
        DYAD_COLUMNS, dyad_years(holding.works, holding, both_orders=bool(holding.options.get("both_orders")))
    )


def dyad_years(works: Iterable[TaggedWork], holding: Holding, *, both_orders: bool = False) -> list[tuple[Any, ...]]:
    """Rows of `DYAD_COLUMNS`.

    ``works`` and ``focus`` count by year of publication: every pair that some work discusses has a row for each year
    from the first to the last year of the corpus, zeros included, and no count outside it. ``works_about`` and
    ``focus_about`` count by the years that works are about, with rows outside the corpus' years only where there are
    some. Pacts and coalitions of three and more count for none of their pairs. An open period counts from or to its one
    known year, a forward one up to the year of publication.
    """
    published: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    about: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    years: set[int] = set()
    pairs: set[str] = set()
    for tagged in works:
        year = tagged.work.year
        if year is not None:
            years.add(year)
        spoken_of = _years_about(tagged)
        for tag in tagged.alliances:
            if len(holding.authority.parties(tag)) != 2:
                continue
            pairs.add(tag)
            is_focus = tag in tagged.focus
            if year is not None:
                _add(published[tag, year], is_focus)
            for other in spoken_of:
                _add(about[tag, other], is_focus)
    span = range(min(years), max(years) + 1) if years else range(0)
    rows = []
    for pair in sorted(pairs):
        beyond = {year for tag, year in about if tag == pair and year not in span}
        for year in sorted({*span, *beyond}):
            counts = published.get((pair, year), [0, 0]) if year in span else [None, None]
            spoken = about.get((pair, year), [0, 0])
            parties = holding.authority.parties(pair)
            for a, b in (parties, parties[::-1])[: 2 if both_orders else 1]:
                rows.append((pair, a, b, *_codes(holding, a, b), year, *counts, *spoken))
    return rows


def _add(counts: list[int], is_focus: bool) -> None:
    counts[0] += 1
    counts[1] += is_focus


def _years_about(tagged: TaggedWork) -> set[int]:
    found: set[int] = set()
    for first, last, _ in tagged.periods:
        if first is None and last is None:
            continue
        start = first if first is not None else last
        end = last if last is not None else max(first or 0, tagged.work.year or first or 0)
        assert start is not None
        if end - start <= 500:
            found.update(range(start, end + 1))
    return found


def _codes(holding: Holding, *pair: str) -> tuple[Any, ...]:
    states = [holding.authority.states.get(state) for state in pair]
    return (
        *(state.iso3 if state else None for state in states),
        *(state.cow if state else None for state in states),
    )


def as_zip(holding: Holding) -> bytes:
    """``works.csv``, ``tags.csv``, ``nodes.csv``, ``edges.csv``: keys join them."""
    from kg import network

    graph = network.graph(holding.works, holding.authority)
    work_columns = "id lang title title_other authors journal year volume issue pages doi cited_by focus".split()
    files = {
        "works.csv": csv_bytes(work_columns, [_work_row(tagged) for tagged in holding.works]),
        "tags.csv": csv_bytes(
            "work kind tag label_en label_zh focus field start end surface rule confidence".split(),
            _tag_rows(holding),
        ),
        "nodes.csv": csv_bytes(
            ("id", "kind", "label", "label_zh", "year"),
            [
                (name, data["kind"], data["label"], data["label_zh"], data.get("year"))
                for name, data in sorted(graph.nodes(data=True))
            ],
        ),
        "edges.csv": csv_bytes(
            ("source", "target", "relation", "evidence", "confidence"),
            [
                (one, other, key, data.get("evidence"), data.get("confidence"))
                for one, other, key, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3])
            ],
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def _work_row(tagged: TaggedWork) -> tuple[Any, ...]:
    work = tagged.work
    titles = [text.title for text in work.texts if text.title]
    return (
        work.id,
        work.lang,
        titles[0] if titles else None,
        titles[1] if len(titles) > 1 else None,
        "; ".join(work.authors),
        work.journal,
        work.year,
        work.volume,
        work.issue,
        work.pages,
        work.doi,
        work.cited_by,
        "; ".join(tagged.focus),
    )


def _tag_rows(holding: Holding) -> Iterable[tuple[Any, ...]]:
    from kg.network import thing_attributes

    for tagged in holding.works:
        for kind in KINDS:
            for tag, mentions in tagged.tags(kind).items():
                names = thing_attributes(holding.authority, kind, tag)
                head = (tagged.id, names["kind"], tag, names["label"], names["label_zh"])
                is_focus = kind == "alliances" and tag in tagged.focus
                for mention in mentions:
                    yield (*head, is_focus, *mention)
