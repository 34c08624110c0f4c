"""The workflow's rows as values: what one transaction reads and writes.

Every method runs in the transaction of the connection that the store was given; nothing here commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from mou.ceremony import Channel
from mou.errors import ConflictError, MouError
from mou.models import Capacity, Organisation, SignatorySlot
from mou.requests import RequestState, SignatureRequest
from mou.storage import tables
from mou.storage.records import (
    authority_from_text,
    expected_from_text,
    expected_to_text,
    organisation_from_text,
    organisation_to_text,
    person_from_text,
    person_to_text,
    time_from_text,
    time_to_text,
)
from signatures.bundle import ExpectedSignature
from signatures.digests import Digest


class NotFoundError(MouError):
    """The workspace holds nothing under this name."""


class StaleRevisionError(ConflictError):
    """Another signature was recorded on the document since it was read."""


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """An organisation with its place in its list, counted from 1."""

    list_name: str
    number: int
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the workspace and its newest revision.

    `prepared` is the digest of the text with its empty fields: what every signature request names.
    """

    document_id: str
    template: str
    organisation_id: str | None
    input_digest: Digest
    prepared: Digest
    current: Digest
    revision_count: int
    version: str
    title: str
    document_number: str | None
    file_name: str
    salt: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored revision of a document: the signed PDF, the ledger entry that names it, and who was expected to sign."""

    document_id: str
    number: int
    digest: Digest
    field: str
    entry_index: int
    made_at: datetime
    expected: tuple[ExpectedSignature, ...]


@dataclass(frozen=True, slots=True)
class WorkflowStore:
    """The workflow's part of one transaction."""

    connection: Connection

    def put_organisation(self, listed: ListedOrganisation, *, at: datetime) -> None:
        """Keep an organisation of a list; one that is there under its id is brought up to date in its place."""
        table = tables.organisation
        row = {"name_th": listed.organisation.name_th, "record": organisation_to_text(listed.organisation)}
        known = self.connection.execute(
            update(table).where(table.c.organisation_id == listed.organisation.organisation_id).values(**row)
        )
        if known.rowcount == 0:
            self.connection.execute(
                insert(table).values(
                    organisation_id=listed.organisation.organisation_id,
                    list_name=listed.list_name,
                    number=listed.number,
                    imported_at=time_to_text(at),
                    **row,
                )
            )

    def organisations(self, list_name: str | None = None) -> tuple[ListedOrganisation, ...]:
        """Return the organisations of one list, or of all, in their order."""
        table = tables.organisation
        query = select(table).order_by(table.c.list_name, table.c.number)
        if list_name is not None:
            query = query.where(table.c.list_name == list_name)
        return tuple(
            ListedOrganisation(row.list_name, row.number, organisation_from_text(row.record))
            for row in self.connection.execute(query)
        )

    def find_organisation(self, organisation_id: str) -> ListedOrganisation | None:
        """Return one organisation with its place in its list, if it was imported."""
        table = tables.organisation
        row = self.connection.execute(select(table).where(table.c.organisation_id == organisation_id)).one_or_none()
        return None if row is None else ListedOrganisation(row.list_name, row.number, organisation_from_text(row.record))

    def list_names(self) -> tuple[str, ...]:
        """Return the names of the lists that were imported."""
        column = tables.organisation.c.list_name
        return tuple(self.connection.scalars(select(column).distinct().order_by(column)))

    def add_document(self, document: Document, requests: Sequence[SignatureRequest]) -> None:
        """Keep a new document with the signature requests that it opens."""
        self.connection.execute(
            insert(tables.document).values(
                document_id=document.document_id,
                template=document.template,
                organisation_id=document.organisation_id,
                input_digest=str(document.input_digest),
                prepared_digest=str(document.prepared),
                current_digest=str(document.current),
                revision_count=document.revision_count,
                version=document.version,
                title=document.title,
                document_number=document.document_number,
                file_name=document.file_name,
                salt=document.salt,
                created_at=time_to_text(document.created_at),
            )
        )
        for request in requests:
            slot = request.slot
            self.connection.execute(
                insert(tables.signature_request).values(
                    document_id=request.document_id,
                    field=slot.field,
                    role=slot.role,
                    signing_order=slot.order,
                    organisation_id=slot.organisation_id,
                    organisation_name=slot.organisation_name,
                    person=person_to_text(slot.person),
                    capacity=slot.capacity,
                    state=request.state,
                )
            )

    def supersede(self, old: str, new: str) -> None:
        """Note that a newer document stands in the place of an old one; the old one stays as it is."""
        table = tables.document
        self.connection.execute(update(table).where(table.c.document_id == old).values(superseded_by=new))

    def document(self, document_id: str) -> Document:
        """Return one document.

        Raises:
            NotFoundError: the workspace has no such document.
        """
        row = self.connection.execute(select(tables.document).where(tables.document.c.document_id == document_id)).one_or_none()
        if row is None:
            raise NotFoundError("the workspace has no document {document}; see: mou status", document=document_id)
        return _document_from(row)

    def find_document(self, input_digest: Digest) -> Document | None:
        """Return the document that was made from this input, if there is one."""
        row = self.connection.execute(
            select(tables.document).where(tables.document.c.input_digest == str(input_digest))
        ).one_or_none()
        return _document_from(row) if row is not None else None

    def find_by_code(self, code: str) -> Document | None:
        """Return the document whose input digest begins with these hexadecimal digits, if there is one and no other."""
        column = tables.document.c.input_digest
        rows = self.connection.execute(
            select(tables.document).where(column.startswith(f"sha256:{code}", autoescape=True)).limit(2)
        ).all()
        return _document_from(rows[0]) if len(rows) == 1 else None

    def find_prepared(self, digest: Digest) -> Document | None:
        """Return the document whose text, with its empty fields, has this digest."""
        row = self.connection.execute(
            select(tables.document).where(tables.document.c.prepared_digest == str(digest))
        ).one_or_none()
        return _document_from(row) if row is not None else None

    def find_revision(self, digest: Digest) -> Revision | None:
        """Return the recorded revision of these bytes, if there is one."""
        table = tables.revision
        row = self.connection.execute(select(table).where(table.c.digest == str(digest))).first()
        return _revision_from(row) if row is not None else None

    def documents(self, template: str | None = None, organisation_id: str | None = None) -> tuple[Document, ...]:
        """Return the documents that stand today, those that were superseded left out, in the order of their file names."""
        table = tables.document
        query = select(table).where(table.c.superseded_by.is_(None)).order_by(table.c.template, table.c.file_name)
        if template is not None:
            query = query.where(table.c.template == template)
        if organisation_id is not None:
            query = query.where(table.c.organisation_id == organisation_id)
        return tuple(_document_from(row) for row in self.connection.execute(query))

    def all_documents(self) -> tuple[Document, ...]:
        """Return every document, superseded ones too."""
        return tuple(_document_from(row) for row in self.connection.execute(select(tables.document)))

    def count_documents_named(self, file_name: str) -> int:
        """Return how many documents, superseded ones too, have this file name or it with a version behind it."""
        column = tables.document.c.file_name
        query = select(func.count()).where((column == file_name) | column.startswith(f"{file_name}-v", autoescape=True))
        return self.connection.execute(query).scalar_one()

    def requests(self, document_id: str) -> tuple[SignatureRequest, ...]:
        """Return the signature requests of a document in the order of its fields."""
        table = tables.signature_request
        query = select(table).where(table.c.document_id == document_id).order_by(table.c.field)
        return tuple(_request_from(row) for row in self.connection.execute(query))

    def sent_requests(self) -> tuple[SignatureRequest, ...]:
        """Return every request that is sent and not answered, of documents that stand today."""
        table, documents = tables.signature_request, tables.document
        query = (
            select(table)
            .join(documents, documents.c.document_id == table.c.document_id)
            .where(and_(table.c.state == RequestState.SENT, documents.c.superseded_by.is_(None)))
            .order_by(table.c.document_id, table.c.field)
        )
        return tuple(_request_from(row) for row in self.connection.execute(query))

    def all_requests(self) -> dict[str, tuple[SignatureRequest, ...]]:
        """Return every signature request by its document, in the order of the fields; one query for all of them."""
        table = tables.signature_request
        found: dict[str, list[SignatureRequest]] = {}
        for row in self.connection.execute(select(table).order_by(table.c.document_id, table.c.field)):
            found.setdefault(row.document_id, []).append(_request_from(row))
        return {document_id: tuple(requests) for document_id, requests in found.items()}

    def require_current(self, document_id: str, revision: Digest) -> None:
        """Check that this is the document's newest revision.

        Raises:
            StaleRevisionError: another signature was recorded meanwhile.
        """
        if self.document(document_id).current != revision:
            raise StaleRevisionError(
                "{document}: another signature was recorded meanwhile; sign again on the new revision", document=document_id
            )

    def put_signature(self, request: SignatureRequest, revision: Revision, *, before: Digest) -> None:
        """Keep a signed request and the revision that it made, if `before` is still the newest one (compare-and-swap).

        Raises:
            StaleRevisionError: another signature was recorded meanwhile.
        """
        self.put_revision(revision, before=before)
        requests = tables.signature_request
        self.connection.execute(
            update(requests)
            .where(and_(requests.c.document_id == request.document_id, requests.c.field == request.slot.field))
            .values(
                state=request.state,
                certificate_digest=str(request.certificate) if request.certificate else None,
                signed_at=time_to_text(request.signed_at) if request.signed_at else None,
                channel=request.channel,
            )
        )

    def put_revision(self, revision: Revision, *, before: Digest) -> None:
        """Keep a revision as the document's newest one, if `before` still is (compare-and-swap).

        Raises:
            StaleRevisionError: another signature was recorded meanwhile.
        """
        table = tables.document
        moved = self.connection.execute(
            update(table)
            .where(and_(table.c.document_id == revision.document_id, table.c.current_digest == str(before)))
            .values(current_digest=str(revision.digest), revision_count=revision.number)
        )
        if moved.rowcount != 1:
            raise StaleRevisionError(
                "{document}: another signature was recorded meanwhile; sign again on the new revision",
                document=revision.document_id,
            )
        self.add_revision(revision)

    def add_revision(self, revision: Revision) -> None:
        """Keep a revision's row."""
        self.connection.execute(
            insert(tables.revision).values(
                document_id=revision.document_id,
                number=revision.number,
                digest=str(revision.digest),
                field=revision.field,
                entry_index=revision.entry_index,
                made_at=time_to_text(revision.made_at),
                expected=expected_to_text(revision.expected),
            )
        )

    def revisions(self, document_id: str | None = None) -> tuple[Revision, ...]:
        """Return the revisions of a document, or of all, oldest first."""
        table = tables.revision
        query = select(table).order_by(table.c.document_id, table.c.number)
        if document_id is not None:
            query = query.where(table.c.document_id == document_id)
        return tuple(_revision_from(row) for row in self.connection.execute(query))

    def queue(self, operation_id: str, kind: str, subject: str) -> None:
        """Note something to be done after the commit; a repeat of the same operation changes nothing."""
        table = tables.outbox
        if self.connection.execute(select(table).where(table.c.operation_id == operation_id)).one_or_none() is None:
            self.connection.execute(insert(table).values(operation_id=operation_id, kind=kind, subject=subject))

    def queued(self, kind: str) -> tuple[tuple[str, str], ...]:
        """Return (operation id, subject) of everything of this kind that is still to be done."""
        table = tables.outbox
        query = select(table.c.operation_id, table.c.subject).where(and_(table.c.kind == kind, table.c.done_at.is_(None)))
        return tuple((row.operation_id, row.subject) for row in self.connection.execute(query))

    def mark_done(self, operation_ids: Sequence[str], *, at: datetime) -> None:
        """Note that queued work is done."""
        table = tables.outbox
        self.connection.execute(update(table).where(table.c.operation_id.in_(operation_ids)).values(done_at=time_to_text(at)))


