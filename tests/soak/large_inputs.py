"""Read files of 50 MB that are made to hurt. In: a size. Out: time and peak memory of each; exit status 1 where one is too much.

::

    python tests/soak/large_inputs.py [--megabytes 50]

Each is read by a process of its own: lines as long as the file, quotation marks and brackets that nothing closes, one record
that never ends, rows of a few bytes. What must hold: no traceback, less than 300 MB, no more than two seconds a megabyte.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

MEMORY_MB = 300
SECONDS_A_MB = 2.0
READ = """
import sys, time
from pathlib import Path
from kg.readers import Problem, read
began = time.process_time()
n = [0, 0]
for item in read(sys.argv[1]):
    is_problem = isinstance(item, Problem)
    n[is_problem] += 1
    if is_problem and "the reader failed" in item.reason:
        print(item, file=sys.stderr)
took = time.process_time() - began
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
print(n[0], n[1], took, peak)
"""


def inputs() -> Iterator[tuple[str, bytes, bytes, bytes]]:
    """Name, beginning, what is repeated up to the size, end."""
    text = "allies keep their promises 同盟 and ".encode()
    yield "one-line.json", b'[{"title": "On Pacts", "abstract": "', text, b'"}]'
    yield "one-line.jsonl", b'{"title": "On Pacts", "abstract": "', text, b'"}\n'
    yield (
        "array.json",
        b"[",
        b'{"title": "On Pacts", "abstract": "Allies keep their promises, and they say why."},',
        b"{}]",
    )
    yield "open-strings.json", b'[{"title": "On Pacts"},', b'"a', b""
    yield "deep.json", b"", b'{"title": [', b""
    yield "unclosed.csv", b"title,abstract\n", b'"On Pacts","Allies\n', b""
    yield "one-cell.csv", b'title,abstract\nOn Pacts,"', text, b'"\n'
    yield "wide.csv", b"title,abstract\n", b"a," * 500, b"\n"
    yield "rows.csv", b"title,abstract\n", b"On Pacts,Allies keep their promises\n", b""
    yield "one-record.ris", b"TY  - JOUR\nTI  - On Pacts\nAB  - ", text + b"\n", b"ER  - \n"
    yield "many-names.ris", b"TY  - JOUR\nTI  - On Pacts\n", b"AU  - Doe, Jane\n", b"ER  - \n"
    yield "no-end.ris", b"", b"TY  - JOUR\nTI  - On Pacts\n", b""
    yield "open.bib", b"@article{a, title={On Pacts}, abstract={", text, b""
    yield "many.bib", b"", b"@article{a, title={On Pacts}, year=2001}\n", b""
    yield (
        "one-record.xml",
        b"<xml><records><record><source-app/><titles><title>",
        text,
        b"</title></titles></record></records></xml>",
    )
    yield (
        "damaged.xml",
        b"<xml><records><source-app/>",
        b"<record><titles><title>On Pacts</titel></record>",
        b"</records></xml>",
    )
    yield "open.xml", b"<xml><records><source-app/>", b"<record><titles>", b""
    yield (
        "one-cell.html",
        b"<table><tr><th>title</th><th>abstract</th></tr><tr><td>On Pacts</td><td>",
        text,
        b"</td></tr></table>",
    )
    yield "rows.html", b"<table><tr><th>title</th></tr>", b"<tr><td>On Pacts</td></tr>", b"</table>"
    yield (
        "listing.txt",
        "同盟 被引:1\n张三 《样刊》2005,22(6):33-39\n".encode(),
        "内容提要同盟".encode(),
        "\n相似文献\n".encode(),
    )
    yield "citations.txt", b"", "[1]张三.同盟论[J].样刊,2001,12(3):1-9.\n".encode(), b""
    yield (
        "wrapped-citation.txt",
        "[1]张三.同盟论[J].样刊,2001.\n[2]李四.同盟论[J].样刊,2001.\n".encode(),
        text + b"\n",
        b"",
    )
    yield (
        "wrapped-listing.txt",
        "同盟 被引:1\n张三 《样刊》2005,22(6):33-39\n".encode(),
        "内容提要同盟\n".encode(),
        "\n相似文献\n".encode(),
    )
    yield "wrapped.bib", b"@article{a, title={On Pacts}, abstract={", text + b"\n", b"}}"
    yield "labels.txt", b"", "【题名】同盟论\n【作者】张三\n【文摘】同盟。\n".encode(), b""
    yield "tagged.enw", b"", b"%0 Journal Article\n%T On Pacts\n%A Doe, Jane\n", b""
    yield "nothing.txt", b"", text, b""
    yield "utf16.txt", b"\xff\xfe", "RT Journal Article\nT1 同盟论\n".encode("utf-16-le"), b""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--only", default="", help="part of a name")
    options = parser.parse_args()
    size = options.megabytes * 1_000_000
    n_bad = 0
    for name, begin, middle, end in inputs():
        if options.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            with path.open("wb") as file:
                file.write(begin)
                block = middle * max(1, 1_000_000 // len(middle))
                for _ in range(max(1, size // len(block))):
                    file.write(block)
                file.write(end)
            done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=False)
            n_megabytes = path.stat().st_size / 1e6
        if done.returncode or done.stderr:
            n_bad += 1
            print(f"{name}: {done.stderr.strip()[-400:]}", flush=True)
            continue
        n_records, n_problems, took, peak = done.stdout.split()
        is_bad = int(peak) > MEMORY_MB or float(took) > SECONDS_A_MB * n_megabytes or n_records == n_problems == "0"
        n_bad += is_bad
        print(
            f"{'BAD ' if is_bad else ''}{name}: {n_megabytes:.0f} MB, {n_records} records, {n_problems} problems, "
            f"{float(took) / n_megabytes:.2f} s a MB, peak {peak} MB",
            flush=True,
        )
    return 1 if n_bad else 0


if __name__ == "__main__":
    sys.exit(main())
