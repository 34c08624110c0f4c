"""What stands in the sheets of the register's workbook: each column with its heading and what it takes from a row.

In a public copy the columns that would name a person or tell of one are not there at all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeAlias, TypeVar

from mou.models import Capacity, OrganisationKind
from mou.signatories.rows import (
    AuthorityRow,
    NotSignedRow,
    PaperRow,
    RegisterOfSignatories,
    ReservationPair,
    SignatoryRow,
    texts_of,
)
from mou.signatories.words import (
    AGE_BANDS,
    AUTHORITIES,
    CHANNELS,
    CHARTER_STATES,
    CLAUSES,
    INSTRUMENTS,
    NO_CHANNEL,
    OUTCOMES,
    PARTY_STATES,
    STAMP_DUTIES,
    articles_in,
    capacity_in,
    condition_in,
    depositary_in,
    fact_in,
    kind_in,
    text_in,
)
from signatures.messages import Message, say

Value: TypeAlias = str | int | date | Message | None
RowT = TypeVar("RowT")

YES, NO, UNKNOWN = say("yes"), say("no"), say("cannot be known")


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column: its heading in Thai and in English, and its value in a row; one of days has the day in words beside it."""

    th: str
    en: str
    value: Callable[[RowT], Value]
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Sheet(Generic[RowT]):
    """One sheet with its rows."""

    title: str
    columns: Sequence[Column[RowT]]
    rows: Sequence[RowT]


@dataclass(frozen=True, slots=True)
class _Fact:
    """One line about the charter."""

    item: Message | str
    value: Value = None
    day: date | None = None
    needed: int | None = None
    counted: int | None = None
    missing: int | None = None


def charter_sheet(register: RegisterOfSignatories, language: str) -> Sheet[_Fact]:
    """Return where the charter stands, its counts and its conditions."""
    columns: tuple[Column[_Fact], ...] = (
        Column("รายการ", "Item", lambda row: row.item),
        Column("ค่า", "Value", lambda row: row.value),
        Column("วันที่", "Day", lambda row: row.day, is_day=True),
        Column("ต้องมี", "Needed", lambda row: row.needed),
        Column("มี", "There are", lambda row: row.counted),
        Column("ยังขาด", "Missing", lambda row: row.missing),
    )
    return Sheet("ธรรมนูญ", columns, tuple(_facts(register, language)))


def _facts(register: RegisterOfSignatories, language: str) -> Iterable[_Fact]:
    charter, status = register.charter, register.status
    yield _Fact(say("Charter"), charter.title)
    yield _Fact(say("As of the end of the day"), None, register.on)
    yield _Fact(say("State"), CHARTER_STATES[status.state])
    yield _Fact(
        say("Copy"), say("public: names no person") if register.is_public else say("of the secretariat: not for publication")
    )
    if charter.is_sample:
        yield _Fact(say("Sample."), say("Every organisation, person, day and number in it is invented."))
    yield _Fact(say("Text adopted on"), None, status.adopted_on)
    yield _Fact(say("Conditions met on"), None, status.met_on)
    for one in register.triggers:
        yield _Fact(say("Triggered by"), one.party_name.th if one.party_name else INSTRUMENTS[one.kind], one.on)
    yield _Fact(say("In force from"), None, status.in_force_on)
    yield _Fact(say("Term ends on"), None, status.term_ends_on)
    yield _Fact(say("Depositary"), depositary_in(language, status.depositary, register.depositary))
    yield _Fact(say("On the charter's list"), status.listed)
    yield _Fact(say("Have signed"), status.signed)
    yield _Fact(say("Have signed and not confirmed"), status.unconfirmed)
    yield _Fact(say("Counted"), status.counted)
    yield _Fact(say("In force for"), status.in_force_for)
    yield _Fact(say("Asked and not signed"), len(register.not_signed))
    yield _Fact(say("Papers returned, not counted"), len(register.returned))
    for each in status.conditions:
        outcome = each.reason or OUTCOMES[each.outcome]
        yield _Fact(condition_in(language, each), outcome, None, each.needed, each.counted, each.missing)
    for text in register.texts:
        yield _Fact(text_in(language, text), text.digest, text.since)
    yield _Fact(say("Ledger"), register.ledger.origin)
    yield _Fact(say("Entries in the ledger"), register.ledger.size)


