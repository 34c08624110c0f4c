"""The charters of a workspace held against its ledger: every instrument, and everything that is remembered of them."""

from collections.abc import Iterator, Sequence
from datetime import date

from mou.charter.instruments import Charter
from mou.charter.ledger_form import ACCEPTED, RECEIVED, RETURNED, PaperError, accepted_instruments, paper_of
from mou.charter.register import replay
from mou.charter.status import charter_status, party_statuses
from mou.storage.database import Transaction
from mou.workflow.depositing import open_register
from signatures.ledger.entry import Entry
from signatures.messages import Message, say

INSTRUMENT_EVENTS = frozenset({RECEIVED, ACCEPTED, RETURNED})


def charter_findings(transaction: Transaction, entries: Sequence[Entry]) -> Iterator[Message]:
    """Return where the tables and the register say something else than these entries of the ledger."""
    for charter in transaction.depositary.charters():
        own = [entry for entry in entries if entry.subject == charter.charter_id]
        yield from _row_findings(transaction, charter, own)
        yield from _register_findings(transaction, charter, own)


def _row_findings(transaction: Transaction, charter: Charter, entries: Sequence[Entry]) -> Iterator[Message]:
    verdicts = {str(entry.body.get("instrument")): entry.type for entry in entries if entry.type != RECEIVED}
    told = {
        entry.index: (str(entry.body.get("instrument")), entry.body.get("paper"), verdicts.get(str(entry.body.get("instrument"))))
        for entry in entries
        if entry.type == RECEIVED
    }
    held = {
        row.entry_index: (row.instrument.instrument_id, paper_of(row.instrument), ACCEPTED if row.fault is None else RETURNED)
        for row in transaction.depositary.received(charter.charter_id)
    }
    for index in sorted(told.keys() | held.keys()):
        if told.get(index) != held.get(index):
            yield say("entry {index} tells of an instrument, the workflow's tables hold another or none", index=index)


def _register_findings(transaction: Transaction, charter: Charter, entries: Sequence[Entry]) -> Iterator[Message]:
    """What is remembered of days long past gives the same answers as everything read again."""
    try:
        fresh = replay(charter, accepted_instruments(entries, charter.charter_id))
    except PaperError as error:
        yield error.message
        return
    remembered = open_register(transaction, charter)
    last = max((day.on for day in (*fresh.memory.days, *remembered.memory.days)), default=date.min)
    same_charter = charter_status(fresh, last) == charter_status(remembered, last)
    if not same_charter or party_statuses(fresh, last) != party_statuses(remembered, last):
        yield say("{charter}: what is remembered of its register is not what its instruments say", charter=charter.charter_id)
    for name, fault in sorted(fresh.faults.items()):
        yield say(
            "{instrument} was accepted and is not in due form ({clause}, {day}): it is not counted",
            instrument=name,
            clause=fault.clause,
            day=fault.on,
        )
