"""The first tables: the ledger with its append-only triggers, and the workflow."""

import sqlalchemy as sa
from alembic import op

from signatures.ledger.triggers import trigger_statements

revision = "0001"
down_revision = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table; the database was empty."""
    op.create_table(
        "checkpoint",
        sa.Column("size", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cosignatures", sa.Text(), nullable=True),
        sa.Column("rfc3161_token", sa.LargeBinary(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_entry",
        sa.Column("seq", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("op_id", sa.Text(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("op_id", name="uq_ledger_entry_op_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_ledger_entry_subject", "ledger_entry", ["subject"], unique=False)
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_ledger_head_one_row"),
        sa.Column("size", WHOLE_NUMBER, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx"),
        sqlite_strict=True,
    )
    op.create_table(
        "peer_checkpoint",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("size", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("is_fork", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "size", "root"),
        sqlite_strict=True,
    )
    op.create_table(
        "organisation",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id"),
        sa.UniqueConstraint("list_name", "number"),
    )
    op.create_table(
        "outbox",
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("done_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id"),
    )
    op.create_table(
        "document",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("input_digest", sa.String(), nullable=False),
        sa.Column("prepared_digest", sa.String(), nullable=False),
        sa.Column("current_digest", sa.String(), nullable=False),
        sa.Column("revision_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("superseded_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
        sa.ForeignKeyConstraint(["superseded_by"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("document_id"),
        sa.UniqueConstraint("file_name"),
        sa.UniqueConstraint("input_digest"),
        sa.UniqueConstraint("prepared_digest"),
    )
    op.create_table(
        "revision",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("document_id", "number"),
        sa.UniqueConstraint("entry_index"),
    )
    op.create_table(
        "signature_request",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("signing_order", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("certificate_digest", sa.String(), nullable=True),
        sa.Column("signed_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("document_id", "field"),
    )
    for statement in trigger_statements(op.get_bind().dialect.name):
        op.execute(statement)
