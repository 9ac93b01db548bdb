"""Long private answers in pages.

The buttons carry what is shown and which page of it; a press compiles it anew, so that pages are
never out of date and turn after a restart as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from discord import ui

from bot.chat.components import ID_LIMIT, button
from bot.chat.context import spoken
from bot.chat.interaction import Interaction
from bot.chat.responses import in_place, outcome, privately
from bot.chat.router import on_press
from bot.errors import ButtonGone
from bot.isolation import RecordKind, either
from bot.locale import Texts
from bot.text.plain import plain_pieces
from bot.text.split import split

ROOM = 3600
"""Characters of text on one page; Discord holds 4,000 in one message."""
BLOCKS = 12
"""Blocks on one page, each a text and a line: Discord holds 40 components in one message."""


Below: TypeAlias = Callable[[int, Sequence[int]], Sequence[Sequence[ui.Item[Any]]]]


@dataclass(frozen=True, slots=True)
class PagedAnswer:
    """What is to be shown: a heading on each page, blocks of text, an ending, buttons."""

    heading: str
    blocks: Sequence[str]
    buttons: Sequence[ui.Item[Any]] = ()
    ruled: bool = False
    """A line between two blocks."""
    ending: str = ""
    """Said below the blocks of each page."""
    below: Below | None = None
    """Rows of buttons and menus, by the page's number and the blocks that stand on it."""


Source: TypeAlias = Callable[[Interaction, str], Awaitable[PagedAnswer]]
"""Compiles what is shown from an argument, such as a period or an entry's number."""

_SOURCES: dict[str, Source] = {}


def source(kind: str) -> Callable[[Source], Source]:
    """Name a source, by which its pages' buttons find it."""

    def named(compile_sheaf: Source) -> Source:
        _SOURCES[kind] = compile_sheaf
        return compile_sheaf

    return named


async def show(interaction: Interaction, kind: str, argument: str = "") -> None:
    """Show the first page to the person alone."""
    answer = await outcome(interaction, _compile(interaction, kind, argument))
    view = draw(answer, kind, argument, 0, spoken(interaction))
    await privately(interaction, view=view)


async def _compile(interaction: Interaction, kind: str, argument: str) -> PagedAnswer:
    compile_sheaf = _SOURCES.get(kind)
    if compile_sheaf is None:
        raise ButtonGone
    return await compile_sheaf(interaction, argument)


async def redraw(interaction: Interaction, kind: str, argument: str, number: int) -> None:
    """Show a page in the place of the one whose button, menu or form was used."""
    answer = await outcome(interaction, _compile(interaction, kind, argument), in_place=True)
    await in_place(interaction, view=draw(answer, kind, argument, number, spoken(interaction)))


def pack(blocks: Sequence[str], room: int = ROOM) -> list[list[str]]:
    """Blocks on pages, in order; a block is cut only if it fits no page by itself."""
    return [[piece for _, piece in page] for page in _numbered(blocks, room)]


def _numbered(blocks: Sequence[str], room: int = ROOM) -> list[list[tuple[int, str]]]:
    """The same, each piece with the number of its block."""
    pages: list[list[tuple[int, str]]] = [[]]
    left = room
    for number, block in enumerate(blocks):
        for piece in [block] if len(block) <= room else _cut(block, room):
            if len(piece) > left or len(pages[-1]) == BLOCKS:
                pages.append([])
                left = room
            pages[-1].append((number, piece))
            left -= len(piece)
    return pages


def _cut(block: str, room: int) -> Sequence[str]:
    return either(
        RecordKind.BLOCK, "a block", lambda: split(block, room), lambda: plain_pieces(block, room)
    )


def draw(answer: PagedAnswer, kind: str, argument: str, number: int, texts: Texts) -> ui.LayoutView:
    """One page, with the buttons that turn it where there are several."""
    pages = _numbered(answer.blocks)
    number = min(number, len(pages) - 1)
    view = ui.LayoutView(timeout=None)
    if answer.heading:
        view.add_item(ui.TextDisplay(answer.heading))
    for at, (_, block) in enumerate(pages[number]):
        if at and answer.ruled:
            view.add_item(ui.Separator())
        view.add_item(ui.TextDisplay(block))
    if answer.ending:
        view.add_item(ui.TextDisplay(answer.ending))
    if answer.buttons:
        view.add_item(ui.ActionRow(*answer.buttons))
    if answer.below is not None:
        on_page = list(dict.fromkeys(block for block, _ in pages[number]))
        for row in answer.below(number, on_page):
            view.add_item(ui.ActionRow(*row))
    if len(pages) > 1 and len(_turn_id(kind, len(pages), argument)) <= ID_LIMIT:
        view.add_item(ui.ActionRow(*_turns(kind, argument, number, len(pages), texts)))
    return view


def _turn_id(kind: str, number: int, argument: str) -> str:
    return f"page:{kind}:{number}:{argument}"


def _turns(
    kind: str, argument: str, number: int, count: int, texts: Texts
) -> Sequence[ui.Item[Any]]:
    """The buttons that turn pages, around the page's number."""
    where = texts("page.of", number=number + 1, count=count)
    back, on = _turn_id(kind, max(number - 1, 0), argument), _turn_id(kind, number + 1, argument)
    return (
        button(back, texts("page.back"), disabled=number == 0),
        button("page", where, disabled=True),
        button(on, texts("page.on"), disabled=number + 1 == count),
    )


@on_press("page:{kind:word}:{number}:{argument:text}")
async def turn(interaction: Interaction, kind: str, number: int, argument: str) -> None:
    """Show another page."""
    await redraw(interaction, kind, argument, number)


@on_press("entry:{entry}:takes")
async def open_takes(interaction: Interaction, entry: int) -> None:
    """Show a paper's takes to whoever asks."""
    await show(interaction, "entry", str(entry))
