"""Which paper a file is about, and what the file calls it: its own name, its `aliases`.

What it leads to beside its takes goes with it.
"""

from __future__ import annotations

from typing import Final

from bot.archive.parser.file_names import dated
from bot.archive.parser.model import ArchivedEntry, FileKind, ParsedFile, Role
from bot.archive.parser.prose import of_no_take, texts_in, url_of
from bot.archive.parser.roundtrip import clean
from bot.model.connection import leads
from bot.store.queries.documents import Subject
from bot.text.bigrams import pieces

_LONGEST: Final = 300
"""Characters of a name."""
_MOST: Final = 20
_NO_NAMES: Final = {"readme", "index", "note", "notes", "untitled", "제목 없음"}
_ALIASES: Final = ("aliases", "alias")


def subject_of(document: ParsedFile) -> Subject:
    """The paper of a note: its only one, or the one whose title has the words of the note's name.

    A weekly post is about none, and so is a note on several papers that is called otherwise.
    """
    if document.kind is not FileKind.NOTE:
        return Subject()
    name = dated(document.name)[1]
    entries = [entry for entry in document.entries if entry.reference is not None]
    if len({url_of(one.reference) for one in entries if one.reference}) > 1:
        entries = [entry for entry in entries if _is_called(entry, name)][:1]
    if not entries or entries[0].reference is None:
        return Subject()
    return Subject(
        url_of(entries[0].reference),
        tuple(_names(document, name)),
        tuple((one.kind.value, one.target) for one in leads(_beside_takes(document))[:_MOST]),
    )


def _beside_takes(document: ParsedFile) -> str:
    """The text of a file that is of no take, no head and no property."""
    beside = (Role.TAGS, Role.LINKS, Role.PROSE)
    blocks = (block for block in document.blocks if block.role in beside)
    return "\n\n".join(texts_in(document, blocks, of_no_take(document)))


def _is_called(entry: ArchivedEntry, name: str) -> bool:
    words = pieces(name)
    return bool(words) and set(words) <= set(pieces(entry.title))


def _names(document: ParsedFile, name: str) -> list[str]:
    found = [name] if name.casefold() not in _NO_NAMES else []
    for key in _ALIASES:
        listed = document.front.get(key, "").strip("[] ")
        found += [one.strip("- \"'") for one in listed.replace("\n", ",").split(",")]
    clear = (clean(one).text.replace("\n", " ").strip()[:_LONGEST] for one in found)
    return [one for one in dict.fromkeys(clear) if one][:_MOST]
