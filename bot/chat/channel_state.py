"""What stands at Discord: our messages and threads, and whether a channel is there.

Nothing here changes anything, so that it may be asked twice; an answer of another shape than
Discord's is not understood, which is not the same as an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import discord
from discord.http import Route

from bot.chat.http import Requests, understanding
from bot.delivery.answers import snowflake_of
from bot.delivery.port import NotDone, Refused, SeenMessage, Thread, Unreachable
from bot.delivery.refusal_codes import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE

_PAGE = 100


class Standing:
    """The part of `port.Port` that only reads."""

    def __init__(self, requests: Requests) -> None:
        self.requests = requests

    async def channel(self, channel_id: int) -> dict[str, Any]:
        """A channel as Discord describes it."""
        route = Route("GET", "/channels/{channel_id}", channel_id=channel_id)
        channel = await self.requests.read(route)
        if snowflake_of(channel) != channel_id:
            raise Unreachable("not understood: another channel")
        return dict(channel)

    async def check_login(self) -> None:
        me = await self.requests.read(Route("GET", "/users/@me"))
        if snowflake_of(me) != self._me():
            raise Unreachable("not understood: somebody else")

    async def exists(self, channel_id: int) -> bool:
        try:
            await self.channel(channel_id)
        except Refused as refused:
            if refused.code == UNKNOWN_CHANNEL:
                return False
            raise
        return True

    async def mine(self, channel_id: int, after: int, until: int | None) -> Sequence[SeenMessage]:
        newest = await self._page(channel_id)
        if not newest:
            await self._must_be_readable(channel_id)
        messages = dict(newest)
        reached = min(messages, default=0)
        if len(newest) == _PAGE and reached > after:
            end = reached if until is None else min(reached, until)
            while after < end:
                page = await self._page(channel_id, after=after)
                messages |= page
                last = max(page, default=end)
                if last <= after:
                    raise Unreachable("not understood: the same page again")
                after = last
        with understanding():
            return [
                SeenMessage(
                    number, message["content"], frozenset(_marks(message.get("components", ())))
                )
                for number, message in sorted(messages.items())
                if int(message["author"]["id"]) == self._me()
            ]

    async def _page(self, channel_id: int, **after: int) -> dict[int, dict[str, Any]]:
        """The newest messages, or the first ones after an id, by their ids."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
        page = await self.requests.read(route, params={"limit": _PAGE, **after})
        if not isinstance(page, list):
            raise Unreachable("not understood: no list of messages")
        with understanding():
            return {int(message["id"]): message for message in page}

    async def my_threads(self, parent_id: int, after: int) -> Sequence[Thread]:
        threads = await self._active(parent_id)
        threads += await self._archived(parent_id, after)
        with understanding():
            return [
                Thread(int(thread["id"]), thread["name"])
                for thread in threads
                if int(thread["parent_id"]) == parent_id
                and int(thread["owner_id"]) == self._me()
                and int(thread["id"]) > after
            ]

    async def _active(self, parent_id: int) -> list[dict[str, Any]]:
        """The active threads of the channel's guild."""
        parent = await self.channel(parent_id)
        with understanding():
            route = Route("GET", "/guilds/{guild_id}/threads/active", guild_id=parent["guild_id"])
        return (await self._threads(route))[0]

    async def _archived(self, parent_id: int, after: int) -> list[dict[str, Any]]:
        """Threads that were archived since `after`, in pages, the last archived first."""
        route = Route("GET", "/channels/{channel_id}/threads/archived/public", channel_id=parent_id)
        since = discord.utils.snowflake_time(after)
        threads: list[dict[str, Any]] = []
        params: dict[str, Any] = {"limit": _PAGE}
        while True:
            page, more = await self._threads(route, params=params)
            threads += page
            if not page or not more:
                return threads
            with understanding():
                oldest = page[-1]["thread_metadata"]["archive_timestamp"]
                if datetime.fromisoformat(oldest).astimezone(UTC) < since:
                    return threads
            if params.get("before") == oldest:
                raise Unreachable("not understood: the same page again")
            params["before"] = oldest

    async def _threads(self, route: Route, **kwargs: Any) -> tuple[list[dict[str, Any]], bool]:
        """A list of threads, and whether there are more."""
        answer = await self.requests.read(route, **kwargs)
        found = answer.get("threads") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise Unreachable("not understood: no list of threads")
        return list(found), bool(answer.get("has_more"))

    async def _must_be_readable(self, channel_id: int) -> None:
        """Raise if an empty history only means that we may not read it.

        Without READ_MESSAGE_HISTORY Discord lists no messages; asked for a single one it says so.
        """
        try:
            found = await self.requests.read(message_route("GET", channel_id, channel_id))
        except Refused as refused:
            if refused.code != UNKNOWN_MESSAGE:
                raise
        else:
            if snowflake_of(found) != channel_id:
                raise Unreachable("not understood: another message")

    async def direct_channel(self, user_id: int) -> int:
        route = Route("POST", "/users/@me/channels")
        # Asked again, Discord answers with the same channel.
        answer = await self.requests.read(route, json={"recipient_id": str(user_id)})
        with understanding():
            if {int(person["id"]) for person in answer["recipients"]} != {user_id}:
                raise Unreachable("not understood: somebody else's direct messages")
            return int(answer["id"])

    async def my_pinned_posts(self, forum_id: int) -> Sequence[int]:
        active = await self._active(forum_id)
        with understanding():
            return [
                int(thread["id"])
                for thread in active
                if int(thread["parent_id"]) == forum_id
                and int(thread["owner_id"]) == self._me()
                and discord.ChannelFlags._from_value(thread.get("flags", 0)).pinned
            ]

    def _me(self) -> int:
        client = self.requests.client
        if client is None or client.user is None:
            raise NotDone("not logged in")
        return client.user.id


def _marks(components: Sequence[Any]) -> Iterator[str]:
    """The ids of all buttons and menus of a message, as Discord gives it."""
    for component in components:
        if isinstance(mark := component.get("custom_id"), str):
            yield mark
        yield from _marks(component.get("components", ()))
        if accessory := component.get("accessory"):
            yield from _marks([accessory])


def message_route(method: str, channel_id: int, message_id: int) -> Route:
    """The route of one message."""
    return Route(
        method,
        "/channels/{channel_id}/messages/{message_id}",
        channel_id=channel_id,
        message_id=message_id,
    )
