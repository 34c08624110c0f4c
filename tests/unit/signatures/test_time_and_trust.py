"""Each outcome of time and trust by itself, in a PKI whose clock can be set; openssl as a second opinion where it has one."""

import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signatures.authority import certificate_to_pem, new_private_key
from signatures.fields import SignatureSlot, prepare_fields
from signatures.longterm import extend
from signatures.longterm_revisions import write_validation_data
from signatures.signing import SigningOrder, certify, sign
from signatures.trust import RootSet, TrustAnchors, for_asn1
from signatures.validation import SignatureCheck, validate_signatures
from tests.unit.signatures.pki import Fetching, Pki, build_pki

SIGNED = datetime(2026, 11, 22, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ORDER = SigningOrder("S0001", "ภาคี", "นายก้อง ทดสอบ", SIGNED)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return build_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def document(pki: Pki, plain_pdf: bytes) -> bytes:
    slot = SignatureSlot("S0001", "ลายมือชื่อ", 0, (60, 100, 260, 160))
    return certify(prepare_fields(plain_pdf, [slot]), pki.signer("signer"), at=SIGNED, name="เครือข่าย")


def signed(pki: Pki, document: bytes, label: str, *, stamped_by: str | None = None) -> bytes:
    timestamps = pki.timestamps(stamped_by, SIGNED) if stamped_by else None
    return sign(document, ORDER, pki.signer(label), timestamps=timestamps)


def anchors(pki: Pki, at: datetime, *repositories: str) -> TrustAnchors:
    """Both roots, and the lists as they are at this time, of all authorities or of some."""
    lists = tuple(pki.revocation_list(one, at) for one in repositories or ("root", "interm", "tsa-root"))
    return TrustAnchors((pki.certificate("root"), pki.certificate("tsa-root")), lists)


def judge(pdf: bytes, trust: TrustAnchors, at: datetime) -> SignatureCheck:
    """What is found out about S0001."""
    return next(check for check in validate_signatures(pdf, trust, at=at) if check.field == "S0001")


def test_a_signer_who_was_revoked_before_fails(pki: Pki, document: bytes, tmp_path: Path) -> None:
    check = judge(signed(pki, document, "revoked"), anchors(pki, SIGNED), SIGNED)
    assert (check.integrity, check.sub_indication, check.verdict) == ("intact", "REVOKED_NO_POE", "failed")
    assert "revoked" in openssl_verdict(pki, "revoked", pki.revocation_list("interm", SIGNED), tmp_path)


def test_a_time_stamp_proves_that_a_revoked_signer_signed_too_late(pki: Pki, document: bytes) -> None:
    check = judge(signed(pki, document, "revoked", stamped_by="one"), anchors(pki, SIGNED), SIGNED + HOUR)
    assert (check.sub_indication, check.time_source, check.verdict) == ("REVOKED", "timestamp", "failed")


def test_openssl_agrees_that_a_good_signer_is_good(pki: Pki, tmp_path: Path) -> None:
    assert openssl_verdict(pki, "signer", pki.revocation_list("interm", SIGNED), tmp_path).endswith("OK\n")


def test_an_expired_certificate_without_a_time_stamp_cannot_be_known(pki: Pki, document: bytes) -> None:
    later = SIGNED + 30 * DAY
    check = judge(signed(pki, document, "short"), anchors(pki, later), later)
    assert (check.sub_indication, check.verdict) == ("OUT_OF_BOUNDS_NO_POE", "indeterminate")


def test_an_expired_certificate_with_a_time_stamp_passes(pki: Pki, document: bytes) -> None:
    later = SIGNED + 30 * DAY
    trust = anchors(pki, SIGNED)
    trust = replace(trust, revocation_lists=(*trust.revocation_lists, pki.revocation_list("tsa-root", later)))
    check = judge(signed(pki, document, "short", stamped_by="one"), trust, later)
    assert (check.sub_indication, check.time, check.time_source, check.verdict) == ("", SIGNED, "timestamp", "passed")


def test_a_list_made_after_the_certificate_expired_says_nothing_about_it(pki: Pki, document: bytes) -> None:
    later = SIGNED + 30 * DAY
    check = judge(signed(pki, document, "short", stamped_by="one"), anchors(pki, later), later)
    assert (check.sub_indication, check.verdict) == ("NO_POE", "indeterminate")


def test_a_time_stamp_from_an_unknown_authority_proves_nothing(pki: Pki, document: bytes) -> None:
    later = SIGNED + 30 * DAY
    pdf = signed(pki, document, "short", stamped_by="stranger")
    check = judge(pdf, anchors(pki, later), later)
    assert (check.level, check.time_source) == ("B-T", "claimed")
    assert (check.sub_indication, check.verdict) == ("OUT_OF_BOUNDS_NO_POE", "indeterminate")
    now = judge(pdf, anchors(pki, SIGNED), SIGNED)
    assert (now.time_source, now.verdict) == ("claimed", "passed")


def test_revocation_that_cannot_be_had_is_never_a_yes(pki: Pki, document: bytes) -> None:
    check = judge(signed(pki, document, "signer"), anchors(pki, SIGNED, "root"), SIGNED)
    assert (check.sub_indication, check.trusted, check.verdict) == ("TRY_LATER", False, "indeterminate")


def test_the_result_names_the_root_and_its_set(pki: Pki, document: bytes) -> None:
    trust = replace(anchors(pki, SIGNED), root_sets=(RootSet("partners", (pki.certificate("root"),)),))
    check = judge(signed(pki, document, "signer"), trust, SIGNED)
    assert (check.trust_root, check.trust_set) == ("Trial root", "partners")
    assert "Trial root of partners" in str(check.trust_reason)


def response_for(pki: Pki, at: datetime, service: str = "interm", label: str = "signer") -> bytes:
    request = ocsp.OCSPRequestBuilder().add_certificate(pki.certificate(label), pki.certificate("interm"), hashes.SHA1())  # noqa: S303
    return pki.response(request.build().public_bytes(Encoding.DER), at, service)


def with_response(pki: Pki, document: bytes, response: bytes, label: str = "signer") -> bytes:
    """The document, signed, with this OCSP response in its store in place of a list."""
    certificates = [pki.certificate(one).public_bytes(Encoding.DER) for one in (label, "interm", "responder")]
    return write_validation_data(
        signed(pki, document, label), certificates=certificates, lists=[], responses=[response], is_own=True
    )


def test_an_ocsp_response_in_the_store_is_taken(pki: Pki, document: bytes, tmp_path: Path) -> None:
    response = response_for(pki, SIGNED)
    check = judge(with_response(pki, document, response), anchors(pki, SIGNED, "root"), SIGNED)
    assert (check.sub_indication, check.verdict) == ("", "passed")
    second_opinion = openssl_on_response(pki, response, tmp_path)
    assert "Response verify OK" in second_opinion
    assert "\ngood\n" in second_opinion


def test_an_ocsp_response_that_says_revoked_is_believed(pki: Pki, document: bytes) -> None:
    response = response_for(pki, SIGNED, label="revoked")
    check = judge(with_response(pki, document, response, "revoked"), anchors(pki, SIGNED, "root"), SIGNED)
    assert (check.sub_indication, check.verdict) == ("REVOKED_NO_POE", "failed")


def test_an_ocsp_response_by_somebody_without_the_right_to_it_says_nothing(pki: Pki, document: bytes, tmp_path: Path) -> None:
    response = response_for(pki, SIGNED, "wrong")
    check = judge(with_response(pki, document, response), anchors(pki, SIGNED, "root"), SIGNED)
    assert (check.trusted, check.verdict) == (False, "indeterminate")
    assert "missing ocspsigning usage" in openssl_on_response(pki, response, tmp_path)


def test_an_ocsp_response_that_is_too_old_says_nothing(pki: Pki, document: bytes) -> None:
    pdf = with_response(pki, document, response_for(pki, SIGNED))
    check = judge(pdf, anchors(pki, SIGNED + 20 * DAY, "root"), SIGNED + 20 * DAY)
    assert (check.sub_indication, check.verdict) == ("TRY_LATER", "indeterminate")


def test_an_ocsp_response_that_was_changed_says_nothing(pki: Pki, document: bytes) -> None:
    response = asn1_ocsp.OCSPResponse.load(response_for(pki, SIGNED, label="revoked"))
    basic = response["response_bytes"]["response"].parsed
    basic["tbs_response_data"]["responses"][0]["cert_status"] = asn1_ocsp.CertStatus(name="good", value=None)
    response["response_bytes"]["response"] = basic
    check = judge(with_response(pki, document, response.dump(force=True), "revoked"), anchors(pki, SIGNED, "root"), SIGNED)
    assert (check.trusted, check.verdict) == (False, "indeterminate")


def test_statements_inside_the_signature_itself_are_taken(pki: Pki, plain_pdf: bytes) -> None:
    """Adobe's way: the signed attributes hold list and response, and the file has no store."""
    slot = SignatureSlot("S0001", "ลายมือชื่อ", 0, (60, 100, 260, 160))
    lists = [pki.revocation_list(one, SIGNED) for one in ("root", "interm")]
    chain = SimpleCertificateStore.from_certs([for_asn1(pki.certificate("interm"))])
    key = PrivateKeyInfo.load(pki.key("signer"))
    own = SimpleSigner(signing_cert=for_asn1(pki.certificate("signer")), signing_key=key, cert_registry=chain)
    context = ValidationContext(
        trust_roots=[for_asn1(pki.certificate("root"))],
        other_certs=[for_asn1(pki.certificate("interm"))],
        crls=lists,
        ocsps=[response_for(pki, SIGNED)],
        moment=SIGNED,
        revocation_mode="require",
    )
    metadata = PdfSignatureMetadata("S0001", md_algorithm="sha256", embed_validation_info=True, validation_context=context)
    written = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(prepare_fields(plain_pdf, [slot])))
    PdfSigner(metadata, signer=own).sign_pdf(writer, output=written)
    pdf = written.getvalue()
    assert b"/DSS" not in pdf
    (check,) = validate_signatures(pdf, replace(anchors(pki, SIGNED), revocation_lists=()), at=SIGNED, strict=False)
    assert (check.sub_indication, check.verdict) == ("", "passed")


