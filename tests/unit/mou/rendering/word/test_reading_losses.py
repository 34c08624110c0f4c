"""What of a Word file is no text of its page: fields, boxes, pictures, notes, margins; each with its place."""

import pytest
from docx.oxml import parse_xml

from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import LossKind, WordFile, WordParagraph
from tests.data.word.office_markup import (
    NAMESPACES,
    add,
    add_part,
    cell,
    field,
    new_document,
    packed,
    paragraph,
    row,
    run,
    table,
    word_file,
)

SWITCH = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def _read(*blocks: str) -> WordFile:
    return read_word("ตัวอย่าง.docx", word_file(*blocks))


def _paragraphs(file: WordFile) -> list[WordParagraph]:
    return [one for one in file.blocks if isinstance(one, WordParagraph)]


def _texts(file: WordFile) -> list[str]:
    return [one.text for one in _paragraphs(file)]


def _losses(file: WordFile) -> list[tuple[LossKind, str, str]]:
    return [(one.kind, str(one.place), one.text) for one in file.losses]


OPEN, SEPARATE, END = (SWITCH.format(kind) for kind in ("begin", "separate", "end"))
INSTRUCTION = "<w:r><w:instrText>{}</w:instrText></w:r>".format


FIELDS = {
    "a page number": (field("PAGE", "7"), "7", [(LossKind.COMPUTED, "7")]),
    "a reference": (field(r"REF _Ref1 \h", "ข้อ ๒"), "ข้อ ๒", [(LossKind.COMPUTED, "ข้อ ๒")]),
    "one without a result": (OPEN + INSTRUCTION(" DATE ") + END, "", [(LossKind.COMPUTED, "DATE")]),
    "a link to an address": (
        field('HYPERLINK "https://example.org/"', "ที่นี่"), "ที่นี่", [(LossKind.OTHER, "ที่นี่ <https://example.org/>")],
    ),
    "a link inside the file": (field(r'HYPERLINK \l "_Toc1"', "ที่นี่"), "ที่นี่", []),
    "a mark of an index": (field('XE "ป่า"', ""), "", []),
    "a field in a result": (OPEN + INSTRUCTION(" IF ") + SEPARATE + field("PAGE", "7") + run("ก") + END, "7ก",
                            [(LossKind.COMPUTED, "7"), (LossKind.COMPUTED, "7ก")]),
    "a field in an instruction": (
        OPEN + INSTRUCTION("IF ") + field("PAGE", "7") + INSTRUCTION(" = 1") + SEPARATE + run("ก") + END,
        "ก", [(LossKind.COMPUTED, "ก")],
    ),
    "a field without an end": (OPEN + INSTRUCTION(" REF ") + run("ก"), "ก", []),
    "an end without a field": (END + run("ก"), "ก", []),
    "a text to fill in": (field("FORMTEXT", "......"), "......", [(LossKind.FORM_CONTROL, "......")]),
    "a box that is checked": (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
        "</w:fldChar></w:r>" + INSTRUCTION(" FORMCHECKBOX ") + END, "☒", [(LossKind.FORM_CONTROL, "☒")],
    ),
    "a place to click": (
        OPEN + INSTRUCTION(" MACROBUTTON NoMacro [พิมพ์ชื่อ] ") + END, "[พิมพ์ชื่อ]", [(LossKind.FORM_CONTROL, "[พิมพ์ชื่อ]")],
    ),
    "an equation": (field(r"EQ \f(1,2)", ""), "", [(LossKind.EQUATION, r"EQ \f(1,2)")]),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "shown", "lost"), FIELDS.values(), ids=FIELDS)
def test_a_field_shows_its_last_result(markup: str, shown: str, lost: list[tuple[LossKind, str]]) -> None:
    file = _read(paragraph("[", markup, "]"))

    assert _texts(file) == [f"[{shown}]"]
    assert [(one.kind, one.text) for one in file.losses] == lost


