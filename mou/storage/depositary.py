"""The rows of the depositary as values: charters that are kept, what their registers remember, the instruments received.

Every method runs in the transaction of the connection that the store was given; nothing here commits.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from mou.charter.clauses import clauses_as_record, parse_clauses
from mou.charter.due_form import Fault
from mou.charter.instruments import Charter, Instrument
from mou.charter.ledger_form import instrument_of, paper_of
from mou.charter.memory import CharterMemory, PartyMemory
from mou.charter.register import Register
from mou.models import OrganisationKind
from mou.storage import tables
from mou.storage.records import time_from_text, time_to_text
from signatures.messages import Message

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NAMES_IN_ONE_QUERY = 500


@dataclass(frozen=True, slots=True)
class Received:
    """One instrument as it was received: accepted, or returned with its fault; `note` is what the secretariat wrote about it."""

    instrument: Instrument
    charter_id: str
    entry_index: int
    fault: Fault | None
    note: str | None
    recorded_at: datetime


class StoredParties(MutableMapping[str, PartyMemory]):
    """What is remembered of each party, loaded when it is asked for; `touched` are those that were looked at or written."""

    def __init__(self, connection: Connection, charter_id: str) -> None:
        """Begin with no party loaded."""
        self._connection = connection
        self._charter_id = charter_id
        self.touched: dict[str, PartyMemory] = {}
        self._absent: set[str] = set()

    def __getitem__(self, party: str) -> PartyMemory:
        """Return one party's memory."""
        if party in self._absent:
            raise KeyError(party)
        if party not in self.touched:
            table = tables.charter_party
            row = self._connection.execute(
                select(table.c.memory).where(and_(table.c.charter_id == self._charter_id, table.c.party == party))
            ).one_or_none()
            if row is None:
                self._absent.add(party)
                raise KeyError(party)
            self.touched[party] = _party_adapter().validate_json(row.memory)
        return self.touched[party]

    def __setitem__(self, party: str, memory: PartyMemory) -> None:
        """Keep a party's memory in this process."""
        self.touched[party] = memory
        self._absent.discard(party)

    def __delitem__(self, party: str) -> None:
        """No party is ever forgotten."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        """Go through the ids of all parties, stored or not."""
        table = tables.charter_party
        stored = self._connection.scalars(select(table.c.party).where(table.c.charter_id == self._charter_id))
        return iter({*stored, *self.touched})

    def __len__(self) -> int:
        """How many parties there are."""
        return sum(1 for _ in self)

    def load(self, parties: Iterable[str]) -> None:
        """Load several parties with few queries, where each of them will be asked for."""
        table = tables.charter_party
        wanted = sorted(set(parties) - self.touched.keys())
        for start in range(0, len(wanted), NAMES_IN_ONE_QUERY):
            names = wanted[start : start + NAMES_IN_ONE_QUERY]
            query = select(table.c.party, table.c.memory).where(
                and_(table.c.charter_id == self._charter_id, table.c.party.in_(names))
            )
            for row in self._connection.execute(query):
                self.touched[row.party] = _party_adapter().validate_json(row.memory)
            self._absent.update(name for name in names if name not in self.touched)


@dataclass(frozen=True, slots=True)
class DepositaryStore:
    """The depositary's part of one transaction."""

    connection: Connection

    def add_charter(self, charter: Charter) -> None:
        """Keep a charter whose instruments will be received."""
        listed = None if charter.listed is None else json.dumps({name: kind.value for name, kind in charter.listed.items()})
        self.connection.execute(
            insert(tables.kept_charter).values(
                charter_id=charter.charter_id,
                text_digest=charter.text,
                clauses=json.dumps(clauses_as_record(charter.clauses), ensure_ascii=False, sort_keys=True),
                listed=listed,
            )
        )

    def charters(self) -> tuple[Charter, ...]:
        """Return the charters that are kept, by id."""
        table = tables.kept_charter
        return tuple(_charter_from(row) for row in self.connection.execute(select(table).order_by(table.c.charter_id)))

    def find_charter(self, charter_id: str) -> Charter | None:
        """Return a charter that is kept, if it is."""
        table = tables.kept_charter
        row = self.connection.execute(select(table).where(table.c.charter_id == charter_id)).one_or_none()
        return None if row is None else _charter_from(row)

    def add_instrument(self, received: Received) -> None:
        """Keep an instrument's row."""
        instrument, fault = received.instrument, received.fault
        self.connection.execute(
            insert(tables.instrument).values(
                instrument_id=instrument.instrument_id,
                charter_id=received.charter_id,
                entry_index=received.entry_index,
                kind=instrument.kind,
                party=instrument.party,
                effective_on=instrument.on.isoformat(),
                paper=json.dumps(paper_of(instrument), sort_keys=True),
                is_accepted=fault is None,
                fault=None if fault is None else _fault_adapter().dump_json(fault).decode(),
                note=received.note,
                recorded_at=time_to_text(received.recorded_at),
            )
        )

    def find_instrument(self, instrument_id: str) -> Received | None:
        """Return one instrument, if it was received."""
        table = tables.instrument
        row = self.connection.execute(select(table).where(table.c.instrument_id == instrument_id)).one_or_none()
        return None if row is None else _received_from(row)

    def received(self, charter_id: str, *, party: str | None = None, is_accepted: bool | None = None) -> tuple[Received, ...]:
        """Return the instruments of a charter, or of one party, in the order of their days."""
        table = tables.instrument
        query = select(table).where(table.c.charter_id == charter_id).order_by(table.c.effective_on, table.c.entry_index)
        if party is not None:
            query = query.where(table.c.party == party)
        if is_accepted is not None:
            query = query.where(table.c.is_accepted == is_accepted)
        return tuple(_received_from(row) for row in self.connection.execute(query))

    def accepted_after(self, charter_id: str, day: date, until: date = date.max) -> Iterator[Instrument]:
        """Go through the accepted instruments that take effect after a day and not after another."""
        table = tables.instrument
        query = select(table.c.instrument_id, table.c.paper).where(
            and_(
                table.c.charter_id == charter_id,
                table.c.is_accepted,
                table.c.effective_on > day.isoformat(),
                table.c.effective_on <= until.isoformat(),
            )
        )
        for row in self.connection.execute(query):
            yield instrument_of(row.instrument_id, json.loads(row.paper))

    def count_accepted_after(self, charter_id: str, day: date) -> int:
        """Return how many accepted instruments take effect after a day."""
        table = tables.instrument
        query = select(func.count()).where(
            and_(table.c.charter_id == charter_id, table.c.is_accepted, table.c.effective_on > day.isoformat())
        )
        return self.connection.execute(query).scalar_one()

    def last_day(self, charter_id: str) -> date | None:
        """Return the day of the latest accepted instrument."""
        table = tables.instrument
        query = select(func.max(table.c.effective_on)).where(and_(table.c.charter_id == charter_id, table.c.is_accepted))
        newest = self.connection.execute(query).scalar_one()
        return None if newest is None else date.fromisoformat(newest)

    def remembered(self, charter: Charter) -> Register:
        """Return the register as it stood at the end of its last closed day; parties are loaded when they are asked for."""
        table = tables.kept_charter
        text = self.connection.execute(select(table.c.memory).where(table.c.charter_id == charter.charter_id)).scalar_one()
        memory = CharterMemory() if text is None else _charter_adapter().validate_json(text)
        return Register(charter, memory, StoredParties(self.connection, charter.charter_id))

    def remember(self, register: Register, parties: Mapping[str, PartyMemory]) -> None:
        """Keep what a register remembers, with the parties that changed; its days are closed by this."""
        charters, stored, charter_id = tables.kept_charter, tables.charter_party, register.charter.charter_id
        self.connection.execute(
            update(charters)
            .where(charters.c.charter_id == charter_id)
            .values(
                memory=_charter_adapter().dump_json(register.memory).decode(),
                closed_through=register.memory.folded_through.isoformat(),
            )
        )
        if not parties:
            return
        self.connection.execute(delete(stored).where(and_(stored.c.charter_id == charter_id, stored.c.party.in_(parties))))
        rows = [
            {"charter_id": charter_id, "party": name, "memory": _party_adapter().dump_json(memory).decode()}
            for name, memory in parties.items()
        ]
        self.connection.execute(insert(stored), rows)

    def forget(self, charter_id: str) -> None:
        """Forget what the register remembers, so that everything is read again."""
        charters, stored = tables.kept_charter, tables.charter_party
        self.connection.execute(delete(stored).where(stored.c.charter_id == charter_id))
        self.connection.execute(
            update(charters).where(charters.c.charter_id == charter_id).values(memory=None, closed_through=None)
        )


