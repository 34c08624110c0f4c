#!/usr/bin/env python3
"""Draws the README's picture from a finished demo: `.venv/bin/python docs/scripts/make_pictures.py demo`.

The first page of the first memorandum stands beside the page with its signatures. Another demo has other keys and another
time of signing, so the picture changes with each run: look at it before it is committed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from signatures.fields import read_fields

PICTURE = Path(__file__).resolve().parents[1] / "pictures" / "signed-memorandum.png"
DOTS_PER_INCH = 84
GAP = 18  # pixels around each page
COLOURS = 128  # enough for dark text, two accents and their soft edges
BACKGROUND = (221, 225, 230)
LARGEST_BYTES = 250_000


def main(arguments: list[str]) -> int:
    """Draw the picture from the demo's workspace that the one argument names; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("make_pictures.py: the folder of a finished demo is expected: make_pictures.py demo\n")
        return 2
    memoranda = sorted((Path(arguments[0]) / "documents" / "lanna-mou").glob("*.pdf"))
    if not memoranda:
        sys.stderr.write(f"make_pictures.py: {arguments[0]} holds no memorandum; run first: python3 dev.py demo\n")
        return 1
    pdf = memoranda[0]
    pages = [0, signature_page(pdf)]
    PICTURE.parent.mkdir(exist_ok=True)
    side_by_side([draw_page(pdf, page) for page in pages]).save(PICTURE, optimize=True)
    size = PICTURE.stat().st_size
    sys.stdout.write(f"{PICTURE}: {size} bytes\n")
    return 0 if size <= LARGEST_BYTES else 1


def signature_page(pdf: Path) -> int:
    """Return the page, counted from 0, on which the signatories have signed."""
    filled = (field for field in read_fields(pdf.read_bytes()) if field.is_filled and field.box is not None)
    return next(field.page for field in filled if field.page is not None)


def draw_page(pdf: Path, page: int) -> Image.Image:
    """Return one page as poppler draws it, the look of its signatures included."""
    number = str(page + 1)
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "page"
        options = ["-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number]
        subprocess.run(["pdftoppm", *options, str(pdf), str(drawn)], check=True)
        with Image.open(drawn.with_suffix(".png")) as image:
            return image.convert("RGB")


def side_by_side(pages: list[Image.Image]) -> Image.Image:
    """Return the pages on one grey ground, in few colours so that the file stays small."""
    width, height = pages[0].size
    ground = Image.new("RGB", (GAP + len(pages) * (width + GAP), height + 2 * GAP), BACKGROUND)
    for place, page in enumerate(pages):
        ground.paste(page, (GAP + place * (width + GAP), GAP))
    return ground.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
