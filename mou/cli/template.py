"""`mou template`: which templates there are, and whether one can be used."""

from pathlib import Path

import click

from mou.cli.template_check import command as check_command
from mou.cli.template_import import command as import_command
from mou.cli.template_new import command as new_command
from mou.cli.template_preview import command as preview_command
from mou.cli.terminal import (
    echo_json,
    find_chosen_workspace,
    json_option,
    pass_language,
    print_table,
    workspace_option,
    xlsx_option,
)
from mou.cli.words import capacity_in_words
from signatures.messages import say


@click.group("template")
def command() -> None:
    """List, show and check templates."""


command.add_command(check_command)
command.add_command(import_command)
command.add_command(new_command)
command.add_command(preview_command)


@command.command("list")
@json_option
@xlsx_option
@workspace_option
@pass_language
def list_templates(language: str, folder: Path | None, *, as_json: bool) -> None:
    """Show the bundled templates and the workspace's own."""
    from mou.workflow.templates import find_template, template_names

    own = _own_folder(folder)
    templates = [find_template(own, name) for name in template_names(own)]
    if as_json:
        echo_json([{"name": each.name, "title": each.title, "kind": each.kind, "version": each.version} for each in templates])
        return
    headings = (say("name"), say("kind"), say("version"), say("title"))
    rows = [(each.name, each.kind, each.version, each.title) for each in templates]
    print_table(language, headings, rows, title=say("Templates"))


@command.command("show")
@click.argument("name")
@json_option
@xlsx_option
@workspace_option
@pass_language
def show_template(language: str, name: str, folder: Path | None, *, as_json: bool) -> None:
    """Show a template's fields and who signs it, in which order."""
    from mou.workflow.templates import find_template

    template = find_template(_own_folder(folder), name)
    if as_json:
        echo_json(
            {
                "name": template.name,
                "title": template.title,
                "digest": str(template.digest),
                "fields": [{"name": each.name, "type": each.type, "label": each.label} for each in template.fields],
                "roles": [{"name": each.name, "label": each.label, "order": each.order} for each in template.roles],
            }
        )
        return
    click.echo(f"{template.title}\n{template.digest}\n")
    headings = (say("field"), say("type"), say("label"), say("example"))
    fields = [(each.name, each.type, each.label, str(each.example)) for each in template.fields]
    print_table(language, headings, fields, title=say("Fields"))
    rows = [(each.order, each.name, each.label, capacity_in_words(each.capacity, language)) for each in template.roles]
    print_table(language, (say("order"), say("role"), say("label"), say("capacity")), rows, title=say("Roles"))


def _own_folder(folder: Path | None) -> Path | None:
    """The workspace's folder with its own templates, where there is a workspace."""
    workspace = find_chosen_workspace(folder)
    return workspace / "templates" if workspace else None
