"""A signature is drawn into its own box, at its own size."""

import pytest

from signatures.boxes import fits, read_box

RECT = (60, 100, 260, 160)


@pytest.mark.parametrize(
    ("bbox", "matrix"),
    [
        pytest.param((0, 0, 200, 60), None, id="as large as its box"),
        pytest.param((200, 60, 0, 0), None, id="its corners the other way round"),
        pytest.param((5, 5, 205.5, 64.5), None, id="elsewhere, and rounded"),
        pytest.param((0, 0, 60, 200), (0, 1, -1, 0, 0, 0), id="turned by a quarter"),
        pytest.param((0, 0, 100, 30), (2, 0, 0, 2, 0, 0), id="enlarged by its own matrix"),
    ],
)
def test_an_appearance_of_its_boxs_size_fits(bbox: tuple[float, ...], matrix: tuple[float, ...] | None) -> None:
    assert fits(RECT, bbox, matrix)


@pytest.mark.parametrize(
    ("rect", "bbox", "matrix"),
    [
        pytest.param(RECT, (0, 0, 400, 60), None, id="wider"),
        pytest.param(RECT, (0, 0, 200, 62), None, id="higher by two points"),
        pytest.param(RECT, (0, 0, 200, 60), (3, 0, 0, 3, 0, 0), id="enlarged"),
        pytest.param(RECT, (0, 0, 200, 60), (0, 1, -1, 0, 0, 0), id="turned"),
        pytest.param(RECT, (0, 0, 200), None, id="three numbers"),
        pytest.param(RECT, (0, 0, 200, float("nan")), None, id="no number"),
        pytest.param(RECT, (0, 0, "200", None), None, id="something else"),
        pytest.param(RECT, (0, 0, 200, 60), (1, 0, 0, 1), id="half a matrix"),
        pytest.param(None, (0, 0, 200, 60), None, id="no box"),
    ],
)
def test_any_other_appearance_does_not(
    rect: tuple[float, ...] | None, bbox: tuple[object, ...], matrix: tuple[float, ...] | None
) -> None:
    assert not fits(rect, bbox, matrix)


@pytest.mark.parametrize("numbers", [(0, 0, 0, 0), (10, 10, 10, 50), (10, 50, 10, 10)])
def test_a_box_without_an_area_is_empty(numbers: tuple[float, ...]) -> None:
    box = read_box(numbers)
    assert box is not None
    assert box.is_empty
