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


class AttachmentGone(PersonError):
    """Discord did not give the file."""

    key = "error.import.gone"
