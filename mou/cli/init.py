"""`mou init`: a new workspace."""

from pathlib import Path

import click

from mou.cli.terminal import echo, pass_language


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="The network or programme; the name stands in its seal.")
@click.option("--origin", help="The ledger's name, such as example.org/charters (default: one made for this workspace).")
@pass_language
def command(language: str, folder: Path, name: str, origin: str | None) -> None:
    """Make a new workspace: settings, database, ledger key, the network's own authority and seal."""
    from mou.app import create_workspace

    workspace = create_workspace(folder, name=name, origin=origin)
    echo(language, "workspace made: {folder}", folder=workspace.folder)
    echo(language, "public key of the ledger, to be handed to everyone: {key}", key=workspace.keys.ledger_public_key())
    echo(language, "next: put ceremony.toml into the workspace, then: mou organisations import FILE")
