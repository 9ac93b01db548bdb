"""Lists of papers: bullets with links, tables, headings with properties below each.

What begins a paper here is told by the form of the whole list, not line by line: a bullet with a
link in somebody's text begins none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.archive.parser.head_lines import Section
from bot.archive.parser.lexer import Look, Unit
from bot.archive.parser.model import PaperForm, PaperReference, Role
from bot.archive.parser.paper_heads import heading_level
from bot.archive.parser.properties import (
    LABELS,
    as_tag,
    plain_key,
    read_properties,
    references_in,
    shown,
)
from bot.archive.parser.tables import TableRow, tables_in
from bot.archive.parser.tasks import TASK, is_outliners
from bot.archive.parser.titles import has_cjk, read_titled

_BULLET: Final = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+" + f"{TASK}{{0,3}}")
_LINK: Final = re.compile(
    r"\[(?P<label>[^\[\]]{1,400})\]\(\s*<?(?P<url>https?://[^)\s>\[\]]{1,2000})>?"
    r"(?:\s[^)]{0,300})?\)"
)
_REFERENCE: Final = re.compile(
    rf"{_LINK.pattern}|<?https?://[^\s<>()\[\]]+>?|\barXiv:\s*(?:\d{{4}}\.\d{{4,5}}|[a-z-]+/\d{{7}})(?:v\d+)?",
    re.IGNORECASE,
)
_EMPHASIS: Final = re.compile(r"(\*\*|__|\*|_|[\"“「])(?P<title>.+?)(?:\1|[\"”」])")
_OPENING: Final = ' \t([<*_"“:,-–—|'
_CLOSING: Final = re.compile(r"[)\]>*_\"”\s]*")
_SEPARATOR: Final = re.compile(r"\s*(?:[—–:|,;.]|--?)?\s*")
_VENUE: Final = re.compile(r"[(\[*_]*[A-Z][\w &'’./-]{1,40}?[ ,']*\d{2,4}[)\]*_.]*")
_BESIDE: Final = re.compile(r"\[\[[^\[\]]*\]\](?!\()|(?<!\S)#[^\s#]+")
"""Links to notes and tags, which stand beside a title and are none."""
_NO_LABEL: Final = re.compile(
    r"https?://|(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?$|[a-z-]+/\d{7}$", re.IGNORECASE
)
_BY: Final = re.compile(r".{0,300}\(\d{4}[a-z]?\)[.,:]?|.{0,100}et al\.?,?:?|[\d/.-]{8,10}:?")
_BY_BEFORE: Final = re.compile(
    r".{3,300}?(?:\(\d{4}[a-z]?\)|\bet al\b\.?)[.,:]?\s+(?=[*_\"“A-Z\d])"
)
"""Who wrote a paper and when, before its title: `Vaswani et al. (2017).`, `He et al.`"""
_ABBREVIATED: Final = re.compile(r"\b(?:et al|vs|cf|e\.g|i\.e|[A-Z])\.")
"""A full stop that ends no sentence."""
_TAGS: Final = re.compile(r"(?:\s*#[^\s#]+)+\s*")
_SENTENCE: Final = re.compile(r"[.!?…。][ \t]|(?:다|요|음|듯)\.?$")


@dataclass(frozen=True, slots=True)
class PaperList:
    """Lines, some cut in parts, and the papers that begin at them, by the place of the line."""

    units: tuple[Unit, ...]
    sections: Mapping[int, Section] = field(default_factory=dict)


def papers_listed(
    text: str, units: Sequence[Unit], *, headings_alone: bool = False
) -> PaperList | None:
    """A file's lines as a list of papers; None if they are none."""
    for read in (_by_headings,) if headings_alone else (_by_headings, _as_table, _as_bullets):
        found = read(text, units)
        if found is not None and found.sections:
            return found
    return None


# -- headings, each with properties ----------------------------------------------------------------


