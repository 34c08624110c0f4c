from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest

from mou.errors import RenderingError
from mou.rendering.stamp import StampRenderer

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


def sizes_of(pdf: bytes) -> list[float]:
    """The font sizes of the lines, in points."""
    with pikepdf.open(BytesIO(pdf)) as document:
        operations = pikepdf.parse_content_stream(document.pages[0])
        return [float(operation.operands[1]) * 0.75 for operation in operations if str(operation.operator) == "Tf"]


def test_a_long_name_is_set_smaller_and_the_rest_is_not(stamps: StampRenderer) -> None:
    usual = sizes_of(stamps.draw(WIDTH, HEIGHT, LINES))
    long = sizes_of(stamps.draw(WIDTH, HEIGHT, with_lines(line1=LONG_NAME)))
    assert 5.5 <= long[1] < usual[1]
    assert long[0] >= usual[0]


def test_the_smallest_text_is_never_under_the_limit(stamps: StampRenderer) -> None:
    assert min(sizes_of(stamps.draw(WIDTH, 60, with_lines(line1=LONG_NAME, line2=LONG_OFFICE)))) >= 5.5 - 0.01


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
