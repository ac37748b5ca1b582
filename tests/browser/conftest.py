"""A real browser for the tests of pages: Debian's Chromium through playwright, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_works import browser_works
from serving import serve

from kg import jsonl
from kg.authority import load
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


@pytest.fixture(scope="session")
def written_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of `browser_works`, in a folder with a blank and a Chinese character in its name."""
    folder = tmp_path_factory.mktemp("site") / "my 输出"
    write_site(browser_works(), load(), folder)
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for the works of `browser_works`, built as a build would."""
    from kg import pipeline
    from kg.web.app import create_site
    from kg.web.review import Review

    folder = tmp_path_factory.mktemp("served")
    source = folder / "works.jsonl"
    source.write_bytes(b"".join(jsonl.write(tagged.work for tagged in browser_works())))
    pipeline.build([source], folder / "out", pipeline.Options(pages=False))
    review = Review(folder / "corrections.jsonl", "tester")
    with serve(create_site(folder / "out", load_authority=load, review=review)) as address:
        yield address
