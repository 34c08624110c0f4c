"""`mou number`: a register's number and date go into a document that everybody has signed."""

from datetime import datetime
from pathlib import Path

import click

from mou.cli.terminal import echo, echo_json, open_chosen_workspace, pass_language, workspace_option


@click.command("number")
@click.argument("document")
@click.argument("number")
@click.option(
    "--date",
    "on",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day of the register, as 2022-04-01 (default: today in Bangkok).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a sentence.")
@workspace_option
@pass_language
def command(language: str, document: str, number: str, on: datetime | None, folder: Path | None, *, as_json: bool) -> None:
    """Put a register's NUMBER and its date into DOCUMENT (its id, its number or its PDF), once everybody has signed.

    The number stands in the document as it is written here, ๑/๒๕๖๕ or 1/2565; both are one number. No signature is touched.
    """
    from mou.workflow.numbering import assign_number
    from mou.workflow.publishing import publish_queued
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    found = find_document(workspace, document)
    numbered = assign_number(workspace, found.document_id, number, day=None if on is None else on.date())
    publish_queued(workspace)
    if as_json:
        echo_json(
            {
                "document": numbered.document.document_id,
                "number": numbered.number,
                "date": numbered.day.isoformat(),
                "entry": numbered.entry_index,
                "sha256": numbered.document.current.hex,
                "is_new": numbered.is_new,
            }
        )
        return
    values = {"document": found.file_name, "number": numbered.number, "day": numbered.day, "entry": numbered.entry_index}
    if numbered.is_new:
        echo(language, "{document}: number {number} of {day}, recorded as entry {entry} of the ledger", **values)
    else:
        echo(language, "{document}: has the number {number} of {day} already, by entry {entry} of the ledger", **values)
