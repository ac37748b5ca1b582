"""What looks like a state and is none: persons, places, birds, acronyms. In: a scan and a name in it. Out: why it is no state.

Chad Smith, a conference in Washington, turkey breeding, the ROC curve, 华盛顿会议: told by the words around the name, or by the rest of
its text where the name alone says nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from kg.tagging.lexicon import STATE, Lexicon
from kg.tagging.scanner import Found, Scan

US_NOT_PRONOUN: Final = re.compile(
    r"us(?:(?: |-)(?:alliances?|allies|ally|allied|military|troops|forces|foreign|security|policy|policies|government|president|presidents|army|navy|air force|defen[cs]e|bases|commitments?|extended|"
    r"nuclear|treaty|treaties|hegemony|dollar|congress|senate|senators?|administrations?|grand|leadership|led|hegemonic|intervention|interventions|marine|marines|state|national|strategic|strategy|unipolarity|"
    r"primacy|partners?|decision|officials?|diplomacy|diplomatic|support|supreme|economy|public|presence|soldiers|personnel|weapons|arms|aid|assistance|relations|interests|guarantees?|protection|umbrella|deterrent|credibility|reassurance|pressure|intelligence|global|power|involvement|withdrawal|retrenchment|engagement|japan|china|korea|rok|uk|soviet|australia|philippine|india|taiwan|russia|israel)\b|(?:-| and )(?:japan|china|south korea|korea|rok|uk|soviet|australia|philippines|india|taiwan|russia|israel|britain))"
)

_PLACE_BEFORE: Final = re.compile(
    r"\b(?:in|at|near|outside|around|inside|throughout|via|through|across|university of|treaty of|congress of|peace of|battle of|siege of|city of|port of|fall of|conference of|streets of|residents of|summit of|protocol of|"
    r"archives of|archives in|visit to|visited|trip to|returned to|flew to|arrived in|travell?ed to|born in|held in|signed in|meeting in|conference in|based in|mayor of|suburbs of|south of|north of|east of|west of|bombing of|occupation of) (?:the )?$"
)
_ACTOR_BEFORE: Final = re.compile(
    r"\b(?:leaders|leadership|government|governments|elites|officials|policymakers|policy-makers|decision-makers|decision makers|statesmen|authorities|regime|allies|ally|patron|patrons|protector|friends|fears?|doubts?|"
    r"worries|anxiety|concerns?|suspicions?|confidence|faith|trust|interest|interests|as|opinion|diplomats|planners|counterparts?|voices|resentment|alarm|partners?|power|guarantor|cabinet|heard) in (?:the )?$"
)
_PLACE_AFTER: Final = re.compile(
    r"(?:'s)?[ ,]+(?:treaty|treaties|conference|conferences|agreement|agreements|accord|accords|declaration|summit|protocol|process|university|national university|airport|school|bureau|museum|street|review|talks? of|meeting of|stock exchange|bridge|underground|subway|metro|borough|symphony|philharmonic|opera|orchestra|hotel|biennale|declaration|olympics|climate|peace|press|convention|naval|post|times|d\.c|"
    r"dc\b|state university|metropolitan|suburb|hospital|marathon|city)\b"
)
_GIVEN_NAMES: Final = frozenset(
    "michael hamilton george booker john david robert james william thomas charles joseph henry richard edward peter paul mary elizabeth hans karl carl martin daniel stephen steven mark barbara susan david amos neil june vernon "
    "colin eleanor denzel kerry dinah isaiah irving anatole hilton jack ruth colin samuel alan allen alfred albert arthur benjamin bernard bert brian bruce christopher donald douglas eric ernest frank frederick gary gerald gordon harold harry "
    "howard hugh jason jeffrey jeremy jerry jim jimmy joe jonathan keith kenneth kevin larry lawrence leonard lewis louis matthew melvin nancy nicholas patrick philip ralph raymond roger ronald roy simon stanley terry tim timothy tom victor walter "
    "anne ann anna alice amy andrea carol caroline catherine christine deborah diana emily emma helen jane janet jennifer jessica judith julia karen kate kathleen laura linda lisa margaret maria martha michelle patricia rachel rebecca sarah sharon".split()
)
_PERSON_LIKE: Final = frozenset(
    "jordan chad israel washington paris sydney georgia cuba holland dane finn togo london berlin santiago malta france england ireland german french english poland lima victoria kingston ireland niger".split()
)
_LONELY_NAMES: Final = frozenset(
    "jordan chad georgia georgian turkey guinea niger mali togo dominica dominican cuba columbia".split()
)
_AMERICAN_GEORGIA: Final = re.compile(
    r"\b(?:atlanta|savannah|georgia (?:state|tech|legislature|power|aquarium|general assembly|officials|counties|voters|residents|bulldogs)|university of georgia|governor|state government|state legislature|county|counties|alabama|florida|tennessee|carolina|american states|southern states|southeastern united states|peach|emory)\b"
)
_CAUCASIAN_GEORGIA: Final = re.compile(
    r"\b(?:tbilisi|caucas\w+|ossetia\w*|abkhaz\w*|saakashvili|shevardnadze|russian?|nato|armenia\w*|azerbaijan\w*|ukrain\w*|soviet|moscow|gori|batumi)\b"
)
_ACRONYMS: Final = {
    name: re.compile(context)
    for name, context in (
        ("car", r"central african|bangui|africa|chad\b"), ("mpr", r"mongol"), ("png", r"papua|port moresby|melanesia|pacific|bougainville"),
        ("ddr", r"german|berlin|honecker|ulbricht"), ("gdr", r"german|berlin|honecker|ulbricht|soviet|warsaw|bonn"), ("rsa", r"south africa|pretoria|apartheid"), ("srv", r"vietnam|hanoi"),
        ("dpr", r"donetsk|ukrain"), ("lpr", r"luhansk|lugansk|ukrain"), ("fry", r"yugoslav|belgrade|serb|kosovo"), ("uar", r"arab|nasser|egypt|syria"), ("zar", r"transvaal|boer"),
        ("frg", r"german|bonn|adenauer|berlin|soviet|nato"), ("roc", r"taiwan|taipei|chin|kuomintang|nationalist|chiang|u\.?s\.?\b|pacific|strait|japan|korea"),
        ("yar", r"yemen"), ("ndh", r"croat"), ("unr", r"ukrain"),
    )
}  # fmt: skip
_BIRD: Final = re.compile(
    r"\b(?:poultry|poults?|broilers?|meat|thanksgiving|feed|flocks?|breeders?|birds?|hens?|carcass\w*)\b"
)

_GEORGIAN_STYLE: Final = re.compile(
    r"georgian (?:era|architecture|poets?|poetry|style|houses?|terraces?|squares?|furniture|silver|london|dublin|bath|england|britain|period|theatre|gardens?|bay|college|novels?)\b"
)
_THEOREM: Final = re.compile(
    r"(?:'s)?[ -](?:algebras?|curves?|blocks?|forms?|normal|canonical|decompositions?|measur\w+|content|matri\w+|rule|lemma|theorem|inequalit\w+|domains?|triples?|pairs?|superalgebras?|homomorphisms?|derivations?|arcs?|wigner)\b"
)
_AMERICAN_TOWN: Final = re.compile(
    r", (?:ohio|texas|idaho|indiana|illinois|kentucky|tennessee|pennsylvania|new hampshire|new jersey|new york state|maryland|maine|michigan|minnesota|missouri|iowa|kansas|nebraska|oregon|wisconsin|vermont|virginia|west virginia|north carolina|south carolina|alabama|mississippi|arkansas|connecticut|massachusetts|rhode island)\b"
)
#: Names that are English words in small letters.
_WORDS: Final = frozenset(
    "turkey china chad guinea polish jordan niger swede swedes poles finn finns dane danes lima".split()
)
_SPARTA: Final = re.compile(
    r"\b(?:sparta\w*|peloponn\w+|thucydid\w+|delian|melos|melian|pericle\w+|syracuse|macedon\w*|polis)\b"
)
_CARTHAGE: Final = re.compile(r"\b(?:carthag\w+|punic|hannibal|roman|romans|gauls?|caesar\w*|etruscan\w*)\b")
_ANCIENT: Final = {"athens": _SPARTA, "rome": _CARTHAGE}


class Whole:
    """What the whole of a text says: looked for once, however often its names ask."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._said: dict[re.Pattern[str], bool] = {}

    def says(self, regex: re.Pattern[str]) -> bool:
        """Whether an expression is found anywhere."""
        said = self._said.get(regex)
        if said is None:
            said = self._said[regex] = regex.search(self._scan.folded.text) is not None
        return said

    @cached_property
    def is_in_capitals(self) -> bool:
        """Whether all letters are capitals."""
        return self._scan.folded.raw.isupper()

    @cached_property
    def is_a_title(self) -> bool:
        """Whether all longer words begin with a capital."""
        return not any(word[:1].islower() and len(word) > 4 for word in self._scan.folded.raw.split())

    @cached_property
    def has_plain_state(self) -> bool:
        """Whether there is a name of a state that is no English word."""
        return any(
            found.entry.kind == STATE and found.entry.text not in _WORDS and found.entry.text != "us"
            for found in self._scan.names
        )

    @cached_property
    def starts(self) -> frozenset[int]:
        """Where names begin."""
        return frozenset(found.start for found in self._scan.names)

    @cached_property
    def named_in_full(self) -> frozenset[str]:
        """States whose own name stands in the text."""
        return frozenset(
            found.entry.readings[0][0]
            for found in self._scan.names
            if found.entry.kind == STATE and found.entry.role == "name" and len(found.entry.readings) == 1
        )

    @cached_property
    def pact_starts(self) -> list[int]:
        """Where pacts begin, in order."""
        return [pact.start for pact in self._scan.pacts]


