#!/usr/bin/env python3
"""Measures how Thai text is set and read, for the tables of docs/thai-text.md: `.venv/bin/python docs/scripts/measure_text.py`.

1. What readers take out: every golden string in a document of its own, and all in one, in each face, at two sizes, with each
   reader that is installed here; counted are the characters that differ once white space is left out.
2. Where lines end: each bundled template filled with its example, and texts of a folder (`--texts FOLDER`), in columns of four
   widths; with libthai; with the word list, in a process whose libthai finds nothing; and with neither, to show what is seen.

Fonts that are not bundled are measured where they are installed. Texts of a folder are not copied anywhere.
"""

import argparse
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, astuple, fields, replace
from difflib import SequenceMatcher
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
import pypdfium2
import weasyprint
from line_counts import LineEnds, build_stub, bundled_documents, count_lines, documents_of

from mou.errors import RenderingError
from mou.models import Font
from mou.rendering.archive import OUTPUT_INTENT, PREPARED_OUTPUT_INTENT, open_colour_profile, saved
from mou.rendering.checks import bare_text
from mou.rendering.faces import Face, Family, find_family
from mou.rendering.line_ends import LineEngine, line_engine
from mou.rendering.line_memory import RememberedFonts
from mou.rendering.pdf import Renderer
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher
from mou.rendering.text_layer import repair_text

PAGE: Final = Path(__file__).resolve().parents[1] / "thai-text.md"
MUPDF: Final = "MOU_TEST_MUPDF"  # a folder in which PyMuPDF lies
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
STYLES: Final = {
    (400, "normal"): "regular",
    (400, "italic"): "italic",
    (700, "normal"): "bold",
    (700, "italic"): "bold italic",
}
SIZES_PT: Final = (10.9, 29)

# Words to draw, raised marks, names: each one has broken in some reader, with some font, or at the end of a line.
_WORDS = (
    "ป่า ที่ ญี่ปุ่น กตัญญู ฐานรากฎ น้ำ ปั้น ฟื้น กี่ ผู้ใหญ่ ษี่ สัญญา ธรรมนูญ ก้ำ ปี่ ฝั่ง ฏุ ฎู ฐุ ญุ "
    "ฬื้ ก๊วยเตี๋ยว ดำเนินการ ดำเนินงาน สำนักงาน จำนวน ๐๑๒๓๔๕๖๗๘๙ ฯลฯ ต่างๆ เครือข่ายฯ ฤๅษี ฦๅ ๚๛ ฿"
)
WORDS: Final = _WORDS.split()
RAISED: Final = (
    "ขึ้นซึ่งครั้งสิ้นศักดิ์สิทธิ์ ที่ ชั้น คั้น น้ำทั้งสิ้น",
    "ซึ่งตรงกับ",
    "นายธีระศักดิ์ ฑีฆายุพันธุ์",
    "ทั้งสิ้น 60 คน",
    "ขึ้นในวันที่",
    "ชุมชนสุวรรณประสิทธิ์ 2 (เขตบึงกุ่ม)",
)
_NAMES = (
    "มูลนิธิรักษ์เด็ก เครือข่ายสิทธิเด็กล้านนา เทศบาลเมืองเขาสามร้อยยอด โรงแรมวินทรีย์ วินทรีย์ "
    "เทศบาลนครขอนแก่น เทศบาลตำบลลำทับ ธีระศักดิ์ ฑีฆายุพันธุ์ พรอมรธรรม มณีธรรม ชุมชนสุวรรณประสิทธิ์ "
    "บึงกุ่ม เชียงใหม่ โครงการ เทศบาลนนทบุรี เทศบาลตำบลแม่กา เทศบาลนครภูเก็ต กรุงเทพมหานคร"
)
NAMES: Final = _NAMES.split()
GOLDEN: Final = (*WORDS, *RAISED, *NAMES)


def pdftotext(pdf: Path) -> str:
    """The text as poppler reads it, in the order of the content."""
    return subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout.decode()


