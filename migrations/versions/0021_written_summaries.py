"""summaries that a language model writes, and how often it was asked

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "summaries",
        sa.Column("paper_id", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_summaries_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "version", "language", name=op.f("pk_summaries")),
    )
    op.create_index(op.f("ix_summaries_state_not_before"), "summaries", ["state", "not_before"])
    op.create_table(
        "discarded_summaries",
        sa.Column("scope", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_discarded_summaries_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "scope", "paper_id", "version", "language", name=op.f("pk_discarded_summaries")
        ),
    )
    op.create_index(op.f("ix_discarded_summaries_paper_id"), "discarded_summaries", ["paper_id"])
    op.create_table(
        "model_use",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_model_use")),
    )


def downgrade() -> None:
    op.drop_table("model_use")
    op.drop_index(op.f("ix_discarded_summaries_paper_id"), table_name="discarded_summaries")
    op.drop_table("discarded_summaries")
    op.drop_index(op.f("ix_summaries_state_not_before"), table_name="summaries")
    op.drop_table("summaries")
