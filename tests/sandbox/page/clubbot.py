"""A small discord.py bot with one of everything that the page shows; the real client, no mocks."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.sandbox import Sandbox

PAPERS = {
    "2007.10909": "SliceOut: Training Transformers and CNNs faster while using less memory",
    "2007.10396": "NSGANetV2: Evolutionary Multi-Objective Surrogate-Assisted NAS",
    "2006.07733": "Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning",
}
RICH = """# Heading
-# small print
**bold** *italic* __under__ ~~gone~~ ||hidden|| `code` and 한국어
> quoted
- one
  - two
1. first
```python
print("<b>not bold</b>")
```
[masked](https://arxiv.org/abs/2007.10909) <https://example.org/plain> <img src=x onerror=alert(1)>
<t:1595754000:D> \\*plain\\* snake_case_name"""

KOREAN = {
    "paper": "논문",
    "add": "추가",
    "Put a paper on the list": "논문을 목록에 올립니다",
    "reference": "참조",
}


class Translator(app_commands.Translator):
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        return KOREAN.get(string.message) if locale is discord.Locale.korean else None


class NoteForm(discord.ui.Modal, title="Your take"):
    text: discord.ui.Label[NoteForm] = discord.ui.Label(
        text="Text",
        description="Markdown is welcome",
        component=discord.ui.TextInput(style=discord.TextStyle.paragraph, max_length=4000),
    )

    def __init__(self, paper: str) -> None:
        super().__init__()
        self.paper = paper

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.text.component, discord.ui.TextInput)
        await note(interaction, self.paper, self.text.component.value)


async def note(interaction: discord.Interaction, paper: str, text: str) -> None:
    if not text.strip():
        await interaction.response.send_message("⚠️ A take needs some words.", ephemeral=True)
        return
    await interaction.response.send_message(f"Noted on **{PAPERS.get(paper, paper)}**: {text}")


class Card(discord.ui.LayoutView):
    """A paper's card: text, a button beside it, a line, a row of buttons, a select."""

    def __init__(self, paper: str, member: str) -> None:
        super().__init__(timeout=None)
        self.paper = paper
        take: discord.ui.Button[Card] = discord.ui.Button(
            label="Add take", style=discord.ButtonStyle.primary, custom_id=f"take:{paper}"
        )
        take.callback = self.add_take  # type: ignore[method-assign]
        link: discord.ui.Button[Card] = discord.ui.Button(
            label="arXiv", url=f"https://arxiv.org/abs/{paper}"
        )
        saved: discord.ui.Select[Card] = discord.ui.Select(
            placeholder="Save it as",
            custom_id=f"save:{paper}",
            options=[
                discord.SelectOption(label="Read later", value="later"),
                discord.SelectOption(label="Favourite", value="best", description="the good ones"),
            ],
        )

        async def save(interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"Saved as {saved.values[0]}.", ephemeral=True)

        saved.callback = save  # type: ignore[method-assign]
        self.add_item(
            discord.ui.Container(
                discord.ui.Section(
                    discord.ui.TextDisplay(f"### {PAPERS.get(paper, paper)}"),
                    discord.ui.TextDisplay("Pascal Notin, Aidan N. Gomez, Joanna Yoo, Yarin Gal"),
                    accessory=link,
                ),
                discord.ui.Separator(),
                discord.ui.TextDisplay(f"-# Added by {member}"),
                discord.ui.ActionRow(take),
                discord.ui.ActionRow(saved),
                accent_colour=discord.Colour(0xB31B1B),
            )
        )

    async def add_take(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(NoteForm(self.paper))


class ClubBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)
        self.synced = asyncio.Event()
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        await self.tree.set_translator(Translator())
        await self.tree.sync()
        self.synced.set()


def add_commands(tree: app_commands.CommandTree[ClubBot]) -> None:
    paper = app_commands.Group(name="paper", description="The reading list")

    @paper.command(name="add", description="Put a paper on the list")
    @app_commands.describe(reference="A URL, an id or a title", title="Its title, off arXiv")
    async def add(
        interaction: discord.Interaction, reference: str, title: str | None = None
    ) -> None:
        key = reference.rsplit("/", 1)[-1]
        if key not in PAPERS:
            text = f"⚠️ There is no paper {reference[:100]}. Give an arXiv id or address."
            await interaction.response.send_message(text, ephemeral=True)
            return
        await interaction.response.send_message(view=Card(key, interaction.user.display_name))

    @add.autocomplete("reference")
    async def titles(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=title[:100], value=key)
            for key, title in PAPERS.items()
            if current.lower() in title.lower()
        ]

    @paper.command(name="list", description="What is on the list")
    async def listing(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Nothing else yet.", ephemeral=True)

    tree.add_command(paper)

    @tree.command(name="note", description="A take on a paper")
    async def take(interaction: discord.Interaction, paper: str, text: str | None = None) -> None:
        if text is None:
            await interaction.response.send_modal(NoteForm(paper))
        else:
            await note(interaction, paper, text)

    @tree.command(name="week", description="Post the week")
    @app_commands.choices(
        kind=[app_commands.Choice(name=word, value=word.lower()) for word in ("Short", "Full")]
    )
    async def week(
        interaction: discord.Interaction, kind: app_commands.Choice[str] | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert isinstance(interaction.channel, discord.TextChannel)
        starter = await interaction.channel.send("# 200726 Thoughts on recent papers\nThree papers")
        thread = await starter.create_thread(name="200726 Thoughts on recent papers")
        for key, title in PAPERS.items():
            await thread.send(f"**[{title}](<https://arxiv.org/abs/{key}>)**\nReads well. #review")
        await interaction.followup.send("Posted.", ephemeral=True)

    @tree.command(name="rich", description="Everything Markdown has")
    async def rich(interaction: discord.Interaction) -> None:
        embed = discord.Embed(title="An embed", description="with **text**", colour=0x5865F2)
        embed.add_field(name="Field", value="value")
        file = discord.File(io.BytesIO(b"# Digest\n"), filename="digest.md")
        await interaction.response.send_message(RICH, embed=embed, file=file)

    @tree.command(name="mute", description="Never answers")
    async def mute(interaction: discord.Interaction) -> None:
        return None

    @tree.context_menu(name="Add its papers")
    async def harvest(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Looked at: {message.content}", ephemeral=True)


@contextlib.asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[ClubBot]:
    """The bot, connected to a started sandbox, its commands known there."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = sandbox.api_base, sandbox.gateway
    bot = ClubBot()
    task = asyncio.create_task(bot.start(sandbox.token))
    try:
        await sandbox.ready(timeout=10)
        await asyncio.wait_for(bot.synced.wait(), 10)
        await asyncio.wait_for(bot.wait_until_ready(), 10)
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
