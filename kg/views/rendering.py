"""Fill templates. In: a desk, a template's name, its context. Out: the text of a page.

Everything is escaped unless a template's own markup; JSON inside a page is escaped so that no text of a record can end
its script element. A page on disk carries its style and scripts inside itself, named by hash in its policy, so that
nothing else can run; a page from a server links to them.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from kg.views.desk import names_of
from kg.views.linking import compact_script, editor_text, link, static_text
from kg.views.words import Words

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context, Macro
    from markupsafe import Markup

#: Words that scripts show; a page that has the script carries them.
SCRIPT_WORDS: Final = (
    "hits_none", "hits_n", "hits_more", "answer_n", "answer_none", "answer_wider", "answer_open", "answer_same",
    "answer_more", "in_focus", "in_passing", "undated", "n_works", "list_comma", "stand_in_note", "word_stand_in",
    "kind_alliance", "kind_state", "kind_concept", "kind_group", "kind_work", "kind_person", "kind_journal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assets:
    """Style and scripts of a page: its policy, what goes into its head, what goes to its foot."""

    policy: Markup
    head: Markup
    foot: Markup


def json_text(value: Any) -> str:
    r"""JSON that may stand inside a script element: no text in it can end the element or open a comment.

    >>> json_text("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def json_block(element_id: str, value: Any, media_type: str = "application/json") -> Markup:
    """A script element that holds data."""
    from markupsafe import Markup, escape

    return Markup('<script type="{}" id="{}">').format(media_type, escape(element_id)) + Markup(
        json_text(value) + "</script>"
    )


def source_hash(text: str) -> str:
    """How a policy of content names a script or a style."""
    return "'sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode() + "'"


def compact_css(text: str) -> str:
    """A style sheet without comments and indentation, since every page on disk carries it."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@lru_cache(maxsize=16)
def inline_assets(scripts: tuple[str, ...], styles: tuple[str, ...] = ("kg",)) -> Assets:
    """Style and scripts inside the page.

    Parameters
    ----------
    scripts : tuple of str
        Modules that the page starts, by name.
    styles : tuple of str
        Style sheets of the page, by name.
    """
    from markupsafe import Markup

    css = "\n".join(compact_css(static_text(f"{name}.css")) for name in styles)
    theme = compact_script(static_text("theme.js"))
    script = link(scripts) if scripts else ""
    hashes = [source_hash(text) for text in (theme, script) if text]
    policy = (
        f"default-src 'none'; style-src {source_hash(css)}; script-src {' '.join(hashes)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'self' file:"
    )
    return Assets(
        policy=Markup('<meta http-equiv="Content-Security-Policy" content="{}">').format(policy),
        head=Markup(f"<style>{css}</style>\n<script>{theme}</script>"),
        foot=Markup(f"<script>{script}</script>" if script else ""),
    )


@lru_cache(maxsize=64)
def linked_assets(scripts: tuple[str, ...], styles: tuple[str, ...] = ("kg",), root: str = "/") -> Assets:
    """Style and scripts as files of a server, named by their hashes so that a browser may keep them for ever."""
    from markupsafe import Markup

    css, theme = static_name(styles, "css"), static_name(("theme",), "js")
    first = (("editor",),) if "sparql" in scripts and editor_text() is not None else ()
    foot = "\n".join(
        f'<script src="{root}static/{static_name(names, "js")}" defer></script>' for names in (*first, scripts) if names
    )
    return Assets(
        policy=Markup(""),
        head=Markup(f'<link rel="stylesheet" href="{root}static/{css}">\n<script src="{root}static/{theme}"></script>'),
        foot=Markup(foot),
    )


def static_name(names: tuple[str, ...], suffix: str) -> str:
    """The name of a joined file: ``page+home.0123456789ab.js``."""
    digest = sha256(static_source(names, suffix).encode()).hexdigest()[:12]
    return f"{'+'.join(names)}.{digest}.{suffix}"


@lru_cache(maxsize=64)
def static_source(names: tuple[str, ...], suffix: str) -> str:
    """The text of a joined file.

    The theme's script stands alone: it runs before the page is drawn. So does the editor, which is not ours.
    """
    if names == ("editor",) and suffix == "js":
        return editor_text() or ""
    if suffix == "css":
        return "\n".join(compact_css(static_text(f"{name}.css")) for name in names)
    return compact_script(static_text("theme.js")) if names == ("theme",) else link(names)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates: everything escaped, an unknown name an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context

    env = Environment(
        loader=PackageLoader("kg.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a look at the file for each page is a fiftieth of its time
    )
    env.globals["kept"] = pass_context(_kept)
    env.filters["kind_class"] = lambda kind: f"k-{kind}"
    env.globals["names_of"] = names_of
    env.globals["json_block"] = json_block
    env.globals["side_index"] = {"zh": 1, "en": 2, "other": 3}
    return env


def _kept(context: Context, macro: Macro, *values: Hashable) -> str:
    """What a macro makes of some values, made once for all pages that look alike (`kg.views.desk.Drawn`).

    The macro must look at nothing but its values and the page's words.
    """
    desk = context.get("desk")
    if desk is None:
        return macro(*values)
    key = (macro.name, values)
    found: str | None = desk.drawn.pieces.get(key)
    if found is None:
        found = desk.drawn.pieces[key] = macro(*values)
    return found


def script_words(words: Words) -> dict[str, str]:
    """The words that scripts show, by key."""
    from kg.views.words import table

    return {key: table()[key][words.lang] for key in SCRIPT_WORDS}


def language_name(words: Words, lang: str) -> str:
    """A language's name, its code where the table has none."""
    return words(f"lang_{lang}") if words.has(f"lang_{lang}") else lang


def fill(template: str, context: Mapping[str, Any]) -> str:
    """The text of a page."""
    return environment().get_template(template).render(context)
