"""How fast files are read, against a known reader of each format in the same run.

    python tests/bench/bench_readers.py [--works 5000] [--rounds 3] [--seed 1] [--json FILE]

OpenAlex JSON Lines against `orjson.loads` of the same lines (which gives dictionaries and no works), RIS against `rispy`, CSV
against `polars` or `pandas`, whichever is installed (which give columns, not works). Files are made up from a seed: OpenAlex
records of 11 KB with all that the API says, RIS and CSV with abstracts of about 1.1 KB. Medians of CPU time; the peers of a round run
one after the other. Memory is that of one pass over a file of n and of 4 n works.
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


def with_dataframe(path: Path) -> int:
    try:
        import polars
    except ImportError:
        import pandas

        return len(pandas.read_csv(path, dtype=str))
    return len(polars.read_csv(path, infer_schema=False))


def cpu_seconds(run: Callable[[], object]) -> float:
    """CPU time of one call, threads included."""
    began = time.process_time()
    run()
    return time.process_time() - began


def peak_mb(path: Path) -> int:
    """Peak memory of a process that reads one file."""
    code = (
        "import resource, sys\nfrom kg.readers import read\nfor _ in read(sys.argv[1]): pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    return int(
        subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
    )


def measure(n: int, rounds: int, seed: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    formats = (
        ("openalex", "works.jsonl", made_records.openalex_lines, with_orjson, "orjson.loads"),
        ("ris", "works.ris", made_records.ris, with_rispy, "rispy"),
        ("csv", "works.csv", made_records.csv_lines, with_dataframe, "dataframe"),
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, file_name, make, peer, peer_name in formats:
            path, larger = Path(folder) / file_name, Path(folder) / f"larger-{file_name}"
            path.write_bytes(b"".join(make(n, seed)))
            with larger.open("wb") as file:
                file.writelines(make(4 * n, seed))
            times: dict[str, list[float]] = {"ours": [], peer_name: []}
            try:
                peer(path)
            except ImportError:
                peer = None  # type: ignore[assignment]
            assert ours(path) == n
            for _ in range(rounds):
                times["ours"].append(cpu_seconds(lambda path=path: ours(path)))  # type: ignore[misc]
                if peer is not None:
                    times[peer_name].append(cpu_seconds(lambda path=path, peer=peer: peer(path)))  # type: ignore[misc]
            medians = {who: statistics.median(values) for who, values in times.items() if values}
            found[name] = {
                "file_mb": round(path.stat().st_size / 1e6, 1),
                "us_a_work": {who: round(value / n * 1e6, 1) for who, value in medians.items()},
                "speed_of_peer": round(medians[peer_name] / medians["ours"], 2) if peer_name in medians else None,
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
        print(
            f"{name}: {row['file_mb']} MB; {times}; {row['speed_of_peer']} times the peer's speed; peak memory {row['peak_mb'][0]} MB, of 4 times the file {row['peak_mb'][1]} MB"
        )
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
