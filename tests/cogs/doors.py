"""Two servers with one bot, and what Discord could hand in at each door of the second of them.

The first server has a list, takes, a subscription and a private word in each; the second has
nothing. Whatever is done from the second, from direct messages or from another channel must neither
show a word of the first nor change anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select

from bot.chat.shutdown import finished
from bot.model.arxiv_id import page_of
from bot.sandbox import Person, Place, Post, Reply, Sandbox
from bot.sandbox.arxiv import Announcement, Author, LoopbackArxiv, Paper, Version
from bot.store.schema import Base, DigestRow, EntryRow, PaperRow, SubscriptionRow, TakeRow
from tests.bot import Bot

SECRET = "quokka"
"""A word in everything that the first server wrote."""
HUGE = "99999999999999999999"
ODD_NUMBERS = ("0", "-1", "²", "1e3", "x", "", HUGE, "9" * 60, str(2**63 - 1), "1 OR 1=1")
"""What may stand where an id should."""
PLANTED = "An old message"
UNCHANGING = frozenset({"acts"})
"""Tables that remember what was done, and not what is."""


@dataclass(slots=True)
class Club:
    """The first server: its people and what they made, by the numbers that buttons carry."""

    sandbox: Sandbox
    bot: Bot
    ada: Person
    grace: Person
    numbers: dict[str, int] = field(default_factory=dict)
    """What buttons and options carry: of an entry (a page of that server), its paper, a paper that
    was announced there, a take, a subscription, a reply to a card, its author."""

    async def rows(self) -> dict[str, list[Any]]:
        """Everything that is stored."""
        async with self.bot.app.store.read() as tx:
            return {
                table.name: sorted(map(repr, (await tx.session.execute(select(table))).all()))
                for table in Base.metadata.sorted_tables
                if table.name not in UNCHANGING
            }

    def public(self) -> list[tuple[int, str]]:
        """All messages that everybody can read, and what they say."""
        return [
            (number, f"{record.content}{record.components}")
            for messages in self.sandbox.world.messages.values()
            for number, record in messages.items()
        ]


async def fill(club: Club, arxiv: LoopbackArxiv) -> None:
    """A digest, a subscription and what it announced, a page, a take, a reply to its card."""
    paper = Paper(
        id="2007.90001",
        title=f"The {SECRET} detector",
        authors=(Author("Beispiel", "Anna"),),
        categories=("cs.CV",),
        abstract=f"We detect a {SECRET}.",
        versions=(Version(datetime(2020, 7, 28, 9, tzinfo=UTC)),),
    )
    await club.grace.slash("/take", paper="2007.10396", text=f"an earlier {SECRET}")
    await club.ada.slash("/digest post")
    arxiv.announce(Announcement(date(2020, 7, 29), "new", paper))
    await club.grace.slash("/subscribe add", query=f"cat:cs.CV AND all:{SECRET}")
    await club.bot.at(datetime(2020, 7, 29, 5, tzinfo=UTC))
    page = {"reference": "https://example.com/x", "title": f"A {SECRET}"}
    await club.ada.slash("/paper add", **page)
    card = await club.grace.slash("/take", paper="2007.10909", text=f"my {SECRET}")
    reply = await club.grace.say(f"a {SECRET}", reply_to=card.post)
    await finished()
    await club.bot.settle()
    async with club.bot.app.store.read() as tx:
        papers = dict((await tx.session.execute(select(PaperRow.url, PaperRow.id))).all())
        on_page = EntryRow.paper_id == papers[page["reference"]]
        club.numbers = {
            "entry": await tx.session.scalar(select(EntryRow.id).where(on_page)) or 0,
            "paper": papers[page["reference"]],
            "announced": papers[page_of(paper.id)],
            "take": await tx.session.scalar(select(func.max(TakeRow.id))) or 0,
            "digest": await tx.session.scalar(select(DigestRow.id)) or 0,
            "subscription": await tx.session.scalar(select(SubscriptionRow.id)) or 0,
            "reply": reply.id,
            "papers": club.sandbox.channel("papers").id,
            "grace": club.grace.id,
        }


def second_server(sandbox: Sandbox) -> tuple[Person, Person]:
    """Another server, with a channel #elsewhere; its moderator Mallory and its member Trent."""
    world = sandbox.world
    guild = world.add_guild("Other club")
    moderator = world.add_role(guild, "moderators elsewhere", 0x20 | 0x10)
    for name in ("Mallory", "Trent"):
        user = world.add_user(name)
        member = world.add_member(guild, user)
        member.roles |= {moderator.id} if name == "Mallory" else set()
    world.add_channel(guild, "elsewhere")
    return sandbox.person("Mallory"), sandbox.person("Trent")


def planted(sandbox: Sandbox, where: str | int, *parts: dict[str, Any]) -> Post:
    """A message of the bot that has these buttons and menus: of an earlier version, say."""
    place: Place = sandbox.channel(where)
    rows = [{"type": 1, "components": [part]} for part in parts]
    body = {"content": PLANTED, "components": rows}
    record = sandbox.core.messages.create(sandbox.world.bot, place.record, body, [])
    return next(post for post in place.messages if post.id == record.id)


def button(custom_id: str) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Press", "custom_id": custom_id}


def menu(custom_id: str, *values: str) -> dict[str, Any]:
    options = [{"label": value, "value": value} for value in values]
    return {"type": 3, "custom_id": custom_id, "options": options}


def faults_of(reply: Reply) -> list[str]:
    """What is wrong with a refusal: nothing, as a rule."""
    text, wrong = reply.text, []
    if reply.failed:
        return ["no answer"]
    if reply.modal is not None:
        return [f"a form: {reply.modal.title}"]
    if not reply.private:
        wrong.append("public")
    if not text.startswith("⚠️"):
        wrong.append("no refusal")
    if "went wrong" in text:
        wrong.append("unexpected")
    if len(text) > 1000:
        wrong.append("long")
    if SECRET in text.casefold():
        wrong.append("tells a secret")
    return [f"{', '.join(wrong)}: {text[:200]!r}"] if wrong else []


class Wrong:
    """What was not refused as it should be."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def note(self, door: str, reply: Reply) -> None:
        self.found += [f"{door}: {fault}" for fault in faults_of(reply)]

    def check(self) -> None:
        assert self.found == [], "\n".join(self.found)