def test_a_copied_signature_does_not_make_a_forged_list_count(pki: Pki, document: bytes) -> None:
    """pyHanko knows the issuer of a list by its signature value: an old list would vouch for one with newer dates."""
    old = crl.CertificateList.load(pki.revocation_list("interm", datetime(2026, 5, 25, tzinfo=UTC)))
    forged = old.copy()
    forged["tbs_cert_list"]["this_update"] = crl.Time({"utc_time": SIGNED})
    forged["tbs_cert_list"]["next_update"] = crl.Time({"utc_time": SIGNED + DAY})
    content = forged.dump(force=True)
    assert crl.CertificateList.load(content).signature == old.signature
    pdf = write_validation_data(signed(pki, document, "revoked"), certificates=[], lists=[content], responses=[], is_own=True)
    trust = anchors(pki, SIGNED, "root")
    trust = replace(trust, revocation_lists=(*trust.revocation_lists, old.dump()))
    assert [(one.sub_indication, one.trusted) for one in validate_signatures(pdf, trust, at=SIGNED)] == [("TRY_LATER", False)] * 2


def test_a_copied_signature_does_not_make_a_forged_authority_count(pki: Pki, document: bytes) -> None:
    """A twin of the authority with its name, number and signature value, but another key, signs an empty list."""
    key = new_private_key()
    genuine = pki.certificate("interm")
    twin = replace_key(genuine, key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    empty = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(genuine.subject)
        .last_update(SIGNED)
        .next_update(SIGNED + DAY)
        .sign(key, hashes.SHA256())
    )
    pdf = write_validation_data(
        signed(pki, document, "revoked"),
        certificates=[twin],
        lists=[empty.public_bytes(Encoding.DER)],
        responses=[],
        is_own=True,
    )
    checks = validate_signatures(pdf, anchors(pki, SIGNED, "root"), at=SIGNED)
    assert [check.trusted for check in checks] == [False, False]