def mutool(pdf: Path) -> str:
    """The text as MuPDF reads it."""
    return subprocess.run(["mutool", "draw", "-q", "-F", "txt", pdf], capture_output=True, check=True).stdout.decode()


def pymupdf(pdf: Path) -> str:
    """The text as a newer MuPDF reads it; PyMuPDF is no part of this project, whose licence it does not share."""
    with import_module("pymupdf").open(pdf) as document:
        return "\n".join(page.get_text() for page in document)


def pdfium(pdf: Path) -> str:
    """The text as PDFium, which is in Chrome, reads it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@cache
def readers() -> dict[str, Callable[[Path], str]]:
    """The readers that are installed here, by name and version."""
    found: dict[str, Callable[[Path], str]] = {f"PDFium {pypdfium2.PDFIUM_INFO.build}": pdfium}
    if shutil.which("pdftotext"):
        found[f"poppler {_version('pdftotext')} (`pdftotext -raw`)"] = pdftotext
    if shutil.which("mutool"):
        found[f"MuPDF {_version('mutool')} (`mutool draw`)"] = mutool
    if folder := os.environ.get(MUPDF):
        sys.path.append(folder)
    if find_spec("pymupdf"):
        found[f"MuPDF {import_module('pymupdf').mupdf_version} (PyMuPDF)"] = pymupdf
    return found


def _version(program: str) -> str:
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=False).stderr
    return said.split("version", 1)[1].split()[0]


def families() -> list[Family]:
    """The bundled font, and those that are installed here."""
    found = []
    for name in Font:
        try:
            found.append(find_family(name))
        except RenderingError as error:
            sys.stderr.write(f"measure_text.py: {error}\n")
    return found


@cache
def _fonts(family: Family) -> tuple[RememberedFonts, weasyprint.CSS]:
    fonts = RememberedFonts()
    rules = f'{family.font_face_rules()} html {{ font: 10.9pt/1.75 "{family.css_name}" }}'
    sheet = weasyprint.CSS(string=rules, base_url=FOLDER_ADDRESS, url_fetcher=FolderFetcher(family.folder), font_config=fonts)
    return fonts, sheet


def draw(texts: Iterable[str], family: Family, face: Face, size_pt: float) -> bytes:
    """Return a repaired PDF of paragraphs in one face."""
    fonts, sheet = _fonts(family)
    style = f"font-weight: {face.weight}; font-style: {face.style}; font-size: {size_pt}pt"
    body = "".join(f'<p style="{style}">{html.escape(text)}</p>' for text in texts)
    document = weasyprint.HTML(string=f'<!doctype html><html lang="th"><title>x</title><body>{body}</body></html>').render(
        font_config=fonts,
        stylesheets=[sheet],
        color_profiles={OUTPUT_INTENT: open_colour_profile()},
        output_intent=OUTPUT_INTENT,
    )
    drawn = document.write_pdf(pdf_variant="pdf/a-3u", uncompressed_pdf=True, output_intent=PREPARED_OUTPUT_INTENT)
    with pikepdf.open(BytesIO(drawn)) as pdf:
        repair_text(pdf)
        return saved(pdf)


def wrong_characters(expected: str, found: str) -> int:
    """Return how many characters were lost, added or changed; white space and invisible characters do not count."""
    changes = SequenceMatcher(None, bare_text(expected), bare_text(found), autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for change, i1, i2, j1, j2 in changes if change != "equal")


def count_wrong_characters(
    family: Family, face: Face, strings: Sequence[str] = GOLDEN, sizes_pt: Sequence[float] = SIZES_PT
) -> dict[str, int]:
    """Return for each reader how many characters come out wrong: of each string alone, and of all in one document."""
    wrong = dict.fromkeys(readers(), 0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text.pdf"
        for size in sizes_pt:
            for texts in (*((text,) for text in strings), tuple(strings)):
                file.write_bytes(draw(texts, family, face, size))
                for name, read in readers().items():
                    wrong[name] += wrong_characters("".join(texts), read(file))
    return wrong


def measure_lines(texts_folder: Path | None, renderer: Renderer, font: Font = Font.SARABUN) -> dict[str, LineEnds]:
    """Return how the lines of every document end, by its name."""
    documents = bundled_documents() | (documents_of(texts_folder, NAMES) if texts_folder else {})
    return {name: count_lines(replace(document, font=font), renderer) for name, document in documents.items()}


def measure_without_libthai(texts_folder: Path | None) -> dict[str, dict[str, LineEnds]]:
    """Return what a process without libthai counts, with the word list and without."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "LD_PRELOAD": str(build_stub(Path(folder)))}
        options = ["--texts", str(texts_folder)] if texts_folder else []
        command = [sys.executable, __file__, "--count-without-libthai", *options]
        printed = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    return {engine: {name: LineEnds(**counts) for name, counts in texts.items()} for engine, texts in json.loads(printed).items()}


