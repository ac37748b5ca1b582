"""Questions as files. In: ``kg/queries``. Out: what each asks, what goes in and out, and its text with values bound.

The header of a file says in both languages what it asks. The file runs as it stands in any engine; the rows of its first
VALUES block give way to the caller's, written from typed terms, never pasted; a copy of that block further down, to the
letter, goes with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from kg.errors import QueryError, UnknownName
from kg.terms import AUTHORITY

InputKind = Literal["state", "alliance", "concept", "thing", "work", "run", "integer", "decimal"]

_HEADER: Final = re.compile(r"#[ \t]?(.*)")
_SCAN: Final = re.compile(r"(?:OPTIONAL \{ (?P<optional>.+) \}|(?P<plain>\?.+)) # scan$", re.MULTILINE)
_VALUES: Final = re.compile(
    r"VALUES\s*(?:\((?P<many>(?:\s*\?\w+)+\s*)\)|(?P<one>\?\w+))\s*\{(?P<rows>[^}]*)\}", re.IGNORECASE
)
_TERM: Final = re.compile(r'<([^<>]*)>|"((?:[^"\\]|\\.)*)"(?:@[\w-]+|\^\^\S+)?|([-+]?\d+\.\d+)|([-+]?\d+)')


class Iri(str):
    """An IRI in a row: a string that says what it is."""

    __slots__ = ()


class Field(NamedTuple):
    """A column of an answer with what its question's header says of it."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Input:
    """What a question asks for.

    Parameters
    ----------
    name : str
    kind : str
        What is bound: the name of a state, an alliance, a concept, any of these (``thing``), the id of a work or a
        run, or a number.
    default : int, float or None
        Taken where the caller binds nothing: the example of the file; None means that it must be bound.
    about : str
        As the header has it.
    """

    name: str
    kind: InputKind
    default: int | float | None
    about: str = ""


@dataclass(frozen=True)
class Question:
    """One file of ``kg/queries``, parsed.

    Parameters
    ----------
    stem : str
        ``01-works-on-pair``.
    title_en, title_zh : str
    inputs : tuple of Input
    outputs : tuple of Field
    text : str
        The whole file.
    """

    stem: str
    title_en: str
    title_zh: str
    inputs: tuple[Input, ...]
    outputs: tuple[Field, ...]
    text: str

    @property
    def number(self) -> int:
        """1 to 34."""
        return int(self.stem.partition("-")[0])

    @property
    def name(self) -> str:
        """``works-on-pair``."""
        return self.stem.partition("-")[2]

    @property
    def can_scan(self) -> bool:
        """Has lines that end in ``# scan``, and an alliance to be about."""
        return _SCAN.search(self.text) is not None and any(one.name == "alliance" for one in self.inputs)

    def title(self, lang: str) -> str:
        """The question in a language."""
        return self.title_zh if lang.lower().startswith("zh") else self.title_en

    def bind(
        self,
        rows: Sequence[Mapping[str, str | int | float]],
        *,
        limit: int | None = None,
        offset: int = 0,
        scan: bool = False,
    ) -> str:
        """The text with other rows in its first VALUES block and its copies.

        Parameters
        ----------
        rows : sequence of mapping
            Each has a value for every input: an `Iri`, an int or a float.
        limit, offset : int
            The page of rows. Where a subselect of the file orders the works and says ``# page``, the page is cut there,
            before titles are looked up; else at the end. Where one says ``# reach``, no more of its rows than end with
            the page are looked at: each of them gives one row at least, in the order of the whole.
        scan : bool
            The rows are about a large share of all works: what stands in a line that ends in ``# scan`` is read for all
            works at once and joined, not looked up for each. The answer is the same.

        Raises
        ------
        QueryError
            A value is missing, or of another type than the question takes.
        """
        if not self.inputs:
            return _page(self.text, limit, offset)
        match = _VALUES.search(self.text)
        assert match is not None, self.stem
        names = [name.lstrip("?") for name in (match.group("many") or match.group("one")).split()]
        kinds = {one.name: one.kind for one in self.inputs}
        written = []
        for row in rows:
            terms = [_term(self.stem, name, kinds[name], row.get(name)) for name in names]
            written.append(f"({' '.join(terms)})" if match.group("many") else terms[0])
        start, end = match.span("rows")
        block = match.group()
        bound = block[: start - match.start()] + f" {' '.join(written)} " + block[end - match.start() :]
        text = self.text.replace(block, bound)
        return _page(_SCAN.sub(_scanned, text) if scan else text, limit, offset)


