"""The address of a paper's code or own page, among those that its comment and abstract name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from bot.text.tex.spans import TexKind, spans

LINK_LIMIT: Final = 512
"""Characters of an address that Discord takes for a button."""

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
    "cambridge.org", "youtube.com", "youtu.be", "vimeo.com",
    "royalsocietypublishing.org", "biorxiv.org", "hal.science", "eptcs.org",
)  # fmt: skip
_BARE: Final = re.compile(
    r"(?<![\w@./-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:github|gitlab)\.io\b", re.I
)
_OURS: Final = re.compile(
    r"\b(?:code|codes|codebase|implementation|source|software|repository|repo|package"
    r"|library|toolkit"
    r"|data|dataset|datasets|benchmark|models?|weights|checkpoints|demo|project|web ?page|web ?site"
    r"|homepage|page|see|visit|available|released?|open[- ]sourced?|publicly|found"
    r"|accessible|hosted"
    r"|videos?)\b",
    re.IGNORECASE,
)
_THEIRS: Final = re.compile(
    r"\b(?:based on|built (?:up)?on|builds (?:up)?on|build (?:up)?on|using|uses?|we used|use of"
    r"|such as|e\.g\.|fork of|compared? (?:to|with)|baselines?|following|challenge|leaderboard"
    r"|licensed?|original|see also|provided by|thanks to|powered by|previous(?:ly)?"
    r"|(?:derived|taken|adapted|collected"
    r"|sourced|borrowed|data|dataset|code) from)\b",
    re.IGNORECASE,
)
_JOINING: Final = re.compile(r"[\s,;:()]*(?:and|or)?[\s(]*")
_CONTEXT: Final = 120


class PaperLinkKind(StrEnum):
    """What a link leads to."""

    CODE = "code"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class PaperLink:
    """The code or the page of a paper."""

    kind: PaperLinkKind
    url: str


def project_link(comment: str, abstract: str) -> PaperLink | None:
    """The address of the paper's code or page among those that its own words name.

    What is said to be its own goes before what is only mentioned, a comment before the abstract,
    code before pages.
    """
    best: tuple[tuple[int, int, int, int], PaperLink] | None = None
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
        if span.kind is TexKind.ADDRESS:
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


def _own(before: str, link: PaperLink) -> int:
    """How much speaks for an address's being the paper's own; 0 or less: nothing."""
    # A sentence's end lies between: what was said of something else.
    sentence = re.split(r"[.!?;]\s+(?=[A-Z])", before)[-1]
    ours = max((match.start() for match in _OURS.finditer(sentence)), default=-1)
    theirs = max((match.start() for match in _THEIRS.finditer(sentence)), default=-1)
    score = 0 if ours == theirs else 2 if ours > theirs else -2
    if link.kind is PaperLinkKind.CODE or _hosted(link.url, _PAGE_HOSTS):
        score += 1
    elif not sentence.strip(" .,:;()"):
        score += 1  # it stands alone, as in a comment
    return score


def _host_rank(link: PaperLink) -> int:
    if link.kind is PaperLinkKind.PROJECT:
        return 0
    return 1 if _hosted(link.url, ("huggingface.co", "kaggle.com")) else 2


def _link(address: str) -> PaperLink | None:
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
        return PaperLink(PaperLinkKind.CODE, url) if parts.path.strip("/") else None
    return PaperLink(PaperLinkKind.PROJECT, url)


def _hosted(url: str, hosts: tuple[str, ...]) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in hosts)
