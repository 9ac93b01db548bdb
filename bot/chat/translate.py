"""Names and descriptions of the commands, from the catalogues.

English names are part of the contract and stand in the code; all else is looked up by a key:
`command.paper.add.name`, `option.reference.name`. A description carries its own key.
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
