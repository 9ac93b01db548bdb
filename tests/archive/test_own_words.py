"""What a file or a member says of a paper is the channel's own word for it, seen there alone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.archive.contents import contents
from bot.archive.formats import bibliography
from bot.archive.formats.jsonl import dump
from bot.archive.formats.tree import TreeOptions, tree
from bot.archive.importing.destination import PlaceDestination
from bot.archive.importing.importer import Import
from bot.archive.site import site
from bot.arxiv.errors import ArxivUnavailable
from bot.arxiv.lookup import Lookup
from bot.config import DigestConfig as NewChannel
from bot.errors import TitleNeeded
from bot.model.allowance import Spending
from bot.model.channel import ChannelSettings
from bot.model.paper import Metadata, PaperData
from bot.model.people import Member, Place
from bot.model.reference import ArxivId
from bot.papers.channels import PaperChannels
from bot.papers.resolve import PaperResolver
from bot.papers.search import PaperSearch
from bot.papers.service import PaperService
from bot.store import Store

NOW = datetime(2020, 7, 26, 12, tzinfo=UTC)
ADA = Member(11, "Ada", manages=True)
ARXIV, PAGE = "https://arxiv.org/abs/2007.10909", "https://openreview.net/forum?id=abc"
HERE, NEXT_DOOR, ELSEWHERE = Place(7, 70, "here"), Place(7, 71, "next door"), Place(8, 80, "there")


class Silent:
    """An arXiv that does not answer."""

    async def lookup(self, ids: Sequence[ArxivId], *, person: bool, deadline: float) -> Lookup:
        return Lookup(unanswered=frozenset(ids))

    async def search_title(self, text: str, *, limit: int, deadline: float) -> Sequence[PaperData]:
        raise ArxivUnavailable("silent")


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: what says `Zebra` of a paper in a place."""

    url: str
    use: Callable[[Store, str], Awaitable[None]]


def papers(store: Store) -> PaperService:
    channels = PaperChannels(NewChannel(), lambda: NOW)
    return PaperService(
        store, PaperResolver(store, Silent(), 1.0, Spending()), channels, lambda: NOW
    )


def file(name: str, text: str) -> Callable[[Store, str], Awaitable[None]]:
    async def use(store: Store, url: str) -> None:
        into = PlaceDestination(HERE, ChannelSettings(), NOW)
        await Import(store, into, NOW, importer=ADA).data(name, text.replace("URL", url).encode())

    return use


async def command(store: Store, url: str) -> None:
    await papers(store).add(HERE, url, ADA, "Zebra stripes")


def records(arxiv_id: str | None) -> str:
    paper = {
        "type": "paper", "n": 1, "url": "URL", "arxiv_id": arxiv_id, "title": "Zebra stripes",
        "authors": ["Zebra Author"], "abstract": "Zebra abstract", "categories": ["zebra"],
        "metadata_state": "complete", "version": 3,
    }  # fmt: skip
    entry = {"type": "entry", "n": 1, "paper": 1, "member": 1, "how": "link",
             "added_at": NOW.isoformat()}  # fmt: skip
    head = {"type": "archive", "format": "papertakes-archive", "version": 1}
    member = {"type": "member", "n": 1, "name": "x"}
    return "".join(json.dumps(one) + "\n" for one in (head, member, paper, entry))


NOTE = "URL\n\nZebra stripes (Zebra Author, Ada Lovelace)\n\n> Zebra abstract\n\na take\n"
POST = "# 200726 Thoughts\n\nZebra stripes (Zebra Author, Ada Lovelace)\n\nURL\n\na take\n"
FRONT = "---\ntitle: Zebra stripes\nurl: URL\nauthors: Zebra Author\n---\na take\n"
DOORS: Mapping[str, Door] = {
    "a note": Door(ARXIV, file("200726 A.md", NOTE)),
    "a weekly post": Door(ARXIV, file("200726 Thoughts on recent papers.md", POST)),
    "front matter": Door(ARXIV, file("200726 A.md", FRONT)),
    "a masked link": Door(ARXIV, file("200726 A.md", "[Zebra stripes](URL)\n\na take\n")),
    "JSON Lines": Door(ARXIV, file("x.jsonl", records("2007.10909"))),
    "a note on a page": Door(PAGE, file("200726 A.md", NOTE)),
    "the name of a file": Door(PAGE, file("200726 Zebra stripes.md", "URL\n\na take\n")),
    "JSON Lines of a page": Door(PAGE, file("x.jsonl", records(None))),
    "a command": Door(PAGE, command),
}


