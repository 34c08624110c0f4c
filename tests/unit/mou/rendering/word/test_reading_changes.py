"""Tracked changes and comments: both views of a file, and who did what where."""

from datetime import UTC, datetime

import pytest
from docx.oxml import parse_xml

from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import Alignment, ChangeKind, View, WordFile, WordParagraph, WordTable
from tests.data.word.office_markup import (
    NAMESPACES,
    add,
    add_part,
    changed,
    deleted_run,
    new_document,
    packed,
    paragraph,
    row,
    run,
    table,
    word_file,
)
from tests.data.word.write_office_files import FOLDER

WHO, AT = "สายฝน", "2026-11-20T09:15:00Z"
MORNING = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)


def _views(*blocks: str) -> tuple[WordFile, WordFile]:
    content = word_file(*blocks)
    before, after = (read_word("a.docx", content, view=view) for view in (View.BEFORE_CHANGES, View.AFTER_CHANGES))
    return before, after


def _texts(file: WordFile) -> list[str]:
    return [
        one.text if isinstance(one, WordParagraph) else " / ".join("|".join(cell.text for cell in row.cells) for row in one.rows)
        for one in file.blocks
    ]


def _inserted(words: str) -> str:
    return changed("ins", 1, WHO, AT, run(words))


def _deleted(words: str) -> str:
    return changed("del", 2, WHO, AT, deleted_run(words))


def _marked(kind: str) -> str:
    return f"<w:rPr>{changed(kind, 3, WHO, AT)}</w:rPr>"


