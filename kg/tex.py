"""TeX in titles, names and abstracts to plain text. In: the value of a BibTeX field. Out: what it would print."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ACCENTS: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c",
    "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_GREEK: Final = {
    name: unicodedata.lookup(f"GREEK {case} LETTER {known.upper()}")
    for known in (
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega"
    ).split()
    for case, name in (
        ("SMALL", known.replace("lamda", "lambda")),
        ("CAPITAL", known.replace("lamda", "lambda").capitalize()),
    )
}
_SYMBOLS: Final = _GREEK | {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ",
    "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "euro": "€",
    "dag": "†", "ddag": "‡", "dots": "…", "ldots": "…", "cdots": "⋯", "textellipsis": "…", "textendash": "–", "textemdash": "—",
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "'",
    "textquotedbl": '"', "guillemotleft": "«", "guillemotright": "»", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textunderscore": "_", "textbar": "|", "textless": "<", "textgreater": ">", "textdollar": "$", "textpercent": "%", "textdegree": "°",
    "textregistered": "®", "texttrademark": "™", "textbraceleft": "{", "textbraceright": "}", "textcopyright": "©", "times": "×", "pm": "±",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼", "infty": "∞", "rightarrow": "→", "to": "→",
    "leftarrow": "←", "Rightarrow": "⇒", "cdot": "·", "in": "∈", "sum": "∑", "varepsilon": "ε", "slash": "/", "quad": " ", "qquad": " ",
    "newline": "\n", "par": "\n", "TeX": "TeX", "LaTeX": "LaTeX", "textperiodcentered": "·", "textbullet": "•", "lbrace": "{", "rbrace": "}",
}  # fmt: skip
_TOKEN: Final = re.compile(
    r"""\\(?P<accent>[`'^~"=.]|[uvHckrdbt](?![A-Za-z]))\s*(?:\{\s*(?P<braced>\\[ij](?![A-Za-z])|[^\W\d_]?)\s*\}|(?P<bare>\\[ij](?![A-Za-z])|[^\W\d_]))
      | \\(?P<name>[A-Za-z]+)\*?[ \t]*(?:\{\})?
      | \\(?P<sign>[^A-Za-z])
      | (?P<dashes>---?)
      | (?P<open>``) | (?P<close>'')
      | (?P<tie>~)
      | (?P<group>[{}])
      | (?P<maths>\$)""",
    re.VERBOSE,
)
_SIGNS: Final = {
    ",": "\u2009",
    ";": " ",
    ":": " ",
    " ": " ",
    "!": "",
    "/": "",
    "-": "",
    "\\": "\n",
    "@": "",
    "(": "",
    ")": "",
    "[": "",
    "]": "",
    "\n": " ",
}
_URL: Final = re.compile(r"\\(?:url|href|nolinkurl|path)\s*\{([^{}]*)\}")
_THIN_AROUND_DASH: Final = re.compile("\u2009?([–—])\u2009?")
_BLANKS: Final = re.compile(r"[ \t]*\n[ \t]*|[ \t]{2,}")


def plain(text: str) -> str:
    """What a BibTeX value prints: accents and symbols as characters, commands and braces gone, blanks as single ones.

    A command that is not known goes, what stands in its braces stays. ``%`` and ``@`` are characters like others, and
    in a mathematical formula the letters stay.

    >>> plain(r"{K}{\\"o}nig \\& \\emph{M{\\'\\i}a}: 5{\\%}\\,--\\,\\$6~million, $\\tau_b$")
    'König & Mía: 5%–$6 million, τ_b'
    """
    if (
        "\\" not in text
        and not any(sign in text for sign in "{}$~")
        and "--" not in text
        and "``" not in text
        and "''" not in text
    ):
        return " ".join(text.split()) if "\n" in text or "  " in text else text.strip()
    text = _URL.sub(lambda found: found.group(1).replace("~", "\x00").replace("--", "-\x01-"), text)
    pieces: list[str] = []
    done = 0
    for found in _TOKEN.finditer(text):
        pieces.append(text[done : found.start()])
        done = found.end()
        if found["accent"]:
            letter = (found["braced"] if found["braced"] is not None else found["bare"]) or ""
            letter = letter.replace("\\", "")
            pieces.append(unicodedata.normalize("NFC", letter + _ACCENTS[found["accent"]]) if letter else "")
        elif found["name"]:
            pieces.append(_SYMBOLS.get(found["name"], ""))
        elif found["sign"]:
            pieces.append(_SIGNS.get(found["sign"], found["sign"]))
        elif found["dashes"]:
            pieces.append("—" if len(found["dashes"]) == 3 else "–")
        elif found["open"]:
            pieces.append("“")
        elif found["close"]:
            pieces.append("”")
        elif found["tie"]:
            pieces.append(" ")
    pieces.append(text[done:])
    whole = _THIN_AROUND_DASH.sub("\\1", "".join(pieces)).replace("\x00", "~").replace("\x01", "")
    return _BLANKS.sub(" ", whole).strip()
