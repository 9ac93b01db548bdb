"""From an HTTP request to a route's handler and back: faults, token, rate limits, validation,
answer.
"""

from __future__ import annotations

import asyncio
import json
import re
import traceback
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from bot.sandbox import limits
from bot.sandbox.drafts import Upload
from bot.sandbox.errors import UNAUTHORIZED, ApiError, FormErrors, Json, refuse
from bot.sandbox.faults import Fault
from bot.sandbox.garbled import garbled
from bot.sandbox.ratelimit import Verdict
from bot.sandbox.rest import applications, channels, guilds, interactions, messages
from bot.sandbox.rest.route import ROUTES, Answer, Call, Route

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

MODULES = (applications, channels, guilds, interactions, messages)
SESSION_STARTS = 1000
"""A day."""
_EDIT = ("PATCH", "/channels/{channel_id}/messages/{message_id}")
_FILE = re.compile(r"files?\[?(\d*)\]?")


def install(app: web.Application, sandbox: Sandbox) -> None:
    """Adds the API, the gateway and the attachments to a web application."""
    for route in sorted(ROUTES, key=_most_specific_first):
        app.router.add_route(route.method, f"/api/v10{route.template}", _handler(sandbox, route))
    app.router.add_get("/gateway", sandbox.sessions.serve)
    app.router.add_get("/api/v10/gateway", _gateway(sandbox))
    app.router.add_get("/api/v10/gateway/bot", _gateway(sandbox))
    app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", _file(sandbox))
    app.router.add_route("*", "/api/{rest:.*}", _unknown(sandbox))


def _most_specific_first(route: Route) -> list[bool]:
    return [part.startswith("{") for part in route.template.split("/")]


