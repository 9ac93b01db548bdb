"""What a person sees in files of an archive, against what the reader makes of them.

`tests/archive/truth/` was written by hand, by looking at the files: a TOML file for each folder of
`tests/data/ml-papers`, a table for each of its files, with

    date, tags (without `#`), post (a weekly post?)
    papers      rows of: arXiv id or address, title, "First Author … Last Author (number)", takes
    perhaps     rows of papers that may be seen in the file or not; neither is a fault

A take is told by its first and last words, `first … last`, behind `@Writer: ` where one is named,
and behind `<en> ` where its language is. `a | b` is one as well as the other, `*` anything, and a
take behind `? ` may be seen or not.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.archive.importing.paper_refs import papers_in
from bot.archive.parser.body import take_text
from bot.archive.parser.model import FileKind, ParsedFile
from bot.archive.parser.reader import parse
from bot.model.reference import ArxivReference
from bot.text.tags import tags

TRUTH = Path(__file__).parent / "truth"
FORMS = Path(__file__).parent / "forms.toml"
ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
FIELDS = ("papers", "titles", "authors", "dates", "takes", "writers", "tags")

_CLOSING = re.compile(r"(?:\s*#[^\s#]+)+\s*\Z")


@dataclass(frozen=True, slots=True)
class Take:
    """Of the truth: first and last words, as they may be. Of the reader: the whole text, once."""

    starts: tuple[str, ...]
    ends: tuple[str, ...]
    writer: str = ""
    language: str = ""
    perhaps: bool = False

    def fits(self, text: str) -> bool:
        """Whether a text is this take, closing tags left aside."""
        words = " ".join(_CLOSING.sub("", text).split())
        return words.startswith(self.starts) and words.endswith(self.ends)


@dataclass(frozen=True, slots=True)
class TruePaper:
    """A paper that a person sees."""

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    authors: str
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class TrueFile:
    """A file as a person sees it. `day` and `post` are None where either will do."""

    path: str
    day: date | None
    post: bool | None
    tags: frozenset[str]
    papers: tuple[TruePaper, ...]
    perhaps: tuple[TruePaper, ...]
    text: str = ""
    """Of a file that is made up."""


@dataclass(frozen=True, slots=True)
class SeenTake:
    """A take as the reader has it."""

    text: str
    writer: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SeenPaper:
    """A paper as the reader has it."""

    key: str
    title: str
    authors: tuple[str, ...]
    takes: tuple[SeenTake, ...]


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as the reader has it."""

    day: date | None
    post: bool
    tags: frozenset[str]
    papers: tuple[SeenPaper, ...]


@dataclass(slots=True)
class Score:
    """How many values of each field are right, missed, or seen where there are none."""

    right: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """What is misread, a line each."""

    def add(self, other: Score) -> None:
        """Count another file's values too."""
        self.right += other.right
        self.missed += other.missed
        self.false += other.false
        self.faults += other.faults

    def precision(self, what: str) -> float:
        """The share of what was read that is right."""
        return _share(self.right[what], self.false[what])

    def recall(self, what: str) -> float:
        """The share of what a person sees that was read."""
        return _share(self.right[what], self.missed[what])

    def compare(self, what: str, true: str, seen: str, *, right: bool) -> None:
        """Count one value, of which either may be nothing."""
        if right:
            self.right[what] += bool(true)
            return
        self.missed[what] += bool(true)
        self.false[what] += bool(seen)
        self.faults.append(f"{what}: {_short(seen) or 'nothing'}, and not {_short(true)}")


def truth() -> Iterator[TrueFile]:
    """All files of the archive of which it is written down what a person sees."""
    for path in sorted(TRUTH.glob("*.toml")):
        for name, told in tomllib.loads(path.read_text("utf-8")).items():
            yield _file(f"{path.stem}/{name}", told)


def forms() -> Iterator[TrueFile]:
    """Made-up files in others' forms; the first folder of a path is the form's name."""
    for name, told in tomllib.loads(FORMS.read_text("utf-8")).items():
        yield _file(name, told)


def _file(path: str, told: Mapping[str, Any]) -> TrueFile:
    post = told.get("post", False)
    return TrueFile(
        path=path,
        day=told.get("date"),
        post=None if post == "?" else post,
        tags=frozenset(told.get("tags", "").split()),
        papers=tuple(map(_paper, told["papers"])),
        perhaps=tuple(map(_paper, told.get("perhaps", []))),
        text=told.get("text", ""),
    )


def measure(true: TrueFile) -> Score:
    """What the reader makes of one file."""
    data = true.text.encode() if true.text else (ARCHIVE / true.path).read_bytes()
    return score(true, seen(true.path, data))


