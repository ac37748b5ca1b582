"""Make ``kg/views/pinyin.csv``: how the Chinese names of the ontology are read. In: the authority. Out: the table.

Needs pypinyin, a tool for development only. One line a character; names in which a character is read otherwise have a
line of their own, as short as tells them apart.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from kg.authority import load

TARGET = Path(__file__).resolve().parents[2] / "kg" / "views" / "pinyin.csv"

# Where the tool reads wrongly, or as in other words than names.
MENDED = {"还辽": "huan liao", "行动": "xing dong", "行为": "xing wei", "布提防": "bu ti fang",
          "佛得角": "fo de jiao", "佛朗哥": "fo lang ge", "多佛": "duo fo", "色佛尔": "se fo er", "秘智": "bi zhi", "秘玻": "bi bo",
          "高句丽": "gao gou li", "都灵": "du ling", "长庆": "chang qing", "召陵": "shao ling", "重塑": "chong su", "测度": "ce du",
          "不对称": "bu dui chen", "反弹道": "fan dan dao", "门的内": "men di nei", "堪的纳": "kan di na", "罗的海": "luo di hai",
          "勒": "le", "什": "shi", "蕃": "bo"}  # fmt: skip


def main() -> None:
    authority = load()
    tables = (authority.states, authority.alliances, authority.pairs, authority.groups, authority.concepts)
    names = {row.labels.get("zh-Hans", "") for table in tables for row in table.values()}
    names |= {mark for row in authority.states.values() for mark in row.abbr_zh} | {"同盟", "联盟"}
    names |= {name for table in tables for row in table.values() for name in row.alt.get("zh-Hans", ())}
    readings: dict[str, Counter[str]] = {}
    read: dict[str, list[str]] = {}
    for name in sorted(names):
        syllables = lazy_pinyin(name, style=Style.NORMAL, errors=lambda text: list(text))
        if len(syllables) != len(name):
            continue
        read[name] = syllables
        for character, syllable in zip(name, syllables, strict=True):
            if "\u3400" <= character <= "\u9fff":
                readings.setdefault(character, Counter())[syllable] += 1
    usual = {character: min(found, key=lambda s: (-found[s], s)) for character, found in readings.items()}
    rows = dict(usual)
    for name, syllables in read.items():
        for place, (character, syllable) in enumerate(zip(name, syllables, strict=True)):
            if usual.get(character, syllable) != syllable:
                start = max(place - 1, 0)
                part = name[start : place + 2] if len(name) > 1 else name
                if all("\u3400" <= c <= "\u9fff" for c in part):
                    rows[part] = " ".join(syllables[start : start + len(part)])
    rows = {han: pinyin.replace("lve", "lue").replace("nve", "nue") for han, pinyin in rows.items()}
    rows = {han: pinyin for han, pinyin in rows.items() if not any(mended in han for mended in MENDED)} | MENDED
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("han", "pinyin"))
        writer.writerows(sorted(rows.items()))
    print(f"{TARGET}: {len(rows)} lines, {sum(len(han) > 1 for han in rows)} of them words")


if __name__ == "__main__":
    main()
