"""A sequence whose things lie elsewhere, the ones used last kept at hand. In: a way to fetch one. Out: a sequence."""

from __future__ import annotations

from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, overload

_Thing = TypeVar("_Thing")


class Kept(Sequence[_Thing], Generic[_Thing]):
    """Things by position, each fetched when it is asked for.

    Parameters
    ----------
    n_kept : int
        How many of those used last stay in memory.
    """

    def __init__(self, n_kept: int) -> None:
        self._n_kept = n_kept
        self._kept_things: OrderedDict[int, _Thing] = OrderedDict()

    @abstractmethod
    def fetch(self, at: int) -> _Thing:
        """The thing at a position from 0."""

    @overload
    def __getitem__(self, at: int) -> _Thing: ...
    @overload
    def __getitem__(self, at: slice) -> list[_Thing]: ...
    def __getitem__(self, at: int | slice) -> _Thing | list[_Thing]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        found = self._kept_things.get(place)
        if found is not None:
            self._kept_things.move_to_end(place)
            return found
        if not 0 <= place < len(self):
            raise IndexError(at)
        found = self._kept_things[place] = self.fetch(place)
        if len(self._kept_things) > self._n_kept:
            self._kept_things.popitem(last=False)
        return found

    def __iter__(self) -> Iterator[_Thing]:
        return (self[at] for at in range(len(self)))
