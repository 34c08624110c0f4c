"""The bundled example: invented organisations with keys made on the spot, through the same use cases as real ones.

Real signatories make their keys themselves; only here, where every person is invented, does the workspace make them. They lie
in `signatories/`, apart from the network's own keys, beside a file with their one password.
"""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from mou.errors import UsageError
from mou.models import SignatorySlot
from mou.organisations import OrganisationList
from mou.requests import SignatureRequest
from mou.storage.files import replace_file
from mou.storage.store import Document
from mou.templates import bundled_templates_folder
from mou.workflow.importing import import_organisations
from mou.workflow.keys import PRIVATE_FILE_MODE
from mou.workflow.signing import sign_document
from mou.workflow.status import DocumentStatus, document_statuses
from mou.workflow.workspace import CEREMONY_FILE, Workspace, operation_id
from signatures.authority import Subject, new_private_key, write_pkcs12
from signatures.signers import Signer, open_pkcs12

NETWORK_NAME = "เครือข่ายสิทธิเด็กล้านนา (ตัวอย่าง)"
ORIGIN_PREFIX = "demo-"
CHARTER, MEMORANDUM = "lanna-charter", "lanna-mou"
MEMBERS_LIST = "organisations"
SIGNATORY_KEY_LIFETIME = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ImportedList:
    """One list of the example with what looked wrong in it."""

    name: str
    read: OrganisationList


def new_origin() -> str:
    """Return the name of a demonstration's ledger: no two are the same, and none passes for a real one."""
    return f"{ORIGIN_PREFIX}{secrets.token_hex(8)}.mou.invalid"


def require_demonstration(workspace: Workspace) -> None:
    """Check that a workspace was made by a demonstration.

    Raises:
        UsageError: it is somebody's own.
    """
    if not workspace.settings.origin.startswith(ORIGIN_PREFIX):
        raise UsageError("{folder} is a workspace of your own; choose another folder for the demo", folder=workspace.folder)


def bring_in_example(workspace: Workspace) -> tuple[ImportedList, ...]:
    """Put the example's ceremony and lists into the workspace; a second time changes nothing."""
    network = bundled_templates_folder() / CHARTER / "example"
    cities = bundled_templates_folder() / "child-friendly-city-mou" / "example"
    if not (workspace.folder / CEREMONY_FILE).exists():
        shutil.copyfile(network / CEREMONY_FILE, workspace.folder / CEREMONY_FILE)
    lists = (network / "organisations.csv", network / "youth-groups.csv", cities / "pilot-areas.csv")
    return tuple(ImportedList(path.stem, import_organisations(workspace, path)) for path in lists)


def make_signatory_keys(workspace: Workspace) -> int:
    """Make a key for every invented signatory that has none yet; return how many there are in all."""
    folder = workspace.folder / "signatories"
    password = _password(folder)
    slots = {_key_name(slot): slot for status in document_statuses(workspace) for slot in _slots(status)}
    authority = workspace.keys.authority()
    at = workspace.clock()
    for name, slot in slots.items():
        path = folder / f"{name}.p12"
        if not path.exists():
            key = new_private_key()
            subject = Subject(
                slot.person.full_name, slot.organisation_name, slot.person.position, f"sgn-{operation_id(name)[:24]}"
            )
            certificate = authority.issue(
                subject, key.public_key(), not_before=at - timedelta(minutes=1), not_after=at + SIGNATORY_KEY_LIFETIME
            )
            content = write_pkcs12(slot.person.full_name, key, certificate, (authority.certificate,), password)
            replace_file(path, content, mode=PRIVATE_FILE_MODE)
    return len(slots)


def sign_open_requests(workspace: Workspace, document_id: str) -> Document:
    """Sign every open request of one document, each with the signatory's own key, in the order of the signatories."""
    folder = workspace.folder / "signatories"
    password = _password(folder)
    for request in _open_requests(workspace, document_id):
        signer = _open_key(folder / f"{_key_name(request.slot)}.p12", password)
        sign_document(workspace, document_id, request.slot.field, signer)
    with workspace.database.read() as transaction:
        return transaction.store.document(document_id)


@lru_cache(maxsize=128)
def _open_key(path: Path, password: str) -> Signer:
    """Open a key once per process: the chair signs nineteen times."""
    return open_pkcs12(path, password)


def _open_requests(workspace: Workspace, document_id: str) -> tuple[SignatureRequest, ...]:
    status = next(each for each in document_statuses(workspace) if each.document.document_id == document_id)
    return tuple(sorted(status.missing, key=lambda request: (request.slot.order, request.slot.field)))


def _slots(status: DocumentStatus) -> Iterator[SignatorySlot]:
    return (request.slot for request in status.requests)


def _key_name(slot: SignatorySlot) -> str:
    """One key for one person: a representative signs the charter and the memorandum with the same one."""
    side = "witness" if "witness" in slot.role else "representative"
    return f"{slot.organisation_id}-{side}"


def _password(folder: Path) -> str:
    path = folder / "password.txt"
    if not path.exists():
        replace_file(path, f"{secrets.token_urlsafe(12)}\n".encode(), mode=PRIVATE_FILE_MODE)
    return path.read_text(encoding="utf-8").strip()
