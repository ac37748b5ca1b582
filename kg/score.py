"""How well tags agree with gold tags. In: gold lines, tagged works. Out: precision, recall, misses with sentences.

A gold line has ``id``, ``lang``, ``title``, ``abstract``, for each kind a mapping of tag id to surfaces (or a list of
ids), ``focus``, and ``optional``: tags that count neither for nor against. Averages are micro averages over works.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

from kg.errors import SourceError
from kg.evidence import sentence
from kg.model import Mention, TaggedWork
from kg.text import fold_key

GoldKind = Literal["states", "alliances", "concepts", "groups", "focus"]
GOLD_KINDS: Final[tuple[GoldKind, ...]] = ("states", "alliances", "concepts", "groups", "focus")
LANGUAGES: Final = ("zh", "en", "all")
#: Lower edges of the rows of the reliability table.
EDGES: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
COLUMNS: Final = ("kind", "lang", "precision", "recall", "f1", "gold")
RELIABILITY_COLUMNS: Final = ("confidence", "tags", "mean", "right")
#: Folded abstracts shorter than this are joined only when they are equal, not when one contains the other.
_MIN_CONTAINED: Final = 30


class Cell(NamedTuple):
    """Counts of one kind and language.

    Parameters
    ----------
    right, found, expected : int
        Tags in both; tags found; tags in the gold, optional ones left out of all three.
    """

    right: int = 0
    found: int = 0
    expected: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is right that was found; 1 where there is nothing to find."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Miss(NamedTuple):
    """A tag that is missing (``-``) or wrong (``+``), with the sentence that it stands or should stand in."""

    work: str
    kind: GoldKind
    sign: Literal["-", "+"]
    tag: str
    surface: str
    sentence: str
    rule: str
    confidence: float | None


class Reliability(NamedTuple):
    """Tags with a confidence from `low` to `high`: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    n_tags: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class GoldWork:
    """One line of a gold file."""

    id: str
    lang: str
    texts: tuple[str, ...]
    tags: Mapping[GoldKind, Mapping[str, Sequence[str]]]
    optional: Mapping[GoldKind, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts by kind and language, misses in the order of the gold, gold works that were not found, reliability."""

    cells: Mapping[tuple[GoldKind, str], Cell]
    misses: tuple[Miss, ...]
    absent: tuple[str, ...]
    reliability: tuple[Reliability, ...]


def read_gold(path: Path) -> list[GoldWork]:
    """The lines of a gold file.

    Raises
    ------
    SourceError
        A line is not JSON or has no id; the message says which.
    """
    works = []
    for number, line in enumerate(path.read_bytes().decode("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            works.append(_gold_work(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"{path.name}:{number}: not a gold line ({error}); see tests/gold for the form") from None
    return works


def _gold_work(plain: Mapping[str, object]) -> GoldWork:
    def mapping(value: object) -> dict[str, Sequence[str]]:
        if isinstance(value, Mapping):
            return {str(tag): [s if isinstance(s, str) else s["surface"] for s in v] for tag, v in value.items()}
        return {str(tag): () for tag in value or ()}  # type: ignore[attr-defined]

    optional = plain.get("optional") or {}
    assert isinstance(optional, Mapping)
    return GoldWork(
        id=str(plain["id"]),
        lang=str(plain.get("lang") or "und"),
        texts=tuple(str(text) for text in (plain.get("title"), plain.get("abstract")) if text),
        tags={kind: mapping(plain.get(kind)) for kind in GOLD_KINDS},
        optional={kind: frozenset(optional.get(kind) or ()) for kind in GOLD_KINDS},
    )


def join(gold: Sequence[GoldWork], tagged: Iterable[TaggedWork]) -> dict[str, TaggedWork]:
    """Which tagged work belongs to which gold id: by id or alias, else by folded abstract.

    Notes
    -----
    Cleaning takes markers off an abstract, so one of two folded abstracts may contain the other.
    """
    by_id: dict[str, TaggedWork] = {}
    by_key: dict[str, TaggedWork] = {}
    for work in tagged:
        for id in (work.id, *work.work.aliases):
            by_id.setdefault(id, work)
        for text in work.work.texts:
            if text.abstract:
                by_key.setdefault(fold_key(text.abstract), work)
    found = {}
    for line in gold:
        match = by_id.get(line.id)
        if match is None and line.texts:
            key = fold_key(line.texts[-1])
            match = by_key.get(key) or next((work for other, work in by_key.items() if _contained(key, other)), None)
        if match is not None:
            found[line.id] = match
    return found


def _contained(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _MIN_CONTAINED and (one in other or other in one)


def score(gold: Sequence[GoldWork], tagged: Iterable[TaggedWork]) -> Score:
    """Compare tagged works with gold works; a gold work that is not there counts as one without tags."""
    matches = join(gold, tagged)
    counts: dict[tuple[GoldKind, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    misses: list[Miss] = []
    judged: list[tuple[float, bool]] = []
    for line in gold:
        work = matches.get(line.id)
        for kind in GOLD_KINDS:
            ignored = line.optional.get(kind, frozenset())
            expected = set(line.tags[kind]) - ignored
            mentions = _found(work, kind)
            found = set(mentions) - ignored
            for language in (line.lang[:2], "all"):
                cell = counts[kind, language]
                cell[0] += len(expected & found)
                cell[1] += len(found)
                cell[2] += len(expected)
            misses += [_missing(line, kind, tag) for tag in sorted(expected - found)]
            misses += [_wrong(work, line.id, kind, tag, mentions[tag]) for tag in sorted(found - expected) if work]
            if kind != "focus":
                judged += [
                    (max(m.confidence for m in mentions[tag]), tag in expected) for tag in found if mentions[tag]
                ]
    return Score(
        cells={(kind, lang): Cell(*counts[kind, lang]) for kind in GOLD_KINDS for lang in LANGUAGES},
        misses=tuple(misses),
        absent=tuple(line.id for line in gold if line.id not in matches),
        reliability=tuple(_reliability(judged)),
    )


def _found(work: TaggedWork | None, kind: GoldKind) -> Mapping[str, Sequence[Mention]]:
    """The tags of a kind in a work, with their mentions."""
    if work is None:
        return {}
    if kind == "focus":
        return {tag: work.focus_evidence.get(tag) or work.alliances.get(tag, ()) for tag in work.focus}
    return work.tags(kind)


def _missing(line: GoldWork, kind: GoldKind, tag: str) -> Miss:
    surfaces = line.tags[kind][tag] or (line.tags["alliances"].get(tag, ()) if kind == "focus" else ())
    surface = surfaces[0] if surfaces else ""
    text = next((text for text in line.texts if surface and surface in text), "")
    start = text.find(surface)
    spot = Mention("", start, start + len(surface), surface, "", 1.0)
    return Miss(line.id, kind, "-", tag, surface, sentence(text, spot) if text else "", "", None)


def _wrong(work: TaggedWork, id: str, kind: GoldKind, tag: str, mentions: Sequence[Mention]) -> Miss:
    if not mentions:
        return Miss(id, kind, "+", tag, "", "", "", None)
    best = max(mentions, key=lambda mention: mention.confidence)
    text = work.work.fields().get(best.field, "")
    return Miss(id, kind, "+", tag, best.surface, sentence(text, best), best.rule, best.confidence)


def _reliability(judged: Sequence[tuple[float, bool]]) -> Iterator[Reliability]:
    """Rows of the reliability table, those without a tag left out."""
    for low, high in zip(EDGES, (*EDGES[1:], 1.0), strict=True):
        inside = [(p, right) for p, right in judged if low <= p < high or p == high == 1.0]
        if inside:
            n_tags = len(inside)
            mean = sum(p for p, _ in inside) / n_tags
            yield Reliability(low, high, n_tags, mean, sum(right for _, right in inside) / n_tags)


def rows(result: Score) -> list[tuple[str, str, float, float, float, int]]:
    """Kind, language, precision, recall, F1 and number of gold tags, in the order of `GOLD_KINDS` and `LANGUAGES`."""
    return [
        (kind, lang, round(cell.precision, 3), round(cell.recall, 3), round(cell.f1, 3), cell.expected)
        for kind in GOLD_KINDS
        for lang in LANGUAGES
        for cell in [result.cells[kind, lang]]
    ]
