"""The workflow's tables. Personal data lives here, where it can be erased, and never in the ledger.

`revision` is a projection of the ledger: each row names the entry that made it. The ledger's own tables stand in
`signatures.ledger.store`; one Alembic history makes both.
"""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

workflow_metadata = MetaData()

organisation = Table(
    "organisation",
    workflow_metadata,
    Column("organisation_id", String, primary_key=True),
    Column("list_name", String, nullable=False),
    Column("number", Integer, nullable=False),  # place in its list, from 1; never reused
    Column("name_th", Text, nullable=False),
    Column("record", Text, nullable=False),  # JSON of mou.models.Organisation, the source row verbatim in it
    Column("imported_at", String, nullable=False),  # UTC, RFC 3339
    UniqueConstraint("list_name", "number"),
)

document = Table(
    "document",
    workflow_metadata,
    Column("document_id", String, primary_key=True),
    Column("template", String, nullable=False),
    Column("organisation_id", String, ForeignKey("organisation.organisation_id")),
    Column("input_digest", String, nullable=False, unique=True),  # of everything that the text was made from
    Column("prepared_digest", String, nullable=False, unique=True),  # of the PDF before the first signature
    Column("current_digest", String, nullable=False),  # of the newest revision
    Column("revision_count", Integer, nullable=False),
    Column("version", String, nullable=False),  # of the template
    Column("title", Text, nullable=False),
    Column("document_number", String),
    Column("file_name", String, nullable=False, unique=True),
    Column("salt", LargeBinary),  # of the commitment to who must sign; erased with the names
    Column("created_at", String, nullable=False),
    Column("superseded_by", String, ForeignKey("document.document_id")),
)

signature_request = Table(
    "signature_request",
    workflow_metadata,
    Column("document_id", String, ForeignKey("document.document_id"), primary_key=True),
    Column("field", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("signing_order", Integer, nullable=False),
    Column("organisation_id", String, nullable=False),
    Column("organisation_name", Text, nullable=False),
    Column("person", Text, nullable=False),  # JSON of mou.models.Person
    Column("capacity", String, nullable=False),
    Column("state", String, nullable=False),
    Column("certificate_digest", String),
    Column("signed_at", String),
)

revision = Table(
    "revision",
    workflow_metadata,
    Column("document_id", String, ForeignKey("document.document_id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # 1 is the certified document
    Column("digest", String, nullable=False),
    Column("field", String, nullable=False),
    Column("entry_index", Integer, nullable=False, unique=True),
    Column("expected", Text),  # JSON: who was expected to sign what, as committed to in the entry; erased with the names
    Column("made_at", String, nullable=False),
)

outbox = Table(
    "outbox",
    workflow_metadata,
    Column("operation_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("done_at", String),
)
