"""A few lines of text of our own -> a PDF of one small page, to be drawn into another PDF: a stamp, the line of a print-out.

Such a page is archival in itself (PDF/A-3u), and its text is repaired before it is imported, since a repair afterwards sees the
content of whole pages only.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from io import BytesIO

import pikepdf
import weasyprint

from mou.errors import RenderingError
from mou.rendering.archive import OUTPUT_INTENT, PREPARED_OUTPUT_INTENT, open_colour_profile, saved
from mou.rendering.checks import bare_text, check_characters, check_edges
from mou.rendering.faces import bundled_family
from mou.rendering.line_memory import RememberedFonts
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher, collected_warnings, refuse_losses
from mou.rendering.text_layer import StretchMemory, repair_text


class SmallPageRenderer:
    """Draws small pages in one style; fonts and style are read once, so keep one per process."""

    def __init__(self, style: str) -> None:
        """Read the fonts and the style sheet that all pages share."""
        family = bundled_family()
        self._lock = threading.Lock()  # Pango's font map is not made for two threads at once
        self._fonts = RememberedFonts()
        self._colours = open_colour_profile()
        self._stretches = StretchMemory()
        self._fetcher = FolderFetcher(family.folder)
        self._drawable = family.drawable_characters()
        self._sheet = lru_cache(maxsize=64)(self._page_style)
        with collected_warnings() as warnings:
            self._style = self._parsed(family.font_face_rules() + style)
        refuse_losses(self._fetcher.refused, warnings)
        self._fonts.close()

    def draw(self, width_pt: float, height_pt: float, body: str, lines: Sequence[str]) -> bytes:
        """Return the page.

        Args:
            width_pt: the width of the page.
            height_pt: its height.
            body: the markup, beginning with `<body>`.
            lines: the text that must stand there, in order; the first line is the title.

        Raises:
            RenderingError: the font lacks a character, the text leaves the page, or is not the text put in.
        """
        check_characters("\n".join(lines), self._drawable)
        with self._lock:
            page = self._drawn(
                width_pt, height_pt, f'<!doctype html><html lang="th"><title>{escape(lines[0])}</title>{body}</html>'
            )
        with pikepdf.open(BytesIO(page)) as pdf:
            runs = repair_text(pdf, memory=self._stretches)
            box = (0.0, 0.0, width_pt, height_pt)
            check_edges(runs, [box], [box])
            found = "".join(run.text for run in runs)
            if bare_text(found) != bare_text("".join(lines)):
                raise RenderingError(
                    "the text does not come out of the PDF as it went in: expected {expected}, got {found}; correct its spelling",
                    expected="".join(lines),
                    found=found,
                )
            return saved(pdf)

    def _drawn(self, width_pt: float, height_pt: float, html: str) -> bytes:
        """Return the page as WeasyPrint writes it, its text not yet repaired."""
        with collected_warnings() as warnings:
            document = weasyprint.HTML(string=html, url_fetcher=self._fetcher).render(
                font_config=self._fonts,
                stylesheets=[self._style, self._sheet(width_pt, height_pt)],
                color_profiles={OUTPUT_INTENT: self._colours},
                output_intent=OUTPUT_INTENT,
            )
            page = document.write_pdf(pdf_variant="pdf/a-3u", uncompressed_pdf=True, output_intent=PREPARED_OUTPUT_INTENT)
        refuse_losses(self._fetcher.refused, warnings)
        if len(document.pages) != 1:
            raise RenderingError("one small page was expected, the text fills {count}", count=len(document.pages))
        assert isinstance(page, bytes)
        return page

    def _page_style(self, width_pt: float, height_pt: float) -> weasyprint.CSS:
        return self._parsed(f"@page {{ size: {width_pt}pt {height_pt}pt; margin: 0; }}")

    def _parsed(self, css: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=css, base_url=FOLDER_ADDRESS, url_fetcher=self._fetcher, font_config=self._fonts)
