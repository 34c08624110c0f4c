"""The house's own Word file (`template.docx` beside `template.html`): filled as a draft, or laid out by LibreOffice and signed.

1. It is filled with the same values as the text of record, in the same sandbox; a field that the manifest does not declare is
   refused, since nobody checked its value and the record would not hold it.
2. As a draft it says that it is none of what is signed: the PDF of record follows our own layout.
3. Where the house asks for it, its layout becomes the PDF that is signed: then the record inside says which LibreOffice laid it
   out, from which bytes, and the words that are kept of the document are those of the Word file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mou.documents import PreparedDocument, prepare_pages
from mou.errors import InputError
from mou.filling import Filling
from mou.models import FilledDocument, SignatorySlot
from mou.rendering.faces import bundled_family
from mou.rendering.office import PROGRAM_NAME, open_office, pdf_of_word
from mou.rendering.office_pages import finished_pages
from mou.rendering.word.drafting.draft_words import draft_footer, draft_mark
from mou.rendering.word.own_layout.filled_layout import WordDocument, as_file, file_bytes, filled_layout, mark_as_draft
from mou.rendering.word.own_layout.places import make_places, token
from mou.rendering.word.reading.word_file import read_word
from mou.template_source import UnprintableValueError
from mou.templates import OWN_LAYOUT, Template
from mou.word_import.markup import html_of
from mou.word_import.own_layout import PLACE_OF, open_own_layout
from signatures.digests import Digest, digest_of
from signatures.messages import say


def own_layout_draft(filling: Filling, filled: FilledDocument, digest: Digest) -> bytes:
    """Return the house's Word file, filled and marked as a draft.

    Args:
        filling: the values.
        filled: the document that would be signed.
        digest: of its PDF.

    Raises:
        UsageError: the template has no such file.
        InputError: it cannot be opened or filled; with every place.
    """
    document = _filled(filling, mark=digest.hex)
    mark_as_draft(document, draft_mark(filled), draft_footer(filled, digest))
    return file_bytes(document)


def prepare_through_office(
    filling: Filling, filled: FilledDocument, source: Digest, *, created: datetime
) -> tuple[FilledDocument, PreparedDocument]:
    """Return the document as LibreOffice lays out the house's Word file: with its own words and record, and with its fields.

    Args:
        filling: the values.
        filled: the document in our own layout.
        source: the digest of its input.
        created: the date that stands in the PDF's metadata.

    Raises:
        UsageError: the template has no such file.
        InputError: it cannot be opened or filled; with every place.
        RenderingError: there is no LibreOffice, it fails, or what it makes is not fit to be signed.
    """
    office = open_office()
    layout = as_file(_filled(filling, mark=source.hex))
    _require_prevailing_sentences(filling.template, layout.words)
    by = {"program": PROGRAM_NAME, "version": office.version, "layout": str(digest_of(layout.content))}
    html = html_of(read_word(OWN_LAYOUT, layout.content))
    filled = replace(filled, html=html, record={**filled.record, "laid_out_by": by})
    pdf = pdf_of_word(office, layout.content, fonts=bundled_family().folder)
    pages = finished_pages(pdf, filled, words=layout.words, fonts=layout.fonts, created=created)
    return filled, prepare_pages(filled, pages)


def _filled(filling: Filling, *, mark: str) -> WordDocument:
    """Return the house's Word file with all values and a place for each signature."""
    own = open_own_layout(filling.template)
    own.layout.require_sound(own.problems[len(own.layout.problems) :])
    context = {**filling.context, PLACE_OF: _place_of(filling.slots, mark)}
    document = filled_layout(own.layout, context, own.environment)
    make_places(document, own.source, mark, filling.slots)
    return document


def _place_of(slots: Sequence[SignatorySlot], mark: str) -> Callable[[object], str]:
    """Return what a tag calls for the place of a signature: by a role that one person has, by a field, or by one of `slots`."""

    def place_of(who: object) -> str:
        wanted = getattr(who, "field", who)
        found = [slot for slot in slots if wanted in {slot.field, slot.role}]
        if len(found) != 1:
            raise UnprintableValueError(
                say(
                    "place_of: somebody who signs is expected, one of {known}, got {wanted} ({count} places)",
                    known=", ".join(dict.fromkeys(slot.role for slot in slots)),
                    wanted=str(wanted),
                    count=len(found),
                )
            )
        return token(mark, found[0].field)

    return place_of


def _require_prevailing_sentences(template: Template, words: str) -> None:
    """Refuse a text in several languages that does not say in each of them which one prevails."""
    missing: Mapping[str, str] = {
        one.value: sentence
        for one, sentence in template.prevailing.items()
        if "".join(sentence.split()) not in "".join(words.split())
    }
    if missing:
        raise InputError(
            "{file}: the text does not say which language prevails",
            file=f"{template.name}/{OWN_LAYOUT}",
            problems=tuple(
                say(
                    "template.prevailing.{language}: this sentence is expected in the text: {sentence}",
                    language=one,
                    sentence=two,
                )
                for one, two in missing.items()
            ),
        )
