"""Choices while an option is being typed. They never fail: without an answer there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from typing import Any, TypeAlias
from zoneinfo import available_timezones

import structlog
from discord import app_commands

import bot.locale as locale
from bot.chat.context import member, place, spoken
from bot.chat.interaction import Interaction
from bot.chat.views.buttons import take_label, title
from bot.errors import PersonError
from bot.isolation import RecordKind, each
from bot.locale.zones import meant_zones
from bot.model import taxonomy
from bot.model.meanings import called_like
from bot.model.paper import Paper, year_of
from bot.model.take import Entry
from bot.papers.find import CHOICE as PAPER
from bot.subscriptions.service import CHOICE as SUBSCRIPTION
from bot.takes.service import CHOICE as TAKE
from bot.text.graphemes import shorten
from bot.text.names import surname
from bot.text.tex import readable

log = structlog.get_logger(__name__)

LIMIT = 25
"""Choices that Discord shows."""
WIDTH = 100
"""Characters of a choice's name, and of its value."""

Choices: TypeAlias = list[app_commands.Choice[str]]


Completion: TypeAlias = Callable[[Interaction, str], Coroutine[Any, Any, Choices]]


def completion(find: Completion) -> Completion:
    """The same choices; none where they cannot be found, since nobody reads a refusal there."""

    @wraps(find)
    async def found(interaction: Interaction, typed: str) -> Choices:
        try:
            async with interaction.client.turns.work(interaction.guild_id or 0):
                return await find(interaction, typed)
        except PersonError:
            return []
        except OSError as error:
            log.warning("autocompletion.failed", option=find.__name__, error=repr(error))
            return []
        except Exception:
            log.exception("autocompletion.failed", option=find.__name__)
            return []

    return found


@completion
async def papers(interaction: Interaction, typed: str) -> Choices:
    """This channel's papers, the newest first."""
    return await _papers(interaction, typed, catalogue=False)


@completion
async def all_papers(interaction: Interaction, typed: str) -> Choices:
    """This channel's papers, then others that arXiv announced."""
    return await _papers(interaction, typed, catalogue=True)


async def _papers(interaction: Interaction, typed: str, *, catalogue: bool) -> Choices:
    found = await interaction.client.services.search.complete(
        place(interaction), typed, LIMIT, catalogue=catalogue
    )
    return each(
        RecordKind.CHOICE,
        found,
        lambda one: (
            _choice(paper_name(one.paper), paper_value(one))
            if isinstance(one, Entry)
            else _choice(paper_name(one), one.reference)
        ),
        name=lambda one: f"paper {one.paper.id if isinstance(one, Entry) else one.id}",
    )


def paper_name(paper: Paper) -> str:
    """What a paper is offered as: `Notin 2020 · SliceOut: …`."""
    authors = paper.data.authors
    who = surname(authors[0]) if authors else ""
    told = " ".join(filter(None, (who, year_of(paper.data))))
    return f"{told} · {title(paper)}" if who else title(paper)


@completion
async def tags(interaction: Interaction, typed: str) -> Choices:
    """This channel's tags, the most used first."""
    found = await interaction.client.services.tags.complete(place(interaction), typed, LIMIT)
    return each(
        RecordKind.CHOICE,
        found,
        lambda tag: _choice(tag.name, tag.name),
        name=lambda tag: "a tag",
    )


def paper_value(entry: Entry) -> str:
    """What stands for an entry in an option: its reference, or its number where that is long."""
    reference = entry.paper.reference
    return reference if len(reference) <= WIDTH else f"{PAPER}{entry.id}"


@completion
async def own_takes(interaction: Interaction, typed: str) -> Choices:
    """The takes that the member wrote."""
    return await _takes(interaction, typed, interaction.user.id)


@completion
async def deletable_takes(interaction: Interaction, typed: str) -> Choices:
    """The takes that the member wrote, or everybody's for who manages the channel."""
    whose = None if member(interaction).manages else interaction.user.id
    return await _takes(interaction, typed, whose)


async def _takes(interaction: Interaction, typed: str, whose: int | None) -> Choices:
    found = await interaction.client.services.takes.complete(
        place(interaction), whose, LIMIT, typed
    )
    return each(
        RecordKind.CHOICE,
        found,
        lambda taken: _choice(take_label(taken), f"{TAKE}{taken.take.id}"),
        name=lambda taken: f"take {taken.take.id}",
    )


