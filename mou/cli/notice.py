"""`mou notice`: what the depositary tells everybody, what it has told, and the check of a notice that somebody holds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.charter_options import charter_option
from mou.cli.terminal import (
    DayHeading,
    echo,
    echo_json,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    progress,
    read_text,
    workspace_option,
    xlsx_option,
)
from mou.messages import translate
from mou.report.voice import Voice
from mou.report.words import OUTCOMES, SIGNS, VERDICTS
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.charter.notices import Notice
    from mou.notices.checking import NoticeReport
    from mou.notices.words import Both
    from mou.storage.notices import NoticeLetter, StoredNotice
    from mou.workflow.workspace import Workspace
    from signatures.verification import VerificationPolicy

EXIT_CODES = {"passed": 0, "failed": 1, "indeterminate": 3}
pdf_path = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("notice")
def command() -> None:
    """Tell everybody what was received and what follows from it; show what was told; check a notice that you hold."""


@command.command("issue")
@click.option("--copy-to", multiple=True, metavar="LIST", help="An imported list that gets this and every later notice as well.")
@charter_option
@json_option
@workspace_option
@pass_language
def issue(language: str, copy_to: tuple[str, ...], charter: str | None, folder: Path | None, *, as_json: bool) -> int:
    """Issue the next notice: seal it, record it, and send it to every organisation that the charter concerns."""
    from mou.workflow.charters import choose_charter
    from mou.workflow.notifying import issue_notice, notices_issued, publish_notices, published_path

    workspace = open_chosen_workspace(folder)
    publish_notices(workspace)  # what a crash left undone
    chosen = choose_charter(workspace, charter)
    issued = issue_notice(workspace, chosen, copy_to=copy_to)
    if as_json:
        echo_json(
            {"issued": None if issued is None else _as_json(workspace, issued.stored), "left": issued.left if issued else 0}
        )
    elif issued is None:
        before = notices_issued(workspace, chosen)
        if before:
            last = before[-1].notice
            echo(language, "nothing new since notice {number} of {day}: none was issued", number=last.number, day=last.day)
        else:
            echo(language, "nothing was received yet: no notice was issued")
    else:
        notice = issued.stored.notice
        echo(
            language,
            "notice {number} issued: {instruments} instruments, {facts} computed facts (entry {entry})",
            number=notice.number,
            instruments=len(notice.instruments),
            facts=len(notice.facts),
            entry=issued.stored.entry_index,
        )
        click.echo(f"  {published_path(workspace, notice)}\n  {issued.stored.digest}")
        if issued.left:
            echo(language, "{count} instruments are left for the next notice: issue it now", count=issued.left)
    return _deliver(language, workspace, quiet=as_json)


@command.command("list")
@charter_option
@json_option
@xlsx_option
@workspace_option
@pass_language
def list_notices(language: str, charter: str | None, folder: Path | None, *, as_json: bool) -> int:
    """List what the secretariat told, whom, and when; 1 where the notices do not hold together."""
    from mou.workflow.charters import choose_charter
    from mou.workflow.notifying import letters_of, notice_findings, notices_issued

    workspace = open_chosen_workspace(folder)
    chosen = choose_charter(workspace, charter)
    notices, findings = notices_issued(workspace, chosen), notice_findings(workspace, chosen)
    for finding in findings:
        click.echo(f"mou: {translate(finding, language)}", err=True)
    if as_json:
        echo_json([_as_json(workspace, one) for one in notices])
        return 1 if findings else 0
    letters = letters_of(workspace, chosen)
    headings = (say("number"), DayHeading(say("day")), say("instruments"), say("facts"), say("sent to"), say("digest of the PDF"))
    rows = [
        (
            one.notice.number,
            one.notice.day,
            len(one.notice.instruments),
            len(one.notice.facts),
            translate(_sent_to([letter for letter in letters if letter.number == one.notice.number]), language),
            str(one.digest),
        )
        for one in notices
    ]
    print_table(language, headings, rows, title=say("Notices"))
    return 1 if findings else 0


@command.command("show")
@click.argument("number", type=click.IntRange(min=1))
@charter_option
@json_option
@xlsx_option
@workspace_option
@pass_language
def show(language: str, number: int, charter: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Show what notice NUMBER tells, and to whom it went."""
    from mou.notices.words import title_of
    from mou.workflow.charters import choose_charter
    from mou.workflow.notifying import find_notice, letters_of, published_path

    workspace = open_chosen_workspace(folder)
    chosen = choose_charter(workspace, charter)
    stored = find_notice(workspace, chosen, number)
    if as_json:
        echo_json(_as_json(workspace, stored))
        return
    notice = stored.notice
    click.echo(f"{_said(title_of(number), language)} · {notice.day} · {notice.title}")
    click.echo(f"  {published_path(workspace, notice)}\n  {stored.digest}")
    _show_told(language, notice)
    head = notice.head
    echo(language, "ledger: {origin}, {size} entries, root {root}", origin=head.origin, size=head.size, root=head.root.hex())
    echo(language, "the notice before: {digest}", digest=notice.previous or "-")
    letters = [one for one in letters_of(workspace, chosen) if one.number == number]
    echo(language, "sent to: {count}", count=_sent_to(letters))


