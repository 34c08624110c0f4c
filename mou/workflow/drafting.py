"""Drafts: the document to read and comment on before anything is fixed, as a PDF marked on each page or as an editable Word file.

A draft has no signature fields, is not recorded, and is written anew each time; nothing refers to it. A draft in Word names the
document that it is of, by the digest of the PDF that would be signed.
"""

from pathlib import Path

from mou.documents import draft_of
from mou.models import FilledDocument
from mou.storage.files import replace_file
from mou.workflow.generating import GenerationTask, day_of_documents, digest_to_be, fill_for, filling_for, readable_name
from mou.workflow.templates import find_template
from mou.workflow.workspace import Workspace

DRAFTS_FOLDER = "drafts"


def write_draft(workspace: Workspace, task: GenerationTask) -> Path:
    """Write the draft of one document into the workspace and return its path.

    Raises:
        FillingError: the values and the template do not go together.
        RenderingError: the page cannot be laid out faithfully.
    """
    filled = fill_for(workspace, find_template(workspace.templates_folder, task.template), task)
    return _write(workspace, task, filled, "pdf", draft_of(filled, created=day_of_documents(workspace)))


def write_word_draft(workspace: Workspace, task: GenerationTask) -> Path:
    """Write the draft of one document as a Word file and return its path.

    Raises:
        FillingError: the values and the template do not go together.
        RenderingError: the page cannot be laid out faithfully, or shows something that Word cannot hold.
    """
    from mou.rendering.word.drafting.draft import word_of  # loads python-docx

    template = find_template(workspace.templates_folder, task.template)
    filled = fill_for(workspace, template, task)
    marked = fill_for(workspace, template, task, marks_fields=True)
    draft = word_of(marked, digest=digest_to_be(workspace, filled), created=day_of_documents(workspace))
    return _write(workspace, task, filled, "docx", draft)


def write_own_layout_draft(workspace: Workspace, task: GenerationTask) -> Path:
    """Write the house's own Word file, filled and marked as a draft, and return its path.

    Raises:
        FillingError: the values and the template do not go together.
        InputError: the Word file cannot be opened or filled.
        UsageError: the template has no Word file of its own.
    """
    from mou.workflow.own_layout import own_layout_draft  # loads python-docx

    template = find_template(workspace.templates_folder, task.template)
    filled = fill_for(workspace, template, task)
    draft = own_layout_draft(filling_for(workspace, template, task), filled, digest_to_be(workspace, filled))
    return _write(workspace, task, filled, "docx", draft)


def _write(workspace: Workspace, task: GenerationTask, filled: FilledDocument, ending: str, draft: bytes) -> Path:
    path = workspace.folder / DRAFTS_FOLDER / task.template / f"{readable_name(filled)}-draft.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, draft)
    return path
