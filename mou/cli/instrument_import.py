"""`mou instrument import`: a whole table of papers received at once, and what became of each row."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.charter_options import charter_option, deposit_as_json
from mou.cli.terminal import echo, echo_json, echo_message, json_option, open_chosen_workspace, pass_language, workspace_option
from mou.cli.words import instrument_in_words
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.workflow.importing_papers import ReceivedRow, ReceivedTable


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@charter_option
@json_option
@workspace_option
@pass_language
def import_table(language: str, file: Path, charter: str | None, folder: Path | None, *, as_json: bool) -> int:
    """Receive every paper of a table (xlsx or csv), a row for each. Where one cell cannot be used, nothing is recorded at all.

    Columns are วันที่ (on), เอกสาร (instrument), องค์กร (organisation), and those that a paper needs; docs/depositary.md lists them.
    """
    from mou.workflow.charters import choose_charter
    from mou.workflow.importing_papers import import_papers

    workspace = open_chosen_workspace(folder)
    received = import_papers(workspace, choose_charter(workspace, charter), file)
    if as_json:
        echo_json(_as_json(file, received))
    else:
        _say(language, file, received)
    return 1 if any(one.deposit.fault is not None for one in received.rows) else 0


def _say(language: str, file: Path, received: "ReceivedTable") -> None:
    for column in received.unknown_columns:
        echo(language, "the column {column} has no meaning here and was not read", column=f"“{column}”")
    for one in received.rows:
        echo(language, "row {row}: {outcome}", row=one.row.number, outcome=_outcome(one, language))
        if one.deposit.fault is not None:
            echo_message(language, one.deposit.fault.fact, indent="  ")
    accepted, before, returned = _counts(received)
    echo(
        language,
        "{file}: {accepted} accepted, {before} accepted before, {returned} returned and not counted",
        file=file.name,
        accepted=accepted,
        before=before,
        returned=returned,
    )


def _outcome(one: "ReceivedRow", language: str) -> Message:
    received, fault = one.deposit.received, one.deposit.fault
    place = {
        "kind": instrument_in_words(received.instrument.kind, language),
        "who": received.instrument.party or "-",
        "on": received.instrument.on,
    }
    if fault is not None:
        return say("RETURNED, not counted: {kind}, {who}, {on}; clause {clause}", clause=fault.clause, **place)
    if one.deposit.is_new:
        return say("accepted: {kind}, {who}, takes effect on {on} (entry {entry})", entry=received.entry_index, **place)
    return say("accepted before: {kind}, {who}, takes effect on {on} (entry {entry})", entry=received.entry_index, **place)


def _counts(received: "ReceivedTable") -> tuple[int, int, int]:
    returned = sum(one.deposit.fault is not None for one in received.rows)
    accepted = sum(one.deposit.fault is None and one.deposit.is_new for one in received.rows)
    return accepted, len(received.rows) - accepted - returned, returned


def _as_json(file: Path, received: "ReceivedTable") -> dict[str, object]:
    accepted, before, returned = _counts(received)
    return {
        "source": str(file),
        "accepted": accepted,
        "accepted_before": before,
        "returned": returned,
        "rows": [{"row": one.row.number, **deposit_as_json(one.deposit)} for one in received.rows],
        "unknown_columns": list(received.unknown_columns),
    }
