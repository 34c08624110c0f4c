"""`/api/docs`: the interface for programs, as a page without script, made of the schema itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from mou.web.pages import render

SCHEMA_URL: Final = "/api/v1/openapi.json"
_METHODS: Final = ("get", "post", "put", "patch", "delete")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program may ask for; `parameters` are (name, where, required, what it is)."""

    anchor: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[tuple[str, str, bool, str], ...]
    answers: tuple[tuple[str, str], ...]


@router.get(SCHEMA_URL)
def show_schema(request: Request) -> Response:
    """Return the schema of the interface (OpenAPI)."""
    return JSONResponse(request.app.openapi())


@router.get("/api/docs")
def show_interface(request: Request) -> Response:
    """Show every operation of the interface."""
    return render(request, "api.html", operations=operations(request.app.openapi()), schema_url=SCHEMA_URL)


def operations(schema: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Return the operations of an OpenAPI schema, in its order."""
    return tuple(
        _operation(schema, path, method, row[method])
        for path, row in schema["paths"].items()
        for method in _METHODS
        if method in row
    )


def _operation(schema: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any]) -> Operation:
    parameters = [
        (str(one["name"]), str(one["in"]), bool(one.get("required")), _kind_of(one.get("schema", {})))
        for one in told.get("parameters", ())
    ]
    return Operation(
        anchor=str(told["operationId"]),
        method=method.upper(),
        path=path,
        summary=str(told.get("summary", "")),
        paragraphs=tuple(" ".join(part.split()) for part in str(told.get("description", "")).split("\n\n") if part.strip()),
        parameters=(*parameters, *_body_fields(schema, told)),
        answers=tuple((str(status), str(one.get("description", ""))) for status, one in told.get("responses", {}).items()),
    )


def _body_fields(schema: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    for media_type, content in told.get("requestBody", {}).get("content", {}).items():
        body = _resolved(schema, content.get("schema", {}))
        required = set(body.get("required", ()))
        for name, one in body.get("properties", {}).items():
            yield str(name), str(media_type), name in required, _kind_of(one)


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = part.get("$ref")
    if not isinstance(reference, str):
        return part
    found: Any = schema
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    assert isinstance(found, Mapping)
    return found


def _kind_of(part: Mapping[str, Any]) -> str:
    """Say of what kind a value is, in the schema's own words."""
    kinds = [one for one in (part, *part.get("anyOf", ())) if "type" in one and one["type"] != "null"]
    kind = " or ".join("file" if "contentMediaType" in one else str(one["type"]) for one in kinds)
    return ": ".join(filter(None, (kind, str(part.get("description", "")))))
