"""Forms. What somebody typed is never lost.

A refusal gives it back, ready to be sent again; and a form that was opened before a restart, or
hours ago, still does what it is for, since what it is about is in its id.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

import discord
from discord import ui

from bot.errors import FormGone, PersonError
from bot.locale import Texts
from bot.text.graphemes import shorten
from bot.text.markdown import is_blank
from cogs.answer import privately
from cogs.errors import Asking, explain, tell
from cogs.place import spoken
from cogs.services import Interaction

TITLE_LIMIT = 45
VALUE_LIMIT = 4000
QUOTE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Field:
    """One text to be typed; `key` is its id in the form and, as `form.<key>`, its label's text."""

    key: str
    long: bool = False
    limit: int = VALUE_LIMIT
    required: bool = True


Then: TypeAlias = Callable[[Interaction, Mapping[str, str]], Awaitable[None]]
"""What is done with what was typed, by the fields' keys."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form to be filled in: what it is about, its title and fields, and what happens then.

    `kind` names the factory that makes it anew from `about`.
    """

    kind: str
    about: str
    title: str
    fields: tuple[Field, ...]
    then: Then

    async def open(self, interaction: Interaction, typed: Mapping[str, str] | None = None) -> None:
        """Show it, which must be the first answer to the interaction."""
        await interaction.response.send_modal(_Modal(self, typed or {}, interaction))

    async def submit(self, interaction: Interaction, typed: Mapping[str, str]) -> None:
        """Do what the form is for; a refusal gives back what was typed."""
        try:
            await self.then(interaction, typed)
        except PersonError as problem:
            await give_back(interaction, problem, self, typed)
        except Exception as error:
            await tell(interaction, error)


Factory: TypeAlias = Callable[[Interaction, str], Form]

_FACTORIES: dict[str, Factory] = {}
_OPEN: WeakValueDictionary[str, _Modal] = WeakValueDictionary()
"""Forms that this process opened and still knows, by their ids."""
_ID = re.compile(r"form:[0-9a-f]{16}:(?P<kind>[a-z]*):(?P<about>.*)", re.DOTALL)
_ID_LIMIT = 100


def form(kind: str) -> Callable[[Factory], Factory]:
    """Name a factory, by which a form of an earlier process is made anew."""

    def named(factory: Factory) -> Factory:
        _FACTORIES[kind] = factory
        return factory

    return named


async def submit_orphan(interaction: Interaction) -> None:
    """Do what a form is for that this process does not know any more."""
    data: Any = interaction.data
    custom_id = data["custom_id"]
    match = _ID.fullmatch(custom_id)
    if match is None:
        return
    known = _OPEN.get(custom_id)
    if known is not None and known.client is interaction.client:
        return
    typed = {
        item["component"]["custom_id"]: item["component"]["value"] for item in data["components"]
    }
    factory = _FACTORIES.get(match["kind"])
    if factory is None:
        longest = max(typed.values(), key=len, default="")
        said, file = quoted(FormGone(), longest, spoken(interaction))
        await privately(interaction, said, file=file)
        return
    await factory(interaction, match["about"]).submit(interaction, typed)


class _Modal(ui.Modal):
    def __init__(self, form: Form, typed: Mapping[str, str], interaction: Interaction) -> None:
        self.client = interaction.client
        texts = spoken(interaction)
        custom_id = f"form:{secrets.token_hex(8)}:{form.kind}:{form.about}"
        if len(custom_id) > _ID_LIMIT:
            custom_id = f"form:{secrets.token_hex(8)}::"
        # A form that nobody sends must not be kept for ever.
        super().__init__(title=shorten(form.title, TITLE_LIMIT), custom_id=custom_id, timeout=3600)
        _OPEN[custom_id] = self
        self.form = form
        self.inputs: dict[str, ui.TextInput[Any]] = {}
        for field in form.fields:
            style = discord.TextStyle.paragraph if field.long else discord.TextStyle.short
            default = typed.get(field.key, "")[: field.limit]
            self.inputs[field.key] = ui.TextInput(
                style=style,
                custom_id=field.key,
                default=default or None,
                required=field.required,
                max_length=field.limit,
            )
            name = shorten(texts(f"form.{field.key}"), TITLE_LIMIT)
            self.add_item(ui.Label(text=name, component=self.inputs[field.key]))

    async def on_submit(self, interaction: Interaction, /) -> None:
        typed = {key: item.value for key, item in self.inputs.items()}
        await self.form.submit(interaction, typed)

    async def on_error(  # type: ignore[override]
        self, interaction: Interaction, error: Exception, /
    ) -> None:
        await tell(interaction, error)


class _Again(Asking):
    """A button that opens a form again with what was typed."""

    def __init__(self, form: Form, typed: Mapping[str, str], texts: Texts) -> None:
        super().__init__()
        self.form, self.typed = form, typed
        button: ui.Button[Any] = ui.Button(label=texts("button.again"))
        button.callback = self._open  # type: ignore[method-assign]
        self.add_item(button)

    async def _open(self, interaction: Interaction) -> None:
        await self.form.open(interaction, self.typed)


async def give_back(
    interaction: Interaction, problem: PersonError, form: Form, typed: Mapping[str, str]
) -> None:
    """Refuse what was typed and give it back: its beginning, all of it in a file if it is long."""
    texts = spoken(interaction)
    longest = max(typed.values(), key=len, default="")
    if is_blank(longest):
        await tell(interaction, problem)
        return
    said, file = quoted(problem, longest, texts)
    await privately(interaction, said, view=_Again(form, typed, texts), file=file)


def quoted(problem: PersonError, typed: str, texts: Texts) -> tuple[str, discord.File | None]:
    """A refusal with the beginning of what was typed, and all of it in a file if it is long."""
    quote = shorten(typed.replace("`", "'"), QUOTE_LIMIT)
    said = f"{explain(problem, texts)[:600]}\n```\n{quote}\n```"
    if quote == typed:
        return said, None
    return said, discord.File(io.BytesIO(typed.encode()), "text.md")
