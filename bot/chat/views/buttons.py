"""The buttons and menus below papers, whatever message they stand on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.chat.components import MORE, button, components_of, menu
from bot.isolation import RecordKind, either
from bot.locale import Texts
from bot.model.paper import Paper
from bot.model.take import Entry, Take
from bot.takes.service import TakeOnEntry
from bot.text.graphemes import shorten
from bot.text.markdown import is_blank
from bot.text.tex import readable

OPTIONS_LIMIT = 25
OPTION_LIMIT = 100
OWN_LIMIT = 8
"""Takes of which one menu tells what can be done with them: two options each, of 25."""

_PRIMARY = discord.ButtonStyle.primary


def add_take(entry_id: int, texts: Texts) -> ui.Button[Any]:
    """*Add take*."""
    return button(f"entry:{entry_id}:take", texts("button.add_take"), style=_PRIMARY)


def open_takes(entry_id: int, texts: Texts) -> ui.Button[Any]:
    """*Takes*."""
    return button(f"entry:{entry_id}:takes", texts("button.takes"))


def save(entry_id: int, texts: Texts) -> ui.Button[Any]:
    """*Save*."""
    return button(f"entry:{entry_id}:save", texts("button.save"))


def cite(entry_id: int, texts: Texts) -> ui.Button[Any]:
    """*Cite*."""
    return button(f"entry:{entry_id}:cite", texts("button.cite"))


def related(entry_id: int, texts: Texts) -> ui.Button[Any]:
    """*Related papers*."""
    return button(f"entry:{entry_id}:related", texts("button.related"))


def abstract(paper: Paper, texts: Texts) -> ui.Button[Any]:
    """*Abstract*."""
    return button(f"arxiv:{paper.id}:abstract", texts("button.abstract"))


def more(entry: Entry, texts: Texts, takes: Sequence[Take] = ()) -> ui.Select[Any]:
    """The rest of what can be done with a paper and these takes, in one menu."""
    done = [(open_takes(entry.id, texts), "menu.takes"), (related(entry.id, texts), "")]
    if entry.paper.data.abstract:
        done.append((abstract(entry.paper, texts), ""))
    done += [(cite(entry.id, texts), ""), (save(entry.id, texts), "menu.save")]
    options = [
        discord.SelectOption(label=texts(key) if key else str(one.label), value=str(one.custom_id))
        for one, key in done
    ]
    for take in takes[:OWN_LIMIT]:
        for verb in ("edit", "delete"):
            about = " ".join(take.text.split()) if len(takes) > 1 else ""
            options.append(
                discord.SelectOption(
                    label=texts(f"menu.take.{verb}"),
                    value=f"take:{take.id}:{verb}",
                    description=shorten(about, OPTION_LIMIT) or None,
                )
            )
    return menu(MORE, texts("menu.more"), options)


def choose_paper(entries: Sequence[Entry], texts: Texts) -> ui.Select[Any]:
    """A menu of papers to write about."""
    return menu("entry:choose", texts("menu.paper"), options(entries))


def options(entries: Sequence[Entry]) -> list[discord.SelectOption]:
    """Papers for a menu, at most as many as one holds."""
    return [
        discord.SelectOption(label=label(entry), value=str(entry.id))
        for entry in entries[:OPTIONS_LIMIT]
    ]


def take_options(found: Sequence[TakeOnEntry]) -> list[discord.SelectOption]:
    """Takes for a menu, at most as many as one holds."""
    return [
        discord.SelectOption(label=take_label(taken), value=str(taken.take.id))
        for taken in found[:OPTIONS_LIMIT]
    ]


def take_label(taken: TakeOnEntry) -> str:
    """A take on one line: its paper and its first words."""
    words = " ".join(taken.take.text.split())
    return shorten(f"{shorten(title(taken.entry.paper), 40)} – {words}", OPTION_LIMIT)


def title(paper: Paper) -> str:
    """A paper's title as it is read: TeX stands in arXiv's only."""
    said = paper.title
    if paper.data.arxiv_id:
        said = either(
            RecordKind.PAPER,
            paper.reference,
            lambda: readable(paper.title),
            lambda: " ".join(paper.title.split()),
        )
    # Discord takes no label of nothing to be seen.
    return paper.reference if is_blank(said) else said


def label(entry: Entry) -> str:
    """A paper's title where no Markdown is read."""
    return shorten(title(entry.paper), OPTION_LIMIT)


_ENTRY = re.compile(r"entry:(\d{1,18}):take")


def entry_of(message: discord.Message) -> int | None:
    """The entry's number that a card of the bot is about, if it is a card of one paper."""
    found = {
        int(match.group(1))
        for component in components_of(message)
        if (match := _ENTRY.fullmatch(getattr(component, "custom_id", None) or ""))
    }
    return found.pop() if len(found) == 1 else None
