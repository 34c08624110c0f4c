"""Charters for tests: invented clauses to change one by one, and the instruments of a charter in a few words each."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind, FinalClauses, parse_clauses
from mou.charter.instruments import Authority, Charter, Instrument, InstrumentKind, Meeting
from mou.charter.register import Register
from mou.models import OrganisationKind

ILLUSTRATIONS = Path(__file__).parent / "data" / "charters"
TEXT = "sha256:text"
OPENING = date(2022, 3, 29)
FOUNDATION = OrganisationKind.FOUNDATION
AGENCY = OrganisationKind.STATE_AGENCY
ALL_IN_FAVOUR = Meeting({Channel.ON_SITE: 6}, in_favour=6, against=0, abstaining=0)


def base_clauses() -> dict[str, Any]:
    """Return the invented clauses as a table."""
    return tomllib.loads((ILLUSTRATIONS / "base.toml").read_text(encoding="utf-8"))


def clauses_with(**changes: Any) -> FinalClauses:  # noqa: ANN401
    """Return the invented clauses with these keys in place of theirs; of the clause on amendments, key by key."""
    base = base_clauses()
    return parse_clauses({**base, **changes, "amendments": {**base["amendments"], **changes.get("amendments", {})}}, "a test")


def charter_with(listed: Mapping[str, OrganisationKind] | None = None, **changes: Any) -> Charter:  # noqa: ANN401
    """Return a charter with the invented clauses, changed."""
    return Charter("doc_1", TEXT, clauses_with(**changes), listed)


def day(number: int) -> date:
    """Return a day by its distance from the opening."""
    return OPENING + timedelta(days=number)


def adopted(on: date = OPENING) -> Instrument:
    """Return the adoption of the text."""
    return Instrument("adopted", InstrumentKind.TEXT_ADOPTED, on, text=TEXT, meeting=ALL_IN_FAVOUR)


def authority(party: str, on: date = OPENING, kind: OrganisationKind = FOUNDATION) -> Instrument:
    """Return the deposit of an authority without an end."""
    shown = AuthorityKind.OFFICE_BY_LAW if kind is AGENCY else AuthorityKind.BOARD_RESOLUTION
    paper = Authority(f"authority of {party}", shown, on)
    return Instrument(f"{party} deposits", InstrumentKind.AUTHORITY_DEPOSITED, on, party=party, party_kind=kind, authority=paper)


def act(party: str, what: InstrumentKind, on: date, kind: OrganisationKind = FOUNDATION, **more: Any) -> Instrument:  # noqa: ANN401
    """Return an act of a party that rests on its authority."""
    plain = Instrument(
        f"{party} {what} {on}",
        what,
        on,
        party=party,
        party_kind=kind,
        authority_id=f"authority of {party}",
        channel=Channel.ONLINE,
    )
    return replace(plain, **more)


def signed(party: str, on: date = OPENING, kind: OrganisationKind = FOUNDATION, **more: Any) -> Instrument:  # noqa: ANN401
    """Return a definitive signature."""
    return act(party, InstrumentKind.SIGNED_DEFINITIVE, on, kind, **more)


def founded(*parties: str, on: date = OPENING) -> tuple[Instrument, ...]:
    """Return the adoption of the text, and the authority and the signature of each party, all on one day."""
    return (adopted(on), *(authority(one, on) for one in parties), *(signed(one, on) for one in parties))


def leaves(party: str, number: int) -> Instrument:
    """Return a notice of withdrawal."""
    return act(party, InstrumentKind.WITHDRAWAL_NOTIFIED, day(number))


def passes_on(party: str, successor: str, number: int, **more: Any) -> Instrument:  # noqa: ANN401
    """Return the succession of another organisation."""
    return act(party, InstrumentKind.SUCCEEDED, day(number), document="register", successor=successor, **more)


def proposed(name: str, number: int) -> Instrument:
    """Return the proposal of an amendment by the committee."""
    return Instrument(f"{name} proposed", InstrumentKind.AMENDMENT_PROPOSED, day(number), reference=name, text=f"text {name}")


def amendment(name: str, number: int, *accepting: str) -> list[Instrument]:
    """Return an amendment that was proposed and adopted on a day, and accepted on the next."""
    adoption = Instrument(f"{name} adopted", InstrumentKind.AMENDMENT_ADOPTED, day(number), reference=name, meeting=ALL_IN_FAVOUR)
    accepted = [accepts(party, name, number + 1) for party in accepting]
    return [proposed(name, number), adoption, *accepted]


def accepts(party: str, name: str, number: int) -> Instrument:
    """Return the acceptance of an amendment."""
    return act(
        party, InstrumentKind.AMENDMENT_ACCEPTED, day(number), reference=name, instrument_id=f"{party} accepts {name} {number}"
    )


def in_force_for(register: Register, number: int) -> int:
    """Return for how many the charter is in force, as it was written down last before the end of a day."""
    register.settle(day(number))
    return [one.in_force for one in register.memory.days if one.on <= day(number)][-1]
