"""`mou generate`: documents from a template."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from mou.cli.terminal import echo, echo_json, json_option, open_chosen_workspace, pass_language, progress, workspace_option
from mou.errors import InputError, UsageError
from signatures.messages import Message, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from mou.workflow.generating import Generated, GenerationTask
    from mou.workflow.workspace import Workspace

Made = TypeVar("Made")

WORD_LIST: Final = "word list"  # mou.rendering.line_ends.LineEngine, which is not loaded here


@click.command("generate")
@click.argument("template")
@click.option("--list", "list_name", help="The list of organisations, where several were imported.")
@click.option("--organisation", "organisation_ids", multiple=True, help="Only for this organisation's id; may be repeated.")
@click.option("--draft", "as_draft", is_flag=True, help="Write marked drafts to read and comment on; nothing is recorded.")
@click.option("--word", "as_word", is_flag=True, help="Write the drafts as Word files to edit; nothing is recorded.")
@click.option("--own-layout", is_flag=True, help="With --word: fill the house's own Word file, the template's template.docx.")
@click.option(
    "--through-libreoffice",
    "through_office",
    is_flag=True,
    help="Sign the pages of the house's own Word file, as an installed LibreOffice lays them out.",
)
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
    as_draft: bool,
    as_word: bool,
    own_layout: bool,
    through_office: bool,
    as_json: bool,
) -> None:
    """Make one document per organisation; what was made before from the same input is left as it is."""
    from mou.workflow.generating import plan_generation

    if own_layout and not as_word:
        raise UsageError("--own-layout goes with --word: the house's own Word file is filled as a draft")
    if through_office and (as_draft or as_word):
        raise UsageError("--through-libreoffice makes documents to sign: leave --draft and --word out")
    workspace = open_chosen_workspace(folder)
    tasks = plan_generation(workspace, template, list_name=list_name, organisation_ids=organisation_ids)
    if as_draft or as_word:
        drafts = write_all_drafts(workspace, tasks, language, as_word=as_word, own_layout=own_layout)
        _tell_drafts(language, template, drafts, own_layout=own_layout, as_json=as_json)
        return
    tasks = tuple(replace(task, through_office=through_office) for task in tasks)
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
    if through_office:
        echo(
            language,
            "LibreOffice laid out their pages, not this program: their text layer is not repaired, the rules of PDF/UA are not "
            "checked, and another machine may lay them out in another way",
        )


def _tell_drafts(language: str, template: str, drafts: list[Path], *, own_layout: bool, as_json: bool) -> None:
    if as_json:
        echo_json([{"draft": str(path), **({"follows": "template.docx"} if own_layout else {})} for path in drafts])
        return
    echo(language, "{template}: {count} drafts written", template=template, count=len(drafts))
    echo(language, "they lie in {folder}", folder=drafts[0].parent)
    if own_layout:
        echo(language, "they follow the house's own Word file; the PDF of record follows the program's layout, not this one")


def generate_all(workspace: "Workspace", tasks: "tuple[GenerationTask, ...]", language: str) -> "list[Generated]":
    """Make all documents in a pool and publish them; those that could not be made are named together at the end."""
    from mou.workflow.generating import generate
    from mou.workflow.publishing import publish_queued

    generated, problems = _run(workspace, generate, tasks, language)
    publish_queued(workspace)
    _refuse(problems, tasks, made=len(generated))
    if any(result.line_engine == WORD_LIST for result in generated):
        echo(language, "Pango was built without libthai here; lines of Thai end where the program's own list of words lets them")
    return sorted(generated, key=lambda result: result.document.file_name)


def write_all_drafts(
    workspace: "Workspace", tasks: "tuple[GenerationTask, ...]", language: str, *, as_word: bool, own_layout: bool = False
) -> list[Path]:
    """Write all drafts in a pool; those that could not be written are named together at the end."""
    from mou.workflow.drafting import write_draft, write_own_layout_draft, write_word_draft

    write = write_own_layout_draft if own_layout else write_word_draft if as_word else write_draft
    drafts, problems = _run(workspace, write, tasks, language)
    _refuse(problems, tasks, made=len(drafts))
    return sorted(drafts)


def _run(
    workspace: "Workspace",
    work: "Callable[[Workspace, GenerationTask], Made]",
    tasks: "tuple[GenerationTask, ...]",
    language: str,
) -> "tuple[list[Made], list[tuple[Message, ...]]]":
    """Return what was made, and for each task that failed its causes."""
    from mou.app import job_runner
    from mou.cli.failures import failure_message

    made: list[Made] = []
    failed: list[tuple[Message, ...]] = []
    with job_runner(workspace, items=len(tasks)) as runner, progress(language, say("documents"), len(tasks)) as steps:
        for outcome in steps.each(runner.run(work, tasks)):
            if outcome.error is None:
                made.append(outcome.unwrap())
                continue
            organisation = outcome.item.organisation_id or outcome.item.list_name
            causes = (failure_message(outcome.error), *getattr(outcome.error, "problems", ()))
            failed.append(tuple(say("{organisation}: {cause}", organisation=organisation, cause=cause) for cause in causes))
    return made, failed


def _refuse(failed: "list[tuple[Message, ...]]", tasks: "tuple[GenerationTask, ...]", *, made: int) -> None:
    if failed:
        raise InputError(
            "{failed} of {total} documents could not be made; {made} are there",
            failed=len(failed),
            total=len(tasks),
            made=made,
            problems=tuple(problem for problems in failed for problem in problems),
        )
