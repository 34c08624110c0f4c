"""`mou status`: who has signed, and what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import (
    Shortened,
    echo,
    echo_json,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    workspace_option,
    xlsx_option,
)
from mou.cli.words import capacity_in_words, state_in_words
from signatures.messages import say

if TYPE_CHECKING:
    from mou.workflow.status import DocumentStatus

NAMES_SHOWN = 2


@click.command("status")
@click.argument("document", required=False)
@json_option
@xlsx_option
@workspace_option
@pass_language
def command(language: str, document: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Show every document with its signatures, or one DOCUMENT with its signatories."""
    from mou.workflow.status import document_statuses, find_document

    workspace = open_chosen_workspace(folder)
    statuses = document_statuses(workspace)
    if document is not None:
        wanted = find_document(workspace, document).document_id
        statuses = tuple(status for status in statuses if status.document.document_id == wanted)
    if as_json:
        echo_json([_as_json(status) for status in statuses])
    elif document is None:
        rows = [
            (
                each.document.file_name,
                each.document.title,
                f"{each.signed}/{len(each.requests)}",
                _names(each),
            )
            for each in statuses
        ]
        print_table(language, (say("document"), say("title"), say("signed"), say("missing")), rows, title=say("Documents"))
        echo(
            language,
            "{documents} documents, {signed} of {asked} signatures",
            documents=len(statuses),
            signed=sum(each.signed for each in statuses),
            asked=sum(len(each.requests) for each in statuses),
        )
    else:
        headings = (say("field"), say("order"), say("signatory"), say("organisation"), say("capacity"), say("state"))
        print_table(
            language,
            headings,
            [
                (
                    each.slot.field,
                    each.slot.order,
                    each.slot.person.full_name,
                    each.slot.organisation_name,
                    capacity_in_words(each.slot.capacity, language),
                    state_in_words(each.state, language),
                )
                for each in statuses[0].requests
            ],
            title=say("Signatories"),
        )


def _names(status: "DocumentStatus") -> Shortened:
    """Who has still to sign; printed are the first few."""
    names = [request.slot.person.full_name for request in status.missing]
    return Shortened(", ".join(names), ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else ""))


def _as_json(status: "DocumentStatus") -> dict[str, object]:
    document = status.document
    return {
        "document": document.document_id,
        "number": document.document_number,
        "title": document.title,
        "template": document.template,
        "organisation": document.organisation_id,
        "digest": str(document.prepared),
        "current": str(document.current),
        "signed": status.signed,
        "asked": len(status.requests),
        "signatories": [
            {
                "field": request.slot.field,
                "order": request.slot.order,
                "role": request.slot.role,
                "name": request.slot.person.full_name,
                "organisation": request.slot.organisation_name,
                "capacity": request.slot.capacity.value,
                "state": request.state.value,
                "signed_at": request.signed_at.isoformat() if request.signed_at else None,
                "channel": request.channel.value if request.channel else None,
            }
            for request in status.requests
        ],
    }
