"""A stand-in for a language model behind OpenAI's protocol, on a real socket of 127.0.0.1."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from pydantic import SecretStr

from bot.config import Settings
from bot.config_summaries import SummariesConfig

KEY = "sk-loopback-0123456789abcdef"
ENGLISH = "The paper slices channels to train faster. It is shown that memory falls by 40%."
KOREAN = "이 논문은 채널을 잘라 학습 속도를 높인다. 메모리가 40% 줄어드는 것을 보였다."


@dataclass(frozen=True)
class Asked:
    """One request: its headers, and what the model was told and given."""

    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.body["messages"][1]["content"]))


def completion(text: object, finish: str = "stop") -> web.Response:
    """An answer as the protocol has it."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return web.json_response({"object": "chat.completion", "choices": [choice]})


Answer = Callable[[web.Request], Any]
"""Gives the response, or something to be awaited that does."""


class LoopbackModel:
    """Answers every question with `say`, in Korean where Korean is asked for; or with what
    `answer` gives."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.say: object = None
        self.answer: Answer | None = None
        self.ready = asyncio.Event()
        """Cleared: it thinks for as long."""
        self.ready.set()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def config(self, **other: Any) -> SummariesConfig:
        """The section of the settings that names this model."""
        key = SecretStr(KEY)
        named: dict[str, Any] = {"base_url": self.base_url, "model": "loop_back-1", "api_key": key}
        return SummariesConfig(**{**named, **other})

    def settings(self, settings: Settings, **other: Any) -> Settings:
        """`settings` with this model."""
        return settings.model_copy(update={"summaries": self.config(**other)})

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(dict(request.headers), await request.json())
        self.asked.append(asked)
        await self.ready.wait()
        if self.answer is None:
            usual = KOREAN if "Korean" in asked.system else ENGLISH
            return completion(usual if self.say is None else self.say)
        answered = self.answer(request)
        response = await answered if asyncio.iscoroutine(answered) else answered
        assert isinstance(response, web.StreamResponse)
        return response


async def html(_request: web.Request) -> web.Response:
    return web.Response(text="<html>Welcome!</html>", content_type="text/html")


async def nothing_ever(_request: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return completion("too late")


async def drip(request: web.Request) -> web.StreamResponse:
    """A stream without an end, a byte at a time."""
    return await _stream(request, b" ", 0.02)


async def flood(request: web.Request) -> web.StreamResponse:
    """A stream without an end, as fast as it goes."""
    return await _stream(request, b" " * 65_536, 0)


async def _stream(request: web.Request, piece: bytes, pause: float) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(piece)
            await asyncio.sleep(pause)
    except ConnectionError:
        return response


def status(code: int, **headers: str) -> Answer:
    """An answer with this status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request: web.Response(status=code, headers=named, text="no")
