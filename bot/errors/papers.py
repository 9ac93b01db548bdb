"""What can be wrong with a reference to a paper, or with the paper."""

from __future__ import annotations

from bot.errors.base import PersonError


class NoReference(PersonError):
    """`typed`: what was neither an id, a URL nor a title."""

    key = "error.reference.none"


class EmptyReference(PersonError):
    """Nothing but spaces was typed for a paper."""

    key = "error.reference.empty"


class TooManyReferences(PersonError):
    """`count` and `limit`."""

    key = "error.reference.too_many"


class BadArxivId(PersonError):
    """`typed`: an id that cannot be."""

    key = "error.reference.malformed"


class BadArxivIdMeant(PersonError):
    """`typed`, and `suggestion`: the id that was meant."""

    key = "error.reference.malformed_meant"


class BadUrl(PersonError):
    """`typed`: an address that cannot be shown."""

    key = "error.reference.bad_url"


class NotAPaperPage(PersonError):
    """`typed`: the address of a list, a search or an entrance of arXiv or of a reader of it."""

    key = "error.reference.not_a_paper"


class OtherCollection(PersonError):
    """`typed`: a number of another collection than arXiv."""

    key = "error.reference.other_collection"


class UnknownArxivId(PersonError):
    """`id`: arXiv says that there is no such paper."""

    key = "error.paper.unknown_id"


class ArxivIdNotYet(PersonError):
    """`id`: arXiv's services know no such paper, but one of this month they may not know yet."""

    key = "error.paper.not_yet"


class TitleNotFound(PersonError):
    """`title`: nothing was found by it."""

    key = "error.paper.title_not_found"


class TitleAmbiguous(PersonError):
    """`candidates`: lines of "id title" to choose from."""

    key = "error.paper.title_ambiguous"


class TitleUnanswered(PersonError):
    """`title`: arXiv does not answer, so the title could not be looked for."""

    key = "error.paper.title_unanswered"


class TitleNeeded(PersonError):
    """`url`: a page whose title must be given."""

    key = "error.paper.title_needed"


class TitleBad(PersonError):
    """The given title is blank or too long; `limit` in characters."""

    key = "error.paper.title_bad"


class PaperWithdrawn(PersonError):
    """`title`, and `reference`, by which it may be listed all the same."""

    key = "error.paper.withdrawn"


class PaperWithdrawnBecause(PaperWithdrawn):
    """`reason` besides: what its authors or arXiv say."""

    key = "error.paper.withdrawn_because"


class NothingAdded(PersonError):
    """`refused`: what was wrong with each of several references."""

    key = "error.paper.none_added"


class AlreadyListed(PersonError):
    """`title`, `who` added it, `when` (on the channel's clock); `entry_id`."""

    key = "error.paper.already_listed"


class NotListed(PersonError):
    """`typed`: no paper of this channel."""

    key = "error.paper.not_listed"


class NotListedNear(NotListed):
    """`candidates`: Markdown lines of papers that have some of the words."""

    key = "error.paper.not_listed_near"


class SeveralPapers(PersonError):
    """`typed` may be any of `entries` (of `count`), of the channel's list; asked rather than
    refused."""

    key = "which.papers"


class PaperGone(PersonError):
    """It was taken off the list after its card was posted."""

    key = "error.paper.gone"
