"""A dossier: all that a collection says of one alliance or concept, in one file to hand on. In: holdings, an id. Out: text.

As HTML it carries its style inside and needs nothing beside it; as Markdown it is made for editing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from kg.citations import Style, bibliography
from kg.views.addresses import FileAddresses
from kg.views.desk import Desk, Name, Sentence
from kg.views.entities import alliance, concept
from kg.views.holdings import Holdings
from kg.views.rendering import fill, inline_assets, language_name
from kg.views.words import NAME_LANG, PageLang, Words

Form = Literal["html", "md"]
STYLES: Mapping[Style, str] = {"gb7714": "GB/T 7714-2015", "apa": "APA (7)"}
_STRESSED = 8
_LEAST_USES = 2  # one work that uses a concept is no stress
_FEW = 10  # works of a language below which a difference may be chance


class Stress(NamedTuple):
    """How often a concept is used in each literature."""

    name: Name
    zh: int
    en: int
    zh_share: float
    en_share: float


@dataclass(frozen=True, slots=True)
class Sides:
    """What the Chinese and the English works stress, as far as each uses it more than the other."""

    n_zh: int
    n_en: int
    zh: tuple[Stress, ...]
    en: tuple[Stress, ...]

    @property
    def is_few(self) -> bool:
        """Whether one literature has so few works that a difference may be chance."""
        return min(self.n_zh, self.n_en) < _FEW


def dossier(
    holdings: Holdings, kind: Literal["alliance", "concept"], entity_id: str, lang: PageLang, form: Form
) -> str:
    """The dossier of an alliance or a concept.

    Parameters
    ----------
    holdings : Holdings
    kind : str
    entity_id : str
        Resolved already; one that no work speaks of gives a dossier that says so.
    lang : str
        Language of the headings; texts and titles stay as they are.
    form : str
        ``html`` or ``md``.
    """
    words = Words(lang)
    desk = Desk(holdings, FileAddresses(), words, "dossier")
    context = alliance(desk, entity_id) if kind == "alliance" else concept(desk, entity_id)
    works = [holdings.works[number].work for number in holdings.on(kind, entity_id)]
    made: dict[str, Any] = {
        **context,
        "t": words,
        "desk": desk,
        "page_lang": NAME_LANG[lang],
        "other_page_lang": NAME_LANG[words.other],
        "lang_name": lambda code: language_name(words, code),
        "rule_name": desk.rule,
        "rule_meaning": desk.rule_meaning,
        "sides": sides(desk, holdings.on(kind, entity_id), entity_id),
        "n_all": len(holdings.works),
        "references": {label: bibliography(works, style) for style, label in STYLES.items()},
        "assets": inline_assets(("page",)),
    }
    if form == "html":
        return fill("dossier.html", made)
    return as_markdown(made, desk)


def sides(desk: Desk, numbers: Any, but: str) -> Sides:
    """Compare the shares of the works in each language that use a concept."""
    holdings = desk.holdings
    zh = [number for number in numbers if holdings.lang[number].startswith("zh")]
    en = [number for number in numbers if holdings.lang[number].startswith("en")]
    in_zh = {count.id: count.works for count in holdings.counts("concept", zh)}
    in_en = {count.id: count.works for count in holdings.counts("concept", en)}
    rows = []
    for entity in sorted((in_zh.keys() | in_en.keys()) - {but}):
        n_zh, n_en = in_zh.get(entity, 0), in_en.get(entity, 0)
        row = Stress(desk.name("concept", entity), n_zh, n_en, n_zh / len(zh) if zh else 0, n_en / len(en) if en else 0)
        rows.append(row)
    if not zh or not en:
        return Sides(len(zh), len(en), (), ())
    by_zh = sorted(rows, key=lambda row: (row.en_share - row.zh_share, -row.zh, row.name.id))
    by_en = sorted(rows, key=lambda row: (row.zh_share - row.en_share, -row.en, row.name.id))
    return Sides(
        len(zh),
        len(en),
        tuple(row for row in by_zh if row.zh_share > row.en_share and row.zh >= _LEAST_USES)[:_STRESSED],
        tuple(row for row in by_en if row.en_share > row.zh_share and row.en >= _LEAST_USES)[:_STRESSED],
    )


def as_markdown(made: Mapping[str, Any], desk: Desk) -> str:
    """The dossier as Markdown; what could be taken for markup in a text is escaped."""
    t: Words = made["t"]
    name: Name = made["name"]
    lines = [f"# {_md(name.label)} {_md(name.other)}".rstrip(), ""]
    if made["kind"] == "alliance":
        lines += [t("alliance_lead", n=made["n_works"], focus=made["n_focus"]), ""]
        lines += [
            f"**{t('members')}** " + t("list_comma").join(_md(member.name.label) for member in made["members"]),
            "",
        ]
        if made["forms"]:
            lines += [f"## {t('pact' if made['is_pact'] else 'treaties')}", ""]
            lines += [
                f"- {_md(form.label)} {_md(form.other)} {_years(form.first, form.last)}".rstrip()
                for form in made["forms"]
            ]
            lines.append("")
    else:
        lines += [_md(made["definition"]), "", t("concept_lead", n=made["n_works"]), ""]
    lines += [t("dossier_from", n=made["n_all"], version=desk.holdings.authority.version), ""]
    if made["chart"].rows:
        lines += [
            f"## {t('works_by_year')}",
            "",
            f"| {t('year')} | {t('side_zh')} | {t('side_en')} | {t('side_other')} |",
            "|---|---|---|---|",
        ]
        for row in made["chart"].rows:
            lines.append(
                f"| {row.year if row.year is not None else t('undated')} | {row.zh} | {row.en} | {row.other} |"
            )
        lines.append("")
    used = made.get("concepts") or made.get("alliances") or []
    if used:
        lines += [f"## {t('concepts_with' if made['kind'] == 'alliance' else 'alliances_with')}", ""]
        lines += [f"- {_md(one.label)} {_md(one.other)}: {one.works}" for one in used] + [""]
    lines += _sides_as_markdown(made["sides"], t)
    lines += [f"## {t('evidence_title')}", ""]
    for item in made["evidence"]:
        year = item.line.year if item.line.year is not None else t("undated")
        mark = f" ({t('word_stand_in')})" if item.line.is_stand_in else ""
        lines.append(f"### {_md(item.line.title)}{mark} ({year})")
        byline = t("list_comma").join(_md(author) for author in item.line.authors)
        lines += ["", " · ".join(part for part in (byline, _md(item.line.journal or "")) if part), ""]
        for sentence in item.sentences:
            lines += ["> " + _quoted(sentence), ""]
    for label, references in made["references"].items():
        lines += [f"## {t('bibliography')} ({label})", ""]
        lines += [f"{number}. {_md(line)}" for number, line in enumerate(references, 1)] + [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _sides_as_markdown(found: Sides, t: Words) -> list[str]:
    lines: list[str] = []
    for side, rows in (("zh", found.zh), ("en", found.en)):
        if rows:
            note = t("stressed_note", zh=found.n_zh, en=found.n_en) + (" " + t("stressed_few") if found.is_few else "")
            lines += [f"## {t('stressed_' + side)}", "", note, ""]
            lines += [f"- {_md(row.name.label)} {_md(row.name.other)}: {row.zh} / {row.en}" for row in rows] + [""]
    return lines


def _quoted(sentence: Sentence) -> str:
    """A sentence with its evidence in bold; blanks between stay where they are."""
    parts = []
    for group in sentence.groups:
        text = " ".join(f"({group.text})".split())[1:-1]  # brackets, so that blanks at the ends stay
        parts.append(f"**{_md(text)}**" if group.marks else _escaped(text))
    return "".join(parts).strip()


def _years(first: int | None, last: int | None) -> str:
    return (
        ""
        if first is None and last is None
        else f"{first if first is not None else '?'}–{last if last is not None else ''}"
    )


def _md(text: str) -> str:
    r"""A text on one line in which nothing is markup.

    >>> _md("a *b* <i>\n[x](y)")
    'a \\*b\\* &lt;i&gt; \\[x\\](y)'
    """
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", text)
