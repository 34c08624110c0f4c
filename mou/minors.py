"""Who is a minor on the day of signing, and what stands beside that signature. Pure.

1. The age is that on the day of signing in Bangkok, held against 20 and 18 (`mou.charter.ages`). It is known from the list's date
   of birth, or not at all: a minor, not a minor, not known are three answers.
2. A minor signs only when a guardian's consent stands that is dated no later than the signature; the minor's own assent stands
   that was given after it; and somebody else who is 20 or over is asked to sign the same document for the same organisation.
3. Whose age is not known is not stopped, and nothing is said of them. As the adult beside, only somebody counts who is known to
   be one.
4. That a consent is missing is a fact. What follows for the signature is a warning in the law's words, and no ruling.
5. In public nobody is named without their own consent to it. For a minor a guardian has to have agreed as well; whoever withdraws
   a consent to sign is not named any more. A youth group or a children and youth council shows no person, whatever was agreed.
6. A picture in the stamp cannot be taken out of a document again. A minor's, and that of anybody of unknown age who signs for a
   youth group or council, needs a consent to it; a minor's, the guardian's too.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from mou.charter.ages import age_band
from mou.charter.instruments import AgeBand, MinorSignature
from mou.consents import TO_SIGN, ConsentKind, GivenConsent, consents_of, is_withdrawn, standing
from mou.models import Organisation, OrganisationKind
from mou.requests import RequestRefusedError, SignatureRequest
from mou.thai import BANGKOK
from signatures.messages import Message, say

YOUTH_KINDS: Final = frozenset({OrganisationKind.YOUTH_GROUP, OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL})
WARNING: Final = "โมฆียะ หากไม่มีความยินยอม"
"""In the law's own words (Civil and Commercial Code, s. 21), whatever the reader's language."""


class Lack(StrEnum):
    """What is not there yet beside a minor's signature."""

    GUARDIAN_CONSENT = "guardian_consent"
    ASSENT = "minor_assent"
    ASSENT_AFTER_CONSENT = "assent_after_consent"
    ADULT_BESIDE = "adult_beside"


GIVEN_WITH_ASSENT: Final = frozenset({Lack.ASSENT, Lack.ASSENT_AFTER_CONSENT})
"""What is not missing any more when the minor agrees now."""


