"""`mou demo`: the whole way on the bundled example."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.generate import generate_all
from mou.cli.organisations import show_discrepancies
from mou.cli.terminal import echo, pass_language, print_table, progress
from mou.messages import translate
from mou.report.words import VERDICTS
from signatures.messages import say

if TYPE_CHECKING:
    from mou.workflow.workspace import Workspace


@click.command("demo")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@pass_language
def command(language: str, folder: Path) -> int:
    """Import, generate, sign, record and verify the bundled example in a new workspace; a second run makes nothing twice."""
    from mou.workflow import demonstrating
    from mou.workflow.generating import plan_generation

    workspace = _workspace(language, folder)
    echo(language, "All organisations, persons and signatures of this example are invented; every page says ตัวอย่าง.")
    for imported in demonstrating.bring_in_example(workspace):
        echo(language, "{list}: {count} organisations read", list=imported.name, count=len(imported.read.organisations))
        if imported.read.declared_count is not None and imported.read.declared_count != len(imported.read.organisations):
            show_discrepancies(language, imported.read.discrepancies)
    for template in (demonstrating.CHARTER, demonstrating.MEMORANDUM):
        made = generate_all(workspace, plan_generation(workspace, template, list_name=demonstrating.MEMBERS_LIST), language)
        echo(
            language,
            "{template}: {count} documents, {new} of them new",
            template=template,
            count=len(made),
            new=sum(each.is_new for each in made),
        )
    keys = demonstrating.make_signatory_keys(workspace)
    echo(language, "{count} signatories hold a key of their own (made here, for the example only)", count=keys)
    _sign_all(workspace, language)
    return _verify_all(workspace, language)


def _workspace(language: str, folder: Path) -> "Workspace":
    from mou.app import create_workspace, open_workspace
    from mou.config import SETTINGS_FILE
    from mou.workflow import demonstrating
    from mou.workflow.publishing import publish_queued

    if not (folder / SETTINGS_FILE).exists():
        workspace = create_workspace(folder, name=demonstrating.NETWORK_NAME, origin=demonstrating.new_origin())
        echo(language, "new workspace: {folder}", folder=folder)
        return workspace
    workspace = open_workspace(folder)
    demonstrating.require_demonstration(workspace)
    publish_queued(workspace)
    echo(language, "the workspace {folder} is there already; what it holds is not made again", folder=folder)
    return workspace


def _sign_all(workspace: "Workspace", language: str) -> None:
    from mou.app import job_runner
    from mou.workflow.demonstrating import sign_open_requests
    from mou.workflow.publishing import publish_queued
    from mou.workflow.status import document_statuses

    # The charter first: its signatures can only follow one another, so its worker is busy longest.
    waiting = sorted((each for each in document_statuses(workspace) if each.missing), key=lambda each: -len(each.missing))
    identifiers = tuple(each.document.document_id for each in waiting)
    with (
        job_runner(workspace, items=len(identifiers)) as runner,
        progress(language, say("signatures"), len(identifiers)) as steps,
    ):
        for outcome in steps.each(runner.run(sign_open_requests, identifiers)):
            outcome.unwrap()
    publish_queued(workspace)
    statuses = document_statuses(workspace)
    echo(
        language,
        "{signed} of {asked} signatures are made and recorded",
        signed=sum(each.signed for each in statuses),
        asked=sum(len(each.requests) for each in statuses),
    )


def _verify_all(workspace: "Workspace", language: str) -> int:
    from mou.app import job_runner
    from mou.workflow.auditing import audit_workspace
    from mou.workflow.checkpoints import publish_checkpoint
    from mou.workflow.status import document_statuses
    from mou.workflow.verifying import verify_published

    statuses = document_statuses(workspace)
    verdicts: dict[str, str] = {}
    identifiers = tuple(each.document.document_id for each in statuses)
    with (
        job_runner(workspace, items=len(identifiers)) as runner,
        progress(language, say("verification"), len(identifiers)) as steps,
    ):
        for outcome in steps.each(runner.run(verify_published, identifiers)):
            verdicts[outcome.item] = outcome.unwrap().verdict
    with workspace.database.read() as transaction:
        parties = {entry.organisation.organisation_id: entry.organisation.name_th for entry in transaction.store.organisations()}
    rows = [
        (
            each.document.file_name,
            parties.get(each.document.organisation_id or "", workspace.settings.name),
            f"{each.signed}/{len(each.requests)}",
            translate(VERDICTS[verdicts[each.document.document_id]], language),
        )
        for each in statuses
    ]
    print_table(language, (say("document"), say("organisation"), say("signed"), say("verification")), rows)
    publish_checkpoint(workspace)
    report = audit_workspace(workspace)
    if report.is_clean:
        echo(language, "the ledger is sound: {size} entries, every proof and every file recomputed", size=report.checkpoint.size)
    passed = sum(verdict == "passed" for verdict in verdicts.values())
    echo(
        language,
        "{passed} of {all} documents passed, {signatures} signatures",
        passed=passed,
        all=len(verdicts),
        signatures=sum(each.signed for each in statuses),
    )
    _show_next(workspace, language)
    return 0 if report.is_clean and passed == len(verdicts) else 1


def _show_next(workspace: "Workspace", language: str) -> None:
    from mou.workflow.demonstrating import CHARTER, MEMORANDUM

    first = next(iter(sorted((workspace.documents_folder / MEMORANDUM).glob("*.pdf"))), None)
    echo(language, "where to look next:")
    for template in (CHARTER, MEMORANDUM):
        click.echo(f"  {workspace.documents_folder / template}")
    click.echo(f"  mou verify -w {workspace.folder} {first}")
    click.echo(f"  mou status -w {workspace.folder}")
    click.echo(f"  mou ledger show -w {workspace.folder}")
