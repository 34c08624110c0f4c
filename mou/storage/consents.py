"""The rows of consents, and of the ages on the day of signing, as values.

Every method runs in the transaction of the connection that the store was given; nothing here commits. Names of signatories and
guardians stand here, where they can be erased: neither the ledger nor an index holds one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from mou.charter.instruments import AgeBand, MinorSignature
from mou.consents import ConsentKind, GivenConsent, Guardian
from mou.storage import tables
from mou.storage.records import time_from_text, time_to_text
from signatures.digests import Digest


@dataclass(frozen=True, slots=True)
class ConsentStore:
    """The consents' part of one transaction."""

    connection: Connection

    def add_consent(self, consent: GivenConsent) -> None:
        """Keep a consent that was given."""
        guardian = consent.guardian
        self.connection.execute(
            insert(tables.consent).values(
                consent_id=consent.consent_id,
                document_id=consent.document_id,
                field=consent.field,
                kind=consent.kind,
                signatory=consent.signatory,
                text_digest=str(consent.text),
                given_on=consent.given_on.isoformat(),
                recorded_at=time_to_text(consent.recorded_at),
                recorded_by=consent.recorded_by,
                guardian_name=guardian.name if guardian else None,
                guardian_relationship=guardian.relationship if guardian else None,
                paper_digest=str(guardian.paper) if guardian else None,
            )
        )

    def withdraw_consent(self, consent_id: str, *, at: datetime, by: str) -> None:
        """Note that a consent was withdrawn; its row stays, and a second withdrawal changes nothing."""
        table = tables.consent
        self.connection.execute(
            update(table)
            .where(and_(table.c.consent_id == consent_id, table.c.withdrawn_at.is_(None)))
            .values(withdrawn_at=time_to_text(at), withdrawn_by=by)
        )

    def find_consent(self, consent_id: str) -> GivenConsent | None:
        """Return one consent, if there is one of this id."""
        table = tables.consent
        row = self.connection.execute(select(table).where(table.c.consent_id == consent_id)).one_or_none()
        return None if row is None else _consent_from(row)

    def consents(self, document_id: str | None = None) -> tuple[GivenConsent, ...]:
        """Return the consents for a document, or all, oldest record first; withdrawn ones too."""
        table = tables.consent
        query = select(table).order_by(table.c.recorded_at, table.c.consent_id)
        if document_id is not None:
            query = query.where(table.c.document_id == document_id)
        return tuple(_consent_from(row) for row in self.connection.execute(query))

    def put_age(self, document_id: str, field: str, signature: MinorSignature) -> None:
        """Keep the band of age on the day of signing, with the days of a minor's consents; what is there stays as it is."""
        table = tables.signatory_age
        is_there = and_(table.c.document_id == document_id, table.c.field == field)
        if self.connection.execute(select(table.c.field).where(is_there)).one_or_none() is not None:
            return
        self.connection.execute(
            insert(table).values(
                document_id=document_id,
                field=field,
                band=signature.age_band,
                guardian_consent_on=_text_of(signature.guardian_consent_on),
                assent_on=_text_of(signature.assent_on),
            )
        )

    def ages(self, document_id: str) -> dict[str, MinorSignature]:
        """Return, by their fields, how old those were on the day who have signed a document and whose age was known."""
        table = tables.signatory_age
        query = select(table).where(table.c.document_id == document_id).order_by(table.c.field)
        return {
            row.field: MinorSignature(AgeBand(row.band), _day_of(row.guardian_consent_on), _day_of(row.assent_on))
            for row in self.connection.execute(query)
        }


def _consent_from(row: Row[Any]) -> GivenConsent:
    guardian = None
    if row.paper_digest is not None:
        guardian = Guardian(row.guardian_name or "", row.guardian_relationship or "", Digest.parse(row.paper_digest))
    return GivenConsent(
        consent_id=row.consent_id,
        document_id=row.document_id,
        field=row.field,
        kind=ConsentKind(row.kind),
        signatory=row.signatory or "",
        text=Digest.parse(row.text_digest),
        given_on=date.fromisoformat(row.given_on),
        recorded_at=time_from_text(row.recorded_at),
        recorded_by=row.recorded_by,
        guardian=guardian,
        withdrawn_at=time_from_text(row.withdrawn_at) if row.withdrawn_at else None,
        withdrawn_by=row.withdrawn_by,
    )


def _text_of(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
