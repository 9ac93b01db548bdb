"""Whether a command came as it is registered.

Discord keeps to what a bot has registered, but a client may be altered, or still show a command as
it was before an upgrade; and discord.py hands an option on as it came, whatever its bounds.
"""

from __future__ import annotations

import math
from typing import Any

import discord
from discord.app_commands import Command, ContextMenu, Parameter

from bot.chat.interaction import Interaction
from bot.errors import BadChoice, CommandChanged, MessageGone, NumberOutOfRange, TextTooLong
from bot.model.numbers import parse_id

OPTION_TEXT = 6000
"""Characters of an option of text at Discord."""
WHOLE = 2**53
"""Discord's whole numbers lie between this and its negative."""
_SUBCOMMANDS = (1, 2)
_DEEPEST = 3

_Type = discord.AppCommandOptionType
_RESOLVED = {
    _Type.user: ("users",),
    _Type.channel: ("channels",),
    _Type.role: ("roles",),
    _Type.mentionable: ("users", "roles"),
    _Type.attachment: ("attachments",),
}


def check_command(interaction: Interaction) -> None:
    """Raises CommandChanged, and for a value that cannot be NumberOutOfRange, TextTooLong,
    BadChoice, MessageGone."""
    data: Any = interaction.data
    try:
        command = interaction.command
    except (KeyError, TypeError, AttributeError):
        command = None
    if isinstance(command, ContextMenu):
        _check_target(data)
    elif isinstance(command, Command):
        completing = interaction.type is discord.InteractionType.autocomplete
        _check_options(command, data, completing=completing)
    else:
        raise CommandChanged


def _check_target(data: Any) -> None:
    resolved = data.get("resolved")
    messages = resolved.get("messages") if isinstance(resolved, dict) else None
    if not isinstance(messages, dict) or str(data.get("target_id")) not in messages:
        raise MessageGone


def _check_options(command: Command[Any, ..., Any], data: Any, *, completing: bool) -> None:
    parameters = {parameter.display_name: parameter for parameter in command.parameters}
    for option in _leaf_options(data):
        name = option.get("name")
        parameter = parameters.get(name) if isinstance(name, str) else None
        if parameter is None or option.get("type") != parameter.type.value:
            raise CommandChanged
        if not completing:
            _check_value(parameter, option.get("value"), data.get("resolved"))
        elif option.get("focused") and not isinstance(option.get("value"), str):
            raise CommandChanged


def _leaf_options(data: Any) -> list[dict[str, Any]]:
    """The options of the subcommand that was used."""
    for _ in range(_DEEPEST):
        options = data.get("options") or []
        if not isinstance(options, list) or not all(isinstance(one, dict) for one in options):
            raise CommandChanged
        if not options or options[0].get("type") not in _SUBCOMMANDS:
            return options
        data = options[0]
    raise CommandChanged


def _check_value(parameter: Parameter, value: Any, resolved: Any) -> None:
    kind = parameter.type
    if kind in _RESOLVED:
        _check_resolved(_RESOLVED[kind], value, resolved)
    elif kind is _Type.boolean:
        if not isinstance(value, bool):
            raise CommandChanged
    elif kind in (_Type.integer, _Type.number):
        _check_number(parameter, value)
    elif not isinstance(value, str):
        raise CommandChanged
    elif len(value) > (parameter.max_value or OPTION_TEXT):
        raise TextTooLong(length=len(value), limit=parameter.max_value or OPTION_TEXT)
    elif parameter.choices and value not in {choice.value for choice in parameter.choices}:
        names = ", ".join(str(choice.value) for choice in parameter.choices)
        raise BadChoice(typed=value[:60], choices=names)


def _check_number(parameter: Parameter, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CommandChanged
    if isinstance(value, float) and (parameter.type is _Type.integer or not math.isfinite(value)):
        raise CommandChanged
    low = -WHOLE if parameter.min_value is None else parameter.min_value
    high = WHOLE if parameter.max_value is None else parameter.max_value
    if not low <= value <= high:
        raise NumberOutOfRange(low=low, high=high)


def _check_resolved(kinds: tuple[str, ...], value: Any, resolved: Any) -> None:
    """A member, a channel or a file that an option names must have been found by Discord."""
    known = [resolved.get(kind) for kind in kinds] if isinstance(resolved, dict) else []
    if not isinstance(value, str) or parse_id(value) is None:
        raise CommandChanged
    if not any(isinstance(found, dict) and value in found for found in known):
        raise CommandChanged
