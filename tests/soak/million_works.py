"""Read, merge and deduplicate many OpenAlex-shaped records. In: a number (a million). Out: seconds and peak memory, as JSON.

::

    python tests/soak/million_works.py 1000000
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))


def write(path: Path, n: int) -> None:
    """Records with what we read of them and a little more, some 2 KB each; one in ten doubles an earlier one."""
    import made_records
    import orjson

    dice = random.Random(7)
    with path.open("wb") as file:
        for work in made_records.works(n):
            whole = made_records.openalex(work, dice)
            for name in ("locations", "referenced_works", "related_works", "concepts", "counts_by_year", "topics"):
                whole.pop(name)
            file.write(orjson.dumps(whole, option=orjson.OPT_APPEND_NEWLINE))


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(n: int) -> None:
    from kg.model import Record
    from kg.readers import read
    from kg.works import merge

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "works.jsonl"
        write(path, n)
        began = time.perf_counter()
        n_read = sum(isinstance(item, Record) for item in read(path))
        read_s, read_mb = time.perf_counter() - began, peak_mb()
        began = time.perf_counter()
        merged = merge(item for item in read(path) if isinstance(item, Record))
        merge_s = time.perf_counter() - began
        n_texts = sum(len(work.texts) for work in merged.works)
        print(
            json.dumps(
                {
                    "records": n_read, "file_mb": path.stat().st_size >> 20, "read_s": round(read_s, 1), "peak_mb_after_reading": read_mb,
                    "read_and_merge_s": round(merge_s, 1), "works": len(merged.works), "merged": merged.n_merged, "pairs": len(merged.pairs),
                    "texts": n_texts, "all_s": round(time.perf_counter() - began, 1), "peak_mb": peak_mb(),
                }
            )
        )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
