"""The five questions about a charter, answered from the workspace, or from an exported ledger and the charter's PDF alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mou.charter.ledger_form import RECEIVED, accepted_instruments
from mou.charter.register import Register, replay
from mou.charter.status import (
    CharterStatus,
    PartyStatus,
    WithdrawalForecast,
    charter_status,
    forecast_withdrawal,
    party_status,
    party_statuses,
    unconfirmed_parties,
)
from mou.documents import document_id_of
from mou.errors import InputError, UsageError
from mou.storage.depositary import Received, StoredParties
from mou.workflow.depositing import charter_from_record, kept_charter, open_register
from mou.workflow.workspace import Workspace
from signatures.digests import digest_of
from signatures.ledger.checkpoint import LedgerPublicKey
from signatures.ledger.export import read_export
from signatures.revisions import read_revisions


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Who has signed and not confirmed, and how many more parties the conditions need; None where that cannot be computed."""

    parties: tuple[str, ...]
    missing: int | None


def choose_charter(workspace: Workspace, name: str | None) -> str:
    """Return the id of the charter that is meant: by id, number or file name, or the only one there is.

    Raises:
        UsageError: none is kept, several are and none was named, or the one that was named is not among them.
    """
    with workspace.database.read() as transaction:
        kept = [transaction.store.document(charter.charter_id) for charter in transaction.depositary.charters()]
    named = [one for one in kept if name is None or name in {one.document_id, one.document_number, one.file_name}]
    if len(named) == 1:
        return named[0].document_id
    if not kept:
        raise UsageError("no charter is kept here yet; record the adoption of its text first: mou charter adopt")
    raise UsageError("one of these charters is expected: {names}", names=", ".join(one.file_name for one in kept))


def charter_on(workspace: Workspace, charter_id: str, on: date) -> CharterStatus:
    """Question 1: whether the charter is in force on a day, and what triggered it."""
    with workspace.database.read() as transaction:
        return charter_status(open_register(transaction, kept_charter(transaction, charter_id)), on)


def party_on(workspace: Workspace, charter_id: str, party: str, on: date) -> PartyStatus:
    """Question 2: whether an organisation is bound on a day, by which text, with which reservations."""
    with workspace.database.read() as transaction:
        return party_status(open_register(transaction, kept_charter(transaction, charter_id)), party, on)


def parties_on(workspace: Workspace, charter_id: str, on: date) -> tuple[PartyStatus, ...]:
    """Question 2 for every organisation that is listed or was ever heard of."""
    with workspace.database.read() as transaction:
        return party_statuses(_with_all_parties(open_register(transaction, kept_charter(transaction, charter_id))), on)


def unconfirmed_on(workspace: Workspace, charter_id: str, on: date) -> Unconfirmed:
    """Question 3: who signed and has not confirmed, and how many are still needed."""
    with workspace.database.read() as transaction:
        register = _with_all_parties(open_register(transaction, kept_charter(transaction, charter_id)))
        return unconfirmed_in(register, on)


def unconfirmed_in(register: Register, on: date) -> Unconfirmed:
    """Question 3 of a register."""
    missing = [condition.missing for condition in charter_status(register, on).conditions]
    known = [count for count in missing if count is not None]
    return Unconfirmed(unconfirmed_parties(register, on), max(known, default=0) if len(known) == len(missing) else None)


def forecast_on(workspace: Workspace, charter_id: str, party: str, on: date) -> WithdrawalForecast:
    """Question 4: when a notice of withdrawal of this day would count, and whether the charter would stay in force."""
    with workspace.database.read() as transaction:
        return forecast_withdrawal(open_register(transaction, kept_charter(transaction, charter_id)), party, on)


def instruments_received(workspace: Workspace, charter_id: str, party: str | None = None) -> tuple[Received, ...]:
    """Return every instrument that was received, returned ones too, in the order of their days."""
    with workspace.database.read() as transaction:
        kept_charter(transaction, charter_id)
        return transaction.depositary.received(charter_id, party=party)


def organisation_names(workspace: Workspace) -> dict[str, str]:
    """Return the name of every organisation that was imported."""
    with workspace.database.read() as transaction:
        return {one.organisation.organisation_id: one.organisation.name_th for one in transaction.store.organisations()}


def read_exported_register(folder: Path, keys: Sequence[LedgerPublicKey], charter_pdf: bytes) -> Register:
    """Return the register of a charter from an exported ledger and the charter's PDF: no workspace, no database.

    The export is recomputed from its entries. The clauses and the list come from the record in the PDF; the text is the revision
    of the PDF whose digest the ledger knows as a charter.

    Raises:
        InputError: the export does not hold, the PDF is no charter, or the ledger knows nothing of this text.
    """
    from mou.rendering.archive import read_record  # brings pikepdf

    export = read_export(folder, keys)
    if export.findings:
        raise InputError(
            "{folder}: an export whose every entry can be recomputed is expected", problems=export.findings, folder=folder
        )
    record = read_record(charter_pdf)
    texts = [digest_of(charter_pdf[: revision.end]) for revision in read_revisions(charter_pdf)]
    subjects = {entry.subject for entry in export.entries() if entry.type == RECEIVED}
    text = next((one for one in texts if document_id_of(one) in subjects), None)
    if text is None:
        raise InputError("{folder}: instruments of the charter in this PDF are expected, got none", folder=folder)
    charter = charter_from_record(record, text)
    return replay(charter, accepted_instruments(export.entries(), charter.charter_id))


def _with_all_parties(register: Register) -> Register:
    if isinstance(register.parties, StoredParties):
        register.parties.load(list(register.parties))
    return register
