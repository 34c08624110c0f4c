import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from mou.errors import RenderingError
from mou.models import FilledDocument
from mou.rendering.pdf import RenderedDocument, Renderer

MakeDocument = Callable[..., FilledDocument]
Render = Callable[..., RenderedDocument]
ReadText = Callable[[bytes], tuple[str, str]]
ReadMargins = Callable[[bytes], list[str]]

CREATED = datetime(2022, 3, 29, 1, 30, tzinfo=UTC)
LONG = "<p>" + "ทั้งสองฝ่ายตกลงร่วมกันส่งเสริมและคุ้มครองสิทธิเด็กและเยาวชน " * 12 + "</p>"
LONG_NAME = "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์" * 4

ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from mou.models import FilledDocument
from mou.rendering.pdf import Renderer
html = sys.stdin.read()
css = "p { color: #123456 }"
record = {"ข": 1, "ก": [2]}
filled = FilledDocument("test", "sha256:00", "บันทึก", "th", html, css, sys.argv[1], record, (), (), "เลขที่ ๑", True)
sys.stdout.buffer.write(Renderer().render(filled, created=datetime(2022, 3, 29, 1, 30, tzinfo=UTC)).pdf)
"""


def png(mode: str = "RGB") -> bytes:
    output = BytesIO()
    Image.new(mode, (4, 3), 0).save(output, "PNG")
    return output.getvalue()


def test_the_same_input_gives_the_same_bytes_in_processes_with_different_hash_seeds(tmp_path: Path) -> None:
    (tmp_path / "mark.png").write_bytes(png())
    body = f'{LONG}<p><b>น้ำ</b> <i>ที่</i><img src="mark.png" alt="ตรา"></p>'
    html = f'<!doctype html><html lang="th"><title>บันทึก</title><body>{body}</body></html>'
    made = [
        subprocess.run(
            [sys.executable, "-c", ANOTHER_PROCESS, str(tmp_path)],
            input=html.encode(),
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": seed, "HOME": str(tmp_path / seed)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert made[0].startswith(b"%PDF-1.7")


def test_what_was_rendered_before_changes_no_byte(renderer: Renderer, make_document: MakeDocument) -> None:
    first = make_document(LONG + "<p>น้ำ</p>", css="p { color: #123 }", number="๑")
    other = make_document("<p>มาตรา A&nbsp;B</p>" + LONG, css="p { color: #321 }", number="๒")
    alone = Renderer().render(first, created=CREATED).pdf
    renderer.render(other, created=CREATED)
    assert renderer.render(first, created=CREATED).pdf == alone
    assert renderer.render(first, created=CREATED).pdf == alone


def test_remembered_lines_change_no_byte(make_document: MakeDocument) -> None:
    class Forgetful(dict[Any, Any]):
        def get(self, _key: object, _default: object = None) -> None:
            return None

    document = make_document(LONG + "<p><u>น้ำ</u> <b>ซึ่ง</b></p>", fields=("S0001",))
    remembering, forgetful = Renderer(), Renderer()
    forgetful._fonts.lines = Forgetful()
    expected = [forgetful.render(document, created=CREATED).pdf for _ in range(2)]
    assert [remembering.render(document, created=CREATED).pdf for _ in range(2)] == expected
    assert remembering._fonts.lines


def test_the_folder_of_the_template_changes_no_byte(renderer: Renderer, make_document: MakeDocument, tmp_path: Path) -> None:
    document = make_document('<p>ตรา <img src="mark.png" alt="ตรา"></p>')
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "mark.png").write_bytes(png())
        made.append(renderer.render(replace(document, folder=str(folder)), created=CREATED).pdf)
    assert made[0] == made[1]


def test_each_slot_gets_its_page_and_its_box_from_the_layout(render: Render) -> None:
    rendered = render(LONG * 7, fields=("S0001", "S0002", "S0003"))
    assert [slot.name for slot in rendered.slots] == ["S0001", "S0002", "S0003"]
    assert {slot.label for slot in rendered.slots} == {"ลายมือชื่อ นายธีระศักดิ์ ฑีฆายุพันธุ์ มูลนิธิรักษ์เด็ก"}
    assert {slot.page for slot in rendered.slots} == {rendered.page_count - 1}
    first, second, third = (slot.box for slot in rendered.slots)
    assert first[2] - first[0] == pytest.approx(75.4 / 25.4 * 72, abs=0.01)
    assert first[3] - first[1] == pytest.approx(22 / 25.4 * 72 + 0.5, abs=0.01)
    assert first[2] < second[0]
    assert first[1] == second[1]
    assert third[3] < first[1]


def test_the_signature_block_never_stands_alone_on_its_page(render: Render, read_text: ReadText) -> None:
    for lines in range(25):
        rendered = render("".join(f"<p>ข้อความที่ {line}</p>" for line in range(20 + lines)), fields=("S0001", "S0002"))
        with pikepdf.open(BytesIO(rendered.pdf)) as pdf:
            while len(pdf.pages) > 1:
                del pdf.pages[0]
            output = BytesIO()
            pdf.save(output)
        assert "ข้อความที่" in read_text(output.getvalue())[0]


BOX = '<div class="signature-box" id="slot-S0001"></div>'


@pytest.mark.parametrize(
    ("places", "message"),
    [
        pytest.param("<p>ไม่มี</p>", 'id "slot-S0001".*got 0', id="no place"),
        pytest.param(
            BOX + BOX.replace("S0001", "S0002"), "places for S0002, which nobody is to sign", id="place without signatory"
        ),
        pytest.param(BOX + '<div style="break-before: page"></div>' + BOX, "Anchor defined twice: 'slot-S0001'", id="twice"),
        pytest.param(BOX.replace("></div>", ">ลงชื่อ</div>"), "stands in the box of S0001", id="text in the box"),
        pytest.param(
            BOX + '<p style="margin: -12mm 0 12mm">ลงชื่อ</p><p>จบ</p>', "stands in the box of S0001", id="text moved into the box"
        ),
        pytest.param(BOX.replace("></div>", ' style="margin-left: 120mm"></div>'), "does not fit", id="box beyond the margin"),
    ],
)
def test_a_place_for_a_signature_that_cannot_be_used_is_refused(places: str, message: str, render: Render) -> None:
    with pytest.raises(RenderingError, match=message):
        render(fields=("S0001",), places=places)


def test_boxes_that_overlap_are_refused(render: Render) -> None:
    places = BOX + BOX.replace("S0001", "S0002").replace("></div>", ' style="margin-top: -10mm"></div>')
    with pytest.raises(RenderingError, match="S0001 and S0002 overlap"):
        render(fields=("S0001", "S0002"), places=places)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("<p>ก ☐</p>", r"no glyph for ☐ \(U\+2610 BALLOT BOX\)", id="tick box"),
        pytest.param("<p>中</p>", r"中 \(U\+4E2D", id="Chinese"),
        pytest.param("<p>เทศ\u2060บาล</p>", "U\\+2060", id="word joiner"),
        pytest.param("<p>น\u0e4d\u0e32</p>", r"expected U\+0E33", id="divided sara am"),
    ],
)
def test_a_character_that_cannot_be_set_is_named(body: str, message: str, render: Render) -> None:
    with pytest.raises(RenderingError, match=message):
        render(body)


def test_a_document_number_that_cannot_be_set_is_named(render: Render) -> None:
    with pytest.raises(RenderingError, match="BALLOT BOX"):
        render(number="☐ ๑")


@pytest.mark.parametrize(
    ("css", "message"),
    [
        pytest.param(
            'p::before { content: "☐" }', r"☐ \(U\+2610\) would be drawn with the font", id="another font through a style sheet"
        ),
        pytest.param("p { font-family: serif }", "would be drawn with the font", id="another font family"),
        pytest.param("p { display: none }", "is not the text put in", id="hidden text"),
        pytest.param('p::before { content: "เพิ่ม" }', "is not the text put in", id="added text"),
        pytest.param("p { text-transform: uppercase }", "is not the text put in", id="changed text"),
        pytest.param(
            "p { white-space: nowrap; text-indent: 150mm }", "does not fit between the margins", id="text beyond the margin"
        ),
        pytest.param("p { colour: red }", "unknown property", id="unknown property"),
        pytest.param("p { color red", "cannot be drawn faithfully", id="broken style"),
        pytest.param("p { background: url(https://example.org/a.png) }", "asks for https://example.org/a.png", id="network"),
        pytest.param("p { background: url(../../outside.png) }", "asks for file://", id="file outside"),
        pytest.param("@import url(missing.css);", "cannot be drawn faithfully", id="missing style sheet"),
        pytest.param('@font-face { font-family: Mine; src: url("mine.ttf") }', "@font-face", id="font of its own"),
    ],
)
def test_a_style_sheet_that_would_lose_something_is_refused(css: str, message: str, render: Render) -> None:
    with pytest.raises(RenderingError, match=message):
        render("<p>Naam น้ำทั้งสิ้น</p>", css=css)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param('<img src="missing.png" alt="x">', "missing.png", id="missing image"),
        pytest.param('<img src="file:///etc/hostname" alt="x">', "asks for file:///etc/hostname", id="file of the machine"),
        pytest.param('<img src="http://localhost/x.png" alt="x">', "asks for http://localhost/x.png", id="network"),
        pytest.param('<img src="data:text/html;base64,PGI+" alt="x">', "asks for data:text/html", id="data that is no image"),
        pytest.param('<img src="link.png" alt="x">', "asks for file://", id="link that leads outside"),
        pytest.param('<img src="inside.png">', "no required alt", id="image without description"),
        pytest.param('<a href="inside.png" rel="attachment">แนบ</a>', "attaches a file", id="attachment"),
        pytest.param(f'<p><span class="nb">{LONG_NAME}</span></p>', "page 1: the text", id="unbreakable name"),
        pytest.param('<p style="opacity: 0.5">จาง</p>', "is not the text put in", id="text in a group of its own"),
    ],
)
def test_a_body_that_would_lose_something_is_refused(body: str, message: str, render: Render, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.png"
    outside.write_bytes(png())
    (tmp_path / "inside.png").write_bytes(png())
    (tmp_path / "link.png").symlink_to(outside)
    with pytest.raises(RenderingError, match=message):
        render(body)


@pytest.mark.parametrize(
    "source",
    [pytest.param("inside.png", id="file"), pytest.param("data:image/png;base64," + b64encode(png()).decode(), id="address")],
)
def test_an_image_of_the_template_is_drawn_without_interpolation(source: str, render: Render, tmp_path: Path) -> None:
    (tmp_path / "inside.png").write_bytes(png())
    with pikepdf.open(BytesIO(render(f'<p>ตรา <img src="{source}" alt="ตราของเครือข่าย"></p>').pdf)) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert not image.get("/Interpolate", False)


def test_a_refused_template_leaves_the_renderer_usable(renderer: Renderer, make_document: MakeDocument) -> None:
    document = make_document()
    before = renderer.render(document, created=CREATED).pdf
    for css in ('@font-face { font-family: "MOU Sarabun"; src: url("x.ttf") }', "p { colour: red }"):
        with pytest.raises(RenderingError):
            renderer.render(replace(document, css=css), created=CREATED)
    assert renderer.render(document, created=CREATED).pdf == before


def test_a_file_outside_is_refused_each_time_and_not_only_the_first(render: Render) -> None:
    for _ in range(2):
        with pytest.raises(RenderingError, match="asks for"):
            render(css="@import url(https://example.org/a.css);")


def test_the_document_number_stands_on_every_page_however_long_it_is(render: Render, read_margins: ReadMargins) -> None:
    number = "เลขที่ ชต-เครือข่ายสิทธิเด็กล้านนา/๒๕๖๕/๐๐๐๑๒๓ " * 4
    rendered = render(LONG * 8, number=number)
    assert all("".join(number.split()) in margins for margins in read_margins(rendered.pdf))


def test_the_mark_of_a_sample_changes_no_letter_of_the_text(render: Render, read_text: ReadText) -> None:
    assert read_text(render(LONG * 8, is_sample=True).pdf) == read_text(render(LONG * 8).pdf)


def test_what_stands_in_the_margins_is_no_part_of_the_structure(render: Render) -> None:
    with pikepdf.open(BytesIO(render(LONG * 8, number="๑", is_sample=True).pdf)) as pdf:
        for page in pdf.pages:
            elements = pdf.Root.StructTreeRoot.ParentTree.Nums[2 * int(page.obj.StructParents) + 1]
            ids = {
                int(instruction.operands[1].MCID)
                for instruction in pikepdf.parse_content_stream(page)
                if str(instruction.operator) == "BDC" and "/MCID" in instruction.operands[1]
            }
            assert ids == {number for number, element in enumerate(elements) if element is not None}


def test_a_head_that_its_table_repeats_and_bullets_are_no_fault(render: Render) -> None:
    rows = "".join(f"<tr><td>{row}</td><td>มูลนิธิรักษ์เด็ก</td></tr>" for row in range(60))
    table = f'<table><thead><tr><th scope="col">ลำดับ</th><th scope="col">น้ำ</th></tr></thead><tbody>{rows}</tbody></table>'
    rendered = render(f"<ul style='list-style: disc'><li>ข้อหนึ่ง</li><li>ข้อสอง</li></ul>{table}")
    assert rendered.page_count > 1


def test_the_four_faces_are_four_font_programs(render: Render) -> None:
    with pikepdf.open(BytesIO(render("<p>กข <b>กข</b> <i>กข</i> <b><i>กข</i></b></p>").pdf)) as pdf:
        fonts = pdf.pages[0].obj.Resources.Font
        names = {str(font.BaseFont).partition("+")[2] for font in fonts.values()}
        programs = {font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes() for font in fonts.values()}
    assert names == {"MOU-Sarabun", "MOU-Sarabun-Bold", "MOU-Sarabun-Italic", "MOU-Sarabun-Bold-Italic"}
    assert len(programs) == 4


def test_metadata_has_title_authors_language_and_the_given_date(render: Render) -> None:
    with pikepdf.open(BytesIO(render(fields=("S0001",)).pdf)) as pdf:
        assert str(pdf.docinfo.Title) == "บันทึกข้อตกลง"
        assert str(pdf.docinfo.Author) == "มูลนิธิรักษ์เด็ก"
        assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate) == "D:20220329013000Z"
        assert str(pdf.Root.Lang) == "th"
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == "บันทึกข้อตกลง"
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["xmp:CreateDate"] == "2022-03-29T01:30:00Z"


def test_the_authors_of_the_template_come_first(render: Render) -> None:
    with pikepdf.open(BytesIO(render(head='<meta name="author" content="เครือข่าย">').pdf)) as pdf:
        assert str(pdf.docinfo.Author) == "เครือข่าย"


@pytest.mark.parametrize("width", [100, 120, 140, 160])
def test_no_line_ends_inside_a_protected_span(width: int, render: Render) -> None:
    names = ("เทศบาลเมืองเขาสามร้อยยอด", "๒๙ มีนาคม", "พ.ศ. ๒๕๖๕", "ฯลฯ")
    text = " ".join(f'จัดขึ้นที่<span class="nb">{name}</span>' for name in names * 6)
    pdf = render(f'<p style="width: {width}mm; text-indent: 0">{text}</p>').pdf
    with pypdfium2.PdfDocument(pdf) as document:
        lines = document[0].get_textpage().get_text_range().splitlines()
    assert len(lines) > 5
    assert sum(line.count(name) for line in lines for name in names) == 24


def test_a_date_without_time_zone_is_a_fault_of_the_caller(renderer: Renderer, make_document: MakeDocument) -> None:
    with pytest.raises(ValueError, match="time zone"):
        renderer.render(make_document(), created=datetime(2022, 3, 29))  # noqa: DTZ001  # the very fault


def test_a_space_that_hangs_over_the_margin_is_no_text_beyond_it(render: Render) -> None:
    """The space before a nowrap span stays on the line that the span has left; where it ends depends on the width before it."""
    lines = "".join(
        f'<p style="text-indent: {indent}pt">ผู้แทนของเทศบาลนครขอนแก่น ตำแหน่ง <span class="nb">ปฏิบัติราชการแทนนายกเทศมนตรี</span></p>'
        for indent in range(200, 340)
    )
    assert render(lines).page_count > 1
