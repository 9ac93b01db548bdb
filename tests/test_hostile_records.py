"""Papers, takes and digests that hold what nobody expects are drawn, within Discord's limits, in
every form: not even the plain drawing that stands ready is needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.archive.bibliography import bibtex, csl, ris
from bot.archive.contents import Contents
from bot.archive.notes import note, post
from bot.archive.site import site
from bot.archive.tree import TreeOptions, tree
from bot.digest import discord, markdown
from bot.digest.section import untaken_line, withdrawn_line
from bot.isolation import failures
from bot.locale import texts as texts_of
from bot.model.channel import ORDERS, UNTAKEN, Channel, ChannelSettings
from bot.model.digest import Compiled, Digest, DigestState, Earlier, Section
from bot.model.paper import Metadata, Paper, PaperData
from bot.model.people import Member
from bot.model.query_match import matches
from bot.model.query_text import bare, prepare
from bot.model.take import Entry, How, Take
from bot.store.index import paper_text
from bot.subscriptions.announcements import Drawn
from bot.subscriptions.deliver import Bundle
from bot.text.markdown import is_blank
from cogs import abstract, announcements, buttons, cards
from tests import hostile
from tests.model.queries import queries

MOMENT = datetime(2020, 7, 26, 18, tzinfo=UTC)
MOMENTS = st.sampled_from(
    [MOMENT, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)]
)
URLS = st.one_of(
    st.sampled_from(["https://arxiv.org/abs/2007.10909", "https://a.org/x", "x", "ftp://x"]),
    st.builds("https://a.org/{}".format, hostile.texts()),
)
OPTIONAL = st.one_of(st.none(), hostile.lines())

paper_data = st.builds(
    PaperData,
    arxiv_id=st.sampled_from([None, "2007.10909", "hep-th/9901001", "math.GT/0309136"]),
    title=hostile.texts(),
    authors=st.lists(hostile.lines(), max_size=4).map(tuple),
    abstract=hostile.texts(),
    categories=st.lists(st.one_of(st.sampled_from(["cs.CV"]), OPTIONAL.filter(bool)), max_size=3)
    .map(tuple),
    published=st.one_of(st.none(), MOMENTS),
    updated=st.one_of(st.none(), MOMENTS),
    version=st.one_of(st.none(), st.sampled_from([1, 0, -1, 10**30])),
    comment=OPTIONAL,
    doi=OPTIONAL,
    journal_ref=OPTIONAL,
    withdrawn=st.booleans(),
    report_number=OPTIONAL,
)  # fmt: skip
numbers = st.integers(1, 2**63 - 1)
members = st.builds(Member, st.one_of(st.none(), numbers), hostile.lines())
papers = st.builds(Paper, numbers, URLS, paper_data, st.sampled_from(Metadata))
entries = st.builds(
    Entry, numbers, st.just(1), papers, members, st.sampled_from(How), MOMENTS,
    st.integers(0, 9), st.none(),
)  # fmt: skip
takes = st.builds(
    Take,
    numbers,
    numbers,
    members,
    hostile.texts().filter(lambda text: not is_blank(text)),
    MOMENTS,
    st.one_of(st.none(), MOMENTS),
)
sections = st.builds(Section, entries, st.lists(takes, min_size=1, max_size=3).map(tuple))
channel_settings = st.builds(
    ChannelSettings,
    language=st.sampled_from(["en", "ko"]),
    closing_tag=hostile.lines(),
    authors=st.sampled_from([None, 1, 3]),
    order=st.sampled_from(ORDERS),
    abstract=st.sampled_from([0, 2]),
    untaken=st.sampled_from(UNTAKEN),
)
compiled = st.builds(
    Compiled,
    title=hostile.lines(),
    day=st.sampled_from([date(2020, 7, 26), date.min, date.max]),
    number=st.sampled_from([0, 1, 10**9]),
    intro=hostile.texts(),
    sections=st.lists(sections, max_size=3).map(tuple),
    untaken=st.lists(entries, max_size=3).map(tuple),
    settings=channel_settings,
)


def channel(chosen: ChannelSettings) -> Channel:
    return Channel(1, 0, 2, 3, "papers", False, chosen, MOMENT, MOMENT)  # type: ignore[call-arg]


def fits(view: ui.LayoutView) -> None:
    """Whether Discord takes a message's components."""
    said = [one.content for one in view.walk_children() if isinstance(one, ui.TextDisplay)]
    assert all(not is_blank(text) for text in said)
    assert sum(map(len, said)) <= cards.TEXT_LIMIT
    for one in view.walk_children():
        if isinstance(one, ui.Select):
            assert all(1 <= len(option.label) <= 100 for option in one.options)
            assert not any(is_blank(option.label) for option in one.options)
    view.to_components()


