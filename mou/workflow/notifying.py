"""Notifying: the depositary tells all parties, and who is invited to become one, what it has received and what follows from it.

The order for one notice, each step safe to repeat:
1. one transaction, under the ledger's lock: what was not told yet is collected, and the ledger's head that covers it is published
   (a crash leaves a published head, which is put into the outbox by the next run);
2. the notice is drawn, sealed by the network's automatic seal, validated, and stored by its digest (a crash leaves a file that
   nothing names, and that nobody has seen);
3. one transaction: the instruments NOTICE_ISSUED and, where it tells of an entry into force, FORCE_NOTIFIED; the notice's row; a
   letter for each organisation. **The commit point**, with another look whether somebody else has issued this number
   meanwhile: then everything is collected anew;
4. the PDF under a readable name in `documents/notices`, and the letters (`mou.workflow.notice_letters`): what a crash left
   undone, the next run does.

Where nothing is new, nothing is issued. A notice tells of at most 400 instruments, the rest is told by the next one: their ids
stand in one leaf of the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mou.charter.facts import Fact, FactKind, facts_of
from mou.charter.instruments import Charter, Instrument, InstrumentKind
from mou.charter.notices import (
    NOT_TOLD,
    Notice,
    ToldDocument,
    ToldInstrument,
    chain_findings,
    documents_of,
    facts_since,
    told_instruments,
)
from mou.charter.register import Register
from mou.errors import ConflictError, UsageError, WorkspaceError
from mou.storage.database import Transaction
from mou.storage.depositary import Received, StoredParties
from mou.storage.files import replace_file
from mou.storage.notices import NoticeLetter, StoredNotice
from mou.thai import BANGKOK
from mou.workflow.checking import require_plain, require_sound
from mou.workflow.checkpoints import publish_checkpoint
from mou.workflow.depositing import kept_charter, open_register, receive_in
from mou.workflow.workspace import SECRETARIAT, Workspace
from signatures.digests import Digest
from signatures.messages import Message, say

MOST_TOLD = 400
NOTICES_FOLDER = "notices"
_ATTEMPTS_AGAINST_OTHERS = 3


class NoticeOvertakenError(ConflictError):
    """Somebody else issued a notice of this number meanwhile."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A notice that this call issued, and how many instruments are left for the next one."""

    stored: StoredNotice
    left: int


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is to be told, and to whom; nothing of it is recorded yet."""

    charter: Charter
    notice: Notice
    recipients: frozenset[str]
    left: int
    at: datetime


def issue_notice(workspace: Workspace, charter_id: str, *, copy_to: Sequence[str] = ()) -> Issued | None:
    """Issue the next notice of a charter; None where there is nothing that was not told.

    Args:
        workspace: where the charter is kept.
        charter_id: the charter.
        copy_to: names of imported lists whose organisations get this notice and every later one as well.

    Raises:
        UsageError: no such charter is kept, or there is no such list.
        RenderingError: the page cannot be drawn.
        SigningError, TimestampError: it cannot be sealed; nothing was recorded.
        NoticeOvertakenError: others keep issuing notices of this charter.
    """
    for _ in range(_ATTEMPTS_AGAINST_OTHERS):
        draft = _collect(workspace, charter_id, copy_to)
        if draft is None:
            return None
        publish_checkpoint(workspace)  # recorded in step 1; this writes its file
        try:
            stored = _record(workspace, draft, workspace.files.put(_sealed(workspace, draft)))
        except NoticeOvertakenError:
            continue
        publish_notices(workspace)
        return Issued(stored, draft.left)
    raise NoticeOvertakenError("others keep issuing notices of this charter; try again in a moment")


def notices_issued(workspace: Workspace, charter_id: str) -> tuple[StoredNotice, ...]:
    """Return what the secretariat has told, in order.

    Raises:
        UsageError: no such charter is kept.
    """
    with workspace.database.read() as transaction:
        kept_charter(transaction, charter_id)
        return transaction.notices.notices(charter_id)


def find_notice(workspace: Workspace, charter_id: str, number: int) -> StoredNotice:
    """Return one notice of a charter.

    Raises:
        UsageError: there is none of this number.
    """
    found = notices_issued(workspace, charter_id)
    if not 1 <= number <= len(found):
        raise UsageError("a notice from 1 to {last} is expected, got {number}", last=len(found), number=number)
    return found[number - 1]


def letters_of(workspace: Workspace, charter_id: str) -> tuple[NoticeLetter, ...]:
    """Return to whom the notices of a charter go, and when each went."""
    with workspace.database.read() as transaction:
        return transaction.notices.letters(charter_id)


def notice_findings(workspace: Workspace, charter_id: str) -> tuple[Message, ...]:
    """Return what is wrong with the chain of a charter's notices as it is kept here, and with their files."""
    kept = notices_issued(workspace, charter_id)
    findings = [*chain_findings([one.issued for one in kept])]
    for one in kept:
        try:
            workspace.files.get(one.digest)
        except WorkspaceError as error:
            findings.append(say("notice {number}: {cause}", number=one.notice.number, cause=error.message))
    return tuple(findings)


