"""`mou charter register`: the register of signatories as of any day, on the terminal or as a file."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.charter_options import at_option, charter_option, today
from mou.cli.terminal import (
    echo,
    echo_json,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    workspace_option,
)
from mou.messages import translate
from signatures.messages import say

if TYPE_CHECKING:
    from mou.signatories.rows import RegisterOfSignatories, SignatoryRow

PRIVATE_FILE, PUBLIC_FILE = 0o600, 0o644


@click.command("register")
@at_option
@charter_option
@click.option("--public", "is_public", is_flag=True, help="A copy that may be published: it names no person.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A file: OUT.pdf, OUT.xlsx, OUT.json or OUT.html; a file that is there is kept.",
)
@json_option
@workspace_option
@pass_language
def command(
    language: str,
    on: date | None,
    charter: str | None,
    out: Path | None,
    folder: Path | None,
    *,
    is_public: bool,
    as_json: bool,
) -> None:
    """Write the register of signatories as of a day: who signed, as what, when, how, on which authority, bound by what.

    Without --public it is the secretariat's own copy, which names persons and is not for publication.
    """
    from mou.signatories.record import register_as_record
    from mou.workflow.charters import choose_charter
    from mou.workflow.registering import register_on

    if out is not None:
        from mou.signatories.writing import check_target

        check_target(out)
    workspace = open_chosen_workspace(folder)
    register = register_on(workspace, choose_charter(workspace, charter), on or today(workspace), is_public=is_public)
    if out is not None:
        _write(out, register, language)
    if as_json:
        echo_json(register_as_record(register))
    elif out is not None:
        echo(language, "{path}: register of {day} written; signatories in it: {count}", **_told(out, register))
        if not is_public:
            echo(language, "it names persons and is the secretariat's own copy; add --public for one that may be published")
    else:
        _show(language, register)


def _told(out: Path, register: "RegisterOfSignatories") -> dict[str, object]:
    return {"path": out, "day": register.on, "count": len(register.signatories)}


def _write(out: Path, register: "RegisterOfSignatories", language: str) -> None:
    from mou.signatories.writing import register_bytes
    from mou.storage.files import replace_file

    mode = PUBLIC_FILE if register.is_public else PRIVATE_FILE
    replace_file(out, register_bytes(register, out.suffix, language), mode=mode)


def _show(language: str, register: "RegisterOfSignatories") -> None:
    from mou.signatories.words import CHARTER_STATES

    state = CHARTER_STATES[register.status.state]
    echo(language, "{charter}, on {day}: {state}", charter=register.charter.title, day=register.on, state=state)
    headings = (
        say("No."),
        say("organisation"),
        say("state"),
        say("signed"),
        say("channel"),
        say("authority"),
        say("in force from"),
    )
    print_table(language, headings, [_row(language, one) for one in register.signatories])
    echo(
        language,
        "signatories: {count}; asked and not signed: {missing}; papers returned, not counted: {returned}",
        count=len(register.signatories),
        missing=len(register.not_signed),
        returned=len(register.returned),
    )


def _row(language: str, row: "SignatoryRow") -> tuple[str, ...]:
    from mou.signatories.words import AUTHORITIES, CHANNELS, NO_CHANNEL, PARTY_STATES

    act, status = row.decisive, row.status
    channel = NO_CHANNEL if act is None or act.channel is None else CHANNELS[act.channel]
    authority = None if act is None else act.authority
    return (
        str(row.number),
        row.name.th,
        translate(PARTY_STATES[status.state], language),
        _day(status.signed_on or status.consent_on),
        translate(channel, language),
        "-" if authority is None else f"{translate(AUTHORITIES[authority.kind], language)} {authority.issued_on}",
        _day(status.in_force_on),
    )


def _day(day: date | None) -> str:
    return "-" if day is None else day.isoformat()
