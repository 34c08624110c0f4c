"""Lists in Word: the table is read as a person sees it, and what has no one meaning as a list is refused with its place."""

from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table

from mou.errors import InputError
from mou.organisations import OrganisationList, read_organisations
from tests.office import converted

HEADER = ("ที่", "ชื่อองค์กร", "ประเภท", "จังหวัด")
FIRST = ("๑", "มูลนิธิ A&B <x> “ดี”", "มูลนิธิ", "เชียงใหม่")
SECOND = ("๒", "สมาคมเพื่อนเด็ก", "สมาคม", "เชียงราย")
AUTHOR = 'w:id="1" w:author="เลขานุการ" w:date="2022-03-29T10:00:00Z"'


def add_table(document: Document, *rows: Sequence[str]) -> Table:
    table: Table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
    table.style = "Table Grid"
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    return table


def word_file(
    folder: Path,
    *rows: Sequence[str],
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    change: Callable[[Table], object] | None = None,
) -> Path:
    document = docx.Document()
    for text in before:
        document.add_paragraph(text)
    table = add_table(document, *rows)
    for text in after:
        document.add_paragraph(text)
    if change:
        change(table)
    path = folder / "list.docx"
    document.save(str(path))
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_organisations(path)
    return [str(problem) for problem in caught.value.problems] or [str(caught.value)]


def codes(listed: OrganisationList) -> list[str]:
    """What was noted, but for the column ที่, which no list gives a meaning."""
    return [found.code for found in listed.discrepancies if found.code != "column_unknown"]


def rows_of(listed: OrganisationList) -> list[tuple[int, str, str | None]]:
    return [(row.number, row.organisation.name_th, row.organisation.province) for row in listed.rows]


def test_a_table_in_word_is_read_like_a_csv_file(tmp_path: Path) -> None:
    listed = read_organisations(word_file(tmp_path, HEADER, FIRST, ("", "", "", ""), SECOND))
    assert rows_of(listed) == [(2, FIRST[1], "เชียงใหม่"), (4, SECOND[1], "เชียงราย")]
    assert listed.rows[0].organisation.source_row == dict(zip(HEADER, FIRST, strict=True))
    assert (listed.source, listed.encoding, codes(listed)) == ("list.docx", None, [])


def test_a_word_file_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = word_file(tmp_path, HEADER, FIRST).rename(tmp_path / "list.xlsx")
    assert len(read_organisations(path).rows) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(["บัญชีแนบท้าย", "องค์กรภาคี จำนวน ๘ แห่ง ดังนี้"], [], id="in a sentence above"),
        pytest.param(["บัญชีแนบท้าย"], ["รวม 8 แห่ง"], id="in a sum below"),
    ],
)
def test_a_count_that_the_text_around_the_table_declares_counts(tmp_path: Path, before: list[str], after: list[str]) -> None:
    listed = read_organisations(word_file(tmp_path, HEADER, FIRST, SECOND, before=before, after=after))
    assert (listed.declared_count, codes(listed)) == (8, ["declared_count"])


def test_a_sum_in_the_last_row_is_no_organisation(tmp_path: Path) -> None:
    listed = read_organisations(word_file(tmp_path, HEADER, FIRST, SECOND, ("", "รวม", "2", "")))
    assert (len(listed.rows), listed.declared_count, codes(listed)) == (2, 2, [])


def test_it_is_said_which_of_several_tables_was_read(tmp_path: Path) -> None:
    document = docx.Document()
    add_table(document, ("เรื่อง", "การลงนาม"))
    document.add_paragraph("บัญชี ก จำนวน 1 แห่ง")
    add_table(document, HEADER, FIRST)
    document.add_paragraph("บัญชี ข จำนวน 1 แห่ง")
    add_table(document, HEADER, SECOND)
    document.add_paragraph("คั่น")
    add_table(document, ("", ""))
    document.save(str(tmp_path / "list.docx"))
    listed = read_organisations(tmp_path / "list.docx")
    assert (listed.source, rows_of(listed)) == ("list.docx!2", [(2, FIRST[1], "เชียงใหม่")])
    told = [str(found.message) for found in listed.discrepancies if found.code == "table_not_read"]
    assert told == [f"table {number} of the file was not read; the list is in table 2" for number in (1, 3)]


