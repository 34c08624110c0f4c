"""What a screen reader reads, and in which language: PDFium walks the finished tree, and the HTML says what it must find.

PDFium knows nothing of how the languages got there: it gives each element's own /Lang, its children, and the text of each
marked content. An element without a language has that of its parent, the tree's root that of the catalog (PDF/UA-1, 7.2).
"""

import ctypes
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import groupby
from typing import TypeAlias

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from mou.ceremony import read_ceremony
from mou.errors import RenderingError
from mou.filling import fill_template
from mou.models import FilledDocument
from mou.organisations import read_organisations
from mou.rendering.pdf import RenderedDocument, Renderer
from mou.templates import bundled_templates_folder, load_template

MakeDocument = Callable[..., FilledDocument]
Render = Callable[..., RenderedDocument]
Buffer: TypeAlias = ctypes.Array[ctypes.c_char]

CREATED = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
THAI, ENGLISH = "น้ำทั้งสิ้นเป็นของทุกคน", "All water belongs to everybody"
LONG_THAI = "ทั้งสองฝ่ายตกลงร่วมกันส่งเสริมและคุ้มครองสิทธิเด็กและเยาวชน " * 6
LONG_ENGLISH = "Both parties agree to promote and protect the rights of children and young people. " * 6
VOID = frozenset({"br", "wbr", "meta", "img"})


class StatedText(HTMLParser):
    """Collects each piece of the body's text with the language of the nearest element that states one."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = [("", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("lang") or self._open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not any(tag == "head" for tag, _ in self._open):
            self.pieces.append((self._open[-1][1], data))


def stated(html: str) -> list[tuple[str, str]]:
    parser = StatedText()
    parser.feed(html)
    parser.close()
    return joined(parser.pieces)


def joined(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one language as one piece, without white space."""
    bare = [(language, "".join(text.split()).replace("\u200b", "")) for language, text in pieces]
    groups = groupby((piece for piece in bare if piece[1]), key=lambda piece: piece[0])
    return [(language, "".join(text for _, text in group)) for language, group in groups]


def read_aloud(pdf: bytes) -> list[tuple[str, str]]:
    """The text of the document in the order of its tree, each piece with its language."""
    with pikepdf.open(BytesIO(pdf)) as file:
        main = str(file.Root.Lang)
    with pypdfium2.PdfDocument(pdf) as document:
        return joined(piece for page in document for piece in pieces_of_page(page, main))


def pieces_of_page(page: pypdfium2.PdfPage, main: str) -> Iterator[tuple[str, str]]:
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    texts = texts_by_content(page)
    for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        yield from pieces_of_element(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number), main, texts)
    pdfium.FPDF_StructTree_Close(tree)


def pieces_of_element(element: pdfium.FPDF_STRUCTELEMENT, inherited: str, texts: dict[int, str]) -> Iterator[tuple[str, str]]:
    language = own_language(element) or inherited
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield from pieces_of_element(child, language, texts)
        else:
            yield language, texts.get(pdfium.FPDF_StructElement_GetChildMarkedContentID(element, number), "")


def own_language(element: pdfium.FPDF_STRUCTELEMENT) -> str:
    return utf16(lambda buffer, size: pdfium.FPDF_StructElement_GetLang(element, buffer, size))


def texts_by_content(page: pypdfium2.PdfPage) -> dict[int, str]:
    texts: dict[int, str] = {}
    text_page = page.get_textpage()
    for item in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT]):
        content = pdfium.FPDFPageObj_GetMarkedContentID(item)
        if content >= 0:  # else an artifact: page number, running line, mark of a sample
            texts[content] = texts.get(content, "") + text_of_object(item, text_page)
    return texts


def text_of_object(item: pypdfium2.PdfObject, text_page: pypdfium2.PdfTextPage) -> str:
    def read(buffer: Buffer | None, size: int) -> int:
        units = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)) if buffer else None
        return int(pdfium.FPDFTextObj_GetText(item, text_page, units, size))

    return utf16(read)


