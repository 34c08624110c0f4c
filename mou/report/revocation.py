"""A verified file -> the revocation statements that were at hand, with their times: those given, those beside it, its own."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509 import ocsp

from mou.report.case import Case
from mou.report.certificates import issuer_of
from signatures.bundle import read_evidence
from signatures.errors import EvidenceError
from signatures.messages import Message, say
from signatures.reader import open_reader
from signatures.security_store import read_store

STATEMENTS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One statement: what it is and where it came from, who made it, when, and when the next one was to come."""

    kind: Message
    issuer: str
    made: datetime
    following: datetime | None


def statements_at_hand(case: Case) -> Iterator[Told]:
    """Yield what can be read of the statements; one that cannot be read proves nothing."""
    given = say("list, given by the verifier")
    for content in case.policy.revocation_lists:
        yield from _list(content, given)
    for content in _lists_in_evidence(case.evidence):
        yield from _list(content, say("list, from the evidence"))
    for content, is_list in _statements_in_file(case.pdf):
        yield from _list(content, say("list, from the file")) if is_list else _response(content)


def _lists_in_evidence(evidence: bytes | None) -> tuple[bytes, ...]:
    try:
        return () if evidence is None else read_evidence(evidence).revocation_lists
    except EvidenceError:
        return ()


def _statements_in_file(pdf: bytes | None) -> list[tuple[bytes, bool]]:
    if pdf is None:
        return []
    try:
        return [(one.content, one.is_list) for one in read_store(open_reader(pdf, strict=False)).statements]
    except Exception:  # noqa: BLE001 - a hostile file may provoke any exception; the verification has said so already
        return []


def _list(content: bytes, kind: Message) -> Iterator[Told]:
    try:
        found = x509.load_der_x509_crl(content)
        yield Told(kind, issuer_of(found), found.last_update_utc, found.next_update_utc)
    except ValueError:
        return


def _response(content: bytes) -> Iterator[Told]:
    kind = say("OCSP answer, from the file")
    try:
        found = ocsp.load_der_ocsp_response(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            by = found.responder_name.rfc4514_string() if found.responder_name else (found.responder_key_hash or b"").hex()
        for one in found.responses:
            yield Told(kind, by, one.this_update_utc, one.next_update_utc)
    except ValueError:
        return
