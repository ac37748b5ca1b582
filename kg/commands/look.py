"""The commands that show something in a browser. In: a folder that a build wrote. Out: a page."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import echo, graph_option, output_option, write_file


@click.command()
@click.option("--pair", metavar="NAME", help="An alliance by any name.")
@click.option("--state", metavar="NAME", help="A state.")
@click.option("--concept", metavar="NAME", help="A concept.")
@graph_option
@output_option
def view(pair: str | None, state: str | None, concept: str | None, graph: str, output: Path | None) -> int:
    """Draw one small interactive graph: what the works on an alliance, a state or a concept discuss with it."""
    from kg import door

    page = door.open(graph).view(pair=pair, state=state, concept=concept)
    if output is None:
        echo(page)
    else:
        write_file(output, page.encode("utf-8", "replace"))
    return 0
