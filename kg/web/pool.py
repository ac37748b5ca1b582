"""Worker processes for strangers' queries. In: queries. Out: their answers in pieces, or why there is none.

A query starts in a *young* place. One that is not done after a moment grows *old*: it is moved to one of few old places
and made less urgent for the system, or, where these are taken, stopped. So a flood of heavy queries holds the old places
and a moment each of the young ones, and an ordinary query gets through. Of those that wait, the newest goes first: under
a flood it is the one whose sender is still there. At its deadline a query is killed with its process.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final, Literal

from kg.errors import KgError, QueryError, QueryTimeout, StoreError
from kg.store import current_generation
from kg.web.frames import DATA, END, ERROR, HEAD, LARGEST, QUESTION, READY, frame

_START_S: Final = 30.0
_NICE: Final = 10


class Busy(KgError):
    """No place for a query; `after_s` is when to come back."""

    def __init__(self, message: str, after_s: int) -> None:
        super().__init__(message)
        self.after_s = after_s


class TooMany(Busy):
    """More queries wait than may."""


class TooLarge(KgError):
    """An answer, or what it takes to make it, is over its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What strangers may use.

    Parameters
    ----------
    timeout_s : float
        Of one query, waiting included.
    young_s : float
        After which a query must have an old place.
    n_young, n_old : int
        Places; together the most worker processes there are.
    n_waiting : int
        Queries that may wait for a place.
    memory_mb : int
        What one query may take beyond the open store.
    most_bytes : int
        Of one answer.
    longest_query : int
        In characters.
    """

    timeout_s: float = 10.0
    young_s: float = 0.25
    n_young: int = 4
    n_old: int = 2
    n_waiting: int = 64
    memory_mb: int = 1024
    most_bytes: int = 256 << 20
    longest_query: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query that has passed `kg.sparql.form_of`.

    Parameters
    ----------
    query : str
    form : str
        Of the answer, as `kg.answers` calls it.
    default_graphs, named_graphs : tuple of str
        IRIs; either one replaces the union of all graphs.
    """

    query: str
    form: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True


class _Worker:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process, generation: str) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self.generation = generation
        self.stdin = process.stdin
        self.stdout = process.stdout
        self.is_old = False

    @classmethod
    async def start(cls, store: Path, limits: Limits) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "kg.web.worker",
            str(store),
            str(limits.memory_mb),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (_SOURCE, os.environ.get("PYTHONPATH"))))},
        )
        worker = cls(process, "")
        try:
            kind, payload = await asyncio.wait_for(worker.read(), _START_S)
        except (asyncio.IncompleteReadError, TimeoutError):
            worker.kill()
            raise StoreError(f"{store}: a worker process could not open the store") from None
        assert kind == READY
        worker.generation = payload.decode()
        return worker

    async def read(self) -> tuple[bytes, bytes]:
        """The next frame."""
        kind, length = HEAD.unpack(await self.stdout.readexactly(HEAD.size))
        if length > LARGEST:
            raise asyncio.IncompleteReadError(b"", length)
        return kind, await self.stdout.readexactly(length)

    async def ask(self, question: Question, limits: Limits) -> None:
        plain = {
            "query": question.query,
            "form": question.form,
            "default_graphs": question.default_graphs,
            "named_graphs": question.named_graphs,
            "union": question.union,
            "most_bytes": limits.most_bytes,
            "timeout_s": limits.timeout_s,
        }
        self.stdin.write(frame(QUESTION, json.dumps(plain).encode()))
        await self.stdin.drain()

    def grow_old(self) -> None:
        """Let the system prefer others; only its superior may undo that."""
        self.is_old = True
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _NICE)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


_SOURCE: Final = str(Path(__file__).resolve().parent.parent.parent)


@dataclass
class Place:
    """Where a query runs."""

    age: Literal["young", "old"] = "young"


