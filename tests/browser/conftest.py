"""A real browser for the tests of pages: Debian's Chromium through playwright, without a network."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.authority import load
from kg.model import Mention, TaggedWork, Text, Work, WorkId
from kg.views import write_site

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "pages"
HOSTILE: list[str] = json.loads((FIXTURES / "hostile.json").read_text(encoding="utf-8"))

Open = Callable[..., Any]


def _chromium() -> str | None:
    return os.environ.get("KG_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Playwright, or a skip that says what is missing; an error where the browser is required."""
    required = os.environ.get("KG_REQUIRE_BROWSER") == "1"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        if required:
            raise
        pytest.skip("playwright is not installed: pip install 'alliance-kg[test]'")
    if _chromium() is None:
        if required:
            pytest.fail("KG_REQUIRE_BROWSER=1, but there is no chromium on the path")
        pytest.skip("there is no chromium on the path")
    with sync_playwright() as started:
        yield started


class Watched:
    """A page and what went wrong on it: words on the console, errors, requests to other places."""

    def __init__(self, page: Any, own: tuple[str, ...]) -> None:
        self.page = page
        self.console: list[str] = []
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(own) else self.foreign.append(request.url))

    def check(self) -> None:
        """Nothing went wrong, nothing hostile ran."""
        assert self.console == []
        assert self.errors == []
        assert self.foreign == []
        assert self.page.evaluate("window.pwned") is None


@pytest.fixture
def open_page(playwright: Any, tmp_path: Path) -> Iterator[Open]:
    """Open a file (or an address) in a fresh browser without a network; every page is checked at the end."""
    contexts: list[Any] = []
    watched: list[Watched] = []

    def open_(
        target: Path | str,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        script: bool = True,
        check: bool = True,
    ) -> Any:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / f"profile-{len(contexts)}"),
            executable_path=_chromium(),
            args=list(FLAGS),
            headless=True,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            offline=isinstance(target, Path) or target.startswith("file:"),
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.pages[0] if context.pages else context.new_page()
        address = target.as_uri() if isinstance(target, Path) else target
        if check:
            watched.append(
                Watched(page, ("file:", "data:", "blob:", *([] if address.startswith("file:") else [address[:21]])))
            )
        page.goto(address)
        return page

    yield open_
    try:
        for one in watched:
            if script_enabled(one.page):
                one.check()
    finally:
        for context in contexts:
            context.close()


def script_enabled(page: Any) -> bool:
    """Whether the page may run scripts: without them there is nothing to ask it."""
    try:
        return bool(page.evaluate("true"))
    except Exception:  # a page without scripts refuses every question
        return False


def _mention(field: str, text: str, surface: str, rule: str) -> Mention:
    start = text.index(surface)
    return Mention(field, start, start + len(surface), surface, rule, 0.9)


def browser_works() -> list[TaggedWork]:
    """Works with and without title and year, in one language and two, and one for every hostile text."""
    chinese = "美日同盟不断强化。日本既担心被美国抛弃,又害怕被拖入冲突。"
    english = "The US–Japan alliance grew stronger. Tokyo feared abandonment."
    works = [
        TaggedWork(
            work=Work(
                id=WorkId("two-languages"),
                texts=(Text("zh-Hans", "美日同盟研究", chinese), Text("en", "The US–Japan alliance", english)),
                authors=("张三", "李四"),
                journal="世界政治",
                year=2014,
            ),
            states={
                "JPN": (
                    _mention("abstract", chinese, "日本", "state-name"),
                    _mention("abstract", chinese, "日同盟", "state-abbreviation"),
                    _mention("abstract@en", english, "Tokyo", "state-metonym"),
                ),
                "USA": (_mention("abstract", chinese, "美国", "state-name"),),
            },
            alliances={
                "JPN-USA": (
                    _mention("title", "美日同盟研究", "美日同盟", "alliance-compound"),
                    _mention("abstract", chinese, "美日同盟", "alliance-compound"),
                    _mention("abstract@en", english, "US–Japan alliance", "alliance-compound"),
                )
            },
            concepts={
                "alliance-strengthening": (_mention("abstract", chinese, "同盟不断强化", "concept-pattern"),),
                "abandonment": (_mention("abstract", chinese, "被美国抛弃", "concept-pattern"),),
            },
            focus=("JPN-USA",),
        )
    ]
    bare = "文章从同盟的起源出发,比较美日同盟与美韩同盟。"
    works.append(
        TaggedWork(
            work=Work(id=WorkId("bare"), texts=(Text("zh-Hans", None, bare),)),
            alliances={
                "JPN-USA": (_mention("abstract", bare, "美日同盟", "alliance-compound"),),
                "KOR-USA": (_mention("abstract", bare, "美韩同盟", "alliance-compound"),),
            },
        )
    )
    wide = "北约之外,美日韩三国同盟亦受关注。"
    works.append(
        TaggedWork(
            work=Work(id=WorkId("wide"), texts=(Text("zh-Hans", "三国同盟", wide),), year=2020),
            alliances={"nato": (_mention("abstract", wide, "北约", "alliance-name"),),
                       "JPN-KOR-USA": (_mention("abstract", wide, "美日韩三国同盟", "alliance-compound"),)},
        )
    )  # fmt: skip
    for number, text in enumerate(HOSTILE):
        abstract = f"France and Poland are allies. {text}"
        works.append(
            TaggedWork(
                work=Work(
                    id=WorkId(f"evil/{number}"),
                    texts=(Text("en", text, abstract),),
                    authors=(text,),
                    journal=text,
                    year=1990 + number,
                    doi=f'10.9999/{number}"><script>window.pwned=7</script>',
                    keywords=(text,),
                ),
                states={"FRA": (_mention("abstract", abstract, "France", "state-name"),)},
                alliances={
                    "FRA-POL": (_mention("abstract", abstract, "France and Poland are allies", "alliance-relation"),)
                },
                focus=("FRA-POL",),
            )
        )
    return works


@pytest.fixture(scope="session")
def written_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of `browser_works`, in a folder with a blank and a Chinese character in its name."""
    folder = tmp_path_factory.mktemp("site") / "my 输出"
    write_site(browser_works(), load(), folder)
    return folder
