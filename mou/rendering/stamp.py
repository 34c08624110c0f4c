"""Lines of text and a picture -> how a signature looks on the page: a PDF of the field's size, whose text copies out exactly.

It is imported into the signed document, so it is archival in itself (PDF/A-3u) and repaired beforehand.
"""

import threading
from base64 import b64encode
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
from mou.rendering.pictures import Picture, scaled_to
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher, collected_warnings, refuse_losses
from mou.rendering.stamp_layout import (
    GAP_PT,
    LARGEST_PT,
    LINE_HEIGHT,
    MARGIN_PT,
    RULE_PT,
    SMALLEST_PT,
    Place,
    StampLayout,
    lay_out,
)
from mou.rendering.text_layer import StretchMemory, repair_text

_STYLE = f"""
html {{ font: {LARGEST_PT}pt/{LINE_HEIGHT} "{bundled_family().css_name}"; color: #1d2530; }}
body {{ margin: {MARGIN_PT}pt; border-left: {RULE_PT}pt solid #1f4e5f; padding-left: {GAP_PT}pt; box-sizing: border-box; }}
p {{ margin: 0; white-space: nowrap; }}
/* PDF/A refuses the /Interpolate that WeasyPrint sets otherwise (ISO 19005-3, 6.2.8). */
img {{ position: absolute; image-rendering: crisp-edges; }}
.heading {{ color: #1f4e5f; }}
.name {{ font-weight: 700; }}
.digest {{ color: #5b6470; }}
"""


class StampRenderer:
    """Draws stamps; fonts and style are read once, so keep one per process."""

    def __init__(self) -> None:
        """Read the fonts."""
        self._lock = threading.Lock()  # Pango's font map is not made for two threads at once
        self._fonts = RememberedFonts()
        self._colours = open_colour_profile()
        self._stretches = StretchMemory()
        family = bundled_family()
        self._fetcher = FolderFetcher(family.folder)
        self._drawable = family.drawable_characters()
        self._sheet = lru_cache(maxsize=64)(self._page_style)
        with collected_warnings() as warnings:
            self._style = self._parsed(family.font_face_rules() + _STYLE)
        refuse_losses(self._fetcher.refused, warnings)
        self._fonts.close()

    def draw(self, width_pt: float, height_pt: float, lines: Sequence[str], picture: Picture | None = None) -> bytes:
        """Return the stamp as a PDF of one page.

        Args:
            width_pt: the width of the signature field.
            height_pt: its height.
            lines: what was done, the full name, any further lines, and last a short digest.
            picture: a handwritten signature or an organisation's stamp, to stand left of the lines.

        Raises:
            RenderingError: the text does not fit at 5.5 pt, or has a character that the font lacks.
        """
        check_characters("\n".join(lines), self._drawable)
        layout = require_layout(width_pt, height_pt, lines, picture)
        with self._lock:
            page = self._drawn(width_pt, height_pt, _html(lines[0], layout, picture))
        with pikepdf.open(BytesIO(page)) as pdf:
            runs = repair_text(pdf, memory=self._stretches)
            box = (0.0, 0.0, width_pt, height_pt)
            check_edges(runs, [box], [box])
            if bare_text("".join(run.text for run in runs)) != bare_text("".join(lines)):
                raise RenderingError("the stamp's text is not the text put in: {text}", text="".join(run.text for run in runs))
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
            assert len(document.pages) == 1  # the layout was measured before
            page = document.write_pdf(pdf_variant="pdf/a-3u", uncompressed_pdf=True, output_intent=PREPARED_OUTPUT_INTENT)
        refuse_losses(self._fetcher.refused, warnings)
        assert isinstance(page, bytes)
        return page

    def _page_style(self, width_pt: float, height_pt: float) -> weasyprint.CSS:
        height = height_pt - 2 * MARGIN_PT
        return self._parsed(f"@page {{ size: {width_pt}pt {height_pt}pt; margin: 0; }} body {{ height: {height}pt; }}")

    def _parsed(self, css: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=css, base_url=FOLDER_ADDRESS, url_fetcher=self._fetcher, font_config=self._fonts)


def require_layout(width_pt: float, height_pt: float, lines: Sequence[str], picture: Picture | None = None) -> StampLayout:
    """Return the layout of a stamp; the arguments are those of `StampRenderer.draw`.

    Raises:
        RenderingError: there is no room for the text, or not for the picture beside it.
    """
    layout = lay_out(width_pt, height_pt, lines, None if picture is None else picture.ratio)
    if layout is not None:
        return layout
    if picture is not None and lay_out(width_pt, height_pt, lines) is not None:
        raise RenderingError(
            "the signature of {name} leaves no room for a picture in its box of {width} x {height} points; "
            "sign without the picture",
            name=lines[1],
            width=round(width_pt),
            height=round(height_pt),
        )
    raise RenderingError(
        "the signature of {name} does not fit into its box of {width} x {height} points, not even at {smallest} pt; "
        "make the signature box of the template larger",
        name=lines[1],
        width=round(width_pt),
        height=round(height_pt),
        smallest=SMALLEST_PT,
    )


def _html(title: str, layout: StampLayout, picture: Picture | None) -> str:
    image = "" if picture is None or layout.picture is None else _image(picture, layout.picture)
    paragraphs = "".join(
        f'<p class="{line.kind}" style="font-size: {line.size_pt:.2f}pt">{escape(line.text)}</p>' for line in layout.lines
    )
    style = f"margin-left: {layout.rule_left:.2f}pt; padding-top: {layout.text_top:.2f}pt"
    return f'<!doctype html><html lang="th"><title>{escape(title)}</title><body style="{style}">{image}{paragraphs}</body></html>'


def _image(picture: Picture, place: Place) -> str:
    """The picture in its place; what it is, the signature field that shows it says."""
    scaled = scaled_to(picture, place.width, place.height)
    style = f"left: {place.left:.2f}pt; top: {place.top:.2f}pt; width: {place.width:.2f}pt; height: {place.height:.2f}pt"
    return f'<img alt="" style="{style}" src="data:image/png;base64,{b64encode(scaled.png).decode("ascii")}">'
