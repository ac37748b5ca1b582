"""How a build is spread over processes and machines. In: sources. Out: records read, works in shards, shards tagged.

Each stage is a list of independent tasks, values that can be sent anywhere; a task reads its own range of the input, writes
its own files (under another name first, then renamed), and gives back counts, never tags. So a task that is repeated does
no harm, one that was done is not done again, and the result does not depend on how many processes there are.

========== ================================================== ==================================
stage      task → function                                    what comes back
========== ================================================== ==================================
read       `ranges.ReadTask` → `ranges.read_range`            `ranges.RangeCounts`
shard      all records → `gather.gather`                      `gather.Gathered`
tag        `shards.TagTask` → `shards.tag_shard`              `shards.ShardCounts`
========== ================================================== ==================================

`local` runs tasks in this process or in several; `spark` on a cluster. Another engine needs one method, `Engine.run`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from kg.engines.ranges import RangeCounts, ReadTask

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class Engine(Protocol):
    """Where tasks are done.

    Attributes
    ----------
    jobs : int
        About how many are done at once.
    """

    jobs: int

    def run(self, function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[tuple[int, _Result]]:
        """Do some tasks, in any order; gives each one's position and result.

        A task may be done twice or again after a failure: `function` leaves the same files.
        """
        ...

    def read(self, tasks: Sequence[ReadTask]) -> Iterator[RangeCounts]:
        """Read sources that this process cannot open (`kg.engines.ranges.FarSource`)."""
        ...
