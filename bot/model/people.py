"""Who acts, and where."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a guild. `id` is Discord's; None for a name that an archive brought along."""

    id: int | None
    name: str
    manages: bool = False
    """May manage the channel: change its settings, post its digest, remove what others added."""
    act: str | None = field(default=None, compare=False)
    """Names the one action by which they do what is asked for, so that it is done once however
    often it is delivered; None where nothing can be delivered twice."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a paper channel, by Discord's ids, or an archive by its name.

    `locale` is the language that the guild prefers, for a channel that has none of its own yet.
    """

    guild_id: int | None
    channel_id: int | None
    name: str
    forum: bool = False
    locale: str | None = None

    @property
    def scope(self) -> int:
        """Whose pages and members these are: the guild's; of a channel whose guild is not known
        yet, its own. 0 is the database's own archives."""
        return self.guild_id or self.channel_id or 0
