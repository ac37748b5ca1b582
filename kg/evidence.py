"""The answer as a file: which works discuss which alliance. In: tagged works, the authority. Out: rows of pairs.csv.

One row for each work and alliance, with the sentence that says so best.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.model import Mention, TaggedWork
from kg.text import stand_in
from kg.views.marking import sentence_around, sentence_spans

if TYPE_CHECKING:
    from kg.authority import Authority


class PairRow(NamedTuple):
    """A work that discusses an alliance.

    Parameters
    ----------
    pair : str
        Id of the pair, coalition or pact.
    title : str
        The title, else the stand-in in 〔 〕.
    role : str
        ``focus`` where the work is about the alliance, else ``passing``.
    sentence : str
        Sentence of the surest mention, of the abstract where it has any, on one line.
    field, start, end
        Where that mention stands: half-open code-point offsets.
    """

    pair: str
    pair_en: str
    pair_zh: str
    work: str
    title: str
    authors: str
    year: int | None
    role: str
    sentence: str
    evidence: str
    field: str
    start: int
    end: int


COLUMNS: Final = PairRow._fields


def pair_rows(tagged_works: Iterable[TaggedWork], authority: Authority) -> list[PairRow]:
    """All rows: by alliance; within one, works that are about it first, the newest first, undated last."""
    rows = [row for tagged in tagged_works for row in _rows_of(tagged, authority)]
    return sorted(rows, key=order)


def order(row: PairRow) -> tuple[str, bool, int, str]:
    """Where a row stands: by alliance, then works that are about it, the newest first, undated last."""
    return row.pair, row.role != "focus", -(row.year or -10_000), row.work


def _rows_of(tagged: TaggedWork, authority: Authority) -> Iterator[PairRow]:
    work = tagged.work
    fields = work.fields()
    for alliance, mentions in tagged.alliances.items():
        best = surest(mentions)
        yield PairRow(
            alliance,
            authority.label(alliance, "en"),
            authority.label(alliance, "zh-Hans"),
            work.id,
            shown_title(tagged),
            "; ".join(work.authors),
            work.year,
            "focus" if alliance in tagged.focus else "passing",
            sentence(fields.get(best.field, ""), best) if best else "",
            best.surface if best else "",
            best.field if best else "",
            best.start if best else 0,
            best.end if best else 0,
        )


def surest(mentions: Sequence[Mention]) -> Mention | None:
    """The mention to show: in an abstract before a title, of the greatest confidence, the first of equals."""
    return min(mentions, key=lambda m: (m.field.startswith("title"), -m.confidence, m.start), default=None)


def sentence(text: str, mention: Mention) -> str:
    """The sentence around a mention, on one line."""
    left, right = sentence_around(sentence_spans(text), mention.start, mention.end)
    return " ".join(text[left:right].split())


def shown_title(tagged: TaggedWork) -> str:
    """The title that a person sees: the work's own, else one in another language, else the stand-in."""
    for text in tagged.work.texts:
        if text.title:
            return text.title
    return stand_in(next((text.abstract for text in tagged.work.texts if text.abstract), None))
