"""The commands that ask a graph. In: a folder that a build wrote, what to ask. Out: rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kg.commands.options import (
    authority,
    echo,
    emit,
    format_option,
    graph_option,
    ontology_options,
    output_option,
    say,
    write_file,
)
from kg.errors import KgError, QueryError, UnknownName

#: Forms of triples, beside those of tables.
_TRIPLES = ("turtle", "ntriples", "rdfxml")


@click.command()
@click.option("--all", "all_sorts", is_flag=True, help="Pacts and coalitions of three and more too.")
@graph_option
@format_option()
@output_option
@ontology_options
def pairs(
    all_sorts: bool,
    graph: str,
    form: str | None,
    output: Path | None,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """List each alliance pair: works, in focus, in passing, first and last year."""
    from kg import find

    known = authority(overlay, vocabularies, vocabulary_mode)
    counts = find.pairs(Path(graph), authority=known, only_pairs=not all_sorts)
    columns = ("alliance", "sort", "name", "name_zh", "works", "focus", "passing", "first", "last", "undated")
    emit(
        columns, [tuple(getattr(count, name) for name in count.__dataclass_fields__) for count in counts], form, output
    )
    return 0


@click.command()
@click.argument("question", metavar="FILE.rq|NAME")
@click.option(
    "--bind", "bindings", multiple=True, metavar="NAME=VALUE", help="What a question is about: alliance=美日."
)
@graph_option
@format_option("table", "json", "jsonl", "csv", "tsv", "markdown", *_TRIPLES)
@output_option
@ontology_options
def query(
    question: str,
    bindings: tuple[str, ...],
    graph: str,
    form: str | None,
    output: Path | None,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """Ask a SPARQL file, or a question that comes with the program, by its number or name (see `kg questions`).

    A value that is bound is a name in Chinese or English, an id, or a number; bound twice it gives two rows.
    """
    import pyoxigraph

    from kg import door
    from kg import query as asking

    bound = _bound(bindings)
    opened = door.open(graph)
    text = _text_of(question)
    if text is None:
        known = authority(overlay, vocabularies, vocabulary_mode)
        rows = asking.ask(opened.store, question, bound, authority=known)
    else:
        if bound:
            raise QueryError("--bind goes with a question of `kg questions`; write values into your own file")
        solutions = asking.query(opened.store, text)
        if isinstance(solutions, pyoxigraph.QueryTriples) and form in {None, *_TRIPLES}:
            _emit_triples(solutions, form or "turtle", output)
            return 0
        rows = asking.rows_of(solutions)
    if form in _TRIPLES:
        raise KgError(f"--format {form} is for a CONSTRUCT; this query gives rows")
    if output is None and form in {None, "table"}:
        emit(rows.columns, [[_shown(cell) for cell in row] for row in rows.rows], form)
        say(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")
    else:
        emit(rows.columns, rows.rows, form, output)
    return 0


def _bound(bindings: tuple[str, ...]) -> dict[str, list[str]]:
    """``--bind`` options by name."""
    bound: dict[str, list[str]] = {}
    for binding in bindings:
        name, equals, value = binding.partition("=")
        if not equals or not value:
            raise QueryError(f"--bind {binding}: write NAME=VALUE, as in alliance=JPN-USA")
        bound.setdefault(name.strip(), []).append(value.strip())
    return bound


def _text_of(question: str) -> bytes | None:
    """The text of a query file, None for a question's name."""
    path = Path(question)
    if path.is_file():
        return path.read_bytes()
    if path.suffix == ".rq" or "/" in question:
        from kg.query import get_question

        try:
            get_question(path.name)
        except UnknownName:
            raise KgError(f"{question}: there is no such file") from None
    return None


def _emit_triples(triples: Any, form: str, output: Path | None) -> None:
    import pyoxigraph

    from kg.terms import PREFIXES

    formats = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
        "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    }
    data = pyoxigraph.serialize(triples, format=formats[form], prefixes=PREFIXES)
    assert data is not None
    if output is None:
        echo(data.decode("utf-8"))
    else:
        write_file(output, data)


def _shown(cell: object) -> object:
    """A cell as a person reads it: of this project's own IRIs the part that tells them apart."""
    from kg.query import Iri
    from kg.terms import AUTHORITY

    return cell.removeprefix(AUTHORITY) if isinstance(cell, Iri) else cell


@click.command()
@click.option("--lang", type=click.Choice(["en", "zh"]), help="One language only.")
@format_option()
@output_option
def questions(lang: str | None, form: str | None, output: Path | None) -> int:
    """List the questions that come with the program: number, name, what each asks and what it needs."""
    from kg.query import questions as registry

    languages = [lang] if lang else ["en", "zh"]
    rows = [
        (one.number, one.name, *(one.title(name) for name in languages), " ".join(f"{i.name}=…" for i in one.inputs))
        for one in registry()
    ]
    emit(("no", "name", *(f"asks_{name}" for name in languages), "bind"), rows, form, output)
    return 0
