"""One interaction: what was asked, and what the bot has answered to it so far."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from bot.sandbox import limits, payloads
from bot.sandbox.errors import FormErrors, Json
from bot.sandbox.form import Fields
from bot.sandbox.objects import Channel, Flag, Message, User


class Asked(IntEnum):
    """Types of interactions."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answer(IntEnum):
    """Types of first answers."""

    MESSAGE = 4
    THINKING = 5
    UPDATE_LATER = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ANSWERS = {
    Asked.COMMAND: {Answer.MESSAGE, Answer.THINKING, Answer.MODAL},
    Asked.COMPONENT: set(Answer) - {Answer.CHOICES},
    Asked.AUTOCOMPLETE: {Answer.CHOICES},
    Asked.MODAL: {Answer.MESSAGE, Answer.THINKING, Answer.UPDATE_LATER, Answer.UPDATE},
}


def _names(command: Json) -> Iterator[str]:
    """A command's name, then those of the group and the subcommand that were used."""
    yield str(command.get("name"))
    options = command.get("options")
    for option in options if isinstance(options, list) else ():
        if isinstance(option, dict) and option.get("type") in (1, 2):
            yield from _names(option)
            return


@dataclass(slots=True)
class Interaction:
    """One interaction and everything the bot has answered to it so far."""

    id: int
    token: str
    asked: Asked
    user: User
    channel: Channel
    data: Json
    created_at: datetime
    asked_at: float
    source: Message | None = None
    triggered_by: "Interaction | None" = None
    answer: Answer | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    updated: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def thinking(self) -> bool:
        original = self.original
        return original is not None and not original.deleted and original.has(Flag.LOADING)

    def change(self) -> None:
        """Wakes whoever waits for the next thing the bot does about it."""
        self.updated += 1
        self._changed.set()
        self._changed = asyncio.Event()

    @property
    def changed(self) -> asyncio.Event:
        """Set at the next thing the bot does about it (another event afterwards)."""
        return self._changed

    @property
    def metadata(self) -> Json:
        """What a message says of the interaction it answers."""
        data: Json = {
            "id": str(self.id),
            "type": int(self.asked),
            "user": payloads.user(self.user),
            "authorizing_integration_owners": {"0": str(self.channel.guild_id or 0)},
        }
        if self.asked is Asked.COMPONENT and self.source is not None:
            data["interacted_message_id"] = str(self.source.id)
        if self.asked is Asked.COMMAND:
            data["name"] = " ".join(_names(self.data))
        if self.triggered_by is not None:
            data["triggering_interaction_metadata"] = self.triggered_by.metadata
        return data


def read_choices(body: Json) -> list[Json]:
    """The choices of an autocompletion's answer. Raises 50035."""
    errors = FormErrors()
    data = Fields(body.get("data") or {}, errors, ("data",))
    kept: list[Json] = []
    for choice in data.objects("choices", most=limits.CHOICES, required=True):
        name = choice.text("name", least=1, most=limits.CHOICE, required=True)
        value = choice.data.get("value")
        if value is None or isinstance(value, str):
            value = choice.text("value", most=limits.CHOICE, required=True)
        kept.append(
            {
                "name": name,
                "value": value,
                "name_localizations": choice.data.get("name_localizations"),
            }
        )
    errors.check()
    return kept
