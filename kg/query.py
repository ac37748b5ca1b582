"""Questions and their answers. In: a store, a question's name or SPARQL text, what to bind. Out: rows.

Every text passes `kg.sparql` before a store sees it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from kg.errors import QueryError, UnknownName
from kg.question import Field, Input, InputKind, Iri, Question, get_question, parse, questions
from kg.sparql import form_of, plain_text
from kg.terms import AKG, XSD, Base

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.store import Store

__all__ = [
    "Field",
    "Input",
    "InputKind",
    "Iri",
    "Question",
    "Rows",
    "Value",
    "ask",
    "bound_rows",
    "get_question",
    "parse",
    "query",
    "questions",
    "rows_of",
    "value",
]

_CACHED: Final = 48
_LONGEST_CACHED: Final = 5_000
_LOOK_UP: Final = 16
"""Rows that are read and joined in the time of one look-up: 0.8 and 13 µs, measured on blocks not read before."""

Value = str | int | float | bool | None
"""What stands in a cell; an IRI is an `Iri`."""


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
    text = question.bind(rows, limit=limit, offset=offset)
    if _is_on_many(store, question, rows):
        text = question.bind(rows, limit=limit, offset=offset, scan=True)
    return _cached(store, text)


def _is_on_many(store: Store, question: Question, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows that `bind` has taken are on so many works that reading all costs less than looking up."""
    n_works = store.n_works
    if not n_works or not question.can_scan:
        return False
    those = " ".join(sorted({f"<{row['alliance']}>" for row in rows}))
    count = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?alliance {{ {those} }} ?work <{AKG.discussesAlliance}> ?alliance }}"
    return int(_cached(store, count).rows[0][0] or 0) * _LOOK_UP > n_works


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
