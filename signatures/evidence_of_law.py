"""One signature as it was found -> the four tests of section 26 of the Thai Electronic Transactions Act, and its type.

The act is B.E. 2544, amended in B.E. 2551 and twice in B.E. 2562; the types stand in recommendation ขมธอ. 23-2563, which is no
binding law. Both were read in secondary copies (`READ_ON`), not in the Gazette. Section 26 calls a signature reliable when

1. what makes it is linked to the signatory alone;
2. that was under the signatory's sole control when it was made;
3. a change to the signature can be seen;
4. a change to the text can be seen.

A row is carried by evidence, contradicted by it, or there is none. The type follows from the rows and is never rounded up:

- none, where the bytes are not intact, where it is not known whose signature it is, or where no person signed: a time stamp, and
  a seal, which an automated system sets;
- type 1 (general, section 9), where an intact signature leads to a root of the verifier and names its signatory;
- type 2 (reliable, section 26), where all four rows have evidence;
- type 3 (reliable, with a provider's certificate, section 28), where the root also stands in a set that the verifier named `nrca`
  after the national root. It is no qualified signature in the sense of the European regulation.

That row 2 has evidence is rare: nothing in a file shows who held a key. The one thing taken is the issuer's statement in the
certificate that the key lies in a device of its holder (ETSI EN 319 412-5, 4.2.2), from an issuer whom the verifier trusts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from asn1crypto import core
from cryptography import x509

from signatures.messages import Message, say
from signatures.validation import SignatureCheck

ThaiType: TypeAlias = Literal[1, 2, 3]
Bearing: TypeAlias = Literal["evidence", "none", "contradicted"]

READ_ON = date(2026, 11, 25)
"""The day of our reading of act and recommendation."""
NATIONAL_ROOT_SET = "nrca"

_QUALIFIED_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")  # RFC 3739, 3.2.6
_KEY_IN_DEVICE = "0.4.0.1862.1.4"  # id-etsi-qcs-QcSSCD


@dataclass(frozen=True, slots=True)
class LawRow:
    """One of the four tests, what bears on it, and the evidence in words."""

    number: int
    test: Message
    bearing: Bearing
    evidence: Message


@dataclass(frozen=True, slots=True)
class LawFindings:
    """The four tests for one signature, and the type that follows from them."""

    rows: tuple[LawRow, LawRow, LawRow, LawRow]
    thai_type: ThaiType | None
    """None: it has no type, or it cannot be known."""
    why_not_higher: Message


def judge_by_law(check: SignatureCheck) -> LawFindings:
    """Return what one signature's evidence carries; the rules stand in the module's docstring."""
    rows = (_linked(check), _sole_control(check), _signature_changes(check), _text_changes(check))
    return LawFindings(rows, *_type_of(check, rows))


def _linked(check: SignatureCheck) -> LawRow:
    test = say("what makes the signature is linked to the signatory alone")
    if check.kind != "signature":
        return LawRow(1, test, "none", _no_person(check))
    if check.is_revoked:
        return LawRow(1, test, "contradicted", check.trust_reason or check.reason)
    if not check.trusted:
        reason = check.trust_reason or check.reason
        return LawRow(1, test, "none", say("whose key it is is not established: {reason}", reason=reason))
    return LawRow(
        1,
        test,
        "evidence",
        say(
            "the certificate names {signer} as the holder of the key, and leads to {root}",
            signer=check.signer,
            root=check.trust_root,
        ),
    )


def _sole_control(check: SignatureCheck) -> LawRow:
    test = say("it was under the signatory's sole control when it was made")
    if check.kind != "signature":
        return LawRow(2, test, "none", _no_person(check))
    if check.trusted and _states_key_in_device(check.certificate):
        statement = say(
            "the issuer states in the certificate that the key lies in a device of its holder (ETSI EN 319 412-5, 4.2.2)"
        )
        return LawRow(2, test, "evidence", statement)
    return LawRow(2, test, "none", say("nothing in the file or beside it shows who held the key"))


def _signature_changes(check: SignatureCheck) -> LawRow:
    test = say("a change to the signature can be seen")
    if check.integrity == "unreadable":
        return LawRow(3, test, "none", check.reason)
    if not (check.intact and check.valid):
        return LawRow(3, test, "contradicted", check.reason)
    return LawRow(
        3, test, "evidence", say("the signature is that of its certificate's key; no other bytes in its place would be")
    )


def _text_changes(check: SignatureCheck) -> LawRow:
    test = say("a change to the text can be seen")
    if check.integrity == "unreadable":
        return LawRow(4, test, "none", check.reason)
    if check.integrity != "intact":
        return LawRow(4, test, "contradicted", check.reason)
    seen = say("it covers the {count} bytes before it without a gap, and what came after it is allowed", count=check.range_end)
    return LawRow(4, test, "evidence", seen)


def _no_person(check: SignatureCheck) -> Message:
    if check.kind == "timestamp":
        return say("a time stamp is set by a service, not by a person")
    return say("a seal is set by an automated system or stands for an organisation; it is no person's signature")


def _type_of(check: SignatureCheck, rows: tuple[LawRow, ...]) -> tuple[ThaiType | None, Message]:
    """Return the type and why it is not higher; the first reason that holds counts."""
    if (reason := _why_none(check, rows)) is not None:
        return None, reason
    for row in rows:
        if row.bearing != "evidence":
            return 1, say(
                "type 2 asks for all four tests of section 26; there is no evidence for test {number}: {reason}",
                number=row.number,
                reason=row.evidence,
            )
    if check.trust_set.lower() != NATIONAL_ROOT_SET:
        return 2, say(
            "type 3 asks for a provider's certificate (section 28): the root stands in no set that the verifier named {name}",
            name=NATIONAL_ROOT_SET,
        )
    return 3, say("there is no higher type; it is no qualified electronic signature in the sense of the European regulation")


def _why_none(check: SignatureCheck, rows: tuple[LawRow, ...]) -> Message | None:
    """Return why the signature has no type or none that can be known; None when it has one."""
    if check.kind != "signature":
        return _no_person(check)
    for row in reversed(rows):
        if row.bearing == "contradicted":
            return say("the evidence speaks against it: {reason}", reason=row.evidence)
    if check.integrity != "intact":
        return check.reason
    if not check.trusted:
        return say("whose signature it is cannot be known: {reason}", reason=check.trust_reason or check.reason)
    return None


class _QualifiedStatement(core.Sequence):  # type: ignore[misc]  # asn1crypto ships no types
    """One statement of RFC 3739, 3.2.6."""

    _fields = [("name", core.ObjectIdentifier), ("details", core.Any, {"optional": True})]  # noqa: RUF012  # asn1crypto asks for a list


class _QualifiedStatements(core.SequenceOf):  # type: ignore[misc]  # asn1crypto ships no types
    _child_spec = _QualifiedStatement


def _states_key_in_device(certificate: bytes) -> bool:
    """Whether the issuer states that the key lies in a signature creation device; no where the statements cannot be read."""
    try:
        extensions = x509.load_der_x509_certificate(certificate).extensions
        value = extensions.get_extension_for_oid(_QUALIFIED_STATEMENTS).value
        assert isinstance(value, x509.UnrecognizedExtension)
        return any(one["name"].dotted == _KEY_IN_DEVICE for one in _QualifiedStatements.load(value.value, strict=True))
    except (x509.ExtensionNotFound, ValueError, TypeError):
        return False
