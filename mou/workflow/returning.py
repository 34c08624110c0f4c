"""Download, sign anywhere, return: a document that its signatory signed with a program of their own.

The order is that of every signature (`mou.workflow.signing`), each step safe to repeat:
1. find the document by the bytes that the file begins with; judge what was added (`signatures.returned`), then whether it is
   this signatory's turn and certificate, whether something is missing beside a minor's signature, and whether the certificate
   leads to a root of this workspace; store the file by its digest (a crash here leaves an orphan file that no entry names);
2. one transaction with compare-and-swap on the document's newest revision. **The commit point.** When somebody else signed
   meanwhile, step 1 is done again and says so: a signature on an older copy cannot be moved to the newest;
3. publish.

Nothing is fetched: the addresses in a certificate are its holder's choice. So the issuer's word on revocation has to be at hand:
the network's own list always is, another authority's is brought along by the file or by the caller.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mou.requests import RequestState, SignatureRequest, require_turn, sign_request
from mou.storage.asking import IdentityMethod
from mou.storage.store import Document, Revision, StaleRevisionError
from mou.workflow.extending import workspace_anchors
from mou.workflow.minors import check_ready, require_ready_in
from mou.workflow.signing import Signed, record_signature, request_for, require_signatory, signing_order
from mou.workflow.workspace import Workspace
from signatures.errors import PdfUnreadableError
from signatures.filled_form import read_filled_form
from signatures.messages import say
from signatures.return_faults import ReturnFault, ReturnRefusedError
from signatures.returned import Returned, prefix_digests, read_returned, require_pdf, rewritten
from signatures.signers import certificate_digest
from signatures.trust import TrustAnchors

_WITHOUT_REVOCATION = "TRY_LATER"  # ETSI EN 319 102-1, table 6: it leads to a root, but nothing says that it is not revoked


def return_file(
    workspace: Workspace,
    content: bytes,
    *,
    source: str,
    document_id: str | None = None,
    field: str | None = None,
    require_trust: bool = True,
    given: TrustAnchors | None = None,
    identity: str | None = None,
) -> Signed:
    """Record a signature that was made elsewhere; a repeat with the same file returns what is there.

    Args:
        workspace: where the document was made.
        content: the file that came back.
        source: what a message calls it.
        document_id: the document that is expected; None: any of the workspace.
        field: the field that is expected; None: the one that was signed.
        require_trust: whether the certificate has to lead to a root of the workspace; a revoked one is refused in any case.
        given: roots and revocation lists beside those of the workspace.
        identity: a word for how the signatory was known.

    Raises:
        ReturnRefusedError: the file is refused; `fault` says why in a word.
        RequestRefusedError: it is not this signatory's turn, or the request is closed.
        MinorNotReadyError: a minor signed, and a consent or the adult beside is missing.
        SignerRefusedError: the certificate names somebody else.
        NotFoundError: the document has no such field.
        StaleRevisionError: the document stays busy.
    """
    with _named(source):
        require_pdf(content)
        for _ in range(2):
            found = _find(workspace, content, document_id)
            if (known := _recorded(found, field)) is not None:
                return known
            try:
                return _record(workspace, content, found, field, require_trust=require_trust, given=given, identity=identity)
            except StaleRevisionError:
                continue
    raise StaleRevisionError("{document} is busy: others keep signing it; sign again in a moment", document=source)


@contextmanager
def _named(source: str) -> Iterator[None]:
    """Say in each refusal which file it was."""
    try:
        yield
    except ReturnRefusedError as error:
        raise ReturnRefusedError("{file}: {reason}", fault=error.fault, file=source, reason=error.message) from error


@dataclass(frozen=True, slots=True)
class _Found:
    """A document, the revision of it that the file begins with, and whether the file is that revision and no more."""

    document: Document
    base: Revision
    base_bytes: int
    is_whole_file: bool
    revisions: tuple[Revision, ...]
    requests: tuple[SignatureRequest, ...]
    is_superseded: bool

    @property
    def newest(self) -> Revision:
        """The document's newest revision."""
        return self.revisions[-1]


def _find(workspace: Workspace, content: bytes, document_id: str | None) -> _Found:
    """Return the document of which the file begins with the longest recorded revision."""
    lengths = {digest: length for length, digest in prefix_digests(content)}
    with workspace.database.read() as transaction:
        known = [one for one in transaction.store.revisions(document_id) if one.digest in lengths]
        if not known and document_id is not None and any(one.digest in lengths for one in transaction.store.revisions()):
            raise ReturnRefusedError(
                "the file is another document than the one that was to be signed here: download that one, and sign it",
                fault=ReturnFault.OTHER_DOCUMENT,
            )
        if not known:
            raise rewritten(content)
        base = max(known, key=lambda one: lengths[one.digest])
        document = transaction.store.document(base.document_id)
        standing = transaction.store.documents(document.template, document.organisation_id)
        return _Found(
            document=document,
            base=base,
            base_bytes=lengths[base.digest],
            is_whole_file=lengths[base.digest] == len(content),
            revisions=transaction.store.revisions(document.document_id),
            requests=transaction.store.requests(document.document_id),
            is_superseded=document.document_id not in {one.document_id for one in standing},
        )


