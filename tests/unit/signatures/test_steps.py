"""The cheap look may say less than the full analysis, never more."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

from signatures.changes import OWN_POLICY
from signatures.fields import SEAL_FIELD, SignatureSlot, prepare_fields
from signatures.longterm_revisions import write_validation_data
from signatures.reader import open_reader
from signatures.revisions import read_revisions
from signatures.signing import SigningOrder, certify, sign
from signatures.steps import Step, recognised_steps
from signatures.validation import validate_signatures

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

Change = Callable[[IncrementalPdfFileWriter], None]


def steps(pdf: bytes) -> tuple[Step | None, ...]:
    return recognised_steps(pdf, open_reader(pdf, strict=True), read_revisions(pdf)[0].end)


def look(pdf: bytes) -> tuple[str | None, ...]:
    return tuple(None if step is None else ", ".join(sorted(step.fields)) for step in steps(pdf))


def with_revision(pdf: bytes, change: Change) -> bytes:
    """The file with one more revision, as a careless or hostile tool would write it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def fields_of(writer: IncrementalPdfFileWriter) -> generic.ArrayObject:
    fields = writer.root["/AcroForm"]["/Fields"]
    assert isinstance(fields, generic.ArrayObject)
    return fields


def move_a_box(writer: IncrementalPdfFileWriter) -> None:
    field = fields_of(writer)[1]
    field["/Rect"] = generic.ArrayObject([generic.NumberObject(edge) for edge in (0, 0, 595, 842)])
    writer.mark_update(fields_of(writer).raw_get(1))


def change_a_filled_value(writer: IncrementalPdfFileWriter) -> None:
    field = fields_of(writer)[1]
    field["/V"] = writer.add_object(generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Sig")}))
    writer.mark_update(fields_of(writer).raw_get(1))


def draw_over_the_page(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 1 rg 0 0 500 500 re f"))
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))


