"""Rules on the document's metadata. Sources: ISO 19005-3:2012, 6.6; ISO 14289-1:2014, 5 and 7.1."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from pikepdf import Name, Stream

from mou.rendering.conformance.inspection import Inspection
from mou.rendering.conformance.report import Fault, Observation, Rule
from mou.rendering.conformance.xmp import DUBLIN_CORE, PDF, PDFA_ID, PDFUA_ID, PREDEFINED, XMP_BASIC, Xmp
from signatures.messages import say

_PLACE = say("the metadata")
_PACKET_HEADER = re.compile(rb"<\?xpacket begin=(?P<attributes>.*?)\?>", re.DOTALL)
_PDF_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?")


def metadata_are_there(inspection: Inspection) -> Iterator[Observation]:
    """The catalog has a metadata stream."""
    if not isinstance(inspection.root.get(Name.Metadata), Stream):
        yield Fault(say("a metadata stream is expected in the catalog"), say("the catalog"))


def metadata_are_well_formed(inspection: Inspection) -> Iterator[Observation]:
    """The packet is well-formed XML in UTF-8, and its header has neither bytes nor encoding."""
    if not isinstance(inspection.root.get(Name.Metadata), Stream):
        return
    if inspection.xmp is None:
        yield Fault(say("well-formed XMP in UTF-8 is expected"), _PLACE)
    header = _PACKET_HEADER.search(inspection.root.Metadata.read_bytes())
    if header is not None and re.search(rb"\b(?:bytes|encoding)=", header["attributes"]):
        yield Fault(say("the header of the XMP packet is expected to have neither bytes nor encoding"), _PLACE)


def metadata_identify_the_archive_level(inspection: Inspection) -> Iterator[Observation]:
    """The metadata say PDF/A, part 3, level A."""
    if (xmp := inspection.xmp) is None:
        return
    said = (xmp.first(PDFA_ID, "part"), xmp.first(PDFA_ID, "conformance"))
    if said != ("3", "A"):
        yield Fault(
            say("pdfaid:part 3 and pdfaid:conformance A are expected, got {said}", said=" ".join(said).strip() or say("nothing")),
            _PLACE,
        )


def metadata_identify_the_access_part(inspection: Inspection) -> Iterator[Observation]:
    """The metadata say PDF/UA, part 1."""
    if (xmp := inspection.xmp) is not None and (part := xmp.first(PDFUA_ID, "part")) != "1":
        yield Fault(say("pdfuaid:part 1 is expected, got {said}", said=part or say("nothing")), _PLACE)


def metadata_declare_their_properties(inspection: Inspection) -> Iterator[Observation]:
    """Each property is one that the standard knows, or an extension schema of the packet declares it (6.6.2.3)."""
    if (xmp := inspection.xmp) is None:
        return
    for name in xmp.incomplete_declarations:
        yield Fault(
            say("the extension schema is expected to describe {name} with name, type, category and description", name=name),
            _PLACE,
        )
    for namespace, name in xmp.values:
        if namespace not in PREDEFINED and (namespace, name) not in xmp.declared:
            yield Fault(
                say("an extension schema is expected to declare {name} of {namespace}", name=name, namespace=namespace), _PLACE
            )


def metadata_give_the_title(inspection: Inspection) -> Iterator[Observation]:
    """The metadata have a title (dc:title)."""
    if (xmp := inspection.xmp) is not None and not xmp.first(DUBLIN_CORE, "title").strip():
        yield Fault(say("a title is expected in the metadata (dc:title)"), _PLACE)


def metadata_agree_with_the_information(inspection: Inspection) -> Iterator[Observation]:
    """The document information and the metadata say the same, dates included (6.6.3).

    A reader may ignore the document information; two answers to one question would still leave an archive in doubt.
    """
    if (xmp := inspection.xmp) is None:
        return
    for key, said in _expected(xmp).items():
        value = inspection.pdf.docinfo.get(key)
        found = None if value is None else _comparable(str(value))
        if found is not None and found != said:
            yield Fault(
                say("{key} is expected to be the same in document information and metadata", key=key.removeprefix("/")), _PLACE
            )


def _expected(xmp: Xmp) -> dict[str, object]:
    return {
        "/Title": xmp.first(DUBLIN_CORE, "title"),
        "/Author": ", ".join(xmp.values.get((DUBLIN_CORE, "creator"), ())),
        "/Subject": xmp.first(DUBLIN_CORE, "description"),
        "/Keywords": xmp.first(PDF, "Keywords"),
        "/Creator": xmp.first(XMP_BASIC, "CreatorTool"),
        "/Producer": xmp.first(PDF, "Producer"),
        "/CreationDate": _xmp_date(xmp.first(XMP_BASIC, "CreateDate")),
        "/ModDate": _xmp_date(xmp.first(XMP_BASIC, "ModifyDate")),
    }


def _comparable(text: str) -> object:
    """Return a PDF date as a time, any other text as it is."""
    found = _PDF_DATE.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour, minute, second = (
        int(part) if part else default for part, default in zip(found.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)
    )
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0)) * (-1 if found[8] == "-" else 1)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        return text


def _xmp_date(text: str) -> object:
    """Return an XMP date as a time; one that cannot be read stays text, and so agrees with no time."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return text
    return date if date.tzinfo else date.replace(tzinfo=UTC)


RULES = (
    Rule(metadata_are_there, archive="6.6.2.1", access="7.1"),
    Rule(metadata_are_well_formed, archive="6.6.2.1"),
    Rule(metadata_identify_the_archive_level, archive="6.6.4"),
    Rule(metadata_identify_the_access_part, access="5"),
    Rule(metadata_declare_their_properties, archive="6.6.2.3"),
    Rule(metadata_give_the_title, access="7.1"),
    Rule(metadata_agree_with_the_information, archive="6.6.3"),
)
