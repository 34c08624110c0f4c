#!/usr/bin/env python3
"""Draws `docs/pictures/word-draft.png`: two pages of a draft as LibreOffice shows it, each beside that of the PDF of record.

It is the bundled memorandum, filled with its example. Look at it before it is committed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from make_pictures import draw_page, side_by_side

from mou.rendering.pdf import Renderer
from mou.rendering.word.drafting.draft import word_of
from signatures.digests import digest_of
from tests.golden.draw_pages import CREATED, fill_example

PICTURE = Path(__file__).resolve().parents[1] / "pictures" / "word-draft.png"
TEMPLATE = "lanna-mou"
PAGES = (0, 4)


def main() -> int:
    """Draw the picture; return the exit code."""
    filled = fill_example(TEMPLATE)
    record = Renderer().render(filled, created=CREATED).pdf
    with tempfile.TemporaryDirectory() as folder:
        draft, pdf = Path(folder) / "draft.docx", Path(folder) / "record.pdf"
        draft.write_bytes(word_of(filled, digest=digest_of(record), created=CREATED))
        pdf.write_bytes(record)
        subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(draft)], check=True)
        pages = [draw_page(one, page) for page in PAGES for one in (draft.with_suffix(".pdf"), pdf)]
        side_by_side(pages).save(PICTURE, optimize=True)
    sys.stdout.write(f"{PICTURE}: {PICTURE.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
