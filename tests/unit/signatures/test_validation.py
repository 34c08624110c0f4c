from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signatures.authority import Revoked, create_authority
from signatures.cms_signer import LoadedKeySigner
from signatures.errors import PdfUnreadableError
from signatures.time_and_trust import LEADS_NOWHERE
from signatures.trust import TrustAnchors
from signatures.validation import SignatureCheck, validate_signatures

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

HOUR = timedelta(hours=1)


def check(
    memorandum: "SignedMemorandum", pdf: bytes, trust: TrustAnchors | None = None, **later: float
) -> tuple[SignatureCheck, ...]:
    return validate_signatures(pdf, trust, at=memorandum.signed_at + timedelta(**later))


def test_each_filled_field_has_one_check_in_the_order_of_signing(memorandum: "SignedMemorandum") -> None:
    checks = check(memorandum, memorandum.pdf, memorandum.anchors)
    assert [one.field for one in checks] == ["S0000", "S0001", "S0002", "S0003", "S0004"]
    assert [one.kind for one in checks] == ["seal", "signature", "signature", "signature", "signature"]
    assert {one.integrity for one in checks} == {"intact"}
    assert all(
        one.intact and one.valid and one.trusted and one.covers_revision_end and one.later_changes_allowed for one in checks
    )
    assert {(one.level, one.time_source, one.verdict, one.sub_indication) for one in checks} == {("B-B", "claimed", "passed", "")}


def test_a_check_says_who_signed_in_which_capacity_and_when(memorandum: "SignedMemorandum") -> None:
    last = check(memorandum, memorandum.pdf, memorandum.anchors)[-1]
    assert (last.signer, last.capacity) == ("นายคำ ตัวอย่าง", "พยานฝ่ายเครือข่าย")
    assert last.certificate_digest == str(memorandum.signers["S0004"].digest)
    assert last.time is not None
    assert last.time.astimezone(UTC) == memorandum.signed_at


def test_a_document_without_signatures_has_no_checks(memorandum: "SignedMemorandum") -> None:
    assert check(memorandum, memorandum.prepared) == ()
    assert check(memorandum, memorandum.blank()) == ()


@pytest.mark.parametrize("content", [pytest.param(b"", id="empty"), pytest.param(b"a text", id="text")])
def test_a_file_that_is_no_pdf_is_refused_as_unreadable(memorandum: "SignedMemorandum", content: bytes) -> None:
    with pytest.raises(PdfUnreadableError):
        check(memorandum, content)


@pytest.mark.parametrize("roots", [pytest.param(False, id="no anchors"), pytest.param(True, id="no roots in the anchors")])
def test_without_roots_nothing_is_said_about_trust(memorandum: "SignedMemorandum", roots: bool) -> None:  # noqa: FBT001 - a case
    checks = check(memorandum, memorandum.pdf, TrustAnchors(roots=()) if roots else None)
    assert {(one.trusted, one.integrity, one.verdict) for one in checks} == {(None, "intact", "indeterminate")}


def test_a_chain_to_no_given_root_is_indeterminate(memorandum: "SignedMemorandum") -> None:
    other = create_authority("อื่น", at=memorandum.signed_at - HOUR, lifetime=timedelta(days=30))
    checks = check(memorandum, memorandum.pdf, TrustAnchors((other.certificate,), (memorandum.revocation_list,)))
    assert {(one.trusted, one.sub_indication, one.verdict) for one in checks} == {
        (False, "NO_CERTIFICATE_CHAIN_FOUND", "indeterminate")
    }


def test_without_a_revocation_list_the_answer_is_try_later(memorandum: "SignedMemorandum") -> None:
    checks = check(memorandum, memorandum.pdf, TrustAnchors((memorandum.authority.certificate,)))
    assert {(one.trusted, one.sub_indication, one.verdict) for one in checks} == {(False, "TRY_LATER", "indeterminate")}


def test_a_revocation_list_past_its_next_update_is_no_answer(memorandum: "SignedMemorandum") -> None:
    checks = check(memorandum, memorandum.pdf, memorandum.anchors, days=11)
    assert {(one.trusted, one.sub_indication) for one in checks} == {(False, "TRY_LATER")}


def revoking(memorandum: "SignedMemorandum", field: str) -> TrustAnchors:
    serial = memorandum.signers[field].certificate.serial_number
    listed = memorandum.authority.revocation_list(
        at=memorandum.signed_at + HOUR,
        next_update=memorandum.signed_at + timedelta(days=10),
        number=2,
        revoked=[Revoked(serial, memorandum.signed_at + HOUR / 2)],
    )
    return TrustAnchors((memorandum.authority.certificate,), (listed,))


