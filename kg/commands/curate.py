"""The commands of a curator. In: gold tags, sources, a vocabulary. Out: figures, misses, duplicates, made-up works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import (
    authority,
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

if TYPE_CHECKING:
    from kg.score import Score


@click.command()
@click.argument("gold", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("source", required=False)
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, exists=True),
    help="Judge by what people said in this file instead.",
)
@click.option("--misses", is_flag=True, help="List each missed (-) and wrong (+) tag with its sentence instead.")
@format_option()
@output_option
@columns_option
@confidence_option
@ontology_options
def score(
    gold: Path | None,
    source: str | None,
    corrections: Path | None,
    misses: bool,
    form: str | None,
    output: Path | None,
    columns: str | None,
    min_confidence: float,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """Tag SOURCE and compare with the tags of GOLD: precision, recall, F1, and how far a confidence can be trusted.

    Works are joined by id, else by what their abstracts say. With --corrections FILE (or the folder that holds it) neither
    is needed: the tags that people accepted or rejected give the precision of each rule.
    """
    from kg import pipeline
    from kg import score as scoring
    from kg.errors import KgError

    if corrections is not None:
        if gold is not None:
            raise KgError("--corrections needs no GOLD and no SOURCE: it counts what people said")
        return _by_corrections(corrections, misses, form, output)
    if gold is None or source is None:
        raise KgError("name a GOLD and a SOURCE, or --corrections FILE")

    lines = scoring.read_gold(gold)
    reading = pipeline.read([source], columns=columns, say=say)
    known = authority(overlay, vocabularies, vocabulary_mode)
    result = scoring.score(lines, pipeline.tag(reading.works, known, min_confidence=min_confidence))
    if result.absent:
        say(f"{len(result.absent)} of {len(lines)} gold works are not in {source}: {', '.join(result.absent[:5])} …")
    if misses:
        emit(scoring.Miss._fields, result.misses, form, output)
        return reading.exit_status
    emit(scoring.COLUMNS, scoring.rows(result), form, output)
    if form in {None, "table"} and output is None:
        echo("\nof the tags with a confidence in this range, how many are right\n")
        emit(scoring.RELIABILITY_COLUMNS, _reliability(result))
    return reading.exit_status


def _by_corrections(place: Path, misses: bool, form: str | None, output: Path | None) -> int:
    """What people accepted and rejected, by kind and rule; or each tag that was wrong or missing."""
    from kg import corrections as correcting
    from kg.errors import KgError

    made = correcting.beside([place]) if place.is_dir() else correcting.load(place)
    if not made:
        raise KgError(f"{place}: no corrections there; kg serve --review writes {correcting.FILE_NAME}")
    if misses:
        signs = {"add": "-", "reject": "+"}
        rows = [
            (one.work, one.kind, signs[one.verdict], one.tag, one.surface, one.rule, one.confidence, one.who, one.why)
            for one in made
            if one.verdict in signs
        ]
        emit(("work", "kind", "sign", "tag", "surface", "rule", "confidence", "who", "why"), rows, form, output)
        return 0
    emit(correcting.RuleRow._fields, correcting.rule_rows(made), form, output)
    say(
        "people see uncertain tags first, so tags as a whole are better than this; recall cannot be told from corrections"
    )
    return 0


def _reliability(result: Score) -> Iterator[tuple[str, int, float, float]]:
    for row in result.reliability:
        yield f"{row.low:.2f}-{row.high:.2f}", row.n_tags, round(row.confidence, 3), round(row.right, 3)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@format_option()
@output_option
@columns_option
def duplicates(sources: tuple[str, ...], form: str | None, output: Path | None, columns: str | None) -> int:
    """List the records of each SOURCE that were merged into one work, and pairs that may be one."""
    from kg import pipeline

    reading = pipeline.read(sources, columns=columns, say=say)
    rows: list[tuple[str, ...]] = [
        ("merged", work.id, work.title or "", "; ".join(record.where for record in work.records), "")
        for work in reading.works
        if len(work.records) > 1
    ]
    rows += [
        ("doubtful", "", "", f"{pair.left.where}; {pair.right.where}", "; ".join(pair.reasons))
        for pair in reading.pairs
        if pair.verdict == "doubtful"
    ]
    emit(("verdict", "work", "title", "records", "why"), rows, form, output)
    return reading.exit_status


@click.command()
@click.argument("n_works", type=click.IntRange(min=1), metavar="N")
@click.option("--seed", default=1, show_default=True, help="Equal seeds give equal works.")
@click.option("--load", default="mixed", show_default=True, help="What they are about: mixed, alliance, general.")
@output_option
@ontology_options
def synth(
    n_works: int,
    seed: int,
    load: str,
    output: Path | None,
    overlay: Path | None,
    vocabularies: tuple[Path, ...],
    vocabulary_mode: str,
) -> int:
    """Make up N works, each with its right tags beside it: JSON Lines that `kg score` takes as GOLD and as SOURCE."""
    from kg.errors import KgError
    from kg.synth import LOADS, Synthesis

    chosen = next((name for name in LOADS if name == load), None)
    if chosen is None:
        raise KgError(f"no load is called '{load}': {', '.join(LOADS)}")
    works = Synthesis(authority(overlay, vocabularies, vocabulary_mode), seed).works(n_works, chosen)
    lines = ((json.dumps(work, ensure_ascii=False) + "\n").encode() for work in works)
    if output is None:
        echo_bytes(lines)
    else:
        write_file(output, lines)
    return 0


@click.command()
@click.option("--lang", type=click.Choice(["en", "zh"]), help="One language only.")
@click.option("--least", default=3, show_default=True, help="In how many works a phrase must stand.")
@click.option("--limit", default=50, show_default=True, help="How many to show; 0 for all.")
@graph_option
@format_option()
@output_option
def suggest(lang: str | None, least: int, limit: int, graph: str, form: str | None, output: Path | None) -> int:
    """List frequent phrases of the works that no tag explains: candidates for your vocabulary."""
    from kg import door
    from kg import suggest as suggesting

    found = suggesting.suggest(door.open(graph).works(), least=least, lang=lang)
    emit(suggesting.Suggestion._fields, found[: limit or None], form, output)
    return 0
