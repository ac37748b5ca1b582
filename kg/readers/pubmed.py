"""PubMed's MEDLINE text. In: an .nbib or .txt file. Out: entries, with the title and abstract in the work's own language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.identity import issns
from kg.readers.entry import Entry, kind_of
from kg.readers.source import Problem
from kg.readers.tagged import Fields, every, first, references

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAG: Final = re.compile(r"\ufeff?([A-Z][A-Z0-9]{1,3}) {0,3}- ?(.*)", re.DOTALL)
_USED: Final = frozenset(
    "PMID TI BTI TT AB OAB OABL FAU AU FED ED CN LA TA JT DP VI IP PG LID AID OT MH IS PT PMC".split()
)
_PUBLISHER: Final = re.compile(r"\A(?:Publisher|AAMC|PIP|KIE|NASA)(?: Abstract available from the publisher\.)?\s*:\s*")


def sniff(head: Head) -> float:
    """0.97 where a line says ``PMID- 1``."""
    return 0.97 if re.search(r"^\ufeff?PMID ?- ?\d", head.text, re.MULTILINE) else 0.0


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    return (found[1], found[2]) if found else None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The records of a file, each from its PMID on; an empty line inside a field ends nothing."""
    for number, (line, fields) in enumerate(references(reading, _tag, opens=frozenset(("PMID",))), 1):
        yield _entry(reading.where(line), number, fields)


def _title(text: str) -> str:
    """A title without the full stop, and the brackets of a translated one."""
    text = text.strip()
    bracketed = re.fullmatch(r"\[(.+?)[.]?\][.]?", text, re.DOTALL)
    if bracketed:
        text = bracketed[1]
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def _entry(where: str, number: int, fields: Fields) -> Entry:
    entry = Entry(where, number, one_name_each=True, kind=kind_of(first(fields, "PT")))
    entry.titles = [_title(value) for value in every(fields, "TI", "TT")] or [_title(v) for v in every(fields, "BTI")]
    entry.abstracts = [*every(fields, "AB"), *(_PUBLISHER.sub("", value) for value in every(fields, "OAB"))]
    entry.authors = every(fields, "FAU") or every(fields, "AU") or every(fields, "FED", "ED")
    entry.authors += every(fields, "CN")
    entry.journal = first(fields, "JT", "TA")
    entry.date = first(fields, "DP")
    entry.volume, entry.issue, entry.pages = first(fields, "VI"), first(fields, "IP"), first(fields, "PG")
    entry.doi = next(
        (v.removesuffix("[doi]").strip() for v in every(fields, "LID", "AID") if v.endswith("[doi]")), None
    )
    entry.keywords = [word.lstrip("*") for word in every(fields, "OT") or every(fields, "MH")]
    entry.lang = first(fields, "LA")
    for scheme, tag in (("pmid", "PMID"), ("pmcid", "PMC")):
        if first(fields, tag):
            entry.identifiers[scheme] = first(fields, tag) or ""
    numbers = issns(" ".join(every(fields, "IS")))
    if numbers:
        entry.identifiers["issn"] = ", ".join(numbers)
    for tag, values in fields.items():
        if tag not in _USED and tag not in ("OWN", "STAT", "DCOM", "LR", "EDAT", "MHDA", "CRDT", "PHST", "SO", "OABL"):
            entry.keep(tag, "; ".join(value for value in values if value))
    return entry
