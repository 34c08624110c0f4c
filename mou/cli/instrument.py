"""`mou instrument`: papers that are not a signature on the page, each examined, then accepted or returned.

`mou approve`, `mou accede` and `mou withdraw` are the three that come most often, under a name of their own.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.charter_options import (
    Day,
    Vote,
    charter_option,
    file_option,
    kept_file,
    meeting_options,
    note_option,
    on_option,
    receive_and_say,
    today,
)
from mou.cli.instrument_import import import_table
from mou.cli.terminal import pass_language, workspace_option

if TYPE_CHECKING:
    from mou.charter.instruments import Instrument
    from mou.workflow.workspace import Workspace

DEPOSITARY = "depositary"  # whose people receive and attest papers
AUTHORITY_KINDS = ("board_resolution", "power_of_attorney", "appointment", "delegation_order", "office_by_law")


@click.group("instrument")
def command() -> None:
    """Receive papers that are not a signature on the page: authorities, approvals, accessions, notices, objections."""


command.add_command(import_table)


def _common(function: Callable[..., int]) -> Callable[..., int]:
    """Add what every paper has: a day, the paper itself, a note, the charter."""
    for option in (pass_language, workspace_option, charter_option, note_option, file_option, on_option):
        function = option(function)
    return function


@command.command("authority")
@click.argument("organisation")
@click.option("--kind", type=click.Choice(AUTHORITY_KINDS), required=True, help="What the authority rests on.")
@click.option("--issued-on", type=Day(), required=True, help="The day of its issue.")
@click.option("--expires-on", type=Day(), help="The last day on which it counts; without it, it has no end.")
@click.option("--person", help="The full name of the only person who may act on it, as in the list; kept as an opaque id.")
@click.option(
    "--document", "documents", multiple=True, help="A document that it is for: number, file name or PDF; repeatable. Else all."
)
@click.option("--stamp-duty", type=click.Choice(["shown", "missing"]), help="Whether stamp duty is shown, where it applies.")
@_common
def deposit_authority(
    language: str,
    organisation: str,
    kind: str,
    issued_on: date,
    expires_on: date | None,
    person: str | None,
    documents: tuple[str, ...],
    stamp_duty: str | None,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Deposit the paper by which somebody may act for ORGANISATION. Missing stamp duty is said, and blocks nothing."""
    from mou.charter.clauses import AuthorityKind
    from mou.charter.instruments import Authority, Instrument, InstrumentKind
    from mou.workflow.depositing import organisation_kind, person_id, with_authority_id
    from mou.workflow.status import find_document

    def make(workspace: "Workspace") -> "Instrument":
        authority = Authority(
            authority_id="",
            kind=AuthorityKind(kind),
            issued_on=issued_on,
            holder=None if person is None else person_id(workspace, organisation, person),
            expires_on=expires_on,
            covers=tuple(str(find_document(workspace, one).prepared) for one in documents),
            document=kept_file(workspace, paper),
            stamp_duty_shown=None if stamp_duty is None else stamp_duty == "shown",
        )
        return Instrument(
            "",
            InstrumentKind.AUTHORITY_DEPOSITED,
            on or today(workspace),
            party=organisation,
            party_kind=organisation_kind(workspace, organisation),
            authority=with_authority_id(organisation, authority),
        )

    return receive_and_say(language, folder, charter, make, note=note)


