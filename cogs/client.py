"""Discord's client: which events it wants, its commands, the sender, and who hears what."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

import discord
import structlog
from discord.ext import commands

from bot.config import Discord
from bot.delivery import DiscordPort, Managers, Sender
from cogs import add_cogs, announcements
from cogs.cards import render, render_take
from cogs.errors import Tree
from cogs.inflight import finished
from cogs.services import Services as CogServices
from cogs.sync import sync

if TYPE_CHECKING:
    from bot.services import Services

log = structlog.get_logger()


def intents(settings: Discord) -> discord.Intents:
    """What the bot hears: guilds and their messages; their text only if the host wants it."""
    wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    wanted.message_content = settings.message_content
    return wanted


class Client(commands.Bot):
    """The bot as Discord sees it, and the sender that works through it."""

    def __init__(self, services: Services, settings: Discord) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents(settings),
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            shard_count=settings.shards,
        )
        self.services = services
        self.port = DiscordPort(
            partial(render, services.papers),
            partial(announcements.render, services.announcements),
            partial(render_take, services.takes),
        )
        managers = Managers(lambda: self)
        self.sender = Sender(
            services.store,
            self.port,
            services.clock,
            now=services.now,
            owner=services.owner,
            notify=managers,
        )
        self._sending: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        """After the login, before the gateway: commands in place, what is owed may go out."""
        await add_cogs(
            self,
            CogServices(
                papers=self.services.papers,
                takes=self.services.takes,
                digests=self.services.digests,
                settings=self.services.settings,
                wake=self.sender.wake,
                clock=self.services.clock,
                search=self.services.search,
                tags=self.services.tags,
                subscriptions=self.services.subscriptions,
                announcements=self.services.announcements,
                privacy=self.services.privacy,
                imports=self.services.imports,
            ),
        )
        await sync(self)
        self.port.connect(self)
        self._sending = asyncio.create_task(self.sender.run(), name="sender")
        self._sending.add_done_callback(_report)

    async def close(self) -> None:
        """Ends what is being answered or sent; the rest is owed until the next start."""
        await finished()
        await self.sender.stop()
        if self._sending is not None:
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._sending
        await super().close()

    async def on_ready(self) -> None:
        log.info("discord.ready", user=str(self.user), guilds=len(self.guilds))
        self.sender.wake()

    async def on_message(self, message: discord.Message) -> None:
        """An echo of what the sender sent settles it. (Commands by prefix are not wanted.)"""
        if self.user is not None and message.author.id == self.user.id and message.nonce:
            await self.sender.echo(str(message.nonce), message.id)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """The same for threads, which have no nonce."""
        if self.user is not None and thread.owner_id == self.user.id:
            await self.sender.echo_thread(thread.parent_id, thread.name, thread.id)

    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """What was refused there may be allowed now."""
        await self.sender.revive(after.id)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("delivery.ended", error=repr(error))
