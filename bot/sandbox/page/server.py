"""Routes of the page: the document at `/`, its files and its websocket under `/page/`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.page.connection import Connection
from bot.sandbox.page.hooks import Advance, Hooks, Report, Tips, Upcoming
from bot.sandbox.page.view import people

if TYPE_CHECKING:
    from bot.sandbox import Person, Sandbox

STATIC = Path(__file__).parent / "static"

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_HEADERS = {
    # Nothing from elsewhere and no inline script, so that a slip in the page could do no harm.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def mount(
    app: web.Application,
    sandbox: Sandbox,
    *,
    advance: Advance | None = None,
    upcoming: Upcoming | None = None,
    report: Report | None = None,
    tips: Tips | None = None,
) -> None:
    """Add the page to `app`, which must not have started yet.

    `advance` gives the page's clock its buttons; without it the clock only shows the time.
    `upcoming` adds the button that goes to the next digest, `report` says what happened then, and
    `tips` what to try when the page opens.
    """
    page = _Page(sandbox, Hooks(advance, upcoming, report, tips))
    app.router.add_get("/", page.document)
    app.router.add_get("/page/socket", page.socket)
    app.router.add_get("/page/static/{name}", page.static)
    app.on_shutdown.append(page.close)


def _file(name: str) -> web.FileResponse:
    file = STATIC / name
    if file.parent != STATIC or file.suffix not in _TYPES or not file.is_file():
        raise web.HTTPNotFound
    # Said outright: what a system's own table says of .js is not always fit for modules.
    headers = _HEADERS | {"Content-Type": f"{_TYPES[file.suffix]}; charset=utf-8"}
    return web.FileResponse(file, headers=headers)


class _Page:
    def __init__(self, sandbox: Sandbox, hooks: Hooks) -> None:
        self.sandbox, self.hooks = sandbox, hooks
        self.sockets: set[web.WebSocketResponse] = set()

    async def document(self, request: web.Request) -> web.StreamResponse:
        return _file("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """One of the page's own files; there are no folders."""
        return _file(request.match_info["name"])

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """One connection acts as one member: `?member=ID`, else the first."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="this page's socket is for this page")
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=1 << 20)
        await socket.prepare(request)
        self.sockets.add(socket)
        person = self._person(request.query.get("member"))
        connection = Connection(self.sandbox, person, socket, self.hooks)
        try:
            await connection.start()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    connection.receive(cast("str", message.data))
        finally:
            self.sockets.discard(socket)
            await connection.stop()
        return socket

    def _person(self, wanted: str | None) -> Person:
        members = people(self.sandbox)
        user = next((one for one in members if str(one.id) == wanted), members[0])
        return self.sandbox.person(user.username)

    async def close(self, app: web.Application) -> None:
        """Say goodbye to all pages, without waiting long for one that does not listen."""
        closing = [
            asyncio.ensure_future(socket.close(code=WSCloseCode.GOING_AWAY))
            for socket in self.sockets
        ]
        if closing:
            await asyncio.wait(closing, timeout=0.5)
