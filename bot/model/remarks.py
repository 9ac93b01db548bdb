"""What authors say beside their paper, in arXiv's comment and in the abstract: where it was
accepted, how long it is, and where its code or its own page stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from bot.model.paper import PaperData
from bot.text.graphemes import shorten
from bot.text.tex import readable
from bot.text.tex.spans import Kind, spans

VENUE_LIMIT: Final = 160
LINK_LIMIT: Final = 512
"""Characters of an address that Discord takes for a button."""

_PAGES: Final = re.compile(
    r"(?<![\w.,-])(\d{1,4})(?:\s?\+\s?\d+)?\s?(?:[a-z]+ )?(?:pages?|pp?\.)(?!\w)", re.IGNORECASE
)
_SAID: Final = re.compile(
    r"\b(?:(?:(?:will|to) be )?(?:conditionally |provisionally )?(?:accepted|published|presented|submitted)"
    r"|to appear|appear(?:ed|s|ing) (?:in|at)|forthcoming|in press|(?:in )?proceedings of"
    r"|(?:spotlight|oral|poster) at)\b",
    re.IGNORECASE,
)
# Where what is said of the venue ends: at the next remark.
_END: Final = re.compile(
    r";|\n|(?:[.,]|\s[-–—|])\s*(?=(?:the |our |this |see |main |and |with |including |contains? )*"
    r"(?:\d+ ?(?:\+ ?\d+ )?(?:[a-z]+ )?(?:pages?|pp?\b|figures?|figs?\b|tables?|columns?)"
    r"|code|project|website|web ?page|homepage|https?:|www\.|github|source|data|dataset|supplement|extended|v\d\b|version|comments"
    r"|arxiv|latex|revtex|preprint|appendix|demo|video|first|equal|update|correct|fix|typos?|minor|received|revised|published online))",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:(?:in|at|the|proc(?:eedings|\.)?(?: of)?) )*"
    r"(?:[A-Z][\w&/-]*[ '’-]?)*?[A-Z][A-Za-z&/-]*[A-Z][A-Za-z&/-]*[ '’-]{0,2}(?:(?:19|20)\d\d|(?<=['’])\d\d)"
    r"\b[^.;]{0,100}|(?!COVID)[A-Z]{3,}-\d\d\b[^.;]{0,100}"
)
_MEETING: Final = re.compile(
    r"(?=.*\b(?:19|20)\d\d\b)(?=.*\b(?:Conference|Workshop|Symposium|Congress|Transactions|Journal|Letters"
    r"|Annals|Lecture Notes|Interspeech|Eurographics|Meeting|School)\b)[A-Z].{0,120}"
)
_ABBREVIATED: Final = re.compile(
    r"\b(?:Lett|Rev|J|Phys|Math|Sci|Soc|Trans|Proc|Appl|Comput|Astron|Astrophys|Commun|Conf|Stat|Theor"
    r"|Chem|Mater|Nucl|Instrum|Eng|Amer|Inst|Int|Lect|Ann)\.$"
)
_NO_VENUE: Final = re.compile(r"arxiv|latex|revtex|https?:|pages|figures", re.IGNORECASE)

_CODE_HOSTS: Final = (
    "github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "huggingface.co",
    "modelscope.cn", "sr.ht", "sourceforge.net", "colab.research.google.com", "kaggle.com",
)  # fmt: skip
_PAGE_HOSTS: Final = (
    "github.io", "gitlab.io", "netlify.app", "vercel.app", "sites.google.com", "pages.dev",
    "readthedocs.io", "notion.site", "web.app", "hf.space", "streamlit.app",
)  # fmt: skip
# What is linked there is another's work, or the paper itself.
_OTHERS: Final = (
    "arxiv.org", "doi.org", "springer.com", "ieee.org", "acm.org", "aps.org", "iop.org",
    "iopscience.iop.org", "sciencedirect.com", "elsevier.com", "wiley.com", "nature.com",
    "science.org", "openreview.net", "aclanthology.org", "mlr.press", "neurips.cc", "thecvf.com",
    "creativecommons.org", "wikipedia.org", "orcid.org", "ssrn.com", "oup.com", "mdpi.com",
    "tandfonline.com", "ams.org", "harvard.edu", "inspirehep.net", "jstor.org", "openai.com",
    "cambridge.org", "youtube.com", "youtu.be", "vimeo.com", "royalsocietypublishing.org", "biorxiv.org", "hal.science", "eptcs.org",
)  # fmt: skip
_BARE: Final = re.compile(
    r"(?<![\w@./-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:github|gitlab)\.io\b", re.I
)
_OURS: Final = re.compile(
    r"\b(?:code|codes|codebase|implementation|source|software|repository|repo|package|library|toolkit"
    r"|data|dataset|datasets|benchmark|models?|weights|checkpoints|demo|project|web ?page|web ?site"
    r"|homepage|page|see|visit|available|released?|open[- ]sourced?|publicly|found|accessible|hosted|videos?)\b",
    re.IGNORECASE,
)
_THEIRS: Final = re.compile(
    r"\b(?:based on|built (?:up)?on|builds (?:up)?on|build (?:up)?on|using|uses?|we used|use of|such as"
    r"|e\.g\.|fork of|compared? (?:to|with)|baselines?|following|challenge|leaderboard|licensed?|original"
    r"|see also|provided by|thanks to|powered by|previous(?:ly)?|(?:derived|taken|adapted|collected"
    r"|sourced|borrowed|data|dataset|code) from)\b",
    re.IGNORECASE,
)
_JOINING: Final = re.compile(r"[\s,;:()]*(?:and|or)?[\s(]*")
_CONTEXT: Final = 120


class LinkKind(StrEnum):
    """What a link leads to."""

    CODE = "code"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Link:
    """The code or the page of a paper."""

    kind: LinkKind
    url: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """`venue` is what the comment says of where it is accepted, in its own words, or empty."""

    venue: str = ""
    pages: int | None = None
    journal: str = ""
    link: Link | None = None


def remarks(data: PaperData) -> Remarks:
    """What a paper's own words say beside the matter."""
    comment = readable(data.comment or "")
    found = _PAGES.search(comment)
    return Remarks(
        venue=_venue(comment),
        pages=(int(found[1]) or None) if found else None,
        journal=shorten(readable(data.journal_ref or ""), VENUE_LIMIT),
        link=project_link(data.comment or "", data.abstract),
    )


