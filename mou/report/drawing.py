"""A program of its own: a signed PDF on standard input -> places and pictures of its signed pages as JSON on standard output.

It is started by `mou.report.pictures` with limits on time and memory. A hostile file may stop it, and then the report has no
pictures; nothing else is lost. Where pypdfium2 is not installed there are places and no pictures.
"""

import base64
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from io import BytesIO
from typing import Any

from mou.report.places import find_places

PAGES_AT_MOST = 12
_LONGEST_SIDE_PX = 1400
_COLOURS = 64
_MEMORY_AT_MOST = 2 * 1024**3  # bytes


def main() -> None:
    """Read, find, draw, write."""
    _limit_memory()
    pdf = sys.stdin.buffer.read()
    places = find_places(pdf)
    numbers = sorted({place.page for found in places.values() for place in found})
    pages: list[dict[str, Any]] = []
    with suppress(ImportError):
        pages += draw_pages(pdf, numbers[:PAGES_AT_MOST])
    json.dump({"places": {field: [asdict(one) for one in found] for field, found in places.items()}, "pages": pages}, sys.stdout)


def draw_pages(pdf: bytes, numbers: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Yield each page of these numbers, counted from 1, as a PNG with what its fields show."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        with suppress(pypdfium2.PdfiumError):
            document.init_forms()
        for number in numbers:
            page = document[number - 1]
            picture = page.render(scale=_LONGEST_SIDE_PX / max(*page.get_size(), 1)).to_pil()
            output = BytesIO()
            picture.convert("RGB").quantize(_COLOURS).save(output, "PNG", optimize=True)
            yield {
                "number": number,
                "width": picture.width,
                "height": picture.height,
                "png": base64.b64encode(output.getvalue()).decode("ascii"),
            }


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_AT_MOST, _MEMORY_AT_MOST))


if __name__ == "__main__":
    main()