async def shown(store: Store, place: Place) -> str:
    """All that a channel's list, search and exports show."""
    async with store.read() as tx:
        channel = await tx.channels.find(place)
        assert channel is not None
        archive = await contents(tx, channel)
        listed = [str(entry.paper) for entry in archive.entries.values()]
        texts = [await dump(tx, channel), *map(bibliography.bibtex, [archive.papers()])]
        written = [*tree(archive, TreeOptions(front_matter=True)), *site(archive)]
        texts += [data.decode() for path, data in written if not path.startswith("assets/")]
        titles = [str(one) for one in await tx.titles.catalogue_titles((), 10)]
    found = await PaperSearch(store).search_named(str(place.channel_id), "zebra")
    return "\n".join([*listed, *texts, *titles, *map(str, found.hits)])


@pytest.mark.parametrize("name", DOORS)
async def test_what_comes_in_by_each_door_is_seen_in_its_channel_alone(
    store: Store, name: str
) -> None:
    door = DOORS[name]
    await door.use(store, door.url)
    assert "Zebra stripes" in await shown(store, HERE)
    for place in (NEXT_DOOR, ELSEWHERE):
        if door.url == PAGE:
            with pytest.raises(TitleNeeded):
                await papers(store).add(place, door.url, ADA)
            await papers(store).add(place, door.url, ADA, "Horse")
        else:
            await papers(store).add(place, door.url, ADA)
        assert "zebra" not in (await shown(store, place)).casefold()
    async with store.read() as tx:
        known = [*(await tx.papers.by_arxiv_ids(["2007.10909"])).values()]
        for scope in (7, 8):
            page = await tx.papers.by_url(scope, PAGE)
            known += [page] if page else []
    for paper in known:
        assert paper.data == PaperData(paper.data.arxiv_id, "")
        # What a file says of it is no answer of arXiv's: that is still owed.
        owed = Metadata.PENDING if paper.data.arxiv_id else Metadata.COMPLETE
        assert paper.metadata is owed
    assert "Zebra stripes" in await shown(store, HERE)


async def test_once_arxiv_has_answered_its_words_are_shown_everywhere(store: Store) -> None:
    await DOORS["JSON Lines"].use(store, ARXIV)
    await papers(store).add(ELSEWHERE, ARXIV, ADA)
    async with store.begin() as tx:
        await tx.papers.keep(0, ARXIV, PaperData("2007.10909", "SliceOut", ("Pascal Notin",)))
    for place in (HERE, ELSEWHERE):
        text = await shown(store, place)
        assert "SliceOut" in text
        assert "zebra" not in text.casefold()
        assert [
            hit.paper and hit.paper.title
            for hit in (await PaperSearch(store).search_named(str(place.channel_id), "slice*")).hits
        ] == ["SliceOut"]


async def test_a_page_that_was_taken_off_comes_back_by_its_name(store: Store) -> None:
    service = papers(store)
    await service.add(HERE, PAGE, ADA, "Zebra")
    await service.remove(HERE, PAGE, ADA)
    [back] = (await service.add(HERE, PAGE, ADA)).entries
    assert back.paper.title == "Zebra"
    await service.remove(HERE, PAGE, ADA)
    [again] = (await service.add(HERE, PAGE, ADA, "Another name")).entries
    assert again.paper.title == "Another name"
    [found] = (await PaperSearch(store).search_named("70", "another")).hits
    assert found.entry is not None
    assert found.entry.id == again.id