@command.command("revoke")
@click.argument("organisation")
@click.option("--authority", "authority", required=True, help="The id of the authority, from mou charter instruments --json.")
@_common
def revoke_authority(
    language: str,
    organisation: str,
    authority: str,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record that ORGANISATION revoked an authority; it counts to the end of that day."""
    return _act(language, "authority_revoked", organisation, (folder, charter, on, note, paper), authority_id=authority)


@command.command("approve")
@click.argument("organisation")
@_common
def approve(
    language: str,
    organisation: str,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record that ORGANISATION confirmed a signature that was subject to approval; it is counted from this day."""
    return _act(language, "approval_deposited", organisation, (folder, charter, on, note, paper))


@command.command("accede")
@click.argument("organisation")
@click.option("--invitation", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The invitation, as a file.")
@click.option("--present", multiple=True, help="Where a vote decides: who was present, such as on_site=11; repeatable.")
@click.option("--in-favour", type=click.IntRange(min=0), help="Where a vote decides: votes in favour.")
@click.option("--against", type=click.IntRange(min=0), default=0, help="Votes against.")
@click.option("--abstaining", type=click.IntRange(min=0), default=0, help="Who abstained.")
@_common
def accede(
    language: str,
    organisation: str,
    invitation: Path | None,
    present: tuple[str, ...],
    in_favour: int | None,
    against: int,
    abstaining: int,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record that ORGANISATION joined later, when the window for signatures is closed or the charter is in force."""
    vote = None if in_favour is None else Vote(present, in_favour, against, abstaining, None)
    return _act(language, "acceded", organisation, (folder, charter, on, note, paper), invitation=invitation, vote=vote)


@command.command("withdraw")
@click.argument("organisation")
@_common
def withdraw(
    language: str,
    organisation: str,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record a notice of withdrawal of ORGANISATION, received on this day; the day on which it counts is computed."""
    return _act(language, "withdrawal_notified", organisation, (folder, charter, on, note, paper))


@command.command("paper")
@click.argument("organisation")
@click.argument("document")
@click.option(
    "--scan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The signed paper, scanned; it is kept, bound to the digest of DOCUMENT.",
)
@click.option("--kept-at", required=True, help="Where the paper itself is kept.")
@click.option("--received-by", required=True, help="Who received the paper; kept as an opaque id.")
@click.option("--attested-by", required=True, help="Who else compared scan, paper and DOCUMENT; kept as an opaque id.")
@click.option("--person", help="The full name of who signed; kept as an opaque id.")
@click.option("--simple", is_flag=True, help="The signature is subject to approval.")
@on_option
@charter_option
@workspace_option
@pass_language
def receive_paper(
    language: str,
    organisation: str,
    document: str,
    scan: Path,
    kept_at: str,
    received_by: str,
    attested_by: str,
    person: str | None,
    on: date | None,
    charter: str | None,
    folder: Path | None,
    *,
    simple: bool,
) -> int:
    """Record that ORGANISATION signed DOCUMENT (number, file name or PDF) on paper. It is shown as paper everywhere."""
    from mou.ceremony import Channel
    from mou.charter.instruments import Instrument, InstrumentKind, PaperOriginal
    from mou.workflow.depositing import organisation_kind, person_id
    from mou.workflow.status import find_document

    def make(workspace: "Workspace") -> "Instrument":
        original, kept = str(find_document(workspace, document).prepared), kept_file(workspace, scan)
        assert kept is not None
        return Instrument(
            "",
            InstrumentKind.SIGNED_SIMPLE if simple else InstrumentKind.SIGNED_DEFINITIVE,
            on or today(workspace),
            party=organisation,
            party_kind=organisation_kind(workspace, organisation),
            document=original,
            channel=Channel.PAPER,
            signatory=None if person is None else person_id(workspace, organisation, person),
            paper=PaperOriginal(
                scan=kept,
                original=original,
                attested_by=person_id(workspace, DEPOSITARY, attested_by),
                received_by=person_id(workspace, DEPOSITARY, received_by),
            ),
        )

    return receive_and_say(language, folder, charter, make, note=kept_at)


@command.command("reserve")
@click.argument("organisation")
@click.option("--article", "articles", multiple=True, required=True, help="The number of an article that it excepts; repeatable.")
@_common
def reserve(
    language: str,
    organisation: str,
    articles: tuple[str, ...],
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record a reservation of ORGANISATION, no later than its consent."""
    return _act(language, "reserved", organisation, (folder, charter, on, note, paper), articles=articles)


@command.command("object")
@click.argument("organisation")
@click.option("--reservation", "reference", required=True, help="The id of the reservation, from mou charter instruments --json.")
@_common
def object_to(
    language: str,
    organisation: str,
    reference: str,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record that ORGANISATION objects to another's reservation. It is shown pair by pair; nobody rules on it."""
    return _act(language, "objected", organisation, (folder, charter, on, note, paper), reference=reference)


@command.command("declare")
@click.argument("organisation")
@click.option("--provisionally", is_flag=True, help="It declares that it applies the charter before it is in force.")
@_common
def declare(
    language: str,
    organisation: str,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
    *,
    provisionally: bool,
) -> int:
    """Record a declaration of ORGANISATION, or that it applies the charter provisionally."""
    kind = "provisional" if provisionally else "declared"
    return _act(language, kind, organisation, (folder, charter, on, note, paper))


@command.command("succeed")
@click.argument("organisation")
@click.argument("successor")
@_common
def succeed(
    language: str,
    organisation: str,
    successor: str,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record that SUCCESSOR goes on in the place of ORGANISATION: a new name, a new status, a merger. --file shows it."""
    return _act(language, "succeeded", organisation, (folder, charter, on, note, paper), successor=successor)


@command.command("expel")
@click.argument("organisation")
@meeting_options
@_common
def expel(
    language: str,
    organisation: str,
    present: tuple[str, ...],
    in_favour: int,
    against: int,
    abstaining: int,
    minutes: Path | None,
    on: date | None,
    paper: Path | None,
    note: str | None,
    charter: str | None,
    folder: Path | None,
) -> int:
    """Record that a meeting excluded ORGANISATION, as the clause on expulsion asks."""
    vote = Vote(present, in_favour, against, abstaining, minutes)
    return _act(language, "party_expelled", organisation, (folder, charter, on, note, paper), vote=vote)


def _act(
    language: str,
    kind: str,
    organisation: str,
    common: tuple[Path | None, str | None, date | None, str | None, Path | None],
    *,
    authority_id: str | None = None,
    invitation: Path | None = None,
    vote: Vote | None = None,
    articles: tuple[str, ...] = (),
    reference: str | None = None,
    successor: str | None = None,
) -> int:
    """Receive one act of one organisation; the newest authority on which it can rest is found where it needs one."""
    from mou.charter.form_of_consent import article_of
    from mou.charter.instruments import Instrument, InstrumentKind
    from mou.workflow.depositing import organisation_kind

    folder, charter, on, note, paper = common

    def make(workspace: "Workspace") -> "Instrument":
        return Instrument(
            "",
            InstrumentKind(kind),
            on or today(workspace),
            party=organisation,
            party_kind=organisation_kind(workspace, organisation),
            document=kept_file(workspace, paper),
            authority_id=authority_id,
            invitation=kept_file(workspace, invitation),
            meeting=None if vote is None else vote.as_meeting(workspace),
            provisions=tuple(article_of(one) for one in articles),
            reference=reference,
            successor=successor,
            successor_kind=None if successor is None else organisation_kind(workspace, successor),
        )

    return receive_and_say(language, folder, charter, make, note=note)
