"""Damage files and read them. In: a number of inputs, a seed. Out: what went wrong, as lines; exit status 1 where something did.

::

    python tests/soak/fuzz_readers.py 200000 --seed 1

Each input is an example of a format, cut, spliced, repeated, re-encoded or with bytes changed. What must hold: no exception,
no more than two seconds a megabyte, a bounded memory, and no loss in silence: where a source has content, there is a record or a
problem that names it.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures" / "readers"
SECONDS_A_MB = 2.0
GRACE_S = 0.75
PIECES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n\n", b'"', b"'", b"{", b"}", b"[", b"]", b"<", b">", b"&", b"&amp;lt;", b"@article{", b"TY  - ", b"ER  - ",
    b"%0 ", b"]]>", b"<![CDATA[", b"\\", b"$", b"\xe4\xbd", b"\xa1\x40", "\ud83d".encode("utf-16-le", "surrogatepass"), "\u2028".encode(), "美".encode("gb18030"),
    "總".encode("big5"), "é".encode("latin-1"), b"0" * 500, b"a" * 5000, b"{" * 300, b"[" * 300, b"<a>" * 200, b",,,,,,", b"\t\t\t", b"\x1b[31m",
    "相似文献".encode(), "《".encode(), "总被引:".encode(), b"\x84\x31\xa4\x37",
)  # fmt: skip


def seeds(folder: Path) -> list[bytes]:
    """The examples of all formats, what programs write in them, and a Zotero database."""
    sys.path.insert(0, str(ROOT))
    import test_programs
    import zotero_library

    found = [path.read_bytes() for path in sorted(FIXTURES.iterdir()) if path.is_file()]
    found += test_programs.FILES.values()
    works = [
        {
            "key": "AAAA1111",
            "title": "On Pacts",
            "abstractNote": "Pacts bind.",
            "date": "2001-00-00 2001",
            "creators": [("Jane", "Doe")],
        }
    ]
    found.append(zotero_library.make(folder / "zotero.sqlite", works).read_bytes())
    return found


def damaged(data: bytes, dice: random.Random, others: list[bytes]) -> bytes:
    """The bytes with one to four kinds of damage."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(data))
        kind = dice.randrange(10)
        if kind == 0:
            data = data[:at]
        elif kind == 1:
            data = data[at:]
        elif kind == 2:
            data = data[:at] + dice.choice(PIECES) + data[at:]
        elif kind == 3:
            end = min(len(data), at + dice.randint(1, 40))
            data = data[:at] + data[end:]
        elif kind == 4 and data:
            changed = bytearray(data)
            for _ in range(dice.randint(1, 20)):
                changed[dice.randrange(len(changed))] = dice.randrange(256)
            data = bytes(changed)
        elif kind == 5:
            other = dice.choice(others)
            data = data[:at] + other[dice.randint(0, len(other)) :]
        elif kind == 6:
            end = min(len(data), at + dice.randint(1, 400))
            data = data[:end] + data[at:end] * dice.randint(1, 8) + data[end:]
        elif kind == 7:
            data = data.replace(b"\n", dice.choice((b"\r", b"\r\n", b"", b"\n\n")))
        elif kind == 8:
            try:
                text = data.decode()
                data = text.encode(dice.choice(("gb18030", "utf-16", "utf-16-le", "utf-8-sig", "big5")), "replace")
            except UnicodeDecodeError:
                pass
        else:
            data = data[at:] + data[:at]
        data = data[:400_000]
    return data


def faults(data: bytes, reader: str | None) -> Iterator[str]:
    """What is wrong with the reading of one input."""
    from kg.model import Record
    from kg.readers import Problem, read

    began = time.process_time()
    n_records = n_problems = 0
    try:
        for item in read(data, reader=reader, name="fuzzed"):
            if isinstance(item, Record):
                n_records += 1
            else:
                assert isinstance(item, Problem)
                n_problems += 1
                if "the reader failed" in item.reason:
                    yield str(item)
                if not item.where.startswith("fuzzed"):
                    yield f"a problem that does not name its source: {item}"
    except Exception as error:
        yield f"{type(error).__name__}: {error}"
    took = time.process_time() - began
    if took > GRACE_S + SECONDS_A_MB * len(data) / 1e6:
        yield f"{took:.2f} s for {len(data)} bytes"
    if data.strip() and not n_records and not n_problems:
        yield "nothing read and nothing said"


def run(n: int, seed: int, report: Path | None = None) -> list[str]:
    """Read `n` damaged inputs; what went wrong, each with the number that makes it again."""
    from kg.readers import READERS

    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        examples = seeds(Path(folder))
        for number in range(n):
            dice = random.Random(f"{seed}/{number}")
            data = damaged(dice.choice(examples), dice, examples)
            reader = dice.choice([None, None, *READERS])
            for fault in faults(data, reader):
                found.append(f"{seed}/{number} {reader}: {fault}")
                if report is not None:
                    (report / f"{seed}-{number}.bin").write_bytes(data)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=int, nargs="?", default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the inputs that failed")
    options = parser.parse_args()
    began = time.perf_counter()
    found = run(options.n, options.seed, options.keep)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for fault in found[:100]:
        print(fault)
    print(f"{options.n} inputs, {len(found)} faults, {time.perf_counter() - began:.0f} s, peak memory {peak} MB")
    return 1 if found or peak > 300 else 0


if __name__ == "__main__":
    sys.exit(main())
