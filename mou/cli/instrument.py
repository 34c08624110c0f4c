"""`mou instrument`: papers that are not a signature on the page, each examined, then accepted or returned.

`mou approve`, `mou accede` and `mou withdraw` are the three that come most often, under a name of their own.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.form_of_consent import article_of
from mou.charter.instruments import Authority, Instrument, InstrumentKind, PaperOriginal
from mou.cli.charter_options import (
    Day,
    Given,
    Vote,
    charter_option,
    kept_file,
    meeting_options,
    on_option,
    paper_options,
)
from mou.cli.instrument_import import import_table
from mou.cli.terminal import pass_language, workspace_option

if TYPE_CHECKING:
    from mou.workflow.workspace import Workspace

AUTHORITY_KINDS = tuple(one.value for one in AuthorityKind)
DEPOSITARY = "depositary"  # whose people receive and attest papers


@click.group("instrument")
def command() -> None:
    """Receive papers that are not a signature on the page: authorities, approvals, accessions, notices, objections."""


command.add_command(import_table)


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
@paper_options
def deposit_authority(
    given: Given,
    organisation: str,
    kind: str,
    issued_on: date,
    expires_on: date | None,
    person: str | None,
    documents: tuple[str, ...],
    stamp_duty: str | None,
) -> int:
    """Deposit the paper by which somebody may act for ORGANISATION. Missing stamp duty is said, and blocks nothing."""
    from mou.workflow.depositing import person_id, with_authority_id
    from mou.workflow.status import find_document

    def complete(workspace: "Workspace", paper: Instrument) -> Instrument:
        authority = Authority(
            authority_id="",
            kind=AuthorityKind(kind),
            issued_on=issued_on,
            holder=None if person is None else person_id(workspace, organisation, person),
            expires_on=expires_on,
            covers=tuple(str(find_document(workspace, one).prepared) for one in documents),
            document=paper.document,
            stamp_duty_shown=None if stamp_duty is None else stamp_duty == "shown",
        )
        return replace(paper, document=None, authority=with_authority_id(organisation, authority))

    return given.receive_act(InstrumentKind.AUTHORITY_DEPOSITED, organisation, complete)


@command.command("revoke")
@click.argument("organisation")
@click.option("--authority", required=True, help="The id of the authority, from mou charter instruments --json.")
@paper_options
def revoke_authority(given: Given, organisation: str, authority: str) -> int:
    """Record that ORGANISATION revoked an authority; it counts to the end of that day."""
    return given.receive_act(
        InstrumentKind.AUTHORITY_REVOKED, organisation, lambda _, paper: replace(paper, authority_id=authority)
    )


@command.command("approve")
@click.argument("organisation")
@paper_options
def approve(given: Given, organisation: str) -> int:
    """Record that ORGANISATION confirmed a signature that was subject to approval; it is counted from this day."""
    return given.receive_act(InstrumentKind.APPROVAL_DEPOSITED, organisation)


@command.command("accede")
@click.argument("organisation")
@click.option("--invitation", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The invitation, as a file.")
@click.option("--present", multiple=True, help="Where a vote decides: who was present, such as on_site=11; repeatable.")
@click.option("--in-favour", type=click.IntRange(min=0), help="Where a vote decides: votes in favour.")
@click.option("--against", type=click.IntRange(min=0), default=0, help="Votes against.")
@click.option("--abstaining", type=click.IntRange(min=0), default=0, help="Who abstained.")
@paper_options
def accede(
    given: Given,
    organisation: str,
    invitation: Path | None,
    present: tuple[str, ...],
    in_favour: int | None,
    against: int,
    abstaining: int,
) -> int:
    """Record that ORGANISATION joined later, when the window for signatures is closed or the charter is in force."""
    vote = None if in_favour is None else Vote(present, in_favour, against, abstaining, None)

    def complete(workspace: "Workspace", paper: Instrument) -> Instrument:
        meeting = None if vote is None else vote.as_meeting(workspace)
        return replace(paper, invitation=kept_file(workspace, invitation), meeting=meeting)

    return given.receive_act(InstrumentKind.ACCEDED, organisation, complete)


@command.command("withdraw")
@click.argument("organisation")
@paper_options
def withdraw(given: Given, organisation: str) -> int:
    """Record a notice of withdrawal of ORGANISATION, received on this day; the day on which it counts is computed."""
    return given.receive_act(InstrumentKind.WITHDRAWAL_NOTIFIED, organisation)


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
    from mou.workflow.depositing import person_id
    from mou.workflow.status import find_document

    def complete(workspace: "Workspace", paper: Instrument) -> Instrument:
        original, kept = str(find_document(workspace, document).prepared), paper.document
        assert kept is not None
        return replace(
            paper,
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

    kind = InstrumentKind.SIGNED_SIMPLE if simple else InstrumentKind.SIGNED_DEFINITIVE
    return Given(language, on, scan, kept_at, charter, folder).receive_act(kind, organisation, complete)


@command.command("reserve")
@click.argument("organisation")
@click.option("--article", "articles", multiple=True, required=True, help="The number of an article that it excepts; repeatable.")
@paper_options
def reserve(given: Given, organisation: str, articles: tuple[str, ...]) -> int:
    """Record a reservation of ORGANISATION, no later than its consent."""
    provisions = tuple(article_of(one) for one in articles)
    return given.receive_act(InstrumentKind.RESERVED, organisation, lambda _, paper: replace(paper, provisions=provisions))


@command.command("object")
@click.argument("organisation")
@click.option("--reservation", required=True, help="The id of the reservation, from mou charter instruments --json.")
@paper_options
def object_to(given: Given, organisation: str, reservation: str) -> int:
    """Record that ORGANISATION objects to another's reservation. It is shown pair by pair; nobody rules on it."""
    return given.receive_act(InstrumentKind.OBJECTED, organisation, lambda _, paper: replace(paper, reference=reservation))


@command.command("declare")
@click.argument("organisation")
@click.option("--provisionally", is_flag=True, help="It declares that it applies the charter before it is in force.")
@paper_options
def declare(given: Given, organisation: str, *, provisionally: bool) -> int:
    """Record a declaration of ORGANISATION, or that it applies the charter provisionally."""
    return given.receive_act(InstrumentKind.PROVISIONAL if provisionally else InstrumentKind.DECLARED, organisation)


@command.command("succeed")
@click.argument("organisation")
@click.argument("successor")
@paper_options
def succeed(given: Given, organisation: str, successor: str) -> int:
    """Record that SUCCESSOR goes on in the place of ORGANISATION: a new name, a new status, a merger. --file shows it."""
    from mou.workflow.depositing import organisation_kind

    def complete(workspace: "Workspace", paper: Instrument) -> Instrument:
        return replace(paper, successor=successor, successor_kind=organisation_kind(workspace, successor))

    return given.receive_act(InstrumentKind.SUCCEEDED, organisation, complete)


@command.command("expel")
@click.argument("organisation")
@meeting_options
@paper_options
def expel(given: Given, organisation: str, vote: Vote) -> int:
    """Record that a meeting excluded ORGANISATION, as the clause on expulsion asks."""
    return given.receive_act(
        InstrumentKind.PARTY_EXPELLED,
        organisation,
        lambda workspace, paper: replace(paper, meeting=vote.as_meeting(workspace)),
    )
