import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from mou.errors import RenderingError
from mou.rendering.pictures import Picture, read_picture
from mou.rendering.stamp import StampRenderer, require_layout

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


@pytest.fixture
def read_stamp(tmp_path: Path) -> ReadText:
    """A stamp's text without white space: as pdftotext reads it, as PDFium does."""

    def read(stamp: bytes) -> tuple[str, str]:
        file = tmp_path / "stamp.pdf"
        file.write_bytes(stamp)
        raw = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True).stdout.decode()
        with pypdfium2.PdfDocument(stamp) as document:
            (page,) = document
            return "".join(raw.split()), "".join(page.get_textpage().get_text_range().split())

    return read


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
def test_the_text_of_a_stamp_comes_out_as_it_went_in(lines: tuple[str, ...], stamps: StampRenderer, read_stamp: ReadText) -> None:
    expected = "".join("".join(lines).split())
    assert read_stamp(stamps.draw(WIDTH, HEIGHT, lines)) == (expected, expected)


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


def stamp_of(name: str) -> tuple[str, ...]:
    """The five lines that a signature has."""
    return LINES[0], name, *LINES[3:]


def lines_of_name(name: str) -> list[tuple[str, float]]:
    layout = require_layout(WIDTH, HEIGHT, stamp_of(name))
    return [(line.text, line.size_pt) for line in layout.lines if line.kind == "name"]


def test_a_name_stands_on_one_line_as_long_as_it_is_no_smaller_than_the_text(stamps: StampRenderer) -> None:
    usual = sizes_of(stamps.draw(WIDTH, HEIGHT, stamp_of(LINES[1])))
    long = sizes_of(stamps.draw(WIDTH, HEIGHT, stamp_of("ว่าที่ร้อยตรีหญิงประกายกาญจน์ ศิริรัตนวิไลวงศ์ไพศาล")))
    assert len(long) == len(usual)
    assert usual[2] <= long[1] < usual[1]
    assert long[2:] == usual[2:]


def test_a_longer_name_is_broken_at_its_spaces_and_nowhere_else() -> None:
    lines = lines_of_name(LONG_NAME)
    assert [text for text, _ in lines] == ["ว่าที่ร้อยตรีหญิงประกายกาญจน์ศิริรัตนวิไล", "ณ เชียงใหม่ลำพูนลำปาง"]
    assert all(size >= 5.5 for _, size in lines)
    many_words = " ".join(["สมมติตัวอย่าง"] * 6)
    assert " ".join(text for text, _ in lines_of_name(many_words)) == many_words


def test_a_name_without_a_space_is_not_broken() -> None:
    with pytest.raises(RenderingError, match="does not fit into its box"):
        lines_of_name("นาย" + "สมมติ" * 20)


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


def picture_of(width: int, height: int, *, mode: str = "RGBA") -> Picture:
    """A stroke from corner to corner."""
    image = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(0, 0), (width, height)], fill=(20, 30, 120, 255), width=12)
    output = BytesIO()
    image.convert(mode).save(output, format="PNG")
    return read_picture(output.getvalue(), source="test")


PICTURES = {"wide": (1800, 300), "tall": (200, 1000), "round": (900, 900), "widest": (1800, 180), "tallest": (120, 1200)}


def places_in(stamp: bytes) -> tuple[tuple[float, ...], list[tuple[float, ...]]]:
    """Where PDFium sees the picture, and where each piece of text: left, bottom, right, top in points."""
    with pypdfium2.PdfDocument(stamp) as document:
        page = document[0]
        (image,) = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        text = page.get_textpage()
        return tuple(image.get_bounds()), [tuple(text.get_rect(at)) for at in range(text.count_rects())]


@pytest.mark.parametrize("name", [LINES[1], LONG_NAME], ids=["usual name", "long name"])
@pytest.mark.parametrize("size", PICTURES.values(), ids=PICTURES.keys())
def test_a_picture_keeps_its_ratio_and_stands_left_of_all_text(size: tuple[int, int], name: str, stamps: StampRenderer) -> None:
    stamp = stamps.draw(WIDTH, HEIGHT, with_lines(line1=name), picture_of(*size))
    (left, bottom, right, top), lines = places_in(stamp)
    assert (right - left) / (top - bottom) == pytest.approx(size[0] / size[1], rel=0.01)
    assert left >= 0
    assert bottom >= 0
    assert top <= HEIGHT
    assert right - left <= 0.38 * WIDTH + 0.1
    assert all(right < line[0] for line in lines)


def test_a_picture_gives_way_before_the_text_gets_small(stamps: StampRenderer) -> None:
    usual, _ = places_in(stamps.draw(WIDTH, HEIGHT, stamp_of(LINES[1]), picture_of(1000, 500)))
    long = stamp_of("ว่าที่ร้อยตรีหญิงประกายกาญจน์ศิริรัตนวิไลวงศ์ ตัวอย่าง")
    beside_a_long_name, _ = places_in(stamps.draw(WIDTH, HEIGHT, long, picture_of(1000, 500)))
    assert beside_a_long_name[2] - beside_a_long_name[0] < usual[2] - usual[0]


def test_the_text_beside_a_picture_comes_out_as_it_went_in(stamps: StampRenderer, read_stamp: ReadText) -> None:
    lines = with_lines(line1=LONG_NAME)
    expected = "".join("".join(lines).split())
    assert read_stamp(stamps.draw(WIDTH, HEIGHT, lines, picture_of(900, 900))) == (expected, expected)


@pytest.mark.parametrize(("mode", "colours"), [("RGBA", "/DeviceRGB"), ("LA", "/DeviceGray")])
def test_a_picture_is_opaque_not_smoothed_and_no_finer_than_print(mode: str, colours: str, stamps: StampRenderer) -> None:
    """PDF/A-3 refuses interpolation; the output intent says what the colours are."""
    stamp = stamps.draw(WIDTH, HEIGHT, LINES, picture_of(1800, 1800, mode=mode))
    (left, _, right, _), _ = places_in(stamp)
    with pikepdf.open(BytesIO(stamp)) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert image.ColorSpace == pikepdf.Name(colours)
        assert image.BitsPerComponent == 8
        assert not image.get("/Interpolate", False)
        assert "/SMask" not in image
        assert "/Mask" not in image
        assert image.Width / ((right - left) / 72) <= 301
        assert pdf.open_metadata()["pdfaid:conformance"] == "U"
        assert len(pdf.Root.OutputIntents) == 1


def test_a_name_that_leaves_no_room_for_a_picture_is_told(stamps: StampRenderer) -> None:
    lines = stamp_of("ว่าที่ร้อยตรีหญิงประกายกาญจน์ศิริรัตนวิไลวงศ์สุวรรณภูมิพิทักษ์รักษา ตัวอย่าง")
    stamps.draw(WIDTH, HEIGHT, lines)
    with pytest.raises(RenderingError, match=r"leaves no room for a picture.*sign without the picture"):
        stamps.draw(WIDTH, HEIGHT, lines, picture_of(900, 900))


def test_the_same_picture_gives_the_same_bytes() -> None:
    picture = picture_of(900, 900)
    assert StampRenderer().draw(WIDTH, HEIGHT, LINES, picture) == StampRenderer().draw(WIDTH, HEIGHT, LINES, picture)
