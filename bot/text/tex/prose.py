"""Running text with TeX in it, as people read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.text.tex.chemistry import chemical, quantity, roman
from bot.text.tex.line import ORDINALS
from bot.text.tex.math import Formula
from bot.text.tex.scripts import script
from bot.text.tex.spans import TexKind, spans
from bot.text.tex.symbols import HIDDEN, NOTHING, ONE_TEXT, SPACES, symbol
from bot.text.tex.tree import Command, Group, Marked, Node, Reader, Script, parse, raw

_FIXED: Final = "\ue000"
"""Stands for what is final while dashes and quotes are set around it."""
_LISTS: Final = {
    "itemize", "enumerate", "description", "abstract", "quote", "quotation", "center", "flushleft",
    "theorem", "thm", "lemma", "proposition", "corollary", "definition", "remark", "document",
    "small", "proof", "keywords", "verse", "sloppypar", "footnotesize", "comment", "titlepage",
    "split", "minipage", "spacing", "bf", "it", "em", "verbatim", "compactitem", "itemize*",
}  # fmt: skip
_CITES: Final = re.compile(r"(?:[Cc]ite[a-zA-Z]*|nocite|autocite|parencite|textcite|footcite)\*?")
_REFERS: Final = {"ref", "autoref", "cref", "Cref", "pageref", "nameref", "vref", "subref"}
_NOTES: Final = {"footnote", "thanks", "footnotetext", "marginpar", "tablefootnote"}
_LITERAL: Final = "%&$#_{}"
_ACCENTS: Final = "'\"`^~=."
_SWALLOWING: Final = "£$€°“‘<>~\\|^_"
"""Signs that belong to what comes next, so that the blank that ends their command is none."""
_STAGE: Final = re.compile(r"(?<!\w)[ivx]{1,5}(?!\w)")
_FRACTION: Final = re.compile(r"\s*\\[tdc]?frac(?![a-z])")

_TIE: Final = re.compile(r"(?<=[^\s(\[{<=~/|])~(?=[^\s~])")
_DISTRIBUTED: Final = re.compile(r"(?<!\w)[A-Za-zα-ω]~(?=\\?[A-Za-z]+\()")
_RANGE: Final = re.compile(r"\d~\d")
_QUOTES: Final = re.compile(r"``([^`\n]{1,400}?)(?:''|\"(?!\w))")
_CLOSING: Final = re.compile(r"(?<=[^\W\d]|[.,;!?)])''(?!')")
_SINGLE: Final = re.compile(r"(?<![\w`'])`([^`'\n\s](?:[^`\n]{0,200}?[^`'\n\s])??)'(?![\w'])")
_DASHES: Final = re.compile(r"(?<![-<!\s])(---?)(?=[^\s\->])|(?<=[^\s\-])(\s)(---?)(?=\s)")
_PLAIN_GROUP: Final = re.compile(r"[\w\s.’'+/&()\u0300-\u036f–—-]*")


class Prose:
    """Writes running text."""

    def __init__(self) -> None:
        self._formula = Formula(self._nested)

    def shown(self, nodes: Sequence[Node]) -> str:
        """The text of these nodes."""
        pieces = _Pieces()
        self._write(Reader(nodes), pieces)
        return pieces.text()

    def _nested(self, nodes: Sequence[Node]) -> str:
        """Words within a formula, in which formulas may stand again."""
        text = raw(nodes)
        return self.shown(parse(spans(text)) if "$" in text else nodes)

    def _write(self, reader: Reader, out: _Pieces) -> None:
        while reader:
            node = reader.next()
            if isinstance(node, str):
                out.words(node)
            elif isinstance(node, Marked):
                self._marked(node, out)
            elif isinstance(node, Script):
                self._script(node, reader, out)
            elif isinstance(node, Command):
                self._command(node, reader, out)
            else:
                self._group(node, out)

    def _marked(self, node: Marked, out: _Pieces) -> None:
        if node.span.kind is TexKind.ADDRESS:
            out.fixed(node.span.body)
        else:
            shown = self._formula.shown(node.span.body)
            if _FRACTION.match(node.span.body) and out.last().isdigit():
                out.words(" ")
            out.fixed(node.span.raw if shown is None else shown)

    def _script(self, node: Script, reader: Reader, out: _Pieces) -> None:
        """Scripts outside of formulas are TeX only with braces: `H_{2}O`, not `foo_bar`."""
        if isinstance(reader.peek(), Group) and (group := reader.group()) is not None:
            out.fixed(self._formula.nodes((node, Group(group))))
        else:
            out.words(node.sign)

    def _group(self, group: Group, out: _Pieces) -> None:
        if group.environment:
            if group.environment in _LISTS:
                self._write(Reader(group.nodes), out)
            else:
                out.words(f"\\begin{{{group.environment}}}")
                self._write(Reader(group.nodes), out)
                out.words(f"\\end{{{group.environment}}}")
            return
        bare = not group.nodes or self._is_tex(group.nodes)
        if not group.nodes and out.last().isspace():
            out.words("{}")
            return
        out.words("" if bare else "{")
        small = group.nodes and isinstance(first := group.nodes[0], Command) and first.name == "sc"
        self._write(Reader(_stages(group.nodes) if small else group.nodes), out)
        out.words("" if bare else "}")

    def _is_tex(self, nodes: Sequence[Node]) -> bool:
        """Whether a group's braces are TeX's, rather than those of a set or of code."""
        if len(text := raw(nodes)) == 1 and not text.isalnum():
            return True  # 1{,}000
        first = next((node for node in nodes if not (isinstance(node, str) and node.isspace())), "")
        if isinstance(first, Command) and first.name not in _LITERAL:
            return True
        return all(
            not isinstance(node, str) or _PLAIN_GROUP.fullmatch(node) is not None for node in nodes
        )

    def _command(self, command: Command, reader: Reader, out: _Pieces) -> None:
        name = command.name
        if name in SPACES:
            if name == "\\":
                reader.option()
            out.words(" ")
        elif name in _LITERAL:
            out.fixed(name) if name in "{}" else out.words(name)
        elif name in NOTHING:
            pass
        elif name == "item":
            label = reader.option()
            out.words(f" {label} " if label else " • ")
        elif not self._with_arguments(command, reader, out):
            self._symbol(command, reader, out)

    def _symbol(self, command: Command, reader: Reader, out: _Pieces) -> None:
        shown = symbol(command.name)
        if command.name in _ACCENTS:
            # What is no accent by now has no letter: `\\~{}` is the sign itself.
            bare = isinstance(group := reader.peek(), Group) and not group.nodes
            out.fixed(command.name if bare else command.raw)
            if bare:
                reader.next()
            return
        if shown is None:
            out.words(command.raw)
            while not command.blank and isinstance(group := reader.peek(), Group):
                reader.next()
                out.words("{")
                self._write(Reader(group.nodes), out)
                out.words("}")
            return
        if isinstance(reader.peek(), Group) and not getattr(reader.peek(), "nodes", ()):
            reader.next()
        out.fixed(shown)
        if command.blank and shown not in _SWALLOWING:
            out.words(" ")

    def _with_arguments(self, command: Command, reader: Reader, out: _Pieces) -> bool:
        """Whether it is a command that takes something, which is written then."""
        name = command.name
        if name == "href":
            return self._href(reader, out)
        if name in ("ensuremath", "textsubscript", "textsuperscript"):
            group = reader.group()
            if group is not None:
                sign = {"textsubscript": "_", "textsuperscript": "^"}.get(name)
                shown = self._formula.nodes(group).strip()
                ordinal = sign == "^" and shown in ORDINALS
                out.fixed(script(sign, shown, word=True)[0] if sign and not ordinal else shown)
            return group is not None
        if name in HIDDEN:
            return self._formula.with_arguments(command, reader) is not None
        if name == "texorpdfstring":
            tex, plain = reader.group(), reader.group()
            self._write(Reader(plain if plain is not None else tex or ()), out)
            return tex is not None
        if name in ONE_TEXT or name in ("textcolor", "colorbox", "fcolorbox"):
            return self._styled(name, reader, out)
        if _CITES.fullmatch(name) or name in _REFERS or name in _NOTES or name == "eqref":
            return self._aside(name, reader, out)
        return self._science(command, reader, out)

    def _science(self, command: Command, reader: Reader, out: _Pieces) -> bool:
        name = command.name
        if name in ("ce", "ch", "SI", "si", "qty", "unit", "num", "ang", "ion"):
            reader.option()
            first = reader.group()
            if first is None:
                return False
            second = reader.group() if name in ("SI", "qty", "ion") else None
            out.fixed(self._measured(name, first, second))
            return True
        shown = self._formula.with_arguments(command, reader)
        if shown is not None:
            out.fixed(shown)
        return shown is not None

    def _measured(self, name: str, first: Sequence[Node], second: Sequence[Node] | None) -> str:
        if name in ("ce", "ch"):
            return chemical(raw(first))
        if name == "ion":
            return f"{self.shown(first)} {roman(self.shown(second or ()))}".strip()
        if name in ("si", "unit"):
            return quantity("", raw(first))
        value = self.shown(first)
        if name == "ang":
            return f"{value}°"
        return quantity(value, raw(second) if second is not None else "")

    def _styled(self, name: str, reader: Reader, out: _Pieces) -> bool:
        reader.option()
        for _ in range({"textcolor": 1, "colorbox": 1, "fcolorbox": 2}.get(name, 0)):
            if reader.group() is None:
                return False
        group = reader.group()
        if group is None:
            return False
        self._write(Reader(_stages(group) if name == "textsc" else group), out)
        return True

    def _aside(self, name: str, reader: Reader, out: _Pieces) -> bool:
        """What stands beside the text: `[Smith2010]`, `(a footnote)`."""
        options = [reader.option() for _ in range(2)]
        group = reader.group()
        if group is None:
            return False
        if name in _NOTES:
            out.words(" (")
            self._write(Reader(group), out)
            out.words(")")
        else:
            said = ", ".join([raw(group).strip(), *(one for one in options if one)]).replace(
                "~", " "
            )
            out.fixed(f"({said})" if name == "eqref" else f"[{said}]")
        return True

    def _href(self, reader: Reader, out: _Pieces) -> bool:
        target = reader.group()
        if target is None:
            return False
        group = reader.group()
        address = "".join(
            one.span.body if isinstance(one, Marked) else raw([one]) for one in target
        )
        label = self.shown(group or ()).strip()
        bare = re.sub(r"^\w+://(?:www\.)?|/$", "", address)
        if not label or re.sub(r"^\w+://(?:www\.)?|/$", "", label) == bare:
            out.fixed(address)
        else:
            out.words(label)
            out.fixed(f" ({address})")
        return True


def _stages(nodes: Sequence[Node]) -> list[Node]:
    """Small capitals: of an ion's stage (`C {\\sc iv}`) they are great ones to read."""
    return [_STAGE.sub(lambda m: m[0].upper(), n) if isinstance(n, str) else n for n in nodes]


