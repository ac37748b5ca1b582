"""The tagger as a spaCy component. In: a Doc. Out: the Doc with ``doc.spans["alliance_kg"]``.

``nlp.add_pipe("alliance_tagger")`` works on a blank or a full pipeline. Spans are labelled by the kind of tag (STATE, ALLIANCE, GROUP, CONCEPT), carry
the tag's id as ``span.id_`` and rule and confidence as ``span._.alliance_rule`` and ``span._.alliance_confidence``; where a token is
longer than a mention, the span covers the token and ``span._.alliance_surface`` has the words. ``doc._.alliance_mentions`` has every
mention with its offsets in the text, ``doc._.alliance_tags`` the tags by kind, ``doc._.alliance_focus`` the focus.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
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
    for name in ("rule", "confidence", "surface"):
        if not Span.has_extension(f"alliance_{name}"):
            Span.set_extension(f"alliance_{name}", getter=partial(_of_mention, name=name))
    for name in ("alliance_focus", "alliance_tags", "alliance_mentions"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


def _of_mention(span: Span, name: str) -> Any:
    """Rule, confidence or words of the surest mention that a span stands for; None for other spans.

    They are kept by mention, since spaCy keeps what is set on a span by its place alone, and spans of several tags may
    have one place.
    """
    found = [
        mention
        for mention in span.doc._.alliance_mentions or ()
        if mention["id"] == span.id_
        and mention["label"] == span.label_
        and span.start_char <= mention["start"]
        and mention["end"] <= span.end_char
    ]
    return max(found, key=lambda mention: mention["confidence"])[name] if found else None


def annotate(doc: Doc, tagged: TaggedWork, spans_key: str = SPANS_KEY) -> Doc:
    """Put the tags of a text into its Doc: a span for each place and tag, and every mention in ``doc._.alliance_mentions``."""
    mentions: list[dict[str, Any]] = [
        {
            "label": LABELS[kind], "id": tag, "start": mention.start, "end": mention.end,
            "surface": mention.surface, "rule": mention.rule, "confidence": mention.confidence,
        }
        for kind in KINDS
        for tag, found in tagged.tags(kind).items()
        for mention in found
    ]  # fmt: skip
    spans: dict[tuple[int, int, str, str], Span] = {}
    for one in mentions:
        span = doc.char_span(one["start"], one["end"], label=one["label"], span_id=one["id"], alignment_mode="expand")
        if span is not None:
            spans.setdefault((span.start, span.end, span.label_, span.id_), span)
    doc.spans[spans_key] = [span for _, span in sorted(spans.items(), key=lambda item: item[0])]
    doc._.alliance_mentions = mentions
    doc._.alliance_focus = list(tagged.focus)
    doc._.alliance_tags = {kind: sorted(tagged.tags(kind)) for kind in KINDS}
    return doc
