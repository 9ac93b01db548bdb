"""Text that goes into Discord's Markdown, and text that members wrote in it."""

import re
from collections.abc import Iterator
from typing import Final

import regex

from bot.text.fences import plain_fences
from bot.text.scan import MarkupSpan, SpanKind, scan

# Every code point that leaves nothing to see: blanks, controls, joiners, direction marks, variation
# selectors, fillers of Hangul and Khmer, the empty Braille pattern, lone surrogates.
_INVISIBLE: Final = regex.compile(
    r"[\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800\u115f\u1160\u3164\uffa0]*+"
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_ENDS: Final = re.compile("\r\n?|[\x85\u2028\u2029]")
_PDF, _PDI = "\u202c", "\u2069"
_DIRECTION: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EMBEDDINGS: Final = "\u202a\u202b\u202d\u202e"

_SIGNS: Final = re.compile(r"[\\`*]|_+|~~+|\|\|+")
_LINE_SIGN: Final = re.compile(r"^ *(?:(#{1,3}|-#|>>>|>|[-*+])(?=\s)|\d{1,9}([.)])(?= ))", re.M)
_BIG_QUOTE: Final = re.compile(r"^[ ]*>>> ", re.M)
_TICKS: Final = re.compile(r"`+")
_DOUBLED: Final = re.compile(r"\[(?=\[)")

# In the label of a masked link Discord shows backslashes (discord-api-docs #6185), makes no link
# of one that holds a URL (#7721) or, in plain content and components, an emoji (#6116, #7510).
_EMOJI: Final = regex.compile(r"[\p{Emoji_Presentation}\ufe0f]")
_SCHEME: Final = re.compile(r"https?:(?=//)", re.I)
_WORD_JOINER: Final = "\u2060"
_ALIKE: Final = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "|": "ǀ", "`": "ˋ"})


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in `text`: no character, or invisible ones alone."""
    return _INVISIBLE.fullmatch(text) is not None


def strip_controls(text: str) -> str:
    """`text` without control characters, its lines ended by LF, its directions closed.

    Kept: newline, tab, joiners (families of emoji), marks of direction. Embeddings, overrides and
    isolates left open are closed at the end of their line, and closers of nothing dropped, so that
    no line turns the text around it. Lone surrogates and a leading byte-order mark go.
    """
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).removeprefix("\ufeff")
    if not _DIRECTION.search(text):
        return text
    return "\n".join(_balanced(line) for line in text.split("\n"))


def escape(text: str) -> str:
    """`text` such that Discord shows it as it stands; URLs in it stay links.

    Only what Discord would take for Markdown gets a backslash. `<https://…>` stays a link without
    a preview, which Discord shows without the angles.
    """
    bared = scan(_bared(text)).spans
    unmasked = scan(_bared(text).replace("](", "] ")).spans  # in the same length, all links undone
    offsets = {span.start for span in unmasked if span.kind is SpanKind.MENTION}
    for span in bared:
        if span.kind is SpanKind.LINK:
            offsets |= {span.start, text.rindex("](", span.start, span.end)}
    offsets |= _signs(text, [s for s in unmasked if s.kind in (SpanKind.URL, SpanKind.ANGLE)])
    escaped = _with_backslashes(text, offsets)
    # A bracket before a link that is undone can become the beginning of another one.
    while links := [s for s in scan(escaped).spans if s.kind is SpanKind.LINK]:
        ends = {escaped.rindex("](", link.start, link.end) for link in links}
        escaped = _with_backslashes(escaped, ends)
    return escaped


def masked_link(label: str, url: str) -> str:
    """`[label](<url>)`, a link without a preview, for a label of plain text.

    Since nothing can be escaped in a label, formatting signs that Discord would act on become
    look-alikes, and so do brackets without a partner; a URL gets an invisible joiner. With an emoji
    in the label, which would spoil the link, it is `label (<url>)`; without a visible one `<url>`.
    """
    target = re.sub(r"[\s<>]", lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), url)
    label = " ".join(strip_controls(label).split())
    if is_blank(label) or label == url:
        return f"<{target}>"
    if _EMOJI.search(label) or any(s.kind is SpanKind.MENTION for s in scan(label).spans):
        return f"{escape(label)} (<{target}>)"
    return f"[{_label(label)}](<{target}>)"


def tame(text: str) -> str:
    """A member's Markdown such that it ends where it ends; its words and its looks stay.

    Controls go (`strip_controls`), fences become what Discord knows (`plain_fences`). One left open
    is closed at the end; a backtick, asterisk or bar without a partner, which is plain text as long
    as nothing follows, is escaped to stay that; a quote of all that follows (`>>> `) becomes a
    quote of its own lines.
    """
    text = _own_quotes(plain_fences(strip_controls(text)))
    for _ in range(4):
        unclosed = scan(text).unclosed
        if not unclosed:
            break
        text = _closed(text, unclosed)
    else:
        text = _with_backslashes(text, _signs(text, _kept(text), everything=True))
    slashes = len(text) - len(text.rstrip("\\"))
    return text + "\\" * (slashes % 2)


def _balanced(line: str) -> str:
    out: list[str] = []
    open_: list[str] = []  # the closers owed, innermost last
    position = 0
    for match in _DIRECTION.finditer(line):
        sign = match[0]
        out.append(line[position : match.start()])
        position = match.end()
        if sign == _PDF:
            if not open_ or open_[-1] != _PDF:
                continue
            open_.pop()
        elif sign == _PDI:
            if _PDI not in open_:
                continue
            while open_.pop() != _PDI:  # an isolate's end ends the embeddings in it
                pass
        else:
            open_.append(_PDF if sign in _EMBEDDINGS else _PDI)
        out.append(sign)
    return "".join([*out, line[position:], *reversed(open_)])


def _bared(text: str) -> str:
    """`text`, in the same length, as it is once nothing that Discord does not know hides more.

    That is, without backticks, backslashes and links of the form `[[note]]`.
    """
    return _DOUBLED.sub(" ", text.replace("`", '"').replace("\\", "*"))


def _kept(text: str) -> list[MarkupSpan]:
    return [s for s in scan(text).spans if s.kind is not SpanKind.EMPHASIS]


def _signs(text: str, kept: list[MarkupSpan], *, everything: bool = False) -> set[int]:
    """The offsets of the signs outside of `kept` that Discord acts on, or may act on."""
    found: set[int] = set()
    closing = re.search(r"_(?!\w)", _without(text, kept)) is not None
    for start, end in _gaps(text, kept):
        for match in _SIGNS.finditer(text, start, end):
            first, last = match.span()
            if everything or _acts(text, first, last, closing):
                found.update(range(first, last))
        for match in _LINE_SIGN.finditer(text, start, end):
            found.add(match.start(1 if match[1] else 2))
    return found


def _acts(text: str, first: int, last: int, closing: bool) -> bool:
    before = text[first - 1] if first else " "
    after = text[last] if last < len(text) else " "
    if text[first] == "\\":
        return last == len(text) or not (after.isalnum() or after.isspace())
    if text[first] == "*":
        return not (before.isspace() and after.isspace())
    if text[first:last] == "_":  # inside a word it means nothing unless another one ends a word
        return closing or not (before.isalnum() and after.isalnum())
    return True


def _gaps(text: str, kept: list[MarkupSpan]) -> Iterator[tuple[int, int]]:
    position = 0
    for span in kept:
        if span.start >= position:
            yield position, span.start
            position = span.end
    yield position, len(text)


def _without(text: str, kept: list[MarkupSpan]) -> str:
    return " ".join(text[start:end] for start, end in _gaps(text, kept))


def _with_backslashes(text: str, offsets: set[int]) -> str:
    out: list[str] = []
    position = 0
    for offset in sorted(offsets):
        out.append(text[position:offset])
        position = offset
    return "\\".join([*out, text[position:]])


def _label(text: str) -> str:
    text = _SCHEME.sub(lambda match: match[0] + _WORD_JOINER, text)
    for _ in range(4):
        marked = [s for s in scan(text).spans if s.marker]
        if not marked:
            break
        for span in marked:
            length = len(span.marker)
            inner = text[span.start + length : span.end - length]
            sign = span.marker.translate(_ALIKE)
            text = text[: span.start] + sign + inner + sign + text[span.end :]
    else:
        text = text.translate(_ALIKE)
    text = _paired_brackets(text)
    return text[:-1] + "∖" if text.endswith("\\") else text


def _paired_brackets(text: str) -> str:
    """`text` with brackets that have no partner as look-alikes."""
    characters = list(text)
    open_: list[int] = []
    for offset, character in enumerate(text):
        if character in "[]" and text[offset - 1 : offset] == "\\":
            characters[offset] = "［" if character == "[" else "］"
        elif character == "[":
            open_.append(offset)
        elif character == "]" and open_:
            open_.pop()
        elif character == "]":
            characters[offset] = "］"
    for offset in open_:
        characters[offset] = "［"
    return "".join(characters)


def _own_quotes(text: str) -> str:
    fences = [span for span in scan(text).spans if span.kind is SpanKind.FENCE]
    for match in _BIG_QUOTE.finditer(text):
        if not any(fence.start < match.start() < fence.end for fence in fences):
            quoted = text[match.end() :].split("\n")
            return text[: match.start()] + "\n".join(f"> {line}" for line in quoted)
    return text


def _closed(text: str, unclosed: tuple[tuple[int, str], ...]) -> str:
    offsets: set[int] = set()
    for offset, marker in unclosed:
        run = _TICKS.match(text, offset)
        end = run.end() if run else offset + len(marker)
        if marker == "```" and text[end:].strip("`\n "):
            closer = "```" if text.endswith("\n") else "\n```"
            return _with_backslashes(text, offsets) + closer
        offsets.update(range(offset, end))
    return _with_backslashes(text, offsets)
