"""A filled document -> an editable draft in Word: the same text, numbers and look as the PDF of record, and marked as a draft.

1. The blocks of the page and their computed look (`layout`) become paragraphs, headings and tables with styles (`styles`).
2. Numbers are text, as in the PDF: what an article is called does not depend on a program that counts.
3. Each value of a field stands in a bookmark; a custom property of the same name holds the field's expression.
4. The margins say that it is a draft, and of which document, by the digest of the PDF that would be signed.
5. Changes are tracked from the first key on: the file is opened with tracking on.
6. The same input gives the same bytes.
"""

from datetime import datetime
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn

from mou.models import FilledDocument, Font
from mou.rendering.faces import find_family
from mou.rendering.pdf import SIZES_PT
from mou.rendering.word.drafting.blocks import BlockWriter
from mou.rendering.word.drafting.draft_words import DIGEST_PROPERTY
from mou.rendering.word.drafting.embedded_fonts import embed_fonts
from mou.rendering.word.drafting.layout import page_blocks
from mou.rendering.word.drafting.margins import write_margins
from mou.rendering.word.drafting.styles import looks_of_styles, write_styles
from mou.rendering.word.markup import element
from mou.rendering.word.packing import with_fixed_times
from signatures.digests import Digest

_PROPERTY_SET: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_PROPERTIES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{}</Properties>'
)
_PROPERTY: Final = '<property fmtid="{}" pid="{}" name="{}"><vt:lpwstr>{}</vt:lpwstr></property>'
_FROM_PYTHON_DOCX: Final = ("thumbnail", "customXml", "stylesWithEffects")
"""Parts of the file that it begins with, which say nothing of ours."""
_COMPATIBILITY: Final = (("compatibilityMode", "15"), ("overrideTableStyleFontSizeAndJustification", "1"))


def word_of(filled: FilledDocument, *, digest: Digest, created: datetime) -> bytes:
    """Return the draft as a .docx.

    Args:
        filled: the document; with marked fields its values are marked in the draft too.
        digest: of the PDF that would be put before the signatories.
        created: the aware date of the document, as in its PDF: never the clock's.

    Raises:
        RenderingError: its page shows something that Word cannot hold.
    """
    blocks = page_blocks(filled)
    family = find_family(filled.font)
    document = docx.Document()
    looks = looks_of_styles(blocks)
    style_ids = write_styles(document, looks, blocks, family.name.value, SIZES_PT[family.name])
    writer = BlockWriter(document, family.name.value, looks, style_ids)
    body = document.element.body
    for made in writer.elements(blocks):
        body.insert(len(body) - 1, made)  # before the properties of the section
    write_margins(document, filled, digest, family.name.value)
    _write_settings(document)
    if family.name is Font.SARABUN:  # whose licence lets it travel along
        embed_fonts(document, family)
    _write_properties(document, filled, digest, created, writer.expressions)
    written = BytesIO()
    document.save(written)
    return with_fixed_times(written.getvalue())


def _write_settings(document: Document) -> None:
    """Track changes, and lay the page out as today's Word does; the order is that of the schema (17.15.1.78)."""
    settings = document.settings.element
    compatibility = element("compat")
    for name, value in _COMPATIBILITY:
        compatibility.append(element("compatSetting", name=name, uri="http://schemas.microsoft.com/office/word", val=value))
    for old in settings.findall(qn("w:compat")):
        settings.replace(old, compatibility)
    for said_of_another in settings.findall(qn("w:proofState")):
        settings.remove(said_of_another)
    zoom, language = settings.find(qn("w:zoom")), settings.find(qn("w:themeFontLang"))
    settings.replace(zoom, element("zoom", percent=100))
    settings.replace(language, element("themeFontLang", val="en-US", bidi="th-TH"))
    settings.find(qn("w:defaultTabStop")).addprevious(element("trackRevisions"))


def _write_properties(
    document: Document, filled: FilledDocument, digest: Digest, created: datetime, expressions: dict[str, str]
) -> None:
    core = document.core_properties
    core.title, core.subject, core.identifier, core.language = filled.title, "draft", str(digest), filled.language
    core.author = core.last_modified_by = "mou"
    core.comments = core.keywords = core.category = ""
    core.version, core.revision = filled.version, 1
    core.created = core.modified = created.replace(tzinfo=None)
    core.last_printed = core.created
    package = document.part.package
    for owner in (package, document.part):
        for name, relation in list(owner.rels.items()):
            if any(word in relation.reltype or word in relation.target_ref for word in _FROM_PYTHON_DOCX):
                del owner.rels[name]
    properties = {DIGEST_PROPERTY: str(digest), **expressions}
    content = _PROPERTIES.format(
        "".join(
            _PROPERTY.format(_PROPERTY_SET, number, name, escape(value))
            for number, (name, value) in enumerate(properties.items(), start=2)
        )
    )
    part = Part(PackURI("/docProps/custom.xml"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, content.encode(), package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