@completion
async def periods(interaction: Interaction, typed: str) -> Choices:
    """The running period and those that have a digest."""
    texts = spoken(interaction)
    digests = await interaction.client.services.digests.history(place(interaction), LIMIT - 2)
    known = [(texts("period.this"), "this"), (texts("period.last"), "last")]
    posted = [digest for digest in digests if digest.has_text]
    days = [digest.day for digest in posted]
    known += [
        (
            f"{digest.title} ({digest.day})",
            # A day stands for its last digest only.
            digest.day.isoformat() if days.count(digest.day) == 1 else f"#{digest.number}",
        )
        for digest in posted
    ]
    return matching(known, typed)


@completion
async def time_zones(interaction: Interaction, typed: str) -> Choices:
    """What is meant by what was typed so far, then zones by name: cities that begin so first."""
    wanted = typed.strip().casefold().replace(" ", "_")
    zones = sorted(
        (zone for zone in available_timezones() if wanted in zone.casefold() and "/" in zone),
        key=lambda zone: (not zone.rpartition("/")[2].casefold().startswith(wanted), zone),
    )
    # The signs in the names of the fixed zones there mean the contrary of what people write.
    zones = [*meant_zones(typed), *(zone for zone in zones if not zone.startswith("Etc/"))]
    if not wanted:
        zones = ["UTC", "Asia/Seoul", "Asia/Tokyo", "Europe/Berlin", "Europe/London",
                 "America/New_York", "America/Los_Angeles", *zones]  # fmt: skip
    return [_choice(zone, zone) for zone in dict.fromkeys(zones)][:LIMIT]


@completion
async def languages(interaction: Interaction, typed: str) -> Choices:
    """The languages that the bot speaks."""
    spoken = locale.languages()
    return matching([(locale.texts(code)("language"), code) for code in spoken], typed)


def matching(known: Sequence[tuple[str, str]], typed: str, head: str = "") -> Choices:
    """The known names and values that contain what was typed after `head`."""
    wanted = typed.strip().casefold()
    at = len(head)
    return [
        _choice(name, value)
        for name, value in known
        if wanted in name[at:].casefold() or wanted in value[at:].casefold()
    ][:LIMIT]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=shorten(name, WIDTH), value=value)


@completion
async def subscriptions(interaction: Interaction, typed: str) -> Choices:
    """This channel's subscriptions."""
    found = await interaction.client.services.subscriptions.choices(
        place(interaction), typed, LIMIT
    )
    return each(
        RecordKind.CHOICE,
        found,
        lambda one: _choice(one.query, f"{SUBSCRIPTION}{one.id}"),
        name=lambda one: f"subscription {one.id}",
    )


_LAST_TERM = re.compile(r'(?:^|[\s(])(?P<term>(?:(?P<field>\w+):)?(?P<value>"[^"]*|[^\s"()]*))$')


@completion
async def queries(interaction: Interaction, typed: str) -> Choices:
    """The query with its last word completed: categories after `cat:`, authors after `au:`."""
    match = _LAST_TERM.search(typed)
    if match is None:
        return []
    before, value = typed[: match.start("term")], match["value"].lstrip('"')
    field = (match["field"] or "").casefold()
    ends: list[tuple[str, str]] = []
    if field in ("au", "author"):
        names = await interaction.client.services.subscriptions.authors(value, LIMIT)
        ends = each(
            RecordKind.CHOICE,
            names,
            lambda name: (f'au:"{readable(name)}"', readable(name)),
            name=lambda name: "an author",
        )
    elif field in ("cat", "category") or (not field and len(value) >= 2):
        ends = [(f"cat:{name}", f"cat:{name} – {meaning}") for name, meaning in _categories(value)]
    whole_queries = [(f"{before}{shown}", f"{before}{end}") for end, shown in ends]
    return [_choice(name, value) for name, value in whole_queries if len(value) <= WIDTH][:LIMIT]


def _categories(typed: str) -> list[tuple[str, str]]:
    """Categories and archives for what is being typed, with their names: an archive of this name,
    what people call so (NLP), what is called so."""
    whole = [f"{one.id}.*" for one in [taxonomy.archive(typed.rstrip(".*"))] if one]
    named = [one.id for one in taxonomy.complete(typed, LIMIT)]
    names = dict.fromkeys([*whole, *called_like(typed), *named])
    known = [(name, taxonomy.category(name) or taxonomy.archive(name)) for name in names]
    return [(name, one.name) for name, one in known if one]


@completion
async def kinds(interaction: Interaction, typed: str) -> Choices:
    """What counts."""
    texts = spoken(interaction)
    known = ["new cross", "new", "new cross replace", "cross", "replace"]
    named = [(", ".join(texts(f"kind.{kind}") for kind in value.split()), value) for value in known]
    return matching(named, typed)