def add_a_loose_object(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(generic.StreamObject(stream_data=b"waiting to be shown"))


def add_a_field(writer: IncrementalPdfFileWriter) -> None:
    field = generic.DictionaryObject({pdf_name("/FT"): pdf_name("/Sig"), pdf_name("/T"): generic.pdf_string("S0009")})
    fields_of(writer).append(writer.add_object(field))
    writer.update_container(fields_of(writer))


def change_the_catalog(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()


CHANGES: dict[str, Change] = {
    "a box is moved": move_a_box,
    "a value is replaced": change_a_filled_value,
    "a page is drawn over": draw_over_the_page,
    "a loose object is added": add_a_loose_object,
    "a field is added": add_a_field,
    "the catalog is changed": change_the_catalog,
}


def test_every_signature_of_our_own_is_recognised(memorandum: "SignedMemorandum") -> None:
    assert look(memorandum.pdf) == (None, None, "S0001", "S0002", "S0003", "S0004")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_else_a_revision_does_is_not_known(memorandum: "SignedMemorandum", change: Change) -> None:
    changed = with_revision(memorandum.pdf, change)
    assert look(changed)[:-1] == look(memorandum.pdf)
    assert look(changed)[-1] is None


def test_a_file_whose_first_revision_names_an_object_that_is_not_there_is_not_known(memorandum: "SignedMemorandum") -> None:
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        page.obj.PieceInfo = document.make_indirect(pikepdf.Dictionary())
        number = page.obj.PieceInfo.objgen[0]
        written = BytesIO()
        document.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    waiting = written.getvalue().replace(b"/PieceInfo %d 0 R" % number, b"/PieceInfo 9 0 R")
    if waiting == written.getvalue():  # the writer numbers anew: take whatever number it gave
        place = waiting.index(b"/PieceInfo ") + len(b"/PieceInfo ")
        waiting = waiting[:place] + b"9" + waiting[place + 1 :]
    assert set(recognised_steps(waiting, open_reader(waiting, strict=True), len(waiting))) == {None}


@pytest.mark.parametrize("reference", [b"99 0 R", b"99\n0\tR"], ids=["plain", "other white space"])
def test_a_number_above_all_others_that_waits_for_its_object_is_never_filled_in_silence(
    memorandum: "SignedMemorandum", reference: bytes
) -> None:
    """A parser turns such a reference into null; the next signature would give the number to what it likes."""
    with pikepdf.open(BytesIO(memorandum.prepared)) as document:
        document.Root.PieceInfo = pikepdf.String("X" * 40)
        written = BytesIO()
        document.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    base = written.getvalue().replace(b"(" + b"X" * 40 + b")", reference.ljust(42))
    assert base != written.getvalue()
    seal, at = memorandum.signers[SEAL_FIELD], memorandum.policy().at
    certified = certify(base, seal, at=at, name="เครือข่าย")
    signed = sign(certified, SigningOrder("S0001", "ผู้มีอำนาจลงนาม", "ก", at), memorandum.signers["S0001"])
    assert set(steps(signed)) == {None}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_what_the_cheap_look_allows_the_full_analysis_allows(memorandum: "SignedMemorandum", count: int) -> None:
    pdf = memorandum.states[count]
    reader = PdfFileReader(BytesIO(pdf))
    for base in range(1, count + 1):
        full = OWN_POLICY.review_file(reader, base)
        assert isinstance(full, DiffResult)
        assert full.changed_form_fields == set(look(pdf)[base + 1 :])


@pytest.mark.parametrize("change", [None, *CHANGES.values()], ids=["honest", *CHANGES.keys()])
def test_verdicts_are_the_same_with_and_without_the_cheap_look(
    memorandum: "SignedMemorandum", change: Change | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = memorandum.pdf if change is None else with_revision(memorandum.pdf, change)
    at = memorandum.policy().at
    cheap = validate_signatures(pdf, None, at=at)
    monkeypatch.setattr("signatures.validation.recognised_steps", lambda *_: (None,) * 99)
    assert validate_signatures(pdf, None, at=at) == cheap


def test_a_field_that_two_places_share_is_still_only_filled(memorandum: "SignedMemorandum") -> None:
    """A page names the field as its annotation and as something else: both find a signature field with the same box."""
    slot = SignatureSlot("S0001", "ลายมือชื่อ", 0, (60, 100, 260, 160))
    with pikepdf.open(BytesIO(memorandum.prepared)) as document:
        del document.Root.AcroForm
        del document.pages[0].Annots
        base = BytesIO()
        document.save(base, deterministic_id=True)
    with pikepdf.open(BytesIO(prepare_fields(base.getvalue(), [slot]))) as document:
        document.pages[0].Alias = document.Root.AcroForm.Fields[1]
        aliased = BytesIO()
        document.save(aliased, deterministic_id=True)
    at = memorandum.policy().at
    seal, signer = memorandum.signers[SEAL_FIELD], memorandum.signers["S0001"]
    certified = certify(aliased.getvalue(), seal, at=at, name="เครือข่าย")
    signed = sign(certified, SigningOrder("S0001", "ผู้มีอำนาจลงนาม", "ก", at), signer)
    assert look(signed) == (None, None, "S0001")
    assert all(check.later_changes_allowed for check in validate_signatures(signed, None, at=at))


def test_validation_data_of_our_own_are_recognised(memorandum: "SignedMemorandum") -> None:
    once = write_validation_data(memorandum.pdf, certificates=[b"one"], lists=[], responses=[], is_own=True)
    twice = write_validation_data(once, certificates=[b"another"], lists=[b"list"], responses=[], is_own=True)
    assert steps(twice)[-2:] == (Step(ModificationLevel.LTA_UPDATES),) * 2
    checks = validate_signatures(twice, None, at=memorandum.policy().at)
    assert all(check.later_changes_allowed for check in checks)
