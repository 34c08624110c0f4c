"""A register's number and date: empty places in the text that everybody signs, filled once, under the register's seal."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.diff_analysis import ModificationLevel

from signatures.errors import FieldError, PdfUnreadableError, SigningError
from signatures.fields import SEAL_FIELD, SignatureSlot, prepare_fields, read_fields
from signatures.reader import open_reader
from signatures.registry_fields import (
    REGISTRY_DATE_FIELD,
    REGISTRY_NUMBER_FIELD,
    REGISTRY_SEAL_FIELD,
    RegistryPlace,
    RegistryText,
    read_registry,
)
from signatures.revisions import findings, read_revisions
from signatures.shadows import shadow_content
from signatures.signing import REGISTRY_SEAL_CAPACITY, SigningOrder, certify, register, sign
from signatures.steps import Step, recognised_steps
from signatures.validation import SignatureCheck, validate_signatures

if TYPE_CHECKING:
    from signatures.signers import Signer
    from tests.unit.signatures.conftest import MakeSigner

AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
NAME = "เครือข่ายทดสอบ"
SLOTS = (SignatureSlot("S0001", "ลายมือชื่อ", 1, (60, 100, 260, 160)), SignatureSlot("S0002", "ลายมือชื่อ", 1, (60, 200, 260, 260)))
NUMBER = RegistryPlace(REGISTRY_NUMBER_FIELD, 0, (85, 760, 155, 776))
DATE = RegistryPlace(REGISTRY_DATE_FIELD, 0, (200, 760, 300, 776))
BOTH = (NUMBER, DATE)

Change = Callable[["Writer"], None]


class Writer(IncrementalPdfFileWriter):
    """A stranger's writer: it may do what it likes behind the bytes that are there."""

    def _update_meta(self) -> None:
        pass

    def field(self, name: str) -> generic.DictionaryObject:
        """The field of this name, marked as changed."""
        fields = self.root["/AcroForm"]["/Fields"]
        for reference in (fields.raw_get(place) for place in range(len(fields))):
            found = reference.get_object()
            assert isinstance(found, generic.DictionaryObject)
            if found["/T"] == name:
                self.mark_update(reference)
                return found
        raise LookupError(name)

    def look(self, width: float, height: float) -> generic.DictionaryObject:
        """An appearance of this size."""
        box = generic.ArrayObject(map(generic.FloatObject, (0, 0, width, height)))
        members = {pdf_name("/Subtype"): pdf_name("/Form"), pdf_name("/BBox"): box}
        return generic.DictionaryObject(
            {pdf_name("/N"): self.add_object(generic.StreamObject(members, stream_data=b"0 0 9 9 re f"))}
        )


def revised(pdf: bytes, change: Change) -> bytes:
    writer, out = Writer(io.BytesIO(pdf)), io.BytesIO()
    change(writer)
    writer.write(out)  # type: ignore[no-untyped-call]  # pyHanko's carries no types
    return out.getvalue()


