"""In which encoding a file is written: UTF-8 as a rule, and what older programs write.

The bytes come back whatever is told here: an encoding counts only if it gives all of them back.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

_CANDIDATES: Final = ("cp949", "cp932", "gb18030", "big5", "euc_jp", "cp1251", "cp1252", "latin_1")
NAMES: Final = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp949": "Korean (cp949)",
    "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "gb18030": "Chinese (GB18030)",
    "big5": "Chinese (Big5)",
    "cp1251": "Cyrillic (cp1251)",
    "cp1252": "Western (cp1252)",
    "latin_1": "Western (Latin-1)",
    "base64": "bytes",
}
"""Encodings that are read besides UTF-8, as people know them."""
IMAGE: Final = "base64"
"""How bytes are kept that are no text."""
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STRAY: Final = re.compile("[\udc80-\udcff]")
_WIDE: Final = re.compile("[\x80-\U0010ffff]")
_KANA: Final = re.compile("[\u3041-\u30fe]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_HAN: Final = re.compile("[\u4e00-\u9fff\uff01-\uff5e\u3001-\u3011\u2014-\u201d]")
_ASIAN: Final = re.compile("[\u3041-\u30fe\u4e00-\u9fff\uac00-\ud7a3]")
_HIGH: Final = re.compile(b"[\x80-\xff]+")
_IN_WORDS: Final = re.compile(b"[A-Za-z][\x80-\xff]{1,2}(?=[a-z])")
_BETWEEN_WORDS: Final = re.compile(b"[\x80-\xff] [\x80-\xff]")
_SAMPLE: Final = 20_000
"""Bytes that are looked at."""


def decoded(data: bytes) -> tuple[str, str]:
    """A file's text and its encoding, "" for UTF-8; single bytes that are not of it become lone
    surrogates (PEP 383)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as(data, name) or (_utf8(data), "")
    text = _utf8(data)
    if not _STRAY.search(text):
        wide = _without_mark(data)
        return (wide and _as(data, wide)) or (text, "")
    if _is_damaged_utf8(text):
        return text, ""
    return _as(data, _told(data)) or (text, "")


def in_base64(data: bytes) -> str:
    """Bytes that are no text, as one."""
    return base64.b64encode(data).decode()


def encoded(text: str, encoding: str = "") -> bytes:
    """The bytes of a decoded file; of a text that its encoding cannot write any more, UTF-8."""
    if encoding == IMAGE:
        try:
            return base64.b64decode(text)
        except binascii.Error:
            return text.encode("utf-8", "surrogateescape")
    if encoding:
        try:
            return text.encode(encoding)
        except UnicodeEncodeError:
            text = text.removeprefix("\ufeff")
    return text.encode("utf-8", "surrogateescape")


def is_utf16(data: bytes) -> bool:
    """Whether these bytes are text in pairs, and their NULs no sign of anything else."""
    return any(data.startswith(mark) for mark, _ in _MARKS) or _without_mark(data) is not None


def _utf8(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _as(data: bytes, encoding: str) -> tuple[str, str] | None:
    if not encoding:
        return None
    try:
        text = data.decode(encoding)
        return (text, encoding) if text.encode(encoding) == data else None
    except UnicodeError:
        return None


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain text is NUL."""
    head = data[:400]
    if b"\0" not in head or len(data) % 2:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high > len(head) / 5 and not low:
        return "utf-16-le"
    return "utf-16-be" if low > len(head) / 5 and not high else None


def _is_damaged_utf8(text: str) -> bool:
    """Whether most of what is not ASCII is UTF-8: then some bytes of it are broken.

    Three bytes that make one letter hardly come about by chance, so each letter of an Asian
    script weighs more than one stray byte.
    """
    stray = len(_STRAY.findall(text))
    asian = len(_ASIAN.findall(text))
    return asian >= stray or len(_WIDE.findall(text)) - stray > 2 * stray


def _told(data: bytes) -> str:
    """The encoding that the letters tell; where they do not, what the detector thinks."""
    sample = data[:_SAMPLE]
    for name in ("cp932", "euc_jp"):
        if _share(sample, name, _KANA) > 0.2:
            return name
    hangul = _share(sample, "euc_kr", _HANGUL)
    if hangul > 0.85 or (hangul > 0.55 and _BETWEEN_WORDS.search(sample)):
        return "cp949"
    runs = _HIGH.findall(sample)
    in_words = len(_IN_WORDS.findall(sample)) > 0.6 * len(runs)
    if not in_words and _share(sample, "gb2312", _HAN) > 0.85:
        return "gb18030"
    if in_words or sum(len(run) == 1 for run in runs) > 0.6 * len(runs):
        return "cp1252" if _as(data, "cp1252") else "latin_1"
    found = from_bytes(sample, cp_isolation=list(_CANDIDATES)).best()
    return found.encoding if found else "latin_1"


def _share(sample: bytes, name: str, letters: re.Pattern[str]) -> float:
    """Which share of what is not ASCII are these letters, read so."""
    wide = _WIDE.findall(sample.decode(name, "replace"))
    return sum(letters.match(char) is not None for char in wide) / len(wide) if wide else 0.0
