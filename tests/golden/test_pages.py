"""Every page of every bundled template looks as it did when somebody last looked at it."""

import json

import pytest
from PIL import Image, ImageChops, ImageFilter

from mou.rendering.pdf import Renderer
from mou.templates import bundled_template_names
from tests.golden.draw_pages import CREATED, EXAMPLES, PAGES, VERSION, draw_pages, fill_example, pango_version, picture_of

BLUR_PIXELS = 1
DIFFERENT_GREY = 40  # of 255, after the blur: a letter that moved by more than a pixel
LARGEST_SHARE = 0.001  # of a page's pixels: a third of a line of text

same_engine = pytest.mark.skipif(
    json.loads(VERSION.read_text("utf-8")) != pango_version(),
    reason="the pictures were made with another Pango, which may end lines elsewhere",
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def share_of_difference(one: Image.Image, other: Image.Image) -> float:
    """The share of the pixels that differ to the eye; 1 where the sizes differ."""
    if one.size != other.size:
        return 1.0
    blurred = (picture.convert("L").filter(ImageFilter.BoxBlur(BLUR_PIXELS)) for picture in (one, other))
    different = ImageChops.difference(*blurred).point(lambda grey: 255 if grey >= DIFFERENT_GREY else 0)
    return different.histogram()[255] / (different.width * different.height)


def test_every_bundled_template_has_an_example_to_be_drawn_with() -> None:
    assert set(EXAMPLES) == set(bundled_template_names())


@same_engine
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_page_of_a_template_looks_as_it_did(name: str, renderer: Renderer) -> None:
    pages = draw_pages(renderer.render(fill_example(name), created=CREATED).pdf)
    assert len(pages) == len(list(PAGES.glob(f"{name}-[0-9][0-9].png")))
    different = {}
    for number, page in enumerate(pages, start=1):
        with Image.open(picture_of(name, number)) as golden:
            share = share_of_difference(golden, page)
        if share > LARGEST_SHARE:
            different[number] = share
    assert different == {}, "draw the pages anew with python -m tests.golden.draw_pages, and look at them"


def test_a_line_that_moved_or_changed_is_seen() -> None:
    with Image.open(min(PAGES.glob("*.png"))) as golden:
        page = golden.convert("L")
    line = page.crop((60, 300, 380, 312))
    moved = page.copy()
    moved.paste(line, (60, 303))
    shifted = ImageChops.offset(page, 2, 0)
    assert share_of_difference(page, page) == 0
    assert share_of_difference(page, moved) > LARGEST_SHARE
    assert share_of_difference(page, shifted) > LARGEST_SHARE
