"""`/sign/LINK`: from the invitation to the signed document, one step a page, each of which survives a reload.

1. who you are (a code); 2. read, agree, choose how; 3. check everything, sign; 4. what to keep.

Somebody under 20 is led no further than to what is missing, until it is there. That is said only when it is established who is
reading: a link that was forwarded tells nobody how old somebody is.
"""

import base64
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from mou.errors import MouError
from mou.messages import translate
from mou.minors import lacks_of, may_have_picture
from mou.notify import MailError, mask_address
from mou.rendering.pictures import LARGEST_BYTES
from mou.requests import RequestState
from mou.storage.asking import Channel, IdentityMethod, OneTimeCode, SigningDraft
from mou.web.invited import asked_on_page, identity_of, invited_of, require_open, required_identity, summary_on_page, why_closed
from mou.web.language import language_of
from mou.web.limits import require_rate
from mou.web.minor_page import missing_page
from mou.web.pages import render
from mou.web.passkey_api import where_to_confirm
from mou.web.refusals import NOT_FOUND, RefusedError
from mou.web.sessions import keep_session, read_session
from mou.web.signing_api import make_known
from mou.web.site import Site, site_of
from mou.web.words import capacity_in_words
from mou.workflow.certifying import challenge_of
from mou.workflow.consenting import (
    BROWSER_KEY,
    READ_AS_PAGES,
    Consent,
    DraftRefusedError,
    assent_words,
    consent_in_words,
    consents_for,
    draft_of,
    save_draft,
    ways_for,
)
from mou.workflow.identifying import TRIES_PER_CODE, CodeRefusedError, CodeTooSoonError, confirm, send_code
from mou.workflow.links import Invited
from mou.workflow.minors import occasion_of
from mou.workflow.returning import return_file
from signatures.errors import SignaturesError
from signatures.fields import count_pages

router = APIRouter(prefix="/sign/{token}", include_in_schema=False)

ThisSite = Annotated[Site, Depends(site_of)]

_LONGEST_ANSWER = 100  # characters


@router.get("")
def begin(request: Request, token: str, site: ThisSite) -> Response:
    """Show the page of the step that comes next."""
    invited = invited_of(request, token)
    identity = identity_of(request, invited)
    closed = why_closed(request, invited)
    if closed is not None:
        done = f"/sign/{token}/done" if closed.state == "signed" and identity is not None else None
        return render(
            request,
            "sign/closed.html",
            status_code=200 if closed.state in {"signed", "waiting"} else 410,
            asked=asked_on_page(request, invited) if invited.is_current else None,
            state=closed.state,
            what=closed.what,
            kept=closed.kept,
            next=closed.next_step,
            done_url=done,
        )
    if identity is None:
        return _identify(request, token, invited, site)
    if (waits := missing_page(request, token, invited)) is not None:
        return waits
    return _read(request, token, invited, site)


@router.get("/code")
@router.get("/confirm")
@router.get("/read")
def back_to_the_step(token: str) -> Response:
    """Lead whoever reloads a page that showed a mistake, or asks for its other language, to the step itself."""
    return RedirectResponse(f"/sign/{token}", 303)


@router.get("/return")
def back_to_the_last_look(token: str) -> Response:
    """Lead back to the page on which a file is brought back."""
    return RedirectResponse(f"/sign/{token}/review", 303)


@router.post("/code")
def ask_for_code(request: Request, token: str, site: ThisSite) -> Response:
    """Send a one-time code to the registered address."""
    invited = invited_of(request, token)
    require_open(request, invited)
    require_rate(request, "code", subject=f"code {invited.invitation.invitation_id}")
    try:
        send_code(site.workspace, invited)
    except (CodeTooSoonError, CodeRefusedError, MailError) as error:
        return _identify(request, token, invited, site, error=error, status=422)
    return RedirectResponse(f"/sign/{token}", 303)


