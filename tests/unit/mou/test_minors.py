"""Who is a minor on the day of signing, what is missing beside the signature, and who may be named or shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.charter.ages import consent_faults
from mou.charter.instruments import AgeBand, MinorSignature
from mou.consents import ConsentKind, GivenConsent, Guardian, words_of
from mou.minors import (
    WARNING,
    Lack,
    MinorNotReadyError,
    Occasion,
    PictureRefusedError,
    born_of,
    lack_in_words,
    lacks_of,
    may_be_named,
    may_have_picture,
    require_picture_allowed,
    require_ready,
    what_stands_beside,
)
from mou.models import Capacity, Organisation, OrganisationKind, Person, SignatorySlot
from mou.requests import RequestRefusedError, RequestState, SignatureRequest
from signatures.digests import digest_of

SIGNING = datetime(2022, 3, 29, 3, 0, tzinfo=UTC)  # 29 March 2565, ten o'clock in Bangkok
DAY = SIGNING.date()
ADULT, MINOR = date(1990, 1, 2), date(2004, 3, 29)
KIND = ConsentKind
PAPER = Guardian("นางสมมติ ตัวอย่าง", "มารดา", digest_of(b"the signed paper"))
SIGNATORY = Person("ฟ้าใส", "สมมติ", "ประธานกลุ่ม", prefix="นางสาว")
ADVISER = Person("ดวง", "ตัวอย่าง", "ที่ปรึกษา", prefix="นาง")
_numbers = count()


def asked(person: Person, field: str, organisation_id: str = "org-1", **changes: object) -> SignatureRequest:
    slot = SignatorySlot(field, "party", organisation_id, "กลุ่มเยาวชนสมมติ", person, Capacity.AUTHORISED_REPRESENTATIVE, 1)
    return replace(SignatureRequest("doc_1", slot, RequestState.SENT), **changes)  # type: ignore[arg-type]


def consent(
    kind: ConsentKind,
    days_before: int = 0,
    *,
    recorded: datetime | None = None,
    withdrawn: datetime | None = None,
    guardian: Guardian | None = None,
    signatory: str = SIGNATORY.full_name,
    field: str = "S0001",
) -> GivenConsent:
    """A consent given so many days before the signature, recorded at nine o'clock of that day."""
    on = DAY - timedelta(days=days_before)
    return GivenConsent(
        consent_id=f"cns_{next(_numbers):04d}",
        document_id="doc_1",
        field=field,
        kind=kind,
        signatory=signatory,
        text=words_of(kind).digest,
        given_on=on,
        recorded_at=recorded or SIGNING - timedelta(days=days_before, hours=1),
        recorded_by="usr_secretariat",
        guardian=guardian or (PAPER if kind is KIND.GUARDIAN_CONSENT else None),
        withdrawn_at=withdrawn,
    )


GUARDIAN, ASSENT = consent(KIND.GUARDIAN_CONSENT, 2), consent(KIND.MINOR_ASSENT, 1)


def occasion(
    born: date | None = MINOR,
    *consents: GivenConsent,
    of_adviser: date | None = ADULT,
    kind: OrganisationKind = OrganisationKind.YOUTH_GROUP,
    others: Sequence[SignatureRequest] | None = None,
    at: datetime = SIGNING,
) -> Occasion:
    organisation = Organisation(
        "org-1",
        "กลุ่มเยาวชนสมมติ",
        kind,
        representative=replace(SIGNATORY, date_of_birth=born),
        witness=replace(ADVISER, date_of_birth=of_adviser),
    )
    own = asked(SIGNATORY, "S0001")
    beside = [asked(ADVISER, "S0002")] if others is None else others
    return Occasion(own, [own, *beside], organisation, consents, at)


@pytest.mark.parametrize(
    ("born", "is_minor", "is_child"),
    [
        pytest.param(date(2002, 3, 30), True, False, id="born 30 Mar 2545, 19 years and 364 days"),
        pytest.param(date(2002, 3, 29), False, False, id="born 29 Mar 2545, 20 years and 0 days"),
        pytest.param(date(2004, 3, 30), True, True, id="born 30 Mar 2547, 17 years and 364 days"),
        pytest.param(date(2004, 3, 29), True, False, id="born 29 Mar 2547, 18 years and 0 days"),
    ],
)
def test_acceptance_case_3_both_thresholds_on_the_day_of_signing_and_consent_asked_accordingly(
    born: date,
    is_minor: bool,  # noqa: FBT001  # a column of the table
    is_child: bool,  # noqa: FBT001  # a column of the table
) -> None:
    signs = occasion(born)
    assert signs.band is not None
    assert (signs.is_minor, signs.band.is_minor, signs.band.is_child) == (is_minor, is_minor, is_child)
    assert lacks_of(signs) == ((Lack.GUARDIAN_CONSENT, Lack.ASSENT) if is_minor else ())
    with_both = occasion(born, GUARDIAN, ASSENT)
    assert lacks_of(with_both) == ()
    require_ready(with_both)