def _document_from(row: Row[tuple[object, ...]]) -> Document:
    return Document(
        document_id=row.document_id,
        template=row.template,
        organisation_id=row.organisation_id,
        input_digest=Digest.parse(row.input_digest),
        prepared=Digest.parse(row.prepared_digest),
        current=Digest.parse(row.current_digest),
        revision_count=row.revision_count,
        version=row.version,
        title=row.title,
        document_number=row.document_number,
        file_name=row.file_name,
        salt=row.salt,
        created_at=time_from_text(row.created_at),
    )


def _revision_from(row: Row[tuple[object, ...]]) -> Revision:
    return Revision(
        document_id=row.document_id,
        number=row.number,
        digest=Digest.parse(row.digest),
        field=row.field,
        entry_index=row.entry_index,
        made_at=time_from_text(row.made_at),
        expected=expected_from_text(row.expected),
    )


def _request_from(row: Row[tuple[object, ...]]) -> SignatureRequest:
    return SignatureRequest(
        document_id=row.document_id,
        slot=SignatorySlot(
            field=row.field,
            role=row.role,
            organisation_id=row.organisation_id,
            organisation_name=row.organisation_name,
            person=person_from_text(row.person),
            capacity=Capacity(row.capacity),
            order=row.signing_order,
        ),
        state=RequestState(row.state),
        certificate=Digest.parse(row.certificate_digest) if row.certificate_digest else None,
        signed_at=time_from_text(row.signed_at) if row.signed_at else None,
        round=row.round,
        deadline=time_from_text(row.deadline) if row.deadline else None,
        authority=authority_from_text(row.authority) if row.authority else None,
        channel=Channel(row.channel) if row.channel else None,
    )
