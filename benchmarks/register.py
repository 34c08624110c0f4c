"""The register of a charter: 100,000 instruments of 5,000 parties read at once, and one question from what is remembered.

Every instrument is invented, and of the kinds that a network of that size would see in ten years.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from json import dumps
from pathlib import Path

from benchmarks.measurement import Findings, Goal, Ratio, Series, Size, by_round, in_turns
from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import Authority, Charter, Instrument, InstrumentKind, Meeting
from mou.charter.ledger_form import paper_of
from mou.charter.register import replay
from mou.charter.status import charter_status, party_status
from mou.models import OrganisationKind
from mou.storage import tables
from mou.storage.database import Database, Transaction, open_database
from mou.storage.depositary import StoredParties
from mou.templates import bundled_templates_folder, load_template
from mou.workflow.demonstrating import CHARTER
from mou.workflow.depositing import DAYS_KEPT_OPEN, open_register
from signatures.ledger.checkpoint import LedgerKey

INSTRUMENTS, PAPERS_OF_A_PARTY = 100_000, 20
REPEATS = 3
SINGLE_QUESTIONS = 10  # asked in each round, and counted as one work each
DOUBLING = Goal(2.2, is_upper=True)
ONE_QUESTION = Goal(20)
CPU = "CPU"
FIRST_DAY, LAST_DAY = date(2022, 3, 29), date(2032, 3, 28)
ASKED = "org_00017"


def measure(size: Size) -> Findings:
    """Return what doubling the instruments does to the full replay, and what one question costs beside it."""
    repeats = size.repeats or REPEATS
    whole = size.documents or INSTRUMENTS
    charter, papers = invented(whole)
    half_charter, half = invented(whole // 2)
    full, halves = in_turns(
        repeats, lambda _: _timed(lambda: replay(charter, papers)), lambda _: _timed(lambda: replay(half_charter, half))
    )
    with _stored(charter, papers) as transaction:
        one, all_again = in_turns(
            repeats,
            lambda _: _timed(lambda: _ask(transaction, charter), times=SINGLE_QUESTIONS),
            lambda _: _timed(lambda: _ask_by_replay(transaction, charter)),
        )
    label = f"{whole:,} instruments"
    return Findings(
        ratios=(
            Ratio(
                f"replay of {label} against half of them", by_round("all", full, 1), by_round("half", halves, 1), CPU, DOUBLING
            ),
            Ratio(
                f"reading {label} again against asking what is remembered",
                by_round("replay from the rows", all_again, 1),
                Series("one question", tuple(one)),
                f"{CPU}, the status of one party and of the charter",
                ONE_QUESTION,
            ),
        )
    )


def invented(count: int) -> tuple[Charter, list[Instrument]]:
    """Return a charter and so many instruments in the order of chance; a party in twenty papers."""
    chance = random.Random(count)  # noqa: S311  # the same instruments each time
    clauses = load_template(bundled_templates_folder() / CHARTER).clauses
    assert clauses is not None
    clauses = replace(clauses, signature_window=replace(clauses.signature_window, closes_on=None))
    parties = [f"org_{number:05d}" for number in range(count // PAPERS_OF_A_PARTY)]
    charter = Charter("doc_invented", f"sha256:{0:064x}", clauses, dict.fromkeys(parties, OrganisationKind.FOUNDATION))
    meeting = Meeting({Channel.ON_SITE: 11, Channel.ONLINE: 8}, 19, 0, 0)
    papers = [Instrument("ins_adopted", InstrumentKind.TEXT_ADOPTED, FIRST_DAY, text=charter.text, meeting=meeting)]
    for party in parties:
        papers += _papers_of(party, chance)
    chance.shuffle(papers)
    return charter, papers


def _papers_of(party: str, chance: random.Random) -> Iterator[Instrument]:
    signed_on = FIRST_DAY + timedelta(days=chance.randrange(365))
    authority = Authority(f"aut_{party}", AuthorityKind.BOARD_RESOLUTION, FIRST_DAY - timedelta(days=30))
    foundation = OrganisationKind.FOUNDATION
    yield Instrument(
        f"ins_{party}_a", InstrumentKind.AUTHORITY_DEPOSITED, FIRST_DAY, party=party, party_kind=foundation, authority=authority
    )
    yield Instrument(
        f"ins_{party}_s",
        InstrumentKind.SIGNED_DEFINITIVE,
        signed_on,
        party=party,
        party_kind=foundation,
        authority_id=authority.authority_id,
        channel=Channel.ONLINE,
    )
    leaves = chance.random() < 0.1  # noqa: PLR2004  # one in ten gives notice some day
    if leaves:
        day = signed_on + timedelta(days=400 + chance.randrange(2000))
        yield Instrument(
            f"ins_{party}_w", InstrumentKind.WITHDRAWAL_NOTIFIED, day, party=party, authority_id=authority.authority_id
        )
    for number in range(PAPERS_OF_A_PARTY - (3 if leaves else 2)):
        day = signed_on + timedelta(days=chance.randrange((LAST_DAY - signed_on).days))
        yield Instrument(f"ins_{party}_{number}", InstrumentKind.DECLARED, day, party=party)


@contextmanager
def _stored(charter: Charter, papers: list[Instrument]) -> Iterator[Transaction]:
    """The instruments in a database, all days closed but the last that the product keeps open."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(
            f"sqlite:///{Path(folder) / 'mou.db'}", origin="example.org/b", ledger_key=LedgerKey.generate("example.org/b")
        )
        _write(database, charter, papers)
        with database.read() as transaction:
            yield transaction
        database.close()


