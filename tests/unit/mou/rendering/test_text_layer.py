import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import weasyprint

from mou.errors import RenderingError
from mou.rendering import text_layer
from mou.rendering.archive import OUTPUT_INTENT, PREPARED_OUTPUT_INTENT, open_colour_profile, saved
from mou.rendering.faces import bundled_family
from mou.rendering.line_memory import RememberedFonts
from mou.rendering.pdf import RenderedDocument
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher
from mou.rendering.text_layer import StretchMemory, repair_text

Render = Callable[..., RenderedDocument]
ReadText = Callable[[bytes], tuple[str, str]]
Draw = Callable[..., bytes]

# Words to draw, raised marks, protected names: each one has broken in some reader or with some font.
_WORDS = (
    "ป่า ที่ ญี่ปุ่น กตัญญู ฐานรากฎ น้ำ ปั้น ฟื้น กี่ ผู้ใหญ่ ษี่ สัญญา ธรรมนูญ ก้ำ ปี่ ฝั่ง ฏุ ฎู ฐุ ญุ ฬื้ ก๊วยเตี๋ยว "
    "ดำเนินการ ดำเนินงาน สำนักงาน จำนวน ๐๑๒๓๔๕๖๗๘๙ ฯลฯ ต่างๆ เครือข่ายฯ ฤๅษี ฦๅ ๚๛ ฿"
)
WORDS = _WORDS.split()
RAISED = (
    "ขึ้นซึ่งครั้งสิ้นศักดิ์สิทธิ์ ที่ ชั้น คั้น น้ำทั้งสิ้น",
    "ซึ่งตรงกับ",
    "นายธีระศักดิ์ ฑีฆายุพันธุ์",
    "ทั้งสิ้น 60 คน",
    "ขึ้นในวันที่",
    "ชุมชนสุวรรณประสิทธิ์ 2 (เขตบึงกุ่ม)",
)
_NAMES = (
    "มูลนิธิรักษ์เด็ก เครือข่ายสิทธิเด็กล้านนา เทศบาลเมืองเขาสามร้อยยอด โรงแรมวินทรีย์ วินทรีย์ เทศบาลนครขอนแก่น "
    "เทศบาลตำบลลำทับ ธีระศักดิ์ ฑีฆายุพันธุ์ พรอมรธรรม มณีธรรม ชุมชนสุวรรณประสิทธิ์ บึงกุ่ม เชียงใหม่ โครงการ"
)
NAMES = _NAMES.split()
GOLDEN = (*WORDS, *RAISED, *NAMES)
_ENDS = "ที่ ซึ่ง น้ำ ครั้ง สิ้น ศักดิ์ สิทธิ์ พันธุ์ ปั้น ฬื้"
FACES = (("400", "normal"), ("400", "italic"), ("700", "normal"), ("700", "italic"))
SETTINGS = [(weight, style, size) for weight, style in FACES for size in (10.9, 29)]
# Each string with two of the eight settings; every setting gets every kind of string.
SAMPLED = [
    pytest.param(text, *SETTINGS[(place * 3 + turn * 5) % 8], id=f"{text}-{SETTINGS[(place * 3 + turn * 5) % 8]}")
    for place, text in enumerate(GOLDEN)
    for turn in (0, 1)
]


@pytest.fixture(scope="module")
def draw() -> Draw:
    """Draw the inside of a body with WeasyPrint alone; untagged, as a stamp is, or tagged."""
    fonts, colours = RememberedFonts(), open_colour_profile()
    base = weasyprint.CSS(
        base_url=FOLDER_ADDRESS,
        url_fetcher=FolderFetcher(bundled_family().folder),
        string=f'{bundled_family().font_face_rules()} html {{ font: 10.9pt/1.75 "{bundled_family().css_name}" }}'
        " .nb { white-space: nowrap } @page { margin: 100px 75px }",
        font_config=fonts,
    )

    def drawn(body: str, *, variant: str = "pdf/a-3u") -> bytes:
        html = weasyprint.HTML(string=f'<!doctype html><html lang="th"><title>x</title><body>{body}</body></html>')
        document = html.render(
            font_config=fonts, stylesheets=[base], color_profiles={OUTPUT_INTENT: colours}, output_intent=OUTPUT_INTENT
        )
        return document.write_pdf(pdf_variant=variant, uncompressed_pdf=True, output_intent=PREPARED_OUTPUT_INTENT)  # type: ignore[no-any-return]

    return drawn


