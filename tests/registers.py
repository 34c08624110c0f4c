"""Registers of signatories for tests: instruments, read and joined as the workflow does it, with invented names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import (
    AgeBand,
    Authority,
    Charter,
    Instrument,
    InstrumentKind,
    MinorSignature,
    PaperOriginal,
)
from mou.charter.register import replay
from mou.charter.status import charter_status, party_statuses
from mou.models import Capacity, OrganisationKind
from mou.signatories.joining import Held, signatories_of
from mou.signatories.rows import CharterFacts, LedgerHead, Names, OrganisationName, ReceivedPaper, RegisterOfSignatories
from tests.charters import FOUNDATION, TEXT, act, adopted, authority, charter_with, day, signed

K = InstrumentKind
MADE_AT = datetime(2022, 12, 1, 2, 0, tzinfo=UTC)
SCAN = "sha256:" + "5c" * 32
MEMORANDUM = "sha256:memorandum"
YOUTH = OrganisationKind.YOUTH_GROUP
PERSONS = {
    "per_a": "นางแก้ว สมมุติวงศ์, ประธานกรรมการ",
    "per_b": "นายคำ สมมุติชน, ผู้อำนวยการ",
    "per_y": "นางสาวฟ้าใส เยาวมาลย์, ประธานกลุ่ม",
    "per_attester": "นายพยาน สมมุติสุข, ผู้จัดการ",
}
PERSON_WORDS = ("แก้ว", "สมมุติ", "ฟ้าใส", "เยาวมาลย์", "ประธาน", "ผู้อำนวยการ", "ผู้จัดการ", "per_")
NAMES = Names(
    organisations={
        "a": OrganisationName("มูลนิธิสมมติหนึ่ง", "First Invented Foundation"),
        "b": OrganisationName("มูลนิธิสมมติสอง"),
        "c": OrganisationName("มูลนิธิสมมติสาม"),
        "y": OrganisationName("กลุ่มเยาวชนสมมติ"),
    },
    documents={TEXT: "ธรรมนูญสมมติ", MEMORANDUM: "N-2565-001"},
    persons=PERSONS,
)


def joined(
    charter: Charter, papers: Sequence[Instrument], on: date, *, is_public: bool = False, names: Names = NAMES
) -> RegisterOfSignatories:
    """Return the register that these papers make; whatever fails the form was returned."""
    register = replay(charter, papers)
    received = [
        ReceivedPaper(paper, entry, MADE_AT, register.faults.get(paper.instrument_id), note=f"หมายเหตุ {paper.instrument_id}")
        for entry, paper in enumerate(sorted(papers, key=lambda one: one.sort_key))
    ]
    held = Held(
        charter=charter,
        facts=CharterFacts("doc_1", "ธรรมนูญสมมติ", None, "c0de" * 8, charter.text, "เครือข่ายสมมติ", is_sample=True),
        status=charter_status(register, on),
        parties=party_statuses(register, on),
        received=received,
        names=names,
        ledger=LedgerHead("example.org/test", len(received), "example.org/test\n3\nroot\n\n— example.org/test sig\n"),
        made_at=MADE_AT,
    )
    return signatories_of(held, is_public=is_public)


def a_charter(**changes: object) -> Charter:
    """Return a charter with a list of four, reservations allowed, in force ten days after the second consent."""
    listed = {"a": FOUNDATION, "b": FOUNDATION, "c": FOUNDATION, "y": YOUTH}
    clauses: dict[str, object] = {
        "reservations": {"mode": "allowed", "objection_days": 30},
        "entry_into_force": {"min_count": 2, "delay_days": 10},
        **changes,
    }
    return charter_with(listed, **clauses)


def power_of_attorney(party: str, *, stamp: bool | None) -> Instrument:
    """Return the deposit of a power of attorney."""
    paper = Authority(f"authority of {party}", AuthorityKind.POWER_OF_ATTORNEY, day(-5), stamp_duty_shown=stamp)
    return replace(authority(party), authority=paper)


def some_papers() -> tuple[Instrument, ...]:
    """Return papers in which everything occurs once.

    `a` signs online and excepts two articles, to which `b` objects; `b` signs on paper on a power of attorney without stamp duty;
    the youth group `y` signs by a minor; `c` signs without authority, and its paper is returned; `a` gives notice on day 60.
    """
    appointment = Authority("authority of y", AuthorityKind.APPOINTMENT, day(0))
    return (
        adopted(),
        authority("a"),
        power_of_attorney("b", stamp=False),
        replace(authority("y", kind=YOUTH), authority=appointment),
        signed("a", day(1), signatory="per_a", capacity=Capacity.AUTHORISED_REPRESENTATIVE, document=TEXT),
        replace(act("a", K.RESERVED, day(1)), provisions=("5", "7")),
        signed(
            "b",
            day(2),
            signatory="per_b",
            capacity=Capacity.ATTORNEY,
            document=MEMORANDUM,
            channel=Channel.PAPER,
            paper=PaperOriginal(SCAN, MEMORANDUM, attested_by="per_attester", received_by="usr_secretariat"),
        ),
        replace(act("b", K.OBJECTED, day(3)), reference=f"a {K.RESERVED} {day(1)}"),
        signed(
            "y",
            day(4),
            YOUTH,
            signatory="per_y",
            capacity=Capacity.AUTHORISED_REPRESENTATIVE,
            channel=Channel.ON_SITE,
            minor=MinorSignature(AgeBand.FROM_10_TO_17, day(3), day(4), "per_attester"),
        ),
        replace(signed("c", day(5)), authority_id=None),
        act("a", K.WITHDRAWAL_NOTIFIED, day(60)),
    )
