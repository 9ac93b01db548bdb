"""From what a person typed to papers of the catalogue."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.arxiv.errors import ArxivUnavailable
from bot.arxiv.lookup import Lookup
from bot.errors import (
    ArxivIdNotYet,
    BadArxivId,
    BadArxivIdMeant,
    BadUrl,
    EmptyReference,
    NoReference,
    NotAPaperPage,
    OtherCollection,
    PersonError,
    TitleAmbiguous,
    TitleBad,
    TitleNeeded,
    TitleNotFound,
    TitleUnanswered,
    TooManyReferences,
    TooOften,
    Unexpected,
    UnknownArxivId,
)
from bot.isolation import RecordKind, all_or_each, isolated
from bot.model.allowance import Cost, Spending
from bot.model.paper import Metadata, Paper, PaperData
from bot.model.people import Member, Place
from bot.model.reference import (
    ArxivId,
    ArxivReference,
    BadReference,
    MalformedId,
    NotAPaper,
    OtherIdentifier,
    PageReference,
    Reference,
    TitleReference,
    parse_references,
)
from bot.store import Store, Transaction
from bot.store.queries.papers import ARXIV_SCOPE
from bot.text.markdown import is_blank, strip_controls
from bot.text.tex import readable

REFERENCES_LIMIT = 20
"""Papers that one command adds at most."""
TITLE_LIMIT = 300
"""Characters of a page's title."""
CANDIDATES = 5


class ArxivService(Protocol):
    """The part of `bot.arxiv` that the catalogue needs."""

    async def lookup(
        self, ids: Sequence[ArxivId], *, person: bool, deadline: float, guild: int = 0
    ) -> Lookup: ...

    async def search_title(
        self, text: str, *, limit: int, deadline: float, guild: int = 0
    ) -> Sequence[PaperData]: ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """Papers in the order in which they were typed, and what went wrong with the others."""

    papers: tuple[Paper, ...]
    refused: tuple[PersonError, ...]


def read_references(typed: str) -> tuple[Sequence[Reference], list[PersonError]]:
    """The references in a text, and what is wrong with the rest.

    Raises EmptyReference, NoReference or TooManyReferences.
    """
    if not typed.strip():
        raise EmptyReference
    parsed = parse_references(typed)
    refused = [_refusal(bad) for bad in parsed.bad]
    if not parsed.references and not refused:
        raise NoReference(typed=_quoted(typed))
    if len(parsed.references) > REFERENCES_LIMIT:
        raise TooManyReferences(count=len(parsed.references), limit=REFERENCES_LIMIT)
    return parsed.references, refused


def page_title(typed: str) -> str:
    """A page's title as it is kept: one line. Raises TitleBad."""
    title = " ".join(strip_controls(typed).split())
    if is_blank(title) or len(title) > TITLE_LIMIT:
        raise TitleBad(limit=TITLE_LIMIT)
    return title


async def page_title_here(tx: Transaction, place: Place, url: str) -> str:
    """What a place calls a page that is not on arXiv; empty if it has never listed it."""
    channel = await tx.channels.find(place)
    paper = await tx.papers.by_url(place.scope, url) if channel else None
    return await tx.entries.called(channel.id, paper.id) if channel and paper else ""


