"""An archive as a tree of Markdown files: folders by year, an index on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.archive.contents import Contents
from bot.archive.index import Listed, index
from bot.archive.model import Kind
from bot.archive.notes import note, post, tags_of
from bot.archive.paths import Names
from bot.archive.reader import encode
from bot.text.markdown import strip_controls


@dataclass(frozen=True, slots=True)
class TreeOptions:
    """`front_matter` for notes that did not come from a file; `tidy` makes all line ends LF and
    ends each file with one."""

    front_matter: bool = False
    tidy: bool = False


def tree(archive: Contents, options: TreeOptions) -> Iterator[tuple[str, bytes]]:
    """Each file's path and bytes. Files that were imported come first and keep their paths."""
    names = Names()
    listed: list[Listed] = []
    for file in archive.files:
        text = _tidy(file.text) if options.tidy else file.text
        path = names.take(file.path)
        if file.kind != Kind.PAGE:
            digest = file.kind == Kind.DIGEST
            tags = tags_of([text]) if not digest else ()
            listed.append(Listed(path, tuple(tags), digest))
        yield path, encode(text)
    for _, compiled in archive.posts:
        path, text = post(compiled)
        path = names.take(path)
        listed.append(Listed(path, (), digest=True))
        yield path, text.encode()
    for section in archive.loose:
        path, text = note(archive.channel, section, front_matter=options.front_matter)
        path = names.take(path)
        tags = tags_of(take.text for take in section.takes)
        listed.append(Listed(path, tuple(tags)))
        yield path, text.encode()
    # An imported front page goes back as it was; the index then stands beside it.
    imported = {file.path.casefold() for file in archive.files}
    name = names.take("README.md" if "readme.md" not in imported else "INDEX.md")
    yield name, index(archive.channel.name, listed).encode()


def _tidy(text: str) -> str:
    lines = strip_controls(text.replace("\ufeff", "")).split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"
