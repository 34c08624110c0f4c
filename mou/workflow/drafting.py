"""Drafts: the same pages as the document, marked on each of them, for people to read and comment on before anything is fixed.

A draft has no signature fields, is not recorded, and is written anew each time; nothing refers to it.
"""

from pathlib import Path

from mou.documents import draft_of
from mou.workflow.generating import GenerationTask, day_of_documents, fill_for, readable_name
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
    path = workspace.folder / DRAFTS_FOLDER / task.template / f"{readable_name(filled)}-draft.pdf"
    drawn = draft_of(filled, created=day_of_documents(workspace))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(drawn)
    unfinished.replace(path)
    return path