def count_here(texts_folder: Path | None) -> str:
    """Return as JSON what this process, which is to have no libthai, counts."""
    if line_engine() is not LineEngine.WORD_LIST:
        raise SystemExit("measure_text.py: a process without libthai is expected, but Pango finds Thai words")
    renderer, unaided = Renderer(), Renderer()
    unaided.line_engine = LineEngine.LIBTHAI  # which is not there
    counts = {"word list": measure_lines(texts_folder, renderer), "neither": measure_lines(texts_folder, unaided)}
    return json.dumps({engine: {name: asdict(ends) for name, ends in texts.items()} for engine, texts in counts.items()})


def reader_table() -> list[str]:
    """The lines of the first table: a row for each face, a column for each reader."""
    names = list(readers())
    tested = sum(len(bare_text(text)) for text in GOLDEN) * 2 * len(SIZES_PT)
    rows = [f"| face | characters | {' | '.join(names)} |", f"| --- |{' ---: |' * (len(names) + 1)}"]
    for family in families():
        for face in family.faces:
            wrong = count_wrong_characters(family, face)
            counts = " | ".join(str(wrong[name]) for name in names)
            rows.append(f"| {family.name} {STYLES[face.weight, face.style]} | {tested:,} | {counts} |")
    return rows


def line_table(counts: dict[str, dict[str, LineEnds]]) -> list[str]:
    """The lines of the second table: a row for each text and what finds its line ends."""
    rows = [
        "| text | words from | line ends | no break of the text | inside a name | number apart | past the box |",
        "| --- | --- |" + " ---: |" * len(fields(LineEnds)),
    ]
    for name in next(iter(counts.values())):
        for engine, texts in counts.items():
            rows.append(f"| {name} | {engine} | {' | '.join(f'{count:,}' for count in astuple(texts[name]))} |")
    return rows


def write_page(lines: Sequence[str]) -> None:
    """Put the lines between the two marks of the page."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + "\n".join((BEGIN, *lines, END)) + after, "utf-8")


def main() -> int:
    """Measure everything and write the page; return the exit code."""
    parser = argparse.ArgumentParser(prog="measure_text.py", description="Measures how Thai text is set and read.")
    parser.add_argument("--texts", type=Path, metavar="FOLDER", help="measure the line ends of the .txt files of a folder, too")
    parser.add_argument("--count-without-libthai", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.count_without_libthai:
        print(count_here(arguments.texts))
        return 0
    renderer = Renderer()
    counts = {f"libthai, {family.name}": measure_lines(arguments.texts, renderer, family.name) for family in families()}
    counts |= measure_without_libthai(arguments.texts)
    lines = [
        "",
        "Wrong characters:",
        "",
        *reader_table(),
        "",
        "Bad line ends, at four widths together:",
        "",
        *line_table(counts),
        "",
    ]
    write_page(lines)
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