def why_no_state(scan: Scan, match: Found, last_place: int, whole: Whole) -> str | None:
    """Why a name in Latin letters is no state here, None where it is one; `last_place` is where the last mere place ended, -1 for none."""
    text = scan.folded.text
    entry = match.entry
    start, end = match.start, match.end
    name = entry.text
    if scan.caseless:
        if name == "us" and not US_NOT_PRONOUN.match(text, start):
            return "may be the pronoun in a text without capitals"
        if name in _WORDS and not whole.has_plain_state:
            return "may be the word in a text without capitals"
    if entry.role == "metonym":
        before = text[max(0, start - 40) : start]
        place = _PLACE_BEFORE.search(before)
        listed = before.endswith("as in ") and re.match(r"(?:, \w+)* (?:and|or) \w+", text[end : end + 80])
        if place and not listed and not _ACTOR_BEFORE.search(before) and not text.startswith("'s", end):
            return "a place here, not an actor"
        if _PLACE_AFTER.match(text, end):
            return "part of the name of a treaty, a meeting or an institution"
        if last_place >= 0 and text[last_place:start] in (" and ", " or "):
            return "a place here, not an actor"
        if name in _ANCIENT and whole.says(_ANCIENT[name]):
            return "an ancient city"
    if name in _PERSON_LIKE:
        word, capital = _word_before(scan, start)
        if word in _GIVEN_NAMES and capital:
            return "a person's name"
        if name in _GIVEN and _given_name_use(scan, end, name, whole):
            return "a person's name"
    if name in ("georgia", "georgian", "georgians"):
        if whole.says(_AMERICAN_GEORGIA) and not whole.says(_CAUCASIAN_GEORGIA):
            return "the American state"
        if _GEORGIAN_STYLE.match(text, start):
            return "a style of the eighteenth century"
    if name == "jordan" and _THEOREM.match(text, end):
        return "a notion that is named after a person"
    if _AMERICAN_TOWN.match(text, end):
        return "a town in the United States"
    context = _ACRONYMS.get(name)
    if context is not None and not whole.says(context):
        return "an abbreviation of something else, as far as the text tells"
    if name in ("turkey", "turkeys") and whole.says(_BIRD):
        return "the bird"
    if name == "us" and text.isascii() and whole.is_in_capitals and not US_NOT_PRONOUN.match(text, start):
        return "may be the pronoun in a title in capitals"
    if name == "polish" and text[end : end + 4] == "ing ":
        return "a word"
    return None


