"""Due form: what must be so before an instrument counts. The depositary examines form, and rules on nothing else.

Each check looks at what stood when the papers of that kind were read (`mou.charter.instruments` has their order within a day)
and returns the clause, the day and the fact that failed. The rules, by the kind of the instrument:

1. Every act of a party names the party, and nobody acts for a party that another has succeeded. Signatures, accession, withdrawal
   and the acceptance of an amendment rest on an authority that the depositary holds, of a kind that the clause asks for, that
   covers the document and the person, and that counts on that day. An authority has an id of its own.
2. A meeting adopts the text of this charter. A signature comes after that, falls in the window, comes from an eligible class, and
   is of an effect that the clause allows. Who is on the list signs under the class that it has there. A signature on paper has a
   scan bound to the digest of the electronic original, and is attested by somebody else than who received it.
3. A minor's signature has a guardian's consent, then the minor's own assent, neither later than itself, and an adult beside it
   (`mou.charter.ages`).
4. An approval confirms a simple signature that waits for it. Nobody consents to a charter that has ended.
5. Accession comes when the window is closed or the charter is in force, with the invitation or the vote that the clause asks for.
6. A reservation names provisions, is allowed by the clause, and comes no later than the consent. An objection comes in its time,
   from one that has consented: the time can be over before the charter is in force for anybody.
7. An amendment is proposed by whom the clause names, adopted by the members with quorum and vote, accepted by parties.
8. A rectification is effected once, when the time to object is over and nobody has objected.
9. Leaving, exclusion, renewal, succession and a new depositary each follow their clause. A renewal is decided by a meeting,
   before the last day of the term. A successor may be a party itself: then two have become one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mou.charter import form_of_change as change
from mou.charter import form_of_consent as consent
from mou.charter.form_of_consent import article_of
from mou.charter.form_rules import FormFault, require, require_acting
from mou.charter.instruments import NEEDS_AUTHORITY, OF_A_PARTY, Instrument, InstrumentKind
from mou.charter.knowledge import Knowledge
from signatures.messages import Message, say

__all__ = ["Fault", "article_of", "fault_of"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an instrument does not count: the clause that it fails, the day, and the fact."""

    clause: str
    on: date
    fact: Message


def fault_of(register: Knowledge, instrument: Instrument) -> Fault | None:
    """Return why the instrument is not in due form, or None where it is."""
    try:
        if instrument.kind in OF_A_PARTY:
            require("form", instrument.party, say("the party whose act this is is expected, got none"))
            require_acting(register, instrument.party or "")
        if instrument.kind in NEEDS_AUTHORITY:
            consent.require_authority(register, instrument)
        check = _CHECKS.get(instrument.kind)
        if check is not None:
            check(register, instrument)
    except FormFault as fault:
        return Fault(fault.clause, instrument.on, fault.fact)
    return None


_CHECKS: dict[InstrumentKind, Callable[[Knowledge, Instrument], None]] = {
    InstrumentKind.TEXT_ADOPTED: consent.check_adoption,
    InstrumentKind.AUTHORITY_DEPOSITED: consent.check_authority,
    InstrumentKind.AUTHORITY_REVOKED: consent.check_revocation,
    InstrumentKind.SIGNED_SIMPLE: consent.check_signature,
    InstrumentKind.SIGNED_DEFINITIVE: consent.check_signature,
    InstrumentKind.APPROVAL_DEPOSITED: consent.check_approval,
    InstrumentKind.ACCEDED: consent.check_accession,
    InstrumentKind.RESERVED: consent.check_reservation,
    InstrumentKind.OBJECTED: consent.check_objection,
    InstrumentKind.AMENDMENT_PROPOSED: change.check_proposal,
    InstrumentKind.AMENDMENT_ADOPTED: change.check_amendment_adoption,
    InstrumentKind.AMENDMENT_ACCEPTED: change.check_acceptance,
    InstrumentKind.RECTIFICATION_PROPOSED: change.check_rectification,
    InstrumentKind.RECTIFICATION_OBJECTED: change.check_rectification_objection,
    InstrumentKind.RECTIFICATION_EFFECTED: change.check_rectification_effect,
    InstrumentKind.WITHDRAWAL_NOTIFIED: change.check_withdrawal,
    InstrumentKind.PARTY_EXPELLED: change.check_expulsion,
    InstrumentKind.RENEWAL_DECIDED: change.check_renewal,
    InstrumentKind.SUCCEEDED: change.check_succession,
    InstrumentKind.DEPOSITARY_CHANGED: change.check_depositary,
}