class _Pieces:
    """What is written so far: words, whose dashes and quotes are still to be set, and the rest."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._fixed: list[str] = []

    def words(self, text: str) -> None:
        for number, part in enumerate(text.split(_FIXED)):
            if number:
                self.fixed(_FIXED)
            if part:
                self._words.append(part)

    def fixed(self, text: str) -> None:
        self._words.append(_FIXED)
        self._fixed.append(text)

    def last(self) -> str:
        """The last character; a blank at the beginning, the sign for what is fixed after such."""
        return self._words[-1][-1] if self._words else " "

    def text(self) -> str:
        parts = _typeset("".join(self._words)).split(_FIXED)
        out = [parts[0]]
        for fixed, part in zip(self._fixed, parts[1:], strict=True):
            out += [fixed, part]
        return "".join(out)


def _typeset(text: str) -> str:
    """Ties, quotes and dashes."""
    if "~" in text:
        kept = {m.end() - 1 for m in _DISTRIBUTED.finditer(text)}
        kept |= {m.start() + 1 for m in _RANGE.finditer(text)}
        text = _TIE.sub(lambda m: m[0] if m.start() in kept else " ", text)
    if "`" in text:
        text = _SINGLE.sub(r"‘\1’", _QUOTES.sub(r"“\1”", text))
    if "''" in text:
        text = _CLOSING.sub("”", text)
    if "--" in text:
        text = _DASHES.sub(_dash, text)
    return text


def _dash(match: re.Match[str]) -> str:
    dashes = match[1] or match[3]
    return (match[2] or "") + ("–" if len(dashes) == 2 else "—")
