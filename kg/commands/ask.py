"""The commands that ask a graph. In: a folder that a build wrote, what to ask. Out: rows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kg.commands.options import (
    echo,
    emit,
    format_option,
    graph_option,
    output_option,
    say,
    write_file,
)
from kg.errors import KgError, QueryError, UnknownName
from kg.tables import FORMATS

#: Forms of triples, beside those of tables.
GRAPH_FORMATS: Final = ("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads")


@click.command()
@click.option("--all", "all_sorts", is_flag=True, help="Pacts and coalitions of three and more too.")
@graph_option
@format_option()
@output_option
def pairs(
    all_sorts: bool,
    graph: str,
    form: str | None,
    output: Path | None,
) -> int:
    """List each alliance pair: works, in focus, in passing, first and last year."""
    from kg import door

    counts = door.open(graph).pairs(only_pairs=not all_sorts)
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
@click.option("--lang", default="en", show_default=True, help="Language of the names in a table: en, zh-Hans, zh-Hant.")
@click.option("--limit", type=click.IntRange(min=1), help="How many rows to show.")
@graph_option
@format_option(*FORMATS, "xml", *GRAPH_FORMATS)
@output_option
def query(
    question: str,
    bindings: tuple[str, ...],
    lang: str,
    limit: int | None,
    graph: str,
    form: str | None,
    output: Path | None,
) -> int:
    """Ask a SPARQL file, or a question that comes with the program, by its number or name (see `kg questions`).

    A value that is bound is a name in Chinese or English, an id, or a number; bound twice it gives two rows. A table
    shows names, the other forms have IRIs. CONSTRUCT and DESCRIBE give Turtle, or another form of triples.
    """
    import pyoxigraph

    from kg import answers, door
    from kg import query as asking

    bound = _bound(bindings)
    opened = door.open(graph)
    store = opened.store
    text = _text_of(question)
    known = opened.authority
    if text is None:
        rows = asking.ask(store, question, bound, authority=known, base=opened.base)
    elif bound:
        raise QueryError("--bind goes with a question of `kg questions`; write values into your own file")
    else:
        solutions = asking.query(store, text)
        if form in {"xml", *GRAPH_FORMATS} or (form is None and isinstance(solutions, pyoxigraph.QueryTriples)):
            _emit_bytes(answers.serialize(solutions, form or "turtle"), output)
            return 0
        rows = asking.rows_of(solutions)
    if form in GRAPH_FORMATS or form == "xml":
        raise QueryError(f"--format {form} is for a SPARQL file; a question gives rows: {', '.join(FORMATS)}")
    n_rows = len(rows)
    rows = asking.Rows(rows.columns, rows.rows[:limit])
    if (form or ("table" if output is None else "")) in {"table", "markdown"}:
        rows = answers.named(rows, store, known, lang, opened.base)
    emit(rows.columns, rows.rows, form, output)
    if len(rows) < n_rows or (output is None and form is None):
        say(f"{n_rows} row{'' if n_rows == 1 else 's'}" + (f"; {len(rows)} shown" if len(rows) < n_rows else ""))
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


def _emit_bytes(data: bytes, output: Path | None) -> None:
    if output is None:
        echo(data.decode("utf-8"))
    else:
        write_file(output, data)


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
