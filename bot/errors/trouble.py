"""What no person did wrong: failures, and limits of what may be asked."""

from __future__ import annotations

from bot.errors.base import PersonError


class DatabaseTrouble(PersonError):
    """What is kept cannot be read or added to now; it may be in a moment. `id`: also in the log."""

    key = "error.database"


class TooOften(PersonError):
    """A member has used what they may ask for; `count`: seconds until they may again."""

    key = "error.too_often"


class TooMuchAtOnce(PersonError):
    """A server has sent more at once than waits its turn."""

    key = "error.too_much_at_once"


class NotShown(PersonError):
    """What was asked for is stored, but could not be shown; `id`: also in the log."""

    key = "error.not_shown"


class Unexpected(PersonError):
    """`id`: also in the log."""

    key = "error.unexpected"