def test_acceptance_case_8_a_youth_group_shows_no_person_in_public_whatever_was_agreed() -> None:
    everything = [
        GUARDIAN,
        ASSENT,
        consent(KIND.NAME_PUBLICATION, guardian=PAPER),
        consent(KIND.PHOTO_PUBLICATION, guardian=PAPER),
    ]
    for kind in (OrganisationKind.YOUTH_GROUP, OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL):
        for born in (MINOR, ADULT, None):
            assert not may_be_named(occasion(born, *everything, kind=kind))


@pytest.mark.parametrize(
    ("at", "is_minor"),
    [
        pytest.param(datetime(2022, 3, 28, 16, 59, 59, tzinfo=UTC), True, id="the last second of the day before, in Bangkok"),
        pytest.param(datetime(2022, 3, 28, 17, 0, tzinfo=UTC), False, id="midnight in Bangkok, the evening before in UTC"),
    ],
)
def test_the_twentieth_birthday_begins_at_midnight_in_bangkok(at: datetime, is_minor: bool) -> None:  # noqa: FBT001
    assert occasion(date(2002, 3, 29), at=at).is_minor is is_minor


def test_whose_age_is_not_known_is_not_stopped_and_nothing_is_said_of_them() -> None:
    signs = occasion(None)
    assert (signs.band, signs.is_minor, lacks_of(signs), what_stands_beside(signs)) == (None, False, (), None)
    require_ready(signs)


def test_a_date_of_birth_after_the_signature_says_nothing() -> None:
    assert occasion(DAY + timedelta(days=1)).band is None


def test_a_date_of_birth_is_that_of_the_person_of_the_same_name_in_the_same_organisation() -> None:
    organisation = occasion().organisation
    assert born_of(organisation, SIGNATORY.full_name) == MINOR
    assert born_of(organisation, ADVISER.full_name) == ADULT
    assert born_of(organisation, "นายคนอื่น สมมติ") is None
    assert born_of(None, SIGNATORY.full_name) is None


ORDERS: dict[str, tuple[tuple[GivenConsent, ...], tuple[Lack, ...]]] = {
    "each in its time": ((GUARDIAN, ASSENT), ()),
    "all on the day of signing": ((consent(KIND.GUARDIAN_CONSENT), consent(KIND.MINOR_ASSENT)), ()),
    "nothing": ((), (Lack.GUARDIAN_CONSENT, Lack.ASSENT)),
    "the guardian alone": ((GUARDIAN,), (Lack.ASSENT,)),
    "the minor alone": ((ASSENT,), (Lack.GUARDIAN_CONSENT,)),
    "the minor a day before the guardian": (
        (consent(KIND.MINOR_ASSENT, 3), GUARDIAN),
        (Lack.ASSENT_AFTER_CONSENT,),
    ),
    "the minor on the same day, recorded before the guardian": (
        (
            consent(KIND.MINOR_ASSENT, 1, recorded=SIGNING - timedelta(hours=9)),
            consent(KIND.GUARDIAN_CONSENT, 1, recorded=SIGNING - timedelta(hours=8)),
        ),
        (Lack.ASSENT_AFTER_CONSENT,),
    ),
    "a paper that was recorded after the assent, and signed before it": (
        (ASSENT, consent(KIND.GUARDIAN_CONSENT, 2, recorded=SIGNING - timedelta(minutes=1))),
        (),
    ),
    "a second guardian after the assent": ((GUARDIAN, ASSENT, consent(KIND.GUARDIAN_CONSENT, 0)), ()),
    "a guardian who withdrew": (
        (replace(GUARDIAN, withdrawn_at=SIGNING - timedelta(seconds=1)), ASSENT),
        (Lack.GUARDIAN_CONSENT,),
    ),
    "one guardian withdrew, the other did not": (
        (replace(GUARDIAN, withdrawn_at=SIGNING - timedelta(hours=2)), consent(KIND.GUARDIAN_CONSENT, 2), ASSENT),
        (),
    ),
    "a minor who changed their mind": ((GUARDIAN, replace(ASSENT, withdrawn_at=SIGNING)), (Lack.ASSENT,)),
    "a consent that is recorded later": (
        (consent(KIND.GUARDIAN_CONSENT, 2, recorded=SIGNING + timedelta(seconds=1)), ASSENT),
        (Lack.GUARDIAN_CONSENT,),
    ),
    "consents of whoever was asked before, in the same field": (
        (replace(GUARDIAN, signatory="นายคนก่อน สมมติ"), replace(ASSENT, signatory="นายคนก่อน สมมติ")),
        (Lack.GUARDIAN_CONSENT, Lack.ASSENT),
    ),
    "consents for another field": (
        (replace(GUARDIAN, field="S0009"), replace(ASSENT, field="S0009")),
        (Lack.GUARDIAN_CONSENT, Lack.ASSENT),
    ),
    "only that the name may be published": (
        (consent(KIND.NAME_PUBLICATION, guardian=PAPER),),
        (Lack.GUARDIAN_CONSENT, Lack.ASSENT),
    ),
}


