"""Hashtags and links in the running text of a take."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

import regex

from bot.text.scan import MarkupSpan, SpanKind, scan

_TAG: Final = regex.compile(r"#([\p{L}\p{N}_][\p{L}\p{M}\p{N}\p{Pc}\-/\u200c\u200d]*+)")
_LETTER: Final = regex.compile(r"\p{L}")
_HIDES: Final = re.compile(r"[\\`\[<]|://")
"""What code, a link, a mention or an escape has in it."""
_BEFORE: Final = regex.compile(r"[\p{L}\p{M}\p{N}_#&/\\]")

# Korean particles that people write right behind a URL; longest first.
_PARTICLES: Final = (
    r"(?:에서는|에서도|으로는|이라는|에서|에는|에도|으로|까지|부터|처럼|보다|라는|이랑|하고|이나"
    r"|을|를|이|가|은|는|의|에|로|와|과|도|만|랑|나)"
)
_PARTICLE_END: Final = re.compile(rf"(?<=[A-Za-z0-9/_%=)\-]){_PARTICLES}\Z")


class TextLinkKind(Enum):
    """How a link is written."""

    URL = "url"  # https://…
    ANGLE = "angle"  # <https://…>
    MASKED = "masked"  # [label](https://…)
    WIKI = "wiki"  # [[Title]], [[Title#part|label]]


@dataclass(frozen=True, slots=True)
class TextLink:
    """A link at `text[start:end]`.

    `target` is the URL, or the title of the note that a wiki link names; `label` what is shown
    instead of it, empty where nothing is.
    """

    kind: TextLinkKind
    start: int
    end: int
    target: str
    label: str = ""


def tags(text: str) -> tuple[str, ...]:
    """The hashtags of `text` without their `#`, in order, each once however it is capitalised.

    Letters and digits of any script, hyphens, underscores and slashes; at least one letter. Not
    in code, links or mentions, not after a backslash, and no heading (`# title`). Written as first
    seen; the same tag in other case or normal form is not repeated.
    """
    found: dict[str, str] = {}
    for _, _, name in _places(text):
        found.setdefault(tag_key(name), name)
    return tuple(found.values())


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the tags of `text` begin, with their `#`, and end, and their names."""
    hidden: list[MarkupSpan] = []
    if _HIDES.search(text):
        hidden = [s for s in scan(text).spans if s.kind is not SpanKind.EMPHASIS]
    last = -1  # where the tag before ended: "#a#b" are two
    index = 0
    for match in _TAG.finditer(text):
        while index < len(hidden) and hidden[index].end <= match.start():
            index += 1
        if index < len(hidden) and hidden[index].start <= match.start():
            continue
        start = match.start()
        alone = start == 0 or start == last or text[start - 1].isspace()
        if not alone and _BEFORE.match(text, start - 1):
            continue
        name = match[1].rstrip("-/_\u200c\u200d")
        if _LETTER.search(name):
            last = match.end()
            yield match.start(), match.start() + 1 + len(name), name


def tag_key(name: str) -> str:
    """What makes two ways of writing a tag one tag."""
    return unicodedata.normalize("NFC", name.removeprefix("#")).casefold()


def is_tag(name: str) -> bool:
    """Whether `name`, without its `#`, would be read back as one whole tag."""
    return tags(f"#{name}") == (name,)


def retag(text: str, old: Collection[str], new: str) -> str:
    """`text` with each tag whose key is among `old` written as `new`.

    Two that become the same side by side become one. Code, links and mentions stay as they are.
    """
    made: list[str] = []
    done = 0
    before = -1  # where the tag before ended, if it is the new one
    wanted = {*old, tag_key(new)}
    for start, end, name in _places(text):
        if tag_key(name) not in wanted:
            continue
        same = before >= 0 and text[before:start].strip(" \t") == ""
        if same:
            made.append(text[done:before])
        else:
            made += [text[done:start], f"#{new}" if tag_key(name) in old else text[start:end]]
        done = before = end
    made.append(text[done:])
    return "".join(made)


def links(text: str) -> tuple[TextLink, ...]:
    """The links of `text` in order, not those in code.

    A bare URL ends before the sentence's punctuation, brackets of its own not closed in it, and a
    Korean particle: of `memo(https://arxiv.org/abs/2001.10913)을` it is the URL alone.
    """
    return tuple(link for span in scan(text).spans if (link := _link(text, span)))


def _link(text: str, span: MarkupSpan) -> TextLink | None:
    if span.kind is SpanKind.URL:
        particle = _PARTICLE_END.search(span.target)
        end = span.start + particle.start() if particle else span.end
        return TextLink(TextLinkKind.URL, span.start, end, text[span.start : end])
    if span.kind is SpanKind.ANGLE:
        return TextLink(TextLinkKind.ANGLE, span.start, span.end, span.target)
    if span.kind is SpanKind.LINK:
        label = text[span.start + 1 : text.rindex("](", span.start, span.end)]
        return TextLink(TextLinkKind.MASKED, span.start, span.end, span.target, label)
    if span.kind is SpanKind.WIKI:
        title, _, label = span.target.partition("|")
        title = title.partition("#")[0].strip()
        return (
            TextLink(TextLinkKind.WIKI, span.start, span.end, title, label.strip())
            if title
            else None
        )
    return None
