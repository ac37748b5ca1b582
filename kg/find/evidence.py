"""The sentences that support what was asked for. In: a work as the index keeps it. Out: evidence, the surest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kg.find.values import Evidence

_MOST: Final = 5


def evidence(doc: Mapping[str, Any], wanted: Mapping[str, Sequence[str]]) -> list[Evidence]:
    """The surest sentence of each thing asked for; of what the work is about where nothing was.

    Parameters
    ----------
    doc : mapping
        A line of ``works.jsonl`` with ``sentences``, spans by field.
    wanted : mapping of kind to ids
    """
    asked = {kind: set(ids) for kind, ids in wanted.items()} or {"alliances": set(doc["focus"] or doc["alliances"])}
    found = [
        _best(doc, kind, id, doc[kind][id]) for kind, ids in asked.items() for id in sorted(ids & doc[kind].keys())
    ]
    best = [one for one in found if one is not None]
    best.sort(key=lambda one: (-one.confidence, one.field.startswith("title"), one.field, one.start))
    return best[:_MOST]


def _best(doc: Mapping[str, Any], kind: str, id: str, mentions: list[dict[str, Any]]) -> Evidence | None:
    # The title is shown anyway: a sentence of the abstract says more.
    mention = min(mentions, key=lambda m: (m["field"].startswith("title"), -m["confidence"], m["start"]), default=None)
    if mention is None:
        return None
    text = field_text(doc, mention["field"])
    start, end = mention["start"], mention["end"]
    spans = doc["sentences"].get(mention["field"], [])
    left = max((a for a, _ in spans if a <= start), default=0)
    right = min((b for _, b in spans if b >= end), default=len(text))
    return Evidence(
        tag=id,
        kind=kind,
        sentence=text[left:right],
        field=mention["field"],
        sentence_start=left,
        start=start,
        end=end,
        surface=mention["surface"],
        rule=mention["rule"],
        confidence=mention["confidence"],
    )


def field_text(doc: Mapping[str, Any], field: str) -> str:
    """The text of a field of a work as JSON has it, ``abstract@en.2``."""
    part, _, rest = field.partition("@")
    if not rest:
        return doc[part] or ""
    lang, _, number = rest.partition(".")
    wanted = int(number or 1) - (doc["lang"] == lang)
    same = [text for text in doc["texts"] if text["lang"] == lang]
    at = max(wanted - 1, 0)
    return (same[at][part] or "") if at < len(same) else ""
