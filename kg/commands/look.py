"""The commands that show something in a browser. In: a folder that a build wrote. Out: a page, a server."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import echo, graph_option, output_option, say, write_file


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


@click.command()
@click.option("--pair", metavar="NAME", help="An alliance by any name.")
@click.option("--concept", metavar="NAME", help="A concept.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of the headings; that of the name by default.")
@graph_option
@output_option
def dossier(pair: str | None, concept: str | None, lang: str | None, graph: str, output: Path | None) -> int:
    """Put all that a graph says of an alliance or a concept into one file, HTML or Markdown (-o FILE.md)."""
    from kg import door

    form = "md" if output is not None and output.suffix.lower() in {".md", ".markdown"} else "html"
    chosen = lang or ("zh" if any(char > "\u2e7f" for char in f"{pair or ''}{concept or ''}") else "en")
    page = door.open(graph).dossier(pair=pair, concept=concept, lang=chosen, form=form)
    if output is None:
        echo(page)
    else:
        write_file(output, page.encode("utf-8", "replace"))
    return 0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 for a free one.")
@click.option("--review", is_flag=True, help="Also a page to go through uncertain tags, on this machine only.")
@click.option("--corrections", type=click.Path(dir_okay=False, path_type=Path), help="File that the page writes.")
@graph_option
def serve(host: str, port: int, review: bool, corrections: Path | None, graph: str) -> int:
    """Serve pages, a JSON interface at /api, SPARQL at /sparql and the files of a graph, until you stop it (Ctrl-C)."""
    import socket

    import uvicorn

    from kg.door import authority_of
    from kg.web.app import create_site

    reviewing = None
    if review:
        import getpass

        from kg.corrections import FILE_NAME
        from kg.web.review import Review

        reviewing = Review(corrections or Path(FILE_NAME), getpass.getuser())
        say(f"corrections go to {reviewing.file}; put it beside the sources, and the next build keeps them")
    app = create_site(Path(graph), load_authority=lambda: authority_of(Path(graph)), review=reviewing)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        at = f"[{host}]" if ":" in host else host
        say(f"http://{at}:{listener.getsockname()[1]}/  (SPARQL at /sparql; Ctrl-C stops)")
        try:
            uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
        except KeyboardInterrupt:  # the server has stopped by then, and hands the signal on
            say("stopped")
    return 0
