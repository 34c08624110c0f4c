"""Generating: one document per organisation, or one joint document for all, each made and recorded once.

The order for one document, each step safe to repeat:
1. fill the template; what was made from the same input before is returned as it is;
2. render, make the fields, look for what could be switched on later, certify with the network's seal, validate the result;
3. store the file by its digest, and its words (a crash here leaves orphan files that nothing names);
4. one transaction: ledger entries, document, requests, queued publication. **The commit point**;
5. publish under a readable name (a crash before this is made good by the next run).
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from mou.documents import PreparedDocument, input_digest, prepare_document, with_address
from mou.drafts.wordings import with_wordings
from mou.errors import ConflictError, UsageError
from mou.field_values import CharterReference
from mou.filling import Filling, filled_document, prepare_filling
from mou.models import FilledDocument
from mou.requests import SignatureRequest
from mou.storage.database import Transaction
from mou.storage.store import Document, ListedOrganisation, Revision
from mou.templates import Template
from mou.thai import BANGKOK
from mou.workflow.asking import withdraw_all
from mou.workflow.checking import expected_signatures, require_plain, require_sound
from mou.workflow.publishing import queue_publication
from mou.workflow.templates import find_template
from mou.workflow.texts import keep_text
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.bundle import ExpectedSignature, commitment
from signatures.canonical import canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.fields import SEAL_FIELD
from signatures.ledger.entry import Event
from signatures.signing import certify


@dataclass(frozen=True, slots=True)
class GenerationTask:
    """One document to make: for one organisation, or (None) one joint document of a whole list.

    `through_office` asks for the pages of the house's own Word file, laid out by LibreOffice (`mou.workflow.own_layout`).
    """

    template: str
    list_name: str
    organisation_id: str | None
    through_office: bool = False


@dataclass(frozen=True, slots=True)
class Generated:
    """A document that stands in the workspace now; `is_new` tells whether this run made it, and `line_engine` how, if it did."""

    document: Document
    is_new: bool
    line_engine: str | None = None


def plan_generation(
    workspace: Workspace, template_name: str, *, list_name: str | None = None, organisation_ids: Sequence[str] = ()
) -> tuple[GenerationTask, ...]:
    """Return what there is to make: one task per organisation, or a single one for a joint document.

    Raises:
        UsageError: no such list or organisation, several lists and none chosen, or nobody imported yet.
    """
    template = find_template(workspace.templates_folder, template_name)
    with workspace.database.read() as transaction:
        chosen = _choose_list(transaction, list_name)
        listed = transaction.store.organisations(chosen)
    if template.is_joint:
        if organisation_ids:
            raise UsageError("{template} is one document for the whole list: leave --organisation out", template=template_name)
        return (GenerationTask(template_name, chosen, None),)
    known = {entry.organisation.organisation_id for entry in listed}
    if unknown := [wanted for wanted in organisation_ids if wanted not in known]:
        raise UsageError(
            "list {list}: no organisation with the id {unknown}; see: mou organisations list",
            list=chosen,
            unknown=", ".join(unknown),
        )
    return tuple(
        GenerationTask(template_name, chosen, entry.organisation.organisation_id)
        for entry in listed
        if not organisation_ids or entry.organisation.organisation_id in organisation_ids
    )


def generate(workspace: Workspace, task: GenerationTask) -> Generated:
    """Make one document, or return the one that the same input made before.

    Raises:
        FillingError: the values and the template do not go together.
        RenderingError: the page cannot be laid out faithfully.
        ConflictError: an older text of this document is already signed by somebody.
    """
    template = find_template(workspace.templates_folder, task.template)
    public_url = workspace.settings.public_url
    filled = fill_for(workspace, template, task)
    source = input_digest(filled, public_url=public_url, through_office=task.through_office)
    filled = with_address(filled, source, public_url=public_url)
    with workspace.database.read() as transaction:
        if (known := transaction.store.find_document(source)) is not None:
            return Generated(known, is_new=False)
    created = day_of_documents(workspace)
    if task.through_office:
        from mou.workflow.own_layout import prepare_through_office  # loads python-docx

        require_no_wordings(workspace, task)
        filled, prepared = prepare_through_office(filling_for(workspace, template, task), filled, source, created=created)
    else:
        prepared = prepare_document(filled, created=created)
    require_plain(prepared.pdf)
    at = workspace.clock()
    certified = certify(
        prepared.pdf, workspace.keys.seal(), at=at, name=workspace.settings.name, timestamps=workspace.timestamps()
    )
    require_sound(workspace, certified, at=at)
    stored = workspace.files.put(certified)
    keep_text(workspace, prepared.digest, filled)
    with workspace.database.write() as transaction:
        if (known := transaction.store.find_document(source)) is not None:
            return Generated(known, is_new=False)
        document = _record(workspace, transaction, template, filled, prepared, source=source, certified=stored, at=at)
    return Generated(document, is_new=True, line_engine=prepared.line_engine)


def require_no_wordings(workspace: Workspace, task: GenerationTask) -> None:
    """Refuse to make a document or draft of a Word file that lacks what was accepted into the document's text."""
    if workspace.wordings.history(task.template, task.organisation_id):
        raise ConflictError(
            "{template}: changes were accepted into the text of this document, and the house's own Word file has none of them; "
            "write them into it, or use the program's own layout",
            template=task.template,
        )


