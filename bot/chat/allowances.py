"""Limits how often a member may ask for what costs much."""

from __future__ import annotations

import math

import discord

from bot.chat.interaction import Interaction
from bot.errors import TooOften
from bot.model.allowance import Cost

_COMMANDS = {
    "paper search": Cost.READ,
    "paper related": Cost.READ,
    "paper list": Cost.READ,
    "paper show": Cost.READ,
    "paper summary": Cost.READ,
    "paper explain": Cost.READ,
    "paper cite": Cost.READ,
    "takes list": Cost.READ,
    "tag list": Cost.READ,
    "digest preview": Cost.READ,
    "digest history": Cost.READ,
    "subscribe test": Cost.READ,
    "subscribe list": Cost.READ,
    "subscribe why": Cost.READ,
    "digest export": Cost.EXPORT,
    "privacy export": Cost.EXPORT,
    "settings import": Cost.IMPORT,
}
"""Commands that cost by themselves. What asks arXiv is counted where it asks."""


def charge(interaction: Interaction) -> None:
    """Count what an interaction costs. Raises TooOften where its member may not for now."""
    cost = _cost_of(interaction)
    if cost is not None:
        _spend(interaction, cost)


def _spend(interaction: Interaction, cost: Cost) -> None:
    who = (interaction.guild_id or 0, interaction.user.id)
    wait = interaction.client.services.spending.spend(who, cost)
    if wait:
        raise TooOften(count=math.ceil(wait))


def charge_model(interaction: Interaction) -> None:
    """Count a question to the language model. Raises TooOften."""
    _spend(interaction, Cost.MODEL)


def _cost_of(interaction: Interaction) -> Cost | None:
    if interaction.type is discord.InteractionType.autocomplete:
        return Cost.COMPLETION
    if interaction.type is discord.InteractionType.modal_submit:
        return Cost.FORM
    if interaction.type is discord.InteractionType.component:
        return Cost.READ
    command = interaction.command
    return _COMMANDS.get(command.qualified_name) if command else None