def publish_notices(workspace: Workspace) -> tuple[Path, ...]:
    """Write every notice that does not lie under its readable name yet; return which were written."""
    with workspace.database.read() as transaction:
        wanted = {_path(workspace, transaction, one.notice): one.digest for one in transaction.notices.notices()}
    missing = [path for path in wanted if not path.exists()]
    for path in missing:
        replace_file(path, workspace.files.get(wanted[path]))
    return tuple(missing)


def published_path(workspace: Workspace, notice: Notice) -> Path:
    """Return where a notice lies under a name that a person understands."""
    with workspace.database.read() as transaction:
        return _path(workspace, transaction, notice)


def _path(workspace: Workspace, transaction: Transaction, notice: Notice) -> Path:
    charter = transaction.store.document(notice.charter_id)
    return workspace.documents_folder / NOTICES_FOLDER / f"{charter.file_name}-notice-{notice.number:04d}.pdf"


def _collect(workspace: Workspace, charter_id: str, copy_to: Sequence[str]) -> _Draft | None:
    """Step 1: what is new, with the published head of the ledger that covers it."""
    at = workspace.clock()
    with workspace.database.write() as transaction:
        transaction.lock()
        charter = kept_charter(transaction, charter_id)
        before = transaction.notices.notices(charter_id)
        told = told_instruments(one.notice for one in before)
        received = [
            one
            for one in transaction.depositary.received(charter_id)
            if one.instrument.kind not in NOT_TOLD and one.instrument.instrument_id not in told
        ]
        new = sorted(received, key=lambda one: one.entry_index)[:MOST_TOLD]
        register = _whole_register(transaction, charter)
        day = at.astimezone(BANGKOK).date()
        facts = facts_since((one.notice for one in before), facts_of(register, day))
        recipients = _recipients(workspace, transaction, register, copy_to)
        if not (new or facts):
            return None
        transaction.ledger.publish(at=at, actor=SECRETARIAT)
        head = transaction.ledger.store.newest_checkpoint()
        assert head is not None
        names = {one.organisation.organisation_id: one.organisation.name_th for one in transaction.store.organisations()}
        notice = Notice(
            charter_id=charter_id,
            text=charter.text,
            title=transaction.store.document(charter_id).title,
            network=workspace.settings.name,
            number=len(before) + 1,
            day=day,
            checkpoint=head.note,
            previous=str(before[-1].digest) if before else None,
            instruments=tuple(_told(one, names) for one in new),
            facts=tuple(_named(fact, names) for fact in facts),
            documents=_documents(transaction, charter, new),
        )
    return _Draft(charter, notice, recipients, len(received) - len(new), at)


def _whole_register(transaction: Transaction, charter: Charter) -> Register:
    register = open_register(transaction, charter)
    if isinstance(register.parties, StoredParties):
        register.parties.load(list(register.parties))
    return register


def _told(received: Received, names: dict[str, str]) -> ToldInstrument:
    """One instrument as everybody may know it: no person of it, and not the secretariat's note."""
    paper = received.instrument
    return ToldInstrument(
        instrument_id=paper.instrument_id,
        kind=paper.kind,
        on=paper.on,
        entry=received.entry_index,
        party=paper.party,
        name=names.get(paper.party or ""),
        successor=paper.successor,
        successor_name=names.get(paper.successor or ""),
        provisions=paper.provisions,
        reference=paper.reference,
        returned_for=None if received.fault is None else received.fault.clause,
        documents=documents_of(paper),
    )


def _named(fact: Fact, names: dict[str, str]) -> Fact:
    return replace(fact, name=names.get(fact.party or ""))


