"""One walk over Discord's Markdown: where its inline pieces begin and end.

Not a renderer: it finds what must not be torn (links, mentions, code, emphasis) and what was
opened and never closed. The rules are those of Discord's client as people see them: a delimiter
that finds no partner is plain text. Linear in the length of the text.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class SpanKind(Enum):
    """What a span is."""

    URL = "url"  # https://…, bare
    ANGLE = "angle"  # <https://…>
    LINK = "link"  # [label](url) and [label](<url>)
    WIKI = "wiki"  # [[Title]]
    MENTION = "mention"  # <@1>, <#1>, <@&1>, <:name:1>, <t:1:R>, </name:1>
    ESCAPE = "escape"  # \*
    CODE = "code"  # `code`
    FENCE = "fence"  # ```code```
    EMPHASIS = "emphasis"  # *, **, _, __, ~~, ||


@dataclass(frozen=True, slots=True)
class MarkupSpan:
    """`text[start:end]`; `marker` is what opens (and closes) code and emphasis, else empty.

    `target` is the URL of a link or the title of a wiki link.
    """

    kind: SpanKind
    start: int
    end: int
    marker: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """The spans by their start (inner ones of emphasis after the outer), and what stayed open."""

    spans: tuple[MarkupSpan, ...]
    unclosed: tuple[tuple[int, str], ...]  # offset and marker of openers without a partner


# That each begins with one of a set of characters lets `re` leap over all others.
_SPECIAL: Final = re.compile(
    r"[hH\\`\[\]<*_~|](?:(?<=[hH])[tT]{2}[pP][sS]?://|(?<=\\).|(?<=`)`*|(?<=\[)\[?|(?<=[\]<])"
    r"|(?<=\*)\**|(?<=_)_*|(?<=~)~+|(?<=\|)\|+)",
    re.S,
)
_TICKS: Final = re.compile(r"`+")
_MENTION: Final = re.compile(
    r"<(?:@[!&]?\d{1,20}|#\d{1,20}|a?:\w{1,32}:\d{1,20}|t:-?\d{1,17}(?::[a-zA-Z])?"
    r"|/[^\s<>][^<>\n]{0,110}:\d{1,20}|id:\w{1,20})>"
)
_ANGLE: Final = re.compile(r"<(https?://[^\s<>]++)>", re.I)
_WIKI: Final = re.compile(r"\[\[([^\[\]\n]{1,300})\]\]")
_TARGET: Final = re.compile(
    r"\(\s?(?:<(https?://[^<>\s]++)>|(https?://(?:[^\s<>()]|\([^\s<>()]*+\))*+))"
    r"(?:[ \t]++\"[^\"\n]*+\")?\s?\)",
    re.I,
)
# A bare URL ends at blanks and angle brackets, at the "](" of a masked link around it, at "||", and
# at the punctuation of scripts that write none of it in URLs.
_URL_PART: Final = re.compile(
    r"(?:[^\s<>`\"\]()|。、，；：！？（）「」『』【】《》〈〉“”‘’…]|\](?!\()|\|(?!\|))++|\(|\)"
)
_FENCE_LANGUAGE: Final = re.compile(r"```([A-Za-z0-9_+\-.#]+)\n")
_TRAILING: Final = frozenset(".,:;!?'*_~|\\")
_MAX_MASK: Final = 4000  # Discord shows no longer label; also bounds what a lone "[" may claim


def url_end(text: str, start: int) -> int:
    """The end of the bare URL at `start`, without the brackets and punctuation of the sentence.

    `start` itself where nothing follows the scheme.
    """
    host = text.index("://", start) + 3
    end, depth = host, 0
    while part := _URL_PART.match(text, end):
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if depth < 0:
            break
        end = part.end()
    square = text.count("[", host, end) - text.count("]", host, end)
    while end > host:
        last = text[end - 1]
        if last == "]" and square < 0:
            square += 1
        elif last == "[" and square > 0:
            square -= 1
        elif last != "(" and last not in _TRAILING:
            break
        end -= 1
    return end if end > host else start


def scan(text: str) -> Scan:
    """The spans of `text`."""
    return _Scanner(text).run()


def fence_language(text: str, fence: MarkupSpan) -> str:
    """The language named by a fence, empty where none is."""
    match = _FENCE_LANGUAGE.match(text, fence.start, fence.end)
    return match[1] if match else ""


@dataclass(slots=True)
class _Scanner:
    text: str
    spans: list[MarkupSpan] = field(default_factory=list)
    # Openers waiting for a partner: (offset, marker), at most one a marker.
    open: list[tuple[int, str]] = field(default_factory=list)
    brackets: list[tuple[int, int, int]] = field(default_factory=list)  # offset, open, spans
    unclosed: list[tuple[int, str]] = field(default_factory=list)
    ticks: dict[int, list[int]] = field(default_factory=dict)
    fences_left: bool = True

    def run(self) -> Scan:
        if "`" in self.text:
            for run in _TICKS.finditer(self.text):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
        position = 0
        while match := _SPECIAL.search(self.text, position):
            position = self._step(match)
        self.unclosed.extend(self.open)
        self.unclosed.sort()
        self.spans.sort(key=lambda span: (span.start, -span.end))
        return Scan(tuple(self.spans), tuple(self.unclosed))

    def _step(self, match: re.Match[str]) -> int:
        start, token = match.start(), match[0]
        head = token[0]
        if head == "\\":
            if not (token[1].isalnum() or token[1].isspace()):
                self.spans.append(MarkupSpan(SpanKind.ESCAPE, start, start + 2))
                return start + 2
            return start + 1
        if head == "`":
            return self._code(start, len(token))
        if head == "<":
            return self._angle(start)
        if head == "[":
            return self._bracket(start, token)
        if head == "]":
            return self._mask(start)
        if head in "hH":
            return self._url(start)
        return self._emphasis(start, token)

    def _url(self, start: int) -> int:
        end = url_end(self.text, start)
        if end == start:
            return start + 4
        self.spans.append(MarkupSpan(SpanKind.URL, start, end, target=self.text[start:end]))
        return end

    def _angle(self, start: int) -> int:
        if match := _MENTION.match(self.text, start):
            self.spans.append(MarkupSpan(SpanKind.MENTION, start, match.end()))
            return match.end()
        if angle := _ANGLE.match(self.text, start):
            self.spans.append(MarkupSpan(SpanKind.ANGLE, start, angle.end(), target=angle[1]))
            return angle.end()
        return start + 1

    def _bracket(self, start: int, run: str) -> int:
        if run == "[[" and (match := _WIKI.match(self.text, start)):
            self.spans.append(
                MarkupSpan(SpanKind.WIKI, start, match.end(), target=match[1].strip())
            )
            return match.end()
        self.brackets.append((start, len(self.open), len(self.spans)))
        return start + 1

    def _mask(self, end: int) -> int:
        if not self.brackets:
            return end + 1
        start, opened, spans = self.brackets.pop()
        target = _TARGET.match(self.text, end + 1)
        if target is None or end - start > _MAX_MASK or end == start + 1:
            return end + 1
        del self.open[opened:]  # what was opened inside the label closes with it
        del self.spans[spans:]
        url = target[1] or target[2]
        self.spans.append(MarkupSpan(SpanKind.LINK, start, target.end(), target=url))
        return target.end()

    def _code(self, start: int, length: int) -> int:
        text = self.text
        if length >= 3 and self.fences_left:
            close = text.find("```", start + 3)
            if close < 0:
                self.fences_left = False
            elif text[start + 3 : close].strip("\n"):
                self.spans.append(MarkupSpan(SpanKind.FENCE, start, close + 3, "```"))
                return close + 3
        runs = self.ticks.get(length, [])
        after = bisect_right(runs, start)
        if length < 3 and after < len(runs):
            close = runs[after]
            self.spans.append(MarkupSpan(SpanKind.CODE, start, close + length, "`" * length))
            return close + length
        self.unclosed.append((start, "```" if length >= 3 else "`" * length))
        return start + length

    def _emphasis(self, start: int, run: str) -> int:
        sign, length = run[0], len(run)
        before = self.text[start - 1] if start else " "
        after = self.text[start + length] if start + length < len(self.text) else " "
        position = start
        while length and (marker := self._closes(sign, length, before, after)):
            self._close(marker, position)
            position += len(marker)
            length -= len(marker)
        if length > 3 or (length == 3 and sign in "~|"):
            return start + len(run)
        for marker in ([sign * 2] if length > 1 else []) + ([sign] if length % 2 else []):
            if self._opens(marker, before, after):
                self.open.append((position, marker))
            position += len(marker)
        return start + len(run)

    def _opens(self, marker: str, before: str, after: str) -> bool:
        if any(marker == other for _, other in self.open):
            return False
        if marker == "*":
            return not after.isspace()
        if marker == "_":
            return not after.isspace() and not _wordy(before)
        return len(marker) == 2

    def _closes(self, sign: str, length: int, before: str, after: str) -> str:
        """The marker of the innermost opener that this run of signs can close, or nothing."""
        for _, marker in reversed(self.open):
            if marker[0] != sign:
                continue
            if len(marker) > length or (marker == "*" and before.isspace()):
                return ""
            if marker == "_" and (_wordy(after) or before.isspace()):
                return ""
            return marker
        return ""

    def _close(self, marker: str, position: int) -> None:
        index = max(i for i, (_, other) in enumerate(self.open) if other == marker)
        start = self.open[index][0]
        self.unclosed.extend(self.open[index + 1 :])
        del self.open[index:]
        if start + len(marker) < position:
            self.spans.append(MarkupSpan(SpanKind.EMPHASIS, start, position + len(marker), marker))


def _wordy(character: str) -> bool:
    return character.isalnum() or character == "_"
