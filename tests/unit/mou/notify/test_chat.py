"""A message to paste into LINE, and the link as a QR code that a camera reads."""

import io
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from mou.notify.chat import CODE_TITLE, MESSAGE_LIMIT, line_message, link_code, link_code_png
from mou.notify.texts import Asked

LINK = "https://sign.example.org/sign/" + "aB3-_" * 9
SVG = "{http://www.w3.org/2000/svg}"


def asked(**changes: str | None) -> Asked:
    members: dict[str, str | None] = {
        "document_title": "บันทึกความเข้าใจ",
        "document_number": None,
        "organisation_name": "มูลนิธิตะวัน",
        "signatory_name": "นางกมล ใจดี",
        "capacity_in_thai": "ผู้แทนที่ได้รับมอบอำนาจ",
        "capacity_in_english": "authorised representative",
        "network_name": "เครือข่ายตัวอย่าง",
        "link": LINK,
    }
    return Asked(**(members | changes), deadline=datetime(2026, 12, 15, 9, 30, tzinfo=UTC))  # type: ignore[arg-type]  # members by name


def test_a_message_for_line_ends_with_the_link_on_a_line_of_its_own() -> None:
    lines = line_message(asked()).splitlines()
    assert lines[0] == "เรียน นางกมล ใจดี"
    assert lines[-1] == LINK
    assert sum(LINK in line for line in lines) == 1


def test_a_message_for_line_says_what_when_and_that_the_link_signs_nothing() -> None:
    message = line_message(asked(document_number="ลนส. ๐๐๑"))
    assert "“บันทึกความเข้าใจ” เลขที่ ลนส. ๐๐๑ ในฐานะผู้แทนที่ได้รับมอบอำนาจ มูลนิธิตะวัน" in message
    assert "ขอให้ลงนามภายในวันที่ ๑๕ ธันวาคม ๒๕๖๙ เวลา ๑๖.๓๐ น." in message
    assert "ลิงก์เพียงอย่างเดียวไม่ทำให้เกิดการลงนาม" in message
    assert "โปรดอย่าส่งต่อ" in message


thai_text = st.text("กขคงนมะาำิีุู่้๊๋์เแโใไ ๆฯ๐๙\n", max_size=600)


@settings(deadline=None)
@given(title=thai_text, name=thai_text, organisation=thai_text, network=thai_text, number=thai_text)
def test_a_message_for_line_stays_short_whatever_the_names(
    title: str, name: str, organisation: str, network: str, number: str
) -> None:
    message = line_message(
        asked(
            document_title=title,
            signatory_name=name,
            organisation_name=organisation,
            network_name=network,
            capacity_in_thai=name,
            document_number=number,
            link="https://" + "a" * 152,
        )
    )
    assert len(message) < MESSAGE_LIMIT
    assert message.splitlines()[-1] == "https://" + "a" * 152


def test_the_code_in_a_page_has_no_style_no_script_and_a_title_for_screen_readers() -> None:
    root = ET.fromstring(link_code(LINK))  # noqa: S314  # our own SVG
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == CODE_TITLE
    names = {name for element in root.iter() for name in element.attrib}
    assert names <= {"role", "viewBox", "fill", "stroke", "d", "shape-rendering"}
    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}title", f"{SVG}path"}


def test_a_title_of_ones_own_cannot_leave_its_place() -> None:
    root = ET.fromstring(link_code(LINK, title="</title><script>ก & ข"))  # noqa: S314  # our own SVG
    assert root.findtext(f"{SVG}title") == "</title><script>ก & ข"
    assert root.find(f".//{SVG}script") is None


def test_the_code_in_a_page_is_black_on_white_with_a_quiet_zone() -> None:
    root = ET.fromstring(link_code(LINK))  # noqa: S314  # our own SVG
    ground, modules = root.findall(f"{SVG}path")
    side = int(str(root.get("viewBox")).split()[2])
    assert (ground.get("fill"), ground.get("d")) == ("#fff", f"M0 0h{side}v{side}h-{side}z")
    assert modules.get("stroke") == "#000"
    assert str(modules.get("d")).startswith("M4 4.5h7")


@pytest.mark.parametrize("link", [LINK, "https://charters.example.org/sign/๑", "http://127.0.0.1:8000/sign/a"])
def test_a_camera_reads_the_link_from_the_picture(link: str) -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(link_code_png(link))))
    assert found.text == link


def test_a_camera_reads_the_link_from_the_page() -> None:
    (found,) = zxingcpp.read_barcodes(drawn(link_code(LINK)))
    assert found.text == LINK


def drawn(svg: str, *, pixels: int = 8) -> Image.Image:
    """The code as a browser draws it: of paths, moves and strokes of one module's width are all that it holds."""
    root = ET.fromstring(svg)  # noqa: S314  # our own SVG
    side = int(str(root.get("viewBox")).split()[2])
    picture = Image.new("L", (side * pixels, side * pixels), 255)
    pen = ImageDraw.Draw(picture)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", str(root.findall(f"{SVG}path")[1].get("d"))):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            pen.rectangle((x * pixels, (y - 0.5) * pixels, (x + values[0]) * pixels - 1, (y + 0.5) * pixels - 1), fill=0)
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return picture
