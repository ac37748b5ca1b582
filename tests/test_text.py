"""Folding, sentences, languages, stand-ins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import detect_lang, fold, fold_key, sentences, stand_in


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("中越同 盟", "中越同盟"),
        ("中越同\n盟", "中越同盟"),
        ("ＵＳ－Ｊａｐａｎ", "us-japan"),
        ("美⽇同盟 ⻄班⽛", "美日同盟西班牙"),
        ("韓國(guó)的聯(lián)盟", "韩国的联盟"),
        ("韓國(ROK)的聯盟", "韩国(rok)的联盟"),
        ("South Ko-\nrea", "south korea"),
        ("Anglo-\nJapanese", "anglo-japanese"),
        ("two- and three-way", "two- and three-way"),
        ("Co\u0302te d’Ivoire", "cote d'ivoire"),
        ("São Tomé", "sao tome"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("U.S.&ndash;Japan", "u.s.-japan"),
        ("South  Korea", "south korea"),
        ("臺灣與臺海", "台湾与台海"),
        ("İstanbul", "istanbul"),
        ("ﬁrst ㈱", "first (株)"),
    ],
)
def test_forms_that_mean_the_same_fold_alike(raw: str, folded: str) -> None:
    assert fold(raw).text == folded


@given(st.text(max_size=300))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    last = 0
    for position in range(len(folded.text)):
        start, end = folded.raw_span(position, position + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last
        last = start
    if folded.text:
        assert folded.raw_span(0, len(folded.text))[1] <= len(text)


@given(st.text(st.characters(min_codepoint=0x2E80, max_codepoint=0x2FFFF, exclude_characters="　、，,"), max_size=300))
def test_chinese_folds_character_by_character(text: str) -> None:
    text += "美国同盟" * 60  # the usual characters are many, the others few
    assert fold(text).text == "".join(fold(character).text for character in text)


@given(st.text(max_size=300))
def test_sentences_cover_the_text_without_gaps(text: str) -> None:
    folded = fold(text)
    spans = sentences(folded)
    assert "".join(folded.text[start:end] for start, end in spans) == folded.text
    assert all(start < end for start, end in spans)


def test_full_stops_of_abbreviations_end_no_sentence() -> None:
    folded = fold("The U.S. alliance with Japan grew. Mr. Doe agreed, e.g. in 1960. Then it ended.")
    assert [folded.text[a:b].strip() for a, b in sentences(folded)] == [
        "the u.s. alliance with japan grew.",
        "mr. doe agreed, e.g. in 1960.",
        "then it ended.",
    ]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("美日同盟", "zh-Hans"),
        ("美国与韩国的关系", "zh-Hans"),
        ("美國與韓國的關係", "zh-Hant"),
        ("The alliance between France and Poland", "en"),
        ("L'alliance entre la France et la Pologne dans les années", "fr"),
        ("日米同盟の再定義について", "ja"),
        ("한미동맹의 변화", "ko"),
        ("Союз России и Белоруссии", "ru"),
        ("2005, 22(6)", "und"),
        ("", "und"),
    ],
)
def test_language_is_told_by_script_and_small_words(text: str, lang: str) -> None:
    assert detect_lang(text) == lang


def test_keys_of_titles_differ_in_letters_only() -> None:
    assert fold_key("The “Iron” Alliance: U.S.–Japan") == fold_key("the iron alliance – US Japan")
    assert fold_key("書評") == fold_key("书评")


@pytest.mark.parametrize(
    ("abstract", "shown"),
    [
        (None, "〔…〕"),
        ("任何联盟内部都存在联盟困境,即被抛弃。", "〔任何联盟内部都存在联盟困境〕"),
        (
            "由于地缘因素的限制自近代以来日本形成了即使在国力上升时期也对外结盟的政策定势",
            "〔由于地缘因素的限制自近代以来日本形成了即使在国…〕",
        ),
        (
            "We investigate the role of international reputation in alliance politics by signalling",
            "〔We investigate the role of international reputation in…〕",
        ),
    ],
)
def test_a_work_without_a_title_shows_its_first_clause(abstract: str | None, shown: str) -> None:
    assert stand_in(abstract) == shown
    assert len(shown) <= 62
