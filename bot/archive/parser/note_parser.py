"""Walking over a file's lines: what is a paper's, what is prose, what was said about what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.archive.parser.lexer import (
    BLANK,
    CLOSE,
    HEADING,
    OPEN,
    REFERENCE,
    RULE,
    TAGS,
    TEXT,
    TITLED,
)
from bot.archive.parser.lines import links_in
from bot.archive.parser.model import (
    ArchivedEntry,
    ArchivedTake,
    Block,
    PaperForm,
    PaperReference,
    Role,
    Slice,
)
from bot.archive.parser.paper_heads import Heads
from bot.archive.parser.take_blocks import takes_of

_PROSE = Role.PROSE
_TAKE = Role.TAKE
_TAGS = Role.TAGS


class Walk(Heads):
    """One pass over the units of a file. After `run`: `entries`, `tags`, `blocks()`, `intro()`."""

    def run(self) -> None:
        at = 0
        while at < len(self.units):
            at = self._step(at)
        self._closing_tags()
        if not self.opened and not self.digest:
            self._running_link()
        if self.digest:
            self._sections()
        self._finish()

    def blocks(self) -> Iterator[Block]:
        """Runs of units of one role and entry; they cover the text."""
        if not self.units:
            return
        start = self.units[0].start
        role, owner = self.roles[0], self.owners[0]
        for unit, its_role, its_owner in zip(self.units, self.roles, self.owners, strict=True):
            if its_role is not role or its_owner != owner:
                yield Block(start, unit.start, role, owner)
                start, role, owner = unit.start, its_role, its_owner
        yield Block(start, self.units[-1].end, role, owner)

    def intro(self) -> str:
        """The prose before the first paper."""
        before = [
            self.text[unit.start : unit.end]
            for at, unit in enumerate(self.units[: self._first_head()])
            if self.roles[at] in (Role.PROSE, Role.BLANK)
        ]
        return "".join(before).strip()

    def _first_head(self) -> int:
        for at, owner in enumerate(self.owners):
            if owner is not None:
                return at
        return len(self.units)

    def _step(self, at: int) -> int:
        unit = self.units[at]
        look = unit.look
        if look is BLANK:
            return at + 1
        if look is HEADING or look is RULE:
            return self._heading(at)
        if look is OPEN or look is CLOSE:
            role = Role.OPEN if look is OPEN else Role.CLOSE
            self.mark(at, role if self.current is not None else _PROSE)
            return at + 1
        if look is TEXT or look is REFERENCE or look is TITLED:
            after = self.head(at)
            if after is not None:
                return self.below_head(after)
        elif look is TAGS:
            self.mark(at, _TAGS)
            return at + 1
        if self.current is None:
            self.mark(at, _PROSE)
        else:
            self.mark(at, _TAKE)
            self.opened[self.current].said.append(at)
        return at + 1

    def _heading(self, at: int) -> int:
        unit = self.units[at]
        inside = self.current is not None and not self.digest and self.opened[self.current].said
        if inside and unit.look is HEADING:
            # A heading within the text of a single note belongs to that text.
            self.mark(at, Role.TAKE)
            self.opened[self.current or 0].said.append(at)
            return at + 1
        titled = None if unit.look is RULE else self.heading_with_paper(at)
        if titled is None:
            self.roles[at] = Role.RULE if unit.look is RULE else Role.HEADING
            if self.digest or unit.look is HEADING:
                self.current = None if self.digest else self.current
            return at + 1
        return self.below_head(titled)

    def _closing_tags(self) -> None:
        """Tags at the very end: a weekly post's are its own, a note's go with its takes."""
        units = self.units
        tagged = [line for line, unit in enumerate(units) if unit.look is TAGS]
        if not tagged:
            return
        closing = len(units)
        while closing and (units[closing - 1].look is BLANK or units[closing - 1].look is TAGS):
            closing -= 1
        for line in tagged:
            if line >= closing:
                self.tags += [tag.rstrip(",") for tag in units[line].text.split()]
            owner = self.owners[line]
            if self.roles[line] is not _TAGS or owner is None:
                continue
            if self.digest and line >= closing:
                self.owners[line] = None
            else:
                self.opened[owner].said.append(line)

    def _running_link(self) -> None:
        """A note without a paper, but with one link in its text, is about that link.

        Of several, the one is meant that stands behind the note's own name.
        """
        lines = [at for at, unit in enumerate(self.units) if unit.look is not BLANK]
        named: list[PaperReference] = []
        every: dict[PaperReference, None] = {}
        for at in lines:
            here = links_in(self.units[at].text)
            every |= dict.fromkeys(here)
            start = self.units[at].text.lstrip("-*+• \t").casefold()
            if here and len(self.name) > 2 and start.startswith(self.name.casefold()):
                named.append(here[0])
        chosen = list(every) if len(every) == 1 else named
        if len(chosen) != 1:
            return
        self.open(lines[0], PaperForm.RUNNING, chosen[0], "")
        for at in lines:
            if self.roles[at] in (Role.PROSE, Role.TAGS):
                self.mark(at, Role.TAGS if self.roles[at] is Role.TAGS else Role.TAKE)
                self.opened[-1].said.append(at)

    def _sections(self) -> None:
        """In a weekly post, a short line without a full stop between two papers is a heading."""
        for number, entry in enumerate(self.opened[:-1]):
            if self.opened[number + 1].form is PaperForm.URL:
                continue
            for place, at in enumerate(entry.said):
                if place and self.lines.is_section(at):
                    for line in entry.said[place:]:
                        self.roles[line], self.owners[line] = Role.PROSE, None
                    del entry.said[place:]
                    break

    def _finish(self) -> None:
        marks = self._marks()
        for number, opened in enumerate(self.opened):
            said = sorted([*opened.said, *marks[number]] if number in marks else opened.said)
            takes: list[ArchivedTake] = []
            for lines, language in takes_of([(at, self.units[at]) for at in said]):
                slices = tuple(
                    [Slice(*span) for span in self.lines.slices(lines) if span[0] < span[1]]
                )
                if slices:
                    takes.append(ArchivedTake(slices, language))
            self.entries.append(
                ArchivedEntry(
                    form=opened.form,
                    reference=opened.reference,
                    title=opened.title,
                    authors=opened.authors,
                    abstract=opened.abstract,
                    takes=tuple(takes) if opened.reference is not None else (),
                )
            )
            if opened.reference is None:
                for at in opened.said:
                    self.roles[at] = Role.PROSE

    def _marks(self) -> Mapping[int, Sequence[int]]:
        """The lines with marks of languages among each entry's takes."""
        marks: dict[int, list[int]] = defaultdict(list)
        for at, unit in enumerate(self.units):
            owner = self.owners[at]
            if owner is not None and (unit.look is OPEN or unit.look is CLOSE):
                marks[owner].append(at)
        return marks
