"""The house's own Word file (`template.docx` beside `template.html`): filled as a draft, or laid out by LibreOffice and signed.

1. It is filled with the same values as the text of record, in the same sandbox; a field that the manifest does not declare is
   refused, since nobody checked its value and the record would not hold it.
2. As a draft it says that it is none of what is signed: the PDF of record follows our own layout.
3. Where the house asks for it, its layout becomes the PDF that is signed: then the record inside says which LibreOffice laid it
   out, from which bytes, and the words that are kept of the document are those of the Word file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from jinja2 import Environment
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Name

from mou.documents import PreparedDocument, prepare_pages
from mou.errors import InputError, UsageError
from mou.filling import Filling
from mou.models import FilledDocument, SignatorySlot
from mou.rendering.faces import bundled_family
from mou.rendering.office import PROGRAM_NAME, open_office, pdf_of_word
from mou.rendering.office_pages import finished_pages
from mou.rendering.word.draft_words import draft_footer, draft_mark
from mou.rendering.word.layout_tags import Layout, read_layout
from mou.rendering.word.own_layout import WordDocument, as_file, file_bytes, filled_layout, mark_as_draft
from mou.rendering.word.places import make_places, token
from mou.rendering.word.reading import read_word
from mou.template_source import FIELD_ROOTS, PROGRAM_NAMES, UnprintableValueError, fields_of, sandbox
from mou.templates import MANIFEST, Template
from mou.thai import Numerals, balanced_lines
from mou.word_import.markup import html_of
from mou.word_import.tags import tag_reader
from signatures.digests import Digest, digest_of
from signatures.messages import Message, say

OWN_LAYOUT: Final = "template.docx"
"""The house's own Word file in a template's folder."""

_PLACE: Final = "place_of"
# What would let a value be read as something else than text.
_MARKUP_FILTERS: Final = ("safe", "urlize", "xmlattr", "tojson", "forceescape", "escape", "e", "striptags")


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


def has_own_layout(template: Template) -> bool:
    """Whether the template's folder holds the house's own Word file."""
    return (template.folder / OWN_LAYOUT).is_file()


def _filled(filling: Filling, *, mark: str) -> WordDocument:
    """Return the house's Word file with all values and a place for each signature."""
    template = filling.template
    if not has_own_layout(template):
        raise UsageError(
            "{template} has no Word file of its own: put the house's file, with its tags, into its folder as {name}",
            template=template.name,
            name=OWN_LAYOUT,
        )
    source = f"{template.name}/{OWN_LAYOUT}"
    environment = _word_sandbox(template.numerals)
    content = (template.folder / OWN_LAYOUT).read_bytes()
    has_charter = template.charter is not None
    layout = read_layout(
        content, source, environment, lambda tags: tag_reader(tags, frozenset({_PLACE}), has_charter=has_charter)
    )
    layout.require_sound(_problems_of_names(layout, template))
    context = {**filling.context, _PLACE: _place_of(filling.slots, mark)}
    document = filled_layout(layout, context, environment)
    make_places(document, source, mark, filling.slots)
    return document


def _word_sandbox(numerals: Numerals) -> Environment:
    """Return the sandbox of every template, for text that is no HTML: what gives markup there gives text, or is not there."""
    environment = sandbox({}, numerals)
    for name in _MARKUP_FILTERS:
        environment.filters.pop(name, None)
    environment.filters["lines"] = _in_lines
    return environment


def _in_lines(text: str, columns: int) -> str:
    return "\n".join(balanced_lines(text, columns))


def _problems_of_names(layout: Layout, template: Template) -> Iterator[Message]:
    """Yield each field that the manifest does not declare, and each name that stands for nothing."""
    declared = {one.name for one in template.fields}
    for field, line in fields_of(layout.tree):
        if field not in declared:
            yield layout.at_line(
                line, say("a field that {manifest} declares is expected, got {name}", manifest=MANIFEST, name=field)
            )
    if layout.problems:  # which names the tags themselves make is not known then
        return
    known = FIELD_ROOTS | PROGRAM_NAMES | {_PLACE}
    for unknown in sorted(find_undeclared_variables(layout.tree) - known):
        line = next((one.lineno for one in layout.tree.find_all(Name) if one.name == unknown), 1)
        names = ", ".join(sorted(known))
        yield layout.at_line(line, say("one of {known} is expected, got {unknown}", known=names, unknown=unknown))


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
