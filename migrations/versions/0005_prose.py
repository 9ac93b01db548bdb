"""words of files that no take and no paper has

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.archive.body import Body, load
from bot.archive.prose import papers_of, prose, read_again
from bot.store import index, postings

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_ONCE = 100


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prose", sa.Text(), server_default="", nullable=False))

    # Files that are there already are read again, as they were imported: it takes no longer than
    # a part of their import, and nobody has to import them a second time.
    connection = op.get_bind()
    _read_files(connection)
    # All of them anew: the signs of C++ are words of their own now.
    index.rebuild(connection)


def downgrade() -> None:
    postings.drop(op.get_bind(), ["document_index"])
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("prose")


# The tables as they are at this revision, whatever becomes of the program's own.
_DOCUMENTS = sa.table(
    "documents", *map(sa.column, ("id", "channel_id", "path", "body")), sa.column("prose", sa.Text)
)
_CHANNELS = sa.table("channels", *map(sa.column, ("id", "scope")))
_TAKES = sa.table("takes", *map(sa.column, ("id", "text")))
_PAPERS = sa.table(
    "papers",
    *map(sa.column, ("scope", "url", "arxiv_id", "title", "abstract")),
    sa.column("authors", sa.JSON),
)


def _read_files(connection: sa.Connection) -> None:
    after = 0
    while rows := connection.execute(
        sa.select(_DOCUMENTS.c.id, _DOCUMENTS.c.path, _DOCUMENTS.c.body, _CHANNELS.c.scope)
        .join(_CHANNELS, _CHANNELS.c.id == _DOCUMENTS.c.channel_id)
        .where(_DOCUMENTS.c.id > after)
        .order_by(_DOCUMENTS.c.id)
        .limit(_AT_ONCE)
    ).all():
        bodies = [load(row.body) for row in rows]
        takes = _takes(connection, bodies)
        for row, body in zip(rows, bodies, strict=True):
            document, own = read_again(row.path, body, takes)
            papers = _papers(connection, row.scope, papers_of(document))
            if found := prose(document, papers, own):
                connection.execute(
                    sa.update(_DOCUMENTS).where(_DOCUMENTS.c.id == row.id).values(prose=found)
                )
        after = rows[-1].id


def _takes(connection: sa.Connection, bodies: Sequence[Body]) -> Mapping[int, str]:
    numbers = [number for body in bodies for number in body.marks]
    found: dict[int, str] = {}
    for at in range(0, len(numbers), 500):
        wanted = _TAKES.c.id.in_(numbers[at : at + 500])
        found |= dict(connection.execute(sa.select(_TAKES.c.id, _TAKES.c.text).where(wanted)).all())
    return found


def _papers(connection: sa.Connection, scope: int, urls: set[str]) -> Mapping[str, str]:
    if not urls:
        return {}
    found: dict[str, Any] = {}
    wanted = sorted(urls)
    for at in range(0, len(wanted), 500):
        rows = connection.execute(
            sa.select(_PAPERS).where(
                _PAPERS.c.url.in_(wanted[at : at + 500]), _PAPERS.c.scope.in_([0, scope])
            )
        )
        found |= {row.url: index.paper_text(row) for row in rows}
    return found