class PaperResolver:
    """Finds papers in the catalogue, and brings into it those that it lacks."""

    def __init__(
        self, store: Store, arxiv: ArxivService, patience: float, spending: Spending
    ) -> None:
        self.store = store
        self.arxiv = arxiv
        self.patience = patience
        """Seconds that a member waits for arXiv at most."""
        self.spending = spending

    async def resolve(
        self, typed: str, place: Place, member: Member, title: str | None = None
    ) -> Resolved:
        """The papers that a text refers to, a page with the title that its place gives it.

        An arXiv paper that arXiv cannot be asked for now is kept as pending. Raises NoReference,
        TooManyReferences, TitleBad, TooOften; all else that is wrong is in `refused`.
        """
        references, refused = read_references(typed)
        given = None if title is None else page_title(title)
        known, trouble = await self._arxiv(
            [item.id for item in references if isinstance(item, ArxivReference)], place, member
        )
        papers: list[Paper] = []
        for reference in references:
            with isolated(RecordKind.PAPER, _called(reference)) as attempt:
                try:
                    papers.append(await self._one(reference, known, trouble, place, member, given))
                except PersonError as error:
                    refused.append(error)
            if attempt.failed is not None:
                refused.append(Unexpected(id=attempt.failed))
        return Resolved(tuple(dict.fromkeys(papers)), tuple(refused))

    async def _one(
        self,
        reference: Reference,
        known: Mapping[ArxivId, Paper],
        trouble: Mapping[ArxivId, PersonError],
        place: Place,
        member: Member,
        title: str | None,
    ) -> Paper:
        """The paper of one reference. Raises what is wrong with it."""
        if isinstance(reference, ArxivReference):
            if reference.id not in known:
                raise trouble[reference.id]
            return known[reference.id]
        if isinstance(reference, PageReference):
            return await self._page(reference.url, place, title)
        return await self._titled(reference, place, member)

    async def _arxiv(
        self, ids: Sequence[ArxivId], place: Place, member: Member
    ) -> tuple[dict[ArxivId, Paper], dict[ArxivId, PersonError]]:
        if not ids:
            return {}, {}
        async with self.store.read() as tx:
            kept = await tx.papers.by_arxiv_ids([str(item) for item in ids])
        known = {
            item: kept[str(item)]
            for item in ids
            if str(item) in kept and kept[str(item)].metadata is not Metadata.UNKNOWN
        }
        wanted = [item for item in ids if item not in known]
        if not wanted:
            return known, {}
        self._count(place, member)
        answer = await self.arxiv.lookup(
            wanted, person=True, deadline=self.patience, guild=place.scope
        )
        told = {item: answer.found.get(item) for item in wanted if item not in answer.unknown}
        known |= await self._keep(told)
        return known, {
            item: (ArxivIdNotYet if item in answer.fresh else UnknownArxivId)(id=str(item))
            for item in answer.unknown
        }

    async def _keep(self, told: Mapping[ArxivId, PaperData | None]) -> dict[ArxivId, Paper]:
        """What arXiv tells of papers; one that it does not tell, or not so that it can be kept, is
        known by its id and asked for again later."""
        whole = [(item, data) for item, data in told.items() if data is not None]
        made, failed = await all_or_each(
            RecordKind.PAPER, whole, self._keep_whole, name=lambda one: one[0]
        )
        owed = [item for item, data in told.items() if data is None]
        owed += [item for item, _ in failed]
        if owed:
            async with self.store.begin() as tx:
                for item in owed:
                    pending = PaperData(arxiv_id=str(item), title="")
                    kept = await tx.papers.keep(ARXIV_SCOPE, item.url, pending, Metadata.PENDING)
                    made.append({item: kept})
        return {item: paper for papers in made for item, paper in papers.items()}

    async def _keep_whole(self, told: Sequence[tuple[ArxivId, PaperData]]) -> dict[ArxivId, Paper]:
        async with self.store.begin() as tx:
            return {item: await tx.papers.keep(ARXIV_SCOPE, item.url, data) for item, data in told}

    async def _page(self, url: str, place: Place, title: str | None) -> Paper:
        async with self.store.read() as tx:
            called = title or await page_title_here(tx, place, url)
        if not called:
            raise TitleNeeded(url=_quoted(url))
        async with self.store.begin() as tx:
            paper = await tx.papers.page(place.scope, url)
        return replace(paper, data=paper.data._replace(title=called))

    def _count(self, place: Place, member: Member) -> None:
        """A question to arXiv. Raises TooOften where the member has asked for too many."""
        if wait := self.spending.spend((place.scope, member.id), Cost.LOOKUP):
            raise TooOften(count=math.ceil(wait))

    async def _titled(self, reference: TitleReference, place: Place, member: Member) -> Paper:
        words = reference.text
        self._count(place, member)
        try:
            found = await self.arxiv.search_title(
                words, limit=CANDIDATES, deadline=self.patience, guild=place.scope
            )
        except ArxivUnavailable as error:
            raise TitleUnanswered(title=_quoted(words)) from error
        same = [data for data in found if _plain(data.title) == _plain(words)]
        # A single find that has other words is offered, not taken for the paper.
        if not same and len(found) == 1 and set(_words(words)) <= set(_words(found[0].title)):
            same = [found[0]]
        if len(same) != 1:
            if not found:
                raise TitleNotFound(title=_quoted(words))
            lines = "\n".join(f"`{data.arxiv_id}` {readable(data.title)[:90]}" for data in found)
            raise TitleAmbiguous(title=_quoted(words), candidates=lines)
        found_id = ArxivId(same[0].arxiv_id or "")
        return (await self._keep({found_id: same[0]}))[found_id]


def _called(reference: Reference) -> str:
    """A reference in the log: what else was typed is the member's own."""
    return str(reference.id) if isinstance(reference, ArxivReference) else type(reference).__name__


def _refusal(bad: BadReference) -> PersonError:
    if isinstance(bad, MalformedId):
        if bad.suggestion:
            return BadArxivIdMeant(typed=_quoted(bad.text), suggestion=bad.suggestion)
        return BadArxivId(typed=_quoted(bad.text))
    if isinstance(bad, NotAPaper):
        return NotAPaperPage(typed=_quoted(bad.text))
    if isinstance(bad, OtherIdentifier):
        return OtherCollection(typed=_quoted(bad.text))
    return BadUrl(typed=_quoted(bad.text))


def _quoted(text: str) -> str:
    """What was typed, short and on one line, for a message that quotes it."""
    line = " ".join(strip_controls(text).replace("`", "'").split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", title.casefold())


def _plain(title: str) -> str:
    return "".join(char for char in readable(title).casefold() if char.isalnum())
