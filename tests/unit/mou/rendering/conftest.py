"""One renderer for all tests of this folder, a small document to vary, and two independent readers of a PDF's text."""

import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from mou.models import Capacity, FilledDocument, Person, SignatorySlot
from mou.rendering.pdf import RenderedDocument, Renderer

CREATED = datetime(2022, 3, 29, 1, 30, tzinfo=UTC)
_PERSON = Person("ธีระศักดิ์", "ฑีฆายุพันธุ์", "ผู้อำนวยการ", "นาย")
# A4 in points without the upper and lower margin of base.css.
_WIDTH, _TOP, _BOTTOM, _HEIGHT = 596, 70, 779, 842

MakeDocument = Callable[..., FilledDocument]
Render = Callable[..., RenderedDocument]
ReadText = Callable[[bytes], tuple[str, str]]


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def make_document(tmp_path: Path) -> MakeDocument:
    """Make a document from the inside of its body; each field gets a signature place unless `places` says otherwise."""

    def make(
        body: str = "<p>น้ำทั้งสิ้น</p>",
        *,
        css: str = "",
        fields: Sequence[str] = (),
        places: str | None = None,
        head: str = "",
        number: str | None = None,
        is_sample: bool = False,
    ) -> FilledDocument:
        if places is None:
            places = "".join(
                f'<div class="signature"><div class="signature-box" id="slot-{field}"></div><p>(นายธีระศักดิ์)</p></div>'
                for field in fields
            )
        block = f'<section class="signature-block">{places}</section>' if places else ""
        return FilledDocument(
            template_name="test",
            template_digest="sha256:00",
            title="บันทึกข้อตกลง",
            language="th",
            html=f'<!doctype html><html lang="th"><head><title>บันทึกข้อตกลง</title>{head}</head><body>{body}{block}</body></html>',
            css=css,
            folder=str(tmp_path),
            record={"organisation": "มูลนิธิรักษ์เด็ก", "sequence": 1},
            slots=tuple(
                SignatorySlot(field, "party", "org_1", "มูลนิธิรักษ์เด็ก", _PERSON, Capacity.AUTHORISED_REPRESENTATIVE, 1)
                for field in fields
            ),
            protected_names=(),
            document_number=number,
            is_sample=is_sample,
        )

    return make


@pytest.fixture
def render(renderer: Renderer, make_document: MakeDocument) -> Render:
    """Render a document made of the arguments that `make_document` takes."""

    def rendered(*arguments: str, **options: object) -> RenderedDocument:
        return renderer.render(make_document(*arguments, **options), created=CREATED)

    return rendered


@pytest.fixture(scope="session")
def read_text(tmp_path_factory: pytest.TempPathFactory) -> ReadText:
    """Return the text between the margins without white space: as pdftotext reads it, as PDFium does."""
    file = tmp_path_factory.mktemp("text") / "document.pdf"
    between = ["-x", "0", "-y", str(_TOP), "-W", str(_WIDTH), "-H", str(_BOTTOM - _TOP)]

    def read(pdf: bytes) -> tuple[str, str]:
        file.write_bytes(pdf)
        raw = subprocess.run(["pdftotext", "-raw", "-r", "72", *between, file, "-"], capture_output=True, check=True).stdout
        with pypdfium2.PdfDocument(pdf) as document:
            pages = [page.get_textpage().get_text_bounded(0, _HEIGHT - _BOTTOM, _WIDTH, _HEIGHT - _TOP) for page in document]
        return _bare(raw.decode()), _bare("\n".join(pages))

    return read


@pytest.fixture(scope="session")
def read_margins() -> Callable[[bytes], list[str]]:
    """Return what PDFium reads above and below the text of each page, without white space."""

    def read(pdf: bytes) -> list[str]:
        found = []
        with pypdfium2.PdfDocument(pdf) as document:
            for page in document:
                text = page.get_textpage()
                width, height = page.get_size()
                bands = ((0, height - _TOP, width, height), (0, 0, width, height - _BOTTOM))
                found.append("".join("".join(text.get_text_bounded(*band).split()) for band in bands))
        return found

    return read


def _bare(text: str) -> str:
    return "".join(text.split()).translate(dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad")))
