"""A register's number or date -> how it looks in its place: a PDF of the place's size, whose text copies out exactly.

The text stands in the middle of the place, on the line of the text around it (`.registry-box` in base.css): as large as that, and
smaller where it is long.
"""

from functools import cache
from html import escape

from mou.errors import RenderingError
from mou.rendering.faces import bundled_family
from mou.rendering.small_page import SmallPageRenderer
from mou.rendering.stamp_layout import width_of

_LARGEST_PT, _SMALLEST_PT = 10.9, 7.5
_BASELINE_PT = 3.4  # above the lower edge of the place
_DEPTH = 0.232  # of Sarabun below its baseline, in font sizes; its line is 1.3 of them high
_MARGIN_PT = 1.0
_KERNING = 1.02  # how much longer a line may get by pairs of letters that are moved apart
_STYLE = f"""
html {{ font: {_LARGEST_PT}pt/1.3 "{bundled_family().css_name}"; color: #1d2530; }}
body {{ margin: 0; }}
p {{ position: absolute; left: 0; right: 0; margin: 0; text-align: center; white-space: nowrap; }}
"""


def draw_registry_text(width_pt: float, height_pt: float, text: str) -> bytes:
    """Return the text as a PDF of one page of this size (PDF/A-3u).

    Raises:
        RenderingError: it does not fit at 7.5 pt, or has a character that the font lacks.
    """
    room = width_pt - 2 * _MARGIN_PT
    size = min(_LARGEST_PT, room / (_KERNING * max(width_of(text, is_bold=False), 1e-9)))
    if size < _SMALLEST_PT:
        raise RenderingError(
            "{text} does not fit into its place of {width} points, not even at {smallest} pt; give a shorter number, or make the "
            "place in the template wider",
            text=text,
            width=round(width_pt),
            smallest=_SMALLEST_PT,
        )
    style = f"font-size: {size:.2f}pt; bottom: {_BASELINE_PT - _DEPTH * size:.2f}pt"
    return _renderer().draw(width_pt, height_pt, f'<body><p style="{style}">{escape(text)}</p></body>', (text,))


@cache
def _renderer() -> SmallPageRenderer:
    return SmallPageRenderer(_STYLE)
