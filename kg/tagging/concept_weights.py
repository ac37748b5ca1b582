"""What words speak for a concept: weights learned from annotated works. In: sentences. Out: a score for each concept, and its words.

``ontology/weights/concepts-LANG.tsv`` holds a linear model a language: the concepts in the first line, the score of each for no
words at all in the second, then a feature (`kg.tagging.words`) a line with the concepts that it speaks for or against. The score of
a sentence is the sum of the weights of its features over the root of their number. ``tests/tools/fit_concepts.py`` makes the files.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import kg.cache
from kg.errors import OntologyError
from kg.tagging.known_words import ChineseRuns, EnglishWords, Texts
from kg.tagging.words import words_of

if TYPE_CHECKING:
    import numpy as np

_CLAUSE: Final = re.compile(r"[^,;:，；：、。.!?！？()（）“”\"—–]+")
_LONG: Final = {"en": 90, "zh": 26}  # characters of a clause that is shown whole


class Evidence(NamedTuple):
    """The words of a sentence that speak most for a concept: their place, and the features that weigh most."""

    start: int
    end: int
    words: tuple[str, ...]


class ConceptWeights:
    """The linear model of one language.

    Parameters
    ----------
    path : Path
        Its file.

    Attributes
    ----------
    concepts : tuple of str
        Ids, in the order of the columns of every array.
    columns : dict of str to int

    Raises
    ------
    OntologyError
        The file is not there or has a fault; says which line.
    """

    def __init__(self, path: Path, lang: str) -> None:
        self.lang = lang
        data = path.read_bytes() if path.is_file() else b""
        if not data:
            raise OntologyError(f"{path} is not there: the installation is not whole; install alliance-kg again")
        place = kg.cache.place("weights", hashlib.sha256(data).hexdigest())
        kept = kg.cache.read(place)
        if not isinstance(kept, tuple):
            kept = _read(data.decode("utf-8"), path)
            kg.cache.write(place, kept)
        self.concepts: tuple[str, ...] = kept[0]
        self.columns = {concept: at for at, concept in enumerate(self.concepts)}
        self._bias, self._rows, self._matrix = kept[1:]

    @classmethod
    def made(
        cls,
        lang: str,
        concepts: Sequence[str],
        rows: dict[str, int],
        matrix: np.ndarray[Any, np.dtype[np.float32]],
        bias: np.ndarray[Any, np.dtype[np.float32]],
    ) -> ConceptWeights:
        """A model that stands in no file yet: the row of each feature, its weights, the score of each concept for no words."""
        model = cls.__new__(cls)
        model.lang, model.concepts = lang, tuple(concepts)
        model.columns = {concept: at for at, concept in enumerate(concepts)}
        model._rows, model._matrix, model._bias = rows, matrix, bias
        return model

    @cached_property
    def _finder(self) -> ChineseRuns | EnglishWords:
        return ChineseRuns(self._rows) if self.lang == "zh" else EnglishWords(self._rows)

    def score(self, texts: Texts) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Scores of the sentences of masked texts, as log odds: sentences, counted through all texts, by concepts."""
        import numpy as np

        n = sum(len(spans) for _, spans in texts)
        scores = np.empty((n, len(self.concepts)), dtype=np.float32)
        scores[:] = self._bias
        sentences, rows = self._finder.find(texts)
        n_rows = len(self._rows)
        each_once = np.sort(sentences * n_rows + rows)
        each_once = each_once[np.flatnonzero(np.diff(each_once, prepend=-1))]
        sentences, rows = np.divmod(each_once, n_rows)
        begins = np.flatnonzero(np.diff(sentences, prepend=-1))
        counts = np.diff(begins, append=len(sentences))
        # The first feature of every sentence, then the second of those that have one, and so on: each step is one addition of arrays
        order = np.argsort(-counts, kind="stable")
        begins, counts = begins[order], counts[order]
        sums = np.zeros((len(counts), len(self.concepts)), dtype=np.float32)
        n_with = np.searchsorted(-counts, -np.arange(counts[0] if len(counts) else 0), side="left")
        for number, n_here in enumerate(n_with.tolist()):
            sums[:n_here] += self._matrix[rows[begins[:n_here] + number]]
        scores[sentences[begins]] += sums / np.sqrt(counts).astype(np.float32)[:, None]
        return scores

    def evidence(self, concept: int, masked: str, span: tuple[int, int]) -> Evidence:
        """The clause of a sentence that speaks most for a concept, or the strongest part of a long one.

        Parameters
        ----------
        concept : int
            Its column.
        """
        begin, stop = span
        weight_at = [0.0] * (stop - begin + 1)
        weights = [
            (float(self._matrix[self._rows[word], concept]), word, start, end)
            for word, start, end in words_of(masked, begin, stop, self.lang)
            if word in self._rows
        ]
        for weight, _, start, end in weights:
            share = weight / (end - start)
            for at in range(start - begin, end - begin):
                weight_at[at] += share
        clauses = [match.span() for match in _CLAUSE.finditer(masked, begin, stop) if match.group().strip()]
        first, last = max(
            clauses or [span], key=lambda clause: math.fsum(weight_at[clause[0] - begin : clause[1] - begin])
        )
        if last - first > _LONG[self.lang]:
            first, last = _heaviest(weight_at, begin, first, last)
            if self.lang == "en":
                while first > begin and not masked[first - 1].isspace():
                    first -= 1
                while last < stop and masked[last].isalnum():
                    last += 1
        while first < last and masked[first].isspace():
            first += 1
        while last > first and masked[last - 1].isspace():
            last -= 1
        best = sorted(
            {(-weight, word) for weight, word, start, end in weights if start >= first and end <= last and weight > 0}
        )
        return Evidence(first, last, tuple(word for _, word in best[:3]))


def _heaviest(weight_at: list[float], begin: int, first: int, last: int) -> tuple[int, int]:
    """The part of a clause whose characters weigh most beyond the clause's mean."""
    mean = math.fsum(weight_at[first - begin : last - begin]) / (last - first)
    best, here, start = 0.0, 0.0, first
    found = (first, last)
    for at in range(first, last):
        here += weight_at[at - begin] - mean
        if here <= 0:
            here, start = 0.0, at + 1
        elif here > best:
            best, found = here, (start, at + 1)
    return found


def _read(text: str, path: Path) -> tuple[Any, ...]:
    """Concepts, their bias, the row of each feature, the weights."""
    import numpy as np

    lines = text.splitlines()
    concepts = tuple(lines[0].split("\t"))
    bias = np.array([float(value) for value in lines[1].split("\t")], dtype=np.float32)
    matrix = np.zeros((len(lines) - 2, len(concepts)), dtype=np.float32)
    rows: dict[str, int] = {}
    for number, line in enumerate(lines[2:]):
        try:
            feature, weights = line.split("\t")
            for item in weights.split(" "):
                column, _, weight = item.partition(":")
                matrix[number, int(column)] = int(weight) / 10
        except (ValueError, IndexError):
            raise OntologyError(
                f"{path}, line {number + 3}: not a feature and its weights; make the file again"
            ) from None
        rows[feature] = number
    return concepts, bias, rows, matrix
