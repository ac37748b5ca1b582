"""Readers on damaged files: the small version of the long run in ``tests/soak``, and damages that were seen to hurt."""

from __future__ import annotations

import gzip
import time

import pytest
from soak import fuzz_readers

from kg.model import Record
from kg.readers import READERS, read


def test_damaged_inputs_give_records_or_problems_and_no_traceback():
    assert fuzz_readers.run(250, seed=20) == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 5000, b"{" * 100_000, b"[" * 100_000, b'"' * 100_001, b"@" * 50_000, b"<a" * 50_000, b"<!--" * 20_000, b" " * 200_000, b"\r" * 50_000, b"1," * 100_000, b"@a{" * 30_000,
     ("TY  - JOUR\nAU  - " + "9," * 60_000).encode(), ("A" * 3_000_000).encode(), "相似文献".encode() * 30_000],
)  # fmt: skip
def test_monotonous_inputs_take_no_time(reader, data):
    began = time.process_time()
    problems = [item for item in read(data, reader=reader, name="x") if not isinstance(item, Record)]
    assert not any("the reader failed" in problem.reason for problem in problems)
    assert time.process_time() - began < 2 + 2 * len(data) / 1e6


def test_a_cut_archive_gives_what_came_before():
    lines = b"".join(
        b'{"title": "Pact %d, %s"}\n' % (n, bytes(str(n * 7919 % 10**9), "ascii") * 9) for n in range(20_000)
    )
    data = gzip.compress(lines)
    items = list(read(data[: len(data) // 2], name="works.jsonl.gz"))
    records = [item for item in items if isinstance(item, Record)]
    problems = [item for item in items if not isinstance(item, Record)]
    assert 5_000 < len(records) < 15_000
    assert "could not be read to its end" in problems[-1].reason
