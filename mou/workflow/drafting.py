"""Drafts: the document to read and comment on before anything is fixed, as a PDF marked on each page or as an editable Word file.

A draft has no signature fields and is not recorded; nothing refers to it. One as a PDF is written anew each time. One in Word
names the document that it is of, by the digest of the PDF that would be signed. It is never written over, since somebody may
have worked in it, or may send back what was made of it: a draft of another text gets a number behind its name.
"""

from itertools import count
from pathlib import Path

from mou.documents import draft_of
from mou.models import FilledDocument
from mou.storage.files import replace_file
from mou.workflow.generating import (
    GenerationTask,
    day_of_documents,
    digest_to_be,
    fill_for,
    filling_for,
    readable_name,
    require_no_wordings,
)
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
    path = _path(workspace, task, filled, "pdf")
    replace_file(path, draft_of(filled, created=day_of_documents(workspace)))
    return path


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
    return _written_once(_path(workspace, task, filled, "docx"), draft)


def write_own_layout_draft(workspace: Workspace, task: GenerationTask) -> Path:
    """Write the house's own Word file, filled and marked as a draft, and return its path.

    Raises:
        FillingError: the values and the template do not go together.
        InputError: the Word file cannot be opened or filled.
        UsageError: the template has no Word file of its own.
        ConflictError: changes were accepted into the text, and the Word file has none of them.
    """
    from mou.workflow.own_layout import own_layout_draft  # loads python-docx

    require_no_wordings(workspace, task)
    template = find_template(workspace.templates_folder, task.template)
    filled = fill_for(workspace, template, task)
    draft = own_layout_draft(filling_for(workspace, template, task), filled, digest_to_be(workspace, filled))
    return _written_once(_path(workspace, task, filled, "docx"), draft)


def _path(workspace: Workspace, task: GenerationTask, filled: FilledDocument, ending: str) -> Path:
    return workspace.folder / DRAFTS_FOLDER / task.template / f"{readable_name(filled)}-draft.{ending}"


def _written_once(path: Path, draft: bytes) -> Path:
    """Write the draft under the first name that is free, or return the file that has these very bytes."""
    names = (path if number == 1 else path.with_stem(f"{path.stem}-{number}") for number in count(1))
    name = next(one for one in names if not one.exists() or one.read_bytes() == draft)
    if not name.exists():
        replace_file(name, draft)
    return name
