"""What a note says of its paper in properties, wherever its program puts them.

In front matter, in Logseq's and Dataview's `key:: value`, in Notion's `Key: value` below the
heading, in `- **Key:** value`, in callouts, as `[Paper](URL) | [Code](URL)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.archive.parser.days import day_in
from bot.archive.parser.front_matter import FrontMatter, Values
from bot.archive.parser.lexer import Look, Unit
from bot.archive.parser.model import PaperReference
from bot.model.reference import ArxivReference, PageReference, parse_references
from bot.text.tags import is_tag

ARXIV: Final = ("arxiv", "arxiv id", "arxivid", "eprint", "arxiv link", "arxiv url", "arxiv no")
PAGES: Final = (
    *("url", "paper url", "paper link", "link", "links", "link to paper", "link to the paper"),
    *("paper", "source", "source url", "original", "address", "openreview", "doi", "arxiv / doi"),
    *("doi / arxiv", "pdf", "pdf url", "pdf link"),
    *(
        "링크",
        "주소",
        "논문",
        "논문 링크",
        "链接",
        "论文链接",
        "论文",
        "论文地址",
        "リンク",
        "論文",
    ),
)
TITLES: Final = ("original title", "title", "paper title", "full title", "제목", "标题", "タイトル")
AUTHORS: Final = ("authors", "author", "author s", "저자", "作者", "著者")
DAYS: Final = (
    *("date", "date read", "read on", "read date", "read at", "date added", "added", "reviewed"),
    *("finished", "created", "created at", "created time", "date created", "last digested"),
    *("날짜", "읽은 날", "작성일", "日期", "日付"),
)
TAGS: Final = (
    *("tags", "tag", "keywords", "keyword", "topics", "topic", "categories", "category", "labels"),
    *("subjects", "collections", "area", "areas", "field", "fields", "zotero tags", "태그"),
    *("키워드", "标签", "关键词", "タグ"),
)
NAMES: Final = ("aliases", "alias", "short name", "short title", "nickname")
WRITERS: Final = ("read by", "reader", "reviewer", "reviewed by", "notes by", "written by")
ABSTRACTS: Final = ("abstract", "초록", "摘要")
_OTHERS: Final = (
    *("status", "year", "type", "rating", "score", "priority", "citekey", "cite key", "code"),
    *("github", "project", "project page", "website", "slides", "video", "conference", "journal"),
    *("venue / year", "affiliation", "affiliations", "institution", "institutions", "zotero"),
    *("zotero link", "pdf attached", "publisher", "pages", "volume", "issue", "issn", "isbn"),
    *("language", "rights", "item type", "related", "attachments", "bibliography", "cssclass"),
    *(
        "published",
        "publication",
        "venue",
        "date published",
        "publish date",
        "published date",
        "publication date",
        "public",
        "format",
    ),
    *("read", "read status", "importance", "dataset", "datasets", "task", "tasks", "blog", "demo"),
    *("상태", "연도", "학회", "코드", "状态", "年份", "会议", "代码"),
)
_KNOWN: Final = frozenset(
    (*ARXIV, *PAGES, *TITLES, *AUTHORS, *DAYS, *TAGS, *NAMES, *WRITERS, *_OTHERS)
)
TEXT_KEYS: Final = frozenset(
    [
        "tldr",
        "tl;dr",
        "summary",
        "note",
        "notes",
        "comment",
        "comments",
        "thoughts",
        "opinion",
        "idea",
        "ideas",
        "review",
        "takeaway",
        "takeaways",
        "q",
        "a",
        "question",
        "questions",
        "요약",
        "메모",
        "노트",
        "코멘트",
        "의견",
        "생각",
        "总结",
        "笔记",
    ]
)
"""Keys behind which somebody's own words stand."""
LABELS: Final = frozenset(
    (
        *ARXIV,
        *PAGES,
        "code",
        "github",
        "abs",
        "html",
        "here",
        "project",
        "project page",
        "slides",
        "website",
        "blog",
        "video",
        "demo",
        "the paper",
        "original paper",
        "full text",
        "arxiv pdf",
        "paper pdf",
        "abstract",
        "link to the website",
        "link to the code",
        "link to code",
        "data",
    )
)
"""What a link is called that has no title."""
_PAPER_LABELS: Final = frozenset(
    (*ARXIV, *PAGES, "abs", "the paper", "original paper", "paper pdf")
)
NO_TITLES: Final = frozenset(
    (
        *LABELS,
        "introduction",
        "summary",
        "metadata",
        "info",
        "untitled",
        "overview",
        "readme",
        "notes",
        "note",
        "my notes",
        "properties",
        "authors",
        "reading notes",
        "tl;dr",
        "tldr",
    )
)
"""Headings and labels that no paper is called by."""

