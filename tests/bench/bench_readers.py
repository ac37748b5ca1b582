"""How fast files are read, against a known reader of each format in the same run.

    python tests/bench/bench_readers.py [--works 5000] [--rounds 3] [--seed 1] [--json FILE]

OpenAlex JSON Lines against `orjson.loads` of the same lines (which gives dictionaries and no works), RIS against `rispy`, CSV
against `pandas`, `polars` (which give columns, not works) and `polars` with its rows as dictionaries, as far as they are
installed. Files are made up from a seed: OpenAlex records of 11 KB with all that the API says, RIS and CSV with abstracts of about
1.1 KB. Our times include the hash of the file, by which a build knows it again. Medians of CPU time; the peers of a round run one
after the other. Memory is that of one pass over a file of n and of 4 n works.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_records


def ours(path: Path) -> int:
    """Every record of a file, made and let go."""
    from kg.model import Record
    from kg.readers import read

    return sum(isinstance(item, Record) for item in read(path))


def with_orjson(path: Path) -> int:
    import orjson

    with path.open("rb") as file:
        return sum(bool(orjson.loads(line)) for line in file)


def with_rispy(path: Path) -> int:
    import rispy

    with path.open(encoding="utf-8") as file:
        return len(rispy.load(file))


def with_pandas(path: Path) -> int:
    import pandas

    return len(pandas.read_csv(path, dtype=str))


def with_polars(path: Path) -> int:
    import polars

    return len(polars.read_csv(path, infer_schema=False))


def with_polars_rows(path: Path) -> int:
    import polars

    return len(polars.read_csv(path, infer_schema=False).to_dicts())


def is_there(peer: Callable[[Path], int], path: Path) -> bool:
    """Whether a peer is installed; its first run is not measured."""
    try:
        peer(path)
    except ImportError:
        return False
    return True


def cpu_seconds(run: Callable[[], object]) -> float:
    """CPU time of one call, threads included."""
    began = time.process_time()
    run()
    return time.process_time() - began


def peak_mb(path: Path) -> int:
    """Peak memory of a process that reads one file. (That of `resource` would begin with the parent's.)"""
    code = (
        "import sys\nfrom pathlib import Path\nfrom kg.readers import read\nfor _ in read(sys.argv[1]): pass\n"
        "print(int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024)"
    )
    return int(
        subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
    )


def measure(n: int, rounds: int, seed: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    formats: tuple[tuple[str, str, Callable[..., Any], dict[str, Callable[[Path], int]]], ...] = (
        ("openalex", "works.jsonl", made_records.openalex_lines, {"orjson.loads": with_orjson}),
        ("ris", "works.ris", made_records.ris, {"rispy": with_rispy}),
        (
            "csv",
            "works.csv",
            made_records.csv_lines,
            {"pandas": with_pandas, "polars": with_polars, "polars, rows": with_polars_rows},
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, file_name, make, peers in formats:
            path, larger = Path(folder) / file_name, Path(folder) / f"larger-{file_name}"
            path.write_bytes(b"".join(make(n, seed)))
            with larger.open("wb") as file:
                file.writelines(make(4 * n, seed))
            runs = {"ours": ours, **{who: peer for who, peer in peers.items() if is_there(peer, path)}}
            assert ours(path) == n
            times: dict[str, list[float]] = {who: [] for who in runs}
            for _ in range(rounds):
                for who, run in runs.items():
                    times[who].append(cpu_seconds(lambda run=run, path=path: run(path)))  # type: ignore[misc]
            medians = {who: statistics.median(values) for who, values in times.items()}
            found[name] = {
                "file_mb": round(path.stat().st_size / 1e6, 1),
                "us_a_work": {who: round(value / n * 1e6, 1) for who, value in medians.items()},
                "speed_of_peer": {who: round(medians[who] / medians["ours"], 2) for who in runs if who != "ours"},
                "peak_mb": [peak_mb(path), peak_mb(larger)],
            }
            larger.unlink()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.works, options.rounds, options.seed)
    for name, row in found.items():
        times = ", ".join(f"{who} {value} µs a work" for who, value in row["us_a_work"].items())
        speeds = ", ".join(f"{speed} of {who}" for who, speed in row["speed_of_peer"].items()) or "no peer installed"
        small, large = row["peak_mb"]
        print(
            f"{name}: {row['file_mb']} MB; {times}; speed {speeds}; peak memory {small} MB, of 4 times the file {large} MB"
        )
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
