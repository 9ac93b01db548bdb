"""What authors say beside their paper, in arXiv's comment and in the abstract: where it was
accepted, how long it is, and where its code or its own page stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.model.links import PaperLink, project_link
from bot.model.paper import PaperData
from bot.text.graphemes import shorten
from bot.text.tex import readable

VENUE_LIMIT: Final = 160
_READ: Final = 2_000
"""Characters of a comment that are looked through."""

_PAGES: Final = re.compile(
    r"(?<![\w.,-])(\d{1,4})(?:\s?\+\s?\d+)?\s?(?:[a-z]+ )?(?:pages?|pp?\.)(?!\w)", re.IGNORECASE
)
_SAID: Final = re.compile(
    r"\b(?:(?:(?:will|to) be )?(?:conditionally |provisionally )?"
    r"(?:accepted|published|presented|submitted)|to appear|appear(?:ed|s|ing) (?:in|at)"
    r"|forthcoming|in press|(?:in )?proceedings of"
    r"|(?:spotlight|oral|poster) at)\b",
    re.IGNORECASE,
)
# Where what is said of the venue ends: at the next remark.
_END: Final = re.compile(
    r";|\n|(?:[.,]|\s[-–—|])\s*(?=(?:the |our |this |see |main |and |with |including |contains? )*"
    r"(?:\d+ ?(?:\+ ?\d+ )?(?:[a-z]+ )?(?:pages?|pp?\b|figures?|figs?\b|tables?|columns?)"
    r"|code|project|website|web ?page|homepage|https?:|www\.|github|source|data|dataset|supplement"
    r"|extended|v\d\b|version|comments"
    r"|arxiv|latex|revtex|preprint|appendix|demo|video|first|equal|update|correct|fix|typos?|minor"
    r"|received|revised|published online))",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:(?:in|at|the|proc(?:eedings|\.)?(?: of)?) )*"
    r"(?:[A-Z][\w&/-]{0,30}[ '’])*?[A-Z][A-Za-z&/-]{0,20}[A-Z][A-Za-z&/-]{0,20}[ '’-]{0,2}"
    r"(?:(?:19|20)\d\d|(?<=['’])\d\d)"
    r"\b[^.;]{0,100}|(?!COVID)[A-Z]{3,}-\d\d\b[^.;]{0,100}"
)
_MEETING: Final = re.compile(
    r"(?=.*\b(?:19|20)\d\d\b)(?=.*\b(?:Conference|Workshop|Symposium|Congress|Transactions"
    r"|Journal|Letters"
    r"|Annals|Lecture Notes|Interspeech|Eurographics|Meeting|School)\b)[A-Z].{0,120}"
)
_ABBREVIATED: Final = re.compile(
    r"\b(?:Lett|Rev|J|Phys|Math|Sci|Soc|Trans|Proc|Appl|Comput|Astron|Astrophys|Commun|Conf"
    r"|Stat|Theor"
    r"|Chem|Mater|Nucl|Instrum|Eng|Amer|Inst|Int|Lect|Ann)\.$"
)
_NO_VENUE: Final = re.compile(r"arxiv|latex|revtex|https?:|pages|figures", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remarks:
    """`venue` is what the comment says of where it is accepted, in its own words, or empty."""

    venue: str = ""
    pages: int | None = None
    journal: str = ""
    link: PaperLink | None = None


def remarks(data: PaperData) -> Remarks:
    """What a paper's own words say beside the matter."""
    comment = readable((data.comment or "")[:_READ])
    found = _PAGES.search(comment)
    return Remarks(
        venue=_venue(comment),
        pages=(int(found[1]) or None) if found else None,
        journal=shorten(readable(data.journal_ref or ""), VENUE_LIMIT),
        link=project_link(data.comment or "", data.abstract),
    )


def _venue(comment: str) -> str:
    comment = re.sub(r"\s*\(?https?://[^\s,;]*\)?", "", comment)
    if said := _SAID.search(comment):
        rest = comment[said.start() :]
        end = _END.search(rest, said.end() - said.start())
        venue = _tidy(rest[: end.start()] if end else rest)
        if len(venue) > len(said[0]):
            return venue
        # "ApJ accepted": where stands before it.
        return _tidy(re.split(r"[.;,]\s", comment[: said.end()])[-1])
    for part in re.split(r"[;.]\s|,\s(?=\d)|\s[-–—|]\s", comment):
        part = part.strip()
        named = _NAMED.match(part) or _MEETING.match(part)
        if named is None:
            named = _NAMED.match(part.rpartition(", ")[2]) or _MEETING.match(
                part.rpartition(", ")[2]
            )
        if named and not _NO_VENUE.search(named[0]):
            end = _END.search(named[0])
            return _tidy(named[0][: end.start()] if end else named[0])
    return ""


def _tidy(venue: str) -> str:
    venue = venue.strip(" ,;:")
    if not _ABBREVIATED.search(venue):
        venue = venue.rstrip(".")
    if venue.count("(") > venue.count(")"):
        venue += ")"
    return shorten(venue[:1].upper() + venue[1:], VENUE_LIMIT)
