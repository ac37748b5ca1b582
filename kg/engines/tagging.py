"""Works tagged in several processes. In: works in order. Out: their lines of JSON, in the same order.

A process gets a few hundred works at a time and gives back bytes, so that tags are never copied between processes as
values. The processes load the vocabulary while the works are still being read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from kg.engines.local import processes
from kg.engines.vocabulary import Vocabulary, tagger_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from kg.model import Work

_CHUNK: Final = 256  # works that a process gets at once: long enough to hide the way there, short enough to share out


@dataclass(frozen=True, slots=True)
class _Task:
    vocabulary: Vocabulary
    works: tuple[Work, ...]


def lines(works: Iterable[Work], vocabulary: Vocabulary, jobs: int = 1) -> Iterator[bytes]:
    """The tagged works as lines of JSON.

    Parameters
    ----------
    works : iterable of Work
        Read as far ahead as keeps the processes busy, no further.
    vocabulary : Vocabulary
    jobs : int
        Processes; 1 for this one alone.
    """
    if jobs <= 1:
        yield from _tagged(works, vocabulary)
        return
    with processes(jobs) as pool:
        try:
            for _ in range(jobs):
                pool.submit(_piece, _Task(vocabulary, ()))
            waiting: deque[Future[bytes]] = deque()
            source = iter(works)
            while chunk := tuple(islice(source, _CHUNK)):
                waiting.append(pool.submit(_piece, _Task(vocabulary, chunk)))
                if len(waiting) > 3 * jobs:
                    yield from waiting.popleft().result().splitlines(keepends=True)
            while waiting:
                yield from waiting.popleft().result().splitlines(keepends=True)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _piece(task: _Task) -> bytes:
    """The lines of some works; none to have the vocabulary loaded."""
    tagger_of(task.vocabulary)
    return b"".join(_tagged(task.works, task.vocabulary))


def _tagged(works: Iterable[Work], vocabulary: Vocabulary) -> Iterator[bytes]:
    from kg import jsonl

    for tagged in tagger_of(vocabulary).tag_all(works):
        yield jsonl.dumps(tagged)
