"""The rows of asking and signing as values: invitations, codes, identities, drafts, preparations.

Every method runs in the transaction of the connection that the store was given; nothing here commits.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, insert, or_, select, update

from mou import ceremony
from mou.models import Capacity, Person
from mou.requests import DocumentOfAuthority, SignatureRequest
from mou.storage import tables
from mou.storage.records import (
    authority_from_text,
    authority_to_text,
    person_from_text,
    person_to_text,
    time_from_text,
    time_to_text,
)
from signatures.digests import Digest


class Channel(StrEnum):
    """How an invitation reaches its signatory: by mail, or as a message that the secretariat hands on."""

    MAIL = "mail"
    MESSAGE = "message"


class IdentityMethod(StrEnum):
    """How it was established who is signing.

    A code is as good as its way: sent to the registered address, or written into the outbox folder, where the secretariat can
    read it and hands it on.
    """

    CODE_BY_MAIL = "code_by_mail"
    CODE_BY_HAND = "code_by_hand"
    ATTESTED_ON_SITE = "attested_on_site"
    PASSKEY = "passkey"

    @property
    def channel(self) -> ceremony.Channel:
        """How whoever is known like this takes part: in the room, or from elsewhere."""
        on_site = self is IdentityMethod.ATTESTED_ON_SITE
        return ceremony.Channel.ON_SITE if on_site else ceremony.Channel.ONLINE


@dataclass(frozen=True, slots=True)
class Invitation:
    """One signatory's invitation in one round of a request; it is sent when the turn has come."""

    invitation_id: str
    document_id: str
    field: str
    round: int
    channel: Channel
    address: str | None
    made_at: datetime
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    revoked_at: datetime | None = None
    reminders: int = 0
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestStep:
    """What happened to a request; the entry in the ledger holds the fact, `note` what somebody wrote about it."""

    entry_index: int
    document_id: str
    field: str
    round: int
    step: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A signatory's proposal that somebody else signs; the secretariat takes it or not."""

    document_id: str
    field: str
    person: Person
    capacity: Capacity
    authority: DocumentOfAuthority
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """The newest code of an invitation, as a keyed digest."""

    invitation_id: str
    code_digest: str
    method: IdentityMethod
    made_at: datetime
    expires_at: datetime
    tries: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """That somebody was established to be the signatory who was asked, and how."""

    identity_id: str
    invitation_id: str
    method: IdentityMethod
    confirmed_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey that stands for a registered address; `address_digest` is keyed."""

    credential_id: str
    address_digest: str
    public_key: bytes
    sign_count: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class SigningDraft:
    """What a signatory has filled in: what they read, to what they consented, which way they chose."""

    invitation_id: str
    identity_id: str
    displayed: Digest
    read_how: str
    consents: Mapping[str, Mapping[str, Any]]
    way: str
    saved_at: datetime
    picture: bytes | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Preparation:
    """A document prepared for a key elsewhere, and what became of it."""

    preparation_id: str
    invitation_id: str
    document_id: str
    field: str
    base: Digest
    content: Digest
    document_digest: bytes
    region_start: int
    region_end: int
    signed_attributes: bytes
    certificate: bytes
    chain: bytes
    at: datetime
    leased_until: datetime
    value: Digest | None = None
    circumstances: str | None = None
    salt: bytes | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AskingStore:
    """The part of one transaction that asks for signatures."""

    connection: Connection

    def put_request(self, request: SignatureRequest) -> None:
        """Keep a request as it now is: state, round, deadline, who signs and on which authority."""
        table = tables.signature_request
        self.connection.execute(
            update(table)
            .where(and_(table.c.document_id == request.document_id, table.c.field == request.slot.field))
            .values(
                state=request.state,
                round=request.round,
                deadline=_text_of(request.deadline),
                person=person_to_text(request.slot.person),
                capacity=request.slot.capacity,
                authority=authority_to_text(request.authority) if request.authority else None,
            )
        )

    def add_invitation(self, invitation: Invitation) -> None:
        """Keep a new invitation."""
        self.connection.execute(insert(tables.invitation).values(_invitation_row(invitation)))

    def put_invitation(self, invitation: Invitation) -> None:
        """Keep an invitation as it now is."""
        table = tables.invitation
        self.connection.execute(
            update(table).where(table.c.invitation_id == invitation.invitation_id).values(_invitation_row(invitation))
        )

    def invitation(self, invitation_id: str) -> Invitation | None:
        """Return one invitation, if there is one of this id."""
        row = self._one(tables.invitation, tables.invitation.c.invitation_id == invitation_id)
        return _invitation_from(row) if row is not None else None

    def invitations(self, document_id: str | None = None) -> tuple[Invitation, ...]:
        """Return the invitations of a document, or of all, oldest first."""
        table = tables.invitation
        query = select(table).order_by(table.c.made_at, table.c.invitation_id)
        if document_id is not None:
            query = query.where(table.c.document_id == document_id)
        return tuple(_invitation_from(row) for row in self.connection.execute(query))

    def add_step(self, step: RequestStep) -> None:
        """Keep what happened to a request; what an entry told already is there."""
        table = tables.request_step
        if self._one(table, table.c.entry_index == step.entry_index) is not None:
            return
        self.connection.execute(insert(tables.request_step).values({**asdict(step), "at": time_to_text(step.at)}))

    def steps(self, document_id: str) -> tuple[RequestStep, ...]:
        """Return what happened to the requests of a document, in the ledger's order."""
        table = tables.request_step
        query = select(table).where(table.c.document_id == document_id).order_by(table.c.entry_index)
        return tuple(_step_from(row) for row in self.connection.execute(query))

    def steps_named(self, step: str) -> dict[str, tuple[RequestStep, ...]]:
        """Return every step of this name by its document, in the ledger's order; one query for all of them."""
        table = tables.request_step
        found: dict[str, list[RequestStep]] = {}
        for row in self.connection.execute(select(table).where(table.c.step == step).order_by(table.c.entry_index)):
            found.setdefault(row.document_id, []).append(_step_from(row))
        return {document_id: tuple(steps) for document_id, steps in found.items()}

    def put_delegation(self, delegation: Delegation) -> None:
        """Keep a proposal, in the place of one that was there."""
        self.drop_delegation(delegation.document_id, delegation.field)
        self.connection.execute(
            insert(tables.delegation).values(
                document_id=delegation.document_id,
                field=delegation.field,
                person=person_to_text(delegation.person),
                capacity=delegation.capacity,
                authority=authority_to_text(delegation.authority),
                proposed_at=time_to_text(delegation.proposed_at),
            )
        )

    def delegations(self, document_id: str) -> tuple[Delegation, ...]:
        """Return the proposals that the secretariat has still to look at."""
        table = tables.delegation
        query = select(table).where(table.c.document_id == document_id).order_by(table.c.field)
        return tuple(
            Delegation(
                row.document_id,
                row.field,
                person_from_text(row.person),
                Capacity(row.capacity),
                authority_from_text(row.authority),
                time_from_text(row.proposed_at),
            )
            for row in self.connection.execute(query)
        )

    def delegated_fields(self) -> dict[str, frozenset[str]]:
        """Return the fields with a proposal that the secretariat has still to look at, by document."""
        table = tables.delegation
        found: dict[str, set[str]] = {}
        for row in self.connection.execute(select(table.c.document_id, table.c.field)):
            found.setdefault(row.document_id, set()).add(row.field)
        return {document_id: frozenset(fields) for document_id, fields in found.items()}

    def drop_delegation(self, document_id: str, field: str) -> None:
        """Forget a proposal that was taken or refused."""
        table = tables.delegation
        self.connection.execute(delete(table).where(and_(table.c.document_id == document_id, table.c.field == field)))

    def put_code(self, code: OneTimeCode) -> None:
        """Keep a code in the place of the one before: only the newest counts."""
        table = tables.one_time_code
        self.drop_code(code.invitation_id)
        self.connection.execute(
            insert(table).values(
                {**asdict(code), "made_at": time_to_text(code.made_at), "expires_at": time_to_text(code.expires_at)}
            )
        )

    def code(self, invitation_id: str) -> OneTimeCode | None:
        """Return the newest code of an invitation."""
        row = self._one(tables.one_time_code, tables.one_time_code.c.invitation_id == invitation_id)
        if row is None:
            return None
        return OneTimeCode(
            row.invitation_id,
            row.code_digest,
            IdentityMethod(row.method),
            time_from_text(row.made_at),
            time_from_text(row.expires_at),
            row.tries,
            row.note,
        )

    def drop_code(self, invitation_id: str) -> None:
        """Forget a code that was used."""
        table = tables.one_time_code
        self.connection.execute(delete(table).where(table.c.invitation_id == invitation_id))

    def add_identity(self, identity: Identity) -> None:
        """Keep that somebody was established to be the signatory."""
        self.connection.execute(
            insert(tables.identity).values({**asdict(identity), "confirmed_at": time_to_text(identity.confirmed_at)})
        )

    def identity(self, identity_id: str) -> Identity | None:
        """Return one identity."""
        row = self._one(tables.identity, tables.identity.c.identity_id == identity_id)
        if row is None:
            return None
        return Identity(
            row.identity_id, row.invitation_id, IdentityMethod(row.method), time_from_text(row.confirmed_at), row.note
        )

    def put_passkey(self, passkey: Passkey) -> None:
        """Keep a passkey, or its new count."""
        table = tables.passkey
        row = {**asdict(passkey), "made_at": time_to_text(passkey.made_at)}
        known = self.connection.execute(update(table).where(table.c.credential_id == passkey.credential_id).values(row))
        if known.rowcount == 0:
            self.connection.execute(insert(table).values(row))

    def passkeys(self, address_digest: str) -> tuple[Passkey, ...]:
        """Return the passkeys that stand for an address."""
        table = tables.passkey
        query = select(table).where(table.c.address_digest == address_digest).order_by(table.c.made_at)
        return tuple(
            Passkey(row.credential_id, row.address_digest, row.public_key, row.sign_count, time_from_text(row.made_at))
            for row in self.connection.execute(query)
        )

    def put_draft(self, draft: SigningDraft) -> None:
        """Keep what a signatory filled in, in the place of what was there."""
        table = tables.signing_draft
        self.connection.execute(delete(table).where(table.c.invitation_id == draft.invitation_id))
        self.connection.execute(
            insert(table).values(
                invitation_id=draft.invitation_id,
                identity_id=draft.identity_id,
                displayed=str(draft.displayed),
                read_how=draft.read_how,
                consents=json.dumps(draft.consents, ensure_ascii=False, sort_keys=True),
                way=draft.way,
                picture=draft.picture,
                saved_at=time_to_text(draft.saved_at),
            )
        )

    def draft(self, invitation_id: str) -> SigningDraft | None:
        """Return what a signatory filled in."""
        row = self._one(tables.signing_draft, tables.signing_draft.c.invitation_id == invitation_id)
        if row is None:
            return None
        return SigningDraft(
            row.invitation_id,
            row.identity_id,
            Digest.parse(row.displayed),
            row.read_how,
            json.loads(row.consents),
            row.way,
            time_from_text(row.saved_at),
            row.picture,
        )

    def forget_picture(self, invitation_id: str) -> None:
        """Erase the picture of a handwritten signature: it stands in the signed PDF alone."""
        table = tables.signing_draft
        self.connection.execute(update(table).where(table.c.invitation_id == invitation_id).values(picture=None))

    def add_certificate(self, serial_number: str, invitation_id: str, identity: Identity, der: bytes, *, at: datetime) -> None:
        """Keep a certificate that was issued."""
        self.connection.execute(
            insert(tables.issued_certificate).values(
                serial_number=serial_number,
                invitation_id=invitation_id,
                identity_id=identity.identity_id,
                certificate=der,
                issued_at=time_to_text(at),
            )
        )

    def add_preparation(self, preparation: Preparation) -> None:
        """Keep a new preparation."""
        self.connection.execute(insert(tables.prepared_signature).values(_preparation_row(preparation)))

    def put_preparation(self, preparation: Preparation) -> None:
        """Keep a preparation as it now is."""
        table = tables.prepared_signature
        self.connection.execute(
            update(table).where(table.c.preparation_id == preparation.preparation_id).values(_preparation_row(preparation))
        )

    def preparation(self, preparation_id: str) -> Preparation | None:
        """Return one preparation."""
        row = self._one(tables.prepared_signature, tables.prepared_signature.c.preparation_id == preparation_id)
        return _preparation_from(row) if row is not None else None

    def open_preparations(self, document_id: str | None = None) -> tuple[Preparation, ...]:
        """Return the preparations that are neither applied nor given up, of a document or of all."""
        table = tables.prepared_signature
        query = select(table).where(table.c.ended_at.is_(None)).order_by(table.c.preparation_id)
        if document_id is not None:
            query = query.where(table.c.document_id == document_id)
        return tuple(_preparation_from(row) for row in self.connection.execute(query))

    def holder(self, document_id: str, *, at: datetime) -> Preparation | None:
        """Return the preparation that holds a document now: its lease runs, or its value has come and waits to go in."""
        table = tables.prepared_signature
        query = select(table).where(
            and_(
                table.c.document_id == document_id,
                table.c.ended_at.is_(None),
                or_(table.c.value_digest.is_not(None), table.c.leased_until > time_to_text(at)),
            )
        )
        row = self.connection.execute(query).first()
        return _preparation_from(row) if row is not None else None

    def _one(self, table: Table, condition: Any) -> Row[Any] | None:  # noqa: ANN401  # SQLAlchemy's own type of a condition
        return self.connection.execute(select(table).where(condition)).one_or_none()