def day_of_documents(workspace: Workspace) -> datetime:
    """Return the date that stands in the metadata of the workspace's documents: the day of the ceremony, never the clock's."""
    return datetime.combine(workspace.ceremony().date, time(), tzinfo=BANGKOK)


def _choose_list(transaction: Transaction, list_name: str | None) -> str:
    names = transaction.store.list_names()
    if not names:
        raise UsageError("no organisations yet; import a list first: mou organisations import FILE")
    if list_name is None:
        if len(names) > 1:
            raise UsageError("several lists are imported: choose one with --list: {names}", names=", ".join(names))
        return names[0]
    if list_name not in names:
        raise UsageError("no list {name}; imported are: {names}", name=list_name, names=", ".join(names))
    return list_name


def fill_for(workspace: Workspace, template: Template, task: GenerationTask, *, marks_fields: bool = False) -> FilledDocument:
    """Return the template filled for the organisation of the task, or for its whole list, with what was accepted into its text.

    Raises:
        FillingError: the values and the template do not go together.
        ConflictError: changes were accepted into another text than the one of today.
    """
    filled = fill_as_template(workspace, template, task, marks_fields=marks_fields)
    return with_wordings(filled, workspace.wordings.history(task.template, task.organisation_id))


def fill_as_template(
    workspace: Workspace, template: Template, task: GenerationTask, *, marks_fields: bool = False
) -> FilledDocument:
    """Return the template filled, without what was accepted into the text; its values marked, where asked for."""
    return filled_document(filling_for(workspace, template, task), marks_fields=marks_fields)


def filling_for(workspace: Workspace, template: Template, task: GenerationTask) -> Filling:
    """Return the values for the organisation of the task, or for its whole list."""
    with workspace.database.read() as transaction:
        listed = transaction.store.organisations(task.list_name)
        charter = _charter_reference(transaction, template)
    ceremony = workspace.ceremony()
    if task.organisation_id is None:
        members = tuple(entry.organisation for entry in listed)
        return prepare_filling(template, ceremony=ceremony, organisation=None, members=members, charter=charter, sequence=0)
    entry = _entry_of(listed, task.organisation_id)
    return prepare_filling(template, ceremony=ceremony, organisation=entry.organisation, charter=charter, sequence=entry.number)


def digest_to_be(workspace: Workspace, filled: FilledDocument) -> Digest:
    """Return the digest that the document would be asked for by: its PDF is drawn as `generate` draws it, and not recorded."""
    public_url = workspace.settings.public_url
    addressed = with_address(filled, input_digest(filled, public_url=public_url), public_url=public_url)
    return prepare_document(addressed, created=day_of_documents(workspace)).digest


def _entry_of(listed: Sequence[ListedOrganisation], organisation_id: str) -> ListedOrganisation:
    return next(entry for entry in listed if entry.organisation.organisation_id == organisation_id)


def _charter_reference(transaction: Transaction, template: Template) -> CharterReference | None:
    """The charter that this text consents to: the newest one of its template, by the digest that its own signatories see."""
    if template.charter is None:
        return None
    charters = transaction.store.documents(template.charter)
    if not charters:
        raise UsageError(
            "{template} names the charter {charter}, which is not there yet; make it first: mou generate {charter}",
            template=template.name,
            charter=template.charter,
        )
    charter = charters[-1]
    return CharterReference(charter.title, charter.version, charter.prepared)


