"""Validation of finished documents: a memorandum with its seal and 4 signatures, the charter with its seal and 19.

1. *bytes*: every byte belongs to a well-formed revision (`signatures.revisions.findings`).
2. *signatures*: each signature and everything added after it, against the trust root with revocation
   (`signatures.validation.validate_signatures`).
3. Against it stands pyHanko's default: `validate_pdf_signature` for each embedded signature, with the same trust. It finds
   fewer faults.
4. How it grows, left out when a number of documents is asked for: one tagged document of some pages, signed by 1, 5, 35, 70
   and 140. Both facts together against pyHanko's default, which takes minutes at 140 and is run once there, and against
   `pdfsig` (poppler), which looks at no change that came after a signature; and each size against the one before.

CPU time of this process. A verifier validates a file once, so each run begins with nothing remembered.
"""

import io
import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import weasyprint
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from benchmarks.example import SIGNED_AT
from benchmarks.measurement import Figure, Findings, Goal, Ratio, Series, Size, in_turns
from benchmarks.signed import LIFETIME, authority, certified_charter, certified_memorandum, seal, trust
from mou.workflow.demonstrating import NETWORK_NAME
from signatures.authority import Subject, new_private_key
from signatures.fields import SignatureSlot, prepare_fields
from signatures.revisions import findings, walk
from signatures.signers import signer_from_key
from signatures.signing import SigningOrder, certify, sign
from signatures.trust import validation_context
from signatures.validation import validate_signatures

REPEATS = 5
UNIT = "CPU, a file"
COUNTS = (1, 5, 35, 70, 140)
RUN_ONCE_FROM = 70
"""Signatures from which on pyHanko's default takes too long to be run again and again."""
GOALS = {35: Goal(15), 140: Goal(150)}
DOUBLED = Goal(2.3, is_upper=True)


def measure(size: Size) -> Findings:
    """Return what the validation of a memorandum and of the charter takes."""
    repeats = size.repeats or REPEATS
    memorandum = _validate("a memorandum", certified_memorandum(0).signed_by_all(), repeats)
    charter = _validate("the charter", certified_charter().signed_by_all(), repeats)
    growth = Findings() if size.documents is not None else _growth(repeats)
    return Findings(memorandum.ratios + charter.ratios + growth.ratios, memorandum.figures + charter.figures)


def _validate(name: str, pdf: bytes, repeats: int) -> Findings:
    _time(pdf, validate_by_pyhanko)
    _time(pdf, validate_as_we_do)
    default, ours = in_turns(repeats, lambda _: _time(pdf, validate_by_pyhanko), lambda _: _time(pdf, validate_as_we_do))
    read = tuple(_time(pdf, read_bytes) for _ in range(repeats))
    count = len(validate_signatures(pdf, trust(), at=SIGNED_AT))
    ratio = Ratio(
        f"validation of {name}, {count} signatures",
        Series("pyHanko's default", tuple(default)),
        Series("mou", tuple(ours)),
        UNIT,
    )
    return Findings((ratio,), (Figure(f"every byte of {name}", Series("mou", read), UNIT),))


def _growth(repeats: int) -> Findings:
    files = {count: signed_by(count) for count in COUNTS}
    validate_everything(files[1])
    ours = {count: tuple(_time(pdf, validate_everything) for _ in range(repeats)) for count, pdf in files.items()}
    ratios = []
    for count, pdf in files.items():
        rounds = repeats if count < RUN_ONCE_FROM else 1
        default = tuple(_time(pdf, validate_by_pyhanko) for _ in range(rounds))
        ratios.append(_against(f"validation of {count} signatures", "pyHanko's default", default, ours[count], GOALS.get(count)))
        if shutil.which("pdfsig"):
            poppler = tuple(_time_pdfsig(pdf) for _ in range(repeats))
            ratios.append(
                Ratio(f"{count} signatures against pdfsig", Series("mou", ours[count]), Series("pdfsig", poppler), UNIT)
            )
    for half, whole in ((35, 70), (70, 140)):
        doubled = Ratio(
            f"{whole} signatures against {half}", Series(str(whole), ours[whole]), Series(str(half), ours[half]), UNIT, DOUBLED
        )
        ratios.append(doubled)
    return Findings(tuple(ratios))


def _against(name: str, label: str, other: tuple[float, ...], ours: tuple[float, ...], goal: Goal | None) -> Ratio:
    """Return how many times as long the other takes; where it ran less often, against the median of ours."""
    own = ours if len(other) == len(ours) else (median(ours),) * len(other)
    return Ratio(name, Series(label, other), Series("mou", own), UNIT, goal)


def signed_by(count: int) -> bytes:
    """Return a document of some pages with the seal and this many signatures, in boxes of their own."""
    slots = [SignatureSlot(f"S{number + 1:04}", f"ลายมือชื่อ {number + 1}", 0, _box(number)) for number in range(count)]
    pdf = certify(prepare_fields(_pages(), slots), seal(), at=SIGNED_AT, name=NETWORK_NAME)
    for slot in slots:
        key = new_private_key()
        subject = Subject(slot.label, NETWORK_NAME, "ผู้แทน", slot.name)
        begin = SIGNED_AT - timedelta(hours=1)
        certificate = authority().issue(subject, key.public_key(), not_before=begin, not_after=begin + LIFETIME)
        order = SigningOrder(slot.name, "ผู้มีอำนาจลงนาม", slot.label, SIGNED_AT)
        pdf = sign(pdf, order, signer_from_key(key, certificate, (authority().certificate,)))
    return pdf


def _box(number: int) -> tuple[float, float, float, float]:
    left, bottom = 60.0 + 90 * (number % 5), 60.0 + 22 * (number // 5)
    return left, bottom, left + 80, bottom + 18


@cache
def _pages() -> bytes:
    """Four tagged pages in Thai with a heading for each article, as the product's documents have."""
    articles = "".join(f"<h2>ข้อ {number}</h2><p>{'เด็กทุกคนมีสิทธิ ' * 60}</p>" for number in range(1, 21))
    html = f'<!doctype html><html lang="th"><title>บันทึกข้อตกลง</title><body><h1>บันทึกข้อตกลง</h1>{articles}</body></html>'
    return bytes(weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1") or b"")


def _time_pdfsig(pdf: bytes) -> float:
    """CPU seconds of the process; it exits with an error where it knows no root, which is so here."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "signed.pdf"
        path.write_bytes(pdf)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["pdfsig", str(path)], capture_output=True, check=False)  # the machine's own
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _time(pdf: bytes, validate: Callable[[bytes], bool]) -> float:
    walk.cache_clear()
    begin = time.process_time()
    is_valid = validate(pdf)
    seconds = time.process_time() - begin
    if not is_valid:
        raise RuntimeError("a finished document of the example is not valid, so that its time says nothing")
    return seconds


def read_bytes(pdf: bytes) -> bool:
    """Account for every byte of the file."""
    return not findings(pdf)


def validate_as_we_do(pdf: bytes) -> bool:
    """Validate every signature as the product does."""
    checks = validate_signatures(pdf, trust(), at=SIGNED_AT)
    return bool(checks) and all(check.trusted and check.integrity == "intact" for check in checks)


def validate_everything(pdf: bytes) -> bool:
    """Account for every byte and validate every signature."""
    return validate_as_we_do(pdf) and read_bytes(pdf)


def validate_by_pyhanko(pdf: bytes) -> bool:
    """Validate every signature as pyHanko's documentation shows."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return all(
        validate_pdf_signature(signature, validation_context(trust(), at=SIGNED_AT)).bottom_line
        for signature in reader.embedded_signatures
    )
