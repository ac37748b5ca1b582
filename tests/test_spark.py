"""Builds on Spark: a session of this machine, and a real cluster of a master and two workers of which one is killed."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="needs alliance-kg[spark]"),
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17"),
]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "SOURCE_DATE_EPOCH": "1750000000", "PYSPARK_PYTHON": sys.executable, **more}


def build(sources: list[str], out: Path, *options: str, **env: str) -> None:
    command = [sys.executable, "-m", "kg", "build", *sources, "-o", str(out), "--no-pages", *options]
    done = subprocess.run(command, env=environment(**env), capture_output=True, text=True, timeout=400)
    assert done.returncode in (0, 1), done.stderr[-3000:]


def quads_digest(out: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted((out / "quads").rglob("*.nq")):
        digest.update(path.relative_to(out).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 2,500 works in three files: several shards."""
    from kg.authority import load
    from kg.synth import Synthesis

    folder = tmp_path_factory.mktemp("catalogue")
    works = Synthesis(load(), 5).works(2500, "mixed")
    for number in range(3):
        with (folder / f"part-{number}.jsonl").open("w", encoding="utf-8") as file:
            for _ in range(833):
                plain = next(works)
                plain["title"] = f"{plain['title']} {plain['id']}"
                kept = {key: plain[key] for key in ("id", "lang", "title", "abstract", "year")}
                file.write(json.dumps(kept, ensure_ascii=False) + "\n")
    return folder


@pytest.fixture(scope="module")
def local(catalogue: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("local") / "out"
    build([str(catalogue)], out, "--jobs", "1")
    return quads_digest(out)


def test_a_session_of_this_machine_gives_equal_quads(catalogue: Path, local: str, tmp_path: Path) -> None:
    build([str(catalogue)], tmp_path / "out", "--engine", "spark", SPARK_MASTER="local[2]")
    assert quads_digest(tmp_path / "out") == local


def test_addresses_that_hadoop_reads_give_equal_quads(catalogue: Path, local: str, tmp_path: Path) -> None:
    addresses = [f"file://{path}" for path in sorted(catalogue.iterdir())]
    build(addresses, tmp_path / "out", "--engine", "spark", SPARK_MASTER="local[2]")
    assert quads_digest(tmp_path / "out") == local


def test_an_address_needs_the_cluster(catalogue: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "build", f"file://{catalogue}", "-o", str(tmp_path / "out")]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=100)
    assert done.returncode == 2
    assert "--engine spark" in done.stderr


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def spark_class(*words: str, log: Path) -> subprocess.Popen[bytes]:
    import pyspark

    home = Path(pyspark.__file__).parent
    env = environment(SPARK_HOME=str(home), SPARK_LOCAL_IP="127.0.0.1", SPARK_WORKER_DIR=str(log.parent / "work"))
    with log.open("wb") as stream:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), *words], env=env, stdout=stream, stderr=stream, start_new_session=True
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


def wait_for(log: Path, words: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if log.exists() and words in log.read_text("utf-8", "replace"):
            return
        time.sleep(0.2)
    raise AssertionError(f"{log.name} never said {words!r}: {log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A master and two workers of one core each, as processes of their own."""
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    started = [
        spark_class(
            "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port),
            "--webui-port", str(free_port()), log=tmp_path / "master.log",
        )
    ]  # fmt: skip
    try:
        wait_for(tmp_path / "master.log", "I have been elected leader")
        for name in ("one", "two"):
            log = tmp_path / f"{name}.log"
            started.append(
                spark_class(
                    "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g",
                    "--webui-port", str(free_port()), "--work-dir", str(tmp_path / name), address, log=log,
                )
            )  # fmt: skip
            wait_for(log, "Successfully registered with master")
        yield address, started[1:]
    finally:
        for process in started:
            stop(process)


def test_a_cluster_that_loses_a_worker_loses_no_quad(
    catalogue: Path, local: str, cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    """One of two workers is killed when the first shard is written, with the executor that it began; the folder is named from here."""
    address, workers = cluster
    out = tmp_path / "out"
    command = [sys.executable, "-m", "kg", "build", str(catalogue), "-o", "out", "--no-pages", "--engine", "spark"]
    env = environment(SPARK_MASTER=address, SPARK_LOCAL_IP="127.0.0.1")
    running = subprocess.Popen(command, env=env, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 200
    while not list(out.glob(".kg-work/shards-*/0*/counts.json")):
        assert running.poll() is None, running.communicate()[1][-3000:]
        assert time.monotonic() < end
        time.sleep(0.02)
    stop(workers[0])
    _, said = running.communicate(timeout=300)
    assert running.returncode == 0, said[-3000:]
    assert quads_digest(out) == local
