"""`mou template import`: a template out of a Word file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, echo_json, echo_message, find_chosen_workspace, json_option, pass_language, workspace_option
from mou.errors import InputError, UsageError
from signatures.messages import say

if TYPE_CHECKING:
    from mou.charter.clauses import FinalClauses
    from mou.workflow.importing_templates import TemplateImport

_KINDS = ("memorandum", "charter")


@click.command("import")
@click.argument("file", metavar="FILE.docx", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Name of the template and its folder (default: made of the file's name).")
@click.option("--kind", type=click.Choice(_KINDS), default=_KINDS[0], show_default=True, help="What the template makes.")
@click.option(
    "--clauses",
    "clauses_file",
    metavar="FILE.toml",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A charter's final clauses: a TOML file with [final_clauses].",
)
@click.option("--charter", metavar="NAME", help="The charter's template to which the memorandum consents.")
@click.option(
    "--into",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the template's folder is made (default: templates/ of the workspace).",
)
@json_option
@workspace_option
@pass_language
def command(
    language: str,
    file: Path,
    name: str | None,
    kind: str,
    clauses_file: Path | None,
    charter: str | None,
    into: Path | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Make a template out of a Word file with tags, and tell what of it could not be taken over."""
    from mou.rendering.word.opening.packed import MAXIMUM_PACKED_BYTES
    from mou.templates import TemplateKind
    from mou.word_import.template_of import TemplateWishes
    from mou.workflow.importing_templates import import_template

    target = _target(into, folder)
    wanted = TemplateKind(kind)
    clauses = _read_clauses(clauses_file, is_charter=wanted is TemplateKind.CHARTER)
    wishes = TemplateWishes(name or _name_of(file), wanted, clauses, charter)
    with file.open("rb") as opened:
        content = opened.read(MAXIMUM_PACKED_BYTES + 1)  # one byte past the limit is enough to be refused
    _show(language, import_template(file, content, target, wishes), as_json=as_json)


def _target(into: Path | None, folder: Path | None) -> Path:
    if into is not None:
        return into
    workspace = find_chosen_workspace(folder)
    if workspace is None:
        raise UsageError("no workspace here; make one with: mou init DIR, name one with -w DIR, or say where with --into FOLDER")
    return workspace / "templates"


def _name_of(file: Path) -> str:
    from mou.word_import.template_of import name_from

    if made := name_from(file.stem):
        return made
    raise UsageError(
        "{file}: a name with Latin letters is expected, of which the template's name could be made; give one with --name",
        file=file.name,
    )


def _read_clauses(path: Path | None, *, is_charter: bool) -> "FinalClauses | None":
    from mou.charter.clauses import parse_clauses
    from mou.errors import TemplateError
    from mou.toml_tables import read_toml

    if path is None:
        if is_charter:
            raise UsageError(
                "a charter needs final clauses, which no Word file holds; write a TOML file with [final_clauses], such as the one"
                " in template.toml of lanna-charter, and name it with --clauses FILE.toml"
            )
        return None
    if not is_charter:
        raise UsageError("final clauses are a charter's; add --kind charter, or leave out --clauses")
    table = read_toml(path, TemplateError).get("final_clauses")
    if not isinstance(table, dict):
        raise InputError("{file}: a table [final_clauses] is expected, there is none", file=path)
    return parse_clauses(table, f"{path}: final_clauses")


def _show(language: str, done: "TemplateImport", *, as_json: bool) -> None:
    from mou.word_import.report import as_record, messages_of

    if as_json:
        echo_json(as_record(done.report) | {"folder": str(done.template.folder), "was_there": done.was_there})
        return
    if done.was_there:
        echo(language, "{folder} was made from this very file before, and was left as it is", folder=done.template.folder)
    else:
        echo(language, "{folder} made from {file}", folder=done.template.folder, file=done.report.source)
    for heading, lines in messages_of(done.report):
        echo_message(language, heading)
        for line in lines:
            echo_message(language, line, indent="  - ")
    if not done.was_there:
        echo_message(language, say("next: mou template check {folder}", folder=done.template.folder))