@command.command("checkpoint")
@click.argument("notice", metavar="NOTICE.pdf", type=pdf_path)
def print_checkpoint(notice: Path) -> None:
    """Print the ledger's signed head that a notice carries (C2SP): for mou ledger audit --checkpoint, and mou verify."""
    from mou.notices.drawing import carried_notice

    click.echo(carried_notice(notice.read_bytes()).checkpoint, nl=False)


@command.command("check")
@click.argument("notice", metavar="NOTICE.pdf", type=pdf_path)
@click.argument("documents", metavar="[DOCUMENT]...", nargs=-1, type=pdf_path)
@click.option("--previous", type=pdf_path, help="The PDF of the notice before it.")
@click.option("--trust", "trust", multiple=True, help="PEM file with trust roots, or a folder of them; NAME=PATH names the set.")
@click.option(
    "--revocation-list",
    "lists",
    multiple=True,
    type=pdf_path,
    help="A list of revoked certificates (DER or PEM) that is newer than the one in the notice.",
)
@click.option("--ledger-key", "ledger_keys", multiple=True, help="Public key of the ledger, as text or as a file that holds it.")
@click.option("--ledger-export", type=click.Path(path_type=Path), help="An export of the ledger to hold the notice against.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]), help="Judge as of this time, UTC (default: now).")
@json_option
@click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="A workspace whose authority and ledger you trust; only its public files are read.",
)
@pass_language
def check(
    language: str,
    notice: Path,
    documents: tuple[Path, ...],
    previous: Path | None,
    trust: tuple[str, ...],
    lists: tuple[Path, ...],
    ledger_keys: tuple[str, ...],
    ledger_export: Path | None,
    at: datetime | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> int:
    """Check a notice that you hold, offline, and whether it tells of each DOCUMENT: yes, no, or not to be known.

    Roots and the ledger's key come from the options and, with -w, from a workspace that you trust.
    """
    from mou.notices.checking import check_notice

    report = check_notice(
        notice.read_bytes(),
        _policy(trust, lists, ledger_keys, ledger_export, at, folder),
        previous=None if previous is None else previous.read_bytes(),
        documents=[(str(one), one.read_bytes()) for one in documents],
    )
    if as_json:
        echo_json(report.as_json(str(notice)))
    else:
        _show_report(language, notice, report)
    return EXIT_CODES[report.verdict]


def _policy(
    trust: Sequence[str],
    lists: Sequence[Path],
    ledger_keys: Sequence[str],
    ledger_export: Path | None,
    at: datetime | None,
    folder: Path | None,
) -> "VerificationPolicy":
    from mou.workflow.verifying import trust_in_folder
    from signatures.ledger.checkpoint import LedgerPublicKey
    from signatures.ledger.export import read_export
    from signatures.trust import load_revocation_lists, load_root_set
    from signatures.verification import VerificationPolicy

    sets = [load_root_set(text) for text in trust]
    texts = [read_text(Path(key)) if Path(key).is_file() else key for key in ledger_keys]
    keys = [LedgerPublicKey.parse(text.strip()) for text in texts]
    if folder is not None:
        own_sets, own_key = trust_in_folder(folder)
        sets += own_sets
        keys.append(own_key)
    return VerificationPolicy(
        roots=tuple(root for one in sets for root in one.roots),
        root_sets=tuple(sets),
        revocation_lists=load_revocation_lists(lists),
        ledger_keys=tuple(keys),
        ledger_export=read_export(ledger_export, keys) if ledger_export else None,
        at=at.replace(tzinfo=UTC) if at else datetime.now(UTC),
    )


def _show_report(language: str, file: Path, report: "NoticeReport") -> None:
    voice = Voice(language)  # what a file says comes from outside, and may not steer a terminal
    echo(language, "{file}: {verdict}", file=voice(str(file)), verdict=VERDICTS[report.verdict])
    for step in report.steps:
        click.echo(f"  {SIGNS[step.outcome]} {step.number} {voice(step.name)}: {voice(OUTCOMES[step.outcome])}")
        click.echo(f"      {voice(step.reason)}")
    for answer in report.documents:
        click.echo(f"  {SIGNS[answer.outcome]} {voice(answer.file)}")
        click.echo(f"      {voice(answer.reason)}")
    if report.verdict == "passed":
        echo(
            language,
            "This does not prove that nothing else was received, or that what a paper says is true; it proves what was told, and "
            "which ledger stood behind it.",
        )


def _show_told(language: str, notice: "Notice") -> None:
    from mou.notices.words import KINDS, fact_in_words, outcome_of

    for fact in notice.facts:
        click.echo(f"  * {_said(fact_in_words(fact), language)}")
    headings = (say("entry"), DayHeading(say("day")), say("instrument"), say("organisation"), say("outcome"))
    rows = [
        (
            one.entry,
            one.on,
            _said(KINDS[one.kind], language),
            one.name or one.party or "",
            _said(outcome_of(one), language),
        )
        for one in notice.instruments
    ]
    print_table(language, headings, rows, title=say("Papers received"))


def _said(words: "Both", language: str) -> str:
    return words.th if language == "th" else words.en


def _sent_to(letters: "Sequence[NoticeLetter]") -> Message:
    """What became of letters: one in the outbox is still to be sent by a person."""
    return say(
        "{mailed} of {all} by mail, {put} in the outbox, {waiting} waiting, {refused} refused",
        mailed=sum(one.channel == "smtp" for one in letters),
        all=len(letters),
        put=sum(one.channel == "outbox" for one in letters),
        waiting=sum(one.is_waiting for one in letters),
        refused=sum(one.refused_at is not None for one in letters),
    )


def _as_json(workspace: "Workspace", stored: "StoredNotice") -> dict[str, object]:
    from mou.charter.notices import notice_as_record
    from mou.workflow.notifying import letters_of, published_path

    notice = stored.notice
    return {
        "number": notice.number,
        "digest": str(stored.digest),
        "entry": stored.entry_index,
        "issued_at": stored.issued_at.isoformat(),
        "file": str(published_path(workspace, notice)),
        "notice": notice_as_record(notice),
        "letters": [
            {
                "organisation": one.organisation_id,
                "sent_at": one.sent_at.isoformat() if one.sent_at else None,
                "channel": one.channel,
                "refused_at": one.refused_at.isoformat() if one.refused_at else None,
            }
            for one in letters_of(workspace, notice.charter_id)
            if one.number == notice.number
        ],
    }


def _deliver(language: str, workspace: "Workspace", *, quiet: bool) -> int:
    """Send what is queued and say what could not be sent; return the exit code."""
    from mou.workflow.notice_letters import deliver_notices, waiting_letters

    waiting = waiting_letters(workspace)
    if not waiting:
        return 0
    with progress(language, say("sending letters"), total=len(waiting)) as steps:
        found = deliver_notices(workspace, along=steps.each)
    for failure in found.failures:
        click.echo(f"mou: {translate(failure, language)}", err=True)
    if quiet:
        return 1 if found.failures else 0
    if found.sent and not workspace.settings.smtp_host:
        echo(
            language,
            "{sent} letters lie in {folder}, for a person to send; no mail server is set (smtp_host in mou.toml)",
            sent=found.sent,
            folder=workspace.folder / "outbox" / "mail",
        )
    elif found.sent:
        echo(language, "{sent} letters sent", sent=found.sent)
    if found.without_address:
        echo(
            language,
            "{count} organisations have no mail address; hand them the file: {names}",
            count=len(found.without_address),
            names=", ".join(found.without_address),
        )
    return 1 if found.failures else 0
