"""the counts of takes in a digest's starter, beside its text

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PLACE = "\ue0f2"
"""What stands in the text from now on in the place of the counts."""
COUNTS = re.compile(r"^-# [^\n]+? · ([^\n]+)$", re.MULTILINE)
LIST = re.compile(r"^\d+\. ", re.MULTILINE)

OUTBOX = sa.table(
    "outbox",
    sa.column("id", sa.Integer),
    sa.column("lane", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("edits", sa.String),
    sa.column("entry_id", sa.Integer),
    sa.column("text", sa.String),
    sa.column("take_counts", sa.String),
)
C = OUTBOX.c


def upgrade() -> None:
    op.add_column("outbox", sa.Column("take_counts", sa.Text(), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(C.id, C.lane, C.key, C.edits, C.text)
        .where(C.lane.like("digest:%"), C.entry_id.is_(None))
        .where(C.kind.in_(("message", "forum_post", "edit")))
        .order_by(C.lane, C.seq)
    ).all()
    messages: dict[str, str] = {}
    """Of each digest, the key of the message that tells the counts: the last one that seems to,
    before the list of papers."""
    listed = set()
    for row in rows:
        if row.edits is None and row.lane not in listed:
            if COUNTS.search(row.text):
                messages[row.lane] = row.key
            if LIST.search(row.text):
                listed.add(row.lane)
    for row in rows:
        found = list(COUNTS.finditer(row.text))
        if found and messages.get(row.lane) == (row.edits or row.key):
            at, end = found[-1].span(1)
            connection.execute(
                sa.update(OUTBOX)
                .where(C.id == row.id)
                .values(text=row.text[:at] + PLACE + row.text[end:], take_counts=row.text[at:end])
            )


def downgrade() -> None:
    op.execute(
        sa.update(OUTBOX)
        .where(C.take_counts.is_not(None))
        .values(text=sa.func.replace(C.text, PLACE, C.take_counts))
    )
    op.drop_column("outbox", "take_counts")
