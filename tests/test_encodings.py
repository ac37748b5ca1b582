"""Encodings told by content, and lines that end where they should."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.encodings import Fault, Lines, detect

SIMPLIFIED = "美日同盟的成本分摊:一个讨价还价的解释。驻日美军的费用由谁承担,是美日同盟的老问题。"
TRADITIONAL = "美日同盟的成本分攤:一個討價還價的解釋。駐日美軍的費用由誰承擔,是美日同盟的老問題。"
ENGLISH = "Who pays for American troops in Korea? We trace cost-sharing talks."
FRENCH = "L'Élysée a négocié à Évian; les alliés ont été prévenus après coup, là où l'été s'achève."


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED + "\n" + ENGLISH, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED + "\n" + ENGLISH, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (ENGLISH + "\n" + TRADITIONAL[:12], "big5", "big5hkscs"),
        (ENGLISH + "\n" + SIMPLIFIED[:12], "gb18030", "gb18030"),
        ("AU  - 王伟\nTI  - " + ENGLISH, "gb18030", "gb18030"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "latin-1", "cp1252"),
        (ENGLISH + " “quoted” – dashes", "cp1252", "cp1252"),
        (ENGLISH, "ascii", "ascii"),
        ("李𬍛;王𠮷" + SIMPLIFIED[:20], "gb18030", "gb18030"),
    ],
)
def test_told_by_content(text, encoding, found):
    data = text.encode(encoding)
    assert detect(data) == found
    lines = Lines(io.BytesIO(data))
    assert list(lines) == text.split("\n")
    assert not lines.faults


def test_lines_end_at_lf_crlf_and_cr_only():
    data = "one\u2028two\x85three\x0cfour\r\nfive\rsix\n\nseven".encode()
    assert list(Lines(io.BytesIO(data))) == ["one\u2028two\x85three\x0cfour", "five", "six", "", "seven"]


def test_two_encodings_in_one_file_are_read_and_reported():
    data = f"{SIMPLIFIED}\n".encode() + f"{SIMPLIFIED}\n".encode("gb18030") + ENGLISH.encode()
    lines = Lines(io.BytesIO(data))
    assert list(lines) == [SIMPLIFIED, SIMPLIFIED, ENGLISH]
    assert [(fault.line, fault.reason) for fault in lines.faults] == [
        (2, "this line is gb18030, not utf-8 as the lines before it")
    ]


def test_what_no_encoding_explains_is_replaced_and_reported():
    lines = Lines(io.BytesIO(SIMPLIFIED.encode() + b"\n\xff\xff\xff\xfe\n"))
    assert "\ufffd" in list(lines)[1]
    assert lines.faults[0].line == 2


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\ufeff\x00"), max_size=60)


@given(st.lists(text, min_size=1, max_size=20), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_lines_in_utf8_come_back(lines, end, mark):
    data = (b"\xef\xbb\xbf" if mark else b"") + end.join([*lines, ""]).encode()
    assert list(Lines(io.BytesIO(data))) == lines or not "".join(lines)


@given(st.lists(text, min_size=1, max_size=30), st.integers(1, 7), st.sampled_from(["utf-8-sig", "utf-16"]))
@settings(max_examples=100, deadline=None)
def test_pieces_do_not_depend_on_where_they_are_cut(lines, size, encoding):
    from kg import encodings

    data = "\n".join(lines).encode(encoding)
    known, encodings.CHUNK_BYTES = encodings.CHUNK_BYTES, max(4, size * 2)
    try:
        whole = list(Lines(io.BytesIO(data)))
        pieces = list(Lines(io.BytesIO(data)).pieces())
    finally:
        encodings.CHUNK_BYTES = known
    assert "\n".join(whole) == "\n".join(lines).removesuffix("\n")
    assert "".join(piece for piece, _ in pieces) == "\n".join(lines)
    assert [last for _, last in pieces].count(True) == 1


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("as_bytes", [False, True])
def test_a_line_without_end_is_cut_off_and_reported(encoding, as_bytes):
    letter = "a" if encoding == "ascii" else "盟"
    long = letter * (12_000_000 // len(letter.encode(encoding)))
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    lines = Lines(io.BytesIO(mark + f"before\n{long}\nafter 同盟\nlast\n".encode(encoding, "replace")))
    found = [
        line if isinstance(line, str) else lines.decode_line(line, 0)
        for line in (lines.utf8_lines() if as_bytes else lines)
    ]
    assert (found[0], found[-1], len(found)) == ("before", "last", 4)
    assert found[2].startswith("after")
    assert 3_000_000 < len(found[1].encode(encoding, "replace")) < 9_000_000
    assert any(fault == Fault(2, "a line of more than 8 MB was cut off") for fault in lines.faults)
