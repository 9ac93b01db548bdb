"""Walking over a file's lines: what is a paper's, what is prose, what was said about what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bot.archive.parser.days import only_day
from bot.archive.parser.head_lines import Section
from bot.archive.parser.lexer import Look, Unit
from bot.archive.parser.lines import Lines
from bot.archive.parser.linked_lines import links_in, title_before_link
from bot.archive.parser.model import (
    ArchivedEntry,
    ArchivedTake,
    Block,
    PaperForm,
    PaperReference,
    Role,
    Slice,
)
from bot.archive.parser.paper_heads import (
    Before,
    another_by_heading,
    belongs_to_head,
    head_at,
    heading_head_at,
    heading_level,
)
from bot.archive.parser.take_blocks import takes_of
from bot.archive.parser.tasks import is_outliners
from bot.archive.parser.transitions import transition_in
from bot.archive.parser.writers import parts_of, writer_lines

_MAY_BEGIN = (Look.TEXT, Look.REFERENCE, Look.TITLED)
"""Looks of lines by which a paper may begin."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is understood of a file's lines: blocks that cover them, papers, closing tags."""

    blocks: tuple[Block, ...]
    entries: tuple[ArchivedEntry, ...]
    tags: tuple[str, ...]
    intro: str
    """The prose before the first paper."""


def read_lines(
    text: str,
    units: Sequence[Unit],
    *,
    name: str,
    digest: bool,
    about: Section | None = None,
    properties: Collection[int] = (),
    listed: Mapping[int, Section] = MappingProxyType({}),
) -> Reading:
    """Read a file's lines. `about` is the paper that its properties say all of it is about, in
    whose text no other begins; `properties` are the lines where these stand; `listed` the
    papers of a list, by their first lines."""
    lines = Lines(text, list(units), name=name, digest=digest)
    walk = Walk(lines, about, properties, listed)
    walk.run()
    tags = _closing_tags(walk)
    if not walk.sections and not digest:
        _read_running_link(walk)
    if digest:
        _part_sections(walk)
    writers = writer_lines(lines, walk.sections)
    if writers and digest:
        # Papertakes' own post has no heading but its title: others are of somebody's take.
        lines = Lines(text, list(units), name=name, digest=digest)
        walk = Walk(lines, about, properties, listed, headings_are_text=True)
        walk.run()
        tags = _closing_tags(walk)
        writers = writer_lines(lines, walk.sections)
    for at in writers:
        walk.roles[at] = Role.FRONT
    marks = _language_marks(walk)
    entries = tuple(
        _entry(walk, section, marks.get(index, ()), writers)
        for index, section in enumerate(walk.sections)
    )
    return Reading(tuple(_blocks(walk)), entries, tags, _intro(walk))


