"""Buttons and menus: all that one knows is in its `custom_id`, so that it outlives a restart.

A handler is named by the ids that it answers, with a place for each thing that differs:

    @on_press("entry:{entry}:take")
    async def open_form(interaction: Interaction, entry: int) -> None: ...

`{name}` is a number, `{name:word}` small letters, `{name:text}` anything to the end. Discord says
who pressed and on which message; the id itself comes from the person's client, which may have been
altered. So a press counts only if the message has that very button or menu, and a choice only if
the menu offers it; and a handler still looks whether what an id names belongs to its channel.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import discord

from bot.chat.allowances import charge
from bot.chat.components import MORE, components_of
from bot.chat.errors import told
from bot.chat.interaction import Interaction
from bot.errors import ButtonGone
from bot.model.numbers import LARGEST_ID, parse_id

OnPress: TypeAlias = Callable[..., Awaitable[None]]
Handler = TypeVar("Handler", bound=OnPress)

_PLACE = re.compile(r"\{(\w+)(?::(word|text))?\}")
_PATTERNS = {"": r"0|[1-9][0-9]{0,18}", "word": r"[a-z]+", "text": r".*"}


@dataclass(frozen=True, slots=True)
class _Route:
    kind: discord.ComponentType
    pattern: re.Pattern[str]
    numbers: frozenset[str]
    """The places that are numbers."""
    handler: OnPress

    def read(self, custom_id: str) -> dict[str, Any] | None:
        """What stands in the places of an id; None if it is not one of this route's."""
        match = self.pattern.fullmatch(custom_id)
        if match is None:
            return None
        found: dict[str, Any] = match.groupdict()
        for name in self.numbers:
            found[name] = int(found[name])
            if found[name] > LARGEST_ID:
                return None
        return found


_ROUTES: list[_Route] = []


def on_press(template: str) -> Callable[[Handler], Handler]:
    """Names what is done when a button of such an id is pressed."""
    return _named(discord.ComponentType.button, template)


def on_choose(template: str) -> Callable[[Handler], Handler]:
    """The same for a menu whose options are numbers: the handler gets them as `chosen`."""
    return _named(discord.ComponentType.select, template)


def _named(kind: discord.ComponentType, template: str) -> Callable[[Handler], Handler]:
    pattern, numbers, at = "", set(), 0
    for place in _PLACE.finditer(template):
        name, form = place[1], place[2] or ""
        pattern += f"{re.escape(template[at : place.start()])}(?P<{name}>{_PATTERNS[form]})"
        numbers |= set() if form else {name}
        at = place.end()
    compiled = re.compile(pattern + re.escape(template[at:]), re.DOTALL)

    def named(handler: Handler) -> Handler:
        _ROUTES.append(_Route(kind, compiled, frozenset(numbers), handler))
        return handler

    return named


async def pressed(interaction: Interaction) -> None:
    """Do what a button or a menu is for; one that is none of this message's is refused."""
    async with told(interaction):
        handler, places = _handler(interaction)
        charge(interaction)
        await handler(interaction, **places)


def _handler(interaction: Interaction) -> tuple[OnPress, dict[str, Any]]:
    data: Any = interaction.data
    component = _standing(interaction, data)
    custom_id, kind = data["custom_id"], component.type
    if isinstance(component, discord.SelectMenu) and custom_id == MORE:
        custom_id, kind = _one_chosen(component, data.get("values")), discord.ComponentType.button
    for route in _ROUTES:
        if route.kind is kind and (places := route.read(custom_id)) is not None:
            if isinstance(component, discord.SelectMenu) and kind is component.type:
                places["chosen"] = _chosen(component, data.get("values"))
            return route.handler, places
    raise ButtonGone


def _standing(interaction: Interaction, data: Any) -> discord.Button | discord.SelectMenu:
    """The button or menu that was used, as it stands on its message. Raises ButtonGone."""
    message = interaction.message
    for part in components_of(message) if message is not None else ():
        if (
            isinstance(part, discord.Button | discord.SelectMenu)
            and part.custom_id is not None
            and part.custom_id == data.get("custom_id")
            and part.type.value == data.get("component_type")
            and not part.disabled
        ):
            return part
    raise ButtonGone


def _one_chosen(menu: discord.SelectMenu, values: Any) -> str:
    """The button's id chosen in a menu of what can be done. Raises ButtonGone."""
    if not isinstance(values, list) or len(values) != 1:
        raise ButtonGone
    if values[0] not in [option.value for option in menu.options]:
        raise ButtonGone
    return str(values[0])


def _chosen(menu: discord.SelectMenu, values: Any) -> list[int]:
    """The numbers chosen in a menu, each one that it offers. Raises ButtonGone."""
    offered = {option.value for option in menu.options}
    if not isinstance(values, list) or not 1 <= len(values) <= menu.max_values:
        raise ButtonGone
    chosen = [
        number
        for value in values
        if isinstance(value, str) and value in offered and (number := parse_id(value)) is not None
    ]
    if len(chosen) != len(values):
        raise ButtonGone
    return chosen
