"""The fonts of a document: the bundled one, and one that the organisation installed."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from mou.errors import RenderingError
from mou.models import FilledDocument, Font
from mou.rendering import faces
from mou.rendering.faces import bundled_family, find_family, glyph_table
from mou.rendering.pdf import Renderer

MakeDocument = Callable[..., FilledDocument]
ReadText = Callable[[bytes], tuple[str, str]]

CREATED = datetime(2022, 3, 29, tzinfo=UTC)
STYLES = {"": "Regular", "-Italic": "Italic", "-Bold": "Bold", "-BoldItalic": "Bold Italic"}
WORDS = "น้ำ ดำเนินงาน ฤๅษี ฦๅ ปั้น ขึ้นซึ่งครั้งสิ้นศักดิ์สิทธิ์ ฐานรากฎ ญี่ปุ่น ล้ำ ป้า ฟ้ำ ก๊วยเตี๋ยว ๒๕๖๕"


def write_font(path: Path, source: Path, family: str, style: str) -> None:
    """Write a font that calls itself something else."""
    with TTFont(source) as font:
        for record, text in {1: family, 2: style, 4: f"{family} {style}", 16: family, 17: style}.items():
            font["name"].setName(text, record, 3, 1, 0x409)
        font.save(path)


@pytest.fixture
def fonts_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A person's own fonts, the only ones that are found."""
    folder = tmp_path / "data" / "fonts"
    folder.mkdir(parents=True)
    monkeypatch.setattr(faces, "_font_folders", lambda: iter([folder]))
    find_family.cache_clear()
    faces.face_in_pdf.cache_clear()
    yield folder
    find_family.cache_clear()
    faces.face_in_pdf.cache_clear()


@pytest.fixture
def renamed_font(fonts_folder: Path) -> Path:
    """The bundled faces under the name of the other font, as a person would install it."""
    for (suffix, style), face in zip(STYLES.items(), bundled_family().faces, strict=True):
        write_font(fonts_folder / f"THSarabunNew{suffix}.ttf", face.path, "TH Sarabun New", style)
    return fonts_folder


@pytest.fixture
def real_font(fonts_folder: Path) -> Path:
    """TH Sarabun New itself, where the tests are told of a folder that has it."""
    source = os.environ.get("MOU_TEST_FONTS")
    if source is None:
        pytest.skip("MOU_TEST_FONTS names no folder with TH Sarabun New, which cannot be shipped")
    for path in Path(source).glob("*.ttf"):
        shutil.copy(path, fonts_folder / path.name)
    return fonts_folder


def test_an_installed_font_is_found_by_the_name_that_it_gives_itself(renamed_font: Path) -> None:
    family = find_family(Font.TH_SARABUN_NEW)
    assert [face.path.name for face in family.faces] == [f"THSarabunNew{suffix}.ttf" for suffix in STYLES]
    assert family.folder == renamed_font


def test_a_file_that_only_has_the_name_of_the_font_is_not_taken(renamed_font: Path) -> None:
    write_font(renamed_font / "THSarabunNew-Bold.ttf", bundled_family().face(700).path, "Something Else", "Bold")
    with pytest.raises(RenderingError, match=r"TH Sarabun New is not installed here in full \(missing: bold\)"):
        find_family(Font.TH_SARABUN_NEW)


def test_a_font_that_is_not_installed_is_told_with_the_folder_to_put_it_in(fonts_folder: Path) -> None:
    with pytest.raises(RenderingError, match="missing: regular, italic, bold, bolditalic") as told:
        find_family(Font.TH_SARABUN_NEW)
    assert str(fonts_folder) in str(told.value)


def test_a_broken_font_file_is_passed_over(renamed_font: Path) -> None:
    (renamed_font / "THSarabunNew.ttf").write_bytes(b"no font")
    with pytest.raises(RenderingError, match="missing: regular"):
        find_family(Font.TH_SARABUN_NEW)


def test_a_document_is_set_in_the_font_that_its_template_names(renamed_font: Path, make_document: MakeDocument) -> None:
    filled = replace(make_document("<p>กข <b>กข</b> <i>กข</i> <b><i>กข</i></b></p>"), font=Font.TH_SARABUN_NEW)
    with pikepdf.open(BytesIO(Renderer().render(filled, created=CREATED).pdf)) as pdf:
        names = {str(font.BaseFont).partition("+")[2] for font in pdf.pages[0].obj.Resources.Font.values()}
    assert names == {f"MOU-TH-Sarabun-New{suffix}" for suffix in ("", "-Bold", "-Italic", "-Bold-Italic")}


def test_both_fonts_are_used_by_one_renderer_without_changing_a_byte(renamed_font: Path, make_document: MakeDocument) -> None:
    document = make_document(f"<p>{WORDS}</p>")
    alone = Renderer().render(document, created=CREATED).pdf
    renderer = Renderer()
    other = renderer.render(replace(document, font=Font.TH_SARABUN_NEW), created=CREATED).pdf
    assert renderer.render(document, created=CREATED).pdf == alone != other


def test_text_of_the_real_font_comes_out_as_it_went_in(real_font: Path, make_document: MakeDocument, read_text: ReadText) -> None:
    renderer = Renderer()
    for text in (*WORDS.split(), WORDS):
        for markup in ("{}", "<b>{}</b>", "<i>{}</i>", "<b><i>{}</i></b>"):
            filled = replace(make_document(f"<p>{markup.format(text)}</p>"), font=Font.TH_SARABUN_NEW)
            expected = "".join(text.split())
            assert read_text(renderer.render(filled, created=CREATED).pdf) == (expected, expected)


def test_a_ligature_says_more_than_the_first_letter_of_its_name(real_font: Path) -> None:
    table = glyph_table(find_family(Font.TH_SARABUN_NEW).face(400))
    assert not any(name == "ฤ" for glyph, name in table.thai_text.items() if glyph != table.characters[ord("ฤ")])


def test_a_glyph_of_two_characters_says_what_it_was_used_for() -> None:
    table = glyph_table(bundled_family().face(400))
    shared = replace(table, ambiguous={7: frozenset("าๅ")}, thai_text={7: "า", 8: "ก"})
    assert [shared.text_of(7, "ๅ"), shared.text_of(7, "า"), shared.text_of(7, "ำ"), shared.text_of(8, "ข")] == [
        "ๅ",
        "า",
        "า",
        "ก",
    ]