class Walk:
    """One pass over the lines of a file: the role of each and the section that it belongs to."""

    def __init__(
        self,
        lines: Lines,
        about: Section | None = None,
        properties: Collection[int] = (),
        listed: Mapping[int, Section] = MappingProxyType({}),
        *,
        headings_are_text: bool = False,
    ) -> None:
        self.lines = lines
        self.headings_are_text = headings_are_text
        self.listed = listed
        self.day: date | None = None
        """Of the last heading that is a day."""
        own = (at for at, unit in enumerate(lines.units) if is_outliners(unit.text))
        self.roles: dict[int, Role] = dict.fromkeys(own, Role.LINKS)
        self.roles |= dict.fromkeys(properties, Role.FRONT)
        self.owners: dict[int, int] = {}
        self.sealed = about is not None
        self.sections = [about] if about is not None else []
        self.current = 0 if about is not None else None
        for at, role in about.roles.items() if about is not None else ():
            self.mark(at, role)
        first = lines.next(0)
        self._title = (
            first if first is not None and lines.units[first].look is Look.HEADING else None
        )

    def run(self) -> None:
        at = 0
        while at < len(self.lines.units):
            at = self._step(at)

    def mark(self, at: int, role: Role) -> None:
        """Give a line its role, within the section that is being read."""
        self.roles[at] = role
        if self.current is not None:
            self.owners[at] = self.current

    def begin(self, section: Section) -> int:
        """Go on with a section; the line after its head."""
        section.day = section.day or self.day
        self.sections.append(section)
        self.current = len(self.sections) - 1
        for at, role in section.roles.items():
            self.mark(at, role)
        if section.closed:
            self.current = None
        return section.after

    def say(self, at: int) -> None:
        """A line that is text: of a take if a paper has begun."""
        if self.current is None:
            self.mark(at, Role.PROSE)
        else:
            self.mark(at, Role.TAKE)
            self.sections[self.current].said.append(at)

    def let_go(self, lines: Sequence[int]) -> None:
        """Make lines that were taken for somebody's take prose."""
        for at in lines:
            self.roles[at] = Role.PROSE
            self.owners.pop(at, None)

    def _before(self) -> Before:
        current = None if self.current is None else self.sections[self.current]
        return Before(self.sections[-1] if self.sections else None, current)

    def _step(self, at: int) -> int:
        unit = self.lines.units[at]
        look = unit.look
        if at in self.listed:
            return self.begin(self.listed[at])
        if look is Look.BLANK or at in self.roles:
            return at + 1
        if look is Look.HEADING or look is Look.RULE:
            return self._heading(at)
        if look is Look.OPEN or look is Look.CLOSE:
            inside = Role.OPEN if look is Look.OPEN else Role.CLOSE
            self.mark(at, inside if self.current is not None else Role.PROSE)
        elif look is Look.TAGS:
            self.mark(at, Role.TAGS)
        elif belongs_to_head(unit, self._before()):
            self.mark(at, Role.REFERENCE)
        elif (
            look in _MAY_BEGIN
            and not self.sealed
            and (section := head_at(self.lines, at, self._before()))
        ):
            return self.begin(section)
        else:
            self.say(at)
        return at + 1

    def _heading(self, at: int) -> int:
        is_heading = self.lines.units[at].look is Look.HEADING
        current = self._before().current
        if self.headings_are_text and current is not None and current.said:
            self.say(at)
            return at + 1
        if is_heading and not self.sealed and (day := only_day(self.lines.units[at].title)):
            self.day, self.current = day, None
            self.roles[at] = Role.HEADING
            return at + 1
        if is_heading and current is not None and current.level:
            section = heading_head_at(self.lines, at, self._before())
            if section is not None:
                return self.begin(section)
            if heading_level(self.lines.units[at]) > current.level:
                self.say(at)
            else:
                self.roles[at], self.current = Role.HEADING, None
            return at + 1
        inside = current is not None and (current.said or self.sealed)
        another = is_heading and another_by_heading(self.lines, at, self._before())
        if is_heading and inside and not self.lines.digest and (self.sealed or not another):
            # A heading within the text of a single note belongs to that text.
            self.say(at)
            return at + 1
        if is_heading and not (at == self._title and self.lines.digest):
            section = heading_head_at(self.lines, at, self._before())
            if section is not None:
                return self.begin(section)
        self.roles[at] = Role.HEADING if is_heading else Role.RULE
        if self.lines.digest:
            self.current = None
        return at + 1


def _closing_tags(walk: Walk) -> tuple[str, ...]:
    """Tags at the very end: a weekly post's are its own, a note's go with its takes."""
    units = walk.lines.units
    closing = len(units)
    while closing and (
        units[closing - 1].look is Look.BLANK or units[closing - 1].look is Look.TAGS
    ):
        closing -= 1
    tags: list[str] = []
    for at, unit in enumerate(units):
        if unit.look is not Look.TAGS:
            continue
        if at >= closing:
            tags += tags_in(unit)
        owner = walk.owners.get(at)
        if owner is None or walk.roles[at] is not Role.TAGS:
            continue
        if walk.lines.digest and at >= closing:
            del walk.owners[at]
        else:
            walk.sections[owner].said.append(at)
    return tuple(tags)


