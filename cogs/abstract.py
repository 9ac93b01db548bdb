"""A paper's abstract: a few of its sentences on a card, all of it one press away."""

from __future__ import annotations

import re
from typing import Any

from discord import ui

from bot.locale import Texts
from bot.model.paper import Paper
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link
from bot.text.summary import summary
from bot.text.tex import readable
from cogs.answer import outcome, privately
from cogs.buttons import title
from cogs.errors import told
from cogs.place import spoken
from cogs.services import Interaction, services_of

LONGEST = 3500


def summed(paper: Paper, room: int) -> str:
    """Two or three of the abstract's own sentences, escaped, in at most `room` characters."""
    abstract, name = readable(paper.data.abstract), readable(paper.title)
    limit = room
    while limit >= 20:
        said = escape(" ".join(summary(abstract, name, max_chars=limit)))
        if len(said) <= room:
            return said
        limit -= max(len(said) - room, 10)
    return ""


def whole(paper: Paper, texts: Texts) -> str:
    """Title and abstract."""
    abstract = readable(paper.data.abstract) or texts("announcement.no_abstract")
    name = masked_link(shorten(title(paper), 300), paper.url)
    return f"**{name}**\n{shorten(escape(abstract), LONGEST)}"


def abstract_button(paper: Paper, texts: Texts) -> Abstract:
    """*Abstract*."""
    return Abstract(paper.id, ui.Button(label=texts("button.abstract")))


class Abstract(ui.DynamicItem[ui.Button[Any]], template=r"arxiv:(?P<paper>\d{1,18}):abstract"):
    """Shows the whole abstract to whoever presses it."""

    def __init__(self, paper_id: int, button: ui.Button[Any]) -> None:
        button.custom_id = f"arxiv:{paper_id}:abstract"
        super().__init__(button)
        self.paper_id = paper_id

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Abstract:
        assert isinstance(item, ui.Button)
        return cls(int(match["paper"]), item)

    async def callback(self, interaction: Interaction) -> None:
        async with told(interaction):
            work = services_of(interaction).announcements.paper(self.paper_id)
            said = whole(await outcome(interaction, work), spoken(interaction))
            view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay(said))
            await privately(interaction, view=view)
