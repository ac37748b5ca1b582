"""`kg find`. In: names, years, words. Out: works with year, title and the sentences that say so."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
from kg.tables import plain

if TYPE_CHECKING:
    from kg.find import Answer, Evidence, Found

_SHOWN: Final = 50
COLUMNS: Final = ("id", "year", "title", "authors", "journal", "lang", "focus", "evidence")


@click.command()
@click.option("--pair", "pairs", multiple=True, metavar="NAME", help="An alliance by any name: 美日, US-Japan, NATO.")
@click.option("--state", "states", multiple=True, metavar="NAME", help="A state.")
@click.option("--concept", "concepts", multiple=True, metavar="NAME", help="A concept, and those below it.")
@click.option("--group", "groups", multiple=True, metavar="NAME", help="A non-state armed group.")
@click.option("--focus", is_flag=True, help="Only works that are about the alliance.")
@click.option("--wider", is_flag=True, help="For a pair: wider alliances with both states in them too.")
@click.option("--year", "years", multiple=True, metavar="YEARS", help="1990, 1990-2010, 1990-, -1950.")
@click.option("--lang", "langs", multiple=True, metavar="LANG", help="zh (both scripts), zh-Hant, en …")
@click.option("--author", "authors", multiple=True, metavar="NAME", help="A part of an author's name.")
@click.option("--journal", "journals", multiple=True, metavar="NAME", help="A part of a journal's name.")
@click.option("--text", metavar="WORDS", help="Words of title or abstract.")
@click.option("--sort", type=click.Choice(["relevance", "year"]), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(min=0), help=f"How many to show; 0 for all. A list shows {_SHOWN}.")
@graph_option
@format_option()
@output_option
def find(
    pairs: tuple[str, ...],
    states: tuple[str, ...],
    concepts: tuple[str, ...],
    groups: tuple[str, ...],
    focus: bool,
    wider: bool,
    years: tuple[str, ...],
    langs: tuple[str, ...],
    authors: tuple[str, ...],
    journals: tuple[str, ...],
    text: str | None,
    sort: Any,
    limit: int | None,
    graph: str,
    form: str | None,
    output: Path | None,
) -> int:
    """Find works on an alliance, a state or a concept, with the sentences that say so.

    Options of different kinds must all hold; of the same option given twice, one is enough.
    """
    from kg import door

    as_list = form is None and (output is None or output.suffix == ".txt")
    if limit is None and as_list:
        limit = _SHOWN
    answer = door.open(graph).find(
        pair=pairs,
        state=states,
        concept=concepts,
        group=groups,
        focus=focus,
        year=years,
        lang=langs,
        author=authors,
        journal=journals,
        text=text,
        wider=wider,
        sort=sort,
        limit=limit or None,
    )
    if as_list:
        shown = "".join(f"{line}\n" for line in as_lines(answer.works, coloured=output is None and sys.stdout.isatty()))
        if output is None:
            echo(shown)
        else:
            write_file(output, shown.encode("utf-8", "replace"))
    else:
        emit(COLUMNS, rows(answer, with_spots=form in {"json", "jsonl"}), form, output)
    for words in remarks(answer, years=bool(years)):
        say(words)
    return 0


def as_lines(works: Sequence[Found], *, coloured: bool = False) -> Iterator[str]:
    """Each work in a line, its evidence below it."""
    for number, work in enumerate(works):
        if number:
            yield ""
        facts = ["; ".join(work.authors), work.journal or "", "in focus" if work.in_focus else ""]
        yield plain(f"{work.year or '----'}  {work.title}  [{work.id}]")
        if any(facts):
            yield plain("      " + " · ".join(fact for fact in facts if fact))
        seen: set[tuple[str, int]] = set()
        for evidence in work.evidence:
            if (evidence.field, evidence.sentence_start) not in seen:
                seen.add((evidence.field, evidence.sentence_start))
                yield "      " + _marked(evidence, coloured)


def _marked(evidence: Evidence, coloured: bool) -> str:
    """A sentence on one line, the words that support the tag marked."""
    left = max(0, evidence.start - evidence.sentence_start)
    right = max(left, evidence.end - evidence.sentence_start)
    parts = (evidence.sentence[:left], evidence.sentence[left:right], evidence.sentence[right:])
    before, words, after = (plain(part) for part in parts)
    words = f"\x1b[1;33m{words}\x1b[0m" if coloured else f"[{words}]"
    return " ".join(f"{before}{words}{after}".split())


def rows(answer: Answer, *, with_spots: bool) -> Iterator[tuple[Any, ...]]:
    """A row for each work; with spots, evidence is a list of objects that say where it stands."""
    for work in answer.works:
        evidence: Any
        if with_spots:
            evidence = [
                {
                    "tag": one.tag,
                    "sentence": one.sentence,
                    "field": one.field,
                    "start": one.start,
                    "end": one.end,
                    "surface": one.surface,
                    "rule": one.rule,
                    "confidence": one.confidence,
                }
                for one in work.evidence
            ]
        else:
            evidence = " … ".join(dict.fromkeys(" ".join(one.sentence.split()) for one in work.evidence))
        authors: Any = list(work.authors) if with_spots else "; ".join(work.authors)
        focus: Any = list(work.in_focus) if with_spots else "; ".join(work.in_focus)
        yield work.id, work.year, work.title, authors, work.journal, work.lang, focus, evidence


def remarks(answer: Answer, *, years: bool) -> Iterator[str]:
    """How many there are, and what was left out."""
    count = f"{answer.n_works} work{'' if answer.n_works == 1 else 's'}, {answer.n_in_focus} in focus"
    if len(answer.works) < answer.n_works:
        count += f"; {len(answer.works)} shown (--limit 0 shows all)"
    yield count
    if years and answer.n_undated:
        yield f"{answer.n_undated} without a year were left out"
    if answer.n_wider:
        n, many = answer.n_wider, answer.n_wider != 1
        yield (
            f"{n} more work{'s' if many else ''} discuss{'' if many else 'es'} a wider alliance with both states in it "
            f"({', '.join(answer.wider)}); --wider takes {'them' if many else 'it'} in"
        )
