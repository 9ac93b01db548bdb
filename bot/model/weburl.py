"""Web addresses of pages: which are taken, and the one form in which each is kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NewType
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bot.model.same_page import one_address

LONGEST = 2_000
"""Characters of a URL that is taken."""

PageUrl = NewType("PageUrl", str)

Reason = Literal["scheme", "credentials", "host", "length"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(r"(?:utm_[^=&]*|gclid|fbclid)(?:=[^&]*)?", re.IGNORECASE)
_UNSAFE = {ord(char): f"%{ord(char):02X}" for char in '\\"`|^{}<> '}
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
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
class Address:
    """`host` in lower case, ASCII; `path` and `query` as they stand."""

    host: str
    path: str
    query: str


def address_of(url: str) -> Address:
    """Where an http(s) URL leads. Raises RefusedUrl."""
    parts, host = _split(url)
    return Address(host, parts.path, parts.query)


def normalise_url(url: str) -> PageUrl:
    """The form in which a page's URL is kept and compared. Raises RefusedUrl.

    Scheme and host in lower case, no default port, none of the parameters that only tell where a
    click came from, no fragment unless it is a route (`#/app/x`); letters as themselves however
    they were written, characters that would end a link percent-encoded; one address for a page
    that is known to stand at several.
    """
    parts, host = _split(url)
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair)
    )
    route = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    path, query = _with_letters(parts.path or "/"), _with_letters(query)
    if port is None and not route and (known := one_address(host, path, query)) is not None:
        return PageUrl(f"https://{known}".translate(_UNSAFE))
    tidy = urlunsplit((parts.scheme, host, path, query, _with_letters(route)))
    return PageUrl(tidy.translate(_UNSAFE))


def _with_letters(text: str) -> str:
    """Percent-encoded letters, marks and digits of any script as themselves (an IRI, RFC 3987),
    ASCII's too (RFC 3986, 2.3); the rest stays encoded, full-width letters among it."""

    def decoded(run: re.Match[str]) -> str:
        try:
            chars = bytes.fromhex(run[0].replace("%", "")).decode()
        except UnicodeDecodeError:
            return run[0]
        return "".join(char if _is_letter(char) else _encoded(char) for char in chars)

    return _PERCENT.sub(decoded, text)


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" and not "\uff00" <= char <= "\uffef"


def _encoded(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


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
