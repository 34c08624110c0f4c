"""`mou ledger`: what happened, in an order that cannot be changed unseen."""

from pathlib import Path

import click

from mou.cli.terminal import (
    echo,
    echo_json,
    echo_message,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    read_text,
    workspace_option,
    xlsx_option,
)
from signatures.messages import say


@click.group("ledger")
def command() -> None:
    """Show, prove, audit and export the ledger."""


@command.command("show")
@click.option("--last", default=20, show_default=True, help="How many entries, counted from the newest.")
@json_option
@xlsx_option
@workspace_option
@pass_language
def show_entries(language: str, last: int, folder: Path | None, *, as_json: bool) -> None:
    """Show the newest entries."""
    workspace = open_chosen_workspace(folder)
    with workspace.database.read() as transaction:
        head = transaction.ledger.head()
        entries = transaction.ledger.entries(max(0, head.size - last), head.size)
    if as_json:
        echo_json({"origin": head.origin, "size": head.size, "entries": [entry.leaf.decode() for entry in entries]})
        return
    headings = (say("index"), say("time"), say("event"), say("subject"))
    rows = [(entry.index, entry.at.strftime("%Y-%m-%d %H:%M:%SZ"), entry.type, entry.subject) for entry in entries]
    print_table(language, headings, rows, title=say("Ledger"))
    echo(language, "{size} entries in {origin}", size=head.size, origin=head.origin)


@command.command("checkpoint")
@workspace_option
def publish_checkpoint(folder: Path | None) -> None:
    """Publish the signed head of the ledger: print it, and keep it in the outbox to be handed to everyone (C2SP)."""
    from mou.workflow import checkpoints

    path = checkpoints.publish_checkpoint(open_chosen_workspace(folder))
    click.echo(path.read_text(encoding="utf-8"), nl=False)


@command.command("prove")
@click.argument("index", type=click.IntRange(min=0))
@workspace_option
def prove_entry(index: int, folder: Path | None) -> None:
    """Print the inclusion proof of one entry (a C2SP tlog-proof)."""
    from signatures.ledger.receipt import write_receipt

    workspace = open_chosen_workspace(folder)
    with workspace.database.read() as transaction:
        click.echo(write_receipt(transaction.ledger.receipt(index)), nl=False)


@command.command("audit")
@click.option(
    "--checkpoint", "checkpoints", multiple=True, type=click.Path(path_type=Path), help="A checkpoint that somebody holds."
)
@json_option
@workspace_option
@pass_language
def audit_ledger(language: str, checkpoints: tuple[Path, ...], folder: Path | None, *, as_json: bool) -> int:
    """Recompute everything from the entries; trust nothing else that is stored."""
    from mou.workflow.auditing import audit_workspace

    report = audit_workspace(open_chosen_workspace(folder), checkpoints)
    if as_json:
        echo_json(
            {"size": report.checkpoint.size, "sound": report.is_clean, "findings": [str(finding) for finding in report.findings]}
        )
    elif report.is_clean:
        echo(language, "the ledger is sound: {size} entries, every proof and every file recomputed", size=report.checkpoint.size)
    else:
        echo(language, "the ledger is NOT sound: {count} findings", count=len(report.findings))
        for finding in report.findings:
            echo_message(language, finding, indent="  - ")
    return 0 if report.is_clean else 1


@command.command("export")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@workspace_option
@pass_language
def export_entries(language: str, target: Path, folder: Path | None) -> None:
    """Write the ledger as a folder that anyone can check without us (C2SP tlog-tiles)."""
    from signatures.ledger.export import export_ledger

    workspace = open_chosen_workspace(folder)
    with workspace.database.read() as transaction:
        export_ledger(transaction.ledger, target)
        size = transaction.ledger.head().size
    echo(language, "{size} entries exported to {folder}", size=size, folder=target)


@command.command("verify-export")
@click.argument("source", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--ledger-key", "ledger_keys", multiple=True, required=True, help="Public key of the ledger, known from before.")
@json_option
@pass_language
def verify_export(language: str, source: Path, ledger_keys: tuple[str, ...], *, as_json: bool) -> int:
    """Recompute an export from its entries; needs no workspace and no database."""
    from signatures.ledger.checkpoint import LedgerPublicKey
    from signatures.ledger.export import read_export

    keys = [LedgerPublicKey.parse((read_text(Path(key)) if Path(key).is_file() else key).strip()) for key in ledger_keys]
    export = read_export(source, keys)
    if as_json:
        echo_json(
            {
                "size": export.checkpoint.size if export.checkpoint else None,
                "findings": [str(finding) for finding in export.findings],
            }
        )
    elif export.findings:
        for finding in export.findings:
            echo_message(language, finding, indent="  - ")
    else:
        assert export.checkpoint is not None
        echo(
            language,
            "the export is sound: {size} entries of {origin}",
            size=export.checkpoint.size,
            origin=export.checkpoint.origin,
        )
    return 1 if export.findings else 0
