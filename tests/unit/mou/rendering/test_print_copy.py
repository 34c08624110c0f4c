"""The copy to print: the same pages, each of which says that it is a copy; without fields, and as accessible as before."""

import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops

from mou.errors import RenderingError
from mou.rendering.conformance import check_conformance
from mou.rendering.pdf import RenderedDocument
from mou.rendering.print_copy import print_copy
from mou.rendering.stamp import StampRenderer
from signatures.fields import SignatureSlot, prepare_fields

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LINES = (
    "สิ่งพิมพ์ออก (สำเนา) · พิมพ์เมื่อวันที่ ๒๕ พฤศจิกายน ๒๕๖๙",
    "ต้นฉบับคือแฟ้มอิเล็กทรอนิกส์ ค่าแฮช sha256: 4d6b e9f0 1a2b 3c4d … ซึ่งมีลายมือชื่ออิเล็กทรอนิกส์ ๑๐ จาก ๑๙ ราย",
)
STAMP = ("ลงลายมือชื่ออิเล็กทรอนิกส์", "นายธีระศักดิ์ ฑีฆายุพันธุ์", "พยาน", "๒๙ มีนาคม ๒๕๖๕ เวลา ๐๘.๓๐ น.", "เอกสาร 8f3a 12c9")
LOOKS = {"S0001": "ลายมือชื่อ นายธีระศักดิ์ ฑีฆายุพันธุ์ พยาน ๒๙ มีนาคม ๒๕๖๕"}
TITLE = "บันทึกข้อตกลง (สำเนา) ก & ข"
MILLIMETRE = 72 / 25.4

Render = Callable[..., RenderedDocument]


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def signed(render: Render) -> bytes:
    """A sample of several pages whose first of two signatories has signed, as far as anybody sees."""
    rendered = render("<p>น้ำทั้งสิ้น</p>" * 60, fields=("S0001", "S0002"), number="N-1", is_sample=True)
    return with_signature(prepare_fields(rendered.pdf, rendered.slots), rendered.slots)


def with_signature(prepared: bytes, slots: Sequence[SignatureSlot]) -> bytes:
    left, bottom, right, top = slots[0].box
    stamp = StampRenderer().draw(right - left, top - bottom, STAMP)
    output = BytesIO()
    with pikepdf.open(BytesIO(prepared)) as pdf, pikepdf.open(BytesIO(stamp)) as small:
        field = next(field for field in pdf.Root.AcroForm.Fields if field.T == "S0001")
        field.V = pdf.make_indirect(Dictionary(Type=Name.Sig))
        field.AP = Dictionary(N=pdf.copy_foreign(small.pages[0].as_form_xobject()))
        pdf.Root.Perms = Dictionary(DocMDP=field.V)
        pdf.save(output)
    return output.getvalue()


@pytest.fixture
def printed(signed: bytes) -> bytes:
    return print_copy(signed, LINES, LOOKS, title=TITLE, at=AT)


