"""`mou request`: ask for signatures, remind, take back, hand over to a delegate.

What is recorded stays recorded, whatever a mail server says afterwards: a letter that could not be sent is told, and stays
queued where a later try may help.
"""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.request_list import HEADINGS, cells_of, rows_of
from mou.cli.terminal import (
    echo,
    echo_json,
    echo_message,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    progress,
    workspace_option,
    xlsx_option,
)
from mou.cli.words import capacity_in_words
from mou.errors import MouError, UsageError
from mou.messages import translate
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.requests import SignatureRequest
    from mou.storage.asking import Delegation
    from mou.storage.store import Document
    from mou.workflow.asking import Asked
    from mou.workflow.links import Invited
    from mou.workflow.workspace import Workspace

EXIT_FAILED = 1
FARTHEST_DEADLINE_YEARS = 100  # a year of the Buddhist era lies farther ahead
QR_SUFFIXES = (".png", ".svg")

_AUTHORITIES = {
    "power_of_attorney": say("Power of attorney"),
    "delegation_order": say("Order of delegation"),
    "appointment": say("Appointment"),
    "board_resolution": say("Resolution of the board"),
    "office_by_law": say("Office by law"),
}

slot_option = click.option(
    "--slot", "field", required=True, help="The signature field, such as S0001; mou request list DOCUMENT shows them."
)


@click.group("request")
def command() -> None:
    """Ask for signatures: send, remind, withdraw."""


@command.command("send")
@click.argument("names", nargs=-1, metavar="[DOCUMENT]...")
@click.option("--all", "every", is_flag=True, help="Every document that stands.")
@click.option("--slot", "fields", multiple=True, help="Only this signature field, such as S0001; may be given several times.")
@click.option("--deadline", type=click.DateTime(["%Y-%m-%d"]), help="The last day to sign, to its end in Bangkok.")
@workspace_option
@pass_language
def send(
    language: str,
    names: tuple[str, ...],
    fields: tuple[str, ...],
    deadline: datetime | None,
    folder: Path | None,
    *,
    every: bool,
) -> int:
    """Invite the signatories of each DOCUMENT (its id, its number or its PDF) who have not signed.

    One who is invited already keeps the invitation; with --deadline it counts until that day. Who declined, or whose request was
    withdrawn, is asked again with --slot alone.
    """
    from mou.workflow.asking import ask
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    if bool(names) == every:
        raise UsageError("say whose signatures are asked for: one or more documents, or --all")
    until = _end_of(deadline, now=workspace.clock()) if deadline else None
    documents = _standing(workspace) if every else [find_document(workspace, name) for name in names]
    refusals = []
    for document in documents:
        try:
            asked = ask(workspace, document.document_id, fields or None, deadline=until)
        except MouError as error:
            refusals.append(error.message)
            continue
        _tell_asked(language, workspace, document, asked)
    _tell_failures(language, refusals)
    return max(_deliver(language, workspace), EXIT_FAILED if refusals else 0)


