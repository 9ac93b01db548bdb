"""The client of a bot in so many servers that Discord demands several connections, its shards."""

from __future__ import annotations

from typing import Any

import yarl
from discord.ext import commands

from bot.chat.client import WAIT_CONNECTED, Client
from bot.ops.session_starts import SessionStartsUsedUp


class ShardedClient(Client, commands.AutoShardedBot):
    """The same with `discord.shards` connections, each of which hears of its servers.

    The gateway is lost while any of them is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lost_shards: set[int] = set()
        super().__init__(*args, **kwargs)

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Begin one. Raises SessionStartsUsedUp, where the library would try without end."""
        wait = self.starts.wait()
        if wait > WAIT_CONNECTED:
            raise SessionStartsUsedUp(wait)
        await super().launch_shard(gateway, shard_id, initial=initial)

    def note(self, event: str, *args: Any) -> None:
        if event in ("shard_connect", "shard_resumed"):
            self.lost_shards.discard(args[0])
            if not self.lost_shards:
                self.gateway_there()
        elif event == "shard_disconnect":
            self.lost_shards.add(args[0])
            self.gateway_lost()
