"""Which text of the workspace a draft is of, and how that text stands: as a draft in Word, read like the one that came back.

A draft is named by the document's id, number or file name, by TEMPLATE/ORGANISATION or TEMPLATE before there is a document, or by
its file. A file says by the digest in it which document it is of; where no document has that, its words tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mou.comparison.articles import articles_of_blocks, text_digest
from mou.comparison.compared import TextVersion
from mou.drafts.files import DraftFile, read_draft
from mou.drafts.wordings import words_digest
from mou.errors import InputError, MouError, UsageError
from mou.models import FilledDocument
from mou.storage.store import Document
from mou.workflow.comparing import list_of
from mou.workflow.generating import GenerationTask, day_of_documents, digest_to_be, fill_as_template, fill_for, plan_generation
from mou.workflow.status import document_statuses, find_document
from mou.workflow.templates import find_template, template_names
from mou.workflow.texts import kept_text
from mou.workflow.workspace import Workspace
from signatures.digests import Digest

WORD_ENDING: Final = ".docx"


@dataclass(frozen=True, slots=True)
class SentDraft:
    """A draft that was sent, of which text it is (None: of no workspace), and what that is known by."""

    file: DraftFile
    version: TextVersion
    task: GenerationTask | None = None
    filled: FilledDocument | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the text may break into lines."""
        return self.filled.protected_names if self.filled else ()

    @property
    def language(self) -> str:
        """The language of the text."""
        return self.filled.language if self.filled else "th"


def is_word_file(name: str) -> bool:
    """Return whether a draft is named by its file."""
    return name.lower().endswith(WORD_ENDING)


def read_file(path: Path, names: tuple[str, ...] = ()) -> DraftFile:
    """Return the draft in this file.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    if not is_word_file(path.name):
        raise InputError("{file}: a Word file (.docx) is expected; save the draft as one", file=path)
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError("{file}: there is no such file", file=path) from error
    return read_draft(path.name, content, names)


def sent_file(path: Path) -> SentDraft:
    """Return the draft in a file, whatever text it is of."""
    file = read_file(path)
    return SentDraft(file, TextVersion(file.name, "", file.digest))


def sent_text(workspace: Workspace, name: str) -> SentDraft:
    """Return the draft of a text of the workspace, with the words that its document has, or those of today where there is none.

    Raises:
        UsageError: there is no such document, template or organisation.
    """
    document = _find_known(workspace, name)
    task = task_of(workspace, name) if document is None else _task_of_document(workspace, document)
    template = find_template(workspace.templates_folder, task.template)
    filled = fill_for(workspace, template, task)
    marked = fill_for(workspace, template, task, marks_fields=True)
    if document is None:
        digest = digest_to_be(workspace, filled)
    else:
        digest = document.prepared
        kept = kept_text(workspace, document, filled)
        if words_digest(kept) != words_digest(filled):
            filled = marked = kept
    file = read_draft(filled.document_number or filled.title, _drawn(workspace, marked, digest), filled.protected_names)
    return SentDraft(file, TextVersion(filled.title, filled.version, digest), task, filled)


def _drawn(workspace: Workspace, filled: FilledDocument, digest: Digest) -> bytes:
    from mou.rendering.word.drafting.draft import word_of  # loads python-docx

    return word_of(filled, digest=digest, created=day_of_documents(workspace))


def task_of(workspace: Workspace, name: str) -> GenerationTask:
    """Return what makes the text of this name.

    Raises:
        UsageError: there is no such document, template or organisation.
    """
    if (document := _find_known(workspace, name)) is not None:
        return _task_of_document(workspace, document)
    template, _, organisation = name.partition("/")
    if template not in template_names(workspace.templates_folder):
        raise UsageError(
            "no document {name} in this workspace, and no draft TEMPLATE/ORGANISATION of that name; see: mou status", name=name
        )
    tasks = _tasks(workspace, template)
    for task in tasks:
        if (task.organisation_id or "") == organisation:
            return task
    raise UsageError(
        "{template}: the id of an organisation is expected behind it, as in {example}, got {name}",
        template=template,
        example=_example(tasks, template),
        name=name,
    )


def _example(tasks: tuple[GenerationTask, ...], template: str) -> str:
    return f"{template}/{tasks[0].organisation_id}" if tasks and tasks[0].organisation_id else template


def task_of_file(workspace: Workspace, file: DraftFile) -> GenerationTask:
    """Return which text of the workspace a draft is of: by the digest in it, else by its words.

    Raises:
        UsageError: it is of none, or of several.
    """
    for status in document_statuses(workspace):
        if file.document is not None and status.document.prepared == file.document:
            return _task_of_document(workspace, status.document)
    words = text_digest(articles_of_blocks([one.block for one in file.page.blocks]))
    found = [task for task in _every_task(workspace) if words in _digests_of(workspace, task)]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "{file}: it says of no document of this workspace that it is a draft of it, and its words are those of {count}; name the "
        "one that it is a draft of with --document",
        file=file.name,
        count=len(found),
    )


def _digests_of(workspace: Workspace, task: GenerationTask) -> frozenset[Digest]:
    """Return the digests of the words that a text has had: as filled, and after each time that changes were accepted."""
    try:
        filled = fill_as_template(workspace, find_template(workspace.templates_folder, task.template), task)
    except MouError:
        return frozenset()  # a template that cannot be filled today has no draft of today
    history = workspace.wordings.history(task.template, task.organisation_id)
    return frozenset((words_digest(filled), *(one.text for one in history)))


def _every_task(workspace: Workspace) -> Iterator[GenerationTask]:
    for template in template_names(workspace.templates_folder):
        yield from _tasks(workspace, template)


def _tasks(workspace: Workspace, template: str) -> tuple[GenerationTask, ...]:
    """Return what can be made of a template, for the organisations of every list."""
    with workspace.database.read() as transaction:
        lists = transaction.store.list_names()
    tasks = [task for name in lists for task in plan_generation(workspace, template, list_name=name)]
    return tuple(tasks)


def _find_known(workspace: Workspace, name: str) -> Document | None:
    try:
        return find_document(workspace, name)
    except UsageError:
        if name.endswith(".pdf"):
            raise
        return None


def _task_of_document(workspace: Workspace, document: Document) -> GenerationTask:
    return GenerationTask(document.template, list_of(workspace, document), document.organisation_id)
