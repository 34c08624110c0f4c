"""The draft as LibreOffice shows it, beside the PDF of record: the same lines of articles, the same faces, the same sizes."""

import ctypes
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from mou.comparison.articles import articles_of
from mou.rendering.pdf import Renderer
from mou.rendering.word.drafting.draft import word_of
from signatures.digests import digest_of
from tests.golden.draw_pages import EXAMPLES, fill_example
from tests.office import converted

CREATED = datetime(2022, 3, 29, tzinfo=UTC)
OWN_UNIT = 0.75  # our PDFs are drawn in pixels of CSS
Looks: TypeAlias = set[tuple[bool, float]]


def lines_of(pdf: bytes) -> list[str]:
    """Every line of text on every page, without spaces: programs hold letters apart in different ways."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return ["".join(line.split()) for text in texts for line in text.replace("\r", "").split("\n")]


def fonts_of(pdf: bytes) -> set[str]:
    """The names of the fonts that letters are drawn in, without the prefix of their subset."""
    return {name for name, _ in _letters(pdf)}


def looks_of(pdf: bytes, *, unit: float = 1.0) -> Looks:
    """Whether bold, and how large, in halves of a point, in which Word counts: of every letter."""
    return {("Bold" in name, round(size * unit * 2) / 2) for name, size in _letters(pdf)}


def _letters(pdf: bytes) -> set[tuple[str, float]]:
    found = set()
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            for at in range(text.count_chars()):
                if not chr(pdfium.FPDFText_GetUnicode(text, at)).isspace():
                    found.add((_font(text, at), pdfium.FPDFText_GetFontSize(text, at)))
    return found


def _font(text: pypdfium2.PdfTextPage, at: int) -> str:
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(pdfium.FPDFText_GetFontInfo(text, at, None, 0, flags))
    pdfium.FPDFText_GetFontInfo(text, at, name, len(name), flags)
    return re.sub(r"^[A-Z]{6}\+", "", name.value.decode())


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


@pytest.mark.parametrize("name", EXAMPLES)
def test_libreoffice_shows_the_articles_in_the_look_of_the_pdf_of_record(name: str, renderer: Renderer, tmp_path: Path) -> None:
    filled = fill_example(name)
    draft = tmp_path / f"{name}.docx"
    draft.write_bytes(word_of(filled, digest=digest_of(b"the PDF"), created=CREATED))
    shown = converted(draft, "pdf", tmp_path / "shown").read_bytes()
    record = renderer.render(filled, created=CREATED).pdf
    headings = ["".join(one.name.partition(" Article")[0].split()) for one in articles_of(filled.html) if one.number]
    assert len(headings) > 10
    assert in_order(headings, lines_of(record)) == headings
    assert in_order(headings, lines_of(shown)) == headings
    assert fonts_of(shown) == {"Sarabun-Regular", "Sarabun-Bold"}
    assert looks_of(shown) == looks_of(record, unit=OWN_UNIT)


def in_order(headings: list[str], lines: list[str]) -> list[str]:
    """The headings that stand on a line of their own, or on two, one below the other through the whole file."""
    found, place = [], 0
    joined = "\n".join(lines)
    for heading in headings:
        at = re.compile("\n?".join(map(re.escape, heading))).search(joined, place)
        if at:
            found.append(heading)
            place = at.end()
    return found
