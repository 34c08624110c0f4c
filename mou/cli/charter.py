"""`mou charter`: the text adopted, what was signed presented, and the questions that a depositary answers."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.charter_changes import amend, certify_copy, change_depositary, compare, rectify, renew
from mou.cli.charter_options import (
    Vote,
    at_option,
    charter_option,
    chosen_register,
    deposit_as_json,
    export_options,
    meeting_options,
    note_option,
    on_option,
    say_deposits,
    today,
)
from mou.cli.register import command as register
from mou.cli.terminal import (
    DayHeading,
    echo,
    echo_json,
    echo_message,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    workspace_option,
    xlsx_option,
)
from mou.messages import translate
from signatures.messages import say

if TYPE_CHECKING:
    from mou.charter.answers import CharterStatus, PartyStatus


@click.group("charter")
def command() -> None:
    """Adopt a charter's text, present what was signed, and ask where it stands on any day."""


for _changes in (amend, rectify, renew, change_depositary, compare, certify_copy, register):
    command.add_command(_changes)


@command.command("adopt")
@click.argument("document")
@on_option
@meeting_options
@note_option
@workspace_option
@pass_language
def adopt(
    language: str,
    document: str,
    on: date | None,
    vote: Vote,
    note: str | None,
    folder: Path | None,
) -> int:
    """Record that a meeting adopted the text of the charter DOCUMENT. Nobody is bound by that yet."""
    from mou.workflow.depositing import adopt_text
    from mou.workflow.status import find_document

    workspace = open_chosen_workspace(folder)
    meeting = vote.as_meeting(workspace)
    deposit = adopt_text(workspace, find_document(workspace, document), meeting, on=on or today(workspace), note=note)
    return say_deposits(language, [deposit])


@command.command("receive")
@click.option(
    "--simple", multiple=True, metavar="ORGANISATION", help="Stated that its signature is subject to approval; repeatable."
)
@charter_option
@json_option
@workspace_option
@pass_language
def receive(language: str, simple: tuple[str, ...], charter: str | None, folder: Path | None, *, as_json: bool) -> int:
    """Present what was signed: every completed memorandum, and every signature on the charter's own page."""
    from mou.workflow.charters import choose_charter
    from mou.workflow.depositing import receive_signatures

    workspace = open_chosen_workspace(folder)
    deposits = receive_signatures(workspace, choose_charter(workspace, charter), simple=simple)
    return say_deposits(language, deposits, as_json=as_json)