def test_a_revoked_certificate_without_proof_of_an_earlier_time_fails(memorandum: "SignedMemorandum") -> None:
    checks = check(memorandum, memorandum.pdf, revoking(memorandum, "S0002"), hours=2)
    assert [one.verdict for one in checks] == ["passed", "passed", "failed", "passed", "passed"]
    assert checks[2].sub_indication == "REVOKED_NO_POE"
    assert checks[2].integrity == "intact"


def test_an_expired_certificate_is_out_of_bounds_since_a_claimed_time_proves_nothing(memorandum: "SignedMemorandum") -> None:
    later = memorandum.signed_at + timedelta(days=31)
    listed = memorandum.authority.revocation_list(at=later - HOUR, next_update=later + HOUR, number=3)
    checks = check(memorandum, memorandum.pdf, TrustAnchors((memorandum.authority.certificate,), (listed,)), days=31)
    assert {(one.trusted, one.sub_indication, one.verdict) for one in checks} == {
        (False, "OUT_OF_BOUNDS_NO_POE", "indeterminate")
    }


def test_an_outsider_in_a_made_field_is_untrusted_and_changes_nothing_before(memorandum: "SignedMemorandum") -> None:
    pdf = memorandum.sign(memorandum.states[-2], "S0004", memorandum.outsider)
    checks = check(memorandum, pdf, memorandum.anchors)
    assert [one.trusted for one in checks] == [True, True, True, True, False]
    assert checks[-1].sub_indication in LEADS_NOWHERE


def test_a_changed_byte_that_was_signed_is_a_hash_failure(memorandum: "SignedMemorandum") -> None:
    pdf = memorandum.pdf.replace(b"/Adobe.PPKLite", b"/Adobe.PPKLitf", 1)
    assert pdf != memorandum.pdf
    checks = check(memorandum, pdf)
    assert {(one.integrity, one.sub_indication, one.verdict, one.intact) for one in checks} == {
        ("invalid", "HASH_FAILURE", "failed", False)
    }


def contents(pdf: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each signature's hexadecimal digits begin and end."""
    at = 0
    while (at := pdf.find(b"/Contents <", at)) >= 0:
        begin = at + len(b"/Contents <")
        at = pdf.index(b">", begin)
        yield begin, at


def test_a_signature_value_of_another_key_is_a_crypto_failure(memorandum: "SignedMemorandum") -> None:
    begin, end = list(contents(memorandum.pdf))[-1]
    cms = bytearray(bytes.fromhex(memorandum.pdf[begin:end].decode()))
    cms[len(bytes(cms).rstrip(b"\x00")) - 3] ^= 1
    checks = check(memorandum, memorandum.pdf[:begin] + cms.hex().encode() + memorandum.pdf[end:])
    assert [one.integrity for one in checks] == ["intact"] * 4 + ["invalid"]
    assert checks[-1].sub_indication == "SIG_CRYPTO_FAILURE"


def test_a_signature_that_cannot_be_read_hides_no_other(memorandum: "SignedMemorandum") -> None:
    begin, end = list(contents(memorandum.pdf))[-1]
    checks = check(memorandum, memorandum.pdf[:begin] + b"0" * (end - begin) + memorandum.pdf[end:])
    assert [one.integrity for one in checks] == ["intact"] * 4 + ["unreadable"]
    assert (checks[-1].sub_indication, checks[-1].verdict) == ("FORMAT_FAILURE", "indeterminate")
    assert "S0004" in str(checks[-1].reason)


def rewritten(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Return the PDF with one more, well-formed revision."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def replace_page(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Tabs"] = generic.pdf_name("/R")
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0).reference)


def add_visible_field(writer: IncrementalPdfFileWriter) -> None:
    fields.append_signature_field(writer, fields.SigFieldSpec("S0009", on_page=0, box=(10, 10, 200, 200)))


def add_invisible_field(writer: IncrementalPdfFileWriter) -> None:
    fields.append_signature_field(writer, fields.SigFieldSpec("S0009"))


def drop_form(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/Fields"].pop(2)
    writer.update_container(form["/Fields"])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(replace_page, id="a page changed"),
        pytest.param(add_visible_field, id="a visible field added"),
        pytest.param(add_invisible_field, id="an invisible field added"),
        pytest.param(drop_form, id="a field removed"),
    ],
)
def test_a_well_formed_update_that_is_not_allowed_modifies_every_signature(
    memorandum: "SignedMemorandum", change: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    for state in (memorandum.certified, memorandum.pdf):
        checks = check(memorandum, rewritten(state, change))
        assert checks
        assert {one.integrity for one in checks} == {"modified"}
        assert {one.verdict for one in checks} == {"failed"}


def test_a_new_signed_field_is_allowed_in_a_file_from_elsewhere_and_not_in_ours(memorandum: "SignedMemorandum") -> None:
    pdf = memorandum.blank()
    for name in ("Signature1", "Signature2"):
        written = BytesIO()
        metadata = PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
        signer = PdfSigner(metadata, signer=LoadedKeySigner(memorandum.signers["S0001"]))
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=written)
        pdf = written.getvalue()
    elsewhere = validate_signatures(pdf, None, at=memorandum.signed_at, strict=False)
    assert [one.integrity for one in elsewhere] == ["intact", "intact"]
    assert [one.integrity for one in check(memorandum, pdf)] == ["modified", "intact"]


