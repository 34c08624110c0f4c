"""The workflow's tables. Personal data lives here, where it can be erased, and never in the ledger.

`revision` is a projection of the ledger: each row names the entry that made it. The ledger's own tables stand in
`signatures.ledger.store`; one Alembic history makes both.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

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
    Column("round", Integer, nullable=False, server_default="1"),  # how often they were asked
    Column("deadline", String),
    Column("authority", Text),  # JSON of mou.requests.DocumentOfAuthority, where a delegate signs
    Column("channel", String),  # of the signature: on site, online; null where it is not known
)

invitation = Table(
    "invitation",
    workflow_metadata,
    Column("invitation_id", String, primary_key=True),
    Column("document_id", String, ForeignKey("document.document_id"), nullable=False),
    Column("field", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("channel", String, nullable=False),  # mail, or a message that the secretariat hands on
    Column("address", Text),  # erased with the names
    Column("made_at", String, nullable=False),
    Column("sent_at", String),  # null while its turn has not come
    Column("opened_at", String),
    Column("revoked_at", String),
    Column("reminders", Integer, nullable=False),
    Column("reminded_at", String),
    Index("ix_invitation_document", "document_id", "field"),
)

# What happened to a request, in words for people; free text can be erased, the ledger keeps the fact.
request_step = Table(
    "request_step",
    workflow_metadata,
    Column("entry_index", Integer, primary_key=True, autoincrement=False),
    Column("document_id", String, ForeignKey("document.document_id"), nullable=False),
    Column("field", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("step", String, nullable=False),
    Column("at", String, nullable=False),
    Column("note", Text),
    Index("ix_request_step_document", "document_id", "field"),
)

delegation = Table(
    "delegation",
    workflow_metadata,
    Column("document_id", String, ForeignKey("document.document_id"), primary_key=True),
    Column("field", String, primary_key=True),
    Column("person", Text, nullable=False),  # JSON of mou.models.Person
    Column("capacity", String, nullable=False),
    Column("authority", Text, nullable=False),  # JSON of mou.requests.DocumentOfAuthority
    Column("proposed_at", String, nullable=False),
)

one_time_code = Table(
    "one_time_code",
    workflow_metadata,
    Column("invitation_id", String, ForeignKey("invitation.invitation_id"), primary_key=True),
    Column("code_digest", String, nullable=False),  # keyed: not to be found by trying
    Column("method", String, nullable=False),
    Column("note", Text),  # how the secretariat knew the person
    Column("made_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("tries", Integer, nullable=False),
)

identity = Table(
    "identity",
    workflow_metadata,
    Column("identity_id", String, primary_key=True),
    Column("invitation_id", String, ForeignKey("invitation.invitation_id"), nullable=False),
    Column("method", String, nullable=False),
    Column("note", Text),
    Column("confirmed_at", String, nullable=False),
)

passkey = Table(
    "passkey",
    workflow_metadata,
    Column("credential_id", String, primary_key=True),  # base64url, as the browser gives it
    Column("address_digest", String, nullable=False),  # keyed digest of the registered address that it stands for
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("made_at", String, nullable=False),
    Index("ix_passkey_address", "address_digest"),
)

# What a signatory has filled in and not yet signed; emptied of the picture when it is signed.
signing_draft = Table(
    "signing_draft",
    workflow_metadata,
    Column("invitation_id", String, ForeignKey("invitation.invitation_id"), primary_key=True),
    Column("identity_id", String, ForeignKey("identity.identity_id"), nullable=False),
    Column("displayed", String, nullable=False),  # digest of the revision that was shown
    Column("read_how", String, nullable=False),
    Column("consents", Text, nullable=False),  # JSON: name -> {given, text_digest}
    Column("way", String, nullable=False),
    Column("picture", LargeBinary),
    Column("saved_at", String, nullable=False),
)

issued_certificate = Table(
    "issued_certificate",
    workflow_metadata,
    Column("serial_number", String, primary_key=True),  # hexadecimal
    Column("invitation_id", String, ForeignKey("invitation.invitation_id"), nullable=False),
    Column("identity_id", String, ForeignKey("identity.identity_id"), nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("issued_at", String, nullable=False),
)

# A document prepared for a key elsewhere: what the second phase needs. The bytes lie in the store of prepared files.
prepared_signature = Table(
    "prepared_signature",
    workflow_metadata,
    Column("preparation_id", String, primary_key=True),
    Column("invitation_id", String, ForeignKey("invitation.invitation_id"), nullable=False),
    Column("document_id", String, ForeignKey("document.document_id"), nullable=False),
    Column("field", String, nullable=False),
    Column("base_digest", String, nullable=False),
    Column("content_digest", String, nullable=False),
    Column("document_digest", String, nullable=False),
    Column("region_start", Integer, nullable=False),
    Column("region_end", Integer, nullable=False),
    Column("signed_attributes", LargeBinary, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),  # certificates in PEM
    Column("at", String, nullable=False),
    Column("leased_until", String, nullable=False),
    Column("value_digest", String),  # of the received value, a file; from here on embedding is repeatable
    Column("circumstances", Text),  # JSON: identity, consents, what was shown; committed to in the ledger
    Column("salt", LargeBinary),
    Column("ended_at", String),  # applied, or given up
    Index("ix_prepared_signature_document", "document_id"),
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

# A charter whose instruments are kept, with what its register remembers of the days that are closed. All but the clauses and the
# list can be made again from the ledger.
kept_charter = Table(
    "kept_charter",
    workflow_metadata,
    Column("charter_id", String, ForeignKey("document.document_id"), primary_key=True),
    Column("text_digest", String, nullable=False),
    Column("clauses", Text, nullable=False),  # JSON, as it travels in the charter's PDF
    Column("listed", Text),  # JSON: organisation -> kind; null where there is no list
    Column("memory", Text),  # JSON of mou.charter.memory.CharterMemory; null where nothing is closed
    Column("closed_through", String),  # the last closed day
)

charter_party = Table(
    "charter_party",
    workflow_metadata,
    Column("charter_id", String, ForeignKey("kept_charter.charter_id"), primary_key=True),
    Column("party", String, primary_key=True),
    Column("memory", Text, nullable=False),  # JSON of mou.charter.memory.PartyMemory
)

instrument = Table(
    "instrument",
    workflow_metadata,
    Column("instrument_id", String, primary_key=True),
    Column("charter_id", String, ForeignKey("kept_charter.charter_id"), nullable=False),
    Column("entry_index", Integer, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("party", String),
    Column("effective_on", String, nullable=False),
    Column("paper", Text, nullable=False),  # JSON, as in the ledger
    Column("is_accepted", Boolean, nullable=False),
    Column("fault", Text),  # JSON: clause, and the fact as a message
    Column("note", Text),  # the secretariat's words: number of the letter, where the paper is kept; erased with the names
    Column("recorded_at", String, nullable=False),
    Index("ix_instrument_day", "charter_id", "effective_on"),
    Index("ix_instrument_party", "charter_id", "party", "effective_on"),
)

# What the depositary told everybody. The row's notice can be read again from the PDF under its digest.
notice = Table(
    "notice",
    workflow_metadata,
    Column("charter_id", String, ForeignKey("kept_charter.charter_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String, nullable=False, unique=True),  # of the sealed PDF
    Column("previous", String),  # the digest of the notice before; null for the first
    Column("entry_index", Integer, nullable=False, unique=True),  # where the ledger received it
    Column("record", Text, nullable=False),  # JSON, as it travels in the PDF
    Column("issued_at", String, nullable=False),
)

# To whom a notice goes, by organisation: addresses stand with the organisations, where they can be erased.
notice_letter = Table(
    "notice_letter",
    workflow_metadata,
    Column("charter_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organisation_id", String, primary_key=True),
    Column("sent_at", String),  # null: still to be sent
    Column("channel", String),  # smtp, or outbox: put into a folder for a person to send
    Column("refused_at", String),  # the mail server refused it for good
    ForeignKeyConstraint(["charter_id", "number"], ["notice.charter_id", "notice.number"]),
)

# Each consent apart: to sign, to be named, to a picture. A row stays when it is withdrawn; names can be erased from it.
consent = Table(
    "consent",
    workflow_metadata,
    Column("consent_id", String, primary_key=True),
    Column("document_id", String, ForeignKey("document.document_id"), nullable=False),
    Column("field", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("signatory", Text),  # full name of who was asked in the field; erased with the names
    Column("text_digest", String, nullable=False),  # of the words that were agreed to; the words are a file
    Column("given_on", String, nullable=False),  # the day of the paper or of the act, in Bangkok
    Column("recorded_at", String, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("guardian_name", Text),  # erased with the names
    Column("guardian_relationship", Text),
    Column("paper_digest", String),  # of what the guardian signed, a file
    Column("withdrawn_at", String),
    Column("withdrawn_by", String),
    Index("ix_consent_document", "document_id", "field"),
)

# How old a signatory was on the day of signing, where that was known, as a band; of a minor, when consent and assent were given.
# Kept because the date of birth may be corrected or erased afterwards.
signatory_age = Table(
    "signatory_age",
    workflow_metadata,
    Column("document_id", String, ForeignKey("document.document_id"), primary_key=True),
    Column("field", String, primary_key=True),
    Column("band", String, nullable=False),  # mou.charter.instruments.AgeBand
    Column("guardian_consent_on", String),
    Column("assent_on", String),
)