def _recorded(found: _Found, field: str | None) -> Signed | None:
    """Return the signature that the file ends with when it is recorded already, unless another field is expected."""
    if not found.is_whole_file or field not in {None, found.base.field}:
        return None
    for request in found.requests:
        if request.slot.field == found.base.field and request.state is RequestState.SIGNED:
            return Signed(found.document, request, is_new=False)
    return None


def _record(
    workspace: Workspace,
    content: bytes,
    found: _Found,
    field: str | None,
    *,
    require_trust: bool,
    given: TrustAnchors | None,
    identity: str | None,
) -> Signed:
    if field is not None:
        request_for(found.requests, found.document, field)
    if not found.is_whole_file:
        _require_newest(found, content)
    anchors = workspace_anchors(workspace, given or TrustAnchors(()))
    at = workspace.clock()
    asked = {one.slot.field: signing_order(one, at=at).capacity for one in found.requests if one.state is not RequestState.SIGNED}
    if not asked or field not in {None, *asked}:
        raise _taken(found, field)
    base = workspace.files.get(found.base.digest)
    returned = read_returned(base, content, asked=asked, field=field, trust=anchors, at=at)
    request = request_for(found.requests, found.document, returned.field)
    require_signatory(request, returned.certificate)
    require_turn(request, found.requests)
    check_ready(workspace, found.document.document_id, returned.field)
    channel = None if identity is None else IdentityMethod(identity).channel
    signed = sign_request(request, certificate=certificate_digest(returned.certificate), at=at, channel=channel)
    _require_trusted(returned, require_trust=require_trust)
    stored = workspace.files.put(content)
    with workspace.database.write() as transaction:
        transaction.lock()
        # The swap comes first: a document that moved on meanwhile is found before the ledger is asked.
        transaction.store.require_current(found.document.document_id, found.document.current)
        require_ready_in(transaction, request, found.requests, at=at)
        document = record_signature(transaction, found.document, found.newest, signed, found.requests, stored, identity=identity)
    return Signed(document, signed, is_new=True)


def _require_newest(found: _Found, content: bytes) -> None:
    """Check that the file was signed on what the document is today; say who signed it meanwhile."""
    if found.is_superseded:
        raise ReturnRefusedError(
            "{document} was replaced by a newer document: download that one, and sign it",
            fault=ReturnFault.SUPERSEDED,
            document=found.document.file_name,
        )
    if found.base.number == found.newest.number:
        return
    filled = _filled_after(content, found.base_bytes)
    if len(filled) != 1:
        raise rewritten(content)
    if any(one.slot.field in filled and one.state is RequestState.SIGNED for one in found.requests):
        raise _taken(found, *filled)
    since = {one.field for one in found.revisions if one.number > found.base.number}
    names = [one.slot.person.full_name for one in found.requests if one.slot.field in since]
    raise ReturnRefusedError(
        "the copy that was signed is no longer the newest of {document} (added since: {names}); a signature cannot be moved: "
        "download the document again, and sign that",
        fault=ReturnFault.OUTDATED,
        document=found.document.file_name,
        names=", ".join(names) or say("a time stamp"),
    )


def _filled_after(content: bytes, base_bytes: int) -> set[str]:
    """Return the signature fields that are filled in the file and were not in what it begins with; none when it is unreadable."""
    try:
        before, after = (
            {one.name for one in read_filled_form(part) if one.signature is not None} for part in (content[:base_bytes], content)
        )
    except PdfUnreadableError:
        return set()
    return after - before


def _taken(found: _Found, field: str | None) -> ReturnRefusedError:
    """Return the refusal of a signature where one stands already, or in a document that waits for none."""
    for request in found.requests:
        if request.slot.field == field:
            return ReturnRefusedError(
                "{field}: {name} has signed {document} already, and that signature stays: nothing else is needed",
                fault=ReturnFault.FIELD_TAKEN,
                field=field,
                name=request.slot.person.full_name,
                document=found.document.file_name,
            )
    return ReturnRefusedError(
        "everybody has signed {document}: nothing else is needed",
        fault=ReturnFault.FIELD_TAKEN,
        document=found.document.file_name,
    )


def _require_trusted(returned: Returned, *, require_trust: bool) -> None:
    """Check whose word stands behind the certificate, and behind each time stamp that came with the signature."""
    for check in (returned.check, *returned.timestamps):
        reason = check.trust_reason or check.reason
        if check.is_revoked:
            raise ReturnRefusedError(
                "{reason}: the certificate was revoked; sign with one that counts, or ask its authority",
                fault=ReturnFault.REVOKED,
                reason=reason,
            )
        if not require_trust or check.trusted:
            continue
        if check.sub_indication == _WITHOUT_REVOCATION:
            raise ReturnRefusedError(
                "{reason}: let your program add the certificate's revocation data to the signature, or ask the secretariat to "
                "give the authority's revocation list",
                fault=ReturnFault.NOT_TRUSTED,
                reason=reason,
            )
        raise ReturnRefusedError(
            "{reason}: the secretariat chooses whose certificates count here; ask it, or sign with another certificate",
            fault=ReturnFault.NOT_TRUSTED,
            reason=reason,
        )
