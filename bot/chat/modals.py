"""Forms. What a form is about is in its id, so that one that was opened before a restart, or hours
ago, still does what it is for; and what somebody typed is given back when it cannot be done.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.chat import questions
from bot.chat.allowances import charge
from bot.chat.components import ID_LIMIT
from bot.chat.context import spoken
from bot.chat.errors import tell, told
from bot.chat.interaction import Interaction
from bot.chat.questions import question_button
from bot.chat.typed import typed_fields
from bot.errors import FormGone
from bot.text.graphemes import shorten
from bot.text.markdown import is_blank

TITLE_LIMIT = 45
VALUE_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class FormField:
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
    fields: tuple[FormField, ...]
    then: Then

    async def open(self, interaction: Interaction, typed: Mapping[str, str] | None = None) -> None:
        """Show it, which must be the first answer to the interaction."""
        await interaction.response.send_modal(_modal(self, typed or {}, interaction))

    async def submit(self, interaction: Interaction, typed: Mapping[str, str]) -> None:
        """Do what the form is for; what goes wrong is told, and what was typed given back."""
        empty = {field.key: "" for field in self.fields}
        try:
            await self.then(interaction, {**empty, **typed})
        except Exception as error:
            await give_back(interaction, error, self, typed)


Factory: TypeAlias = Callable[[Interaction, str], Form]

_FACTORIES: dict[str, Factory] = {}
_ID = re.compile(r"form:(?P<key>[0-9a-f]{16}):(?P<kind>[a-z]*):(?P<about>.*)", re.DOTALL)
_LONG: dict[tuple[str, discord.Client], tuple[str, str]] = {}
"""Kind and subject of forms whose ids cannot hold them, by their keys and who opened them."""
_MOST_LONG = 5_000
"""So many are remembered; the oldest are forgotten first."""


def form(kind: str) -> Callable[[Factory], Factory]:
    """Name a factory, by which a form of an earlier process is made anew."""

    def named(factory: Factory) -> Factory:
        _FACTORIES[kind] = factory
        return factory

    return named


async def submitted(interaction: Interaction) -> None:
    """Do what a form is for that somebody has sent."""
    async with told(interaction):
        data: Any = interaction.data
        charge(interaction)
        form = await _asked(interaction, str(data.get("custom_id")))
        await form.submit(interaction, typed_fields(interaction))


async def _asked(interaction: Interaction, custom_id: str) -> Form:
    """The form of an id. Raises FormGone."""
    match = _ID.fullmatch(custom_id)
    if match is None:
        raise FormGone
    kind, about = match["kind"], match["about"]
    if not kind:
        kind, about = _LONG.get((match["key"], interaction.client), ("", ""))
        # The process that opened it may still be there to answer.
        await asyncio.sleep(0 if kind else questions.GIVE_WAY)
    factory = _FACTORIES.get(kind)
    if factory is None:
        raise FormGone
    return factory(interaction, about)


def _form_id(form: Form, client: discord.Client) -> str:
    key = secrets.token_hex(8)
    custom_id = f"form:{key}:{form.kind}:{form.about}"
    if len(custom_id) <= ID_LIMIT:
        return custom_id
    _LONG[key, client] = form.kind, form.about
    if len(_LONG) > _MOST_LONG:
        del _LONG[next(iter(_LONG))]
    return f"form:{key}::"


def _modal(form: Form, typed: Mapping[str, str], interaction: Interaction) -> ui.Modal:
    texts, custom_id = spoken(interaction), _form_id(form, interaction.client)
    modal = ui.Modal(title=shorten(form.title, TITLE_LIMIT), custom_id=custom_id)
    for field in form.fields:
        style = discord.TextStyle.paragraph if field.long else discord.TextStyle.short
        entered: ui.TextInput[Any] = ui.TextInput(
            style=style,
            custom_id=field.key,
            default=typed.get(field.key, "")[: field.limit] or None,
            required=field.required,
            max_length=field.limit,
        )
        name = shorten(texts(f"form.{field.key}"), TITLE_LIMIT)
        modal.add_item(ui.Label(text=name, component=entered))
    # The library is not to wait for it, and to keep it until then: `submitted` hears of all.
    modal.stop()
    return modal


async def give_back(
    interaction: Interaction, error: Exception, form: Form, typed: Mapping[str, str]
) -> None:
    """Tell what went wrong, give back what was typed, and offer to open the form with it again."""
    longest = max(typed.values(), key=len, default="")
    if is_blank(longest):
        await tell(interaction, error)
        return

    async def again(pressed: Interaction) -> None:
        await form.open(pressed, typed)

    label = spoken(interaction)("button.again")
    view = ui.View(timeout=None).add_item(question_button(interaction, label, again))
    await tell(interaction, error, typed=longest, view=view)
