"""`mou return`: a document that its signatory signed with a program of their own."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, echo_json, json_option, open_chosen_workspace, pass_language, workspace_option

if TYPE_CHECKING:
    from mou.workflow.signing import Signed


@click.command("return")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--slot", "field", help="The signature field that is expected, such as S0001 (default: the one that was signed).")
@click.option(
    "--revocation-list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A list of revoked certificates (DER or PEM) of the signatory's authority, where the file brings none along.",
)
@json_option
@workspace_option
@pass_language
def command(
    language: str,
    file: Path,
    field: str | None,
    lists: tuple[Path, ...],
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Record FILE, a document of the workspace that its signatory signed with a program of their own.

    It has to begin with the very bytes of the newest document, and to add one signature in the signatory's field and nothing
    else. The certificate leads to the workspace's own authority or to a root in its folder trust/.
    """
    from mou.workflow.publishing import publish_queued
    from mou.workflow.returning import return_file
    from signatures.trust import TrustAnchors, load_revocation_lists

    given = TrustAnchors((), revocation_lists=load_revocation_lists(lists))
    workspace = open_chosen_workspace(folder)
    signed = return_file(workspace, file.read_bytes(), source=str(file), field=field, given=given)
    publish_queued(workspace)
    if as_json:
        echo_json(_as_json(signed))
    else:
        _tell(language, signed)


def _as_json(signed: "Signed") -> dict[str, object]:
    slot = signed.request.slot
    return {
        "document_id": signed.document.document_id,
        "file_name": signed.document.file_name,
        "field": slot.field,
        "name": slot.person.full_name,
        "certificate": str(signed.request.certificate),
        "sha256": signed.document.current.hex,
        "is_new": signed.is_new,
    }


def _tell(language: str, signed: "Signed") -> None:
    values = {
        "document": signed.document.file_name,
        "field": signed.request.slot.field,
        "name": signed.request.slot.person.full_name,
    }
    if signed.is_new:
        echo(language, "{document}, {field}: signed by {name} and recorded", **values)
    else:
        echo(language, "{document}, {field}: {name} has signed already; nothing was done", **values)