def _write(database: Database, charter: Charter, papers: list[Instrument]) -> None:
    now = datetime(2032, 3, 28, tzinfo=UTC).isoformat()
    rows = [
        {
            "instrument_id": paper.instrument_id,
            "charter_id": charter.charter_id,
            "entry_index": index,
            "kind": paper.kind,
            "party": paper.party,
            "effective_on": paper.on.isoformat(),
            "paper": dumps(paper_of(paper)),
            "is_accepted": True,
            "recorded_at": now,
        }
        for index, paper in enumerate(papers)
    ]
    document = {
        "document_id": charter.charter_id,
        "template": CHARTER,
        "input_digest": "1",
        "prepared_digest": charter.text,
        "current_digest": charter.text,
        "revision_count": 1,
        "version": "1",
        "title": "-",
        "file_name": "-",
        "created_at": now,
    }
    with database.write() as transaction:
        transaction.depositary.connection.execute(tables.document.insert(), [document])
        transaction.depositary.add_charter(charter)
        transaction.depositary.connection.execute(tables.instrument.insert(), rows)
        register = transaction.depositary.remembered(charter)
        last = max(paper.on for paper in papers) - timedelta(days=DAYS_KEPT_OPEN)
        register.read(transaction.depositary.accepted_after(charter.charter_id, date.min, until=last))
        register.settle(last)
        assert isinstance(register.parties, StoredParties)
        transaction.depositary.remember(register, register.parties.touched)


def _ask(transaction: Transaction, charter: Charter) -> None:
    register = open_register(transaction, charter)
    assert charter_status(register, LAST_DAY).counted > 0
    assert party_status(register, ASKED, LAST_DAY).signed_on is not None


def _ask_by_replay(transaction: Transaction, charter: Charter) -> None:
    register = replay(charter, transaction.depositary.accepted_after(charter.charter_id, date.min))
    assert charter_status(register, LAST_DAY).counted > 0
    assert party_status(register, ASKED, LAST_DAY).signed_on is not None


def _timed(work: Callable[[], object], *, times: int = 1) -> float:
    """CPU seconds of one time of the work."""
    begin = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begin) / times
