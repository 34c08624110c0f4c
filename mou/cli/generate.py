"""`mou generate`: documents from a template."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, echo_json, json_option, open_chosen_workspace, pass_language, progress, workspace_option
from mou.errors import InputError
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.workflow.generating import Generated, GenerationTask
    from mou.workflow.workspace import Workspace


@click.command("generate")
@click.argument("template")
@click.option("--list", "list_name", help="The list of organisations, where several were imported.")
@click.option("--organisation", "organisation_ids", multiple=True, help="Only for this organisation's id; may be repeated.")
@json_option
@workspace_option
@pass_language
def command(
    language: str,
    template: str,
    list_name: str | None,
    organisation_ids: tuple[str, ...],
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Make one document per organisation; what was made before from the same input is left as it is."""
    from mou.workflow.generating import plan_generation

    workspace = open_chosen_workspace(folder)
    tasks = plan_generation(workspace, template, list_name=list_name, organisation_ids=organisation_ids)
    generated = generate_all(workspace, tasks, language)
    new = sum(result.is_new for result in generated)
    if as_json:
        echo_json(
            [
                {"document": result.document.document_id, "file": result.document.file_name, "new": result.is_new}
                for result in generated
            ]
        )
        return
    echo(
        language,
        "{template}: {new} documents made, {old} were there already",
        template=template,
        new=new,
        old=len(generated) - new,
    )
    echo(language, "they lie in {folder}", folder=workspace.documents_folder / template)


def generate_all(workspace: "Workspace", tasks: "tuple[GenerationTask, ...]", language: str) -> "list[Generated]":
    """Make all documents in a pool and publish them; those that could not be made are named together at the end."""
    from mou.app import job_runner
    from mou.cli.failures import failure_message
    from mou.workflow.generating import generate
    from mou.workflow.publishing import publish_queued

    generated: list[Generated] = []
    problems: list[Message] = []
    failed = 0
    with job_runner(workspace, items=len(tasks)) as runner, progress(language, say("documents"), len(tasks)) as steps:
        for outcome in steps.each(runner.run(generate, tasks)):
            if outcome.error is not None:
                failed += 1
                organisation = outcome.item.organisation_id or outcome.item.list_name
                causes = (failure_message(outcome.error), *getattr(outcome.error, "problems", ()))
                problems.extend(say("{organisation}: {cause}", organisation=organisation, cause=cause) for cause in causes)
            else:
                generated.append(outcome.unwrap())
    publish_queued(workspace)
    if problems:
        raise InputError(
            "{failed} of {total} documents could not be made; {made} are there",
            failed=failed,
            total=len(tasks),
            made=len(generated),
            problems=tuple(problems),
        )
    return sorted(generated, key=lambda result: result.document.file_name)