def _read_running_link(walk: Walk) -> None:
    """A note without a paper, but with one link in its text, is about that link.

    Of several, the one is meant that stands behind the note's own name.
    """
    lines = walk.lines
    texts = [at for at, unit in enumerate(lines.units) if unit.look is not Look.BLANK]
    named: list[tuple[PaperReference, str]] = []
    every: dict[PaperReference, None] = {}
    for at in texts:
        text = lines.units[at].text
        here = links_in(text)
        every |= dict.fromkeys(here)
        start = text.lstrip("-*+• \t").casefold()
        if here and len(lines.name) > 2 and start.startswith(lines.name.casefold()):
            named.append((here[0], title_before_link(text)))
    chosen = [(one, "") for one in every] if len(every) == 1 else named
    if len(chosen) != 1:
        return
    reference, title = chosen[0]
    section = Section(PaperForm.RUNNING, reference, title, roles={texts[0]: walk.roles[texts[0]]})
    walk.begin(section)
    for at in texts:
        if walk.roles[at] in (Role.PROSE, Role.TAGS):
            walk.mark(at, Role.TAGS if walk.roles[at] is Role.TAGS else Role.TAKE)
            section.said.append(at)


def _part_sections(walk: Walk) -> None:
    """In a weekly post, what leads over to the next paper is no take."""
    for section, following in zip(walk.sections, walk.sections[1:], strict=False):
        surely = following.form is PaperForm.URL
        place = transition_in(walk.lines, section.said, surely=surely)
        if place is not None:
            walk.let_go(section.said[place:])
            del section.said[place:]


def _language_marks(walk: Walk) -> Mapping[int, Sequence[int]]:
    """The lines with marks of languages among each section's takes."""
    marks: dict[int, list[int]] = defaultdict(list)
    for at, unit in enumerate(walk.lines.units):
        if at in walk.owners and (unit.look is Look.OPEN or unit.look is Look.CLOSE):
            marks[walk.owners[at]].append(at)
    return marks


def _entry(
    walk: Walk, section: Section, marks: Sequence[int], writers: Mapping[int, str]
) -> ArchivedEntry:
    lines = walk.lines
    tags: list[str] = []
    takes: list[ArchivedTake] = []
    for named, part in parts_of(sorted([*section.said, *marks]), writers):
        parted = takes_of(lines, part)
        for at in parted.apart:
            if lines.units[at].look is Look.TAGS:
                tags += [tag.removeprefix("#") for tag in tags_in(lines.units[at])]
            elif lines.units[at].look not in (Look.OPEN, Look.CLOSE):
                walk.roles[at] = Role.LINKS
        for its in parted.takes:
            slices = tuple([Slice(*span) for span in lines.slices(its.lines) if span[0] < span[1]])
            if slices:
                writer = named or section.writer
                takes.append(ArchivedTake(slices, its.language, writer, section.escapes))
    return ArchivedEntry(
        form=section.form,
        reference=section.reference,
        title=section.title,
        authors=section.authors,
        abstract=section.abstract,
        takes=tuple(takes),
        tags=tuple(dict.fromkeys((*section.tags, *tags))),
        day=section.day,
    )


def tags_in(unit: Unit) -> list[str]:
    """The tags of a line of tags, with their `#`."""
    return [tag.rstrip(",") for tag in unit.text.split() if tag.startswith("#")]


def _blocks(walk: Walk) -> Iterator[Block]:
    """Runs of lines of one role and section; they cover the text."""
    units = walk.lines.units
    if not units:
        return
    start = units[0].start
    role, owner = walk.roles.get(0, Role.BLANK), walk.owners.get(0)
    for at, unit in enumerate(units):
        its_role, its_owner = walk.roles.get(at, Role.BLANK), walk.owners.get(at)
        if its_role is not role or its_owner != owner:
            yield Block(start, unit.start, role, owner)
            start, role, owner = unit.start, its_role, its_owner
    yield Block(start, units[-1].end, role, owner)


def _intro(walk: Walk) -> str:
    units = walk.lines.units
    first = min(walk.owners, default=len(units))
    before = [
        walk.lines.text[unit.start : unit.end]
        for at, unit in enumerate(units[:first])
        if walk.roles.get(at, Role.BLANK) in (Role.PROSE, Role.BLANK)
    ]
    return "".join(before).strip()