def _documents(transaction: Transaction, charter: Charter, new: Sequence[Received]) -> tuple[ToldDocument, ...]:
    """The charter, then every paper that the instruments are about, each with its newest revision where it is signed here."""
    digests = dict.fromkeys([charter.text, *(digest for one in new for digest in documents_of(one.instrument))])
    return tuple(_document(transaction, digest) for digest in digests)


def _document(transaction: Transaction, digest: str) -> ToldDocument:
    document = transaction.store.find_prepared(Digest.parse(digest))
    if document is None:
        return ToldDocument(digest)
    return ToldDocument(digest, str(document.current), document.document_number or document.file_name)


def _recipients(workspace: Workspace, transaction: Transaction, register: Register, copy_to: Sequence[str]) -> frozenset[str]:
    """Everybody whom the charter concerns: parties, and those invited that are none.

    Who stands on its list or was ever heard of, who has a document under it, who was sent an earlier notice, and the lists asked
    for; but nobody whom another has succeeded.
    """
    charter, kept = register.charter, transaction.store
    if unknown := [name for name in copy_to if name not in kept.list_names()]:
        raise UsageError("no list {name}; imported are: {names}", name=unknown[0], names=", ".join(kept.list_names()))
    found = {*(charter.listed or {}), *register.parties}
    found |= {one.organisation_id for one in transaction.notices.letters(charter.charter_id)}
    found |= {one.organisation.organisation_id for name in copy_to for one in kept.organisations(name)}
    for document in kept.documents():
        invited = document.organisation_id
        if invited is not None and invited not in found and _is_under(workspace, document.current, charter):
            found.add(invited)
    return frozenset(one for one in found if register.party(one).succeeded_by is None)


def _is_under(workspace: Workspace, pdf: Digest, charter: Charter) -> bool:
    """Whether a document names this charter's digest in its text."""
    from mou.rendering.archive import read_record  # brings pikepdf

    named = read_record(workspace.files.get(pdf)).get("charter")
    return isinstance(named, dict) and named.get("digest") == charter.text


def _sealed(workspace: Workspace, draft: _Draft) -> bytes:
    """Step 2: the PDF under the automatic seal."""
    from mou.notices.drawing import draw_notice, seal_notice  # brings WeasyPrint

    drawn = draw_notice(draft.notice, created=draft.at)
    require_plain(drawn)
    keys, at = workspace.keys, workspace.clock()
    sealed = seal_notice(
        drawn,
        keys.seal(),
        revocation_list=keys.revocation_list(at=draft.at),
        at=at,
        name=workspace.settings.name,
        timestamps=workspace.timestamps(),
    )
    require_sound(workspace, sealed, at=at)
    return sealed


def _record(workspace: Workspace, draft: _Draft, digest: Digest) -> StoredNotice:
    """Step 3: the commit point.

    Raises:
        NoticeOvertakenError: another notice of this number is there by now.
    """
    notice, at = draft.notice, workspace.clock()
    told = tuple(one.instrument_id for one in notice.instruments)
    paper = Instrument("", InstrumentKind.NOTICE_ISSUED, notice.day, document=str(digest), number=notice.number, about=told)
    with workspace.database.write() as transaction:
        transaction.lock()
        if len(transaction.notices.notices(notice.charter_id)) != notice.number - 1:
            raise NoticeOvertakenError("notice {number} was issued by somebody else meanwhile", number=notice.number)
        deposit = receive_in(transaction, draft.charter, paper, note=None, at=at)
        if (starts := _starts_told(notice)) is not None:
            told_of_force = replace(paper, kind=InstrumentKind.FORCE_NOTIFIED, number=None, about=starts)
            receive_in(transaction, draft.charter, told_of_force, note=None, at=at)
        stored = StoredNotice(notice, digest, deposit.received.entry_index, at)
        transaction.notices.add_notice(stored, draft.recipients)
    return stored


def _starts_told(notice: Notice) -> tuple[str, ...] | None:
    """The instruments by which the charter is in force, for all or for a later party; None where no start is told of."""
    starts = [one for one in notice.facts if one.holds and one.kind in {FactKind.CHARTER_IN_FORCE, FactKind.PARTY_IN_FORCE}]
    because = dict.fromkeys(instrument for fact in starts for instrument in fact.because)
    return tuple(because)[:MOST_TOLD] if starts else None
