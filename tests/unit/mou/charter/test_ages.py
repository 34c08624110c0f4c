from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.charter.ages import age_band, age_on, consent_faults, needs_guardian
from mou.charter.instruments import AgeBand, MinorSignature

CEREMONY = date(2022, 3, 29)  # 29 March 2565
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("born", "is_minor", "is_child"),
    [
        pytest.param(date(2002, 3, 30), True, False, id="born 30 Mar 2545, 19 years and 364 days"),
        pytest.param(date(2002, 3, 29), False, False, id="born 29 Mar 2545, 20 years and 0 days"),
        pytest.param(date(2004, 3, 30), True, True, id="born 30 Mar 2547, 17 years and 364 days"),
        pytest.param(date(2004, 3, 29), True, False, id="born 29 Mar 2547, 18 years and 0 days"),
    ],
)
def test_acceptance_case_3_who_is_a_minor_who_a_child_and_whose_consent_is_asked_for(
    born: date,
    is_minor: bool,  # noqa: FBT001  # a column of the table
    is_child: bool,  # noqa: FBT001  # a column of the table
) -> None:
    band = age_band(born, CEREMONY)
    assert (band.is_minor, band.is_child) == (is_minor, is_child)
    assert needs_guardian(born, CEREMONY) is is_minor
    asked_for = [str(one) for one in consent_faults(MinorSignature(band), CEREMONY)]
    assert any("a guardian's consent" in one for one in asked_for) is is_minor
    assert any("the minor's own assent" in one for one in asked_for) is is_minor
    assert len(asked_for) == (3 if is_minor else 0)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        pytest.param(date(2022, 3, 29), AgeBand.UNDER_10, id="born today"),
        pytest.param(date(2012, 3, 30), AgeBand.UNDER_10, id="10 tomorrow"),
        pytest.param(date(2012, 3, 29), AgeBand.FROM_10_TO_17, id="10 today"),
        pytest.param(date(2004, 3, 30), AgeBand.FROM_10_TO_17, id="18 tomorrow"),
        pytest.param(date(2004, 3, 29), AgeBand.FROM_18_TO_19, id="18 today"),
        pytest.param(date(2002, 3, 30), AgeBand.FROM_18_TO_19, id="20 tomorrow"),
        pytest.param(date(2002, 3, 29), AgeBand.FROM_20, id="20 today"),
        pytest.param(date(1925, 1, 1), AgeBand.FROM_20, id="old"),
    ],
)
def test_a_band_begins_on_the_birthday(born: date, band: AgeBand) -> None:
    assert age_band(born, CEREMONY) is band


@pytest.mark.parametrize(
    ("on", "age"),
    [
        pytest.param(date(2022, 2, 28), 17, id="the last day of February of a year without the 29th"),
        pytest.param(date(2022, 3, 1), 18, id="1 March of that year"),
        pytest.param(date(2024, 2, 28), 19, id="the day before the birthday of a leap year"),
        pytest.param(date(2024, 2, 29), 20, id="the birthday of a leap year"),
    ],
)
def test_born_on_29_february_one_reaches_an_age_on_1_march_unless_the_day_is_there(on: date, age: int) -> None:
    assert age_on(date(2004, 2, 29), on) == age


def test_a_signature_on_the_eve_of_1_march_needs_a_guardian_for_one_born_on_29_february() -> None:
    assert needs_guardian(date(2004, 2, 29), date(2024, 2, 28))
    assert not needs_guardian(date(2004, 2, 29), date(2024, 2, 29))
    assert needs_guardian(date(2000, 2, 29), date(2020, 2, 28))


@pytest.mark.parametrize("ask", [age_on, age_band, needs_guardian])
def test_nobody_signs_before_birth(ask: type) -> None:
    with pytest.raises(ValueError, match="a day of birth no later than 2022-03-29 is expected, got 2022-03-30"):
        ask(date(2022, 3, 30), CEREMONY)


@given(born=DAYS, days=st.integers(min_value=0, max_value=40_000))
def test_nobody_grows_younger_and_a_year_of_age_is_a_year_long(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    assert age_on(born, on + timedelta(days=1)) - age_on(born, on) in {0, 1}
    assert age_on(born, on + timedelta(days=366)) >= age_on(born, on) + 1


@given(born=DAYS, years=st.integers(min_value=1, max_value=90))
def test_a_year_of_age_is_complete_with_the_day_before_the_birthday(born: date, years: int) -> None:
    has_day = born.month != 2 or born.day != 29 or (date(born.year + years, 3, 1) - timedelta(days=1)).day == 29
    birthday = born.replace(year=born.year + years) if has_day else date(born.year + years, 3, 1)
    assert age_on(born, birthday - timedelta(days=1)) == years - 1
    assert age_on(born, birthday) == years


def signature(consent: int | None, assent: int | None, adult: str | None = "adult-1") -> MinorSignature:
    """Consents so many days before the ceremony."""
    consent_on, assent_on = (None if days is None else CEREMONY - timedelta(days=days) for days in (consent, assent))
    return MinorSignature(AgeBand.FROM_18_TO_19, consent_on, assent_on, adult)


@pytest.mark.parametrize(
    ("minor", "told"),
    [
        pytest.param(signature(3, 2), [], id="each in its time"),
        pytest.param(signature(0, 0), [], id="all on one day"),
        pytest.param(signature(3, 3), [], id="consent and assent on one day"),
        pytest.param(signature(None, 0), ["a guardian's consent on or before 2022-03-29 is expected, got -"], id="no guardian"),
        pytest.param(signature(3, None), ["the minor's own assent on or before 2022-03-29 is expected, got -"], id="no assent"),
        pytest.param(
            signature(-1, -1),
            [
                "a guardian's consent on or before 2022-03-29 is expected, got 2022-03-30",
                "the minor's own assent on or before 2022-03-29 is expected, got 2022-03-30",
            ],
            id="both after the signature",
        ),
        pytest.param(
            signature(1, 2),
            ["the minor's own assent after the guardian's consent of 2022-03-28 is expected, got 2022-03-27"],
            id="assent before consent",
        ),
        pytest.param(
            signature(3, 2, None), ["the signature of an adult beside the minor's is expected, got none"], id="nobody beside"
        ),
        pytest.param(
            signature(3, 2, ""), ["the signature of an adult beside the minor's is expected"], id="an adult without a name"
        ),
    ],
)
def test_a_fault_in_the_order_of_consents_is_told(minor: MinorSignature, told: list[str]) -> None:
    found = [str(one) for one in consent_faults(minor, CEREMONY)]
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))


def test_all_faults_of_one_signature_are_told_at_once() -> None:
    assert len(consent_faults(MinorSignature(AgeBand.UNDER_10), CEREMONY)) == 3


def test_from_twenty_on_no_consent_is_asked_for() -> None:
    assert consent_faults(MinorSignature(AgeBand.FROM_20), CEREMONY) == ()
