"""What the commands about a charter share: options read into values, and what became of a paper, said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import click

from mou.cli.terminal import echo, echo_json, echo_message, open_chosen_workspace, pass_language, workspace_option
from mou.errors import UsageError

if TYPE_CHECKING:
    from mou.charter.instruments import Instrument, InstrumentKind, Meeting
    from mou.charter.register import Register
    from mou.workflow.depositing import Deposit
    from mou.workflow.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., object])
Complete: TypeAlias = Callable[["Workspace", "Instrument"], "Instrument"]
"""What a command says beside a paper's kind, day and file."""


class Day(click.ParamType):  # type: ignore[type-arg]  # generic only for the type checker
    """A day as YYYY-MM-DD, of the common era."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value}: a day like 2022-03-29 is expected", param, ctx)


charter_option = click.option("--charter", "charter", help="Which charter, where several are kept: its number or file name.")
at_option = click.option("--at", "on", type=Day(), help="As of this day (default: today).")
on_option = click.option(
    "--on", "on", type=Day(), help="The day on which it takes effect: of receipt, of the meeting (default: today)."
)
note_option = click.option("--note", help="What the secretariat notes about it: the letter's number, where the paper lies.")
file_option = click.option(
    "--file",
    "paper",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The paper itself, as a file; it is kept.",
)


def export_options(command: Command) -> Command:
    """Add the options by which somebody asks who has nothing but an exported ledger and the charter's PDF."""
    for option in (
        click.option(
            "--charter-pdf",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="With --export: the charter itself.",
        ),
        click.option("--ledger-key", help="With --export: the public key of the ledger, or a file that holds it."),
        click.option(
            "--export",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Answer from an exported ledger, without a workspace.",
        ),
    ):
        command = option(command)
    return command


def paper_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add what every paper has: a day, the paper itself, a note, the charter; the command is given them first, as one value."""

    @wraps(command)
    def with_given(
        language: str,
        *,
        on: date | None,
        paper: Path | None,
        note: str | None,
        charter: str | None,
        folder: Path | None,
        **options: object,
    ) -> int:
        return command(Given(language, on, paper, note, charter, folder), **options)

    optioned: Callable[..., int] = with_given
    for option in (pass_language, workspace_option, charter_option, note_option, file_option, on_option):
        optioned = option(optioned)
    return optioned


@dataclass(frozen=True, slots=True)
class Given:
    """What `paper_options` gave."""

    language: str
    on: date | None
    paper: Path | None
    note: str | None
    charter: str | None
    folder: Path | None

    def receive(self, kind: "InstrumentKind", complete: "Complete") -> int:
        """Receive a paper of this kind and day, completed with what it says, and print what became of it."""
        from mou.charter.instruments import Instrument

        def make(workspace: "Workspace") -> "Instrument":
            begun = Instrument("", kind, self.on or today(workspace), document=kept_file(workspace, self.paper))
            return complete(workspace, begun)

        return receive_and_say(self.language, self.folder, self.charter, make, note=self.note)

    def receive_act(self, kind: "InstrumentKind", organisation: str, complete: "Complete" = lambda _, paper: paper) -> int:
        """Receive the act of one organisation; the newest authority on which it can rest is found where it needs one."""
        from mou.workflow.depositing import organisation_kind

        def of_party(workspace: "Workspace", begun: "Instrument") -> "Instrument":
            party_kind = organisation_kind(workspace, organisation)
            return complete(workspace, replace(begun, party=organisation, party_kind=party_kind))

        return self.receive(kind, of_party)


def meeting_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say what the minutes of a meeting say; the command is given them as one value, `vote`."""

    @wraps(command)
    def with_vote(
        *arguments: object,
        present: tuple[str, ...],
        in_favour: int,
        against: int,
        abstaining: int,
        minutes: Path | None,
        **options: object,
    ) -> int:
        return command(*arguments, vote=Vote(present, in_favour, against, abstaining, minutes), **options)

    optioned: Callable[..., int] = with_vote
    for option in (
        click.option(
            "--minutes",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The minutes, as a file; they are kept.",
        ),
        click.option("--abstaining", type=click.IntRange(min=0), default=0, show_default=True, help="Who abstained."),
        click.option("--against", type=click.IntRange(min=0), default=0, show_default=True, help="Votes against."),
        click.option("--in-favour", type=click.IntRange(min=0), required=True, help="Votes in favour."),
        click.option(
            "--present",
            multiple=True,
            required=True,
            help="Who was present, by channel: on_site=11, online=8. May be given more than once.",
        ),
    ):
        optioned = option(optioned)
    return optioned


