"""What a person can be told: each mistake a class of its own, with the key of its message."""

from __future__ import annotations

from typing import ClassVar


class PersonError(Exception):
    """Something that a person did or met, told privately in their language.

    `key` names the message in the catalogues of `bot/locale`; `params` fill its places.
    """

    key: ClassVar[str]

    def __init__(self, **params: object) -> None:
        super().__init__(self.key, params)
        self.params = params


class HostError(Exception):
    """Something that whoever runs the bot can mend. The message is a line, or one a fault: the key
    or file it is about, and what to do."""


class BlankTake(PersonError):
    key = "error.take.blank"


class TakeTooLong(PersonError):
    """`length` and `limit` in characters."""

    key = "error.take.too_long"


class NoReference(PersonError):
    """`typed`: what was neither an id, a URL nor a title."""

    key = "error.reference.none"


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


class SeveralTakes(PersonError):
    """The same of `takes`, each with its entry."""

    key = "which.takes"


class PaperGone(PersonError):
    """It was taken off the list after its card was posted."""

    key = "error.paper.gone"


class NotYours(PersonError):
    """Only its author, or somebody who manages the channel, may do this."""

    key = "error.not_yours"


class NotYourTake(NotYours):
    """Another member's words, which nobody else changes."""

    key = "error.not_your_take"


class NoSuchTake(PersonError):
    key = "error.take.none"


class NoTakeLike(NoSuchTake):
    """`typed`: words of no take that the member may change."""

    key = "error.take.none_like"


class ManagersOnly(PersonError):
    key = "error.managers_only"


class GuildOnly(PersonError):
    key = "error.guild_only"


class NotAChannel(PersonError):
    """Used in a place that can hold no list (a voice channel, say)."""

    key = "error.not_a_channel"


class CannotPostHere(PersonError):
    """`missing`: names of the permissions that the bot lacks in this channel."""

    key = "error.cannot_post_here"


class CannotPostThere(CannotPostHere):
    """`channel`: a mention of it; `missing` as above."""

    key = "error.cannot_post_there"


class NotYourChannel(PersonError):
    """A channel named that is none of this guild's text channels and forums, or that the member may
    not see and manage: which of these is not told to who may not see it."""

    key = "error.not_your_channel"


class BadTimeZone(PersonError):
    """`typed`; `suggestion`: the nearest name."""

    key = "error.settings.time_zone"


class AmbiguousTimeZone(PersonError):
    """`typed`: an abbreviation or a country; `choices`: zones that can be meant by it."""

    key = "error.settings.time_zone.which"


class BadTime(PersonError):
    key = "error.settings.time"


class BadWeekday(PersonError):
    key = "error.settings.weekday"


class BadInterval(PersonError):
    """`typed`; `high`: the most weeks."""

    key = "error.settings.every"


class BadChoice(PersonError):
    """`typed`; `choices`: the values that there are."""

    key = "error.settings.choice"


class BadLanguage(PersonError):
    key = "error.settings.language"


class BadTitle(PersonError):
    """`typed`, `reason`: a title template that cannot be filled."""

    key = "error.settings.title"


class BadNumber(PersonError):
    """`typed`, `low`, `high`."""

    key = "error.settings.number"


class TextTooLong(PersonError):
    """`length` and `limit` in characters."""

    key = "error.text_too_long"


class NumberOutOfRange(PersonError):
    """`low`, `high`."""

    key = "error.number_range"


class NothingToSet(PersonError):
    key = "error.settings.nothing"


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
    key = "error.digest.empty"


class NothingNew(PersonError):
    """`title` of the last digest, `link` to it, `when` the next one is due."""

    key = "error.digest.nothing_new"


class DigestPosted(PersonError):
    """`title` of the digest that was posted for this period already, and a `link` to it."""

    key = "error.digest.posted"


class DigestSkipped(PersonError):
    key = "error.digest.skipped"


class NoChannel(PersonError):
    """`name`: no channel or archive of this name or id in the database."""

    key = "error.channel.none"


class NoPapersHere(PersonError):
    """The channel has no list yet."""

    key = "error.channel.empty"


class CommandChanged(PersonError):
    """The client still shows a command as it was before an update."""

    key = "error.command_changed"


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


class NotYourMessage(PersonError):
    """Only what one wrote oneself can become one's take."""

    key = "error.not_your_message"


