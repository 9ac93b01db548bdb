"""The face of Discord as the sender needs it: a few requests, and what can become of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Before = Callable[[], Awaitable[bool]]
"""Asked right before the request leaves, after any waiting for rate limits; False: send nothing."""


class NotDone(Exception):
    """The request surely had no effect."""


class Lost(NotDone):
    """`before` said no: another process has the row."""


class Unreachable(NotDone):
    """It failed before anything was sent (no network, connection refused), or what was only read
    brought no answer that can be understood.

    `everywhere`: the answer was not Discord's at all, such as a proxy's page. Other requests will
    fare no better.
    """

    def __init__(self, text: str, *, everywhere: bool = False) -> None:
        super().__init__(text)
        self.everywhere = everywhere


class RateLimited(NotDone):
    """Discord wants us to wait `retry_after` seconds; with `everywhere`, for all requests."""

    def __init__(self, retry_after: float, *, everywhere: bool = False) -> None:
        super().__init__(f"rate limited for {retry_after:.1f} s")
        self.retry_after = retry_after
        self.everywhere = everywhere


class Refused(NotDone):
    """Discord answered 4xx: `status`, and Discord's JSON error `code` (0 if it gave none)."""

    def __init__(self, status: int, code: int, text: str = "") -> None:
        super().__init__(f"{status} {code} {text}".strip())
        self.status = status
        self.code = code


class Unauthorised(NotDone):
    """401: Discord does not take the token, for the moment or for good: a login will tell."""


class Unknown(Exception):
    """Whether it had its effect is not known: 5xx, a dropped connection, no answer in time, or
    one that does not say that this very request was done.

    `everywhere` as for `Unreachable`.
    """

    def __init__(self, text: str, *, everywhere: bool = False) -> None:
        super().__init__(text)
        self.everywhere = everywhere


@dataclass(frozen=True, slots=True)
class Made:
    """What Discord made (its id, if it said one), and the seconds until its bucket is free."""

    id: int | None
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message of our own; `marks` are the ids of its buttons and menus."""

    id: int
    text: str
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of our own."""

    id: int
    name: str


class Port(Protocol):
    """Discord. Every method raises what is above; those that only read never raise `Unknown`."""

    def connected(self) -> bool:
        """Whether requests can be made at all. Where not, rows are left alone."""
        ...

    async def post(
        self, channel_id: int, text: str, nonce: str, before: Before, *, digest: int | None = None
    ) -> Made:
        """A message: link previews off, nobody pinged, the nonce enforced.

        One that begins a `digest` has a button to cite its papers.
        """
        ...

    async def announce(self, channel_id: int, text: str, nonce: str, before: Before) -> Made | None:
        """An announcement, drawn from its row's text; None if there is nothing to draw."""
        ...

    async def edit_announcement(
        self, channel_id: int, message_id: int, text: str, before: Before
    ) -> Made | None:
        """Draw an announcement anew; None if there is nothing to draw any more."""
        ...

    async def open_thread(
        self, channel_id: int, message_id: int | None, name: str, before: Before
    ) -> Made:
        """A public thread on a message, or, with None, on no message."""
        ...

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
        """A post in a forum. It has no nonce: asked twice, there are two.

        Of the tags, by their names, it gets those that the forum has. `digest` as for `post`.
        """
        ...

    async def direct(self, user_id: int, text: str, nonce: str, before: Before) -> Made:
        """A direct message to a person, as `post`."""
        ...

    async def direct_channel(self, user_id: int) -> int:
        """The channel of the direct messages to a person."""
        ...

    async def pin(self, channel_id: int, message_id: int, before: Before) -> Made:
        """Pin a message."""
        ...

    async def pin_post(self, thread_id: int, pinned: bool, before: Before) -> Made:
        """Pin a forum post, or unpin it."""
        ...

    async def my_pinned_posts(self, forum_id: int) -> Sequence[int]:
        """Our pinned posts in a forum."""
        ...

    async def edit(self, channel_id: int, message_id: int, text: str, before: Before) -> Made:
        """Replace a message's text."""
        ...

    async def edit_card(
        self, channel_id: int, message_id: int, entry_id: int, before: Before
    ) -> Made | None:
        """Draw a card anew from its entry; None if there is nothing to draw any more."""
        ...

    async def edit_take(
        self, channel_id: int, message_id: int, take_id: int, before: Before
    ) -> Made | None:
        """Draw a take's message anew; None if there is nothing to draw any more."""
        ...

    async def delete(self, channel_id: int, message_id: int, before: Before) -> Made:
        """Delete a message."""
        ...

    async def remove_thread(self, thread_id: int) -> None:
        """Delete a thread of our own."""
        ...

    async def reopen(self, thread_id: int) -> None:
        """Take a thread out of its archive."""
        ...

    async def check_login(self) -> None:
        """Ask whether Discord takes the token. Raises Unauthorised if it does not."""
        ...

    async def exists(self, channel_id: int) -> bool:
        """Whether a channel or thread is there."""
        ...

    async def mine(self, channel_id: int, after: int, until: int | None) -> Sequence[SeenMessage]:
        """Our messages with ids from `after` to `until`, and the newest ones, oldest first.

        The newest are there whatever our clock says: a wrong one must not hide a message.
        Raises Refused where the history may not be read: Discord itself would show it as empty.
        """
        ...

    async def my_threads(self, parent_id: int, after: int) -> Sequence[Thread]:
        """Our threads in a channel or forum with ids above `after`, archived ones too."""
        ...
