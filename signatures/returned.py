"""A PDF that was given out + what came back -> the one signature that was added elsewhere, or why the file is refused.

A signatory signs with a program of their own, so that nothing is known of how the file was made. It is accepted when all of this
holds, and then it verifies as one that was signed here, further signatures on top of it included:

1. The file is a PDF without a password, at most 8 MiB longer than what was given out.
2. It begins with the very bytes that were given out, and more follows.
3. Every byte that follows belongs to a well-formed revision.
4. One signature field more is filled: one that was made for it, and that was asked for. No other field is new, but for document
   time stamps, and no other value has changed.
5. Every signature of the file, the new one too, is intact and valid, and nothing came after it but what the rules for our own
   documents allow (`signatures.changes`): no time stamp comes without the signature that it covers.
6. The new signature is in PAdES or `adbe.pkcs7.detached`, by SHA-2 or SHA-3, with a key that may sign here, and does not lock the
   fields of others.
7. It states no reason, or the capacity that was asked for. Without one the capacity rests on the request alone.
8. It tells its time, and the time lies between the signature before it and now, a day more or less.
9. It leaves a document that can still be checked in time once everybody has signed (`signatures.comparison_cost`).

Whose certificate it is, whether it leads to a root and whether it is that person's turn is the caller's question: the check
of the new signature is in the result.
"""

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

import pikepdf
from asn1crypto import cms as asn1_cms
from cryptography import x509

from signatures.comparison_cost import COMPARISONS_AT_MOST, comparisons_to_come
from signatures.digests import Digest
from signatures.errors import PdfUnreadableError
from signatures.filled_form import FormField, SignatureValue, read_filled_form
from signatures.messages import say
from signatures.return_faults import ReturnFault, ReturnRefusedError
from signatures.revisions import findings
from signatures.signers import SHORTEST_RSA_BITS, is_strong_enough
from signatures.trust import TrustAnchors
from signatures.validation import SignatureCheck, validate_signatures

LARGEST_GROWTH_BYTES = 8 * 1024 * 1024
"""By which a file may be longer than what was given out: a signature, a picture, revocation lists."""
CLOCK_TOLERANCE = timedelta(days=1)
"""By which the clock of a signatory's computer may be wrong."""
REVISIONS_AT_MOST = 2_000

_END_OF_REVISION = re.compile(rb"%%EOF(\r\n|\n|\r)?")
_SUBFILTERS = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached"})
_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
_OUT_OF_TIME = "GENERIC"
"""The sub-indication of a signature that could not be compared in time, and of no other."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back: the signature that was added, and document time stamps over it."""

    field: str
    certificate: x509.Certificate
    check: SignatureCheck
    timestamps: tuple[SignatureCheck, ...]

    @property
    def states_capacity(self) -> bool:
        """Whether the signature itself says in which capacity it was made."""
        return bool(self.check.capacity.strip())


def require_pdf(returned: bytes) -> None:
    """Check that something came, and that it is a PDF (rule 1, as far as it can be told from the file alone).

    Raises:
        ReturnRefusedError: it is not.
    """
    if not returned:
        raise ReturnRefusedError(
            "the file is empty: your program did not finish saving it; sign again, and send the file that it saves",
            fault=ReturnFault.EMPTY,
        )
    if not returned.startswith(b"%PDF-"):
        raise ReturnRefusedError(
            "a PDF is expected, beginning with %PDF-, got {start!r}: send the signed PDF itself, no picture or archive of it",
            fault=ReturnFault.NOT_A_PDF,
            start=bytes(returned[:8]),
        )


def prefix_digests(returned: bytes) -> Iterator[tuple[int, Digest]]:
    """Yield length and digest of each beginning of the file that ends as a revision does, the shortest first.

    One of them is the document that was given out, if the file still begins with it. Linear in the file's size.
    """
    running, at = hashlib.sha256(), 0
    for number, found in enumerate(_END_OF_REVISION.finditer(returned)):
        if number == REVISIONS_AT_MOST:
            return
        for end in sorted({found.end() - len(found[1] or b""), found.end()}):
            running.update(memoryview(returned)[at:end])
            at = end
            yield end, Digest.parse(f"sha256:{running.copy().hexdigest()}")


