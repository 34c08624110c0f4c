"""Notices: what the depositary told everybody, as numbered values, each of which holds the ones before and the ledger in place.

1. The notices of a charter are numbered 1, 2, 3, ... Each later one names the digest of the PDF of the one before.
2. A notice carries the signed head of the ledger. The head covers every instrument that the notice tells of.
3. Each instrument is told of once, accepted and returned ones alike; what is computed from them is told when it is new
   (`mou.charter.facts`). A notice that would tell of nothing is not issued.
4. A notice names documents by their digests, so that whoever holds one can see whether it was told of.
5. No person's name stands in a notice, and no id of one: organisations are told of by the name under which they are listed.
6. A notice has one byte string: RFC 8785 JSON. What would not be written like that again is not read.

All parties hold copies, and a head of the ledger cannot be signed anew for another history without contradicting each of them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from mou.charter.facts import Fact, facts_to_tell
from mou.charter.instruments import Instrument, InstrumentKind
from mou.errors import InputError
from signatures.canonical import JsonValue, canonical_bytes
from signatures.digests import Digest
from signatures.errors import SignaturesError
from signatures.ledger.checkpoint import Checkpoint, parse_checkpoint
from signatures.messages import Message, say

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NOTICE_FORM = "mou.notice.v1"
LARGEST_NOTICE_BYTES = 4 * 1024 * 1024

NOT_TOLD = frozenset({InstrumentKind.NOTICE_ISSUED, InstrumentKind.FORCE_NOTIFIED})
"""A notice is no news: the next one names it by its digest."""


class NoticeError(InputError):
    """Bytes are no notice that this program knows."""


@dataclass(frozen=True, slots=True)
class ToldInstrument:
    """One instrument as a notice tells of it.

    `entry` is its place in the ledger, `returned_for` the clause that it failed, None where it was accepted. `documents` are the
    digests of the papers that it is about.
    """

    instrument_id: str
    kind: InstrumentKind
    on: date
    entry: int
    party: str | None = None
    name: str | None = None
    successor: str | None = None
    successor_name: str | None = None
    provisions: tuple[str, ...] = ()
    reference: str | None = None
    returned_for: str | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldDocument:
    """A document by its digest: of its text with empty signature fields, or of a paper as it was kept.

    `newest` is, of a document that is signed here, the digest of its newest revision when the notice was issued.
    """

    digest: str
    newest: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `previous` is the digest of the PDF of the one before, `checkpoint` the ledger's head as a signed note."""

    charter_id: str
    text: str
    title: str
    network: str
    number: int
    day: date
    checkpoint: str
    previous: str | None = None
    instruments: tuple[ToldInstrument, ...] = ()
    facts: tuple[Fact, ...] = ()
    documents: tuple[ToldDocument, ...] = ()

    @property
    def head(self) -> Checkpoint:
        """The ledger's head as the notice claims it; whether the ledger signed it is another question."""
        return parse_checkpoint(self.checkpoint)


@dataclass(frozen=True, slots=True)
class IssuedNotice:
    """A notice and the digest of the PDF that carries it."""

    notice: Notice
    digest: Digest


def notice_as_record(notice: Notice) -> dict[str, JsonValue]:
    """Return the notice as the JSON object that its PDF carries; what is not set is left out."""
    record = _adapter().dump_python(notice, mode="json", exclude_defaults=True)
    return {"form": NOTICE_FORM, **cast("dict[str, JsonValue]", record)}


def notice_bytes(notice: Notice) -> bytes:
    """Return the one byte string of a notice."""
    return canonical_bytes(notice_as_record(notice))


def read_notice(content: bytes) -> Notice:
    """Return the notice that `notice_bytes` wrote, and nothing else.

    Raises:
        NoticeError: the bytes are damaged, of another form, or not in their one form; the message says which.
    """
    if len(content) > LARGEST_NOTICE_BYTES:
        raise NoticeError("a notice has at most {limit} bytes, got {count}", limit=LARGEST_NOTICE_BYTES, count=len(content))
    try:
        record = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NoticeError("a notice is expected to be JSON in UTF-8") from error
    form = record.pop("form", None) if isinstance(record, dict) else None
    if form != NOTICE_FORM:
        raise NoticeError("a notice of the form {expected} is expected; a newer mou may read another one", expected=NOTICE_FORM)
    try:
        notice = _adapter().validate_python(record)
        is_canonical = notice_bytes(notice) == content
        _require_digests(notice)
        head = notice.head
    except (ValueError, SignaturesError) as error:
        raise NoticeError("a notice of the form {expected} is expected, got other members", expected=NOTICE_FORM) from error
    if not is_canonical:
        raise NoticeError("the notice is not in its one form (RFC 8785); take the file anew from whoever sent it")
    if problem := _own_fault(notice, head):
        raise NoticeError("the notice contradicts itself: {problem}", problem=problem)
    return notice


