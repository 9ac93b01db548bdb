"""TeX taken apart: commands, groups and words, whole or broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.text.tex.spans import TexKind, TexSpan

DEEPEST: Final = 24
"""Groups within groups; braces of what is deeper are dropped."""

_TOKEN: Final = re.compile(
    r"\\(?P<edge>begin|end)\s*\{(?P<environment>[A-Za-z]{1,30}\*?)\}"
    r"|\\(?P<name>[A-Za-z]+\*?)(?P<blank>\s*)|\\(?P<sign>.)|(?P<brace>[{}])|(?P<script>[\^_])"
    r"|(?P<text>[^\\{}^_]+)|(?P<lone>\\)",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Command:
    r"""`\name`, or `\,` with the sign for a name; `blank`: whether blanks came after it."""

    name: str
    blank: bool = False

    @property
    def raw(self) -> str:
        return f"\\{self.name}{' ' if self.blank else ''}"


@dataclass(frozen=True, slots=True)
class Script:
    """`^` or `_`."""

    sign: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between braces, or in an environment, whose name it has."""

    nodes: tuple[Node, ...]
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A formula or an address within words."""

    span: TexSpan


Node = str | Command | Script | Group | Marked


@dataclass(slots=True)
class _Frame:
    opener: str
    environment: str
    nodes: list[Node]


class _Builder:
    """Nests what comes one after the other. What is opened and not closed stays as text."""

    def __init__(self) -> None:
        self._frames = [_Frame("", "", [])]
        self._skipped = 0
        self.balanced = True

    def add(self, node: Node) -> None:
        self._frames[-1].nodes.append(node)

    def open(self, raw: str, environment: str = "") -> None:
        if len(self._frames) > DEEPEST:
            self._skipped += 1
        else:
            self._frames.append(_Frame(raw, environment, []))

    def close(self, raw: str, environment: str = "") -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if self._frames[-1].environment != environment or len(self._frames) == 1:
            deeper = [frame.environment for frame in self._frames[1:]]
            if environment not in deeper:
                self.balanced = False
                self.add(raw)
                return
            while self._frames[-1].environment != environment:
                self._dissolve()
        frame = self._frames.pop()
        self.add(Group(tuple(frame.nodes), environment))

    def finish(self) -> tuple[Node, ...]:
        while len(self._frames) > 1:
            self._dissolve()
        return tuple(self._frames[0].nodes)

    def _dissolve(self) -> None:
        self.balanced = False
        frame = self._frames.pop()
        self._frames[-1].nodes += [frame.opener, *frame.nodes]


def parse(spans: Iterable[TexSpan]) -> tuple[Node, ...]:
    """The nodes of a text."""
    builder = _Builder()
    for span in spans:
        if span.kind is TexKind.WORDS:
            _take(span.raw, builder)
        else:
            builder.add(Marked(span))
    return builder.finish()


def parse_formula(body: str) -> tuple[tuple[Node, ...], bool]:
    """The nodes of a formula, and whether its braces are balanced."""
    builder = _Builder()
    _take(body, builder)
    return builder.finish(), builder.balanced


def _take(text: str, builder: _Builder) -> None:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "text":
            builder.add(match["text"])
        elif kind in ("blank", "name"):
            builder.add(Command(match["name"], bool(match["blank"])))
        elif kind == "sign":
            builder.add(Command(match["sign"]))
        elif kind == "script":
            builder.add(Script(match["script"]))
        elif kind == "environment":
            turn = builder.open if match["edge"] == "begin" else builder.close
            turn(match[0], match["environment"])
        elif kind == "brace":
            if match["brace"] == "{":
                builder.open("{")
            else:
                builder.close("}")
        else:
            builder.add("\\")


def raw(nodes: Sequence[Node]) -> str:
    """The TeX that the nodes were."""
    return "".join(_raw(node) for node in nodes)


def _raw(node: Node) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, Command):
        return node.raw
    if isinstance(node, Script):
        return node.sign
    if isinstance(node, Marked):
        return node.span.raw
    if node.environment:
        return f"\\begin{{{node.environment}}}{raw(node.nodes)}\\end{{{node.environment}}}"
    return f"{{{raw(node.nodes)}}}"


class Reader:
    """Goes through nodes one by one and takes commands' arguments from what follows."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._left = list(reversed(nodes))

    def __bool__(self) -> bool:
        return bool(self._left)

    def next(self) -> Node:
        return self._left.pop()

    def peek(self) -> Node | None:
        return self._left[-1] if self._left else None

    def skip_blanks(self) -> None:
        """Blanks before an argument mean nothing."""
        while self._left and isinstance(text := self._left[-1], str):
            rest = text.lstrip()
            if rest:
                self._left[-1] = rest
                return
            self._left.pop()

    def rest(self) -> list[Node]:
        """All that is left, taken."""
        found = self._left[::-1]
        self._left = []
        return found

    def group(self) -> tuple[Node, ...] | None:
        """The group in braces that comes next, taken; None if something else comes."""
        at = self._after_blanks()
        if at is None or not isinstance(group := self._left[at], Group) or group.environment:
            return None
        del self._left[at:]
        return group.nodes

    def option(self) -> str | None:
        """What stands in square brackets next, taken, if it is words alone."""
        text = self._left[-1] if self._left else None
        if not isinstance(text, str) or not (match := re.match(r"\s*\[([^\[\]]*)\]", text)):
            return None
        self._left.pop()
        self._push(text[match.end() :])
        return match[1]

    def argument(self) -> tuple[Node, ...] | None:
        """The next argument as TeX takes it, a group or one token; None if there is none."""
        if (group := self.group()) is not None:
            return group
        self.skip_blanks()
        if not self._left:
            return None
        node = self._left.pop()
        if isinstance(node, str):
            self._push(node[1:])
            return (node[0],)
        return (node,)

    def _after_blanks(self) -> int | None:
        at = len(self._left) - 1
        while at >= 0 and isinstance(text := self._left[at], str) and not text.strip():
            at -= 1
        return at if at >= 0 else None

    def _push(self, text: str) -> None:
        if text:
            self._left.append(text)
