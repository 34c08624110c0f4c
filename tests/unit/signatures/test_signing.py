import asyncio
import io
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
import weasyprint
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import ImageChops
from PIL.Image import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import PdfSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from mou.templates import bundled_templates_folder
from signatures.authority import Authority, Subject, create_authority, new_private_key
from signatures.cms_signer import LoadedKeySigner
from signatures.errors import CertificateRefusedError, FieldError, PdfUnreadableError, SigningError
from signatures.fields import SEAL_FIELD, SignatureSlot, prepare_fields, read_fields
from signatures.revisions import findings
from signatures.signers import PrivateKey, Signer, signer_from_key
from signatures.signing import SEAL_CAPACITY, SigningOrder, certify, sign
from signatures.trust import TrustAnchors
from signatures.validation import validate_signatures

if TYPE_CHECKING:
    from tests.unit.signatures.conftest import MakeSigner, SelfSigned

DAY = timedelta(days=1)
BANGKOK = timezone(timedelta(hours=7))
Slots = tuple[SignatureSlot, ...]


def embedded(pdf: bytes) -> dict[str, EmbeddedPdfSignature]:
    return {one.field_name: one for one in PdfFileReader(io.BytesIO(pdf)).embedded_signatures}


@dataclass(frozen=True)
class Value:
    """A signature dictionary as an independent parser reads it."""

    texts: dict[str, str]
    contents: bytes
    byte_range: tuple[int, ...]


def values(pdf: bytes) -> dict[str, Value]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fields = [field for field in document.Root.AcroForm.Fields if "/V" in field]
        return {str(field.T): _value(field.V) for field in fields}


def _value(dictionary: pikepdf.Object) -> Value:
    texts = ("/Type", "/SubFilter", "/Name", "/Reason", "/Location", "/M")
    return Value(
        {key: str(dictionary[key]) for key in texts if key in dictionary},
        bytes(dictionary.Contents),
        tuple(int(number) for number in dictionary.ByteRange),
    )


def members(pdf: bytes, field: str) -> dict[str, str]:
    return values(pdf)[field].texts


def revisions_grown(before: bytes, after: bytes) -> bool:
    return after.startswith(before) and len(after) > len(before)


def test_the_seal_is_the_first_signature_and_lets_only_empty_fields_be_filled(
    prepared: bytes, certified: bytes, now: datetime
) -> None:
    assert revisions_grown(prepared, certified)
    assert findings(certified) == ()
    assert members(certified, SEAL_FIELD) == {
        "/Type": "/Sig",
        "/SubFilter": "/ETSI.CAdES.detached",
        "/Name": "เครือข่ายทดสอบ",
        "/Reason": SEAL_CAPACITY,
        "/M": "D:20261122010000Z",
    }
    seal = embedded(certified)[SEAL_FIELD]
    assert seal.docmdp_level is MDPPerm.FILL_FORMS
    assert seal.signer_info["digest_algorithm"]["algorithm"].native == "sha256"
    with pikepdf.open(io.BytesIO(certified)) as document:
        assert document.Root.Perms.DocMDP.Reference[0].TransformParams.P == 2
        assert "/Version" not in document.Root
        assert document.pdf_version == "1.7"


def test_certifying_changes_nothing_but_the_catalog_the_form_and_the_seal_field(prepared: bytes, certified: bytes) -> None:
    with pikepdf.open(io.BytesIO(prepared)) as before, pikepdf.open(io.BytesIO(certified)) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert dict(before.docinfo.items()) == dict(after.docinfo.items())
        assert set(after.Root.keys()) - set(before.Root.keys()) == {"/Perms", "/Extensions"}


