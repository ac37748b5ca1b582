"""A person's corrections of tags. In: a file beside the sources. Out: tagged works as the person left them.

``kg-corrections.jsonl`` holds one correction a line: which work, which tag, what was said of it, on which words, by whom, when
and why. A rebuild applies them: a tag that a person confirmed or set has the rule ``user``, one that was refused is gone.
The last correction of a tag counts; ``withdraw`` takes back what was said before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args

from kg.errors import SourceError
from kg.model import KINDS, Kind, Mention, TaggedWork

FILE_NAME: Final = "kg-corrections.jsonl"
RULE: Final = "user"

Verdict = Literal["accept", "reject", "add", "focus", "passing", "withdraw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of one tag of one work.

    Parameters
    ----------
    work, kind, tag : str
        Id of the work (any that it ever had), kind and id of the tag.
    verdict : str
        ``accept`` and ``reject`` a tag that is there; ``add`` one on the words given; ``focus`` and ``passing`` say whether
        the work is about an alliance; ``withdraw`` takes back what was said of the tag.
    field, start, end, surface
        The words: half-open code-point offsets into a field. Empty where the whole tag is meant.
    rule, confidence
        Of the mention that was judged, so that rules can be measured by what people said of them.
    who, when, why : str
        A name, an ISO time, a reason.
    """

    work: str
    kind: Kind
    tag: str
    verdict: Verdict
    field: str = ""
    start: int = 0
    end: int = 0
    surface: str = ""
    rule: str = ""
    confidence: float = 0.0
    who: str = ""
    when: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.verdict not in get_args(Verdict) or not (self.work and self.tag):
            raise ValueError(f"no correction: {self.kind} {self.tag!r} of {self.work!r} {self.verdict!r}")
        if self.verdict == "add" and not (self.field and self.surface and 0 <= self.start < self.end):
            raise ValueError("a tag is added on words: field, start, end and surface")

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """What a later correction replaces: verdicts on focus stand beside those on the tag."""
        return self.work, self.kind, self.tag, self.verdict in ("focus", "passing")


def beside(paths: Iterable[Path | str]) -> list[Correction]:
    """The corrections in the files beside some sources: in a folder that is a source, or in the folder of a file.

    Raises
    ------
    SourceError
        A line that is no correction.
    """
    files = {(path if path.is_dir() else path.parent) / FILE_NAME for path in map(Path, paths) if str(path) != "-"}
    return [correction for file in sorted(files) if file.is_file() for correction in load(file)]


def load(file: Path) -> list[Correction]:
    """The corrections of one file that hold, in the order in which they were made.

    Raises
    ------
    SourceError
        A line that is no correction.
    """
    import orjson

    found: dict[tuple[str, str, str, bool], Correction] = {}
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            correction = from_json(orjson.loads(line))
        except (ValueError, TypeError) as error:
            raise SourceError(f"{file.name}:{number}: {error}; mend or delete the line") from error
        if correction.verdict == "withdraw":
            found.pop(correction.key, None)
            found.pop((*correction.key[:3], True), None)
        else:
            found.pop(correction.key, None)
            found[correction.key] = correction
    return list(found.values())


def from_json(plain: Any) -> Correction:
    """A correction from a line's value; fields that are not known are passed over."""
    if not isinstance(plain, dict):
        raise ValueError("a correction is a JSON object")
    known = {name: plain[name] for name in Correction.__dataclass_fields__ if name in plain}
    for name, kind in (("start", int), ("end", int), ("confidence", (int, float))):
        if name in known and (isinstance(known[name], bool) or not isinstance(known[name], kind)):
            raise ValueError(f"{name} is a number, not {known[name]!r}")
    return Correction(**known)


def append(file: Path, correction: Correction) -> None:
    """Write a correction at the end of a file, whole or not at all."""
    import orjson
    from filelock import FileLock

    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(f".{file.name}.lock")), file.open("ab") as stream:
        stream.write(orjson.dumps(asdict(correction), option=orjson.OPT_APPEND_NEWLINE))


def corrected(works: Iterable[TaggedWork], corrections: Sequence[Correction]) -> Iterator[TaggedWork]:
    """Works as the corrections leave them, in their order."""
    by_work: dict[str, list[Correction]] = {}
    for correction in corrections:
        by_work.setdefault(correction.work, []).append(correction)
    for tagged in works:
        mine = [one for work_id in (tagged.id, *tagged.work.aliases) for one in by_work.get(work_id, ())]
        yield apply(tagged, mine) if mine else tagged


