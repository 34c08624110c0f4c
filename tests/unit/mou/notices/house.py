"""A small ledger with its authority: what records instruments, and everybody who could seal a notice of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from mou.charter.due_form import Fault
from mou.charter.instruments import Instrument, InstrumentKind
from mou.charter.ledger_form import receiving_events
from mou.charter.notices import Notice, ToldInstrument
from mou.notices.drawing import draw_notice, seal_notice
from signatures.authority import Authority, Subject, create_authority, new_private_key
from signatures.digests import digest_of
from signatures.ledger.checkpoint import LedgerKey
from signatures.ledger.entry import Event
from signatures.ledger.export import LedgerExport, export_ledger, read_export
from signatures.ledger.log import Ledger
from signatures.ledger.store import LedgerStore, create_ledger_tables, open_engine
from signatures.messages import say
from signatures.signers import Signer, signer_from_key
from signatures.verification import VerificationPolicy

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 22)
NETWORK = "เครือข่ายตัวอย่าง"
SEAL = f"ตราประทับอัตโนมัติ {NETWORK}"
TEXT = digest_of(b"the text of the charter")
PAPER = b"an authority, as it was handed in"
ACTOR = "usr_secretariat"


@dataclass(frozen=True)
class House:
    """The network's authority and its ledger, in a folder of its own."""

    authority: Authority
    ledger_key: LedgerKey
    database: str
    folder: Path

    def signer(self, name: str) -> Signer:
        """Return a signer with a certificate of the authority."""
        key = new_private_key()
        certificate = self.authority.issue(
            Subject(name, NETWORK), key.public_key(), not_before=AT - timedelta(hours=1), not_after=AT + timedelta(days=300)
        )
        return signer_from_key(key, certificate, (self.authority.certificate,))

    def append(self, *events: Event) -> str:
        """Record events, and return the signed head after them."""
        engine = open_engine(self.database)
        with engine.begin() as connection:
            ledger = Ledger(LedgerStore(connection), self.ledger_key.name, self.ledger_key)
            ledger.append(events, at=AT)
            note = ledger.note()
        engine.dispose()
        return note

    def receive(self, instrument: Instrument, fault: Fault | None = None) -> str:
        """Record that an instrument came, and return the signed head after it."""
        return self.append(*receiving_events("doc_1", instrument, fault, actor=ACTOR))

    def export(self) -> LedgerExport:
        """Return the ledger's export, as somebody reads it who knows its key."""
        engine = open_engine(self.database)
        target = self.folder / "export"
        with engine.begin() as connection:
            export_ledger(Ledger(LedgerStore(connection), self.ledger_key.name, self.ledger_key), target)
        engine.dispose()
        return read_export(target, [self.ledger_key.public])

    def policy(self, *, at: datetime = AT + timedelta(days=1), export: LedgerExport | None = None) -> VerificationPolicy:
        """Return what an honest verifier brings along."""
        return VerificationPolicy(
            roots=(self.authority.certificate,), ledger_keys=(self.ledger_key.public,), at=at, ledger_export=export
        )

    def seal(self, notice: Notice, seal: Signer | None = None) -> bytes:
        """Return the sealed PDF of a notice."""
        revoked = self.authority.revocation_list(at=AT - timedelta(minutes=1), next_update=AT + timedelta(days=180), number=1)
        drawn = draw_notice(notice, created=AT)
        return seal_notice(drawn, seal or self.signer(SEAL), revocation_list=revoked, at=AT, name=NETWORK)

    def issue(self, pdf: bytes, number: int) -> None:
        """Record a notice as the depositary does."""
        self.receive(Instrument(f"ins_n{number}", InstrumentKind.NOTICE_ISSUED, ON, document=str(digest_of(pdf)), number=number))


def found_house(folder: Path) -> House:
    """Return a house with two signatures received: one accepted, one returned."""
    database = f"sqlite:///{folder / 'ledger.db'}"
    engine = open_engine(database)
    with engine.begin() as connection:
        create_ledger_tables(connection)
    engine.dispose()
    authority = create_authority(NETWORK, at=AT - timedelta(days=1), lifetime=timedelta(days=400))
    house = House(authority, LedgerKey.generate("example.org/test"), database, folder)
    for number in (1, 2):
        house.receive(signed(number), fault_of(number))
    return house


def signed(number: int) -> Instrument:
    return Instrument(f"ins_{number}", InstrumentKind.SIGNED_DEFINITIVE, ON, party=f"org-{number}", document=str(TEXT))


def fault_of(number: int) -> Fault | None:
    return Fault("proof_of_authority", ON, say("none")) if number == 2 else None


def told(number: int) -> ToldInstrument:
    fault = fault_of(number)
    return ToldInstrument(
        f"ins_{number}",
        InstrumentKind.SIGNED_DEFINITIVE,
        ON,
        2 * (number - 1),
        f"org-{number}",
        f"องค์กรสมมติ {number}",
        returned_for=None if fault is None else fault.clause,
        documents=(str(TEXT),),
    )
