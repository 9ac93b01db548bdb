"""Tells a person what went wrong: one place for commands, buttons and forms."""

from __future__ import annotations

import io
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import discord
import structlog
from discord import app_commands, ui

from bot.chat.allowances import charge
from bot.chat.checks import check_command
from bot.chat.components import button
from bot.chat.context import channel_place, missing_permissions, spoken
from bot.chat.interaction import Interaction
from bot.chat.responses import BROKEN, is_over, note_lost, outcome, privately
from bot.chat.typed import typed_text
from bot.chat.views.buttons import add_take
from bot.errors import (
    AlreadyListed,
    CannotPostHere,
    CommandChanged,
    DatabaseTrouble,
    GuildOnly,
    ManagersOnly,
    MessageGone,
    NothingAdded,
    NotShown,
    PaperWithdrawn,
    PersonError,
    Unexpected,
)
from bot.isolation import RecordKind, either
from bot.locale import Texts
from bot.store.away import DatabaseAway
from bot.text.graphemes import shorten
from bot.text.markdown import escape, is_blank
from bot.text.octets import utf8
from bot.text.plain import plain_line

log = structlog.get_logger(__name__)

_CODE = ("typed", "suggestion", "id", "url", "query")
"""Parameters that the texts show as code."""
_READY = ("candidates", "channel", "link", "pointed")
"""Parameters that are Markdown already."""
LIMIT = 900
"""Characters of a refusal."""
QUOTE_LIMIT = 300
"""Characters of what was typed that are shown with a refusal."""


