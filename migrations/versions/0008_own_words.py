"""what channels call papers that arXiv has not told of

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OURS = "arxiv_id IS NULL OR metadata_state <> 'complete'"
"""Papers whose titles came from files and members."""
_SAID = {
    "sqlite": "json_object('title', title, 'authors', json(authors), 'abstract', abstract)",
    "postgresql": "json_build_object('title', title, 'authors', authors, 'abstract', abstract)",
}
_BACK = {
    "sqlite": (
        "coalesce(json_extract(own_words, '$.title'), ''),"
        " coalesce(json_extract(own_words, '$.authors'), '[]'),"
        " coalesce(json_extract(own_words, '$.abstract'), '')"
    ),
    "postgresql": (
        "coalesce(own_words ->> 'title', ''), coalesce(own_words -> 'authors', '[]'::json),"
        " coalesce(own_words ->> 'abstract', '')"
    ),
}


def upgrade() -> None:
    op.add_column("entries", sa.Column("own_words", sa.JSON(), nullable=True))
    # Each channel goes on seeing what it sees today; from now on nobody else will.
    said = _SAID[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE entries SET own_words = (SELECT {said} FROM papers WHERE papers.id = paper_id)"
        f" WHERE paper_id IN (SELECT id FROM papers WHERE title <> '' AND ({_OURS}))"
    )
    op.execute(
        "UPDATE papers SET title = '', authors = '[]', abstract = ''"
        f" WHERE title <> '' AND ({_OURS})"
    )


def downgrade() -> None:
    back = _BACK[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE papers SET (title, authors, abstract) = (SELECT {back} FROM entries"
        " WHERE id = (SELECT min(id) FROM entries"
        " WHERE entries.paper_id = papers.id AND own_words IS NOT NULL))"
        " WHERE title = '' AND id IN (SELECT paper_id FROM entries WHERE own_words IS NOT NULL)"
    )
    # In place: copied and dropped, SQLite's table would take its takes along.
    op.drop_column("entries", "own_words")
