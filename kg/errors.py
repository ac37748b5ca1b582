"""Every error that this package raises on purpose. In: what went wrong. Out: one sentence that says where, what, what to do.

::

    KgError                     the root: the command line prints it and exits 2
    ├── UnknownName             a state, alliance, concept … that no table knows; carries suggestions
    ├── UnknownFormat           a file or an export format that no registry line knows
    ├── SourceError             a source that cannot be read at all
    ├── OntologyError           a table, pattern or vocabulary with a fault; says file and row
    ├── QueryError              a SPARQL query that is wrong, or a question asked without its inputs
    │   └── QueryRefused        an update, SERVICE or LOAD: read-only by design
    ├── QueryTimeout            a query past its time limit
    ├── StoreError              a store that is missing, locked, or cut off
    └── MissingExtra            an optional library that is not installed
"""

from __future__ import annotations

from collections.abc import Sequence


class KgError(Exception):
    """An error with a message for a person; the root of the tree above."""


class UnknownName(KgError):
    """No `kind` is called `name`.

    >>> str(UnknownName("state", "Jpan", ["Japan"]))
    "no state is called 'Jpan'. Did you mean 'Japan'?"
    """

    def __init__(self, kind: str, name: str, suggestions: Sequence[str] = ()) -> None:
        self.kind = kind
        self.name = name
        self.suggestions = tuple(suggestions)
        hint = ""
        if self.suggestions:
            hint = " Did you mean " + " or ".join(f"'{suggestion}'" for suggestion in self.suggestions) + "?"
        super().__init__(f"no {kind} is called '{name}'.{hint}")


class UnknownFormat(KgError):
    """A file or an export format that nothing here reads or writes."""


class SourceError(KgError):
    """A source that cannot be read at all: where, what, what to do."""


class OntologyError(KgError):
    """A fault in a table, a pattern or a vocabulary, with its file and row."""


class QueryError(KgError):
    """A query that is not valid SPARQL, or a question that lacks an input."""


class QueryRefused(QueryError):
    """A query that would write, or ask another server: not done here."""


class QueryTimeout(KgError):
    """A query that was stopped at its time limit."""


class StoreError(KgError):
    """A store that is missing, in use by another writer, or cut off."""


class MissingExtra(KgError):
    """A feature whose optional library is not installed.

    >>> str(MissingExtra("spark", "pyspark"))
    "this needs pyspark, which is not installed: pip install 'alliance-kg[spark]'"
    """

    def __init__(self, extra: str, library: str) -> None:
        self.extra = extra
        super().__init__(f"this needs {library}, which is not installed: pip install 'alliance-kg[{extra}]'")
