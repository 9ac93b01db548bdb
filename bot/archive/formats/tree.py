"""An archive as a tree of Markdown files: folders by year, an index on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from bot.archive.contents import ArchiveContents, File
from bot.archive.formats.index import IndexedFile, index
from bot.archive.formats.notes import note, post, tags_of
from bot.archive.parser.encodings import IMAGE, encoded
from bot.archive.parser.model import FileKind
from bot.archive.paths import Names
from bot.isolation import RecordKind, either
from bot.model.channel import Channel
from bot.model.digest import Compiled, Digest, DigestSection
from bot.text.markdown import strip_controls
from bot.text.octets import utf8


@dataclass(frozen=True, slots=True)
class TreeOptions:
    """`front_matter` for notes that did not come from a file; `tidy` makes all line ends LF and
    ends each file with one."""

    front_matter: bool = False
    tidy: bool = False


def tree(archive: ArchiveContents, options: TreeOptions) -> Iterator[tuple[str, bytes]]:
    """Each file's path and bytes. Files that were imported come first and keep their paths."""
    names = Names()
    listed: list[IndexedFile] = []
    for file in archive.files:
        kept = either(
            RecordKind.EXPORTED,
            file.path,
            partial(_file, file, options),
            partial(_plain_file, file),
        )
        path = names.take(file.path)
        if file.kind != FileKind.PAGE:
            listed.append(IndexedFile(path, kept.tags, file.kind == FileKind.DIGEST))
        yield path, kept.data
    for digest, compiled in archive.posts:
        made = either(
            RecordKind.EXPORTED,
            f"digest {digest.id}",
            partial(_post, compiled),
            partial(_plain_post, digest, compiled),
        )
        path = names.take(made.path)
        listed.append(IndexedFile(path, (), digest=True))
        yield path, made.data
    for section in archive.loose:
        made = either(
            RecordKind.EXPORTED,
            section.entry.paper.reference,
            partial(_note, archive.channel, section, options),
            partial(_plain_note, section),
        )
        path = names.take(made.path)
        listed.append(IndexedFile(path, made.tags))
        yield path, made.data
    # An imported front page goes back as it was; the index then stands beside it.
    imported = {file.path.casefold() for file in archive.files}
    name = names.take("README.md" if "readme.md" not in imported else "INDEX.md")
    front = either(
        RecordKind.EXPORTED,
        name,
        lambda: index(archive.channel.name, listed),
        lambda: "".join(f"- {one.path}\n" for one in listed),
    )
    yield name, utf8(front)


class _Made(NamedTuple):
    """A file to be written, and the tags by which the index lists it."""

    path: str
    data: bytes
    tags: tuple[str, ...] = ()


def _file(file: File, options: TreeOptions) -> _Made:
    if file.encoding == IMAGE:
        return _Made(file.path, encoded(file.text, IMAGE))
    text = _tidy(file.text) if options.tidy else file.text
    tags = () if file.kind == FileKind.DIGEST else tuple(tags_of([text]))
    return _Made(file.path, encoded(text, file.encoding), tags)


def _plain_file(file: File) -> _Made:
    return _Made(file.path, utf8(file.text))


def _post(compiled: Compiled) -> _Made:
    path, text = post(compiled)
    return _Made(path, utf8(text))


def _plain_post(digest: Digest, compiled: Compiled) -> _Made:
    papers = (_words(section) for section in compiled.sections)
    text = "\n\n".join((f"# {compiled.title}", compiled.intro, *papers))
    return _Made(f"digests/{digest.id}.md", utf8(text) + b"\n")


def _note(channel: Channel, section: DigestSection, options: TreeOptions) -> _Made:
    path, text = note(channel, section, front_matter=options.front_matter)
    return _Made(path, utf8(text), tuple(tags_of(take.text for take in section.takes)))


def _plain_note(section: DigestSection) -> _Made:
    return _Made(f"notes/{section.entry.id}.md", utf8(_words(section)) + b"\n")


def _words(section: DigestSection) -> str:
    """A paper and what was written about it, with nothing made of it."""
    paper = section.entry.paper
    said = (f"**{take.member.name}**\n\n{take.text}" for take in section.takes)
    return "\n\n".join((paper.url, paper.title, *said))


def _tidy(text: str) -> str:
    lines = strip_controls(text.replace("\ufeff", "")).split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"
