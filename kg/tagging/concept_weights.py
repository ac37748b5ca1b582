"""What words speak for a concept: weights learned from annotated works. In: sentences. Out: a score for each concept, and its words.

``ontology/weights/concepts-LANG.tsv`` holds a linear model a language: the concepts in the first line, the score of each for no
words at all in the second, then a feature (`kg.tagging.words`) a line with the concepts that it speaks for or against. The score of
a sentence is the sum of the weights of its features over the root of their number. ``tests/tools/fit_concepts.py`` makes the files.
"""

from __future__ import annotations

import hashlib
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import kg.cache
from kg.errors import OntologyError
from kg.tagging.words import Words, words_of

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

    def score(
        self, masked: str, spans: list[tuple[int, int]]
    ) -> tuple[np.ndarray[Any, np.dtype[np.float32]], list[Words]]:
        """Scores of sentences, as log odds, sentences by concepts; and the known features of each sentence."""
        import numpy as np

        rows = self._rows
        scores = np.empty((len(spans), len(self.concepts)), dtype=np.float32)
        known: list[Words] = []
        for at, (begin, stop) in enumerate(spans):
            found = [word for word in words_of(masked, begin, stop, self.lang) if word[0] in rows]
            known.append(found)
            numbers = sorted({rows[word] for word, _, _ in found})
            if numbers:
                scores[at] = self._matrix[numbers].sum(axis=0) / math.sqrt(len(numbers)) + self._bias
            else:
                scores[at] = self._bias
        return scores, known

    def evidence(self, concept: int, words: Words, masked: str, span: tuple[int, int]) -> Evidence:
        """The clause of a sentence that speaks most for a concept, or the strongest part of a long one.

        Parameters
        ----------
        concept : int
            Its column.
        words : sequence of (feature, start, end)
            The known features of the sentence.
        """
        begin, stop = span
        weight_at = [0.0] * (stop - begin + 1)
        weights = [(float(self._matrix[self._rows[word], concept]), word, start, end) for word, start, end in words]
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
