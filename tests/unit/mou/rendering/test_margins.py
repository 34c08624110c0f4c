"""The margins of every page: draft or sample, document and version, page of pages, the public address and its code."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from mou.models import FilledDocument
from mou.rendering.margins import margin_texts
from mou.rendering.pdf import Renderer

MakeDocument = Callable[..., FilledDocument]
ReadMargins = Callable[[bytes], list[str]]

CREATED = datetime(2022, 3, 29, tzinfo=UTC)
ADDRESS = "https://charter.example.org/d/0123456789abcdef0123456789abcdef"
LONG = "<p>" + "ทั้งสองฝ่ายตกลงร่วมกันส่งเสริมและคุ้มครองสิทธิเด็กและเยาวชน " * 20 + "</p>"


@pytest.fixture
def margins(renderer: Renderer, make_document: MakeDocument, read_margins: ReadMargins) -> Callable[..., list[str]]:
    """Return what stands in the margins of each page of a long document with these settings."""

    def read(**settings: object) -> list[str]:
        filled = replace(make_document(LONG * 6, number="LCRN-MOU-2565-001"), **settings)  # type: ignore[arg-type] # any field
        return read_margins(renderer.render(filled, created=CREATED).pdf)

    return read


def test_every_page_says_which_document_and_version_it_is_and_how_many_pages_there_are(
    margins: Callable[..., list[str]],
) -> None:
    found = margins(version="2")
    assert len(found) > 1
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    expected = [f"LCRN-MOU-2565-001·ฉบับที่๒หน้า{page}จาก{len(found)}".translate(thai) for page in range(1, len(found) + 1)]
    assert found == [text.replace("LCRN-MOU-๒๕๖๕-๐๐๑", "LCRN-MOU-2565-001") for text in expected]


def test_arabic_numerals_are_used_throughout_where_the_template_asks_for_them(margins: Callable[..., list[str]]) -> None:
    found = margins(numerals="arabic")
    assert all(text.endswith(f"ฉบับที่1หน้า{page}จาก{len(found)}") for page, text in enumerate(found, start=1))


def test_a_document_in_two_languages_counts_its_pages_in_both(margins: Callable[..., list[str]]) -> None:
    found = margins(languages=("th", "en"))
    assert found[0].endswith(f"ฉบับที่๑/Version1หน้า๑จาก{'๐๑๒๓๔๕๖๗๘๙'[len(found)]}/Page1of{len(found)}")


def test_a_document_without_a_number_is_named_by_its_title(margins: Callable[..., list[str]]) -> None:
    assert margins(document_number=None)[0].startswith("บันทึกข้อตกลง·ฉบับที่๑")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        pytest.param({"is_sample": True}, "ตัวอย่าง", id="sample"),
        pytest.param({"is_draft": True}, "ร่าง", id="draft"),
        pytest.param({"is_sample": True, "is_draft": True}, "ตัวอย่าง·ร่าง", id="draft of a sample"),
    ],
)
def test_every_page_of_a_sample_or_a_draft_says_so(
    settings: dict[str, bool], word: str, renderer: Renderer, make_document: MakeDocument, margins: Callable[..., list[str]]
) -> None:
    assert all(word in text for text in margins(**settings))
    filled = replace(make_document(LONG * 6), **settings)  # type: ignore[arg-type] # any field
    with pikepdf.open(BytesIO(renderer.render(filled, created=CREATED).pdf)) as pdf:
        marks = {page.obj.Resources.XObject["/PageMark"].objgen for page in pdf.pages}
        assert len(marks) == 1
        assert all(b"/Artifact <</Type /Background>> BDC" in page.obj.Contents.read_bytes() for page in pdf.pages)


def test_a_document_that_is_neither_draft_nor_sample_has_no_mark(margins: Callable[..., list[str]]) -> None:
    assert not any(word in text for text in margins() for word in ("ร่าง", "ตัวอย่าง"))


def test_the_public_address_stands_on_every_page_and_its_code_is_read_by_another_program(
    renderer: Renderer, make_document: MakeDocument, read_margins: ReadMargins
) -> None:
    pdf = renderer.render(replace(make_document(LONG * 6, number="1"), address=ADDRESS), created=CREATED).pdf
    assert all(ADDRESS in text for text in read_margins(pdf))
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            (code,) = zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
            assert code.text == ADDRESS
            assert code.ec_level == "M"


def test_the_code_of_a_sample_is_read_too_and_lies_in_the_margin(renderer: Renderer, make_document: MakeDocument) -> None:
    filled = replace(make_document(LONG * 6, number="1", is_sample=True), address="http://127.0.0.1:8000/d/" + "f" * 32)
    with pypdfium2.PdfDocument(renderer.render(filled, created=CREATED).pdf) as document:
        picture = document[0].render(scale=200 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    millimetre = 200 / 25.4
    assert code.text == filled.address
    assert code.position.top_right.x < 27 * millimetre
    assert code.position.top_left.y > picture.height - 25 * millimetre


def test_without_an_address_no_page_has_a_code(renderer: Renderer, make_document: MakeDocument) -> None:
    with pypdfium2.PdfDocument(renderer.render(make_document(LONG * 6), created=CREATED).pdf) as document:
        assert zxingcpp.read_barcodes(document[0].render(scale=200 / 72).to_pil()) == []


def test_margins_are_artifacts_and_no_part_of_the_text(renderer: Renderer, make_document: MakeDocument) -> None:
    pdf = renderer.render(replace(make_document(LONG * 6), address=ADDRESS, is_draft=True), created=CREATED).pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        content = document.pages[0].obj.Contents.read_bytes()
    assert len(re.findall(rb"/Artifact <</Type /Pagination>> BDC", content)) >= 4


def test_the_texts_of_the_margins_follow_the_languages(make_document: MakeDocument) -> None:
    english = replace(make_document(number="A-1"), languages=("en",), version="3")
    assert margin_texts(english) == ("", "A-1 · Version 3", "")
