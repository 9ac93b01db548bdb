"""What is said never to fail does not, whatever text it is given: of every grammar that is read,
of what was recorded, and of none.

Where a function refuses, it does so by the error that it names.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from markupsafe import Markup

from bot.archive.formats.notes import tags_of
from bot.archive.importing.paper_refs import tidy, tidy_line
from bot.archive.parser.body import assemble, build
from bot.archive.parser.encodings import decoded, encoded
from bot.archive.parser.file_names import dated, file_stem
from bot.archive.parser.reader import kept_as_text, parse, parse_text, render
from bot.archive.parser.roundtrip import clean, restore
from bot.archive.parser.titles import plain_title, read_titled
from bot.archive.paths import is_inside, refusal, safe_name
from bot.archive.site.addresses import slug
from bot.archive.site.gather import visible
from bot.archive.site.markup import Linked, Markdown
from bot.archive.site.resolve import PageResolver, canonical
from bot.arxiv.names import split_authors
from bot.errors import PersonError, QueryError
from bot.locale.choices import parse_count, parse_language, parse_switch
from bot.locale.clock import parse_every, parse_time, parse_weekdays
from bot.locale.periods import parse_period
from bot.locale.zones import parse_time_zone
from bot.model import taxonomy
from bot.model.authors import author_name, shown
from bot.model.channel import ChannelSettings, fill_title, parse_title
from bot.model.connection import leads, note_key, part_of, undated
from bot.model.meanings import called_like, meant_by
from bot.model.numbers import parse_id, parse_number
from bot.model.query import reach as query_reach
from bot.model.query import written as query_written
from bot.model.query.parse import parse as parse_query
from bot.model.query.parse import parse_saved
from bot.model.reference import parse_references
from bot.model.search_parse import parse_search
from bot.model.subscription import parse_kinds
from bot.model.take import take_text
from bot.model.withdrawal import is_withdrawn
from bot.text import bigrams, plain
from bot.text.find import find, holds, snippet
from bot.text.graphemes import count, ends, shorten
from bot.text.markdown import escape, is_blank, masked_link, strip_controls, tame
from bot.text.scan import scan
from bot.text.sentences import boundaries, sentences
from bot.text.split import cut, join, length
from bot.text.stems import kin, stem, told_by_case, uncased
from bot.text.summary import summary
from bot.text.tags import is_tag, links, retag, tag_key, tags
from tests import hostile

DAY = date(2020, 7, 26)
SETTINGS = ChannelSettings()
PLAIN = "graph attention and #tag [[note]]"
PHRASES = bigrams.query("graph attention tag note")
NOWHERE = Linked(lambda url: None, lambda name: "../x", lambda tag: "../tags/x")
MARKDOWN = Markdown()

Check = Callable[[str], object]


def found_in(text: str) -> None:
    typed = bigrams.query(text, unfinished=True)
    bigrams.fts5(typed)
    bigrams.tsquery(typed)
    for words, phrases in ((text, PHRASES), (PLAIN, typed)):
        spots = find(words, phrases)
        assert [bool(found) for found in spots] == holds(words, phrases)
        parts = snippet(words, [spot for found in spots for spot in found])
        assert all(part.text for part in parts)


def in_pieces(text: str) -> None:
    for limit in (7, 2000) if len(text) < 200 else (100, 2000):
        cuts = cut(text, limit, first_limit=limit // 2)
        assert join(cuts).strip() == text.strip()
        assert all(length(piece.text) <= limit for piece in cuts)
        assert all(len(piece) <= limit for piece in plain.plain_pieces(text, limit))


def shortened(text: str) -> None:
    assert list(ends(text))[-1:] == [len(text)][: bool(text)]
    count(text)
    for limit in (0, 1, 2, 100):
        assert len(shorten(text, limit)) <= limit


def queried(text: str) -> None:
    query = parse_query(text)
    query_written.understood(query)
    query_reach.too_broad(query)
    query_reach.categories(query)
    assert parse_saved(query_written.understood(query)) == query


def filed(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for path in ("200726 Thoughts.md", "notes/A title.md", text + ".md"):
        document = parse(path, data)
        assert render(document) == data
        read, encoding = decoded(data)
        assert replace(parse_text(path, read), encoding=encoding) == document
        assert encoded(read, encoding) == data
        kept_as_text(document)
        numbers = [[1 + 10 * at + one for one in range(len(entry.takes))]
                   for at, entry in enumerate(document.entries)]  # fmt: skip
        body = build(document, numbers)
        assemble(body, dict.fromkeys(body.marks, text))


def drawn(text: str) -> None:
    html = MARKDOWN.render(text, NOWHERE)
    assert isinstance(html, Markup)
    assert "<script" not in html.lower()


def named(text: str) -> None:
    for name in (safe_name(text), slug(text) or "x"):
        assert name
        assert "/" not in name
        name.encode()
    refusal(text)
    is_inside(text)
    assert refusal(f"{safe_name(text)}.md") is None, safe_name(text)


def cleaned(text: str) -> None:
    assert restore(clean(text)) == text


def tagged(text: str) -> None:
    for name in tags(text):
        assert is_tag(name)
    assert isinstance(retag(text, {tag_key(name) for name in tags(text)}, "other"), str)
    links(text)
    tags_of([text])
    is_tag(text)
    retag(text, {tag_key(text)}, text)


def escaped(text: str) -> None:
    for made in (escape(text), tame(text), strip_controls(text), masked_link(text, text)):
        assert isinstance(made, str)
    is_blank(text)
    scan(text)
    for line in (plain.plain_line(text), plain.plain_text(text), plain.plain_link(text)):
        line.encode()
        assert not scan(line).unclosed


def summed(text: str) -> None:
    for sentence in summary(text, text[:100]):
        assert sentence
    list(boundaries(text))
    sentences(text)


def connected(text: str) -> None:
    leads(text)
    part_of(text)
    note_key(text)
    undated(text)


def words_of(text: str) -> None:
    bigrams.pieces(text)
    bigrams.stems(text)
    bigrams.spaced(text)
    bigrams.stemmed(text)
    list(bigrams.located(text))
    kin(text)
    stem(text)
    uncased(text)
    told_by_case(text)


def people_of(text: str) -> None:
    names = split_authors(text)
    shown(names, 3)
    for name in (*names, text):
        author_name(name)


def titled(text: str) -> None:
    plain_title(text)
    read_titled(text)
    file_stem(text)
    dated(text)
    tidy(text)
    tidy_line(text)
    visible(text)
    is_withdrawn(text, text, text)


def led(text: str) -> None:
    parse_references(text)
    canonical(text)
    list(PageResolver([]).mentioned(text))


def categorised(text: str) -> None:
    taxonomy.category(text)
    taxonomy.archive(text)
    taxonomy.canonical(text)
    taxonomy.expand(text)
    taxonomy.respelt(text)
    taxonomy.matching(text)
    taxonomy.nearest(text)
    taxonomy.complete(text)
    meant_by(text)
    called_like(text)


TOTAL: list[Check] = [
    found_in, in_pieces, shortened, filed, drawn, named, cleaned, tagged, escaped, summed,
    connected, words_of, people_of, titled, led,
]  # fmt: skip
"""They never fail."""
REFUSING: list[Check] = [queried, parse_search, take_text]
"""They raise PersonError, and nothing else: of queries a QueryError."""
OF_AN_OPTION: list[Check] = [
    categorised,
    parse_title,
    lambda text: fill_title(text, day=DAY, number=7),
    parse_kinds,
    lambda text: parse_period(text, SETTINGS, DAY),
    parse_time,
    parse_weekdays,
    parse_every,
    parse_time_zone,
    parse_language,
    parse_switch,
    lambda text: parse_count(text, 1, 10),
    parse_id,
    parse_number,
]
"""So do these, which read a few words and take long to say what was meant."""
CHECKS = [*TOTAL, *REFUSING, *OF_AN_OPTION]


@pytest.mark.parametrize("check", CHECKS)
@given(hostile.texts())
@example("")
@example("\0")
@example("\ud800")
def test_any_text(check: Check, text: str) -> None:
    run(check, text)


@pytest.mark.parametrize("check", CHECKS)
def test_recorded_texts(check: Check) -> None:
    for text in hostile.recorded()[:: 50 if check in OF_AN_OPTION else 1]:
        run(check, text)


def run(check: Check, text: str) -> None:
    if check in TOTAL:
        check(text)
        return
    with suppress(QueryError if check is queried else PersonError):
        check(text)
