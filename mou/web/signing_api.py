"""`/api/v1/sign/...`: what the signing page's script asks for. No key and no password ever comes here.

The order is the workflow's (`mou.workflow.preparing`): certificate, prepare, the prepared bytes, value. Whoever calls has a link
and a session in which it was established who they are; an error is `{"error": {code, what, kept, next}}`.
"""

import base64
import binascii
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from mou.web.invited import invited_of, require_open, required_identity
from mou.web.problems import problem
from mou.web.refusals import NOTHING_RECORDED, Problem, RefusedError
from mou.web.site import Site, site_of
from mou.workflow.certifying import issue_certificate
from mou.workflow.preparing import StalePreparationError, Waiting, prepare, prepared_bytes
from mou.workflow.publishing import publish_queued
from mou.workflow.receiving import receive
from mou.workflow.workspace import Workspace
from signatures.errors import TimestampError
from signatures.messages import say

LONGEST_CERTIFICATE: Final = 24_000  # characters of base64
LONGEST_VALUE: Final = 2_000
LONGEST_CHAIN: Final = 6

router = APIRouter(prefix="/api/v1/sign/{token}", include_in_schema=False)

ThisSite = Annotated[Site, Depends(site_of)]


class PublicKey(BaseModel):
    """The public half of a key that was made in the browser (SPKI, DER), and its signature over the page's challenge."""

    public_key: str = Field(max_length=LONGEST_VALUE)
    proof: str = Field(max_length=LONGEST_VALUE)


class Certificate(BaseModel):
    """The certificate that will sign, and those that lead from it towards a root (DER)."""

    certificate: str = Field(max_length=LONGEST_CERTIFICATE)
    chain: list[Annotated[str, Field(max_length=LONGEST_CERTIFICATE)]] = Field(max_length=LONGEST_CHAIN)


class Value(BaseModel):
    """What the key made of the signed attributes."""

    preparation: str = Field(max_length=100)
    value: str = Field(max_length=LONGEST_VALUE)


@router.post("/certificate")
def certify_key(request: Request, token: str, sent: PublicKey, site: ThisSite) -> Response:
    """Return a certificate for a key that the browser has made."""
    invited = invited_of(request, token)
    identity = required_identity(request, invited)
    require_open(request, invited)
    own, authority = issue_certificate(
        site.workspace, invited, identity, _decoded(sent.public_key, "public_key"), _decoded(sent.proof, "proof")
    )
    return JSONResponse({"certificate": _encoded(own), "chain": [_encoded(authority)]})


@router.post("/prepare")
def prepare_document(request: Request, token: str, sent: Certificate, site: ThisSite) -> Response:
    """Return what the key has to sign, or that somebody else is signing this document just now (202)."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    require_open(request, invited)
    chain = tuple(_decoded(each, "chain") for each in sent.chain)
    ready = prepare(site.workspace, invited, _decoded(sent.certificate, "certificate"), chain)
    if isinstance(ready, Waiting):
        return JSONResponse({"waiting": True, "retry_after_ms": int(ready.retry_after.total_seconds() * 1000)}, 202)
    return JSONResponse(
        {
            "preparation": ready.preparation_id,
            "signed_attributes": _encoded(ready.signed_attributes),
            "byte_range": list(ready.byte_range),
            "prepared": f"/api/v1/sign/{token}/prepared/{ready.preparation_id}",
        }
    )


@router.get("/prepared/{preparation}")
def show_prepared(request: Request, token: str, preparation: str, site: ThisSite) -> Response:
    """Return the bytes that were prepared, for the page to compute their digest itself."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    content = prepared_bytes(site.workspace, invited, preparation)
    return Response(content, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


@router.post("/value")
def take_value(request: Request, token: str, sent: Value, site: ThisSite) -> Response:
    """Record the signature; the same value again is answered with what is there."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    try:
        receive(site.workspace, invited, sent.preparation, _decoded(sent.value, "value"))
    except StalePreparationError:
        return JSONResponse({"state": "stale"}, 409)
    except TimestampError as error:
        return problem(
            request,
            503,
            error.message,
            say("Your signature was received and is kept. You need not sign again."),
            say("It goes into the document by itself as soon as the time stamp service answers. Look here again later."),
            "timestamp",
        )
    make_known(site.workspace)
    return JSONResponse({"state": "signed", "done": f"/sign/{token}/done"})


def make_known(workspace: Workspace) -> None:
    """Publish what was recorded. Letters wait for the housekeeping, so that a slow mail server holds nobody up."""
    publish_queued(workspace)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        told = Problem(
            status=422,
            code="unreadable",
            what=say("{field}: base64 is expected, got something else.", field=name),
            kept=NOTHING_RECORDED,
            next_step=say("Load the page again."),
        )
        raise RefusedError(told) from error
