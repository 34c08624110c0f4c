"""The wordings of one document: what was accepted into its text, version after version; pure.

1. A wording holds the edits of the changes that were accepted at one time, the digests of the words before and after, and the
   digest of the wording before it: a history in which nothing can be exchanged.
2. It is put into the text that the template gives today, and only if those words are the ones that it was made from.
3. The record of the document, which travels inside the PDF, tells the history, and names nobody.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from mou.comparison.articles import articles_of, text_digest
from mou.drafts.editing import edited_html
from mou.drafts.edits import BlockEdit, edit_as_record, edit_from_record
from mou.errors import ConflictError, MouError, WorkspaceError
from mou.models import FilledDocument
from signatures.canonical import JsonValue, canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.errors import SignaturesError

FORMAT: Final = "mou.wording.v1"


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a text. `number` counts from 1; `base` and `text` are the digests of the words before and after.

    `sent` and `returned` are the digests of the files, the draft that was sent and the one that came back; `changes` are the
    numbers of the accepted changes between the two. `accepted_at` is aware.
    """

    template: str
    organisation_id: str | None
    number: int
    previous: Digest | None
    base: Digest
    text: Digest
    sent: Digest
    returned: Digest
    changes: tuple[int, ...]
    edits: tuple[BlockEdit, ...]
    accepted_at: datetime
    accepted_by: str | None = None
    note: str | None = None

    @property
    def content(self) -> bytes:
        """The canonical bytes under which it is kept."""
        return canonical_bytes(
            {
                "format": FORMAT,
                "template": self.template,
                "organisation_id": self.organisation_id,
                "number": self.number,
                "previous": None if self.previous is None else str(self.previous),
                "base": str(self.base),
                "text": str(self.text),
                "sent": str(self.sent),
                "returned": str(self.returned),
                "changes": list(self.changes),
                "edits": [edit_as_record(one) for one in self.edits],
                "accepted_at": self.accepted_at.astimezone(UTC).isoformat(timespec="seconds"),
                "accepted_by": self.accepted_by,
                "note": self.note,
            }
        )

    @property
    def digest(self) -> Digest:
        """The digest of its bytes, by which the next one names it."""
        return digest_of(self.content)


def words_digest(filled: FilledDocument) -> Digest:
    """Return the digest of the words of a document."""
    return text_digest(articles_of(filled.html, filled.protected_names))


def version_of(filled_version: str, number: int) -> str:
    """Return the version of a text into which so many times changes were accepted: `1.2`."""
    return f"{filled_version}.{number}" if number else filled_version


def with_wordings(filled: FilledDocument, wordings: Sequence[Wording]) -> FilledDocument:
    """Return the document with what was accepted into its text (rule 2).

    Raises:
        ConflictError: the text is not the one that the changes were accepted into.
    """
    if not wordings:
        return filled
    html = filled.html
    for one in wordings:
        html = _with_wording(filled, html, one)
    last = version_of(filled.version, len(wordings))
    record = {**filled.record, "wording": _history(filled.version, wordings)}
    return replace(filled, html=html, version=last, record=record)


def _with_wording(filled: FilledDocument, html: str, wording: Wording) -> str:
    if text_digest(articles_of(html, filled.protected_names)) == wording.base:
        try:
            edited = edited_html(html, wording.edits, filled.protected_names)
        except MouError:
            edited = ""
        if text_digest(articles_of(edited, filled.protected_names)) == wording.text:
            return edited
    raise ConflictError(
        "{document}: the text is not the one that changes were accepted into (version {version}): the template, the list, "
        "ceremony.toml or the charter that it names changed since; put that back, or note the changes that mou document history "
        "{folder} shows, move the folder wordings/{folder} out of the workspace, and accept them again: "
        "mou document accept SENT.docx RETURNED.docx --change NUMBER --document {folder}",
        document=filled.document_number or filled.title,
        version=version_of(filled.version, wording.number),
        folder=folder_of(wording.template, wording.organisation_id),
    )


def accepted_before(history: Sequence[Wording], *, sent: Digest, words: Digest, returned: Digest) -> dict[int, Wording]:
    """Return the changes between two drafts that were accepted before, by their numbers, each with the version that has it.

    Args:
        history: the wordings of the text.
        sent: the digest of the file that was sent.
        words: the digest of its words: the same words in another file have the same numbers.
        returned: the digest of the file that came back.
    """
    of_returned = [one for one in history if one.returned == returned]
    drafts = {sent, *(one.sent for one in of_returned if one.base == words)}
    return {number: one for one in of_returned if one.sent in drafts for number in one.changes}


def folder_of(template: str, organisation_id: str | None) -> str:
    """Return the folder, among those of all wordings, that holds those of one document."""
    return template if organisation_id is None else f"{template}/{organisation_id}"


def _history(version: str, wordings: Sequence[Wording]) -> dict[str, JsonValue]:
    return {
        "version": version_of(version, len(wordings)),
        "base": str(wordings[0].base),
        "text": str(wordings[-1].text),
        "history": [
            {
                "version": version_of(version, one.number),
                "text": str(one.text),
                "returned": str(one.returned),
                "changes": list(one.changes),
                "accepted_at": one.accepted_at.astimezone(UTC).isoformat(timespec="seconds"),
            }
            for one in wordings
        ],
    }


def read_history(contents: Sequence[bytes], template: str, organisation_id: str | None) -> tuple[Wording, ...]:
    """Return the wordings that were kept, in their order, each checked against the one before it.

    Raises:
        WorkspaceError: one was changed, is missing, or belongs to another document.
    """
    history: list[Wording] = []
    for place, content in enumerate(contents):
        wording = _read(content, template, organisation_id, place + 1)
        before = history[-1] if history else None
        follows = (
            wording.number == place + 1
            and (wording.template, wording.organisation_id) == (template, organisation_id)
            and wording.previous == (before.digest if before else None)
            and (before is None or wording.base == before.text)
        )
        if not follows or wording.content != content:
            raise _damaged(template, organisation_id, place + 1)
        history.append(wording)
    return tuple(history)


def _read(content: bytes, template: str, organisation_id: str | None, number: int) -> Wording:
    try:
        return _from_record(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, SignaturesError) as error:
        raise _damaged(template, organisation_id, number) from error


def _from_record(record: Mapping[str, Any]) -> Wording:
    if record["format"] != FORMAT:
        raise ValueError(record["format"])
    return Wording(
        template=record["template"],
        organisation_id=record["organisation_id"],
        number=record["number"],
        previous=None if record["previous"] is None else Digest.parse(record["previous"]),
        base=Digest.parse(record["base"]),
        text=Digest.parse(record["text"]),
        sent=Digest.parse(record["sent"]),
        returned=Digest.parse(record["returned"]),
        changes=tuple(record["changes"]),
        edits=tuple(edit_from_record(one) for one in record["edits"]),
        accepted_at=datetime.fromisoformat(record["accepted_at"]),
        accepted_by=record["accepted_by"],
        note=record["note"],
    )


def _damaged(template: str, organisation_id: str | None, number: int) -> WorkspaceError:
    return WorkspaceError(
        "wordings/{folder}: version {number} is not what was accepted: a file was changed, is missing, or was made by a newer "
        "version of the program; restore the folder from a backup",
        folder=folder_of(template, organisation_id),
        number=number,
    )