def replace_key(certificate: x509.Certificate, key: bytes) -> bytes:
    """Return the certificate with another public key of the same length and the signature that it had."""
    own = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    content = certificate.public_bytes(Encoding.DER)
    assert content.count(own) == 1
    assert len(own) == len(key)
    return content.replace(own, key)


def test_a_list_of_an_authority_that_expired_counts_only_when_its_age_is_proven(pki: Pki, document: bytes) -> None:
    """One list, inside the archive time stamp, and brought along in 2032, when its authority's key may be anybody's."""
    extended = extend(
        signed(pki, document, "signer"),
        anchors(pki, SIGNED),
        pki.timestamps("one", SIGNED),
        at=SIGNED,
        fetch=Fetching(pki, SIGNED),
        is_own=True,
    ).pdf
    at = datetime(2032, 1, 1, tzinfo=UTC)
    assert judge(extended, anchors(pki, at, "tsa-root"), at).verdict == "passed"
    stamped = signed(pki, document, "signer", stamped_by="one")
    trust = anchors(pki, SIGNED, "root", "interm")
    brought = replace(trust, revocation_lists=(*trust.revocation_lists, pki.revocation_list("tsa-root", at)))
    check = judge(stamped, brought, at)
    assert (check.time_source, check.sub_indication, check.verdict) == ("timestamp", "NO_POE", "indeterminate")