def apply(tagged: TaggedWork, corrections: Sequence[Correction]) -> TaggedWork:
    """One work as some corrections leave it.

    Words that were moved by a change of the text are looked for; a tag whose words are gone is not set.
    """
    tags: dict[Kind, dict[str, tuple[Mention, ...]]] = {kind: dict(tagged.tags(kind)) for kind in KINDS}
    focus = set(tagged.focus)
    fields = tagged.work.fields()
    for one in corrections:
        mentions = tags[one.kind].get(one.tag, ())
        if one.verdict == "reject":
            tags[one.kind].pop(one.tag, None)
            focus.discard(one.tag)
        elif one.verdict == "accept":
            tags[one.kind][one.tag] = tuple(m._replace(rule=RULE, confidence=1.0) for m in mentions)
        elif one.verdict == "add":
            place = _place(fields.get(one.field, ""), one)
            if place is not None:
                mention = Mention(one.field, *place, one.surface, RULE, 1.0)
                others = (m for m in mentions if (m.field, m.start, m.end) != (one.field, *place))
                tags[one.kind][one.tag] = _in_order((*others, mention), fields)
        elif one.kind == "alliances":
            (focus.add if one.verdict == "focus" else focus.discard)(one.tag)
    kept = {kind: {tag: found for tag, found in sorted(tags[kind].items()) if found} for kind in KINDS}
    alliances = kept["alliances"]
    new_focus = tuple(sorted(tag for tag in focus if tag in alliances))
    return replace(
        tagged,
        states=kept["states"],
        alliances=alliances,
        groups=kept["groups"],
        concepts=kept["concepts"],
        focus=new_focus,
        focus_evidence={tag: tagged.focus_evidence.get(tag, alliances[tag]) for tag in new_focus},
        statements=tuple(one for one in tagged.statements if one.alliance in alliances),
    )


def _in_order(mentions: Iterable[Mention], fields: Mapping[str, str]) -> tuple[Mention, ...]:
    order = {name: number for number, name in enumerate(fields)}
    return tuple(
        sorted(mentions, key=lambda mention: (order.get(mention.field, len(order)), mention.start, mention.end))
    )


def _place(text: str, correction: Correction) -> tuple[int, int] | None:
    if text[correction.start : correction.end] == correction.surface:
        return correction.start, correction.end
    at = text.find(correction.surface)
    return None if at < 0 else (at, at + len(correction.surface))


class Measured(NamedTuple):
    """How often people confirmed what a rule found."""

    accepted: int
    rejected: int

    @property
    def precision(self) -> float | None:
        """Share of the judged tags that were right; None where none was judged."""
        judged = self.accepted + self.rejected
        return self.accepted / judged if judged else None


def interval(right: int, judged: int) -> tuple[float, float]:
    """Between which shares the true one lies in 19 cases of 20 (Wilson 1927): few judgements say little.

    >>> [round(edge, 2) for edge in interval(9, 10)]
    [0.6, 0.98]
    >>> interval(0, 0)
    (0.0, 1.0)
    """
    if not judged:
        return 0.0, 1.0
    z = 1.96
    share, spread = right / judged, z * z / judged
    middle = (share + spread / 2) / (1 + spread)
    half = (share * (1 - share) * spread + spread * spread / 4) ** 0.5 / (1 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)


class RuleRow(NamedTuple):
    """What people said of the tags of a rule (``all`` of a kind): how many they judged, how many were right."""

    kind: str
    rule: str
    judged: int
    right: int
    precision: float
    low: float
    high: float
    added: int | None


def rule_rows(corrections: Sequence[Correction]) -> list[RuleRow]:
    """Precision by kind and rule with its interval, and how many tags of a kind people added that had been missed.

    Notes
    -----
    Those who review see uncertain tags first, so that the precision of all tags is higher than what this says. Recall cannot
    be told from corrections: nobody says which works were looked through for what is missing.
    """
    by_rule = measured(corrections)
    added = Counter(one.kind for one in corrections if one.verdict == "add")
    rows: list[RuleRow] = []
    for kind in KINDS:
        mine = {rule: found for (other, rule), found in by_rule.items() if other == kind}
        if not mine and not added[kind]:
            continue
        whole = Measured(sum(m.accepted for m in mine.values()), sum(m.rejected for m in mine.values()))
        rows.append(_rule_row(kind, "all", whole, added[kind]))
        rows += [_rule_row(kind, rule, found, None) for rule, found in mine.items()]
    return rows


def _rule_row(kind: str, rule: str, found: Measured, added: int | None) -> RuleRow:
    judged = found.accepted + found.rejected
    low, high = interval(found.accepted, judged)
    share = found.precision if found.precision is not None else 0.0
    return RuleRow(
        kind, rule or "unknown", judged, found.accepted, round(share, 3), round(low, 3), round(high, 3), added
    )


def measured(corrections: Iterable[Correction]) -> Mapping[tuple[Kind, str], Measured]:
    """What was accepted and rejected, by kind and rule: a measured check of the tagger."""
    accepted: Counter[tuple[Kind, str]] = Counter()
    rejected: Counter[tuple[Kind, str]] = Counter()
    for one in corrections:
        if one.verdict in ("accept", "reject"):
            (accepted if one.verdict == "accept" else rejected)[one.kind, one.rule] += 1
    return {key: Measured(accepted[key], rejected[key]) for key in sorted(accepted.keys() | rejected.keys())}
