"""A register's number and date on the page: where the layout leaves room for them, and how they are drawn there."""

import subprocess
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from mou.errors import RenderingError
from mou.rendering.pdf import RenderedDocument
from mou.rendering.registry_text import draw_registry_text
from mou.thai import thai_date
from signatures.registry_fields import REGISTRY_DATE_FIELD, REGISTRY_NUMBER_FIELD

Render = Callable[..., RenderedDocument]

NUMBER, DATE = '<span class="registry-box" id="registry-number"></span>', '<span class="registry-box" id="registry-date"></span>'
WIDTH, HEIGHT = 102.048, 16  # of the date in the bundled templates
MONTHS = [date(2022, month, 30 if month == 11 else 28) for month in range(1, 13)]


def read_twice(pdf: bytes, folder: Path) -> tuple[str, str]:
    """The text as pdftotext reads it, as PDFium does."""
    file = folder / "text.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, encoding="utf-8", check=True)
    with pypdfium2.PdfDocument(pdf) as document:
        return done.stdout.strip(), document[0].get_textpage().get_text_range().strip()


@pytest.mark.parametrize("text", ["๑/๒๕๖๕", "1/2565", "ทบ. ที่ ๑๒/๒๕๖๕", "LCRN-001/2565", "<b> & น้ำ ๑"])
def test_a_text_copies_out_exactly(text: str, tmp_path: Path) -> None:
    assert read_twice(draw_registry_text(WIDTH, HEIGHT, text), tmp_path) == (text, text)


@pytest.mark.parametrize("day", MONTHS, ids=[f"{day:%B}" for day in MONTHS])
def test_every_month_fits_into_the_place_of_the_bundled_templates(day: date, tmp_path: Path) -> None:
    words = thai_date(day)
    assert read_twice(draw_registry_text(WIDTH, HEIGHT, words), tmp_path) == (words, words)


def test_the_page_has_the_size_of_the_place_and_is_the_same_each_time() -> None:
    drawn = draw_registry_text(WIDTH, HEIGHT, "๑/๒๕๖๕")
    assert drawn == draw_registry_text(WIDTH, HEIGHT, "๑/๒๕๖๕")
    with pikepdf.open(BytesIO(drawn)) as document:
        (page,) = document.pages
        assert [float(edge) for edge in page.mediabox] == pytest.approx([0, 0, WIDTH, HEIGHT], abs=0.01)


def test_a_long_text_is_smaller_and_too_long_a_one_is_refused() -> None:
    draw_registry_text(WIDTH, HEIGHT, "๑๒๓๔๕๖๗๘๙๐/๒๕๖๕ (ทบ.)")
    with pytest.raises(RenderingError, match=r"does not fit into its place of 102 points, not even at 7\.5 pt"):
        draw_registry_text(WIDTH, HEIGHT, "๑๒๓๔๕๖๗๘๙๐" * 3)
    with pytest.raises(RenderingError, match="no glyph"):
        draw_registry_text(WIDTH, HEIGHT, "1/2565 \N{SNOWMAN}")


def test_the_places_are_found_on_the_page_where_the_template_has_them(render: Render) -> None:
    rendered = render(f'<p>น้ำ</p><div style="break-before: page"></div><p>เลขที่ {NUMBER} ลงวันที่ {DATE}</p>')
    number, day = rendered.registry
    assert [(place.name, place.page) for place in (number, day)] == [(REGISTRY_NUMBER_FIELD, 1), (REGISTRY_DATE_FIELD, 1)]
    assert number.box[2] < day.box[0]
    assert (number.box[1], number.box[3]) == (day.box[1], day.box[3])
    assert number.box[2] - number.box[0] == pytest.approx(32 * 72 / 25.4, abs=0.01)
    assert render("<p>น้ำ</p>").registry == ()


def test_a_place_makes_its_line_no_higher(render: Render) -> None:
    """The line below stands where it would without the place."""
    boxes = []
    for line in (f"ก {NUMBER} ข {DATE}", "ก ข"):
        rendered = render(f"<p>{line}</p><p>{NUMBER if line == 'ก ข' else ''}{DATE if line == 'ก ข' else ''}ท้าย</p>")
        with pypdfium2.PdfDocument(rendered.pdf) as document:
            page = document[0].get_textpage()
            place = page.get_text_range().index("ท้าย")
            boxes.append(page.get_charbox(place)[1])
    assert boxes[0] == pytest.approx(boxes[1], abs=0.05)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(f"<p>{NUMBER}</p>", "got registry-number: 1", id="no date"),
        pytest.param(f"<p>{DATE}</p>", "got registry-date: 1", id="no number"),
        pytest.param(f'<p>{NUMBER}{DATE}<span id="registry-seal"></span></p>', "registry-seal: 1", id="another name"),
        pytest.param(f"<p>{NUMBER}{DATE}{NUMBER}</p>", "Anchor defined twice", id="twice"),
        pytest.param(f"<p>{NUMBER}{DATE.replace('></', '>ก</')}</p>", "stands in the box of R0002", id="not empty"),
        pytest.param(
            f'<p>{NUMBER}</p><p style="margin-left: 150mm">{DATE}</p>', "box of R0002 does not fit", id="beside the column"
        ),
    ],
)
def test_places_that_a_template_gets_wrong_are_refused(render: Render, body: str, words: str) -> None:
    with pytest.raises(RenderingError, match=words):
        render(body)
