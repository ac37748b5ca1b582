"""The tagger as a spaCy component. In: a Doc. Out: the Doc with ``doc.spans["alliance_kg"]``.

``nlp.add_pipe("alliance_tagger")`` works on a blank or a full pipeline. Spans are labelled by the kind of tag (STATE, ALLIANCE, GROUP, CONCEPT), carry
the tag's id as ``span.id_`` and rule and confidence as ``span._.alliance_rule`` and ``span._.alliance_confidence``; where a token is
longer than a mention, the span covers the token and ``span._.alliance_surface`` has the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.authority import load
from kg.model import KINDS, TaggedWork
from kg.tagging.tagger import Tagger

SPANS_KEY: Final = "alliance_kg"
LABELS: Final = {"states": "STATE", "alliances": "ALLIANCE", "groups": "GROUP", "concepts": "CONCEPT"}


@Language.factory(
    "alliance_tagger",
    default_config={"ontology": None, "vocabulary": [], "min_confidence": 0.0, "spans_key": SPANS_KEY},
    assigns=["doc.spans"],
)
def create_alliance_tagger(
    nlp: Language, name: str, ontology: str | None, vocabulary: list[str], min_confidence: float, spans_key: str
) -> AllianceTagger:
    """Make the component; the configuration names a user's own ontology folder and vocabularies, if there are any."""
    return AllianceTagger(name, ontology, vocabulary, min_confidence, spans_key)


class AllianceTagger:
    """Tags each Doc's text as ``kg tag`` tags an abstract.

    Parameters
    ----------
    name : str
    ontology : str or None
        A folder laid over the ontology.
    vocabulary : list of str
        Files with a user's own concepts.
    min_confidence : float
    spans_key : str
        Key of ``doc.spans``.
    """

    def __init__(
        self, name: str, ontology: str | None, vocabulary: list[str], min_confidence: float, spans_key: str
    ) -> None:
        self.name = name
        self.spans_key = spans_key
        self._settings = (ontology, tuple(vocabulary), min_confidence)
        authority = load(Path(ontology) if ontology else None, [Path(path) for path in vocabulary])
        self._tagger = Tagger(authority, min_confidence=min_confidence)
        set_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Tag one Doc in place."""
        return annotate(doc, self._tagger.tag_text(doc.text), self.spans_key)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterable[Doc]:
        """Tag Docs one after the other; batches bring nothing here."""
        for doc in stream:
            yield self(doc)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing to write: all that it needs is in the configuration and the ontology."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> AllianceTagger:
        """Nothing to read."""
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> AllianceTagger:
        """Nothing to read."""
        return self


def set_extensions() -> None:
    """Register the attributes of Doc and Span, once."""
    for name, default in (("alliance_rule", ""), ("alliance_confidence", 0.0), ("alliance_surface", "")):
        if not Span.has_extension(name):
            Span.set_extension(name, default=default)
    for name in ("alliance_focus", "alliance_tags"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


def annotate(doc: Doc, tagged: TaggedWork, spans_key: str = SPANS_KEY) -> Doc:
    """Put the tags of a text into its Doc."""
    spans = []
    for kind in KINDS:
        for tag, mentions in tagged.tags(kind).items():
            for mention in mentions:
                span = doc.char_span(
                    mention.start, mention.end, label=LABELS[kind], span_id=tag, alignment_mode="expand"
                )
                if span is None:
                    continue
                span._.alliance_rule = mention.rule
                span._.alliance_confidence = mention.confidence
                span._.alliance_surface = mention.surface
                spans.append(span)
    spans.sort(key=lambda span: (span.start, span.end, span.label_, span.id_))
    doc.spans[spans_key] = spans
    doc._.alliance_focus = list(tagged.focus)
    doc._.alliance_tags = {kind: sorted(tagged.tags(kind)) for kind in KINDS}
    return doc


def span_ruler_patterns() -> Iterable[dict[str, Any]]:
    """The names of states, pacts and groups as patterns of spaCy's SpanRuler: phrases with label and id.

    Sorted by label, id and phrase; names that need the rest of the text (single characters, blocking words) are left out.
    """
    authority = load()
    for label, things in (("ALLIANCE", authority.alliances), ("GROUP", authority.groups), ("STATE", authority.states)):
        for thing in sorted(things.values(), key=lambda item: item.id):
            tag = getattr(thing, "tag_id", thing.id) if label == "STATE" else getattr(thing, "pair", None) or thing.id
            if tag is None or thing.retired:
                continue
            names = {*thing.labels.values(), *(name for alt in thing.alt.values() for name in alt)}
            names |= set(getattr(thing, "demonyms", ()))
            for name in sorted(names):
                if len(name) > 1 and not name.endswith("-"):
                    yield {"label": label, "pattern": name, "id": tag}
