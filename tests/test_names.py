"""What a person types, in any language, script and order, finds its id; what is not known gets the nearest names."""

from __future__ import annotations

import pytest

from kg.authority import load
from kg.errors import UnknownName
from kg.names import NAME_KINDS, resolve


@pytest.mark.parametrize(
    ("kind", "name", "id"),
    [
        ("alliance", "美日", "JPN-USA"),
        ("alliance", "日美同盟", "JPN-USA"),
        ("alliance", "日美同盟关系", "JPN-USA"),
        ("alliance", "US-Japan", "JPN-USA"),
        ("alliance", "us japan alliance", "JPN-USA"),
        ("alliance", "Japan–United States alliance", "JPN-USA"),
        ("alliance", "the alliance between Japan and the United States", "JPN-USA"),
        ("alliance", "USA-JPN", "JPN-USA"),
        ("alliance", "美日安保条约", "JPN-USA"),
        ("alliance", "韓美同盟", "KOR-USA"),
        ("alliance", "US-South Korea", "KOR-USA"),
        ("alliance", "Anglo-Japanese Alliance", "GBR-JPN"),
        ("alliance", "中俄", "CHN-RUS"),
        ("alliance", "Sino-Soviet", "CHN-SUN"),
        ("alliance", "美日韩同盟", "JPN-KOR-USA"),
        ("alliance", "北约", "nato"),
        ("alliance", "NATO", "nato"),
        ("alliance", "aukus", "aukus"),
        ("state", "Japan", "JPN"),
        ("state", "日本", "JPN"),
        ("state", "美", "USA"),
        ("state", "U.S.", "USA"),
        ("state", "jpn", "JPN"),
        ("state", "南韓", "KOR"),
        ("state", "Soviet Union", "SUN"),
        ("concept", "牵连", "entrapment"),
        ("concept", "牽連", "entrapment"),
        ("concept", "Entrapment", "entrapment"),
        ("concept", "burden sharing", "burden-sharing"),
        ("group", "al-Qaida", "al-qaeda"),
        ("group", "基地组织", "al-qaeda"),
    ],
)
def test_names_find_their_id(kind: str, name: str, id: str) -> None:
    assert resolve(kind, name, load()) == id


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("state", "Jpan", "no state is called 'Jpan'. Did you mean 'Japan'?"),
        ("alliance", "US-Jpan", "no alliance is called 'US-Jpan'. Did you mean 'US-Japan'?"),
        ("concept", "burdon sharing", "no concept is called 'burdon sharing'. Did you mean 'burden sharing'?"),
        ("state", "!?", "no state is called '!?'."),
        ("alliance", "日本", "no alliance is called '日本'."),
    ],
)
def test_unknown_names_get_the_nearest(kind: str, name: str, words: str) -> None:
    with pytest.raises(UnknownName) as caught:
        resolve(kind, name, load())
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("kind", NAME_KINDS)
def test_every_id_and_preferred_name_is_found(kind: str) -> None:
    """A preferred name may be shared; then it finds one of those that share it."""
    authority = load()
    tables = {"alliance": "alliances", "state": "states", "concept": "concepts", "group": "groups"}
    for id, row in getattr(authority, tables[kind]).items():
        tag = row.tag_id if kind == "state" else getattr(row, "pair", None) or id
        if tag is None:
            continue
        assert resolve(kind, id, authority) == tag
        assert all(resolve(kind, label, authority) for label in row.labels.values())


def test_a_name_is_never_lost_on_the_way() -> None:
    authority = load()
    for lang in ("en", "zh-Hans", "zh-Hant"):
        assert resolve("alliance", authority.label("JPN-USA", lang), authority) == "JPN-USA"