@command.command("list")
@click.argument("name", required=False, metavar="[DOCUMENT]")
@json_option
@xlsx_option
@workspace_option
@pass_language
def show_list(language: str, name: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Show every request, or those of one DOCUMENT: who was asked how, and what came of it."""
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    documents = _standing(workspace) if name is None else [find_document(workspace, name)]
    rows = [row for document in documents for row in rows_of(workspace, document)]
    if as_json:
        echo_json(rows)
    else:
        print_table(language, HEADINGS, [cells_of(row, language) for row in rows], title=say("Requests"))


@command.command("remind")
@click.argument("name", required=False, metavar="[DOCUMENT]")
@click.option("--due", "only_due", is_flag=True, help="Only those whose hour has come: 7 days and 1 day before the deadline.")
@workspace_option
@pass_language
def remind(language: str, name: str | None, folder: Path | None, *, only_due: bool) -> int:
    """Remind whose turn it is and who has not answered, of one DOCUMENT or of all; nobody twice within 20 hours."""
    from mou.workflow import asking
    from mou.workflow.links import invited_by
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    document_id = find_document(workspace, name).document_id if name else None
    reminded = asking.remind(workspace, document_id, only_due=only_due)
    if not reminded:
        echo(language, "nobody is to be reminded now")
    for invitation in reminded:
        invited = invited_by(workspace, invitation.invitation_id)
        if invitation.channel == "mail":
            echo(language, "{document}, {field}: {name} is reminded by mail", **_place(invited.document, invited.request))
        else:
            echo(
                language,
                "{document}, {field}: hand the message to {name} once more; it is printed by: mou request message {document} "
                "--slot {field}",
                **_place(invited.document, invited.request),
            )
    return _deliver(language, workspace)


@command.command("withdraw")
@click.argument("name", metavar="DOCUMENT")
@slot_option
@click.option("--reason", help="What the signatory is told; it stands in no ledger.")
@workspace_option
@pass_language
def withdraw(language: str, name: str, field: str, reason: str | None, folder: Path | None) -> int:
    """Take a request back: its link no longer counts, and who was invited by mail is told."""
    from mou.workflow import asking
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    document = find_document(workspace, name)
    request = asking.withdraw(workspace, document.document_id, field, reason=reason)
    echo(language, "{document}, {field}: the request of {name} is withdrawn", **_place(document, request))
    return _deliver(language, workspace)


@command.command("message")
@click.argument("name", metavar="DOCUMENT")
@slot_option
@click.option(
    "--qr", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Write its link as a QR code: .png or .svg."
)
@workspace_option
@pass_language
def message(language: str, name: str, field: str, picture: Path | None, folder: Path | None) -> None:
    """Print the invitation as a message for LINE or any other chat, for a signatory without a mail address."""
    from mou.notify.chat import line_message, link_code, link_code_png
    from mou.workflow.letters import asked_of

    if picture is not None and picture.suffix.lower() not in QR_SUFFIXES:
        raise UsageError("{path}: a name that ends in .png or .svg is expected", path=picture)
    workspace = open_chosen_workspace(folder)
    asked = asked_of(workspace, _invited(workspace, name, field))
    click.echo(line_message(asked))
    if picture is None:
        return
    is_png = picture.suffix.lower() == ".png"
    picture.write_bytes(link_code_png(asked.link) if is_png else link_code(asked.link).encode())
    written = say("{path}: the QR code of the link; whoever scans it opens this signatory's page", path=picture)
    click.echo(translate(written, language), err=True)


@command.command("attest")
@click.argument("name", metavar="DOCUMENT")
@slot_option
@click.option("--note", required=True, help="How you knew the person, such as: showed an identity card. It stands in no ledger.")
@workspace_option
@pass_language
def attest(language: str, name: str, field: str, note: str, folder: Path | None) -> None:
    """Print a one-time code for a signatory who stands before you, to be typed into the page that their link opened."""
    from mou.workflow import identifying

    workspace = open_chosen_workspace(folder)
    invited = _invited(workspace, name, field)
    click.echo(identifying.attest(workspace, invited.invitation.invitation_id, note=note))
    told = say(
        "{document}, {field}: this code is for {name} alone, counts for {minutes} minutes, and says that you knew them",
        minutes=int(identifying.CODE_LIFETIME_ON_SITE.total_seconds() // 60),
        **_place(invited.document, invited.request),
    )
    click.echo(translate(told, language), err=True)


@command.command("delegate")
@click.argument("name", metavar="DOCUMENT")
@slot_option
@click.option(
    "--take/--refuse", "take", default=None, help="Hand the request over, or forget the proposal; without either, show it."
)
@workspace_option
@pass_language
def delegate(language: str, name: str, field: str, folder: Path | None, *, take: bool | None) -> int:
    """Decide on the delegate whom a signatory proposed; look at the authority before you take one."""
    from mou.workflow.delegating import refuse_delegate, take_delegate
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    document = find_document(workspace, name)
    proposal = _proposal(workspace, document, field)
    if take is None:
        _show_proposal(language, document, proposal)
        return 0
    if take:
        asked = take_delegate(workspace, document.document_id, field)
        echo(language, "{document}, {field}: {name} signs now", **_place(document, asked.request))
        _tell_asked(language, workspace, document, (asked,))
    else:
        refuse_delegate(workspace, document.document_id, field)
        echo(
            language,
            "{document}, {field}: the proposal is refused; who was asked before is asked still",
            **_place(document, field),
        )
    return _deliver(language, workspace)


@command.command("expire")
@workspace_option
@pass_language
def expire(language: str, folder: Path | None) -> None:
    """Close every request whose deadline has passed; its signatory can be asked once more."""
    from mou.workflow.asking import expire_overdue

    workspace = open_chosen_workspace(folder)
    expired = expire_overdue(workspace)
    if not expired:
        echo(language, "no deadline has passed")
    for request in expired:
        with workspace.database.read() as transaction:
            document = transaction.store.document(request.document_id)
        echo(
            language, "{document}, {field}: the deadline of {name} has passed; the request is closed", **_place(document, request)
        )


def _standing(workspace: "Workspace") -> list["Document"]:
    from mou.workflow.status import document_statuses

    return [status.document for status in document_statuses(workspace)]


def _end_of(day: datetime, *, now: datetime) -> datetime:
    """Return the last second of a day in Bangkok, so that the day itself is named in letters."""
    from mou.thai import BANGKOK

    if day.year > now.year + FARTHEST_DEADLINE_YEARS:
        raise UsageError(
            "--deadline: a year of the common era is expected, such as {year}, got {got}", year=now.year, got=day.year
        )
    return datetime.combine(day.date(), time(23, 59, 59), tzinfo=BANGKOK)


def _place(document: "Document", request: "SignatureRequest | str") -> dict[str, str]:
    if isinstance(request, str):
        return {"document": document.file_name, "field": request}
    return {"document": document.file_name, "field": request.slot.field, "name": request.slot.person.full_name}


def _tell_asked(language: str, workspace: "Workspace", document: "Document", asked: Sequence["Asked"]) -> None:
    """Say of each signatory how the invitation reaches them."""
    from mou.requests import first_before

    if not asked:
        echo(language, "{document}: nobody is left to be asked", document=document.file_name)
        return
    with workspace.database.read() as transaction:
        requests = transaction.store.requests(document.document_id)
    for each in asked:
        place = _place(document, each.request)
        other = first_before(each.request, requests)
        if other is not None:
            before = {"other": other.slot.person.full_name, "other_field": other.slot.field}
            echo(language, "{document}, {field}: {name} is invited when {other} ({other_field}) has signed", **place, **before)
        elif not each.is_new:
            echo(language, "{document}, {field}: {name} was invited already", **place)
        elif each.invitation.channel == "mail":
            echo(language, "{document}, {field}: {name} is invited by mail", **place)
        else:
            echo(
                language,
                "{document}, {field}: {name} has no mail address; hand on what this prints: mou request message {document} "
                "--slot {field}",
                **place,
            )


def _deliver(language: str, workspace: "Workspace") -> int:
    """Send what is queued and say what could not be sent; return the exit code."""
    from mou.notify.outbox import OutboxMailer
    from mou.workflow.letters import count_queued, deliver_queued

    waiting = count_queued(workspace)
    if not waiting:
        return 0
    with progress(language, say("sending letters"), total=waiting) as steps:
        deliveries = deliver_queued(workspace, along=steps.each)
    mailer = workspace.mailer()
    if isinstance(mailer, OutboxMailer):
        echo(
            language,
            "{sent} letters lie in {folder}, for a person to send; no mail server is set (smtp_host in mou.toml)",
            sent=deliveries.sent,
            folder=mailer.folder,
        )
    else:
        echo(language, "{sent} letters sent", sent=deliveries.sent)
    _tell_failures(language, deliveries.failures)
    return EXIT_FAILED if deliveries.failures else 0


def _tell_failures(language: str, failures: Sequence[Message]) -> None:
    for failure in failures:
        click.echo(f"mou: {translate(failure, language)}", err=True)


def _invited(workspace: "Workspace", name: str, field: str) -> "Invited":
    """Return the invitation that stands for a field, whose signatory can answer it now."""
    from mou.requests import require_turn
    from mou.workflow.links import invited_by
    from mou.workflow.request_steps import require_answerable, standing_invitation
    from mou.workflow.signing import request_for
    from mou.workflow.status import find_document

    document = find_document(workspace, name)
    with workspace.database.read() as transaction:
        requests = transaction.store.requests(document.document_id)
        request = request_for(requests, document, field)
        invitation = standing_invitation(transaction, request)
    require_answerable(request, at=workspace.clock())
    if invitation is None:
        raise UsageError(
            "{document}, {field}: {name} was not invited yet; do it with: mou request send {document} --slot {field}",
            **_place(document, request),
        )
    require_turn(request, requests)
    return invited_by(workspace, invitation.invitation_id)


def _proposal(workspace: "Workspace", document: "Document", field: str) -> "Delegation":
    from mou.storage.store import NotFoundError

    with workspace.database.read() as transaction:
        for proposal in transaction.asking.delegations(document.document_id):
            if proposal.field == field:
                return proposal
    raise NotFoundError("{document}, {field}: no delegate was proposed", document=document.file_name, field=field)


def _show_proposal(language: str, document: "Document", proposal: "Delegation") -> None:
    authority = proposal.authority
    echo(
        language,
        "{document}, {field}: {name} is proposed to sign, as {capacity}",
        document=document.file_name,
        field=proposal.field,
        name=proposal.person.full_name,
        capacity=capacity_in_words(proposal.capacity, language),
    )
    shown = say(
        "authority: {kind} {number} of {issued_on} by {issued_by}, until {expires_on}",
        kind=_AUTHORITIES[authority.kind.value],
        number=authority.number or "-",
        issued_on=authority.issued_on.isoformat(),
        issued_by=authority.issued_by,
        expires_on=authority.expires_on.isoformat() if authority.expires_on else "-",
    )
    echo_message(language, shown, indent="  ")
