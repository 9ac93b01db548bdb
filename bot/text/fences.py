"""Code fences as Markdown means them, written so that Discord shows them so.

Discord knows one fence, three backticks, and ends it at the next three wherever they stand. A fence
of more backticks or of tildes, and one inside another, are Markdown's way to show backticks; as
they stand Discord would end them early, and take what follows for formatting.
https://spec.commonmark.org/0.31.2/#fenced-code-blocks
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(
    r"(?P<quote>(?:>(?!>) ?)*)(?P<indent> {0,3})(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\s`]*)[ \t]*"
)
_MARK: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_INLINE: Final = re.compile(r"(?<!`)(`{4,})(?!`)([^\n]+?)(?<!`)\1(?!`)")
_RUN: Final = re.compile(r"`{3,}")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9_+\-.#]+")
APART: Final = "\u200b"
"""Stands between backticks that must not end a fence: Discord shows nothing there."""


def plain_fences(text: str) -> str:
    """`text` with each fence as one of three backticks that ends where its writer ended it.

    A fence of three backticks with none inside stays as it is, and so does one that is closed at
    the end of a line, as people write in chat. One that is open when its quote ends ends with it.
    """
    if "```" not in text and "~~~" not in text:
        return text
    lines = text.split("\n")
    out: list[str] = []
    at = 0
    while at < len(lines):
        opener = _opener(lines[at])
        end = _end(lines, at, opener) if opener is not None else None
        if opener is None or end is None:
            out.append(_INLINE.sub(_inline, lines[at]))
            at += 1
            continue
        made = _fence(opener, lines[at + 1 : end.closer]) if end.rewritten else None
        out += lines[at : end.after] if made is None else made
        at = end.after
    return "\n".join(out)


@dataclass(frozen=True, slots=True)
class _Opener:
    quote: str
    mark: str
    info: str


@dataclass(frozen=True, slots=True)
class _End:
    closer: int
    """The line after the fence's last one: that of its closing mark, if it has one."""
    after: int
    """The line to go on with."""
    rewritten: bool


def _opener(line: str) -> _Opener | None:
    found = _FENCE.fullmatch(line)
    return _Opener(found["quote"], found["mark"], found["info"]) if found else None


def _end(lines: Sequence[str], start: int, opener: _Opener) -> _End | None:
    """Where the fence of that line ends; None if it is none, or Discord reads it as it is meant."""
    last = _quoted_until(lines, start, opener.quote)
    marks = {
        at: found
        for at in range(start + 1, last)
        if (found := _opener(lines[at])) is not None and found.mark[0] == opener.mark[0]
    }
    if len(opener.mark) == 3 and opener.mark[0] == "`":
        return _of_three(lines, start, last, opener, marks)
    closing = [at for at, mark in marks.items() if not mark.info]
    long = [at for at in closing if len(marks[at].mark) >= len(opener.mark)]
    if long:
        return _End(long[0], long[0] + 1, rewritten=True)
    if opener.mark[0] == "~":
        return None
    if closing:  # closed by fewer than it was opened with
        return _End(closing[-1], closing[-1] + 1, rewritten=True)
    return _End(last, last, rewritten=True)


def _of_three(
    lines: Sequence[str], start: int, last: int, opener: _Opener, marks: dict[int, _Opener]
) -> _End | None:
    """The end of a fence of three backticks, with the fences that stand in it."""
    depth, nested, first = 1, False, None
    for at, mark in marks.items():
        depth += 1 if mark.info else -1
        nested = nested or bool(mark.info)
        first = at if first is None and not mark.info else first
        if depth == 0:
            return _End(at, at + 1, rewritten=nested or _ends_early(lines, start, at))
    if first is not None:
        return _End(first, first + 1, rewritten=_ends_early(lines, start, first))
    if opener.quote and last < len(lines) and not _has_ticks(lines[start + 1 : last]):
        return _End(last, last, rewritten=True)
    return None


def _ends_early(lines: Sequence[str], start: int, closer: int) -> bool:
    """Whether three backticks stand inside that do not close it: not at the end of a line."""
    return any(
        _RUN.search(line) is not None and not line.rstrip().endswith("```")
        for line in lines[start + 1 : closer]
    )


def _has_ticks(lines: Sequence[str]) -> bool:
    return any(_RUN.search(line) for line in lines)


def _quoted_until(lines: Sequence[str], start: int, quote: str) -> int:
    """The first line that is not in the same quote any more."""
    sign = quote.rstrip()
    for at in range(start + 1, len(lines)):
        if sign and not lines[at].startswith(sign):
            return at
    return len(lines)


def _fence(opener: _Opener, inner: Sequence[str]) -> list[str] | None:
    """A fence with these lines; None if there is nothing to see in it."""
    language = opener.info if _LANGUAGE.fullmatch(opener.info) else ""
    body = [_RUN.sub(_apart, line) for line in inner]
    if not any(line.removeprefix(opener.quote).strip() for line in body):
        return None
    return [f"{opener.quote}```{language}", *body, f"{opener.quote}```"]


def _inline(found: re.Match[str]) -> str:
    return f"```{_RUN.sub(_apart, found[2]).strip()}```" if found[2].strip() else found[0]


def _apart(run: re.Match[str]) -> str:
    return APART.join(run[0])


def closed_fence(text: str) -> str:
    """Markdown in which no fence is open at the end: nothing that follows is taken into it."""
    mark = ""
    for line in text.split("\n"):
        opened = _MARK.match(line)
        if not mark and opened and not ("`" in opened[1] and "`" in line[opened.end() :]):
            mark = opened[1]
        elif mark and opened and opened[1].startswith(mark) and not line[opened.end() :].strip():
            mark = ""
    return f"{text}\n{mark}" if mark else text
