"""One forgery for each published class of attack, built on our own signed memorandum, and the step that refuses it.

The evidence beside each forgery names exactly the forged file: what is left must stand by itself. Every forgery that adds a
revision is made of the memorandum with three signatures, so that the honest one with four has as many revisions, and passes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signatures.bundle import write_evidence
from signatures.fields import SEAL_FIELD, SignatureSlot, prepare_fields
from signatures.shadows import shadow_content
from signatures.signing import SigningOrder, certify, sign
from signatures.validation import validate_signatures
from signatures.verification import VerificationReport, verify

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

Change = Callable[[IncrementalPdfFileWriter], None]
Forge = Callable[["SignedMemorandum"], bytes]


def collude(memorandum: "SignedMemorandum", pdf: bytes) -> VerificationReport:
    return verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())


def failed(report: VerificationReport) -> list[int]:
    return [step.number for step in report.steps if step.outcome == "failed"]


def with_revision(pdf: bytes, change: Change) -> bytes:
    """Return the file with one more revision, well-formed."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(value) for value in values])


def dictionary(**members: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in members.items()})


def form_stream(content: bytes, box: generic.ArrayObject) -> generic.StreamObject:
    return generic.StreamObject(
        {pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"), pdf_name("/BBox"): box},
        stream_data=content,
    )


def form(writer: IncrementalPdfFileWriter, content: bytes, box: generic.ArrayObject) -> generic.PdfObject:
    return writer.add_object(form_stream(content, box))


def page_reference(writer: IncrementalPdfFileWriter) -> generic.IndirectObject:
    reference = writer.root["/Pages"]["/Kids"].raw_get(0)
    assert isinstance(reference, generic.IndirectObject)
    return reference


def field_reference(writer: IncrementalPdfFileWriter, name: str) -> generic.IndirectObject:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        if reference.get_object()["/T"] == name:
            assert isinstance(reference, generic.IndirectObject)
            return reference
    raise LookupError(name)


def change_field(name: str, **members: generic.PdfObject) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference = field_reference(writer, name)
        reference.get_object().update({pdf_name(f"/{key}"): value for key, value in members.items()})
        writer.mark_update(reference)

    return change


def add_annotation(writer: IncrementalPdfFileWriter, annotation: generic.DictionaryObject) -> generic.IndirectObject:
    page = page_reference(writer)
    added = writer.add_object(annotation)
    annotations = page.get_object()["/Annots"]
    annotations.append(added)
    writer.update_container(annotations)
    return added


def note_over_the_text(writer: IncrementalPdfFileWriter) -> None:
    box = numbers(50, 500, 500, 800)
    look = dictionary(N=form(writer, b"1 1 1 rg 0 0 450 300 re f", numbers(0, 0, 450, 300)))
    add_annotation(
        writer,
        dictionary(Type=pdf_name("/Annot"), Subtype=pdf_name("/FreeText"), Rect=box, Contents=pdf_string("other"), AP=look),
    )


def new_field(box: generic.ArrayObject, *, filled: bool) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        added = dictionary(
            Type=pdf_name("/Annot"),
            Subtype=pdf_name("/Widget"),
            FT=pdf_name("/Sig"),
            T=pdf_string("S0099"),
            Rect=box,
            P=page_reference(writer),
        )
        if filled:
            added["/V"] = writer.add_object(dictionary(Type=pdf_name("/Sig"), Filter=pdf_name("/Adobe.PPKLite")))
        reference = add_annotation(writer, added)
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(reference)
        writer.update_container(fields)

    return change


def page_drawn_over(writer: IncrementalPdfFileWriter) -> None:
    page = page_reference(writer)
    page.get_object()["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 1 rg 0 0 500 500 re f"))
    writer.mark_update(page)


