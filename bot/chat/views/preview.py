"""`/digest preview`: exactly what would be posted, and what a manager can change about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.chat import paginator
from bot.chat.answer_updates import follow
from bot.chat.components import button, menu
from bot.chat.context import member, place, posting_place, spoken
from bot.chat.errors import plainly, remark
from bot.chat.interaction import Interaction
from bot.chat.modals import Form, FormField, form
from bot.chat.paginator import PagedAnswer
from bot.chat.responses import in_place, outcome, privately
from bot.chat.router import on_choose, on_press
from bot.chat.views.buttons import options
from bot.chat.views.moments import coming_line
from bot.chat.views.waiting import posting
from bot.digest.results import Preview
from bot.errors import ManagersOnly
from bot.locale import Texts
from bot.model.channel import INTRO_LIMIT
from bot.model.numbers import parse_number
from bot.model.take import Entry
from bot.text.markdown import escape

INTRO = FormField("intro", long=True, limit=INTRO_LIMIT, required=False)


@paginator.source("preview")
async def _preview(interaction: Interaction, argument: str) -> PagedAnswer:
    preview = await interaction.client.services.digests.preview(
        place(interaction), argument or None
    )
    say = spoken(interaction)
    count, title = len(preview.messages), escape(preview.title)
    lines = [f"-# {say('digest.preview', title=title, count=count)}"] if count else []
    if preview.coming is not None:
        lines.append(f"-# {coming_line(preview.coming, say)}")
    lines += remark(preview.passed_over, say)
    if preview.compiled.left_out:
        lines.append(f"-# {say('digest.left_out', count=len(preview.compiled.left_out))}")
    blocks = preview.messages or (say("digest.all_left_out"),)
    if preview.nothing is not None:
        blocks = (plainly(preview.nothing, say),)
    if preview.coming is None or not member(interaction).manages:
        return PagedAnswer("\n".join(lines), blocks, ruled=True)

    def below(number: int, on_page: Sequence[int]) -> list[list[ui.Item[Any]]]:
        return list(_controls(preview, number, on_page, say))

    return PagedAnswer("\n".join(lines), blocks, ruled=True, below=below)


def _controls(
    preview: Preview, number: int, on_page: Sequence[int], say: Texts
) -> Iterator[list[ui.Item[Any]]]:
    """The buttons of a page, and its menus with the papers that stand on it."""
    primary = discord.ButtonStyle.primary
    buttons: list[ui.Item[Any]] = []
    if preview.messages:
        buttons.append(button(f"preview:post:{number}", say("button.post_now"), style=primary))
    buttons.append(button(f"preview:intro:{number}", say("button.intro")))
    yield buttons
    shown: dict[int, Entry] = {}
    for at in on_page:
        for entry in preview.papers[at] if at < len(preview.papers) else ():
            shown.setdefault(entry.id, entry)
    papers = options(list(shown.values()))
    if papers:
        yield [menu(f"preview:out:{number}", say("menu.leave_out"), papers)]
        yield [menu(f"preview:up:{number}", say("menu.move_up"), papers)]
    out = options([section.entry for section in preview.compiled.left_out])
    if out:
        yield [menu(f"preview:back:{number}", say("menu.put_back"), out)]


@on_press("preview:post:{page}")
async def post_now(interaction: Interaction, page: int) -> None:
    """Post the digest."""
    services = interaction.client.services
    work = services.digests.post(posting_place(interaction), member(interaction))
    digest = await outcome(interaction, work, in_place=True)
    text = await posting(interaction, digest)
    interaction.client.wake()

    async def show(text: str) -> None:
        view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay(text))
        await in_place(interaction, view=view)

    await show(text)
    follow(interaction, digest, text, show)


@on_press("preview:intro:{page}")
async def edit_intro(interaction: Interaction, page: int) -> None:
    """Open the form for the opening words."""
    if not member(interaction).manages:
        raise ManagersOnly
    present = await interaction.client.services.digests.intro(place(interaction))
    await previewed_intro(interaction, str(page)).open(interaction, {"intro": present})


@on_choose("preview:out:{page}")
async def leave_out(interaction: Interaction, page: int, chosen: Sequence[int]) -> None:
    """Leave a paper out of the next digest."""
    await _set_left_out(interaction, page, chosen[0], out=True)


@on_choose("preview:back:{page}")
async def put_back(interaction: Interaction, page: int, chosen: Sequence[int]) -> None:
    """Undo it."""
    await _set_left_out(interaction, page, chosen[0], out=False)


async def _set_left_out(interaction: Interaction, page: int, entry: int, *, out: bool) -> None:
    digests = interaction.client.services.digests
    work = digests.leave_out(place(interaction), member(interaction), entry, out=out)
    await outcome(interaction, work, in_place=True)
    await paginator.redraw(interaction, "preview", "", page)


@on_choose("preview:up:{page}")
async def move_up(interaction: Interaction, page: int, chosen: Sequence[int]) -> None:
    """Put a paper before the one that it follows."""
    digests = interaction.client.services.digests
    work = digests.move_up(place(interaction), member(interaction), chosen[0])
    await outcome(interaction, work, in_place=True)
    await paginator.redraw(interaction, "preview", "", page)


@form("preview")
def previewed_intro(interaction: Interaction, page: str) -> Form:
    """The opening words, from the preview, which then shows them."""

    async def then(submitted: Interaction, typed: Mapping[str, str]) -> None:
        work = submitted.client.services.digests.set_intro(
            place(submitted), member(submitted), typed["intro"]
        )
        await outcome(submitted, work, in_place=submitted.message is not None)
        if submitted.message is None:
            await privately(submitted, spoken(submitted)("digest.intro_set"))
        else:
            await paginator.redraw(submitted, "preview", "", parse_number(page) or 0)

    return Form("preview", page, spoken(interaction)("form.digest"), (INTRO,), then)
