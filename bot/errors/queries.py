"""What can be wrong with a query of a subscription."""

from __future__ import annotations

from bot.errors.base import PersonError


class QueryError(PersonError):
    """Something in a query that does not belong where it stands; each of its kinds a subclass.

    `typed`: what stands there; `at`: its first character, counted from 1; `pointed`: two lines
    for a fixed-width block, the query around the place and a `^` under it.
    """

    key = "error.query.unexpected"


class QueryEmpty(QueryError):
    """Nothing in the query to search for."""

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
    """A parenthesis that is not closed."""

    key = "error.query.parenthesis_open"


class QueryQuoteOpen(QueryError):
    """Quotes that are not closed."""

    key = "error.query.quote_open"


class QueryUnknownField(QueryError):
    """A prefix such as `foo:` that is no field."""

    key = "error.query.field"


class QueryUnknownFieldMeant(QueryUnknownField):
    """`suggestion`: the field that was probably meant."""

    key = "error.query.field_meant"


class QueryUnknownCategory(QueryError):
    """No category of arXiv's."""

    key = "error.query.category"


class QueryUnknownCategoryMeant(QueryUnknownCategory):
    """`suggestion`: the category that was probably meant."""

    key = "error.query.category_meant"


class QueryBadId(QueryError):
    """No id that arXiv could give."""

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


class QueryByName(QueryError):
    """`by` and an author: `name`."""

    key = "error.query.by_name"


class QueryNoTopic(QueryError):
    """Words that ask for all there is: `all papers`; `form`: how to write that."""

    key = "error.query.no_topic"


class QueryNameScript(QueryError):
    """A name in letters that arXiv does not have."""

    key = "error.query.name_script"


class QueryNothingInTerm(QueryError):
    """A term without a letter or digit."""

    key = "error.query.nothing"
