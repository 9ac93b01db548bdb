"""What a person gets for a command, a press or a form: the bot's answer, as it stands."""

import asyncio
import time
from collections.abc import Callable

from bot.sandbox.core import Core
from bot.sandbox.interaction import Answer, Interaction
from bot.sandbox.objects import User
from bot.sandbox.posts import Form, Post

NO_ANSWER = "The application did not respond"
_UPDATE_GRACE = 2.0
"""Seconds for which a person looks whether a silently acknowledged press changes anything."""


class Reply:
    """The bot's answer to one interaction; later edits and follow-ups show in it."""

    def __init__(self, core: Core, interaction: Interaction, user: User) -> None:
        self._core = core
        self.interaction = interaction
        self._user = user
        self.failed: str | None = None
        """None, or what Discord says when the bot did not answer."""

    def __repr__(self) -> str:
        if self.failed:
            return f"<Reply failed: {self.failed}>"
        if self.modal is not None:
            return f"<Reply form {self.modal.title!r}>"
        return f"<Reply{' private' if self.private else ''} {self.text[:200]!r}>"

    @property
    def deferred(self) -> bool:
        """Whether the bot was "thinking" first."""
        return self.interaction.answer is Answer.THINKING

    @property
    def posts(self) -> list[Post]:
        """The answer and its follow-ups, without deleted ones; of an update what was updated."""
        records = [self.interaction.original, *self.interaction.follow_ups]
        return [
            Post(self._core, record, self._user)
            for record in records
            if record is not None and not record.deleted
        ]

    @property
    def messages(self) -> list[Post]:
        return self.posts

    @property
    def post(self) -> Post:
        """The first message. Raises IndexError where there is none."""
        return self.posts[0]

    @property
    def text(self) -> str:
        """Everything readable in all its messages; of a reply that failed, what Discord says."""
        return self.failed or "\n".join(post.text for post in self.posts if post.text)

    @property
    def private(self) -> bool:
        """Whether only this person sees it."""
        posts = self.posts
        return bool(posts) and all(post.private for post in posts)

    @property
    def buttons(self) -> list[str]:
        return [name for post in self.posts for name in post.buttons]

    @property
    def modal(self) -> Form | None:
        """The form that was opened, if that is the answer."""
        return Form(self.interaction) if self.interaction.modal is not None else None

    async def until(self, condition: Callable[["Reply"], bool], timeout: float = 5.0) -> "Reply":
        """Waits until the condition holds of it. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while not condition(self):
            if not await self._change(deadline):
                raise TimeoutError(f"still {self!r} after {timeout:g} s")
        return self

    async def _change(self, deadline: float) -> bool:
        """Whether the bot did something about the interaction before the deadline."""
        event = self.interaction.changed
        try:
            await asyncio.wait_for(event.wait(), max(deadline - time.monotonic(), 0.001))
        except TimeoutError:
            return time.monotonic() < deadline
        return True

    async def settle(self, timeout: float) -> "Reply":
        """Waits for the first answer (3 s) and, after a deferral, for what it stands for
        (`timeout`).
        """
        interaction = self.interaction
        deadline = interaction.asked_at + self._core.interactions.respond_within
        while interaction.answer is None:
            if not await self._change(deadline):
                return self._fail()
        deadline = time.monotonic() + timeout
        while interaction.thinking:
            if not await self._change(deadline):
                return self._fail()
        if interaction.answer is Answer.UPDATE_LATER and interaction.updated < 2:
            await self._change(time.monotonic() + min(_UPDATE_GRACE, timeout))
        return self

    def _fail(self) -> "Reply":
        self.failed = NO_ANSWER
        self._core.interactions.fail(self.interaction, NO_ANSWER)
        return self