def _by_headings(text: str, units: Sequence[Unit]) -> PaperList | None:
    """`## Title`, below it `- **Link:** URL`: two or more, on one level."""
    found: dict[int, Section] = {}
    for at, unit in enumerate(units):
        if unit.look is not Look.HEADING:
            continue
        properties = read_properties({}, units[at : _next_heading(units, at)])
        reference = properties.reference()
        if reference is None:
            continue
        titled = read_titled(shown(unit.title))
        section = Section(PaperForm.FRONT, reference, titled.title if titled else shown(unit.title))
        section.authors = properties.authors or (titled.authors if titled else ())
        section.title = properties.title or section.title
        section.tags, section.writer, section.day = (
            properties.tags,
            properties.writer,
            properties.day,
        )
        section.level = heading_level(unit)
        section.mark([at], Role.TITLE)
        section.mark([at + line for line in sorted(properties.lines)], Role.FRONT)
        found[at] = section
    first = next(iter(found.values()), None)
    found = {at: one for at, one in found.items() if first and one.level == first.level}
    return PaperList(tuple(units), found) if len(found) > 1 else None


def _next_heading(units: Sequence[Unit], at: int) -> int:
    following = range(at + 1, len(units))
    return next((line for line in following if units[line].look is Look.HEADING), len(units))


# -- tables ----------------------------------------------------------------------------------------


def _as_table(text: str, units: Sequence[Unit]) -> PaperList | None:
    rows = dict(tables_in(text, units))
    cut: list[Unit] = []
    found: dict[int, Section] = {}
    for at, unit in enumerate(units):
        row = rows.get(at)
        if row is None:
            cut.append(unit)
            continue
        section = _section_of(row, len(cut))
        cut += _parts(text, unit, row)
        if section is not None:
            found[section.after - len(_parts(text, unit, row))] = section
    return PaperList(tuple(cut), found)


def _section_of(row: TableRow, at: int) -> Section | None:
    if row.reference is None:
        return None
    section = Section(PaperForm.TABLE, row.reference, row.title, row.authors)
    section.tags, section.writer, section.day = row.tags, row.writer, row.day
    section.closed, section.escapes = True, "table"
    section.mark([at], Role.REFERENCE)
    for number, _ in enumerate(row.notes):
        said = at + 1 + 2 * number
        section.mark([said], Role.TAKE)
        section.mark([said + 1], Role.REFERENCE)
        section.said.append(said)
    return section


def _parts(text: str, unit: Unit, row: TableRow) -> list[Unit]:
    """A row cut at its notes: what stands before, each note, what stands behind it."""
    parts: list[Unit] = []
    done = unit.start
    for start, end in row.notes:
        parts.append(Unit(done, start, text[done:start].strip(), Look.TEXT))
        parts.append(Unit(start, end, text[start:end], Look.TEXT))
        done = end
    parts.append(Unit(done, unit.end, text[done : unit.end].strip(), Look.TEXT))
    return parts


# -- bullets ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """What a bullet says of a paper; `length` of its line belongs to the paper's head."""

    reference: PaperReference
    title: str
    authors: tuple[str, ...]
    length: int


def _as_bullets(text: str, units: Sequence[Unit]) -> PaperList | None:
    """Bullets of which most name a paper, in a file with no more lines of text than bullets."""
    indents = [_indent(text, unit) for unit in units if _BULLET.match(text, unit.start, unit.end)]
    if not indents:
        return None
    first = indents[0]
    deeper = min((indent for indent in indents if indent > first), default=None)
    found = _bullets_at(text, units, first)
    if found is None and deeper is not None:
        found = _bullets_at(text, units, deeper, above=first)
    return found


def _indent(text: str, unit: Unit) -> int:
    line = text[unit.start : unit.end]
    return len(line) - len(line.lstrip(" \t"))


def _bullets_at(
    text: str, units: Sequence[Unit], depth: int, *, above: int = -1
) -> PaperList | None:
    """The bullets that are indented as far as this; `above` are those that only head them, as
    `- Papers` does in an outliner: no paper is named there."""
    items: dict[int, _Item] = {}
    bullets, others = 0, 0
    for at, unit in enumerate(units):
        line = text[unit.start : unit.end]
        mark = _BULLET.match(line)
        indent = _indent(text, unit)
        if indent <= above and _REFERENCE.search(line):
            return None
        if mark is None:
            if unit.look is Look.TEXT and not indent and at - 1 in items:
                return None  # A heading with a number, and text below it.
            others += (
                unit.look in (Look.TEXT, Look.QUOTE, Look.REFERENCE, Look.TITLED) and not indent
            )
            continue
        if indent > depth:
            continue
        if indent <= above:
            others += 1
            continue
        bullets += 1
        if (item := _item(line.rstrip(), mark.end())) is not None:
            items[at] = item
    if not items or 2 * len(items) < bullets or others > 2 * bullets:
        return None
    return _cut_items(text, units, items, depth)


