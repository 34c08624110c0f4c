"""`mou print`: a copy of a document for paper."""

from pathlib import Path

import click

from mou.cli.terminal import echo, open_chosen_workspace, pass_language, workspace_option
from mou.errors import UsageError


@click.command("print")
@click.argument("document")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="The copy to write; a file that is there is kept."
)
@workspace_option
@pass_language
def command(language: str, document: str, output: Path, folder: Path | None) -> None:
    """Write a copy of DOCUMENT (its id, its number or its PDF in the workspace) for paper; every page says that it is one."""
    from mou.storage.files import replace_file
    from mou.workflow.printing import print_document
    from mou.workflow.status import find_document

    if output.exists():
        raise UsageError("{path} is there already, and a copy never takes the place of a file; choose another name", path=output)
    workspace = open_chosen_workspace(folder)
    printed = print_document(workspace, find_document(workspace, document).document_id)
    replace_file(output, printed.pdf)
    echo(
        language,
        "{path}: a copy of {document} with {signed} of {asked} signatures, to be printed; the signed PDF stays the record",
        path=output,
        document=printed.document.file_name,
        signed=printed.signed,
        asked=printed.asked,
    )
