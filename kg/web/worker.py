"""A process that answers one query at a time and may be killed. In: questions on stdin. Out: frames on stdout.

Run by `kg.web.pool` as ``python -m kg.web.worker STORE MEMORY``. It holds one generation of the store for its life. What
it may use of memory and time is limited by the system, so that it dies of a query that takes too much, and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import IO, Any, Final, cast

from kg.web.frames import DATA, END, ERROR, HEAD, QUESTION, READY, frame

BLOCK: Final = 1 << 16


def main(arguments: list[str]) -> int:
    """Answer until stdin ends."""
    store_folder, memory_mb = Path(arguments[0]), int(arguments[1])
    _die_with_parent()
    output = os.dup(1)
    os.dup2(2, 1)  # nothing but frames may reach the server
    from kg.store import LocalStore

    store = LocalStore(store_folder)
    _limit_memory(memory_mb)
    _send(output, frame(READY, (store.generation or "").encode()))
    while (question := _question()) is not None:
        _limit_time(question["timeout_s"])
        _answer(store, question, output)
    return 0


def _question() -> dict[str, Any] | None:
    head = sys.stdin.buffer.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    payload = sys.stdin.buffer.read(length)
    assert kind == QUESTION
    question: dict[str, Any] = json.loads(payload)
    return question


def _answer(store: Any, question: dict[str, Any], output: int) -> None:
    from kg.errors import KgError

    try:
        writer = _Writer(output, question["most_bytes"])
        solutions = _ask(store, question)
        _write(solutions, question["form"], writer)
        writer.flush()
        _send(output, frame(END))
    except _TooLarge:
        _fail(output, "size", f"the answer is larger than {question['most_bytes']} bytes; ask for less with LIMIT")
    except SyntaxError as error:
        _fail(output, "syntax", str(error))
    except MemoryError:
        _fail(output, "memory", "the query takes too much memory")
    except KgError as error:
        _fail(output, "query", str(error))
    except (OSError, RuntimeError, ValueError) as error:
        _fail(output, "query", str(error))


def _ask(store: Any, question: dict[str, Any]) -> Any:
    import pyoxigraph

    graphs = [[pyoxigraph.NamedNode(iri) for iri in question[key]] for key in ("default_graphs", "named_graphs")]
    if any(graphs):
        # Either list makes the data set; without one of them that part is empty.
        nowhere = [pyoxigraph.NamedNode("urn:x-kg:nowhere")]
        return store.raw.query(question["query"], default_graph=graphs[0] or nowhere, named_graphs=graphs[1] or nowhere)
    return store.raw.query(question["query"], use_default_graph_as_union=question["union"])


def _write(solutions: Any, form: str, writer: _Writer) -> None:
    import pyoxigraph

    from kg.answers import graph_format, used_prefixes

    if isinstance(solutions, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean):
        kind = getattr(pyoxigraph.QueryResultsFormat, form.upper())
        solutions.serialize(cast("IO[bytes]", writer), format=kind)
    else:
        sink = cast("IO[bytes]", writer)
        pyoxigraph.serialize(solutions, sink, format=graph_format(form), prefixes=used_prefixes(form))


class _TooLarge(Exception):
    pass


class _Writer:
    """Sends what is written in blocks, and stops at a size."""

    def __init__(self, output: int, most_bytes: int) -> None:
        self.output = output
        self.left = most_bytes
        self.block = bytearray()

    def write(self, data: bytes) -> int:
        self.left -= len(data)
        if self.left < 0:
            raise _TooLarge
        self.block += data
        if len(self.block) >= BLOCK:
            self.send()
        return len(data)

    def flush(self) -> None:
        """Called by pyoxigraph when it is done."""
        if self.block:
            self.send()

    def send(self) -> None:
        _send(self.output, frame(DATA, bytes(self.block)))
        self.block.clear()


def _fail(output: int, kind: str, message: str) -> None:
    _send(output, frame(ERROR, json.dumps({"kind": kind, "message": message}).encode()))


def _send(output: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(output, view) :]


# Limits


def _limit_memory(memory_mb: int) -> None:
    import resource

    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if _has_proc() else 0
    limit = used + memory_mb * (1 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(timeout_s: float) -> None:
    """A limit of CPU time, for the day when no server is left to kill the process."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(usage.ru_utime + usage.ru_stime + 2 * timeout_s) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def _has_proc() -> bool:
    return Path("/proc/self/statm").exists()


def _die_with_parent() -> None:
    """On Linux the system kills this process when the server is gone, however it went."""
    import ctypes
    import signal

    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except (OSError, AttributeError):  # another system: the limit of CPU time holds
        return


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
