"""Answers that say nothing of the request: what proxies, broken lines and bad days bring."""

import json
from collections.abc import Callable
from typing import Any, Literal, get_args

from aiohttp import web

from bot.sandbox.errors import Json

Garbled = Literal[
    "no content",
    "empty",
    "list",
    "object",
    "page",
    "cut short",
    "another",
    "without id",
    "as text",
    "too deep",
]
GARBLED: tuple[Garbled, ...] = get_args(Garbled)

PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome.</body></html>"


def garbled(how: Garbled, status: int, body: Any) -> web.Response:
    """An answer in place of the right one, whose JSON is `body` (anything if there is none)."""
    right: Json = body if isinstance(body, dict) else {"id": "1", "content": "", "name": ""}
    makers: dict[Garbled, Callable[[], web.Response]] = {
        "no content": lambda: web.Response(status=204),
        "empty": lambda: web.Response(status=status, body=b"", content_type="application/json"),
        "list": lambda: _json(status, []),
        "object": lambda: _json(status, {}),
        "page": lambda: web.Response(status=status, text=PAGE, content_type="text/html"),
        "cut short": lambda: _raw(status, _dumped(right)[: len(_dumped(right)) // 2]),
        "another": lambda: _json(status, right | _ANOTHER),
        "without id": lambda: _json(status, {k: v for k, v in right.items() if k != "id"}),
        "as text": lambda: web.Response(status=status, body=_dumped(right)),
        "too deep": lambda: _raw(status, b"[" * 100_000),
    }
    return makers[how]()


_ANOTHER: Json = {
    "id": "100000000000000001",
    "nonce": "another's",
    "content": "What somebody else has said.",
    "name": "What somebody else has begun",
    "recipients": [{"id": "100000000000000002"}],
}


def _dumped(data: Any) -> bytes:
    return json.dumps(data).encode()


def _json(status: int, data: Any) -> web.Response:
    return _raw(status, _dumped(data))


def _raw(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