def test_a_signature_says_who_signed_as_what_when_and_where(certified: bytes, order: SigningOrder, signatory: Signer) -> None:
    signed = sign(certified, order, signatory)
    assert revisions_grown(certified, signed)
    assert members(signed, "S0001") == {
        "/Type": "/Sig",
        "/SubFilter": "/ETSI.CAdES.detached",
        "/Name": "นายก้อง ทดสอบ",
        "/Reason": "ผู้แทนเทศบาล (party)",
        "/Location": "เชียงใหม่",
        "/M": "D:20261122010000Z",
    }
    one = embedded(signed)["S0001"]
    attributes = {attribute["type"].native for attribute in one.signer_info["signed_attrs"]}
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}
    assert one.signer_info["digest_algorithm"]["algorithm"].native == "sha256"
    assert one.docmdp_level is None


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 22, 8, 30, 15, tzinfo=BANGKOK), "D:20261122083015+07'00'"),
        (datetime(2026, 11, 22, 1, 30, 15, 999_999, tzinfo=UTC), "D:20261122013015Z"),
    ],
    ids=["bangkok", "fraction"],
)
def test_the_time_that_was_given_is_signed_and_not_the_clock(
    certified: bytes, order: SigningOrder, signatory: Signer, at: datetime, written: str
) -> None:
    signed = sign(certified, replace(order, at=at), signatory)
    assert members(signed, "S0001")["/M"] == written
    claimed = embedded(signed)["S0001"].self_reported_timestamp
    assert claimed == at.replace(microsecond=0)


def test_a_time_without_a_zone_is_the_programmers_error() -> None:
    with pytest.raises(ValueError, match="a time with a zone is expected"):
        SigningOrder("S0001", "party", "ก", datetime(2026, 11, 22))  # noqa: DTZ001  # what is refused


@pytest.fixture(scope="module")
def signed_by_nineteen(
    certified: bytes, slots: Slots, make_signer: "MakeSigner", rsa_key: rsa.RSAPrivateKey, now: datetime
) -> tuple[bytes, ...]:
    """Every state of a document that nineteen people signed with keys of three kinds."""
    kinds: list[Callable[[], PrivateKey]] = [
        new_private_key,
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: rsa_key,
    ]
    states = [certified]
    for number, slot in enumerate(slots[:19]):
        signer = make_signer(f"ผู้ลงนาม {number}", kinds[number % 3]())
        states.append(sign(states[-1], SigningOrder(slot.name, "ภาคี", signer.common_name, now), signer))
    return tuple(states)


def test_nineteen_signatories_with_three_kinds_of_keys_are_all_valid(
    signed_by_nineteen: tuple[bytes, ...], network: Authority, now: datetime
) -> None:
    root = asn1_x509.Certificate.load(network.certificate.public_bytes(Encoding.DER))
    signatures = embedded(signed_by_nineteen[-1])
    assert len(signatures) == 20
    for field, one in signatures.items():
        context = ValidationContext(trust_roots=[root], moment=now, allow_fetching=False)
        status = validate_pdf_signature(one, signer_validation_context=context)
        assert status.bottom_line, field
        is_last = field == "S0019"
        assert status.coverage is (SignatureCoverageLevel.ENTIRE_FILE if is_last else SignatureCoverageLevel.ENTIRE_REVISION)
        assert status.modification_level is (ModificationLevel.NONE if is_last else ModificationLevel.FORM_FILLING)
        assert status.docmdp_ok


def test_each_state_begins_with_the_exact_bytes_of_the_one_before(signed_by_nineteen: tuple[bytes, ...]) -> None:
    for before, after in pairwise(signed_by_nineteen):
        assert revisions_grown(before, after)
    assert findings(signed_by_nineteen[-1]) == ()


def test_our_own_validation_finds_every_signature_intact(
    signed_by_nineteen: tuple[bytes, ...], network: Authority, now: datetime
) -> None:
    lists = (network.revocation_list(at=now - DAY, next_update=now + DAY, number=1),)
    checks = validate_signatures(signed_by_nineteen[-1], TrustAnchors((network.certificate,), lists), at=now)
    assert [check.verdict for check in checks] == ["passed"] * 20
    assert {check.level for check in checks} == {"B-B"}