def _charter_from(row: Row[Any]) -> Charter:
    listed = None if row.listed is None else {name: OrganisationKind(kind) for name, kind in json.loads(row.listed).items()}
    clauses = parse_clauses(json.loads(row.clauses), row.charter_id, is_signed=True)
    return Charter(row.charter_id, row.text_digest, clauses, listed)


def _received_from(row: Row[Any]) -> Received:
    return Received(
        instrument=instrument_of(row.instrument_id, json.loads(row.paper)),
        charter_id=row.charter_id,
        entry_index=row.entry_index,
        fault=None if row.fault is None else _fault_from(row.fault),
        note=row.note,
        recorded_at=time_from_text(row.recorded_at),
    )


@cache
def _charter_adapter() -> "TypeAdapter[CharterMemory]":
    from pydantic import TypeAdapter

    return TypeAdapter(CharterMemory)


@cache
def _party_adapter() -> "TypeAdapter[PartyMemory]":
    from pydantic import TypeAdapter

    return TypeAdapter(PartyMemory)


def _fault_from(text: str) -> Fault:
    """The fault as it was told; a message inside the fact becomes one again, so that it is said in the reader's language."""
    fault = _fault_adapter().validate_json(text)
    values = {
        name: _message_adapter().validate_python(value) if isinstance(value, dict) else value
        for name, value in fault.fact.values.items()
    }
    return replace(fault, fact=replace(fault.fact, values=values))


@cache
def _message_adapter() -> "TypeAdapter[Message]":
    from pydantic import TypeAdapter

    return TypeAdapter(Message)


@cache
def _fault_adapter() -> "TypeAdapter[Fault]":
    from pydantic import TypeAdapter

    return TypeAdapter(Fault)
