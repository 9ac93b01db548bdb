"""What can be wrong with a search of a channel."""

from __future__ import annotations

from bot.errors.base import PersonError


class SearchEmpty(PersonError):
    """Nothing in the query that could be looked for."""

    key = "error.search.empty"


class SearchTooLong(PersonError):
    """`length` and `limit` in characters."""

    key = "error.search.too_long"


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


class SearchNoDays(PersonError):
    """`before` and `after`, as days: no day is before the one and not before the other."""

    key = "error.search.no_days"


class SearchNobody(PersonError):
    """`typed`: no name of anybody who added a paper here or wrote a take."""

    key = "error.search.nobody"
