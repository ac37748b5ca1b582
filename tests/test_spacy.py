"""The spaCy component gives what the tagger gives, in blank and longer pipelines, through files and processes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin

import kg.tagging.spacy_component  # noqa: F401
from kg.model import KINDS
from kg.tagging.tagger import Tagger

TAGGER = Tagger()
GOLD = Path(__file__).parent / "gold"
TEXTS = {
    "en": "The US–Japan alliance feared entrapment after NATO enlargement; al-Qaeda did not.",
    "zh": "美日同盟中的牵连与抛弃,韩国担心被盟主拖入战争。",
}


def said_by(doc: Doc) -> set[tuple[Any, ...]]:
    return {
        (one["id"], one["start"], one["end"], one["surface"], one["rule"], one["confidence"])
        for one in doc._.alliance_mentions
    }


def said_of(text: str) -> set[tuple[Any, ...]]:
    tagged = TAGGER.tag_text(text)
    return {
        (tag, m.start, m.end, m.surface, m.rule, m.confidence)
        for kind in KINDS
        for tag, found in tagged.tags(kind).items()
        for m in found
    }


def check(doc: Doc) -> None:
    """A Doc has all that the tagger says of its text, and its spans say the same by token."""
    said = said_of(doc.text)
    assert said_by(doc) == said
    spans = doc.spans["alliance_kg"]
    assert {span.id_ for span in spans} == {one[0] for one in said}
    assert {span.label_ for span in spans} <= {"STATE", "ALLIANCE", "GROUP", "CONCEPT"}
    for span in spans:
        assert span._.alliance_surface in span.text
        assert (span.id_, span._.alliance_surface, span._.alliance_rule, span._.alliance_confidence) in {
            (tag, surface, rule, confidence) for tag, _, _, surface, rule, confidence in said
        }


@pytest.mark.parametrize("lang", TEXTS)
def test_same_tags_as_the_tagger(lang: str) -> None:
    nlp = spacy.blank(lang)
    nlp.add_pipe("alliance_tagger")
    doc = nlp(TEXTS[lang])
    check(doc)
    assert doc._.alliance_focus == list(TAGGER.tag_text(TEXTS[lang]).focus)


@pytest.mark.parametrize("lang", TEXTS)
def test_same_tags_on_many_texts_in_a_longer_pipeline(lang: str) -> None:
    nlp = spacy.blank(lang)
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "NATO"}])  # type: ignore[attr-defined]
    nlp.add_pipe("alliance_tagger")
    nlp.add_pipe("merge_entities")
    lines = (GOLD / f"{lang}.jsonl").read_text(encoding="utf-8").split("\n")
    texts = [json.loads(line)["abstract"] for line in lines if line]
    for doc in nlp.pipe(texts, batch_size=7):
        assert said_by(doc) == said_of(doc.text)
        assert list(doc.sents)


def test_pipe_disk_and_docbin(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("alliance_tagger", config={"min_confidence": 0.5})
    docs = list(nlp.pipe([TEXTS["en"], "", "Nothing here."]))
    assert [bool(doc.spans["alliance_kg"]) for doc in docs] == [True, False, False]
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert again.pipe_names == ["alliance_tagger"]
    assert said_by(again(TEXTS["en"])) == said_by(docs[0])
    stored = DocBin(store_user_data=True, docs=docs[:1]).to_bytes()
    doc = next(iter(DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab)))
    assert said_by(doc) == said_by(docs[0])
    assert [(s.text, s.id_, s._.alliance_rule) for s in doc.spans["alliance_kg"]] == [
        (s.text, s.id_, s._.alliance_rule) for s in docs[0].spans["alliance_kg"]
    ]


def test_two_processes_and_a_key_of_ones_own() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("alliance_tagger", config={"spans_key": "mine"})
    docs = list(nlp.pipe([TEXTS["zh"]] * 4, n_process=2, batch_size=2))
    assert {len(doc.spans["mine"]) for doc in docs} == {len(nlp(TEXTS["zh"]).spans["mine"])}
    assert said_by(docs[3]) == said_of(TEXTS["zh"])


def test_spans_of_several_tags_in_one_place_keep_their_own_rules() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("alliance_tagger")
    doc = nlp("北约与华约的对立。安全困境与制衡,美日韩同盟。")
    check(doc)


def test_names_as_patterns_of_rulers(kg: Callable[..., Any], tmp_path: Path) -> None:
    names = tmp_path / "names.jsonl"
    assert kg("ontology", "--spacy", names).status == 0
    rows = [json.loads(line) for line in names.read_text(encoding="utf-8").split("\n") if line]
    assert len(rows) > 5000
    assert {row["label"] for row in rows} == {"STATE", "ALLIANCE", "GROUP", "CONCEPT"}
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("span_ruler")
    ruler.add_patterns([row for row in rows if row["pattern"] in {"Japan", "NATO", "entrapment"}])  # type: ignore[attr-defined]
    doc = nlp("Japan and NATO feared entrapment.")
    assert [(span.label_, span.id_) for span in doc.spans["ruler"]] == [
        ("STATE", "JPN"),
        ("ALLIANCE", "nato"),
        ("CONCEPT", "entrapment"),
    ]
