"""From what a channel holds to the pages that show it, linked with one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain

from bot.archive.contents import ArchiveContents, File
from bot.archive.formats.notes import tags_of
from bot.archive.parser.body import take_text
from bot.archive.parser.file_names import file_stem
from bot.archive.parser.model import ArchivedEntry, FileKind, ParsedFile, Role
from bot.archive.parser.reader import parse_text
from bot.archive.paths import Names
from bot.archive.site.addresses import paper_address, slug
from bot.archive.site.labels import author_labels, once, tag_labels
from bot.archive.site.model import Comment, Label, Note, PaperPage, Post, PostPart, Site
from bot.archive.site.resolve import PageResolver, Target, ordered_unique
from bot.archive.site.series import connect
from bot.digest.markdown import several_writers
from bot.isolation import RecordKind, each, either, isolated
from bot.model.digest import Compiled, Digest, DigestState, message_url
from bot.model.take import Entry, How, Take
from bot.text.octets import utf8
from bot.text.tags import tag_key
from bot.text.tex import readable

_SHOWN = {DigestState.POSTED, DigestState.PLANNED}


def gather(archive: ArchiveContents, title: str = "", about: str = "") -> tuple[Site, PageResolver]:
    """The site of a channel, and what finds a page for a link.

    `title`: what it is called, left out: as the channel; `about`: what the club says of itself.
    """
    return _Gatherer(archive).run(title or archive.channel.name, about)


class _Gatherer:
    def __init__(self, archive: ArchiveContents) -> None:
        self.archive = archive
        self.zone = archive.channel.settings.zone
        self.names = Names("-")
        self.pages: dict[int, PaperPage] = {}
        self.notes: list[Note] = []
        self.posts: list[Post] = []
        self.writers: dict[str, tuple[str, list[PaperPage | Note]]] = {}
        self.file_tags: dict[PaperPage, list[str]] = {}
        self.file_links: dict[PaperPage, list[str]] = {}
        """What leads on from a paper, in the files about it, beside their takes."""
        self.undated = {
            take.id for file in archive.files if file.day is None for take in file.takes
        }
        """Takes of files that tell no day: they count as written when they were imported."""

    def run(self, title: str, about: str) -> tuple[Site, PageResolver]:
        self._papers()
        self.resolver = PageResolver(self.pages.values())
        digests = {digest.id: digest for digest in self.archive.digests if digest.state in _SHOWN}
        for file in self.archive.files:
            if file.kind != FileKind.PAGE:
                with isolated(RecordKind.EXPORTED, file.path) as attempt:
                    self._file(file, digests)
                if attempt.failed:
                    self._plain_note(file)
        for digest, compiled in self.archive.posts:
            parts = either(
                RecordKind.EXPORTED,
                f"digest {digest.id}",
                partial(_parts, self, compiled),
                partial(_plain_parts, compiled),
            )
            self._post(digest, parts, compiled.day)
        self._connect()
        series = connect(self.pages.values(), self.names)
        everything: list[PaperPage | Note] = [*self.pages.values(), *self.notes]
        everything.sort(key=lambda page: (str(page.day or ""), page.address))
        site = Site(
            name=title,
            about=about,
            language=self.archive.channel.settings.language,
            posts=tuple(sorted(self.posts, key=lambda post: (post.day, post.address))[::-1]),
            pages=tuple(everything),
            tags=tuple(tag_labels(everything, self.names)),
            members=tuple(self._members()),
            authors=tuple(author_labels(self.pages.values(), self.names)),
            series=tuple(series),
        )
        return site, self.resolver

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _papers(self) -> None:
        """A page a paper, with its takes. Its writers are named where the club has several."""
        takes = self.archive.takes_of
        several = len({take.member for found in takes.values() for take in found}) > 1
        for entry in sorted(self.archive.entries.values(), key=lambda one: (one.added_at, one.id)):
            page = self.pages.get(entry.paper.id)
            its = takes.get(entry.id, ())
            if page is None:
                page = self.pages[entry.paper.id] = self._paper_page(entry)
            self._days(page, entry, its)
            shown = either(
                RecordKind.EXPORTED, entry.paper.reference, partial(once, its), partial(list, its)
            )
            for take in shown:
                dated = take.id not in self.undated
                page.comments.append(self.comment(take, named=several, dated=dated))
                _, wrote = self.writers.setdefault(
                    f"{take.member.id or ''}:{take.member.name}", (take.member.name, [])
                )
                if page not in wrote[-1:]:
                    wrote.append(page)

    def _days(self, page: PaperPage, entry: Entry, takes: Sequence[Take]) -> None:
        """What was imported without a date is not of the day of its import."""
        days = [self.day(take.created_at) for take in takes if take.id not in self.undated]
        if entry.how is not How.ARCHIVE or not any(take.id in self.undated for take in takes):
            days.append(self.day(entry.added_at))
        if days:
            page.day = min([*days, *([page.day] if page.day else [])])
            page.last = max([*days, *([page.last] if page.last else [])])

    def _paper_page(self, entry: Entry) -> PaperPage:
        paper = entry.paper

        def drawn() -> PaperPage:
            address = paper_address(paper, self.names)
            return PaperPage(paper, readable(paper.title), address, None)

        def plain() -> PaperPage:
            address = self.names.take(f"papers/{entry.id}.html")
            return PaperPage(paper, " ".join(paper.title.split()), address, None)

        return either(RecordKind.EXPORTED, paper.reference, drawn, plain)

    def comment(self, take: Take, *, named: bool, dated: bool = False) -> Comment:
        return either(
            RecordKind.TAKE,
            take.id,
            lambda: Comment(
                take.text,
                take.member.name if named else None,
                self.day(take.created_at) if dated else None,
                take.edited_at,
                take.created_at,
            ),
            lambda: Comment(take.text),
        )

    def _file(self, file: File, digests: dict[int, Digest]) -> None:
        stem = file_stem(file.path)
        document = parse_text(file.path, file.text)
        digest = digests.get(file.digest_id) if file.digest_id is not None else None
        named = [self._page(entry) for entry in document.entries]
        target: Target
        if digest is not None:
            target = self._post(digest, _pieces(document, named), file.day or digest.day)
        elif len(named) == 1 and named[0] is not None and not _has_prose(document):
            target = named[0]
            self.file_tags.setdefault(target, []).extend(tags_of([file.text]))
            self.file_links.setdefault(target, []).extend(_links_beside_takes(document))
        else:
            name = slug(f"{file.day:%y%m%d} {document.title}" if file.day else stem)
            body = document.text[document.blocks[0].end :] if document.front else document.text
            tags = list(tags_of([body]))
            address = self.names.take(f"notes/{name}.html")
            target = Note(document.title or stem, address, file.day, visible(body), tags)
            self.notes.append(target)
        self.resolver.name(stem, target)

    def _plain_note(self, file: File) -> None:
        """A file of which no more can be made: its text."""
        address = self.names.take(f"notes/file-{len(self.notes) + 1}.html")
        self.notes.append(Note(file.title or file.path, address, file.day, visible(file.text)))

    def _page(self, entry: ArchivedEntry) -> PaperPage | None:
        if entry.reference is not None:
            found = self.resolver.url(entry.reference.url)
        else:
            found = self.resolver.wiki(readable(entry.title))
        return found if isinstance(found, PaperPage) else None

    def _post(self, digest: Digest, parts: list[PostPart], day: date) -> Post:
        channel = self.archive.channel
        discord = None
        if channel.guild_id is not None and digest.thread_id is not None:
            discord = message_url(channel.guild_id, digest.thread_id, None)
        elif channel.guild_id is not None and channel.discord_id and digest.message_id:
            discord = message_url(channel.guild_id, channel.discord_id, digest.message_id)
        moments = [one.edited for part in parts for one in part.comments if one.edited]
        post = Post(
            digest=digest,
            title=digest.title or f"{day:%y%m%d}",
            address=self.names.take(f"digests/{day:%y%m%d}.html"),
            day=day,
            parts=parts,
            updated=max([digest.posted_at or digest.period_end, *moments]),
            discord=discord,
        )
        self.posts.append(post)
        return post

    def _connect(self) -> None:
        """Tags, and for each page where else it is spoken of."""
        found: dict[Target, dict[Target, None]] = {}
        entries = self.archive.entries
        told_tags = {
            entries[number].paper.id: tags
            for number, tags in self.archive.told_tags.items()
            if number in entries
        }
        for number, page in self.pages.items():
            texts = [comment.text for comment in page.comments]
            own = self._tags(page.address, texts)
            told = told_tags.get(number, ())
            page.tags = list(_distinct([*own, *self.file_tags.get(page, ()), *told]))
            beside = self.file_links.get(page, [])
            for target in self._mentioned(page.address, [*texts, *beside]):
                found.setdefault(target, {})[page] = None
        for note in self.notes:
            for target in self._mentioned(note.address, [note.text]):
                found.setdefault(target, {})[note] = None
        for post in sorted(self.posts, key=lambda post: post.day):
            for part in post.parts:
                if part.page is not None and post not in part.page.posts:
                    part.page.posts.append(post)
                for target in self._mentioned(post.address, [part.text]):
                    found.setdefault(target, {})[post] = None
        leads: dict[Target, dict[Target, None]] = {}
        for target, sources in found.items():
            sources.pop(target, None)
            if not isinstance(target, Post):
                target.mentions = ordered_unique(sources)
            for source in sources:
                leads.setdefault(source, {})[target] = None
        for source, targets in leads.items():
            if not isinstance(source, Post):
                source.leads = ordered_unique(targets)

    def _tags(self, address: str, texts: Sequence[str]) -> Iterable[str]:
        found = each(
            RecordKind.EXPORTED, texts, lambda text: tags_of([text]), name=lambda text: address
        )
        return chain.from_iterable(found)

    def _mentioned(self, address: str, texts: Sequence[str]) -> Iterable[Target]:
        """The pages that the texts of the page at `address` link to."""
        told = each(
            RecordKind.EXPORTED,
            texts,
            lambda text: list(self.resolver.mentioned(text)),
            name=lambda text: address,
        )
        return chain.from_iterable(told)

    def _members(self) -> Iterable[Label]:
        for _, (name, pages) in sorted(self.writers.items(), key=lambda one: (one[1][0], one[0])):
            ordered = sorted(set(pages), key=lambda page: (str(page.day), page.address))
            yield Label(name, self.names.take(f"members/{slug(name)}.html"), ordered[::-1])


def visible(text: str) -> str:
    """A file's text without what UTF-8 cannot write."""
    return utf8(text).decode()


