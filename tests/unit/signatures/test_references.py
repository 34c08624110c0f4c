"""No reference is missed, wherever and however it is written."""

from io import BytesIO

import pikepdf
import pytest

from signatures.references import named_numbers


def document_with(value: bytes, mode: pikepdf.ObjectStreamMode) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.PieceInfo = pikepdf.Dictionary(Here=document.pages[0].obj)
        written = BytesIO()
        document.save(written, object_stream_mode=mode, static_id=True)
    return written.getvalue() + value


@pytest.mark.parametrize("text", [b"99 0 R", b"99\n0\tR", b"[99 0 R]", b"/K 99 0 R/L", b"99%a\r0 R", b"+99 0 R>>", b"0099 00 R"])
def test_every_way_to_write_a_reference_is_found(text: bytes) -> None:
    pdf = document_with(b"", pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert 99 not in named_numbers(pdf, document)
        assert 99 in named_numbers(pdf + text, document)


def test_references_in_streams_of_objects_are_found() -> None:
    pdf = document_with(b"", pikepdf.ObjectStreamMode.generate)
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0].obj.objgen[0]
        assert b"%d 0 R" % page not in pdf
        assert page in named_numbers(pdf, document)
