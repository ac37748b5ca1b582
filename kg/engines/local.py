"""Tasks in this process or in several on this machine. In: a function and tasks. Out: their results, as they come."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from kg.engines.ranges import RangeCounts, ReadTask

from kg.errors import SourceError

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

#: Memory that one process may need, with the vocabulary and a shard of works.
_BYTES_A_PROCESS: Final = 600 << 20


def jobs_of_machine() -> int:
    """How many processes fit this machine: one a core that we may use, and no more than there is memory for."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return max(1, cores)
    return max(1, min(cores, memory // _BYTES_A_PROCESS))


class Local:
    """Tasks on this machine.

    Parameters
    ----------
    jobs : int
        Processes; 1 for this one alone.
    """

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = jobs

    def run(self, function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[tuple[int, _Result]]:
        """Do some tasks; gives each one's position and result when it is done."""
        return run(function, tasks, self.jobs)

    def read(self, tasks: Sequence[ReadTask]) -> Iterator[RangeCounts]:
        """No source lies where this machine cannot open it.

        Raises
        ------
        SourceError
            One does.
        """
        for task in tasks:
            raise SourceError(f"{task.path}: can be read on a cluster only; add --engine spark")
        return iter(())


def run(function: Callable[[_Task], _Result], tasks: Sequence[_Task], jobs: int = 1) -> Iterator[tuple[int, _Result]]:
    """Do some tasks; gives each one's position and result when it is done.

    Parameters
    ----------
    function : callable
        Importable by its name where `jobs` is above 1.
    jobs : int
        Processes; 1 for this one alone.

    Notes
    -----
    Where the caller stops early, tasks that have not begun are dropped.
    """
    if jobs <= 1 or len(tasks) <= 1:
        for at, task in enumerate(tasks):
            yield at, function(task)
        return
    from concurrent.futures import as_completed

    pool = processes(min(jobs, len(tasks)))
    try:
        waiting = {pool.submit(function, task): at for at, task in enumerate(tasks)}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def processes(n: int) -> ProcessPoolExecutor:
    """Processes that begin fresh: a copy of this one would copy its threads' locks too."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    way = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(n, mp_context=multiprocessing.get_context(way), initializer=_collect_seldom)


def _collect_seldom() -> None:
    """Look for unused rings of objects seldom: records are many objects and no rings."""
    import gc

    gc.set_threshold(20_000, 20, 20)


class Beside(Generic[_Task, _Result]):
    """Some tasks beside what this process does meanwhile: ``with Beside(f, tasks) as beside: …; beside.wait()``.

    Parameters
    ----------
    function : callable
        Importable by its name.
    spread : bool
        Whether each has a process of its own; else they are done when they are waited for.
    """

    def __init__(self, function: Callable[[_Task], _Result], tasks: Sequence[_Task], *, spread: bool) -> None:
        self._function = function
        self._tasks = tasks
        self._pool = processes(len(tasks)) if spread else None
        self._waiting = [self._pool.submit(function, task) for task in tasks] if self._pool else []

    def wait(self) -> list[_Result]:
        """The results, when they are there."""
        if self._pool:
            return [waiting.result() for waiting in self._waiting]
        return [self._function(task) for task in self._tasks]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)


def can_spread() -> bool:
    """Whether other processes can begin like this one: not in an interactive session without a file."""
    main = sys.modules.get("__main__")
    return getattr(main, "__spec__", None) is not None or hasattr(main, "__file__")
