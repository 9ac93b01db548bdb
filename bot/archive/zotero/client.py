"""Zotero's web API as a push needs it, through the package pyzotero.

https://www.zotero.org/support/dev/web_api/v3/write_requests. The package waits where the server
asks for it (`Backoff`, `Retry-After` of a 429); what it leaves to its caller is done here: a write
that was not taken for being one too many, a server that is down for maintenance, what failed of
fifty objects.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from bot.archive.zotero.items import object_key
from bot.archive.zotero.plan import Data, ZoteroLibrary, marker
from bot.errors import HostError

T = TypeVar("T")

AT_ONCE: Final = 50
"""Objects in one write: the most that the server takes."""
_ATTEMPTS: Final = 5
_WRITE: Final = 120.0
"""Seconds in which a write must be answered."""
_LONGEST_WAIT: Final = 600.0
"""Seconds that are waited at most because the server asks for it."""
_CONFLICT: Final = 412
_REFUSED: Final = {
    401: "the key is not Zotero's: make one at https://www.zotero.org/settings/keys",
    403: "the key may not write to this group: allow it at https://www.zotero.org/settings/keys",
    404: "there is no such group, or the key may not see it",
    409: "the library is locked: try again later",
}


class ZoteroTrouble(HostError):
    """Zotero cannot be used as it is configured, or does not answer; the message is one line."""


class ZoteroChanged(Exception):
    """Something was changed there meanwhile: what is to be done has to be found out again."""


class ZoteroClient:
    """One group's library."""

    def __init__(
        self,
        api_base: str,
        key: str,
        group: int,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Raises ZoteroTrouble where the package is missing."""
        try:
            import httpx2
            from pyzotero import zotero
            from pyzotero.errors import PyZoteroError
        except ModuleNotFoundError:
            raise ZoteroTrouble(
                "the package pyzotero is missing: install Papertakes as papertakes[zotero], "
                "in a checkout: pip install '.[zotero]'"
            ) from None
        self._refusal: type[Exception] = PyZoteroError
        self._broken: type[Exception] = httpx2.HTTPError
        self._sleep = sleep
        self._library = zotero.Zotero(group, "group", key)
        self._library.endpoint = api_base
        self._group = group

    def collection(self, name: str, *, make: bool) -> str:
        """The key of the collection of that name at the top; made if there is none and `make`."""
        found = self._everything(lambda: self._library.collections_top(limit=100))
        for one in found:
            if one["data"]["name"].casefold() == name.casefold():
                return str(one["key"])
        key = object_key("collection", str(self._group), name)
        if make:
            payload = {"name": name, "key": key, "version": 0}
            self._written(self._asked(lambda: self._library.create_collections([payload])))
        return key

    def read(self, collection: str) -> ZoteroLibrary:
        """The library as it is. Raises ZoteroTrouble."""
        tag = marker(collection)
        items = self._everything(lambda: self._library.top(limit=100))
        notes = self._everything(lambda: self._library.items(itemType="note", tag=tag, limit=100))
        trash = self._everything(lambda: self._library.trash(limit=100))
        return ZoteroLibrary(
            [one["data"] for one in items if one["data"]["itemType"] not in _NO_PAPERS],
            [one["data"] for one in notes],
            frozenset(one["key"] for one in trash),
        )

    def write(self, objects: Sequence[dict[str, Any]]) -> None:
        """Write objects, parents first. Raises ZoteroChanged, ZoteroTrouble."""
        for part in _parts(objects):
            # The server may take long over fifty objects.
            self._written(self._asked(partial(self._library.create_items, part, timeout=_WRITE)))

    def delete(self, objects: Sequence[Data]) -> None:
        """Delete objects. Raises ZoteroChanged, ZoteroTrouble."""
        for part in _parts(objects):
            now = int(self._asked(self._library.last_modified_version))
            self._asked(partial(self._library.delete_item, part, last_modified=now))

    def _written(self, answer: Any) -> None:
        """Raises ZoteroChanged, or ZoteroTrouble for what is wrong with an object."""
        failed = list((answer or {}).get("failed", {}).values())
        for one in failed:
            if one.get("code") != _CONFLICT:
                said = " ".join(str(one.get("message", "")).split())[:200]
                raise ZoteroTrouble(f"Zotero refuses an item: {one.get('code')} {said}")
        if failed:
            raise ZoteroChanged

    def _everything(self, ask: Callable[[], Any]) -> list[Any]:
        """All pages of a list."""
        found = list(self._asked(ask))
        while self._library.links and self._library.links.get("next"):
            found += self._asked(self._library.follow) or []
        return found

    def _asked(self, ask: Callable[[], T]) -> T:
        """What Zotero answers; again where it asked for patience. Raises ZoteroTrouble."""
        for _ in range(_ATTEMPTS):
            self._library.request = None
            try:
                answer = ask()
            except self._refusal as error:
                wait = self._patience(error)
            except ValueError:
                # A write that is one too many is answered in words, for which the package does
                # not look.
                wait = self._patience(None)
            except self._broken as error:
                raise ZoteroTrouble(f"Zotero does not answer: {type(error).__name__}") from None
            else:
                if self._status() != 429:
                    return answer
                wait = self._patience(None)
            self._sleep(wait)
        raise ZoteroTrouble("Zotero asks for patience again and again: try later")

    def _status(self) -> int | None:
        answer = self._library.request
        return None if answer is None else int(answer.status_code)

    def _patience(self, error: Exception | None) -> float:
        """Seconds to wait before the next try. Raises ZoteroTrouble, ZoteroChanged."""
        answer = self._library.request
        status = self._status() or _told_status(error)
        if status == _CONFLICT:
            raise ZoteroChanged from None
        if status in (429, 500, 502, 503, 504):
            headers = answer.headers if answer is not None else {}
            asked = headers.get("Retry-After") or headers.get("Backoff")
            seconds = float(asked) if asked and asked.isdigit() else 5.0
            if seconds > _LONGEST_WAIT:
                raise ZoteroTrouble(f"Zotero asks to come back in {seconds / 60:.0f} minutes")
            # The package itself waits before the next request for what a 429 asked.
            return 0.0 if status == 429 and asked else seconds
        why = _REFUSED.get(status or 0, "see https://status.zotero.org")
        raise ZoteroTrouble(f"zotero: {why} ({status or 'no answer'})") from None


_NO_PAPERS: Final = ("note", "attachment", "annotation")


def _told_status(error: Exception | None) -> int | None:
    """The status in the words of the package's error (`Code: 403`)."""
    _, _, rest = str(error).partition("Code: ")
    digits = rest[:3]
    return int(digits) if digits.isdigit() else None


def _parts(objects: Sequence[T]) -> Iterator[list[T]]:
    for at in range(0, len(objects), AT_ONCE):
        yield list(objects[at : at + AT_ONCE])