def page_of(width: float, height: float) -> bytes:
    """A small page with a filled box, in place of a drawn text."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(width, height))
        document.pages[0].Contents = document.make_stream(b"0 0 9 9 re f")
        written = io.BytesIO()
        document.save(written, deterministic_id=True)
    return written.getvalue()


def texts(number: str = "๑/๒๕๖๕", day: str = "๑ เมษายน ๒๕๖๕") -> tuple[RegistryText, ...]:
    return (
        RegistryText(REGISTRY_NUMBER_FIELD, number, page_of(70, 16)),
        RegistryText(REGISTRY_DATE_FIELD, day, page_of(100, 16)),
    )


def fields_in(document: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    return {str(field.T): field for field in document.Root.AcroForm.Fields}


def checks_of(pdf: bytes) -> dict[str, SignatureCheck]:
    return {check.field: check for check in validate_signatures(pdf, None, at=AT)}


@pytest.fixture(scope="module")
def empty(tagged_pdf: bytes) -> bytes:
    return prepare_fields(tagged_pdf, SLOTS, BOTH)


@pytest.fixture(scope="module")
def signed(empty: bytes, seal: "Signer", make_signer: "MakeSigner") -> bytes:
    pdf = certify(empty, seal, at=AT, name=NAME)
    for slot in SLOTS:
        pdf = sign(pdf, SigningOrder(slot.name, "ภาคี", "นายก้อง ทดสอบ", AT), make_signer())
    return pdf


@pytest.fixture(scope="module")
def numbered(signed: bytes, seal: "Signer") -> bytes:
    return register(signed, texts(), seal, at=AT, name=NAME)


def test_the_places_are_empty_read_only_texts_that_print_and_say_what_they_are(empty: bytes) -> None:
    with pikepdf.open(io.BytesIO(empty)) as document:
        fields = fields_in(document)
        assert list(fields) == [SEAL_FIELD, "S0001", "S0002", REGISTRY_NUMBER_FIELD, REGISTRY_DATE_FIELD, REGISTRY_SEAL_FIELD]
        for place, words in ((NUMBER, "เลขที่ทะเบียน"), (DATE, "วันที่ลงทะเบียน")):
            field = fields[place.name]
            assert (field.FT, int(field.Ff), int(field.F), str(field.TU)) == (Name.Tx, 1, 4 + 128, words)
            assert tuple(float(edge) for edge in field.Rect) == place.box
            assert Name.V not in field
            assert field.AP.N.read_bytes() == b""
        assert [float(edge) for edge in fields[REGISTRY_SEAL_FIELD].Rect] == [0, 0, 0, 0]
        assert str(fields[REGISTRY_SEAL_FIELD].FT) == "/Sig"


def test_the_default_appearance_names_a_font_that_the_form_holds_and_the_file_embeds(empty: bytes) -> None:
    with pikepdf.open(io.BytesIO(empty)) as document:
        form = document.Root.AcroForm
        for place in BOTH:
            font, _, operator, *_ = str(fields_in(document)[place.name].DA).split()
            assert operator == "Tf"
            assert "FontFile2" in str(form.DR.Font[font].DescendantFonts[0].FontDescriptor.keys())


def test_a_document_without_text_has_no_font_to_name(plain_pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(prepare_fields(plain_pdf, [], BOTH))) as document:
        assert Name.DR not in document.Root.AcroForm
        assert all(Name.DA not in field for field in fields_in(document).values())


def test_each_place_stands_in_the_structure_tree_as_a_form_element_with_its_words(empty: bytes) -> None:
    with pikepdf.open(io.BytesIO(empty)) as document:
        numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
        elements = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        for name in (REGISTRY_NUMBER_FIELD, REGISTRY_DATE_FIELD, REGISTRY_SEAL_FIELD):
            field = fields_in(document)[name]
            element = elements[int(field.StructParent)]
            assert (element.S, str(element.Alt), element.K.Obj.objgen) == (Name.Form, str(field.TU), field.objgen)


def test_a_document_without_places_is_the_one_that_it_was(tagged_pdf: bytes) -> None:
    assert prepare_fields(tagged_pdf, SLOTS, ()) == prepare_fields(tagged_pdf, SLOTS)
    assert read_registry(prepare_fields(tagged_pdf, SLOTS)) is None
    assert read_registry(tagged_pdf) is None


def test_the_same_places_give_the_same_bytes_and_nothing_that_waits(tagged_pdf: bytes, empty: bytes) -> None:
    assert prepare_fields(tagged_pdf, list(SLOTS), list(BOTH)) == empty
    assert shadow_content(empty) == ()
    assert findings(empty) == ()


@pytest.mark.parametrize(
    ("registry", "words"),
    [
        pytest.param([NUMBER], "one for its date .* got R0001$", id="one alone"),
        pytest.param([NUMBER, NUMBER], "got R0001, R0001$", id="twice"),
        pytest.param([NUMBER, replace(DATE, name="R0003")], "got R0001, R0003$", id="another name"),
        pytest.param([NUMBER, replace(DATE, box=(150, 760, 300, 776))], "R0002: a box clear of the others", id="overlap"),
        pytest.param([NUMBER, replace(DATE, page=1, box=SLOTS[0].box)], "lies on that of S0001", id="on a signature"),
        pytest.param([NUMBER, replace(DATE, page=9)], "R0002: a page from 0 to", id="no such page"),
        pytest.param([NUMBER, replace(DATE, box=(560, 760, 660, 776))], "R0002: a box on its page", id="off the page"),
    ],
)
def test_places_that_cannot_be_are_refused(tagged_pdf: bytes, registry: list[RegistryPlace], words: str) -> None:
    with pytest.raises(FieldError, match=words):
        prepare_fields(tagged_pdf, SLOTS, registry)


def test_a_place_is_no_signature_field_and_its_seal_is_one_without_a_place(empty: bytes) -> None:
    states = {state.name: state for state in read_fields(empty)}
    assert states.keys() == {SEAL_FIELD, "S0001", "S0002", REGISTRY_SEAL_FIELD}
    assert states[REGISTRY_SEAL_FIELD].box is None


def test_what_stands_in_the_places_is_read_back(empty: bytes, numbered: bytes) -> None:
    before, after = read_registry(empty), read_registry(numbered)
    assert before is not None
    assert after is not None
    assert (before.number, before.date) == (None, None)
    assert before.sizes == {REGISTRY_NUMBER_FIELD: (70, 16), REGISTRY_DATE_FIELD: (100, 16)}
    assert (after.number, after.date) == ("๑/๒๕๖๕", "๑ เมษายน ๒๕๖๕")
    with pytest.raises(PdfUnreadableError):
        read_registry(b"%PDF-1.7 nothing")


def test_filling_is_one_revision_behind_the_bytes_that_are_there(signed: bytes, numbered: bytes) -> None:
    assert numbered.startswith(signed)
    assert len(read_revisions(numbered)) == len(read_revisions(signed)) + 1
    assert findings(numbered) == ()


def test_every_signature_still_validates_and_the_registers_seal_covers_the_number(numbered: bytes) -> None:
    checks = checks_of(numbered)
    assert list(checks) == [SEAL_FIELD, "S0001", "S0002", REGISTRY_SEAL_FIELD]
    assert {check.integrity for check in checks.values()} == {"intact"}
    seal = checks[REGISTRY_SEAL_FIELD]
    assert (seal.kind, seal.capacity, seal.range_end) == ("seal", REGISTRY_SEAL_CAPACITY, len(numbered))


def test_filling_is_a_known_step_and_the_full_analysis_says_the_same(numbered: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = recognised_steps(numbered, open_reader(numbered, strict=True), read_revisions(numbered)[0].end)
    fields = frozenset({REGISTRY_NUMBER_FIELD, REGISTRY_DATE_FIELD, REGISTRY_SEAL_FIELD})
    assert steps[-1] == Step(ModificationLevel.FORM_FILLING, fields)
    quick = validate_signatures(numbered, None, at=AT)
    monkeypatch.setattr("signatures.validation.recognised_steps", lambda *_: (None,) * 99)
    assert validate_signatures(numbered, None, at=AT) == quick


def fill_the_number(writer: Writer) -> None:
    writer.field(REGISTRY_NUMBER_FIELD).update({pdf_name("/V"): pdf_string("๙๙/๒๕๖๕"), pdf_name("/AP"): writer.look(70, 16)})


def change_the_words_alone(writer: Writer) -> None:
    writer.field(REGISTRY_DATE_FIELD)["/V"] = pdf_string("๒ เมษายน ๒๕๖๕")


def change_the_look_alone(writer: Writer) -> None:
    writer.field(REGISTRY_NUMBER_FIELD)["/AP"] = writer.look(70, 16)


def take_it_out(writer: Writer) -> None:
    del writer.field(REGISTRY_NUMBER_FIELD)["/V"]


def open_it_for_everybody(writer: Writer) -> None:
    writer.field(REGISTRY_NUMBER_FIELD)["/Ff"] = generic.NumberObject(0)


@pytest.mark.parametrize("change", [fill_the_number, change_the_words_alone, take_it_out, open_it_for_everybody])
def test_what_a_stranger_does_to_a_number_that_is_there_is_a_modification_for_every_signature(
    numbered: bytes, change: Change
) -> None:
    assert {check.integrity for check in checks_of(revised(numbered, change)).values()} == {"modified"}


def test_another_look_of_the_same_number_is_a_modification_of_what_the_seal_covers(numbered: bytes) -> None:
    assert checks_of(revised(numbered, change_the_look_alone))[REGISTRY_SEAL_FIELD].integrity == "modified"


@pytest.mark.parametrize("change", [fill_the_number, change_the_words_alone, change_the_look_alone])
def test_a_number_that_no_seal_covers_is_a_modification_of_what_was_signed_last(signed: bytes, change: Change) -> None:
    assert checks_of(revised(signed, change))["S0002"].integrity == "modified"


def test_a_number_can_be_filled_before_others_sign_and_never_again(
    empty: bytes, seal: "Signer", make_signer: "MakeSigner"
) -> None:
    """The rules let it be; when a document is numbered is the workflow's question."""
    early = register(certify(empty, seal, at=AT, name=NAME), texts(), seal, at=AT, name=NAME)
    later = sign(early, SigningOrder("S0001", "ภาคี", "นายก้อง ทดสอบ", AT), make_signer())
    assert {check.integrity for check in checks_of(later).values()} == {"intact"}
    with pytest.raises(FieldError, match="R0000: an empty field is expected"):
        register(later, texts("๒/๒๕๖๕"), seal, at=AT, name=NAME)


