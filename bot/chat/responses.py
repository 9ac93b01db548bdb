"""How a command answers: at once where it can, and privately until it is known what to say.

Whether an answer is private is settled by the first word to Discord, even if that is only "wait".
Refusals are private, cards are public; so a slow command waits privately, then says its public
part as a message of its own.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
import structlog
from discord import ui

from bot.chat.interaction import Interaction
from bot.isolation import RecordKind, failures

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE = 1.8
"""Seconds until a command asks Discord to wait; Discord gives up after three."""
_ATTEMPTS = 3
"""Times that a first answer is given while the connection breaks."""
_LOOKS = (0.0, 0.5, 2.0)
"""Seconds before each look for an answer that was given."""
_ANSWERED = 40060
_Type = discord.InteractionResponseType
BROKEN = (aiohttp.ClientError, OSError, TimeoutError)
"""What a connection to Discord fails with."""
_GARBLED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What the library raises over an answer that is none: nothing, a web page, half a JSON."""
NOBODY = discord.AllowedMentions.none()

_INVALID_FORM = 50035
_OVER = frozenset(
    {
        10015,  # unknown webhook: the interaction's 15 minutes are over
        10062,  # unknown interaction: its 3 seconds are over
        _ANSWERED,
        50027,  # invalid webhook token
    }
)
_GONE = _OVER | frozenset(
    {
        10003,  # unknown channel
        10004,  # unknown guild
        10007,  # unknown member
        10008,  # unknown message
        50001,  # missing access
        50013,  # missing permissions
        50083,  # the thread is archived
        160005,  # the thread is locked
    }
)


def is_over(error: BaseException) -> bool:
    """Whether the interaction itself takes no answer any more."""
    if isinstance(error, discord.HTTPException):
        return error.code in _OVER
    return isinstance(error, discord.InteractionResponded)


def is_lost(error: BaseException) -> bool:
    """Whether an answer found nobody there any more: ordinary, and nothing to repair."""
    if isinstance(error, discord.HTTPException):
        return error.code in _GONE
    return isinstance(error, discord.InteractionResponded)


async def outcome(
    interaction: Interaction,
    work: Coroutine[Any, Any, T],
    *,
    in_place: bool = False,
    in_turn: bool = True,
) -> T:
    """What a service answers; Discord is asked to wait where that takes its time.

    `in_place`: what is then said stands on the message whose button, menu or form was used.
    `in_turn`: it waits its turn among what its server asks for; what has a queue of its own does
    not.
    """
    task = asyncio.ensure_future(_in_turn(interaction, work) if in_turn else work)
    # What is asked one after the other shares the time that Discord gives.
    began = interaction.extras.setdefault("began", time.monotonic())
    left = max(began + PATIENCE - time.monotonic(), 0.0)
    done, _ = await asyncio.wait({task}, timeout=left)
    if not done and not interaction.response.is_done():
        await _ask_to_wait(interaction, in_place=in_place)
    return await task


async def _in_turn(interaction: Interaction, work: Coroutine[Any, Any, T]) -> T:
    """What a service answers, when this server may have something done."""
    try:
        async with interaction.client.turns.work(interaction.guild_id or 0):
            return await work
    finally:
        work.close()


async def _ask_to_wait(interaction: Interaction, *, in_place: bool) -> None:
    """Whatever becomes of it, what is being done is done, and answered."""
    wait = interaction.response.defer
    try:
        if in_place:
            await _first(interaction, _Type.deferred_message_update, wait)
        else:
            asked = partial(wait, ephemeral=True, thinking=True)
            await _first(interaction, _Type.deferred_channel_message, asked)
    except (discord.DiscordException, *BROKEN, *_GARBLED) as error:
        log.info("waiting.lost", interaction=interaction.id, error=repr(error))


async def _first(
    interaction: Interaction, kind: _Type, answer: Callable[[], Awaitable[T]]
) -> T | None:
    """Give the first answer to an interaction; None if it had arrived unnoticed.

    Where the connection breaks, or what comes back says nothing, it is given again, since Discord
    takes only one. Later messages are not: they could be there twice.
    """
    for attempt in range(_ATTEMPTS):
        try:
            async with interaction.client.turns.answer(interaction.guild_id or 0):
                return await answer()
        except (*BROKEN, *_GARBLED) as error:
            log.info("answer.broken_off", attempt=attempt, error=repr(error))
            if attempt + 1 == _ATTEMPTS:
                raise
            # The library takes an answer for given whatever came back.
            interaction.response._response_type = None
        except discord.HTTPException as error:
            if attempt and error.code == _ANSWERED:
                interaction.response._response_type = kind
                return None
            raise
    raise AssertionError("there is at least one attempt")


async def privately(
    interaction: Interaction,
    text: str | None = None,
    *,
    view: ui.View | ui.LayoutView | None = None,
    file: discord.File | None = None,
) -> None:
    """Say something to the person alone."""
    said: dict[str, Any] = {"allowed_mentions": NOBODY}
    said |= {} if text is None else {"content": text}
    said |= {} if view is None else {"view": view}
    copy = _copies(file)
    try:
        if is_waiting(interaction):
            interaction.extras["answered"] = True
            change: Any = interaction.edit_original_response

            def attached() -> dict[str, list[discord.File]]:
                return {} if file is None else {"attachments": list(copy().values())}

            await _repeated(lambda: change(**said, **attached()))
            return
        # A layout has no previews of links, and Discord refuses the flag with one.
        said |= {} if isinstance(view, ui.LayoutView) else {"suppress_embeds": True}
        if interaction.response.is_done():
            follow: Any = interaction.followup.send
            await _unless_garbled(follow(**said, **copy(), ephemeral=True))
            return
        send: Any = interaction.response.send_message
        await _first(
            interaction, _Type.channel_message, lambda: send(**said, **copy(), ephemeral=True)
        )
    except discord.DiscordException as error:
        note_lost(interaction, error)