def _word_before(scan: Scan, start: int) -> tuple[str, bool]:
    """The word before a position and whether it is written with a capital."""
    text = scan.folded.text
    end = start
    while end and text[end - 1] == " ":
        end -= 1
    begin = end
    while begin and (text[begin - 1].isalpha() or text[begin - 1] in "'"):
        begin -= 1
    if begin == end:
        return "", False
    first, _ = scan.folded.raw_span(begin, end)
    return text[begin:end], scan.folded.raw[first].isupper()


_NEXT_WORD: Final = re.compile(r" ([a-z]+)")
_GIVEN: Final = frozenset("chad jordan israel paris georgia washington cuba sydney lima".split())
#: Those that are hardly ever given names: with which surnames.
_SURNAMES: Final = {
    "paris": ("hilton", "jackson"), "washington": ("irving", "carver", "roebling", "allston", "irvings"), "cuba": ("gooding",), "lima": ("beans", "bean"), "sydney": ("smith", "brenner", "pollack", "carton"),
    "georgia": ("o'keeffe", "o", "meloni", "brown", "douglas", "totto", "harkness", "hunt"),
}  # fmt: skip
#: Words with a capital that may follow a state of that name.
_NO_SURNAME: Final = frozenset(
    "defense defence labor labour prize hussein abdullah crown arab palestine under during queen valley river king prime president foreign government army armed air national islamic times post first river's basin ministry minister parliament dinar compact since after before when while although and or"
    " in on at by to of for from with as is was were has had will would may could".split()
)


