"""Made-up works with their right tags, for trials and benchmarks. In: a number, a seed, an authority. Out: gold lines.

Each work is put together from sentences with slots (``synth.toml``), filled with names of the authority, and from those
sentences of the sample that bear no tag. The tags of a work are those of its slots: right by construction.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

from kg.resources import gold_path

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.things import Alliance

Load = Literal["alliance", "general", "mixed"]
LOADS: Final[tuple[Load, ...]] = ("mixed", "alliance", "general")
_LABEL_LANG: Final = {"en": "en", "zh": "zh-Hans"}
#: Share of works on alliances in a mixed load, as in a search result; a general load has none.
_MIXED_SHARE: Final = 0.5
#: Length of an abstract in bytes, as measured on abstracts of journals.
_BYTES: Final = 1100
#: "Congo" alone may be either of two states.
_AMBIGUOUS_STATES: Final = frozenset({"COD", "COG"})


@dataclass
class _Draft:
    """A work in the making: its sentences, and the tags that they bring."""

    lang: str
    title: str = ""
    sentences: list[str] = field(default_factory=list)
    tags: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: {"states": {}, "alliances": {}, "groups": {}, "concepts": {}}
    )
    focus: list[str] = field(default_factory=list)

    def add(self, kind: str, tag: str, surface: str) -> None:
        """Note a tag with the words that support it."""
        surfaces = self.tags[kind].setdefault(tag, [])
        if surface not in surfaces:
            surfaces.append(surface)

    @property
    def n_bytes(self) -> int:
        """Length of the abstract so far."""
        return sum(len(sentence.encode()) + (self.lang == "en") for sentence in self.sentences)


class Synthesis:
    """A source of made-up works.

    Parameters
    ----------
    authority : Authority
        Where the names of states, alliances and concepts come from.
    seed : int
        Equal seeds give equal works.
    """

    def __init__(self, authority: Authority, seed: int = 1) -> None:
        self.authority = authority
        self.random = random.Random(seed)
        self.words: Mapping[str, Any] = tomllib.loads(files("kg").joinpath("synth.toml").read_text(encoding="utf-8"))
        self.pairs = sorted({a.pair for a in authority.alliances.values() if a.pair and self._is_plain(a.pair)})
        self.states = sorted(
            id for id, s in authority.states.items() if s.kind == "un_member" and id not in _AMBIGUOUS_STATES
        )
        self.pacts = sorted(id for id, pact in authority.alliances.items() if self._is_clear(pact))
        self.concepts = {lang: self._plain_concepts(lang) for lang in _LABEL_LANG}
        self.fillers = {
            lang: [*self.words[lang]["plain"], *(s for s in untagged_sentences(lang) if self._is_bare(s, lang))]
            for lang in _LABEL_LANG
        }

    def works(self, n: int, load: Load = "mixed") -> Iterator[dict[str, Any]]:
        """`n` gold lines: ``id lang title abstract authors journal year``, tags with their surfaces, ``focus``."""
        for number in range(1, n + 1):
            lang = ("zh", "en")[number % 2]
            share = {"alliance": 1.0, "general": 0.0, "mixed": _MIXED_SHARE}[load]
            draft = self._on_alliance(lang) if self.random.random() < share else self._general(lang)
            yield {
                "id": f"synth-{number:06d}",
                "lang": _LABEL_LANG[lang],
                "title": draft.title,
                "abstract": (" " if lang == "en" else "").join(draft.sentences),
                "authors": [],
                "journal": None,
                "year": self.random.randint(1950, 2025),
                **draft.tags,
                "focus": draft.focus,
            }

    def _on_alliance(self, lang: str) -> _Draft:
        """A work on one pair, with a second one in passing, concepts, states and a pact."""
        words, draft = self.words[lang], _Draft(lang)
        main, other = self.random.sample(self.pairs, 2)
        draft.focus = [main]
        draft.title = self._fill(draft, self.random.choice(words["titles"]), main)
        parts = [(self.random.choice(words["focus"]), main)]
        kinds = ["alliance", "concept", "concept", "state", "pact", "plain", "plain", "concept", "state", "plain"]
        self.random.shuffle(kinds)
        fillers = self.random.sample(self.fillers[lang], len(self.fillers[lang]))
        for kind in kinds:
            template = fillers.pop() if kind == "plain" else self.random.choice(words[kind])
            parts.append((template, other if kind == "alliance" and self.random.random() < 0.5 else main))
        for template, pair in parts:
            draft.sentences.append(self._fill(draft, template, pair))
            if draft.n_bytes > _BYTES:
                break
        while draft.n_bytes < _BYTES * 0.9 and fillers:
            draft.sentences.append(fillers.pop())
        return draft

    def _general(self, lang: str) -> _Draft:
        """A work of some other discipline; states that it names are tagged, alliances and concepts are none."""
        words, draft = self.words["general"][lang], _Draft(lang)
        field_words = self.random.choice(words["fields"])

        def fill(template: str) -> str:
            return self._capital(
                template.replace("{s}", self.random.choice(field_words["subjects"]))
                .replace("{o}", self.random.choice(field_words["objects"]))
                .replace("{n}", str(self.random.randint(10, 99)))
            )

        draft.title = fill("{s}: {o}" if lang == "en" else "{s}与{o}")
        while draft.n_bytes < _BYTES * 0.95:
            draft.sentences.append(fill(self.random.choice(words["sentences"])))
        text = " ".join([draft.title, *draft.sentences])
        for state in self.states:
            label = self.authority.states[state].labels[_LABEL_LANG[lang]]
            if label in text:
                draft.add("states", state, label)
        return draft

    def _fill(self, draft: _Draft, template: str, pair: str) -> str:
        """A sentence with its slots filled, its tags noted in the draft."""
        lang = _LABEL_LANG[draft.lang]
        label = self.authority.label
        values: dict[str, str] = {}
        notes: list[tuple[str, str, str]] = []
        parties = list(self.authority.parties(pair))
        if "{pair}" in template:
            values["pair"] = label(pair, lang)
            notes.append(("alliances", pair, values["pair"]))
            notes += [("states", s, label(s, lang) if draft.lang == "en" else values["pair"]) for s in parties]
        if "{A}" in template:
            self.random.shuffle(parties)
            values |= {
                slot: self._with_article(label(s, lang), draft.lang) for slot, s in zip("AB", parties, strict=True)
            }
            notes += [("states", state, label(state, lang)) for state in parties]
        if "{D}" in template:
            state = self.random.choice(self.states)
            values["D"] = self._with_article(label(state, lang), draft.lang)
            notes.append(("states", state, label(state, lang)))
        if "{pact}" in template:
            pact = self.random.choice(self.pacts)
            values["pact"] = label(pact, lang)
            notes.append(("alliances", pact, values["pact"]))
        if "{C}" in template:
            concept = self.random.choice(self.concepts[draft.lang])
            values["C"] = label(concept, lang)
            notes.append(("concepts", concept, values["C"]))
        sentence = template.format_map(values)
        if "{A}" in template:
            spots = [(sentence.find(values[slot]), sentence.find(values[slot]) + len(values[slot])) for slot in "AB"]
            notes.append(("alliances", pair, sentence[min(spots)[0] : max(spots)[1]]))
        sentence = self._capital(sentence)
        for kind, tag, surface in notes:
            draft.add(kind, tag, surface if surface in sentence else self._capital(surface))
        return sentence

    def _is_plain(self, pair: str) -> bool:
        """Whether a pair has a compound name in Chinese and two known states."""
        parties = self.authority.parties(pair)
        return (
            len(parties) == 2 and all(self.authority.short(s) for s in parties) and not set(parties) & _AMBIGUOUS_STATES
        )

    def _is_clear(self, pact: Alliance) -> bool:
        """Whether a pact's names name no state, so that they bring one tag only, and mean this pact alone."""
        if pact.form != "multilateral" or pact.status != "yes" or (pact.first_year or 0) < 1900:
            return False
        english, chinese = pact.labels["en"], pact.labels["zh-Hans"]
        states = self.authority.states.values()
        words = [word for state in states for word in (state.labels["en"], *state.demonyms) if len(word) > 2]
        marks = {mark for state in states for mark in state.abbr_zh}
        return not (
            "(" in english
            or any(word.rstrip("-") in english for word in words)
            or any(state.labels["zh-Hans"] in chinese for state in states)
            or any(one in marks and other in marks for one, other in pairwise(chinese))
        )

    def _is_bare(self, sentence: str, lang: str) -> bool:
        """Whether a sentence that bears no tag in its own work has no word of a concept or a state in it either."""
        if lang == "zh":
            named = (*self.authority.states.values(), *self.authority.concepts.values())
            return not any(thing.labels["zh-Hans"] in sentence for thing in named)
        words = {
            word[:6]
            for c in self.authority.concepts.values()
            for word in c.labels["en"].lower().split()
            if len(word) > 6
        }
        return not any(word[:6] in words for word in sentence.lower().split())

    def _plain_concepts(self, lang: str) -> list[str]:
        """Concepts whose label names no state (no capital letter in English), so that it brings one tag only."""
        concepts = self.authority.concepts.values()
        return sorted(
            c.id for c in concepts if not c.is_facet and c.labels["en"].islower() and c.labels[_LABEL_LANG[lang]]
        )

    @staticmethod
    def _with_article(name: str, lang: str) -> str:
        takes = name.startswith(("United", "Central", "Dominican", "Soviet")) or name.endswith(
            ("s", "Republic", "Empire")
        )
        return (
            f"the {name}" if lang == "en" and takes and name not in {"Honduras", "Cyprus", "Laos", "Belarus"} else name
        )

    @staticmethod
    def _capital(sentence: str) -> str:
        return sentence[:1].upper() + sentence[1:]


def untagged_sentences(lang: str) -> Sequence[str]:
    """Sentences of the sample that bear no tag, from those of its works that are about no alliance."""
    from kg.text import fold, sentences

    found = []
    for line in gold_path().read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        work: dict[str, Any] = json.loads(line)
        if work["lang"] != _LABEL_LANG[lang] or work["alliances"] or work["concepts"]:
            continue
        surfaces = [surface for kind in ("states", "groups") for known in work[kind].values() for surface in known]
        folded = fold(work["abstract"])
        for start, end in sentences(folded):
            sentence = folded.surface(start, end).strip()
            names = (
                any(char.isupper() for char in sentence[1:]) if lang == "en" else "国" in sentence or "]" in sentence
            )
            if not names and not any(surface in sentence for surface in surfaces):
                found.append(sentence)
    return found
