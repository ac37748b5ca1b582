"""XML, cut into records, with nothing expanded. In: XML text. Out: the element of each record, one at a time.

A document that declares entities is refused: a kilobyte of them grows to gigabytes, and they can name local files. Damage
stays local: after text that is not well-formed, reading goes on at the next record.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import Element
from xml.parsers import expat

from kg.clean import printable
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Reading

_NAMED: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#)([A-Za-z][A-Za-z0-9]{1,31});|&(?!#?\w{1,32};)")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
MAX_DEPTH: Final = 200
MAX_OPEN: Final = 20_000
MAX_RECORD_CHARACTERS: Final = 4_000_000


class XmlRecord(NamedTuple):
    """One record's element and the line where it begins. Names have no prefixes; attributes neither."""

    line: int
    element: Element


class _Refused(Exception):
    """The document declares entities."""


def local(name: str) -> str:
    """A name without its prefix: ``dc:title`` → ``title``."""
    return name.rpartition(":")[2]


class _TooDeep(Exception):
    """More elements are open than any document of works has."""


class _Cutter:
    """Feeds a parser and collects the elements of records."""

    def __init__(self, is_record: Callable[[str, int], bool], base_line: int, depth: int) -> None:
        self.is_record = is_record
        self.base_line = base_line
        self.depth = depth
        self.stack: list[Element] = []
        self.done: list[XmlRecord] = []
        self.line = 0
        self.size = 0
        self.is_cut = False
        self.n_fed = 0  # bytes that the parser took before the text of now
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.EntityDeclHandler = self._refuse
        parser.UnparsedEntityDeclHandler = self._refuse
        self.parser = parser

    def parse(self, text: str, is_last: bool) -> None:
        """Take some text; where it raises, `error_at` says where."""
        self.parser.Parse(text, is_last)
        self.n_fed += len(text) if text.isascii() else len(text.encode())

    def error_at(self, text: str) -> int:
        """Where in the text of now the error is; its beginning, where it is in what came before."""
        n_bytes = max(0, self.parser.ErrorByteIndex - self.n_fed)
        return n_bytes if text.isascii() else len(text.encode()[:n_bytes].decode("utf-8", "ignore"))

    def _refuse(self, *_: object) -> None:
        raise _Refused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if len(self.stack) + self.depth > MAX_OPEN:
            raise _TooDeep
        if self.stack:
            if len(self.stack) < MAX_DEPTH:
                child = Element(name, {local(key): value for key, value in attributes.items()})
                self.stack[-1].append(child)
                self.stack.append(child)
            else:
                self.stack.append(self.stack[-1])
        elif self.is_record(name, self.depth):
            self.line = self.base_line + self.parser.CurrentLineNumber - 1
            self.size = 0
            self.stack.append(Element(name, {local(key): value for key, value in attributes.items()}))
        else:
            self.depth += 1

    def _end(self, _: str) -> None:
        if not self.stack:
            self.depth -= 1
            return
        element = self.stack.pop()
        if not self.stack:
            self.done.append(XmlRecord(self.line, element))

    def _data(self, text: str) -> None:
        if self.stack:
            self.size += len(text)
            if self.size > MAX_RECORD_CHARACTERS:
                self.is_cut = True
                return
            element = self.stack[-1]
            if len(element):
                element[-1].tail = (element[-1].tail or "") + text
            else:
                element.text = (element.text or "") + text


def _repaired(text: str) -> str:
    """Named entities of HTML as characters, and lone ampersands escaped, so that XML can hold them."""
    if "&" not in text:
        return text

    def repair(found: re.Match[str]) -> str:
        if found[1]:
            character = html.unescape(found.group())
            return character if character != found.group() else f"&amp;{found[1]};"
        return "&amp;"

    return _NAMED.sub(repair, text)


PIECE_CHARACTERS: Final = 8_192  # after each error what is left of a piece is taken up anew: it must not be long


def _small(pieces: Iterator[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, cut smaller."""
    for piece, is_last in pieces:
        for at in range(0, max(1, len(piece)), PIECE_CHARACTERS):
            yield piece[at : at + PIECE_CHARACTERS], is_last and at + PIECE_CHARACTERS >= len(piece)


def records(
    reading: Reading, is_record: Callable[[str, int], bool], start: re.Pattern[str]
) -> Iterator[XmlRecord | Problem]:
    """The records of a document.

    Parameters
    ----------
    reading : Reading
    is_record : callable
        Name without prefix and depth (0 is the root) → whether a record begins.
    start : pattern
        What a record's start tag looks like: where reading goes on after damage.
    """
    cutter = _Cutter(is_record, 1, 0)
    line = 1  # of the text that is fed next
    held = ""
    n_forbidden = 0
    root_depth = 1
    lost: str | None = None  # text after damage, until the next record begins
    for piece, is_last in _small(reading.pieces()):
        text = held + piece
        held = ""
        if not is_last:
            cut = max(text.rfind("&", len(text) - 40), text.rfind("<", max(0, len(text) - 4000)))
            if cut > 0:
                text, held = text[:cut], text[cut:]
        text, n = printable(text)
        n_forbidden += n
        text = _repaired(text)
        while True:
            if lost is not None:
                found = start.search(text)
                if not found:
                    line += text.count("\n")
                    break
                line += text.count("\n", 0, found.start())
                text = text[found.start() :]
                cutter = _Cutter(is_record, line, root_depth - 1)
                cutter.parse("<damaged>", False)
                cutter.base_line = line
                lost = None
            try:
                cutter.parse(text, is_last)
            except _Refused:
                yield from cutter.done
                yield Problem(
                    reading.source.name,
                    "XML that declares entities is refused: they are not read",
                    "export it again without them",
                )
                return
            except _TooDeep:
                yield from cutter.done
                where = reading.where(cutter.base_line + cutter.parser.CurrentLineNumber - 1)
                yield Problem(where, "XML with more than 20,000 elements open", "what came before was read")
                return
            except expat.ExpatError as error:
                yield from cutter.done
                at = cutter.base_line + error.lineno - 1
                rest = text[cutter.error_at(text) + 1 :]
                if is_last and not start.search(rest) and not cutter.stack:
                    if cutter.depth > 0 and not re.search(r"</\s*[\w:]+\s*>\s*\Z", text):
                        yield Problem(
                            reading.where(at), "XML ends in the middle", "what came before was read", "warning"
                        )
                    break
                message = expat.ErrorString(error.code) or "damaged"
                yield Problem(
                    reading.where(at), f"not well-formed XML ({message})", "reading goes on at the next record"
                )
                line += text.count("\n") - rest.count("\n")
                text, lost = rest, ""
                continue
            yield from cutter.done
            if cutter.done and cutter.is_cut:
                cutter.is_cut = False
                what = "a record of more than 4 million characters"
                yield Problem(reading.where(cutter.done[-1].line), what, "read as far as that", "warning")
            cutter.done.clear()
            line += text.count("\n")
            break
    if n_forbidden:
        yield Problem(
            reading.source.name,
            f"{n_forbidden} characters that XML does not allow",
            "dropped, the rest was read",
            "warning",
        )


def text_of(element: Element | None) -> str | None:
    """All text in an element, None for none."""
    if element is None:
        return None
    return "".join(element.itertext()).strip() or None


def find(element: Element, path: str) -> str | None:
    """The text at a path of names, None where nothing is there."""
    return text_of(element.find(path))


def find_all(element: Element, path: str) -> list[str]:
    """The texts of all elements at a path."""
    return [text for child in element.iterfind(path) if (text := text_of(child))]
