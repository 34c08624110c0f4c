"""Rows of a table become papers; every cell that cannot be used is named at once, and none is guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import (
    NEEDS_AUTHORITY,
    AgeBand,
    Authority,
    Instrument,
    InstrumentKind,
    Meeting,
    MinorSignature,
    PaperOriginal,
)
from mou.charter.paper_cells import Lookups
from mou.charter.paper_columns import field_of, label_of
from mou.charter.paper_table import _COLUMNS, PaperTable, read_papers
from mou.charter.paper_words import KINDS
from mou.errors import InputError
from mou.models import Capacity, OrganisationKind
from mou.organisations.tables import Table, TableRow
from tests.charters import TEXT, charter_with

PAGE = Path(__file__).resolve().parents[4] / "docs" / "depositary.md"
TODAY = date(2026, 11, 26)
CEREMONY = date(2022, 3, 29)
FOUNDATION = OrganisationKind.FOUNDATION
DOCUMENTS = {"LCRN-MOU-2565-001": "sha256:memorandum", "lanna-charter": TEXT}
FILES = {"scans/one.pdf": "sha256:scan", "minutes.pdf": "sha256:minutes", "erratum.txt": "sha256:erratum"}
SIGNED: Mapping[str, str] = {"วันที่": "29 มีนาคม 2565", "เอกสาร": "ลงนามผูกพัน", "องค์กร": "org-1"}


def lookups() -> Lookups:
    return Lookups(
        charter=charter_with(),
        today=TODAY,
        kinds={"org-1": FOUNDATION, "org-2": FOUNDATION, "org-3": FOUNDATION, "องค์กร-4": FOUNDATION},
        ids={"มูลนิธิหนึ่ง": ("org-1",), "ชื่อซ้ำ": ("org-2", "org-3")},
        document=DOCUMENTS.get,
        file=FILES.get,
        person=lambda organisation, name: f"{name} of {organisation}",
        authority=lambda organisation, authority: replace(authority, authority_id=f"{organisation} {authority.issued_on}"),
    )


def table_of(*rows: Mapping[str, str]) -> Table:
    """A table with every column that one of its rows has; the rows begin below a header in row 1."""
    headers = tuple(dict.fromkeys(header for row in ({"วันที่": "", "เอกสาร": "", "องค์กร": ""}, *rows) for header in row))
    cells = [TableRow(number, tuple(row.get(header, "") for header in headers)) for number, row in enumerate(rows, start=2)]
    return Table("papers.csv", 1, headers, tuple(cells))


def read(*rows: Mapping[str, str]) -> PaperTable:
    return read_papers(table_of(*rows), lookups())


def paper_of(row: Mapping[str, str]) -> Instrument:
    (found,) = read(row).rows
    return found.paper


def problems_of(*rows: Mapping[str, str]) -> list[str]:
    with pytest.raises(InputError) as raised:
        read(*rows)
    return [str(problem) for problem in raised.value.problems]


def test_a_signature_names_its_channel_its_signatory_and_the_charter() -> None:
    paper = paper_of({**SIGNED, "องค์กร": "มูลนิธิหนึ่ง", "ช่องทาง": "ณ ที่ตั้ง", "ฐานะ": "ปฏิบัติราชการแทน", "ผู้ลงนาม": "นางแก้ว  ตัวอย่าง"})
    assert paper == Instrument(
        "",
        InstrumentKind.SIGNED_DEFINITIVE,
        CEREMONY,
        party="org-1",
        party_kind=FOUNDATION,
        document=TEXT,
        channel=Channel.ON_SITE,
        capacity=Capacity.ACTING_ON_BEHALF,
        signatory="นางแก้ว ตัวอย่าง of org-1",
    )


def test_the_codes_of_the_program_and_english_headers_say_the_same() -> None:
    english = {"on": "2022-03-29", "instrument": "signed_definitive", "organisation": "org-1", "channel": "on_site"}
    assert read_papers(Table("p.csv", 1, tuple(english), (TableRow(2, tuple(english.values())),)), lookups()) == replace(
        read({**SIGNED, "ช่องทาง": "ในที่ตั้ง"}), source="p.csv"
    )


def test_a_signature_of_a_memorandum_names_it() -> None:
    assert paper_of({**SIGNED, "เอกสารที่ลงนาม": "LCRN-MOU-2565-001"}).document == "sha256:memorandum"
    assert paper_of({**SIGNED, "แฟ้ม": "scans/one.pdf"}).document == "sha256:scan"


def test_an_authority_is_of_its_holder_with_its_dates_and_what_it_covers() -> None:
    row = {
        "วันที่": "2022-03-29",
        "เอกสาร": "หนังสือแต่งตั้งผู้แทน",
        "องค์กร": "org-1",
        "ผู้ลงนาม": "นาง ก",
        "ชนิดเอกสารอำนาจ": "คำสั่งมอบหมาย",
        "เลขที่": "๑๒/๒๕๖๕",
        "วันที่ออก": "1 มีนาคม 2565",
        "วันหมดอายุ": "31 มีนาคม 2565",
        "อากรแสตมป์": "ยังไม่มีหลักฐานอากร",
        "ใช้กับเอกสาร": "lanna-charter; LCRN-MOU-2565-001",
        "แฟ้ม": "scans/one.pdf",
        "หมายเหตุ": "ตัวอย่าง",
    }
    (found,) = read(row).rows
    assert found.paper.authority == Authority(
        "org-1 2022-03-01",
        AuthorityKind.DELEGATION_ORDER,
        date(2022, 3, 1),
        "นาง ก of org-1",
        date(2022, 3, 31),
        (TEXT, "sha256:memorandum"),
        "sha256:scan",
        stamp_duty_shown=False,
    )
    assert found.paper.document is None
    assert found.note == "๑๒/๒๕๖๕; ตัวอย่าง"


def test_votes_are_counted_by_channel() -> None:
    row = {
        "วันที่": "29/3/2565",
        "เอกสาร": "ที่ประชุมรับรองข้อความ",
        "มาประชุม ณ ที่ตั้ง": "๑๑",
        "ออนไลน์": "8",
        "เห็นชอบ": "18",
        "ไม่เห็นชอบ": "",
        "งดออกเสียง": "1",
    }
    paper = paper_of({**row, "รายงานการประชุม": "minutes.pdf"})
    assert paper.meeting == Meeting({Channel.ON_SITE: 11, Channel.ONLINE: 8}, 18, 0, 1, "sha256:minutes")
    assert (paper.document, paper.text, paper.party) == (TEXT, TEXT, None)


def test_a_signature_on_paper_has_its_scan_and_who_attests_it() -> None:
    row = {**SIGNED, "ช่องทาง": "กระดาษ", "แฟ้ม": "scans/one.pdf", "ผู้รับรองสำเนา": "นาง ก", "ผู้รับเอกสาร": "นาย ข"}
    paper = paper_of(row)
    assert paper.paper == PaperOriginal("sha256:scan", TEXT, "นาง ก of depositary", "นาย ข of depositary")
    assert paper.document == TEXT


def test_a_signature_on_paper_without_its_scan_is_presented_as_it_is() -> None:
    assert paper_of({**SIGNED, "ช่องทาง": "กระดาษ", "ผู้รับรองสำเนา": "นาง ก"}).paper is None


def test_a_minors_consents_stand_beside_the_signature() -> None:
    row = {
        **SIGNED,
        "ช่วงอายุ": "18-19",
        "ผู้แทนโดยชอบธรรมยินยอมวันที่": "27 มีนาคม 2565",
        "ผู้เยาว์สมัครใจวันที่": "28 มีนาคม 2565",
        "ผู้ใหญ่ที่ลงนามด้วย": "นาง ก",
    }
    expected = MinorSignature(AgeBand.FROM_18_TO_19, date(2022, 3, 27), date(2022, 3, 28), "นาง ก of org-1")
    assert paper_of(row).minor == expected


def test_a_reservation_names_articles_by_their_numbers() -> None:
    assert paper_of({**SIGNED, "เอกสาร": "ข้อสงวน", "ข้อ": "ข้อ ๗, 12"}).provisions == ("7", "12")


def test_a_rectification_replaces_the_charters_text_where_nothing_else_is_said() -> None:
    row = {"วันที่": "1/2/2566", "เอกสาร": "เสนอแก้คำผิด", "อ้างถึง": "rectification-๑", "ข้อความใหม่": "erratum.txt"}
    paper = paper_of(row)
    assert (paper.reference, paper.text, paper.replaces) == ("rectification-1", "sha256:erratum", TEXT)
    other = f"sha256:{'0' * 64}"
    assert paper_of({**row, "แทนข้อความ": other}).replaces == other


def test_an_act_may_name_the_row_of_its_authority() -> None:
    authority = {**SIGNED, "เอกสาร": "หนังสือแต่งตั้งผู้แทน", "ชนิดเอกสารอำนาจ": "มติคณะกรรมการ", "วันที่ออก": "1/3/2565"}
    signature, _ = read({**SIGNED, "ใช้เอกสารอำนาจ": "แถว ๓"}, authority).rows
    assert signature.paper.authority_id == "org-1 2022-03-01"


def test_an_objection_names_the_row_of_the_reservation() -> None:
    rows = read(
        {**SIGNED, "เอกสาร": "คัดค้านข้อสงวน", "อ้างถึง": "แถว 3"}, {**SIGNED, "เอกสาร": "ข้อสงวน", "องค์กร": "org-2", "ข้อ": "1"}
    ).rows
    assert rows[0].about_row == 3


REFUSED: dict[str, tuple[Mapping[str, str], str]] = {
    "no-day": ({"วันที่": ""}, "row 2, column “วันที่”: a day such as 2022-03-29, 29 มีนาคม 2565 or 29/3/2565 is expected, got nothing"),
    "unreadable-day": ({"วันที่": "3/4/2022"}, "got “3/4/2022”"),
    "a-day-ahead": ({"วันที่": "2026-11-27"}, "a day that has come (today is 2026-11-26) is expected, got “2026-11-27”"),
    "no-paper": ({"เอกสาร": ""}, "column “เอกสาร”: one of these: ที่ประชุมรับรองข้อความ (text_adopted), "),
    "an-unknown-paper": ({"เอกสาร": "ลงนาม"}, "got “ลงนาม”"),
    "a-paper-that-nobody-hands-in": ({"เอกสาร": "notice_issued"}, "got “notice_issued”"),
    "no-organisation": ({"องค์กร": ""}, "column “องค์กร”: an organisation is expected, got nothing"),
    "an-unknown-organisation": (
        {"องค์กร": "org-9"},
        "an organisation of an imported list, by its id or its exact name, is expected",
    ),
    "a-name-of-two": ({"องค์กร": "ชื่อซ้ำ"}, "the name is that of org-2, org-3; write the id"),
    "an-id-that-the-ledger-cannot-hold": ({"องค์กร": "องค์กร-4"}, "an organisation whose id is of Latin letters and digits"),
    "an-unknown-channel": (
        {"ช่องทาง": "โทรศัพท์"},
        "column “ช่องทาง”: one of these: ณ ที่ตั้ง (on_site), ออนไลน์ (online), กระดาษ (paper)",
    ),
    "an-unknown-capacity": ({"ฐานะ": "แขก"}, "column “ฐานะ”"),
    "no-such-file": ({"แฟ้ม": "ไม่มี.pdf"}, "the path of a file in the table's folder is expected, got “ไม่มี.pdf”"),
    "no-such-document": ({"เอกสารที่ลงนาม": "X-1"}, "column “เอกสารที่ลงนาม”: a document of the workspace"),
    "an-attestation-of-nothing": (
        {"ผู้รับรองสำเนา": "นาง ก"},
        "nothing beside a signature that is not on paper is expected, got “นาง ก”",
    ),
    "a-consent-without-an-age": ({"ผู้เยาว์สมัครใจวันที่": "1/3/2565"}, "column “ช่วงอายุ”: one of these"),
    "what-the-paper-has-not": ({"ชนิดเอกสารอำนาจ": "มติคณะกรรมการ"}, "nothing beside “ลงนามผูกพัน” is expected, got “มติคณะกรรมการ”"),
    "an-authority-of-no-row": ({"ใช้เอกสารอำนาจ": "แถว 9"}, "the row of an authority of the same organisation"),
    "an-authority-of-itself": ({"ใช้เอกสารอำนาจ": "2"}, "the row of an authority of the same organisation"),
    "an-authority-without-kind": (
        {"เอกสาร": "หนังสือแต่งตั้งผู้แทน", "วันที่ออก": "1/3/2565"},
        "column “ชนิดเอกสารอำนาจ”: one of these: มติคณะกรรมการ",
    ),
    "an-authority-without-issue": ({"เอกสาร": "หนังสือแต่งตั้งผู้แทน", "ชนิดเอกสารอำนาจ": "มติคณะกรรมการ"}, "column “วันที่ออก”: a day"),
    "an-objection-to-nothing": (
        {"เอกสาร": "คัดค้านข้อสงวน"},
        "the row of a reservation, such as แถว 12, or its id is expected, got nothing",
    ),
    "articles-in-words": ({"เอกสาร": "ข้อสงวน", "ข้อ": "ทั้งหมด"}, "the numbers of articles"),
    "no-successor": ({"เอกสาร": "องค์กรเปลี่ยนชื่อ"}, "column “องค์กรที่สืบต่อ”: an organisation is expected, got nothing"),
    "votes-in-words": ({"เอกสาร": "เข้าร่วมภายหลัง", "เห็นชอบ": "เอกฉันท์"}, "column “เห็นชอบ”: a number of people is expected"),
}


@pytest.mark.parametrize(("change", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_cell_that_cannot_be_used_is_named_with_what_was_expected_and_what_came(
    change: Mapping[str, str], expected: str
) -> None:
    problems = problems_of({**SIGNED, **change})
    assert len(problems) == 1
    assert problems[0].startswith("papers.csv, row 2, column ")
    assert expected in problems[0]


@pytest.mark.parametrize("reference", ["", "แก้ชื่อ", "1234567890123"], ids=["nothing", "free-text", "a-number"])
def test_a_rectification_without_a_short_name_is_refused(reference: str) -> None:
    row = {"วันที่": "1/2/2566", "เอกสาร": "บันทึกแก้คำผิด", "อ้างถึง": reference}
    assert "a short name of Latin letters" in problems_of(row)[0]


def test_a_meetings_paper_is_no_organisations() -> None:
    row = {"วันที่": "29/3/2565", "เอกสาร": "ที่ประชุมรับรองข้อความ", "องค์กร": "org-1", "เห็นชอบ": "1"}
    assert problems_of(row) == ["papers.csv, row 2, column “องค์กร”: nothing beside “ที่ประชุมรับรองข้อความ” is expected, got “org-1”"]


def test_all_cells_that_cannot_be_used_are_named_at_once_in_their_order() -> None:
    rows = [
        {**SIGNED, "วันที่": "เมื่อวาน", "ช่องทาง": "?"},
        SIGNED,
        {**SIGNED, "องค์กร": "org-9", "ฐานะ": "?"},
        {**SIGNED, "เอกสาร": "?", "องค์กร": "org-9", "ช่องทาง": "?"},
    ]
    places = [problem.split(":")[0].removeprefix("papers.csv, ") for problem in problems_of(*rows)]
    assert places == [
        "row 2, column “วันที่”",
        "row 2, column “ช่องทาง”",
        "row 4, column “องค์กร”",
        "row 4, column “ฐานะ”",
        "row 5, column “เอกสาร”",
        "row 5, column “องค์กร”",
        "row 5, column “ช่องทาง”",
    ]


def test_a_row_that_names_a_row_that_cannot_be_read_is_not_blamed_for_it() -> None:
    reservation = {**SIGNED, "เอกสาร": "ข้อสงวน", "องค์กร": "org-9"}
    problems = problems_of({**SIGNED, "เอกสาร": "คัดค้านข้อสงวน", "อ้างถึง": "แถว 3"}, reservation)
    assert [problem.split(":")[0] for problem in problems] == ["papers.csv, row 3, column “องค์กร”"]


def test_an_id_and_a_name_are_of_one_organisation() -> None:
    assert paper_of({**SIGNED, "รหัส": "org-1", "องค์กร": "มูลนิธิหนึ่ง"}).party == "org-1"
    assert problems_of({**SIGNED, "รหัส": "org-2", "องค์กร": "มูลนิธิหนึ่ง"}) == [
        "papers.csv, row 2, column “องค์กร”: the name of org-2 is expected, got “มูลนิธิหนึ่ง”"
    ]


def headed(*headers: str) -> Table:
    return Table("papers.csv", 3, headers, (TableRow(4, ("",) * len(headers)),))


HEADERS: Mapping[str, tuple[Sequence[str], str]] = {
    "missing": (("วันที่", "องค์กร"), "no column “เอกสาร”"),
    "twice": (("วันที่", "on", "เอกสาร", "องค์กร"), "row 3: one column for each meaning is expected, got “วันที่” and “on” (A, B)"),
}


@pytest.mark.parametrize(("headers", "expected"), HEADERS.values(), ids=HEADERS.keys())
def test_a_column_that_is_missing_or_stands_twice_is_named(headers: Sequence[str], expected: str) -> None:
    with pytest.raises(InputError) as raised:
        read_papers(headed(*headers), lookups())
    assert expected in str(raised.value)


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(InputError, match="a row for each paper is expected under the header in row 1"):
        read()


def test_a_column_that_means_nothing_is_named() -> None:
    assert read({**SIGNED, "โทรศัพท์": "081"}).unknown_columns == ("โทรศัพท์",)


@pytest.mark.parametrize("kind", _COLUMNS)
def test_every_column_of_a_kind_is_one_that_a_header_names(kind: InstrumentKind) -> None:
    assert {field_of(label_of(field)) for field in _COLUMNS[kind]} == _COLUMNS[kind]


def test_every_kind_that_somebody_hands_in_has_words_and_columns() -> None:
    made_here = {
        InstrumentKind.FORCE_NOTIFIED,
        InstrumentKind.NOTICE_ISSUED,
        InstrumentKind.COPY_CERTIFIED,
        InstrumentKind.NUMBER_ASSIGNED,
    }
    assert _COLUMNS.keys() == set(InstrumentKind) - made_here
    assert {kind for kind in InstrumentKind if KINDS.code_of(kind) is kind} == _COLUMNS.keys()


@pytest.mark.parametrize("kind", NEEDS_AUTHORITY)
def test_every_act_that_needs_an_authority_can_name_one(kind: InstrumentKind) -> None:
    assert "authority" in _COLUMNS[kind]


def test_the_page_for_the_secretariat_names_every_paper_and_every_column() -> None:
    page = PAGE.read_text(encoding="utf-8")
    labels = [KINDS.label_of(kind) for kind in _COLUMNS] + [label_of(field) for fields in _COLUMNS.values() for field in fields]
    assert {label for label in labels if label not in page} == set()
