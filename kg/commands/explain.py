"""`kg explain`. In: a text, a file of records, or stdin. Out: the text marked, its tags, rejected readings."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands.options import authority, confidence_option, echo, ontology_options, output_option, write_file


@click.command()
@click.argument("text")
@click.option("--lang", help="Language of the names shown (en, zh-Hans, zh-Hant); that of the text if not given.")
@click.option("--html", "as_page", is_flag=True, help="A page instead of text for a terminal.")
@output_option
@confidence_option
@ontology_options
def explain(
    text: str,
    lang: str | None,
    as_page: bool,
    output: Path | None,
    min_confidence: float,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """Show TEXT (or the records of a file, or - for stdin) with its tags, their rules, and what was rejected."""
    from kg import explain as explaining
    from kg.door import works_of
    from kg.tagging.tagger import Tagger

    known = authority(overlay, vocabularies, vocabulary_mode)
    tagger = Tagger(known, min_confidence=min_confidence)
    tagged_works = [tagger.tag(work, keep_rejected=True) for work in works_of(text)]
    as_page = as_page or (output is not None and output.suffix.lower() in {".html", ".htm"})
    pages = []
    for tagged in tagged_works:
        names = lang or (tagged.work.lang if tagged.work.lang.startswith("zh") else "en")
        if as_page:
            pages.append(explaining.fragment(tagged, known, names))
        else:
            coloured = output is None and sys.stdout.isatty()
            pages.append(explaining.as_text(tagged, known, names, coloured=coloured))
    shown = explaining.page(pages, lang or "en") if as_page else "\n".join(pages)
    if output is None:
        echo(shown)
    else:
        write_file(output, shown.encode("utf-8", "replace"))
    return 0
