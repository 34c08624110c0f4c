"""`/static/...`: style, scripts and fonts, kept by browsers for a year where the address names the bytes."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from mou.web.refusals import NOT_FOUND, RefusedError
from mou.web.site import Site, site_of

_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@router.get("/static/{name:path}")
def static_file(request: Request, name: str, site: Annotated[Site, Depends(site_of)]) -> Response:
    """Return one file. A module that another one imports comes without a digest, and is asked for again each time."""
    file = site.static.find(name)
    if file is None:
        raise RefusedError(NOT_FOUND)
    is_named_by_its_bytes = request.query_params.get("v") == file.digest[:16]
    tag = f'"{file.digest[:32]}"'
    headers = {
        "Cache-Control": _FOR_A_YEAR if is_named_by_its_bytes else "no-cache",
        "ETag": tag,
        "Vary": "Accept-Encoding",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.media_type)
    return Response(file.content, headers=headers, media_type=file.media_type)
