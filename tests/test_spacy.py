"""The spaCy component gives what the tagger gives."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin

import kg.tagging.spacy_component  # noqa: F401
from kg.model import KINDS
from kg.tagging.tagger import Tagger

TEXTS = {
    "en": "The US–Japan alliance feared entrapment after NATO enlargement; al-Qaeda did not.",
    "zh": "美日同盟中的牵连与抛弃,韩国担心被盟主拖入战争。",
}


@pytest.mark.parametrize("lang", TEXTS)
def test_same_tags_as_the_tagger(lang: str) -> None:
    nlp = spacy.blank(lang)
    nlp.add_pipe("alliance_tagger")
    doc = nlp(TEXTS[lang])
    tagged = Tagger().tag_text(TEXTS[lang])
    spans = {(span.id_, span._.alliance_surface, span._.alliance_rule) for span in doc.spans["alliance_kg"]}
    mentions = {(tag, m.surface, m.rule) for kind in KINDS for tag, ms in tagged.tags(kind).items() for m in ms}
    assert spans == mentions
    assert doc._.alliance_focus == list(tagged.focus)
    assert {span.label_ for span in doc.spans["alliance_kg"]} <= {"STATE", "ALLIANCE", "GROUP", "CONCEPT"}


def test_pipe_disk_and_docbin(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("alliance_tagger", config={"min_confidence": 0.5})
    docs = list(nlp.pipe([TEXTS["en"], "", "Nothing here."]))
    assert [bool(doc.spans["alliance_kg"]) for doc in docs] == [True, False, False]
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert again.pipe_names == ["alliance_tagger"]
    stored = DocBin(store_user_data=True, docs=docs[:1]).to_bytes()
    doc = next(iter(DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab)))
    assert [(s.text, s.id_) for s in doc.spans["alliance_kg"]] == [
        (s.text, s.id_) for s in docs[0].spans["alliance_kg"]
    ]


def test_names_as_patterns_of_a_span_ruler() -> None:
    from kg.tagging.spacy_component import span_ruler_patterns

    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("span_ruler")
    ruler.add_patterns([row for row in span_ruler_patterns() if row["pattern"].isascii()][:400])  # type: ignore[attr-defined]
    assert len(list(span_ruler_patterns())) > 3000
