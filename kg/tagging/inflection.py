"""English word forms. In: a word as a dictionary lists it. Out: the forms that a text may have.

A rule set for verbs and nouns with a table of irregular ones: enough to find words, not to judge grammar, so it
rather makes a form too many than one too few.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_IRREGULAR = """
abide abode;arise arose arisen;bear bore borne born;become became;begin began begun;bend bent;bind bound;bleed bled;blow blew blown
break broke broken;breed bred;bring brought;build built;buy bought;cast;catch caught;choose chose chosen;cling clung;come came
cost;cut;deal dealt;dig dug;do did done;draw drew drawn;drive drove driven;eat ate eaten;fall fell fallen;feed fed;feel felt
fight fought;find found;flee fled;fling flung;fly flew flown;forbid forbade forbidden;foresee foresaw foreseen;forget forgot forgotten
forgo forwent forgone;forsake forsook forsaken;freeze froze frozen;get got gotten;give gave given;go went gone;grow grew grown
hang hung;have had;hear heard;hide hid hidden;hit;hold held;hurt;keep kept;know knew known;lay laid;lead led;leave left;lend lent;let
lie lay lain lying;lose lost;make made;mean meant;meet met;mislead misled;overcome overcame;overthrow overthrew overthrown;pay paid;put
quit;read;ride rode ridden;ring rang rung;rise rose risen;run ran;say said;see saw seen;seek sought;sell sold;send sent;set
shake shook shaken;shed;shoot shot;show showed shown;shrink shrank shrunk;shut;sink sank sunk;sit sat;slay slew slain;sleep slept;slide slid
sling slung;speak spoke spoken;spend spent;spill spilt;split;spread;spring sprang sprung;stand stood;steal stole stolen;stick stuck;strike struck
strive strove striven;swear swore sworn;sweep swept;swell swollen;swing swung;take took taken;teach taught;tear tore torn;tell told
think thought;throw threw thrown;thrust;tie tying;tread trod trodden;undergo underwent undergone;understand understood;undertake undertook undertaken
undo undid undone;uphold upheld;wear wore worn;weave wove woven;win won;wind wound;withdraw withdrew withdrawn;withhold withheld
withstand withstood;write wrote written;be am is are was were been being;man men;woman women;foot feet;crisis crises;ally allies allied allying
hypothesis hypotheses;thesis theses;basis bases;analysis analyses;good better best;bad worse worst;great greater greatest
"""

_FORMS = {
    forms[0]: forms
    for forms in (entry.split() for line in _IRREGULAR.strip().splitlines() for entry in line.split(";"))
}
_DOUBLED = frozenset(
    "deter defer refer confer infer prefer occur incur recur concur transfer commit admit permit submit omit remit rebel compel propel repel expel "
    "dispel control patrol regret begin forget upset outwit abet equip".split()
)
_VOWELS = "aeiou"
_NO_DOUBLING = ("er", "en", "el", "on", "it", "or", "et", "op", "ow", "ay", "ey", "oy", "ew")


@cache
def base_forms() -> Mapping[str, str]:
    """Irregular forms to the form that a dictionary lists.

    >>> base_forms()["fought"]
    'fight'
    """
    return {form: base for base, forms in _FORMS.items() for form in forms[1:]}


@cache
def inflect(word: str) -> tuple[str, ...]:
    """The forms of an English verb, noun or adjective, itself first; sorted after that.

    >>> inflect("drag")
    ('drag', 'dragged', 'dragging', 'drags')
    >>> "drew" in inflect("draw") and "allies" in inflect("ally")
    True
    """
    if "_" in word or "-" in word:
        cut = max(word.rfind("_"), word.rfind("-")) + 1
        head, last = word[:cut], word[cut:]
        return tuple(head + form for form in inflect(last))
    forms = set(_FORMS.get(word, ()))
    irregular = bool(forms)
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        forms |= {word[:-1] + "ies", word + "ing"}
        if not irregular:
            forms.add(word[:-1] + "ied")
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        forms |= {word + "es", word + "ing"} | (set() if irregular else {word + "ed"})
    elif word.endswith("e"):
        forms |= {word + "s", (word if word.endswith(("ee", "oe", "ye")) else word[:-1]) + "ing"}
        if not irregular:
            forms.add(word + "d")
    else:
        forms.add(word + "s")
        stem = word
        short = len(word) > 2 and word[-1] not in _VOWELS + "wxyhs" and word[-2] in _VOWELS and word[-3] not in _VOWELS
        if word in _DOUBLED or (short and (len(word) <= 4 or not word.endswith(_NO_DOUBLING))):
            stem = word + word[-1]
        forms.add(stem + "ing")
        if not irregular:
            forms.add(stem + "ed")
        if stem != word and len(word) > 4:
            forms |= {word + "ing", word + "ed"}
    forms.discard(word)
    return (word, *sorted(forms))