def read_returned(
    base: bytes,
    returned: bytes,
    *,
    asked: Mapping[str, str],
    field: str | None,
    trust: TrustAnchors | None,
    at: datetime,
) -> Returned:
    """Return the signature that was added to `base` elsewhere.

    Args:
        base: the document as it was given out, its signatures validated before.
        returned: the file that came back.
        asked: each field that may be signed now -> the capacity that was asked for.
        field: the one of them that is expected; None: any of them.
        trust: as for `validate_signatures`.
        at: the time of the return.

    Raises:
        ReturnRefusedError: a rule of this module does not hold.
    """
    require_pdf(returned)
    _require_prefix(base, returned)
    for finding in findings(returned, after=len(base)):
        raise ReturnRefusedError(
            "what follows the document is not a sound revision ({finding}): save with your program's own signing function, "
            "and let no other program touch the file afterwards",
            fault=ReturnFault.MALFORMED,
            finding=finding,
        )
    filled = _only_filled_field(base, returned, asked, field)
    checks = {check.field: check for check in _validate(returned, trust, at)}
    check = _require_sound(checks, filled)
    _require_usable(filled, check)
    _require_capacity(filled, asked[filled.name])
    before = [one.time for one in checks.values() if one.range_end <= len(base) and one.time is not None]
    _require_time(check, earliest=max(before, default=None), at=at)
    _require_quick(returned, filled, checks)
    return Returned(
        field=filled.name,
        certificate=x509.load_der_x509_certificate(check.certificate),
        check=check,
        timestamps=tuple(checks[name] for name in filled.timestamps),
    )


def _require_prefix(base: bytes, returned: bytes) -> None:
    """Rules 1 and 2."""
    if len(returned) > len(base) + LARGEST_GROWTH_BYTES:
        raise ReturnRefusedError(
            "at most {limit} bytes more than the document that was given out are expected, got {count}: sign without a large "
            "picture, and attach nothing",
            fault=ReturnFault.TOO_LARGE,
            limit=LARGEST_GROWTH_BYTES,
            count=len(returned) - len(base),
        )
    if not returned.startswith(base):
        raise rewritten(returned)
    if not returned[len(base) :].strip(b"\0\t\n\f\r "):
        raise ReturnRefusedError(
            "the file is the document that was given out, without a new signature: sign it in your program, save it, and send "
            "the file that was saved",
            fault=ReturnFault.NOTHING_NEW,
        )


def rewritten(returned: bytes) -> ReturnRefusedError:
    """Return the refusal of a PDF that does not begin with the bytes of a document that was given out."""
    try:
        with pikepdf.open(io.BytesIO(returned)) as document:
            is_encrypted = document.is_encrypted
    except pikepdf.PasswordError:
        is_encrypted = True
    except Exception:  # noqa: BLE001  # a hostile file may provoke any exception; that it was rewritten is known
        is_encrypted = False
    if is_encrypted:
        return ReturnRefusedError(
            "the file was saved with a password or restrictions: download the document again, and sign it without protecting it",
            fault=ReturnFault.ENCRYPTED,
        )
    return ReturnRefusedError(
        "the file does not begin with the bytes that were given out: it was printed, optimised, converted or saved as a new "
        "file, or it is another document; download the document again, choose only to sign in your program, and send the file "
        "that it saves",
        fault=ReturnFault.REWRITTEN,
    )


def _read_form(pdf: bytes) -> tuple[FormField, ...]:
    try:
        return read_filled_form(pdf)
    except PdfUnreadableError as error:
        raise ReturnRefusedError(
            "the form of the signed file cannot be read ({cause}): save with your program's own signing function",
            fault=ReturnFault.MALFORMED,
            cause=error.message,
        ) from error