class Tree(app_commands.CommandTree[Any]):
    """The commands, with one handler for whatever goes wrong in them."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether a command came as it is registered, and not too often; the person is told."""
        try:
            check_command(interaction)
            charge(interaction)
            await _adopt_imported(interaction)
        except Exception as problem:
            if interaction.type is discord.InteractionType.autocomplete:
                with suppress(discord.DiscordException, *BROKEN):
                    await interaction.response.autocomplete([])
            else:
                await tell(interaction, problem)
            return False
        return True

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person what went wrong in a command."""
        await tell(interaction, error)


async def _adopt_imported(interaction: Interaction) -> None:
    """Let a channel into which the host imported by its id alone belong to its server.

    Before any command, since each may show or change its papers, and until then they are in a
    catalogue and a list of members of their own. The import runs in another process, so that
    only the database knows of it; a channel whose server is known is not asked for again.
    """
    if interaction.type is discord.InteractionType.autocomplete:
        return
    locale = interaction.guild_locale.value if interaction.guild_locale else None
    if (here := channel_place(interaction.channel, locale)) is not None:
        await outcome(interaction, interaction.client.services.papers.adopt_imported(here))


@asynccontextmanager
async def told(interaction: Interaction) -> AsyncIterator[None]:
    """Whatever goes wrong within is told to the person, as it is for commands."""
    try:
        yield
    except Exception as error:
        await tell(interaction, error)


@asynccontextmanager
async def stored(interaction: Interaction) -> AsyncIterator[None]:
    """What is asked for is stored: if showing it goes wrong, nobody need send it again."""
    try:
        yield
    except Exception as error:
        problem = NotShown(id=secrets.token_hex(4))
        if isinstance(error, BROKEN):
            log.warning("answer.not_shown", **problem.params, error=repr(error))
        else:
            log.error("answer.not_shown", **problem.params, exc_info=error)
        await tell(interaction, problem, typed="")


async def tell(
    interaction: Interaction,
    error: BaseException,
    *,
    typed: str | None = None,
    view: ui.View | None = None,
) -> None:
    """Tell a person, privately and in their language, what did not go.

    What they typed comes back with it, so that they need not write it again: `typed`, or what the
    interaction brought.
    """
    if isinstance(error, (app_commands.CommandInvokeError, app_commands.TransformerError)):
        error = error.__cause__ or error
    if interaction.type is discord.InteractionType.autocomplete:
        # Nobody reads a refusal there.
        log.info("autocompletion.refused", error=type(error).__name__)
        return
    if isinstance(error, discord.DiscordException) and is_over(error):
        note_lost(interaction, error)
        return
    problem = problem_of(interaction, error)
    if isinstance(problem, DatabaseTrouble):
        log.error("command.failed", **problem.params, error=str(error))
    elif isinstance(problem, Unexpected):
        command = interaction.command.qualified_name if interaction.command else None
        log.error("command.failed", **problem.params, command=command, exc_info=error)
    texts = spoken(interaction)
    said, file = quoted(problem, typed_text(interaction) if typed is None else typed, texts)
    try:
        await privately(interaction, said, view=view or ways_on(_each(problem), texts), file=file)
    except Exception as failure:
        # Whoever calls this has nobody to tell in turn: no network, or the client is closing.
        log.error("refusal.lost", error=repr(failure))


def problem_of(interaction: Interaction, error: BaseException) -> PersonError:
    """The mistake behind an error; Unexpected if there is none that a person could make."""
    if isinstance(error, PersonError):
        return error
    if isinstance(error, app_commands.NoPrivateMessage):
        return GuildOnly()
    if isinstance(error, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        return CommandChanged()
    if isinstance(error, (app_commands.BotMissingPermissions, discord.Forbidden)):
        return CannotPostHere(missing=missing_permissions(interaction))
    if isinstance(error, discord.NotFound):
        return MessageGone()
    if isinstance(error, app_commands.CheckFailure):
        return ManagersOnly()
    if isinstance(error, DatabaseAway):
        return DatabaseTrouble(id=secrets.token_hex(4))
    return Unexpected(id=secrets.token_hex(4))


def explain(problem: PersonError, texts: Texts) -> str:
    """The text of a refusal: short, one that pings nobody and leaves the Markdown whole."""
    return either(
        RecordKind.BLOCK,
        problem.key,
        lambda: _explained(problem, texts),
        lambda: f"⚠️ {plain_line(' '.join(map(str, problem.params.values())), LIMIT - 2)}",
    )


def _explained(problem: PersonError, texts: Texts) -> str:
    if isinstance(problem, NothingAdded):
        several = problem.params["refused"]
        assert isinstance(several, tuple)
        return f"⚠️ {texts(problem.key)}\n{refusals(several, texts)}"
    return shorten(f"⚠️ {plainly(problem, texts)}", LIMIT)


def plainly(problem: PersonError, texts: Texts) -> str:
    """The same words where nothing is refused."""
    params = {name: _shown(name, value, texts) for name, value in problem.params.items()}
    return texts(problem.key, **params)


def remark(problem: PersonError | None, texts: Texts) -> Sequence[str]:
    """A line in small letters, for what stands in the way of nothing; none without a problem."""
    return () if problem is None else (f"-# {plainly(problem, texts)}",)


def quoted(problem: PersonError, typed: str, texts: Texts) -> tuple[str, discord.File | None]:
    """A refusal with the beginning of what was typed, and all of it in a file if it is long."""
    said = explain(problem, texts)
    if is_blank(typed):
        return said, None
    quote = shorten(typed.replace("`", "'"), QUOTE_LIMIT)
    said = f"{shorten(said, LIMIT - QUOTE_LIMIT)}\n```\n{quote}\n```"
    if quote == typed:
        return said, None
    return said, discord.File(io.BytesIO(utf8(typed)), "text.md")


def refusals(refused: Sequence[PersonError], texts: Texts) -> str:
    """What was wrong with some of several references, a line each."""
    lines: list[str] = []
    room = LIMIT
    for at, problem in enumerate(refused):
        line = shorten(explain(problem, texts), 300)
        if len(line) > room:
            lines.append(texts("paper.more_refused", count=len(refused) - at))
            break
        lines.append(line)
        room -= len(line) + 1
    return "\n".join(lines)


def ways_on(problems: Sequence[PersonError], texts: Texts) -> ui.View | None:
    """Buttons for what could be done instead, as many as stand in a row."""
    buttons = [found for problem in problems if (found := _way_on(problem, texts)) is not None]
    if not buttons:
        return None
    view = ui.View(timeout=None)
    for one in buttons[:5]:
        view.add_item(one)
    return view


def _way_on(problem: PersonError, texts: Texts) -> ui.Button[Any] | None:
    entry_id, reference = problem.params.get("entry_id"), problem.params.get("reference")
    if isinstance(problem, AlreadyListed) and isinstance(entry_id, int):
        return add_take(entry_id, texts)
    if isinstance(problem, PaperWithdrawn) and isinstance(reference, str):
        return button(f"withdrawn:{reference}", texts("button.list_withdrawn", reference=reference))
    return None


def _each(problem: PersonError) -> Sequence[PersonError]:
    several = problem.params.get("refused")
    return several if isinstance(several, tuple) else (problem,)


def _shown(name: str, value: object, texts: Texts) -> object:
    if isinstance(value, datetime):
        return texts.moment(value)
    if name == "missing" and isinstance(value, tuple):
        return ", ".join(texts(f"permission.{item}") for item in value or ("some",))
    if not isinstance(value, str) or name in _READY:
        return value
    line = shorten(" ".join(value.split()), 200)
    return line.replace("`", "'") if name in _CODE else escape(line)
