"""A channel's archive in memory: what every format of the export is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.archive.parser.body import assemble, load
from bot.digest.compile import in_order
from bot.isolation import RecordKind, each
from bot.model.channel import Channel
from bot.model.digest import Compiled, Digest, DigestSection
from bot.model.paper import Paper
from bot.model.take import Entry, Take
from bot.store import Transaction
from bot.store.backup.channel_export import ChannelExport
from bot.store.queries.documents import StoredDocument


@dataclass(frozen=True, slots=True)
class File:
    """An imported file with its takes as they are now."""

    path: str
    kind: str
    day: date | None
    title: str
    text: str
    """Bytes that are not UTF-8 are lone surrogates."""
    takes: tuple[Take, ...]
    digest_id: int | None
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """What a channel holds. `loose` is what is in no file and no digest of its own."""

    channel: Channel
    digests: tuple[Digest, ...]
    entries: Mapping[int, Entry]
    takes: Mapping[int, Take]
    takes_of: Mapping[int, tuple[Take, ...]]
    """By entry, in the order in which they were written."""
    documents: tuple[StoredDocument, ...]
    files: tuple[File, ...]
    posts: tuple[tuple[Digest, Compiled], ...]
    """Digests that did not come from a file."""
    loose: tuple[DigestSection, ...]
    told_tags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """By entry the tags that files tell beside its takes."""

    def papers(self) -> Sequence[Paper]:
        """The list's papers, each once, in the order in which they were added."""
        ordered = sorted(self.entries.values(), key=lambda entry: (entry.added_at, entry.id))
        return list({entry.paper.id: entry.paper for entry in ordered}.values())

    def accessed(self) -> Mapping[int, date]:
        """By a paper's number the day on which it was put on the list."""
        return {entry.paper.id: entry.added_at.date() for entry in self.entries.values()}


async def contents(tx: Transaction, channel: Channel) -> ArchiveContents:
    """Everything of a channel, over one state of the database."""
    whole = ChannelExport(tx.session)
    digests = tuple(await whole.digests(channel.id))
    entries: dict[int, Entry] = {}
    shown_by: dict[int, int | None] = {}
    async for entry, digest_id in whole.entries(channel.id):
        entries[entry.id], shown_by[entry.id] = entry, digest_id
    takes = {take.id: take async for take in whole.takes(channel.id)}
    takes_of: dict[int, list[Take]] = defaultdict(list)
    for take in sorted(takes.values(), key=lambda take: (take.created_at, take.id)):
        takes_of[take.entry_id].append(take)
    documents = tuple([document async for document in whole.documents(channel.id)])
    files = tuple(
        each(
            RecordKind.FILE,
            documents,
            lambda document: _file(document, takes),
            name=lambda document: document.path,
            plainly=_plain_file,
        )
    )
    in_files = {take.id for file in files for take in file.takes}
    filed = {file.digest_id for file in files if file.digest_id is not None}
    own = [digest for digest in digests if digest.has_text and digest.id not in filed]
    # The takes of one that cannot be put together are in no post: they are written out as notes.
    posts = tuple(
        each(
            RecordKind.DIGEST,
            own,
            lambda digest: (digest, _post(channel, digest, entries, shown_by, takes_of)),
            name=lambda digest: digest.id,
        )
    )
    in_posts = {take.id for _, post in posts for section in post.sections for take in section.takes}
    listed = {entry.id for _, post in posts for entry in post.untaken}
    done = in_files | in_posts
    named = _named_in(documents, entries)
    loose: list[DigestSection] = []
    for entry in entries.values():
        left = tuple(take for take in takes_of[entry.id] if take.id not in done)
        if left or not (takes_of[entry.id] or entry.id in listed or entry.id in named):
            loose.append(DigestSection(entry, left))
    return ArchiveContents(
        channel=channel,
        digests=digests,
        entries=entries,
        takes=takes,
        takes_of={number: tuple(found) for number, found in takes_of.items()},
        documents=documents,
        files=files,
        posts=posts,
        loose=tuple(loose),
        told_tags=await tx.entries.told_tags(channel.id),
    )


def _file(document: StoredDocument, takes: Mapping[int, Take]) -> File:
    body = load(document.body)
    its = tuple(takes[number] for number in body.marks if number in takes)
    return File(
        path=document.path,
        kind=document.kind,
        day=document.day,
        title=document.title,
        text=assemble(body, {take.id: take.text for take in its}),
        takes=its,
        digest_id=document.digest_id,
        encoding=body.encoding,
    )


def _plain_file(document: StoredDocument) -> File:
    """A file whose body cannot be read: its own words, without its takes, which come as notes."""
    return File(
        path=document.path,
        kind=document.kind,
        day=document.day,
        title=document.title,
        text=document.prose or document.body,
        takes=(),
        digest_id=None,
    )


def _post(
    channel: Channel,
    digest: Digest,
    entries: Mapping[int, Entry],
    shown_by: Mapping[int, int | None],
    takes_of: Mapping[int, Sequence[Take]],
) -> Compiled:
    """A posted digest as it stands, with the takes as they are now."""
    sections: list[DigestSection] = []
    untaken: list[Entry] = []
    places = {number: place for place, number in enumerate(digest.arranged)}
    for entry in sorted(entries.values(), key=lambda entry: (entry.added_at, entry.id)):
        its = tuple(take for take in takes_of.get(entry.id, ()) if take.digest_id == digest.id)
        if its:
            sections.append(DigestSection(entry, its))
        elif shown_by[entry.id] == digest.id:
            untaken.append(entry)
    untaken.sort(key=lambda entry: places.get(entry.id, len(places)))
    settings = digest.settings or channel.settings
    return Compiled(
        digest.title,
        digest.day,
        digest.number,
        digest.intro,
        tuple(in_order(sections, settings.order, digest.arranged, digest.id)),
        tuple(untaken),
        settings,
    )


def _named_in(documents: Sequence[StoredDocument], entries: Mapping[int, Entry]) -> set[int]:
    """Entries that came with a file, which names their papers."""
    if not documents:
        return set()
    return {entry.id for entry in entries.values() if entry.how == "archive"}