def test_openssl_agrees_with_each_signature(signed_by_nineteen: tuple[bytes, ...], tmp_path: Path) -> None:
    pdf = signed_by_nineteen[-1]
    for field, value in values(pdf).items():
        first, length, second, rest = value.byte_range
        assert first == 0
        (tmp_path / "signed").write_bytes(pdf[:length] + pdf[second : second + rest])
        (tmp_path / "cms.der").write_bytes(value.contents)
        verify = ["openssl", "cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", "cms.der", "-content", "signed"]
        done = subprocess.run([*verify, "-out", "out"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, field) == (0, field), done.stderr
        (tmp_path / "signed").write_bytes(pdf[: length - 1] + b"!" + pdf[second : second + rest])
        assert subprocess.run([*verify, "-out", "out"], cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_the_attributes_are_the_bytes_that_pyhanko_itself_signs(signatory: Signer) -> None:
    """What is left out of the way there, encoding everything several times, changes nothing."""
    ours = LoadedKeySigner(signatory)
    default = LoadedKeySigner(signatory)
    default.signed_attr_prov_spec = None
    mine, theirs = (asyncio.run(signer.signed_attrs(b"\7" * 32, "sha256", use_pades=True)).dump() for signer in (ours, default))
    assert mine == theirs


@pytest.mark.parametrize("certificates", [1, 5], ids=["own-alone", "long-chain"])
@pytest.mark.parametrize("bits", [2048, 4096], ids=["rsa-2048", "rsa-4096"])
def test_the_room_for_a_signature_is_enough_for_long_keys_names_and_chains(
    certified: bytes, order: SigningOrder, now: datetime, rsa_key: rsa.RSAPrivateKey, certificates: int, bits: int
) -> None:
    authority = create_authority("ก" * 64, at=now - DAY, lifetime=60 * DAY)
    key = rsa_key if bits == 2048 else rsa.generate_private_key(65537, bits)
    subject = Subject("ข" * 64, "ค" * 64, "ง" * 64, "s" * 64)
    own = authority.issue(subject, key.public_key(), not_before=now - DAY, not_after=now + DAY)
    chain = tuple(
        authority.issue(subject, new_private_key().public_key(), not_before=now - DAY, not_after=now + DAY)
        for _ in range(certificates - 1)
    )
    signed = sign(certified, order, signer_from_key(key, own, chain))
    contents = values(signed)["S0001"].contents
    used = 4 + int.from_bytes(contents[2:4], "big")
    assert 0.6 < used / len(contents) < 0.9


def test_a_document_that_was_not_prepared_is_not_certified(
    tagged_pdf: bytes, plain_pdf: bytes, seal: Signer, now: datetime
) -> None:
    for pdf in (tagged_pdf, plain_pdf):
        with pytest.raises(
            FieldError, match="S0000: a field for the seal is expected, there is none; prepare the document first"
        ):
            certify(pdf, seal, at=now, name="ข่าย")


def test_a_document_is_certified_only_once_and_only_first(
    certified: bytes, seal: Signer, signatory: Signer, order: SigningOrder, now: datetime
) -> None:
    with pytest.raises(FieldError, match="S0000: the seal comes before every signature; prepare the document again"):
        certify(certified, seal, at=now, name="ข่าย")
    with pytest.raises(FieldError, match="S0000, S0001: the seal comes before every signature"):
        certify(sign(certified, order, signatory), seal, at=now, name="ข่าย")


def test_an_uncertified_document_is_not_signed(prepared: bytes, order: SigningOrder, signatory: Signer) -> None:
    for field in ("S0001", SEAL_FIELD):
        with pytest.raises(FieldError, match=r"\(DocMDP level 2\) is expected, got none; certify it first"):
            sign(prepared, replace(order, field=field), signatory)


@pytest.mark.parametrize("level", [1, 3], ids=["nothing", "comments"])
def test_a_document_that_may_change_in_another_way_is_not_signed(
    certified: bytes, order: SigningOrder, signatory: Signer, level: int
) -> None:
    with pikepdf.open(io.BytesIO(certified)) as document:
        document.Root.Perms.DocMDP.Reference[0].TransformParams.P = level
        changed = io.BytesIO()
        document.save(changed)
    with pytest.raises(FieldError, match=f"is expected, got {level}"):
        sign(changed.getvalue(), order, signatory)


def test_a_field_that_is_not_there_is_not_made(certified: bytes, order: SigningOrder, signatory: Signer) -> None:
    with pytest.raises(FieldError, match=r"S0099: a field of the document is expected, it has S0000, S0001, .*, S0020$"):
        sign(certified, replace(order, field="S0099"), signatory)


def test_a_field_is_signed_only_once(certified: bytes, order: SigningOrder, signatory: Signer) -> None:
    signed = sign(certified, order, signatory)
    for field in ("S0001", SEAL_FIELD):
        with pytest.raises(FieldError, match=f"{field}: an empty field is expected, this one is signed already"):
            sign(signed, replace(order, field=field), signatory)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"%PDF-1.7 hello",
        lambda pdf: pdf[:-2000],
        lambda pdf: pdf + b"\n7 0 obj\n(x)\nendobj\n" + b" " * 2000,
    ],
    ids=["empty", "text", "cut", "more-behind"],
)
def test_what_is_no_sound_pdf_is_neither_certified_nor_signed(
    prepared: bytes, certified: bytes, order: SigningOrder, signatory: Signer, now: datetime, spoil: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(PdfUnreadableError):
        sign(spoil(certified), order, signatory)
    with pytest.raises(PdfUnreadableError):
        certify(spoil(prepared), signatory, at=now, name="ข่าย")


def test_a_document_with_cross_references_of_two_kinds_is_not_signed(
    certified: bytes, order: SigningOrder, signatory: Signer
) -> None:
    last = int(certified.rsplit(b"startxref", 1)[1].split()[0])
    with pikepdf.open(io.BytesIO(certified)) as document:
        size, root = int(document.trailer.Size), document.Root.objgen[0]
    trailer = f"trailer\n<< /Size {size} /Root {root} 0 R /Prev {last} /XRefStm {last} >>\n"
    hybrid = certified + f"xref\n0 1\n0000000000 65535 f \n{trailer}startxref\n{len(certified)}\n%%EOF\n".encode()
    assert read_fields(hybrid) == read_fields(certified)
    with pytest.raises(PdfUnreadableError, match="a table and a stream of cross-references"):
        sign(hybrid, order, signatory)


def test_no_exception_of_a_library_escapes_whatever_byte_is_changed(
    certified: bytes, order: SigningOrder, signatory: Signer
) -> None:
    refused = 0
    for at in range(len(certified) - 3000, len(certified), 97):
        damaged = bytearray(certified)
        damaged[at] ^= 0x15
        try:
            sign(bytes(damaged), order, signatory)
        except (PdfUnreadableError, FieldError):
            refused += 1
    assert refused > 0


@pytest.mark.parametrize(("first", "last"), [(-3 * DAY, -2 * DAY), (2 * DAY, 3 * DAY)], ids=["expired", "not-yet-valid"])
def test_a_certificate_outside_its_time_signs_nothing(
    prepared: bytes,
    certified: bytes,
    order: SigningOrder,
    now: datetime,
    self_signed: "SelfSigned",
    first: timedelta,
    last: timedelta,
) -> None:
    key = new_private_key()
    signer = signer_from_key(key, self_signed(key, first=now + first, last=now + last), ())
    with pytest.raises(CertificateRefusedError, match=r"the certificate of Somebody is valid from .*; ask for a new one"):
        sign(certified, order, signer)
    with pytest.raises(CertificateRefusedError, match="the certificate of Somebody is valid from"):
        certify(prepared, signer, at=now, name="ข่าย")


def key_usage(*, digital_signature: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def test_a_certificate_for_encryption_signs_nothing(certified: bytes, order: SigningOrder, self_signed: "SelfSigned") -> None:
    key = new_private_key()
    with pytest.raises(CertificateRefusedError, match="its key usage has neither digital signature nor content commitment"):
        sign(certified, order, signer_from_key(key, self_signed(key, key_usage(digital_signature=False)), ()))


def test_digital_signature_alone_is_enough_to_sign(
    certified: bytes, order: SigningOrder, self_signed: "SelfSigned", now: datetime
) -> None:
    key = new_private_key()
    signed = sign(certified, order, signer_from_key(key, self_signed(key, key_usage(digital_signature=True)), ()))
    assert [(check.intact, check.valid) for check in validate_signatures(signed, None, at=now)] == [(True, True)] * 2


def test_signing_works_inside_a_running_event_loop(certified: bytes, order: SigningOrder, signatory: Signer) -> None:
    async def sign_there() -> bytes:
        return sign(certified, order, signatory)

    assert embedded(asyncio.run(sign_there())).keys() == {SEAL_FIELD, "S0001"}


def test_two_signatures_of_one_signer_stand_side_by_side(
    certified: bytes, order: SigningOrder, signatory: Signer, now: datetime
) -> None:
    signed = sign(sign(certified, order, signatory), replace(order, field="S0002"), signatory)
    assert [(check.field, check.integrity) for check in validate_signatures(signed, None, at=now)] == [
        (field, "intact") for field in (SEAL_FIELD, "S0001", "S0002")
    ]


WIDTH, HEIGHT = 200.5, 50.0


def stamp(width: float = WIDTH, height: float = HEIGHT, *, pages: int = 1, background: str = "#d0e0ff") -> bytes:
    font = next((bundled_templates_folder() / "fonts").rglob("*Regular.ttf"))
    style = (
        f'@font-face {{ font-family: S; src: url("{font.as_uri()}") }} @page {{ size: {width}pt {height}pt; margin: 0 }} '
        f"html {{ font: 9pt S; background: {background} }} p {{ margin: 0; break-after: page }}"
    )
    html = "<html lang=th>" + "<p>ลงลายมือชื่อโดย เด็กทุกคน</p>" * pages
    return bytes(weasyprint.HTML(string=html).write_pdf(stylesheets=[weasyprint.CSS(string=style)]) or b"")


def drawn(pdf: bytes, page: int) -> Image:
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        image: Image = document[page].render(scale=2, may_draw_forms=True).to_pil().convert("RGB")
        return image


def text_in(pdf: bytes, page: int, box: tuple[float, float, float, float]) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        shown = document[page]
        shown.flatten()
        return "".join(document[page].get_textpage().get_text_bounded(*box).split())


def test_an_appearance_is_drawn_in_the_box_and_nothing_outside_of_it_changes(
    certified: bytes, order: SigningOrder, signatory: Signer, slots: Slots
) -> None:
    signed = sign(certified, order, signatory, appearance=stamp())
    left, bottom, right, top = slots[0].box
    for page in range(2):
        before, after = drawn(certified, page), drawn(signed, page)
        changed = ImageChops.difference(before, after).getbbox()
        if page != slots[0].page:
            assert changed is None
            continue
        height = before.height
        allowed = (2 * left, height - 2 * top, 2 * right, height - 2 * bottom)
        assert changed is not None
        assert all(abs(one - other) <= 2 for one, other in zip(changed, allowed, strict=True))
        assert after.getpixel((int(2 * right) - 8, int(height - 2 * bottom) - 8)) == (0xD0, 0xE0, 0xFF)


def test_the_text_of_an_appearance_copies_out_of_its_box(
    certified: bytes, order: SigningOrder, signatory: Signer, slots: Slots
) -> None:
    signed = sign(certified, order, signatory, appearance=stamp())
    assert text_in(signed, slots[0].page, slots[0].box) == "ลงลายมือชื่อโดยเด็กทุกคน"
    assert text_in(certified, slots[0].page, slots[0].box) == ""


def test_an_appearance_leaves_every_signature_valid(
    certified: bytes, order: SigningOrder, signatory: Signer, now: datetime
) -> None:
    signed = sign(certified, order, signatory, appearance=stamp())
    signed = sign(signed, replace(order, field="S0002"), signatory, appearance=stamp())
    assert {check.integrity for check in validate_signatures(signed, None, at=now)} == {"intact"}
    for one in embedded(signed).values():
        status = validate_pdf_signature(one, signer_validation_context=ValidationContext(trust_roots=[], moment=now))
        assert status.intact
        assert status.valid
        assert status.docmdp_ok


def test_an_appearance_is_fitted_to_the_box_exactly(certified: bytes, order: SigningOrder, signatory: Signer) -> None:
    signed = sign(certified, order, signatory, appearance=stamp())
    with pikepdf.open(io.BytesIO(signed)) as document:
        form = next(field for field in document.Root.AcroForm.Fields if field.T == "S0001").AP.N
        assert [float(edge) for edge in form.BBox] == pytest.approx([0, 0, WIDTH, HEIGHT], abs=0.01)
        assert form.Subtype == "/Form"


def test_without_an_appearance_the_field_stays_empty(
    certified: bytes, order: SigningOrder, signatory: Signer, slots: Slots
) -> None:
    signed = sign(certified, order, signatory)
    page = slots[0].page
    assert ImageChops.difference(drawn(certified, page), drawn(signed, page)).getbbox() is None
    assert b"Courier" not in signed[len(certified) :]


@pytest.mark.parametrize(
    ("appearance", "words"),
    [
        (b"", "an appearance that is a PDF of one page is expected, got something else"),
        (b"%PDF-1.7 no", "an appearance that is a PDF of one page is expected, got something else"),
        ("two pages", r"an appearance of 1 page of 200.5 x 50.0 points is expected, got 2 of 200.5 x 50.0"),
        ("another size", r"an appearance of 1 page of 200.5 x 50.0 points is expected, got 1 of 100.0 x 50.0"),
    ],
    ids=["empty", "text", "two-pages", "another-size"],
)
def test_an_appearance_that_cannot_be_drawn_is_refused(
    certified: bytes, order: SigningOrder, signatory: Signer, appearance: bytes | str, words: str
) -> None:
    made = {"two pages": lambda: stamp(pages=2), "another size": lambda: stamp(100)}
    content = appearance if isinstance(appearance, bytes) else made[appearance]()
    with pytest.raises(SigningError, match=f"S0001: {words}"):
        sign(certified, order, signatory, appearance=content)


def test_a_field_without_a_place_takes_no_appearance(
    tagged_pdf: bytes, seal: Signer, signatory: Signer, order: SigningOrder, now: datetime
) -> None:
    slot = SignatureSlot("S0001", "ลายมือชื่อ", 0, (60.0, 100.0, 260.0, 160.0))
    with pikepdf.open(io.BytesIO(prepare_fields(tagged_pdf, [slot]))) as document:
        document.Root.AcroForm.Fields[1].Rect = pikepdf.Array([0, 0, 0, 0])
        placeless = io.BytesIO()
        document.save(placeless)
    certified = certify(placeless.getvalue(), seal, at=now, name="ข่าย")
    with pytest.raises(FieldError, match="S0001: the field has no place on a page"):
        sign(certified, order, signatory, appearance=stamp())
    assert read_fields(sign(certified, order, signatory))[1].is_filled


def test_a_failure_of_the_key_escapes_as_no_foreign_error_of_pyhanko(
    certified: bytes, order: SigningOrder, signatory: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too little room is noticed only when the key has signed; then nothing comes out."""
    monkeypatch.setattr(Signer, "longest_cms_bytes", property(lambda _: 100))
    with pytest.raises(SigningError, match="S0001: the signature could not be made: Final ByteRange payload larger"):
        sign(certified, order, signatory)


def test_pyhankos_own_signer_can_continue_where_we_stopped(
    certified: bytes, signatory: Signer, order: SigningOrder, now: datetime
) -> None:
    """The fields are ordinary ones: another tool that keeps to the seal's rules may fill them."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata

    signed = sign(certified, order, signatory)
    metadata = PdfSignatureMetadata(field_name="S0020", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    output = PdfSigner(metadata, LoadedKeySigner(signatory)).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(signed)), existing_fields_only=True
    )
    checks = validate_signatures(output.getvalue(), None, at=now, strict=False)
    assert [(check.field, check.integrity) for check in checks] == [(field, "intact") for field in (SEAL_FIELD, "S0001", "S0020")]
