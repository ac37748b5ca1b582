"""Write the README's tables from the registries: formats, commands, questions, exports.

    python tests/tools/readme_tables.py [--check]

Between `<!-- table: NAME -->` and `<!-- end -->` stands what this script makes; the rest of the file is written by hand.
With --check nothing is written, and the exit status is 1 where a file is behind.
"""

from __future__ import annotations

import re
import sys
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

    heads = {"en": ("format", "files", "written by"), "zh": ("格式", "文件", "来源")}[lang]
    rows = [
        (
            reader.label if lang == "en" else reader.label_zh,
            " ".join(f"`.{ending}`" for ending in reader.extensions),
            reader.about if lang == "en" else reader.about_zh,
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


TABLES: dict[str, Callable[[Lang], str]] = {"formats": formats, "commands": commands, "questions": questions}


def filled(text: str, lang: Lang) -> str:
    """A README with its tables as they should be."""

    def made(match: re.Match[str]) -> str:
        return f"<!-- table: {match[1]} -->\n{TABLES[match[1]](lang)}<!-- end -->"

    return re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end -->", made, text, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write both READMEs, or say which one is behind."""
    status = 0
    for name, lang in FILES.items():
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = filled(before, lang)
        if before == after:
            continue
        if "--check" in arguments:
            print(f"{name} is behind its registries: make readme", file=sys.stderr)
            status = 1
        else:
            path.write_text(after, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
