"""`mou extend`: validation data and an archive time stamp, so that a signed PDF can be verified after its certificates expire."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, find_chosen_workspace, open_chosen_workspace, pass_language, workspace_option
from mou.errors import UsageError

if TYPE_CHECKING:
    from mou.workflow.workspace import Workspace
    from signatures.fetching import Fetch
    from signatures.longterm import Extended
    from signatures.timestamps import TimestampService
    from signatures.trust import TrustAnchors


@click.command("extend")
@click.argument("document")
@workspace_option
@click.option("--trust", "trust", multiple=True, help="Roots to trust, as for mou verify; of the time stamp service too.")
@click.option(
    "--revocation-list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A list of revoked certificates (DER or PEM), in place of asking its authority.",
)
@click.option("--timestamp-url", help="RFC 3161 time stamp service (default: that of the workspace).")
@click.option("--offline", is_flag=True, help="Ask no authority about revocation; only the time stamp service is asked.")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), help="Where a PDF of no workspace is written to.")
@pass_language
def command(
    language: str,
    document: str,
    folder: Path | None,
    trust: tuple[str, ...],
    lists: tuple[Path, ...],
    timestamp_url: str | None,
    out: Path | None,
    *,
    offline: bool,
) -> None:
    """Keep DOCUMENT verifiable: of a workspace by its id, number or PDF, or with -o any signed PDF.

    Run it again each year: it renews the archive time stamp before that weakens, and does nothing when there is nothing to do.
    """
    from signatures.fetching import fetch_over_http

    fetch = None if offline else fetch_over_http
    given = _anchors(trust, lists)
    if out is not None:
        extended = _extend_file(Path(document), out, given, timestamp_url, folder, fetch)
        _tell(language, extended, str(out))
        return
    if find_chosen_workspace(folder) is None:
        raise UsageError("no workspace here: name one with -w DIR, or say with -o OUT where the extended PDF is to be written")
    _extend_in_workspace(language, document, open_chosen_workspace(folder), given, timestamp_url, fetch)


def _anchors(trust: tuple[str, ...], lists: tuple[Path, ...]) -> "TrustAnchors":
    from signatures.trust import TrustAnchors, load_revocation_lists, load_root_set

    sets = tuple(load_root_set(text) for text in trust)
    return TrustAnchors(
        roots=tuple(root for one in sets for root in one.roots), root_sets=sets, revocation_lists=load_revocation_lists(lists)
    )


def _extend_file(
    file: Path, out: Path, given: "TrustAnchors", timestamp_url: str | None, folder: Path | None, fetch: "Fetch | None"
) -> "Extended":
    from mou.workflow.extending import extend_file, workspace_anchors

    workspace = open_chosen_workspace(folder) if folder is not None else None
    anchors = given if workspace is None else workspace_anchors(workspace, given)
    if not anchors.roots:
        raise UsageError("whom to trust is not known: give the roots with --trust, or a workspace with -w")
    return extend_file(file, out, anchors, _service(timestamp_url, workspace), fetch, at=datetime.now(UTC))


def _extend_in_workspace(
    language: str,
    name: str,
    workspace: "Workspace",
    given: "TrustAnchors",
    timestamp_url: str | None,
    fetch: "Fetch | None",
) -> None:
    from mou.workflow.extending import extend_document
    from mou.workflow.publishing import publish_queued
    from mou.workflow.status import find_document

    found = find_document(workspace, name)
    extended = extend_document(workspace, found.document_id, given, _service(timestamp_url, workspace), fetch)
    publish_queued(workspace)
    _tell(language, extended, found.file_name)


def _service(url: str | None, workspace: "Workspace | None") -> "TimestampService":
    from signatures.timestamps import TimestampService

    service = TimestampService(url) if url else workspace.timestamps() if workspace is not None else None
    if service is None:
        raise UsageError("no time stamp service is known: give one with --timestamp-url, or set timestamp_url in mou.toml")
    return service


def _tell(language: str, extended: "Extended", document: str) -> None:
    values = {
        "document": document,
        "stamped": f"{extended.stamped_at:%Y-%m-%d}",
        "weakens": f"{extended.weakens_at:%Y-%m-%d}",
        "renewed": f"{extended.renewed_from:%Y-%m-%d}",
    }
    if extended.is_new:
        echo(
            language,
            "{document}: extended; its archive time stamp of {stamped} is strong until {weakens}, "
            "extend it again from {renewed} on",
            **values,
        )
    else:
        echo(
            language,
            "{document}: nothing to add; its archive time stamp of {stamped} is strong until {weakens}, "
            "extend it again from {renewed} on",
            **values,
        )