async def _repeated(change: Callable[[], Awaitable[object]]) -> None:
    """Make a change that may be made twice, again while what comes back says nothing."""
    for _ in range(_ATTEMPTS):
        if await _unless_garbled(change()):
            return


async def _unless_garbled(said: Awaitable[object]) -> bool:
    """Whether what came back says that it was said; it may have been said all the same."""
    try:
        await said
    except _GARBLED as error:
        log.warning("answer.not_understood", error=repr(error)[:300])
        return False
    return True


def _copies(file: discord.File | None) -> Callable[[], dict[str, discord.File]]:
    """Gives the file for each attempt to send it anew: the library closes what it has sent."""
    if file is None:
        return dict
    data, name = file.fp.read(), file.filename
    return lambda: {"file": discord.File(io.BytesIO(data), name)}


async def in_place(interaction: Interaction, **said: Any) -> None:
    """Change the message whose button, menu or form was used."""
    said["allowed_mentions"] = NOBODY
    try:
        if interaction.response.is_done():
            said.pop("suppress_embeds", None)
            await _repeated(partial(interaction.edit_original_response, **said))
        else:
            change = partial(interaction.response.edit_message, **said)
            await _first(interaction, _Type.message_update, change)
    except discord.DiscordException as error:
        note_lost(interaction, error)


async def publicly(
    interaction: Interaction, view: ui.LayoutView, note: str, plain: Callable[[], ui.LayoutView]
) -> int | None:
    """Say something to the channel; the id of the message, or None if it found nobody.

    `note` is what the person reads privately where the command had to wait; `plain` is said where
    Discord does not take `view` as it is.
    """
    try:
        return await _publicly(interaction, view, note)
    except discord.HTTPException as error:
        if error.code != _INVALID_FORM:
            raise
        failures.note(RecordKind.BLOCK, interaction.id, error)
    return await _publicly(interaction, plain(), note)


async def _publicly(interaction: Interaction, view: ui.LayoutView, note: str) -> int | None:
    try:
        if not interaction.response.is_done():
            send = partial(interaction.response.send_message, view=view, allowed_mentions=NOBODY)
            said = await _first(interaction, _Type.channel_message, send)
            if said is not None and _answers(interaction, said.id, said.message_id):
                return said.message_id
            return await _standing(interaction, _original)
        if is_waiting(interaction):
            # First the note: the first follow-up would take the private place of the waiting.
            await privately(interaction, note)
        try:
            message = await interaction.followup.send(view=view, allowed_mentions=NOBODY, wait=True)
        except (*BROKEN, *_GARBLED) as error:
            log.warning("answer.unknown", interaction=interaction.id, error=repr(error))
            return await _standing(interaction, _in_history)
        about = message.interaction_metadata
        if not _answers(interaction, about.id if about else interaction.id, message.id):
            return await _standing(interaction, _in_history)
    except discord.DiscordException as error:
        note_lost(interaction, error)
        return None
    return message.id


def _answers(interaction: Interaction, about: int, message_id: int | None) -> bool:
    """Whether a message is this interaction's; what it leads to is younger than itself."""
    return about == interaction.id and message_id is not None and message_id > interaction.id


async def _standing(
    interaction: Interaction, look: Callable[[Interaction], Awaitable[int | None]]
) -> int | None:
    """The id of the message that a public answer is, where what came back did not say it.

    Another one is not sent: this one may only be late.
    """
    for pause in _LOOKS:
        await asyncio.sleep(pause)
        try:
            if (found := await look(interaction)) is not None:
                return found
        except (*BROKEN, *_GARBLED) as error:
            log.info("answer.not_seen", interaction=interaction.id, error=repr(error))
    log.warning("answer.not_found", interaction=interaction.id, channel=interaction.channel_id)
    return None


async def _original(interaction: Interaction) -> int | None:
    return (await interaction.original_response()).id


async def _in_history(interaction: Interaction) -> int | None:
    """Among the newest messages of the channel: each says which interaction it answers."""
    assert isinstance(interaction.channel, discord.abc.Messageable)
    async for message in interaction.channel.history(limit=50):
        about = message.interaction_metadata
        if about is not None and about.id == interaction.id and not message.flags.ephemeral:
            return message.id
    return None


def is_waiting(interaction: Interaction) -> bool:
    """Whether Discord shows the person that the bot is thinking."""
    deferred = interaction.response.type is discord.InteractionResponseType.deferred_channel_message
    return deferred and not interaction.extras.get("answered")


def note_lost(interaction: Interaction, error: discord.DiscordException) -> None:
    """Log an answer that could not be given; what was stored stays stored.

    Raises the error again if it is none of the ordinary ones.
    """
    if not is_lost(error):
        raise error
    log.info(
        "answer.lost",
        interaction=interaction.id,
        channel=interaction.channel_id,
        code=getattr(error, "code", None),
    )