def page_added(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    extra = dictionary(
        Type=pdf_name("/Page"), Parent=writer.root.raw_get("/Pages"), MediaBox=numbers(0, 0, 595, 842), Resources=dictionary()
    )
    pages["/Kids"].append(writer.add_object(extra))
    pages["/Count"] = generic.NumberObject(2)
    writer.update_container(pages)


def page_removed(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject()
    pages["/Count"] = generic.NumberObject(0)
    writer.update_container(pages)


def annotations_removed(writer: IncrementalPdfFileWriter) -> None:
    page = page_reference(writer)
    page.get_object()["/Annots"] = generic.ArrayObject()
    writer.mark_update(page)


def catalog_without(key: str) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root[key]
        writer.update_root()

    return change


def store_with_something_else(writer: IncrementalPdfFileWriter) -> None:
    other = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
    writer.root["/DSS"] = writer.add_object(dictionary(Certs=generic.ArrayObject(), Pictures=generic.ArrayObject([other])))
    writer.update_root()


def all_values_drawn_anew(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/AcroForm"]["/NeedAppearances"] = generic.BooleanObject(value=True)
    writer.update_container(writer.root["/AcroForm"])


def layers_added(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OCProperties"] = dictionary(OCGs=generic.ArrayObject(), D=dictionary())
    writer.update_root()


def signature_replaced(writer: IncrementalPdfFileWriter) -> None:
    change_field("S0003", V=field_reference(writer, "S0002").get_object().raw_get("/V"))(writer)


def look_of_a_signature_replaced(writer: IncrementalPdfFileWriter) -> None:
    look = dictionary(N=form(writer, b"1 0 0 rg 0 0 200 60 re f", numbers(0, 0, 200, 60)))
    change_field("S0002", AP=look)(writer)


def in_place(change: Change) -> Forge:
    return lambda memorandum: with_revision(memorandum.states[3], change)


def taken_by_an_outsider(memorandum: "SignedMemorandum") -> bytes:
    return memorandum.sign(memorandum.states[3], "S0004", memorandum.outsider)


def form_removed(memorandum: "SignedMemorandum") -> bytes:
    return with_revision(memorandum.states[3], catalog_without("/AcroForm"))


REVISIONS = {
    "EAA: a note that covers the text": (in_place(note_over_the_text), 2),
    "SSA: a new visible field, empty": (in_place(new_field(numbers(50, 500, 500, 800), filled=False)), 2),
    "SSA: a new visible field, filled": (in_place(new_field(numbers(50, 500, 500, 800), filled=True)), 2),
    "SSA: a new field that is not seen": (in_place(new_field(numbers(0, 0, 0, 0), filled=False)), 2),
    "a box is moved": (in_place(change_field("S0004", Rect=numbers(0, 0, 595, 842))), 2),
    "a box is moved onto another": (in_place(change_field("S0004", Rect=numbers(60, 100, 260, 160))), 2),
    "the box of a signature is moved": (in_place(change_field("S0002", Rect=numbers(300, 500, 500, 560))), 2),
    "a field is hidden": (in_place(change_field("S0002", F=generic.NumberObject(2))), 2),
    "an empty field gets another look": (
        in_place(lambda writer: change_field("S0004", AP=dictionary(N=form(writer, b"f", numbers(0, 0, 9, 9))))(writer)),
        2,
    ),
    "a signature gets another look": (in_place(look_of_a_signature_replaced), 2),
    "a signature is put into another field": (in_place(signature_replaced), 2),
    "ISA: a page drawn over": (in_place(page_drawn_over), 2),
    "a page added": (in_place(page_added), 2),
    "the page removed": (in_place(page_removed), 2),
    "the boxes removed from the page": (in_place(annotations_removed), 2),
    "/Perms removed": (in_place(catalog_without("/Perms")), 2),
    "validation data with something else in it": (in_place(store_with_something_else), 2),
    "an order to draw all values anew": (in_place(all_values_drawn_anew), 2),
    "layers added": (in_place(layers_added), 2),
    "/AcroForm removed": (form_removed, 1),
}


@pytest.mark.parametrize(("forge", "step"), REVISIONS.values(), ids=REVISIONS.keys())
def test_a_revision_that_does_more_than_sign_is_refused_at_its_step(
    memorandum: "SignedMemorandum", forge: Forge, step: int
) -> None:
    report = collude(memorandum, forge(memorandum))
    assert step in failed(report)
    assert report.integrity != "intact"


@pytest.mark.parametrize(("forge", "step"), REVISIONS.values(), ids=REVISIONS.keys())
def test_a_file_from_elsewhere_that_does_so_is_no_better(memorandum: "SignedMemorandum", forge: Forge, step: int) -> None:
    report = verify(forge(memorandum), None, memorandum.policy())
    assert report.verdict == "failed"
    assert report.integrity != "intact"
    assert step in failed(report)


def test_the_honest_document_with_as_many_revisions_passes(memorandum: "SignedMemorandum") -> None:
    assert collude(memorandum, memorandum.pdf).verdict == "passed"


def test_each_state_of_the_honest_document_is_intact(memorandum: "SignedMemorandum") -> None:
    for pdf in memorandum.states:
        assert collude(memorandum, pdf).integrity == "intact"


def test_a_field_that_an_outsider_took_is_refused_by_trust_and_by_the_name_in_the_evidence(
    memorandum: "SignedMemorandum",
) -> None:
    report = collude(memorandum, taken_by_an_outsider(memorandum))
    assert {3, 4} <= set(failed(report))
    assert [check.field for check in report.signatures if check.verdict != "passed"] == ["S0004"]


# A signature whose bytes two readers may take in two ways


@dataclass(frozen=True)
class Gap:
    """Where the hexadecimal digits of the last signature lie."""

    begin: int
    end: int


def last_gap(pdf: bytes) -> Gap:
    begin = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return Gap(begin, pdf.index(b">", begin))


def with_cms(pdf: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """Return the file with the last signature's CMS changed, in its old room."""
    gap = last_gap(pdf)
    content = cms.ContentInfo.load(bytes.fromhex(pdf[gap.begin : gap.end].decode()), strict=False)
    change(content["content"])
    written: bytes = content.dump(force=True).hex().encode()
    assert len(written) <= gap.end - gap.begin
    return pdf[: gap.begin] + written.ljust(gap.end - gap.begin, b"0") + pdf[gap.end :]


def second_signer(signed: cms.SignedData) -> None:
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def unsorted_attributes(memorandum: "SignedMemorandum") -> bytes:
    """Return the file whose last signature was made, by its own key, over attributes in another order."""

    def change(signed: cms.SignedData) -> None:
        info = signed["signer_infos"][0]
        members = sorted((attribute.dump() for attribute in info["signed_attrs"]), reverse=True)
        attributes = cms.CMSAttributes.load(b"\x31" + _length(sum(map(len, members))) + b"".join(members))
        key = memorandum.signers["S0004"].private_key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        info["signed_attrs"] = attributes
        info["signature"] = key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))

    return with_cms(memorandum.pdf, change)


def _length(count: int) -> bytes:
    digits = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([count]) if count < 0x80 else bytes([0x80 | len(digits)]) + digits


def doubled_key(memorandum: "SignedMemorandum") -> bytes:
    """Return the file whose last signature has /Type twice, signed anew by its own key."""
    gap = last_gap(memorandum.pdf)
    place = memorandum.pdf.index(b"/Name", gap.end)
    return signed_anew(memorandum, memorandum.pdf[:place] + b"/Type" + memorandum.pdf[place + len(b"/Name") :])


def signed_anew(memorandum: "SignedMemorandum", pdf: bytes) -> bytes:
    """Return the file with its last signature made again over the bytes as they are now."""
    gap = last_gap(pdf)
    digest = sha256(pdf[: gap.begin - 1] + pdf[gap.end + 1 :]).digest()

    def change(signed: cms.SignedData) -> None:
        info = signed["signer_infos"][0]
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "message_digest", "values": [digest]})
                if attribute["type"].native == "message_digest"
                else attribute
                for attribute in info["signed_attrs"]
            ]
        )
        key = memorandum.signers["S0004"].private_key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        info["signed_attrs"] = attributes
        info["signature"] = key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))

    return with_cms(pdf, change)


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda memorandum: with_cms(memorandum.pdf, second_signer), id="two signers in one signature"),
        pytest.param(unsorted_attributes, id="attributes that are not DER"),
        pytest.param(doubled_key, id="a key twice in one signature"),
    ],
)
def test_a_signature_that_can_be_read_in_two_ways_is_refused_by_step_1(memorandum: "SignedMemorandum", forge: Forge) -> None:
    report = collude(memorandum, forge(memorandum))
    assert failed(report)[0] in {0, 1}
    assert report.integrity in {"unreadable", "invalid"}
    alone = verify(forge(memorandum), None, memorandum.policy())
    assert [check.field for check in alone.signatures if check.integrity != "intact"] == ["S0004"]