@pytest.mark.parametrize(("consents", "lacks"), ORDERS.values(), ids=ORDERS.keys())
def test_what_is_missing_in_the_order_of_consents_is_told(consents: tuple[GivenConsent, ...], lacks: tuple[Lack, ...]) -> None:
    assert lacks_of(occasion(MINOR, *consents)) == lacks


BESIDE: dict[str, tuple[date | None, Sequence[SignatureRequest] | None, bool]] = {
    "an adult who is asked": (ADULT, None, True),
    "an adult who has signed": (ADULT, [asked(ADVISER, "S0002", state=RequestState.SIGNED, signed_at=SIGNING)], True),
    "an adult who becomes 20 on this day": (date(2002, 3, 29), None, True),
    "somebody who becomes 20 tomorrow": (date(2002, 3, 30), None, False),
    "somebody of unknown age": (None, None, False),
    "nobody": (ADULT, [], False),
    "an adult who declined": (ADULT, [asked(ADVISER, "S0002", state=RequestState.DECLINED)], False),
    "an adult of another organisation": (ADULT, [asked(ADVISER, "S0002", organisation_id="org-2")], False),
    "somebody who was 19 when they signed": (
        date(2002, 3, 29),
        [asked(ADVISER, "S0002", state=RequestState.SIGNED, signed_at=SIGNING - timedelta(days=1))],
        False,
    ),
}


@pytest.mark.parametrize(("of_adviser", "others", "is_there"), BESIDE.values(), ids=BESIDE.keys())
def test_an_adult_of_the_same_organisation_signs_beside_a_minor(
    of_adviser: date | None,
    others: Sequence[SignatureRequest] | None,
    is_there: bool,  # noqa: FBT001  # a column of the table
) -> None:
    signs = occasion(MINOR, GUARDIAN, ASSENT, of_adviser=of_adviser, others=others)
    assert lacks_of(signs) == (() if is_there else (Lack.ADULT_BESIDE,))


def test_nobody_is_the_adult_beside_themselves() -> None:
    twice = occasion(MINOR, GUARDIAN, ASSENT, others=[asked(SIGNATORY, "S0002")])
    assert lacks_of(twice) == (Lack.ADULT_BESIDE,)


def test_the_refusal_says_all_that_is_missing_and_who_can_do_it_and_rules_on_nothing() -> None:
    with pytest.raises(MinorNotReadyError) as caught:
        require_ready(occasion(MINOR, of_adviser=None))
    told = str(caught.value)
    assert caught.value.lacks == (Lack.GUARDIAN_CONSENT, Lack.ASSENT, Lack.ADULT_BESIDE)
    assert "นางสาวฟ้าใส สมมติ is under 20 on 2022-03-29" in told
    assert f"({WARNING})" in told
    for lack in caught.value.lacks:
        assert all(str(sentence) in told for sentence in lack_in_words(lack))
    assert not any(word in told for word in ("invalid", "void,", "2004", "29 มีนาคม"))
    assert isinstance(caught.value, RequestRefusedError)


def test_with_the_assent_that_is_given_now_only_the_rest_is_asked_for() -> None:
    require_ready(occasion(MINOR, GUARDIAN), has_assent=True)
    with pytest.raises(MinorNotReadyError) as caught:
        require_ready(occasion(MINOR), has_assent=True)
    assert caught.value.lacks == (Lack.GUARDIAN_CONSENT,)


def test_what_goes_on_record_is_the_band_the_two_days_and_the_adult() -> None:
    assert what_stands_beside(occasion(MINOR, GUARDIAN, ASSENT)) == MinorSignature(
        AgeBand.FROM_18_TO_19, DAY - timedelta(days=2), DAY - timedelta(days=1), "S0002"
    )
    assert what_stands_beside(occasion(ADULT, GUARDIAN)) == MinorSignature(AgeBand.FROM_20)
    assert what_stands_beside(occasion(MINOR, of_adviser=None)) == MinorSignature(AgeBand.FROM_18_TO_19)


