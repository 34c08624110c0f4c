"""Accepting: chosen changes of a draft that came back become a new version of the text of one document.

The order, each step safe to repeat:
1. read both drafts, number their differences, find the text that they are of; what was accepted before is not accepted twice;
2. carry the chosen changes over into the text of today, read the result again and draw it: all of them, or none;
3. keep the version beside the ones before it. **The commit point**; *a crash before it leaves nothing that anybody reads.*

From then on whatever is made of the text has these words: documents, drafts, comparisons. A document that somebody signed already
is not touched: nothing is accepted into its text.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from mou.comparison.articles import articles_of, text_digest
from mou.comparison.blocks import read_source
from mou.comparison.comparing import EditKind, Outcome
from mou.comparison.words import Divider, installed_divider
from mou.drafts.differing import DraftDifference, changed_fields, differences_of
from mou.drafts.editing import edited_html, obstacle
from mou.drafts.files import DraftFile
from mou.drafts.fixed_words import FixedWords, fixed_words
from mou.drafts.numbering import NumberedChange
from mou.drafts.planning import Plan, carried_over, plan
from mou.drafts.wordings import Wording, accepted_before, version_of, with_wordings, words_digest
from mou.errors import ConflictError, InputError, UsageError
from mou.models import FilledDocument
from mou.toml_tables import text_problems
from mou.unbroken_text import space_problems
from mou.workflow.draft_texts import SentDraft
from mou.workflow.generating import GenerationTask, digest_to_be, fill_as_template, fill_for
from mou.workflow.templates import find_template
from mou.workflow.workspace import Workspace
from signatures.messages import Message, say


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted, and what they note; neither leaves the workspace."""

    by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A version of a text; `is_new` tells whether this run made it."""

    wording: Wording
    version: str
    is_new: bool


def difference_between(sent: SentDraft, returned: DraftFile, divider: Divider | None = None) -> DraftDifference:
    """Return what differs between a draft that was sent and the one that came back, and which of it was accepted before."""
    difference = differences_of(
        sent.file,
        returned,
        version=sent.version,
        language=sent.language,
        divider=divider or installed_divider(),
        names=sent.names,
    )
    accepted = _accepted_before(difference, sent.history)
    return replace(
        difference,
        accepted={number: version_of(sent.base_version, one.number) for number, one in sorted(accepted.items())},
    )


def _accepted_before(difference: DraftDifference, history: Sequence[Wording]) -> dict[int, Wording]:
    return accepted_before(
        history,
        sent=difference.sent.digest,
        words=difference.compared.old_text_digest,
        returned=difference.returned.digest,
    )


def accept(
    workspace: Workspace,
    task: GenerationTask,
    difference: DraftDifference,
    chosen: Collection[int],
    acceptance: Acceptance,
) -> Accepted:
    """Make a new version of a text from the changes of these numbers, or return the one that has them already.

    What was accepted of the same two files before is in the text; only the others make a new version.

    Raises:
        UsageError: there is no change of such a number, or none was chosen.
        InputError: some of them cannot be carried over, each named with the reason; nothing is written.
        ConflictError: the document is signed by somebody, or somebody else accepted changes meanwhile.
        RenderingError: no document could be made of the new text; nothing is written.
    """
    wanted = _chosen(difference, chosen)
    history = workspace.wordings.history(task.template, task.organisation_id)
    accepted = _accepted_before(difference, history)
    if all(change.number in accepted for change in wanted):
        last = max((accepted[change.number] for change in wanted), key=lambda one: one.number)
        return Accepted(last, _version(workspace, task, last.number), is_new=False)
    changes = [change for change in wanted if change.number not in accepted]
    numbers = tuple(one.number for one in changes)
    _require_same_document(difference)
    _require_unsigned(workspace, task)
    template = find_template(workspace.templates_folder, task.template)
    today = fill_for(workspace, template, task)
    found = _planned(difference, changes, today, fixed_words(template))
    html = edited_html(today.html, [edit for _, edit in found.edits], today.protected_names)
    wording = Wording(
        template=task.template,
        organisation_id=task.organisation_id,
        number=len(history) + 1,
        previous=history[-1].digest if history else None,
        base=words_digest(today),
        text=text_digest(articles_of(html, today.protected_names)),
        sent=difference.sent.digest,
        returned=difference.returned.digest,
        changes=numbers,
        edits=tuple(edit for _, edit in found.edits),
        accepted_at=workspace.clock().replace(microsecond=0),
        accepted_by=acceptance.by,
        note=acceptance.note,
    )
    filled = fill_as_template(workspace, template, task)
    digest_to_be(workspace, with_wordings(filled, (*history, wording)))  # what cannot be drawn is no text of a document
    workspace.wordings.add(wording)
    return Accepted(wording, _version(workspace, task, wording.number), is_new=True)


def history_of(workspace: Workspace, task: GenerationTask) -> tuple[Wording, ...]:
    """Return what was accepted into a text, the oldest first."""
    return workspace.wordings.history(task.template, task.organisation_id)


def _version(workspace: Workspace, task: GenerationTask, number: int) -> str:
    return version_of(find_template(workspace.templates_folder, task.template).version, number)


def _chosen(difference: DraftDifference, chosen: Collection[int]) -> list[NumberedChange]:
    known = {one.number for one in difference.changes}
    if not known:
        raise UsageError(
            "{file}: there is no change to accept: it says what the draft that was sent says", file=difference.returned.name
        )
    if not chosen:
        raise UsageError("no change is chosen: name each with --change NUMBER, or all with --all; see: mou document diff")
    if unknown := sorted(set(chosen) - known):
        raise UsageError(
            "there is no change {unknown}: there are {count}; see: mou document diff",
            unknown=", ".join(map(str, unknown)),
            count=len(known),
        )
    return [one for one in difference.changes if one.number in chosen]


def _planned(difference: DraftDifference, changes: list[NumberedChange], today: FilledDocument, fixed: FixedWords) -> Plan:
    """Return the edits of the changes in today's text.

    Raises:
        InputError: with every change that cannot be carried over.
    """
    source = read_source(today.html, today.protected_names)
    carried = carried_over(difference.sent.page.blocks, source.blocks)
    found = plan(difference.compared.comparison, changes, difference.returned.page, source, carried)
    reasons: list[tuple[int, Message]] = [
        (
            change.number,
            say(
                "{value} is a value of {origin} ({field}): change it there",
                value=one.value,
                origin=one.origin,
                field=one.expression,
            ),
        )
        for change in changes
        for one in changed_fields(difference, change)
    ]
    reasons += fixed.reasons(source, found.edits)
    reasons += found.obstacles
    reasons += [
        (change.number, why)
        for change in changes
        for edit in change.item.edits
        if edit.kind is EditKind.ADDED and change.outcome is not Outcome.MOVED
        for why in (*text_problems(edit.text, difference.returned.name), *space_problems(edit.text, difference.returned.name))
    ]
    names = today.protected_names
    reasons += [(number, why) for number, edit in found.edits if (why := obstacle(source, edit, names)) is not None]
    if reasons:
        raise InputError(
            "{file}: {count} changes cannot be carried over, and nothing was accepted; leave them out with --except",
            file=difference.returned.name,
            count=len({number for number, _ in reasons}),
            problems=tuple(
                say("change {number}: {reason}", number=number, reason=why)
                for number, why in sorted(reasons, key=lambda reason: reason[0])
            ),
        )
    return found


def _require_same_document(difference: DraftDifference) -> None:
    """Check that what came back is a draft of the text that was sent, if it says of which.

    Raises:
        ConflictError: it says that it is of another one, so that its numbers are not those of this text.
    """
    returned, sent = difference.returned.document, difference.sent.document
    if returned is not None and sent is not None and returned != sent:
        raise ConflictError(
            "{file}: it is a draft of another text (it names the document {returned}, not {sent}); give the file that was sent "
            "in the place of its name, or ask which draft was worked on",
            file=difference.returned.name,
            returned=returned.short(),
            sent=sent.short(),
        )


def _require_unsigned(workspace: Workspace, task: GenerationTask) -> None:
    """Check that nobody has signed the document: its text would change.

    Raises:
        ConflictError: somebody has.
    """
    with workspace.database.read() as transaction:
        documents = transaction.store.documents(task.template)
    for document in documents:
        if document.organisation_id == task.organisation_id and document.revision_count > 1:
            raise ConflictError(
                "{document} is signed already: nothing is accepted into its text any more; an amendment changes it",
                document=document.file_name,
            )
