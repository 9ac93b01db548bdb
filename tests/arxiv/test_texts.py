"""Cleaning, strict XML, headers: the small things that arXiv's answers are read with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from bot.arxiv import clean, markup
from bot.arxiv.errors import ArxivRefused, ArxivUnavailable
from bot.arxiv.web import failure, retry_after, user_agent

CONTROLS = {chr(n) for n in range(0x20)} - {*"\t\n\r"}
XML = st.characters(exclude_categories=["Cs"], exclude_characters=[*CONTROLS, "\ufffe", "\uffff"])


@given(st.text(XML))
@example("a\x7fb\tc\r\n d  e\x85")
def test_a_line_is_one_line(text: str) -> None:
    line = clean.line(text)
    assert line == " ".join(line.split())
    assert clean.line(line) == line
    assert all(char.isprintable() or ord(char) > 0x9F for char in line)


def test_xml_with_what_it_forbids_is_mended() -> None:
    root = markup.parse(b"<a>x\x01y&#2;z &eacute; &nosuch; &lt;b&gt; &amp;</a>", "a")
    assert root.text == "x y z é &nosuch; <b> &"


@pytest.mark.parametrize(
    "body",
    [b"", b"<a>", b"<a><b></a>", b"<html><body><p>Sorry<br></body></html>", b"<b/>", b"none"],
)
def test_xml_that_is_not_whole_or_another(body: bytes) -> None:
    with pytest.raises(ArxivUnavailable):
        markup.parse(body, "a")


def test_xml_expands_no_entities_and_opens_no_files() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    root = markup.parse(bomb, "a")
    assert b"boom" not in etree.tostring(root)
    assert "root:" not in "".join(str(part) for part in root.itertext())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 30 ", 30.0),
        ("9" * 40, 999999999.0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 11, 24, 12, tzinfo=UTC)) == seconds


def test_only_400_is_a_refusal() -> None:
    assert isinstance(failure(400, {}, "bad"), ArxivRefused)
    for status in (301, 403, 404, 406, 429, 500, 502, 503):
        assert isinstance(failure(status, {}, ""), ArxivUnavailable)


def test_we_say_who_we_are() -> None:
    assert user_agent("1.2", "club@example.org\r\nX: y") == "papertakes/1.2 (club@example.orgX: y)"
    assert user_agent("1.2", "") == "papertakes/1.2 (bot of a paper-reading club)"
