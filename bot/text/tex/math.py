"""Formulas as plain text: what Unicode can show, and the rest piece by piece."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from bot.text.tex.accents import letters
from bot.text.tex.arrays import ENVIRONMENTS, array
from bot.text.tex.line import Line
from bot.text.tex.scripts import script
from bot.text.tex.symbols import (
    ALPHABETS,
    DECLARED,
    HIDDEN,
    MARKS,
    NOTHING,
    ONE_TEXT,
    OPERATORS,
    SPACES,
    UPRIGHT,
    marked,
    styled,
    symbol,
)
from bot.text.tex.tree import Command, Group, Marked, Node, Reader, Script, parse_formula, raw

Words = Callable[[Sequence[Node]], str]

_SIMPLE: Final = re.compile(r"√?[∂∇]?[^\W_]*[′⁰-⁹₀-₉²³]*")
_ROOTED: Final = re.compile(r"(?:\d+(?:\.\d+)?|[^\W\d_])[′⁰-⁹₀-₉²³]*|[^\W_]_[^\W_]+")
_LOOSE: Final = re.compile(r"(?<=[(\[⟨⌊⌈{]) +| +(?=[)\]⟩⌋⌉,}])")
_TEXT: Final = re.compile(r"\\(?:text\w*|mbox|hbox|emph)\s*\{(?:[^{}]|\{[^{}]*\})*\}")
_WORD: Final = {
    "rm", "mathrm", "text", "textrm", "mathsf", "mbox", "textit", "operatorname", "sf", "max",
    "min", "sup", "inf",
}  # fmt: skip
_BLANKS: Final = re.compile(r"\s+")
_ROOTS: Final = {"3": "∛", "4": "∜"}
_BETWEEN: Final = {
    "abs": ("|", "|"), "norm": ("‖", "‖"), "lVert": ("‖", "‖"), "set": ("{", "}"),
    "ceil": ("⌈", "⌉"), "floor": ("⌊", "⌋"), "bra": ("⟨", "|"), "ket": ("|", "⟩"),
    "braket": ("⟨", "⟩"), "expval": ("⟨", "⟩"), "ev": ("⟨", "⟩"), "mean": ("⟨", "⟩"),
    "Bra": ("⟨", "|"), "Ket": ("|", "⟩"), "Braket": ("⟨", "⟩"), "angles": ("⟨", "⟩"),
    "paren": ("(", ")"), "qty": ("(", ")"), "pmod": ("(mod ", ")"), "tag": ("(", ")"),
    "eqref": ("(", ")"), "avg": ("⟨", "⟩"), "vev": ("⟨", "⟩"), "comm": ("[", "]"),
}  # fmt: skip
FRACTIONS: Final = {
    "frac": "{}/{}", "tfrac": "{}/{}", "dfrac": "{}/{}", "cfrac": "{}/{}", "nicefrac": "{}/{}",
    "sfrac": "{}/{}", "textfrac": "{}/{}", "flatfrac": "{}/{}",
}  # fmt: skip
_NEW_OPERATORS: Final = {"operatorname", "operatorname*", "mathop"}
_DELIMITERS: Final = {".": "", "<": "⟨", ">": "⟩"}
_OVER: Final = {"over": "/", "choose": " choose ", "atop": " / "}
_CHANGED: Final = str.maketrans({"'": "′", "~": " ", "\n": " ", "\u2019": "′"})


class Formula:
    """Writes formulas. `words` writes what stands within them as running text (`\\text{…}`)."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def shown(self, body: str) -> str | None:
        """What stands between a formula's dollars, as text; None if its braces do not match."""
        nodes, balanced = parse_formula(_TEXT.sub(lambda match: letters(match[0]), body.strip()))
        text = _BLANKS.sub(" ", self.nodes(nodes)) if balanced else ""
        return _LOOSE.sub("", text) or None

    def nodes(self, nodes: Sequence[Node]) -> str:
        """The text of a list of nodes."""
        for at, node in enumerate(nodes):
            if isinstance(node, Command) and (between := _OVER.get(node.name)):
                return self._over(_without(nodes[:at]), between, _without(nodes[at + 1 :]))
        line = Line()
        reader = Reader(nodes)
        while reader:
            node = reader.next()
            if isinstance(node, Script):
                line.script(node.sign, *self._script(node.sign, reader))
            elif isinstance(node, Command):
                self._command(node, reader, line)
            else:
                line.add(self._plain(node))
        return line.text()

    def _script(self, sign: str, reader: Reader) -> tuple[str, bool]:
        """What is raised or lowered, and whether it is a word."""
        reader.skip_blanks()
        first = reader.peek()
        if isinstance(first, Marked) or first is None:
            return "", False
        inside = first.nodes if isinstance(first, Group) else (first,)
        word = any(isinstance(node, Command) and node.name in _WORD for node in inside)
        return self._atom(reader), word

    def _plain(self, node: Node) -> str:
        if isinstance(node, str):
            text = re.sub(r"---?", "–", node) if "--" in node else node
            text = text.replace("''", "″")
            return text.replace("$", "").translate(_CHANGED).replace("&", " ")
        if isinstance(node, Group):
            if node.environment:
                return self._environment(node)
            return self.nodes(node.nodes)
        return raw([node]) if not isinstance(node, Marked) else node.span.body

    def _environment(self, group: Group) -> str:
        if group.environment.rstrip("*") in ENVIRONMENTS:
            return array(group, self.nodes)
        return self.nodes(group.nodes)

    def _atom(self, reader: Reader) -> str:
        """What a script is put on: a group, a character, or a command with its arguments."""
        reader.skip_blanks()
        if not reader:
            return ""
        node = reader.next() if isinstance(reader.peek(), Command) else None
        if isinstance(node, Command):
            line = Line()
            self._command(Command(node.name), reader, line)
            return line.text()
        argument = reader.argument() or ()
        if len(argument) == 1 and isinstance(argument[0], Script):
            return argument[0].sign
        return self.nodes(argument)

    def _argument(self, reader: Reader) -> str | None:
        argument = reader.argument()
        return None if argument is None else self.nodes(argument)

    def _command(self, command: Command, reader: Reader, line: Line) -> None:
        name = command.name
        if name in DECLARED and not isinstance(reader.peek(), Group):
            line.add(styled(name, self.nodes(_without(reader.rest()))))
        elif name in SPACES and name != "\\":
            line.add(SPACES[name])
        elif name == "\\":
            reader.option()
            line.add(" ")
        elif name in NOTHING:
            if name in ("left", "right", "middle"):
                self._delimiter(reader, line)
        elif name in _NEW_OPERATORS and (written := self._argument(reader)) is not None:
            line.operator(written, command.blank)
        elif name in OPERATORS:
            line.operator(symbol(name) or name, command.blank)
        elif (made := self.with_arguments(command, reader)) is not None:
            line.fraction(made) if name in FRACTIONS else line.add(made)
        elif (shown := symbol(name)) is not None:
            line.sign(shown, command.blank)
        else:
            line.add(command.raw)
            if isinstance(reader.peek(), Group):
                line.add(raw([reader.next()]))

    def _delimiter(self, reader: Reader, line: Line) -> None:
        r"""`\left.` shows nothing, `\left<` is an angle."""
        reader.skip_blanks()
        if isinstance(text := reader.peek(), str) and text[0] in _DELIMITERS:
            reader.argument()
            line.add(_DELIMITERS[text[0]])

    def with_arguments(self, command: Command, reader: Reader) -> str | None:
        """The text of a command with what it takes; None if it is not known to take anything."""
        name = command.name
        if name in HIDDEN:
            reader.option()
            for _ in range(HIDDEN[name]):
                reader.group()
            return ""
        if name in _BETWEEN and (name == "pmod" or isinstance(reader.peek(), Group)):
            opener, closer = _BETWEEN[name]
            inside = [self._argument(reader) or ""]
            while name in ("braket", "comm") and isinstance(reader.peek(), Group):
                inside.append(self.nodes(reader.group() or ()))
            return f"{opener}{('|' if name == 'braket' else ', ').join(inside)}{closer}"
        if name in ONE_TEXT:
            group = reader.group()
            return None if group is None else self._words(group)
        if name in ("textcolor", "colorbox", "fcolorbox"):
            return self._coloured(name, reader)
        if name in FRACTIONS or name in ("binom", "tbinom", "dbinom"):
            return self._pair(name, reader)
        return self._decorated(command, reader)

    def _coloured(self, name: str, reader: Reader) -> str | None:
        reader.option()
        for _ in range(2 if name == "fcolorbox" else 1):
            if reader.group() is None:
                return None
        group = reader.group()
        return None if group is None else self.nodes(group)

    def _decorated(self, command: Command, reader: Reader) -> str | None:
        name = command.name
        if name == "sqrt":
            return self._root(reader)
        if name in UPRIGHT:
            return self._argument(reader)
        if name in ALPHABETS:
            inner = self._argument(reader)
            return None if inner is None else styled(name, inner)
        if name in MARKS:
            inner = self._argument(reader)
            return None if inner is None else self._with_mark(name, inner)
        if name == "not":
            while isinstance(after := reader.peek(), Command) and after.name in NOTHING:
                reader.next()
            inner = self._argument(reader)
            return unicodedata.normalize("NFC", f"{inner[:1]}\u0338") + inner[1:] if inner else None
        if name in ("stackrel", "overset", "underset", "xrightarrow", "xleftarrow"):
            return self._stacked(name, reader)
        if name in ("textsubscript", "textsuperscript"):
            group = reader.group()
            sign = "_" if name == "textsubscript" else "^"
            return None if group is None else script(sign, self._words(group))[0]
        if name == "substack":
            group = reader.group()
            return None if group is None else array(Group(group, "substack"), self.nodes)
        return None

    def _root(self, reader: Reader) -> str | None:
        degree = reader.option()
        inner = self._argument(reader)
        if inner is None:
            return None
        inside = inner if _ROOTED.fullmatch(inner) else f"({inner})"
        if degree is None:
            return f"√{inside}"
        return f"{_ROOTS.get(degree) or script('^', degree)[0] + '√'}{inside}"

    def _pair(self, name: str, reader: Reader) -> str | None:
        above, below = self._argument(reader), self._argument(reader)
        if above is None or below is None:
            return f"\\{name}{above or ''}"
        above, below = " ".join(above.split()), " ".join(below.split())
        if name not in FRACTIONS:
            return f"({above} choose {below})"
        return FRACTIONS[name].format(_bracketed(above), _bracketed(below))

    def _over(self, above: Sequence[Node], between: str, below: Sequence[Node]) -> str:
        parts = [self.nodes(above).strip(), self.nodes(below).strip()]
        if between == "/":
            return f"{_bracketed(parts[0])}/{_bracketed(parts[1])}"
        return f"({between.join(parts)})"

    def _with_mark(self, name: str, inner: str) -> str:
        inner = inner.strip()
        return marked(inner, MARKS[name]) or f"\\{name}{{{inner}}}" if inner else ""

    def _stacked(self, name: str, reader: Reader) -> str | None:
        reader.option()
        first = self._argument(reader)
        if first is None or name.startswith("x"):
            arrow = "→" if name == "xrightarrow" else "←"
            return first if first is None else f"{arrow}{script('^', first)[0]}"
        base = self._argument(reader)
        sign = "_" if name == "underset" else "^"
        return None if base is None else f"{base}{script(sign, first)[0]}"


def _without(nodes: Sequence[Node]) -> list[Node]:
    """The nodes without commands that change all of their group a second time."""
    return [
        node
        for node in nodes
        if not (isinstance(node, Command) and (node.name in _OVER or node.name in DECLARED))
    ]


def _bracketed(part: str) -> str:
    return part if _SIMPLE.fullmatch(part) else f"({part})"