def reply(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    """An answer with the very content type that clients look for."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    if isinstance(body, str):
        return web.Response(status=status, text=body, headers=headers)
    data = json.dumps(body, ensure_ascii=False).encode()
    response = web.Response(status=status, body=data, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


def _handler(sandbox: Sandbox, route: Route) -> Any:
    async def handle(request: web.Request) -> web.StreamResponse:
        from bot.sandbox.server import Request

        try:
            call = await _read(sandbox, request)
        except ApiError as error:
            return reply(error.status, error.body)
        fault = sandbox.faults.find(route.method, route.template)
        if fault is not None and not fault.after_effect:
            early = await _misbehave(request, fault, None)
            if early is not None:
                return early
        status, body, headers = _answer(sandbox, route, request, call)
        sandbox.limiter.count_invalid(status)
        sandbox.requests.append(
            Request(route.method, route.template, request.path, call.body, status, sandbox.clock())
        )
        if fault is not None and fault.after_effect:
            late = await _misbehave(request, fault, body)
            return reply(status, body, headers) if late is None else late
        return reply(status, body, headers)

    return handle


def _answer(
    sandbox: Sandbox, route: Route, request: web.Request, call: Call
) -> tuple[int, Any, dict[str, str]]:
    if sandbox.limiter.barred:
        return 429, "error code: 1015", {}
    if route.token and request.headers.get("Authorization") != f"Bot {sandbox.token}":
        return (*UNAUTHORIZED, {})
    verdict = _limit(sandbox, route, call)
    if verdict.refusal is not None:
        return 429, verdict.refusal, verdict.headers
    try:
        _validate(sandbox, route, call)
        sandbox.core.tidy()
        result = route.handler(call)
    except ApiError as error:
        return error.status, error.body, verdict.headers
    except Exception:
        sandbox.crashes.append(traceback.format_exc())
        return 500, {"message": "500: Internal Server Error", "code": 0}, verdict.headers
    if isinstance(result, Answer):
        return result.status, result.body, verdict.headers
    return (204 if result is None else 200), result, verdict.headers


def _limit(sandbox: Sandbox, route: Route, call: Call) -> Verdict:
    parts = call.path
    major = parts.get("token") or parts.get("channel_id") or parts.get("guild_id") or ""
    if (route.method, route.template) == _EDIT and parts["message_id"].isdigit():
        channel_id = int(parts["channel_id"]) if parts["channel_id"].isdigit() else 0
        found = sandbox.world.messages.get(channel_id, {}).get(int(parts["message_id"]))
        if found is not None and sandbox.clock() - found.created_at > limits.OLD_MESSAGE:
            verdict = sandbox.limiter.old_edit(channel_id)
            if verdict is not None:
                return verdict
    return sandbox.limiter.take(route.method, route.template, major, counted=route.counted)


def _validate(sandbox: Sandbox, route: Route, call: Call) -> None:
    if sandbox.validator is None or call.body is None:
        return
    complaints = sandbox.validator(route.method, route.template, call.body)
    if complaints:
        sandbox.violations += [f"{route.method} {route.template}: {c}" for c in complaints]
        errors = FormErrors()
        for complaint in complaints:
            errors.add((), "OPENAPI_VIOLATION", complaint)
        errors.check()


async def _misbehave(request: web.Request, fault: Fault, body: Any) -> web.StreamResponse | None:
    """What a fault does to a request, before or after its effect, which is told by `body`; None to
    go on.
    """
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.act is not None:
        fault.act()
    if fault.hang or fault.drop is not None:
        return await _vanish(request, fault)
    if fault.garbled is not None:
        return garbled(fault.garbled, fault.status or 200, body)
    return None if fault.answer is None else reply(*fault.answer)


async def _vanish(request: web.Request, fault: Fault) -> web.StreamResponse:
    """No answer: the connection is cut at once, or stays silent until the client gives up."""
    if fault.hang:
        # A transport has no event to wait for.
        while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    elif request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


# Bodies


async def _read(sandbox: Sandbox, request: web.Request) -> Call:
    call = Call(sandbox.core, dict(request.match_info), dict(request.query))
    if not request.body_exists:
        return call
    if request.content_type.startswith("multipart/"):
        await _read_multipart(request, call)
    else:
        call.body = _parse(await request.read())
    return call


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except (ValueError, RecursionError):
        raise refuse(50109) from None


async def _read_multipart(request: web.Request, call: Call) -> None:
    reader = await request.multipart()
    while True:
        part = await reader.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader):
            raise refuse(50109)
        data = bytes(await part.read())
        name = part.name or ""
        match = _FILE.fullmatch(name)
        if name == "payload_json":
            call.body = _parse(data)
        elif match is not None:
            index = int(match[1]) if match[1] else len(call.uploads)
            call.uploads.append(Upload(index, part.filename or "unknown.bin", data))


# The rest


def _gateway(sandbox: Sandbox) -> Any:
    async def handle(request: web.Request) -> web.StreamResponse:
        sessions = sandbox.sessions
        left = sessions.starts_left
        start: Json = {
            "total": SESSION_STARTS,
            "remaining": SESSION_STARTS - sessions.identifies if left is None else left,
            "reset_after": sessions.starts_reset_ms,
            "max_concurrency": 1,
        }
        body = {"url": str(sandbox.gateway), "shards": 1, "session_start_limit": start}
        fault = sandbox.faults.find("GET", request.path.removeprefix("/api/v10"))
        late = await _misbehave(request, fault, body) if fault is not None else None
        return reply(200, body) if late is None else late

    return handle


def _file(sandbox: Sandbox) -> Any:
    async def handle(request: web.Request) -> web.Response:
        found = sandbox.world.files.get(int(request.match_info["attachment_id"]))
        if found is None:
            return web.Response(status=404, text="This content is no longer available.")
        response = web.Response(body=found.data)
        response.headers["Content-Type"] = found.content_type
        return response

    return handle


def _unknown(sandbox: Sandbox) -> Any:
    async def handle(request: web.Request) -> web.Response:
        sandbox.unknown.append(f"{request.method} {request.path}")
        return reply(404, {"message": "404: Not Found", "code": 0})

    return handle
