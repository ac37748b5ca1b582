"""The demonstration. In: a folder. Out: the sample's graph in it, the answers to three questions, which file to open."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from kg import find, pipeline
from kg.door import Graph
from kg.resources import sample_dir
from kg.tables import plain, terminal_table

#: The alliance that the demonstration asks for.
PAIR: Final = "美日"
_MOST: Final = 5


def run(folder: Path, *, opens: bool, say: Callable[[str], None], show: Callable[[str], None]) -> int:
    """Build the graph of the sample, ask it three questions, and say where to go on.

    Parameters
    ----------
    folder : Path
        Where to build.
    opens : bool
        Open the first page in a browser.
    say, show : callable
        Told what happens; given the answers.

    Returns
    -------
    int
        The exit status.
    """
    say("building the graph of the sample …")
    built = pipeline.build([sample_dir()], folder, say=say)
    graph = Graph(folder)
    show("1. Which works discuss the alliance of Japan and the United States?  哪些文献讨论日美同盟?\n")
    show(f"   kg find --pair {PAIR}\n\n")
    show(_works(graph.find(pair=PAIR, limit=_MOST).works))
    show("\n2. Which alliances of two states are discussed most?  哪些双边同盟被讨论得最多?\n   kg pairs\n\n")
    pairs = graph.pairs()[:_MOST]
    rows = [(pair.label_en, pair.label_zh, pair.n_works, pair.n_in_focus) for pair in pairs]
    show(terminal_table(("alliance", "同盟", "works", "in focus"), rows))
    show("\n3. Which concepts do the works on NATO use?  讨论北约的文献使用哪些概念?\n")
    show("   kg query concepts-of-pair --bind alliance=NATO\n\n")
    concepts = graph.query("concepts-of-pair", alliance="NATO").dicts()[:_MOST]
    cells = [(row["concept_en"], row["concept_zh"], row["works"]) for row in concepts]
    show(terminal_table(("concept", "概念", "works"), cells))
    first = (folder / "index.html").resolve()
    show(f"\nOpen this file in a browser 用浏览器打开: {first}\n")
    if opens:
        webbrowser.open(first.as_uri())
    return built.report.exit_status


def _works(works: Iterable[find.Found]) -> str:
    """Works with their surest sentence."""
    lines = []
    for work in works:
        lines.append(plain(f"   {work.year or '----'}  {work.title}  [{work.id}]"))
        lines += [plain("         " + " ".join(one.sentence.split())) for one in work.evidence[:1]]
    return "".join(f"{line}\n" for line in lines)
