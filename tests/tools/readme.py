"""Write what a README takes from the program: tables of the registries, and what the commands in it answer.

    python tests/tools/readme.py [--check]

Between `<!-- table: NAME -->` and `<!-- end -->` stands a table that this script makes. In a block of kind `console`
stands after each line `$ kg …` what that command prints on the sample. The rest of the file is written by hand.
With --check nothing is written, and the exit status is 1 where a file is behind.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from kg.tables import markdown_table

ROOT = Path(__file__).resolve().parents[2]
Lang = Literal["en", "zh"]
FILES: dict[str, Lang] = {"README.md": "en", "README.zh-CN.md": "zh"}


def formats(lang: Lang) -> str:
    """What is read."""
    from kg.readers import READERS

    heads = {
        "en": ("format", "files", "written by", "real files seen"),
        "zh": ("格式", "文件", "来源", "见过真实文件"),
    }[lang]
    seen = {"en": "yes", "zh": "是"}[lang]
    rows = [
        (
            reader.label if lang == "en" else reader.label_zh,
            " ".join(f"`.{ending}`" for ending in reader.extensions),
            reader.about if lang == "en" else reader.about_zh,
            seen if reader.seen else "",
        )
        for reader in READERS.values()
    ]
    return markdown_table(heads, rows)


def commands(lang: Lang) -> str:
    """What can be called."""
    from kg.cli import COMMANDS, SECTIONS

    heads = {"en": ("to", "command", "does"), "zh": ("用途", "命令", "作用")}[lang]
    rows = []
    for section, section_zh in SECTIONS.items():
        for number, (name, entry) in enumerate((n, e) for n, e in COMMANDS.items() if e.section == section):
            shown = section if lang == "en" else section_zh
            rows.append((shown if not number else "", f"`kg {name}`", entry.en if lang == "en" else entry.zh))
    return markdown_table(heads, rows)


def questions(lang: Lang) -> str:
    """What can be asked by name."""
    from kg.query import questions as registry

    heads = {"en": ("no.", "question", "asks", "needs"), "zh": ("编号", "名称", "问题", "需给出")}[lang]
    rows = [
        (q.number, f"`{q.name}`", q.title(lang), ", ".join(f"`{one.name}`" for one in q.inputs)) for q in registry()
    ]
    return markdown_table(heads, rows)


def exports(lang: Lang) -> str:
    """What can be written."""
    from kg.export import EXPORTS

    heads = {"en": ("format", "file", "what it is"), "zh": ("格式", "文件", "内容")}[lang]
    rows = [
        (f"`{one.name}`", f"`{one.suffix}`", one.label_en if lang == "en" else one.label_zh) for one in EXPORTS.values()
    ]
    return markdown_table(heads, rows)


def scale(lang: Lang) -> str:
    """What builds of growing size took, as `tests/bench/bench_scale.py` recorded it."""
    said = json.loads((ROOT / "tests" / "bench" / "scale.json").read_text("utf-8"))
    stages = {
        "en": {"read": "read", "merge": "merge", "tag and write quads": "tag", "join": "join", "load": "store", "networks and pages": "pages", "index": "index"},
        "zh": {"read": "读取", "merge": "合并", "tag and write quads": "标注", "join": "汇总", "load": "入库", "networks and pages": "网页", "index": "索引"},
    }[lang]  # fmt: skip
    heads = {
        "en": ("records", "on alliances", "seconds", "processor seconds", "memory of all processes, MB", "disk, KB a work on alliances", "share of each stage, %"),
        "zh": ("题录数", "与同盟有关", "用时（秒）", "处理器用时（秒）", "全部进程内存（MB）", "磁盘占用（KB／篇相关文献）", "各阶段占比（%）"),
    }[lang]  # fmt: skip
    shown = []
    for row in (*said["rows"], *said["relevant"]):
        total = sum(row["shares"].values())
        shares = ", ".join(f"{name} {100 * row['shares'].get(key, 0) / total:.0f}" for key, name in stages.items())
        shown.append(
            (f"{row['records']:,}", f"{row['relevant']:,}", f"{row['seconds']:.0f}", f"{row['cpu_s']:.0f}" if "cpu_s" in row else "–", f"{row['peak_mb']:,}", f"{1000 * row['disk_mb'] / row['relevant']:.0f}", shares)
        )  # fmt: skip
    return markdown_table(heads, shown)


def speed(lang: Lang) -> str:
    """What questions took on two stores, as `tests/bench/bench_store.py --record` recorded it."""
    folder = ROOT / "tests" / "bench"
    both = [json.loads((folder / name).read_text("utf-8")) for name in ("store.json", "store-large.json")]
    rows = {
        "en": ("quads a work", "bytes a work on disk", "load, seconds", "a usual pair: median, slowest question", "the busiest pair, first 50 rows", "the same, all rows, first question of a new process", "the whole graph, from the cache", "the finder, counts of facets included", "memory of a process that asks, MB", "`kg check`, seconds", "memory of it, MB"),
        "zh": ("每篇四元组", "每篇占磁盘（字节）", "入库（秒）", "一般的国家对：中位数、最慢的问题", "文献最多的国家对，前50行", "同上，全部行，新进程的第一问", "全图，取自缓存", "检索，含各项计数", "提问进程的内存（MB）", "`kg check`（秒）", "其内存（MB）"),
    }[lang]  # fmt: skip
    on = {"en": "{:,} works (pairs of {:,} and {:,})", "zh": "{:,} 篇（国家对 {:,} 与 {:,} 篇）"}[lang]
    heads = (
        {"en": "milliseconds where nothing else is said", "zh": "未注明者为毫秒"}[lang],
        *(on.format(said["works"], said["usual"], said["busiest"]) for said in both),
    )

    def cells(said: dict[str, float]) -> tuple[str, ...]:
        asked = [f"{said[f'{key}_median']:.0f}, {said[f'{key}_slowest']:.0f}" for key in ("usual", "first", "cold")]
        size = [f"{said[key]:,.0f}" for key in ("quads_a_work", "bytes_a_work", "load_s")]
        rest = [f"{said[key]:,.0f}" for key in ("finder_slowest", "asking_mb", "check_s", "check_mb")]
        return (*size, *asked, f"{said['cached_slowest']:.1f}", *rest)

    return markdown_table(heads, list(zip(rows, *map(cells, both), strict=True)))


TABLES: dict[str, Callable[[Lang], str]] = {
    "formats": formats,
    "exports": exports,
    "commands": commands,
    "questions": questions,
    "scale": scale,
    "speed": speed,
}


def filled(text: str, lang: Lang, folder: Path) -> str:
    """A README with its tables and answers as they should be.

    Parameters
    ----------
    folder : Path
        Where the commands are run: has the sample's graph in ``output/``.
    """

    def table(match: re.Match[str]) -> str:
        return f"<!-- table: {match[1]} -->\n{TABLES[match[1]](lang)}<!-- end -->"

    def console(match: re.Match[str]) -> str:
        answered = []
        for line in match[1].splitlines():
            if line.startswith("$ kg "):
                answered += [line, *answer(line.removeprefix("$ "), folder).splitlines()]
        return "```console\n" + "\n".join(answered) + "\n```"

    text = re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end -->", table, text, flags=re.DOTALL)
    return re.sub(r"^```console\n(.*?)^```", console, text, flags=re.DOTALL | re.MULTILINE)


def prepare(folder: Path) -> None:
    """What the commands of a README find where they are run: a graph, the sample and its right tags."""
    from kg import pipeline

    shutil.copytree(ROOT / "data" / "sample", folder / "sample")
    shutil.copy(ROOT / "data" / "sample" / "library.ris", folder / "my-records.ris")
    shutil.copy(ROOT / "tests" / "gold" / "digests.jsonl", folder / "gold.jsonl")
    pipeline.build([folder / "sample"], folder / "output", pipeline.Options(pages=False))


def answer(command: str, folder: Path) -> str:
    """What a command prints: its data, then its words."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)], cwd=folder, env=environment, capture_output=True, check=False
    )
    if run.returncode == 2:
        raise RuntimeError(f"{command}: {run.stderr.decode()}")
    return run.stdout.decode() + run.stderr.decode()


def main(arguments: list[str]) -> int:
    """Write both READMEs, or say which one is behind."""
    status = 0
    folder = Path(tempfile.mkdtemp(prefix="kg-readme-"))
    prepare(folder)
    for name, lang in FILES.items():
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = filled(before, lang, folder)
        if before == after:
            continue
        if "--check" in arguments:
            print(f"{name} is behind the program: make readme", file=sys.stderr)
            status = 1
        else:
            path.write_text(after, encoding="utf-8")
    shutil.rmtree(folder)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