def test_verdicts_are_derived_from_the_facts(memorandum: "SignedMemorandum") -> None:
    good = check(memorandum, memorandum.pdf, memorandum.anchors)[0]
    assert good.verdict == "passed"
    assert replace(good, integrity="unreadable").verdict == "indeterminate"
    assert replace(good, integrity="modified").verdict == "failed"
    assert replace(good, trusted=None).verdict == "indeterminate"
    assert replace(good, sub_indication="REVOKED").verdict == "failed"


@pytest.fixture(scope="module")
def stamped(memorandum: "SignedMemorandum") -> bytes:
    """The certified document with one signature under a time stamp of `signed_at`, by a service that the authority certified."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer = memorandum.authority
    own = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "time stamps")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(memorandum.signed_at - HOUR)
        .not_valid_after(memorandum.signed_at + timedelta(days=300))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .sign(issuer.private_key, hashes.SHA256())
    )
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        fixed_dt=memorandum.signed_at,
    )
    metadata = PdfSignatureMetadata(field_name="S0001", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
    signer = PdfSigner(metadata, signer=LoadedKeySigner(memorandum.signers["S0001"]), timestamper=stamper)
    written = BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(memorandum.certified)), output=written)
    return written.getvalue()


def lists_at(memorandum: "SignedMemorandum", days: int, revoked_at: datetime | None = None) -> TrustAnchors:
    issued = memorandum.signed_at + timedelta(days=days)
    serial = memorandum.signers["S0001"].certificate.serial_number
    listed = memorandum.authority.revocation_list(
        at=issued,
        next_update=issued + timedelta(days=2),
        number=9,
        revoked=[] if revoked_at is None else [Revoked(serial, revoked_at)],
    )
    return TrustAnchors((memorandum.authority.certificate,), (listed,))


def test_a_time_stamp_proves_the_time_beyond_the_certificate(memorandum: "SignedMemorandum", stamped: bytes) -> None:
    seal, signature = check(memorandum, stamped, lists_at(memorandum, 40), days=41)
    assert seal.sub_indication == "OUT_OF_BOUNDS_NO_POE"
    assert (signature.level, signature.time_source, signature.trusted, signature.verdict) == ("B-T", "timestamp", True, "passed")
    assert signature.time == memorandum.signed_at


def test_a_certificate_revoked_after_the_time_stamp_was_good_when_it_signed(
    memorandum: "SignedMemorandum", stamped: bytes
) -> None:
    anchors = lists_at(memorandum, 5, revoked_at=memorandum.signed_at + timedelta(days=4))
    assert check(memorandum, stamped, anchors, days=6)[1].verdict == "passed"


def test_a_certificate_revoked_before_the_time_stamp_fails(memorandum: "SignedMemorandum", stamped: bytes) -> None:
    anchors = lists_at(memorandum, 5, revoked_at=memorandum.signed_at - HOUR / 2)
    signature = check(memorandum, stamped, anchors, days=6)[1]
    assert (signature.sub_indication, signature.verdict) == ("REVOKED", "failed")


def test_a_time_stamp_that_no_root_stands_for_proves_nothing(memorandum: "SignedMemorandum", stamped: bytes) -> None:
    assert [(one.level, one.time_source) for one in check(memorandum, stamped)] == [("B-B", "claimed"), ("B-T", "claimed")]


def test_validation_data_may_follow_the_last_signature_and_nothing_else(memorandum: "SignedMemorandum", stamped: bytes) -> None:
    written = BytesIO(stamped)
    DocumentSecurityStore.add_dss(
        written,
        None,
        certs=[asn1_x509.Certificate.load(memorandum.authority.certificate.public_bytes(Encoding.DER))],
        crls=[asn1_crl.CertificateList.load(memorandum.revocation_list)],
    )
    with_data = check(memorandum, written.getvalue(), TrustAnchors((memorandum.authority.certificate,)))
    assert [(one.integrity, one.verdict, one.level) for one in with_data] == [
        ("intact", "passed", "B-B"),
        ("intact", "passed", "B-LT"),
    ]
    changed = check(memorandum, rewritten(written.getvalue(), add_orphan))
    assert changed[-1].integrity == "modified"


def add_orphan(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(generic.pdf_name("/Orphan"))