def openssl_verdict(pki: Pki, label: str, listed: bytes, folder: Path) -> str:
    """What openssl says about a certificate, by the same lists and as of the same time."""
    (folder / "root.pem").write_bytes(certificate_to_pem(pki.certificate("root")))
    (folder / "interm.pem").write_bytes(certificate_to_pem(pki.certificate("interm")))
    (folder / "signer.pem").write_bytes(certificate_to_pem(pki.certificate(label)))
    lists = (listed, pki.revocation_list("root", SIGNED))
    pem = b"".join(x509.load_der_x509_crl(one).public_bytes(Encoding.PEM) for one in lists)
    (folder / "lists.pem").write_bytes(pem)
    command = ["openssl", "verify", "-crl_check_all", "-attime", str(int(SIGNED.timestamp())), "-CAfile", "root.pem"]
    done = subprocess.run(
        [*command, "-untrusted", "interm.pem", "-CRLfile", "lists.pem", "signer.pem"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def openssl_on_response(pki: Pki, response: bytes, folder: Path) -> str:
    """What openssl says about an OCSP response as of the time of signing."""
    (folder / "response").write_bytes(response)
    (folder / "root.pem").write_bytes(certificate_to_pem(pki.certificate("root")))
    (folder / "chain.pem").write_bytes(certificate_to_pem(pki.certificate("interm")))
    (folder / "signer.pem").write_bytes(certificate_to_pem(pki.certificate("signer")))
    command = ["openssl", "ocsp", "-respin", "response", "-CAfile", "root.pem", "-verify_other", "chain.pem"]
    done = subprocess.run(
        [*command, "-issuer", "chain.pem", "-cert", "signer.pem", "-attime", str(int(SIGNED.timestamp()))],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stderr + done.stdout


def test_openssl_agrees_with_signature_and_time_stamp(pki: Pki, document: bytes, tmp_path: Path) -> None:
    pdf = signed(pki, document, "short", stamped_by="one")
    embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
    first, length, second, rest = (int(number) for number in embedded.byte_range)
    (tmp_path / "content").write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    (tmp_path / "cms").write_bytes(embedded.pkcs7_content)
    (tmp_path / "root.pem").write_bytes(certificate_to_pem(pki.certificate("root")))
    (tmp_path / "time.pem").write_bytes(certificate_to_pem(pki.certificate("tsa-root")))
    token = next(
        one["values"][0] for one in embedded.signer_info["unsigned_attrs"] if one["type"].native == "signature_time_stamp_token"
    )
    (tmp_path / "token").write_bytes(token.dump())
    (tmp_path / "value").write_bytes(embedded.signer_info["signature"].native)
    at = str(int(SIGNED.timestamp()))
    signature = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "content", "-out", "out"]
    signature += ["-CAfile", "root.pem", "-attime", at, "-purpose", "any"]
    stamp = ["ts", "-verify", "-data", "value", "-in", "token", "-token_in", "-CAfile", "time.pem", "-attime", at]
    for arguments in (signature, stamp):
        done = subprocess.run(["openssl", *arguments], cwd=tmp_path, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
