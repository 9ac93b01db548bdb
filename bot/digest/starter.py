"""A digest's starter: title, opening words, and the list of papers, over several messages if long.

The list is posted before the thread that it points into. So each of its messages has two texts:
as it is posted, and as it is edited afterwards, with the address of each paper's message.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from bot.digest.plainly import TITLE, pieces
from bot.isolation import RecordKind, either
from bot.locale import Texts
from bot.model.digest import Compiled
from bot.model.outbox import LINK, TAKE_COUNTS, link_to
from bot.model.take import Entry
from bot.text.graphemes import shorten
from bot.text.markdown import escape, masked_link, tame
from bot.text.plain import plain_line, plain_text
from bot.text.tex import readable

_STAND_IN = "https://discord.com/channels/" + "/".join(["9" * 20] * 3)
"""As long as a message's address can be."""


@dataclass(frozen=True, slots=True)
class StarterMessage:
    """One message of the list. `linked` holds `link_to(entry_mark(…))` where addresses belong."""

    text: str
    linked: str
    take_counts: str | None = None
    """What TAKE_COUNTS stands for in both texts, where it is in them."""

    @property
    def filled(self) -> str:
        """The text as it is posted."""
        return self.text.replace(TAKE_COUNTS, self.take_counts or "")


def entry_mark(entry_id: int) -> str:
    """Stands for the key of the row that begins an entry's part, until the rows are made."""
    return f"entry:{entry_id}"


def contents(compiled: Compiled, say: Texts, limit: int) -> list[StarterMessage]:
    """The starter and the messages that go on with its list, each within `limit` in both texts."""
    writers = {take.member.name for section in compiled.sections for take in section.takes}
    counts: str | None = take_counts(compiled.take_count, writers, say)
    reserved = _room_for_counts(compiled.take_count, writers, say)
    *whole, head = pieces(_head(compiled, say), limit - reserved, compiled.title)
    made = [StarterMessage(text, text) for text in whole]
    text, linked, room = head, head, limit - reserved - len(head)
    entries = [(section.entry, True) for section in compiled.sections]
    entries += [(entry, False) for entry in compiled.shown_untaken]
    for number, (entry, in_thread) in enumerate(entries, start=1):
        line = either(
            RecordKind.PAPER,
            entry.paper.reference,
            partial(_line, number, entry, linked=in_thread),
            partial(_plain_line, number, entry),
        )
        if line.length + 1 > room:
            made.append(StarterMessage(text, linked, counts))
            counts = None
            text, linked, room = line.text, line.linked, limit - line.length
        else:
            text, linked = f"{text}\n{line.text}", f"{linked}\n{line.linked}"
            room -= line.length + 1
    return [*made, StarterMessage(text, linked, counts)]


def _head(compiled: Compiled, say: Texts) -> str:
    papers = len(compiled.sections) + len(compiled.shown_untaken)
    intro = compiled.intro.strip()
    blocks = [
        either(
            RecordKind.DIGEST,
            compiled.title,
            lambda: f"# {escape(compiled.title)}",
            lambda: f"# {plain_line(compiled.title)}",
        )
    ]
    if intro:
        blocks.append(
            either(
                RecordKind.DIGEST,
                compiled.title,
                lambda: tame(intro),
                lambda: plain_text(intro, 2 * len(intro) + 1),
            )
        )
    # A member may have typed the character.
    typed = "\n\n".join(blocks).replace(TAKE_COUNTS, "")
    return f"{typed}\n\n-# {say('count.papers', count=papers)} · {TAKE_COUNTS}"


def take_counts(takes: int, writers: Collection[str], say: Texts) -> str:
    """How many takes there are; and who wrote all of them, if it was one member."""
    counts = say("count.takes", count=takes)
    if len(writers) == 1:
        return say("digest.counts_by", counts=counts, who=escape(*writers))
    return counts


def _room_for_counts(takes: int, writers: Collection[str], say: Texts) -> int:
    """The most characters that the counts can have, also where deleted takes leave one writer."""
    alone = [len(take_counts(takes, [writer], say)) for writer in writers]
    return max([len(take_counts(takes, [], say)), *alone])


class _Line(NamedTuple):
    """An entry's line without and with its address, and the room that both need at most."""

    text: str
    linked: str
    length: int


def _line(number: int, entry: Entry, *, linked: bool) -> _Line:
    title = LINK.sub("", readable(entry.paper.title)).replace(TAKE_COUNTS, "")
    title = shorten(title, TITLE)
    text = f"{number}. {escape(title)}"
    if not linked:
        return _Line(text, text, len(text))
    with_link = f"{number}. {masked_link(title, _STAND_IN)}"
    length = max(len(text), len(with_link))
    return _Line(text, with_link.replace(_STAND_IN, link_to(entry_mark(entry.id))), length)


def _plain_line(number: int, entry: Entry) -> _Line:
    text = f"{number}. {plain_line(entry.paper.title, TITLE)}"
    return _Line(text, text, len(text))
