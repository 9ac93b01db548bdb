"""The index of pages: one document for each paper on a list, with all that was said of it there.

A page is made of rows of several tables. So whoever changes one of them only says whose page has
changed (`touch…`), and the pages are made anew once, when the transaction ends (`remake`).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.isolation import RecordKind, each
from bot.model.paper import PaperData
from bot.model.search import SEARCHED
from bot.store.fulltext.postings import IndexDocument, put
from bot.store.queries.in_list import among
from bot.store.queries.own_words import as_shown
from bot.store.schema import DocumentRow, EntryRow, PaperRow, TakeRow
from bot.text.bigrams import spaced, stemmed
from bot.text.names import keys
from bot.text.tex import readable

TABLE: Final = "page_index"
PAGE: Final = 2_000_000
"""Characters of takes and notes of one page that are indexed."""
_TOUCHED: Final = "pages"
_IN_TURN: Final = 25


# -- what has changed ------------------------------------------------------------------------------


def touch(session: AsyncSession, entries: Iterable[int]) -> None:
    """These entries' pages are to be made anew when the transaction ends."""
    session.info.setdefault(_TOUCHED, set()).update(entries)


async def touch_takes(session: AsyncSession, takes: Sequence[int]) -> None:
    """The same of the entries that these takes are on."""
    await _touch(session, select(TakeRow.entry_id), TakeRow.id, takes)


async def touch_papers(session: AsyncSession, papers: Sequence[int]) -> None:
    """The same of these papers' entries, on whatever lists."""
    await _touch(session, select(EntryRow.id), EntryRow.paper_id, papers)


async def touch_documents(session: AsyncSession, documents: Sequence[int]) -> None:
    """The same of the entries that these files are about."""
    about = (
        select(EntryRow.id)
        .join(PaperRow, PaperRow.id == EntryRow.paper_id)
        .join(
            DocumentRow,
            (DocumentRow.about == PaperRow.url) & (DocumentRow.channel_id == EntryRow.channel_id),
        )
    )
    await _touch(session, about, DocumentRow.id, documents)


async def _touch(session: AsyncSession, entries: Select[Any], key: Any, ids: Sequence[int]) -> None:
    if ids:
        await session.flush()
        touch(session, await session.scalars(entries.where(among(session, key, ids))))


async def remake(session: AsyncSession) -> None:
    """Make the pages anew that were touched; some at a time, so that others are answered in
    between."""
    if touched := sorted(session.info.pop(_TOUCHED, ())):
        await session.flush()
    for at in range(0, len(touched), _IN_TURN):
        await session.run_sync(_made_anew, touched[at : at + _IN_TURN])
        await asyncio.sleep(0)


def _made_anew(session: Session, entries: Sequence[int]) -> None:
    connection = session.connection()
    key = "rowid" if connection.dialect.name == "sqlite" else "id"
    for entry_id in entries:
        connection.execute(text(f"DELETE FROM {TABLE} WHERE {key} = :id"), {"id": entry_id})
    pages = _pages(connection, entries)
    put(
        connection,
        TABLE,
        each(RecordKind.INDEXED, pages, _document, name=lambda page: f"page {page.id}"),
    )


# -- what is in a page -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Page:
    """All that is searched of a paper on a list."""

    id: int
    channel_id: int
    url: str
    data: PaperData
    names: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Takes, then notes."""


def _pages(connection: Connection, entries: Sequence[int]) -> list[_Page]:
    pages = {
        row.id: _Page(
            row.id,
            row.channel_id,
            row.url,
            shown(row),
        )
        for row in connection.execute(_ENTRIES.where(among(connection, EntryRow.id, entries)))
    }
    takes = select(TakeRow.entry_id, TakeRow.text).order_by(TakeRow.id)
    on_them = takes.where(among(connection, TakeRow.entry_id, list(pages)))
    for entry_id, said in connection.execute(on_them):
        pages[entry_id].said.append(said)
    by_url = defaultdict(list)
    for page in pages.values():
        by_url[page.channel_id, page.url].append(page)
    about = among(connection, DocumentRow.about, [page.url for page in pages.values()])
    for row in connection.execute(_NOTES.where(about)):
        for page in by_url[row.channel_id, row.about]:
            page.names += row.names
            page.said.append(row.prose)
    return list(pages.values())


_ENTRIES: Final = (
    select(
        EntryRow.id, EntryRow.channel_id, EntryRow.own_words, PaperRow.title, PaperRow.authors,
        PaperRow.abstract, PaperRow.arxiv_id, PaperRow.url,
    )
    .join(PaperRow, PaperRow.id == EntryRow.paper_id)
    .where(EntryRow.removed_at.is_(None))
)  # fmt: skip
_NOTES: Final = select(
    DocumentRow.channel_id, DocumentRow.about, DocumentRow.names, DocumentRow.prose
).order_by(DocumentRow.id)


def _document(page: _Page) -> IndexDocument:
    data = page.data
    title = shown_title(data)
    said: list[str] = []
    left = PAGE
    for one in page.said:
        said.append(one[: min(SEARCHED, left)])
        left -= len(said[-1])
    fields = (
        " ".join(keys(title, page.names, data.abstract)),
        stemmed(title_text(data, page.url, page.names)),
        spaced(people_text(data.authors)),
        stemmed(abstract_text(data)),
        stemmed("\n".join(said)),
    )
    return IndexDocument(page.id, page.channel_id, fields)


def shown(row: Any) -> PaperData:
    """A paper as a channel sees it, as far as it is searched, of a row that has its columns and the
    entry's `own_words`."""
    return as_shown(PaperData(row.arxiv_id, row.title, row.authors, row.abstract), row.own_words)


def shown_title(data: PaperData) -> str:
    """The title as it is searched."""
    return readable(data.title) if data.arxiv_id else data.title


def title_text(data: PaperData, url: str, names: Sequence[str] = ()) -> str:
    """What of a paper is found as its title: the title, the id or address, other names."""
    name = data.arxiv_id or url.partition("://")[2] or url
    return "\n".join((shown_title(data), name, *names))


def abstract_text(data: PaperData) -> str:
    """What of a paper is found as its abstract."""
    return readable(data.abstract) if data.arxiv_id else data.abstract


def people_text(authors: Sequence[str]) -> str:
    """The authors, one a line."""
    return "\n".join(authors)


def paper_text(url: str, data: PaperData) -> str:
    """All that is searched of a paper itself."""
    return "\n".join((title_text(data, url), people_text(data.authors), abstract_text(data)))
