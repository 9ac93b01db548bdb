"""Secrets blotted out of what is logged and told: known ones, and whatever looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from bot.config import PREFIX, Settings

BLOT: Final = "[secret]"
_SHORTEST: Final = 8
"""Characters. A shorter password would be blotted out of words that have nothing to do with it."""

_LOOKS_SECRET: Final = (
    # A password before the @ of an address, also where the address is mistyped.
    (re.compile(r"(\b\w[\w+.-]*:/+[^\s:/@'\"]*:)(?!PASSWORD@)[^\s'\"]*@"), rf"\1{BLOT}@"),
    # A bot's token: https://docs.discord.com/developers/reference#authentication
    (re.compile(r"\b[\w-]{22,30}\.[\w-]{5,8}\.[\w-]{25,}"), BLOT),
    # An interaction's, with which anybody may answer in the bot's name for a quarter of an hour.
    (re.compile(r"((?:interactions|webhooks)/\d+/)[^/\s?'\"]+"), rf"\1{BLOT}"),
    (re.compile(r"""(["']?\btoken["']?\s*[:=]\s*["'])[^"']+"""), rf"\1{BLOT}"),
    # A key to a language model.
    (re.compile(r"(?i)(\bbearer )[\w.~+/-]{8,}=*"), rf"\1{BLOT}"),
    (re.compile(r"\bsk-[\w-]{16,}"), BLOT),
    (re.compile(r"(?i)(\b(?:password|passwd|pwd)=)[^\s&'\"]+"), rf"\1{BLOT}"),
)


class Blotter:
    """Blots out the secrets that it knows, and what looks like a secret."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        ways = {way for secret in secrets for way in (secret, quote(secret, safe=""), repr(secret))}
        ways |= {way.strip("'\"") for way in ways}
        # The longest first: one may be a part of another.
        known = sorted((way for way in ways if way), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(BLOT, text)
        for pattern, instead in _LOOKS_SECRET:
            text = pattern.sub(instead, text)
        return text


def secrets_of(settings: Settings) -> Iterator[str]:
    """The tokens, the keys, and the passwords in addresses."""
    if token := settings.discord.token.get_secret_value():
        yield token
    if token := settings.archive.token.get_secret_value():
        yield token
    if key := settings.zotero.key.get_secret_value():
        yield key
    # A server on the same machine takes any word for a key.
    key = settings.summaries.api_key.get_secret_value()
    if len(key) >= _SHORTEST:
        yield key
    arxiv, discord = settings.arxiv, settings.discord
    for url in (
        settings.database.url,
        discord.api_base,
        discord.gateway,
        arxiv.api_base,
        arxiv.feed_base,
        arxiv.oai_base,
        settings.archive.publish,
        settings.zotero.api_base,
    ):
        yield from passwords_in(url)


def secrets_among(environ: Mapping[str, str]) -> Iterator[str]:
    """The same in the environment, where settings cannot be read."""
    for name, value in environ.items():
        if name.upper().endswith(("TOKEN", "ZOTERO__KEY", "API_KEY")):
            yield value
        elif name.upper().startswith(PREFIX):
            yield from passwords_in(value)


def passwords_in(url: str) -> Iterator[str]:
    """What may be a password in an address, however it is written; no short or everyday word."""
    credentials, at, rest = url.partition(":")[2].lstrip("/").rpartition("@")
    user, _, password = credentials.partition(":")
    found = [password] if at else []
    with suppress(ValueError):
        found += [value for name, value in parse_qsl(urlsplit(url).query) if name == "password"]
    for one in found:
        for way in {one, unquote(one)}:
            if len(way) >= _SHORTEST and way != user and way not in rest:
                yield way
