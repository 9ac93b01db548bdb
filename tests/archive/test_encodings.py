"""Files that are not UTF-8 are read as what they are, and come back to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.parser.encodings import NAMES, decoded, encoded
from bot.archive.parser.reader import parse, render
from bot.model.reference import ArxivReference

HEAD = "https://arxiv.org/abs/2011.00005\n\nGamma (Ann Lee, Bo Li)\n\n"
TEXTS = [
    ("cp949", "한국어 코멘트."),
    ("cp949", "학습률을 낮추니 잘 되더라. 왜 그런지는 모르겠지만."),
    ("cp949", "三國志를 읽는 모델"),
    ("cp932", "これは日本語のコメントです。"),
    ("cp932", "良い論文"),
    ("gb18030", "这篇论文很好，值得一读。"),
    ("gb18030", "很好的论文"),
    ("big5", "這篇論文很好，值得一讀。"),
    ("euc_jp", "これは日本語のコメントです。"),
    ("cp1252", "Très bon papier – vraiment “bien”."),
    ("cp1252", "It’s good."),
    ("cp1252", "naïve café"),
    ("latin_1", "Größe der Modelle"),
    ("cp1251", "Хорошая статья о внимании."),
    ("utf-8", "한국어"),
    ("utf-8-sig", "한국어"),
    ("utf-16", "한국어 comment"),
    ("utf-16-le", "plain English, no mark"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_a_text_is_read_in_its_encoding(encoding: str, text: str) -> None:
    for whole in (text, HEAD + text + "\n"):
        data = whole.encode(encoding)
        read, name = decoded(data)
        assert read.removeprefix("\ufeff") == whole
        assert encoded(read, name) == data
        assert name == "" or name in NAMES
    document = parse("230101 Gamma.md", (HEAD + text).encode(encoding))
    [entry] = document.entries
    assert isinstance(entry.reference, ArxivReference)
    assert render(document) == (HEAD + text).encode(encoding)


@given(st.binary(max_size=200))
def test_any_bytes_come_back(data: bytes) -> None:
    assert encoded(*decoded(data)) == data


def test_broken_utf8_stays_utf8() -> None:
    assert decoded("한국어 글 일부".encode() + b"\xff and more")[1] == ""


@pytest.mark.parametrize("stray", [b"caf\xe9", b"it\x92s", b"\x93so\x94"])
def test_a_stray_byte_leaves_the_korean_around_it_as_it_is(stray: bytes) -> None:
    data = "# 2021년 3월\n".encode() + stray
    text, encoding = decoded(data)
    assert (encoding, text.splitlines()[0]) == ("", "# 2021년 3월")
    assert encoded(text, encoding) == data


def test_what_an_encoding_cannot_write_is_written_in_utf8() -> None:
    assert encoded("좋다 🙂", "cp949") == "좋다 🙂".encode()
