"""Bytes to lines of text, the encoding told by content. In: a binary stream. Out: lines, the encoding's name, faults.

A mark (BOM) decides; else UTF-8 where it holds; else UTF-16 by its zero bytes; else GB18030, Big5 or Windows-1252
by how common the decoded characters are. "The first encoding that decodes" is no test: nearly every Big5 file
decodes as GB18030, into nonsense. Lines end at LF, CRLF or a lone CR and nowhere else (U+2028 and the like are text).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

CHUNK_BYTES: Final = 1 << 18
MAX_LINE_BYTES: Final = 8 << 20
_CUT_OFF: Final = "a line of more than 8 MB was cut off"
_SAMPLE_BYTES: Final = 1 << 16

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# The characters that are most of any text on public affairs, in both scripts, and the punctuation around them.
_COMMON: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
    "這個為們來時說國會學對發動過種後經進電實體現當機點從業開還關應無間樣與線數內義間東車長書見論軍據戰問處總規導器領壓爭濟聯認權證轉採單風帶達場務具萬報鬥類離華確張節話溫傳許廣記連難備辦習響約歷構稱準號維劃選標寫親養專狀廠識適屬圓調滿縣參紅細聽鐵價嚴"
    "盟韩韓苏蘇英法德俄朝鲜鮮越欧歐亚亞洲条約署威胁脅衡霸权略防御禦冷核约束承诺諾牵牽抛拋弃棄摘键鍵词詞题題刊卷页頁期者作中文英"
    "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·　「」『』"
)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


# What Windows-1252 has between U+0080 and U+009F, back to its bytes; the five it leaves out stay.
_TO_BYTES: Final = {
    ord(bytes((code,)).decode("cp1252")): code
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_TWICE: Final = re.compile(f"[\xc2-\xf4][\x80-\xbf{''.join(map(chr, sorted(_TO_BYTES)))}]")


def may_be_encoded_twice(text: str) -> bool:
    """Whether something in a text looks like the bytes of a UTF-8 character, each taken for a letter."""
    return _TWICE.search(text) is not None


def encoded_once(text: str) -> str | None:
    """The text as it was before its UTF-8 bytes were taken for Windows-1252 and encoded again; None where they were not.

    >>> encoded_once("JÃ¶rg â€“ Ã‰lysÃ©e"), encoded_once("Jörg – Élysée"), encoded_once("美日同盟")
    ('Jörg – Élysée', None, None)
    """
    if text.isascii():
        return None
    try:
        return text.translate(_TO_BYTES).encode("latin-1").decode()
    except UnicodeError:
        return None


@dataclass(frozen=True, slots=True)
class Fault:
    """Bytes that the encoding does not know: the line, and what was done."""

    line: int
    reason: str


def _commonness(text: str) -> float:
    """Share of common characters among those outside ASCII, 0 where there are none."""
    foreign = [character for character in text if character > "\x7f"]
    return sum(character in _COMMON for character in foreign) / len(foreign) if foreign else 0.0


def _decoded(sample: bytes, encoding: str) -> str | None:
    """The sample in this encoding, None where more than one character in thirty (and three more) does not decode."""
    text = sample.decode(encoding, "replace")
    return None if text.count("\ufffd") * 30 > len(text) + 90 else text


def _is_utf8(sample: bytes) -> bool:
    """Whether the sample is UTF-8, but for a character that its end cuts off."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 3 and error.reason == "unexpected end of data"
    return True


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether at least half of the lines outside ASCII are UTF-8: two files in two encodings, one after the other.

    Bytes of GB 18030 that happen to be UTF-8 give Greek, Cyrillic or Arabic letters, which do not count.
    """
    foreign = [line for line in re.split(rb"[\r\n]+", sample)[:2000] if not line.isascii()]
    good: list[str] = []
    for line in foreign:
        try:
            good.append(line.decode())
        except UnicodeDecodeError:
            continue
    text = "".join(good)
    return len(good) * 2 >= len(foreign) and (_commonness(text) > 0.2 or all(c < "\u0180" for c in text if c.isalpha()))


def _utf16(sample: bytes) -> str | None:
    """``utf-16-le`` or ``-be`` where the zero bytes stand as they would in it."""
    even = sample[: len(sample) // 2 * 2]
    found: list[tuple[float, str]] = []
    for encoding, zeros in (("utf-16-le", even[1::2]), ("utf-16-be", even[0::2])):
        text = even.decode(encoding, "replace")
        good = sum(c in _COMMON or "\x20" <= c < "\x7f" or c in "\n\r\t" or "\xa0" < c < "\u0250" for c in text)
        if zeros.count(0) * 50 >= len(zeros) and "\x00" not in text[:100]:
            found.append((good / max(1, len(text)), encoding))
    best = max(found, default=(0.0, ""))
    return best[1] if best[0] > 0.5 else None


def detect(sample: bytes) -> str:
    """The encoding of some bytes, by a mark or by their content.

    Parameters
    ----------
    sample : bytes
        The beginning of a file, or a line of it; some 64 KB are plenty.

    Returns
    -------
    str
        ``ascii``, ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``utf-32-le``, ``utf-32-be``, ``gb18030``, ``big5hkscs``
        or ``cp1252``: a name that Python's codecs know.

    Examples
    --------
    >>> detect("美日同盟".encode("big5")), detect("美日同盟".encode("gb18030")), detect("Élysée".encode("cp1252"))
    ('big5hkscs', 'gb18030', 'cp1252')
    """
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\x00" in sample:
        wide = _utf16(sample)
        if wide:
            return wide
    if sample.isascii():
        return "ascii"
    if _is_utf8(sample) or _is_mostly_utf8(sample):
        return "utf-8"
    runs = re.findall(rb"[\x80-\xff]+", sample)
    isolated = sum(len(run) == 1 for run in runs) / len(runs)
    scores: list[tuple[float, str]] = []
    for encoding in ("big5hkscs", "gb18030"):
        text = _decoded(sample, encoding)
        if text is not None:
            scores.append((_commonness(text), encoding))
    score, best = max(scores, default=(0.0, "cp1252"))
    if isolated > 0.6 and score < 0.5:
        return "cp1252"
    if score == 0.0 and any(encoding == "gb18030" for _, encoding in scores):
        return "gb18030"
    return best


class Lines:
    """The lines of a stream, without their ends, decoded piece by piece.

    Memory does not grow with the stream, but with its longest line. Where a line does not decode in the encoding of
    the rest (files in two encodings are often pasted together) that line is decoded by itself and a fault is noted;
    what no encoding explains becomes U+FFFD, also with a fault, never in silence.

    Attributes
    ----------
    encoding : str
        Known from the first byte outside ASCII on; ``ascii`` until then.
    faults : list of Fault
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.encoding = "ascii"
        self.faults: list[Fault] = []

    def _begin(self) -> bytes:
        """The first piece without its mark; sets the encoding."""
        first = self._stream.read(CHUNK_BYTES)
        for mark, encoding in _MARKS:
            if first.startswith(mark):
                self.encoding = encoding
                return first[len(mark) :]
        self.encoding = detect(first[:_SAMPLE_BYTES])
        return first

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces that do not end where lines do, each with whether it is the last.

        For formats whose lines may be as long as the file.
        """
        chunk = self._begin()
        decoder: codecs.IncrementalDecoder | None = None
        n_lines = 0
        while True:
            following = self._stream.read(CHUNK_BYTES) if chunk else b""
            if decoder is None and (self.encoding != "ascii" or not chunk.isascii()):
                if self.encoding == "ascii":
                    self.encoding = detect(chunk[max(0, _first_foreign(chunk) - 200) :][:_SAMPLE_BYTES])
                decoder = codecs.getincrementaldecoder(self.encoding)("replace")
            text = chunk.decode("ascii") if decoder is None else decoder.decode(chunk, not following)
            if "\ufffd" in text:
                at = n_lines + text.count("\n", 0, text.index("\ufffd")) + 1
                self.faults.append(Fault(at, f"bytes that are no {self.encoding} became U+FFFD"))
            n_lines += text.count("\n")
            yield text, not following
            if not following:
                return
            chunk = following

    def __iter__(self) -> Iterator[str]:
        for lines in self.batches():
            yield from lines

    def batches(self) -> Iterator[list[str]]:
        """The lines, many at a time: a step of a generator for each line would cost as much as reading it."""
        first = self._begin()
        if self.encoding.startswith("utf-16") or self.encoding.startswith("utf-32"):
            yield from self._wide_lines(first)
        else:
            yield from self._byte_lines(first)

    def _wide_lines(self, chunk: bytes) -> Iterator[list[str]]:
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        rest = ""
        n_lines = 0
        while chunk:
            text = rest + decoder.decode(chunk)
            following = self._stream.read(CHUNK_BYTES)
            if not following:
                text += decoder.decode(b"", True)
            held = "\r" if following and text.endswith("\r") else ""
            parts = _LINE_END.split(text[: len(text) - len(held)])
            rest = parts.pop() + held
            if len(rest) > MAX_LINE_BYTES // 2:
                rest = rest[: MAX_LINE_BYTES // 2]
                if not self.faults or self.faults[-1] != Fault(n_lines + len(parts) + 1, _CUT_OFF):
                    self.faults.append(Fault(n_lines + len(parts) + 1, _CUT_OFF))
            yield [self._checked(part, number) for number, part in enumerate(parts, n_lines + 1)]
            n_lines += len(parts)
            chunk = following
        if rest:
            yield [self._checked(rest, n_lines + 1)]

    def _checked(self, line: str, number: int) -> str:
        if "\ufffd" in line:
            self.faults.append(Fault(number, f"bytes that are no {self.encoding} became U+FFFD"))
        return line

    def _byte_lines(self, chunk: bytes) -> Iterator[list[str]]:
        held: list[bytes] = []  # pieces of a line that has not ended yet
        n_lines = n_held = 0
        while chunk:
            following = self._stream.read(CHUNK_BYTES)
            cut = max(chunk.rfind(b"\n"), chunk.rfind(b"\r", 0, len(chunk) - 1 if following else len(chunk))) + 1
            if not following:
                cut = len(chunk)
            if not cut:
                n_held += self._hold(held, chunk, n_held, n_lines)
                chunk = following
                continue
            whole = b"".join((*held, chunk[:cut] if n_held < MAX_LINE_BYTES else _from_line_end(chunk, cut)))
            held, n_held = [chunk[cut:]], len(chunk) - cut
            lines = self._decode(whole, n_lines)
            n_lines += len(lines)
            yield lines
            chunk = following
        rest = b"".join(held)
        if rest:
            yield self._decode(rest, n_lines)

    def _hold(self, held: list[bytes], chunk: bytes, n_held: int, n_lines: int) -> int:
        """Keep a piece of a line that goes on, unless the line is longer than any of a work; how many bytes were kept."""
        if n_held + len(chunk) < MAX_LINE_BYTES:
            held.append(chunk)
            return len(chunk)
        if n_held < MAX_LINE_BYTES:
            self.faults.append(Fault(n_lines + 1, _CUT_OFF))
        return MAX_LINE_BYTES

    def utf8_lines(self) -> Iterator[bytes | str]:
        """The lines, those that are UTF-8 as they stand in the file: for parsers that take bytes.

        A line that turns out not to be UTF-8 is read with `decode_line`.
        """
        chunk = self._begin()
        held: list[bytes] = []
        n_lines = n_held = 0
        if self.encoding.startswith(("utf-16", "utf-32")):
            for batch in self._wide_lines(chunk):
                yield from batch
            return
        while chunk:
            following = self._stream.read(CHUNK_BYTES)
            cut = chunk.rfind(b"\n") + 1 if following else len(chunk)
            if not cut:
                n_held += self._hold(held, chunk, n_held, n_lines)
                chunk = following
                continue
            whole = b"".join((*held, chunk[:cut] if n_held < MAX_LINE_BYTES else _from_line_end(chunk, cut)))
            held, n_held = [chunk[cut:]], len(chunk) - cut
            chunk = following
            if self.encoding == "ascii" and not whole.isascii():
                self.encoding = detect(whole[max(0, _first_foreign(whole) - 200) :][:_SAMPLE_BYTES])
            if self.encoding not in ("ascii", "utf-8") or b"\r" in whole:
                decoded = self._decode(whole, n_lines)
                n_lines += len(decoded)
                yield from decoded
            else:
                lines = whole.split(b"\n")
                if not lines[-1]:
                    lines.pop()
                n_lines += len(lines)
                yield from lines

    def decode_line(self, line: bytes, number: int) -> str:
        """A line of `utf8_lines` as text; a fault is noted where it is not UTF-8."""
        return self._decode_line(line, number)

    def _decode(self, data: bytes, n_before: int) -> list[str]:
        """The lines of some whole lines' bytes."""
        if self.encoding == "ascii" and not data.isascii():
            self.encoding = detect(data[max(0, _first_foreign(data) - 200) :][:_SAMPLE_BYTES])
        try:
            text = data.decode(self.encoding)
        except UnicodeDecodeError:
            return [self._decode_line(line, n_before + i) for i, line in enumerate(_byte_split(data), 1)]
        lines = _LINE_END.split(text) if "\r" in text else text.split("\n")
        if lines and not lines[-1]:
            lines.pop()
        return lines

    def _decode_line(self, line: bytes, number: int) -> str:
        try:
            return line.decode("utf-8" if self.encoding == "ascii" else self.encoding)
        except UnicodeDecodeError:
            other = detect(line)
        is_words = other != "cp1252" or sum(65 <= byte <= 122 for byte in line) * 2 > len(line)
        if other != self.encoding and is_words:
            try:
                text = line.decode(other)
            except UnicodeDecodeError:
                pass
            else:
                self.faults.append(Fault(number, f"this line is {other}, not {self.encoding} as the lines before it"))
                return text
        self.faults.append(Fault(number, f"bytes that are no {self.encoding} became U+FFFD"))
        return line.decode(self.encoding, "replace")


def _from_line_end(chunk: bytes, cut: int) -> bytes:
    """What stands from the first end of a line on."""
    found = re.search(rb"[\r\n]", chunk)
    return chunk[found.start() : cut] if found else b""


def _first_foreign(data: bytes) -> int:
    """Where the first byte outside ASCII stands."""
    found = re.search(rb"[\x80-\xff]", data)
    return found.start() if found else len(data)


def _byte_split(data: bytes) -> list[bytes]:
    lines = re.split(rb"\r\n|\n|\r", data)
    if lines and not lines[-1]:
        lines.pop()
    return lines
