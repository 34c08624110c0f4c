"""What waits in a document to be switched on is told before anybody signs; a plain document is told nothing of."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from signatures.shadows import shadow_content

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        change(document)
        written = BytesIO()
        document.save(written, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()


def words(pdf: bytes) -> str:
    return " / ".join(str(warning) for warning in shadow_content(pdf))


def add_layers(document: pikepdf.Pdf) -> None:
    document.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary())


def add_a_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def add_a_choice(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(Dictionary(FT=Name.Ch, T="choice", Rect=[0, 0, 9, 9]))
    document.Root.AcroForm.Fields.append(field)


def fill_the_registry_beforehand(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(Dictionary(FT=Name.Tx, T="R0001", V="1/2565", Rect=[0, 0, 9, 9]))
    document.Root.AcroForm.Fields.append(field)


def prepare_for_the_registry(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(Dictionary(FT=Name.Tx, T="R0001", Rect=[0, 0, 9, 9]))
    document.Root.AcroForm.Fields.append(field)


def draw_all_anew(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm.NeedAppearances = True


def draw_by_xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")


def take_content_from_outside(document: pikepdf.Pdf) -> None:
    stream = document.make_stream(b"")
    stream.F = Dictionary(F="other.bin", Type=Name.Filespec)
    document.pages[0].obj.Contents = stream


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (add_layers, "has layers"),
        (add_a_script, "actions that may change what is shown: /JavaScript"),
        (add_a_choice, "1 fields may get another value later: choice"),
        (fill_the_registry_beforehand, "1 fields may get another value later: R0001"),
        (draw_all_anew, "orders viewers to draw all its values anew"),
        (draw_by_xfa, "of the XFA kind"),
        (take_content_from_outside, "1 objects take their content from another file"),
    ],
)
def test_each_kind_is_told(memorandum: "SignedMemorandum", change: Callable[[pikepdf.Pdf], None], expected: str) -> None:
    assert expected in words(changed(memorandum.prepared, change))


def test_an_object_that_nothing_uses_is_told(memorandum: "SignedMemorandum") -> None:
    def name_something(document: pikepdf.Pdf) -> None:
        document.Root.PieceInfo = document.make_indirect(Dictionary(Here=True))

    pdf = changed(memorandum.prepared, name_something)
    begin = pdf.index(b"/PieceInfo ")
    end = pdf.index(b" R", begin) + len(b" R")
    assert words(pdf) == ""
    assert "1 objects are used by nothing" in words(pdf[:begin] + b" " * (end - begin) + pdf[end:])


def test_a_reference_that_leads_nowhere_is_told(memorandum: "SignedMemorandum") -> None:
    def name_something(document: pikepdf.Pdf) -> None:
        document.Root.PieceInfo = 123456

    pdf = changed(memorandum.prepared, name_something)
    assert words(pdf) == ""
    assert "1 numbers are named and lead to no object: 99" in words(pdf.replace(b"123456", b"99 0 R"))


def test_a_field_for_the_registry_is_no_surprise(memorandum: "SignedMemorandum") -> None:
    assert words(changed(memorandum.prepared, prepare_for_the_registry)) == ""


def test_what_is_no_pdf_is_told_and_does_not_raise() -> None:
    assert "without repair is expected" in words(b"no PDF")
