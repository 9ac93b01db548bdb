"""Notes and weekly posts as files, for what did not come from a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

from bot.archive.paths import safe_name
from bot.digest import markdown
from bot.digest.markdown import by_writer, several_writers
from bot.model.channel import Channel
from bot.model.digest import Compiled, DigestSection
from bot.model.paper import Paper
from bot.text.tags import tags

_SHORT_TITLE = 60


def post(compiled: Compiled) -> tuple[str, str]:
    """A digest's path and text."""
    name = safe_name(markdown.file_name(compiled).removesuffix(".md"))
    return f"{compiled.day:%Y}/{name}.md", markdown.render(compiled) + "\n"


def note(channel: Channel, section: DigestSection, *, front_matter: bool) -> tuple[str, str]:
    """The path and text of a note on one paper: URL, title and authors, takes."""
    paper = section.entry.paper
    written = section.takes[0].created_at if section.takes else section.entry.added_at
    day = written.astimezone(channel.settings.zone).date()
    blocks = [paper.url]
    title = paper.shown_title if paper.data.title else ""
    if paper.data.authors:
        title += f" ({', '.join(paper.data.authors)})"
    if title:
        blocks.append(title)
    named = several_writers([section])
    for name, takes in by_writer(section.takes):
        if named:
            blocks.append(f"**{name}**")
        blocks += [take.text for take in takes]
    text = "\n\n".join(blocks) + "\n"
    if front_matter:
        text = _front_matter(paper, day, section) + text
    return f"{day:%Y}/{day:%y%m%d} {safe_name(short_title(paper))}.md", text


def short_title(paper: Paper) -> str:
    """A title as the archive names its notes: what stands before the colon, if it is a name."""
    title = paper.shown_title
    before, colon, _ = title.partition(": ")
    if colon and 2 <= len(before) <= _SHORT_TITLE:
        return before
    return title.replace("https://", "").replace("http://", "")


def tags_of(texts: Iterable[str]) -> Sequence[str]:
    """The tags of several texts, each once, in order."""
    found: dict[str, str] = {}
    for text in texts:
        if "#" in text:
            for tag in tags(text):
                found.setdefault(tag.casefold(), tag)
    return list(found.values())


def _front_matter(paper: Paper, day: date, section: DigestSection) -> str:
    """YAML that Obsidian shows as properties; JSON strings are YAML strings."""
    lines = [
        "---",
        f"title: {_quoted(paper.shown_title)}",
        f"date: {day.isoformat()}",
        f"url: {_quoted(paper.url)}",
    ]
    if paper.data.arxiv_id:
        lines.append(f"arxiv: {_quoted(paper.data.arxiv_id)}")
    found = tags_of(take.text for take in section.takes)
    if found:
        lines.append("tags: [" + ", ".join(_quoted(tag) for tag in found) + "]")
    return "\n".join([*lines, "---", ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
