"""What the loopback arXiv knows of a paper, and how it is read from JSON.

Texts are raw, as authors sent them (with TeX and line breaks); what each service makes of them is
its own matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Literal

_PARTICLES: Final = frozenset(
    [
        "af",
        "al",
        "da",
        "das",
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "ter",
        "van",
        "von",
        "zu",
        "zur",
    ]
)

Kind = Literal["new", "cross", "replace", "touch"]
"""Why a paper is in a mailing; "touch" is a change that only OAI-PMH shows (abstract, metadata)."""


@dataclass(frozen=True, slots=True)
class Author:
    """One author in the parts that OAI-PMH gives; `keyname` is the only one always there."""

    keyname: str
    forenames: str = ""
    suffix: str = ""
    affiliations: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in reading order, as the query API gives it (but with raw TeX)."""
        return " ".join(part for part in (self.forenames, self.keyname, self.suffix) if part)

    @classmethod
    def of(cls, name: str, affiliations: Iterable[str] = ()) -> Author:
        """Cut a whole name: the last word, with particles before it, is the key name."""
        words = name.split()
        cut = len(words) - 1
        while cut > 1 and words[cut - 1].lower() in _PARTICLES:
            cut -= 1
        return cls(" ".join(words[cut:]), " ".join(words[:cut]), "", tuple(affiliations))


@dataclass(frozen=True, slots=True)
class Version:
    """One version: when it was submitted (UTC), how big it is, and of what source type."""

    submitted: datetime
    size: str = "10kb"
    source_type: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One e-print as it stands at one time; `categories[0]` is the primary one."""

    id: str
    title: str
    authors: tuple[Author, ...]
    categories: tuple[str, ...]
    abstract: str
    versions: tuple[Version, ...]
    comment: str | None = None
    doi: str | None = None
    journal_ref: str | None = None
    report_no: str | None = None
    msc_class: str | None = None
    acm_class: str | None = None
    license: str | None = None
    proxy: str | None = None
    submitter: str = ""
    raw_authors: str | None = None
    """The line of authors as submitted, for the format arXivRaw; by default the names, joined."""
    datestamp: date | None = None
    """OAI-PMH's date of the last change; by default that of the mailing, else of the last version.
    """
    modified: date | None = None
    """What the format arXiv calls `updated`; by default the datestamp."""

    def __post_init__(self) -> None:
        if not self.versions or not self.categories:
            raise ValueError(f"{self.id}: a paper has a version and a category at least")

    @property
    def version(self) -> int:
        """The number of the current version, from 1."""
        return len(self.versions)

    @property
    def withdrawn(self) -> bool:
        """Whether the current version is a withdrawal."""
        last = self.versions[-1]
        return last.size == "0kb" and "I" in last.source_type

    @property
    def stamp(self) -> date:
        """The datestamp of a paper that no mailing brought."""
        return self.datestamp or self.versions[-1].submitted.date()


@dataclass(frozen=True, slots=True)
class Announcement:
    """One line of a mailing: `paper` is the whole paper as it stands from then on.

    `mailing` is the date that the mailing carries (it goes out at 20:00 US Eastern the evening
    before); `category` is the category that a later cross-list added.
    """

    mailing: date
    kind: Kind
    paper: Paper
    category: str | None = None


def load_papers(source: Path | str | Iterable[Mapping[str, Any]]) -> list[Paper]:
    """Read papers from a JSON file, or from its content.

    The shape is told in `bot/sandbox/sample/README.md`. Raises KeyError or ValueError for an entry
    that lacks something.
    """
    entries: Iterable[Mapping[str, Any]]
    if isinstance(source, (Path, str)):
        entries = json.loads(Path(source).read_text(encoding="utf-8"))
    else:
        entries = source
    return [_paper(entry) for entry in entries]


def _paper(entry: Mapping[str, Any]) -> Paper:
    plain = (
        "comment",
        "doi",
        "journal_ref",
        "report_no",
        "msc_class",
        "acm_class",
        "license",
        "proxy",
    )
    return Paper(
        id=entry["id"],
        title=entry["title"],
        authors=tuple(_author(author) for author in entry["authors"]),
        categories=tuple(entry["categories"]),
        abstract=entry.get("abstract", ""),
        versions=tuple(_version(version) for version in entry["versions"]),
        submitter=entry.get("submitter", ""),
        raw_authors=entry.get("raw_authors"),
        datestamp=_date(entry.get("datestamp")),
        modified=_date(entry.get("modified")),
        **{name: entry[name] for name in plain if name in entry},
    )


def _author(entry: str | Mapping[str, Any]) -> Author:
    if isinstance(entry, str):
        return Author.of(entry)
    if "name" in entry:
        return Author.of(entry["name"], entry.get("affiliations", ()))
    return Author(
        entry["keyname"],
        entry.get("forenames", ""),
        entry.get("suffix", ""),
        tuple(entry.get("affiliations", ())),
    )


def _version(entry: str | Mapping[str, Any]) -> Version:
    if isinstance(entry, str):
        return Version(_time(entry))
    return Version(_time(entry["date"]), entry.get("size", "10kb"), entry.get("source_type", ""))


def _time(text: str) -> datetime:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        text += "T00:00:00Z"
    return datetime.fromisoformat(text).astimezone(UTC)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
