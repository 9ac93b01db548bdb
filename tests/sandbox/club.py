"""A small bot with one of everything, to drive the sandbox with."""

import asyncio

import discord
from discord import app_commands, ui

from tests.sandbox.bots import options

WORDS = {"paper": "논문", "add": "추가", "reference": "참조", "Add a paper": "논문을 더합니다"}


class Translator(app_commands.Translator):
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        return WORDS.get(string.message) if locale is discord.Locale.korean else None


class TakeForm(ui.Modal, title="A take"):
    note = ui.TextDisplay("What do you think?")
    text = ui.Label(
        text="Text",
        component=ui.TextInput(
            custom_id="text", style=discord.TextStyle.paragraph, max_length=4000
        ),
    )
    kind = ui.Label(
        text="Kind",
        component=ui.Select(
            custom_id="kind",
            required=False,
            options=[discord.SelectOption(label="Long", value="l")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.text.component, ui.TextInput)
        assert isinstance(self.kind.component, ui.Select)
        kinds = ",".join(self.kind.component.values)
        await interaction.response.send_message(
            f"take: {self.text.component.value} [{kinds}]", ephemeral=True
        )


class Buttons(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Add take", custom_id="take", style=discord.ButtonStyle.primary)
    async def take(self, interaction: discord.Interaction, _: ui.Button["Buttons"]) -> None:
        await interaction.response.send_modal(TakeForm())

    @ui.button(label="Save", custom_id="save")
    async def save(self, interaction: discord.Interaction, button: ui.Button["Buttons"]) -> None:
        button.label = "Saved"
        button.disabled = True
        await interaction.response.edit_message(view=self)

    @ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: ui.Button["Buttons"]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="changed later")

    @ui.select(
        custom_id="stars",
        placeholder="Stars",
        options=[discord.SelectOption(label="One", value="1"), discord.SelectOption(label="Two")],
    )
    async def stars(self, interaction: discord.Interaction, select: ui.Select["Buttons"]) -> None:
        await interaction.response.send_message(f"stars: {select.values}", ephemeral=True)


class Card(ui.LayoutView):
    def __init__(self, title: str) -> None:
        super().__init__(timeout=None)
        button: ui.Button[Card] = ui.Button(label="Takes", custom_id=f"takes:{len(title)}")
        button.callback = self.pressed  # type: ignore[method-assign]
        section: ui.Section[Card] = ui.Section(f"**{title}**", accessory=button)
        self.add_item(ui.Container(section, ui.Separator(), ui.TextDisplay("by Ada")))

    async def pressed(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("no takes yet", ephemeral=True)


class Club(discord.Client):
    """Commands: paper add/show, slow, quiet, form, card, buttons, silent; a menu on messages."""

    def __init__(self, **more: object) -> None:
        super().__init__(**options(**more))  # type: ignore[arg-type]
        self.tree = app_commands.CommandTree(self)
        self.seen: list[discord.Message] = []
        self.threads: list[discord.Thread] = []
        self.raw: list[tuple[str, object]] = []

    async def setup_hook(self) -> None:
        add_commands(self.tree)
        await self.tree.set_translator(Translator())
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.threads.append(thread)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.raw.append(("delete", event.message_id))

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        self.raw.append(("thread", event.thread_id))


def add_commands(tree: app_commands.CommandTree[Club]) -> None:
    paper = app_commands.Group(name="paper", description="Papers")

    @paper.command(name="add", description="Add a paper")
    async def add(interaction: discord.Interaction, reference: str, stars: int = 1) -> None:
        embed = discord.Embed(title=reference, description="an abstract")
        await interaction.response.send_message(f"added {stars}", embed=embed, view=Buttons())

    @add.autocomplete("reference")
    async def references(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        found = [t for t in ("SliceOut", "Slicing", "Attention") if current.lower() in t.lower()]
        return [app_commands.Choice(name=t, value=t.lower()) for t in found]

    @paper.command(name="show", description="Show a paper")
    @app_commands.choices(
        how=[
            app_commands.Choice(name="Short", value="s"),
            app_commands.Choice(name="Long", value="l"),
        ]
    )
    async def show(
        interaction: discord.Interaction,
        how: str,
        who: discord.Member | None = None,
        where: discord.TextChannel | None = None,
    ) -> None:
        answer = f"{how} {who and who.display_name} {where and where.name}"
        await interaction.response.send_message(answer, ephemeral=True)

    @tree.command(name="slow", description="Thinks first")
    async def slow(interaction: discord.Interaction, private: bool = True) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        await asyncio.sleep(0.05)
        await interaction.followup.send("thought")
        await interaction.followup.send("and more", ephemeral=not private)

    @tree.command(name="silent", description="Never answers")
    async def silent(interaction: discord.Interaction) -> None:
        return None

    @tree.command(name="form", description="Opens a form")
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(TakeForm())

    @tree.command(name="card", description="A card")
    async def card(interaction: discord.Interaction, title: str) -> None:
        await interaction.response.send_message(view=Card(title))

    @tree.command(name="settings", description="For moderators")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def settings(interaction: discord.Interaction) -> None:
        assert interaction.guild is not None
        rights = interaction.permissions.manage_guild, interaction.app_permissions.pin_messages
        await interaction.response.send_message(f"{rights} {interaction.locale}", ephemeral=True)

    @tree.context_menu(name="Add its papers")
    async def add_papers(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"read {message.content!r}", ephemeral=True)

    tree.add_command(paper)
