"""Where signatures are seen, and the pictures of their pages; a file that cannot be drawn costs the pictures, nothing else."""

import base64
import io
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

import mou.report.pictures as pictures_module
from mou.report.pictures import NOTHING_SEEN, look_at
from mou.report.places import Place, find_places

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

A4 = (595.0, 842.0)
Change = Callable[[pikepdf.Pdf, pikepdf.Object], object]


def edited(pdf: bytes, change: Change) -> bytes:
    """The file with its first page, and the widget of S0001 on it, changed."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        widget = next(one for one in document.pages[0].Annots if str(one.get(Name.T, "")) == "S0001")
        change(document, widget)
        output = io.BytesIO()
        document.save(output)
        return output.getvalue()


def size_of(pdf: bytes) -> tuple[float, float]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _, _, width, height = (float(edge) for edge in document.pages[0].mediabox)
        return width, height


def rounded(place: Place) -> tuple[float, ...]:
    return tuple(round(edge, 4) for edge in (place.left, place.top, place.width, place.height))


def test_each_visible_signature_is_found_where_its_box_is(memorandum: "SignedMemorandum") -> None:
    width, height = size_of(memorandum.pdf)
    found = find_places(memorandum.pdf)
    assert sorted(found) == ["S0001", "S0002", "S0003", "S0004"]  # the seal has no box
    expected = (60 / width, (height - 160) / height, 200 / width, 60 / height)
    assert [rounded(place) for place in found["S0001"]] == [tuple(round(edge, 4) for edge in expected)]
    assert {place.page for places in found.values() for place in places} == {1}


def test_an_empty_field_is_no_signature(memorandum: "SignedMemorandum") -> None:
    assert sorted(find_places(memorandum.states[1])) == ["S0001"]


@pytest.mark.parametrize("turn", [90, 180, 270, -90, 450])
def test_a_turned_page_turns_its_boxes(memorandum: "SignedMemorandum", turn: int) -> None:
    upright = find_places(memorandum.pdf)["S0001"][0]
    left, top, width, height = upright.left, upright.top, upright.width, upright.height
    for _ in range(turn // 90 % 4):
        left, top, width, height = 1 - top - height, left, height, width
    found = find_places(edited(memorandum.pdf, lambda pdf, _: pdf.pages[0].obj.update({"/Rotate": turn})))
    assert rounded(found["S0001"][0]) == tuple(round(edge, 4) for edge in (left, top, width, height))


def test_a_page_that_is_cut_shows_the_part_of_a_box_that_is_left(memorandum: "SignedMemorandum") -> None:
    def cut(pdf: pikepdf.Pdf, _widget: pikepdf.Object) -> None:
        pdf.pages[0].obj.CropBox = Array([160, 100, 260, 200])

    assert rounded(find_places(edited(memorandum.pdf, cut))["S0001"][0]) == (0.0, 0.4, 1.0, 0.6)


def set_rect(*numbers: object) -> Change:
    return lambda _pdf, widget: setattr(widget, "Rect", Array(numbers))


@pytest.mark.parametrize(
    "change",
    [
        set_rect(0, 0, 0, 0),
        set_rect(1, 2),
        set_rect(Name.A, 0, 1, 1),
        set_rect(5000, 5000, 6000, 6000),
        lambda _pdf, widget: widget.__delitem__("/Rect"),
        lambda pdf, _widget: pdf.pages[0].obj.update({"/Rotate": Name.Left}),
        lambda pdf, _widget: pdf.pages[0].obj.update({"/MediaBox": Array([0, 0, 0, 0])}),
        lambda pdf, _widget: pdf.pages[0].obj.update({"/Annots": Dictionary()}),
    ],
    ids=["empty", "two numbers", "a name", "outside", "none", "turned to a name", "a page of no size", "no list"],
)
def test_a_box_that_cannot_be_seen_has_no_place(memorandum: "SignedMemorandum", change: Change) -> None:
    assert "S0001" not in find_places(edited(memorandum.pdf, change))


def test_a_name_in_parts_is_read_as_a_form_has_it(memorandum: "SignedMemorandum") -> None:
    def divide(pdf: pikepdf.Pdf, widget: pikepdf.Object) -> None:
        parent = pdf.make_indirect(Dictionary(T="unit", FT=Name.Sig, V=widget.V))
        del widget.FT, widget.V
        widget.Parent = parent

    assert "unit.S0001" in find_places(edited(memorandum.pdf, divide))


def test_a_field_that_is_its_own_parent_ends(memorandum: "SignedMemorandum") -> None:
    def circle(_pdf: pikepdf.Pdf, widget: pikepdf.Object) -> None:
        widget.Parent = widget
        del widget.FT

    assert "S0001" not in find_places(edited(memorandum.pdf, circle))


def test_the_signed_page_is_drawn_with_what_its_fields_show(memorandum: "SignedMemorandum") -> None:
    seen = look_at(memorandum.pdf)
    assert seen.was_read
    assert list(seen.places) == ["S0001", "S0002", "S0003", "S0004"]
    assert [picture.number for picture in seen.pages] == [1]
    drawn = Image.open(io.BytesIO(base64.b64decode(seen.pages[0].png)))
    assert (drawn.format, max(drawn.size)) == ("PNG", 1400)
    assert drawn.size == (seen.pages[0].width, seen.pages[0].height)


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n" + b"\xff" * 5000], ids=["empty", "text", "noise"])
def test_a_file_that_cannot_be_drawn_costs_the_pictures_alone(content: bytes) -> None:
    assert look_at(content) == NOTHING_SEEN


def test_drawing_that_takes_too_long_is_ended(memorandum: "SignedMemorandum", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures_module, "SECONDS_AT_MOST", 0.01)
    assert look_at(memorandum.pdf) == NOTHING_SEEN


def test_without_pypdfium2_the_places_are_still_found(memorandum: "SignedMemorandum") -> None:
    program = "import sys; sys.modules['pypdfium2'] = None; from mou.report.drawing import main; main()"
    told = subprocess.run([sys.executable, "-I", "-c", program], input=memorandum.pdf, capture_output=True, check=True).stdout
    seen = pictures_module.seen_in(told)
    assert (list(seen.places), seen.pages, seen.was_read) == (["S0001", "S0002", "S0003", "S0004"], (), True)
