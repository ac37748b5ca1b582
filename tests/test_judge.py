"""Concepts are judged by rules, words and how common they are, as learned from annotated works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.authority import load
from kg.errors import OntologyError
from kg.model import Text, Work, WorkId
from kg.resources import ontology_dir
from kg.tagging.concept_judge import ConceptJudge, Features
from kg.tagging.concept_weights import ConceptWeights
from kg.tagging.known_words import ChineseRuns, EnglishWords
from kg.tagging.patterns import STATE, STATE_REST
from kg.tagging.tagger import Tagger
from kg.tagging.words import words_of

WEIGHTS = ontology_dir() / "weights"
LEARNED = sorted((Path(__file__).parent / "gold" / "learn").glob("*.jsonl"))
TAGGER = Tagger()


def test_a_state_is_one_word_and_endings_do_not_matter() -> None:
    masked = f"{STATE}{STATE_REST * 4} feared wars"
    assert [word for word, _, _ in words_of(masked, 0, len(masked), "en")] == [
        "<S>", "<S> fear", "<S> _ war", "fear", "fear war", "war",
    ]  # fmt: skip
    masked = f"{STATE}怕战争，1951年"
    assert [word for word, _, _ in words_of(masked, 0, len(masked), "zh")] == [
        "<S>", "<S>怕", "<S>怕战", "<S>怕战争", "怕战", "怕战争", "战争", "<N>", "<N>年",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_weights_are_of_concepts_that_there_are(lang: str) -> None:
    weights = ConceptWeights(WEIGHTS / f"concepts-{lang}.tsv", lang)
    concepts = {concept.id for concept in load().concepts.values() if not concept.is_facet}
    assert set(weights.concepts) <= concepts
    learned = json.loads((WEIGHTS / "judge.json").read_text("utf-8"))[lang]
    assert set(learned["base"]) == set(weights.concepts)
    assert set(learned["weights"]) == set(Features._fields)
    assert learned["precision"] > 0.75


def test_words_alone_are_shown_as_evidence() -> None:
    n_shown = 0
    for name in ("en-2", "zh-2"):
        for line in (LEARNED[0].parents[1] / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            work = Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),))
            fields = work.fields()
            for found in TAGGER.tag(work).concepts.values():
                for mention in found:
                    if mention.rule == "concept-words":
                        n_shown += 1
                        assert fields[mention.field][mention.start : mention.end] == mention.surface
                        assert mention.surface.strip() == mention.surface != ""
    assert n_shown > 40


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_known_words_of_many_texts_are_those_of_each_sentence(lang: str) -> None:
    rows = ConceptWeights(WEIGHTS / f"concepts-{lang}.tsv", lang)._rows
    texts = [("", []), ("'' mid1951 the 'allies' U.S.|x 同 盟1951年abc国", [(0, 15), (15, 44)])]
    for line in (LEARNED[0].parents[1] / f"{lang}-2.jsonl").read_text("utf-8").splitlines()[:40]:
        row = json.loads(line)
        work = Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),))
        texts += [(field.masked, field.sentences) for field in TAGGER.prepared(work)]
    expected = [
        {rows[word] for word, _, _ in words_of(masked, begin, stop, lang) if word in rows}
        for masked, spans in texts
        for begin, stop in spans
    ]
    found: list[set[int]] = [set() for _ in expected]
    sentences, known = (ChineseRuns(rows) if lang == "zh" else EnglishWords(rows)).find(texts)
    for sentence, row_number in zip(sentences.tolist(), known.tolist(), strict=True):
        found[sentence].add(row_number)
    assert found == expected
    assert sum(map(len, found)) > 1000


def test_every_mention_of_a_concept_is_as_sure_as_the_concept() -> None:
    tagged = TAGGER.tag_text("美韩同盟中，韩国担心被美国拖入与己无关的战争，也怕关键时刻无人来救。")
    assert {"entrapment", "abandonment"} <= set(tagged.concepts)
    for mentions in tagged.concepts.values():
        assert len({mention.confidence for mention in mentions}) == 1


def test_a_file_with_a_fault_is_named(tmp_path: Path) -> None:
    path = tmp_path / "concepts-en.tsv"
    path.write_text("entrapment\tabandonment\n-4\t-4\nfear\t0:12\nleft 1:9\n", "utf-8")
    with pytest.raises(OntologyError, match=r"concepts-en\.tsv, line 4"):
        ConceptWeights(path, "en")
    with pytest.raises(OntologyError, match="not whole"):
        ConceptWeights(tmp_path / "none.tsv", "en")
    path.write_text("entrapment\n-4\nfear\t0:12\n", "utf-8")
    with pytest.raises(OntologyError, match="fit_concepts"):
        ConceptJudge(tmp_path, {"entrapment"}).language("en")


@pytest.mark.parametrize("path", LEARNED, ids=lambda path: path.stem)
def test_works_that_weights_are_learned_from_say_what_they_are_said_to_say(path: Path) -> None:
    concepts = load().concepts
    seen = set()
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        text = f"{row['title'] or ''}\n{row['abstract']}"
        assert row["id"] not in seen
        seen.add(row["id"])
        for kind in ("states", "alliances", "concepts"):
            for tag, surfaces in row[kind].items():
                assert kind != "concepts" or tag in concepts, (row["id"], tag)
                assert all(surface in text for surface in surfaces), (row["id"], tag)
        assert set(row["focus"]) <= set(row["alliances"]), row["id"]
    assert len(seen) > 40
