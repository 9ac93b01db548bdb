"""A loopback stand-in for Zotero's web API, version 3, with one group's library.

As https://www.zotero.org/support/dev/web_api/v3/write_requests and `basics` have it: keys and
rights, versions of objects and of the library, write tokens, at most 50 objects a write and 100 a
page, 412 and 428, `Backoff` and `Retry-After`, notes whose HTML comes back tidied.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

GROUP = 4711
KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"

_COMMON = {
    "key", "version", "itemType", "title", "creators", "abstractNote", "date", "url", "extra",
    "tags", "collections", "relations", "accessDate", "language", "rights", "shortTitle",
    "dateAdded", "dateModified",
}  # fmt: skip
_FIELDS = {
    "preprint": _COMMON
    | {"genre", "repository", "archiveID", "place", "series", "DOI", "citationKey", "archive"},
    "webpage": _COMMON | {"websiteTitle", "websiteType"},
    "note": {
        "key", "version", "itemType", "note", "parentItem", "tags", "relations", "collections",
        "dateAdded", "dateModified",
    },
}  # fmt: skip
_KEY = re.compile(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")


@dataclass
class ZoteroFault:
    """What happens to the next request of a method; `after`: once it has taken effect."""

    method: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    drop: bool = False


class ZoteroServer:
    """Its address is `url`; `items` and `collections` hold what the library has."""

    def __init__(self) -> None:
        self.version = 10
        self.items: dict[str, dict[str, Any]] = {}
        self.collections: dict[str, dict[str, Any]] = {}
        self.trashed: set[str] = set()
        self.may_write = True
        self.tokens: set[str] = set()
        self.faults: list[ZoteroFault] = []
        self.requests: list[tuple[str, str]] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._guard])
        base = f"/groups/{GROUP}"
        app.router.add_get(f"{base}/collections/top", self._get_collections)
        app.router.add_post(f"{base}/collections", self._post_collections)
        app.router.add_get(f"{base}/items", self._get_items)
        app.router.add_get(f"{base}/items/top", self._get_top)
        app.router.add_get(f"{base}/items/trash", self._get_trash)
        app.router.add_post(f"{base}/items", self._post_items)
        app.router.add_delete(f"{base}/items", self._delete_items)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def writes(self) -> int:
        return sum(method != "GET" for method, _ in self.requests)

    def alive(self, kind: str) -> list[dict[str, Any]]:
        """Items of a type that nobody threw away."""
        return [
            item
            for key, item in self.items.items()
            if item["itemType"] == kind and key not in self.trashed
        ]

    def put(self, **data: Any) -> dict[str, Any]:
        """An item that somebody made by hand."""
        self.version += 1
        item = {"version": self.version, "tags": [], "collections": [], "relations": {}, **data}
        self.items[item["key"]] = item
        return item

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append((request.method, request.path_qs))
        assert request.headers.get("Zotero-API-Version") == "3"
        fault = next((one for one in self.faults if one.method == request.method), None)
        if fault is not None:
            self.faults.remove(fault)
            if not fault.after:
                return self._failed(request, fault)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.Response(status=403, text="Invalid key")
        if request.method != "GET" and not self.may_write:
            return web.Response(status=403, text="Write access denied")
        answer: web.StreamResponse = await handler(request)
        if fault is not None and (fault.status or fault.drop):
            return self._failed(request, fault)
        answer.headers["Last-Modified-Version"] = str(self.version)
        if fault is not None:
            answer.headers.update(fault.headers)
        return answer

    def _failed(self, request: web.Request, fault: ZoteroFault) -> web.StreamResponse:
        if fault.drop:
            assert request.transport is not None
            request.transport.close()
        return web.Response(status=fault.status or 500, headers=fault.headers, text="Not now")

    def _page(self, request: web.Request, found: list[dict[str, Any]]) -> web.Response:
        limit = min(int(request.query.get("limit", 25)), 100)
        start = int(request.query.get("start", 0))
        headers = {"Total-Results": str(len(found))}
        if start + limit < len(found):
            following = request.url.update_query(start=start + limit, limit=limit)
            headers["Link"] = f'<{following}>; rel="next"'
        shown = [
            {
                "key": one["key"],
                "version": one["version"],
                "library": {"type": "group", "id": GROUP},
                "links": {},
                "meta": {},
                "data": one,
            }
            for one in found[start : start + limit]
        ]
        return web.json_response(shown, headers=headers)

    async def _get_collections(self, request: web.Request) -> web.Response:
        return self._page(request, list(self.collections.values()))

    async def _get_top(self, request: web.Request) -> web.Response:
        alive = [one for key, one in self.items.items() if key not in self.trashed]
        return self._page(request, [one for one in alive if not one.get("parentItem")])

    async def _get_trash(self, request: web.Request) -> web.Response:
        return self._page(request, [self.items[key] for key in sorted(self.trashed)])

    async def _get_items(self, request: web.Request) -> web.Response:
        found = [one for key, one in self.items.items() if key not in self.trashed]
        if kind := request.query.get("itemType"):
            found = [one for one in found if one["itemType"] == kind]
        if tag := request.query.get("tag"):
            found = [one for one in found if tag in {each["tag"] for each in one["tags"]}]
        return self._page(request, found)

    async def _post_collections(self, request: web.Request) -> web.Response:
        return await self._post(request, self.collections, self._checked_collection)

    async def _post_items(self, request: web.Request) -> web.Response:
        return await self._post(request, self.items, self._checked_item)

    async def _post(
        self, request: web.Request, kept: dict[str, dict[str, Any]], check: Any
    ) -> web.Response:
        objects = json.loads(await request.text())
        if len(objects) > 50:
            return web.Response(status=413, text="Cannot add more than 50 items at a time")
        token = request.headers.get("Zotero-Write-Token")
        if token is not None:
            if len(token) != 32 or token in self.tokens:
                return web.Response(status=412, text="Write token already used")
            self.tokens.add(token)
        answer: dict[str, dict[str, Any]] = {
            "successful": {}, "success": {}, "unchanged": {}, "failed": {},
        }  # fmt: skip
        self.version += 1
        for place, one in enumerate(objects):
            code, message = self._precondition(one, kept) or check(one, kept) or (0, "")
            if code:
                failed = {"key": one.get("key", ""), "code": code, "message": message}
                answer["failed"][str(place)] = failed
                continue
            self._keep(str(place), one, kept, answer)
        return web.json_response(answer)

    def _precondition(
        self, one: dict[str, Any], kept: dict[str, dict[str, Any]]
    ) -> tuple[int, str] | None:
        key, there = one.get("key"), kept.get(one.get("key", ""))
        if key is not None and not _KEY.fullmatch(key):
            return 400, f"'{key}' is not a valid key"
        if there is None:
            if one.get("version", 0) > 0:
                return 404, "Item doesn't exist (use version 0 to create it)"
            return None
        if "version" not in one:
            return 428, "Item version not provided"
        if one["version"] != there["version"]:
            found = there["version"]
            return 412, f"Item has been modified (expected {one['version']}, found {found})"
        return None

    def _checked_collection(
        self, one: dict[str, Any], _kept: dict[str, Any]
    ) -> tuple[int, str] | None:
        return None if one.get("name") else (400, "Collection name cannot be empty")

    def _checked_item(
        self, one: dict[str, Any], kept: dict[str, dict[str, Any]]
    ) -> tuple[int, str] | None:
        kind = one.get("itemType") or kept.get(one.get("key", ""), {}).get("itemType")
        if kind not in _FIELDS:
            return 400, f"'{kind}' is not a valid item type"
        if odd := one.keys() - _FIELDS[kind]:
            return 400, f"Invalid property '{min(odd)}'"
        parent = one.get("parentItem")
        if parent and parent not in kept:
            return 409, f"Parent item {parent} not found"
        if gone := [key for key in one.get("collections", ()) if key not in self.collections]:
            return 409, f"Collection {gone[0]} not found"
        if len(one.get("note", "")) > 250_000:
            return 413, "Note is too long"
        return None

    def _keep(
        self, place: str, one: dict[str, Any], kept: dict[str, Any], answer: dict[str, Any]
    ) -> None:
        key = one.get("key") or f"{len(kept):08}".translate(str.maketrans("01", "XY"))
        there = kept.get(key, {})
        changed = {name: value for name, value in one.items() if name != "version"}
        if "note" in changed:
            changed["note"] = changed["note"].replace("<br />", "<br>").replace("</p>\n", "</p>")
        if there and all(there.get(name) == value for name, value in changed.items()):
            answer["unchanged"][place] = key
            return
        kept[key] = {**there, **changed, "key": key, "version": self.version}
        answer["success"][place] = key
        answer["successful"][place] = {"key": key, "version": self.version, "data": kept[key]}

    async def _delete_items(self, request: web.Request) -> web.Response:
        known = request.headers.get("If-Unmodified-Since-Version")
        if known is None:
            return web.Response(status=428, text="If-Unmodified-Since-Version not provided")
        if int(known) < self.version:
            return web.Response(status=412, text="Library has been modified")
        keys = request.query["itemKey"].split(",")
        if len(keys) > 50:
            return web.Response(status=413, text="Cannot delete more than 50 items at a time")
        self.version += 1
        for key in keys:
            self.items.pop(key, None)
        return web.Response(status=204)
