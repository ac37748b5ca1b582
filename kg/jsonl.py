"""Works and tagged works as JSON. In: values of `kg.model`. Out: plain dictionaries and lines of JSON, and back.

The shape is the project's own exchange form: one work a line, every key always there, what is unknown null or empty.
Mentions carry half-open offsets in code points of the field as it stands in the same line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from kg.model import KINDS, Mention, Period, RecordRef, Statement, TaggedWork, Tags, Text, Work, WorkId

KEYS: Final = (
    "id lang title abstract authors journal year volume issue pages doi keywords cited_by cited_by_self "
    "cited_by_others source texts states alliances groups concepts focus focus_evidence periods statements raw "
    "kind identifiers aliases records"
).split()
_PLAIN: Final = "journal year volume issue pages doi cited_by cited_by_self cited_by_others".split()


def work_to_json(work: Work) -> dict[str, Any]:
    """A work without tags, with the keys of the contract in their order."""
    return {
        "id": work.id,
        "lang": work.lang,
        "title": work.title,
        "abstract": work.abstract,
        "authors": list(work.authors),
        "journal": work.journal,
        "year": work.year,
        "volume": work.volume,
        "issue": work.issue,
        "pages": work.pages,
        "doi": work.doi,
        "keywords": list(work.keywords),
        "cited_by": work.cited_by,
        "cited_by_self": work.cited_by_self,
        "cited_by_others": work.cited_by_others,
        "source": work.source,
        "texts": [{"lang": t.lang, "title": t.title, "abstract": t.abstract} for t in work.texts[1:]],
        "raw": dict(sorted(work.raw.items())),
        "kind": work.kind,
        "identifiers": dict(sorted(work.identifiers.items())),
        "aliases": list(work.aliases),
        "records": [{"source": r.source, "number": r.number, "where": r.where} for r in work.records],
    }


def to_json(tagged: TaggedWork) -> dict[str, Any]:
    """A tagged work as the contract writes it.

    Returns
    -------
    dict
        Keys in the order of `KEYS`; tags in sorted order, mentions in the order of fields, start, end.

    Examples
    --------
    >>> line = to_json(TaggedWork(work=Work(id=WorkId("w"), texts=(Text("en", "A pact"),))))
    >>> list(line) == KEYS, line["title"], line["year"], line["focus"]
    (True, 'A pact', None, [])
    """
    plain = work_to_json(tagged.work)
    plain |= {kind: _tags_to_json(tagged.tags(kind)) for kind in KINDS}
    plain["focus"] = list(tagged.focus)
    plain["focus_evidence"] = _tags_to_json(tagged.focus_evidence)
    plain["periods"] = [
        {"first": p.first, "last": p.last, "mentions": _mentions_to_json(p.mentions)} for p in tagged.periods
    ]
    plain["statements"] = [
        {"alliance": s.alliance, "kind": s.kind, "mentions": _mentions_to_json(s.mentions)} for s in tagged.statements
    ]
    return {key: plain[key] for key in KEYS}


def work_from_json(plain: Mapping[str, Any]) -> Work:
    """The work of one line; tags in it are passed over.

    Parameters
    ----------
    plain : mapping
        What `to_json` gives, or any part of it with ``id`` and a title or an abstract.
    """
    title, abstract = plain.get("title") or None, plain.get("abstract") or None
    others = plain.get("texts") or ()
    texts = [Text(str(t.get("lang") or "und"), t.get("title") or None, t.get("abstract") or None) for t in others]
    if title or abstract or texts:
        texts.insert(0, Text(str(plain.get("lang") or "und"), title, abstract))
    return Work(
        id=WorkId(str(plain["id"])),
        texts=tuple(texts),
        authors=tuple(plain.get("authors") or ()),
        keywords=tuple(plain.get("keywords") or ()),
        kind=plain.get("kind") or "article",
        identifiers=dict(plain.get("identifiers") or {}),
        raw=dict(plain.get("raw") or {}),
        aliases=tuple(plain.get("aliases") or ()),
        records=tuple(RecordRef(r["source"], r["number"], r["where"]) for r in plain.get("records") or ()),
        **{key: plain.get(key) for key in _PLAIN},
    )


def tagged_from_json(plain: Mapping[str, Any]) -> TaggedWork:
    """The tagged work of one line, as `to_json` wrote it."""
    return TaggedWork(
        work=work_from_json(plain),
        states=_tags_from_json(plain.get("states")),
        alliances=_tags_from_json(plain.get("alliances")),
        groups=_tags_from_json(plain.get("groups")),
        concepts=_tags_from_json(plain.get("concepts")),
        focus=tuple(plain.get("focus") or ()),
        focus_evidence=_tags_from_json(plain.get("focus_evidence")),
        periods=tuple(
            Period(p.get("first"), p.get("last"), _mentions_from_json(p["mentions"]))
            for p in plain.get("periods") or ()
        ),
        statements=tuple(
            Statement(s["alliance"], s["kind"], _mentions_from_json(s["mentions"]))
            for s in plain.get("statements") or ()
        ),
    )


def dumps(tagged: TaggedWork | Work) -> bytes:
    """One line of JSON in UTF-8, with its line end."""
    import orjson

    plain = to_json(tagged) if isinstance(tagged, TaggedWork) else to_json(TaggedWork(work=tagged))
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def write(works: Iterable[TaggedWork | Work]) -> Iterator[bytes]:
    """The lines of many works, one at a time."""
    return map(dumps, works)


def loads(line: bytes | str) -> TaggedWork:
    """The tagged work of one line of JSON."""
    import orjson

    return tagged_from_json(orjson.loads(line))


def _mentions_to_json(mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    return [mention._asdict() for mention in mentions]


def _mentions_from_json(plain: Sequence[Mapping[str, Any]]) -> tuple[Mention, ...]:
    return tuple(
        Mention(m["field"], m["start"], m["end"], m["surface"], m["rule"], float(m["confidence"])) for m in plain
    )


def _tags_to_json(tags: Tags) -> dict[str, list[dict[str, Any]]]:
    return {tag: _mentions_to_json(tags[tag]) for tag in sorted(tags)}


def _tags_from_json(plain: Mapping[str, Sequence[Mapping[str, Any]]] | None) -> dict[str, tuple[Mention, ...]]:
    return {tag: _mentions_from_json(mentions) for tag, mentions in sorted((plain or {}).items())}
