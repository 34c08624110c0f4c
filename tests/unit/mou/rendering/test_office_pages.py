"""What LibreOffice made is looked at before anybody signs: its kind, its fonts, its words, and the place of each signature."""

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pikepdf
import pypdfium2
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from mou.errors import RenderingError
from mou.models import Capacity, FilledDocument, Person, SignatorySlot
from mou.rendering.archive import read_record
from mou.rendering.faces import bundled_family
from mou.rendering.office import open_office, pdf_of_word
from mou.rendering.office_pages import OfficePages, finished_pages
from mou.rendering.word.own_layout.filled_layout import FilledLayout, as_file
from mou.rendering.word.own_layout.places import BOX_HEIGHT_PT, make_places, token
from tests.house_layout import house_file, opened
from tests.office import office as installed_office

DAY = datetime(2022, 3, 29, tzinfo=UTC)
MARK = "mark"
Change = Callable[[Document], object]


def slot(number: int) -> SignatorySlot:
    person = Person(prefix="นาย", given_name=f"ก้อง{number}", family_name="ทดสอบ", position="ประธาน")
    return SignatorySlot(f"S{number:04d}", "party", "org-1", "มูลนิธิสมมติ", person, Capacity.AUTHORISED_REPRESENTATIVE, 1)


def document_of(slots: tuple[SignatorySlot, ...], *, is_sample: bool = False) -> FilledDocument:
    return FilledDocument(
        template_name="note",
        template_digest=f"sha256:{'0' * 64}",
        title="บันทึกทดสอบ",
        language="th",
        html="",
        css="",
        folder="",
        record={"format": "mou.record.v1"},
        slots=slots,
        protected_names=(),
        document_number="N-1",
        is_sample=is_sample,
    )


def laid_out(change: Change, slots: tuple[SignatorySlot, ...]) -> tuple[bytes, FilledLayout]:
    office = open_office({**os.environ, "MOU_SOFFICE": installed_office()})
    document = opened(house_file(paragraphs=["ย่อหน้าแรก ผู้ใหญ่ น้ำ ปั้น ๑๒๓"]))
    document.sections[0].header.paragraphs[0].text = ""
    change(document)
    make_places(document, "note/template.docx", MARK, slots)
    file = as_file(document)
    return pdf_of_word(office, file.content, fonts=bundled_family().folder), file


def finished(change: Change, slots: tuple[SignatorySlot, ...] = (slot(1),), *, is_sample: bool = False) -> OfficePages:
    pdf, file = laid_out(change, slots)
    return finished_pages(pdf, document_of(slots, is_sample=is_sample), words=file.words, fonts=file.fonts, created=DAY)


def refusal(change: Change) -> str:
    with pytest.raises(RenderingError) as refused:
        finished(change)
    return str(refused.value)


def nothing(_document: Document) -> None:
    """Leave the file as it is."""


@cache
def plain() -> tuple[bytes, FilledLayout]:
    return laid_out(nothing, (slot(1),))


def test_the_record_and_the_day_of_the_document_stand_in_it_and_no_trace_of_how_places_were_found() -> None:
    pages = finished(nothing)
    assert read_record(pages.pdf) == {"format": "mou.record.v1"}
    with pikepdf.open(io.BytesIO(pages.pdf)) as pdf:
        assert b"2022-03-29T00:00:00Z" in pdf.Root.Metadata.read_bytes()
        assert str(pdf.docinfo["/CreationDate"]) == "D:20220329000000Z"
        assert str(pdf.docinfo["/Title"]) == "บันทึกทดสอบ"
        assert str(pdf.docinfo["/Author"]) == "มูลนิธิสมมติ"
        assert b"python-docx" not in pdf.Root.Metadata.read_bytes()
        assert "/Dests" not in pdf.Root
        assert "/OpenAction" not in pdf.Root
        assert len(pdf.pages) == pages.page_count == 2