def _text_of(at: datetime | None) -> str | None:
    return time_to_text(at) if at is not None else None


def _time_of(text: str | None) -> datetime | None:
    return time_from_text(text) if text is not None else None


def _invitation_row(invitation: Invitation) -> dict[str, Any]:
    row = asdict(invitation)
    return {name: time_to_text(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _step_from(row: Row[tuple[object, ...]]) -> RequestStep:
    return RequestStep(row.entry_index, row.document_id, row.field, row.round, row.step, time_from_text(row.at), row.note)


def _invitation_from(row: Row[Any]) -> Invitation:
    return Invitation(
        invitation_id=row.invitation_id,
        document_id=row.document_id,
        field=row.field,
        round=row.round,
        channel=Channel(row.channel),
        address=row.address,
        made_at=time_from_text(row.made_at),
        sent_at=_time_of(row.sent_at),
        opened_at=_time_of(row.opened_at),
        revoked_at=_time_of(row.revoked_at),
        reminders=row.reminders,
        reminded_at=_time_of(row.reminded_at),
    )


def _preparation_row(preparation: Preparation) -> dict[str, Any]:
    return {
        "preparation_id": preparation.preparation_id,
        "invitation_id": preparation.invitation_id,
        "document_id": preparation.document_id,
        "field": preparation.field,
        "base_digest": str(preparation.base),
        "content_digest": str(preparation.content),
        "document_digest": preparation.document_digest.hex(),
        "region_start": preparation.region_start,
        "region_end": preparation.region_end,
        "signed_attributes": preparation.signed_attributes,
        "certificate": preparation.certificate,
        "chain": preparation.chain,
        "at": time_to_text(preparation.at),
        "leased_until": time_to_text(preparation.leased_until),
        "value_digest": str(preparation.value) if preparation.value else None,
        "circumstances": preparation.circumstances,
        "salt": preparation.salt,
        "ended_at": _text_of(preparation.ended_at),
    }


def _preparation_from(row: Row[Any]) -> Preparation:
    return Preparation(
        preparation_id=row.preparation_id,
        invitation_id=row.invitation_id,
        document_id=row.document_id,
        field=row.field,
        base=Digest.parse(row.base_digest),
        content=Digest.parse(row.content_digest),
        document_digest=bytes.fromhex(row.document_digest),
        region_start=row.region_start,
        region_end=row.region_end,
        signed_attributes=row.signed_attributes,
        certificate=row.certificate,
        chain=row.chain,
        at=time_from_text(row.at),
        leased_until=time_from_text(row.leased_until),
        value=Digest.parse(row.value_digest) if row.value_digest else None,
        circumstances=row.circumstances,
        salt=row.salt,
        ended_at=_time_of(row.ended_at),
    )