def _record(
    workspace: Workspace,
    transaction: Transaction,
    template: Template,
    filled: FilledDocument,
    prepared: PreparedDocument,
    *,
    source: Digest,
    certified: Digest,
    at: datetime,
) -> Document:
    """Record a new document in the open transaction: its entry, its row, its requests, its first revision."""
    salt = secrets.token_bytes(32)
    requests = [SignatureRequest(prepared.document_id, slot) for slot in filled.slots]
    expected = expected_signatures(workspace.keys.seal(), filled.slots)
    replaced = _replaced_documents(transaction, template, _organisation_id(filled))
    entries = transaction.ledger.append(
        [
            _template_event(filled),
            _frozen_event(filled, prepared, certified, salt, expected),
        ],
        at=at,
    )
    document = Document(
        document_id=prepared.document_id,
        template=template.name,
        organisation_id=_organisation_id(filled),
        input_digest=source,
        prepared=prepared.digest,
        current=certified,
        revision_count=1,
        version=filled.version,
        title=filled.title,
        document_number=filled.document_number,
        file_name=_file_name(transaction, filled),
        salt=salt,
        created_at=at,
    )
    transaction.store.add_document(document, requests)
    transaction.store.add_revision(Revision(prepared.document_id, 1, certified, SEAL_FIELD, entries[-1].index, at, expected))
    for old in replaced:
        withdraw_all(transaction, old, at=at)
        transaction.store.supersede(old.document_id, prepared.document_id)
    queue_publication(transaction, document.document_id, revision=1)
    return document


def _template_event(filled: FilledDocument) -> Event:
    return Event(
        type="template.registered",
        subject=f"tpl_{filled.template_digest.removeprefix('sha256:')[:24]}",
        actor=SECRETARIAT,
        body={"template": filled.template_digest},
        operation_id=operation_id("template.registered", filled.template_digest),
    )


def _frozen_event(
    filled: FilledDocument,
    prepared: PreparedDocument,
    certified: Digest,
    salt: bytes,
    expected: Sequence[ExpectedSignature],
) -> Event:
    record = digest_of(b"mou.record.v1\x00" + salt + canonical_bytes(filled.record))
    return Event(
        type="revision.frozen",
        subject=prepared.document_id,
        actor=SECRETARIAT,
        body={
            "document": str(prepared.digest),
            "after": str(certified),
            "template": filled.template_digest,
            "data": str(record),
            "expected": commitment(expected, salt),
        },
        operation_id=operation_id("revision.frozen", prepared.document_id),
    )


def _organisation_id(filled: FilledDocument) -> str | None:
    """The organisation that the document was made for; a joint document has none."""
    organisation = filled.record.get("organisation")
    return str(organisation["organisation_id"]) if isinstance(organisation, dict) else None


def _replaced_documents(transaction: Transaction, template: Template, organisation_id: str | None) -> tuple[Document, ...]:
    """Return the older texts that a new one stands in for.

    Raises:
        ConflictError: somebody has signed one of them; a signed text is not replaced by changing a list.
    """
    older = [document for document in transaction.store.documents(template.name) if document.organisation_id == organisation_id]
    for document in older:
        if document.revision_count > 1:
            raise ConflictError(
                "{document} is signed already and its text would change: the template, the list or ceremony.toml is not what it "
                "was when the document was made; put it back, or work in a new workspace",
                document=document.file_name,
            )
    return tuple(older)


def readable_name(filled: FilledDocument) -> str:
    """Return a file name without folder and ending, safe on every system."""
    wanted = filled.document_number or "-".join(part for part in (filled.template_name, _organisation_id(filled)) if part)
    return re.sub(r"[^A-Za-z0-9_-]+", "-", wanted).strip("-") or filled.template_name


def _file_name(transaction: Transaction, filled: FilledDocument) -> str:
    """Return a readable name that no other document has."""
    safe = readable_name(filled)
    used = transaction.store.count_documents_named(safe)
    return f"{safe}-v{used + 1}" if used else safe
