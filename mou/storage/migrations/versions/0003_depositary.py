"""The depositary: charters whose instruments are kept, their parties, the instruments."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "kept_charter",
        sa.Column("charter_id", sa.String(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("listed", sa.Text(), nullable=True),
        sa.Column("memory", sa.Text(), nullable=True),
        sa.Column("closed_through", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["charter_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("charter_id"),
    )
    op.create_table(
        "charter_party",
        sa.Column("charter_id", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["kept_charter.charter_id"]),
        sa.PrimaryKeyConstraint("charter_id", "party"),
    )
    op.create_table(
        "instrument",
        sa.Column("instrument_id", sa.String(), nullable=False),
        sa.Column("charter_id", sa.String(), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("effective_on", sa.String(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["kept_charter.charter_id"]),
        sa.PrimaryKeyConstraint("instrument_id"),
        sa.UniqueConstraint("entry_index"),
    )
    op.create_index("ix_instrument_day", "instrument", ["charter_id", "effective_on"])
    op.create_index("ix_instrument_party", "instrument", ["charter_id", "party", "effective_on"])
