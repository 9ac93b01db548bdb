"""the settings that a digest was made with; a digest posted by hand closes its period

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("digests", sa.Column("settings", sa.JSON(), nullable=True))
    # What is known best of those that were posted: the settings of today.
    op.execute(
        """
        UPDATE digests SET settings =
            (SELECT channels.settings FROM channels WHERE channels.id = digests.channel_id)
        WHERE state IN ('planned', 'posted') AND id NOT IN
            (SELECT digest_id FROM documents WHERE digest_id IS NOT NULL)
        """
    )
    # Where the digest of a running period was posted by hand, another period began then.
    op.execute(
        """
        UPDATE digests SET period_end = planned_at
        WHERE state IN ('planned', 'posted') AND EXISTS
            (SELECT 1 FROM channels WHERE channels.id = digests.channel_id
             AND channels.period_start = digests.period_start)
        """
    )
    op.execute(
        """
        UPDATE channels SET period_start =
            (SELECT planned_at FROM digests WHERE digests.channel_id = channels.id
             AND digests.period_start = channels.period_start
             AND state IN ('planned', 'posted'))
        WHERE EXISTS
            (SELECT 1 FROM digests WHERE digests.channel_id = channels.id
             AND digests.period_start = channels.period_start
             AND state IN ('planned', 'posted'))
        """
    )


def downgrade() -> None:
    op.drop_column("digests", "settings")