def test_a_signature_made_anew_over_honest_bytes_passes(memorandum: "SignedMemorandum") -> None:
    assert collude(memorandum, signed_anew(memorandum, memorandum.pdf)).verdict == "passed"


def test_the_change_of_a_cms_leaves_an_honest_one_as_it_was(memorandum: "SignedMemorandum") -> None:
    assert collude(memorandum, with_cms(memorandum.pdf, lambda _: None)).verdict == "passed"


# Shadow attacks: prepared before the signature, switched afterwards


def shadowed(memorandum: "SignedMemorandum", hide: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return a document with hidden content in it, certified and signed by one who did not look."""
    slot = SignatureSlot("S0001", "ลายมือชื่อ", 0, (60, 100, 260, 160))
    with pikepdf.open(BytesIO(prepare_fields(memorandum.blank(), [slot]))) as document:
        hide(document)
        base = BytesIO()
        document.save(base, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    at = memorandum.signed_at
    certified = certify(base.getvalue(), memorandum.signers[SEAL_FIELD], at=at, name="เครือข่าย")
    return sign(certified, SigningOrder("S0001", "ผู้มีอำนาจลงนาม", "ก", at), memorandum.signers["S0001"])


def hide_a_page(document: pikepdf.Pdf) -> None:
    page = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=[0, 0, 595, 842]))
    document.Root.PieceInfo = pikepdf.Dictionary(Hidden=page)


def hide_under_a_picture(document: pikepdf.Pdf) -> None:
    cover = document.make_stream(b"1 1 1 rg 0 0 595 842 re f")
    cover.Type, cover.Subtype, cover.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 595, 842])
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Cover=cover))
    page.Contents = document.make_stream(b"0 0 200 200 re f /Cover Do")


def prepare_a_value(document: pikepdf.Pdf) -> None:
    look = document.make_stream(b"")
    look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 100, 20])
    text = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T="amount",
            V="100",
            Rect=[60, 500, 160, 520],
            P=document.pages[0].obj,
            AP=pikepdf.Dictionary(N=look),
        )
    )
    document.Root.AcroForm.Fields.append(text)
    document.pages[0].Annots.append(text)


def show_the_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject([writer.root["/PieceInfo"].raw_get("/Hidden")])
    writer.update_container(pages)


def uncover(writer: IncrementalPdfFileWriter) -> None:
    cover = page_reference(writer).get_object()["/Resources"]["/XObject"].raw_get("/Cover")
    writer.mark_update(cover)
    writer.objects[(cover.generation, cover.idnum)] = form_stream(b"", numbers(0, 0, 0, 0))


def change_the_value(writer: IncrementalPdfFileWriter) -> None:
    change_field("amount", V=pdf_string("900"))(writer)


SHADOWS = {
    "hide and replace": (hide_a_page, show_the_page),
    "hide": (hide_under_a_picture, uncover),
    "replace": (prepare_a_value, change_the_value),
}


@pytest.mark.parametrize(("hide", "switch"), SHADOWS.values(), ids=SHADOWS.keys())
@pytest.mark.parametrize("is_own", [True, False], ids=["own", "from elsewhere"])
def test_a_switch_to_what_was_hidden_is_a_finding(
    memorandum: "SignedMemorandum", hide: Callable[[pikepdf.Pdf], None], switch: Change, *, is_own: bool
) -> None:
    signed = shadowed(memorandum, hide)
    at = memorandum.policy().at
    assert {check.integrity for check in validate_signatures(signed, None, at=at, strict=is_own)} == {"intact"}
    switched = validate_signatures(with_revision(signed, switch), None, at=at, strict=is_own)
    if hide is prepare_a_value and not is_own:
        # The seal allows form values (DocMDP level 2): for a file from elsewhere that is its certifier's word.
        assert {check.integrity for check in switched} == {"intact"}
    else:
        assert "modified" in {check.integrity for check in switched}


def test_a_value_that_waits_to_be_changed_is_told_before_signing(memorandum: "SignedMemorandum") -> None:
    assert [str(warning) for warning in shadow_content(shadowed(memorandum, prepare_a_value))] == [
        "1 fields may get another value later: amount"
    ]


def test_an_honest_document_has_nothing_that_waits(memorandum: "SignedMemorandum") -> None:
    for pdf in (memorandum.prepared, *memorandum.states):
        assert shadow_content(pdf) == ()