class QueryError(PersonError):
    """Something in a query that does not belong where it stands; each of its kinds a subclass.

    `typed`: what stands there; `at`: its first character, counted from 1; `pointed`: two lines
    for a fixed-width block, the query around the place and a `^` under it.
    """

    key = "error.query.unexpected"


class QueryEmpty(QueryError):
    key = "error.query.empty"


class QueryTooLong(QueryError):
    """`length` and `limit` in characters."""

    key = "error.query.too_long"


class QueryTooDeep(QueryError):
    """`limit`: levels of operators and parentheses."""

    key = "error.query.too_deep"


class QueryTooManyTerms(QueryError):
    """`limit`: words, phrases and other terms."""

    key = "error.query.too_many_terms"


class QueryTermMissing(QueryError):
    """A word, a phrase or an opening parenthesis was expected."""

    key = "error.query.term_missing"


class QueryParenthesisOpen(QueryError):
    key = "error.query.parenthesis_open"


class QueryQuoteOpen(QueryError):
    key = "error.query.quote_open"


class QueryUnknownField(QueryError):
    key = "error.query.field"


class QueryUnknownFieldMeant(QueryUnknownField):
    """`suggestion`: the field that was probably meant."""

    key = "error.query.field_meant"


class QueryUnknownCategory(QueryError):
    key = "error.query.category"


class QueryUnknownCategoryMeant(QueryUnknownCategory):
    """`suggestion`: the category that was probably meant."""

    key = "error.query.category_meant"


class QueryBadId(QueryError):
    key = "error.query.id"


class QueryBadIdMeant(QueryBadId):
    """`suggestion`: the id that was probably meant."""

    key = "error.query.id_meant"


class QueryBadWildcard(QueryError):
    """A `*` that is not at the end of a word."""

    key = "error.query.wildcard"


class QueryComma(QueryError):
    """A comma between terms; `any` and `every`: the query with OR and with AND instead."""

    key = "error.query.comma"


class QueryDates(QueryError):
    """A date: a subscription is for what is announced from now on."""

    key = "error.query.dates"


class QueryPrimary(QueryError):
    """The primary category alone; `value`: which."""

    key = "error.query.primary"


class QueryHandle(QueryError):
    """`@name`: arXiv has names, no handles."""

    key = "error.query.handle"


class QueryNear(QueryError):
    """An operator for words near one another."""

    key = "error.query.near"


class QueryFuzzy(QueryError):
    """`~`: words that are about the same."""

    key = "error.query.fuzzy"


class QueryPattern(QueryError):
    """A regular expression."""

    key = "error.query.pattern"


class QueryAddress(QueryError):
    """An address that names neither a query nor a paper."""

    key = "error.query.address"


class QueryWithout(QueryError):
    """A word for leaving out that stands where no operator can."""

    key = "error.query.without"


class QueryNameOpen(QueryError):
    """A name of several words without quotes; `suggestion` with them, `apart`: as it stands."""

    key = "error.query.name_open"


class QueryNameScript(QueryError):
    """A name in letters that arXiv does not have."""

    key = "error.query.name_script"


class QueryNothingInTerm(QueryError):
    """A term without a letter or digit."""

    key = "error.query.nothing"


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
    key = "error.subscription.nothing"


class AnnouncementGone(PersonError):
    """The paper of a button is not known (any more)."""

    key = "error.announcement.gone"


class SearchEmpty(PersonError):
    """Nothing in the query that could be looked for."""

    key = "error.search.empty"


class SearchTooLong(PersonError):
    """`length` and `limit` in characters."""

    key = "error.search.too_long"


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


class SearchCategory(PersonError):
    """`typed`: no category of arXiv's."""

    key = "error.search.category"


class SearchCategoryMeant(SearchCategory):
    """`suggestion`: the categories that were probably meant."""

    key = "error.search.category_meant"


class SearchField(PersonError):
    """`field`: what cannot be asked for here."""

    key = "error.search.field"


class SearchOperator(PersonError):
    """`typed`: alternatives of more than single words or phrases."""

    key = "error.search.operator"


class SearchWildcard(PersonError):
    """`typed`: a `*` within a word, or a `?`."""

    key = "error.search.wildcard"


class SearchBadDate(PersonError):
    """`typed` after `before:` or `after:`."""

    key = "error.search.date"


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


class Unexpected(PersonError):
    """`id`: also in the log."""

    key = "error.unexpected"