@dataclass(frozen=True, slots=True)
class Vote:
    """What `meeting_options` gave."""

    present: Sequence[str]
    in_favour: int
    against: int
    abstaining: int
    minutes: Path | None

    def as_meeting(self, workspace: "Workspace") -> "Meeting":
        """Return it as a value; the minutes are kept by their digest.

        Raises:
            UsageError: a channel is unknown, or a count is none.
        """
        from mou.ceremony import Channel
        from mou.charter.instruments import Meeting

        counts = {}
        for one in self.present:
            name, _, count = one.partition("=")
            if name not in set(Channel) or not count.isdecimal():
                raise UsageError("--present: a channel and a count like on_site=11 are expected, got {got}", got=one)
            counts[Channel(name)] = int(count)
        return Meeting(counts, self.in_favour, self.against, self.abstaining, kept_file(workspace, self.minutes))


def kept_file(workspace: "Workspace", path: Path | None) -> str | None:
    """Keep a paper by its digest and return that."""
    return None if path is None else str(workspace.files.put(path.read_bytes()))


def today(workspace: "Workspace | None" = None) -> date:
    """Return the day in Bangkok."""
    from mou.app import utc_now
    from mou.thai import BANGKOK

    now: datetime = utc_now() if workspace is None else workspace.clock()
    return now.astimezone(BANGKOK).date()


def chosen_register(export: Path, ledger_key: str | None, charter_pdf: Path | None) -> "Register":
    """Return the register from an export.

    Raises:
        UsageError: the ledger's key or the charter's PDF is missing.
    """
    from mou.cli.terminal import read_text
    from mou.workflow.charters import read_exported_register
    from signatures.ledger.checkpoint import LedgerPublicKey

    if ledger_key is None or charter_pdf is None:
        raise UsageError("--export needs --ledger-key and --charter-pdf: the key known from before, and the charter itself")
    key = LedgerPublicKey.parse((read_text(Path(ledger_key)) if Path(ledger_key).is_file() else ledger_key).strip())
    return read_exported_register(export, [key], charter_pdf.read_bytes())


def receive_and_say(
    language: str, folder: Path | None, charter: str | None, make: "Callable[[Workspace], Instrument]", *, note: str | None
) -> int:
    """Receive one paper and print what became of it; 1 where it was returned."""
    from mou.workflow.charters import choose_charter
    from mou.workflow.depositing import receive_instrument

    workspace = open_chosen_workspace(folder)
    deposit = receive_instrument(workspace, choose_charter(workspace, charter), make(workspace), note=note)
    return say_deposits(language, [deposit])


def say_deposits(language: str, deposits: "Sequence[Deposit]", *, as_json: bool = False) -> int:
    """Print what became of papers; 1 where one of them was returned."""
    from mou.cli.words import instrument_in_words

    if as_json:
        echo_json([deposit_as_json(one) for one in deposits])
    for one in () if as_json else deposits:
        received = one.received
        place = {
            "kind": instrument_in_words(received.instrument.kind, language),
            "who": received.instrument.party or "-",
            "on": received.instrument.on,
        }
        if one.fault is None and one.is_new:
            echo(language, "accepted: {kind}, {who}, takes effect on {on} (entry {entry})", entry=received.entry_index, **place)
        elif one.fault is None:
            echo(
                language,
                "accepted before: {kind}, {who}, takes effect on {on} (entry {entry})",
                entry=received.entry_index,
                **place,
            )
        else:
            echo(language, "RETURNED, not counted: {kind}, {who}, {on}; clause {clause}", clause=one.fault.clause, **place)
            echo_message(language, one.fault.fact, indent="  ")
    return 1 if any(one.fault is not None for one in deposits) else 0


def deposit_as_json(deposit: "Deposit") -> dict[str, object]:
    """Return what became of a paper as a JSON object."""
    from mou.charter.ledger_form import paper_of

    received, fault = deposit.received, deposit.fault
    return {
        "instrument": received.instrument.instrument_id,
        "entry": received.entry_index,
        "outcome": "accepted" if fault is None else "returned",
        "is_new": deposit.is_new,
        "clause": fault.clause if fault else None,
        "fact": str(fault.fact) if fault else None,
        "paper": paper_of(received.instrument),
    }
