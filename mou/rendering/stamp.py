"""Lines of text and a picture -> how a signature looks on the page: a PDF of the field's size, whose text copies out exactly."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape

from mou.errors import RenderingError
from mou.rendering.faces import bundled_family
from mou.rendering.pictures import Picture, scaled_to
from mou.rendering.small_page import SmallPageRenderer
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
        self._pages = SmallPageRenderer(_STYLE)

    def draw(self, width_pt: float, height_pt: float, lines: Sequence[str], picture: Picture | None = None) -> bytes:
        """Return the stamp as a PDF of one page (PDF/A-3u).

        Args:
            width_pt: the width of the signature field.
            height_pt: its height.
            lines: what was done, the full name, any further lines, and last a short digest.
            picture: a handwritten signature or an organisation's stamp, to stand left of the lines.

        Raises:
            RenderingError: the text does not fit at 5.5 pt, or has a character that the font lacks.
        """
        layout = require_layout(width_pt, height_pt, lines, picture)
        return self._pages.draw(width_pt, height_pt, _body(height_pt, layout, picture), lines)


@cache
def stamp_renderer() -> StampRenderer:
    """Return the one of this process."""
    return StampRenderer()


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


def _body(height_pt: float, layout: StampLayout, picture: Picture | None) -> str:
    image = "" if picture is None or layout.picture is None else _image(picture, layout.picture)
    paragraphs = "".join(
        f'<p class="{line.kind}" style="font-size: {line.size_pt:.2f}pt">{escape(line.text)}</p>' for line in layout.lines
    )
    style = (
        f"height: {height_pt - 2 * MARGIN_PT:.2f}pt; margin-left: {layout.rule_left:.2f}pt; padding-top: {layout.text_top:.2f}pt"
    )
    return f'<body style="{style}">{image}{paragraphs}</body>'


def _image(picture: Picture, place: Place) -> str:
    """The picture in its place; what it is, the signature field that shows it says."""
    scaled = scaled_to(picture, place.width, place.height)
    style = f"left: {place.left:.2f}pt; top: {place.top:.2f}pt; width: {place.width:.2f}pt; height: {place.height:.2f}pt"
    return f'<img alt="" style="{style}" src="data:image/png;base64,{b64encode(scaled.png).decode("ascii")}">'
