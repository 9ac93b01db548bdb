"""Discord's client: which events it wants, its commands, the sender, and who hears what."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import discord
import structlog
from discord.ext import commands

from bot.chat.command_sync import NotRegistered, sync
from bot.chat.errors import Tree
from bot.chat.followers import Followers
from bot.chat.managers import Managers
from bot.chat.shutdown import finished
from bot.chat.transport import DiscordPort
from bot.chat.turns import GuildTurns
from bot.chat.views import announcements
from bot.chat.views.cards import render, render_take
from bot.config import DiscordConfig
from bot.delivery import Sender, Unauthorised
from bot.ops.session_starts import SessionStarts, SessionStartsUsedUp
from bot.ops.supervisor import Duty, Pauses, Supervisor
from bot.services import Services

log = structlog.get_logger()

WAIT_CONNECTED = 20.0
"""Seconds that a connection may wait for its turn to begin a session; a longer wait is spent
without one."""
HASTY = 10.0
"""Seconds: a connection that lived for less is followed by a pause, the third such one (of each
shard) on. The library makes the next one at once where it hopes to resume the session."""
HASTE = Pauses(first=0.5, most=30.0)
APART = 5.0
"""Seconds between two sessions that one client begins: Discord takes one in five seconds."""


def intents(settings: DiscordConfig) -> discord.Intents:
    """What the bot hears: guilds and their messages; their text only if the host wants it."""
    wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    wanted.message_content = settings.message_content
    return wanted


AddCommands: TypeAlias = "Callable[[Client], Awaitable[None]]"
"""Gives a client its groups of commands."""


class Client(commands.Bot):
    """The bot as Discord sees it, and the sender that works through it."""

    def __init__(
        self,
        services: Services,
        settings: DiscordConfig,
        add_commands: AddCommands,
        supervisor: Supervisor | None = None,
        starts: SessionStarts | None = None,
    ) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents(settings),
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            shard_count=settings.shards or 1,
        )
        self.services = services
        self.add_commands = add_commands
        self.turns = GuildTurns()
        self.supervisor = supervisor or Supervisor()
        self.starts = starts or SessionStarts()
        self.refused = asyncio.Event()
        """Set when Discord does not take the token any more: whoever runs this logs in anew."""
        self.command_ids: Mapping[str, int] = {}
        """What Discord calls the commands, by name, once they are registered."""
        self.away_since: float | None = time.monotonic()
        """When the gateway was lost, or this client made; None while it is there."""
        self.was_there = False
        """Whether it has ever been connected to the gateway."""
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
            worked=self.supervisor.record("sender").succeeded,
        )
        self.followers = Followers()
        """The private answers that follow what they spoke of."""
        self._duties: list[Duty] = []
        self._opened_at = -HASTY
        self._hasty = 0
        self._shards = settings.shards or 1
        self._open = self.http.ws_connect
        self.http.ws_connect = self._open_calmly  # type: ignore[method-assign]

    async def setup_hook(self) -> None:
        """After the login, before the gateway: from now on the outbox may be sent."""
        await self.add_commands(self)
        self.port.connect(self)
        self._duties = [
            self.supervisor.keep("sender", self._send),
            self.supervisor.once("commands", self._register, weather=(NotRegistered,)),
        ]

    def wake(self) -> None:
        """There is something new in the outbox."""
        self.sender.wake()

    async def _send(self) -> None:
        try:
            await self.sender.run()
        except Unauthorised:
            self.refused.set()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Before each new session. Raises SessionStartsUsedUp where it would have to wait long."""
        wait = self.starts.wait()
        if wait > WAIT_CONNECTED:
            raise SessionStartsUsedUp(wait)
        await asyncio.sleep(wait if initial else max(wait, APART))
        self.starts.made()

    async def _open_calmly(self, url: str, *, compress: int = 0) -> Any:
        """Opens a connection to the gateway."""
        hasty = time.monotonic() - self._opened_at < HASTY
        self._hasty = self._hasty + 1 if hasty else 0
        if (rounds := self._hasty // self._shards) > 2:
            await asyncio.sleep(HASTE.after(rounds - 2))
        self._opened_at = time.monotonic()
        return await self._open(url, compress=compress)

    async def close(self) -> None:
        """Ends what is being answered or sent; the rest of the outbox waits for the next start."""
        await finished()
        await self.followers.stop()
        await self.sender.stop()
        for duty in self._duties:
            await duty.stop()
        await super().close()

    @property
    def away(self) -> float:
        """Seconds without the gateway."""
        return 0.0 if self.away_since is None else time.monotonic() - self.away_since

    async def _register(self) -> None:
        self.command_ids = await sync(self)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Notes what becomes of the gateway at once: listeners run in tasks, later."""
        self.note(event, *args)
        # What still comes in while it closes would find no event loop to run its listeners in.
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    def note(self, event: str, *_args: Any) -> None:
        """Whether the gateway is there, by what the library says of it."""
        if event in ("connect", "resumed"):
            self.gateway_there()
        elif event == "disconnect":
            self.gateway_lost()

    def gateway_there(self) -> None:
        """The gateway is connected."""
        self.was_there, self.away_since = True, None

    def gateway_lost(self) -> None:
        """The gateway is not connected (any more); since when is kept."""
        if self.away_since is None:
            self.away_since = time.monotonic()

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

    # What was refused may be allowed now: by a channel's permissions or tags, an unlocked thread,
    # a role, our own roles, or an invitation.

    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        await self.sender.revive(after.id)

    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        await self.sender.revive(payload.parent_id)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if before.permissions != after.permissions:
            await self._revive(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self._revive(role.guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Without the privileged intent Discord tells of ourselves alone."""
        if after == after.guild.me and before.roles != after.roles:
            await self._revive(after.guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._revive(guild)

    async def _revive(self, guild: discord.Guild) -> None:
        await self.sender.revive(*(channel.id for channel in guild.channels))