@dataclass(frozen=True, slots=True)
class _Filled:
    """The one field that was filled, the document time stamps that came with it, and the fields that others have to fill."""

    name: str
    signature: SignatureValue
    timestamps: tuple[str, ...]
    still_empty: frozenset[str]
    locking: frozenset[str]


def _only_filled_field(base: bytes, returned: bytes, asked: Mapping[str, str], field: str | None) -> _Filled:
    """Rule 4."""
    before = {one.name: one for one in _read_form(base)}
    found = _read_form(returned)
    after = {one.name: one for one in found}
    new = [one for one in found if one.name not in before]
    expected = field or ", ".join(sorted(asked))
    own = [one.name for one in new if one.signature is None or not one.signature.is_timestamp]
    if own:
        raise ReturnRefusedError(
            "your program made a new field ({got}); the signature belongs into {expected}, which is there already: click that "
            "field in the document, or choose it by its name, and do not draw a new one",
            fault=ReturnFault.OWN_FIELD,
            got=", ".join(own),
            expected=expected,
        )
    filled = {
        name: value
        for name, one in before.items()
        if one.is_signature and one.signature is None and name in after and (value := after[name].signature) is not None
    }
    name = _require_expected(tuple(filled), expected, {field} if field else asked.keys())
    changed = [one.name for one in before.values() if one.name not in after or one.text != after[one.name].text]
    if changed or len(after) != len(found):
        raise _other_changes(", ".join(changed) or say("two fields of one name"))
    still_empty = frozenset(one.name for one in found if one.is_signature and one.signature is None)
    locking = frozenset(one.name for one in found if one.signature is not None and one.signature.locks_fields)
    return _Filled(name, filled[name], tuple(one.name for one in new), still_empty, locking)


def _require_expected(filled: tuple[str, ...], expected: str, allowed: AbstractSet[str]) -> str:
    """Return the name of the one field that was filled."""
    if not filled:
        raise ReturnRefusedError(
            "a signature in {expected} is expected, got none: something else was added to the file; download the document again, "
            "and sign that field",
            fault=ReturnFault.NOT_SIGNED,
            expected=expected,
        )
    if len(filled) > 1:
        raise ReturnRefusedError(
            "one signature is expected, got {count} ({got}): each signatory returns a file of their own",
            fault=ReturnFault.SEVERAL_SIGNATURES,
            count=len(filled),
            got=", ".join(filled),
        )
    if filled[0] not in allowed:
        raise ReturnRefusedError(
            "a signature in {expected} is expected, got one in {got}: download the document again, and sign your own field",
            fault=ReturnFault.OTHER_FIELD,
            expected=expected,
            got=filled[0],
        )
    return filled[0]


def _other_changes(got: object) -> ReturnRefusedError:
    return ReturnRefusedError(
        "nothing but the signature may be added, got another change: {got}; download the document again, and only sign it, "
        "without notes and without filling anything in, or sign with another program",
        fault=ReturnFault.OTHER_CHANGES,
        got=got,
    )


def _validate(returned: bytes, trust: TrustAnchors | None, at: datetime) -> tuple[SignatureCheck, ...]:
    try:
        return validate_signatures(returned, trust, at=at)
    except PdfUnreadableError as error:
        raise ReturnRefusedError(
            "the signed file cannot be read strictly ({cause}): your program writes PDFs that readers take in two ways; use "
            "another one",
            fault=ReturnFault.MALFORMED,
            cause=error.message,
        ) from error


def _require_sound(checks: Mapping[str, SignatureCheck], filled: _Filled) -> SignatureCheck:
    """Rule 5; returns the check of the new signature."""
    own = checks.get(filled.name)
    if own is None or own.kind == "timestamp" or own.integrity in {"invalid", "unreadable"}:
        reason = say("{field}: a signature is expected, got a time stamp", field=filled.name)
        raise ReturnRefusedError(
            "the signature does not validate ({reason}): sign again, and let no other program touch the file afterwards",
            fault=ReturnFault.INVALID,
            reason=reason if own is None or own.integrity == "intact" else own.reason,
        )
    for check in checks.values():
        if check.integrity == "unreadable" and check.sub_indication == _OUT_OF_TIME:
            raise ReturnRefusedError(
                "this machine is too busy to check the file now ({reason}): send the same file again in a while",
                fault=ReturnFault.BUSY,
                reason=check.reason,
            )
        if check.integrity != "intact" or not check.later_changes_allowed:
            raise _other_changes(check.reason)
    if missing := [name for name in filled.timestamps if name not in checks]:
        raise _other_changes(", ".join(missing))
    return own


