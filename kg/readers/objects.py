"""The objects of a JSON file, one at a time. In: JSON Lines, an array, or an answer of an API. Out: line and object.

Of a document only one element at a time is in memory, however long the array: its brackets are counted, and each
element is parsed by itself, so that one broken element does not lose the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Reading

# The keys under which APIs and programs put their list of works.
_LISTS: Final = ("results", "items", "works", "references", "records", "data", "docs", "entries")
_TOKEN: Final = re.compile(r'"(?:[^"\\\n]++|\\.)*+"|[\[\]{}"]')
MAX_CHARACTERS: Final = 4_000_000


def loads(text: str) -> Any:
    """A JSON value, also one with a lone surrogate or NaN, which the fast parser refuses.

    Raises
    ------
    ValueError
        No JSON. (Its message tells the column.)
    """
    import orjson

    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        if len(text) < 1_000 and text.isascii() and not any(word in text for word in ("\\u", "NaN", "Infinity")):
            raise  # nothing that the other parser would take
        try:
            return json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


_WRAPPER: Final = re.compile(
    r'\s*\{\s*"(?:meta|status|message|results|items|works|references|records|data|docs|entries|total|count|next)"\s*:'
)


def is_lines(lines: list[str]) -> bool:
    """Whether the first line that is not empty is an object by itself, and not the only one of a document."""
    for line in lines:
        text = line.strip()
        if not text:
            continue
        if not text.startswith("{"):
            return False
        try:
            value = loads(text)
        except ValueError:
            n_objects = sum(other.lstrip().startswith('{"') for other in lines)
            return (n_objects > 1 and text.endswith("}")) or (len(text) > 60_000 and not _WRAPPER.match(text))
        return not (isinstance(value, dict) and _list_of(value) is not None)
    return False


def _list_of(value: dict[str, Any]) -> list[Any] | None:
    """The list of works in an API's answer, None where the object is a work itself."""
    message = value.get("message")
    if isinstance(message, dict):
        return _list_of(message) or ([message] if "title" in message or "DOI" in message else None)
    for name in _LISTS:
        if isinstance(value.get(name), list) and not value.get("title") and not value.get("abstract"):
            found: list[Any] = value[name]
            return found
    return None


Decode = Callable[[bytes | str], Any]


def objects(reading: Reading, decode: Decode | None = None) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    """Every object of a source with the line where it begins; what is no object or no JSON as a Problem.

    Parameters
    ----------
    reading : Reading
    decode : callable, optional
        A parser for JSON Lines that makes only what is read; a line that it refuses is parsed whole.
    """
    if is_lines(reading.head.lines):
        yield from _from_lines(reading, decode)
    else:
        yield from _from_document(reading)


def _from_lines(reading: Reading, decode: Decode | None) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    import orjson

    fast = orjson.loads
    for number, line in enumerate(reading.utf8_lines(), reading.first_line):
        try:
            value = decode(line) if decode is not None else fast(line)
        except (ValueError, RecursionError):
            text = line if isinstance(line, str) else reading.decode_line(line, number)
            if not text or text.isspace():
                continue
            try:
                value = loads(text)
            except ValueError as error:
                yield Problem(reading.where(number), f"no valid JSON ({_short(error)})", "line skipped")
                continue
        if type(value) is dict:
            yield number, value
        else:
            yield Problem(reading.where(number), f"a line is a JSON object, this one is {_kind(value)}", "line skipped")


def _kind(value: Any) -> str:
    return {list: "an array", str: "a string", int: "a number", float: "a number", bool: "true or false"}.get(
        type(value), "null"
    )


def _short(error: Exception) -> str:
    return re.sub(r": line 1 column (\d+) \(char \d+\)", r" at column \1", str(error))[:80]


class _Document:
    """Cuts the text of a JSON document into its works.

    A work is an object in an array that is the document, or that stands under one of the usual keys of it or of its
    ``message``; where there is no such array, each object at the top is one.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.path = ""  # brackets that are open; '(' for an array that holds no works
        self.in_list = False  # an array of works was found
        self.key = ""  # the last string at the top or one below it
        self.parts: list[str] = []  # the element so far
        self.size = 0
        self.part_line = 1
        self.collecting = False

    def elements(self) -> Iterator[tuple[int, str] | Problem]:
        """Line and text of each work, in their order."""
        rest = ""
        line = 1
        for piece, is_last in self.reading.pieces():
            text = rest + piece
            start = at = 0
            counted, counted_line = 0, line  # up to where lines were counted
            for found in _TOKEN.finditer(text):
                token = found.group()
                unended = token == '"' and not is_last and len(text) - found.start() < MAX_CHARACTERS
                if unended and text.find("\n", found.start()) < 0:
                    break  # a string that goes on in the next piece
                at = found.end()
                if token[0] == '"':
                    if len(self.path) <= 2:
                        self.key = token[1:-1]
                elif token in "{[":
                    if self._begins(token):
                        start = found.start()
                        counted_line += text.count("\n", counted, start)
                        counted = start
                        self.part_line = counted_line
                        self.collecting, self.parts, self.size = True, [], 0
                    self._open(token)
                else:
                    self.path = self.path[:-1]
                    if self.collecting and self._ends():
                        yield self.part_line, "".join((*self.parts, text[start:at]))
                        self.collecting, self.parts = False, []
            if is_last:
                at = len(text)
            if self.collecting:
                self.parts.append(text[start:at])
                self.size += at - start
                if self.size > MAX_CHARACTERS:
                    yield Problem(
                        self.reading.where(self.part_line), "an object of more than 4 million characters is no work"
                    )
                    return
            line += text.count("\n", 0, at)
            rest = text[at:]
            if len(rest) > MAX_CHARACTERS:
                yield Problem(self.reading.where(line), "a string of more than 4 million characters is none of a work")
                return
        if self.collecting and any(part.strip() for part in self.parts):
            yield self.part_line, "".join(self.parts)

    def _open(self, token: str) -> None:
        if token == "[":
            token = "[" if self.path == "" or (self.path in ("{", "{{") and self.key in _LISTS) else "("
            if token == "[":
                self.in_list, self.collecting, self.parts = True, False, []
        self.path += token

    def _begins(self, token: str) -> bool:
        if self.collecting or token != "{":
            return False
        return self.path in ("[", "{[", "{{[") or (self.path == "" and not self.in_list)

    def _ends(self) -> bool:
        return self.path in ("", "[", "{[", "{{[")


def _from_document(reading: Reading) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    for found in _Document(reading).elements():
        if isinstance(found, Problem):
            yield found
            continue
        line, text = found
        try:
            value = loads(text)
        except ValueError as error:
            yield Problem(reading.where(line), f"no valid JSON ({_short(error)})", "element skipped")
            continue
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield line, item
        elif isinstance(value, dict):
            inner = _list_of(value)
            for item in inner if inner is not None else [value]:
                if isinstance(item, dict):
                    yield line, item
        else:
            yield Problem(reading.where(line), f"expected objects, this is {_kind(value)}", "skipped")
