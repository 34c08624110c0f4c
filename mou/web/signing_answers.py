"""`/sign/LINK/...`: what else an invitation can be answered with, and what a signatory keeps after signing."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from mou.charter.clauses import AuthorityKind
from mou.messages import translate
from mou.models import Capacity, Person
from mou.notify import is_address, mask_address
from mou.requests import DocumentOfAuthority, RequestRefusedError, RequestState
from mou.storage.asking import Channel
from mou.web.invited import asked_on_page, identity_of, invited_of, require_open, required_identity
from mou.web.language import language_of
from mou.web.pages import moment_in_words, render
from mou.web.passkey_api import where_to_register
from mou.web.refusals import NOT_FOUND, RefusedError
from mou.web.signing_pages import attachment
from mou.web.site import Site, site_of
from mou.workflow.asking import LONGEST_REASON, decline
from mou.workflow.delegating import propose_delegate
from mou.workflow.extending import workspace_anchors
from mou.workflow.links import Invited
from mou.workflow.publishing import evidence_of
from signatures.bundle import write_evidence
from signatures.messages import Message, say
from signatures.trust import TrustAnchors
from signatures.validation import validate_signatures

router = APIRouter(prefix="/sign/{token}", include_in_schema=False)

ThisSite = Annotated[Site, Depends(site_of)]

_LONGEST = 200  # characters of one field
_CAPACITY_BY_KIND = {
    AuthorityKind.POWER_OF_ATTORNEY: Capacity.ATTORNEY,
    AuthorityKind.DELEGATION_ORDER: Capacity.ACTING_ON_BEHALF,
    AuthorityKind.APPOINTMENT: Capacity.ACTING_IN_OFFICE,
    AuthorityKind.BOARD_RESOLUTION: Capacity.ATTORNEY,
    AuthorityKind.OFFICE_BY_LAW: Capacity.ACTING_IN_OFFICE,
}


@router.get("/done")
def done(request: Request, token: str, site: ThisSite) -> Response:
    """Show what was recorded, and what to keep."""
    invited = invited_of(request, token)
    identity = identity_of(request, invited)
    if identity is None or invited.request.state is not RequestState.SIGNED:
        return RedirectResponse(f"/sign/{token}", 303)
    workspace, field = site.workspace, invited.request.slot.field
    with workspace.database.read() as transaction:
        revisions = transaction.store.revisions(invited.document.document_id)
        head = transaction.ledger.store.head()
    own = next((each for each in revisions if each.field == field), None)
    anchors = workspace_anchors(workspace, TrustAnchors(roots=()))
    checks = validate_signatures(workspace.files.get(invited.document.current), anchors, at=workspace.clock())
    check = next((each for each in checks if each.field == field), None)
    by_mail = invited.invitation.channel is Channel.MAIL and invited.invitation.address
    return render(
        request,
        "sign/done.html",
        asked=asked_on_page(request, invited),
        signed_url=f"/sign/{token}/signed.pdf",
        evidence_url=f"/sign/{token}/evidence.json",
        entry_index=own.entry_index if own is not None else None,
        entry_count=head.size if head is not None else 0,
        checkpoint=head.note if head is not None else "",
        checkpoint_url=f"/sign/{token}/checkpoint.txt",
        mailed_to_hint=mask_address(invited.invitation.address or "") if by_mail else None,
        verify_url="/verify",
        passkey_api=where_to_register(request, token, invited, identity),
        level=check.level if check is not None else "none",
        time=moment_in_words(invited.request.signed_at, language_of(request)),
    )


@router.get("/signed.pdf")
def signed_document(request: Request, token: str, site: ThisSite) -> Response:
    """Return the signed document as a file."""
    invited = _signed(request, token)
    return Response(
        site.workspace.files.get(invited.document.current),
        media_type="application/pdf",
        headers={"Content-Disposition": attachment(f"{invited.document.file_name}.pdf")},
    )


@router.get("/evidence.json")
def evidence(request: Request, token: str, site: ThisSite) -> Response:
    """Return the evidence beside the signed document."""
    invited = _signed(request, token)
    with site.workspace.database.read() as transaction:
        content = write_evidence(evidence_of(site.workspace, transaction, invited.document.document_id))
    name = f"{invited.document.file_name}.evidence.json"
    return Response(content, media_type="application/json", headers={"Content-Disposition": attachment(name)})


@router.get("/checkpoint.txt")
def checkpoint(request: Request, token: str, site: ThisSite) -> Response:
    """Return the ledger's signed head: who keeps it can show later that history was not rewritten."""
    _signed(request, token)
    with site.workspace.database.read() as transaction:
        head = transaction.ledger.store.head()
    if head is None:
        raise RefusedError(NOT_FOUND)
    headers = {"Content-Disposition": attachment("checkpoint.txt")}
    return Response(head.note, media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/decline")
def ask_why(request: Request, token: str) -> Response:
    """Show the form for declining."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    require_open(request, invited)
    return _decline_form(request, token, invited)


@router.post("/decline")
def take_decline(
    request: Request,
    token: str,
    site: ThisSite,
    reason: Annotated[str, Form(max_length=4 * LONGEST_REASON)] = "",
    confirm: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Record that the signatory declines."""
    invited = invited_of(request, token)
    identity = required_identity(request, invited)
    require_open(request, invited)
    wrong: dict[str, Message] = {}
    if not reason.strip():
        wrong["reason"] = say("say in a few words why you decline")
    elif len(reason.strip()) > LONGEST_REASON:
        wrong["reason"] = say("at most {limit} characters are expected", limit=LONGEST_REASON)
    if not confirm:
        wrong["confirm"] = say("confirm that you decline")
    if wrong:
        return _decline_form(request, token, invited, wrong=wrong, reason=reason)
    decline(site.workspace, invited, identity_id=identity.identity_id, reason=reason)
    return RedirectResponse(f"/sign/{token}", 303)


@router.get("/delegate")
def ask_for_delegate(request: Request, token: str) -> Response:
    """Show the form for handing the request to somebody with authority."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    require_open(request, invited)
    return _delegate_form(request, token, invited, {}, {})


@router.post("/delegate")
async def take_delegate(request: Request, token: str, site: ThisSite) -> Response:
    """Keep the proposal for the secretariat, who looks at the authority before anything changes."""
    from starlette.concurrency import run_in_threadpool

    form = await request.form()
    typed = {name: str(form.get(name, "")).strip() for name in _FIELDS}
    return await run_in_threadpool(_propose, request, token, site, typed)


_FIELDS = (
    "prefix",
    "given_name",
    "family_name",
    "position",
    "email",
    "authority_kind",
    "authority_number",
    "issued_on",
    "issued_by",
    "expires_on",
)
_REQUIRED = ("given_name", "family_name", "position", "email", "authority_kind", "issued_on", "issued_by")


def _propose(request: Request, token: str, site: Site, typed: dict[str, str]) -> Response:
    invited = invited_of(request, token)
    identity = required_identity(request, invited)
    require_open(request, invited)
    wrong = _faults_in(typed)
    if wrong:
        return _delegate_form(request, token, invited, typed, wrong)
    person = Person(typed["given_name"], typed["family_name"], typed["position"], typed["prefix"] or None, typed["email"])
    kind = AuthorityKind(typed["authority_kind"])
    authority = DocumentOfAuthority(
        kind=kind,
        issued_on=date.fromisoformat(typed["issued_on"]),
        issued_by=typed["issued_by"],
        number=typed["authority_number"] or None,
        expires_on=date.fromisoformat(typed["expires_on"]) if typed["expires_on"] else None,
    )
    try:
        propose_delegate(site.workspace, invited, person, _CAPACITY_BY_KIND[kind], authority, identity_id=identity.identity_id)
    except RequestRefusedError as error:
        return _delegate_form(request, token, invited, typed, {"expires_on": error.message})
    return render(
        request,
        "sign/closed.html",
        asked=asked_on_page(request, invited),
        state="proposed",
        what=say("Your proposal is with the secretariat, who look at the authority."),
        kept=say("Until they take it, you are the one who is asked, and your own link still works."),
        next=say("{name} then gets a link of their own.", name=person.full_name),
        done_url=None,
    )


def _faults_in(typed: dict[str, str]) -> dict[str, Message]:
    wrong = {name: say("this is needed") for name in _REQUIRED if not typed[name]}
    wrong |= {
        name: say("at most {limit} characters are expected", limit=_LONGEST)
        for name, text in typed.items()
        if len(text) > _LONGEST
    }
    if typed["email"] and not is_address(typed["email"]):
        wrong["email"] = say("one mail address such as name@example.org is expected")
    if typed["authority_kind"] and typed["authority_kind"] not in set(AuthorityKind):
        wrong["authority_kind"] = say("choose one of the kinds")
    for name in ("issued_on", "expires_on"):
        if typed[name] and not _is_day(typed[name]):
            wrong[name] = say("a day such as 2026-11-26 is expected")
    return wrong


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _signed(request: Request, token: str) -> Invited:
    """Return whose link it is, once they have signed and are known to this browser."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    if invited.request.state is not RequestState.SIGNED:
        raise RefusedError(NOT_FOUND)
    return invited


def _decline_form(
    request: Request, token: str, invited: Invited, *, wrong: dict[str, Message] | None = None, reason: str = ""
) -> Response:
    language = language_of(request)
    return render(
        request,
        "sign/decline.html",
        status_code=422 if wrong else 200,
        asked=asked_on_page(request, invited),
        action=f"/sign/{token}/decline",
        back_url=f"/sign/{token}",
        errors={name: translate(message, language) for name, message in (wrong or {}).items()},
        reason=reason,
    )


def _delegate_form(request: Request, token: str, invited: Invited, typed: dict[str, str], wrong: dict[str, Message]) -> Response:
    language = language_of(request)
    return render(
        request,
        "sign/delegate.html",
        status_code=422 if wrong else 200,
        asked=asked_on_page(request, invited),
        action=f"/sign/{token}/delegate",
        back_url=f"/sign/{token}",
        errors={name: translate(message, language) for name, message in wrong.items()},
        values=typed,
    )
