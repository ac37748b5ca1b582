"""Questions and their answers. In: a store, a question's name or SPARQL text, what to bind. Out: rows.

A question is a file of ``kg/queries``: its header says in both languages what it asks, what goes in and what comes out.
It runs as it stands in any engine; here the rows of its first VALUES block give way to the caller's, written from typed
terms, never pasted. Every text passes `kg.sparql` before a store sees it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kg.errors import QueryError, UnknownName
from kg.sparql import form_of, plain_text
from kg.terms import AUTHORITY, XSD, Base

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.store import Store

InputKind = Literal["state", "alliance", "concept", "thing", "work", "run", "integer", "decimal"]

_HEADER: Final = re.compile(r"#[ \t]?(.*)")
_VALUES: Final = re.compile(
    r"VALUES\s*(?:\((?P<many>(?:\s*\?\w+)+\s*)\)|(?P<one>\?\w+))\s*\{(?P<rows>[^}]*)\}", re.IGNORECASE
)
_TERM: Final = re.compile(r'<([^<>]*)>|"((?:[^"\\]|\\.)*)"(?:@[\w-]+|\^\^\S+)?|([-+]?\d+\.\d+)|([-+]?\d+)')
_CACHED: Final = 48
_LONGEST_CACHED: Final = 5_000


class Iri(str):
    """An IRI in a row: a string that says what it is."""

    __slots__ = ()


Value = str | int | float | bool | None
"""What stands in a cell; an IRI is an `Iri`."""


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

    def title(self, lang: str) -> str:
        """The question in a language."""
        return self.title_zh if lang.lower().startswith("zh") else self.title_en

    def bind(
        self, rows: Sequence[Mapping[str, str | int | float]], *, limit: int | None = None, offset: int = 0
    ) -> str:
        """The text with other rows in its first VALUES block.

        Parameters
        ----------
        rows : sequence of mapping
            Each has a value for every input: an `Iri`, an int or a float.
        limit, offset : int
            The page of rows. Where a subselect of the file orders the works and says ``# page``, the page is cut there,
            before titles are looked up; else at the end.

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
        return _page(f"{self.text[:start]} {' '.join(written)} {self.text[end:]}", limit, offset)


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer: what the columns are called, and the rows with typed values."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def dicts(self) -> list[dict[str, Value]]:
        """Rows as mappings."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> Any:
        """A pandas data frame."""
        try:
            import pandas
        except ImportError:
            from kg.errors import MissingExtra

            raise MissingExtra("pandas", "pandas") from None
        return pandas.DataFrame(self.rows, columns=list(self.columns))


# The registry


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


def _page(text: str, limit: int | None, offset: int) -> str:
    if limit is None and not offset:
        return text
    cut = (f"LIMIT {int(limit)} " if limit is not None else "") + f"OFFSET {int(offset)}"
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


# Asking


def ask(
    store: Store,
    name: str | Question,
    bindings: Mapping[str, Any] | None = None,
    *,
    authority: Authority | None = None,
    base: Base | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Rows:
    """Answer a question.

    Parameters
    ----------
    store : Store
    name : str or Question
    bindings : mapping of input to value or values
        A name in any language, an id, an `Iri` or a number; several values give a row each, and every combination.
    authority : Authority or None
        To find names with; None loads the one that comes with the package.
    base : Base or None
        Of the graph's own IRIs, for works and runs.
    limit, offset : int
        The page of rows; all where `limit` is None.

    Raises
    ------
    UnknownName
        There is no such question, state, alliance or concept.
    QueryError
        An input is missing or of the wrong kind.
    """
    question = get_question(name) if isinstance(name, str) else name
    rows = bound_rows(question, bindings or {}, authority, base)
    if not question.inputs and store.generation is not None:
        whole = _cached(store, question.text)
        end = None if limit is None else offset + limit
        return whole if not offset and limit is None else Rows(whole.columns, whole.rows[offset:end])
    return _cached(store, question.bind(rows, limit=limit, offset=offset))


def bound_rows(
    question: Question, bindings: Mapping[str, Any], authority: Authority | None = None, base: Base | None = None
) -> list[dict[str, Any]]:
    """Every combination of the values bound to a question's inputs, as typed terms."""
    unknown = [name for name in bindings if name not in {one.name for one in question.inputs}]
    if unknown:
        takes = ", ".join(one.name for one in question.inputs) or "nothing"
        raise QueryError(f"question {question.stem} takes {takes}, not {unknown[0]}")
    choices: list[list[Any]] = []
    for one in question.inputs:
        given = bindings.get(one.name, one.default)
        if given is None:
            raise QueryError(f"question {question.stem} needs {one.name} ({one.about or one.kind}); bind it")
        values = list(given) if isinstance(given, list | tuple | set | frozenset) else [given]
        choices.append([_value(one, value, authority, base or Base()) for value in values])
    return [dict(zip([one.name for one in question.inputs], row, strict=True)) for row in product(*choices)]


