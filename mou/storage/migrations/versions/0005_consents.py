"""Consents, each kept apart, and how old signatories were on the day of signing."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "consent",
        sa.Column("consent_id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=True),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("given_on", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("guardian_name", sa.Text(), nullable=True),
        sa.Column("guardian_relationship", sa.Text(), nullable=True),
        sa.Column("paper_digest", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.String(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("consent_id"),
    )
    op.create_index("ix_consent_document", "consent", ["document_id", "field"])
    op.create_table(
        "signatory_age",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("guardian_consent_on", sa.String(), nullable=True),
        sa.Column("assent_on", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("document_id", "field"),
    )
