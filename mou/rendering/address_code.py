"""The QR code of a document's public address, in the lower left corner of every page.

One object serves all pages, drawn as an artifact: the same address stands beside it as text. Error correction level M, so that
a code with a fold or a spot is still read (ISO/IEC 18004, 6.5.1).
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import pikepdf
import segno

_SIDE_PT = 15 / 25.4 * 72  # without the quiet zone, which the margin gives: 4 modules at 33 modules are 1.8 mm
_LEFT_PT, _BOTTOM_PT = 10.5 / 25.4 * 72, 8.5 / 25.4 * 72
_COLOUR = "0.114 0.145 0.188 rg"  # the colour of the text
_NAME = "/AddressCode"


def draw_address_code(pdf: pikepdf.Pdf, address: str) -> None:
    """Draw the code into the lower left corner of every page, in place; the margin there is 30 mm wide."""
    drawing, modules = _drawing(address)
    code = pdf.make_stream(
        drawing,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, modules, modules],
        Resources=pikepdf.Dictionary(),
    )
    scale = _SIDE_PT / modules
    matrix = f"{scale:.4f} 0 0 {scale:.4f} {_LEFT_PT:.2f} {_BOTTOM_PT:.2f}"
    placed = f"/Artifact <</Type /Pagination>> BDC\nq\n{matrix} cm\n{_NAME} Do\nQ\nEMC\n"
    for page in pdf.pages:
        if "/XObject" not in page.obj.Resources:
            page.obj.Resources.XObject = pikepdf.Dictionary()
        page.obj.Resources.XObject[_NAME] = code
        page.obj.Contents.write(placed.encode("ascii") + page.obj.Contents.read_bytes())


@lru_cache(maxsize=8)
def _drawing(address: str) -> tuple[bytes, int]:
    """Return the dark modules as rectangles, one for each run of a row, and how many modules a side has."""
    matrix = segno.make(address, error="m", boost_error=False, micro=False).matrix
    side = len(matrix)
    runs = (f"{left} {side - 1 - row} {length} 1 re" for row, modules in enumerate(matrix) for left, length in _runs(modules))
    return "\n".join((_COLOUR, *runs, "f")).encode("ascii"), side


def _runs(modules: bytearray) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of dark modules."""
    at = 0
    for is_dark, run in groupby(modules):
        length = len(list(run))
        if is_dark:
            yield at, length
        at += length
