"""The illustrations of `tests/data/charters`, read; its SOURCE says how a file reads. A key that is not known is an error."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import (
    OF_A_PARTY,
    AgeBand,
    Authority,
    Charter,
    Instrument,
    InstrumentKind,
    Meeting,
    MinorSignature,
    PaperOriginal,
)
from mou.errors import InputError
from mou.models import OrganisationKind
from mou.toml_tables import TableReader, read_toml
from signatures.messages import Message
from tests.charters import ILLUSTRATIONS, clauses_with
from tests.illustrated_facts import CHARTER_FACTS, PARTY_FACTS

TEXT = "ข้อความเดิม"
STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Moment:
    """What must hold on a day: of the charter by the name of the fact, of organisations by the fact and the organisation."""

    on: date
    of_charter: Mapping[str, object]
    of_parties: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice of withdrawal would do."""

    on: date
    who: str
    counts_from: date
    charter_remains: object


@dataclass(frozen=True, slots=True)
class Illustration:
    """One file: the charter, what came in, what was returned (by instrument, with the clause), what must hold."""

    clause: str
    charter: Charter
    instruments: tuple[Instrument, ...]
    returned: Mapping[str, str]
    must_hold: tuple[Moment, ...]
    if_notice_given: tuple[Notice, ...]


def illustration_files() -> tuple[Path, ...]:
    """Return every illustration, by name."""
    return tuple(sorted(path for path in ILLUSTRATIONS.glob("*.toml") if path.name != "base.toml"))


def read_illustration(path: Path) -> Illustration:
    """Return the illustration that a file holds.

    Raises:
        InputError: with every wrong, missing or unknown key at once.
    """
    problems: list[Message] = []
    table = TableReader(read_toml(path, InputError), path.name, problems)
    for key in ("title_th", "title_en"):
        table.text(key)
    assert table.value("explains"), f"{path.name}: an explanation is expected"
    classes, listed = _classes(table)
    changes = table.value("clauses") or {}
    assert isinstance(changes, Mapping)
    charter = Charter("charter", TEXT, clauses_with(**changes), listed)
    events = [one for place, row in enumerate(table.tables("events"), 1) for one in _papers(row, place, classes)]
    if table.flag("standing_authority", default=True):
        events += _standing_authorities(charter, classes, min(one.on for one in events))
    found = Illustration(
        clause=table.text("clause"),
        charter=charter,
        instruments=tuple(events),
        returned=dict(_returned(row, events) for row in table.tables("returned")),
        must_hold=tuple(_moment(row) for row in table.tables("must_hold")),
        if_notice_given=tuple(_notice(row) for row in table.tables("if_notice_given")),
    )
    table.finish()
    if problems:
        raise InputError("{file}: the illustration cannot be used", file=path.name, problems=tuple(problems))
    return found


def _classes(table: TableReader) -> tuple[dict[str, OrganisationKind], dict[str, OrganisationKind] | None]:
    on_list, others = table.optional_table("listed"), table.optional_table("others")
    listed = None if on_list is None else dict(_by_class(on_list))
    return {**(listed or {}), **dict(_by_class(others) if others is not None else ())}, listed


def _by_class(table: TableReader) -> Iterator[tuple[str, OrganisationKind]]:
    for key, names in table.items():
        for name in _names(names):
            yield name, table.chosen(key, key, OrganisationKind)


def _names(found: object) -> tuple[str, ...]:
    """The names of one text or a list of texts; "องค์กร 01..12" are twelve."""
    texts = found if isinstance(found, list) else [found]
    names: list[str] = []
    for text in texts:
        assert isinstance(text, str)
        span = re.fullmatch(r"(.*?)(\d+)\.\.(\d+)", text)
        if span is None:
            names.append(text)
        else:
            first, last = span.group(2), span.group(3)
            names += [f"{span.group(1)}{number:0{len(first)}}" for number in range(int(first), int(last) + 1)]
    return tuple(names)


def _standing_authorities(charter: Charter, classes: Mapping[str, OrganisationKind], on: date) -> Iterator[Instrument]:
    for party, kind in classes.items():
        wanted = charter.clauses.proof_of_authority.get(kind)
        if wanted is not None:
            paper = Authority(STANDING, wanted[0], on)
            plain = Instrument(f"standing authority of {party}", InstrumentKind.AUTHORITY_DEPOSITED, on)
            yield replace(plain, party=party, party_kind=kind, authority=paper)


