"""How old somebody is on a day, and in what order a minor's consents are given. Pure.

1. Age counts from the day of birth, which is its first day (Civil and Commercial Code, s. 16). A year of age is therefore
   complete when the day before the birthday ends: an age is reached when the birthday begins, at whatever hour somebody was born.
2. Whoever was born on 29 February reaches an age, in a year without that day, on 1 March: the year of age has no day to match
   its first one, and ends with the last day of February (s. 193/5, second paragraph).
3. A child is under 18, a minor under 20 (s. 19). That a marriage ends minority (s. 20) is not looked at: nothing records one,
   and a consent too many does no harm.
4. The guardian consents, then the minor agrees, then the minor signs, with an adult beside. Days show that order as far as they
   differ; within a day the times of the acts show it, and they are kept with the workflow.

Days are civil days in Bangkok. A day of birth is asked for and not kept: what is recorded is the band (`AgeBand`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from mou.charter.instruments import AgeBand, MinorSignature
from signatures.messages import Message, say

_REACHED: Final = ((20, AgeBand.FROM_20), (18, AgeBand.FROM_18_TO_19), (10, AgeBand.FROM_10_TO_17), (0, AgeBand.UNDER_10))


def age_on(born: date, on: date) -> int:
    """Return the complete years of age on a day.

    Raises:
        ValueError: the day of birth lies after it.
    """
    if born > on:
        raise ValueError(say("a day of birth no later than {on} is expected, got {born}", on=on, born=born))
    has_birthday_ahead = (on.month, on.day) < (born.month, born.day)
    return on.year - born.year - has_birthday_ahead


def age_band(born: date, on: date) -> AgeBand:
    """Return the band of age on a day.

    Raises:
        ValueError: the day of birth lies after it.
    """
    age = age_on(born, on)
    return next(band for reached, band in _REACHED if age >= reached)


def needs_guardian(born: date, on: date) -> bool:
    """Return whether a guardian's consent comes before a signature on this day.

    Raises:
        ValueError: the day of birth lies after it.
    """
    return age_band(born, on).is_minor


def consent_faults(minor: MinorSignature, on: date) -> tuple[Message, ...]:
    """Return what a signature on this day lacks beside it, all at once; nothing is asked for from 20 years on.

    It is a fault of form. Whether the signature binds all the same is not said here: without consent it is voidable (s. 21), and
    no more than that.
    """
    return tuple(_faults(minor, on)) if minor.age_band.is_minor else ()


def _faults(minor: MinorSignature, on: date) -> Iterator[Message]:
    consent, assent = minor.guardian_consent_on, minor.assent_on
    for given_on, whose in ((consent, say("a guardian's consent")), (assent, say("the minor's own assent"))):
        if given_on is None or given_on > on:
            yield say("{whose} on or before {day} is expected, got {got}", whose=whose, day=on, got=given_on or "-")
    if consent is not None and assent is not None and assent < consent:
        yield say(
            "the minor's own assent after the guardian's consent of {consent} is expected, got {assent}; ask the minor again",
            consent=consent,
            assent=assent,
        )
    if not minor.adult_beside:
        yield say("the signature of an adult beside the minor's is expected, got none")
