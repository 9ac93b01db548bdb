"""What a walk over a file's lines has found so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.archive.parser.lexer import HEADING, Unit
from bot.archive.parser.lines import Lines
from bot.archive.parser.model import ArchivedEntry, PaperForm, PaperReference, Role
from bot.archive.parser.titles import Titled


@dataclass(slots=True)
class Open:
    """The entry that is being read; `said` are the lines of its takes."""

    form: PaperForm
    reference: PaperReference | None
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    numbered: bool = False
    said: list[int] = field(default_factory=list)


class ParserState:
    """The role of each line and the entry that it belongs to, and the entries opened so far."""

    def __init__(
        self, text: str, units: list[Unit], *, name: str, digest: bool, first: Unit | None
    ) -> None:
        self.text = text
        self.units = list(units)
        self.lines = Lines(text, self.units, name=name, digest=digest)
        self.name = name
        self.digest = digest
        self.roles = [Role.BLANK] * len(self.units)
        self.owners: list[int | None] = [None] * len(self.units)
        self.opened: list[Open] = []
        self.entries: list[ArchivedEntry] = []
        self.tags: list[str] = []
        self.heading = first if first is not None and first.look is HEADING else None
        self.current: int | None = None

    def open(
        self,
        at: int,
        form: PaperForm,
        reference: PaperReference | None,
        title: str = "",
        authors: tuple[str, ...] = (),
    ) -> None:
        self.opened.append(Open(form, reference, title, authors))
        self.current = len(self.opened) - 1
        self.owners[at] = self.current

    def about(
        self, reference: PaperReference, title: str = "", authors: tuple[str, ...] = ()
    ) -> None:
        """Before the walk: all of the text is about a paper that the front matter names."""
        self.opened.append(Open(PaperForm.FRONT, reference, title, authors))
        self.current = 0

    def entitle(self, titled: Titled) -> None:
        entry = self.opened[-1]
        if not entry.title:
            entry.title, entry.authors = titled.title, titled.authors
        elif not entry.authors:
            entry.authors = titled.authors
        if entry.form is PaperForm.URL:
            entry.form = PaperForm.URL_TITLE

    def mark(self, at: int, role: Role) -> None:
        self.roles[at] = role
        self.owners[at] = self.current
