"""The command line. In: arguments. Out: data on stdout, words on stderr, exit status 0, 1 or 2.

``COMMANDS`` is the table of all commands; the module of one is loaded when it is called, so that ``kg --help`` is fast.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NamedTuple

import click

from kg import __version__
from kg.errors import KgError


class Entry(NamedTuple):
    """A command: its part of the help, the module that has it, and what it does in both languages."""

    section: str
    module: str
    en: str
    zh: str


SECTIONS: Final = {"ask": "提问", "build": "构建", "look": "浏览", "curate": "核校"}

COMMANDS: Final[dict[str, Entry]] = {
    "find": Entry(
        "ask",
        "find",
        "works on an alliance, state or concept, with the sentences that say so",
        "查找讨论某同盟、国家或概念的文献，并列出原句为证",
    ),
    "pairs": Entry(
        "ask",
        "ask",
        "each alliance pair: works, in focus, in passing, first and last year",
        "各双边同盟的文献数：作为主题、一笔带过、最早与最晚年份",
    ),
    "query": Entry(
        "ask",
        "ask",
        "a SPARQL file, or a question by its number or name",
        "执行 SPARQL 文件，或按编号、名称执行现成问题",
    ),
    "questions": Entry("ask", "ask", "the questions that come with the program", "列出随程序提供的现成问题"),
    "explain": Entry(
        "ask",
        "explain",
        "a text with its tags, their rules, and what was rejected",
        "显示一段文本的标签、所用规则及未采纳的解读",
    ),
    "build": Entry(
        "build",
        "build",
        "read sources, tag them, write the graph, tables and pages",
        "读取来源、标注，并写出图谱、表格与网页",
    ),
    "tag": Entry("build", "build", "tagged works as JSON Lines", "输出标注后的文献（JSON Lines）"),
    "inspect": Entry("build", "build", "what a file is, and its first records", "判断文件格式并显示前几条记录"),
    "demo": Entry(
        "build",
        "build",
        "the sample, three answers, and which file to open",
        "用样例演示：三个问题的答案与可打开的网页",
    ),
    "ontology": Entry("build", "build", "the vocabulary as SKOS/OWL", "以 SKOS/OWL 输出词表"),
    "check": Entry("build", "build", "integrity of a graph", "检查图谱的完整性"),
    "export": Entry("build", "build", "a graph in other formats", "以其他格式导出图谱"),
    "serve": Entry(
        "look", "look", "pages, files and a SPARQL endpoint on this machine", "在本机提供网页、文件与 SPARQL 端点"
    ),
    "dossier": Entry(
        "look", "look", "all on an alliance or a concept in one file", "把一个同盟或概念的全部材料汇成一个文件"
    ),
    "view": Entry("look", "look", "one small interactive graph as an HTML file", "生成一个小型交互图（HTML）"),
    "score": Entry(
        "curate",
        "curate",
        "precision and recall against gold tags, and each miss",
        "对照金标准计算准确率与召回率，列出差错",
    ),
    "suggest": Entry("curate", "curate", "frequent phrases that no tag explains", "列出尚无标签解释的常见词语"),
    "duplicates": Entry(
        "curate", "curate", "records that were merged, and doubtful pairs", "列出已合并及存疑的重复记录"
    ),
    "synth": Entry(
        "curate", "curate", "made-up works with their right tags, for trials", "生成带正确标签的人造文献，供试验之用"
    ),
}


class Commands(click.Group):
    """All commands of the table, loaded when they are called, listed by section."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded; None for a name that the table does not have."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(f"kg.commands.{entry.module}"), cmd_name, None)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; an unknown name says which ones are near."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=2)
            hint = f" Did you mean {' or '.join(repr(name) for name in near)}?" if near else " See: kg --help"
            raise click.UsageError(f"no command is called '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under the headings ask, build, look, curate."""
        for section in SECTIONS:
            with formatter.section(section):
                formatter.write_dl([(name, entry.en) for name, entry in COMMANDS.items() if entry.section == section])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", prog_name="kg", message="%(prog)s %(version)s")
def kg() -> None:
    """Tag states, alliances and concepts in bibliographic records on international alliances, in Chinese and
    English, and ask the graph made of them.

    Data goes to stdout, words to stderr. Exit status: 0 all done; 1 done, but records were skipped or faults
    found; 2 could not run.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str or None
        Without the program's name; None takes those of the process.

    Returns
    -------
    int
        0 all done; 1 done, but records were skipped or faults found; 2 could not run.
    """
    _open_streams()
    if arguments is None:
        gc.set_threshold(20_000, 20, 20)  # a process of ours: its values are many and make no rings
    arguments = [_decoded(argument) for argument in (sys.argv[1:] if arguments is None else arguments)]
    try:
        status = kg.main(args=arguments, prog_name="kg", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        click.echo("stopped", err=True)
        return 2
    except BrokenPipeError:
        # The reader of a pipe has seen enough (kg find … | head): no fault of ours.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        return 0
    except (KgError, OSError) as error:
        click.echo(f"kg: {_words(error)}", err=True)
        return 2
    except Exception as error:
        if os.environ.get("KG_TRACEBACK"):
            raise
        click.echo(f"kg: a fault of this program: {type(error).__name__}: {error}", err=True)
        click.echo("please report it, with what KG_TRACEBACK=1 shows", err=True)
        return 2
    return status if isinstance(status, int) else 0


def _words(error: BaseException) -> str:
    """What went wrong, in words for a person."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__


def _open_streams() -> None:
    """Let stdout and stderr replace what their encoding cannot show, whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _decoded(argument: str) -> str:
    """An argument as it was typed: bytes that the locale could not decode are UTF-8."""
    try:
        return argument.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return argument