def _require_usable(filled: _Filled, check: SignatureCheck) -> None:
    """Rule 6."""
    algorithm = _digest_algorithm(filled.signature.contents)
    if filled.signature.subfilter not in _SUBFILTERS or algorithm not in _DIGESTS:
        raise ReturnRefusedError(
            "{field}: a signature in PAdES or adbe.pkcs7.detached by SHA-256 or better is expected, got {format} by {algorithm}: "
            "choose another setting or program",
            fault=ReturnFault.WEAK,
            field=filled.name,
            format=filled.signature.subfilter,
            algorithm=algorithm,
        )
    if not is_strong_enough(x509.load_der_x509_certificate(check.certificate).public_key()):
        raise ReturnRefusedError(
            "{field}: an RSA key of at least {least} bits, or one on P-256 or P-384, is expected, got another key: sign with "
            "another certificate",
            fault=ReturnFault.WEAK,
            field=filled.name,
            least=SHORTEST_RSA_BITS,
        )
    if any(lock.forbids(filled.still_empty) for lock in filled.signature.locks):
        raise ReturnRefusedError(
            "{field}: the signature locks the document, so that nobody could sign after it: sign again without locking or "
            "certifying",
            fault=ReturnFault.LOCKS,
            field=filled.name,
        )


def _digest_algorithm(contents: bytes) -> str:
    """Return the digest algorithm of a CMS that was validated before."""
    signer = asn1_cms.ContentInfo.load(contents)["content"]["signer_infos"][0]
    return str(signer["digest_algorithm"]["algorithm"].native)


def _require_capacity(filled: _Filled, asked: str) -> None:
    """Rule 7."""
    stated = filled.signature.reason
    if stated is None or (stated.strip() and unicodedata.normalize("NFC", stated) != unicodedata.normalize("NFC", asked)):
        raise ReturnRefusedError(
            "{field}: the reason of the signature is {got!r}: leave the reason empty, or write {expected!r}",
            fault=ReturnFault.OTHER_CAPACITY,
            field=filled.name,
            got=stated,
            expected=asked,
        )


def _require_time(check: SignatureCheck, *, earliest: datetime | None, at: datetime) -> None:
    """Rule 8."""
    first = None if earliest is None else earliest - CLOCK_TOLERANCE
    if check.time is None or check.time > at + CLOCK_TOLERANCE or (first is not None and check.time < first):
        raise ReturnRefusedError(
            "{field}: a time of signing between {first} and {last} is expected, got {got}: set the clock of your computer, and "
            "sign again",
            fault=ReturnFault.WRONG_TIME,
            field=check.field,
            first="-" if earliest is None else earliest.isoformat(timespec="minutes"),
            last=at.isoformat(timespec="minutes"),
            got="-" if check.time is None else check.time.isoformat(timespec="minutes"),
        )


def _require_quick(returned: bytes, filled: _Filled, checks: Mapping[str, SignatureCheck]) -> None:
    """Rule 9."""
    count = comparisons_to_come(
        returned,
        {name: check.range_end for name, check in checks.items()},
        locking=filled.locking,
        still_empty=len(filled.still_empty),
    )
    if count > COMPARISONS_AT_MOST:
        raise ReturnRefusedError(
            "{field}: your program changes more than the signature, as the document's properties; with so many signatures in "
            "one document that takes too long to check ({count} comparisons, at most {limit}): sign with another program",
            fault=ReturnFault.UNUSUAL,
            field=filled.name,
            count=count,
            limit=COMPARISONS_AT_MOST,
        )
