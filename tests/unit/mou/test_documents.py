"""What decides a document, its public address, and its draft."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from mou.documents import ADDRESS_CODE_DIGITS, draft_of, input_digest, prepare_document, with_address
from mou.errors import RenderingError
from mou.models import Capacity, FilledDocument, Person, SignatorySlot

URL = "https://charters.example.org"
CREATED = datetime(2022, 3, 29, tzinfo=UTC)
BOX = '<div class="signature-block"><div class="signature"><div class="signature-box" id="slot-S0001"></div></div></div>'


@pytest.fixture
def filled(tmp_path: Path) -> FilledDocument:
    person = Person("ธีระศักดิ์", "ฑีฆายุพันธุ์", "ผู้อำนวยการ", "นาย")
    return FilledDocument(
        template_name="test",
        template_digest="sha256:00",
        title="บันทึก",
        language="th",
        html=f'<!doctype html><html lang="th"><head><title>บันทึก</title></head><body><p>น้ำ</p>{BOX}</body></html>',
        css="",
        folder=str(tmp_path),
        record={"organisation": "มูลนิธิรักษ์เด็ก"},
        slots=(SignatorySlot("S0001", "party", "org_1", "มูลนิธิ", person, Capacity.AUTHORISED_REPRESENTATIVE, 1),),
        protected_names=(),
        document_number="A-1",
        is_sample=False,
    )


def test_a_workspace_without_a_public_address_makes_the_documents_that_it_made_before(filled: FilledDocument) -> None:
    assert input_digest(filled, public_url=None) == input_digest(filled)
    assert with_address(filled, input_digest(filled), public_url=None) is filled


def test_the_public_address_is_known_before_the_page_and_stands_in_the_record(filled: FilledDocument) -> None:
    source = input_digest(filled, public_url=URL)
    published = with_address(filled, source, public_url=URL + "/")
    assert published.address == f"{URL}/d/{source.hex[:ADDRESS_CODE_DIGITS]}"
    assert published.record["address"] == published.address
    assert source != input_digest(filled)


def test_another_text_has_another_address(filled: FilledDocument) -> None:
    other = replace(filled, html=filled.html.replace("น้ำ", "ดิน"))
    assert input_digest(filled, public_url=URL) != input_digest(other, public_url=URL)


def test_a_draft_says_so_and_has_nothing_to_sign(filled: FilledDocument) -> None:
    draft = draft_of(filled, created=CREATED)
    with pikepdf.open(BytesIO(draft)) as pdf:
        assert "/AcroForm" not in pdf.Root
    with pypdfium2.PdfDocument(draft) as document:
        assert all("ร่าง" in page.get_textpage().get_text_range() for page in document)
    with pikepdf.open(BytesIO(prepare_document(filled, created=CREATED).pdf)) as pdf:
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields] == ["S0000", "S0001"]


def test_a_signature_that_would_not_fit_its_box_is_refused_before_anything_is_made(filled: FilledDocument) -> None:
    slot = replace(filled.slots[0], person=Person("ธีระศักดิ์" * 30, "ฑีฆายุพันธุ์", "ผู้อำนวยการ", "นาย"))
    with pytest.raises(RenderingError, match="does not fit"):
        prepare_document(replace(filled, slots=(slot,)), created=CREATED)
