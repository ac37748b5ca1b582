"""Mentions as W3C Web Annotations. In: tagged works. Out: an annotation page in JSON-LD.

What the graph leaves out because it is constant or can be computed stands here: motivation, kind of target, the words
before and after.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from kg.export import Holding
from kg.model import KINDS, Mention, TaggedWork
from kg.rdf.nquads import clean
from kg.terms import AKG, Base, rule, thing

AROUND: Final = 32
"""Characters of prefix and suffix."""


def as_collection(holding: Holding) -> bytes:
    """All mentions of tags, one annotation each.

    Options: ``base``, the data set's `kg.terms.Base`.
    """
    base = holding.options.get("base") or Base()
    items = [item for tagged in holding.works for item in of_work(tagged, base)]
    page = {
        "@context": [
            "http://www.w3.org/ns/anno.jsonld",
            {"confidence": AKG.confidence, "rule": {"@id": AKG.rule, "@type": "@id"}},
        ],
        "id": base.dataset() + "/annotations",
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": items,
    }
    return (json.dumps(page, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def of_work(tagged: TaggedWork, base: Base) -> Iterator[dict[str, Any]]:
    """The annotations of one work."""
    fields = {field: clean(text) for field, text in tagged.work.fields().items()}
    langs = tagged.work.field_langs()
    keys = {field: hashlib.sha256(text.encode()).hexdigest()[:12] for field, text in fields.items()}
    seen: set[str] = set()
    for kind in KINDS:
        for tag, mentions in tagged.tags(kind).items():
            for mention in mentions:
                key = keys[mention.field]
                iri = base.mention(tagged.id, key, mention.start, mention.end, tag)
                number = 2
                while iri in seen:
                    iri = f"{base.mention(tagged.id, key, mention.start, mention.end, tag)}~{number}"
                    number += 1
                seen.add(iri)
                part = "title" if mention.field.startswith("title") else "abstract"
                source = base.text(tagged.id, part, key)
                yield {
                    "id": iri,
                    "type": "Annotation",
                    "motivation": "identifying",
                    "body": thing(kind, tag),
                    "target": _target(source, langs[mention.field], fields[mention.field], mention),
                    "confidence": mention.confidence,
                    "rule": rule(mention.rule),
                }


def _target(source: str, lang: str, text: str, mention: Mention) -> dict[str, Any]:
    start, end = mention.start, mention.end
    return {
        "type": "SpecificResource",
        "source": {"id": source, "type": "Text", "language": lang},
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - AROUND) : start],
                "suffix": text[end : end + AROUND],
            },
        ],
    }
