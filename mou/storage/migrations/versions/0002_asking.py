"""Asking for signatures: invitations, identities, drafts, preparations, and the rounds of a request."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables, and three columns to the requests."""
    with op.batch_alter_table("signature_request") as table:
        table.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("deadline", sa.String(), nullable=True))
        table.add_column(sa.Column("authority", sa.Text(), nullable=True))
    _ask()
    _identify()
    _sign()


def _ask() -> None:
    op.create_table(
        "invitation",
        sa.Column("invitation_id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("opened_at", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("invitation_id"),
    )
    op.create_index("ix_invitation_document", "invitation", ["document_id", "field"])
    op.create_table(
        "request_step",
        sa.Column("entry_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("entry_index"),
    )
    op.create_index("ix_request_step_document", "request_step", ["document_id", "field"])
    op.create_table(
        "delegation",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.PrimaryKeyConstraint("document_id", "field"),
    )


def _identify() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("invitation_id", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.invitation_id"]),
        sa.PrimaryKeyConstraint("invitation_id"),
    )
    op.create_table(
        "identity",
        sa.Column("identity_id", sa.String(), nullable=False),
        sa.Column("invitation_id", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.invitation_id"]),
        sa.PrimaryKeyConstraint("identity_id"),
    )
    op.create_table(
        "passkey",
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("address_digest", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("credential_id"),
    )
    op.create_index("ix_passkey_address", "passkey", ["address_digest"])


def _sign() -> None:
    op.create_table(
        "signing_draft",
        sa.Column("invitation_id", sa.String(), nullable=False),
        sa.Column("identity_id", sa.String(), nullable=False),
        sa.Column("displayed", sa.String(), nullable=False),
        sa.Column("read_how", sa.String(), nullable=False),
        sa.Column("consents", sa.Text(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.identity_id"]),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.invitation_id"]),
        sa.PrimaryKeyConstraint("invitation_id"),
    )
    op.create_table(
        "issued_certificate",
        sa.Column("serial_number", sa.String(), nullable=False),
        sa.Column("invitation_id", sa.String(), nullable=False),
        sa.Column("identity_id", sa.String(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.identity_id"]),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.invitation_id"]),
        sa.PrimaryKeyConstraint("serial_number"),
    )
    op.create_table(
        "prepared_signature",
        sa.Column("preparation_id", sa.String(), nullable=False),
        sa.Column("invitation_id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("base_digest", sa.String(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("document_digest", sa.String(), nullable=False),
        sa.Column("region_start", sa.Integer(), nullable=False),
        sa.Column("region_end", sa.Integer(), nullable=False),
        sa.Column("signed_attributes", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("leased_until", sa.String(), nullable=False),
        sa.Column("value_digest", sa.String(), nullable=True),
        sa.Column("circumstances", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.document_id"]),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.invitation_id"]),
        sa.PrimaryKeyConstraint("preparation_id"),
    )
    op.create_index("ix_prepared_signature_document", "prepared_signature", ["document_id"])
