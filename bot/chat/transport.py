"""The port's implementation over a real `discord.Client`. It needs a login, but no cache."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

import discord
from discord.http import Route, handle_message_parameters

from bot.chat.channel_state import Standing, message_route
from bot.chat.http import Requests, understanding
from bot.delivery import answers
from bot.delivery.port import Before, Made

Render = Callable[[int], Awaitable[discord.ui.LayoutView | None]]
"""Draws the card of an entry as it is now; None if there is none any more."""
Draw = Callable[[str], Awaitable[discord.ui.LayoutView | None]]
"""Draws an announcement from its row's text, as its papers are now."""

_NOBODY = discord.AllowedMentions.none().to_dict()
_NO_PREVIEWS = discord.MessageFlags(suppress_embeds=True).value
_TAGS = 5


class DiscordPort(Standing):
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
        super().__init__(Requests(timeout=timeout))
        self.render = render
        self.draw = draw
        self.render_take = render_take
        self.archive_after = archive_after

    def connect(self, client: discord.Client) -> None:
        """From now on requests go through this client, which is logged in."""
        self.requests.client = client

    def connected(self) -> bool:
        client = self.requests.client
        return client is not None and not client.is_closed()

    async def post(
        self, channel_id: int, text: str, nonce: str, before: Before, *, digest: int | None = None
    ) -> Made:
        return await self._post(channel_id, _content(text) | _to_cite(digest), nonce, before)

    async def announce(self, channel_id: int, text: str, nonce: str, before: Before) -> Made | None:
        payload = await self._drawn(text)
        if payload is None:
            return None
        return await self._post(channel_id, payload, nonce, before)

    async def _post(
        self, channel_id: int, payload: dict[str, Any], nonce: str, before: Before
    ) -> Made:
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        payload = {**payload, "nonce": nonce, "enforce_nonce": True}
        right = answers.message(channel_id, nonce, payload.get("content", ""))
        return await self._once(route, before, right, json=payload)

    async def edit_announcement(
        self, channel_id: int, message_id: int, text: str, before: Before
    ) -> Made | None:
        payload = await self._drawn(text)
        if payload is None:
            return None
        return await self._rewrite(channel_id, message_id, payload, before)

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
        right = answers.thread(channel_id, name, message_id)
        return await self._once(route, before, right, json=payload)

    async def forum_post(
        self,
        forum_id: int,
        title: str,
        text: str,
        tags: Sequence[str],
        before: Before,
        *,
        digest: int | None = None,
    ) -> Made:
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum_id)
        payload: dict[str, Any] = {
            "name": title,
            "auto_archive_duration": self.archive_after,
            "message": _content(text) | _to_cite(digest),
        }
        if tags:
            known = (await self.channel(forum_id)).get("available_tags", ())
            wanted = {name.casefold() for name in tags}
            with understanding():
                found = [tag["id"] for tag in known if tag["name"].casefold() in wanted]
            payload["applied_tags"] = found[:_TAGS]
        right = answers.thread(forum_id, title)
        return await self._once(route, before, right, json=payload)

    async def direct(self, user_id: int, text: str, nonce: str, before: Before) -> Made:
        return await self.post(await self.direct_channel(user_id), text, nonce, before)

    async def pin(self, channel_id: int, message_id: int, before: Before) -> Made:
        route = Route(
            "PUT",
            "/channels/{channel_id}/messages/pins/{message_id}",
            channel_id=channel_id,
            message_id=message_id,
        )
        return await self._once(route, before, answers.nothing)

    async def pin_post(self, thread_id: int, pinned: bool, before: Before) -> Made:
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
        flags = discord.ChannelFlags(pinned=pinned).value
        return await self._once(route, before, answers.one(thread_id), json={"flags": flags})

    async def edit(self, channel_id: int, message_id: int, text: str, before: Before) -> Made:
        return await self._rewrite(channel_id, message_id, _content(text), before)

    async def _rewrite(
        self, channel_id: int, message_id: int, payload: dict[str, Any], before: Before
    ) -> Made:
        route = message_route("PATCH", channel_id, message_id)
        return await self._once(route, before, answers.one(message_id), json=payload)

    async def edit_card(
        self, channel_id: int, message_id: int, entry_id: int, before: Before
    ) -> Made | None:
        view = await self.render(entry_id) if self.render is not None else None
        if view is None:
            return None
        return await self._rewrite(channel_id, message_id, _view(view), before)

    async def edit_take(
        self, channel_id: int, message_id: int, take_id: int, before: Before
    ) -> Made | None:
        view = await self.render_take(take_id) if self.render_take is not None else None
        if view is None:
            return None
        return await self._rewrite(channel_id, message_id, _view(view), before)

    async def delete(self, channel_id: int, message_id: int, before: Before) -> Made:
        route = message_route("DELETE", channel_id, message_id)
        return await self._once(route, before, answers.nothing)

    async def _once(
        self, route: Route, before: Before, right: answers.Right, **kwargs: Any
    ) -> Made:
        answer = await self.requests.once(route, before, right, **kwargs)
        return Made(answers.snowflake_of(answer.data), answer.pause)

    async def remove_thread(self, thread_id: int) -> None:
        await self.requests.read(Route("DELETE", "/channels/{channel_id}", channel_id=thread_id))

    async def reopen(self, thread_id: int) -> None:
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
        await self.requests.read(route, json={"archived": False})

    async def _thread_type(self, channel_id: int) -> int:
        """Threads without a message: in a channel for news they are of a kind of their own."""
        parent = await self.channel(channel_id)
        news = parent.get("type") == discord.ChannelType.news.value
        kind = discord.ChannelType.news_thread if news else discord.ChannelType.public_thread
        return int(kind.value)


def _view(view: discord.ui.LayoutView) -> dict[str, Any]:
    with handle_message_parameters(
        view=view, allowed_mentions=discord.AllowedMentions.none()
    ) as parameters:
        assert parameters.payload is not None
        return parameters.payload


def _to_cite(digest: int | None) -> dict[str, Any]:
    """A button for the papers of a digest; its name is the same in every language."""
    if digest is None:
        return {}
    style = discord.ButtonStyle.secondary
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="BibTeX", style=style, custom_id=f"digest:{digest}:cite"))
    return {"components": view.to_components()}


def _content(text: str) -> dict[str, Any]:
    return {"content": text, "allowed_mentions": _NOBODY, "flags": _NO_PREVIEWS}
