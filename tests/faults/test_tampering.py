"""Attacks on our own signed document: none may pass, and none may raise.

The classes are those of pdf-insecurity.org (USF, ISA, SWA, shadow, EAA, SSA), and the update that plain difference
analysis does not see: bytes behind the last %%EOF that it takes for the end of the file.
"""

import re
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signatures.bundle import write_evidence
from signatures.revisions import findings
from signatures.verification import VerificationReport, verify

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

Attack = Callable[[bytes], bytes]
SLOW_FIXTURE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def collude(memorandum: "SignedMemorandum", pdf: bytes) -> VerificationReport:
    """Verify the PDF beside evidence that names exactly this PDF: what is left must stand by itself."""
    return verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())


def failed(report: VerificationReport) -> list[int]:
    return [step.number for step in report.steps if step.outcome == "failed"]


def forged_objects(pdf: bytes, at: int) -> tuple[bytes, list[int]]:
    """Return a page tree with another page under the numbers of the real one, and the place of each object."""
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = document.Root.Pages.objgen[0]
    text = b"BT /F1 24 Tf 72 700 Td (forged) Tj ET"
    objects = (
        b"%d 0 obj\n<< /Type /Pages /Kids [ 950 0 R ] /Count 1 >>\nendobj\n" % pages,
        b"950 0 obj\n<< /Type /Page /Parent %d 0 R /MediaBox [ 0 0 595 842 ] /Contents 951 0 R >>\nendobj\n" % pages,
        b"951 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(text), text),
    )
    places = [at + sum(len(one) for one in objects[:index]) for index in range(len(objects))]
    return b"".join(objects), places


def trailer(pdf: bytes) -> bytes:
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    previous = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    return b"trailer\n<< /Size 960 /Root %s /Prev %d >>\n" % (root, previous)


def update_without_entries(pdf: bytes) -> bytes:
    body, _ = forged_objects(pdf, len(pdf))
    return pdf + body + b"xref\n" + trailer(pdf) + b"startxref\n%d\n" % (len(pdf) + len(body))


def update_without_entries_but_with_an_end(pdf: bytes) -> bytes:
    return update_without_entries(pdf) + b"%%EOF\n"


def loose_objects(pdf: bytes) -> bytes:
    return pdf + forged_objects(pdf, len(pdf))[0]


def one_free_entry(pdf: bytes) -> bytes:
    body, _ = forged_objects(pdf, len(pdf))
    table = b"xref\n0 1\n0000000000 65535 f \n955 1\n0000000000 00001 f \n"
    return pdf + body + table + trailer(pdf) + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))


def stray_comment(pdf: bytes) -> bytes:
    return pdf + b"% a stray comment\n"


def well_formed_other_page(pdf: bytes) -> bytes:
    body, places = forged_objects(pdf, len(pdf))
    pages = int(body.split()[0])
    table = b"xref\n%d 1\n%010d 00000 n \n950 2\n%010d 00000 n \n%010d 00000 n \n" % (pages, *places)
    return pdf + body + table + trailer(pdf) + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))


def form_cut_out(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        number = document.Root.objgen[0]
        pages = document.Root.Pages.objgen[0]
    body = b"%d 0 obj\n<< /Type /Catalog /Pages %d 0 R >>\nendobj\n" % (number, pages)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(pdf))
    return pdf + body + table + trailer(pdf) + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))


def damaged_table(pdf: bytes) -> bytes:
    return well_formed_other_page(pdf).replace(b"\nxref\n", b"\nxxxx\n")


def last_gap(pdf: bytes) -> tuple[int, int]:
    """Return where the hexadecimal digits of the last signature begin and end."""
    begin = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return begin, pdf.index(b">", begin)


def empty_contents(pdf: bytes) -> bytes:
    begin, end = last_gap(pdf)
    return pdf[:begin] + b" " * (end - begin) + pdf[end:]


def zero_contents(pdf: bytes) -> bytes:
    begin, end = last_gap(pdf)
    return pdf[:begin] + b"0" * (end - begin) + pdf[end:]


def null_contents(pdf: bytes) -> bytes:
    begin, end = last_gap(pdf)
    return pdf[: begin - 1] + b"null".ljust(end - begin + 2) + pdf[end + 1 :]


def missing_contents(pdf: bytes) -> bytes:
    begin, _ = last_gap(pdf)
    return pdf[: begin - len(b"/Contents <")] + b"/Continue" + pdf[begin - len(b" <") :]


def byte_range(pdf: bytes, numbers: bytes) -> bytes:
    """Replace the last /ByteRange, keeping its width."""
    *_, last = re.finditer(rb"/ByteRange ?\[[^]]*\]", pdf)
    return pdf[: last.start()] + (b"/ByteRange" + numbers).ljust(len(last.group())) + pdf[last.end() :]


def wrapped(pdf: bytes) -> bytes:
    """Move what the last signature covers after its gap to the end, and put other content where it was."""
    begin, end = last_gap(pdf)
    tail = pdf[end + 1 :]
    other = forged_objects(pdf, end + 1)[0]
    moved = pdf[: end + 1] + other + tail
    return byte_range(moved, b"[0 %d %d %d]" % (begin - 1, end + 1 + len(other), len(tail)))


