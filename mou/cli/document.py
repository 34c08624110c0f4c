"""`mou document`: a draft that came back from an organisation, what it changed, and what of that goes into the text."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import (
    echo,
    echo_json,
    find_chosen_workspace,
    json_option,
    open_chosen_workspace,
    pass_language,
    print_table,
    workspace_option,
    xlsx_option,
)
from mou.errors import UsageError
from signatures.messages import say

if TYPE_CHECKING:
    from mou.drafts.differing import DraftDifference
    from mou.drafts.wordings import Wording
    from mou.workflow.draft_texts import SentDraft
    from mou.workflow.workspace import Workspace

_FORMS = {".html": "html", ".htm": "html", ".json": "json", ".txt": "text"}

returned_argument = click.argument("returned", type=click.Path(path_type=Path))


@click.group("document")
def command() -> None:
    """See what changed in a draft that came back, and accept changes into the text."""


@command.command("diff")
@click.argument("sent")
@returned_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json"]),
    help="What to write (default: as the name given to --out ends: .html, .json or .txt; on the terminal, text).",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it, in the place of the terminal.")
@workspace_option
@pass_language
def diff(language: str, sent: str, returned: Path, form: str | None, out: Path | None, folder: Path | None) -> None:
    """Show article by article what RETURNED, a Word file, changed in SENT: a draft's file, a document, TEMPLATE/ORGANISATION."""
    form = form or _form_of(out)
    difference = _difference(_sent(sent, folder, returned), returned)
    content = _in_form(difference, language, form)
    if out is None:
        click.echo(content)
        return
    from mou.storage.files import replace_file

    replace_file(out, content.encode())
    echo(language, "{path}: written; {count} changes", path=out, count=len(difference.changes))


@command.command("accept")
@click.argument("sent")
@returned_argument
@click.option("--change", "chosen", type=int, multiple=True, metavar="NUMBER", help="A change to accept; may be repeated.")
@click.option("--all", "is_all", is_flag=True, help="Accept every change.")
@click.option("--except", "left_out", type=int, multiple=True, metavar="NUMBER", help="With --all: but not this one.")
@click.option("--document", help="The document that SENT is a draft of, where its file does not say so.")
@click.option("--by", help="Who accepts; kept in the workspace, and nowhere else.")
@click.option("--note", help="A note for the history; kept in the workspace, and nowhere else.")
@json_option
@workspace_option
@pass_language
def accept(
    language: str,
    sent: str,
    returned: Path,
    chosen: tuple[int, ...],
    left_out: tuple[int, ...],
    document: str | None,
    by: str | None,
    note: str | None,
    folder: Path | None,
    *,
    is_all: bool,
    as_json: bool,
) -> None:
    """Make a new version of the text from chosen changes of RETURNED, by the numbers that `mou document diff` shows."""
    from mou.workflow import accepting
    from mou.workflow.draft_texts import task_of_draft

    if is_all == bool(chosen) or (left_out and not is_all):
        raise UsageError("either --change NUMBER, which may be repeated, or --all, with --except NUMBER, is expected")
    workspace = open_chosen_workspace(folder)
    draft = _sent_in(workspace, sent, returned)
    task = task_of_draft(workspace, draft, document)
    difference = _difference(draft, returned)
    numbers = {one.number for one in difference.changes}
    if unknown := sorted(set(left_out) - numbers):
        raise UsageError("there is no change {unknown} to leave out", unknown=", ".join(map(str, unknown)))
    wanted = numbers - set(left_out) if is_all else set(chosen)
    accepted = accepting.accept(workspace, task, difference, wanted, accepting.Acceptance(by, note))
    if as_json:
        echo_json({**_as_record(accepted.wording), "version": accepted.version, "new": accepted.is_new})
        return
    if accepted.is_new:
        count = len(accepted.wording.changes)
        echo(language, "version {version}: {count} changes accepted", version=accepted.version, count=count)
    else:
        echo(language, "version {version}: these changes were accepted before", version=accepted.version)
    echo(language, "digest of its words: {digest}", digest=accepted.wording.text)
    if task.organisation_id is None:
        echo(language, "make the document with: mou generate {template}", template=task.template)
    else:
        echo(
            language,
            "make the document with: mou generate {template} --organisation {organisation}",
            template=task.template,
            organisation=task.organisation_id,
        )


@command.command("history")
@click.argument("document")
@json_option
@xlsx_option
@workspace_option
@pass_language
def history(language: str, document: str, folder: Path | None, *, as_json: bool) -> None:
    """Show which versions the text of DOCUMENT has had: a document, or TEMPLATE/ORGANISATION."""
    from mou.drafts.wordings import version_of
    from mou.thai import BANGKOK
    from mou.workflow.accepting import history_of
    from mou.workflow.draft_texts import task_of
    from mou.workflow.templates import find_template

    workspace = open_chosen_workspace(folder)
    task = task_of(workspace, document)
    found = history_of(workspace, task)
    version = find_template(workspace.templates_folder, task.template).version
    if as_json:
        echo_json([{**_as_record(one), "version": version_of(version, one.number)} for one in found])
        return
    if not found:
        echo(language, "no change was accepted into this text; it is version {version} of the template", version=version)
        return
    words, file = say("digest of its words"), say("file that came back")
    headings = (say("version"), say("accepted"), say("changes"), words, file, say("note"))
    rows = [
        (
            version_of(version, one.number),
            f"{one.accepted_at.astimezone(BANGKOK):%Y-%m-%d %H:%M}",
            ", ".join(map(str, one.changes)),
            str(one.text),
            one.returned.short(),
            " · ".join(text for text in (one.accepted_by, one.note) if text),
        )
        for one in found
    ]
    print_table(language, headings, rows, title=say("Versions of the text"))


def _as_record(wording: "Wording") -> dict[str, object]:
    record = json.loads(wording.content)
    assert isinstance(record, dict)
    del record["edits"]
    return {**record, "digest": str(wording.digest)}


def _sent(name: str, folder: Path | None, returned: Path) -> "SentDraft":
    """Return the draft that was sent; a file needs no workspace."""
    from mou.workflow.draft_texts import is_word_file, sent_file

    if is_word_file(name) and find_chosen_workspace(folder) is None:
        return sent_file(Path(name))
    return _sent_in(open_chosen_workspace(folder), name, returned)


def _sent_in(workspace: "Workspace", name: str, returned: Path) -> "SentDraft":
    """Return the draft that was sent: a file's, or of the version of a text that the one that came back is of."""
    from mou.workflow.draft_texts import is_word_file, read_file, sent_file, sent_text

    return sent_file(Path(name)) if is_word_file(name) else sent_text(workspace, name, read_file(returned))


def _difference(draft: "SentDraft", returned: Path) -> "DraftDifference":
    from mou.workflow.accepting import difference_between
    from mou.workflow.draft_texts import read_file

    return difference_between(draft, read_file(returned, draft.names))


def _in_form(difference: "DraftDifference", language: str, form: str) -> str:
    from mou.drafts.outputs import difference_as_html, difference_as_record, difference_as_text

    match form:
        case "html":
            return difference_as_html(difference, language)
        case "json":
            return json.dumps(difference_as_record(difference), ensure_ascii=False, indent=2)
        case _:
            return difference_as_text(difference, language)


def _form_of(out: Path | None) -> str:
    """Return the form that a file's name asks for."""
    if out is None:
        return "text"
    form = _FORMS.get(out.suffix.lower())
    if form is None:
        raise UsageError(
            "{file}: a name that ends with .html, .json or .txt is expected; name the form of any other with --format", file=out
        )
    return form