@dataclass
class Pool:
    """The processes of one store.

    Parameters
    ----------
    store : Path
        Folder with CURRENT.
    limits : Limits
    """

    store: Path
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._places = {"young": 0, "old": 0}
        self._waiting: list[asyncio.Future[None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def __aenter__(self) -> Pool:
        self._idle.append(await _Worker.start(self.store, self.limits))
        self._closed = False
        self._refill()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        for worker in [*self._idle, *self._busy]:
            worker.kill()
        for worker in [*self._idle, *self._busy]:
            await worker.process.wait()
        self._idle.clear()

    @property
    def n_processes(self) -> int:
        """Processes that are alive."""
        return len(self._idle) + len(self._busy)

    def pids(self) -> list[int]:
        """Ids of the processes."""
        return [worker.process.pid for worker in [*self._idle, *self._busy]]

    async def answer(self, question: Question) -> AsyncIterator[bytes]:
        """The answer in pieces; raises before the first piece, or breaks off after it.

        Raises
        ------
        Busy, TooMany
            No place was free in time, or too many wait.
        QueryTimeout
            The deadline has passed.
        QueryError
            The query is wrong.
        TooLarge
            The answer or the memory that it takes is over its limit.
        """
        deadline = monotonic() + self.limits.timeout_s
        place = await self._enter(deadline)
        worker: _Worker | None = None
        try:
            worker = await self._worker()
            self._busy.add(worker)
            await worker.ask(question, self.limits)
            ripe = monotonic() + self.limits.young_s
            while True:
                kind, payload = await self._frame(worker, place, ripe, deadline)
                if kind == DATA:
                    yield payload
                elif kind == END:
                    self._keep(worker)
                    worker = None
                    return
                else:
                    self._keep(worker)
                    worker = None
                    raise _failure(json.loads(payload))
        except (asyncio.IncompleteReadError, ConnectionError, BrokenPipeError):
            raise TooLarge(
                f"the query was stopped: it took more than {self.limits.memory_mb} MB of memory; ask for less"
            ) from None
        finally:
            if worker is not None:  # killed at its deadline, or its client went away
                self._drop(worker)
            self._leave(place)

    async def _frame(self, worker: _Worker, place: Place, ripe: float, deadline: float) -> tuple[bytes, bytes]:
        """The next frame; on the way the query may grow old."""
        reading = asyncio.ensure_future(worker.read())
        try:
            if place.age == "young":
                done, _ = await asyncio.wait({reading}, timeout=max(0.0, min(ripe, deadline) - monotonic()))
                if not done:
                    self._grow_old(worker, place)
            done, _ = await asyncio.wait({reading}, timeout=max(0.0, deadline - monotonic()))
            if not done:
                raise QueryTimeout(f"the query was stopped at its time limit of {self.limits.timeout_s:g} s")
            return reading.result()
        finally:
            if not reading.done():
                reading.cancel()
                with suppress(asyncio.CancelledError, asyncio.IncompleteReadError):
                    await reading

    # Places

    async def _enter(self, deadline: float) -> Place:
        if self._places["young"] < self.limits.n_young:
            self._places["young"] += 1
            return Place()
        if len(self._waiting) >= self.limits.n_waiting:
            raise TooMany(f"more than {self.limits.n_waiting} queries wait; come back later", 5)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait_for(turn, max(0.0, deadline - monotonic()))
        except TimeoutError:
            raise Busy(
                f"no worker was free within the time limit of {self.limits.timeout_s:g} s",
                int(self.limits.timeout_s) or 1,
            ) from None
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(Place())
            raise
        finally:
            with suppress(ValueError):
                self._waiting.remove(turn)
        return Place()

    def _leave(self, place: Place) -> None:
        if place.age == "young":
            while self._waiting:
                turn = self._waiting.pop()
                if not turn.done():
                    turn.set_result(None)  # the place goes over
                    return
        self._places[place.age] -= 1

    def _grow_old(self, worker: _Worker, place: Place) -> None:
        if self._places["old"] >= self.limits.n_old:
            raise Busy(
                f"the query takes more than {self.limits.young_s:g} s and all {self.limits.n_old} places for such "
                "queries are taken; come back later",
                int(self.limits.timeout_s) or 1,
            )
        self._places["old"] += 1
        self._leave(Place())
        place.age = "old"
        worker.grow_old()

    # Processes

    async def _worker(self) -> _Worker:
        """A process that has the current generation open."""
        generation = current_generation(self.store)
        while self._idle:
            worker = self._idle.pop()
            if worker.generation == generation and worker.process.returncode is None:
                return worker
            worker.kill()
        return await _Worker.start(self.store, self.limits)

    def _keep(self, worker: _Worker) -> None:
        self._busy.discard(worker)
        if len(self._idle) < self.limits.n_young and not self._closed and not worker.is_old:
            self._idle.append(worker)
        else:
            self._drop(worker)

    def _drop(self, worker: _Worker) -> None:
        self._busy.discard(worker)
        worker.kill()
        self._run(worker.process.wait())
        self._refill()

    def _refill(self) -> None:
        """Start processes ahead of need."""
        if not self._closed and len(self._idle) + len(self._tasks) < self.limits.n_young:
            self._run(self._add())

    async def _add(self) -> None:
        with suppress(StoreError):
            worker = await _Worker.start(self.store, self.limits)
            if self._closed or len(self._idle) >= self.limits.n_young:
                worker.kill()
            else:
                self._idle.append(worker)

    def _run(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _failure(error: dict[str, str]) -> Exception:
    if error["kind"] in ("size", "memory"):
        return TooLarge(error["message"])
    return QueryError(error["message"])


__all__ = ["ERROR", "Busy", "Limits", "Place", "Pool", "Question", "TooLarge", "TooMany"]
