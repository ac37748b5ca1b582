"""Every name that the scan looks for. In: the authority. Out: automata and their entries.

Names are folded as texts are. An entry says what a name stands for, in which role, and what letters it must be written in;
words that only keep others away (``今日`` in 今日美国, ``New Mexico``) are entries too.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import kg.cache
from kg.text import fold

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.things import Alliance, Membership

STATE: Final = 0
PACT: Final = 1
GROUP: Final = 2
BLOCK: Final = 3
HEAD: Final = 4
CUE: Final = 5

ANY, CAPITAL, UPPER = 0, 1, 2  # how a name must be written: anyhow; with a capital first; all in capitals
CORE, OPEN, EDGES = 0, 1, 2  # what a match has to pass; beyond `EDGES` by the casing of its name


class Entry(NamedTuple):
    """What a name stands for.

    `readings` are tag ids with the years in which each holds; several where the text has to decide.
    """

    kind: int
    readings: tuple[tuple[str, int, int], ...]
    role: str
    casing: int
    latin: bool
    text: str


@dataclass(frozen=True)
class Lexicon:
    """The compiled names, in automata of their own, so that a text that is about something else costs one pass.

    Attributes
    ----------
    names, entries
        States, pacts and groups, and the words that hold one of their names and are none (New Mexico). Patterns of the
        automaton beyond the last entry are the words without one of which a text is not about alliances.
    context, context_entries
        Words for an alliance and words that tell what a text is about.
    blocks, longest_blocks, block_set
        Chinese words that keep short forms away (今日, 方法): all of them in a text; the leftmost and longest.
    characters
        Short forms and their readings.
    allied
        Pairs that some pact made allies, with its years.
    cues, cores, first_words
        Words that tell what a text is about, with their weights; those that a text needs one of; how these begin.
    """

    names: Any
    entries: list[Entry]
    context: Any
    context_entries: list[Entry]
    blocks: Any
    longest_blocks: Any
    block_set: frozenset[str]
    characters: dict[str, tuple[Reading, ...]]
    allied: dict[str, tuple[tuple[int, int], ...]]
    pact_members: dict[str, frozenset[str]]
    pact_pair: dict[str, str]
    pact_years: dict[str, tuple[int, int]]
    cues: dict[str, float] = field(default_factory=dict)
    cores: frozenset[str] = frozenset()
    first_words: frozenset[str] = frozenset()

    @cached_property
    def gates(self) -> list[int]:
        """What a match has to pass, by pattern of `names`: `CORE` for the words beyond the entries, `OPEN`, edges, edges and letters."""
        gates = [EDGES + entry.casing if entry.latin else OPEN for entry in self.entries]
        return gates + [CORE] * len(_screened(self.cores))


class Reading(NamedTuple):
    """One reading of a Chinese short form: tag id, whether it needs a head after it, partners that it needs, years."""

    tag: str
    strong: bool
    partners: frozenset[str]
    first: int
    last: int


_ALWAYS: Final = (-5000, 9999)

# Short forms: form, tag, strength (A stands alone in a compound, B needs an alliance or relation head after it), partners, years.
_SHORT: Final = """
美 USA A|日 JPN A|中 CHN A|华 CHN T|苏 SUN A|俄 RUS A|英 GBR A|法 FRA A|德 DEU A|韩 KOR A|朝 PRK A|越 VNM A|印 IND A|澳 AUS A|菲 PHL A
泰 THA A|台 TWN A|蒙 MNG A|意 ITA B|奥 AUH B 德俄意匈塞普 1867 1918|奥 AUT B|普 PRU B|土 OTT B 德俄英法奥意 1299 1922|土 TUR B|希 GRC B|巴 PAK A 印中美阿沙土伊英
巴 PSE A 以阿|巴 BRA B 阿中美葡|巴 PRY B 阿|以 ISR B|伊 IRN B|伊 IRQ B|沙 SAU B|埃 EGY B|叙 SYR B|约 JOR B|黎 LBN B|阿 AFG B 苏美巴塔|阿 ALB B 中苏南意希|阿 ARG B 英巴智|阿 AZE B 亚土|阿 DZA B 法摩
亚 ARM B 阿俄|波 POL B|捷 CSK B|匈 HUN B|罗 ROU B|保 BGR B|南 YUG B 苏意罗匈阿保希|塞 SRB B 俄奥希保|乌 UKR B 俄美英法德波北|乌 UZB B 哈塔吉中|格 GEO B 俄美|白 BLR B 俄|哈 KAZ B 中俄乌|吉 KGZ B|塔 TJK B
缅 MMR B|老 LAO B 中越泰|柬 KHM B|马 MYS B 新印英菲泰|新 SGP B 马印中泰|新 NZL B 澳美英|纽 NZL A|加 CAN B 美英墨法|墨 MEX B 美加|古 CUB B 美苏中委|委 VEN B 美古|智 CHL B|秘 PER B
西 ESP B 美英法葡德|葡 PRT B 英西美|荷 NLD B|比 BEL B 荷法英卢德|卢 LUX B 比荷|丹 DNK B 普德英瑞挪|挪 NOR B 瑞丹芬英美|瑞 SWE B 挪丹芬美|芬 FIN B|冰 ISL B|利 LBY B 美英埃|尼 NPL B 印中
斯 LKA B 印中|孟 BGD B 印中缅巴|不 BTN B 印|柬 KHM B 中越泰美|文 BRN B|埃塞 ETH B|南非 ZAF A|印尼 IDN A|东德 DDR A|西德 GFR A|民德 DDR A|奥匈 AUH A|北越 DRV A|南越 RVN A|阿联 X-UAR B|刚 COD B|安 AGO B 古南苏
卡 QAT B 沙美|科 KWT B 伊美|也 YEM B 沙|苏丹 SDN A|蒙古 MNG A|瑞典 SWE A|欧 - A|拉 - A|非 - B 中美法日印欧
"""

_HEADS: Final = {
    "zh": (
        "同盟 联盟 盟约 结盟 盟友 盟国 盟邦 协约 准同盟 准联盟 安保条约 安保体制 安保体系 安全条约 安全保障条约 防御条约 防务条约 互助条约 友好条约 协防条约 "
        "共同防御 特殊关系 轴心 结伴 伙伴关系 军事集团 盟主 盟军 防务协定 防务协议 保护国 不结盟 非同盟 联防 同盟国 密约 公约 条约 协定 三边合作 三边安全 三边军事 小多边"
    ).split(),
    "en": (
        "alliance alliances ally allies allied allying alliances' pact pacts treaty treaties entente axis bloc league coalition coalitions bond bonds "
        "alignment alignments partnership partnerships patron patrons protector guarantee guarantees commitment commitments relationship protectorate "
        "security-treaty trilateral trilateralism guarantor client protege tie ties"
    ).split(),
}  # fmt: skip


_ABBREVIATIONS: Final = frozenset(
    "".join(item.split()[0] for item in _SHORT.replace("\n", "|").split("|") if item.strip())
)


def _years(first: int | None, last: int | None) -> tuple[int, int]:
    return (first if first is not None else _ALWAYS[0], last if last is not None else _ALWAYS[1])


def _casing(name: str) -> int:
    letters = [character for character in name if character.isalpha()]
    if letters and all(character.isupper() for character in letters) and len(letters) <= 6:
        return UPPER
    return CAPITAL if letters and name[0].isupper() else ANY


_LATIN: Final = re.compile(r"[a-z]")
_NEVER_STATES: Final = frozenset(("我国", "new guinea", "java", "nazi", "nazis", "imperial", "boer", "spartan"))
_DOTTED: Final = {"U. S.": "USA", "U. S. A.": "USA", "U. K.": "GBR", "U. S. S. R.": "SUN", "R. O. C.": "TWN"}

# Capitals and seats that the tables may lack, where history or the field uses them as actors.
_MORE_METONYMS: Final = {
    "St Petersburg": "RUS", "St. Petersburg": "RUS", "Saint Petersburg": "RUS", "Petersburg": "RUS", "圣彼得堡": "RUS", "彼得堡": "RUS",
    "Constantinople": "OTT", "Sublime Porte": "OTT", "Porte": "OTT", "Ballhausplatz": "AUH", "Wilhelmstrasse": "DEU",
    "Bonn": "GFR", "波恩": "GFR", "Saigon": "RVN", "西贡": "RVN", "Rangoon": "MMR", "Calcutta": "IND", "Foggy Bottom": "USA",
    "Erevan": "ARM", "P'yongyang": "PRK", "Pyeongyang": "PRK", "State Department": "USA", "Kasumigaseki": "JPN", "Quai d'Orsay": "FRA", "Élysée": "FRA",
}  # fmt: skip


class _Builder:
    def __init__(self) -> None:
        self.names: dict[tuple[str, int], dict[str, Any]] = {}

    def add(
        self,
        name: str,
        kind: int,
        tag: str | None,
        role: str,
        years: tuple[int, int] = _ALWAYS,
        casing: int | None = None,
    ) -> None:
        folded = fold(name.strip()).text.strip()
        if not folded or len(folded) > 120 or "_" in folded:
            return
        latin = bool(_LATIN.search(folded))
        key = (folded, kind)
        entry = self.names.get(key)
        if casing is None:
            casing = _casing(name) if latin and kind in (STATE, PACT, GROUP) else ANY
        if entry is None:
            entry = self.names[key] = {"readings": {}, "role": role, "casing": casing, "latin": latin}
        elif _ROLE_RANK[role] < _ROLE_RANK[entry["role"]]:
            entry["role"] = role
        entry["casing"] = min(entry["casing"], casing) if entry["casing"] != casing else casing
        if tag:
            first, last = entry["readings"].get(tag, (9999, -9999))
            entry["readings"][tag] = (min(first, years[0]), max(last, years[1]))


_ROLE_RANK: Final = {
    "name": 0,
    "adjective": 1,
    "abbreviation": 2,
    "metonym": 3,
    "pact": 0,
    "group": 0,
    "block": 0,
    "head": 0,
    "cue": 0,
}


class _Words(NamedTuple):
    """What is looked for, before automata are made of it: plain data, kept on disk by `kg.cache`."""

    named: list[Entry]
    context: list[Entry]
    short: list[str]
    cues: dict[str, float]
    cores: frozenset[str]


def build(authority: Authority) -> Lexicon:
    """Compile the names of an authority.

    Notes
    -----
    About 12,000 names; 0.1 s where the cache has them. Of names with several readings the years of the text decide (`states`).
    """
    place = kg.cache.place("names", f"{authority.digest} {_code()}")
    names = kg.cache.read(place)
    if not isinstance(names, _Words):
        names = _names(authority)
        kg.cache.write(place, names)
    return Lexicon(
        _automaton([*(entry.text for entry in names.named), *_screened(names.cores)]),
        names.named,
        _automaton(entry.text for entry in names.context),
        names.context,
        _automaton(names.short),
        _automaton(names.short, longest=True),
        frozenset(names.short),
        _short_forms(),
        *_alliance_facts(authority),
        cues=names.cues,
        cores=names.cores,
        first_words=frozenset(re.split("[^a-z]", core)[0] for core in names.cores if core.isascii()),
    )


def _code() -> str:
    """Hash of the modules that the names depend on, so that a change in them makes them anew."""
    here = Path(__file__)
    return hashlib.sha256(here.read_bytes() + (here.parents[1] / "text.py").read_bytes()).hexdigest()


def _names(authority: Authority) -> _Words:
    """Read the names of an authority."""
    builder = _Builder()
    _add_states(builder, authority)
    _add_alliances(builder, authority)
    for group in authority.groups.values():
        for names in (group.labels.values(), *group.alt.values()):
            for name in names:
                builder.add(re.sub(r"\s*[(（].*", "", name), GROUP, group.id, "group")
    for region in authority.regions.values():
        for names in (region.labels.values(), *region.alt.values()):
            for name in names:
                if len(name) > 1:
                    builder.add(name, BLOCK, None, "block")
    for surface in authority.blocks:
        builder.add(surface, BLOCK, None, "block")
    for lang in ("zh", "en"):
        for head in _HEADS[lang]:
            builder.add(head, HEAD, None, "head", casing=ANY)
    cues: dict[str, float] = {}
    cores: set[str] = set()
    for cue in authority.cues:
        builder.add(cue.surface, CUE, None, "cue", casing=ANY)
        folded = fold(cue.surface).text
        cues[folded] = cue.weight
        if cue.is_core:
            cores.add(folded)
    entries = [
        Entry(
            kind,
            tuple((tag, *years) for tag, years in sorted(found["readings"].items())),
            found["role"],
            found["casing"],
            found["latin"],
            name,
        )
        for (name, kind), found in sorted(builder.names.items())
    ]
    things = [entry for entry in entries if entry.kind in (STATE, PACT, GROUP)]
    blocks = [entry for entry in entries if entry.kind == BLOCK]
    context = [entry for entry in entries if entry.kind in (HEAD, CUE)]
    holding = _holding(blocks, {entry.text for entry in things})
    keeping = [entry for entry in _holding(blocks, {entry.text for entry in context}) if len(entry.text) > 3]
    short = [entry.text for entry in blocks if not entry.latin]
    return _Words(things + holding, context + keeping, short, cues, frozenset(cores))


def _automaton(words: Iterable[str], *, longest: bool = False) -> Any:
    import ahocorasick_rs

    return ahocorasick_rs.AhoCorasick(
        list(words),
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest if longest else ahocorasick_rs.MatchKind.Standard,
        implementation=ahocorasick_rs.Implementation.ContiguousNFA,
    )


def _holding(blocks: Sequence[Entry], words: set[str]) -> list[Entry]:
    """The blocking words that hold one of some words and more: only they can keep it from being found."""
    finder = _automaton(sorted(words))
    return [block for block in blocks if block.text not in words and finder.find_matches_as_indexes(block.text)]


def _screened(cores: Iterable[str]) -> list[str]:
    """Core words as they stand in a text: Latin ones after what may precede a word, so that "really" shows no ally."""
    words = []
    for core in sorted(cores):
        words += [before + core for before in " (-\"'/"] if _LATIN.search(core) else [core]
    return words


_COMPOUND_NAME: Final = re.compile(r"(?:North|South|East|West) [A-Z]\w+|(?:New|United|Soviet|Saudi|Great) [A-Z][a-z]+")


def _other_forms(name: str) -> tuple[str, ...]:
    """A name of two words as damaged or hyphenated texts have it: SouthKorea, South-Korean; ``Franco -Russian``."""
    if name.endswith("-"):
        return (name[:-1] + " -",)
    if not _COMPOUND_NAME.fullmatch(name) or name in ("New Guinea", "Great Britain"):
        return ()
    return (name.replace(" ", ""), name.replace(" ", "-"))


def _add_states(builder: _Builder, authority: Authority) -> None:
    for state in authority.states.values():
        tag = state.tag_id
        if tag is None or state.retired:
            continue
        years = _years(state.first_year, state.last_year)
        if state.kind == "regime" or state.id != tag:
            years = _ALWAYS if tag in ("CHN", "DEU", "FRA", "RUS", "GBR", "JPN") else years
        elif state.kind == "un_member":
            years = (max(years[0], -5000), years[1])
        for lang, label in state.labels.items():
            builder.add(re.sub(r"\s*[(（].*", "", label), STATE, tag, "name", years)
            for name in state.alt.get(lang, ()):
                if fold(name).text not in _NEVER_STATES and len(name) > 1:
                    builder.add(name, STATE, tag, "name", years)
            for name in (label, *state.alt.get(lang, ())):
                for form in _other_forms(name):
                    builder.add(form, STATE, tag, "name", years, casing=CAPITAL)
            for name in state.metonyms.get(lang, ()):
                builder.add(name, STATE, tag, "metonym", years)
        for name in state.demonyms:
            if fold(name).text not in _NEVER_STATES:
                builder.add(name, STATE, tag, "adjective", years)
                for form in _other_forms(name):
                    builder.add(form, STATE, tag, "adjective", years)
    for name, tag in _MORE_METONYMS.items():
        builder.add(name, STATE, tag, "metonym")
    for name, tag in _DOTTED.items():
        builder.add(name, STATE, tag, "abbreviation")
    builder.add("Republic of China", STATE, "TWN", "name", (1949, _ALWAYS[1]))
    builder.add("Federal Republic of Germany", STATE, "GFR", "name", (1949, 1990))
    for name, tags in {
        "南北韩": "KOR PRK",
        "韩朝": "KOR PRK",
        "朝韩": "KOR PRK",
        "两韩": "KOR PRK",
        "两伊": "IRN IRQ",
        "两德": "GFR DDR",
    }.items():
        for tag in tags.split():
            builder.add(name, STATE, tag, "abbreviation", _ALWAYS)


_VAGUE_PACTS: Final = frozenset(
    "tac tra las nam aes unc abc allies axis south quad squad entente pact western_alliance 和亲 大同盟 同盟国 三国同盟 四国同盟 老同盟 西方联盟 秦晋之好 四方会谈 伦敦条约 "
    "马德里条约 柏林条约 集体安全条约 多国部队 the_allies allied_powers 意愿联盟 志愿者联盟 志愿联盟 coalition_of_the_willing".replace(
        "_", " "
    ).split()
)


def _only_short_forms(name: str) -> bool:
    """Whether a name is no more than short forms of states (美日韩): a list of states, unless a word of alliance follows."""
    return len(name) <= 3 and name[-1] != "约" and all(character in _ABBREVIATIONS for character in name)


def _add_alliances(builder: _Builder, authority: Authority) -> None:
    for alliance in authority.alliances.values():
        if alliance.retired:
            continue
        tag = alliance.pair or alliance.id
        years = _years(alliance.first_year, alliance.last_year)
        for names in (alliance.labels.values(), *alliance.alt.values()):
            for name in names:
                bare = re.sub(r"\s*[(（].*", "", name)
                if len(bare) < 2 or _only_short_forms(fold(bare).text):
                    continue
                builder.add(
                    bare.removeprefix("The ").removeprefix("the ") if not bare.isupper() else bare,
                    PACT,
                    tag,
                    "pact",
                    years,
                )


def _short_forms() -> dict[str, tuple[Reading, ...]]:
    forms: dict[str, list[Reading]] = defaultdict(list)
    for item in _SHORT.replace("\n", "|").split("|"):
        parts = item.split()
        if not parts:
            continue
        form, tag, strength = parts[:3]
        partners = frozenset(parts[3]) if len(parts) > 3 else frozenset()
        first, last = (int(parts[4]), int(parts[5])) if len(parts) > 5 else _ALWAYS
        forms[form].append(Reading(tag, strength == "A", partners, first, last))
    return {form: tuple(readings) for form, readings in forms.items()}


def _alliance_facts(
    authority: Authority,
) -> tuple[
    dict[str, tuple[tuple[int, int], ...]], dict[str, frozenset[str]], dict[str, str], dict[str, tuple[int, int]]
]:
    """Which pairs were allied and when (any pact that is an alliance), members of pacts, pairs of treaties, years."""
    allied: dict[str, list[tuple[int, int]]] = defaultdict(list)
    members: dict[str, frozenset[str]] = {}
    pairs: dict[str, str] = {}
    years: dict[str, tuple[int, int]] = {}
    for alliance in authority.alliances.values():
        years[alliance.id] = _years(alliance.first_year, alliance.last_year)
        tags = frozenset(
            tag
            for member in alliance.members
            if (state := authority.states.get(member.state)) is not None and (tag := state.tag_id)
        )
        members[alliance.id] = tags
        if alliance.pair:
            pairs[alliance.id] = alliance.pair
            if alliance.status in ("yes", "partial"):
                allied[alliance.pair].append(years[alliance.id])
        elif alliance.status == "yes" and 2 <= len(tags) <= 12:
            ordered = sorted(tags)
            for index, first in enumerate(ordered):
                for second in ordered[index + 1 :]:
                    allied[f"{first}-{second}"].append(years[alliance.id])
        elif alliance.status == "yes" and alliance.type == "defence":
            begin, stop = years[alliance.id]
            for pair, member in led_pairs(authority, alliance):
                allied[pair].append((max(begin, member.first or begin), min(stop, member.last or stop)))
    return {pair: tuple(spans) for pair, spans in allied.items()}, members, pairs, years


def led_pairs(authority: Authority, alliance: Alliance) -> Iterator[tuple[str, Membership]]:
    """The leader of a pact, who stands first in its row, with each other member, and that one's membership."""
    members = [
        (tag, member)
        for member in alliance.members
        if member.state in authority.states and (tag := authority.states[member.state].tag_id)
    ]
    for tag, member in members[1:]:
        if tag != members[0][0]:
            yield pair_id(members[0][0], tag), member


def pair_id(first: str, second: str) -> str:
    """The id of an unordered pair.

    >>> pair_id("USA", "JPN")
    'JPN-USA'
    """
    return f"{first}-{second}" if first < second else f"{second}-{first}"