_KEY: Final = r"(?P<key>[^\W\d_][^:*`\[\]()<>|\n]{0,30}?)"
_FORMS: Final = (
    re.compile(rf"{_KEY}\s*::(?:\s+(?P<value>.*)|)"),
    re.compile(rf"[\[(]{_KEY}\s*::(?:\s+(?P<value>.*)|)[\])]"),
    re.compile(rf"(?:\*\*|__){_KEY}\s*[:.：]\s*(?:\*\*|__)\s*(?P<value>.*)"),
    re.compile(rf"(?:\*\*|__){_KEY}\s*(?:\*\*|__)\s*[:：]\s*(?P<value>.*)"),
    re.compile(rf"{_KEY}\s*[:：](?:\s+(?P<value>.*)|)"),
)
_MARK: Final = re.compile(r"\A(?:>\s*|[-*+•]\s+|\d{1,2}[.)]\s+)+")
_CALLOUT: Final = re.compile(r"(?:>\s*)+\[!(?P<kind>[\w-]+)\][-+]?\s*(?P<title>.*)")
_LINK: Final = re.compile(
    r"(?<!\[)\[+(?P<label>[^\[\]]{1,60})\]\(\s*<?(?P<url>[^)\s>\[\]]{1,2000})>?"
    r"(?:\s[^)]{0,300})?\)\]*"
)
_BETWEEN_LINKS: Final = re.compile(r"[\s|/·•,;:()\[\]\-–—&*_.]*")
_IN_BRACKETS: Final = re.compile(r"\([\w .:-]{1,20}\)")
_BLOCK_HEADING: Final = re.compile(r"[-*+]\s+#{1,6}\s+(?P<title>.+)")
"""A heading that is a block of Logseq's."""
_WIKI: Final = re.compile(r"\[\[(?P<page>[^\[\]|\\]*)(?:\\?\|(?P<shown>[^\[\]]*))?\]\]")
_MASKED: Final = re.compile(r"!?\[(?P<shown>[^\[\]]*)\]\([^()]*\)")
_ARXIV_ID: Final = re.compile(
    r"arxiv\s*[:：.]?\s*(?:org/(?:abs|pdf)/)?(\d{4}\.\d{4,5}|[a-z-]+/\d{7})", re.IGNORECASE
)
_LONGEST: Final = 1_000
_LONGEST_LINE: Final = 5_000
_MOST: Final = 300
"""Lines of properties."""


@dataclass(slots=True)
class Properties:
    """Values by their keys, in small letters with blanks; the lines that they stand in."""

    values: dict[str, Values] = field(default_factory=dict)
    lines: set[int] = field(default_factory=set)
    abstract: list[int] = field(default_factory=list)
    """Lines of a quoted abstract among them."""

    def of(self, keys: Iterable[str]) -> Iterator[str]:
        """All values of these keys."""
        for key in keys:
            yield from self.values.get(key, ())

    @property
    def title(self) -> str:
        return next((title for one in self.of(TITLES) if (title := shown(one))), "")

    @property
    def authors(self) -> tuple[str, ...]:
        return people(next((its for key in self._authors() if (its := self.values.get(key))), ()))

    @property
    def writer(self) -> str:
        """Who wrote the note, where one person is named. The author of a blog's post is its."""
        own = ("author",) if "layout" in self.values else ()
        named = [shown(one) for one in self.of((*WRITERS, *own))]
        return named[0] if len(named) == 1 and not re.search(r"[,;&]| and ", named[0]) else ""

    @property
    def tags(self) -> tuple[str, ...]:
        found = (as_tag(one) for value in self.of(TAGS) for one in _listed(value))
        return tuple(dict.fromkeys(tag for tag in found if tag))

    @property
    def day(self) -> date | None:
        return next((day for one in self.of(DAYS) if (day := day_in(one))), None)

    def reference(self) -> PaperReference | None:
        """The paper that they name: arXiv's where they name one, else the first page."""
        named = [one for value in self.of(ARXIV) for one in references_in(value, bare=True)]
        pages = [one for value in self.of(PAGES) for one in references_in(value)]
        others = [
            one
            for key, values in self.values.items()
            if key not in (*ARXIV, *PAGES, "related", "code", "github", "abstract")
            for value in values
            for one in arxiv_in(value)
        ]
        found = [*named, *pages, *others]
        arxiv = (one for one in found if isinstance(one, ArxivReference))
        return next(arxiv, next(iter([*named, *pages]), None))

    def _authors(self) -> Sequence[str]:
        return (
            AUTHORS if "layout" not in self.values else [one for one in AUTHORS if one != "author"]
        )


