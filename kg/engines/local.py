"""Run shards in processes of this machine. In: tasks. Out: their counts, in the order in which they are done.

A worker gets the setting once, reads the works of its task from a file and writes a folder; only counts come back. How
many processes there are is a matter of time alone.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Final, TypeVar

from kg.engines.shards import Setting, ShardCounts, ShardTask, write_shard
from kg.errors import KgError

#: Memory that one process takes, in MB: the tagger, the works of a shard and their triples.
PROCESS_MB: Final = 400

Task = TypeVar("Task")
Result = TypeVar("Result")

_given: Any = None  # what a worker process got when it began


def run(tasks: Iterable[ShardTask], setting: Setting, *, processes: int | None = None) -> Iterator[ShardCounts]:
    """Write shards, several at a time.

    Parameters
    ----------
    tasks : iterable of ShardTask
    setting : Setting
    processes : int or None
        None for `default_processes`; 1 runs them in this process.
    """
    return each(write_shard, list(tasks), setting, processes=processes)


def each(
    work: Callable[[Task, Setting], Result],
    tasks: Sequence[Task],
    setting: Any,
    *,
    processes: int | None = None,
) -> Iterator[Result]:
    """Do something with each task in processes; results come as they are done.

    Parameters
    ----------
    work : callable
        A function of a module; called with a task and the setting.
    tasks : sequence
        Taken up in this order.
    """
    processes = min(processes or default_processes(), len(tasks))
    if processes <= 1:
        for task in tasks:
            yield work(task, setting)
        return
    context = multiprocessing.get_context(_method())
    with ProcessPoolExecutor(processes, context, _begin, (setting,)) as pool:
        rest = iter(tasks)
        running: set[Future[Result]] = set()
        try:
            while True:
                for task in islice(rest, processes * 2 - len(running)):
                    running.add(pool.submit(_do, work, task))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        except BrokenProcessPool:
            raise KgError(
                "a process of the build was ended from outside, perhaps for want of memory; build again to go on, "
                "or with --processes 1"
            ) from None
        finally:
            for future in running:
                future.cancel()


def default_processes() -> int:
    """As many processes as there are cores for this one, and memory for."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    except (AttributeError, ValueError, OSError):
        memory = 4096
    return max(1, min(cores, 64, memory // 2 // PROCESS_MB))


def _method() -> str:
    """Forking gives a process all that is loaded; beside threads, which a fork would lose, it starts anew."""
    may_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return "fork" if may_fork else "spawn"


def _begin(setting: Any) -> None:
    global _given
    _given = setting


def _do(work: Callable[[Task, Any], Result], task: Task) -> Result:
    return work(task, _given)
