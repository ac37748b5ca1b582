"""Which of the known features stand in sentences, of many texts at once. In: masked texts with their sentences. Out: numbers of rows.

It finds what `kg.tagging.words` lists, but never makes the features that nothing is known of, which are nine in ten: English words
become numbers, of which a table says what two of them together are; Chinese runs are found by an automaton.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from kg.tagging.patterns import STATE, STATE_REST
from kg.tagging.words import COMMON, shown_english, tokens_of_english

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.int64]]

Texts = Sequence[tuple[str, Sequence[tuple[int, int]]]]
"""Masked texts, each with the spans of its sentences."""

_MOST_FORMS: Final = 50_000  # word forms that are kept; names and misprints would fill the memory


class EnglishWords:
    """Finds known English features.

    Parameters
    ----------
    rows : mapping of str to int
        Features and their rows.
    """

    def __init__(self, rows: Mapping[str, int]) -> None:
        import numpy as np

        parts = {feature: feature.split(" ") for feature in rows}
        pairs = [(words[0], words[-1], len(words), rows[feature]) for feature, words in parts.items() if len(words) > 1]
        firsts = _numbered(first for first, _, _, _ in pairs)
        seconds = _numbered(second for _, second, _, _ in pairs)
        alone = {word: row for word, row in rows.items() if len(parts[word]) == 1 and word not in COMMON}
        self._number = _numbered((*alone, *firsts, *seconds))
        n = len(self._number) + 1  # 0 is any other word
        self._alone = np.full(n, -1, dtype=np.int64)
        self._first = np.zeros(n, dtype=np.int64)
        self._second = np.zeros(n, dtype=np.int64)
        for word, number in self._number.items():
            self._alone[number] = alone.get(word, -1)
            self._first[number] = firsts.get(word, 0)
            self._second[number] = seconds.get(word, 0)
        shape = (len(firsts) + 1, len(seconds) + 1)
        row = np.min_scalar_type(-len(rows) - 1)  # the smaller the tables, the more of them stays at hand
        self._next = np.full(shape, -1, dtype=row)
        self._next_but_one = np.full(shape, -1, dtype=row)
        for first, second, length, number in pairs:
            (self._next if length == 2 else self._next_but_one)[firsts[first], seconds[second]] = number
        self._forms = _Forms(self._number)

    def find(self, texts: Texts) -> tuple[Numbers, Numbers]:
        """Numbers of sentences, counted through all texts, and the rows of features in them; with repetition."""
        import numpy as np

        sentences: list[bytes] = []
        for masked, spans in texts:
            plain = masked.replace(STATE_REST, " ").replace(STATE, _STATE).encode("ascii", "replace")
            plain = plain.translate(_BETWEEN_WORDS)
            sentences += [plain[begin:stop] for begin, stop in spans]
        forms = self._forms
        if len(forms) > _MOST_FORMS:
            forms = self._forms = _Forms(self._number)
        words = b" | | ".join(sentences).replace(_STATE.encode(), _LONE_STATE).split()
        numbers = list(map(forms.__getitem__, words))
        found = np.array(numbers, dtype=np.int64)
        if len(several := np.flatnonzero(found == _SEVERAL)):
            found = np.array(_with_parts(numbers, several.tolist(), words, forms), dtype=np.int64)
        is_end = found == _END
        sentence = np.cumsum(is_end) >> 1
        found[is_end] = 0
        first, second = self._first[found], self._second[found]
        at: list[Numbers] = []
        rows: list[Numbers] = []
        for known in (
            self._alone[found],
            self._next[first[:-1], second[1:]],
            self._next_but_one[first[:-2], second[2:]],
        ):
            places = np.flatnonzero(known >= 0)
            at.append(sentence[places])
            rows.append(known[places].astype(np.int64))
        return np.concatenate(at), np.concatenate(rows)


_STATE: Final = "\x01"
_LONE_STATE: Final = b" \x01 "
_BETWEEN_WORDS: Final = bytes(
    code if chr(code) in "abcdefghijklmnopqrstuvwxyz0123456789'" + _STATE else 32 for code in range(256)
)
_END, _SEVERAL = -1, -2


class _Forms(dict[bytes, int]):
    """The number of each form of a word, looked for when it is first met; `_SEVERAL` where it is several words or none."""

    def __init__(self, number: Mapping[str, int]) -> None:
        super().__init__({b"|": _END})
        self._of = number

    def __missing__(self, form: bytes) -> int:
        numbers = self.parts(form)
        number = self[form] = numbers[0] if len(numbers) == 1 else _SEVERAL
        return number

    def parts(self, form: bytes) -> list[int]:
        """The numbers of the words of a form: of ``mid1951`` two, of a lone apostrophe none."""
        text = form.decode("ascii").replace(_STATE, STATE)
        return [self._of.get(shown_english(word), 0) for word in tokens_of_english(text)]


def _with_parts(numbers: list[int], several: Sequence[int], words: Sequence[bytes], forms: _Forms) -> list[int]:
    """The numbers of words, with those of their parts in place of the forms that are several words or none."""
    whole: list[int] = []
    done = 0
    for at in several:
        whole += numbers[done:at]
        whole += forms.parts(words[at])
        done = at + 1
    return whole + numbers[done:]


def _numbered(words: Any) -> dict[str, int]:
    """Numbers from 1 for words."""
    return {word: number for number, word in enumerate(dict.fromkeys(words), 1)}


class ChineseRuns:
    """Finds known runs of Chinese characters, states, numbers and Latin words.

    Parameters
    ----------
    rows : mapping of str to int
        Features and their rows.
    """

    def __init__(self, rows: Mapping[str, int]) -> None:
        import ahocorasick_rs

        known = {
            _LATIN.sub(_WORD, feature.replace("<S>", STATE).replace("<N>", _NUMBER)): row
            for feature, row in rows.items()
        }
        known = {run: row for run, row in known.items() if len(run) > 1 or run in (STATE, _NUMBER)}
        self._rows = list(known.values())
        self._has_latin = any(_LATIN.search(run) for run in known)
        self._finder = ahocorasick_rs.AhoCorasick(
            list(known) or ["\0"],
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def find(self, texts: Texts) -> tuple[Numbers, Numbers]:
        """Numbers of sentences, counted through all texts, and the rows of features in them; with repetition."""
        import numpy as np

        whole = _STOP.join(masked[begin:stop] for masked, spans in texts for begin, stop in spans)
        whole = _DIGITS.sub(_NUMBER, whole.replace(STATE_REST, ""))
        if self._has_latin:
            whole = _LATIN.sub(_WORD, whole)
        whole = whole.replace(" ", "")
        matches = self._finder.find_matches_as_indexes(whole, overlapping=True)
        flat = np.fromiter(chain.from_iterable(matches), dtype=np.int64, count=3 * len(matches)).reshape(-1, 3)
        stops = np.flatnonzero(np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype=np.uint32) == ord(_STOP))
        rows = np.array(self._rows, dtype=np.int64)
        return np.searchsorted(stops, flat[:, 1]), rows[flat[:, 0]]


_STOP: Final = "\x01"
_NUMBER: Final = "\x02"
_WORD: Final = "\x03\\g<0>\x04"
_LATIN: Final = re.compile("[a-z]+")
_DIGITS: Final = re.compile("[0-9]+")