@cache
def questions() -> tuple[Question, ...]:
    """All questions, by number."""
    folder = Path(__file__).parent / "queries"
    return tuple(parse(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq")))


def get_question(name: str) -> Question:
    """The question of a number (``1``, ``01``), a name or a file's stem.

    Raises
    ------
    UnknownName
        There is none; the nearest names are suggested.
    """
    from difflib import get_close_matches

    wanted = name.strip().removesuffix(".rq").lower()
    for question in questions():
        if wanted in (question.stem, question.name) or (wanted.isdigit() and int(wanted) == question.number):
            return question
    names = [question.name for question in questions()]
    near = [one for one in names if wanted and wanted in one] or get_close_matches(wanted, names, 3)
    raise UnknownName("question", name, near[:3])


def parse(stem: str, text: str) -> Question:
    """Read a question's file: two titles, ``in:`` and ``out:``, then SPARQL.

    Raises
    ------
    QueryError
        The header is not whole, or it and the VALUES block name different inputs.
    """
    lines = [match.group(1) for line in text.split("\n") if (match := _HEADER.match(line))]
    fields = {
        key: line[len(key) + 1 :].strip() for line in lines for key in ("in", "out") if line.startswith(f"{key}:")
    }
    if len(lines) < 4 or set(fields) != {"in", "out"}:
        raise QueryError(f"{stem}.rq: the header needs a title in English, one in Chinese, in: and out:")
    outputs = tuple(_fields(fields["out"]))
    if fields["in"] == "none":
        return Question(stem, lines[0], lines[1], (), outputs, text)
    match = _VALUES.search(text)
    if match is None:
        raise QueryError(f"{stem}.rq: no VALUES block holds its inputs")
    names = [name.lstrip("?") for name in (match.group("many") or match.group("one")).split()]
    about = dict(_fields(fields["in"]))
    if sorted(about) != sorted(names):
        raise QueryError(f"{stem}.rq: the header names {', '.join(about)}, the VALUES block {', '.join(names)}")
    examples = list(_TERM.finditer(match.group("rows")))[: len(names)]
    inputs = tuple(_input(name, example, about[name]) for name, example in zip(names, examples, strict=True))
    return Question(stem, lines[0], lines[1], inputs, outputs, text)


def _scanned(match: re.Match[str]) -> str:
    """An engine reads a subselect once, whatever is joined to it."""
    inner = f"{{ SELECT * WHERE {{ {match['optional'] or match['plain']} }} }}"
    return f"OPTIONAL {{ {inner} }}" if match["optional"] else inner


def _page(text: str, limit: int | None, offset: int) -> str:
    if limit is None and not offset:
        return text
    cut = (f"LIMIT {int(limit)} " if limit is not None else "") + f"OFFSET {int(offset)}"
    if limit is not None:
        text = text.replace("# reach\n", f"LIMIT {int(offset) + int(limit)}\n", 1)
    return text.replace("# page", cut, 1) if "# page\n" in text else f"{text}\n{cut}\n"


def _fields(written: str) -> Iterable[Field]:
    """``work: IRI; year (empty where …): integer; title_en, title_zh: text`` → fields."""
    # Brackets may hold colons and semicolons; they belong to what is said of the field.
    bare = re.sub(r"\([^()]*\)", lambda match: re.sub(r"[:;,]", " ", match.group()), written)
    for part in bare.split(";"):
        names, _, about = part.partition(":")
        for name in names.split(","):
            word = name.strip().split(" ")[0]
            if word:
                yield Field(word, about.strip())


def _input(name: str, example: re.Match[str], about: str) -> Input:
    iri, _, decimal, integer = example.groups()
    if integer is not None:
        return Input(name, "integer", None if name == "year" else int(integer), about)
    if decimal is not None:
        return Input(name, "decimal", float(decimal), about)
    if name == "thing":
        return Input(name, "thing", None, about)
    segment = iri.removeprefix(AUTHORITY).partition("/")[0] if iri else ""
    if segment not in ("state", "alliance", "concept", "work", "run"):
        raise QueryError(f"input {name}: no kind of thing has the IRI {iri}")
    return Input(name, segment, None, about)  # type: ignore[arg-type]


def _term(stem: str, name: str, kind: InputKind, value: str | int | float | None) -> str:
    if value is None:
        raise QueryError(f"question {stem} needs {name}; give --bind {name}=…")
    if kind in ("integer", "decimal"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise QueryError(f"question {stem}: {name} is a number, not {value!r}")
        if kind == "integer" and isinstance(value, int):
            return str(value)
        return format(value, "f")
    if not isinstance(value, Iri) or re.search(r'[\x00-\x20<>"{}|^`\\]', value):
        raise QueryError(f"question {stem}: {name} is an IRI, not {value!r}")
    return f"<{value}>"
