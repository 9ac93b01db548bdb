"""`/digest preview`: exactly what would be posted, and what a manager can change about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.digest.service import INTRO_LIMIT, Preview
from bot.errors import ManagersOnly
from bot.locale import Texts
from bot.model.take import Entry
from bot.text.markdown import escape
from cogs import pages
from cogs.answer import NOBODY, outcome, privately
from cogs.buttons import options
from cogs.errors import told
from cogs.forms import Field, Form, form
from cogs.pages import Sheaf
from cogs.place import member, place, posting_place, spoken
from cogs.services import Interaction, services_of

INTRO = Field("intro", long=True, limit=INTRO_LIMIT, required=False)


@pages.source("preview")
async def _preview(interaction: Interaction, argument: str) -> Sheaf:
    preview = await services_of(interaction).digests.preview(place(interaction), argument or None)
    say = spoken(interaction)
    count, title = len(preview.messages), escape(preview.title)
    lines = [f"-# {say('digest.preview', title=title, count=count)}"]
    if preview.following:
        lines.append(f"-# {say('digest.preview_next')}")
    if preview.compiled.left_out:
        lines.append(f"-# {say('digest.left_out', count=len(preview.compiled.left_out))}")
    blocks = preview.messages or (say("digest.all_left_out"),)
    if not preview.editable or not member(interaction).manages:
        return Sheaf("\n".join(lines), blocks, ruled=True)

    def below(number: int, on_page: Sequence[int]) -> list[list[ui.Item[Any]]]:
        return list(_controls(preview, number, on_page, say))

    return Sheaf("\n".join(lines), blocks, ruled=True, below=below)


def _controls(
    preview: Preview, number: int, on_page: Sequence[int], say: Texts
) -> Iterator[list[ui.Item[Any]]]:
    """The buttons of a page, and its menus with the papers that stand on it."""
    primary, secondary = discord.ButtonStyle.primary, discord.ButtonStyle.secondary
    buttons: list[ui.Item[Any]] = []
    if preview.messages and not preview.following:
        buttons.append(PostNow(number, ui.Button(label=say("button.post_now"), style=primary)))
    buttons.append(EditIntro(number, ui.Button(label=say("button.intro"), style=secondary)))
    yield buttons
    shown: dict[int, Entry] = {}
    for at in on_page:
        for entry in preview.papers[at] if at < len(preview.papers) else ():
            shown.setdefault(entry.id, entry)
    papers = options(list(shown.values()))
    if papers:
        yield [LeaveOut(number, ui.Select(placeholder=say("menu.leave_out"), options=papers))]
        yield [MoveUp(number, ui.Select(placeholder=say("menu.move_up"), options=papers))]
    out = options([section.entry for section in preview.compiled.left_out])
    if out:
        yield [PutBack(number, ui.Select(placeholder=say("menu.put_back"), options=out))]


class _Control(ui.DynamicItem[Any], template=r"preview:none"):
    """A button or menu of a preview's page; all it knows is the page's number."""

    what = "none"

    def __init__(self, page: int, item: ui.Button[Any] | ui.Select[Any]) -> None:
        item.custom_id = f"preview:{self.what}:{page}"
        super().__init__(item)
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Any:
        assert isinstance(item, ui.Button | ui.Select)
        return cls(int(match["page"]), item)

    async def callback(self, interaction: Interaction) -> None:
        async with told(interaction):
            await self.used(interaction)

    async def used(self, interaction: Interaction) -> None:
        """What it is for."""
        raise NotImplementedError

    def chosen(self) -> int:
        """The entry chosen in a menu."""
        return int(self.item.values[0])

    async def again(self, interaction: Interaction) -> None:
        """Show the page as it is now."""
        await pages.redraw(interaction, "preview", "", self.page)


class PostNow(_Control, template=r"preview:post:(?P<page>\d{1,6})"):
    """Posts the digest."""

    what = "post"

    async def used(self, interaction: Interaction) -> None:
        services = services_of(interaction)
        digest = await services.digests.post(posting_place(interaction), member(interaction))
        services.wake()
        text = spoken(interaction)("digest.posting", title=escape(digest.title))
        view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay(text))
        await interaction.response.edit_message(view=view, allowed_mentions=NOBODY)


class EditIntro(_Control, template=r"preview:intro:(?P<page>\d{1,6})"):
    """Opens the form for the opening words."""

    what = "intro"

    async def used(self, interaction: Interaction) -> None:
        if not member(interaction).manages:
            raise ManagersOnly
        present = await services_of(interaction).digests.intro(place(interaction))
        await previewed_intro(interaction, str(self.page)).open(interaction, {"intro": present})


class LeaveOut(_Control, template=r"preview:out:(?P<page>\d{1,6})"):
    """Leaves a paper out of the next digest."""

    what = "out"
    out = True

    async def used(self, interaction: Interaction) -> None:
        await services_of(interaction).digests.leave_out(
            place(interaction), member(interaction), self.chosen(), out=self.out
        )
        await self.again(interaction)


class PutBack(LeaveOut, template=r"preview:back:(?P<page>\d{1,6})"):
    """Undoes it."""

    what = "back"
    out = False


class MoveUp(_Control, template=r"preview:up:(?P<page>\d{1,6})"):
    """Puts a paper before the one that it follows."""

    what = "up"

    async def used(self, interaction: Interaction) -> None:
        await services_of(interaction).digests.move_up(
            place(interaction), member(interaction), self.chosen()
        )
        await self.again(interaction)


CONTROLS = (PostNow, EditIntro, LeaveOut, PutBack, MoveUp)


@form("preview")
def previewed_intro(interaction: Interaction, page: str) -> Form:
    """The opening words, from the preview, which then shows them."""

    async def then(submitted: Interaction, typed: Mapping[str, str]) -> None:
        work = services_of(submitted).digests.set_intro(
            place(submitted), member(submitted), typed["intro"]
        )
        await outcome(submitted, work)
        if submitted.message is None or submitted.response.is_done():
            await privately(submitted, spoken(submitted)("digest.intro_set"))
        else:
            await pages.redraw(submitted, "preview", "", int(page))

    return Form("preview", page, spoken(interaction)("form.digest"), (INTRO,), then)
