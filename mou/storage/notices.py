"""The rows of the depositary's notices as values: what was told, and to whom it went.

Every method runs in the transaction of the connection that the store was given; nothing here commits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from mou.charter.notices import IssuedNotice, Notice, notice_bytes, read_notice
from mou.storage import tables
from mou.storage.records import time_from_text, time_to_text
from signatures.digests import Digest


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice that was issued: the digest of its PDF, the ledger's entry that received it, and the moment."""

    notice: Notice
    digest: Digest
    entry_index: int
    issued_at: datetime

    @property
    def issued(self) -> IssuedNotice:
        """The notice with its digest, as chains are made of."""
        return IssuedNotice(self.notice, self.digest)


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """One notice for one organisation: still to be sent, sent through a channel, or refused for good."""

    charter_id: str
    number: int
    organisation_id: str
    sent_at: datetime | None = None
    channel: str | None = None
    refused_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be sent."""
        return self.sent_at is None and self.refused_at is None


@dataclass(frozen=True, slots=True)
class NoticeStore:
    """The notices' part of one transaction."""

    connection: Connection

    def add_notice(self, stored: StoredNotice, recipients: Iterable[str]) -> None:
        """Keep a notice that was issued, and queue it for these organisations."""
        notice = stored.notice
        self.connection.execute(
            insert(tables.notice).values(
                charter_id=notice.charter_id,
                number=notice.number,
                digest=str(stored.digest),
                previous=notice.previous,
                entry_index=stored.entry_index,
                record=notice_bytes(notice).decode(),
                issued_at=time_to_text(stored.issued_at),
            )
        )
        rows = [
            {"charter_id": notice.charter_id, "number": notice.number, "organisation_id": one} for one in sorted(set(recipients))
        ]
        if rows:
            self.connection.execute(insert(tables.notice_letter), rows)

    def notices(self, charter_id: str | None = None) -> tuple[StoredNotice, ...]:
        """Return the notices of a charter, or of all, in their order."""
        table = tables.notice
        query = select(table).order_by(table.c.charter_id, table.c.number)
        if charter_id is not None:
            query = query.where(table.c.charter_id == charter_id)
        return tuple(_notice_from(row) for row in self.connection.execute(query))

    def letters(self, charter_id: str | None = None) -> tuple[NoticeLetter, ...]:
        """Return to whom the notices of a charter, or of all, go, in their order."""
        table = tables.notice_letter
        query = select(table).order_by(table.c.charter_id, table.c.number, table.c.organisation_id)
        if charter_id is not None:
            query = query.where(table.c.charter_id == charter_id)
        return tuple(_letter_from(row) for row in self.connection.execute(query))

    def mark_sent(self, letter: NoticeLetter, *, channel: str, at: datetime) -> None:
        """Note that a letter went out."""
        self._mark(letter, sent_at=time_to_text(at), channel=channel)

    def mark_refused(self, letter: NoticeLetter, *, at: datetime) -> None:
        """Note that a letter cannot reach its reader, so that it is tried no more."""
        self._mark(letter, refused_at=time_to_text(at))

    def _mark(self, letter: NoticeLetter, **values: str) -> None:
        table = tables.notice_letter
        is_this = and_(
            table.c.charter_id == letter.charter_id,
            table.c.number == letter.number,
            table.c.organisation_id == letter.organisation_id,
        )
        self.connection.execute(update(table).where(is_this).values(**values))


def _notice_from(row: Row[Any]) -> StoredNotice:
    notice = read_notice(row.record.encode())
    return StoredNotice(notice, Digest.parse(row.digest), row.entry_index, time_from_text(row.issued_at))


def _letter_from(row: Row[Any]) -> NoticeLetter:
    sent_at, refused_at = (None if at is None else time_from_text(at) for at in (row.sent_at, row.refused_at))
    return NoticeLetter(row.charter_id, row.number, row.organisation_id, sent_at, row.channel, refused_at)
