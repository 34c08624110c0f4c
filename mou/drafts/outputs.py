"""What came back, as text, as one self-contained page, and as a record; the numbers of the changes are the same in each."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from mou.comparison.page import comparison_as_html
from mou.comparison.record import comparison_as_record
from mou.comparison.sides import say_in
from mou.comparison.text import comparison_as_text
from mou.drafts.differing import DraftDifference, changed_fields, tracking_of
from mou.drafts.files import DraftFile
from mou.drafts.findings import Section, document_differs, findings_of
from mou.drafts.numbering import NumberedChange, numbered
from mou.messages import translate
from mou.report.markup import bullets, joined, paragraphs
from signatures.canonical import JsonValue
from signatures.messages import Message

FORMAT: Final = "mou.draft_difference.v1"
_OTHER: Final = {"th": "en", "en": "th"}


def difference_as_text(difference: DraftDifference, language: str) -> str:
    """Return it as text in one language."""
    lines = [comparison_as_text(difference.compared, language)]
    for section in findings_of(difference):
        lines += [
            f"{translate(section.title, language)}:",
            *(f"  {translate(one, language)}" for one in section.notes),
            *(f"    {translate(one, language)}" for one in section.lines),
            "",
        ]
    return "\n".join(lines)


def difference_as_html(difference: DraftDifference, language: str) -> str:
    """Return it as one page, in Thai and English, the reader's language first."""
    more = joined(_section(one, language, _OTHER[language]) for one in findings_of(difference))
    return comparison_as_html(difference.compared, language, more=more)


def _section(section: Section, first: str, second: str) -> Markup:
    notes = paragraphs(_both(one, first, second) for one in section.notes)
    lines = bullets(_both(one, first, second) for one in section.lines) if section.lines else ""
    return Markup('<section class="finding {}"><h2>{}</h2>{}{}</section>').format(
        section.name, _both(section.title, first, second), notes, lines
    )


def _both(message: Message, first: str, second: str) -> Markup:
    """Return the words in both languages, once where they are the same."""
    said = [(language, say_in(message, language)) for language in (first, second)]
    if said[0][1] == said[1][1]:
        return Markup("{}").format(said[0][1])
    spans = [Markup('<span lang="{}">{}</span>').format(language, words) for language, words in said]
    return Markup(" · ").join(spans)


def difference_as_record(difference: DraftDifference) -> dict[str, JsonValue]:
    """Return it for programs; `changes` holds what can be accepted, `comparison` every word of both texts."""
    tracking = tracking_of(difference)
    return {
        "format": FORMAT,
        "sent": _file(difference.sent),
        "returned": _file(difference.returned),
        "is_of_another_document": document_differs(difference),
        "changes": [
            {
                **_change(one),
                "tracking": tracking[one.number].value,
                "fields": _fields(difference, one),
                "accepted_in": difference.accepted.get(one.number),
            }
            for one in difference.changes
        ],
        "untracked_changes": [_change(one) for one in numbered(difference.untracked)],
        "tracked_changes": [
            {
                "author": one.author,
                "at": one.at.isoformat() if one.at else None,
                "kind": one.kind.value,
                "words": one.text,
                "place": str(one.place),
            }
            for one in difference.returned.changes
        ],
        "comments": [
            {
                "author": one.author,
                "at": one.at.isoformat() if one.at else None,
                "quoted": one.quoted,
                "words": one.text,
                "place": str(one.place),
            }
            for one in difference.returned.comments
        ],
        "not_compared": [
            {"kind": one.kind.value, "place": str(one.place), "words": one.text} for one in difference.returned.losses
        ],
        "comparison": comparison_as_record(difference.compared),
    }


def _file(file: DraftFile) -> dict[str, JsonValue]:
    return {
        "name": file.name,
        "digest": str(file.digest),
        "document": None if file.document is None else str(file.document),
    }


def _change(one: NumberedChange) -> dict[str, JsonValue]:
    """Return a change; `article` is its place in `comparison.changes`, `paragraph` the one in the article, or null."""
    return {
        "number": one.number,
        "outcome": one.outcome.value,
        "article": one.item.article,
        "paragraph": one.item.paragraph,
        "words": [[edit.kind.value, edit.text] for edit in one.item.edits],
    }


def _fields(difference: DraftDifference, one: NumberedChange) -> Sequence[JsonValue]:
    return [{"field": field.expression, "value": field.value} for field in changed_fields(difference, one)]
