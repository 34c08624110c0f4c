"""What became of a Word file: what is in the template, what is not, and what had to be guessed; as a record and as messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mou.rendering.word.values import Loss, LossKind
from mou.templates import OWN_LAYOUT
from mou.word_import.blanks import Blank
from mou.word_import.elements import Element, Group, Kind, SignatureBlock, TableElement, all_of, texts_in
from signatures.canonical import JsonValue
from signatures.messages import Message, say

_LOST: Final = {
    LossKind.TEXT_BOX: say("a text box"),
    LossKind.FOOTNOTE: say("a footnote"),
    LossKind.PICTURE: say("a picture"),
    LossKind.HEADER_OR_FOOTER: say("a header or footer"),
    LossKind.COMPUTED: say("a text that Word computes"),
    LossKind.FORM_CONTROL: say("a form control"),
    LossKind.EQUATION: say("an equation"),
    LossKind.EMBEDDED: say("an embedded object"),
    LossKind.HIDDEN_TEXT: say("hidden text"),
    LossKind.COLUMNS: say("columns"),
    LossKind.OTHER: say("something else"),
}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file became; counts are of the template, the rest tells what a person has to look at.

    `holds_tags` where the Word file itself is kept, to be filled as a draft in its own layout; `layout_problems` speak against
    that.
    """

    source: str
    digest: str
    template: str
    articles: int
    items: int
    tables: int
    fields: tuple[str, ...]
    signature_places: int
    losses: tuple[Loss, ...] = ()
    blanks: tuple[Blank, ...] = ()
    notes: tuple[Message, ...] = ()
    holds_tags: bool = False
    layout_problems: tuple[Message, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing was lost, guessed or left blank."""
        return not (self.losses or self.blanks or self.notes)


def counts_of(elements: tuple[Element, ...]) -> dict[str, int]:
    """Return how many articles, items, tables and places for signatures there are."""
    texts = list(texts_in(elements))
    parts = list(all_of(elements))
    # A heading in two languages is one article.
    second = sum(sum(inner.kind is Kind.ARTICLE for inner in texts_in((one,))) > 1 for one in parts if isinstance(one, Group))
    return {
        "articles": sum(one.kind is Kind.ARTICLE for one in texts) - second,
        "items": sum(one.kind is Kind.ITEM for one in texts),
        "tables": sum(isinstance(one, TableElement) for one in parts),
        "signature_places": sum(bool(place.role) for one in parts if isinstance(one, SignatureBlock) for place in one.places),
    }


def as_record(report: ImportReport) -> dict[str, JsonValue]:
    """Return the report as it is kept beside the template, in English."""
    return {
        "source": report.source,
        "source_digest": report.digest,
        "template": report.template,
        "articles": report.articles,
        "items": report.items,
        "tables": report.tables,
        "fields": list(report.fields),
        "signature_places": report.signature_places,
        "holds_tags": report.holds_tags,
        "layout_problems": [str(one) for one in report.layout_problems],
        "losses": [{"kind": one.kind.value, "place": str(one.place), "text": one.text} for one in report.losses],
        "blanks": [{"place": str(one.place), "before": one.before, "proposal": one.proposal} for one in report.blanks],
        "notes": [str(one) for one in report.notes],
    }


def messages_of(report: ImportReport) -> Iterator[tuple[Message, tuple[Message, ...]]]:
    """Return the report as headings, each with the lines below it; a heading without lines has none."""
    yield (
        say(
            "{template}: {articles} articles, {items} items, {tables} tables, {fields} fields, {places} places for signatures",
            template=report.template,
            articles=report.articles,
            items=report.items,
            tables=report.tables,
            fields=len(report.fields),
            places=report.signature_places,
        ),
        (),
    )
    if report.losses:
        yield say("not carried over as it was ({count}):", count=len(report.losses)), tuple(map(_loss, report.losses))
    if report.blanks:
        yield say("blanks without a tag ({count}):", count=len(report.blanks)), tuple(map(_blank, report.blanks))
    if report.notes:
        yield say("decided on the way ({count}), look at each:", count=len(report.notes)), report.notes
    if report.layout_problems:
        yield (
            say(
                "the Word file itself was kept as {file}, but cannot be filled in its own layout before this is mended in it"
                " ({count}); the PDF of record follows template.html and template.css:",
                file=OWN_LAYOUT,
                count=len(report.layout_problems),
            ),
            report.layout_problems,
        )
    elif report.holds_tags:
        yield (
            say(
                "the Word file itself was kept as {file}: it can be filled as a draft in its own layout; the PDF of record"
                " follows template.html and template.css",
                file=OWN_LAYOUT,
            ),
            (),
        )


def _loss(one: Loss) -> Message:
    kind = _LOST[one.kind]
    if one.text:
        return say("{place}: {kind}: {text}", place=one.place, kind=kind, text=" ".join(one.text.split()))
    return say("{place}: {kind}", place=one.place, kind=kind)


def _blank(one: Blank) -> Message:
    if one.proposal:
        return say("{place}: after {before}: perhaps {proposal}", place=one.place, before=one.before, proposal=one.proposal)
    if one.before:
        return say("{place}: after {before}", place=one.place, before=one.before)
    return say("{place}: at its beginning", place=one.place)
