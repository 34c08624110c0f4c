"""Three more files, 08 to 10: tracked changes and comments; margins, contents and pictures; what LibreOffice opens and saves."""

import io

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from tests.data.word.office_files import CENTRED, INDENTED, SAMPLE
from tests.data.word.office_markup import (
    NAMESPACES,
    add,
    add_part,
    cell,
    changed,
    deleted_run,
    field,
    layout,
    level,
    new_document,
    paragraph,
    picture_bytes,
    row,
    run,
    set_numbering,
    table,
)

SECRETARY, LAWYER = "สายฝน ใจงาม", "ภูผา สมมติ"
_MORNING, _NOON, _EVENING = "2026-11-20T09:15:00Z", "2026-11-20T12:05:00Z", "2026-11-21T18:40:00Z"


def tracked_changes() -> Document:
    """Two people changed it while changes were tracked, and commented on it."""
    document = new_document()
    _add_comments(document)
    was_plain = f'<w:rPrChange w:id="30" w:author="{SECRETARY}" w:date="{_NOON}"><w:rPr/></w:rPrChange>'
    added_row, removed_row = changed("ins", 7, LAWYER, _NOON), changed("del", 9, SECRETARY, _NOON)
    added = changed("ins", 6, LAWYER, _NOON, run("แถวที่เพิ่ม"))
    removed = changed("del", 8, SECRETARY, _NOON, deleted_run("แถวที่ตัด"))
    inserted_mark = f"<w:rPr>{changed('ins', 11, LAWYER, _EVENING)}</w:rPr>"
    deleted_mark = f"<w:rPr>{changed('del', 12, SECRETARY, _MORNING)}</w:rPr>"
    add(
        document,
        SAMPLE,
        paragraph(run("บันทึกความเข้าใจ", bold=True, size=20), layout=CENTRED),
        paragraph(
            '<w:commentRangeStart w:id="0"/>', run("ระหว่าง "), run("{{ organisation.name_th }}", bold=True),
            '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>', " กับ {{ host.name_th }}", layout=CENTRED,
        ),
        paragraph(run("ข้อ ๑ ระยะเวลา", bold=True)),
        paragraph(
            "บันทึกนี้มีผลใช้บังคับ ", changed("del", 1, SECRETARY, _MORNING, deleted_run("สอง")),
            changed("ins", 2, SECRETARY, _MORNING, run("สาม")), " ปี นับแต่วันลงนาม",
            changed("ins", 3, LAWYER, _NOON, run(" และต่ออายุได้")), layout=INDENTED,
        ),
        paragraph("ข้อความท่อนแรก", layout=deleted_mark),
        paragraph("ต่อกับข้อความท่อนหลัง"),
        paragraph(changed("ins", 4, LAWYER, _EVENING, run("ข้อความนี้เพิ่มทั้งย่อหน้า")), layout=inserted_mark),
        paragraph(changed("del", 5, LAWYER, _EVENING, deleted_run("ข้อความนี้ตัดทั้งย่อหน้า")), layout=deleted_mark),
        paragraph(run("ข้อ ๒ การย้าย", bold=True)),
        paragraph(
            f'<w:moveFromRangeStart w:id="20" w:author="{LAWYER}" w:date="{_NOON}" w:name="move1"/>',
            changed("moveFrom", 21, LAWYER, _NOON, run("ประโยคที่ถูกย้าย")), '<w:moveFromRangeEnd w:id="20"/>', " ประโยคที่อยู่กับที่ ",
            f'<w:moveToRangeStart w:id="22" w:author="{LAWYER}" w:date="{_NOON}" w:name="move1"/>',
            changed("moveTo", 23, LAWYER, _NOON, run("ประโยคที่ถูกย้าย")), '<w:moveToRangeEnd w:id="22"/>',
        ),
        paragraph(
            run("คำที่ทำให้หนา", bold=True, more=was_plain),
            " และ", '<w:commentRangeStart w:id="1"/>', "คำที่มีผู้ถาม", '<w:commentRangeEnd w:id="1"/>',
            '<w:r><w:commentReference w:id="1"/></w:r>',
            layout=f'<w:jc w:val="right"/><w:pPrChange w:id="31" w:author="{LAWYER}" w:date="{_NOON}"><w:pPr/></w:pPrChange>',
        ),
        table(
            row("รายการ", "จำนวน"),
            row(cell(paragraph(added)), "๑", properties=added_row),
            row(cell(paragraph(removed)), "๒", properties=removed_row),
            columns=2,
        ),
        paragraph("จบ", '<w:r><w:commentReference w:id="2"/></w:r>'),
    )  # fmt: skip
    return document


def _add_comments(document: Document) -> None:
    def comment(number: int, author: str, at: str, *lines: str) -> str:
        written = "".join(paragraph(line) for line in lines)
        return f'<w:comment w:id="{number}" w:author="{author}" w:date="{at}" w:initials="ส">{written}</w:comment>'

    written = (
        comment(0, SECRETARY, _MORNING, "ชื่อนี้ตรงกับหนังสือสำคัญหรือไม่", "ขอสำเนาด้วย")
        + comment(1, LAWYER, _EVENING, "ควรใช้คำอื่น")
        + comment(2, LAWYER, _EVENING, "ยังขาดข้อว่าด้วยการเลิก")
    )
    add_part(document, "comments", f"<w:comments {NAMESPACES}>{written}</w:comments>")


