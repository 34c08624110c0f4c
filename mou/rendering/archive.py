"""A tagged PDF/A-3a -> one file that is PDF/A-3a and PDF/UA-1, carries its record, and is saved with the same bytes each time."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO

import pikepdf

from mou.errors import RenderingError
from signatures.canonical import JsonValue

RECORD_NAME = "record.json"
OUTPUT_INTENT = "srgb"
# WeasyPrint opens its profile anew for each document, and leaves the file open, where the option says "srgb".
PREPARED_OUTPUT_INTENT = "prepared"
_END_OF_METADATA = b"</rdf:RDF>"

# PDF/UA-1 identification (ISO 14289-1, clause 5) and, since PDF/A refuses properties that it does not know, the extension
# schema that declares it (ISO 19005-3, 6.6.2.3).
_UNIVERSAL_ACCESS = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@dataclass(slots=True)
class ColourProfile:
    """An ICC profile as WeasyPrint wants it, with the bytes of its file.

    WeasyPrint's own class asks LittleCMS for the bytes, and gets other ones the second time.
    """

    name: str
    content: bytes
    components: tuple[list[str], ...] = (["r"], ["g"], ["b"])
    pdf_reference: bytes | None = None


def open_colour_profile() -> ColourProfile:
    """Return the sRGB profile that WeasyPrint brings, read once; PDF/A asks for one (ISO 19005-3, 6.2.3)."""
    return ColourProfile("sRGB2014", (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())


def metadata_date(at: datetime) -> str:
    """Return an aware time as WeasyPrint's metadata wants it, in UTC: 2026-01-02T03:04:05Z."""
    return _utc(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def declare_universal_access(pdf: pikepdf.Pdf) -> None:
    """Add the PDF/UA-1 identification to the metadata of a tagged PDF/A file, in place."""
    metadata = pdf.Root.Metadata.read_bytes()
    if metadata.count(_END_OF_METADATA) != 1:
        raise RenderingError(
            "the PDF's metadata was expected to end with one {end}; WeasyPrint 70 writes it so", end="</rdf:RDF>"
        )
    pdf.Root.Metadata.write(metadata.replace(_END_OF_METADATA, _UNIVERSAL_ACCESS + _END_OF_METADATA))


def attach_record(pdf: pikepdf.Pdf, record: bytes, *, created: datetime) -> None:
    """Embed the record as JSON, the source of the document (PDF/A-3, relationship Source), in place.

    The dates are given, never taken from the clock: a date of its own would give other bytes each time.
    """
    date = _utc(created).strftime("D:%Y%m%d%H%M%SZ")
    attachment = pikepdf.AttachedFileSpec(
        pdf,
        record,
        filename=RECORD_NAME,
        mime_type="application/json",
        description="The values that the document was made from",
        creation_date=date,
        mod_date=date,
    )
    attachment.obj.AFRelationship = pikepdf.Name.Source
    pdf.attachments[RECORD_NAME] = attachment
    pdf.Root.AF = pikepdf.Array([pdf.attachments[RECORD_NAME].obj])


def attach_document(pdf: pikepdf.Pdf, content: bytes, *, name: str, created: datetime) -> None:
    """Embed another PDF beside the record (PDF/A-3, relationship Data), in place."""
    date = _utc(created).strftime("D:%Y%m%d%H%M%SZ")
    attachment = pikepdf.AttachedFileSpec(
        pdf,
        content,
        filename=name,
        mime_type="application/pdf",
        description="The document of which this is a copy",
        creation_date=date,
        mod_date=date,
    )
    attachment.obj.AFRelationship = pikepdf.Name.Data
    pdf.attachments[name] = attachment
    pdf.Root.AF.append(pdf.attachments[name].obj)


def read_record(content: bytes) -> dict[str, JsonValue]:
    """Return the record that a document carries.

    Raises:
        RenderingError: it carries none: another program made it, or it is no PDF.
    """
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            record = json.loads(pdf.attachments[RECORD_NAME].get_file().read_bytes())
    except (pikepdf.PdfError, KeyError, ValueError) as error:
        raise RenderingError("a PDF that mou made is expected, got one without its record {name}", name=RECORD_NAME) from error
    if not isinstance(record, dict):
        raise RenderingError("a PDF that mou made is expected, got one without its record {name}", name=RECORD_NAME)
    return record


def saved(pdf: pikepdf.Pdf) -> bytes:
    """Return the file's bytes, the same for the same content in any process."""
    output = BytesIO()
    pdf.save(
        output,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return output.getvalue()


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a date with a time zone is expected")
    return at.astimezone(UTC)
