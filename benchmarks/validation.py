"""Validation of finished documents: a memorandum with its seal and 4 signatures, the charter with its seal and 19.

1. *bytes*: every byte belongs to a well-formed revision (`signatures.revisions.findings`).
2. *signatures*: each signature and everything added after it, against the trust root with revocation
   (`signatures.validation.validate_signatures`).
3. Against it stands pyHanko's default: `validate_pdf_signature` for each embedded signature, with the same trust. It finds
   fewer faults; the ratio is shown and has no goal.

CPU time of this process. A verifier validates a file once, so each run begins with nothing remembered.
"""

import io
import time
from collections.abc import Callable

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from benchmarks.example import SIGNED_AT
from benchmarks.measurement import Figure, Findings, Ratio, Series, Size, in_turns
from benchmarks.signed import certified_charter, certified_memorandum, trust
from signatures.revisions import findings
from signatures.trust import validation_context
from signatures.validation import validate_signatures

REPEATS = 5
UNIT = "CPU, a file"


def measure(size: Size) -> Findings:
    """Return what the validation of a memorandum and of the charter takes."""
    repeats = size.repeats or REPEATS
    memorandum = _validate("a memorandum", certified_memorandum(0).signed_by_all(), repeats)
    charter = _validate("the charter", certified_charter().signed_by_all(), repeats)
    return Findings(memorandum.ratios + charter.ratios, memorandum.figures + charter.figures)


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


def _time(pdf: bytes, validate: Callable[[bytes], bool]) -> float:
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


def validate_by_pyhanko(pdf: bytes) -> bool:
    """Validate every signature as pyHanko's documentation shows."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return all(
        validate_pdf_signature(signature, validation_context(trust(), at=SIGNED_AT)).bottom_line
        for signature in reader.embedded_signatures
    )