def _papers(row: TableReader, place: int, classes: Mapping[str, OrganisationKind]) -> list[Instrument]:
    """One paper for each organisation that an event names, or the meeting's or the depositary's own."""
    kind, who, name = row.choice("what", InstrumentKind), row.value("who"), row.optional_text("name")
    parties = _names(who) if who is not None else (None,)
    if (kind in OF_A_PARTY) != (who is not None):
        row.expect("who", Message("an organisation exactly where it is the act of one"), who)
    named = [name or f"{place:02} {kind} {party or ''}".strip() for party in parties]
    plain = _paper(row, kind)
    row.finish()
    return [
        replace(
            plain,
            instrument_id=one,
            party=party,
            party_kind=classes.get(party or ""),
            document=plain.document or f"document of {one}",
            paper=plain.paper and replace(plain.paper, original=plain.paper.original or f"document of {one}"),
        )
        for one, party in zip(named, parties, strict=True)
    ]


def _paper(row: TableReader, kind: InstrumentKind) -> Instrument:
    is_deposit = kind is InstrumentKind.AUTHORITY_DEPOSITED
    authority_id = row.optional_text("authority") or STANDING
    paper, renewed = _paper_original(row), row.value("renewed")
    successor_class = row.optional_text("successor_class")
    return Instrument(
        instrument_id="",
        kind=kind,
        on=row.day("on"),
        document=row.optional_text("document"),
        channel=Channel.ONLINE if paper is None else Channel.PAPER,
        authority_id=authority_id,
        authority=_authority(row, authority_id) if is_deposit else None,
        minor=_minor(row),
        paper=paper,
        meeting=_meeting(row),
        invitation=row.optional_text("invitation"),
        provisions=row.texts("articles", at_least=0),
        reference=row.optional_text("about"),
        text=row.optional_text("text") or (TEXT if kind is InstrumentKind.TEXT_ADOPTED else None),
        replaces=row.optional_text("replaces"),
        proposed_by=row.texts("proposed_by", at_least=0),
        successor=row.optional_text("successor"),
        successor_kind=None if successor_class is None else OrganisationKind(successor_class),
        renewed=renewed if isinstance(renewed, bool) else None,
        until=row.optional_day("until"),
        about=row.texts("tells_of", at_least=0),
    )


def _authority(row: TableReader, authority_id: str) -> Authority:
    issued_on, expires_on = row.optional_day("issued_on"), row.optional_day("expires_on")
    kind, covers = row.choice("proof", AuthorityKind), row.texts("covers", at_least=0)
    return Authority(authority_id, kind, issued_on or row.day("on"), expires_on=expires_on, covers=covers)


def _meeting(row: TableReader) -> Meeting | None:
    present, in_favour = row.value("present"), row.optional_integer("in_favour") or 0
    against, abstaining = row.optional_integer("against") or 0, row.optional_integer("abstaining") or 0
    if present is None:
        return None
    by_channel = row.table("present").items() if isinstance(present, dict) else [(Channel.ON_SITE, present)]
    return Meeting({Channel(key): int(str(count)) for key, count in by_channel}, in_favour, against, abstaining)


def _minor(row: TableReader) -> MinorSignature | None:
    minor = row.optional_table("minor")
    if minor is None:
        return None
    found = MinorSignature(
        minor.choice("age", AgeBand),
        minor.optional_day("guardian_consent_on"),
        minor.optional_day("assent_on"),
        minor.optional_text("adult"),
    )
    minor.finish()
    return found


def _paper_original(row: TableReader) -> PaperOriginal | None:
    paper = row.optional_table("paper")
    if paper is None:
        return None
    original = paper.optional_text("scan_of") or ""
    found = PaperOriginal("scan", original, paper.text("attested_by"), paper.text("received_by"))
    paper.finish()
    return found


def _returned(row: TableReader, events: list[Instrument]) -> tuple[str, str]:
    on, kind, who, clause = row.day("on"), row.choice("what", InstrumentKind), row.optional_text("who"), row.text("clause")
    row.finish()
    same = [one.instrument_id for one in events if (one.on, one.kind, one.party) == (on, kind, who)]
    if len(same) != 1:
        row.expect("what", Message("exactly one event of this day, kind and organisation"), len(same))
    return next(iter(same), ""), clause


def _moment(row: TableReader) -> Moment:
    on = row.day("on")
    of_charter = {key: row.value(key) for key in CHARTER_FACTS if row.value(key) is not None}
    of_parties = {}
    for key in PARTY_FACTS:
        by_party = row.optional_table(key)
        if by_party is not None:
            of_parties[key] = {name: value for names, value in by_party.items() for name in _names(names)}
    row.finish()
    return Moment(on, of_charter, of_parties)


def _notice(row: TableReader) -> Notice:
    found = Notice(row.day("on"), row.text("who"), row.day("counts_from"), row.value("charter_remains"))
    row.finish()
    return found