def test_a_table_of_contents_is_left_out_as_a_whole() -> None:
    contents = (
        paragraph("ก่อน ", OPEN, INSTRUCTION(r" TOC \o "), SEPARATE, "ข้อ ๑\t", field("PAGEREF a", "1")),
        paragraph("ข้อ ๒\t", field("PAGEREF b", "2")),
        paragraph(END, "หลัง"),
    )

    file = _read(*contents)

    assert _texts(file) == ["ก่อน ", "หลัง"]
    assert _losses(file) == [(LossKind.COMPUTED, "paragraph 2", "ข้อ ๑\t1\nข้อ ๒\t2")]


BOX = f"<w:txbxContent>{paragraph('ในกล่อง')}{paragraph('สองบรรทัด')}</w:txbxContent>"
DRAWN = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="รูป" descr="ธง"/>'
    '<a:graphic><a:graphicData uri="{}">{}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
)
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
OLD_BOX = f"<w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict>"
NEW_BOX = f"<w:drawing><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></w:drawing>"
TWO_MARKUPS = (
    f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{NEW_BOX}</mc:Choice>'
    f"<mc:Fallback>{OLD_BOX}</mc:Fallback></mc:AlternateContent></w:r>"
)
TICK = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
LOST = {
    "a text box": (f"<w:r>{OLD_BOX}</w:r>", LossKind.TEXT_BOX, "ในกล่อง\nสองบรรทัด"),
    "a text box in two markups": (TWO_MARKUPS, LossKind.TEXT_BOX, "ในกล่อง\nสองบรรทัด"),
    "a picture": (DRAWN.format(PICTURE, f'<pic:pic xmlns:pic="{PICTURE}"/>'), LossKind.PICTURE, "ธง"),
    "a chart": (DRAWN.format("http://schemas.openxmlformats.org/drawingml/2006/chart", ""), LossKind.EMBEDDED, "ธง"),
    "an old picture": ('<w:r><w:pict><v:shape><v:imagedata o:title="ตรา"/></v:shape></w:pict></w:r>', LossKind.PICTURE, "ตรา"),
    "a line": ("<w:r><w:pict><v:line/></w:pict></w:r>", LossKind.EMBEDDED, ""),
    "an object": ('<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>', LossKind.EMBEDDED, "Excel.Sheet.12"),
    "an equation": ("<m:oMathPara><m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></m:oMathPara>", LossKind.EQUATION, "a+b"),
    "hidden text": (run("ซ่อน", more="<w:vanish/>") + run("ไว้", bold=True, more="<w:vanish/>"), LossKind.HIDDEN_TEXT, "ซ่อนไว้"),
    "a list to choose from": (
        f"<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{run('')}</w:sdtContent></w:sdt>", LossKind.FORM_CONTROL, "",
    ),
    "a request to type something": (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('')}</w:sdtContent></w:sdt>", LossKind.FORM_CONTROL, "",
    ),
    "a text that Word takes from elsewhere": (
        f"<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr><w:sdtContent>{run('')}</w:sdtContent></w:sdt>", LossKind.FORM_CONTROL, "",
    ),
    "the day of opening": ("<w:r><w:dayLong/></w:r>", LossKind.COMPUTED, "dayLong"),
    "a sign in a text box": (
        f"<w:r><w:pict><w:txbxContent><w:p>{TICK}</w:p></w:txbxContent></w:pict></w:r>", LossKind.TEXT_BOX, "✓",
    ),
    "a sign that nobody knows": ('<w:r><w:sym w:font="Webdings" w:char="F04A"/></w:r>', LossKind.OTHER, "Webdings F04A"),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "kind", "text"), LOST.values(), ids=LOST)
def test_what_is_no_text_of_the_page_is_listed_with_its_place(markup: str, kind: LossKind, text: str) -> None:
    file = _read(paragraph("หนึ่ง"), paragraph("สอง", markup))

    assert _texts(file) == ["หนึ่ง", "สอง"]
    assert _losses(file) == [(kind, "paragraph 2", text)]


def test_text_that_is_struck_out_or_raised_is_kept_and_told() -> None:
    file = _read(paragraph("พื้นที่ 5 ม", run("2", more='<w:vertAlign w:val="superscript"/>'), " ", run("ยกเลิก", more="<w:strike/>")))

    assert _texts(file) == ["พื้นที่ 5 ม2 ยกเลิก"]
    assert [(one.kind, one.text) for one in file.losses] == [(LossKind.OTHER, "2"), (LossKind.OTHER, "ยกเลิก")]