INSERTED_PARAGRAPH = paragraph(_inserted("ข"), layout=_marked("ins"))
DELETED_PARAGRAPH = paragraph(_deleted("ข"), layout=_marked("del"))
DELETED_ROW = changed("del", 1, WHO, AT)
DELETED_CELL = f"<w:tc><w:tcPr>{changed('cellDel', 1, WHO, AT)}</w:tcPr>{paragraph('ข')}</w:tc>"
BEGIN, SEPARATE, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
DELETED_FIELD = f"{BEGIN}<w:r><w:delInstrText>PAGE</w:delInstrText></w:r>{SEPARATE}{deleted_run('7')}{END}"
VIEWS = {
    "words in place of others": ((paragraph("ก", _deleted("สอง"), _inserted("สาม"), "ข"),), ["กสองข"], ["กสามข"]),
    "inserted and deleted again": ((paragraph("ก", changed("ins", 1, WHO, AT, _deleted("ข")), "ค"),), ["กค"], ["กค"]),
    "a paragraph inserted": ((paragraph("ก"), INSERTED_PARAGRAPH, paragraph("ค")), ["ก", "ค"], ["ก", "ข", "ค"]),
    "a paragraph deleted": ((paragraph("ก"), DELETED_PARAGRAPH, paragraph("ค")), ["ก", "ข", "ค"], ["ก", "ค"]),
    "two paragraphs joined": ((paragraph("ก", layout=_marked("del")), paragraph("ข")), ["ก", "ข"], ["กข"]),
    "a paragraph divided": ((paragraph("ก", layout=_marked("ins")), paragraph("ข")), ["กข"], ["ก", "ข"]),
    "three paragraphs joined": (
        (paragraph("ก", layout=_marked("del")), paragraph("ข", layout=_marked("del")), paragraph("ค")),
        ["ก", "ข", "ค"], ["กขค"],
    ),
    "joined with nothing": ((paragraph("ก", layout=_marked("del")), table(row("ข"), columns=1)), ["ก", "ข"], ["ก", "ข"]),
    "moved": (
        (paragraph(changed("moveFrom", 1, WHO, AT, run("ก")), layout=_marked("moveFrom")), paragraph("ข"),
         paragraph(changed("moveTo", 2, WHO, AT, run("ก")), layout=_marked("moveTo")), paragraph("ค")),
        ["ก", "ข", "ค"], ["ข", "ก", "ค"],
    ),
    "rows": (
        (table(row("ก"), row("ข", properties=changed("ins", 1, WHO, AT)), row("ค", properties=DELETED_ROW), columns=1),),
        ["ก / ค"], ["ก / ข"],
    ),
    "a whole table": ((paragraph("ก"), table(row("ข", properties=changed("del", 1, WHO, AT)), columns=1)), ["ก", "ข"], ["ก"]),
    "a cell": ((f"<w:tbl><w:tr><w:tc>{paragraph('ก')}</w:tc>{DELETED_CELL}</w:tr></w:tbl>",), ["ก|ข"], ["ก"]),
    "a field": ((paragraph("ก", changed("del", 1, WHO, AT, DELETED_FIELD), "ข"),), ["ก7ข"], ["กข"]),
    "a field whose end alone is deleted": (
        (paragraph(BEGIN, run("ก"), changed("del", 1, WHO, AT, END)), paragraph("ข")),
        ["ข"], ["ก", "ข"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("blocks", "before", "after"), VIEWS.values(), ids=VIEWS)
def test_each_view_has_its_text(blocks: tuple[str, ...], before: list[str], after: list[str]) -> None:
    old, new = _views(*blocks)

    assert (_texts(old), _texts(new)) == (before, after)


def test_joined_paragraphs_have_the_properties_of_the_last_one() -> None:
    _, after = _views(paragraph("ก", layout=_marked("del")), paragraph("ข", layout='<w:jc w:val="right"/>'))

    assert isinstance(joined := after.blocks[0], WordParagraph)
    assert joined.alignment is Alignment.RIGHT


def test_what_was_formatted_has_its_old_look_before_the_changes() -> None:
    was = f'<w:rPrChange w:id="1" w:author="{WHO}" w:date="{AT}"><w:rPr><w:iCs/></w:rPr></w:rPrChange>'
    old_layout = f'<w:pPrChange w:id="1" w:author="{WHO}" w:date="{AT}"><w:pPr><w:pStyle w:val="Heading1"/></w:pPr></w:pPrChange>'
    stood = f'<w:jc w:val="right"/>{old_layout}'
    before, after = _views(paragraph(run("ก", bold=True, more=was), layout=stood))

    assert isinstance(old := before.blocks[0], WordParagraph)
    assert isinstance(new := after.blocks[0], WordParagraph)
    assert (old.level, old.alignment, old.runs[0].italic) == (1, Alignment.LEFT, True)
    assert (new.level, new.alignment, new.runs[0].bold) == (0, Alignment.RIGHT, True)
    assert [(one.kind, one.text) for one in after.changes] == [(ChangeKind.FORMATTED, "ก"), (ChangeKind.FORMATTED, "ก")]


def test_a_change_in_pieces_is_told_once_and_another_persons_apart() -> None:
    other = changed("ins", 5, "ภูผา", AT, run("ค"))
    _, after = _views(
        paragraph(_inserted("ก"), changed("ins", 4, WHO, AT, run("ข", bold=True)), other, layout=_marked("ins")), paragraph("ง")
    )

    assert [(one.author, one.text) for one in after.changes] == [(WHO, "กข"), ("ภูผา", "ค"), (WHO, "¶")]


def test_times_are_aware_and_the_real_one_is_preferred() -> None:
    namespace = 'xmlns:x="http://schemas.microsoft.com/office/word/2023/wordml/word16du"'
    stamped = f'<w:ins {namespace} x:dateUtc="2026-11-20T02:15:00Z" '
    real = changed("ins", 1, WHO, AT, run("ก")).replace("<w:ins ", stamped)
    without = f'<w:ins w:id="2" w:author="{WHO}">{run("ข")}</w:ins>'
    nonsense = f'<w:ins w:id="2" w:author="ค" w:date="เมื่อวาน">{run("ค")}</w:ins>'
    _, after = _views(paragraph(real, "-", _inserted("จ"), "-", without, "-", nonsense))

    assert [one.at for one in after.changes] == [datetime(2026, 11, 20, 2, 15, tzinfo=UTC), MORNING, None, None]


def test_a_comment_over_paragraphs_and_changes_quotes_what_stands() -> None:
    document = new_document()
    asked = f'<w:comment w:id="4" w:author="{WHO}" w:date="{AT}">{paragraph("ทำไม")}</w:comment>'
    lost = f'<w:comment w:id="5" w:author="{WHO}">{paragraph("ไม่มีที่")}</w:comment>'
    gone = f'<w:comment w:id="6" w:author="{WHO}">{paragraph("ตัดแล้ว")}</w:comment>'
    long = f'<w:comment w:id="7" w:author="{WHO}">{paragraph("ยาว")}</w:comment>'
    add_part(document, "comments", f"<w:comments {NAMESPACES}>{asked}{lost}{gone}{long}</w:comments>")
    begin, end = '<w:commentRangeStart w:id="{}"/>'.format, '<w:commentRangeEnd w:id="{}"/>'.format
    add(
        document,
        begin(4),
        paragraph("หนึ่ง", _deleted("ลบ")),
        paragraph("สอง", end(4), "สาม", changed("del", 1, WHO, AT, begin(6) + deleted_run("ตัด") + end(6))),
        paragraph(begin(7), "ก" * 3000, end(7)),
    )

    comments = read_word("a.docx", packed(document)).comments

    assert [(one.text, one.quoted[:9], str(one.place), one.at) for one in comments] == [
        ("ทำไม", "หนึ่ง\nสอง", "paragraph 1", MORNING),
        ("ไม่มีที่", "", "nowhere in the text", None),
        ("ตัดแล้ว", "", "paragraph 2", None),
        ("ยาว", "ก" * 9, "paragraph 3", None),
    ]
    assert len(comments[3].quoted) == 1001


def test_the_file_of_two_people_is_told_with_places() -> None:
    content = (FOLDER / "08-tracked-changes.docx").read_bytes()
    before, after = (read_word("a.docx", content, view=view) for view in (View.BEFORE_CHANGES, View.AFTER_CHANGES))

    assert _texts(after)[4:10] == [
        "บันทึกนี้มีผลใช้บังคับ สาม ปี นับแต่วันลงนาม และต่ออายุได้",
        "ข้อความท่อนแรกต่อกับข้อความท่อนหลัง",
        "ข้อความนี้เพิ่มทั้งย่อหน้า",
        "ข้อ ๒ การย้าย",
        " ประโยคที่อยู่กับที่ ประโยคที่ถูกย้าย",
        "คำที่ทำให้หนา และคำที่มีผู้ถาม",
    ]
    assert _texts(before)[4:11] == [
        "บันทึกนี้มีผลใช้บังคับ สอง ปี นับแต่วันลงนาม",
        "ข้อความท่อนแรก",
        "ต่อกับข้อความท่อนหลัง",
        "ข้อความนี้ตัดทั้งย่อหน้า",
        "ข้อ ๒ การย้าย",
        "ประโยคที่ถูกย้าย ประโยคที่อยู่กับที่ ",
        "คำที่ทำให้หนา และคำที่มีผู้ถาม",
    ]
    assert [(one.kind.value, one.author.split()[0], str(one.place), one.text) for one in after.changes] == [
        ("deleted", "สายฝน", "paragraph 5", "สอง"),
        ("inserted", "สายฝน", "paragraph 5", "สาม"),
        ("inserted", "ภูผา", "paragraph 5", " และต่ออายุได้"),
        ("deleted", "สายฝน", "paragraph 6", "¶"),
        ("inserted", "ภูผา", "paragraph 7", "ข้อความนี้เพิ่มทั้งย่อหน้า¶"),
        ("deleted", "ภูผา", "after paragraph 7", "ข้อความนี้ตัดทั้งย่อหน้า"),
        ("deleted", "สายฝน", "after paragraph 7", "¶"),
        ("moved_away", "ภูผา", "paragraph 9", "ประโยคที่ถูกย้าย"),
        ("moved_here", "ภูผา", "paragraph 9", "ประโยคที่ถูกย้าย"),
        ("formatted", "สายฝน", "paragraph 10", "คำที่ทำให้หนา"),
        ("formatted", "ภูผา", "paragraph 10", "คำที่ทำให้หนา และคำที่มีผู้ถาม"),
        ("inserted", "ภูผา", "table 1, row 2", "แถวที่เพิ่ม\t๑"),
        ("deleted", "สายฝน", "table 1", "แถวที่ตัด\t๒"),
    ]
    assert [(one.author.split()[0], one.text, one.quoted, str(one.place)) for one in after.comments] == [
        ("สายฝน", "ชื่อนี้ตรงกับหนังสือสำคัญหรือไม่\nขอสำเนาด้วย", "ระหว่าง {{ organisation.name_th }}", "paragraph 3"),
        ("ภูผา", "ควรใช้คำอื่น", "คำที่มีผู้ถาม", "paragraph 10"),
        ("ภูผา", "ยังขาดข้อว่าด้วยการเลิก", "", "paragraph 11"),
    ]
    assert sum(isinstance(one, WordTable) for one in after.blocks) == 1


def test_marks_that_the_schema_has_once_are_told_once() -> None:
    marks = changed("ins", 1, WHO, AT) * 50
    formattings = f"<w:r><w:rPr>{changed('rPrChange', 1, WHO, AT) * 50}</w:rPr><w:t>ก</w:t></w:r>"

    _, after = _views(paragraph(formattings), table(row("ข", properties=marks), columns=1))

    assert [(one.kind, one.text) for one in after.changes] == [(ChangeKind.FORMATTED, "ก"), (ChangeKind.INSERTED, "ข")]


def test_changes_inside_each_other_repeat_no_more_than_the_beginning_of_their_words() -> None:
    words = _inserted("ก" * 20_000)
    for _ in range(5):
        words = changed("ins", 1, WHO, AT, words)

    _, after = _views(paragraph(words))

    assert [len(one.text) for one in after.changes] == [10_001] * 6
    assert after.changes[0].text.endswith("ก…")
    assert _texts(after) == ["ก" * 20_000]


def test_another_look_of_a_table_or_cell_is_told() -> None:
    look = table(
        f"<w:tr><w:tc><w:tcPr>{changed('tcPrChange', 1, WHO, AT)}</w:tcPr>{paragraph('ก')}</w:tc></w:tr>", columns=1
    ).replace("</w:tblPr>", f"{changed('tblPrChange', 2, WHO, AT)}</w:tblPr>")

    _, after = _views(look)

    assert [(one.kind, str(one.place), one.text) for one in after.changes] == [
        (ChangeKind.FORMATTED, "table 1", ""),
        (ChangeKind.FORMATTED, "table 1, row 1, column 1", "ก"),
    ]


def test_changes_in_text_boxes_notes_and_margins_are_told_with_who_made_them() -> None:
    inner = paragraph("ก", _deleted("ข"), _inserted("ค"), _inserted("ง"), layout=_marked("ins"))
    bold = f"<w:r><w:rPr><w:b/>{changed('rPrChange', 4, WHO, AT) * 50}</w:rPr><w:t>จ</w:t></w:r>"
    box = f"<w:r><w:pict><w:txbxContent>{inner}{paragraph(bold)}</w:txbxContent></w:pict></w:r>"
    document = new_document()
    add(document, paragraph("หนึ่ง", box), paragraph("สอง", '<w:r><w:footnoteReference w:id="2"/></w:r>' * 2))
    note = f'<w:footnote w:id="2">{paragraph(_inserted("เชิงอรรถ"))}</w:footnote>'
    add_part(document, "footnotes", f"<w:footnotes {NAMESPACES}>{note}</w:footnotes>")
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(f"<w:r {NAMESPACES}><w:t>หัว</w:t></w:r>"))
    document.sections[0].footer.paragraphs[0]._p.append(parse_xml(_deleted("ท้าย").replace("<w:del ", f"<w:del {NAMESPACES} ", 1)))

    changes = read_word("a.docx", packed(document)).changes

    assert {(one.author, one.at) for one in changes} == {(WHO, MORNING)}
    assert [(one.kind.value, one.text, str(one.place)) for one in changes] == [
        ("inserted", "¶", "paragraph 1"),
        ("deleted", "ข", "paragraph 1"),
        ("inserted", "คง", "paragraph 1"),
        ("formatted", "จ", "paragraph 1"),
        ("inserted", "เชิงอรรถ", "paragraph 2"),
        ("deleted", "ท้าย", "footer"),
    ]