def _parts(gatherer: _Gatherer, compiled: Compiled) -> list[PostPart]:
    named = several_writers(compiled.sections)
    parts = [PostPart(text=compiled.intro)] if compiled.intro.strip() else []
    for section in compiled.sections:
        comments = [gatherer.comment(take, named=named) for take in section.takes]
        parts.append(PostPart(gatherer.pages[section.entry.paper.id], comments))
    parts += [PostPart(gatherer.pages[entry.paper.id]) for entry in compiled.shown_untaken]
    if compiled.settings.closing_tag:
        parts.append(PostPart(text=compiled.settings.closing_tag))
    return parts


def _plain_parts(compiled: Compiled) -> list[PostPart]:
    texts = [compiled.intro]
    for section in compiled.sections:
        texts += [section.entry.paper.title, *(take.text for take in section.takes)]
    return [PostPart(text=text) for text in texts if text.strip()]


def _pieces(document: ParsedFile, named: Sequence[PaperPage | None]) -> list[PostPart]:
    """An imported post as its file has it: papers where they stood, and the words between."""
    parts: list[PostPart] = []
    seen: set[int] = set()
    for index, block in enumerate(document.blocks):
        if block.role in {Role.FRONT, Role.BLANK}:
            continue
        if block.entry is not None:
            if block.entry not in seen:
                seen.add(block.entry)
                parts += _entry(document, document.entries[block.entry], named[block.entry])
            continue
        text = visible(document.source(block)).strip()
        if block.role is Role.HEADING and not parts and document.title in text:
            continue
        if parts and parts[-1].page is None and not parts[-1].comments and index:
            parts[-1].text += f"\n\n{text}"
        else:
            parts.append(PostPart(text=text))
    return parts


def _entry(
    document: ParsedFile, entry: ArchivedEntry, page: PaperPage | None
) -> Iterable[PostPart]:
    comments = [Comment(visible(take_text(document, take))) for take in entry.takes]
    if page is not None:
        yield PostPart(page, comments)
        return
    names = f" ({', '.join(entry.authors)})" if entry.authors else ""
    yield PostPart(text=visible(f"**{entry.title}**{names}") if entry.title else "")
    for comment in comments:
        yield PostPart(text=comment.text)


def _links_beside_takes(document: ParsedFile) -> list[str]:
    return [
        visible(document.source(block)) for block in document.blocks if block.role is Role.LINKS
    ]


def _has_prose(document: ParsedFile) -> bool:
    return any(block.role is Role.PROSE for block in document.blocks)


def _distinct(tags: Iterable[str]) -> Iterable[str]:
    return {tag_key(tag): tag for tag in reversed(list(tags))}.values().__reversed__()