def _value(wanted: Input, value: Any, authority: Authority | None, base: Base) -> Any:
    if wanted.kind in ("integer", "decimal"):
        try:
            if isinstance(value, bool):
                raise ValueError
            return int(value) if wanted.kind == "integer" else float(value)
        except (TypeError, ValueError):
            raise QueryError(f"{wanted.name} is a number ({wanted.about}), not '{value}'") from None
    if isinstance(value, Iri):
        return value
    written = str(value).strip()
    if re.match(r"<?https?://", written):
        return Iri(written.strip("<>"))
    if wanted.kind == "work":
        return Iri(base.work(written))
    if wanted.kind == "run":
        return Iri(base.run(written))
    return Iri(_iri_of_name(wanted.kind, written, authority))


def _iri_of_name(kind: str, written: str, authority: Authority | None) -> str:
    from kg.names import resolve
    from kg.terms import alliance, concept, state, thing

    if authority is None:
        from kg.authority import load

        authority = load()
    if kind != "thing":
        make = {"state": state, "alliance": alliance, "concept": concept}[kind]
        return make(resolve(kind, written, authority))
    for one, kinds in (("alliance", "alliances"), ("state", "states"), ("concept", "concepts"), ("group", "groups")):
        try:
            return thing(kinds, resolve(one, written, authority))  # type: ignore[arg-type]
        except UnknownName:
            continue
    raise UnknownName("state, alliance or concept", written)


@cache
def _answers() -> dict[tuple[str, str, str], Rows]:
    return {}


def _cached(store: Store, text: str) -> Rows:
    """A generation never changes, so what it answered to a text is kept: the last answers that are not too long."""
    if store.generation is None:
        return rows_of(store.query(text))
    kept = _answers()
    key = (store.place, store.generation, hashlib.sha256(text.encode()).hexdigest())
    found = kept.pop(key, None)
    if found is None:
        found = rows_of(store.query(text))
    if len(found) <= _LONGEST_CACHED:
        kept[key] = found  # the newest stands last
        if len(kept) > _CACHED:
            kept.pop(next(iter(kept)), None)
    return found


def query(store: Store, text: str | bytes) -> Any:
    """Answer a stranger's SPARQL: pyoxigraph's solutions, boolean or triples.

    Raises
    ------
    QueryRefused
        It would change something, or asks another server.
    QueryError
        It is no SPARQL.
    """
    clean = plain_text(text)
    form_of(clean)
    return store.query(clean)


def rows_of(solutions: Any) -> Rows:
    """Solutions as rows of Python values; an ASK gives one row, triples three columns."""
    import pyoxigraph

    if isinstance(solutions, pyoxigraph.QueryBoolean):
        return Rows(("answer",), [(bool(solutions),)])
    if not isinstance(solutions, pyoxigraph.QuerySolutions):
        return Rows(
            ("subject", "predicate", "object"),
            [(value(t.subject), value(t.predicate), value(t.object)) for t in solutions],
        )
    columns = tuple(variable.value for variable in solutions.variables)
    return Rows(columns, [tuple(None if term is None else value(term) for term in solution) for solution in solutions])


_NUMBERS: Final = {XSD + name: int for name in ("integer", "int", "long", "nonNegativeInteger")} | {
    XSD + name: float for name in ("decimal", "double", "float")
}


def value(term: Any) -> Value:
    """An RDF term as a Python value: `Iri`, int, float, bool or str."""
    import pyoxigraph

    if isinstance(term, pyoxigraph.NamedNode):
        return Iri(term.value)
    if isinstance(term, pyoxigraph.Literal):
        datatype = term.datatype.value
        if datatype == XSD + "boolean":
            return term.value in ("true", "1")
        make = _NUMBERS.get(datatype)
        if make is not None:
            try:
                return make(term.value)
            except ValueError:
                return str(term.value)
        return str(term.value)
    return str(term)
