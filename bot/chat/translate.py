"""Names and descriptions of the commands, from the catalogues.

English names are part of the contract and stand in the code; all else is looked up by a key:
`command.paper.add.name`, `option.reference.name`. A description carries its own key; that of an
option follows from its name (`describe_options`).
"""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where

from bot.locale import DEFAULT, language_of, texts


def said(key: str) -> app_commands.locale_str:
    """A text of the catalogues where Discord wants one that it can show in each language."""
    return app_commands.locale_str(texts(DEFAULT)(key), key=key)


def describe_options(command: app_commands.Command[Any, ..., Any]) -> None:
    """Give each option of a command its text.

    `option.NAME.COMMAND` where there is such a text, else `option.NAME.GROUP`, else `option.NAME`:
    of `/subscribe test`, `option.query.test`, `option.query.subscribe` or `option.query`.
    """
    known, names = texts(DEFAULT).messages, command.qualified_name.split()[::-1]
    described = {}
    for option in command.parameters:
        usual = f"option.{option.name}"
        own = (f"{usual}.{name}" for name in names)
        described[option.name] = said(next((key for key in own if key in known), usual))
    app_commands.describe(**described)(command)


class Translator(app_commands.Translator):
    """Gives Discord the names and descriptions in the other languages."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContext[Any, Any],
    ) -> str | None:
        language = language_of(locale.value)
        if language is None or language == DEFAULT:
            return None
        key = string.extras.get("key") or name_key(context)
        return texts(language)(key) if key else None


def name_key(context: app_commands.TranslationContext[Any, Any]) -> str | None:
    """The key of the name of a command, a group or an option."""
    if context.location is Where.parameter_name:
        return f"option.{context.data.name}.name"
    if context.location in (Where.command_name, Where.group_name):
        name = context.data.qualified_name.lower().replace(" ", ".")
        return f"command.{name}.name"
    return None
