"""A notice has one byte string; a chain of notices holds together, and every way to break it is found."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mou.charter.clauses import AuthorityKind
from mou.charter.facts import Fact, FactKind
from mou.charter.instruments import Authority, Instrument, InstrumentKind, Meeting, PaperOriginal
from mou.charter.notices import (
    LARGEST_NOTICE_BYTES,
    IssuedNotice,
    Notice,
    NoticeError,
    ToldDocument,
    ToldInstrument,
    chain_findings,
    documents_of,
    notice_as_record,
    notice_bytes,
    read_notice,
    told_instruments,
)
from signatures.canonical import canonical_bytes
from signatures.digests import Digest
from signatures.ledger.checkpoint import Checkpoint, LedgerKey, sign_checkpoint

KEY = LedgerKey.generate("example.org/test")
TEXT, PAPER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def note(size: int, root: bytes = b"\x01" * 32, key: LedgerKey = KEY) -> str:
    return sign_checkpoint(Checkpoint(key.name, size, root), key)


def signature(name: str, entry: int) -> ToldInstrument:
    return ToldInstrument(name, InstrumentKind.SIGNED_DEFINITIVE, date(2022, 3, 29), entry, "org-1", documents=(PAPER,))


FIRST = Notice(
    charter_id="doc_1",
    text=TEXT,
    title="ธรรมนูญตัวอย่าง",
    network="เครือข่ายตัวอย่าง",
    number=1,
    day=date(2022, 4, 1),
    checkpoint=note(10),
    instruments=(signature("ins_1", 7),),
    documents=(ToldDocument(TEXT, PAPER, "N-1"),),
)


def after(issued: IssuedNotice, **changes: Any) -> Notice:  # noqa: ANN401
    """A sound notice after this one, changed."""
    before = issued.notice
    size = before.head.size
    plain = replace(
        before,
        number=before.number + 1,
        previous=str(issued.digest),
        checkpoint=note(size + 10, bytes([size]) * 32),
        instruments=(signature(f"ins_{before.number + 1}", size + 1),),
    )
    return replace(plain, **changes)


def chain(*changes: Mapping[str, Any]) -> list[IssuedNotice]:
    """A chain of a first notice and one more for each of the changes."""
    notices = [IssuedNotice(FIRST, Digest("1" * 64))]
    for place, change in enumerate(changes, 2):
        notices.append(IssuedNotice(after(notices[-1], **change), Digest(f"{place:064x}")))
    return notices


# One byte string.


def test_a_notice_is_read_back_as_it_was_written() -> None:
    facts = (Fact(FactKind.PARTY_IN_FORCE, date(2022, 5, 1), "org-1", "ชื่อ", because=("ins_1",), holds=False),)
    notice = replace(FIRST, facts=facts)
    assert read_notice(notice_bytes(notice)) == notice


def as_bytes(change: Callable[[dict[str, Any]], None]) -> bytes:
    record: dict[str, Any] = json.loads(notice_bytes(FIRST))
    change(record)
    return canonical_bytes(record)


REFUSED = {
    "no JSON": b"%PDF",
    "no object": b"[]",
    "too long": b" " * (LARGEST_NOTICE_BYTES + 1),
    "spaces in it": notice_bytes(FIRST).replace(b",", b", ", 1),
    "another order of members": json.dumps(dict(reversed(notice_as_record(FIRST).items())), separators=(",", ":")).encode(),
    "a name twice": notice_bytes(FIRST).replace(b'{"charter_id"', b'{"number":1,"charter_id"', 1),
    "another form": as_bytes(lambda one: one.update(form="mou.notice.v2")),
    "a member more": as_bytes(lambda one: one.update(signatory="per_1")),
    "a member less": as_bytes(lambda one: one.pop("day")),
    "an unknown kind": as_bytes(lambda one: one["instruments"][0].update(kind="signed_by_fax")),
    "a number as text": as_bytes(lambda one: one.update(number="1")),
    "a default written out": as_bytes(lambda one: one.update(facts=[])),
    "no digest": as_bytes(lambda one: one.update(text="sha256:xyz")),
    "no digest of a document": as_bytes(lambda one: one["documents"][0].update(newest="x")),
    "no checkpoint": as_bytes(lambda one: one.update(checkpoint="10 entries")),
    "the first with one before it": as_bytes(lambda one: one.update(previous=TEXT)),
    "the second without one before it": as_bytes(lambda one: one.update(number=2)),
    "number 0": as_bytes(lambda one: one.update(number=0, previous=TEXT)),
    "an entry that its ledger does not have": as_bytes(lambda one: one["instruments"][0].update(entry=10)),
    "nothing told": as_bytes(lambda one: one.pop("instruments")),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_notice_in_its_one_form_is_refused(content: bytes) -> None:
    with pytest.raises(NoticeError):
        read_notice(content)


def test_a_notice_holds_nothing_of_a_person() -> None:
    names = set(notice_as_record(replace(FIRST, previous=TEXT, number=2))) | set(ToldInstrument.__slots__)
    assert not names & {"signatory", "person", "authority", "minor", "capacity", "note"}


# The chain.


def test_a_sound_chain_has_no_findings() -> None:
    assert chain_findings(chain({}, {}, {})) == ()


def test_any_run_of_a_sound_chain_is_sound() -> None:
    assert chain_findings(chain({}, {}, {})[2:]) == ()
    assert chain_findings([]) == ()


BROKEN = {
    "another one before it": ({"previous": PAPER}, "names"),
    "a number left out": ({"number": 3}, "notice 2 is expected"),
    "another charter": ({"charter_id": "doc_2"}, "another charter"),
    "another text": ({"text": PAPER}, "another charter"),
    "an earlier day": ({"day": date(2022, 3, 31)}, "earlier day"),
    "a shorter ledger": ({"checkpoint": note(9)}, "its end is missing"),
    "another history of the same size": ({"checkpoint": note(10, b"\x02" * 32)}, "another history"),
    "another ledger": ({"checkpoint": note(30, key=LedgerKey.generate("example.org/other"))}, "carries the head of"),
    "told before": ({"instruments": FIRST.instruments}, "told of already"),
}


@pytest.mark.parametrize(("change", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_every_broken_link_is_found_and_nothing_else(change: Mapping[str, Any], words: str) -> None:
    (finding,) = chain_findings(chain(change))
    assert words in str(finding)


def test_the_same_head_twice_is_no_other_history() -> None:
    assert chain_findings(chain({"checkpoint": FIRST.checkpoint})) == ()


# What is told.


def test_the_ids_of_everything_told_are_known() -> None:
    assert told_instruments(one.notice for one in chain({}, {})) == {"ins_1", "ins_2", "ins_3"}


def test_a_paper_is_about_every_document_that_it_names_each_once() -> None:
    on = date(2022, 3, 29)
    paper = Instrument(
        "ins_1",
        InstrumentKind.SIGNED_DEFINITIVE,
        on,
        document="d",
        text="t",
        replaces="r",
        invitation="i",
        authority=Authority("aut", AuthorityKind.APPOINTMENT, on, document="a"),
        meeting=Meeting({}, 0, 0, 0, minutes="m"),
        paper=PaperOriginal(scan="s", original="d", attested_by="per_1", received_by="per_2"),
    )
    assert documents_of(paper) == ("d", "t", "r", "i", "a", "m", "s")
    assert documents_of(Instrument("ins_2", InstrumentKind.DECLARED, on)) == ()
