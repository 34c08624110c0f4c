"""A comparison -> one record for programs, with every word of both texts: whoever has it has both."""

from collections.abc import Sequence
from typing import Final

from mou.comparison.compared import TITLES, Compared, TextVersion
from mou.comparison.comparing import ArticleChange, Edits, Outcome
from signatures.canonical import JsonValue
from signatures.digests import Digest

FORMAT: Final = "mou.comparison.v1"


def comparison_as_record(compared: Compared) -> dict[str, JsonValue]:
    """Return the record.

    Of each text, `digest` is that of its file and `text_digest` that of its words (`articles.text_digest`). Edits are pairs of
    kind and text: those kept and removed, joined, are the old text, those kept and added the new one; a paragraph that has
    nothing on one side does not stand there. Places count from 0.
    """
    return {
        "format": FORMAT,
        "kind": compared.kind.value,
        "title": dict(TITLES[compared.kind]),
        "computed": True,
        "language": compared.language,
        "old": _version(compared.old, compared.old_text_digest),
        "new": _version(compared.new, compared.new_text_digest),
        "words_found_by": compared.comparison.divider.value,
        "counts": {outcome.value: len(compared.comparison.with_outcome(outcome)) for outcome in Outcome},
        "changes": [_change(one) for one in compared.comparison.changes],
    }


def _version(text: TextVersion, words: Digest) -> dict[str, JsonValue]:
    return {
        "title": text.title,
        "version": text.version,
        "digest": str(text.digest),
        "text_digest": str(words),
        "dated": text.dated.isoformat() if text.dated else None,
    }


def _change(change: ArticleChange) -> dict[str, JsonValue]:
    return {
        "outcome": change.outcome.value,
        "kind": change.kind.value,
        "old_place": change.old_place,
        "new_place": change.new_place,
        "number": _edits(change.number),
        "heading": _edits(change.heading),
        "paragraphs": [_edits(edits) for edits in change.paragraphs],
    }


def _edits(edits: Edits) -> Sequence[JsonValue]:
    return [[edit.kind.value, edit.text] for edit in edits]