def repaired(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        repair_text(document)
        return saved(document)


def styled(text: str, weight: str, style: str, size: float) -> str:
    return f'<p style="font-weight: {weight}; font-style: {style}; font-size: {size}pt">{text}</p>'


def without_spaces(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(("text", "weight", "style", "size"), SAMPLED)
def test_a_golden_string_alone_in_its_document_comes_out_as_it_went_in(
    text: str, weight: str, style: str, size: float, draw: Draw, read_text: ReadText
) -> None:
    expected = without_spaces(text)
    assert read_text(repaired(draw(styled(text, weight, style, size)))) == (expected, expected)


@pytest.mark.parametrize(("weight", "style"), FACES, ids=["regular", "italic", "bold", "bold italic"])
def test_all_golden_strings_come_out_of_paragraphs_items_cells_and_protected_spans(
    weight: str, style: str, render: Render, read_text: ReadText
) -> None:
    text = " ".join(GOLDEN)
    spans = " ".join(f'<span class="nb">{name}</span>' for name in GOLDEN)
    cells = "".join(f"<tr><td>{name}</td><td><span class='nb'>{name}</span></td></tr>" for name in NAMES)
    body = f"<p>{text}</p><ol><li>{text}</li></ol><p>{spans}</p><table>{cells}</table><h2>{text}</h2>"
    pdf = render(f'<div style="font-weight: {weight}; font-style: {style}">{body}</div>').pdf
    expected = without_spaces(re.sub("<[^>]*>", "", body))
    assert read_text(pdf) == (expected, expected)


@pytest.mark.parametrize(("weight", "style"), FACES, ids=["regular", "italic", "bold", "bold italic"])
def test_a_raised_mark_stays_with_its_letter_when_a_protected_span_follows_at_once(
    weight: str, style: str, render: Render, read_text: ReadText
) -> None:
    ends = _ENDS.split()
    body = "".join(f'<p>{end}<span class="nb">{name}</span>{end}<b>{end}</b>{name} ๒</p>' for end in ends for name in NAMES[:4])
    pdf = render(f'<div style="font-weight: {weight}; font-style: {style}">{body}</div>').pdf
    expected = without_spaces(re.sub("<[^>]*>", "", body))
    assert read_text(pdf) == (expected, expected)


def test_a_change_of_style_inside_a_word_keeps_its_order(render: Render, read_text: ReadText) -> None:
    body = "<p><b>สิ้</b>น <i>ซึ่</i>ง <b><i>ขึ้</i></b>น ทั้<b>งสิ้</b>น</p>"
    expected = without_spaces(re.sub("<[^>]*>", "", body))
    assert read_text(render(body).pdf) == (expected, expected)


@pytest.mark.parametrize("order", ["น้ำ มาตรา ดำเนินงาน", "มาตรา น้ำ ดำเนินงาน"], ids=["am first", "aa first"])
def test_the_test_sees_what_weasyprint_alone_gets_wrong(order: str, draw: Draw, read_text: ReadText) -> None:
    assert without_spaces(order) not in read_text(draw(f"<p>{order}</p>"))


def test_without_the_map_the_text_is_wrong(draw: Draw, read_text: ReadText, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "น้ำ มาตรา ดำเนินงาน"
    monkeypatch.setattr(text_layer, "_written_map", lambda _said: b"1 beginbfchar\n<0003> <0020>\nendbfchar")
    assert without_spaces(text) not in read_text(repaired(draw(f"<p>{text}</p>")))


def test_without_spans_round_a_divided_vowel_the_text_is_wrong(
    draw: Draw, read_text: ReadText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_layer, "_with_spans", lambda content, _shown: content)
    assert "น้ำ" not in read_text(repaired(draw("<p>น้ำ</p>")))


def test_without_spans_round_raised_marks_bold_text_is_wrong_in_pdfium(
    draw: Draw, read_text: ReadText, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = RAISED[0]
    pdf = draw(styled(text, "700", "normal", 10.9))
    monkeypatch.setattr(text_layer, "bisect_right", lambda _starts, _glyph: -1)
    poppler, pdfium = read_text(repaired(pdf))
    assert poppler == without_spaces(text)
    assert pdfium != without_spaces(text)


@pytest.mark.parametrize("variant", ["pdf/a-3u", "pdf/a-3a"], ids=["untagged", "tagged"])
def test_the_page_looks_the_same_to_the_pixel(variant: str, draw: Draw) -> None:
    body = "".join(styled(" ".join(GOLDEN), *setting) for setting in SETTINGS)
    before = draw(body, variant=variant)
    after = repaired(before)
    assert before != after
    for one, other in zip(pixels(before), pixels(after), strict=True):
        assert one == other


def pixels(pdf: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=1.5).to_pil().tobytes() for page in document]


def test_spans_open_and_close_inside_one_text_object(draw: Draw) -> None:
    pdf = repaired(draw(f"<p>{' '.join(GOLDEN)}</p>", variant="pdf/a-3a"))
    with pikepdf.open(BytesIO(pdf)) as document:
        depth = in_text = spans = 0
        for instruction in pikepdf.parse_content_stream(document.pages[0]):
            operator = str(instruction.operator)
            if operator in ("BT", "ET"):
                in_text = depth if operator == "BT" else 0
                assert depth == 1
            elif operator in ("BDC", "BMC"):
                depth += 1
                spans += depth > 1
            elif operator == "EMC":
                depth -= 1
                assert depth >= in_text
        assert depth == 0
        assert spans > 20


def test_the_same_line_is_remembered_and_comes_out_the_same(draw: Draw) -> None:
    pdf = draw("<p>น้ำทั้งสิ้น</p>")
    memory = StretchMemory()
    results = []
    for _ in range(2):
        with pikepdf.open(BytesIO(pdf)) as document:
            results.append((repair_text(document, memory=memory), saved(document)))
    assert results[0] == results[1]
    assert results[0][0][0].text == "น้ำทั้งสิ้น"


def test_a_run_tells_where_it_stands(draw: Draw) -> None:
    pdf = draw('<style>@page { size: 300pt 200pt; margin: 20pt } body { margin: 0 }</style><p style="margin: 0">น้ำ</p>')
    with pikepdf.open(BytesIO(pdf)) as document:
        (run,) = repair_text(document)
    left, bottom, right, top = run.box
    assert left == pytest.approx(20, abs=0.01)
    assert 20 + 10.9 < right < 20 + 3 * 10.9
    assert 150 < bottom < top < 185


def test_a_font_that_is_not_bundled_is_refused_with_its_characters(draw: Draw) -> None:
    with pytest.raises(RenderingError, match=r"☐ \(U\+2610\)"):
        repaired(draw("<p>ก ☐</p>"))


def test_an_operation_that_cannot_be_read_is_refused(draw: Draw) -> None:
    with pikepdf.open(BytesIO(draw("<p>ก</p>"))) as document:
        contents = document.pages[0].obj.Contents
        contents.write(contents.read_bytes().replace(b"BT", b"BT\n3 Tc"))
        with pytest.raises(RenderingError, match="page 1 holds an operation"):
            repair_text(document)


def test_latin_text_keeps_what_weasyprint_found(render: Render, read_text: ReadText) -> None:
    text = "Diakonia Thailand – “A&amp;B” office, first final – café"
    expected = without_spaces(text.replace("&amp;", "&"))
    assert read_text(render(f"<p>{text}</p>").pdf) == (expected, expected)


def test_a_document_of_several_pages_comes_out_exactly(render: Render, read_text: ReadText) -> None:
    body = f"<p>{' '.join(RAISED)} {' '.join(NAMES)} {' '.join(WORDS)}</p>" * 12
    document = render(body)
    assert document.page_count > 1
    expected = without_spaces(re.sub("<[^>]*>", "", body))
    assert read_text(document.pdf) == (expected, expected)
