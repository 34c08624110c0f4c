"""Notices of the depositary, and to whom each goes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "notice",
        sa.Column("charter_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=True),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["kept_charter.charter_id"]),
        sa.PrimaryKeyConstraint("charter_id", "number"),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("entry_index"),
    )
    op.create_table(
        "notice_letter",
        sa.Column("charter_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("refused_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["charter_id", "number"], ["notice.charter_id", "notice.number"]),
        sa.PrimaryKeyConstraint("charter_id", "number", "organisation_id"),
    )
