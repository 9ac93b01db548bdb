"""What stands below the address of a paper and is of its head: title, authors, abstract, links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.archive.parser.authors import names_line
from bot.archive.parser.lexer import Look
from bot.archive.parser.lines import Lines
from bot.archive.parser.model import PaperForm, PaperReference, Role
from bot.archive.parser.titles import Titled, has_cjk
from bot.model.reference import ArxivReference

_ABSTRACT = re.compile(r"[*_]*(?:abstract|초록)[*_]*\s*[:：.—–-]\s*[*_]*\s*(?=\S)", re.IGNORECASE)
_CALLOUT = re.compile(r"\[![\w-]+\][+-]?\s*(?:abstract|초록)?\s*$", re.IGNORECASE)
_OTHER_CALLOUT = re.compile(r">\s*\[!(?!abstract|summary|tldr|quote|cite)", re.IGNORECASE)
"""A box of another kind than an abstract: `> [!warning]`."""
IN_ONE_LINE = (PaperForm.URL_TEXT, PaperForm.LINK_TEXT)


@dataclass(slots=True)
class Section:
    """A paper of the file: what its head says, and the lines that follow it.

    `roles` are those of the head's lines, `after` is the line below the head; `said` are the lines
    of its takes; `tags`, `writer` and `day` stand beside these.
    """

    form: PaperForm
    reference: PaperReference | None
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    numbered: bool = False
    roles: dict[int, Role] = field(default_factory=dict)
    after: int = 0
    said: list[int] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    writer: str = ""
    day: date | None = None
    escapes: str = ""
    """The form of the place where its takes stand, see `parser.escapes`."""
    level: int = 0
    """Of the heading that it began with: text below a deeper one is of it too."""
    closed: bool = False
    """All lines of its takes are known: none that follows is."""

    def mark(self, lines: Iterable[int], role: Role) -> None:
        """Take these lines into the head."""
        for at in lines:
            self.roles[at] = role
            self.after = at + 1

    def entitle(self, titled: Titled) -> None:
        """Give it a title, or authors, where it has none."""
        if not self.title:
            self.title, self.authors = titled.title, titled.authors
        elif not self.authors:
            self.authors = titled.authors
        if self.form is PaperForm.URL:
            self.form = PaperForm.URL_TITLE


def read_below(lines: Lines, found: Section) -> None:
    """Title, second title, authors, repeated id, links and abstract right below a reference."""
    while (here := lines.near(found.after)) is not None and not found.said:
        unit = lines.units[here]
        if unit.look is Look.REFERENCE and unit.reference == found.reference:
            found.mark([here], Role.REFERENCE)
        elif unit.look is Look.QUOTE and not _OTHER_CALLOUT.match(unit.text):
            _quoted_abstract(lines, here, found)
        elif unit.look is Look.REFERENCE and _is_link_of(lines, here, found):
            found.mark([here], Role.REFERENCE)
        elif unit.look is not Look.TEXT or found.form in IN_ONE_LINE:
            return
        elif match := _ABSTRACT.match(unit.text):
            if found.abstract:
                return
            _plain_abstract(lines, here, match.end(), found)
        elif not (_title_below(lines, here, found) or _authors_below(lines, here, found)):
            return


def _is_link_of(lines: Lines, here: int, found: Section) -> bool:
    """Whether an address below a head is a link of the paper: a page with no title of its own."""
    if isinstance(lines.units[here].reference, ArxivReference) or found.reference is None:
        return False
    if not isinstance(found.reference, ArxivReference):
        return False
    below = lines.next(here + 1)
    if below is None or lines.titled(below, placed=True) is not None:
        return False
    return not is_titled_page(lines, here, below)


def _title_below(lines: Lines, here: int, found: Section) -> bool:
    """Take the title at a line below the reference, if there is one, into the head."""
    titled = lines.titled(here, placed=True)
    if titled is None and not found.title:
        alone = lines.title_below(here)
        titled = (alone, here) if alone is not None else None
    if titled is None or (found.title and found.authors not in ((), titled[0].authors)):
        return False
    if found.title and _has_url_below(lines, titled[1]):
        return False
    found.entitle(titled[0])
    found.mark(range(here, titled[1] + 1), Role.TITLE)
    return True


def _has_url_below(lines: Lines, last: int) -> bool:
    """Whether the title that ends here is that of another paper."""
    below = lines.near(last + 1)
    return below is not None and lines.units[below].look is Look.REFERENCE


def _authors_below(lines: Lines, here: int, found: Section) -> bool:
    """Take a line of names below the title into the head."""
    if not found.title or found.authors:
        return False
    names = names_line(lines.units[here].text)
    if not names:
        return False
    found.authors = names
    found.mark([here], Role.TITLE)
    return True


def _quoted_abstract(lines: Lines, at: int, found: Section) -> None:
    end = at
    while lines.look(end) is Look.QUOTE or _goes_on_lazily(lines, at, end):
        end += 1
    found.mark(range(at, end), Role.ABSTRACT)
    quoted = [lines.units[line].text.lstrip(">").strip() for line in range(at, end)]
    if quoted and _CALLOUT.match(quoted[0]):
        quoted = quoted[1:]
    told = " ".join([found.abstract, *quoted])
    found.abstract = " ".join(told.split())


def _goes_on_lazily(lines: Lines, first: int, at: int) -> bool:
    """Whether a line without `>` goes on with the quote above it, as Markdown has it: in the
    midst of a sentence, and in no other script."""
    if at == first or lines.look(at) is not Look.TEXT:
        return False
    above, here = lines.units[at - 1].text, lines.units[at].text
    return not above.endswith((".", "!", "?", ">")) and not has_cjk(above) and not has_cjk(here)


def _plain_abstract(lines: Lines, at: int, start: int, found: Section) -> None:
    """The paragraph `Abstract: …`."""
    end = at + 1
    while lines.look(end) is Look.TEXT:
        end += 1
    found.mark(range(at, end), Role.ABSTRACT)
    texts = [lines.units[line].text for line in range(at, end)]
    texts[0] = texts[0][start:]
    found.abstract = " ".join(" ".join(texts).split())


def is_titled_page(lines: Lines, at: int, below: int | None) -> bool:
    """Whether a page in a weekly post is a paper of its own: it has a title below it."""
    return lines.is_alone(at) and lines.title_alone(below) is not None
