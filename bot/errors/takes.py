"""What can be wrong with a take or a tag."""

from __future__ import annotations

from bot.errors.base import PersonError
from bot.errors.channels import NotYours


class BlankTake(PersonError):
    """A take without a visible character."""

    key = "error.take.blank"


class TakeTooLong(PersonError):
    """`length` and `limit` in characters."""

    key = "error.take.too_long"


class SeveralTakes(PersonError):
    """`typed` may be any of `takes`, each with its entry; asked rather than refused."""

    key = "which.takes"


class NotYourTake(NotYours):
    """Another member's words, which nobody else changes."""

    key = "error.not_your_take"


class NoSuchTake(PersonError):
    """The choice names no take of this channel."""

    key = "error.take.none"


class NoTakeLike(NoSuchTake):
    """`typed`: words of no take that the member may change."""

    key = "error.take.none_like"


class NotYourMessage(PersonError):
    """Only what one wrote oneself can become one's take."""

    key = "error.not_your_message"


class NoSuchTag(PersonError):
    """`tag`: none of this channel's takes has it."""

    key = "error.tag.none"


class SameTag(PersonError):
    """`tag`: both that were to be merged."""

    key = "error.tag.same"


class BadTag(PersonError):
    """`tag`: cannot be read back as one tag."""

    key = "error.tag.bad"


class TagTaken(PersonError):
    """`tag`: there is one of that name already, so that two would be merged."""

    key = "error.tag.taken"
