"""Lines of text -> how a signature looks on the page: a small PDF of the field's size, whose text copies out exactly.

It is imported into the signed document, so it is archival in itself (PDF/A-3u) and repaired beforehand.
"""

import math
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from io import BytesIO

import pikepdf
import weasyprint

from mou.errors import RenderingError
from mou.rendering.archive import OUTPUT_INTENT, PREPARED_OUTPUT_INTENT, open_colour_profile, saved
from mou.rendering.checks import bare_text, check_characters, check_edges
from mou.rendering.faces import FACES, FAMILY, GlyphTable, drawable_characters, font_face_rules, fonts_folder, glyph_tables
from mou.rendering.line_memory import RememberedFonts
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher, collected_warnings, refuse_losses
from mou.rendering.text_layer import StretchMemory, repair_text

_LARGEST_PT, _SMALLEST_PT, _STEP_PT = 7.6, 5.5, 0.3
_LINE_HEIGHT = 1.34  # Sarabun's own 1.30 em and a little air
_RULE_PT, _GAP_PT, _MARGIN_PT = 1.2, 5.0, 2.5
_LEFT_PT = _MARGIN_PT + _RULE_PT + _GAP_PT
_BREAKING_LOSS = 1.1  # how much longer a text gets by breaking it into lines
# Sizes relative to the text: what was done, who, the rest, the digest.
_HEADING, _NAME, _TEXT, _DIGEST = 0.88, 1.24, 1.0, 0.82

_STYLE = f"""
html {{ font: 7.6pt/{_LINE_HEIGHT} "{FAMILY}"; color: #1d2530; }}
body {{ margin: {_MARGIN_PT}pt; border-left: {_RULE_PT}pt solid #1f4e5f; padding-left: {_GAP_PT}pt; box-sizing: border-box; }}
p {{ margin: 0; }}
.heading {{ color: #1f4e5f; }}
.name {{ font-weight: 700; white-space: nowrap; }}
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
        self._fetcher = FolderFetcher(fonts_folder())
        self._regular, self._bold = (_table(weight) for weight in (400, 700))
        self._drawable = drawable_characters()
        self._sheet = lru_cache(maxsize=64)(self._page_style)
        with collected_warnings() as warnings:
            self._style = weasyprint.CSS(
                string=font_face_rules() + _STYLE, base_url=FOLDER_ADDRESS, url_fetcher=self._fetcher, font_config=self._fonts
            )
        refuse_losses(self._fetcher.refused, warnings)
        self._fonts.close()

    def draw(self, width_pt: float, height_pt: float, lines: Sequence[str]) -> bytes:
        """Return the stamp as a PDF of one page.

        Args:
            width_pt: the width of the signature field.
            height_pt: its height.
            lines: what was done, the full name, any further lines, and last a short digest.

        Raises:
            RenderingError: the text does not fit at 5.5 pt, or has a character that the font lacks.
        """
        check_characters("\n".join(lines), self._drawable)
        with self._lock:
            for text_size in _sizes():
                sizes = self._fitted(text_size, width_pt, lines)
                height = self._height(sizes, width_pt, lines)
                if height > height_pt - 2 * _MARGIN_PT:
                    continue
                drawn = self._drawn(width_pt, height_pt, lines, sizes, (height_pt - 2 * _MARGIN_PT - height) / 2)
                if drawn is not None:
                    return drawn
        raise RenderingError(
            "the signature of {name} does not fit into its box of {width} x {height} points, not even at {smallest} pt; "
            "make the signature box of the template larger",
            name=lines[1],
            width=round(width_pt),
            height=round(height_pt),
            smallest=_SMALLEST_PT,
        )

    def _fitted(self, text_size: float, width_pt: float, lines: Sequence[str]) -> list[float]:
        """Return the size of each line; the name takes a smaller one rather than a second line."""
        sizes = [max(_SMALLEST_PT, text_size * factor) for factor in _factors(len(lines))]
        name_width = self._width(lines, 1)
        if name_width:
            sizes[1] = max(_SMALLEST_PT, min(sizes[1], math.floor(10 * _room(width_pt) / name_width) / 10))
        return sizes

    def _height(self, sizes: Sequence[float], width_pt: float, lines: Sequence[str]) -> float:
        """Return the height that the lines will take, some of them broken."""
        total = 0.0
        for at, size in enumerate(sizes):
            share = self._width(lines, at) * size / _room(width_pt)
            count = 1 if share <= 1 else math.ceil(share * _BREAKING_LOSS)
            total += count * size * _LINE_HEIGHT
        return total

    def _width(self, lines: Sequence[str], at: int) -> float:
        """Return the width of a line in font sizes, from the advances of its letters."""
        table = self._bold if at == 1 else self._regular
        return sum(table.advance_of(character) for character in lines[at]) / 1000

    def _drawn(
        self, width_pt: float, height_pt: float, lines: Sequence[str], sizes: Sequence[float], above_pt: float
    ) -> bytes | None:
        """Return the stamp, or None where a line leaves the box after all."""
        classes = ["heading", "name", *("text" for _ in lines[3:]), "digest"]
        paragraphs = "".join(
            f'<p class="{kind}" style="font-size: {size:.2f}pt">{escape(line)}</p>'
            for kind, size, line in zip(classes, sizes, lines, strict=True)
        )
        html = (
            f'<!doctype html><html lang="th"><title>{escape(lines[0])}</title>'
            f'<body style="padding-top: {above_pt:.2f}pt">{paragraphs}</body></html>'
        )
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
            return None
        with pikepdf.open(BytesIO(page)) as pdf:
            runs = repair_text(pdf, memory=self._stretches)
            box = (0.0, 0.0, width_pt, height_pt)
            try:
                check_edges(runs, [box], [box])
            except RenderingError:
                return None
            if bare_text("".join(run.text for run in runs)) != bare_text("".join(lines)):
                raise RenderingError("the stamp's text is not the text put in: {text}", text="".join(run.text for run in runs))
            return saved(pdf)

    def _page_style(self, width_pt: float, height_pt: float) -> weasyprint.CSS:
        return weasyprint.CSS(
            string=f"@page {{ size: {width_pt}pt {height_pt}pt; margin: 0; }} body {{ height: {height_pt - 2 * _MARGIN_PT}pt; }}",
            base_url=FOLDER_ADDRESS,
            url_fetcher=self._fetcher,
            font_config=self._fonts,
        )


def _table(weight: int) -> GlyphTable:
    name = next(face.pdf_name for face in FACES if face.weight == weight and face.style == "normal")
    return glyph_tables()[name]


def _sizes() -> Iterator[float]:
    size = _LARGEST_PT
    while size >= _SMALLEST_PT:
        yield size
        size -= _STEP_PT


def _factors(count: int) -> list[float]:
    return [_HEADING, _NAME, *(_TEXT for _ in range(count - 3)), _DIGEST]


def _room(width_pt: float) -> float:
    return width_pt - _LEFT_PT - _MARGIN_PT
