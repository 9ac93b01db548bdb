"""Code fences as Markdown means them, written so that Discord shows them so.

Discord knows one fence, three backticks, and ends it at the next three wherever they stand. A fence
of more backticks or of tildes, and one inside another, are Markdown's way to show backticks; as
they stand Discord would end them early, and take what follows for formatting.
https://spec.commonmark.org/0.31.2/#fenced-code-blocks
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
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
    marks = _Marks(lines)
    out: list[str] = []
    at = 0
    while at < len(lines):
        opener = marks.at[at]
        end = _end(lines, at, opener, marks) if opener is not None else None
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


class _Marks:
    """The lines that can begin or end a fence, looked through once: a text may have thousands."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.at = [_opener(line) for line in lines]
        self.bare: dict[str, list[int]] = {"`": [], "~": []}
        """By the sign, the lines whose mark has no word behind it: these can close."""
        self.worded: list[int] = []
        """The lines of backticks with a word behind them: these can only open."""
        self.closers: dict[int, int] = {}
        """By a line of backticks, the bare one that closes it if those between go in pairs."""
        self._longest: dict[int, int] = {}
        """By a bare line of tildes, the most that it or a later one has."""
        self._quotes: dict[str, int] = {}
        self._sort()
        self._pair()

    def _sort(self) -> None:
        for at, mark in enumerate(self.at):
            if mark is not None and not mark.info:
                self.bare[mark.mark[0]].append(at)
            elif mark is not None and mark.mark[0] == "`":
                self.worded.append(at)
        longest = 0
        for at in reversed(self.bare["~"]):
            self._longest[at] = longest = max(longest, self._length(at))

    def _pair(self) -> None:
        depth = 0
        waiting: list[tuple[int, int]] = []
        for at, mark in enumerate(self.at):
            if mark is None or mark.mark[0] == "~":
                continue
            depth += 1 if mark.info else -1
            while waiting and waiting[-1][1] > depth:
                self.closers[waiting.pop()[0]] = at
            waiting.append((at, depth))

    def _length(self, at: int) -> int:
        mark = self.at[at]
        return len(mark.mark) if mark is not None else 0

    def between(self, start: int, last: int, sign: str) -> range:
        """Where in `bare[sign]` the lines between these two stand."""
        bare = self.bare[sign]
        return range(bisect_right(bare, start), bisect_left(bare, last))

    def long(self, start: int, last: int, mark: str) -> int | None:
        """The first bare line between with at least that mark's length."""
        bare = self.bare[mark[0]]
        for number in self.between(start, last, mark[0]):
            at = bare[number]
            if self._length(at) >= len(mark):
                return at
            if self._longest.get(at, len(mark)) < len(mark):
                return None
        return None

    def quoted_until(self, start: int, quote: str) -> int:
        """The first line after `start` that is not in the same quote any more."""
        sign = quote.rstrip()
        if not sign:
            return len(self._lines)
        if self._quotes.get(sign, start) <= start:
            after = range(start + 1, len(self._lines))
            ends = (at for at in after if not self._lines[at].startswith(sign))
            self._quotes[sign] = next(ends, len(self._lines))
        return self._quotes[sign]


def _opener(line: str) -> _Opener | None:
    found = _FENCE.fullmatch(line)
    return _Opener(found["quote"], found["mark"], found["info"]) if found else None


def _end(lines: Sequence[str], start: int, opener: _Opener, marks: _Marks) -> _End | None:
    """Where the fence of that line ends; None if it is none, or Discord reads it as it is meant."""
    last, sign = marks.quoted_until(start, opener.quote), opener.mark[0]
    if opener.mark == "```":
        return _of_three(lines, start, last, opener, marks)
    long = marks.long(start, last, opener.mark)
    if long is not None:
        return _End(long, long + 1, rewritten=True)
    if sign == "~":
        return None
    if closing := marks.between(start, last, sign):  # closed by fewer than it was opened with
        closer = marks.bare[sign][closing[-1]]
        return _End(closer, closer + 1, rewritten=True)
    return _End(last, last, rewritten=True)


def _of_three(
    lines: Sequence[str], start: int, last: int, opener: _Opener, marks: _Marks
) -> _End | None:
    """The end of a fence of three backticks, with the fences that stand in it."""
    closer = marks.closers.get(start, last)
    if closer < last:
        worded = bisect_right(marks.worded, start)
        nested = worded < len(marks.worded) and marks.worded[worded] < closer
        return _End(closer, closer + 1, rewritten=nested or _ends_early(lines, start, closer))
    if bare := marks.between(start, last, "`"):
        first = marks.bare["`"][bare[0]]
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