def party_sheet(register: RegisterOfSignatories, language: str) -> Sheet[SignatoryRow]:
    """Return a row for each organisation that has signed or consented, with the act by which it did."""
    columns: tuple[Column[SignatoryRow], ...] = (
        Column("ที่", "No.", lambda row: row.number),
        Column("รหัสองค์กร", "Organisation id", lambda row: row.status.party),
        Column("องค์กร", "Organisation", lambda row: row.name.th),
        Column("ชื่อภาษาอังกฤษ", "English name", lambda row: row.name.en),
        Column("ประเภท", "Kind", lambda row: _kind(language, row.status.kind)),
        Column("อยู่ในบัญชีท้ายธรรมนูญ", "On the list", lambda row: _truth(row.status.is_listed)),
        Column("สถานะ", "State", lambda row: PARTY_STATES[row.status.state]),
        Column("นับ", "Counted", lambda row: _truth(row.status.is_counted)),
        Column("ผูกพัน", "Bound", lambda row: _truth(row.status.is_bound)),
        Column("วันที่ลงนาม", "Signed on", lambda row: row.status.signed_on, is_day=True),
        Column("วันที่แสดงเจตนาผูกพัน", "Consented on", lambda row: row.status.consent_on, is_day=True),
        *_act_columns(language, lambda row: row.decisive, is_public=register.is_public),
        Column("มีผลต่อองค์กรนี้ตั้งแต่", "In force for it from", lambda row: row.status.in_force_on, is_day=True),
        Column("ผูกพันตามข้อความ", "Bound by", lambda row: _bound_by(register, language, row)),
        Column("ค่าแฮชของข้อความ", "Digest of the text", lambda row: row.status.text),
        Column("ข้อสงวน", "Reservations", lambda row: _excepted(language, row)),
        Column("วันที่แจ้งถอนตัว", "Notice of withdrawal", lambda row: row.status.withdrawal_notified_on, is_day=True),
        Column("วันที่จะพ้น", "Leaves on", lambda row: row.status.leaves_on, is_day=True),
        Column("วันที่พ้นแล้ว", "Left on", lambda row: row.status.left_on, is_day=True),
        Column("องค์กรที่สืบแทน", "Succeeded by", lambda row: row.status.succeeded_by),
    )
    return Sheet("ผู้ลงนาม", columns, register.signatories)


def instrument_sheet(register: RegisterOfSignatories, language: str) -> Sheet[PaperRow]:
    """Return every paper that was accepted, in the order of their days."""
    return Sheet("เอกสารที่รับไว้", _paper_columns(language, is_public=register.is_public), register.instruments)


def returned_sheet(register: RegisterOfSignatories, language: str) -> Sheet[PaperRow]:
    """Return every paper that was returned, and why."""
    columns: tuple[Column[PaperRow], ...] = (
        Column("ข้อกำหนดที่ไม่เป็นไปตาม", "Clause that it fails", _clause),
        Column("เหตุที่ส่งคืน", "Why it was returned", lambda row: None if row.fault is None else fact_in(language, row.fault.fact)),
        *_paper_columns(language, is_public=register.is_public),
    )
    return Sheet("ส่งคืน", columns, register.returned)


def reservation_sheet(register: RegisterOfSignatories, language: str) -> Sheet[ReservationPair]:
    """Return each reservation with each objection to it, pair by pair."""
    columns: tuple[Column[ReservationPair], ...] = (
        Column("ข้อสงวนของ", "Reservation of", lambda row: row.name.th),
        Column("ข้อที่สงวน", "Excepted", lambda row: articles_in(language, row.provisions)),
        Column("วันที่ตั้งข้อสงวน", "Made on", lambda row: row.made_on, is_day=True),
        Column("วันที่แจ้งองค์กรอื่น", "Others told on", lambda row: row.notified_on, is_day=True),
        Column("ผู้คัดค้าน", "Objection by", lambda row: None if row.objector_name is None else row.objector_name.th),
        Column("วันที่คัดค้าน", "Objected on", lambda row: row.objected_on, is_day=True),
    )
    return Sheet("ข้อสงวน", columns, register.reservations)


def not_signed_sheet(register: RegisterOfSignatories, language: str) -> Sheet[NotSignedRow]:
    """Return who was asked and has not signed."""
    columns: tuple[Column[NotSignedRow], ...] = (
        Column("ที่", "No.", lambda row: row.number),
        Column("รหัสองค์กร", "Organisation id", lambda row: row.party),
        Column("องค์กร", "Organisation", lambda row: row.name.th),
        Column("ประเภท", "Kind", lambda row: _kind(language, row.kind)),
        Column("สถานะ", "State", lambda row: PARTY_STATES[row.state]),
        Column("เอกสารที่ส่งคืน", "Papers returned", lambda row: row.returned),
    )
    return Sheet("ยังไม่ลงนาม", columns, register.not_signed)


