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
from bot.model.outbox import LINK, link_to
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


def entry_mark(entry_id: int) -> str:
    """Stands for the key of the row that begins an entry's part, until the rows are made."""
    return f"entry:{entry_id}"


def contents(compiled: Compiled, say: Texts, limit: int) -> list[StarterMessage]:
    """The starter and the messages that go on with its list, each within `limit` in both texts."""
    *whole, head = pieces(_head(compiled, say), limit, compiled.title)
    made = [StarterMessage(text, text) for text in whole]
    text, linked, room = head, head, limit - len(head)
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
            made.append(StarterMessage(text, linked))
            text, linked, room = line.text, line.linked, limit - line.length
        else:
            text, linked = f"{text}\n{line.text}", f"{linked}\n{line.linked}"
            room -= line.length + 1
    return [*made, StarterMessage(text, linked)]


def _head(compiled: Compiled, say: Texts) -> str:
    papers = len(compiled.sections) + len(compiled.shown_untaken)
    writers = {take.member.name for section in compiled.sections for take in section.takes}
    counts = counts_line(say("count.papers", count=papers), compiled.take_count, writers, say)
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
    blocks.append(counts)
    return "\n\n".join(blocks)


def counts_line(papers: str, takes: int, writers: Collection[str], say: Texts) -> str:
    """How many papers (said already) and takes; and who wrote all of it, if it was one."""
    counts = f"{papers} · {say('count.takes', count=takes)}"
    if len(writers) == 1:
        counts = say("digest.counts_by", counts=counts, who=escape(*writers))
    return f"-# {counts}"


class _Line(NamedTuple):
    """An entry's line without and with its address, and the room that both need at most."""

    text: str
    linked: str
    length: int


def _line(number: int, entry: Entry, *, linked: bool) -> _Line:
    title = shorten(LINK.sub("", readable(entry.paper.title)), TITLE)
    text = f"{number}. {escape(title)}"
    if not linked:
        return _Line(text, text, len(text))
    with_link = f"{number}. {masked_link(title, _STAND_IN)}"
    length = max(len(text), len(with_link))
    return _Line(text, with_link.replace(_STAND_IN, link_to(entry_mark(entry.id))), length)


def _plain_line(number: int, entry: Entry) -> _Line:
    text = f"{number}. {plain_line(entry.paper.title, TITLE)}"
    return _Line(text, text, len(text))
