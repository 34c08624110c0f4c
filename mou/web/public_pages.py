"""`/d/CODE`: the public page of a document, where the QR code on its pages leads. It names nobody who has not agreed to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from mou.messages import translate
from mou.web.language import language_of
from mou.web.pages import render
from mou.web.site import Site, site_of
from mou.web.words import STATE_KINDS, STATES, capacity_in_words
from mou.workflow.public_view import PublicDocument, public_document, read_code
from mou.workflow.registering import has_register
from signatures.canonical import JsonValue

router = APIRouter()

ThisSite = Annotated[Site, Depends(site_of)]


@router.get("/d/{code}", include_in_schema=False)
def show_document(request: Request, code: str, site: ThisSite) -> Response:
    """Show the document of this code or digest; a code in capitals or with spaces is led to the plain one."""
    plain = read_code(code)
    if plain is not None and plain != code:
        return RedirectResponse(f"/d/{plain}", 303)
    language = language_of(request)
    document = public_document(site.workspace, code)
    places = [
        {
            "organisation": place.organisation_name,
            "capacity": capacity_in_words(place.capacity, language),
            "kind": STATE_KINDS[place.state],
            "state": translate(STATES[place.state], language),
            "person": place.person,
        }
        for place in document.places
    ]
    is_charter = has_register(site.workspace, document.prepared)
    return render(request, "public.html", document=document, places=places, is_charter=is_charter)


@router.get(
    "/api/v1/documents/{code}",
    tags=["documents"],
    summary="What is public about a document",
    response_description="Title, places (with a name where its bearer agreed to that), digests, checkpoint.",
)
def document_for_program(code: str, site: ThisSite) -> Response:
    """Return what the public page shows; `code` is the one on the document's pages, or the digest of a file (64 digits)."""
    return JSONResponse(as_json(public_document(site.workspace, code)))


def as_json(document: PublicDocument) -> dict[str, JsonValue]:
    """Return a document as programs read it; times in UTC."""
    return {
        "code": document.code,
        "title": document.title,
        "number": document.document_number,
        "template": document.template,
        "version": document.version,
        "prepared": document.prepared.hex,
        "created_at": f"{document.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "organisations": list(document.organisations),
        "signed": document.signed,
        "signatures": len(document.places),
        "is_complete": document.is_complete,
        "places": [
            {
                "field": place.field,
                "role": place.role,
                "capacity": place.capacity.value,
                "organisation": place.organisation_name,
                "state": place.state.value,
                **({} if place.person is None else {"person": place.person}),
            }
            for place in document.places
        ],
        "revisions": [
            {
                "number": one.number,
                "sha256": one.digest.hex,
                "entry": one.entry_index,
                "recorded_at": f"{one.recorded_at:%Y-%m-%dT%H:%M:%SZ}",
            }
            for one in document.revisions
        ],
        "asked_revision": document.asked_revision,
        "checkpoint": document.checkpoint,
        "ledger_key": document.ledger_key,
        "is_superseded": document.is_superseded,
        "superseded_by": document.superseded_by,
    }
