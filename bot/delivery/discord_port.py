"""The port's implementation over a real `discord.Client`. It needs a login, but no cache."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import discord
from discord.http import Route, handle_message_parameters

from bot.delivery.endings import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from bot.delivery.port import Before, Made, NotDone, Refused, Seen, Thread
from bot.delivery.request import Answer, Requests

Render = Callable[[int], Awaitable[discord.ui.LayoutView | None]]
"""Draws the card of an entry as it is now; None if there is none any more."""
Draw = Callable[[str], Awaitable[discord.ui.LayoutView | None]]
"""Draws an announcement from its row's text, as its papers are now."""

_NOBODY = discord.AllowedMentions.none().to_dict()
_NO_PREVIEWS = discord.MessageFlags(suppress_embeds=True).value
_PAGE = 100
_TAGS = 5


class DiscordPort:
    """Discord, through the client that the bot is logged in with; `connect` says which that is.

    `render` draws cards, `draw` announcements, `render_take` the messages that show a take; without
    them they are left as they are.
    `timeout`: seconds for one request; well under the lease of a row (`Pace.lease`).
    `archive_after`: minutes without a message after which Discord puts a digest's thread away.
    """

    def __init__(
        self,
        render: Render | None = None,
        draw: Draw | None = None,
        render_take: Render | None = None,
        *,
        timeout: float = 15.0,
        archive_after: Literal[60, 1440, 4320, 10080] = 10080,
    ) -> None:
        self.render = render
        self.draw = draw
        self.render_take = render_take
        self.archive_after = archive_after
        self.requests = Requests(timeout=timeout)

    def connect(self, client: discord.Client) -> None:
        """From now on requests go through this client, which is logged in."""
        self.requests.client = client

    def connected(self) -> bool:
        client = self.requests.client
        return client is not None and not client.is_closed()

    async def post(self, channel_id: int, text: str, nonce: str, before: Before) -> Made:
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        payload = {**_content(text), "nonce": nonce, "enforce_nonce": True}
        return _made(await self.requests.once(route, before, json=payload))

    async def announce(self, channel_id: int, text: str, nonce: str, before: Before) -> Made | None:
        payload = await self._drawn(text)
        if payload is None:
            return None
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        payload |= {"nonce": nonce, "enforce_nonce": True}
        return _made(await self.requests.once(route, before, json=payload))

    async def edit_announcement(
        self, channel_id: int, message_id: int, text: str, before: Before
    ) -> Made | None:
        payload = await self._drawn(text)
        if payload is None:
            return None
        route = _message_route("PATCH", channel_id, message_id)
        return _made(await self.requests.once(route, before, json=payload))

    async def _drawn(self, text: str) -> dict[str, Any] | None:
        view = await self.draw(text) if self.draw is not None else None
        return None if view is None else _view(view)

    async def open_thread(
        self, channel_id: int, message_id: int | None, name: str, before: Before
    ) -> Made:
        payload: dict[str, Any] = {"name": name, "auto_archive_duration": self.archive_after}
        if message_id is not None:
            route = Route(
                "POST",
                "/channels/{channel_id}/messages/{message_id}/threads",
                channel_id=channel_id,
                message_id=message_id,
            )
        else:
            route = Route("POST", "/channels/{channel_id}/threads", channel_id=channel_id)
            payload["type"] = await self._thread_type(channel_id)
        return _made(await self.requests.once(route, before, json=payload))

    async def forum_post(
        self, forum_id: int, title: str, text: str, tags: Sequence[str], before: Before
    ) -> Made:
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum_id)
        payload: dict[str, Any] = {
            "name": title,
            "auto_archive_duration": self.archive_after,
            "message": _content(text),
        }
        if tags:
            known = (await self._channel(forum_id)).get("available_tags", ())
            wanted = {name.casefold() for name in tags}
            found = [tag["id"] for tag in known if tag["name"].casefold() in wanted]
            payload["applied_tags"] = found[:_TAGS]
        return _made(await self.requests.once(route, before, json=payload))

    async def direct(self, user_id: int, text: str, nonce: str, before: Before) -> Made:
        return await self.post(await self.direct_channel(user_id), text, nonce, before)

    async def direct_channel(self, user_id: int) -> int:
        route = Route("POST", "/users/@me/channels")
        # Asked again, Discord answers with the same channel.
        answer = await self.requests.read(route, json={"recipient_id": str(user_id)})
        return int(answer["id"])

    async def pin(self, channel_id: int, message_id: int, before: Before) -> Made:
        route = Route(
            "PUT",
            "/channels/{channel_id}/messages/pins/{message_id}",
            channel_id=channel_id,
            message_id=message_id,
        )
        return _made(await self.requests.once(route, before))

    async def pin_post(self, thread_id: int, pinned: bool, before: Before) -> Made:
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
        flags = discord.ChannelFlags(pinned=pinned).value
        return _made(await self.requests.once(route, before, json={"flags": flags}))

    async def my_pinned_posts(self, forum_id: int) -> Sequence[int]:
        return [
            int(thread["id"])
            for thread in await self._active(forum_id)
            if int(thread["parent_id"]) == forum_id
            and int(thread["owner_id"]) == self._me()
            and discord.ChannelFlags._from_value(thread.get("flags", 0)).pinned
        ]

    async def edit(self, channel_id: int, message_id: int, text: str, before: Before) -> Made:
        route = _message_route("PATCH", channel_id, message_id)
        return _made(await self.requests.once(route, before, json=_content(text)))

    async def edit_card(
        self, channel_id: int, message_id: int, entry_id: int, before: Before
    ) -> Made | None:
        view = await self.render(entry_id) if self.render is not None else None
        if view is None:
            return None
        payload = _view(view)
        route = _message_route("PATCH", channel_id, message_id)
        return _made(await self.requests.once(route, before, json=payload))

    async def edit_take(
        self, channel_id: int, message_id: int, take_id: int, before: Before
    ) -> Made | None:
        view = await self.render_take(take_id) if self.render_take is not None else None
        if view is None:
            return None
        route = _message_route("PATCH", channel_id, message_id)
        return _made(await self.requests.once(route, before, json=_view(view)))

    async def delete(self, channel_id: int, message_id: int, before: Before) -> Made:
        route = _message_route("DELETE", channel_id, message_id)
        return _made(await self.requests.once(route, before))

    async def remove_thread(self, thread_id: int) -> None:
        await self.requests.read(Route("DELETE", "/channels/{channel_id}", channel_id=thread_id))

    async def reopen(self, thread_id: int) -> None:
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
        await self.requests.read(route, json={"archived": False})

    async def exists(self, channel_id: int) -> bool:
        try:
            await self._channel(channel_id)
        except Refused as refused:
            if refused.code == UNKNOWN_CHANNEL:
                return False
            raise
        return True

    async def mine(self, channel_id: int, after: int, until: int | None) -> Sequence[Seen]:
        newest = await self._page(channel_id)
        if not newest:
            await self._must_be_readable(channel_id)
        messages = {int(message["id"]): message for message in newest}
        reached = min(messages, default=0)
        if len(newest) == _PAGE and reached > after:
            end = reached if until is None else min(reached, until)
            while after < end:
                page = await self._page(channel_id, after=after)
                messages |= {int(message["id"]): message for message in page}
                after = max((int(message["id"]) for message in page), default=end)
        return [
            Seen(number, message["content"], frozenset(_marks(message.get("components", ()))))
            for number, message in sorted(messages.items())
            if int(message["author"]["id"]) == self._me()
        ]

    async def _page(self, channel_id: int, **after: int) -> list[dict[str, Any]]:
        """The newest messages, or the first ones after an id."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
        page: list[dict[str, Any]] = await self.requests.read(
            route, params={"limit": _PAGE, **after}
        )
        return page

    async def my_threads(self, parent_id: int, after: int) -> Sequence[Thread]:
        threads = await self._active(parent_id)
        threads += await self._archived(parent_id, after)
        return [
            Thread(int(thread["id"]), thread["name"])
            for thread in threads
            if int(thread["parent_id"]) == parent_id
            and int(thread["owner_id"]) == self._me()
            and int(thread["id"]) > after
        ]

    async def _active(self, parent_id: int) -> list[dict[str, Any]]:
        """The active threads of the channel's guild."""
        guild_id = int((await self._channel(parent_id))["guild_id"])
        route = Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild_id)
        return list((await self.requests.read(route))["threads"])

    async def _archived(self, parent_id: int, after: int) -> list[dict[str, Any]]:
        """Threads that were archived since `after`, in pages, the last archived first."""
        route = Route("GET", "/channels/{channel_id}/threads/archived/public", channel_id=parent_id)
        since = discord.utils.snowflake_time(after)
        threads: list[dict[str, Any]] = []
        params: dict[str, Any] = {"limit": _PAGE}
        while True:
            answer = await self.requests.read(route, params=params)
            page = answer["threads"]
            threads += page
            if not page or not answer.get("has_more"):
                return threads
            oldest = page[-1]["thread_metadata"]["archive_timestamp"]
            if datetime.fromisoformat(oldest).astimezone(UTC) < since:
                return threads
            params["before"] = oldest

    async def _must_be_readable(self, channel_id: int) -> None:
        """Raise if an empty history only means that we may not read it.

        Without READ_MESSAGE_HISTORY Discord lists no messages; asked for a single one it says so.
        """
        try:
            await self.requests.read(_message_route("GET", channel_id, channel_id))
        except Refused as refused:
            if refused.code != UNKNOWN_MESSAGE:
                raise

    async def _thread_type(self, channel_id: int) -> int:
        """Threads without a message: in a channel for news they are of a kind of their own."""
        parent = await self._channel(channel_id)
        news = parent["type"] == discord.ChannelType.news.value
        kind = discord.ChannelType.news_thread if news else discord.ChannelType.public_thread
        return int(kind.value)

    async def _channel(self, channel_id: int) -> dict[str, Any]:
        route = Route("GET", "/channels/{channel_id}", channel_id=channel_id)
        channel: dict[str, Any] = await self.requests.read(route)
        return channel

    def _me(self) -> int:
        client = self.requests.client
        if client is None or client.user is None:
            raise NotDone("not logged in")
        return client.user.id


def _view(view: discord.ui.LayoutView) -> dict[str, Any]:
    with handle_message_parameters(
        view=view, allowed_mentions=discord.AllowedMentions.none()
    ) as parameters:
        assert parameters.payload is not None
        return parameters.payload


def _marks(components: Sequence[Any]) -> Iterator[str]:
    """The ids of all buttons and menus of a message, as Discord gives it."""
    for component in components:
        if isinstance(mark := component.get("custom_id"), str):
            yield mark
        yield from _marks(component.get("components", ()))
        if accessory := component.get("accessory"):
            yield from _marks([accessory])


def _content(text: str) -> dict[str, Any]:
    return {"content": text, "allowed_mentions": _NOBODY, "flags": _NO_PREVIEWS}


def _message_route(method: str, channel_id: int, message_id: int) -> Route:
    return Route(
        method,
        "/channels/{channel_id}/messages/{message_id}",
        channel_id=channel_id,
        message_id=message_id,
    )


def _made(answer: Answer) -> Made:
    data = answer.data
    number = int(data["id"]) if isinstance(data, dict) and "id" in data else None
    return Made(number, answer.pause)
