"""Extending: what is added, that it lasts, that nothing else changes, and what is refused."""

import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from signatures.authority import certificate_to_pem
from signatures.errors import TimestampError
from signatures.fetching import FetchError
from signatures.fields import SignatureSlot, prepare_fields
from signatures.longterm import Extended, LongTermError, end_of, extend
from signatures.longterm_revisions import write_validation_data
from signatures.revisions import findings
from signatures.signing import SigningOrder, certify, sign
from signatures.timestamps import TimestampService
from signatures.trust import TrustAnchors, for_asn1
from signatures.validation import validate_signatures
from tests.unit.signatures.pki import Fetching, Pki, build_pki

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from tests.unit.signatures.conftest import SelfSigned

SIGNED = datetime(2026, 11, 22, 1, tzinfo=UTC)
EXTENDED = SIGNED + timedelta(hours=1)
TEN_YEARS_LATER = datetime(2036, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
UNREACHABLE = TimestampService("http://127.0.0.1:1/tsa")
ORDER = SigningOrder("S0001", "ภาคี", "นายก้อง ทดสอบ", SIGNED)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return build_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def certified(pki: Pki, tagged_pdf: bytes) -> bytes:
    slots = [SignatureSlot(f"S000{number}", "ลายมือชื่อ", 1, (60, 100 * number, 260, 100 * number + 60)) for number in (1, 2)]
    return certify(prepare_fields(tagged_pdf, slots), pki.signer("signer"), at=SIGNED, name="เครือข่าย")


@pytest.fixture(scope="module")
def signed(pki: Pki, certified: bytes) -> bytes:
    return sign(certified, ORDER, pki.signer("short"), timestamps=pki.timestamps("one", SIGNED))


@pytest.fixture(scope="module")
def extended(pki: Pki, signed: bytes) -> Extended:
    return run_extend(pki, signed, EXTENDED)


def roots(pki: Pki, *lists: bytes) -> TrustAnchors:
    return TrustAnchors((pki.certificate("root"), pki.certificate("tsa-root")), lists)


def run_extend(pki: Pki, pdf: bytes, at: datetime, *, label: str = "one", fetch: Fetching | None = None) -> Extended:
    return extend(pdf, roots(pki), pki.timestamps(label, at), at=at, fetch=fetch or Fetching(pki, at), is_own=True)


def test_every_signature_reaches_the_highest_level_and_passes(pki: Pki, signed: bytes, extended: Extended) -> None:
    assert (extended.is_new, extended.stamped_at) == (True, EXTENDED)
    assert extended.pdf.startswith(signed)
    assert findings(extended.pdf) == ()
    seal, signature, stamp = validate_signatures(extended.pdf, roots(pki), at=EXTENDED)
    assert [(one.level, one.verdict, one.later_changes_allowed) for one in (seal, signature)] == [("B-LTA", "passed", True)] * 2
    assert (stamp.kind, stamp.field, stamp.verdict, stamp.range_end) == ("timestamp", "T0001", "passed", len(extended.pdf))
    assert (seal.time, signature.time) == (EXTENDED, SIGNED)


def test_it_passes_after_its_certificates_have_expired(pki: Pki, extended: Extended) -> None:
    at = datetime(2035, 1, 1, tzinfo=UTC)
    checks = validate_signatures(extended.pdf, roots(pki, pki.revocation_list("tsa-root", at)), at=at)
    assert [check.verdict for check in checks] == ["passed"] * 3


def test_an_archive_time_stamp_of_which_nothing_is_known_today_proves_nothing(pki: Pki, extended: Extended) -> None:
    checks = validate_signatures(extended.pdf, roots(pki), at=datetime(2035, 1, 1, tzinfo=UTC))
    assert [check.verdict for check in checks] == ["indeterminate"] * 3
    assert checks[-1].sub_indication == "TRY_LATER"
    assert [check.level for check in checks] == ["B-LTA", "B-LTA", "none"]


def test_a_second_time_stamp_after_ten_years_carries_the_first(pki: Pki, extended: Extended) -> None:
    renewed = run_extend(pki, extended.pdf, TEN_YEARS_LATER, label="two")
    assert renewed.is_new
    at = datetime(2046, 1, 1, tzinfo=UTC)
    checks = validate_signatures(renewed.pdf, roots(pki, pki.revocation_list("tsa-root", at)), at=at)
    assert [(check.field, check.verdict) for check in checks] == [
        ("S0000", "passed"),
        ("S0001", "passed"),
        ("T0001", "passed"),
        ("T0002", "passed"),
    ]
    unrenewed = validate_signatures(extended.pdf, roots(pki, pki.revocation_list("tsa-root", at)), at=at)
    assert {check.verdict for check in unrenewed} == {"indeterminate"}


def test_a_time_stamp_that_ran_out_unrenewed_cannot_be_renewed(pki: Pki, extended: Extended) -> None:
    with pytest.raises(LongTermError, match="cannot be made to last"):
        run_extend(pki, extended.pdf, datetime(2037, 7, 1, tzinfo=UTC), label="two")


@pytest.mark.parametrize(
    ("at", "is_new"),
    [
        pytest.param(EXTENDED + DAY, False, id="the next day"),
        pytest.param(datetime(2036, 5, 31, tzinfo=UTC), False, id="a year and a day before it weakens"),
        pytest.param(datetime(2036, 6, 2, tzinfo=UTC), True, id="less than a year before it weakens"),
    ],
)
def test_it_is_renewed_a_year_before_it_weakens_and_no_sooner(
    pki: Pki, extended: Extended, at: datetime, *, is_new: bool
) -> None:
    fetch = Fetching(pki, at)
    again = run_extend(pki, extended.pdf, at, label="two" if is_new else "one", fetch=fetch)
    assert again.is_new is is_new
    assert (again.pdf == extended.pdf) is not is_new
    assert bool(fetch.asked) is is_new


def test_a_signature_made_after_the_archive_time_stamp_is_covered_by_the_next(pki: Pki, extended: Extended) -> None:
    at = EXTENDED + DAY
    order = replace(ORDER, field="S0002", at=at)
    more = sign(extended.pdf, order, pki.signer("short"), timestamps=pki.timestamps("one", at))
    again = run_extend(pki, more, at)
    assert again.is_new
    checks = validate_signatures(again.pdf, roots(pki), at=at)
    assert [(check.field, check.verdict) for check in checks if check.field.startswith("S")] == [
        ("S0000", "passed"),
        ("S0001", "passed"),
        ("S0002", "passed"),
    ]


def test_the_catalog_gains_the_store_and_nothing_else_outside_the_form_changes(signed: bytes, extended: Extended) -> None:
    with pikepdf.open(io.BytesIO(signed)) as before, pikepdf.open(io.BytesIO(extended.pdf)) as after:
        assert set(after.Root.keys()) - set(before.Root.keys()) == {"/DSS"}
        for key in set(before.Root.keys()) - {"/AcroForm"}:
            assert after.Root[key].unparse() == before.Root[key].unparse(), key
        assert set(after.Root.DSS.keys()) == {"/Type", "/Certs", "/OCSPs", "/CRLs"}
        assert len(after.Root.AcroForm.Fields) == len(before.Root.AcroForm.Fields) + 1
        assert after.trailer.Info.objgen == before.trailer.Info.objgen
        for new, old in zip(after.pages, before.pages, strict=True):
            assert new.obj.unparse(resolved=True) == old.obj.unparse(resolved=True)


def test_the_new_field_is_on_no_page_and_prints_nothing(extended: Extended) -> None:
    with pikepdf.open(io.BytesIO(extended.pdf)) as document:
        field = document.Root.AcroForm.Fields[-1]
        assert [float(edge) for edge in field.Rect] == [0, 0, 0, 0]
        shown = {one.objgen for page in document.pages for one in page.get("/Annots", [])}
        assert field.objgen not in shown


def test_a_field_that_was_made_beforehand_is_filled(pki: Pki, plain_pdf: bytes) -> None:
    prepared = prepare_fields(plain_pdf, [SignatureSlot("S0001", "ลายมือชื่อ", 0, (60, 100, 260, 160))])
    with pikepdf.open(io.BytesIO(prepared)) as document:
        document.Root.AcroForm.Fields[-1].T = "T0007"
        written = io.BytesIO()
        document.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    certified = certify(written.getvalue(), pki.signer("signer"), at=SIGNED, name="เครือข่าย")
    checks = validate_signatures(run_extend(pki, certified, EXTENDED).pdf, roots(pki), at=EXTENDED)
    assert [(check.field, check.verdict) for check in checks] == [("S0000", "passed"), ("T0007", "passed")]


def test_the_same_validation_data_give_the_same_bytes(pki: Pki, signed: bytes) -> None:
    content = pki.revocation_list("root", SIGNED)
    one, other = (
        write_validation_data(signed, certificates=[], lists=[content, *again], responses=[], is_own=True)
        for again in ([], [content])
    )
    assert one == other
    assert write_validation_data(one, certificates=[], lists=[content], responses=[], is_own=True) == one


def test_whatever_cannot_be_reached_is_told_and_a_list_given_as_a_file_stands_in(pki: Pki, signed: bytes) -> None:
    with pytest.raises(FetchError, match="Trial authority"):
        run_extend(pki, signed, EXTENDED, fetch=Fetching(pki, EXTENDED, down=("crls/root",)))
    given = roots(pki, pki.revocation_list("root", EXTENDED))
    fetch = Fetching(pki, EXTENDED, down=("crls/root",))
    assert extend(signed, given, pki.timestamps("one", EXTENDED), at=EXTENDED, fetch=fetch, is_own=True).is_new


def test_a_list_stands_in_for_a_silent_responder(pki: Pki, signed: bytes) -> None:
    fetch = Fetching(pki, EXTENDED, down=("ocsp",))
    checks = validate_signatures(run_extend(pki, signed, EXTENDED, fetch=fetch).pdf, roots(pki), at=EXTENDED)
    assert {check.verdict for check in checks} == {"passed"}
    assert fetch.asked.count("http://pki.test/pki/crls/interm/latest.crl") == 1  # one list for two certificates


def test_nothing_is_asked_where_nobody_may_ask(pki: Pki, signed: bytes) -> None:
    with pytest.raises(LongTermError, match="no revocation list that holds today was given"):
        extend(signed, roots(pki), pki.timestamps("one", EXTENDED), at=EXTENDED, fetch=None, is_own=True)


def test_a_revoked_signer_is_not_preserved(pki: Pki, signed: bytes) -> None:
    more = sign(signed, replace(ORDER, field="S0002"), pki.signer("revoked"))
    with pytest.raises(LongTermError, match=r"S0002 cannot be made to last: .*REVOKED"):
        run_extend(pki, more, EXTENDED)


def test_an_expired_signer_without_a_time_stamp_comes_too_late(pki: Pki, certified: bytes) -> None:
    unstamped = sign(certified, ORDER, pki.signer("short"))
    with pytest.raises(LongTermError, match=r"S0001 cannot be made to last: .*OUT_OF_BOUNDS_NO_POE"):
        run_extend(pki, unstamped, SIGNED + 30 * DAY)


def test_a_service_that_no_root_stands_for_is_refused(pki: Pki, signed: bytes) -> None:
    with pytest.raises(LongTermError, match="none of the trust roots leads there"):
        run_extend(pki, signed, EXTENDED, label="stranger")


def test_a_service_that_fails_leaves_its_own_error(pki: Pki, signed: bytes) -> None:
    with pytest.raises(TimestampError, match="gave no token"):
        extend(signed, roots(pki), UNREACHABLE, at=EXTENDED, fetch=Fetching(pki, EXTENDED), is_own=True)


def test_a_document_that_was_tampered_with_or_never_signed_is_refused(pki: Pki, signed: bytes, prepared: bytes) -> None:
    with pytest.raises(LongTermError, match="has none"):
        run_extend(pki, prepared, EXTENDED)
    spoilt = bytearray(signed)
    spoilt[5_000] ^= 1
    with pytest.raises(LongTermError, match="is not intact"):
        run_extend(pki, bytes(spoilt), EXTENDED)


def test_bytes_that_nobody_accounts_for_are_not_put_under_a_time_stamp(pki: Pki, signed: bytes) -> None:
    with pytest.raises(LongTermError, match="not a sound chain of revisions"):
        run_extend(pki, signed + b"99 0 obj\n(hidden)\nendobj\n", EXTENDED)


def test_openssl_agrees_with_the_archive_time_stamp(pki: Pki, extended: Extended, tmp_path: Path) -> None:
    stamp = PdfFileReader(io.BytesIO(extended.pdf)).embedded_timestamp_signatures[-1]
    first, length, second, rest = (int(number) for number in stamp.byte_range)
    (tmp_path / "content").write_bytes(extended.pdf[first : first + length] + extended.pdf[second : second + rest])
    (tmp_path / "token").write_bytes(stamp.pkcs7_content)
    (tmp_path / "root.pem").write_bytes(certificate_to_pem(pki.certificate("tsa-root")))
    command = ["openssl", "ts", "-verify", "-data", "content", "-in", "token", "-token_in", "-CAfile", "root.pem"]
    at = str(int(EXTENDED.timestamp()))
    done = subprocess.run([*command, "-attime", at], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_stamp_with_little_time_is_renewed_at_half_of_it() -> None:
    short = Extended(b"", "T0001", SIGNED, SIGNED + 30 * DAY, is_new=True)
    assert short.renewed_from == SIGNED + 15 * DAY
    assert replace(short, weakens_at=SIGNED + 1000 * DAY).renewed_from == SIGNED + 635 * DAY


def test_a_short_rsa_key_weakens_before_its_certificate_expires(
    rsa_key: "rsa.RSAPrivateKey", self_signed: "SelfSigned", pki: Pki
) -> None:
    long = self_signed(rsa_key, last=datetime(2045, 1, 1, tzinfo=UTC))
    assert end_of(for_asn1(long)) == datetime(2030, 12, 31, tzinfo=UTC)
    assert end_of(for_asn1(pki.certificate("tsa-two"))) == datetime(2047, 1, 1, tzinfo=UTC)
