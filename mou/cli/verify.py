"""`mou verify`: the whole claim of a signed PDF, offline. Loads no database, and a renderer only for a PDF report."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, pass_language, read_text
from mou.errors import UsageError
from mou.report.voice import Voice
from mou.report.words import OUTCOMES, SIGNS, TIME_SOURCES, VERDICTS, identity_in_words
from signatures.messages import say

if TYPE_CHECKING:
    from mou.report.case import Case
    from mou.report.laid_out import LaidOutBy
    from signatures.verification import VerificationPolicy, VerificationReport

EXIT_CODES = {"passed": 0, "failed": 1, "indeterminate": 3}


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--evidence", type=click.Path(path_type=Path), help="Evidence file (default: NAME.evidence.json beside NAME.pdf).")
@click.option("--trust", "trust", multiple=True, help="PEM file with trust roots, or a folder of them; NAME=PATH names the set.")
@click.option(
    "--revocation-list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A list of revoked certificates (DER or PEM) that is newer than those in file and evidence.",
)
@click.option("--ledger-key", "ledger_keys", multiple=True, help="Public key of a ledger, as text or as a file that holds it.")
@click.option("--checkpoint", "checkpoints", multiple=True, type=click.Path(path_type=Path), help="A checkpoint that you hold.")
@click.option("--ledger-export", type=click.Path(path_type=Path), help="An export of the ledger to check against.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]), help="Judge as of this time, UTC (default: now).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file and line.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path),
    help="A report to file, in Thai and English: OUT.html or OUT.pdf, one for all files; a file that is there is kept.",
)
@click.option(
    "--lang", "wanted", type=click.Choice(["th", "en"]), help="The language of the answer; it stands first in a report."
)
@click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="A workspace whose authority and ledger you trust (default: MOU_WORKSPACE; never the folder you stand in).",
)
@pass_language
def command(
    language: str,
    files: tuple[Path, ...],
    evidence: Path | None,
    trust: tuple[str, ...],
    lists: tuple[Path, ...],
    ledger_keys: tuple[str, ...],
    checkpoints: tuple[Path, ...],
    ledger_export: Path | None,
    at: datetime | None,
    report_file: Path | None,
    wanted: str | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> int:
    """Verify signed PDFs; what is not known is said, and never counted as yes.

    Roots and the ledger's key come from the options and, with -w, from a workspace that you trust. The folder that you
    stand in is never trusted by itself: it may have come with the file.
    """
    from mou.report.laid_out import laid_out_by

    language = wanted or language
    if evidence is not None and len(files) > 1:
        raise UsageError("--evidence goes with one file: {count} were given", count=len(files))
    if report_file is not None:
        from mou.report.writing import check_target

        check_target(report_file)
    policy = _policy(trust, lists, ledger_keys, checkpoints, ledger_export, at, folder)
    cases = []
    worst = 0
    for file in files:
        case = _verify_file(file, evidence, policy)
        by = laid_out_by(case.pdf, case.report)
        if as_json:
            said = {} if by is None else {"laid_out_by": by.as_json()}
            click.echo(json.dumps({**case.report.as_json(case.file), **said}, ensure_ascii=False))
        else:
            show_report(language, file, case.report, by)
        worst = _worse(worst, EXIT_CODES[case.report.verdict])
        if report_file is not None:
            cases.append(case)
    if report_file is not None:
        _write_report(report_file, cases, language)
        if not as_json:
            echo(language, "{path}: report written; files in it: {count}", path=report_file, count=len(cases))
    return worst


def show_report(language: str, file: Path, report: "VerificationReport", by: "LaidOutBy | None" = None) -> None:
    """Print a report for people: the outcome, each step with its reason, the signatures, what this does not prove."""
    voice = Voice(language)  # names come from outside, and none of them may steer a terminal
    echo(language, "{file}: {verdict}", file=voice(str(file)), verdict=VERDICTS[report.verdict])
    click.echo(f"  {voice(report.reason)}")
    if report.digest is None:  # there was no file; eight steps would say so eight times
        click.echo()
        return
    for step in report.steps:
        click.echo(f"  {SIGNS[step.outcome]} {step.number} {voice(step.name)}: {voice(OUTCOMES[step.outcome])}")
        click.echo(f"      {voice(step.reason)}")
    for check in report.signatures:
        root = " · ".join(filter(None, (check.trust_root, check.trust_set)))
        time, source = _local_time(check.time, language), voice(TIME_SOURCES[check.time_source])
        click.echo(f"  {voice(check.field)}  {voice(check.signer) or '-'}  {voice(check.capacity) or '-'}")
        click.echo(f"         {time} ({source})  {check.level}  {voice(root) or '-'}")
        if check.identity:
            known = say("known by: {identity}", identity=identity_in_words(check.identity))
            click.echo(f"         {voice(known)}")
    if by is not None:
        click.echo(f"  {voice(by.sentence())}")
    if report.verdict == "passed":
        echo(
            language,
            "This does not prove that what the text says is true, that a signatory was entitled to bind the organisation, "
            "or that no later instrument changed it.",
        )
    click.echo()


def _local_time(at: datetime | None, language: str) -> str:
    """The time as a person in Thailand reads it; JSON has it in UTC."""
    from mou.thai import BANGKOK, thai_datetime

    if at is None:
        return "-"
    try:
        return thai_datetime(at) if language == "th" else at.astimezone(BANGKOK).strftime("%d %B %Y, %H:%M:%S %Z")
    except (ValueError, OverflowError):  # a signature may claim the last hour of the year 9999
        return at.isoformat()


def _verify_file(file: Path, evidence: Path | None, policy: "VerificationPolicy") -> "Case":
    """Verify one file; a file that cannot be read is a case too."""
    from mou.report.case import Case
    from signatures.verification import unreadable_report, verify

    beside = evidence or file.with_suffix(".evidence.json")
    content = evidence_bytes = None
    try:
        content = file.read_bytes()
        evidence_bytes = beside.read_bytes() if evidence is not None or beside.is_file() else None
    except OSError as error:
        report = unreadable_report(
            say("{path} cannot be read: {cause}", path=error.filename or file, cause=error.strerror or error)
        )
    else:
        report = verify(content, evidence_bytes, policy)
    return Case(
        file=str(file),
        pdf=content,
        evidence_file=str(beside) if evidence_bytes is not None else None,
        evidence=evidence_bytes,
        policy=policy,
        report=report,
    )


def _write_report(path: Path, cases: "list[Case]", language: str) -> None:
    from mou.report.writing import report_bytes
    from mou.storage.files import replace_file

    replace_file(path, report_bytes(cases, language, as_pdf=path.suffix.lower() == ".pdf", made_at=datetime.now(UTC)))


def _policy(
    trust: tuple[str, ...],
    lists: tuple[Path, ...],
    ledger_keys: tuple[str, ...],
    checkpoints: tuple[Path, ...],
    ledger_export: Path | None,
    at: datetime | None,
    folder: Path | None,
) -> "VerificationPolicy":
    from mou.workflow.verifying import trust_in_folder
    from signatures.ledger.checkpoint import LedgerPublicKey, open_checkpoint
    from signatures.ledger.export import read_export
    from signatures.trust import load_revocation_lists, load_root_set
    from signatures.verification import VerificationPolicy

    workspace = folder or (Path(named) if (named := os.environ.get("MOU_WORKSPACE")) else None)
    sets = [load_root_set(text) for text in trust]
    keys = tuple(LedgerPublicKey.parse(_text_of(key).strip()) for key in ledger_keys)
    if workspace:
        own_sets, own_key = trust_in_folder(workspace)
        sets += own_sets
        keys = (*keys, own_key)
    return VerificationPolicy(
        roots=tuple(root for one in sets for root in one.roots),
        root_sets=tuple(sets),
        revocation_lists=load_revocation_lists(lists),
        ledger_keys=keys,
        held_checkpoints=tuple(open_checkpoint(read_text(path), keys) for path in checkpoints),
        ledger_export=read_export(ledger_export, keys) if ledger_export else None,
        at=at.replace(tzinfo=UTC) if at else datetime.now(UTC),
    )


def _text_of(key: str) -> str:
    path = Path(key)
    return read_text(path) if path.is_file() else key


def _worse(first: int, second: int) -> int:
    """The exit code of two files together: failed before indeterminate before passed."""
    rank = (0, 3, 1)
    return max(first, second, key=rank.index)