def seen(path: str, data: bytes) -> SeenFile:
    """A file as the project's reader has it, and as the catalogue would be told of its papers."""
    document = parse(path, data)
    said = iter(papers_in(document, scope=0))
    papers: list[SeenPaper] = []
    found = set(document.tags)
    for entry in document.entries:
        reference = entry.reference
        title, key = entry.title, ""
        found.update(entry.tags)
        if reference is not None:
            title = next(said).said.title
            key = reference.id.value if isinstance(reference, ArxivReference) else reference.url
        takes = _takes(document, entry.takes)
        found.update(tag for take in takes for tag in tags(take.text))
        papers.append(SeenPaper(_key(key), title, entry.authors, takes))
    return SeenFile(
        day=document.day,
        post=document.kind is FileKind.DIGEST,
        tags=frozenset(tag.removeprefix("#").casefold() for tag in found),
        papers=tuple(papers),
    )


def score(true: TrueFile, seen: SeenFile) -> Score:
    """How right a file was read."""
    result = Score()
    told, day = str(true.day or ""), str(seen.day or "")
    result.compare("dates", told, day, right=told == day)
    if true.post not in (None, seen.post):
        result.faults.append("kind: a weekly post is one of several papers")
    for tag in sorted(true.tags | seen.tags):
        is_true, is_seen = tag in true.tags, tag in seen.tags
        result.compare("tags", tag * is_true, tag * is_seen, right=is_true and is_seen)
    left = list(seen.papers)
    for paper in true.papers:
        its = _taken(left, paper)
        name = paper.keys[0] or paper.titles[0]
        result.compare("papers", name, its.key if its else "", right=its is not None)
        _compare(result, paper, its or SeenPaper("", "", (), ()))
    for paper in true.perhaps:
        if (its := _taken(left, paper)) is not None:
            _compare(result, paper, its, perhaps=True)
    for its in left:
        result.compare("papers", "", its.key or its.title, right=False)
        _compare(result, TruePaper((), ("",), "", ()), its)
    return result


def _compare(result: Score, paper: TruePaper, its: SeenPaper, *, perhaps: bool = False) -> None:
    if not perhaps or its.title:
        result.compare("titles", paper.titles[0], its.title, right=its.title in paper.titles)
    authors = _authors(its.authors)
    if paper.authors or not perhaps:
        result.compare("authors", paper.authors, authors, right=paper.authors == authors)
    left = list(its.takes)
    for take in paper.takes:
        if take.starts == ("*",):
            return
        one = next((one for one in left if take.fits(one.text)), None)
        if one is None:
            if not (take.perhaps or perhaps):
                result.compare("takes", f"{take.starts[0]} … {take.ends[0]}", "", right=False)
            continue
        left.remove(one)
        result.compare("takes", one.text, one.text, right=True)
        writers = take.writer or "nobody", one.writer or "nobody"
        result.compare("writers", *writers, right=take.writer == one.writer)
        if take.language and take.language != one.language:
            result.faults.append(f"language: {one.language or 'none'}, and not {take.language}")
    for one in left:
        result.compare("takes", "", one.text, right=False)


def _taken(left: list[SeenPaper], paper: TruePaper) -> SeenPaper | None:
    """The paper as it was read, taken out of those that are left."""
    for its in left:
        if its.key in paper.keys and (its.key or its.title in paper.titles):
            left.remove(its)
            return its
    return None


def _paper(row: Sequence[str]) -> TruePaper:
    key, title, authors, *takes = row
    keys = tuple(_key(one) for one in _either(key))
    return TruePaper(keys, _either(title), authors, tuple(map(_take, takes)))


def _take(told: str) -> Take:
    perhaps = told.startswith("? ")
    match = re.fullmatch(
        r"(?:@(?P<writer>[^…:]+): )?(?:<(?P<language>\w+)> )?(?P<words>.*)", told.removeprefix("? ")
    )
    assert match is not None
    starts, _, ends = match["words"].partition(" … ")
    return Take(
        _either(starts),
        _either(ends or starts),
        match["writer"] or "",
        match["language"] or "",
        perhaps,
    )


def _takes(document: ParsedFile, takes: Sequence[Any]) -> tuple[SeenTake, ...]:
    return tuple(
        SeenTake(take_text(document, take), take.writer, take.language or "") for take in takes
    )


def _authors(names: Sequence[str]) -> str:
    return f"{names[0]} … {names[-1]} ({len(names)})" if names else ""


def _either(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(" | "))


def _key(text: str) -> str:
    return re.sub(r"\Ahttps?://(?:www\.)?", "", text.strip()).rstrip("/.").casefold()


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 1.0


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:40]} … {line[-25:]}"
