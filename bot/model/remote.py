"""Where an archive is published: a folder, or a Git repository elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

PROTOCOLS: Final = ("https", "ssh", "file")
"""Those that Git may use; the rest either sends what it carries in the open or runs programs."""
_SCP: Final = re.compile(r"[\w][\w.+-]*@(?P<host>[A-Za-z0-9][\w.-]*):(?P<path>[\w~][^\s:]*)")
"""`git@example.org:club/papers.git`."""
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+/")
_BRANCH: Final = re.compile(r"(?!.*(?:\.\.|//|@\{|\.lock(?:/|$)|/\.))[\w][\w./+-]*(?<![./])")


class BadRemote(ValueError):
    """No place to publish at; the message says which forms work, and holds no password."""


@dataclass(frozen=True, slots=True)
class PublishTarget:
    """Where to publish; `protocol` is None for a folder of this machine."""

    where: str
    protocol: str | None = None


def parse_target(typed: str) -> PublishTarget:
    """A folder's path or a repository's address. Raises BadRemote."""
    where = typed.strip()
    if not where or not where.isprintable() or where.startswith("-") or "::" in where:
        raise BadRemote(_FORMS)
    if "://" not in where:
        if _SCP.fullmatch(where):
            return PublishTarget(where, "ssh")
        # `github.com/club/papers` is no folder, and a bare repository is not written into.
        if where.startswith("/") and where.endswith(".git"):
            raise BadRemote(f"a repository on this machine is written file://{where}")
        if _HOST.match(where) or where.endswith(".git") or ":" in where.partition("/")[0]:
            raise BadRemote(_FORMS)
        return PublishTarget(where)
    try:
        parts = urlsplit(where)
        port = parts.port
    except ValueError:
        raise BadRemote(_FORMS) from None
    if parts.password is not None:
        raise BadRemote("put the password into archive.token, and leave it out of the address")
    if parts.scheme not in PROTOCOLS:
        raise BadRemote(f"{parts.scheme}: is not used: {_FORMS}")
    host = parts.hostname or ""
    if parts.query or parts.fragment or " " in where or len(parts.path) < 2 or port == 0:
        raise BadRemote(_FORMS)
    if host.startswith("-") or (parts.username or "").startswith("-"):
        raise BadRemote(_FORMS)
    if bool(host) == (parts.scheme == "file"):
        raise BadRemote(_FORMS)
    return PublishTarget(where, parts.scheme)


def parse_branch(typed: str) -> str:
    """A branch's name. Raises BadRemote."""
    if not _BRANCH.fullmatch(typed) or len(typed) > 200:
        raise BadRemote('write a branch\'s name: "main", "gh-pages"')
    return typed


_FORMS: Final = "write a folder, or a repository as https://…, ssh://… or git@host:path, file:///…"
