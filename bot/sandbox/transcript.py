"""A channel and its threads as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from bot.sandbox import Place, Post, Sandbox

_INDENT = "    "
_RULE = "─"


def transcript(sandbox: Sandbox, channel: str | int | Place, *, zone: tzinfo | None = None) -> str:
    """What everybody can read in a channel, oldest first, each thread below its first message.

    Private answers are left out. Times are in `zone` (UTC unless given). Of a forum, its posts in
    the order in which they were made; of a thread, its messages. Ends without a line break.
    """
    place = sandbox.channel(channel) if isinstance(channel, str | int) else channel
    zone = zone or ZoneInfo("UTC")
    sign = "#" if place.kind == "text" else ""
    lines = [f"{sign}{place.name}", _RULE * 60]
    starters = {thread.starter.id: thread for thread in place.threads if thread.starter}
    for post in place.messages:
        lines += ["", *_message(post, zone)]
        thread = starters.pop(post.id, None)
        if thread is not None:
            lines += _thread(thread, zone)
    loose = [t for t in place.threads if t.starter is None or t.starter.id in starters]
    for thread in loose:
        lines += _thread(thread, zone)
    if len(lines) == 2:
        lines.append("(nothing here yet)")
    return "\n".join(line.rstrip() for line in lines)


def _thread(thread: Place, zone: tzinfo) -> Iterator[str]:
    tags = f" [{', '.join(thread.tags)}]" if thread.tags else ""
    yield ""
    yield f"{_INDENT}⤷ {thread.name}{tags}{' (archived)' if thread.archived else ''}"
    for post in thread.messages:
        yield ""
        for line in _message(post, zone):
            yield _INDENT + line if line else ""


def _message(post: Post, zone: tzinfo) -> Iterator[str]:
    at = post.created_at.astimezone(zone)
    yield f"{post.author}  {at:%Y-%m-%d %H:%M}{'  (edited)' if post.edited else ''}"
    if post.reply_to is not None:
        first = next(iter(_text_lines(post.reply_to)), "")
        yield f"{_INDENT}↩ {post.reply_to.author}: {_shorten(first)}"
    yield from _text_lines(post)
    if post.reactions:
        yield "  ".join(f"({emoji} {len(people)})" for emoji, people in post.reactions.items())


def _text_lines(post: Post) -> list[str]:
    data = post.json()
    lines: list[str] = []
    if data.get("content"):
        lines += data["content"].split("\n")
    for embed in data.get("embeds", []):
        lines += [f"│ {line}" for line in _embed(embed)]
    for component in data.get("components", []):
        lines += _component(component)
    lines += [f"[file: {file['filename']}]" for file in data.get("attachments", [])]
    return [post.with_times(line) for line in lines]


def _embed(embed: dict[str, Any]) -> Iterator[str]:
    if name := (embed.get("author") or {}).get("name"):
        yield name
    if title := embed.get("title"):
        yield f"{title} <{embed['url']}>" if embed.get("url") else title
    yield from (embed.get("description") or "").split("\n") if embed.get("description") else ()
    for field in embed.get("fields", []):
        yield f"{field['name']}: {field['value']}"
    if text := (embed.get("footer") or {}).get("text"):
        yield text


_ROW, _BUTTON, _SECTION, _TEXT, _MEDIA, _FILE, _SEPARATOR, _CONTAINER = 1, 2, 9, 10, 12, 13, 14, 17
_SELECTS = {3, 5, 6, 7, 8}


def _component(component: dict[str, Any]) -> list[str]:
    """A component's text, line by line; buttons and selects as `[label]`."""
    kind = component["type"]
    children: list[dict[str, Any]] = component.get("components") or []
    if kind == _TEXT:
        return str(component["content"]).split("\n")
    if kind == _ROW:
        return ["  ".join(line for child in children for line in _component(child))]
    if kind == _SECTION:
        return _all(children) + _component(component["accessory"])
    if kind == _CONTAINER:
        return [f"│ {line}" for line in _all(children)]
    if kind == _BUTTON:
        label = component.get("label") or (component.get("emoji") or {}).get("name") or ""
        return [f"[{label}]({component['url']})" if component.get("url") else f"[{label}]"]
    if kind in _SELECTS:
        return [f"[{component.get('placeholder') or 'Make a selection'} ▾]"]
    if kind == _SEPARATOR:
        return ["───" if component.get("divider", True) else ""]
    if kind == _MEDIA:
        return [f"[picture: {item.get('description') or '…'}]" for item in component["items"]]
    if kind == _FILE:
        return [f"[file: {component.get('name') or component['file']['url']}]"]
    return _all(children)


def _all(components: list[dict[str, Any]]) -> list[str]:
    return [line for component in components for line in _component(component)]


def _shorten(line: str, most: int = 60) -> str:
    return line if len(line) <= most else line[: most - 1] + "…"