def block_heading(unit: Unit) -> str:
    """The title of a heading that is a block of Logseq's: `- # Title`."""
    match = _BLOCK_HEADING.match(unit.text)
    return match["title"] if match else ""


def read_properties(front: FrontMatter, units: Sequence[Unit]) -> Properties:
    """The properties of a note: of its front matter, and of the lines at its top."""
    found = Properties({plain_key(key): values for key, values in front.items()})
    own = set(found.values)
    known = False
    waiting: list[int] = []  # Callouts and headings above properties.
    for at, unit in enumerate(units):
        if len(found.lines) > _MOST:
            break
        if unit.look is Look.BLANK:
            continue
        if unit.look is Look.RULE:
            waiting.append(at)
        elif unit.look is Look.HEADING:
            if plain_key(unit.title) in ABSTRACTS:
                found.lines.add(at)
                found.abstract += _paragraphs(units, at + 1)
                continue
            first = not known and not waiting
            if not first and plain_key(unit.title) not in NO_TITLES:
                break
            waiting.append(at)
        elif at in found.abstract:
            continue
        elif callout := _CALLOUT.match(unit.text):
            kind, title = callout["kind"].casefold(), plain_key(callout["title"])
            if kind in ABSTRACTS or title in ABSTRACTS:
                found.abstract += _quoted(units, at)
                continue
            waiting.append(at)
        elif not known and not waiting and _BLOCK_HEADING.match(unit.text):
            waiting.append(at)
        elif pairs := _pairs(unit, follows=at - 1 in found.lines):
            for key, value in pairs:
                known = known or key in _KNOWN
                if key in own:
                    continue  # Front matter says it better.
                found.values[key] = (*found.values.get(key, ()), *((value,) if value else ()))
            found.lines.add(at)
            if any(units[line].look is Look.QUOTE for line in waiting):
                found.lines.update(line for line in waiting if units[line].look is Look.QUOTE)
            waiting = []
        else:
            break
    if not known:
        found.lines.clear()
        found.abstract.clear()
        found.values = {plain_key(key): values for key, values in front.items()}
    return found


def label_lines(units: Sequence[Unit]) -> Iterator[tuple[int, PaperReference]]:
    """Lines of nothing but links called *Paper*, *Link to the paper* and so on, with the paper."""
    for at, unit in enumerate(units):
        for key, value in _labels(_MARK.sub("", unit.text)):
            if key in _PAPER_LABELS and (one := next(iter(references_in(value)), None)):
                yield at, one
                break


def references_in(value: str, *, bare: bool = False) -> list[PaperReference]:
    """The papers and pages in a value; a number alone is an arXiv id only if `bare`."""
    if not bare and "/" not in value and not _ARXIV_ID.search(value):
        return []
    link = _LINK.search(value)
    parsed = parse_references((link["url"] if link else value)[:_LONGEST])
    return [one for one in parsed.references if isinstance(one, ArxivReference | PageReference)]


def arxiv_in(value: str) -> Iterator[PaperReference]:
    """The papers that a value names as `arXiv:1706.03762`."""
    for match in _ARXIV_ID.finditer(value[:_LONGEST]):
        found = parse_references(f"arXiv:{match[1]}").references
        yield from (one for one in found if isinstance(one, ArxivReference))