def margins_contents_pictures() -> Document:
    """Headings with a table of contents, a header and footer with page numbers, a picture with a caption, a link, a reference."""
    document = new_document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    add_to(section.header.paragraphs[0], run("เลขที่ {{ document.number }}"))
    add_to(section.footer.paragraphs[0], run("หน้า "), field("PAGE", "2"), run(" จาก "), field("NUMPAGES", "3"))
    add_to(section.first_page_footer.paragraphs[0], run("สำนักงานเลขานุการ (ตัวอย่าง)"))
    address = document.part.relate_to("https://example.org/charter", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    add(
        document,
        SAMPLE,
        paragraph(run("ธรรมนูญเครือข่ายเด็กริมน้ำ"), layout=layout(style="Title")),
        _contents(("ข้อ ๑ ความเป็นมา", "_Toc1"), ("ข้อ ๒ การร่วมมือ", "_Toc2")),
        _heading("ข้อ ๑ ความเป็นมา", "_Toc1", 101),
        paragraph(
            "เครือข่ายเกิดขึ้นจากการประชุมที่ {{ ceremony.place }} อ่านเพิ่มได้ที่ ",
            f'<w:hyperlink r:id="{address}">{run("หน้าเว็บของเครือข่าย")}</w:hyperlink>', " และใน",
            field(r"REF _Toc2 \h", "ข้อ ๒ การร่วมมือ"), layout=INDENTED,
        ),
    )  # fmt: skip
    document.add_picture(io.BytesIO(picture_bytes()), width=Mm(40))
    add(
        document,
        paragraph(
            "ภาพที่ ", f'<w:fldSimple w:instr=" SEQ ภาพที่ \\* ARABIC ">{run("1")}</w:fldSimple>', " ธงของเครือข่าย",
            layout=layout(style="Caption"),
        ),
        _heading("ข้อ ๒ การร่วมมือ", "_Toc2", 102),
        paragraph("สมาชิกร่วมมือกันโดยสุจริต", run("บันทึกภายใน", more="<w:vanish/>"), layout=INDENTED),
        paragraph("พื้นที่ ", "<m:oMath><m:r><m:t>a=b×c</m:t></m:r></m:oMath>", " ไร่"),
        paragraph('<w:r><w:br w:type="page"/></w:r>', run("ลงชื่อ {{ organisation.representative.full_name }}"), layout=CENTRED),
    )  # fmt: skip
    return document


def add_to(shown: Paragraph, *runs: str) -> None:
    """Append runs to a paragraph that python-docx has made."""
    for element in parse_xml(f"<w:p {NAMESPACES}>{''.join(runs)}</w:p>"):
        shown._p.append(element)


def _heading(words: str, bookmark: str, number: int) -> str:
    marked = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark}"/>{run(words)}<w:bookmarkEnd w:id="{number}"/>'
    return paragraph(marked, layout=layout(style="Heading1"))


def _contents(*entries: tuple[str, str]) -> str:
    """A table of contents as Word's gallery puts it in: a control around a title and one field over all lines."""
    tab, switch = "\t", r"\h"
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines = [
        f'<w:hyperlink w:anchor="{mark}">{run(words + tab)}{field(f"PAGEREF {mark} {switch}", str(page))}</w:hyperlink>'
        for page, (words, mark) in enumerate(entries, start=1)
    ]
    lines[0] = begin + lines[0]
    ended = paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    shown = paragraph(run("สารบัญ"), layout=layout(style="TOCHeading")) + "".join(paragraph(line) for line in lines) + ended
    kind = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
    return f"<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{shown}</w:sdtContent></w:sdt>"


def for_libreoffice() -> Document:
    """A memorandum with counted articles, two sections, two columns and controls to fill in, for LibreOffice."""
    document = new_document()
    set_numbering(
        document,
        '<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>'
        + level(0, "ข้อ %1", "decimal", left=700)
        + level(1, "%1.%2", "decimal", left=1400)
        + level(2, "(%3)", "thaiLetters", left=2100)
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>',
    )
    page = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1134" w:bottom="1440" w:left="1701"/>'
    choice = '<w:listItem w:value="1" w:displayText="มูลนิธิ"/>'
    first = f'<w:sectPr><w:type w:val="nextPage"/>{page}</w:sectPr>'
    second = f'<w:sectPr><w:type w:val="nextPage"/>{page}<w:cols w:num="2" w:space="708"/></w:sectPr>'
    add(
        document,
        SAMPLE,
        paragraph(run("บันทึกความเข้าใจ", bold=True, size=20), layout=layout(style="Title", align="center")),
        paragraph("ประเภทองค์กร ", _control(f"<w:dropDownList>{choice}</w:dropDownList>", "มูลนิธิ")),
        paragraph("วันที่ ", _control('<w:date><w:dateFormat w:val="d MMMM yyyy"/></w:date>', "{{ ceremony.date | thai_date }}")),
        paragraph("ชื่อ ", _control("<w:text/>", "{{ organisation.name_th }}"), " ตกลงดังนี้"),
        paragraph("วัตถุประสงค์", layout=layout(numbered=(1, 0))),
        paragraph("ร่วมกันดูแลแม่น้ำ", layout=layout(numbered=(1, 1))),
        paragraph("เก็บตัวอย่างน้ำ", layout=layout(numbered=(1, 2))),
        paragraph("รายงานผล", layout=layout(numbered=(1, 2))),
        table(row("เดือน", "ผู้เก็บ"), row("มกราคม", "องค์กร"), columns=2),
        paragraph("ระยะเวลา", layout=layout(numbered=(1, 0))),
        paragraph("มีผลสามปี", layout=layout(numbered=(1, 1)) + first),
        paragraph(run("บัญชีแนบท้าย", bold=True), layout=CENTRED),
        paragraph("{{ organisation.columns.river }}"),
        paragraph("ผู้ประสานงาน", layout=second),
        paragraph("ลงชื่อ {{ organisation.representative.full_name }}", layout=CENTRED),
    )  # fmt: skip
    return document


def _control(kind: str, shown: str) -> str:
    return f"<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{run(shown)}</w:sdtContent></w:sdt>"
