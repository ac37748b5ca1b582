"""What several commands share. In: parsed options. Out: the authority, printed rows, words on stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.tables import FORMATS, csv_bytes, plain, render

if TYPE_CHECKING:
    from kg.authority import Authority

Function = TypeVar("Function", bound=Callable[..., Any])

_SUFFIXES: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".md": "markdown",
    ".txt": "table",
}

graph_option = click.option(
    "-g",
    "--graph",
    "graph",
    metavar="DIR",
    default="output",
    show_default=True,
    help="Folder that a build wrote.",
)
output_option = click.option(
    "-o", "--output", "output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to a file."
)
columns_option = click.option(
    "--columns",
    "columns",
    metavar="NAME=HEADER,…",
    help="Which columns of a table hold what: title=题名,abstract=摘要.",
)
collection_option = click.option(
    "--collection", metavar="NAME", help="Of a Zotero library, only this collection and those in it."
)


def format_option(*forms: str) -> Callable[[Function], Function]:
    """``--format``: one of `forms`, else of all formats of tables."""
    return click.option("--format", "form", type=click.Choice(forms or FORMATS), help="Form of the answer.")


def confidence_option(function: Function) -> Function:
    """``--min-confidence``: how sure a tag must be."""
    return click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        default=0.0,
        metavar="P",
        help="Leave out mentions that are less sure, from 0 (all) to 1.",
    )(function)


def ontology_options(function: Function) -> Function:
    """``--ontology`` and ``--vocabulary``: a user's own tables and concepts."""
    for option in (
        click.option(
            "--vocabulary",
            "vocabularies",
            multiple=True,
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="FILE",
            help="Concepts of your own, SKOS Turtle or a table; may be given more than once.",
        ),
        click.option(
            "--vocabulary-mode",
            "vocabulary_mode",
            type=click.Choice(["add", "replace"]),
            default="add",
            show_default=True,
            help="Lay them over the concepts, or put them in their place.",
        ),
        click.option(
            "--ontology",
            "overlay",
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            metavar="DIR",
            help="Tables and patterns of your own, laid over those of the ontology.",
        ),
    ):
        function = option(function)
    return function


def authority(overlay: Path | None, vocabularies: Sequence[Path], vocabulary_mode: str) -> Authority:
    """The authority with a user's own laid over it."""
    from kg.authority import load

    return load(overlay, tuple(vocabularies), mode=vocabulary_mode)


def emit(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    form: str | None = None,
    output: Path | None = None,
    *,
    default: str = "table",
) -> None:
    """Print rows, or write them to a file; the file's ending tells the form where none is asked for."""
    if output is None:
        form = form or default
        echo(render(columns, rows, form, columns_max=_terminal_columns()), is_json=form in {"json", "jsonl"})
        return
    form = form or _SUFFIXES.get(output.suffix.lower(), default)
    data = csv_bytes(columns, rows) if form == "csv" else render(columns, rows, form).encode("utf-8", "replace")
    write_file(output, data)


def write_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all, and say so."""
    part = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as file:
        for chunk in (data,) if isinstance(data, bytes) else data:
            file.write(chunk)
    part.replace(path)
    say(f"wrote {path}")


def echo(text: str, *, is_json: bool = False) -> None:
    """Print data. What stdout cannot show is replaced, in JSON escaped, so that nothing is lost there."""
    if is_json and not _speaks_utf8():
        text = _escaped(text)
    sys.stdout.write(text)
    sys.stdout.flush()


def echo_bytes(lines: Iterable[bytes]) -> None:
    """Print lines of JSON as they are, or escaped where stdout is not in UTF-8."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or not _speaks_utf8():
        for line in lines:
            echo(line.decode("utf-8"), is_json=True)
        return
    for line in lines:
        buffer.write(line)
    buffer.flush()


def say(words: str) -> None:
    """Words for a person, on stderr."""
    click.echo(plain(words), err=True)


def _speaks_utf8() -> bool:
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("_", "-")
    return encoding in {"utf-8", "utf8"}


def _escaped(text: str) -> str:
    """JSON in ASCII alone."""

    def units(char: str) -> str:
        code = ord(char)
        if code < 0x80:
            return char
        if code < 0x10000:
            return f"\\u{code:04x}"
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"

    return text if text.isascii() else "".join(map(units, text))


def _terminal_columns() -> int:
    """Width of the terminal; as wide as the rows need where the output goes elsewhere."""
    return shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 1_000_000
