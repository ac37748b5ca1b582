"""Tasks on a Spark cluster. In: a function and tasks. Out: their results. Needs the extra ``alliance-kg[spark]`` and Java 17.

Every machine needs this package, and the output folder and a vocabulary of one's own under the same path (NFS, Lustre, a mounted
bucket): tasks write their files there as on one machine, under names of their own, and rename them when whole; counts alone come back to the driver. So a task
that Spark repeats, or runs twice on speculation, leaves the same bytes. Sources may lie on any file system that Hadoop reads
(``hdfs://``, ``s3a://``, ``file://``): each such file goes to a task as a whole.

The session is the one that the caller has begun, else one by ``SPARK_MASTER`` or ``spark.master``, else ``local[*]``.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kg.engines.ranges import FarSource, RangeCounts, ReadTask, read_range
from kg.errors import KgError, SourceError
from kg.readers import Source

if TYPE_CHECKING:
    from pyspark import Broadcast, SparkContext
    from pyspark.sql import SparkSession

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_SCHEMES: Final = ("hdfs:", "s3a:", "s3:", "gs:", "abfs:", "abfss:", "wasb:", "wasbs:", "file:", "viewfs:", "webhdfs:")


def is_hadoop_path(name: str) -> bool:
    """Whether a source is named by an address that Hadoop reads.

    >>> is_hadoop_path("hdfs://cluster/works"), is_hadoop_path("works.jsonl")
    (True, False)
    """
    return name.startswith(_SCHEMES)


def session() -> SparkSession:
    """The Spark session that is there, or a new one.

    Raises
    ------
    KgError
        Spark is not installed, or Java is not.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise KgError("--engine spark needs Spark: pip install 'alliance-kg[spark]', and Java 17") from None
    # Workers must run this interpreter: another one would lack the packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.appName("alliance-kg")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
    )
    master = os.environ.get("SPARK_MASTER")
    if master:
        builder = builder.master(master)
    if not master or master.startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    try:
        return builder.getOrCreate()
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise KgError(f"Spark does not start ({reason}); check Java 17 (JAVA_HOME) and the master's address") from error


class Spark:
    """Tasks on the cluster of a session; the compiled vocabulary is shipped to each machine once.

    Parameters
    ----------
    spark : SparkSession, optional
        As `session` gives it where none is given.
    """

    def __init__(self, spark: SparkSession | None = None) -> None:
        self.spark = spark or session()
        self.context: SparkContext = self.spark.sparkContext
        self.context.setLogLevel("ERROR")
        self.jobs = max(2, int(self.context.defaultParallelism))

    @cached_property
    def _compiled(self) -> Broadcast[Mapping[str, bytes]]:
        return self.context.broadcast(_cached())

    def run(self, function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[tuple[int, _Result]]:
        """Do some tasks, one a partition; gives each one's position and result."""
        if not tasks:
            return
        compiled = self._compiled

        def do(numbered: tuple[int, _Task]) -> tuple[int, _Result]:
            _unpack(compiled.value)
            return numbered[0], function(numbered[1])

        spread = self.context.parallelize(list(enumerate(tasks)), len(tasks))
        yield from spread.map(do).collect()

    def read(self, tasks: Sequence[ReadTask]) -> Iterator[RangeCounts]:
        """Read files that lie where only Hadoop reads: each by the task that gets its content."""
        if not tasks:
            return
        compiled = self._compiled
        by_address = {task.path: task for task in tasks}

        def do(found: tuple[str, bytes]) -> RangeCounts:
            _unpack(compiled.value)
            task = by_address[found[0]]
            return read_range(task, _source(task.path, task.digest, lambda: io.BytesIO(found[1])))

        yield from self.context.binaryFiles(",".join(by_address), len(tasks)).map(do).collect()

    def sources(self, names: Sequence[str]) -> list[Source]:
        """The files behind addresses that Hadoop reads, as sources: name and hash known, content fetched when it is read.

        Raises
        ------
        SourceError
            Nothing is there.
        """
        found = []
        for name in names:
            try:
                files = self.context.binaryFiles(name).mapValues(_digest).collect()
            except Exception as error:
                reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
                raise SourceError(f"{name}: cannot be read ({reason})") from error
            for address, digest in sorted(files):
                found.append(_source(address, digest, self._fetch(address)))
        return found

    def _fetch(self, address: str) -> Callable[[], io.BytesIO]:
        def fetch() -> io.BytesIO:
            return io.BytesIO(self.context.binaryFiles(address).values().first())

        return fetch


def _source(address: str, digest: str, fetch: Callable[[], io.BytesIO]) -> Source:
    source = FarSource(address.rpartition("/")[2], fetch, address=address)
    vars(source)["digest"] = digest  # known, and fetching it again costs
    return source


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _cached() -> Mapping[str, bytes]:
    """Compiled forms that this machine keeps: with them a worker begins in a fraction of a second."""
    import kg.cache

    folder = kg.cache.place("x", "x").parent
    newest: dict[str, Path] = {}
    for path in sorted(folder.glob("*-*"), key=lambda path: path.stat().st_mtime):
        if path.suffix != ".part" and path.is_file():
            newest[path.name.partition("-")[0]] = path
    return {path.name: path.read_bytes() for path in newest.values()}


def _unpack(compiled: Mapping[str, bytes]) -> None:
    """Put the driver's compiled forms where this machine looks for them, unless they are there."""
    import kg.cache

    folder = kg.cache.place("x", "x").parent
    for name, data in compiled.items():
        path = folder / name
        if not path.exists():
            _write(path, data)


def _write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.chmod(0o600)
    part.replace(path)
