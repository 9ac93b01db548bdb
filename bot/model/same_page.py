"""Pages that stand at several addresses: one form for all of them.

The forms are those of the sites themselves. A page of any other site keeps its own address, since
two addresses that look alike may be two pages.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs

_FORMS = (
    # An anthology's paper: its page, its PDF, its older home.
    (r"(?:www\.)?aclanthology\.org/(?:anthology/)?([A-Z0-9][\w.-]*?)(?:\.pdf|\.bib)?/?",
     "aclanthology.org/{0}/"),
    (r"(?:www\.)?aclweb\.org/anthology/([A-Z0-9][\w.-]*?)(?:\.pdf)?/?", "aclanthology.org/{0}/"),
    (r"proceedings\.mlr\.press/(v\d+)/([\w-]+?)(?:\.html|/[\w-]+\.pdf)",
     "proceedings.mlr.press/{0}/{1}.html"),
    (r"openaccess\.thecvf\.com/(content[\w/]*?)/(?:html|papers)/([\w.-]+?)\.(?:html|pdf)",
     "openaccess.thecvf.com/{0}/html/{1}.html"),
    (r"(?:papers\.nips\.cc|papers\.neurips\.cc|proceedings\.neurips\.cc)"
     r"/(paper(?:_files/paper)?/\d{4})/(?:hash|file)/([0-9a-f]+)-(?:Abstract|Paper)([\w-]*)\.(?:html|pdf)",
     "proceedings.neurips.cc/{0}/hash/{1}-Abstract{2}.html"),
    (r"(?:www\.)?github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", "github.com/{0}"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), form) for pattern, form in _FORMS)
_OPENREVIEW = re.compile(r"/(?:forum|pdf|revisions)/?")


def one_address(host: str, path: str, query: str) -> str | None:
    """The address, without its scheme, that a page with several is kept by; None for others."""
    if host.removeprefix("www.") == "openreview.net" and _OPENREVIEW.fullmatch(path):
        forum = parse_qs(query).get("id")
        return f"openreview.net/forum?id={forum[0]}" if forum else None
    if query:
        return None
    for pattern, form in _PATTERNS:
        if match := pattern.fullmatch(host + path):
            return form.format(*match.groups())
    return None
