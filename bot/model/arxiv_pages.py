"""Where arXiv's papers stand on the web: its own pages, and readers and mirrors of them.

Each function says what stands where an identifier belongs; whether that is one, the caller finds
out, so that a mistyped identifier is told as such.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote

from bot.model.arxiv_id import OLD_ARCHIVES

_ARXIV = ("arxiv.org", "ar5iv.org", "xxx.lanl.gov")
_ARXIV_BY_PROXY = re.compile(r"(?:[a-z0-9-]+\.)*arxiv-org\.")
"""A library's proxy writes the dots of a host as hyphens."""
_ARXIV_VERBS = (
    *("abs", "pdf", "html", "format", "ps", "src", "e-print", "bibtex", "cits", "tb", "refs"),
    *("dvi", "docs", "view", "tex", "other"),
)
_STORED_FILES = ("ftp", "ps_cache")
"""`/ftp/hep-th/papers/9901/9901001.pdf`: the archive first, the number in the file's name."""

_LANGUAGES = ("de", "es", "fr", "hi", "ja", "ko", "pt", "ru", "zh")
_READERS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("alphaxiv.org",),
        ("abs", "pdf", "html", "overview", "resources", *(f"{one}/overview" for one in _LANGUAGES)),
    ),
    (("huggingface.co", "hf.co"), ("papers",)),
    (("scirate.com", "papers.cool", "hjfy.top", "yiyibooks.cn"), ("arxiv",)),
    (("semanticscholar.org",), ("arxiv", "paper", "")),
    (("emergentmind.com", "arxiv-vanity.com", "arxiv.deeppaper.ai"), ("papers",)),
    (("catalyzex.com", "paperswithcode.com", "paperswithcode.co"), ("paper", "arxiv")),
    (("bytez.com",), ("docs/arxiv",)),
    (("talk2arxiv.org", "arxiv.gg"), ("abs", "pdf", "html")),
    (("tldr.takara.ai",), ("p",)),
    (("arxiv-sanity.com", "arxiv-sanity-lite.com"), ("",)),
    (("inspirehep.net",), ("arxiv", "api/arxiv")),
    (("ui.adsabs.harvard.edu", "adsabs.harvard.edu"), ("abs",)),
    (("connectedpapers.com",), ("api/redirect/arxiv",)),
)
"""Hosts, and the paths on them behind which an identifier stands."""
_LISTS = (
    (("huggingface.co", "hf.co"), "papers"),
    (("papers.cool", "scirate.com", "hjfy.top"), "arxiv"),
    (("alphaxiv.org",), "abs"),
    (("emergentmind.com", "arxiv-vanity.com"), "papers"),
)
"""Hosts, and the first parts of paths behind which lists stand if no identifier does."""
_WITH_CODES = ("dblp.org", "dblp.uni-trier.de", "adsabs.harvard.edu")
_HOMES = ("alphaxiv.org", "papers.cool", "scirate.com", "emergentmind.com", "arxiv-vanity.com")

_LIKE_AN_ID = re.compile(
    r"(?:arxiv:)?(?:[0-9]{4}\.[0-9]{3,6}|[a-z][a-z-]{1,8}(?:\.[a-z-]{2,9})?/[0-9]{6,8})(?![0-9])",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]{4}\.[0-9]{4,5}|[0-9]{7}")
_DBLP = re.compile(r"journals/corr/abs-([0-9]{4})-([0-9]{4,5})(?![0-9])", re.IGNORECASE)
_BIBCODE = re.compile(r"(?<![0-9])[0-9]{4}arXiv([0-9]{4})\.?([0-9]{4,5})[A-Z](?![a-z])")
_WITHIN = re.compile(r"/(?:(?:web|o)/[0-9a-z_*]+/)?((?:https?:/{1,2})?(?:[a-z0-9-]+\.)+[a-z]+/.+)")
"""A path that is an address itself: an archive's copy, a reader, a proxy."""
_PASSED_ON = (
    *("url", "u", "q", "target", "to", "dest", "destination", "redirect", "redirect_url"),
    *("redir", "link", "href", "uddg"),
)
"""Parameters in which a page that only leads on has the address it leads to."""
_URL_DEFENSE = re.compile(r"/v[0-9]/__(.+?)__")


def is_arxiv(host: str) -> bool:
    """Whether `host` (lower case) is one of arXiv's own, a mirror of it or it by a proxy."""
    return _on(host, _ARXIV) or _ARXIV_BY_PROXY.match(host) is not None


def id_in_page(host: str, path: str, query: str) -> str | None:
    """What stands where an identifier belongs, if the page is a paper's; `path` is decoded."""
    path = re.sub("/+", "/", path).lstrip("/")
    if is_arxiv(host):
        return _on_arxiv(path, query)
    if _on(host, _WITH_CODES) and (found := id_in_code(path)) is not None:
        return found
    if _on(host, ("arxiv-sanity-lite.com",)) and "pid" in parse_qs(query):
        return parse_qs(query)["pid"][0]
    for hosts, places in _READERS:
        if _on(host, hosts):
            for place in places:
                rest = path[len(place) :].lstrip("/") if _starts(path, place) else ""
                if _LIKE_AN_ID.match(rest):
                    return rest
    return None


def is_list(host: str, path: str) -> bool:
    """Whether the page is arXiv's or a reader's and no paper's: a list, a search, the entrance."""
    path = re.sub("/+", "/", path).strip("/")
    if is_arxiv(host) or (not path and _on(host, _HOMES)):
        return True
    return any(_on(host, hosts) and _starts(path.lower(), place) for hosts, place in _LISTS)


def id_in_code(text: str) -> str | None:
    """The identifier in a key of DBLP's or a bibcode of ADS's."""
    if match := _DBLP.search(text) or _BIBCODE.search(text):
        return f"{match[1]}.{match[2]}"
    return None


def addresses_within(path: str, query: str) -> list[str]:
    """Addresses to which a page leads on: by its path (a web archive's), or by a parameter."""
    found = [match[1] for match in (_WITHIN.match(path), _URL_DEFENSE.match(path)) if match]
    fields = parse_qs(query)
    found += [value.removeprefix("cache:") for name in _PASSED_ON for value in fields.get(name, ())]
    whole = [re.sub(r"^(https?):/+", r"\1://", unquote(address)) for address in found]
    return [address if "://" in address else f"https://{address}" for address in whole]


def _on_arxiv(path: str, query: str) -> str | None:
    verb, _, rest = path.partition("/")
    fields = parse_qs(query)
    for name in ("id_list", "id"):
        if name in fields:
            return fields[name][0]
    if verb.lower() in _STORED_FILES:
        number = _NUMBER.search(rest.rpartition("/")[2])
        archive = rest.partition("/")[0].lower()
        if number is None:
            return None
        return f"{archive}/{number[0]}" if archive in OLD_ARCHIVES else number[0]
    if verb.lower() in _ARXIV_VERBS:
        return rest if rest.strip("/") else None
    return path if _LIKE_AN_ID.match(path) else None


def _on(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _starts(path: str, place: str) -> bool:
    """Whether `place`, parts of a path, are its first ones."""
    return not place or path.lower() == place or path.lower().startswith((f"{place}/", f"{place}:"))
