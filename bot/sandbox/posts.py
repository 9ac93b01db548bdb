"""A message and a form as a person looks at them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.sandbox import message_payloads, modals
from bot.sandbox.components import TEXT, walk
from bot.sandbox.controls import BUTTON, LINK, SELECTS, TEXT_INPUT
from bot.sandbox.core import Core
from bot.sandbox.errors import Json
from bot.sandbox.interaction import Interaction
from bot.sandbox.objects import Attachment, Flag, Message, Pings, User
from bot.sandbox.times import with_times

if TYPE_CHECKING:
    from bot.sandbox.places import Place

_BARE_LINK = re.compile(r"(?<!<)(https?://[^\s<>)]+)(?!\S*>)")


class ClientRefused(Exception):
    """A step that a person's client would not let them do; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Control:
    """A button or select under a message. `kind`: "button", "link" or "select"; `component` is
    Discord's JSON.
    """

    kind: str
    label: str
    custom_id: str | None
    component: Json
    url: str | None = None
    disabled: bool = False
    options: list[Json] = field(default_factory=list)
    placeholder: str | None = None


def controls_of(components: list[Json]) -> Iterator[Control]:
    for part in walk(components):
        if part["type"] == BUTTON:
            emoji = (part.get("emoji") or {}).get("name") or ""
            yield Control(
                "link" if part["style"] == LINK else "button",
                part.get("label") or emoji,
                part.get("custom_id"),
                part,
                part.get("url"),
                part.get("disabled", False),
            )
        elif part["type"] in SELECTS:
            yield Control(
                "select",
                part.get("placeholder") or "",
                part["custom_id"],
                part,
                None,
                part.get("disabled", False),
                part.get("options", []),
                part.get("placeholder"),
            )


def readable_text(message: Message) -> str:
    """What can be read in a message, a paragraph each: content, embeds, text displays."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [
            (embed.get("author") or {}).get("name", ""),
            embed.get("title", ""),
            embed.get("description", ""),
        ]
        parts += [f"{entry['name']}\n{entry['value']}" for entry in embed.get("fields", [])]
        parts.append((embed.get("footer") or {}).get("text", ""))
    parts += [part["content"] for part in walk(message.components) if part["type"] == TEXT]
    return "\n".join(part for part in parts if part)


class Post:
    """A message as one person sees it; it stays up to date, and equals any other view of it."""

    def __init__(self, core: Core, record: Message, viewer: User) -> None:
        self._core = core
        self.record = record
        self._viewer = viewer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Post) and other.record.id == self.record.id

    def __hash__(self) -> int:
        return hash(self.record.id)

    def __repr__(self) -> str:
        private = " private" if self.private else ""
        return f"<Post {self.id}{private} by {self.author}: {self.text[:60]!r}>"

    @property
    def id(self) -> int:
        return self.record.id

    @property
    def channel_id(self) -> int:
        return self.record.channel_id

    @property
    def author(self) -> str:
        """Display name."""
        return self.record.author.display_name

    @property
    def author_id(self) -> int:
        return self.record.author.id

    @property
    def content(self) -> str:
        return self.record.content

    @property
    def text(self) -> str:
        """Everything that can be read in it: content, embeds, text displays."""
        return self.with_times(readable_text(self.record))

    def with_times(self, text: str) -> str:
        """Text of it with moments as its reader sees them now."""
        locale = self._viewer.locale if self._viewer is not None else "en-US"
        return with_times(text, locale, self._core.world.clock())

    @property
    def private(self) -> bool:
        """Whether only its reader sees it."""
        return self.record.reader_id is not None

    @property
    def thinking(self) -> bool:
        """Whether it is still "Papertakes is thinking…"."""
        return self.record.has(Flag.LOADING)

    @property
    def edited(self) -> bool:
        return self.record.edited_at is not None

    @property
    def pinned(self) -> bool:
        return self.record.pinned_at is not None

    @property
    def deleted(self) -> bool:
        return self.record.deleted

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def nonce(self) -> str | int | None:
        return self.record.nonce

    @property
    def flags(self) -> int:
        return self.record.flags

    @property
    def pings(self) -> Pings:
        """Whom it notified when it was posted."""
        return self.record.pings

    @property
    def embeds(self) -> list[Json]:
        return self.record.embeds

    @property
    def attachments(self) -> list[Attachment]:
        return self.record.attachments

    @property
    def reactions(self) -> dict[str, list[int]]:
        """Emoji, and the ids of who reacted with it."""
        return self.record.reactions

    def components(self) -> list[Control]:
        return list(controls_of(self.record.components))

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons, links included."""
        return [control.label for control in self.components() if control.kind != "select"]

    @property
    def reply_to(self) -> "Post | None":
        """The message that it answers, if that is still there."""
        if self.record.reply_to is None:
            return None
        channel_id, message_id = self.record.reply_to
        found = self._core.world.messages.get(channel_id, {}).get(message_id)
        return None if found is None else Post(self._core, found, self._viewer)

    @property
    def thread(self) -> "Place | None":
        """The thread that was made from it."""
        from bot.sandbox.places import Place  # a place is made of posts

        made = self._core.world.channels.get(self.record.id)
        if made is None or made.parent_id != self.record.channel_id:
            return None
        return Place(self._core, made, self._viewer)

    @property
    def previews(self) -> list[str]:
        """The links in its content under which Discord would show a preview."""
        if self.record.has(Flag.SUPPRESS_EMBEDS):
            return []
        return [match[1] for match in _BARE_LINK.finditer(self.record.content)]

    def json(self) -> Json:
        """Discord's JSON, as its reader's client gets it."""
        return message_payloads.message(self._core.world, self.record, self._viewer)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. `kind`: "text", "select", "radio", "checkboxes", "checkbox", "file"."""

    label: str
    custom_id: str
    kind: str
    required: bool
    min_length: int = 0
    max_length: int = 4000
    placeholder: str | None = None
    value: str | None = None
    description: str | None = None
    options: tuple[str, ...] = ()
    long: bool = False


_KINDS = {
    modals.FILE_UPLOAD: "file",
    modals.RADIO: "radio",
    modals.CHECKBOXES: "checkboxes",
    modals.CHECKBOX: "checkbox",
    TEXT_INPUT: "text",
}


class Form:
    """A modal that the bot has opened for a person."""

    def __init__(self, interaction: Interaction) -> None:
        assert interaction.modal is not None
        self.interaction = interaction
        self._modal: Json = interaction.modal

    @property
    def title(self) -> str:
        return str(self._modal["title"])

    @property
    def custom_id(self) -> str:
        return str(self._modal["custom_id"])

    @property
    def rows(self) -> list[Json]:
        """Discord's JSON of its components."""
        rows: list[Json] = self._modal["components"]
        return rows

    @property
    def text(self) -> str:
        """What its text displays say."""
        return "\n".join(part["content"] for part in walk(self.rows) if part["type"] == TEXT)

    @property
    def fields(self) -> list[Field]:
        return [
            Field(
                part.get("label") or "",
                part["custom_id"],
                _KINDS.get(part["type"], "select"),
                part.get("required", part["type"] != modals.CHECKBOX),
                part.get("min_length", 0),
                part.get("max_length", 4000),
                part.get("placeholder"),
                part.get("value"),
                part.get("description"),
                tuple(option["label"] for option in part.get("options", [])),
                part.get("style") == 2,
            )
            for part in modals.inputs(self.rows)
        ]

    def json(self) -> Json:
        return self._modal | {"interaction_id": str(self.interaction.id)}
