from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest

from mou.errors import RenderingError
from mou.rendering.stamp import StampRenderer
from mou.rendering.text_layer import repair_text

ReadText = Callable[[bytes], tuple[str, str]]

WIDTH, HEIGHT = 213.7, 62.4
LINES = (
    "ลงลายมือชื่ออิเล็กทรอนิกส์",
    "นายธีระศักดิ์ ฑีฆายุพันธุ์",
    "ผู้อำนวยการ มูลนิธิรักษ์เด็ก",
    "ผู้มีอำนาจลงนาม",
    "๒๙ มีนาคม ๒๕๖๕ เวลา ๐๘.๓๐ น.",
    "เอกสาร 8f3a12c9",
)
LONG_NAME = "ว่าที่ร้อยตรีหญิงประกายกาญจน์ศิริรัตนวิไล ณ เชียงใหม่ลำพูนลำปาง"
LONG_OFFICE = "พัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดเชียงใหม่ สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดเชียงใหม่"


@pytest.fixture(scope="module")
def stamps() -> StampRenderer:
    return StampRenderer()


def with_lines(**lines: str) -> tuple[str, ...]:
    return tuple(lines.get(f"line{place}", line) for place, line in enumerate(LINES))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(LINES, id="usual"),
        pytest.param(with_lines(line1=LONG_NAME, line2=LONG_OFFICE), id="long name and office"),
        pytest.param(with_lines(line1="นายชาติชาย ขึ้นสิ้นซึ่งครั้งศักดิ์สิทธิ์"), id="raised marks in bold"),
        pytest.param(with_lines(line2="<b>A & B</b> น้ำ"), id="markup is text"),
        pytest.param(LINES[:3], id="three lines"),
    ],
)
def test_the_text_of_a_stamp_comes_out_as_it_went_in(lines: tuple[str, ...], stamps: StampRenderer, read_text: ReadText) -> None:
    expected = "".join("".join(lines).split())
    assert read_text(stamps.draw(WIDTH, HEIGHT, lines)) == (expected, expected)


def test_a_stamp_is_one_page_of_the_size_of_its_field(stamps: StampRenderer) -> None:
    with pikepdf.open(BytesIO(stamps.draw(WIDTH, HEIGHT, LINES))) as pdf:
        (page,) = pdf.pages
        assert [float(edge) for edge in page.mediabox] == pytest.approx([0, 0, WIDTH, HEIGHT], abs=0.01)
        assert pdf.open_metadata()["pdfaid:conformance"] == "U"


def test_a_long_name_is_set_smaller_on_one_line_and_inside_the_box(stamps: StampRenderer) -> None:
    with pikepdf.open(BytesIO(stamps.draw(WIDTH, HEIGHT, with_lines(line1=LONG_NAME)))) as pdf:
        (name,) = [run for run in repair_text(pdf) if LONG_NAME in run.text]
    assert name.box[2] <= WIDTH
    height = name.box[3] - name.box[1]
    assert 5.5 * 1.25 <= height < 7.6 * 1.24 * 1.25


def test_the_smallest_text_is_never_under_the_limit(stamps: StampRenderer) -> None:
    with pikepdf.open(BytesIO(stamps.draw(WIDTH, 56, with_lines(line1=LONG_NAME, line2=LONG_OFFICE)))) as pdf:
        heights = [run.box[3] - run.box[1] for run in repair_text(pdf)]
    assert min(heights) >= 5.5 * 1.25 - 0.01


@pytest.mark.parametrize(
    ("width", "height", "lines"),
    [
        pytest.param(WIDTH, HEIGHT, with_lines(line1=LONG_NAME * 2), id="name too long"),
        pytest.param(WIDTH, 30, LINES, id="box too low"),
        pytest.param(60, HEIGHT, LINES, id="box too narrow"),
    ],
)
def test_text_that_does_not_fit_is_refused(width: float, height: float, lines: tuple[str, ...], stamps: StampRenderer) -> None:
    with pytest.raises(RenderingError, match="does not fit into its box"):
        stamps.draw(width, height, lines)


def test_a_character_without_glyph_is_named(stamps: StampRenderer) -> None:
    with pytest.raises(RenderingError, match="BALLOT BOX"):
        stamps.draw(WIDTH, HEIGHT, with_lines(line1="☐"))


def test_the_same_lines_give_the_same_bytes() -> None:
    first = StampRenderer()
    first.draw(WIDTH, HEIGHT, with_lines(line1="นางสาวน้ำ มาตรา"))
    assert first.draw(WIDTH, HEIGHT, LINES) == StampRenderer().draw(WIDTH, HEIGHT, LINES)
