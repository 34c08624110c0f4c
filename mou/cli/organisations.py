"""`mou organisations`: take lists in, and show what is there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import (
    check_workbook_path,
    echo,
    echo_json,
    echo_message,
    find_chosen_workspace,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    workspace_option,
    xlsx_option,
)
from mou.cli.words import kind_in_words
from mou.errors import UsageError
from mou.messages import translate
from mou.models import Discrepancy
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.storage.store import ListedOrganisation


@click.group("organisations")
def command() -> None:
    """Import and list organisations, or begin a list."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "list_name", help="Name of the list in the workspace (default: the file's name).")
@json_option
@workspace_option
@pass_language
def import_list(language: str, file: Path, list_name: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Read a list (xlsx, csv, or a table in a docx); print what was read and every discrepancy. Nothing is corrected."""
    from mou.workflow.importing import import_organisations

    read = import_organisations(open_chosen_workspace(folder), file, list_name=list_name)
    if as_json:
        echo_json(
            {
                "source": str(file),
                "organisations": [entry.organisation_id for entry in read.organisations],
                "declared_count": read.declared_count,
                "discrepancies": [_as_json(found) for found in read.discrepancies],
            }
        )
        return
    echo(language, "{file}: {count} organisations read and kept", file=file.name, count=len(read.organisations))
    show_discrepancies(language, read.discrepancies)


@command.command("list")
@click.option("--list", "list_name", help="Only this list.")
@json_option
@xlsx_option
@workspace_option
@pass_language
def show_list(language: str, list_name: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Show the organisations of the workspace."""
    workspace = open_chosen_workspace(folder)
    with workspace.database.read() as transaction:
        listed = transaction.store.organisations(list_name)
    if as_json:
        echo_json([_listed_as_json(entry) for entry in listed])
        return
    headings = (say("list"), say("no."), say("id"), say("name"), say("kind"), say("province"))
    rows = [
        (
            entry.list_name,
            entry.number,
            entry.organisation.organisation_id,
            entry.organisation.name_th,
            kind_in_words(entry.organisation.kind, language),
            entry.organisation.province,
        )
        for entry in listed
    ]
    print_table(language, headings, rows, title=say("Organisations"))


@command.command("starter")
@click.argument("path", metavar="OUT.xlsx", type=click.Path(path_type=Path))
@click.option("--for", "template", help="Also the columns that this template asks for; mou template list shows the names.")
@click.option("--with-dates-of-birth", is_flag=True, help="Also a column for them; needed where somebody under 20 may sign.")
@click.option("--force", "may_replace", is_flag=True, help="Replace a file of that name.")
@workspace_option
@pass_language
def write_starter(
    language: str, path: Path, template: str | None, folder: Path | None, *, with_dates_of_birth: bool, may_replace: bool
) -> None:
    """Write a workbook to fill in: Thai headings, words to choose from, and a note with an example on each column."""
    from mou.storage.files import replace_file
    from mou.workflow.starting_lists import starter_for
    from mou.workflow.templates import find_template

    check_workbook_path(path)
    if path.exists() and not may_replace:
        raise UsageError("{path} is there already; choose another name, or replace it with --force", path=path)
    workspace = find_chosen_workspace(folder)
    own = workspace / "templates" if workspace else None
    chosen = find_template(own, template) if template else None
    replace_file(path, starter_for(chosen, with_dates_of_birth=with_dates_of_birth))
    echo(language, "{path}: a list to fill in; when it is filled in: mou organisations import {path}", path=path)


def show_discrepancies(language: str, discrepancies: Sequence[Discrepancy]) -> None:
    """Print what looks wrong in a list, or that nothing does."""
    if not discrepancies:
        echo(language, "no discrepancies")
        return
    echo(language, "{count} discrepancies; nothing was corrected:", count=len(discrepancies))
    for found in discrepancies:
        echo_message(language, _placed(found), indent="  - ")


def _placed(found: Discrepancy) -> Message:
    from mou.organisations.tables import on_one_line

    if found.row is None:
        return found.message
    if found.column is None:
        return say("row {row}: {finding}", row=found.row, finding=found.message)
    return say("row {row}, {column}: {finding}", row=found.row, column=on_one_line(found.column), finding=found.message)


def _listed_as_json(entry: "ListedOrganisation") -> dict[str, str]:
    organisation = entry.organisation
    return {
        "list": entry.list_name,
        "number": str(entry.number),
        "organisation_id": organisation.organisation_id,
        "name_th": organisation.name_th,
        "kind": organisation.kind.value,
        "province": organisation.province or "",
    }


def _as_json(found: Discrepancy) -> dict[str, object]:
    return {"code": found.code, "row": found.row, "column": found.column, "message": translate(found.message, "en")}
