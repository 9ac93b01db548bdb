"""Plain HTTP requests with the bot's token, whose successful answers are held to Discord's
document.
"""

from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox import Sandbox
from tests.sandbox.openapi import check_answer


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer; `code` is the JSON error code, 0 without one."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> int:
        return int(self.body.get("code", 0)) if isinstance(self.body, dict) else 0

    def errors_at(self, *path: str) -> list[str]:
        """The codes of a 50035 under a path of its nested `errors`."""
        node = self.body["errors"]
        for part in path:
            node = node.get(part, {})
        return [error["code"] for error in node.get("_errors", [])]


class Api:
    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.papers = sandbox.channel("papers").id
        self.forum = sandbox.channel("reading-room").id
        self.app = sandbox.world.bot.id

    async def __call__(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        token: str | None = None,
        data: aiohttp.FormData | None = None,
        checked: bool = True,
    ) -> Answered:
        headers = {"Authorization": f"Bot {token or self.sandbox.token}"}
        async with self.session.request(
            method, self.sandbox.api_base + path, json=json, data=data, headers=headers
        ) as response:
            kind = response.headers.get("Content-Type")
            body = await (response.json() if kind == "application/json" else response.text())
            if response.status < 300 and checked:
                wrong = check_answer(method, path.split("?")[0], response.status, body)
                assert not wrong, wrong
            return Answered(response.status, body, dict(response.headers))

    async def post(self, content: str = "hello", **more: Any) -> int:
        """Posts a message in #papers; its id."""
        answer = await self(
            "POST", f"/channels/{self.papers}/messages", {"content": content, **more}
        )
        assert answer.status == 200, answer.body
        return int(answer.body["id"])