def _cut_items(
    text: str, units: Sequence[Unit], items: Mapping[int, _Item], depth: int
) -> PaperList:
    cut: list[Unit] = []
    found: dict[int, Section] = {}
    section: Section | None = None
    for at, unit in enumerate(units):
        item = items.get(at)
        if item is None:
            line = text[unit.start : unit.end]
            inside = len(line) - len(line.lstrip(" \t")) > depth
            if section is not None and (inside or unit.look is Look.BLANK):
                if unit.look is not Look.BLANK and not is_outliners(unit.text):
                    section.mark([len(cut)], Role.TAKE)
                    section.said.append(len(cut))
            else:
                section = None
            cut.append(unit)
            continue
        section = Section(PaperForm.LINK, item.reference, item.title, item.authors, closed=True)
        found[len(cut)] = section
        section.mark([len(cut)], Role.REFERENCE)
        middle = unit.start + item.length
        rest = text[middle : unit.end]
        if not rest.strip() or _TAGS.fullmatch(rest):
            section.tags = tuple(tag for one in rest.split() if (tag := as_tag(one)))
            cut.append(unit)
            continue
        cut.append(replace(unit, end=middle, text=text[unit.start : middle].strip()))
        section.mark([len(cut)], Role.TAKE)
        section.said.append(len(cut))
        cut.append(Unit(middle, unit.end, rest.strip(), Look.TEXT))
    return PaperList(tuple(cut), found)


def _item(line: str, start: int) -> _Item | None:
    """The paper that a bullet begins with: `[Title](URL) text`, `**Title** (arXiv:…) text`, …"""
    match = _REFERENCE.search(line, start)
    if match is None:
        return None
    reference = next(iter(references_in(match[0])), None)
    if reference is None:
        return None
    before, label = _BESIDE.sub("", line[start : match.start()]), match["label"] or ""
    end = match.end()
    titled_link = bool(label) and plain_key(label) not in LABELS and not _NO_LABEL.match(label)
    if titled_link and (not before.strip(_OPENING) or _BY.fullmatch(before.strip())):
        title = shown(label)
    elif not before.strip(_OPENING):
        title, end = _title_behind(line, end)
    else:
        title = _title_before(before)
    if not title:
        return None
    end = _behind_links(line, end)
    titled = read_titled(f"{title} {line[end:].strip()}") if line[end:].startswith(" (") else None
    titled = titled or read_titled(title)
    if titled is not None and titled.sure:
        behind = titled.title == title
        return _Item(reference, titled.title, titled.authors, len(line) if behind else end)
    rest = line[end:]
    if _VENUE.fullmatch(rest.strip(" ,.;")):
        return _Item(reference, title, (), len(line))
    separator = _SEPARATOR.match(line, end)
    return _Item(reference, title, (), separator.end() if separator else end)


def _title_before(before: str) -> str:
    """The title in what stands before a reference; "" if that is a sentence."""
    if emphasised := _EMPHASIS.match(before.lstrip()):
        return shown(emphasised["title"]).rstrip(".,:")
    if by := _BY_BEFORE.match(before):
        return _title_before(before[by.end() :])
    plain = shown(before.rstrip(_OPENING)).rstrip(".,:")
    if plain_key(plain) in LABELS or not 2 <= len(plain) <= 300 or "](" in before:
        return ""
    sentence = _SENTENCE.search(_ABBREVIATED.sub("", plain))
    return "" if sentence or (has_cjk(plain) and len(plain) > 100) else plain


def _title_behind(line: str, end: int) -> tuple[str, int]:
    """`[[Paper](URL)] Title — text`: the title behind the links, and where it ends."""
    start = _behind_links(line, end)
    match = re.compile(r"\s*(?P<title>[^\[\]\n]+?)(?=\s+[—–-]\s|:\s[^A-Z\d]|\s*\[|$)").match(
        line, start
    )
    if match is None or _SENTENCE.search(match["title"]):
        return "", end
    return shown(match["title"]), match.end()


def _behind_links(line: str, end: int) -> int:
    """Where the links called *Code* and the like end that follow a reference."""
    while True:
        closing = _CLOSING.match(line, end)
        end = max(end, len(line[: closing.end()].rstrip(" \t"))) if closing else end
        link = re.compile(rf"[\s|,/·(\[]*{_LINK.pattern}").match(line, end)
        if link is None or plain_key(link["label"]) not in LABELS:
            return end
        end = link.end()
