"""Labels of concepts as texts write them. In: a label and its language. Out: its folded forms."""

from __future__ import annotations

import re
from typing import Final

from kg.text import fold

_SPELLINGS: Final = (
    ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ise", "ize"), ("defence", "defense"), ("defense", "defence"), ("ization", "isation"), ("izing", "ising"), ("ize", "ise"),
    ("behaviour", "behavior"), ("behavior", "behaviour"), ("signalling", "signaling"), ("signaling", "signalling"), ("labour", "labor"), ("programme", "program"), ("organisation", "organization"),
)  # fmt: skip
_PLURAL_LAST: Final = re.compile(r"(?:^|[ -])([a-z]{3,})$")


def label_forms(label: str, lang: str) -> set[str]:
    """Folded forms of a label: plural, hyphen or blank, British or American; 同盟 for 联盟 and back.

    >>> sorted(label_forms("burden-sharing", "en"))
    ['burden sharing', 'burden sharings', 'burden-sharing', 'burden-sharings', 'burdensharing']
    """
    folded = fold(label).text.strip()
    if lang != "en":
        forms = {folded}
        for old, new in (("同盟", "联盟"), ("联盟", "同盟")):
            if old in folded:
                forms.add(folded.replace(old, new))
        return forms
    forms = {folded}
    for old, new in _SPELLINGS:
        if old in folded:
            forms.add(folded.replace(old, new))
    for form in list(forms):
        match = _PLURAL_LAST.search(form)
        if match and not form.endswith("ss") and not (form.endswith("s") and not form.endswith("sis")):
            forms.add(form[: match.start(1)] + inflect_noun(match.group(1)))
    for form in list(forms):
        if "-" in form:
            forms.add(form.replace("-", " "))
            if form.count("-") == 1 and " " not in form and len(form) > 8 and not form.endswith("s"):
                forms.add(form.replace("-", ""))
        elif form.count(" ") == 1:
            forms.add(form.replace(" ", "-"))
    return forms


def inflect_noun(word: str) -> str:
    """The plural of an English noun.

    >>> inflect_noun("strategy"), inflect_noun("crisis"), inflect_noun("ally")
    ('strategies', 'crises', 'allies')
    """
    irregular = {"crisis": "crises", "ally": "allies", "thesis": "theses", "basis": "bases"}
    if word in irregular:
        return irregular[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"
