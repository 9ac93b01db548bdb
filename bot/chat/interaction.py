"""What the commands call, and how a button that outlives a restart finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import discord
from discord.ext import commands

from bot.archive.service import Imports
from bot.chat.followers import Followers
from bot.chat.turns import Turns
from bot.digest.service import Digests
from bot.digest.settings import ChannelSettingsService
from bot.model.allowance import Spending
from bot.papers.channels import Clock
from bot.papers.search import PaperSearch
from bot.papers.service import Papers
from bot.subscriptions.announcements import Announcements
from bot.subscriptions.service import SubscriptionService
from bot.takes.privacy import Privacy
from bot.takes.service import Takes
from bot.takes.tags import Tags

Interaction: TypeAlias = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Services:
    """The services that the commands call; `wake` tells the outbox's sender that a row is due."""

    papers: Papers
    takes: Takes
    digests: Digests
    settings: ChannelSettingsService
    wake: Callable[[], None]
    clock: Clock
    search: PaperSearch
    tags: Tags
    subscriptions: SubscriptionService
    announcements: Announcements
    privacy: Privacy
    imports: Imports
    spending: Spending = field(default_factory=Spending)
    turns: Turns = field(default_factory=Turns)
    followers: Followers = field(default_factory=Followers)


class Desk(commands.Cog):
    """A group of commands with the services that they call."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self.bot = bot
        self.services = services


def services_of(interaction: Interaction) -> Services:
    """The services, for a view that was made by an earlier process."""
    desk = interaction.client.get_cog("takes")
    assert isinstance(desk, Desk)
    return desk.services
