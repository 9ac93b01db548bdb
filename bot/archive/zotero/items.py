"""What papers and takes are in Zotero: data with keys that are the same each time.

An object's key is eight letters that whoever makes it may choose
(https://www.zotero.org/support/dev/web_api/v3/write_requests#object_keys). Here it is made of what
never changes, so that what was sent twice, or before a crash, is one object.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markdown_it import MarkdownIt

from bot.archive.contents import ArchiveContents
from bot.isolation import RecordKind, each
from bot.model.authors import AuthorName, author_name, is_more
from bot.model.digest import message_url
from bot.model.paper import Paper
from bot.model.take import Entry, Take
from bot.text.tags import tags

_LETTERS: Final = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
"""Those of Zotero's keys: none that is easily taken for another."""
OURS: Final = "Papertakes: "
"""What begins the line of *Extra* that names the key of an item that was made here."""
_AUTOMATIC: Final = 1
"""The type of a tag that no person gave, which Zotero can hide."""
_NOTE_LIMIT: Final = 200_000
"""Characters of a note; Zotero's server takes 250,000."""
_TAG_LIMIT: Final = 255
"""Characters of a tag, as Zotero has it."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 40})


@dataclass(frozen=True, slots=True)
class ZoteroNote:
    """A take, as a child of its paper's item."""

    key: str
    content: str
    """HTML."""
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoteroItem:
    """A paper. `fields` are those that are kept in step; `tags` the club's."""

    key: str
    url: str
    arxiv_id: str | None
    fields: Mapping[str, Any]
    tags: tuple[str, ...]
    notes: tuple[ZoteroNote, ...]


def object_key(*parts: str) -> str:
    """The key that belongs to these words, always the same."""
    number = int.from_bytes(hashlib.sha256("\x00".join(parts).encode()).digest(), "big")
    letters = []
    for _ in range(8):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def items_of(archive: ArchiveContents, group: int) -> list[ZoteroItem]:
    """What a channel's archive is in a group's library; each paper once, the first listed first."""
    entries = sorted(archive.entries.values(), key=lambda entry: (entry.added_at, entry.id))
    return each(
        RecordKind.EXPORTED,
        entries,
        lambda entry: _item(archive, entry, group),
        name=lambda entry: entry.paper.reference,
    )


def _item(archive: ArchiveContents, entry: Entry, group: int) -> ZoteroItem:
    paper, takes = entry.paper, archive.takes_of.get(entry.id, ())
    key = object_key("paper", str(group), paper.url)
    notes = tuple(_note(archive, group, paper, take) for take in takes)
    names = dict.fromkeys(tag for note in notes for tag in note.tags)
    return ZoteroItem(
        key=key,
        url=paper.url,
        arxiv_id=paper.data.arxiv_id,
        fields=_fields(paper, key),
        tags=tuple(names),
        notes=notes,
    )


def _fields(paper: Paper, key: str) -> dict[str, Any]:
    data = paper.data
    people = [author_name(name) for name in data.authors if not is_more(name)]
    fields: dict[str, Any] = {
        "itemType": "preprint" if data.arxiv_id else "webpage",
        "title": paper.shown_title,
        "creators": [_creator(name) for name in people],
        "abstractNote": paper.shown_abstract,
        "date": data.published.date().isoformat() if data.published else "",
        "url": paper.url,
        "extra": f"{OURS}{key}",
    }
    if data.arxiv_id:
        category = f" [{data.categories[0]}]" if data.categories else ""
        fields |= {
            "repository": "arXiv",
            "archiveID": f"arXiv:{data.arxiv_id}",
            "DOI": data.doi or f"10.48550/arXiv.{data.arxiv_id}",
            "extra": f"arXiv:{data.arxiv_id}{category}\n{OURS}{key}",
        }
    return fields


def _creator(name: AuthorName) -> dict[str, str]:
    whole = f"{name.family} {name.suffix}".strip()
    if not name.given:
        return {"creatorType": "author", "name": whole}
    return {"creatorType": "author", "firstName": name.given, "lastName": whole}


def _note(archive: ArchiveContents, group: int, paper: Paper, take: Take) -> ZoteroNote:
    channel, written = archive.channel, take.created_at
    head = f"<strong>{html.escape(take.member.name)}</strong>, {written:%Y-%m-%d}"
    if shown := take.message:
        address = message_url(channel.guild_id, shown.channel_id, shown.message_id)
        head += f' (<a href="{html.escape(address)}">#{html.escape(channel.name)}</a>)'
    where = str(channel.discord_id or channel.name)
    return ZoteroNote(
        # A take keeps its moment when it is edited, exported and brought back.
        key=object_key("take", str(group), where, paper.url, take.member.name, written.isoformat()),
        content=f"<p>{head}</p>\n{_MARKDOWN.render(take.text[:_NOTE_LIMIT])}",
        tags=tuple(name[:_TAG_LIMIT] for name in tags(take.text)),
    )


def tag_data(names: Sequence[str]) -> list[dict[str, Any]]:
    """Tags as Zotero has them, marked as given by a program."""
    return [{"tag": name, "type": _AUTOMATIC} for name in names]


def is_automatic(tag: Mapping[str, Any]) -> bool:
    """Whether a program gave a tag."""
    return tag.get("type") == _AUTOMATIC


def plain_words(content: str) -> str:
    """What a note says, however Zotero has tidied its HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", content)).split())