def test_every_page_says_that_it_is_a_copy_and_of_what(printed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "copy.pdf"
    file.write_bytes(printed)
    with pypdfium2.PdfDocument(printed) as document:
        assert len(document) > 2
        for number, page in enumerate(document, start=1):
            raw = subprocess.run(
                ["pdftotext", "-raw", "-f", str(number), "-l", str(number), file, "-"], capture_output=True, check=True
            ).stdout.decode()
            assert bare("".join(LINES)) in bare(raw)
            assert bare("".join(LINES)) in bare(page.get_textpage().get_text_range())


def text_within(file: Path, left: float, top: float, right: float, bottom: float) -> set[str]:
    """What stands in a part of each page; edges in millimetres from the upper left corner."""
    x, y, width, height = (str(round(edge * MILLIMETRE)) for edge in (left, top, right - left, bottom - top))
    part = ["-r", "72", "-x", x, "-y", y, "-W", width, "-H", height]
    told = subprocess.run(["pdftotext", "-raw", *part, file, "-"], capture_output=True, check=True).stdout.decode()
    return {bare(page) for page in told.split("\f")[:-1]}


def test_the_line_stands_above_the_text_and_leaves_the_upper_right_corner(printed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "copy.pdf"
    file.write_bytes(printed)
    assert text_within(file, 30, 7, 160, 17) == {bare("".join(LINES))}
    assert text_within(file, 160, 0, 210, 25) == {"ตัวอย่าง"}
    assert text_within(file, 0, 0, 29, 25) == {""}


def pictures_of(pdf: bytes, folder: Path) -> list[Image.Image]:
    """The pages as poppler draws them, signatures too, below the upper margin."""
    folder.mkdir()
    (folder / "pages.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-png", "-r", "72", folder / "pages.pdf", folder / "page"], check=True)
    pages = [Image.open(path).convert("RGB") for path in sorted(folder.glob("page-*.png"))]
    return [page.crop((0, round(25 * MILLIMETRE), page.width, page.height)) for page in pages]


def test_below_the_line_each_page_looks_as_the_signed_one(signed: bytes, printed: bytes, tmp_path: Path) -> None:
    before, after = pictures_of(signed, tmp_path / "before"), pictures_of(printed, tmp_path / "after")
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert ImageChops.difference(one, other).getbbox() is None


def test_the_text_of_a_signature_is_text_of_its_page(printed: bytes) -> None:
    with pypdfium2.PdfDocument(printed) as document:
        text = "".join(bare(page.get_textpage().get_text_range()) for page in document)
    assert text.count(bare("".join(STAMP))) == 1


def test_nothing_is_left_that_could_be_signed_filled_or_taken_for_the_record(signed: bytes, printed: bytes) -> None:
    with pikepdf.open(BytesIO(signed)) as before, pikepdf.open(BytesIO(printed)) as after:
        for key in ("/AcroForm", "/Perms", "/AF"):
            assert key in before.Root
            assert key not in after.Root
        assert len(before.attachments) == 1
        assert len(after.attachments) == 0
        assert all("/Annots" not in page for page in after.pages)
        kinds = [thing.get("/Type") for thing in after.objects if isinstance(thing, Dictionary)]
        assert Name.Sig not in kinds


def elements_of(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    return [thing for thing in pdf.objects if isinstance(thing, Dictionary) and thing.get("/S") == Name(kind)]


def test_a_signature_is_a_figure_that_is_described_and_an_empty_field_is_gone(printed: bytes) -> None:
    with pikepdf.open(BytesIO(printed)) as pdf:
        assert elements_of(pdf, "/Form") == []
        (figure,) = elements_of(pdf, "/Figure")
        assert str(figure.Alt) == LOOKS["S0001"]
        marked = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
        assert marked[figure.Pg.StructParents][int(figure.K)].objgen == figure.objgen
        assert b"/Figure <</MCID %d>> BDC" % int(figure.K) in figure.Pg.Contents.read_bytes()


@pytest.mark.parametrize("looks", [LOOKS, {}], ids=["signed", "not signed"])
def test_the_copy_is_as_archival_and_accessible_as_the_original(signed: bytes, looks: dict[str, str]) -> None:
    report = check_conformance(print_copy(signed, LINES, looks, title=TITLE, at=AT))
    assert (report.findings, report.unseen) == ((), ())


def test_the_title_says_that_it_is_a_copy(printed: bytes) -> None:
    with pikepdf.open(BytesIO(printed)) as pdf:
        assert str(pdf.docinfo["/Title"]) == TITLE
        assert str(pdf.docinfo["/ModDate"]) == "D:20261125030000Z"
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == TITLE
        assert metadata["xmp:ModifyDate"] == "2026-11-25T03:00:00Z"


def test_the_same_original_gives_the_same_bytes(signed: bytes, printed: bytes) -> None:
    assert print_copy(signed, LINES, LOOKS, title=TITLE, at=AT) == printed


def test_a_line_that_does_not_fit_is_refused(signed: bytes) -> None:
    with pytest.raises(RenderingError, match="does not fit between the margins"):
        print_copy(signed, (LINES[0], LINES[1] * 2), LOOKS, title=TITLE, at=AT)
