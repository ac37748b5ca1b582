"""Tagged works of any kind, for properties. In: nothing. Out: hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from kg.model import (
    KINDS,
    STATEMENT_KINDS,
    Mention,
    Period,
    RecordRef,
    Statement,
    TaggedWork,
    Text,
    Work,
    WorkId,
)

#: Characters that have broken something somewhere, beside ordinary ones.
TROUBLE = "美日同盟 a\n\t\r\"'\\<>&%{}|^`#;:,\u2028\x85\x00\x7f\ufffe\U00020000\U0001f600é\u0301İ"
CHARACTERS = st.one_of(st.sampled_from(TROUBLE), st.characters(exclude_categories=["Cs"]))

TAGS = {
    "states": ("JPN", "USA", "KOR", "X-ABK"),
    "alliances": ("JPN-USA", "KOR-USA", "JPN-KOR-USA", "nato", "RUS-X-ABK"),
    "groups": ("al-qaeda",),
    "concepts": ("entrapment", "abandonment", "burden-sharing"),
}


def words(min_size: int = 1, max_size: int = 30) -> st.SearchStrategy[str]:
    """Any text."""
    return st.text(CHARACTERS, min_size=min_size, max_size=max_size)


@st.composite
def works(draw: st.DrawFn) -> Work:
    """A work with texts in one to three languages, and any description."""
    langs = draw(st.lists(st.sampled_from(("en", "zh-Hans", "zh-Hant", "ja", "und")), min_size=1, max_size=3))
    texts = []
    for lang in langs:
        title = draw(st.none() | words())
        abstract = draw(words(2, 60) if title is None else st.none() | words(2, 60))
        texts.append(Text(lang, title, abstract))
    maybe_number = st.none() | st.integers(0, 10_000)
    authors = tuple(draw(st.lists(words(1, 12).filter(str.strip), max_size=3)))
    schemes = st.sampled_from(("pmid", "openalex", "zotero", "a:b%c", *(f"orcid:{author}" for author in authors)))
    numbers = draw(st.lists(st.integers(1, 99), max_size=2, unique=True))
    return Work(
        id=WorkId(draw(words(1, 12))),
        texts=tuple(texts),
        authors=authors,
        journal=draw(st.none() | words(1, 12)),
        year=draw(st.none() | st.integers(-500, 2100)),
        volume=draw(st.none() | words(1, 5)),
        issue=draw(st.none() | words(1, 5)),
        pages=draw(st.none() | words(1, 9)),
        doi=draw(st.none() | words(1, 20)),
        keywords=tuple(draw(st.lists(words(1, 8), max_size=3))),
        cited_by=draw(maybe_number),
        cited_by_self=draw(maybe_number),
        cited_by_others=draw(maybe_number),
        kind=draw(st.sampled_from(("article", "chapter", "book", "thesis", "paper", "report", "other"))),
        identifiers=draw(st.dictionaries(schemes, words(1, 12), max_size=3)),
        aliases=tuple(draw(st.lists(words(1, 8), max_size=2))),
        records=tuple(RecordRef(draw(words(1, 8)), number, draw(words(1, 8))) for number in numbers),
    )


@st.composite
def tagged_works(draw: st.DrawFn) -> TaggedWork:
    """A work with tags whose every mention cuts out its surface."""
    work = draw(works())
    fields = work.fields()

    def mention() -> Mention:
        field = draw(st.sampled_from(sorted(fields)))
        start = draw(st.integers(0, len(fields[field]) - 1))
        end = draw(st.integers(start + 1, len(fields[field])))
        rule = draw(st.sampled_from(("state-name", "concept-pattern")))
        confidence = draw(st.sampled_from((0.0, 0.05, 0.7, 0.85, 1.0, 1e-07)))
        return Mention(field, start, end, fields[field][start:end], rule, confidence)

    def mentions(least: int = 0) -> tuple[Mention, ...]:
        return tuple(mention() for _ in range(draw(st.integers(least, 3))))

    tags = {
        kind: {tag: mentions() for tag in sorted(draw(st.sets(st.sampled_from(TAGS[kind]), max_size=3)))}
        for kind in KINDS
    }
    alliances = sorted(tags["alliances"])
    focus = tuple(sorted(draw(st.sets(st.sampled_from(alliances))))) if alliances else ()
    claims = (
        draw(st.sets(st.tuples(st.sampled_from(alliances), st.sampled_from(STATEMENT_KINDS)), max_size=2))
        if alliances
        else set()
    )
    year = st.none() | st.integers(-431, 2100)
    spans = draw(st.sets(st.tuples(year, year), max_size=2))
    return TaggedWork(
        work=work,
        **tags,
        focus=focus,
        focus_evidence={tag: mentions(1) for tag in focus},
        statements=tuple(Statement(alliance, kind, mentions()) for alliance, kind in sorted(claims)),
        periods=tuple(Period(first, last, mentions()) for first, last in spans),
    )