def test_a_number_that_came_without_its_seal_is_not_sealed(signed: bytes, seal: "Signer") -> None:
    with pytest.raises(FieldError, match="a number stands there already"):
        register(revised(signed, fill_the_number), texts(), seal, at=AT, name=NAME)


def test_a_document_without_places_or_without_its_first_seal_is_not_numbered(
    tagged_pdf: bytes, empty: bytes, seal: "Signer"
) -> None:
    without = certify(prepare_fields(tagged_pdf, SLOTS), seal, at=AT, name=NAME)
    with pytest.raises(FieldError, match="R0000: a field of the document is expected"):
        register(without, texts(), seal, at=AT, name=NAME)
    with pytest.raises(FieldError, match="certify it first"):
        register(empty, texts(), seal, at=AT, name=NAME)


def test_number_and_date_come_together_each_in_the_size_of_its_place(signed: bytes, seal: "Signer") -> None:
    number, day = texts()
    with pytest.raises(FieldError, match=r"a text for each place .* got R0001$"):
        register(signed, [number], seal, at=AT, name=NAME)
    with pytest.raises(SigningError, match="R0002: an appearance of 1 page of 100"):
        register(signed, [number, replace(day, appearance=page_of(140, 16))], seal, at=AT, name=NAME)


def test_a_page_whose_resources_stand_elsewhere_lends_its_font(tagged_pdf: bytes) -> None:
    """Resources may be inherited from the tree of pages (ISO 32000-2, 7.7.3.4)."""
    with pikepdf.open(io.BytesIO(tagged_pdf)) as document:
        for page in document.pages:
            document.Root.Pages.Resources = page.obj.Resources
            del page.obj.Resources
        written = io.BytesIO()
        document.save(written, deterministic_id=True)
    with pikepdf.open(io.BytesIO(prepare_fields(written.getvalue(), SLOTS, BOTH))) as document:
        assert isinstance(document.Root.AcroForm.DR.Font, Dictionary)
        assert isinstance(document.Root.AcroForm.Fields, Array)
