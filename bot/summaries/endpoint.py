"""A language model behind OpenAI's protocol: one question, one answer.

https://platform.openai.com/docs/api-reference/chat/create, as Ollama, llama.cpp, vLLM and others
speak it too.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import aiohttp

from bot.arxiv.web import retry_after
from bot.config_summaries import SummariesConfig

LARGEST: Final = 256 * 1024
"""Bytes of an answer that is read."""
AT_ONCE: Final = 2
"""Questions at a time: a model on the host's own machine answers them one after the other."""
_UNFIT: Final = frozenset({400, 413, 422})
"""Statuses that say that this very question cannot be answered."""


class ModelUnavailable(Exception):
    """The endpoint gave no answer; it may later. `retry_after`: seconds, if it said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ModelRefused(Exception):
    """The endpoint does not answer this question."""


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model said; `whole` unless it was cut off at `max_tokens`."""

    text: str
    whole: bool


class Endpoint:
    """Asks the model that the settings name, and nobody else: redirections are not followed."""

    def __init__(self, config: SummariesConfig) -> None:
        self.config = config
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, system: str, question: str) -> ModelAnswer:
        """The model's answer to a question. Raises ModelUnavailable, ModelRefused."""
        body = {
            "model": self.config.model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": question},
            ],
            "max_tokens": self.config.max_tokens,
            "temperature": 0.2,
            "stream": False,
        }
        async with self._turns:
            return _read(await self._post(body))

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            agent = self.config.user_agent or f"papertakes/{version('papertakes')}"
            # What is not packed cannot swell when it is unpacked.
            headers = {"User-Agent": agent, "Accept-Encoding": "identity"}
            if key := self.config.api_key.get_secret_value():
                headers["Authorization"] = f"Bearer {key}"
            self._session = aiohttp.ClientSession(
                headers=headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=True,
            )
        return self._session

    async def _post(self, body: dict[str, Any]) -> bytes:
        url = f"{self.config.base_url}/chat/completions"
        try:
            async with (
                asyncio.timeout(self.config.timeout),
                self._opened().post(url, json=body, allow_redirects=False) as response,
            ):
                if response.status in _UNFIT:
                    raise ModelRefused(f"status {response.status}")
                if response.status != 200:
                    wait = retry_after(response.headers.get("Retry-After"))
                    raise ModelUnavailable(f"status {response.status}", wait)
                read = bytearray()
                async for chunk in response.content.iter_any():
                    read += chunk
                    if len(read) > LARGEST:
                        raise ModelUnavailable("answer too large")
                return bytes(read)
        except TimeoutError:
            raise ModelUnavailable(f"no answer within {self.config.timeout:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise ModelUnavailable(type(error).__name__) from None


def _read(body: bytes) -> ModelAnswer:
    """The text of an answer. Raises ModelUnavailable where it is none."""
    try:
        choice = json.loads(body)["choices"][0]
        text = choice["message"]["content"]
        cut = choice.get("finish_reason") == "length"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ModelUnavailable("what came is no chat completion") from None
    if text is None:
        text = ""
    if not isinstance(text, str):
        raise ModelUnavailable("what came is no chat completion")
    return ModelAnswer(text, whole=not cut)
