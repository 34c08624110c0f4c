"""Whether Excel opens a workbook without offering to repair it, as far as the rules of Microsoft's Open XML SDK tell."""

from datetime import date
from pathlib import Path

import pytest

from mou.spreadsheets import Heading, SheetTable, tables_as_workbook
from mou.templates import bundled_template_names, bundled_templates_folder, load_template
from mou.workflow.starting_lists import starter_for
from tests.office_rules import findings_in

MOVED_AT_THE_NEXT_SAVE = "inline-string"  # texts that stand in their cells, which Excel reads and then keeps elsewhere


def faults_of(workbook: bytes, folder: Path) -> list[str]:
    file = folder / "book.xlsx"
    file.write_bytes(workbook)
    return [one for one in findings_in(file) if MOVED_AT_THE_NEXT_SAVE not in one]


def test_tables_with_days_numbers_and_hostile_names_have_no_fault(tmp_path: Path) -> None:
    headings = (Heading("ชื่อ", "name"), Heading("วันที่", "day", is_day=True), Heading("จำนวน", "count"))
    rows: list[tuple[str | int | date | None, ...]] = [
        ("=1+1", date(2022, 3, 29), 12),
        ('A&B <x> "บ้าน"\n\x1b', "-", None),
        ("", None, 10**15),
    ]
    tables = [SheetTable(title, headings, rows) for title in ("ตาราง", "=[a]'b'/c", "ตาราง")]
    assert faults_of(tables_as_workbook(tables, title="A&B", language="th"), tmp_path) == []


@pytest.mark.parametrize("name", [None, *bundled_template_names()])
def test_a_list_to_fill_in_has_no_fault(name: str | None, tmp_path: Path) -> None:
    template = None if name is None else load_template(bundled_templates_folder() / name)
    assert faults_of(starter_for(template, with_dates_of_birth=True), tmp_path) == []
