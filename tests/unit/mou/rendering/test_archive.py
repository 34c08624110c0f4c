import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from mou.errors import RenderingError
from mou.rendering.archive import attach_record, declare_universal_access, metadata_date, saved
from mou.rendering.pdf import RenderedDocument
from signatures.canonical import canonical_bytes

Render = Callable[..., RenderedDocument]

BANGKOK = timezone(timedelta(hours=7))
PDF_UA = "{http://www.aiim.org/pdfua/ns/id/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"


def test_the_record_comes_out_byte_for_byte(render: Render) -> None:
    with pikepdf.open(BytesIO(render().pdf)) as pdf:
        record = pdf.attachments["record.json"]
        content = record.get_file()
        assert content.read_bytes() == canonical_bytes({"organisation": "มูลนิธิรักษ์เด็ก", "sequence": 1})
        assert content.mime_type == "application/json"


def test_the_record_is_the_source_of_the_document_once_and_with_the_given_dates(render: Render) -> None:
    with pikepdf.open(BytesIO(render().pdf)) as pdf:
        (associated,) = pdf.Root.AF
        assert associated.AFRelationship == "/Source"
        assert associated.objgen == pdf.attachments["record.json"].obj.objgen
        file = associated.EF.F
        assert str(file.Params.CreationDate) == str(file.Params.ModDate) == "D:20220329013000Z"
        assert bytes(file.Params.CheckSum) == hashlib.md5(file.read_bytes(), usedforsecurity=False).digest()


def test_the_metadata_declares_universal_access_and_explains_the_property(render: Render) -> None:
    with pikepdf.open(BytesIO(render().pdf)) as pdf:
        metadata = ET.fromstring(pdf.Root.Metadata.read_bytes())  # noqa: S314  # our own file
    assert [element.get(f"{PDF_UA}part") for element in metadata.iter(f"{RDF}Description") if element.get(f"{PDF_UA}part")] == [
        "1"
    ]
    declared = {
        element.tag.removeprefix(PROPERTY): element.text for element in metadata.iter() if element.tag.startswith(PROPERTY)
    }
    assert declared["name"] == "part"
    assert declared["valueType"] == "Integer"
    assert declared["category"] == "internal"


def test_the_file_is_tagged_and_shows_its_title(render: Render) -> None:
    with pikepdf.open(BytesIO(render().pdf)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_metadata_of_another_shape_is_refused() -> None:
    with pikepdf.new() as pdf:
        pdf.Root.Metadata = pdf.make_stream(b"<x/>")
        with pytest.raises(RenderingError, match="</rdf:RDF>"):
            declare_universal_access(pdf)


def test_the_same_content_is_saved_as_the_same_bytes() -> None:
    def made() -> bytes:
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            attach_record(pdf, b"{}", created=datetime(2022, 3, 29, tzinfo=UTC))
            return saved(pdf)

    assert made() == made()


def test_dates_are_written_in_utc() -> None:
    assert metadata_date(datetime(2022, 3, 29, 8, 30, tzinfo=BANGKOK)) == "2022-03-29T01:30:00Z"


def test_a_date_without_time_zone_is_refused_before_anything_is_attached() -> None:
    with pikepdf.new() as pdf:
        with pytest.raises(ValueError, match="time zone"):
            attach_record(pdf, b"{}", created=datetime(2022, 3, 29))  # noqa: DTZ001  # the very fault
        assert not pdf.attachments