class MinorNotReadyError(RequestRefusedError):
    """A minor cannot sign yet; `lacks` says what is not there."""

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What is not there yet, in the order in which it is done."""
        found = self.message.values["codes"]
        assert isinstance(found, tuple)
        return found


class PictureRefusedError(RequestRefusedError):
    """A picture may not stand in this stamp."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One signature about to be made, or looked at, at a moment: who is asked, among whom, and what is known of them.

    `organisation` is as the list has it, None where no list does; `consents` are those of the document.
    """

    request: SignatureRequest
    requests: Sequence[SignatureRequest]
    organisation: Organisation | None
    consents: Sequence[GivenConsent]
    at: datetime

    @property
    def band(self) -> AgeBand | None:
        """The band of age of whoever signs; None where it is not known."""
        return self.band_of(self.request)

    @property
    def is_minor(self) -> bool:
        """Whether whoever signs is known to be under 20."""
        return self.band is not None and self.band.is_minor

    @property
    def is_minor_today(self) -> bool:
        """Whether they are known to be under 20 at the moment, whenever they signed."""
        band = self.band_on(self.request, day_of(self.at))
        return band is not None and band.is_minor

    @property
    def of_youth(self) -> bool:
        """Whether they sign for a youth group or a children and youth council."""
        return self.organisation is not None and self.organisation.kind in YOUTH_KINDS

    @property
    def own_consents(self) -> tuple[GivenConsent, ...]:
        """The consents of whoever signs, oldest first."""
        return consents_of(self.consents, self.request.slot.field, self.request.slot.person.full_name)

    def band_of(self, request: SignatureRequest) -> AgeBand | None:
        """The band of age of a signatory of the organisation: on the day of their signature, else on this one."""
        return self.band_on(request, day_of(request.signed_at or self.at))

    def band_on(self, request: SignatureRequest, day: date) -> AgeBand | None:
        """The band of age of a signatory of the organisation on a day; a date of birth that lies after it says nothing."""
        born = born_of(self.organisation, request.slot.person.full_name)
        return None if born is None or born > day else age_band(born, day)


def day_of(at: datetime) -> date:
    """Return the day on which a moment falls in Bangkok."""
    return at.astimezone(BANGKOK).date()


def born_of(organisation: Organisation | None, full_name: str) -> date | None:
    """Return the date of birth that the list has of the person of this name; None where it has none."""
    persons = () if organisation is None else (organisation.representative, organisation.witness)
    asked = unicodedata.normalize("NFC", full_name)
    return next(
        (
            person.date_of_birth
            for person in persons
            if person is not None and unicodedata.normalize("NFC", person.full_name) == asked
        ),
        None,
    )


def what_stands_beside(occasion: Occasion) -> MinorSignature | None:
    """Return the band of age and, for a minor, the consents and the field of an adult beside; None where the age is not known."""
    band = occasion.band
    if band is None or not band.is_minor:
        return None if band is None else MinorSignature(band)
    consent, assent = _consent_and_assent(occasion)
    adult = _adult_beside(occasion)
    return MinorSignature(
        band,
        None if consent is None else consent.given_on,
        None if assent is None else assent.given_on,
        None if adult is None else adult.slot.field,
    )


def lacks_of(occasion: Occasion) -> tuple[Lack, ...]:
    """Return what is not there yet, in the order in which it is done; nothing for anybody who is no minor or not known to be."""
    return tuple(_lacks(occasion)) if occasion.is_minor else ()


def require_ready(occasion: Occasion, *, has_assent: bool = False) -> None:
    """Check that a minor may sign now, or with `has_assent` that nothing but the own assent, which is given now, is missing.

    Raises:
        MinorNotReadyError: something is missing; the message says all of it, and who can do it.
    """
    lacks = tuple(lack for lack in lacks_of(occasion) if not (has_assent and lack in GIVEN_WITH_ASSENT))
    if not lacks:
        return
    raise MinorNotReadyError(
        "{document}, {field}: {name} is under 20 on {day}, and before this signature something is missing: {told}",
        document=occasion.request.document_id,
        field=occasion.request.slot.field,
        name=occasion.request.slot.person.full_name,
        day=day_of(occasion.at).isoformat(),
        told=_told([sentence for lack in lacks for sentence in lack_in_words(lack)]),
        codes=lacks,
    )


def lack_in_words(lack: Lack) -> tuple[Message, Message]:
    """Return what is missing, and who can do something about it."""
    return {
        Lack.GUARDIAN_CONSENT: (
            say("The consent of a guardian is not recorded ({warning}).", warning=WARNING),
            say(
                "A parent or another legal representative signs the words of consent on paper; the secretariat records it "
                "(mou consent give)."
            ),
        ),
        Lack.ASSENT: (
            say("The signatory's own assent is not recorded."),
            say(
                "The signatory gives it on the signing page, after the guardian; where they sign in another way, the secretariat "
                "records it (mou consent give)."
            ),
        ),
        Lack.ASSENT_AFTER_CONSENT: (
            say("The signatory's own assent was given before the guardian's consent."),
            say("The signatory is asked once more, now that the guardian has consented."),
        ),
        Lack.ADULT_BESIDE: (
            say("Nobody who is known to be 20 or over signs this document beside them, for the same organisation."),
            say(
                "The organisation names an adult who signs as well, such as an adviser; the secretariat enters that adult and "
                "their date of birth in the list, or lets an adult sign instead."
            ),
        ),
    }[lack]


def may_have_picture(occasion: Occasion) -> bool:
    """Whether a picture may stand in the stamp of this signature (rule 6)."""
    if not occasion.is_minor and (occasion.band is not None or not occasion.of_youth):
        return True
    return _agreed(occasion, ConsentKind.PHOTO_PUBLICATION)


def require_picture_allowed(occasion: Occasion) -> None:
    """Check that a picture may stand in the stamp of this signature.

    Raises:
        PictureRefusedError: it needs a consent that is not there.
    """
    if not may_have_picture(occasion):
        raise PictureRefusedError(
            "{field}: a picture in the stamp cannot be taken out again; for this signatory it needs a consent to the use of a "
            "picture, with a guardian's where they are under 20. Sign without the picture, or let the secretariat record it",
            field=occasion.request.slot.field,
        )


def may_be_named(occasion: Occasion) -> bool:
    """Whether the public may read the signatory's name beside this place (rule 5)."""
    if occasion.organisation is None or occasion.of_youth:
        return False
    if any(is_withdrawn(occasion.own_consents, kind, at=occasion.at) for kind in TO_SIGN):
        return False
    return _agreed(occasion, ConsentKind.NAME_PUBLICATION)


def _agreed(occasion: Occasion, kind: ConsentKind) -> bool:
    """Whether a consent stands; for a minor, one that a guardian gave with them."""
    found = [one for one in occasion.own_consents if one.kind is kind and one.stands(occasion.at)]
    return any(one.guardian is not None or not occasion.is_minor_today for one in found)


def _lacks(occasion: Occasion) -> Iterator[Lack]:
    consent, assent = _consent_and_assent(occasion)
    if consent is None:
        yield Lack.GUARDIAN_CONSENT
    if assent is None:
        yield Lack.ASSENT
    elif consent is not None and not assent.follows(consent):
        yield Lack.ASSENT_AFTER_CONSENT
    if _adult_beside(occasion) is None:
        yield Lack.ADULT_BESIDE


def _consent_and_assent(occasion: Occasion) -> tuple[GivenConsent | None, GivenConsent | None]:
    """The minor's newest assent, and of the guardians' consents one that came before it where there is one."""
    own, at = occasion.own_consents, occasion.at
    assent = standing(own, ConsentKind.MINOR_ASSENT, at=at)
    given = [one for one in own if one.kind is ConsentKind.GUARDIAN_CONSENT and one.stands(at) and one.given_on <= day_of(at)]
    before = [one for one in given if assent is not None and assent.follows(one)]
    return next(iter([*reversed(before), *reversed(given)]), None), assent


def _adult_beside(occasion: Occasion) -> SignatureRequest | None:
    """Somebody else of the same organisation who has signed or may still sign this document, and is known to be an adult."""
    own = occasion.request.slot
    for other in occasion.requests:
        slot = other.slot
        is_another = slot.field != own.field and slot.person.full_name != own.person.full_name
        if is_another and slot.organisation_id == own.organisation_id and not other.is_closed_unsigned:
            band = occasion.band_of(other)
            if band is not None and not band.is_minor:
                return other
    return None


def _told(sentences: Sequence[Message]) -> Message:
    """Several sentences as one, each still to be translated."""
    first, *rest = sentences
    return say("{first} {rest}", first=first, rest=_told(rest)) if rest else first
