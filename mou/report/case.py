"""What a report speaks of: one file as it was verified, with all that was brought along."""

from dataclasses import dataclass

from signatures.verification import VerificationPolicy, VerificationReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file, the evidence beside it, by what it was judged, and what was found."""

    file: str
    """Its name as it was asked for; whatever else stands in a report, this comes from outside."""
    pdf: bytes | None
    """None when it could not be read."""
    evidence_file: str | None
    evidence: bytes | None
    policy: VerificationPolicy
    report: VerificationReport
