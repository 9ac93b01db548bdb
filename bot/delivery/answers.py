"""Which answer says that a request was done. Pure.

Anything else with a status of success (nothing where a message belongs, a proxy's page, half of a
JSON, another message) leaves the outcome unknown, and it is settled like one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Right = Callable[[Any], bool]
"""Whether JSON is the right answer to a request; None stands for the status 204."""

BAD_REQUEST = 400
UNAUTHORISED = 401
NO_CONTENT = 204


def squeezed(text: str) -> str:
    """What two texts have in common if Discord has only tidied up the spaces of one of them."""
    return "".join(text.split())


def snowflake_of(data: Any, key: str = "id") -> int | None:
    """An id of Discord's that JSON has under a key, if it has one."""
    value = data.get(key) if isinstance(data, dict) else None
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def nothing(data: Any) -> bool:
    """What answers a deletion, or the pinning of a message."""
    return data is None


def one(number: int) -> Right:
    """The message or channel with this id, as it is after a change."""
    return lambda data: snowflake_of(data) == number


def message(channel_id: int, nonce: str, text: str) -> Right:
    """The message just posted: by its nonce, or by its text where the answer has no nonce."""

    def right(data: Any) -> bool:
        if snowflake_of(data) is None or not _in(data, "channel_id", channel_id):
            return False
        if data.get("nonce") is not None:
            return str(data["nonce"]) == nonce
        content = data.get("content")
        return isinstance(content, str) and squeezed(content) == squeezed(text)

    return right


def thread(parent_id: int, name: str, message_id: int | None = None) -> Right:
    """The thread or forum post just made; one on a message has that message's id."""

    def right(data: Any) -> bool:
        number = snowflake_of(data)
        if number is None or not _in(data, "parent_id", parent_id):
            return False
        if message_id is not None:
            return number == message_id
        called = data.get("name")
        return isinstance(called, str) and squeezed(called) == squeezed(name)

    return right


def _in(data: dict[str, Any], key: str, number: int) -> bool:
    """Whether JSON does not say that it belongs elsewhere."""
    return data.get(key) is None or snowflake_of(data, key) == number


def parsed(status: int, content_type: str, body: bytes) -> Any:
    """The JSON of an answer, None for the status 204. Raises ValueError if it is no JSON."""
    if status == NO_CONTENT:
        return None
    if content_type != "application/json":
        raise ValueError(f"status {status} with {content_type}")
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("JSON nested too deep") from None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Discord says of a request that it refuses: its code, and words for the log."""

    code: int
    text: str


def refusal(status: int, content_type: str, body: bytes) -> Refusal | None:
    """What an answer of 4xx says, None if it is not Discord's own.

    Discord's refusals are JSON with a code and a message. The code 0 says nothing: Discord gives it
    with 401, and with 400 for a malformed body
    (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
    """
    try:
        data = parsed(status, content_type, body)
    except ValueError:
        return None
    code = data.get("code") if isinstance(data, dict) else None
    if type(code) is not int or (code == 0 and status not in (BAD_REQUEST, UNAUTHORISED)):
        return None
    return Refusal(code, f"{data.get('message', '')} {data.get('errors', '')}".strip())
