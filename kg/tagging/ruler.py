"""The names as patterns of spaCy's rulers. In: an authority. Out: phrases with label and id, one JSON line each.

Names that need the rest of the text to be told (single characters, words that keep a name away) are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.authority import Authority


def span_ruler_patterns(authority: Authority) -> Iterator[dict[str, str]]:
    """The names of pacts, concepts, groups and states for a SpanRuler or an EntityRuler, sorted by label, id and phrase."""
    tables = (
        ("ALLIANCE", authority.alliances),
        ("CONCEPT", authority.concepts),
        ("GROUP", authority.groups),
        ("STATE", authority.states),
    )
    for label, things in tables:
        for thing in sorted(things.values(), key=lambda item: item.id):
            tag = getattr(thing, "tag_id", thing.id) if label == "STATE" else getattr(thing, "pair", None) or thing.id
            if tag is None or thing.retired or getattr(thing, "is_facet", False):
                continue
            names = {*thing.labels.values(), *(name for alt in thing.alt.values() for name in alt)}
            names |= set(getattr(thing, "demonyms", ()))
            for name in sorted(names):
                if len(name) > 1 and not name.endswith("-"):
                    yield {"label": label, "pattern": name, "id": tag}


def as_json_lines(authority: Authority) -> Iterator[bytes]:
    """The patterns as lines of the file that rulers of spaCy read."""
    for pattern in span_ruler_patterns(authority):
        yield (json.dumps(pattern, ensure_ascii=False) + "\n").encode()