def test_rows_above_the_header_are_remarks_even_where_they_are_merged(tmp_path: Path) -> None:
    def merge_title(table: Table) -> None:
        table.cell(0, 0).merge(table.cell(0, 3))

    path = word_file(tmp_path, ("รายชื่อองค์กร จำนวน ๑ องค์กร", "", "", ""), HEADER, FIRST, change=merge_title)
    listed = read_organisations(path)
    assert (rows_of(listed), listed.declared_count) == ([(3, FIRST[1], "เชียงใหม่")], 1)


def test_merged_cells_and_tables_within_cells_are_all_named_at_once(tmp_path: Path) -> None:
    def change(table: Table) -> None:
        table.cell(1, 3).merge(table.cell(2, 3))
        table.cell(3, 1).merge(table.cell(3, 2))
        table.cell(4, 1).add_table(1, 1).cell(0, 0).text = "ซ้อน"

    found = problems(word_file(tmp_path, HEADER, FIRST, SECOND, FIRST, SECOND, change=change))
    assert [problem.split(": ")[0] for problem in found] == [
        "list.docx, table 1, row 3, column 4",
        "list.docx, table 1, row 4, column 2",
        "list.docx, table 1, row 5, column 2",
    ]
    assert ["merged" in problem for problem in found] == [True, True, False]
    assert "got a table within it" in found[2]


def test_a_row_with_fewer_cells_is_named(tmp_path: Path) -> None:
    def shorten(table: Table) -> None:
        row = table.rows[2]._tr  # python-docx has no other way to remove a cell
        row.remove(row.tc_lst[-1])

    (found,) = problems(word_file(tmp_path, HEADER, FIRST, SECOND, change=shorten))
    assert found == "list.docx, table 1, row 3: 4 cells are expected as in the header, got 3"


def test_an_edge_that_somebody_moved_in_one_row_does_no_harm(tmp_path: Path) -> None:
    def move(table: Table) -> None:
        # A grid of five columns: in the header the third heading is wide, in the row below the second cell.
        table.cell(0, 2).merge(table.cell(0, 3))
        table.cell(1, 1).merge(table.cell(1, 2))

    header, row = ("ที่", "ชื่อองค์กร", "ประเภท", "", "จังหวัด"), ("๑", FIRST[1], "", "มูลนิธิ", "เชียงใหม่")
    assert rows_of(read_organisations(word_file(tmp_path, header, row, change=move))) == [(2, FIRST[1], "เชียงใหม่")]


def test_a_merge_and_a_split_in_one_row_are_not_taken_for_each_other(tmp_path: Path) -> None:
    def change(table: Table) -> None:
        for row in (0, 2):
            table.cell(row, 3).merge(table.cell(row, 4))  # the last column is two columns of the grid
        table.cell(1, 0).merge(table.cell(1, 1))

    header, row = (*HEADER, ""), ("๑", "", "มูลนิธิ", "เชียงใหม่", "อำเภอเมือง")
    (found,) = problems(word_file(tmp_path, header, row, (*SECOND, ""), change=change))
    assert found.startswith("list.docx, table 1, row 2, column 1: single cells are expected, got merged ones")


def test_tracked_changes_are_read_as_accepted_and_a_note_says_so(tmp_path: Path) -> None:
    def track(table: Table) -> None:
        paragraph = table.cell(1, 3).paragraphs[0]._p  # python-docx knows no tracked changes
        paragraph.clear()
        for kind, word, text in (("del", "delText", "เชียงราย"), ("ins", "t", "ลำปาง")):
            paragraph.append(parse_xml(f"<w:{kind} {nsdecls('w')} {AUTHOR}><w:r><w:{word}>{text}</w:{word}></w:r></w:{kind}>"))

    listed = read_organisations(word_file(tmp_path, HEADER, FIRST, change=track))
    assert (listed.rows[0].organisation.province, codes(listed)) == ("ลำปาง", ["tracked_changes"])


