"""Which text of the workspace a draft is of, and how that text stands: as a draft in Word, read like the one that came back.

A draft is named by the document's id, number or file name, by TEMPLATE/ORGANISATION or TEMPLATE before there is a document, or by
its file. A file says by the digest in it which document it is of; where no document has that, its words tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mou.comparison.articles import articles_of_blocks, text_digest
from mou.comparison.compared import TextVersion
from mou.drafts.files import DraftFile, read_draft
from mou.drafts.wordings import Wording, folder_of, with_wordings, words_digest
from mou.errors import ConflictError, InputError, MouError, UsageError
from mou.models import FilledDocument
from mou.storage.store import Document
from mou.templates import Template
from mou.workflow.comparing import list_of
from mou.workflow.generating import GenerationTask, day_of_documents, digest_to_be, fill_as_template, plan_generation
from mou.workflow.status import find_document
from mou.workflow.templates import find_template, template_names
from mou.workflow.texts import kept_text
from mou.workflow.workspace import Workspace
from signatures.digests import Digest

WORD_ENDING: Final = ".docx"


@dataclass(frozen=True, slots=True)
class SentDraft:
    """A draft that was sent, of which text it is (None: of no workspace), and what that is known by.

    `history` is what was accepted into that text, `base_version` its version before that.
    """

    file: DraftFile
    version: TextVersion
    task: GenerationTask | None = None
    filled: FilledDocument | None = None
    history: tuple[Wording, ...] = ()
    base_version: str = ""

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


def sent_text(workspace: Workspace, name: str, returned: DraftFile | None = None) -> SentDraft:
    """Return the draft of a text of the workspace: of the version that the draft that came back is of, if that can be told.

    Without one, or where that cannot be told, it has the words of the document, or those of today where there is none.

    Raises:
        UsageError: there is no such document, template or organisation.
    """
    document = _find_known(workspace, name)
    task = task_of(workspace, name) if document is None else _task_of_document(workspace, document)
    versions = _Versions(workspace, find_template(workspace.templates_folder, task.template), task)
    text = versions.latest() if document is None else versions.of(document)
    if returned is not None:
        text = versions.sent(text, returned)
    filled = text.filled
    file = _read(workspace, text.marked or filled, text.digest)
    if text.marked is None:
        file = replace(file, fields=_read(workspace, versions.marked_today(), text.digest).fields)
    version = TextVersion(filled.title, filled.version, text.digest)
    return SentDraft(file, version, task, filled, versions.history, versions.template.version)


@dataclass(frozen=True, slots=True)
class _Text:
    """A version of a text, also with its fields marked, and the digest of its document, made or to be made.

    The words of a document are kept without marks; what they say in the words of today has the fields of today.
    """

    filled: FilledDocument
    marked: FilledDocument | None
    digest: Digest


class _Versions:
    """The versions that a text has had: those that changes were accepted into, and those of its documents."""

    def __init__(self, workspace: Workspace, template: Template, task: GenerationTask) -> None:
        self._workspace = workspace
        self._task = task
        self.template = template
        self.history = workspace.wordings.history(task.template, task.organisation_id)

    def latest(self) -> _Text:
        """Return the text of today."""
        return self._after(len(self.history))

    def of(self, document: Document) -> _Text:
        """Return the text of a document, as it was kept where today's is another one."""
        filled, marked = self._filled(len(self.history))
        kept = kept_text(self._workspace, document, filled)
        is_of_today = words_digest(kept) == words_digest(filled)
        return _Text(filled, marked, document.prepared) if is_of_today else _Text(kept, None, document.prepared)

    def marked_today(self) -> FilledDocument:
        """Return the text of today with its fields marked."""
        return self._filled(len(self.history))[1]

    def sent(self, otherwise: _Text, returned: DraftFile) -> _Text:
        """Return the version that a draft is of: by the digest in it, else the one into which its changes were accepted first."""
        before = [one.number - 1 for one in self.history if one.returned == returned.digest][:1]
        if returned.document is None:
            return self._after(before[0]) if before else otherwise
        if otherwise.digest == returned.document:
            return otherwise
        for count in dict.fromkeys((*before, *range(len(self.history), -1, -1))):
            text = self._after(count)
            if text.digest == returned.document:
                return text
        with self._workspace.database.read() as transaction:
            documents = transaction.store.all_documents()
        return next((self.of(one) for one in documents if self._is_document(one, returned.document)), otherwise)

    def _is_document(self, document: Document, digest: Digest) -> bool:
        made_of = (document.template, document.organisation_id)
        return document.prepared == digest and made_of == (self._task.template, self._task.organisation_id)

    def _after(self, count: int) -> _Text:
        """Return the text after so many times that changes were accepted."""
        filled, marked = self._filled(count)
        return _Text(filled, marked, digest_to_be(self._workspace, filled))

    def _filled(self, count: int) -> tuple[FilledDocument, FilledDocument]:
        filled = fill_as_template(self._workspace, self.template, self._task)
        marked = fill_as_template(self._workspace, self.template, self._task, marks_fields=True)
        return with_wordings(filled, self.history[:count]), with_wordings(marked, self.history[:count])


