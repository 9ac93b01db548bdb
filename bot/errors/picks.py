"""Why there are no picks."""

from __future__ import annotations

from bot.errors.base import PersonError


class BadDay(PersonError):
    """`typed`: no date."""

    key = "error.picks.day"


class NothingToLearnFrom(PersonError):
    """No paper stands on the channel's list."""

    key = "error.picks.no_papers"


class NoCategories(PersonError):
    """The channel subscribes to nothing."""

    key = "error.picks.no_categories"


class NothingTakenIn(PersonError):
    """No mailing of arXiv's has been taken in yet."""

    key = "error.picks.none_yet"


class NothingAnnounced(PersonError):
    """`day`: none of its papers are in the channel's categories; `newest`: the day of the newest
    mailing that was taken in."""

    key = "error.picks.none"
