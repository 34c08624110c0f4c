"""A file that was signed elsewhere: whose files are accepted and stay sound, and one refusal for each thing that breaks."""

import io
import pickle
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PreparedByteRangeDigest, SignatureObject

from signatures import comparison
from signatures.authority import Authority, Subject, create_authority, new_private_key
from signatures.cms_signer import LoadedKeySigner
from signatures.digests import digest_of
from signatures.fields import SignatureSlot, prepare_fields
from signatures.longterm_revisions import write_archive_timestamp, write_validation_data
from signatures.return_faults import ReturnFault, ReturnRefusedError
from signatures.returned import LARGEST_GROWTH_BYTES, Returned, prefix_digests, read_returned
from signatures.revisions import findings
from signatures.running import run
from signatures.signers import Signer, signer_from_key
from signatures.signing import SigningOrder, certify, sign
from signatures.trust import TrustAnchors
from signatures.validation import validate_signatures
from tests.foreign_programs import (
    HAS_MUPDF,
    HAS_PDFSIG,
    openssl_accepts_last_signature,
    sign_with_mupdf,
    sign_with_mupdf_and_openssl,
    sign_with_pdfsig,
    sign_with_pyhanko,
)
from tests.unit.signatures.pki import Pki, build_pki

CAPACITY = "ผู้แทนองค์กรที่ได้รับมอบอำนาจ (authorised_representative)"
FIELDS = ("S0001", "S0002", "S0003")
NAME = "นายก้อง ทดสอบ"
DAY = timedelta(days=1)
needs_mupdf = pytest.mark.skipif(not HAS_MUPDF, reason="mutool is missing: Debian package mupdf-tools")
needs_pdfsig = pytest.mark.skipif(
    not HAS_PDFSIG, reason="pdfsig, certutil or pk12util is missing: Debian packages poppler-utils and libnss3-tools"
)


@dataclass(frozen=True, repr=False)
class Table:
    """A certified document of today, since other programs sign by their own clocks, and its signatory."""

    authority: Authority
    base: bytes
    signer: Signer
    rsa_signer: Signer
    other: Signer
    now: datetime
    pki: Pki

    @property
    def anchors(self) -> TrustAnchors:
        """The network's root and its list, and the root of the time stamps."""
        listed = self.authority.revocation_list(at=self.now - timedelta(minutes=1), next_update=self.now + DAY, number=1)
        time_list = self.pki.revocation_list("tsa-root", self.now)
        return TrustAnchors((self.authority.certificate, self.pki.certificate("tsa-root")), (listed, time_list))

    def read(self, returned: bytes, *, field: str | None = None, at: datetime | None = None) -> Returned:
        """Read what came back; all three fields wait for the same capacity."""
        asked = dict.fromkeys(FIELDS, CAPACITY)
        later = datetime.now(UTC) + timedelta(seconds=1)  # a signature's time has no fractions
        return read_returned(self.base, returned, asked=asked, field=field, trust=self.anchors, at=at or later)

    def signed(self, field: str = "S0001", **options: object) -> bytes:
        """The document, signed by pyHanko as its command line does."""
        return sign_with_pyhanko(self.base, field, self.signer, **options)  # type: ignore[arg-type]  # passed on as they came


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """How busy the machine is that runs the tests is no fact about the files."""
    monkeypatch.setattr(comparison, "COMPARISON_SECONDS_AT_MOST", 600.0)


def issue(authority: Authority, name: str, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, now: datetime) -> Signer:
    certificate = authority.issue(Subject(name), key.public_key(), not_before=now - DAY, not_after=now + 30 * DAY)
    return signer_from_key(key, certificate, (authority.certificate,))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory, tagged_pdf: bytes, rsa_key: rsa.RSAPrivateKey) -> Table:
    now = datetime.now(UTC).replace(microsecond=0)
    authority = create_authority("เครือข่ายทดสอบ", at=now - 2 * DAY, lifetime=365 * DAY)
    slots = [SignatureSlot(name, name, 1, (60, 100 * row, 260, 100 * row + 60)) for row, name in enumerate(FIELDS, start=1)]
    seal = issue(authority, "ตราประทับ", new_private_key(), now)
    return Table(
        authority=authority,
        base=certify(prepare_fields(tagged_pdf, slots), seal, at=now, name="เครือข่ายทดสอบ"),
        signer=issue(authority, NAME, new_private_key(), now),
        rsa_signer=issue(authority, NAME, rsa_key, now),
        other=issue(authority, "นางแก้ว ทดสอบ", new_private_key(), now),
        now=now,
        pki=build_pki(tmp_path_factory.mktemp("pki")),
    )


