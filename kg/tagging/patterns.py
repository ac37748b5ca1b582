"""Patterns: what is said in other words. In: lines of ``ontology/patterns/*.jsonl``. Out: compiled patterns and their anchors.

The language, one line of JSON a pattern::

    {"id": "entrapment-en-01", "concept": "entrapment", "lang": "en",
     "pattern": "drag~|pull~|^haul~ ... into ... @war|@quarrel", "unless": "…",
     "confidence": 0.85, "example": "…", "counter": "…"}

Elements stand in order, parted by blanks.

=================  =====================================================================================
``drag``           the word (Chinese: the characters)
``drag~``          the word with its forms: drags, dragged, dragging (English only)
``entrap*``        any word that begins so
``left_alone``     words in a row (``_`` is one blank)
``a|b|@class``     alternatives; round brackets are allowed around them
``@class``         a word class, defined by a line ``{"class": "war", "lang": "en", "words": "war~|conflict~"}``
``@STATE``         one or more states that the tagger has found ("日美", "Japan and Korea")
``..`` ``...`` ``....``  a gap of at most 2, 5, 12 words (Chinese: 4, 10, 24 characters), never past the sentence
``word?``          may be missing
``^word``          the anchor: the rarest element, which the automaton looks for; without a mark the longest is taken
=================  =====================================================================================

English elements are whole words; between two elements stand blanks, hyphens or commas only. Chinese elements follow each other
directly. ``unless`` is a second pattern: where it is found in the same sentence, the first does not count.
Everything is matched on folded text (small letters, Simplified characters, plain quotes and dashes).
A pattern is tried only in a sentence where the automaton has found all its longer elements.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.errors import OntologyError
from kg.tagging.inflection import inflect
from kg.text import fold, sentences

STATE: Final = "\ue000"  # first character of a state in a masked text
STATE_REST: Final = "\ue001"  # its other characters
_STATE_RUN: Final = (
    f"{STATE}{STATE_REST}*(?:(?:[、,/\\- ·]|与|和|及|同| and | or |, and |'s? )*{STATE}{STATE_REST}*)*(?:'s?)?"
)
_GAPS: Final = {"en": {"..": 2, "...": 5, "....": 12}, "zh": {"..": 4, "...": 10, "....": 24}}
_WORD: Final = f"[\\w{STATE}{STATE_REST}'’\\-]+"
_APART: Final = r"[^\w\ue000\ue001]{1,3}"  # a mark of a state is never a gap: else long names match in many ways
_MIN_LITERAL: Final = {"en": 3, "zh": 2}


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a pattern: its regular expression and the literals of which at least one must stand in the text."""

    regex: str
    literals: frozenset[str]  # empty: nothing that the automaton could look for
    optional: bool = False
    anchor: bool = False
    gap: bool = False
    starts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, read and checked.

    Attributes
    ----------
    regex, unless : str
        Regular expressions; compiled when they are first needed, since compiling them all takes seconds.
    anchor : frozenset of str
        Literals of which one must stand in the sentence: what the automaton looks for.
    required : tuple of frozenset of str
        The other such sets.
    first : frozenset of str
        Literals with which every match begins, empty where that is not known: a match is tried only where they stand.
    starts : frozenset of str
        The characters with which a match can begin.
    masked : bool
        Whether it is matched on the text in which states are masked.
    """

    id: str
    concept: str
    lang: str
    source: str
    regex: str
    anchor: frozenset[str]
    required: tuple[frozenset[str], ...]
    first: frozenset[str]
    starts: frozenset[str]
    masked: bool
    unless: str | None
    unless_masked: bool
    confidence: float
    example: str
    counter: str
    options: Mapping[str, Any] = field(default_factory=dict)


class Classes:
    """Word classes by language and name, expanded late, so that one may use another."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._words = {(row["lang"], row["class"]): str(row["words"]) for row in rows}
        self._done: dict[tuple[str, str], tuple[list[str], bool]] = {}

    def expand(self, lang: str, name: str, where: str) -> tuple[list[str], bool]:
        """Alternatives of a class: literals with ``*`` where any ending may follow, and whether it holds states."""
        key = (lang, name)
        if key not in self._words:
            known = ", ".join(sorted(known for known_lang, known in self._words if known_lang == lang)[:40])
            raise OntologyError(f"{where}: no word class is called '@{name}' in {lang}; there are {known}")
        if key not in self._done:
            self._done[key] = ([], False)  # a class that contains itself adds nothing
            self._done[key] = _alternatives(self._words[key], lang, self, where)
        return self._done[key]


