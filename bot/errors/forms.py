"""What can be wrong with a button, a form or an old message."""

from __future__ import annotations

from bot.errors.base import PersonError


class TextTooLong(PersonError):
    """`length` and `limit` in characters."""

    key = "error.text_too_long"


class NumberOutOfRange(PersonError):
    """`low`, `high`."""

    key = "error.number_range"


class CommandChanged(PersonError):
    """The client still shows a command as it was before an update."""

    key = "error.command_changed"


class DoneAlready(PersonError):
    """The same action was delivered before, and what came of it is gone again."""

    key = "error.done_already"


class ButtonGone(PersonError):
    """A button or menu that is not on its message (any more), or that nothing here answers."""

    key = "error.button_gone"


class NotForYou(PersonError):
    """A button or menu of what another member was asked privately."""

    key = "error.not_for_you"


class FormGone(PersonError):
    """The form was opened before a restart, and what it is about is not known any more."""

    key = "error.form_gone"


class MessageGone(PersonError):
    """The message was deleted in between."""

    key = "error.message_gone"
