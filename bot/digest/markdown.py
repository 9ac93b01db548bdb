"""A digest as Markdown, in the form of the archive: one file a digest, `YYMMDD Title.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from bot.isolation import RecordKind, each, either
from bot.model.digest import Compiled, DigestSection
from bot.model.paper import Paper
from bot.model.take import Take
from bot.text.fences import closed_fence


def render(compiled: Compiled) -> str:
    """The file's text, without a final line break.

    Where several members wrote, each take is preceded by its writer's name in bold on a line of
    its own, two takes by one member in a row by one name; where one member wrote it all, no name
    is told. Papers without takes stand at the end.
    """
    named = several_writers(compiled.sections)
    blocks: list[str] = [f"# {compiled.title}"]
    if compiled.intro.strip():
        blocks.append(compiled.intro.strip())
    for section in compiled.sections:
        blocks += either(
            RecordKind.PAPER,
            section.entry.paper.reference,
            partial(_section, section, named=named),
            partial(_plain_section, section, named=named),
        )
    blocks += each(
        RecordKind.PAPER,
        compiled.shown_untaken,
        lambda entry: "\n\n".join(_paper(entry.paper)),
        name=lambda entry: entry.paper.reference,
        plainly=lambda entry: "\n\n".join(_plain_paper(entry.paper)),
    )
    if compiled.settings.closing_tag:
        blocks.append(compiled.settings.closing_tag)
    return "\n\n".join(blocks)


def file_name(compiled: Compiled) -> str:
    """`YYMMDD Title.md`, without characters that a file system refuses."""
    title = "".join(
        " " if char in '/\\:*?"<>|' or not char.isprintable() else char for char in compiled.title
    )
    day = f"{compiled.day:%y%m%d}"
    title = " ".join(title.split())
    return f"{title if title.startswith(day) else f'{day} {title}'}.md"


def several_writers(sections: Iterable[DigestSection]) -> bool:
    """Whether more than one member wrote the takes."""
    return len({_writer(take) for section in sections for take in section.takes}) > 1


def by_writer(takes: Sequence[Take]) -> Iterable[tuple[str, list[Take]]]:
    """Takes in order, those of one writer in a row together under the writer's name."""
    for _, group in groupby(takes, key=_writer):
        several = list(group)
        yield several[-1].member.name, several


def _writer(take: Take) -> tuple[int | None, str]:
    # A member may have changed their name between two takes; a name from an archive has no id.
    return (take.member.id, "" if take.member.id is not None else take.member.name)


def _section(section: DigestSection, *, named: bool) -> list[str]:
    blocks = _paper(section.entry.paper)
    for name, takes in by_writer(section.takes):
        if named:
            blocks.append(f"**{name}**")
        blocks += [closed_fence(take.text) for take in takes]
    return blocks


def _plain_section(section: DigestSection, *, named: bool) -> list[str]:
    blocks = _plain_paper(section.entry.paper)
    for take in section.takes:
        text = closed_fence(take.text)
        blocks += [f"**{take.member.name}**", text] if named else [text]
    return blocks


def _plain_paper(paper: Paper) -> list[str]:
    return [paper.url, paper.title]


def _paper(paper: Paper) -> list[str]:
    title = paper.shown_title
    if paper.data.authors:
        title += f" ({', '.join(paper.data.authors)})"
    return [paper.url, title]