def utf16(read: Callable[[Buffer | None, int], int]) -> str:
    """The text that a function of PDFium writes into a buffer, whose size it says when asked without one."""
    size = read(None, 0)
    buffer = ctypes.create_string_buffer(size)
    read(buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def element_languages(pdf: bytes) -> list[tuple[str, str]]:
    """Kind and language of each element that states one."""
    with pikepdf.open(BytesIO(pdf)) as file:
        elements = [one for one in file.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"]
        return [(str(one.S), str(one.Lang)) for one in elements if "/Lang" in one]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f'<p>{THAI}</p><p lang="en">{ENGLISH}</p><p>{THAI}</p>', id="paragraphs"),
        pytest.param(f'<p>{THAI} <span lang="en">{ENGLISH}</span> {THAI}</p>', id="words of a paragraph"),
        pytest.param(f'<div lang="en"><p>{ENGLISH} <span lang="th">{THAI}</span> {ENGLISH}</p></div>', id="back again inside"),
        pytest.param(f'<div lang="en"><p>{ENGLISH}</p><ul><li>{ENGLISH}</li><li lang="th">{THAI}</li></ul></div>', id="list"),
        pytest.param(f'<h2 class="pair"><span>{THAI}</span> <span lang="en">{ENGLISH}</span></h2>', id="heading of a pair"),
        pytest.param(
            f'<div class="pair"><p>{LONG_THAI}</p><p lang="en">{LONG_ENGLISH}</p></div>' * 9, id="pairs on several pages"
        ),
        pytest.param(f'<p>{LONG_THAI}</p><p class="below" lang="en">{LONG_ENGLISH}</p>' * 9, id="stacked on several pages"),
        pytest.param(f'<p lang="en">{LONG_ENGLISH * 12}</p>', id="a paragraph over two pages"),
    ],
)
def test_each_piece_of_text_is_read_in_its_language_and_order(make_document: MakeDocument, renderer: Renderer, body: str) -> None:
    document = make_document(body)
    spoken = read_aloud(renderer.render(document, created=CREATED).pdf)
    assert spoken == stated(document.html)
    assert {language for language, _ in spoken} >= {"en"}


def test_the_head_of_a_table_keeps_its_language_where_it_is_repeated(render: Render) -> None:
    rows = f"<tr><td>{THAI}</td></tr>" * 60
    table = f'<table style="break-inside: auto"><thead><tr><th scope="col" lang="en">{ENGLISH}</th></tr></thead>{rows}</table>'
    made = render(table)
    assert made.page_count > 1
    spoken = read_aloud(made.pdf)
    assert [language for language, _ in spoken] == ["en", "th"] * made.page_count
    assert {text for language, text in spoken if language == "en"} == {ENGLISH.replace(" ", "")}


def test_the_outermost_element_in_another_language_states_it_and_what_it_holds_inherits(render: Render) -> None:
    made = render(f'<p>{THAI}</p><section lang="en"><h2>{ENGLISH}</h2><p>{LONG_ENGLISH}</p></section>')
    assert element_languages(made.pdf) == [("/Sect", "en")]


def test_an_element_that_states_the_language_it_has_anyway_changes_nothing(render: Render) -> None:
    body = "<p{}>" + THAI + "</p>"
    assert render(body.format(' lang="th"')).pdf == render(body.format("")).pdf
    assert element_languages(render(body.format(' lang="th"')).pdf) == []


def test_a_pair_begins_at_one_height_and_stays_on_one_page(render: Render) -> None:
    made = render(f'<div class="pair"><p>เริ่ม{LONG_THAI}</p><p lang="en">Start {LONG_ENGLISH}</p></div>' * 9)
    with pypdfium2.PdfDocument(made.pdf) as document:
        for page in document:
            text = page.get_textpage()
            starts = [text.get_charbox(at)[1] for at in places(text, "เริ่ม")]
            assert starts == pytest.approx([text.get_charbox(at)[1] for at in places(text, "Start")], abs=0.5)
            assert starts


def places(text: pypdfium2.PdfTextPage, word: str) -> list[int]:
    searcher = text.search(word)
    return [found[0] for found in iter(searcher.get_next, None)]


def test_a_pair_that_no_page_can_hold_is_refused(render: Render) -> None:
    with pytest.raises(RenderingError, match="does not fit between the margins"):
        render(f'<div class="pair"><p>{LONG_THAI * 12}</p><p lang="en">{ENGLISH}</p></div>')


def partnership(renderer: Renderer, place: int) -> tuple[FilledDocument, RenderedDocument]:
    folder = bundled_templates_folder() / "partnership-mou-th-en"
    partner = read_organisations(folder / "example" / "partners.csv").organisations[place]
    filled = fill_template(
        load_template(folder), ceremony=read_ceremony(folder / "example" / "ceremony.toml"), organisation=partner, sequence=1
    )
    return filled, renderer.render(filled, created=CREATED)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_bilingual_memorandum_is_read_in_both_languages(renderer: Renderer, place: int) -> None:
    filled, made = partnership(renderer, place)
    assert read_aloud(made.pdf) == stated(filled.html)


def test_signatures_of_the_bilingual_memorandum_stand_on_one_page_with_the_text_before_them(renderer: Renderer) -> None:
    for place in range(3):
        _, made = partnership(renderer, place)
        assert {slot.page for slot in made.slots} == {made.page_count - 1}
        with pypdfium2.PdfDocument(made.pdf) as document:
            assert "Article 14" in document[made.page_count - 1].get_textpage().get_text_range().replace("\u00a0", " ")