def documents_of(instrument: Instrument) -> tuple[str, ...]:
    """Return the digests of the papers that an instrument is about, each once."""
    found = [instrument.document, instrument.text, instrument.replaces, instrument.invitation]
    found += [instrument.authority.document] if instrument.authority else []
    found += [instrument.meeting.minutes] if instrument.meeting else []
    found += [instrument.paper.scan, instrument.paper.original] if instrument.paper else []
    return tuple(dict.fromkeys(digest for digest in found if digest is not None))


def told_instruments(notices: Iterable[Notice]) -> frozenset[str]:
    """Return the ids of the instruments that were told of."""
    return frozenset(one.instrument_id for notice in notices for one in notice.instruments)


def facts_since(notices: Iterable[Notice], now: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return which of the facts of now are to be told after these notices, and which told ones no longer hold."""
    return facts_to_tell((fact for notice in notices for fact in notice.facts), now)


def chain_findings(notices: Sequence[IssuedNotice]) -> tuple[Message, ...]:
    """Return what is wrong with notices that are said to follow each other; any run of a chain may be given.

    Their signatures, and those of the heads that they carry, are other questions.
    """
    findings = [finding for before, after in pairwise(notices) for finding in _link_findings(before, after)]
    seen: dict[str, int] = {}
    for one in notices:
        for told in one.notice.instruments:
            first = seen.setdefault(told.instrument_id, one.notice.number)
            if first != one.notice.number:
                findings.append(
                    say(
                        "notice {number} tells of {instrument}, which notice {first} told of already",
                        number=one.notice.number,
                        instrument=told.instrument_id,
                        first=first,
                    )
                )
    return tuple(findings)


def _link_findings(before: IssuedNotice, after: IssuedNotice) -> Iterator[Message]:
    old, new = before.notice, after.notice
    if (old.charter_id, old.text) != (new.charter_id, new.text):
        yield say("notice {number} is of another charter than the one before it", number=new.number)
    if new.number != old.number + 1:
        yield say(
            "notice {expected} is expected after notice {number}, got {got}",
            number=old.number,
            got=new.number,
            expected=old.number + 1,
        )
    if new.previous != str(before.digest):
        yield say(
            "notice {number} names {named} as the one before it, got {got}",
            number=new.number,
            named=new.previous or "-",
            got=str(before.digest),
        )
    if new.day < old.day:
        yield say("notice {number} is of an earlier day than the one before it", number=new.number)
    yield from _head_findings(old.head, new.head, new.number)


def _head_findings(old: Checkpoint, new: Checkpoint, number: int) -> Iterator[Message]:
    if old.origin != new.origin:
        yield say(
            "notice {number} carries the head of {got}, the one before it that of {expected}",
            number=number,
            got=new.origin,
            expected=old.origin,
        )
    elif new.size < old.size:
        yield say(
            "notice {number} carries a ledger of {got} entries, the one before it {expected}: its end is missing",
            number=number,
            got=new.size,
            expected=old.size,
        )
    elif new.size == old.size and new.root != old.root:
        yield say(
            "notice {number} carries another history of {size} entries than the one before it", number=number, size=new.size
        )


def _own_fault(notice: Notice, head: Checkpoint) -> Message | None:
    """What no sound notice says, whatever came before it."""
    if notice.number < 1 or (notice.previous is None) != (notice.number == 1):
        return say("notice 1 names none before it, and every later one does; got number {number}", number=notice.number)
    beyond = [one.entry for one in notice.instruments if not 0 <= one.entry < head.size]
    if beyond:
        return say("it tells of entry {entry}, and its ledger has {size}", entry=beyond[0], size=head.size)
    if not (notice.instruments or notice.facts):
        return say("it tells of nothing")
    return None


def _require_digests(notice: Notice) -> None:
    """Check the form of every digest; raises SignaturesError."""
    told = (digest for one in notice.instruments for digest in one.documents)
    kept = (digest for one in notice.documents for digest in (one.digest, one.newest))
    for digest in (notice.text, notice.previous, *told, *kept):
        if digest is not None:
            Digest.parse(digest)


@cache
def _adapter() -> "TypeAdapter[Notice]":
    from pydantic import TypeAdapter  # takes a tenth of a second to load

    return TypeAdapter(Notice)
