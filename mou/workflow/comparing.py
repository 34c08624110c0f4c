"""A document laid beside what its template, list and ceremony would make of it today: to amend a text, or to correct an error."""

from mou.comparison.compared import Compared, ComparisonKind, compare_documents
from mou.comparison.words import installed_divider
from mou.storage.store import Document
from mou.thai import BANGKOK
from mou.workflow.generating import GenerationTask, digest_to_be, fill_for
from mou.workflow.templates import find_template
from mou.workflow.texts import kept_text
from mou.workflow.workspace import Workspace


def compare_with_today(workspace: Workspace, document: Document, kind: ComparisonKind) -> Compared:
    """Return what differs between a document and what would be made today; that is filled and drawn, and not recorded.

    Raises:
        UsageError: the document's words were not kept: an earlier version of the program made it.
        FillingError, RenderingError: today's text cannot be made.
    """
    template = find_template(workspace.templates_folder, document.template)
    filled = fill_for(
        workspace, template, GenerationTask(document.template, list_of(workspace, document), document.organisation_id)
    )
    made_on, today = (at.astimezone(BANGKOK).date() for at in (document.created_at, workspace.clock()))
    return compare_documents(
        kind,
        kept_text(workspace, document, filled),
        filled,
        digests=(document.prepared, digest_to_be(workspace, filled)),
        days=(made_on, today),
        divider=installed_divider(),
    )


def list_of(workspace: Workspace, document: Document) -> str:
    """Return the list from which the document was made: that of its organisation, or of those who sign a joint one."""
    with workspace.database.read() as transaction:
        listed = transaction.store.organisations()
        signatories = {request.slot.organisation_id for request in transaction.store.requests(document.document_id)}
    wanted = {document.organisation_id} if document.organisation_id else signatories
    return next((one.list_name for one in listed if one.organisation.organisation_id in wanted), "")