def test_boxes_stand_where_the_layout_has_them_at_the_side_that_the_house_chose() -> None:
    def with_places(document: Document) -> None:
        document.add_paragraph(token(MARK, "S0001")).alignment = WD_ALIGN_PARAGRAPH.CENTER
        table = document.add_table(rows=1, cols=3)
        table.cell(0, 1).text = token(MARK, "S0002")
        document.add_paragraph(token(MARK, "S0003")).alignment = WD_ALIGN_PARAGRAPH.RIGHT

    first, second, third = finished(with_places, (slot(1), slot(2), slot(3))).slots
    assert {one.page for one in (first, second, third)} == {0}
    page_middle, right_margin = 595.3 / 2, 595.3 - 25 / 25.4 * 72
    assert (first.box[0] + first.box[2]) / 2 == pytest.approx(page_middle, abs=1)
    assert third.box[2] == pytest.approx(right_margin, abs=1)
    assert second.box[2] - second.box[0] < 160  # the width of its cell
    for one in (first, second, third):
        assert one.box[3] - one.box[1] == pytest.approx(BOX_HEIGHT_PT, abs=1)
    assert first.box[1] > second.box[1] > third.box[1]


def test_many_places_go_on_to_further_pages_and_none_is_torn() -> None:
    slots = tuple(slot(number) for number in range(1, 31))
    pages = finished(nothing, slots)
    assert pages.page_count > 3
    assert len({one.page for one in pages.slots}) == pages.page_count - 1
    for one in pages.slots:
        assert one.box[3] - one.box[1] == pytest.approx(BOX_HEIGHT_PT, abs=1)


def test_a_sample_is_marked_across_each_page_and_its_text_stays() -> None:
    pages = finished(nothing, is_sample=True)
    with pikepdf.open(io.BytesIO(pages.pdf)) as pdf:
        assert all("/PageMark" in page.Resources.XObject for page in pdf.pages)
    with pypdfium2.PdfDocument(pages.pdf) as document:
        assert "ย่อหน้าแรก ผู้ใหญ่ น้ำ ปั้น ๑๒๓" in document[0].get_textpage().get_text_range()


def test_a_font_that_is_not_there_is_named_with_what_was_drawn_instead() -> None:
    def with_missing_font(document: Document) -> None:
        fonts = document.styles["Normal"].element.rPr.rFonts
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), "TH Font Of Nobody")

    told = refusal(with_missing_font)
    assert "TH Font Of Nobody" in told
    assert "LibreOffice drew some of it in" in told


def test_words_that_no_page_shows_are_missed() -> None:
    def with_hidden_text(document: Document) -> None:
        document.add_paragraph().add_run("ข้อความซ่อน").font.hidden = True

    assert "letters are missing there" in refusal(with_hidden_text)


def test_text_over_a_place_is_refused() -> None:
    def with_raised_text(document: Document) -> None:
        document.add_paragraph(token(MARK, "S0001"))
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(4)
        raised = OxmlElement("w:position")
        raised.set(qn("w:val"), "80")
        paragraph.add_run("ทับ").element.get_or_add_rPr().append(raised)

    with pytest.raises(RenderingError, match="stands in the box of S0001"):
        finished(with_raised_text)


def test_a_pdf_of_another_kind_is_refused() -> None:
    _, file = plain()
    made = pikepdf.new()
    made.add_blank_page()
    written = io.BytesIO()
    made.save(written)
    for content, told in ((written.getvalue(), "a tagged PDF/A-3b is expected"), (b"%PDF-1.6\n", "cannot be read")):
        with pytest.raises(RenderingError, match=told):
            finished_pages(content, document_of((slot(1),)), words=file.words, fonts=file.fonts, created=DAY)


def test_a_place_that_was_not_laid_out_is_told_by_name() -> None:
    pdf, file = plain()
    with pytest.raises(RenderingError, match="นายก้อง2 ทดสอบ: LibreOffice lays out no place for this signature"):
        finished_pages(pdf, document_of((slot(1), slot(2))), words=file.words, fonts=file.fonts, created=DAY)


def test_a_word_that_the_pages_lack_is_a_refusal() -> None:
    pdf, file = plain()
    with pytest.raises(RenderingError, match="letters are missing there, among them ญ"):
        finished_pages(pdf, document_of((slot(1),)), words=file.words + "ญ", fonts=file.fonts, created=DAY)