def _alternatives(text: str, lang: str, classes: Classes, where: str) -> tuple[list[str], bool]:
    words: list[str] = []
    states = False
    for part in text.replace("(", "").replace(")", "").split("|"):
        if not part:
            continue
        if part == "@STATE":
            states = True
        elif part.startswith("@"):
            more, more_states = classes.expand(lang, part[1:], where)
            words += more
            states = states or more_states
        elif part.endswith("~"):
            words += inflect(part[:-1])
        else:
            words.append(part)
    folded = []
    for word in words:
        ending = "*" if word.endswith("*") else ""
        folded.append(fold(word.rstrip("*").replace("_", " ")).text + ending)
    return list(dict.fromkeys(folded)), states


def _trie_regex(words: Sequence[str]) -> str:
    """One regular expression for many words, sharing beginnings: it fails after a few characters, not after all words."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}

    def build(node: dict[str, Any]) -> str:
        branches = [re.escape(character) + build(child) for character, child in sorted(node.items()) if character]
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
        if "" in node:
            return f"(?:{body})?"
        return body

    return build(tree)


def _element(token: str, lang: str, classes: Classes, where: str) -> Element:
    anchor = token.startswith("^")
    token = token.removeprefix("^")
    optional = token.endswith("?")
    token = token.removesuffix("?")
    if "^" in token:  # a mark inside brackets: the whole element is the anchor
        anchor, token = True, token.replace("^", "")
    words, states = _alternatives(token, lang, classes, where)
    if not words and not states:
        raise OntologyError(f"{where}: the element '{token}' is empty")
    whole = [word for word in words if not word.endswith("*")]
    begun = [word[:-1] for word in words if word.endswith("*")]
    options = []
    edge = "(?![a-z0-9])" if lang == "en" else ""
    if whole:
        options.append(_trie_regex(whole) + edge)
    if begun:
        options.append(_trie_regex(begun) + ("[\\w'-]*" if lang == "en" else ""))
    if states:
        options.append(_STATE_RUN)
    regex = "(?:" + "|".join(options) + ")"
    if lang == "en":
        regex = "(?<![a-z0-9])" + regex
    literals = frozenset(whole + begun)
    shortest = 1 if anchor and lang == "zh" else _MIN_LITERAL[lang]
    if states or min((len(literal) for literal in literals), default=0) < shortest:
        literals = frozenset()
    starts = {word[0] for word in whole + begun} | ({STATE} if states else set())
    return Element(regex, literals, optional, anchor, starts=frozenset(starts))


def _tokens(text: str) -> list[str]:
    """Elements of a pattern: parted by blanks, but not inside brackets (blanks there are dropped)."""
    tokens, current, depth = [], "", 0
    for character in text.strip():
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        if character == " ":
            if depth == 0 and current:
                tokens.append(current)
                current = ""
            continue
        current += character
    if current:
        tokens.append(current)
    joined: list[str] = []
    for token in tokens:  # "a | b" written with blanks is one element
        if joined and (token.startswith("|") or joined[-1].endswith("|")):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def compile_source(text: str, lang: str, classes: Classes, where: str) -> tuple[str, list[Element], bool]:
    """One pattern text as a regular expression, its elements, and whether it needs masked states."""
    elements: list[Element] = []
    for token in _tokens(text):
        if token in _GAPS[lang]:
            elements.append(Element(token, frozenset(), gap=True))
        else:
            elements.append(_element(token, lang, classes, where))
    if not elements or all(element.optional or element.gap for element in elements):
        raise OntologyError(f"{where}: the pattern '{text}' has nothing that must stand in the text")
    while elements[0].gap:  # a gap at an end says nothing
        del elements[0]
    while elements[-1].gap:
        del elements[-1]
    regex = ""
    first = True
    gap: str | None = None
    for element in elements:
        if element.gap:
            gap = element.regex
            continue
        if first:
            piece = element.regex
            if element.optional and lang == "en":
                piece = f"(?:{element.regex}{_APART})?"
                regex += piece
                continue  # what follows is still the first that must be there
            if element.optional:
                regex += f"(?:{element.regex})?"
                continue
        elif lang == "en":
            between = f"(?:{_APART}{_WORD}){{0,{_GAPS[lang][gap]}}}?{_APART}" if gap else _APART
            piece = between + element.regex
        else:
            between = f".{{0,{_GAPS[lang][gap]}}}?" if gap else ""
            piece = between + element.regex
        regex += f"(?:{piece})?" if element.optional else piece
        first = False
        if not element.optional or gap:
            gap = None
    return regex, elements, "@STATE" in text or _uses_states(text, lang, classes, where)


def _starts(elements: Sequence[Element]) -> frozenset[str]:
    """First characters of a pattern: those of its first element that must be there and of the optional ones before it."""
    characters: set[str] = set()
    for element in elements:
        characters |= element.starts
        if not element.optional:
            break
    return frozenset(characters)


def _uses_states(text: str, lang: str, classes: Classes, where: str) -> bool:
    return any(classes.expand(lang, name, where)[1] for name in re.findall(r"@([\w-]+)", text) if name != "STATE")


def compile_row(row: Mapping[str, Any], classes: Classes, where: str) -> Pattern:
    """A row of a pattern file, compiled.

    Raises
    ------
    OntologyError
        Where a key is missing, a class unknown or no element can serve as anchor; says file and line.
    """
    missing = [key for key in ("id", "concept", "lang", "pattern", "example", "counter") if not row.get(key)]
    if missing:
        raise OntologyError(f"{where}: the pattern lacks {', '.join(missing)}")
    lang = str(row["lang"])
    if lang not in _GAPS:
        raise OntologyError(f"{where}: lang is '{lang}'; it must be en or zh")
    regex, elements, masked = compile_source(str(row["pattern"]), lang, classes, where)
    usable = [element for element in elements if element.literals and not element.optional]
    if not usable:
        raise OntologyError(
            f"{where}: no element of '{row['pattern']}' can be looked for: one that must be there has to have at least "
            f"{_MIN_LITERAL[lang]} letters in each alternative"
        )
    marked = [element for element in usable if element.anchor]
    anchor = (
        marked[0]
        if marked
        else max(usable, key=lambda element: (min(map(len, element.literals)), -len(element.literals)))
    )
    unless = None
    unless_masked = False
    if row.get("unless"):
        unless, _, unless_masked = compile_source(str(row["unless"]), lang, classes, where)
    return Pattern(
        id=str(row["id"]),
        concept=str(row["concept"]),
        lang=lang,
        source=str(row["pattern"]),
        regex=regex,
        anchor=anchor.literals,
        required=tuple(element.literals for element in usable if element is not anchor),
        first=frozenset() if elements[0].optional else elements[0].literals,
        starts=_starts(elements),
        masked=masked,
        unless=unless,
        unless_masked=unless_masked,
        confidence=float(row.get("confidence", 0.8)),
        example=str(row["example"]),
        counter=str(row["counter"]),
        options={key: row[key] for key in ("needs", "scope") if key in row},
    )


def read_rows(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Rows of all pattern files of a folder with where each stands, in sorted order of files."""
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip() or line.startswith("//"):
                continue
            where = f"{path.name}:{number}"
            try:
                rows.append((where, json.loads(line)))
            except ValueError as error:
                raise OntologyError(f"{where}: not a line of JSON: {error}") from error
    return rows


