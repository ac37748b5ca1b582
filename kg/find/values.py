"""What a search gives. In: nothing. Out: works with their evidence, counts; frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Sort = Literal["relevance", "year"]
Names = str | Sequence[str] | None

FACETS: Final = ("alliances", "states", "concepts", "groups", "authors", "journals", "langs", "decades")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that supports a tag.

    Parameters
    ----------
    tag, kind : str
        What it supports; kind is ``alliances`` ``states`` ``concepts`` ``groups``.
    sentence : str
        To the letter.
    field : str
    start, end : int
        Half-open offsets of the words in the field; `sentence_start` is where the sentence begins in it.
    surface, rule : str
    confidence : float
    """

    tag: str
    kind: str
    sentence: str
    field: str
    sentence_start: int
    start: int
    end: int
    surface: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """A work that was found.

    Parameters
    ----------
    id : str
    title : str
        The title, else the stand-in in 〔 〕 (then `is_untitled`).
    year : int or None
    authors : tuple of str
    journal : str or None
    lang : str
    in_focus : tuple of str
        The asked alliances that the work is about; all that it is about where none was asked for.
    evidence : tuple of Evidence
        At most a few, the surest first; one at least for each asked thing.
    """

    id: str
    title: str
    is_untitled: bool
    year: int | None
    authors: tuple[str, ...]
    journal: str | None
    lang: str
    in_focus: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search gives.

    Parameters
    ----------
    works : list of Found
        One page of them.
    n_works : int
        How many there are in all.
    n_in_focus : int
        Those that are about an asked alliance (about any, where none was asked for).
    n_undated : int
        Works that the condition on years left out because they have no year.
    n_wider : int
        Works left out because only a wider alliance with both states in it is discussed.
    wider : tuple of str
        Ids of those alliances.
    asked : mapping of kind to ids
        What the names were taken for.
    facets : mapping of kind to (id, label or None, works)
        The commonest first; empty where none were asked for.
    """

    works: list[Found]
    n_works: int
    n_in_focus: int = 0
    n_undated: int = 0
    n_wider: int = 0
    wider: tuple[str, ...] = ()
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: Mapping[str, list[tuple[str, str | None, int]]] = field(default_factory=dict)

    def __iter__(self) -> Any:
        return iter(self.works)

    def __len__(self) -> int:
        return len(self.works)


@dataclass(frozen=True, slots=True)
class PairCount:
    """How much an alliance is discussed.

    Parameters
    ----------
    alliance : str
    sort : str
        ``pair`` ``coalition`` ``pact``.
    n_works, n_in_focus, n_in_passing : int
    first, last : int or None
        Years of the earliest and the latest dated work.
    n_undated : int
    """

    alliance: str
    sort: str
    label_en: str
    label_zh: str
    n_works: int
    n_in_focus: int
    n_in_passing: int
    first: int | None
    last: int | None
    n_undated: int
