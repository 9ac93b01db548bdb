"""a paper comes to a channel once with each mailing, so that a new version can be told

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ONCE = "uq_arrivals_channel_id_paper_id"
_EACH_MAILING = "uq_arrivals_channel_id_paper_id_mailing"


def upgrade() -> None:
    with op.batch_alter_table("arrivals") as table:
        table.drop_constraint(_ONCE, type_="unique")
        table.create_unique_constraint(_EACH_MAILING, ["channel_id", "paper_id", "mailing"])


def downgrade() -> None:
    op.execute(
        sa.text(
            "DELETE FROM arrivals WHERE id NOT IN"
            " (SELECT min(id) FROM arrivals GROUP BY channel_id, paper_id)"
        )
    )
    with op.batch_alter_table("arrivals") as table:
        table.drop_constraint(_EACH_MAILING, type_="unique")
        table.create_unique_constraint(_ONCE, ["channel_id", "paper_id"])
