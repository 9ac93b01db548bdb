"""What can go wrong with a file to import."""

from __future__ import annotations

from bot.errors.base import PersonError


class AttachmentTooLong(PersonError):
    """`size` and `limit` in megabytes."""

    key = "error.import.too_long"


class NotImportable(PersonError):
    """`typed`: the file's name; `reason`: why it is no archive, in English."""

    key = "error.import.bad"


class ImportsFull(PersonError):
    """As many files wait already as may."""

    key = "error.import.full"


class ImportGoesOn(PersonError):
    """It is told later what came of an import: it takes long, or the bot is started anew."""

    key = "error.import.goes_on"


class ImportFailed(PersonError):
    """`typed`: the file's name; `id`: of a line in the log."""

    key = "error.import.failed"


class HistoryUnseen(PersonError):
    """Without the intent Message Content Discord shows the bot no messages' texts."""

    key = "error.history.unseen"


class HistoryForbidden(PersonError):
    """The bot may not see this channel or read its earlier messages."""

    key = "error.history.forbidden"


class HistoryOfForum(PersonError):
    """A forum has no messages of its own."""

    key = "error.history.forum"


class HistoryGoesOn(PersonError):
    """`count` messages are read, and there are more: asked again it goes on from there."""

    key = "error.history.goes_on"


class HistoryBrokenOff(PersonError):
    """`count` messages are read, then Discord was not to be had: asked again it goes on."""

    key = "error.history.broken_off"


class HistoryGone(PersonError):
    """What was found has been taken in or forgotten meanwhile."""

    key = "error.history.gone"


class NothingToImport(PersonError):
    """Neither a file nor the channel's past was asked for."""

    key = "error.import.nothing_asked"


class ImportOneThing(PersonError):
    """A file and the channel's own past at once."""

    key = "error.import.one_thing"


class AttachmentGone(PersonError):
    """Discord did not give the file."""

    key = "error.import.gone"
