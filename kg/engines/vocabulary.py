"""The vocabulary of a build in any process. In: where its files are. Out: an authority, and the tagger of it, made once."""

from __future__ import annotations

import gc
import multiprocessing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.tagging.tagger import Tagger


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Where a process finds the vocabulary, what `kg.authority.load` takes, as strings; and how sure a tag must be.

    Parameters
    ----------
    overlay : str
        Empty for none.
    vocabularies : tuple of str
    mode : str
    min_confidence : float
        Mentions below it are left out.
    """

    overlay: str = ""
    vocabularies: tuple[str, ...] = ()
    mode: str = "add"
    min_confidence: float = 0.0

    def load(self) -> Authority:
        """The authority."""
        from kg.authority import load

        return load(
            Path(self.overlay) if self.overlay else None, [Path(one) for one in self.vocabularies], mode=self.mode
        )


#: The vocabulary that comes with the package.
OURS: Final = Vocabulary()


@lru_cache(maxsize=2)
def tagger_of(vocabulary: Vocabulary) -> Tagger:
    """The tagger of a vocabulary, made once in a process."""
    from kg.tagging.tagger import Tagger

    tagger = Tagger(vocabulary.load(), min_confidence=vocabulary.min_confidence)
    if multiprocessing.parent_process() is not None:
        gc.freeze()  # a process of ours keeps its tables to the end: going through them for garbage takes 5 to 10 % of its time
    return tagger