def digest_drawn(data: st.DataObject) -> None:
    one = data.draw(compiled)
    earlier = {section.entry.id: Earlier(one.title, "https://a.org") for section in one.sections}
    for shown in (one, one.__class__(**{**_fields(one), "earlier": earlier})):
        rendered = discord.render(shown)
        for message in rendered.messages:
            assert not is_blank(message.text)
            assert len(message.text) <= 2000
    discord.reminder(one)
    markdown.file_name(one)
    assert isinstance(markdown.render(one), str)
    post(one)


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def exported(data: st.DataObject) -> None:
    listed = data.draw(st.lists(papers, max_size=3))
    assert isinstance(bibtex(listed), str)
    assert isinstance(ris(listed), str)
    assert len(json.loads(csl(listed))) == len(listed)


def matched(data: st.DataObject) -> None:
    paper, query = data.draw(paper_data), data.draw(queries())
    prepare(paper)
    bare(paper)
    matches(query, paper)
    paper_text("https://a.org", paper)


def carded(data: st.DataObject) -> None:
    listed = data.draw(st.lists(entries, min_size=1, max_size=12))
    said, chosen = data.draw(st.lists(takes, max_size=2)), data.draw(channel_settings)
    say = texts_of(chosen.language)
    for entry in listed:
        fits(cards.cards([entry], channel(chosen), say, said))
        fits(cards.plain_cards([entry], say, said))
        fits(cards.saved(entry, channel(chosen), say))
        assert buttons.label(entry)
        abstract.whole(entry.paper, say)
        untaken_line(entry.paper, chosen.authors, say)
        withdrawn_line(entry.paper, say)
        for take in said:
            fits(cards.taken(entry, take, say))
    fits(cards.cards(listed, channel(chosen), say))
    fits(cards.plain_cards(listed, say))


def announced(data: st.DataObject) -> None:
    several = data.draw(st.lists(papers, min_size=1, max_size=15, unique_by=lambda one: one.id))
    chosen, day = data.draw(channel_settings), date(2020, 7, 26)
    ids = tuple(one.id for one in several)
    for drawn_as_cards in (True, False)[len(several) > 5 :]:
        bundle = Bundle(1, ids, drawn_as_cards, day, day, len(ids), 1, 1)
        reasons = {ids[0]: (data.draw(hostile.lines()),)}
        drawn = Drawn(bundle, channel(chosen), tuple(several), {}, reasons)
        fits(announcements.draw(drawn))
        fits(announcements.draw_plainly(drawn))


def archived(data: st.DataObject) -> None:
    one = data.draw(compiled)
    made = [Section(entry, ()) for entry in one.untaken] + list(one.sections)
    listed = {section.entry.id: section.entry for section in made}
    of = {section.entry.id: section.takes for section in made}
    told = {take.id: take for section in made for take in section.takes}
    day = Digest(1, 1, MOMENT, MOMENT, 1, DigestState.POSTED, one.title, one.day, one.intro)
    loose = tuple(made[:1])
    whole = Contents(channel(one.settings), (day,), listed, told, of, (), (), ((day, one),), loose)
    for options in (TreeOptions(), TreeOptions(front_matter=True, tidy=True)):
        assert list(tree(whole, options))
    note(whole.channel, loose[0], front_matter=True) if loose else None
    assert list(site(whole))


CHECKS: list[Callable[[Any], None]] = [
    digest_drawn, exported, matched, carded, announced, archived
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_record(check: Callable[[Any], None], data: Any) -> None:
    before = dict(failures.counts)
    check(data)
    assert dict(failures.counts) == before, "something failed, and was drawn plainly"
