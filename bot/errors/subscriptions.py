"""What can be wrong with a subscription or an announcement."""

from __future__ import annotations

from bot.errors.base import PersonError


class NotOfArxiv(PersonError):
    """A page that no subscription can bring."""

    key = "error.subscription.not_of_arxiv"


class BadKinds(PersonError):
    """`typed`: not among `new`, `cross` and `replace`."""

    key = "error.subscription.kinds"


class BadCap(PersonError):
    """`typed`, `low`, `high`."""

    key = "error.subscription.cap"


class TooManySubscriptions(PersonError):
    """`limit` in one channel."""

    key = "error.subscription.too_many"


class SubscribedAlready(PersonError):
    """`query`: as it is understood."""

    key = "error.subscription.already"


class NoSuchSubscription(PersonError):
    """`typed`: none of this channel's."""

    key = "error.subscription.none"


class SeveralSubscriptions(PersonError):
    """`typed`: words that more than one subscription has."""

    key = "error.subscription.several"


class NothingToEdit(PersonError):
    """`/subscribe edit` without anything to change."""

    key = "error.subscription.nothing"


class AnnouncementGone(PersonError):
    """The paper of a button is not known (any more)."""

    key = "error.announcement.gone"
