"""How a REST route is declared, and what its handler is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.core import Core
from bot.sandbox.drafts import Upload
from bot.sandbox.errors import Json, form_error
from bot.sandbox.objects import User


@dataclass(slots=True)
class Call:
    """One request. `path` holds the template's parts as given, `body` the JSON (`{}` without
    one).
    """

    core: Core
    path: dict[str, str]
    query: dict[str, str]
    body: Any = None
    uploads: list[Upload] = field(default_factory=list)

    @property
    def actor(self) -> User:
        """Who asks: always the bot."""
        return self.core.world.bot

    @property
    def json(self) -> Json:
        """The body as an object; raises 50035 where it is none."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise form_error(
                (), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"
            )
        return self.body

    def id(self, name: str) -> int:
        """An id of the path; raises 50035 where it is no snowflake."""
        value = self.path[name]
        if not value.isdigit():
            message = f'Value "{value}" is not snowflake.'
            raise form_error([name], "NUMBER_TYPE_COERCE", message)
        return int(value)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """An integer of the query; raises 50035 outside its bounds."""
        value = self.query.get(name)
        if value is None:
            return default
        if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
            message = f"int value should be between {least} and {most}."
            raise form_error([name], "NUMBER_TYPE_MAX", message)
        return int(value)

    def optional_id(self, name: str) -> int | None:
        value = self.query.get(name)
        if value is None:
            return None
        if not value.isdigit():
            message = f'Value "{value}" is not snowflake.'
            raise form_error([name], "NUMBER_TYPE_COERCE", message)
        return int(value)

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("1", "true")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose status is not 200 (with a body) or 204 (without)."""

    status: int
    body: Any = None


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """`token`: whether the bot's token is asked for; `counted`: whether it counts towards 50 a
    second.
    """

    method: str
    template: str
    handler: Handler
    token: bool = True
    counted: bool = True


ROUTES: list[Route] = []


def route(
    method: str, template: str, *, token: bool = True, counted: bool = True
) -> Callable[[Handler], Handler]:
    """Registers a handler: it returns a JSON value (200), None (204) or an Answer."""

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, template, handler, token, counted))
        return handler

    return register