@given(
    guardian=st.integers(-1, 5),
    assent=st.integers(-1, 5),
    born=st.dates(date(2000, 1, 1), date(2015, 1, 1)),
    has_adult=st.booleans(),
)
def test_whoever_may_sign_is_found_in_due_form_by_the_depositary(
    guardian: int,
    assent: int,
    born: date,
    has_adult: bool,  # noqa: FBT001
) -> None:
    consents = [
        consent(kind, days) for kind, days in ((KIND.GUARDIAN_CONSENT, guardian), (KIND.MINOR_ASSENT, assent)) if days >= 0
    ]
    signs = occasion(born, *consents, of_adviser=ADULT if has_adult else None)
    beside = what_stands_beside(signs)
    assert beside is not None
    assert (lacks_of(signs) == ()) is (consent_faults(beside, DAY) == ())


PICTURE = consent(KIND.PHOTO_PUBLICATION)
PICTURE_WITH_GUARDIAN = consent(KIND.PHOTO_PUBLICATION, guardian=PAPER)
FOUNDATION = OrganisationKind.FOUNDATION


@pytest.mark.parametrize(
    ("signs", "is_allowed"),
    [
        pytest.param(occasion(ADULT), True, id="an adult"),
        pytest.param(occasion(MINOR), False, id="a minor without a consent to it"),
        pytest.param(occasion(MINOR, GUARDIAN, ASSENT), False, id="a minor who may sign"),
        pytest.param(occasion(MINOR, PICTURE), False, id="a minor whose guardian did not agree"),
        pytest.param(occasion(MINOR, PICTURE_WITH_GUARDIAN), True, id="a minor with a guardian's consent to it"),
        pytest.param(occasion(MINOR, replace(PICTURE_WITH_GUARDIAN, withdrawn_at=SIGNING)), False, id="withdrawn"),
        pytest.param(occasion(MINOR, kind=FOUNDATION), False, id="a minor of a foundation"),
        pytest.param(occasion(None, kind=FOUNDATION), True, id="of unknown age, of a foundation"),
        pytest.param(occasion(None), False, id="of unknown age, of a youth group"),
        pytest.param(occasion(None, PICTURE), True, id="of unknown age, of a youth group, with their own consent"),
    ],
)
def test_a_picture_in_the_stamp_needs_a_consent_where_a_minor_may_be_shown(
    signs: Occasion,
    is_allowed: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert may_have_picture(signs) is is_allowed
    if not is_allowed:
        with pytest.raises(PictureRefusedError, match="S0001: a picture in the stamp cannot be taken out again"):
            require_picture_allowed(signs)


NAME = consent(KIND.NAME_PUBLICATION)
NAME_WITH_GUARDIAN = consent(KIND.NAME_PUBLICATION, guardian=PAPER)
LATER = SIGNING + timedelta(days=30)


@pytest.mark.parametrize(
    ("born", "consents", "is_named"),
    [
        pytest.param(ADULT, (), False, id="nobody without a consent to it"),
        pytest.param(ADULT, (NAME,), True, id="an adult who agreed"),
        pytest.param(None, (NAME,), True, id="of unknown age, who agreed"),
        pytest.param(ADULT, (replace(NAME, withdrawn_at=LATER),), False, id="an adult who withdrew"),
        pytest.param(ADULT, (PICTURE,), False, id="agreed to a picture only"),
        pytest.param(MINOR, (GUARDIAN, ASSENT), False, id="a minor who agreed to sign only"),
        pytest.param(MINOR, (GUARDIAN, ASSENT, NAME), False, id="a minor whose guardian did not agree"),
        pytest.param(MINOR, (GUARDIAN, ASSENT, NAME_WITH_GUARDIAN), True, id="a minor whose guardian agreed too"),
        pytest.param(
            MINOR,
            (GUARDIAN, replace(ASSENT, withdrawn_at=LATER), NAME_WITH_GUARDIAN),
            False,
            id="a minor who withdrew the assent",
        ),
        pytest.param(
            MINOR, (replace(GUARDIAN, withdrawn_at=LATER), ASSENT, NAME_WITH_GUARDIAN), False, id="whose guardian withdrew"
        ),
    ],
)
def test_in_public_only_those_are_named_who_agreed_to_that_alone(
    born: date | None,
    consents: tuple[GivenConsent, ...],
    is_named: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert may_be_named(occasion(born, *consents, kind=FOUNDATION, at=LATER)) is is_named


def test_nobody_is_named_of_an_organisation_whose_kind_is_not_known() -> None:
    assert not may_be_named(replace(occasion(ADULT, NAME, kind=FOUNDATION), organisation=None))