def _paper_columns(language: str, *, is_public: bool) -> tuple[Column[PaperRow], ...]:
    private: tuple[Column[PaperRow], ...] = (Column("หมายเหตุของกองเลขานุการ", "Note of the secretariat", lambda row: row.note),)
    return (
        Column("รายการในบัญชี", "Ledger entry", lambda row: row.entry),
        Column("วันที่มีผล", "Takes effect on", lambda row: row.on, is_day=True),
        Column("รหัสองค์กร", "Organisation id", lambda row: row.party),
        Column("องค์กร", "Organisation", lambda row: None if row.party_name is None else row.party_name.th),
        *_act_columns(language, _itself, is_public=is_public),
        Column("อ้างถึง", "About", lambda row: row.reference),
        Column("รหัสเอกสารที่รับ", "Instrument id", lambda row: row.instrument_id),
        *(() if is_public else private),
    )


def _act_columns(language: str, act: Callable[[RowT], PaperRow | None], *, is_public: bool) -> tuple[Column[RowT], ...]:
    """How somebody acted: what, through which channel, as what, who, on which authority; `act` finds it in a row."""

    def of(read: Callable[[PaperRow], Value]) -> Callable[[RowT], Value]:
        return lambda row: None if (found := act(row)) is None else read(found)

    def on(read: Callable[[AuthorityRow], Value]) -> Callable[[RowT], Value]:
        return of(lambda paper: None if paper.authority is None else read(paper.authority))

    persons = (
        Column("ผู้ลงนาม", "Signatory", of(lambda paper: paper.signatory)),
        Column("ช่วงอายุ", "Age", of(lambda paper: None if paper.age_band is None else AGE_BANDS[paper.age_band])),
    )
    return (
        Column("ชนิด", "What it is", of(lambda paper: INSTRUMENTS[paper.kind])),
        Column("ช่องทาง", "Channel", of(_channel)),
        Column("ฐานะ", "Capacity", of(lambda paper: _capacity(language, paper.capacity))),
        *(() if is_public else persons),
        Column("หลักฐานแห่งอำนาจ", "Authority", on(lambda held: AUTHORITIES[held.kind])),
        Column("หลักฐานลงวันที่", "Authority issued on", on(lambda held: held.issued_on), is_day=True),
        Column("ใช้ได้ถึง", "Authority counts until", on(lambda held: held.expires_on), is_day=True),
        Column("อากรแสตมป์", "Stamp duty", on(lambda held: STAMP_DUTIES.get(held.stamp_duty))),
        Column("เอกสาร", "Document", of(lambda paper: paper.document_name)),
        Column("ค่าแฮชของเอกสาร", "Digest of the document", of(lambda paper: paper.document)),
        Column("ค่าแฮชของภาพสแกน", "Digest of the scan", of(lambda paper: None if paper.paper is None else paper.paper.scan)),
    )


_TRUTHS: Final = {True: YES, False: NO, None: UNKNOWN}


def _truth(fact: bool | None) -> Message:  # noqa: FBT001  # three honest answers
    return _TRUTHS[fact]


def _kind(language: str, kind: OrganisationKind | None) -> str | None:
    return None if kind is None else kind_in(language, kind)


def _capacity(language: str, capacity: Capacity | None) -> str | None:
    return None if capacity is None else capacity_in(language, capacity)


def _channel(paper: PaperRow) -> Message | None:
    if paper.channel is not None:
        return CHANNELS[paper.channel]
    return NO_CHANNEL if paper.capacity is not None else None


def _itself(row: PaperRow) -> PaperRow | None:
    return row


def _clause(row: PaperRow) -> Value:
    return None if row.fault is None else CLAUSES.get(row.fault.clause, row.fault.clause)


def _bound_by(register: RegisterOfSignatories, language: str, row: SignatoryRow) -> str | None:
    return "\n".join(text_in(language, text) for text in texts_of(register, row)) or None


def _excepted(language: str, row: SignatoryRow) -> str | None:
    return "\n".join(articles_in(language, one.provisions) for one in row.status.reservations) or None