def _given_name_use(scan: Scan, end: int, name: str, whole: Whole) -> bool:
    """Whether a capitalised word that is no usual one follows: ``Chad Smith``."""
    text = scan.folded.text
    match = _NEXT_WORD.match(text, end)
    if not match or (name in _SURNAMES and match.group(1) not in _SURNAMES[name]) or match.group(1) in _NO_SURNAME:
        return False
    first, _ = scan.folded.raw_span(end + 1, end + 2)
    if whole.is_in_capitals or not scan.folded.raw[first].isupper():
        return False
    if name in _SURNAMES:
        return True
    return end + 1 not in whole.starts and not whole.is_a_title


def why_no_chinese_state(text: str, match: Found) -> str | None:
    """Why a Chinese name is no state here."""
    name = match.entry.text
    if match.entry.role == "metonym":
        before = text[max(0, match.start - 2) : match.start]
        after = text[match.end : match.end + 3]
        if before.endswith(("在", "赴", "抵达", "飞抵", "于", "驻", "前往", "位于")) or re.match(
            r"会议|条约|公约|宣言|市|举行|召开|峰会|协定|会晤|会谈|奥运|大学|体系|和会|郊|街|举", after
        ):
            return "a place here, not an actor"
    if name == "印度" and text[match.end : match.end + 1] == "洋":
        return "the ocean"
    if (
        len(name) == 2
        and name[1] == "国"
        and text[match.end : match.end + 1] == "内"
        and text[match.start - 1 : match.start] == "际"
    ):
        return "part of another word"
    return None


def inside_pact(match: Found, pacts: list[Found], whole: Whole, lexicon: Lexicon) -> bool:
    """A capital in the name of a pact (*Warsaw* Pact), or a state in it that is no member, is no mention."""
    index = bisect_right(whole.pact_starts, match.start) - 1
    if index < 0:
        return False
    pact = pacts[index]
    if match.end > pact.end or (pact.start, pact.end) == (match.start, match.end):
        return False
    if match.entry.role == "metonym":
        return True
    members: set[str] = set()
    for tag, _, _ in pact.entry.readings:
        members |= lexicon.pact_members.get(tag, frozenset(tag.split("-")))
    return not any(tag in members for tag, _, _ in match.entry.readings)
