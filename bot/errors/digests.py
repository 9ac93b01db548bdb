"""What can be wrong with a digest or a period that was asked for."""

from __future__ import annotations

from bot.errors.base import PersonError


class BadPeriod(PersonError):
    """`typed`: names no period in any of the forms that there are."""

    key = "error.period"


class NoSuchPeriod(PersonError):
    """`typed`: names a period that this channel never had, or has not had yet."""

    key = "error.period.none"


class NoDigestYet(NoSuchPeriod):
    """`typed`: the last digest, and there was none."""

    key = "error.period.no_digest"


class PeriodSkipped(PersonError):
    """`until`: when it ended, on the channel's clock."""

    key = "error.period.skipped"


class PeriodEmpty(PersonError):
    """`until`: when it ended, on the channel's clock."""

    key = "error.period.empty"


class EmptyDigest(PersonError):
    """There is nothing to post yet."""

    key = "error.digest.empty"


class NothingNew(PersonError):
    """`title` of the last digest, `link` to it, `when` the next one is due."""

    key = "error.digest.nothing_new"


class DigestPosted(PersonError):
    """`title` of the digest that was posted for this period already, and a `link` to it."""

    key = "error.digest.posted"


class DigestSkipped(PersonError):
    """The period's digest is left out."""

    key = "error.digest.skipped"
