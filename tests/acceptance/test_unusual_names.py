"""What a list may hold besides ordinary names: laid out, or refused with the character named, before anything is signed."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from mou.rendering.checks import bare_text

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou

PERSON = ("คำนำหน้า", "ชื่อ", "สกุล", "ตำแหน่ง")
HEADINGS = [
    *("ชื่อองค์กร", "ประเภท", "จังหวัด"),
    *(f"{column} {person}" for person in ("ผู้แทน", "พยาน") for column in PERSON),
]
LONG = "มูลนิธิ" + "พัฒนาเด็กและเยาวชนเพื่อการเรียนรู้ตลอดชีวิต" * 7
TEMPLATE = "child-friendly-city-mou"


def write_list(path: Path, name: str, *, representative: str = "สายฝน") -> None:
    row = [name, "มูลนิธิ", "เชียงใหม่", "นาง", representative, "ใจงาม", "ประธานกรรมการ", "นาย", "ต้นกล้า", "แสงดาว", "เลขานุการ"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, row])


@pytest.fixture
def workspace(run_mou: "RunMou", tmp_path: Path) -> Path:
    """A workspace with a ceremony and no list."""
    from mou.templates import bundled_templates_folder

    folder = tmp_path / "workspace"
    assert run_mou("init", folder, "--name", "กรมตัวอย่าง").code == 0
    ceremony = bundled_templates_folder() / TEMPLATE / "example" / "ceremony.toml"
    (folder / "ceremony.toml").write_bytes(ceremony.read_bytes())
    return folder


def shown_text(workspace: Path) -> str:
    """The text of the one document that was made."""
    (pdf,) = (workspace / "documents" / TEMPLATE).glob("*.pdf")
    with pypdfium2.PdfDocument(pdf) as document:
        return bare_text("".join(page.get_textpage().get_text_range() for page in document))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(LONG, id="300 characters"),
        pytest.param("ก" * 300, id="300 letters without a joint"),
        pytest.param("A&B <x> \"ก\" 'ข' {{ host }}", id="signs of markup"),
        pytest.param("มูลนิธิเเม่ฟ้า", id="a vowel typed as two"),
        pytest.param("มูลนิธิที่่ดี", id="a tone mark typed twice"),
        pytest.param("ก", id="one letter"),
    ],
)
def test_a_name_is_laid_out_as_it_was_typed(name: str, run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    write_list(tmp_path / "list.csv", name)
    assert run_mou("organisations", "import", tmp_path / "list.csv", "-w", workspace).code == 0
    assert run_mou("generate", TEMPLATE, "-w", workspace).code == 0
    assert bare_text(name) in shown_text(workspace)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("ມູນນິທິ", "ມ (U+0EA1 LAO LETTER MO)", id="Lao"),
        pytest.param("ကလေး", "က (U+1000 MYANMAR LETTER KA)", id="Burmese"),
        pytest.param("มูลนิธิเด็ก😀", "😀 (U+1F600 GRINNING FACE), near “", id="emoji"),
        pytest.param("มูลนิธิน\u0e4d\u0e32ใจ", "expected U+0E33", id="a vowel in two parts"),
        pytest.param("มูลนิธิท\u0e48\u0e35ดี", "vowel before tone mark expected", id="a tone mark before its vowel"),
        pytest.param("มูลนิธิ\u2060ดี", "U+2060", id="an invisible character"),
    ],
)
def test_a_character_that_cannot_be_set_is_named_and_nothing_is_made(
    name: str, told: str, run_mou: "RunMou", workspace: Path, tmp_path: Path
) -> None:
    write_list(tmp_path / "list.csv", name)
    run_mou("organisations", "import", tmp_path / "list.csv", "-w", workspace)
    made = run_mou("generate", TEMPLATE, "-w", workspace)
    assert made.code != 0
    assert told in made.stderr or told in made.stdout or "no organisations yet" in made.stderr
    assert not list((workspace / "documents").rglob("*.pdf"))


def test_a_signatory_whose_name_fits_no_signature_box_is_told_before_anybody_signs(
    run_mou: "RunMou", workspace: Path, tmp_path: Path
) -> None:
    write_list(tmp_path / "list.csv", "มูลนิธิสั้น", representative="สายฝน" * 60)
    assert run_mou("organisations", "import", tmp_path / "list.csv", "-w", workspace).code == 0
    made = run_mou("generate", TEMPLATE, "-w", workspace)
    assert made.code == 1
    assert "does not fit" in made.stderr
    assert not list((workspace / "documents").rglob("*.pdf"))


def test_an_empty_name_is_refused_with_its_row(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    write_list(tmp_path / "list.csv", "  ")
    told = run_mou("organisations", "import", tmp_path / "list.csv", "-w", workspace)
    assert told.code != 0
    assert "row 2" in told.stderr
