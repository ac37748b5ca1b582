"""Normal forms of identifiers, and the id of a work. In: what sources give. Out: DOIs, ISBNs, ids and aliases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from kg.model import Bibliographic, Record
from kg.text import fold_key

_DOI_PREFIX: Final = re.compile(
    r"\A(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/+)|\A(?:doi|DOI)\s*[:：=]?\s*(?=10\.|https?:)", re.IGNORECASE
)
_DOI: Final = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_PLAIN_DOI: Final = re.compile(r"(?:https://doi\.org/)?(10\.\d{4,9}/[A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?)")
_CLOSING: Final = ".,;:。，；、'\"”’"


def doi(text: str | None) -> str | None:
    """A DOI in its normal form: lower case, without prefix, escapes and closing punctuation; None where there is none.

    >>> doi("https://doi.org/10.9999/SAMPLE.2021.02.007"), doi("doi:10.9999/sample.2021.02.007.")
    ('10.9999/sample.2021.02.007', '10.9999/sample.2021.02.007')
    >>> doi("10.1002/(SICI)1099-1328(199706)9:4<1::AID-A1>3.0.CO;2-X"), doi("in press")
    ('10.1002/(sici)1099-1328(199706)9:4<1::aid-a1>3.0.co;2-x', None)
    """
    if not text:
        return None
    plain = _PLAIN_DOI.fullmatch(text)
    if plain:
        return plain[1].lower()
    text = text.strip()
    if not text.startswith("10."):
        for _ in range(3):
            shorter = _DOI_PREFIX.sub("", text, count=1).strip()
            if shorter == text:
                break
            text = shorter
    if "%2" in text or "%3" in text:
        text = unquote(text)
    found = _DOI.search(text)
    if not found:
        return None
    value = found.group().rstrip(_CLOSING)
    for opening, closing in ("()", "[]", "<>"):
        while value.endswith(closing) and value.count(closing) > value.count(opening):
            value = value[:-1].rstrip(_CLOSING)
    return value.lower() if value.partition("/")[2] else None


def isbn(text: str | None) -> str | None:
    """The first ISBN in a text as 13 digits, None where no group of digits passes its check sum.

    >>> isbn("978-0-306-40615-7 (pbk)"), isbn("0306406152"), isbn("1234567890")
    ('9780306406157', '9780306406157', None)
    """
    for found in re.finditer(r"(?:97[89][-\s]?)?(?:\d[-\s]?){9}[\dXx]", text or ""):
        digits = re.sub(r"[-\s]", "", found.group()).upper()
        if len(digits) == 10:
            total = sum((10 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(digits))
            if total % 11 or "X" in digits[:-1]:
                continue
            digits = "978" + digits[:-1]
            check = -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10
            return f"{digits}{check}"
        if "X" not in digits and not sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10:
            return digits
    return None


def issns(text: str | None) -> tuple[str, ...]:
    """Every ISSN in a text, as 1234-567X, each once.

    >>> issns("ISSN 1006-9550; 0020-8183")
    ('1006-9550', '0020-8183')
    """
    found = re.findall(r"(?<!\d)(\d{4})[-‐–]?(\d{3}[\dXx])(?!\d)", text or "")
    return tuple(dict.fromkeys(f"{first}-{second.upper()}" for first, second in found))


# Schemes that name one work for good, in the order in which an id is taken from them.
PERSISTENT: Final = (
    "pmid",
    "pmcid",
    "arxiv",
    "openalex",
    "wos",
    "scopus",
    "cnki",
    "wanfang",
    "vip",
    "zotero",
    "handle",
    "ssrn",
    "mag",
)


def persistent_id(identifiers: Mapping[str, str]) -> str | None:
    """The best other persistent id as ``scheme:value``, None where there is none."""
    for scheme in PERSISTENT:
        if identifiers.get(scheme):
            return f"{scheme}:{identifiers[scheme]}"
    return None


def text_id(record: Bibliographic) -> str:
    """``w-`` and 12 hex digits of the SHA-256 of the folded title and abstract: the same over exports, order, file names."""
    key = f"{fold_key(record.title or '')}\n{fold_key(record.abstract or '')}"
    if key == "\n":
        texts = [part for text in record.texts for part in (text.title, text.abstract) if part]
        key = "\n".join(texts)
    return f"w-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def id_of(record: Record) -> str:
    """The id of the work that one record would make by itself.

    The source's own, else the DOI, else another persistent id, else a hash of its folded texts.
    """
    return record.id or record.doi or persistent_id(record.identifiers) or text_id(record)
