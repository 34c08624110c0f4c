"""Instruments as the ledger holds them, and back: what a reader with nothing but an export needs.

1. `instrument.received`: subject the charter's id; the body holds the instrument's id and the paper itself.
2. `instrument.accepted` or `instrument.returned` follows in the same transaction; a returned one names the clause that failed. It
   stays in the ledger and is never counted. Presented again, it is a new entry with an id of its own.
3. A paper is written in one way only: what would not be written like that again is not read.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, cast

from mou.charter.due_form import Fault
from mou.charter.instruments import Instrument
from mou.errors import InputError
from signatures.canonical import JsonValue
from signatures.ledger.entry import Entry, Event

if TYPE_CHECKING:
    from pydantic import TypeAdapter

RECEIVED, ACCEPTED, RETURNED = "instrument.received", "instrument.accepted", "instrument.returned"


class PaperError(InputError):
    """An entry of the ledger holds no instrument that this program knows."""


def paper_of(instrument: Instrument) -> dict[str, JsonValue]:
    """Return the instrument as a JSON object, without its id; what is not set is left out."""
    record = _adapter().dump_python(instrument, mode="json", exclude_defaults=True, exclude={"instrument_id"})
    return cast("dict[str, JsonValue]", _without_empty(record))


def instrument_of(instrument_id: str, paper: Mapping[str, object]) -> Instrument:
    """Return the instrument that `paper_of` wrote.

    Raises:
        PaperError: it is of a form that this program does not know.
    """
    try:
        instrument = _adapter().validate_python({**paper, "instrument_id": instrument_id})
    except ValueError as error:
        raise PaperError(
            "{instrument}: an instrument is expected, got another form; a newer mou may read it", instrument=instrument_id
        ) from error
    if paper_of(instrument) != paper:
        raise PaperError(
            "{instrument}: an instrument is expected, got another form; a newer mou may read it", instrument=instrument_id
        )
    return instrument


def receiving_events(charter_id: str, instrument: Instrument, fault: Fault | None, *, actor: str) -> tuple[Event, Event]:
    """Return the two events that record one paper: that it came, and whether it was accepted or returned."""
    name = instrument.instrument_id
    received: dict[str, JsonValue] = {"instrument": name, "paper": paper_of(instrument)}
    verdict: dict[str, JsonValue] = {"instrument": name}
    if fault is not None:
        verdict |= {"clause": fault.clause, "on": fault.on.isoformat()}
    return (
        Event(RECEIVED, charter_id, actor, received, f"{name}:received"),
        Event(ACCEPTED if fault is None else RETURNED, charter_id, actor, verdict, f"{name}:examined"),
    )


def accepted_instruments(entries: Iterable[Entry], charter_id: str) -> tuple[Instrument, ...]:
    """Return the accepted instruments of one charter from a ledger's entries, in the order in which they were received.

    Raises:
        PaperError: an entry holds an instrument of an unknown form, or accepts one that was never received.
    """
    received: dict[str, Instrument] = {}
    accepted: list[Instrument] = []
    for entry in entries:
        if entry.subject != charter_id:
            continue
        name = str(entry.body.get("instrument"))
        if entry.type == RECEIVED:
            received[name] = instrument_of(name, cast("Mapping[str, object]", entry.body.get("paper") or {}))
        elif entry.type == ACCEPTED:
            if name not in received:
                raise PaperError(
                    "entry {index}: an instrument that was received is expected, got {name}", index=entry.index, name=name
                )
            accepted.append(received[name])
    return tuple(accepted)


@cache
def _adapter() -> "TypeAdapter[Instrument]":
    from pydantic import TypeAdapter  # takes a tenth of a second to load

    return TypeAdapter(Instrument)


def _without_empty(value: object) -> object:
    """Nothing that is None or empty: a value of a nested record that is not set is not written either."""
    if isinstance(value, Mapping):
        return {key: _without_empty(one) for key, one in value.items() if one not in (None, [], ())}
    return value