@command.command("status")
@at_option
@charter_option
@export_options
@json_option
@workspace_option
@pass_language
def status(
    language: str,
    on: date | None,
    charter: str | None,
    export: Path | None,
    ledger_key: str | None,
    charter_pdf: Path | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Tell whether the charter is in force on a day, and what exactly triggered it."""
    from mou.charter.answer_records import charter_as_record
    from mou.charter.status import charter_status
    from mou.workflow.charters import charter_on, choose_charter

    if export is not None:
        found = charter_status(chosen_register(export, ledger_key, charter_pdf), on or today())
    else:
        workspace = open_chosen_workspace(folder)
        found = charter_on(workspace, choose_charter(workspace, charter), on or today(workspace))
    if as_json:
        echo_json(charter_as_record(found))
    else:
        _say_charter(language, found)


@command.command("party")
@click.argument("organisation")
@at_option
@charter_option
@export_options
@json_option
@workspace_option
@pass_language
def party(
    language: str,
    organisation: str,
    on: date | None,
    charter: str | None,
    export: Path | None,
    ledger_key: str | None,
    charter_pdf: Path | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Tell whether ORGANISATION is bound on a day, by which text, with which reservations."""
    from mou.charter.answer_records import party_as_record
    from mou.charter.status import party_status
    from mou.workflow.charters import choose_charter, party_on

    if export is not None:
        found = party_status(chosen_register(export, ledger_key, charter_pdf), organisation, on or today())
    else:
        workspace = open_chosen_workspace(folder)
        found = party_on(workspace, choose_charter(workspace, charter), organisation, on or today(workspace))
    if as_json:
        echo_json(party_as_record(found))
    else:
        _say_party(language, found)


@command.command("missing")
@at_option
@charter_option
@json_option
@workspace_option
@pass_language
def missing(language: str, on: date | None, charter: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Tell who has signed and not confirmed, and how many are still needed."""
    from mou.workflow.charters import choose_charter, organisation_names, unconfirmed_on

    workspace = open_chosen_workspace(folder)
    found = unconfirmed_on(workspace, choose_charter(workspace, charter), on or today(workspace))
    if as_json:
        echo_json({"unconfirmed": list(found.parties), "missing": found.missing})
        return
    names = organisation_names(workspace)
    for one in found.parties:
        click.echo(f"{one}  {names.get(one, '')}")
    echo(language, "{count} have signed and not confirmed", count=len(found.parties))
    if found.missing is None:
        echo(language, "how many are still needed cannot be computed")
    else:
        echo(language, "{count} more are needed", count=found.missing)


@command.command("forecast")
@click.argument("organisation")
@at_option
@charter_option
@json_option
@workspace_option
@pass_language
def forecast(
    language: str, organisation: str, on: date | None, charter: str | None, folder: Path | None, *, as_json: bool
) -> None:
    """Tell when a notice of withdrawal of ORGANISATION would count, and whether the charter would stay in force."""
    from mou.workflow.charters import choose_charter, forecast_on

    workspace = open_chosen_workspace(folder)
    found = forecast_on(workspace, choose_charter(workspace, charter), organisation, on or today(workspace))
    if as_json:
        echo_json(
            {
                "notified_on": found.notified_on.isoformat(),
                "effective_on": found.effective_on.isoformat(),
                "charter_remains": found.charter_remains,
                "reason": str(found.reason),
            }
        )
        return
    echo(language, "a notice of {day} counts from {effective}", day=found.notified_on, effective=found.effective_on)
    echo_message(language, found.reason)


@command.command("instruments")
@click.option("--party", "organisation", help="Of this organisation alone.")
@charter_option
@json_option
@xlsx_option
@workspace_option
@pass_language
def instruments(language: str, organisation: str | None, charter: str | None, folder: Path | None, *, as_json: bool) -> None:
    """List every instrument that was received; the returned ones are kept, and not counted."""
    from mou.cli.words import instrument_in_words
    from mou.workflow.charters import choose_charter, instruments_received
    from mou.workflow.depositing import Deposit

    workspace = open_chosen_workspace(folder)
    found = instruments_received(workspace, choose_charter(workspace, charter), organisation)
    if as_json:
        echo_json([deposit_as_json(Deposit(one, is_new=False)) for one in found])
        return
    headings = (say("entry"), DayHeading(say("day")), say("instrument"), say("organisation"), say("outcome"))
    rows = [
        (
            one.entry_index,
            one.instrument.on,
            instrument_in_words(one.instrument.kind, language),
            one.instrument.party or "",
            translate(say("accepted") if one.fault is None else say("returned: {clause}", clause=one.fault.clause), language),
        )
        for one in found
    ]
    print_table(language, headings, rows, title=say("Papers received"))


def _say_charter(language: str, found: "CharterStatus") -> None:
    from mou.cli.words import charter_state_in_words

    echo(language, "on {day}: {state}", day=found.on, state=charter_state_in_words(found.state, language))
    echo(language, "signed: {signed} of {listed}", signed=found.signed, listed="-" if found.listed is None else found.listed)
    echo(language, "counted: {counted}; in force for: {bound}", counted=found.counted, bound=found.in_force_for)
    for condition in found.conditions:
        if condition.reason is not None:
            echo_message(language, condition.reason, indent="  ")
        else:
            counts = {"counted": condition.counted, "needed": condition.needed, "missing": condition.missing}
            told = say("{clause}: {counted} of {needed}, {missing} still needed", clause=condition.clause, **counts)
            echo_message(language, told, indent="  ")
    if found.met_on is not None:
        echo(
            language,
            "the conditions were met on {met} by {triggers}; in force from {start}",
            met=found.met_on,
            triggers=", ".join(found.triggers),
            start=found.in_force_on,
        )
    for remark in found.remarks:
        echo_message(language, remark)


def _say_party(language: str, found: "PartyStatus") -> None:
    from mou.cli.words import party_state_in_words

    echo(
        language, "on {day}, {party}: {state}", day=found.on, party=found.party, state=party_state_in_words(found.state, language)
    )
    bound = {True: say("bound"), False: say("not bound"), None: say("whether it is bound cannot be known")}[found.is_bound]
    echo_message(language, bound)
    if found.in_force_on is not None:
        echo(language, "in force for it from {day}", day=found.in_force_on)
    if found.text is not None:
        echo(language, "text: {digest}", digest=found.text)
    for reservation in found.reservations:
        echo(
            language, "reservation of {day}: articles {articles}", day=reservation.on, articles=", ".join(reservation.provisions)
        )
    if found.leaves_on is not None:
        echo(language, "notice of withdrawal; leaves on {day}", day=found.leaves_on)