@router.post("/confirm")
def take_code(request: Request, token: str, site: ThisSite, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Compare the code; the right one establishes for twelve hours, in this browser, who is signing."""
    invited = invited_of(request, token)
    require_open(request, invited)
    require_rate(request, "confirm", subject=f"confirm {invited.invitation.invitation_id}")
    try:
        identity = confirm(site.workspace, invited, code)
    except CodeRefusedError as error:
        return _identify(request, token, invited, site, error=error, status=422)
    keep_session(request, read_session(request).with_confirmed(invited.invitation.invitation_id, identity.identity_id))
    return RedirectResponse(f"/sign/{token}", 303)


@router.get("/document.pdf")
def show_document(request: Request, token: str, site: ThisSite, revision: str = "") -> Response:
    """Return the document as it stands, or an earlier revision of it by its digest, for the page to show."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    return _pdf(site, invited, revision)


@router.get("/download")
def save_document(request: Request, token: str, site: ThisSite) -> Response:
    """Return the document as it stands, as a file to keep or to sign elsewhere."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    return _pdf(site, invited, "", name=f"{invited.document.file_name}.pdf")


@router.post("/read")
async def take_answers(request: Request, token: str, site: ThisSite) -> Response:
    """Keep what the signatory filled in, and go on to the last look; what is wrong is said beside its field."""
    form = await request.form()
    picture = form.get("picture")
    return await run_in_threadpool(
        _keep_answers,
        request,
        token,
        site,
        {name: str(form.get(name, ""))[:_LONGEST_ANSWER] for name in ("displayed", "read", "way", "remove_picture")},
        {str(each) for each in form.getlist("consent")},
        await picture.read(LARGEST_BYTES + 1) if isinstance(picture, UploadFile) else b"",
    )


def _keep_answers(
    request: Request, token: str, site: Site, answers: dict[str, str], agreed: set[str], picture: bytes
) -> Response:
    invited = invited_of(request, token)
    identity = required_identity(request, invited)
    require_open(request, invited)
    if (waits := missing_page(request, token, invited)) is not None:
        return waits
    language = language_of(request)
    words = {each.name: consent_in_words(each, language) for each in _consents(request, site, invited) if each.name in agreed}
    try:
        save_draft(
            site.workspace,
            invited,
            identity,
            displayed=answers["displayed"],
            read_how=answers["read"],
            consents=words,
            way=answers["way"],
            picture=picture or None,
            keeps_picture=not answers["remove_picture"],
        )
    except DraftRefusedError as error:
        errors = {name: translate(message, language) for name, message in error.fields.items()}
        was_read = "read" not in errors and (answers["read"], answers["displayed"]) == (
            READ_AS_PAGES,
            invited.document.current.hex,
        )
        return _read(request, token, invited, site, errors=errors, given=set(words), way=answers["way"], was_read=was_read)
    return RedirectResponse(f"/sign/{token}/review", 303)


@router.get("/review")
def review(request: Request, token: str, site: ThisSite) -> Response:
    """Show everything once more, with the one button that signs."""
    invited = invited_of(request, token)
    if why_closed(request, invited) is not None or identity_of(request, invited) is None:
        return RedirectResponse(f"/sign/{token}", 303)
    draft = draft_of(site.workspace, invited)
    if draft is None or lacks_of(occasion_of(site.workspace, invited)):
        return RedirectResponse(f"/sign/{token}", 303)
    return _review(request, token, invited, site, draft)


@router.post("/return")
async def take_file(request: Request, token: str, site: ThisSite) -> Response:
    """Take back the document that was signed in another program."""
    file = (await request.form()).get("file")
    content, name = b"", "PDF"
    if isinstance(file, UploadFile):
        content, name = await file.read(), file.filename or name
    return await run_in_threadpool(_take_back, request, token, site, content, name)


def _take_back(request: Request, token: str, site: Site, content: bytes, name: str) -> Response:
    invited = invited_of(request, token)
    identity = required_identity(request, invited)
    if invited.request.state is not RequestState.SIGNED:
        require_open(request, invited)
    draft = draft_of(site.workspace, invited)
    if draft is None:
        return RedirectResponse(f"/sign/{token}", 303)
    try:
        return_file(
            site.workspace,
            content,
            source=name,
            document_id=invited.document.document_id,
            field=invited.request.slot.field,
            identity=identity.method.value,
        )
    except (MouError, SignaturesError) as error:
        return _review(request, token, invited, site, draft, errors={"file": translate(error.message, language_of(request))})
    make_known(site.workspace)
    return RedirectResponse(f"/sign/{token}/done", 303)


def _identify(
    request: Request, token: str, invited: Invited, site: Site, *, error: MouError | None = None, status: int = 200
) -> Response:
    """Show the first page: who is asked, and how they show that it is them."""
    workspace, invitation = site.workspace, invited.invitation
    with workspace.database.read() as transaction:
        code = transaction.asking.code(invitation.invitation_id)
    is_pending = code is not None and code.expires_at > workspace.clock() and code.tries < TRIES_PER_CODE
    is_by_mail = invitation.channel is Channel.MAIL and not (is_pending and _was_attested(code))
    return render(
        request,
        "sign/identify.html",
        status_code=status,
        asked=asked_on_page(request, invited),
        method="mail" if is_by_mail else "on_site",
        address_hint=mask_address(invitation.address) if invitation.address else None,
        code_was_sent=is_pending,
        delivery="smtp" if site.settings.smtp_host else "outbox",
        error=error.message if error is not None else None,
        tries_left=error.tries_left if isinstance(error, CodeRefusedError) and error.tries_left else None,
        send_url=f"/sign/{token}/code",
        confirm_url=f"/sign/{token}/confirm",
        passkey_api=where_to_confirm(request, token, invited),
        decline_url=None,
    )


def _was_attested(code: OneTimeCode | None) -> bool:
    return code is not None and code.method is IdentityMethod.ATTESTED_ON_SITE


def _read(  # what was filled in comes back with what is wrong about it
    request: Request,
    token: str,
    invited: Invited,
    site: Site,
    *,
    errors: dict[str, str] | None = None,
    given: set[str] | None = None,
    way: str = "",
    was_read: bool = False,
) -> Response:
    """Show the document with what signing means, the consents and the ways.

    Who has read these very bytes to the end need not wait for them to be shown once more.
    """
    language, draft = language_of(request), draft_of(site.workspace, invited)
    if given is None:
        given = set(draft.consents) if draft is not None else set()
        was_read = draft is not None and (draft.read_how, draft.displayed) == (READ_AS_PAGES, invited.document.current)
    pdf = site.workspace.files.get(invited.document.current)
    page_count = count_pages(pdf)
    signed = [each for each in invited.requests if each.state is RequestState.SIGNED]
    return render(
        request,
        "sign/read.html",
        status_code=422 if errors else 200,
        asked=asked_on_page(request, invited),
        document_url=f"/sign/{token}/document.pdf?revision={invited.document.current.hex}",
        document_digest=invited.document.current.hex,
        page_count=page_count,
        summary=summary_on_page(request, invited, page_count=page_count),
        consents=[
            {
                "name": each.name,
                "text": translate(each.text, language),
                "detail": translate(each.detail, language),
                "required": True,
                "given": each.name in given,
            }
            for each in _consents(request, site, invited)
        ],
        ways=[
            {
                "name": each.name,
                "title": translate(each.title, language),
                "detail": translate(each.detail, language),
                "available": True,
                "why_not": None,
            }
            for each in ways_for(site.workspace)
        ],
        way=way or (draft.way if draft is not None else BROWSER_KEY),
        picture_state=draft is not None and draft.picture is not None,
        picture_allowed=may_have_picture(occasion_of(site.workspace, invited)),
        action=f"/sign/{token}/read",
        decline_url=f"/sign/{token}/decline",
        delegate_url=f"/sign/{token}/delegate",
        download_url=f"/sign/{token}/download",
        errors=errors or {},
        was_read=was_read,
        others_signed=[each.slot.person.full_name for each in signed],
    )


def _review(
    request: Request, token: str, invited: Invited, site: Site, draft: SigningDraft, *, errors: dict[str, str] | None = None
) -> Response:
    """Show the last look. The document is the one that was shown, whoever signed meanwhile: it is what the others' came after."""
    language = language_of(request)
    ways = {each.name: translate(each.title, language) for each in ways_for(site.workspace)}
    pdf = site.workspace.files.get(draft.displayed)
    return render(
        request,
        "sign/review.html",
        status_code=422 if errors else 200,
        asked=asked_on_page(request, invited),
        way={"name": draft.way, "title": ways.get(draft.way, draft.way)},
        document_digest=draft.displayed.hex,
        summary=summary_on_page(request, invited, page_count=count_pages(pdf)),
        consents=[
            {"name": each.name, "text": translate(each.text, language), "given": each.name in draft.consents}
            for each in _consents(request, site, invited)
        ],
        has_picture=draft.picture is not None,
        sign_api=f"/api/v1/sign/{token}",
        challenge=base64.b64encode(challenge_of(invited)).decode(),
        document_url=f"/sign/{token}/document.pdf?revision={draft.displayed.hex}",
        download_url=f"/sign/{token}/download",
        done_url=f"/sign/{token}/done",
        back_url=f"/sign/{token}",
        return_url=f"/sign/{token}/return",
        csc_url=f"/sign/{token}/service",
        errors=errors or {},
    )


def _consents(request: Request, site: Site, invited: Invited) -> tuple[Consent, ...]:
    """Return what this signatory is asked to agree to; a minor first of all whether they want to sign."""
    language = language_of(request)
    return consents_for(
        invited,
        capacity=capacity_in_words(invited.request.slot.capacity, language),
        assent=assent_words(occasion_of(site.workspace, invited), language),
    )


def _pdf(site: Site, invited: Invited, revision: str, *, name: str | None = None) -> Response:
    """Return a recorded revision of this document and no other."""
    digest = invited.document.current
    if revision:
        with site.workspace.database.read() as transaction:
            recorded = transaction.store.revisions(invited.document.document_id)
        found = next((each.digest for each in recorded if each.digest.hex == revision), None)
        if found is None:
            raise RefusedError(NOT_FOUND)
        digest = found
    headers = {"Cache-Control": "no-store"}
    if name is not None:
        headers["Content-Disposition"] = attachment(name)
    return Response(site.workspace.files.get(digest), media_type="application/pdf", headers=headers)


def attachment(name: str) -> str:
    """Return the header that lets a browser save an answer under this name (RFC 6266, 4.3)."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