def plain_key(key: str) -> str:
    """A key as it is looked up: `arxiv_id`, `Arxiv-ID` and `arXiv ID` are one."""
    return " ".join(re.sub(r"[_\-()*:#]+", " ", key.casefold()).split())


def shown(value: str) -> str:
    """A value without the marks of links and of Markdown: `[[people/R. Clifford|R. Clifford]]`."""
    text = _WIKI.sub(lambda one: one["shown"] or one["page"].rpartition("/")[2], value)
    text = _MASKED.sub(lambda one: one["shown"], text)
    return text.strip().strip("\"'`*_").strip().removeprefix("@")


def people(values: Sequence[str]) -> tuple[str, ...]:
    """Names one by one, the first name first: from a list, or a text with commas or semicolons."""
    if len(values) == 1:
        text = values[0].strip().strip("[]") if "[[" not in values[0] else values[0]
        if ";" in text:
            values = text.split(";")
        elif " and " in text and re.search(r"\w, \w[^,]* and \w+, \w", text):
            values = text.split(" and ")
        else:
            values = re.split(r",|，|、| and | & ", text)
    names = (_first_name_first(shown(value).rstrip("*†‡ ")) for value in values)
    return tuple(
        name for name in names if name and name.casefold() not in {"et al.", "et al", "others"}
    )


def as_tag(text: str) -> str:
    """A word as a tag, without `#`: `[[sequence models]]` is `sequence_models`; "" if none."""
    name = re.sub(r"[^\w/-]+", "_", shown(text.strip().lstrip("#")))
    name = re.sub(r"_+-+_+", "_", name).strip("_-/")
    return name if name and is_tag(name) else ""


def _first_name_first(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name.strip()


def _listed(value: str) -> list[str]:
    if "[[" in value:
        links = [match[0] for match in _WIKI.finditer(value)]
        return [*links, *re.split(r"[,;]", _WIKI.sub("", value))]
    return re.split(r"\s+(?=#)" if value.count("#") > 1 else r"[,;，、]", value.strip("[] "))


def _pairs(unit: Unit, *, follows: bool) -> list[tuple[str, str]]:
    """The properties of a line; `follows` another: then any short line `Key: value` is one."""
    text = _MARK.sub("", unit.text).strip()
    if labels := _labels(text):
        return labels
    for place, form in enumerate(_FORMS):
        match = form.fullmatch(text)
        if match is None:
            continue
        key, value = plain_key(match["key"]), (match["value"] or "").strip()
        if key in TEXT_KEYS or len(value) > _LONGEST:
            return []
        sure = place < 2 or key in _KNOWN
        short = follows and len(key.split()) <= 3 and len(value) <= 200
        return [(key, value)] if sure or short else []
    return []


def _labels(text: str) -> list[tuple[str, str]]:
    """`[arXiv](URL) | [Code](URL)`: the links of a line that holds nothing else."""
    links = list(_LINK.finditer(text)) if len(text) <= _LONGEST_LINE else []
    if not any(plain_key(link["label"]) in LABELS for link in links):
        return []
    if not _BETWEEN_LINKS.fullmatch(_IN_BRACKETS.sub("", _LINK.sub("", text))):
        return []
    labels = [(plain_key(link["label"]), link["url"]) for link in links]
    return [(label if label in LABELS else "other", url) for label, url in labels]


def _quoted(units: Sequence[Unit], at: int) -> list[int]:
    lines = [at]
    while lines[-1] + 1 < len(units) and units[lines[-1] + 1].look is Look.QUOTE:
        lines.append(lines[-1] + 1)
    return lines


def _paragraphs(units: Sequence[Unit], at: int) -> list[int]:
    """The lines of text from here to the next heading or rule."""
    lines: list[int] = []
    while at < len(units) and units[at].look not in (Look.HEADING, Look.RULE):
        lines += [at] if units[at].look is not Look.BLANK else []
        at += 1
    return lines


def told(values: Mapping[str, Values]) -> dict[str, str]:
    """Properties as one text each."""
    return {key: ", ".join(its) for key, its in values.items()}
