"""Every page of every bundled template as a small grey picture; run as a program, it draws them anew.

`.venv/bin/python -m tests.golden.draw_pages` writes `tests/golden/pages/`: look at what changed before it is committed.

Each template is filled with its own example, for the organisation with the longest name. The day, the address and the charter's
digest are fixed. Another Pango may end lines elsewhere, so the version that the pictures were made with stands beside them.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
from PIL import Image
from weasyprint.text.ffi import pango

from mou.ceremony import read_ceremony
from mou.field_values import CharterReference
from mou.filling import fill_template
from mou.models import FilledDocument
from mou.organisations import read_organisations
from mou.rendering.pdf import Renderer
from mou.templates import Template, bundled_template_names, bundled_templates_folder, load_template
from signatures.digests import Digest

PAGES = Path(__file__).resolve().parent / "pages"
VERSION = PAGES / "version.json"
CREATED = datetime(2022, 3, 29, tzinfo=UTC)
ADDRESS = "https://charter.example.org/d/0123456789abcdef0123456789abcdef"
DOTS_PER_INCH = 55
GREYS = 16

# The folder whose example a template is filled with, and the list of it.
EXAMPLES = {
    "child-friendly-city-mou": ("child-friendly-city-mou", "pilot-areas-sample-signers.csv"),
    "lanna-charter": ("lanna-charter", "organisations.csv"),
    "lanna-mou": ("lanna-charter", "organisations.csv"),
    "partnership-mou-th-en": ("partnership-mou-th-en", "partners.csv"),
}


def fill_example(name: str, *, marks_fields: bool = False) -> FilledDocument:
    """Return a bundled template, filled for the organisation with the longest name in its example."""
    folder, listing = EXAMPLES[name]
    example = bundled_templates_folder() / folder / "example"
    template = load_template(bundled_templates_folder() / name)
    organisations = read_organisations(example / listing).organisations
    longest = max(organisations, key=lambda one: len(one.name_th))
    filled = fill_template(
        template,
        ceremony=read_ceremony(example / "ceremony.toml"),
        organisation=None if template.is_joint else longest,
        members=organisations if template.is_joint else (),
        charter=_charter_of(template),
        sequence=0 if template.is_joint else organisations.index(longest) + 1,
        marks_fields=marks_fields,
    )
    return replace(filled, address=ADDRESS)


def _charter_of(template: Template) -> CharterReference | None:
    if template.charter is None:
        return None
    charter = load_template(bundled_templates_folder() / template.charter)
    return CharterReference(charter.title, charter.version, Digest.parse(f"sha256:{'0123456789abcdef' * 4}"))


def draw_pages(pdf: bytes) -> list[Image.Image]:
    """Return each page in few greys, as PDFium draws it."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil().convert("L") for page in document]
    return [page.quantize(GREYS, dither=Image.Dither.NONE) for page in pages]


def pango_version() -> dict[str, int]:
    """Return the version of what ends lines, as Pango numbers it: 15012 is 1.50.12."""
    return {"pango": int(pango.pango_version())}


def picture_of(name: str, number: int) -> Path:
    """Return where the picture of a page lies; pages are counted from 1."""
    return PAGES / f"{name}-{number:02d}.png"


def main(names: Sequence[str]) -> int:
    """Draw the pages of these templates, or of all; return the exit code."""
    PAGES.mkdir(exist_ok=True)
    renderer = Renderer()
    for name in names or bundled_template_names():
        for old in PAGES.glob(f"{name}-[0-9][0-9].png"):
            old.unlink()
        pages = draw_pages(renderer.render(fill_example(name), created=CREATED).pdf)
        for number, page in enumerate(pages, start=1):
            page.save(picture_of(name, number), optimize=True)
        sys.stdout.write(f"{name}: {len(pages)} pages\n")
    VERSION.write_text(json.dumps(pango_version(), indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
