"""Words and signs of other search engines: what they are called here, and what there is not.

What has the same meaning is read so; what has none is refused with what to write instead, never
taken for a word that no paper has.
"""

from __future__ import annotations

import re
from typing import Final

from bot.errors import (
    QueryAddress,
    QueryBadWildcard,
    QueryDates,
    QueryError,
    QueryFuzzy,
    QueryHandle,
    QueryNear,
    QueryPattern,
    QueryPrimary,
    QueryWithout,
)
from bot.model.query.tree import QueryField

FIELDS: Final = {str(field): field for field in QueryField if field}
ALIASES: Final = {
    name: field
    for field, names in {
        QueryField.TITLE: "title titles intitle ttl 제목",
        QueryField.ABSTRACT: "abstract abstracts inabstract summary tiab 초록",
        QueryField.AUTHOR: "author authors inauthor exactauthor 저자",
        QueryField.COMMENT: "comment comments",
        QueryField.JOURNAL: "journal journal_ref journal-ref venue source 저널",
        QueryField.REPORT: "report report_num report_number report-no report-number",
        QueryField.CATEGORY: "category categories cats subject subjects subj subj-class class"
        " archive arxiv_class classification 분야 카테고리",
        QueryField.ID: "arxiv ids id_list arxiv_id arxivid eprint identifier",
        QueryField.PLAIN: "keyword keywords kw topic topics intext text ts tak title-abs"
        " title-abs-key 키워드",
        QueryField.ALL: "any anywhere everything full fulltext",
    }.items()
    for name in names.split()
}
"""What other engines, arXiv's search form and plain English call the fields."""

_DATES: Final = frozenset(
    """
    after announced before date daterange from lastupdateddate newer older published since
    start_date submitted submitteddate until updated year py pubyear pubdate 날짜
    """.split()  # noqa: SIM905
)
_PRIMARY: Final = frozenset(
    {"cat_primary", "primary", "primary_cat", "primary_category", "primarycat"}
)
_WITHIN: Final = re.compile(
    rf"({'|'.join([*FIELDS, 'title', 'abstract', 'author', 'category'])})(?::|=(?!=))",
    re.IGNORECASE,
)
"""Those that stand within the quotation marks, too."""
ADDRESSES: Final = frozenset({"url", "link", "doi", "http", "https"})
OURS: Final = re.compile(
    r"(?:site:(?:\w+\.)?arxiv\.org/?|source:arxiv|filetype:pdf)(?=\s|$)", re.IGNORECASE
)
"""All papers are arXiv's, and have a PDF."""

OPERATORS: Final = {
    "and": "AND", "or": "OR", "not": "NOT", "andnot": "ANDNOT", "and-not": "ANDNOT",
    "&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT", "∧": "AND", "∨": "OR", "¬": "NOT",
    "+": "AND", "/": "OR", "and/or": "OR", "그리고": "AND", "및": "AND", "또는": "OR", "혹은": "OR",
    "和": "AND", "及": "AND", "或": "OR", "或者": "OR", "または": "OR", "oder": "OR", "und": "AND",
}  # fmt: skip
"""Between terms these are operators, whatever their case."""
_WITHOUT: Final = frozenset(
    {"제외", "제외하고", "빼고", "아닌", "말고", "-", "−", "–", "—"}
    | {"except", "excluding", "exclude", "excl", "excl.", "w/o"}
)

_REFUSED: Final[tuple[tuple[re.Pattern[str], type[QueryError]], ...]] = (
    (re.compile(r"[<>]=?\d.*|(?:19|20)\d\d(?:-|/|\.\.)\d{1,4}(?:[-/]\d{1,2})?|(?:19|20)\d{6}"),
     QueryDates),
    (re.compile(r"<?[@#]!?\d{5,}>?|@\w.*|<@.*"), QueryHandle),
    (re.compile(r"(?:NEAR|ADJ|ONEAR)(?:/?\d*)|(?:W|N|PRE|P)/\d+"), QueryNear),
    (re.compile(r"\w.*~\d*(?:\.\d+)?"), QueryFuzzy),
    (re.compile(r".*\w\?\w.*"), QueryBadWildcard),
    (re.compile(r".*\\[bBwWdDsS](?![A-Za-z]).*|.*(?:\(\?|\[\^|\.\+).*|.*\[\w-\w\].*|.*\w\[\w+\]"
                r"|.*\w\[[A-Za-z].*|\[\w+\]\w.*|\^\w.*|[^$]*\w\$|/.+/[a-z]{0,3}"), QueryPattern),
)  # fmt: skip


def field_within(phrase: str) -> tuple[QueryField, int] | None:
    """The field that a phrase begins with, and how many characters it takes: `"ti:diffusion"`."""
    found = _WITHIN.match(phrase)
    if found is None:
        return None
    name = found[1].lower()
    return FIELDS.get(name) or ALIASES[name], found.end()


def refused_field(name: str) -> type[QueryError] | None:
    """Why there is no field of a name that other engines have."""
    if name in _DATES:
        return QueryDates
    if name in _PRIMARY:
        return QueryPrimary
    return QueryAddress if name in {"site", "inurl", "filetype", "related", "cache"} else None


def refused_word(word: str, field: QueryField | None) -> type[QueryError] | None:
    """Why a word cannot be looked for; `field` is the one that it stands behind."""
    if word.casefold() in _WITHOUT and field is None:
        return QueryWithout
    for pattern, why in _REFUSED:
        # Numbers with dashes are what reports, journals and ids have.
        if why is QueryDates and field not in (
            None,
            QueryField.PLAIN,
            QueryField.TITLE,
            QueryField.ABSTRACT,
        ):
            continue
        if pattern.fullmatch(word):
            return why
    return None