def test_places_count_what_says_something_and_tables_inside_by_their_cell() -> None:
    hidden = run("ซ่อน", more="<w:vanish/>")
    inner = table(row(cell(paragraph("ใน", hidden))), columns=1)
    grid = table(row("ก", cell(paragraph("ข", hidden), inner)), columns=2)

    file = _read(paragraph(hidden), "<w:p/>", paragraph("หนึ่ง", hidden), paragraph(hidden), grid)

    assert [str(one.place) for one in file.losses] == [
        "before the first paragraph",
        "paragraph 1",
        "after paragraph 1",
        "table 1, row 1, column 2",
        "table 1, row 1, column 2, inner table 1, row 1, column 1",
    ]


def test_a_tab_that_draws_dots_is_kept_and_told() -> None:
    dots = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs>'
    file = _read(paragraph("<w:r><w:tab/></w:r>", layout=dots), paragraph("<w:r><w:tab/></w:r>"))

    assert _texts(file) == ["\t"]
    assert _losses(file) == [(LossKind.OTHER, "paragraph 1", "\t......")]


def test_a_note_that_is_named_and_not_there_is_told_without_words() -> None:
    file = _read(paragraph("ก", '<w:r><w:footnoteReference w:id="7"/></w:r>'))

    assert _losses(file) == [(LossKind.FOOTNOTE, "paragraph 1", "")]


def test_a_form_control_around_a_cell_or_row_is_told_like_any_other() -> None:
    control = "<w:sdt><w:sdtPr><w:date/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    grid = table(f"<w:tr>{control(cell('ก'))}{cell('ข')}</w:tr>", control(row("ค", "ง") + row("จ", "ฉ")), columns=2)

    assert _losses(_read(grid)) == [
        (LossKind.FORM_CONTROL, "table 1, row 1, column 1", "ก"),
        (LossKind.FORM_CONTROL, "table 1, row 2", "ค\nง\nจ\nฉ"),
    ]


def test_drawings_of_headers_and_footers_are_told_once() -> None:
    document = new_document()
    water_mark = '<w:r {}><w:pict><v:shape><v:textpath string="ร่าง"/></v:shape></w:pict></w:r>'
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(water_mark.format(NAMESPACES)))
    drawing = DRAWN.format(PICTURE, f'<pic:pic xmlns:pic="{PICTURE}"/>').replace("<w:r>", f"<w:r {NAMESPACES}>", 1)
    document.sections[0].footer.paragraphs[0]._p.append(parse_xml(drawing))
    add(document, paragraph("ก"))

    file = read_word("a.docx", packed(document))

    assert file.margins == ()
    assert _losses(file) == [(LossKind.EMBEDDED, "header", "ร่าง"), (LossKind.PICTURE, "footer", "ธง")]


def test_a_note_that_is_named_again_is_told_once_in_words() -> None:
    document = new_document()
    note = f'<w:footnotes {NAMESPACES}><w:footnote w:id="1">{paragraph("ยาว")}</w:footnote></w:footnotes>'
    add_part(document, "footnotes", note)
    add(document, paragraph("ก", '<w:r><w:footnoteReference w:id="1"/></w:r>' * 3))

    assert [one.text for one in read_word("a.docx", packed(document)).losses] == ["ยาว", "", ""]


def test_notes_and_margins_are_plain_text() -> None:
    document = new_document()
    add_part(
        document,
        "endnotes",
        '<w:endnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:endnote w:id="1">{paragraph("หนึ่ง")}{paragraph("สอง")}</w:endnote></w:endnotes>',
    )
    document.sections[0].footer.paragraphs[0].text = "หน้า"
    document.sections[0].first_page_header.paragraphs[0].text = "ไม่แสดง"
    add(document, paragraph("ก", '<w:r><w:endnoteReference w:id="1"/></w:r>'))

    file = read_word("a.docx", packed(document))

    assert file.margins == ("หน้า",)
    assert [one.text for one in file.losses] == ["หนึ่ง\nสอง", "หน้า"]
