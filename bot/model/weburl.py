"""Web addresses of pages: which are taken, and the one form in which each is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NewType
from urllib.parse import SplitResult, urlsplit, urlunsplit

LONGEST = 2_000
"""Characters of a URL that is taken."""

PageUrl = NewType("PageUrl", str)

Reason = Literal["scheme", "credentials", "host", "length"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(r"(?:utm_[^=&]*|gclid|fbclid)(?:=[^&]*)?", re.IGNORECASE)
_UNSAFE = {ord(char): f"%{ord(char):02X}" for char in '\\"`|^{}<> '}
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]", re.ASCII)


class RefusedUrl(ValueError):
    """An address that is not taken.

    `reason`: not http or https (`scheme`), a user name or password in it (`credentials`), no
    usable host or port (`host`), longer than LONGEST (`length`).
    """

    def __init__(self, url: str, reason: Reason) -> None:
        super().__init__(url)
        self.url = url
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class HostAndPath:
    """`host` in lower case, ASCII; `path` as it stands."""

    host: str
    path: str


def host_and_path(url: str) -> HostAndPath:
    """Where an http(s) URL leads. Raises RefusedUrl."""
    parts, host = _split(url)
    return HostAndPath(host, parts.path)


def normalise_url(url: str) -> PageUrl:
    """The form in which a page's URL is kept and compared. Raises RefusedUrl.

    Scheme and host in lower case, no default port, no fragment, none of the parameters that
    only tell where a click came from; characters that would end a link are percent-encoded.
    """
    parts, host = _split(url)
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair)
    )
    tidy = urlunsplit((parts.scheme, host, parts.path or "/", query, ""))
    return PageUrl(tidy.translate(_UNSAFE))


def _split(url: str) -> tuple[SplitResult, str]:
    if len(url) > LONGEST:
        raise RefusedUrl(url[:LONGEST], "length")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise RefusedUrl(url, "host") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise RefusedUrl(url, "scheme")
    if "@" in parts.netloc:
        raise RefusedUrl(url, "credentials")
    host = _ascii(host)
    if not _HOST.fullmatch(host):
        raise RefusedUrl(url, "host")
    return parts, host


def _ascii(host: str) -> str:
    """The host in lower case, international names in their ASCII form, empty if there is none."""
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
