"""The commands that make something. In: sources. Out: a folder with the graph, tagged works, vocabularies, exports."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import (
    authority,
    collection_option,
    columns_option,
    confidence_option,
    echo,
    echo_bytes,
    emit,
    format_option,
    graph_option,
    ontology_options,
    output_option,
    say,
    write_file,
)
from kg.tables import cut, plain

if TYPE_CHECKING:
    from kg.pipeline import Built
    from kg.readers import Inspection


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), default="output", show_default=True, metavar="DIR"
)
@click.option("--keep-all", is_flag=True, help="Keep works without alliance, concept or group in large builds too.")
@click.option("--no-pages", is_flag=True, help="Write no HTML.")
@click.option("--base", metavar="IRI", help="Where the graph's own IRIs begin.")
@click.option("--force", is_flag=True, help="Build even where nothing has changed.")
@click.option(
    "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; 0, as usual, for as many as fit."
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where the work is done: processes of this machine, or a Spark cluster.",
)
@columns_option
@collection_option
@confidence_option
@ontology_options
def build(
    sources: tuple[str, ...],
    folder: Path,
    keep_all: bool,
    no_pages: bool,
    base: str | None,
    force: bool,
    jobs: int,
    min_confidence: float,
    engine: str,
    columns: str | None,
    collection: str | None,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """Read each SOURCE (a file, a folder, or - for stdin), tag its works, and write graph, tables and pages to DIR.

    Without a SOURCE the folder data/ is read; the sample only if nothing else is there.
    """
    from kg import pipeline
    from kg.progress import Progress

    options = pipeline.Options(
        overlay=overlay,
        vocabularies=vocabularies,
        vocabulary_mode=vocabulary_mode,
        keep_all=keep_all,
        pages=not no_pages,
        base=base,
        force=force,
        jobs=jobs,
        min_confidence=min_confidence,
        engine=engine,
        columns=columns,
        collection=collection,
    )
    built = pipeline.build(sources, folder, options, say=say, progress=Progress())
    tell(built)
    return built.report.exit_status


def tell(built: Built) -> None:
    """Say what a build did."""
    report = built.report
    if built.is_unchanged:
        say(f"{built.folder}: nothing has changed since the last build; --force builds all the same")
        return
    say(
        f"{report.n_records} records, {report.n_works} works ({report.n_relevant} on alliances), "
        f"{report.n_mentions} mentions in {built.seconds:.1f} s"
    )
    lacking = [
        f"{number} without {what}"
        for number, what in (
            (report.n_without_title, "title"),
            (report.n_without_year, "year"),
            (report.n_without_authors, "authors"),
        )
        if number
    ]
    if lacking:
        say("of these " + ", ".join(lacking))
    say(f"open {built.folder / 'index.html'}")


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@output_option
@columns_option
@collection_option
@confidence_option
@click.option("--jobs", type=click.IntRange(min=0), default=1, metavar="N", help="Processes; 0 for as many as fit.")
@ontology_options
def tag(
    sources: tuple[str, ...],
    output: Path | None,
    columns: str | None,
    collection: str | None,
    min_confidence: float,
    jobs: int,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """Tag the works of each SOURCE (a file, a folder, or - for stdin): JSON Lines, in the order of first appearance."""
    from kg import pipeline
    from kg.engines.local import jobs_of_machine
    from kg.engines.tagging import lines as tagged_lines
    from kg.engines.vocabulary import Vocabulary

    vocabulary = Vocabulary(
        overlay=str(overlay or ""),
        vocabularies=tuple(map(str, vocabularies)),
        mode=vocabulary_mode,
        min_confidence=min_confidence,
    )
    authority(overlay, vocabularies, vocabulary_mode)  # what is wrong with it is said here, not in another process
    reading = pipeline.read(sources, columns=columns, collection=collection, say=say)
    lines = tagged_lines(reading.works, vocabulary, jobs or jobs_of_machine())
    if output is None:
        echo_bytes(lines)
    else:
        write_file(output, lines)
    return reading.exit_status


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE...")
@click.option("-n", "--records", "n_records", default=3, show_default=True, help="How many records to show of each.")
@columns_option
def inspect(sources: tuple[str, ...], n_records: int, columns: str | None) -> int:
    """Say what each FILE is, and show its first records."""
    from kg import readers

    status = 0
    for source in readers.walk(sources):
        for seen in readers.inspect(source, n=n_records, columns=columns):
            echo("".join(line + "\n" for line in _inspected(seen)))
            for problem in seen.problems:
                say(str(problem))
            status = max(status, int(any(problem.severity == "skipped" for problem in seen.problems)))
    return status


def _inspected(seen: Inspection) -> Iterator[str]:
    """What a source is, and its first records, line by line."""
    known = f"{seen.label or 'not known'}" + (f", {seen.encoding}" if seen.encoding else "")
    yield plain(f"{seen.name}: {known}")
    if seen.columns:
        yield plain("  columns: " + ", ".join(f"{name} = {header}" for name, header in seen.columns.items()))
    for record in seen.records:
        yield plain(f"  {record.number}. {record.title or '(no title)'}")
        facts = (
            "; ".join(record.authors),
            record.journal,
            str(record.year or ""),
            record.volume and f"vol. {record.volume}",
            record.issue and f"no. {record.issue}",
            record.pages and f"pp. {record.pages}",
            record.doi,
            record.lang,
        )
        yield plain("     " + " · ".join(fact for fact in facts if fact))
        if record.abstract:
            yield plain("     " + cut(" ".join(record.abstract.split()), 160))


@click.command()
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), default="output", show_default=True, metavar="DIR"
)
@click.option("--open", "opens", is_flag=True, help="Open the first page in a browser.")
def demo(folder: Path, opens: bool) -> int:
    """Build the graph of the sample, answer three questions, and say which file to open."""
    from kg import demo as showing

    return showing.run(folder, opens=opens, say=say, show=echo)


@click.command()
@click.option(
    "--spacy",
    "ruler",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    help="Write the names as patterns of spaCy's SpanRuler instead.",
)
@output_option
@ontology_options
def ontology(
    ruler: Path | None,
    output: Path | None,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """Write the whole vocabulary as SKOS and OWL in Turtle."""
    from kg import skos

    known = authority(overlay, vocabularies, vocabulary_mode)
    if ruler is not None:
        from kg.tagging.ruler import as_json_lines

        write_file(ruler, as_json_lines(known))
        if output is None:
            return 0
    turtle = skos.to_skos(known)
    if output is None:
        echo_bytes([turtle])
    else:
        write_file(output, turtle)
    return 0


@click.command()
@click.option("--no-shapes", is_flag=True, help="Leave out the SHACL shapes, which take the longest.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the words.")
@graph_option
@format_option()
@output_option
def check(no_shapes: bool, lang: str, graph: str, form: str | None, output: Path | None) -> int:
    """Check a graph: integrity questions on the whole store, shapes on the ontology and a sample of works, files."""
    from kg import check as checking

    found = checking.check(Path(graph), shapes=not no_shapes)
    rows = [(one.check, one.about, one.fault, one.of.mend_zh if lang == "zh" else one.of.mend_en) for one in found]
    if rows or form or output:
        emit(("check", "about", "fault", "mend"), rows, form, output)
    for name in found.more:
        say(f"{name}: there are more")
    shaped = "" if no_shapes else f", shapes on {found.n_sampled} works"
    say(f"{found.n_checks} checks{shaped}: {len(rows) or 'no'} fault{'' if len(rows) == 1 else 's'}")
    return 1 if rows else 0


@click.command()
@click.argument("name", metavar="FORMAT")
@click.option("--network", help="Of a network format: which network, such as graph, alliance-concept, state-state.")
@click.option("--lang", help="Of a network format: language of the labels.")
@graph_option
@output_option
def export(name: str, network: str | None, lang: str | None, graph: str, output: Path | None) -> int:
    """Write a graph in another FORMAT: graphml, gexf, vosviewer, node-link, tables, ris, bibtex, turtle, jsonld … ."""
    from kg import door
    from kg import export as exporting

    options: dict[str, Any] = {key: value for key, value in (("network", network), ("lang", lang)) if value}
    data = exporting.export(name, Path(graph), authority=door.authority_of(Path(graph)), **options)
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_file(output, data)
    return 0
