"""Forms. What somebody typed is never lost to a refusal: it comes back, ready to be sent again."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.errors import PersonError
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
    """A form to be filled in: title, fields, what is typed already, and what happens then."""

    title: str
    fields: tuple[Field, ...]
    then: Then

    async def open(self, interaction: Interaction, typed: Mapping[str, str] | None = None) -> None:
        """Show it, which must be the first answer to the interaction."""
        await interaction.response.send_modal(_Modal(self, typed or {}, spoken(interaction)))

    async def submit(self, interaction: Interaction, typed: Mapping[str, str]) -> None:
        """Do what the form is for; a refusal gives back what was typed."""
        try:
            await self.then(interaction, typed)
        except PersonError as problem:
            await give_back(interaction, problem, self, typed)
        except Exception as error:
            await tell(interaction, error)


class _Modal(ui.Modal):
    def __init__(self, form: Form, typed: Mapping[str, str], texts: Texts) -> None:
        # A form that nobody sends must not be kept for ever; an hour is long for 4,000 characters.
        super().__init__(title=shorten(form.title, TITLE_LIMIT), timeout=3600)
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
    quote = shorten(longest.replace("`", "'"), QUOTE_LIMIT)
    said = f"{explain(problem, texts)[:600]}\n```\n{quote}\n```"
    file = None
    if len(longest) > len(quote) or quote != longest:
        file = discord.File(io.BytesIO(longest.encode()), "text.md")
    await privately(interaction, said, view=_Again(form, typed, texts), file=file)