ATTACKS = [
    pytest.param(update_without_entries, id="an update whose table has no entries, without an end"),
    pytest.param(update_without_entries_but_with_an_end, id="the same with an end"),
    pytest.param(loose_objects, id="loose objects after the end"),
    pytest.param(one_free_entry, id="an update that lists one free entry"),
    pytest.param(stray_comment, id="a comment after the end"),
    pytest.param(well_formed_other_page, id="ISA: another page by a proper update"),
    pytest.param(damaged_table, id="ISA: another page by an update with a damaged table"),
    pytest.param(form_cut_out, id="the form cut out by a proper update"),
    pytest.param(empty_contents, id="USF: empty contents"),
    pytest.param(zero_contents, id="USF: zeros as contents"),
    pytest.param(null_contents, id="USF: null as contents"),
    pytest.param(missing_contents, id="USF: no contents"),
    pytest.param(lambda pdf: byte_range(pdf, b""), id="USF: no byte range"),
    pytest.param(lambda pdf: byte_range(pdf, b" null"), id="USF: null as byte range"),
    pytest.param(lambda pdf: byte_range(pdf, b"[]"), id="USF: empty byte range"),
    pytest.param(lambda pdf: byte_range(pdf, b"[0 0 0 0]"), id="USF: byte range of zeros"),
    pytest.param(lambda pdf: byte_range(pdf, b"[0 -1 0 9]"), id="USF: negative byte range"),
    pytest.param(lambda pdf: byte_range(pdf, b"[0 1e9 0 9.5]"), id="USF: byte range of reals"),
    pytest.param(wrapped, id="SWA: the signed tail moved behind other content"),
    pytest.param(lambda pdf: b"\n" + pdf, id="a byte before the header"),
    pytest.param(lambda pdf: pdf[:-200], id="cut off"),
    pytest.param(lambda pdf: pdf + pdf, id="twice"),
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_on_the_finished_document_passes(memorandum: "SignedMemorandum", attack: Attack) -> None:
    pdf = attack(memorandum.pdf)
    assert pdf != memorandum.pdf
    with_evidence = collude(memorandum, pdf)
    assert with_evidence.verdict == "failed"
    assert with_evidence.integrity != "intact"
    alone = verify(pdf, None, memorandum.policy())
    assert alone.verdict != "passed"
    assert alone.integrity != "intact"


@pytest.mark.parametrize("attack", [update_without_entries, loose_objects, one_free_entry, well_formed_other_page, damaged_table])
def test_a_further_honest_signature_does_not_cover_an_attack_up(memorandum: "SignedMemorandum", attack: Attack) -> None:
    forged = attack(memorandum.states[-2])
    try:
        signed_over = memorandum.sign(forged, "S0004")
    except Exception:  # noqa: BLE001 - to refuse the forgery when signing is the better end, whatever the word
        return
    report = collude(memorandum, signed_over)
    assert report.verdict == "failed"
    assert report.integrity != "intact"


@pytest.mark.parametrize(
    "attack", [update_without_entries, update_without_entries_but_with_an_end, loose_objects, one_free_entry, stray_comment]
)
def test_bytes_that_no_table_names_are_found_by_step_0(memorandum: "SignedMemorandum", attack: Attack) -> None:
    assert findings(attack(memorandum.pdf))
    assert 0 in failed(collude(memorandum, attack(memorandum.pdf)))


@SLOW_FIXTURE
@given(place=st.integers(0, 2**20), flip=st.integers(1, 255))
def test_a_flipped_byte_of_the_pdf_never_passes(memorandum: "SignedMemorandum", place: int, flip: int) -> None:
    pdf = bytearray(memorandum.pdf)
    place %= len(pdf)
    pdf[place] ^= flip
    honest = verify(bytes(pdf), write_evidence(memorandum.evidence()), memorandum.policy())
    assert honest.verdict == "failed"
    begin, end = last_gap(memorandum.pdf)
    if not begin <= place < end:
        colluding = collude(memorandum, bytes(pdf))
        assert colluding.verdict != "passed"
        assert colluding.integrity != "intact"


@SLOW_FIXTURE
@given(place=st.integers(0, 2**20), flip=st.integers(1, 255))
def test_a_flipped_byte_of_the_evidence_never_passes(memorandum: "SignedMemorandum", place: int, flip: int) -> None:
    evidence = bytearray(write_evidence(memorandum.evidence()))
    evidence[place % len(evidence)] ^= flip
    report = verify(memorandum.pdf, bytes(evidence), memorandum.policy())
    assert failed(report) == [6]


@SLOW_FIXTURE
@given(tail=st.binary(min_size=1, max_size=1100))
def test_bytes_added_at_the_end_never_pass(memorandum: "SignedMemorandum", tail: bytes) -> None:
    report = collude(memorandum, memorandum.pdf + tail)
    assert report.verdict == "failed"
    assert report.integrity != "intact"
