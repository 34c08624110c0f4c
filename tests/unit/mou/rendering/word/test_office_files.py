"""The ten Word files of tests/data/word: each read, with what it loses; the same text as LibreOffice shows."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import Alignment, LossKind, View, WordBlock, WordFile, WordParagraph, WordTable
from mou.thai.numerals import to_arabic_digits
from tests.data.word.office_markup import packed
from tests.data.word.write_office_files import DOCUMENTS, FOLDER, SAVED_BY_LIBREOFFICE
from tests.office import converted

ALL = (*DOCUMENTS, SAVED_BY_LIBREOFFICE)


def _read(name: str, view: View = View.AFTER_CHANGES) -> WordFile:
    path = FOLDER / f"{name}.docx"
    return read_word(path.name, path.read_bytes(), view=view)


def _paragraphs(blocks: Iterable[WordBlock]) -> Iterator[WordParagraph]:
    """Every paragraph in reading order, those of tables too."""
    for block in blocks:
        if isinstance(block, WordParagraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from _paragraphs(cell.blocks)


def _shown(file: WordFile) -> list[str]:
    return [f"{one.number} {one.text}".strip() for one in _paragraphs(file.blocks)]


def _losses(file: WordFile) -> list[tuple[LossKind, str, str]]:
    return [(one.kind, str(one.place), one.text) for one in file.losses]


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_is_what_its_script_writes(name: str) -> None:
    assert _members(packed(DOCUMENTS[name]())) == _members((FOLDER / f"{name}.docx").read_bytes())


@pytest.mark.parametrize("name", ALL)
def test_every_file_is_marked_as_a_sample(name: str) -> None:
    assert _shown(_read(name))[0].startswith("(ตัวอย่าง")


@pytest.mark.parametrize("name", ["01-styles-by-hand", "02-tags-split-over-runs", "03-automatic-numbers", "04-nested-tables",
                                  "05-text-boxes", "07-typed-numbers-and-blanks", SAVED_BY_LIBREOFFICE])  # fmt: skip
def test_libreoffice_shows_the_same_text(name: str, tmp_path: Path) -> None:
    shown = converted(FOLDER / f"{name}.docx", "txt:Text (encoded):UTF8", tmp_path).read_text("utf-8-sig")
    file = _read(name)

    # LibreOffice writes the numbers of lists in Arabic digits, indents by spaces, and leaves text boxes out.
    ours = [to_arabic_digits(line).strip() for text in _shown(file) for line in text.split("\n")]
    assert ours == [to_arabic_digits(line).strip() for line in shown.splitlines() if line.strip()]


def test_styles_by_hand_are_seen_as_they_look() -> None:
    file = _read("01-styles-by-hand")
    title, article = file.blocks[1], file.blocks[8]

    assert isinstance(title, WordParagraph)
    assert isinstance(article, WordParagraph)
    assert (title.style, title.level, title.alignment) == ("Normal", 0, Alignment.CENTRE)
    assert [(run.bold, run.size_pt) for run in title.runs] == [(True, 20)]
    assert [run.bold for run in article.runs] == [True]
    assert file.losses == ()


def test_tags_that_were_cut_are_whole() -> None:
    file = _read("02-tags-split-over-runs")
    shown = _shown(file)

    assert "{{ organisation.name_th }}" in shown
    assert "ทำขึ้น ณ {{ ceremony.place }} เมื่อวันที่ {{ ceremony.date | thai_date}}" in shown
    assert shown[6:9] == ["{%p for theme in ceremony.themes %}", "- {{ theme }}", "{%p endfor %}"]
    assert "ชื่อที่มีเครื่องหมาย: A&B <x> และ “{{ host.name_en }}”" in shown
    [table] = [one for one in file.blocks if isinstance(one, WordTable)]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["แผนงาน", "ระยะเวลา"],
        ["{%tr for plan in ceremony.plans %}", ""],
        ["{{ plan.title }}", "{{ plan | months }}"],
        ["{%tr endfor %}", ""],
    ]
    assert [row.is_header for row in table.rows] == [True, False, False, False]


def test_automatic_numbers_go_on_after_a_table_and_begin_anew_where_they_should() -> None:
    numbers = [one.number for one in _paragraphs(_read("03-automatic-numbers").blocks)]

    assert [one for one in numbers if one] == [
        "ข้อ ๑", "๑.๑", "๑.๒", "ข้อ ๒", "๒.๑", "(ก)", "(ข)", "๒.๒", "๒.๓", "ข้อ ๓", "๓.๑", "(ก)",
        "1.", "1.1", "1.2", "i)", "2.", "1.", "2.", "•",
    ]  # fmt: skip


def test_nested_tables_and_merged_cells_are_read() -> None:
    file = _read("04-nested-tables")
    first, signatures = (one for one in file.blocks if isinstance(one, WordTable))

    assert [[(cell.columns, cell.continues) for cell in row.cells] for row in first.rows[:2]] == [
        [(1, False), (2, False), (1, False)],
        [(1, True), (1, False), (1, False), (1, True)],
    ]
    inner = first.rows[2].cells[3].blocks[1]
    assert isinstance(inner, WordTable)
    assert [[cell.text for cell in row.cells] for row in inner.rows] == [["ปี", "จำนวน"], ["๒๕๖๙", "{{ ceremony.values.budget }}"]]
    assert (first.has_borders, signatures.has_borders) == (True, False)
    assert str(inner.place) == "table 1, row 3, column 4, inner table 1"


def test_text_boxes_are_listed_once_with_their_words() -> None:
    assert _losses(_read("05-text-boxes")) == [
        (LossKind.TEXT_BOX, "after paragraph 1", "เลขที่ {{ document.number }}"),
        (LossKind.TEXT_BOX, "paragraph 5", "ข้อสังเกต: ยังไม่ได้แต่งตั้ง"),
        (LossKind.TEXT_BOX, "after paragraph 5", "สำเนาคู่ฉบับ"),
    ]


def test_notes_are_listed_where_they_stand() -> None:
    assert _losses(_read("06-footnotes")) == [
        (LossKind.FOOTNOTE, "paragraph 4", "คำว่า “เยาวชน” หมายถึงผู้มีอายุสิบห้าถึงยี่สิบห้าปี"),
        (LossKind.FOOTNOTE, "paragraph 4", "ที่อยู่สำหรับติดต่อ: {{ organisation.address }}"),
        (LossKind.FOOTNOTE, "paragraph 5", "แก้ไขครั้งล่าสุดในที่ประชุมสมมติ"),
    ]


def test_typed_numbers_and_blanks_are_text() -> None:
    shown = [one.text for one in _paragraphs(_read("07-typed-numbers-and-blanks").blocks)]

    assert "\tข้อ 1.\tผู้ร่วมลงนามรับทราบ{{ charter.title }}" in shown
    assert "\t\t(ก)\tประชุมปีละ ๒ ครั้ง" in shown
    assert "\tข้อ 3.\tบันทึกนี้ทำขึ้นสองฉบับ มีข้อความถูกต้องตรงกัน\nแต่ละฝ่ายเก็บไว้ฝ่ายละฉบับ" in shown
    assert "(..................................................)" in shown


def test_margins_contents_and_pictures_are_listed() -> None:
    file = _read("09-margins-contents-pictures")

    assert file.margins == ("เลขที่ {{ document.number }}", "หน้า 2 จาก 3", "สำนักงานเลขานุการ (ตัวอย่าง)")
    assert _losses(file) == [
        (LossKind.COMPUTED, "paragraph 3", "สารบัญ\nข้อ ๑ ความเป็นมา\t1\nข้อ ๒ การร่วมมือ\t2"),
        (LossKind.OTHER, "paragraph 4", "หน้าเว็บของเครือข่าย <https://example.org/charter>"),
        (LossKind.COMPUTED, "paragraph 4", "ข้อ ๒ การร่วมมือ"),
        (LossKind.PICTURE, "after paragraph 4", "Picture 1"),
        (LossKind.COMPUTED, "paragraph 5", "1"),
        (LossKind.HIDDEN_TEXT, "paragraph 7", "บันทึกภายใน"),
        (LossKind.EQUATION, "paragraph 8", "a=b×c"),
        (LossKind.HEADER_OR_FOOTER, "header", "เลขที่ {{ document.number }}"),
        (LossKind.HEADER_OR_FOOTER, "footer", "หน้า 2 จาก 3"),
        (LossKind.HEADER_OR_FOOTER, "footer", "สำนักงานเลขานุการ (ตัวอย่าง)"),
    ]
    assert [one.level for one in _paragraphs(file.blocks)] == [0, 0, 1, 0, 0, 1, 0, 0, 0]
    assert [one.begins_page for one in _paragraphs(file.blocks)][-1]


def test_what_libreoffice_saved_is_read_as_what_it_opened() -> None:
    file = _read(SAVED_BY_LIBREOFFICE)
    paragraphs = list(_paragraphs(file.blocks))

    assert [one.number for one in paragraphs if one.number] == ["ข้อ 1", "1.1", "(ก)", "(ข)", "ข้อ 2", "2.1"]
    assert [one.text for one in paragraphs if one.begins_page] == [
        "บัญชีแนบท้าย",
        "ลงชื่อ {{ organisation.representative.full_name }}",
    ]
    assert _losses(file) == [
        (LossKind.FORM_CONTROL, "paragraph 3", "มูลนิธิ"),
        (LossKind.FORM_CONTROL, "paragraph 4", "{{ ceremony.date | thai_date }}"),
        (LossKind.FORM_CONTROL, "paragraph 5", "{{ organisation.name_th }}"),
        (LossKind.COLUMNS, "section 2", ""),
    ]