def with_revision(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with one more revision, as some other tool would write it."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def add_note(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    box = generic.ArrayObject([generic.NumberObject(edge) for edge in (10, 10, 90, 90)])
    names = {"/Type": "/Annot", "/Subtype": "/Text"}
    note = generic.DictionaryObject({pdf_name(key): pdf_name(value) for key, value in names.items()})
    note[pdf_name("/Rect")], note[pdf_name("/Contents")] = box, generic.pdf_string("แก้ข้อ ๑")
    notes = page.get("/Annots", generic.ArrayObject())
    page[pdf_name("/Annots")] = generic.ArrayObject([*notes, writer.add_object(note)])
    writer.update_container(page)


def add_empty_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Mine", box=(10, 10, 90, 90)))


def signed_oddly(
    table: Table,
    signer: Signer | None = None,
    *,
    value: SignatureObject | None = None,
    locks: SigMDPSetup | None = None,
    change: Callable[[SignatureObject], None] = lambda _value: None,
) -> bytes:
    """A signature in the first field as no careful program makes it."""
    value = value or SignatureObject(timestamp=table.now, subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)
    change(value)
    output = io.BytesIO()
    phases = PdfCMSEmbedder().write_cms("S0001", IncrementalPdfFileWriter(io.BytesIO(table.base)), existing_fields_only=True)
    next(phases)
    phases.send(SigObjSetup(value, mdp_setup=locks))
    prepared, _ = phases.send(SigIOSetup("sha256", output=output))
    assert isinstance(prepared, PreparedByteRangeDigest)
    made = run(LoadedKeySigner(signer or table.signer).async_sign(prepared.document_digest, "sha256", use_pades=True))
    prepared.fill_with_cms(output, made.dump())
    return output.getvalue()


def locked(table: Table, action: FieldMDPAction, *fields: str) -> bytes:
    spec = FieldMDPSpec(action, list(fields))
    return signed_oddly(table, locks=SigMDPSetup("sha256", certify=False, field_lock=spec))


def without_time(value: SignatureObject) -> None:
    del value["/M"]


def with_a_name_as_reason(value: SignatureObject) -> None:
    value[pdf_name("/Reason")] = pdf_name("/Witness")


def set_time(value: SignatureObject, at: datetime) -> None:
    value[pdf_name("/M")] = generic.pdf_date(at)


def timestamp_as_signature(table: Table) -> bytes:
    """A document time stamp in the place of the signature."""
    output, service = io.BytesIO(), table.pki.timestamps("one", table.now)
    phases = PdfCMSEmbedder().write_cms("S0001", IncrementalPdfFileWriter(io.BytesIO(table.base)), existing_fields_only=True)
    next(phases)
    phases.send(SigObjSetup(DocumentTimestamp(bytes_reserved=16384)))
    prepared, _ = phases.send(SigIOSetup("sha256", output=output))
    assert isinstance(prepared, PreparedByteRangeDigest)
    prepared.fill_with_cms(output, service.token(prepared.document_digest).dump())
    return output.getvalue()


def self_signed_by(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    """A certificate of nobody, which no authority of ours would issue."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    return builder.not_valid_before(now - DAY).not_valid_after(now + DAY).sign(key, hashes.SHA256())


def with_weak_key(table: Table) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # that is the fault
    return signed_oddly(table, Signer(self_signed_by(key, table.now), (), key))


def with_archive_timestamp(table: Table) -> bytes:
    return write_archive_timestamp(table.signed(is_pades=True), table.pki.timestamps("one", table.now), is_own=True)


def with_validation_data(table: Table) -> bytes:
    lists = table.anchors.revocation_lists
    return write_validation_data(table.signed(is_pades=True), certificates=[], lists=lists, responses=[], is_own=True)


def resaved(pdf: bytes, **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, **options)  # type: ignore[arg-type]  # passed on as they came
    return out.getvalue()


def printed(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.Annots = pikepdf.Array()
        del document.Root.AcroForm, document.Root.Perms
        document.save(out)
    return out.getvalue()


def flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


ACCEPTED: dict[str, Callable[[Table], bytes]] = {
    "pyHanko": lambda table: table.signed(),
    "pyHanko in PAdES": lambda table: table.signed(is_pades=True),
    "pyHanko with an RSA key": lambda table: sign_with_pyhanko(table.base, "S0002", table.rsa_signer),
    "pyHanko by SHA-512": lambda table: table.signed(digest="sha512"),
    "the capacity as the reason": lambda table: table.signed(reason=CAPACITY),
    "the capacity in another spelling": lambda table: table.signed(reason=unicodedata.normalize("NFD", CAPACITY)),
    "an empty reason": lambda table: table.signed(reason=" "),
    "validation data behind it": with_validation_data,
    "a document time stamp behind it": with_archive_timestamp,
    "a lock of its own field": lambda table: locked(table, FieldMDPAction.INCLUDE, "S0001"),
}


def require_stays_sound(table: Table, pdf: bytes, field: str) -> None:
    """What was accepted validates today, and also with our own signatures and validation data on top."""
    for following in FIELDS:
        if following != field:
            pdf = sign(pdf, SigningOrder(following, CAPACITY, "นางแก้ว ทดสอบ", table.now), table.other)
    pdf = write_archive_timestamp(pdf, table.pki.timestamps("one", table.now), is_own=True)
    assert findings(pdf) == ()
    checks = validate_signatures(pdf, table.anchors, at=datetime.now(UTC) + timedelta(seconds=1))
    assert {check.field for check in checks} >= {"S0000", *FIELDS}
    assert [check for check in checks if not (check.integrity == "intact" and check.trusted)] == []
    assert [check for check in checks if not check.later_changes_allowed] == []


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_signature_and_nothing_else_is_accepted_and_stays_sound(table: Table, tmp_path: Path, case: str) -> None:
    returned = ACCEPTED[case](table)
    found = table.read(returned)
    signer = table.rsa_signer if "RSA" in case else table.signer
    assert (found.certificate, found.check.trusted) == (signer.certificate, True)
    assert found.states_capacity is ("capacity" in case)
    assert len(found.timestamps) == ("time stamp" in case)
    if "time stamp" not in case:
        assert openssl_accepts_last_signature(returned, tmp_path)
    require_stays_sound(table, returned, found.field)


@needs_mupdf
def test_a_file_by_programs_that_share_no_code_with_pyhanko_is_accepted(table: Table, tmp_path: Path) -> None:
    returned = sign_with_mupdf_and_openssl(table.base, "S0002", table.signer, tmp_path)
    found = table.read(returned, field="S0002")
    assert (found.field, found.check.signer, found.check.trusted) == ("S0002", NAME, True)
    assert openssl_accepts_last_signature(returned, tmp_path)
    require_stays_sound(table, returned, "S0002")


@needs_mupdf
def test_mupdf_by_itself_signs_by_a_digest_that_is_over(table: Table, tmp_path: Path) -> None:
    returned = sign_with_mupdf(table.base, "S0001", table.rsa_signer, tmp_path)
    with pytest.raises(ReturnRefusedError, match=r"by SHA-256 or better is expected, got /adbe\.pkcs7\.detached by sha1"):
        table.read(returned)


@needs_pdfsig
def test_pdfsig_writes_over_what_is_not_its_own(table: Table, tmp_path: Path) -> None:
    """Its 22.12 puts a new object under the number of the look that all empty fields share, and signs in BER."""
    returned = sign_with_pdfsig(table.base, "S0001", table.rsa_signer, tmp_path)
    assert returned.startswith(table.base)
    with pytest.raises(ReturnRefusedError, match="cannot be read strictly") as refused:
        table.read(returned)
    assert refused.value.fault is ReturnFault.MALFORMED


F = ReturnFault
REFUSED: dict[str, tuple[Callable[[Table], bytes], ReturnFault, str]] = {
    "nothing": (lambda _table: b"", F.EMPTY, "the file is empty"),
    "a picture": (lambda _table: b"\x89PNG\r\n\x1a\n", F.NOT_A_PDF, "send the signed PDF itself"),
    "a file that grew too much": (
        lambda table: table.signed() + bytes(LARGEST_GROWTH_BYTES),
        F.TOO_LARGE,
        f"at most {LARGEST_GROWTH_BYTES} bytes more",
    ),
    "a password": (
        lambda table: resaved(table.signed(), encryption=pikepdf.Encryption(owner="a", user="b")),
        F.ENCRYPTED,
        "with a password",
    ),
    "restrictions": (
        lambda table: resaved(table.signed(), encryption=pikepdf.Encryption(owner="a", user="")),
        F.ENCRYPTED,
        "or restrictions",
    ),
    "a file saved anew": (lambda table: resaved(table.signed()), F.REWRITTEN, "was printed, optimised, converted or saved"),
    "a printed copy": (lambda table: printed(table.signed()), F.REWRITTEN, "was printed"),
    "half of the document": (lambda table: table.base[: len(table.base) // 2], F.REWRITTEN, "was printed"),
    "an altered byte before": (lambda table: flipped(table.signed(), len(table.base) // 2), F.REWRITTEN, "does not begin with"),
    "no signature": (lambda table: table.base, F.NOTHING_NEW, "without a new signature"),
    "no signature but an end of line": (lambda table: table.base + b"\r\n", F.NOTHING_NEW, "without a new signature"),
    "loose bytes behind": (
        lambda table: table.signed() + b"999 0 obj\n<< >>\nendobj\n",
        F.MALFORMED,
        "is not a sound revision",
    ),
    "a file cut short": (lambda table: table.signed()[:-40], F.MALFORMED, "is not a sound revision"),
    "a note instead": (
        lambda table: with_revision(table.base, add_note),
        F.NOT_SIGNED,
        "in S0001, S0002, S0003 is expected, got none",
    ),
    "a note behind": (lambda table: with_revision(table.signed(), add_note), F.OTHER_CHANGES, "only sign it, without notes"),
    "a note before": (
        lambda table: sign_with_pyhanko(with_revision(table.base, add_note), "S0001", table.signer),
        F.OTHER_CHANGES,
        "only sign it, without notes",
    ),
    "a field of one's own": (
        lambda table: sign_with_pyhanko(table.base, None, table.signer, new_field="Signature1"),
        F.OWN_FIELD,
        r"made a new field \(Signature1\); the signature belongs into S0001, S0002, S0003",
    ),
    "an empty field beside": (lambda table: with_revision(table.signed(), add_empty_field), F.OWN_FIELD, r"\(Mine\)"),
    "two signatures": (
        lambda table: sign_with_pyhanko(table.signed(), "S0002", table.signer),
        F.SEVERAL_SIGNATURES,
        r"one signature is expected, got 2 \(S0001, S0002\)",
    ),
    "other bytes signed": (
        lambda table: table.base + table.signed()[len(table.base) :].replace(b"/Adobe.PPKLite", b"/Adobe.PPKLitf"),
        F.INVALID,
        "the signature does not validate",
    ),
    "a time stamp as signature": (
        timestamp_as_signature,
        F.INVALID,
        "a signature is expected, got a time stamp",
    ),
    "by SHA-1": (lambda table: table.signed(digest="sha1"), F.WEAK, "by sha1"),
    "a short key": (with_weak_key, F.WEAK, "at least 2048 bits"),
    "everything locked": (lambda table: locked(table, FieldMDPAction.ALL), F.LOCKS, "nobody could sign after it"),
    "the others locked": (lambda table: locked(table, FieldMDPAction.EXCLUDE, "S0001"), F.LOCKS, "without locking"),
    "one of the others locked": (lambda table: locked(table, FieldMDPAction.INCLUDE, "S0003"), F.LOCKS, "without locking"),
    "the document closed": (
        lambda table: signed_oddly(
            table,
            locks=SigMDPSetup(
                "sha256", certify=False, docmdp_perms=MDPPerm.NO_CHANGES, field_lock=FieldMDPSpec(FieldMDPAction.INCLUDE, [])
            ),
        ),
        F.LOCKS,
        "without locking",
    ),
    "another reason": (
        lambda table: table.signed(reason="I agree"),
        F.OTHER_CAPACITY,
        r"the reason of the signature is 'I agree': leave the reason empty, or write 'ผู้แทน",
    ),
    "a reason that is no text": (
        lambda table: signed_oddly(table, change=with_a_name_as_reason),
        F.OTHER_CAPACITY,
        "leave the reason empty",
    ),
    "no time": (lambda table: signed_oddly(table, change=without_time), F.WRONG_TIME, "got -: set the clock"),
    "a clock far ahead": (
        lambda table: signed_oddly(table, change=lambda value: set_time(value, table.now + 3 * DAY)),
        F.WRONG_TIME,
        "set the clock of your computer",
    ),
    "a clock far behind": (
        lambda table: signed_oddly(table, change=lambda value: set_time(value, table.now - 3 * DAY)),
        F.WRONG_TIME,
        "set the clock of your computer",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_whatever_else_comes_back_is_refused_with_the_way_to_do_it_right(table: Table, case: str) -> None:
    make, fault, words = REFUSED[case]
    with pytest.raises(ReturnRefusedError, match=words) as refused:
        table.read(make(table))
    assert refused.value.fault is fault


def test_a_signature_in_the_field_of_another_is_refused(table: Table) -> None:
    with pytest.raises(ReturnRefusedError, match="a signature in S0002 is expected, got one in S0001") as refused:
        table.read(table.signed(), field="S0002")
    assert refused.value.fault is ReturnFault.OTHER_FIELD


def test_who_signed_is_left_to_the_caller(table: Table) -> None:
    key = new_private_key()
    certificate = self_signed_by(key, table.now)
    found = table.read(sign_with_pyhanko(table.base, "S0003", signer_from_key(key, certificate, ())))
    assert (found.field, found.certificate, found.check.trusted) == ("S0003", certificate, False)


def test_a_program_that_changes_more_is_refused_where_many_sign_one_document(table: Table, tagged_pdf: bytes) -> None:
    """Checking compares each earlier signature with each later revision once a revision is not a known step."""
    slots = [SignatureSlot(f"S{row:04}", f"S{row:04}", 1, (60, 30 * row, 260, 30 * row + 20)) for row in range(1, 13)]
    pdf = certify(prepare_fields(tagged_pdf, slots), table.other, at=table.now, name="เครือข่ายทดสอบ")
    for slot in slots[:5]:
        pdf = sign(pdf, SigningOrder(slot.name, CAPACITY, NAME, table.now), table.signer)
    asked = {slot.name: CAPACITY for slot in slots[5:]}
    at = datetime.now(UTC) + timedelta(seconds=1)
    unusual = sign_with_pyhanko(pdf, "S0006", table.signer)
    with pytest.raises(ReturnRefusedError, match=r"takes too long to check \(57 comparisons, at most 40\)") as refused:
        read_returned(pdf, unusual, asked=asked, field=None, trust=table.anchors, at=at)
    assert refused.value.fault is ReturnFault.UNUSUAL
    plain = sign(pdf, SigningOrder("S0006", "", NAME, table.now), table.signer)
    assert read_returned(pdf, plain, asked=asked, field=None, trust=table.anchors, at=at).field == "S0006"


def test_a_form_value_filled_in_on_the_way_is_refused(table: Table, tagged_pdf: bytes) -> None:
    """The rules for our own documents let a registry fill its own field; a signatory may not."""
    out = io.BytesIO()
    slot = SignatureSlot("S0001", "S0001", 1, (60, 100, 260, 160))
    with pikepdf.open(io.BytesIO(prepare_fields(tagged_pdf, [slot]))) as document:
        field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="R0001", Subtype=pikepdf.Name.Widget, F=4, Rect=[300, 30, 400, 50])
        document.Root.AcroForm.Fields.append(document.make_indirect(field))
        document.save(out)
    base = certify(out.getvalue(), table.other, at=table.now, name="เครือข่ายทดสอบ")

    def fill(writer: IncrementalPdfFileWriter) -> None:
        registry = writer.root["/AcroForm"]["/Fields"][-1]
        registry[pdf_name("/V")] = generic.pdf_string("ทะเบียน 1/2565")
        writer.update_container(registry)

    returned = sign_with_pyhanko(with_revision(base, fill), "S0001", table.signer)
    at = datetime.now(UTC) + timedelta(seconds=1)
    with pytest.raises(ReturnRefusedError, match="got another change: R0001") as refused:
        read_returned(base, returned, asked={"S0001": CAPACITY}, field=None, trust=table.anchors, at=at)
    assert refused.value.fault is ReturnFault.OTHER_CHANGES


def test_a_busy_machine_is_no_fault_of_the_file(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "COMPARISON_SECONDS_AT_MOST", -1.0)
    with pytest.raises(ReturnRefusedError, match=r"too busy to check the file now.*send the same file again") as refused:
        table.read(table.signed())
    assert refused.value.fault is ReturnFault.BUSY


def test_every_beginning_that_ends_as_a_revision_is_a_candidate(table: Table) -> None:
    returned = table.signed()
    found = dict(prefix_digests(returned))
    assert found[len(table.base)] == digest_of(table.base)
    assert found[len(returned)] == digest_of(returned)
    assert all(digest == digest_of(returned[:length]) for length, digest in found.items())
    assert list(found) == sorted(found)


def test_a_file_of_nothing_but_ends_is_read_within_limits() -> None:
    assert len(list(prefix_digests(b"%%EOF\n" * 5_000))) == 4_000


def test_a_refusal_survives_the_way_back_from_another_process(table: Table) -> None:
    with pytest.raises(ReturnRefusedError) as refused:
        table.read(table.base)
    copied = pickle.loads(pickle.dumps(refused.value))  # noqa: S301  # our own
    assert (copied.fault, str(copied)) == (ReturnFault.NOTHING_NEW, str(refused.value))
