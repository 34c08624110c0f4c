"""`mou sign`: one signatory, one document, their own key."""

from pathlib import Path

import click

from mou.cli.terminal import echo, open_chosen_workspace, pass_language, read_text, workspace_option


@click.command("sign")
@click.argument("document")
@click.option("--slot", "field", required=True, help="The signature field, such as S0001; mou status DOCUMENT shows them.")
@click.option("--pkcs12", "key_file", required=True, type=click.Path(path_type=Path), help="The signatory's own key.")
@click.option(
    "--password-file", type=click.Path(path_type=Path), help="File whose first line is the key's password (else asked)."
)
@click.option(
    "--picture",
    "picture_file",
    type=click.Path(path_type=Path),
    help="PNG or JPEG of the handwritten signature or the organisation's stamp, shown on the page.",
)
@workspace_option
@pass_language
def command(
    language: str,
    document: str,
    field: str,
    key_file: Path,
    password_file: Path | None,
    picture_file: Path | None,
    folder: Path | None,
) -> None:
    """Sign DOCUMENT (its id, its number or its PDF in the workspace) in one field."""
    from mou.workflow.publishing import publish_queued
    from mou.workflow.signing import check_picture, sign_document
    from mou.workflow.stamps import open_picture
    from mou.workflow.status import find_document
    from signatures.signers import open_pkcs12

    workspace = open_chosen_workspace(folder)
    found = find_document(workspace, document)
    picture = None if picture_file is None else open_picture(picture_file)
    if picture is not None:
        check_picture(workspace, found.document_id, field, picture)
    if password_file is not None:
        password = (read_text(password_file).splitlines() or [""])[0]
    else:
        password = click.prompt("password", hide_input=True, default="", show_default=False, err=True)
    signed = sign_document(workspace, found.document_id, field, open_pkcs12(key_file, password), picture=picture)
    publish_queued(workspace)
    name = signed.request.slot.person.full_name
    if signed.is_new:
        echo(language, "{document}, {field}: signed by {name} and recorded", document=found.file_name, field=field, name=name)
    else:
        echo(
            language,
            "{document}, {field}: {name} has signed already; nothing was done",
            document=found.file_name,
            field=field,
            name=name,
        )