def _read(workspace: Workspace, filled: FilledDocument, digest: Digest) -> DraftFile:
    """Return the draft of a text, read again."""
    from mou.rendering.word.drafting.draft import word_of  # loads python-docx

    content = word_of(filled, digest=digest, created=day_of_documents(workspace))
    return read_draft(filled.document_number or filled.title, content, filled.protected_names)


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
    found = [task for task in tasks if (task.organisation_id or "") == organisation]
    if len(found) > 1:
        return _chosen_by_document(workspace, name, found)
    if found:
        return found[0]
    if tasks and tasks[0].organisation_id is None:
        raise UsageError(
            "{template} is one document for the whole list: name it {template}, got {name}", template=template, name=name
        )
    raise UsageError(
        "{template}: the id of an organisation is expected behind it, as in {example}, got {name}",
        template=template,
        example=_example(tasks, template),
        name=name,
    )


def _chosen_by_document(workspace: Workspace, name: str, tasks: list[GenerationTask]) -> GenerationTask:
    """Return the one of these tasks, of several lists, whose document was made."""
    with workspace.database.read() as transaction:
        documents = transaction.store.documents(tasks[0].template)
    made = [_task_of_document(workspace, one) for one in documents if one.organisation_id == tasks[0].organisation_id]
    if len(made) == 1 and made[0] in tasks:
        return made[0]
    raise UsageError(
        "{name}: there is such a text for each of the lists {lists}; give the draft's file in the place of its name, or make the "
        "document first",
        name=name,
        lists=", ".join(one.list_name for one in tasks),
    )


def _example(tasks: tuple[GenerationTask, ...], template: str) -> str:
    return f"{template}/{tasks[0].organisation_id}" if tasks and tasks[0].organisation_id else template


def task_of_draft(workspace: Workspace, draft: SentDraft, name: str | None = None) -> GenerationTask:
    """Return which text of the workspace a draft is of: as somebody named it, where the draft itself does not tell.

    Raises:
        UsageError: that is not known, or there is nothing of that name.
        ConflictError: the draft is of another text than the named one.
    """
    if name is None:
        return draft.task or task_of_file(workspace, draft.file)
    named = task_of(workspace, name)
    try:
        found = draft.task or task_of_file(workspace, draft.file)
    except UsageError:
        return named
    if found != named:
        raise ConflictError(
            "{file}: it is a draft of {found}, not of {name}; leave --document out, or give the draft that was sent of {name}",
            file=draft.file.name,
            found=folder_of(found.template, found.organisation_id),
            name=folder_of(named.template, named.organisation_id),
        )
    return named


def task_of_file(workspace: Workspace, file: DraftFile) -> GenerationTask:
    """Return which text of the workspace a draft is of: by the digest in it, else by its words.

    Raises:
        UsageError: it is of none, or of several.
    """
    with workspace.database.read() as transaction:
        documents = transaction.store.all_documents()
    for document in documents:
        if document.prepared == file.document:
            return _task_of_document(workspace, document)
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