def test_text_that_stands_beside_the_text_of_the_page_is_noted(tmp_path: Path) -> None:
    def hide(table: Table) -> None:
        table.cell(1, 1).paragraphs[0].add_run(" (ยุบเลิกแล้ว)").font.hidden = True

    listed = read_organisations(word_file(tmp_path, HEADER, FIRST, change=hide))
    assert (listed.rows[0].organisation.name_th, codes(listed)) == (FIRST[1], ["text_not_read"])
    told = [str(found.message) for found in listed.discrepancies if found.code == "text_not_read"]
    assert told == ["table 1, row 2, column 2: “(ยุบเลิกแล้ว)” stands in no cell of the list and was not read"]


def test_what_is_struck_out_is_read_and_told(tmp_path: Path) -> None:
    def struck(table: Table) -> None:
        for cell in table.rows[2].cells:
            for run in cell.paragraphs[0].runs:
                run.font.strike = True

    listed = read_organisations(word_file(tmp_path, HEADER, FIRST, SECOND, change=struck))
    assert len(listed.rows) == 2
    told = [str(one.message) for one in listed.discrepancies if one.code == "look_not_read"]
    assert any("“สมาคมเพื่อนเด็ก” is struck out or raised" in one for one in told)


def test_a_comment_is_noted(tmp_path: Path) -> None:
    document = docx.Document()
    table = add_table(document, HEADER, FIRST)
    document.add_comment(table.cell(1, 1).paragraphs[0].runs, text="ชื่อนี้ผิด", author="เลขานุการ")
    document.save(str(tmp_path / "list.docx"))
    assert codes(read_organisations(tmp_path / "list.docx")) == ["comments_not_read"]


def test_a_number_that_word_counts_is_the_text_of_its_cell_and_no_part_of_a_name(tmp_path: Path) -> None:
    def number(table: Table) -> None:
        for column in (0, 1):
            table.cell(1, column).paragraphs[0].style = "List Number"

    listed = read_organisations(word_file(tmp_path, HEADER, ("", *FIRST[1:]), change=number))
    (row,) = listed.rows
    assert row.organisation.name_th == FIRST[1]
    assert row.organisation.source_row["ที่"].startswith("1")


def test_a_list_that_libreoffice_saved_is_read_the_same(tmp_path: Path) -> None:
    before = ["องค์กรภาคี จำนวน ๒ แห่ง"]
    path = word_file(tmp_path, HEADER, FIRST, SECOND, before=before)
    again = converted(path, "docx", tmp_path / "again")
    made, saved = read_organisations(path), read_organisations(again)
    assert rows_of(saved) == rows_of(made) == [(2, FIRST[1], "เชียงใหม่"), (3, SECOND[1], "เชียงราย")]
    assert (saved.declared_count, codes(saved)) == (2, [])


@pytest.mark.parametrize("wanted", ["doc", "rtf"])
def test_an_old_word_file_gets_a_clear_sentence(tmp_path: Path, wanted: str) -> None:
    path = converted(word_file(tmp_path, HEADER, FIRST), wanted, tmp_path / "old")
    (found,) = problems(path)
    assert found == (
        f"list.{wanted}: a list as .docx, .xlsx or .csv is expected, got an old Word file (.doc or .rtf); open it in Word or "
        "LibreOffice and save it as .docx"
    )


def test_a_file_with_a_password_gets_a_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "list.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"))
    assert "a list without a password is expected" in problems(path)[0]


def test_a_file_without_a_list_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    (found,) = problems(word_file(tmp_path, ("เรื่อง", "การลงนาม"), before=["ชื่อองค์กร"]))
    assert found.startswith("list.docx: a table with a row of column headers is expected, with a column “ชื่อเต็ม (ไทย)”")
    assert "(1)" in found


def test_a_damaged_word_file_is_refused(tmp_path: Path) -> None:
    path = word_file(tmp_path, HEADER, FIRST)
    content = path.read_bytes()
    at = content.index(b"word/document.xml")
    path.write_bytes(content[: at + 200] + bytes(40) + content[at + 240 :])
    with pytest.raises(InputError, match=r"list\.docx"):
        read_organisations(path)