def project_link(comment: str, abstract: str) -> Link | None:
    """The address of the paper's code or page among those that its own words name.

    What is said to be its own goes before what is only mentioned, a comment before the abstract,
    code before pages.
    """
    best: tuple[tuple[int, int, int, int], Link] | None = None
    for place, text in enumerate((comment, abstract)):
        for at, (before, address) in enumerate(_addresses(text)):
            link = _link(address)
            if link is None:
                continue
            rank = (_own(before, link), _host_rank(link), -place, -at)
            if best is None or rank > best[0]:
                best = rank, link
    return best[1] if best and best[0][0] > 0 else None


def _addresses(text: str) -> list[tuple[str, str]]:
    """The addresses in a text, each with what is said before it; of a list before all of it."""
    found: list[tuple[str, str]] = []
    before = ""

    def add(address: str) -> None:
        said = found[-1][0] if found and _JOINING.fullmatch(before) else before
        found.append((said[-_CONTEXT:], address))

    for span in spans(text):
        if span.kind is Kind.ADDRESS:
            add(span.body)
            before = ""
            continue
        at = 0
        for match in _BARE.finditer(span.raw) if ".io" in span.raw else ():
            before += span.raw[at : match.start()]
            add(match[0])
            before, at = "", match.end()
        before += span.raw[at:]
    return found


def _own(before: str, link: Link) -> int:
    """How much speaks for an address's being the paper's own; 0 or less: nothing."""
    # A sentence's end lies between: what was said of something else.
    sentence = re.split(r"[.!?;]\s+(?=[A-Z])", before)[-1]
    ours = max((match.start() for match in _OURS.finditer(sentence)), default=-1)
    theirs = max((match.start() for match in _THEIRS.finditer(sentence)), default=-1)
    score = 0 if ours == theirs else 2 if ours > theirs else -2
    if link.kind is LinkKind.CODE or _hosted(link.url, _PAGE_HOSTS):
        score += 1
    elif not sentence.strip(" .,:;()"):
        score += 1  # it stands alone, as in a comment
    return score


def _host_rank(link: Link) -> int:
    if link.kind is LinkKind.PROJECT:
        return 0
    return 1 if _hosted(link.url, ("huggingface.co", "kaggle.com")) else 2


def _link(address: str) -> Link | None:
    url = address if re.match(r"https?://", address, re.IGNORECASE) else f"https://{address}"
    if not url.isascii() or not url.isprintable() or len(url) > LINK_LIMIT or "@" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", host):
        return None
    if _hosted(url, _OTHERS):
        return None
    if _hosted(url, _CODE_HOSTS):
        # A host's own front page is nobody's code.
        return Link(LinkKind.CODE, url) if parts.path.strip("/") else None
    return Link(LinkKind.PROJECT, url)


def _hosted(url: str, hosts: tuple[str, ...]) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in hosts)


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