def compile_rows(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[Pattern, ...]:
    """All patterns of some rows; class lines may stand anywhere.

    Raises
    ------
    OntologyError
        At the first fault, and where an id stands twice.
    """
    classes = Classes(row for _, row in rows if "class" in row)
    patterns = [compile_row(row, classes, where) for where, row in rows if "class" not in row and "guard" not in row]
    seen: set[str] = set()
    for pattern in patterns:
        if pattern.id in seen:
            raise OntologyError(f"the pattern id '{pattern.id}' stands twice; ids are given once")
        seen.add(pattern.id)
    return tuple(patterns)


def check_examples(patterns: Iterable[Pattern], mask: Any = None) -> list[str]:
    """Patterns that miss their example or hit their counter-example, a sentence each.

    Parameters
    ----------
    mask : callable, optional
        ``mask(folded, lang) -> str``: the folded text with its states masked; without it patterns with states are tried on plain text
        in which ``{…}`` marks a state.
    """
    faults = []
    for pattern in patterns:
        for text, wanted in ((pattern.example, True), (pattern.counter, False)):
            found = find(pattern, text, mask)
            if (found is not None) != wanted:
                what = "misses its example" if wanted else f"hits its counter-example ('{found}' in it)"
                faults.append(f"{pattern.id}: {what}: {text}")
    return faults


def find(pattern: Pattern, text: str, mask: Any = None) -> str | None:
    """The words of a text that a pattern matches, None where it does not; ``{Japan}`` in the text is a state."""
    marked = re.sub(r"\{([^}]+)\}", lambda match: STATE + STATE_REST * (len(match.group(1)) - 1), text)
    plain = re.sub(r"\{([^}]+)\}", r"\1", text)
    folded = fold(plain)
    masked = fold(marked).text if "{" in text else folded.text
    masked = _keep_mask(text, folded.text, masked)
    if mask is not None and "{" not in text:
        masked = mask(folded, pattern.lang)
    for start, end in sentences(folded):
        match = re.compile(pattern.regex, re.DOTALL).search(masked if pattern.masked else folded.text, start, end)
        if match is None:
            continue
        if pattern.unless is not None and re.compile(pattern.unless, re.DOTALL).search(
            masked if pattern.unless_masked else folded.text, start, end
        ):
            continue
        return folded.text[match.start() : match.end()]
    return None


def _keep_mask(text: str, plain: str, masked: str) -> str:
    """Put the state marks back where folding has dropped the private characters."""
    if "{" not in text or STATE in masked:
        return masked
    result = plain
    for name in re.findall(r"\{([^}]+)\}", text):
        folded = fold(name).text
        result = result.replace(folded, STATE + STATE_REST * (len(folded) - 1))
    return result


def main(arguments: Sequence[str]) -> int:
    """Check the pattern files of a folder (or single files): compile all, run examples and counter-examples."""
    paths = [Path(argument) for argument in arguments] or [Path("ontology/patterns")]
    folder = paths[0] if paths[0].is_dir() else paths[0].parent
    rows = read_rows(folder)
    classes = Classes(row for _, row in rows if "class" in row)
    wanted = {path.name for path in paths if path.is_file()}
    faults = 0
    compiled = []
    for where, row in rows:
        if "class" in row or "guard" in row or (wanted and where.split(":")[0] not in wanted):
            continue
        try:
            compiled.append(compile_row(row, classes, where))
        except OntologyError as error:
            faults += 1
            print(error)
    for fault in check_examples(compiled):
        faults += 1
        print(fault)
    print(f"{len(compiled)} patterns, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
