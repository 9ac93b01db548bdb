"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.archive.importing.file_report import counted, doubts, told_of
from bot.archive.importing.job import ImportOutcome
from bot.archive.importing.sources import Skipped
from bot.archive.parser.encodings import IMAGE, NAMES
from bot.archive.parser.model import ParsedFile
from bot.archive.parser.reader import KeptPart, kept_as_text

KEPT: Final = "kept as it came"
STAYS: Final = "left as it was kept before"
_SHOWN = 20
"""Lines of each list that are printed; `as_data` has more of them."""
_KEPT = 2_000
"""Pieces of text that the report tells of: a file may be full of them."""
_KEPT_LENGTH = 1_000


Counts = tuple[int, ...]
_COUNTS = ("imported", "changed", "unchanged", "digests", "papers", "entries", "takes")


@dataclass(frozen=True, slots=True)
class Left:
    """A file that this program could not make anything of: `id` is in its log."""

    path: str
    id: str
    how: str
    """What became of it."""


@dataclass(slots=True)
class Report:
    """Counts are of this run: what was there already is `unchanged`."""

    channel: str
    dry_run: bool = False
    files: int = 0
    imported: int = 0
    changed: int = 0
    unchanged: int = 0
    digests: int = 0
    papers: int = 0
    """New in the catalogue."""
    entries: int = 0
    """New on the channel's list."""
    takes: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    """How papers were written, and how often."""
    kept: dict[str, list[KeptPart]] = field(default_factory=dict)
    """Text that belongs to no paper, by file."""
    images: int = 0
    without_date: list[str] = field(default_factory=list)
    each: dict[str, str] = field(default_factory=dict)
    """Of a dry run: what would become of each file."""
    read_as: dict[str, str] = field(default_factory=dict)
    """The encoding of each file that is not UTF-8."""
    unsure: dict[str, list[str]] = field(default_factory=dict)
    """What may have been read wrongly, by file."""
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[Left] = field(default_factory=list)
    unmet: bool = False
    """The channel is known by its id alone: what came in waits for the bot to meet it."""
    counted: set[tuple[int, str]] = field(default_factory=set)
    """Of a dry run: the keys of papers that earlier files have named."""

    def read(self, path: str, document: ParsedFile) -> None:
        """Note what was understood of a file."""
        self.images += document.encoding == IMAGE
        for entry in document.entries:
            self.forms[entry.form.value] += 1
        left = _KEPT - sum(map(len, self.kept.values()))
        if left > 0 and (kept := kept_as_text(document, left)):
            self.kept[path] = [KeptPart(one.line, one.text[:_KEPT_LENGTH]) for one in kept]
        if document.day is None and document.entries:
            self.without_date.append(path)
        if self.dry_run:
            self.each[path] = told_of(document)
        if document.encoding not in ("", IMAGE):
            self.read_as[path] = NAMES[document.encoding]
        if len(self.unsure) < _KEPT and (why := doubts(document)):
            self.unsure[path] = why

    def counts(self) -> Counts:
        """What `put_back` takes."""
        return tuple(getattr(self, name) for name in _COUNTS)

    def put_back(self, counts: Counts) -> None:
        """Count what was undone no more."""
        for name, count in zip(_COUNTS, counts, strict=True):
            setattr(self, name, count)

    def take_counts(self, counts: Mapping[str, int]) -> None:
        """Note how many records of each kind came from JSON Lines."""
        self.papers, self.entries = counts["paper"], counts["entry"]
        self.takes, self.digests = counts["take"], counts["digest"]
        self.imported = int(any(counts.values()))
        self.unchanged = 1 - self.imported

    def outcome(self) -> ImportOutcome:
        """For the member who handed the file over."""
        return ImportOutcome(
            files=self.files,
            imported=self.imported + self.changed,
            unchanged=self.unchanged,
            skipped=len(self.skipped),
            unread=len(self.failed),
            entries=self.entries,
            takes=self.takes,
            digests=self.digests,
            named=self.forms.total(),
            text=self.as_text(),
        )

    def as_data(self) -> Mapping[str, Any]:
        """For `--json`."""
        return {
            "channel": self.channel,
            "dry_run": self.dry_run,
            "unmet": self.unmet,
            "files": self.files,
            "imported": self.imported,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "digests": self.digests,
            "papers": self.papers,
            "entries": self.entries,
            "takes": self.takes,
            "images": self.images,
            "forms": dict(self.forms.most_common()),
            "kept_as_text": {
                path: [{"line": kept.line, "text": kept.text} for kept in found]
                for path, found in self.kept.items()
            },
            "without_date": self.without_date,
            "each": self.each,
            "read_as": self.read_as,
            "unsure": self.unsure,
            "skipped": [{"path": one.path, "reason": one.reason} for one in self.skipped],
            "failed": [{"path": one.path, "id": one.id, "how": one.how} for one in self.failed],
        }

    def as_text(self) -> str:
        """For people."""
        would = "would be " if self.dry_run else ""
        lines = [
            f"{counted(self.files, 'file')}: {self.imported} {would}imported, "
            f"{self.changed} {would}updated, {self.unchanged} unchanged, "
            f"{len(self.skipped)} skipped",
            f"{counted(self.papers, 'new paper')}, {self.entries} new on the list, "
            f"{counted(self.takes, 'take')}, {counted(self.digests, 'weekly post')}",
        ]
        if self.unmet:
            lines.append(
                f"the bot has not met the channel {self.channel} yet: "
                "what was imported is kept and waits for the first command there"
            )
        if self.images:
            lines.append(f"{counted(self.images, 'image')} among them, kept beside the notes")
        if self.each:
            lines.append("what would become of each file:")
            lines += [f"  {path}: {told}" for path, told in self.each.items()]
        if self.unsure:
            lines.append(f"least sure of ({len(self.unsure)}):")
            lines += [f"  {path}: {'; '.join(why)}" for path, why in self._least_sure()[:_SHOWN]]
            lines += _more(len(self.unsure))
        if self.read_as:
            lines.append(f"not in UTF-8 ({len(self.read_as)}):")
            named = list(self.read_as.items())
            lines += [f"  {path}: {encoding}" for path, encoding in named[:_SHOWN]]
            lines += _more(len(named))
        if self.forms:
            lines.append("papers written as:")
            lines += [f"  {count:6} {form}" for form, count in self.forms.most_common()]
        if self.kept:
            lines.append(f"kept as plain text (in {counted(len(self.kept), 'file')}):")
            shown = [(path, kept) for path, found in self.kept.items() for kept in found]
            lines += [f"  {path}:{kept.line}: {_short(kept.text)}" for path, kept in shown[:_SHOWN]]
            lines += _more(len(shown))
        if self.without_date:
            lines.append(f"without a day on which it was noted ({len(self.without_date)}):")
            lines += [f"  {path}" for path in self.without_date[:_SHOWN]]
            lines += _more(len(self.without_date))
        if self.failed:
            lines.append(f"could not be read, for a fault of Papertakes ({len(self.failed)}):")
            shown_here = self.failed[:_SHOWN]
            lines += [f"  {one.path}: {one.how} (id {one.id} in the log)" for one in shown_here]
            lines += _more(len(self.failed))
        if self.skipped:
            lines.append("skipped:")
            lines += [f"  {one.path}: {one.reason}" for one in self.skipped[:_SHOWN]]
            lines += _more(len(self.skipped))
        return "\n".join(lines)

    def _least_sure(self) -> list[tuple[str, list[str]]]:
        """Files by what is unsure of them, those with the rarest doubt first."""
        counts = Counter(why[0] for why in self.unsure.values())
        return sorted(self.unsure.items(), key=lambda one: counts[one[1][0]])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:69]}…"


def _more(count: int) -> list[str]:
    return [f"  … and {count - _SHOWN} more"] if count > _SHOWN else []
