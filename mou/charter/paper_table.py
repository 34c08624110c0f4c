"""A table of papers as instruments: a row for each, every cell that cannot be used found at once, and none guessed.

1. Each kind of paper has its columns. A cell that means nothing beside the paper of its row is refused, so that nothing typed is
   passed over in silence; a note and a number may stand beside each.
2. What a paper lacks is no fault of the table: it is presented as it is, and examination says which clause it fails. Refused here
   is what cannot be a paper at all: an unreadable day, an unknown organisation, a file that is not there.
3. A signature without a document of its own is one under the charter itself.
4. A row may name another by its number: an act the row of its authority, an objection the row of the reservation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mou.ceremony import Channel
from mou.charter.form_of_consent import article_of
from mou.charter.instruments import (
    NEEDS_AUTHORITY,
    OF_A_PARTY,
    Authority,
    Instrument,
    InstrumentKind,
    Meeting,
    MinorSignature,
    PaperOriginal,
)
from mou.charter.paper_cells import Cells, Lookups, Problem
from mou.charter.paper_columns import ORGANISATION, ORGANISATION_ID, field_of, label_of
from mou.charter.paper_words import AGE_BANDS, ANSWERS, AUTHORITIES, CAPACITIES, CHANNELS, KINDS, STAMP_DUTIES, Answer, StampDuty
from mou.errors import InputError
from mou.organisations.tables import Table, column_letter, quoted
from mou.thai import to_arabic_digits
from signatures.messages import say

_BESIDE_EACH = frozenset({"on", "instrument", "number", "note"})
_PARTY = frozenset({ORGANISATION, ORGANISATION_ID})
_ACT = frozenset({"channel", "capacity", "signatory", "file"})
_RESTING = _ACT | {"authority"}
_VOTES = frozenset({"on_site", "online", "in_favour", "against", "abstaining"})
_MEETING = _VOTES | {"minutes"}
_MINOR = frozenset({"age_band", "guardian_consent_on", "assent_on", "adult_beside"})
_SIGNATURE = _RESTING | _MINOR | {"document", "attested_by", "received_by"}
_PROOF = frozenset({"authority_kind", "issued_on", "expires_on", "stamp_duty", "covers", "signatory", "file"})

_COLUMNS: Mapping[InstrumentKind, frozenset[str]] = {
    InstrumentKind.TEXT_ADOPTED: _MEETING,
    InstrumentKind.DEPOSITARY_CHANGED: frozenset({"successor", "file"}),
    InstrumentKind.RENEWAL_DECIDED: _MEETING | {"renewed", "until"},
    InstrumentKind.SUCCEEDED: frozenset({"successor", "file"}),
    InstrumentKind.AUTHORITY_DEPOSITED: _PROOF,
    InstrumentKind.AUTHORITY_REVOKED: frozenset({"authority", "file"}),
    InstrumentKind.SIGNED_SIMPLE: _SIGNATURE,
    InstrumentKind.SIGNED_DEFINITIVE: _SIGNATURE,
    InstrumentKind.APPROVAL_DEPOSITED: _ACT,
    InstrumentKind.ACCEDED: _RESTING | _MEETING | {"invitation"},
    InstrumentKind.PROVISIONAL: _ACT,
    InstrumentKind.RESERVED: _ACT | {"articles"},
    InstrumentKind.DECLARED: _ACT,
    InstrumentKind.OBJECTED: _ACT | {"reference"},
    InstrumentKind.AMENDMENT_PROPOSED: frozenset({"reference", "text", "proposed_by"}),
    InstrumentKind.AMENDMENT_ADOPTED: _MEETING | {"reference"},
    InstrumentKind.AMENDMENT_ACCEPTED: _RESTING | {"reference"},
    InstrumentKind.RECTIFICATION_PROPOSED: frozenset({"reference", "text", "replaces"}),
    InstrumentKind.RECTIFICATION_OBJECTED: _ACT | {"reference"},
    InstrumentKind.RECTIFICATION_EFFECTED: frozenset({"reference", "file"}),
    InstrumentKind.WITHDRAWAL_NOTIFIED: _RESTING,
    InstrumentKind.PARTY_EXPELLED: _MEETING | {"file"},
}
_NAMED = frozenset(
    {
        InstrumentKind.AMENDMENT_PROPOSED,
        InstrumentKind.AMENDMENT_ADOPTED,
        InstrumentKind.AMENDMENT_ACCEPTED,
        InstrumentKind.RECTIFICATION_PROPOSED,
        InstrumentKind.RECTIFICATION_OBJECTED,
        InstrumentKind.RECTIFICATION_EFFECTED,
    }
)
"""What is about an amendment or a rectification, which goes by a name."""

KEEPER = "depositary"  # whose people receive and attest papers, as in `mou instrument paper`
_REQUIRED = ("on", "instrument", ORGANISATION)
_AUTHORITY_ID = re.compile(r"aut_[0-9a-f]{24}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_INSTRUMENT_ID = re.compile(r"ins_[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row as a paper to be presented; `number` is the row as a spreadsheet shows it.

    `about_row` is the row of the reservation that an objection is about.
    """

    number: int
    paper: Instrument
    note: str | None = None
    about_row: int | None = None


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Every paper of a table in its order, and the columns that mean nothing here."""

    source: str
    rows: tuple[PaperRow, ...]
    unknown_columns: tuple[str, ...] = ()


def read_papers(table: Table, lookups: Lookups) -> PaperTable:
    """Return the table's papers.

    Raises:
        InputError: a column is missing or stands twice, there is no row, or cells cannot be used; `problems` names each place.
    """
    positions = _positions(table)
    problems: list[Problem] = []
    cells = {row.number: Cells(table, positions, row, lookups, problems) for row in table.rows}
    rows = {number: _row(one) for number, one in cells.items()}
    named = tuple(_with_named_row(row, cells[row.number], rows) for row in rows.values() if row is not None)
    if problems:
        problems.sort(key=lambda one: one[:2])
        raise InputError(
            "{file}: {count} rows cannot be used; nothing was recorded",
            problems=tuple(message for _, _, message in problems),
            file=table.source,
            count=len({row for row, _, _ in problems}),
        )
    if not named:
        raise InputError(
            "{file}: a row for each paper is expected under the header in row {row}, got none",
            file=table.source,
            row=table.header_row,
        )
    return PaperTable(table.source, named, tuple(header for header in table.headers if field_of(header) is None))


def _positions(table: Table) -> dict[str, int]:
    """The column of each field; a field that is needed has one, and none has two."""
    positions: dict[str, int] = {}
    problems = []
    for position, header in enumerate(table.headers):
        field = field_of(header)
        if field is None:
            continue
        first = positions.setdefault(field, position)
        if first != position:
            problems.append(
                say(
                    "{file}, row {row}: one column for each meaning is expected, got {column} and {other} ({letters}); "
                    "delete or rename one of them",
                    file=table.source,
                    row=table.header_row,
                    column=quoted(table.headers[first]),
                    other=quoted(header),
                    letters=f"{column_letter(first)}, {column_letter(position)}",
                )
            )
    found = positions.keys() | ({ORGANISATION} if ORGANISATION_ID in positions else set())
    missing = [field for field in _REQUIRED if field not in found]
    if problems or missing:
        raise InputError(
            "{file}: a table of papers is expected, with one column each for วันที่ (on), เอกสาร (instrument), องค์กร (organisation)",
            file=table.source,
            problems=(
                *problems,
                *(say("{file}: no column {column}", file=table.source, column=quoted(label_of(field))) for field in missing),
            ),
        )
    return positions


def _row(cells: Cells) -> PaperRow | None:
    """The row as a paper; None where it has no kind or day, or no organisation where it needs one."""
    kind = cells.word("instrument", KINDS, is_required=True)
    on = cells.day("on", is_required=True)
    if on is not None and on > cells.lookups.today:
        cells.refuse("on", say("a day that has come (today is {today})", today=cells.lookups.today))
    if kind is None:
        _look_at_the_rest(cells)
        return None
    own = _COLUMNS[kind] | _BESIDE_EACH | (_PARTY if kind in OF_A_PARTY else frozenset())
    for field in cells.positions:
        if field not in own and cells.text(field) is not None:
            cells.refuse(field, say("nothing beside “{kind}”", kind=KINDS.label_of(kind)))
    party = _party(cells) if kind in OF_A_PARTY else None
    paper = _paper(cells.only(own), kind, on or date.min, party)
    if on is None or (party is None and kind in OF_A_PARTY):
        return None  # only now: every other cell of the row has been looked at too
    note = "; ".join(text for text in (cells.text("number"), cells.text("note")) if text is not None)
    return PaperRow(cells.row.number, paper, note or None)


def _look_at_the_rest(cells: Cells) -> None:
    """Look at what means the same beside every kind of paper, where it is not known which this is."""
    if cells.text(ORGANISATION) is not None or cells.text(ORGANISATION_ID) is not None:
        _party(cells)
    cells.word("channel", CHANNELS)
    cells.word("capacity", CAPACITIES)
    cells.file()


def _party(cells: Cells) -> str | None:
    """Whose act it is, by id or name; where both stand there, they are of one organisation."""
    if cells.text(ORGANISATION_ID) is None:
        return cells.organisation(ORGANISATION)
    by_id = cells.organisation(ORGANISATION_ID)
    by_name = None if cells.text(ORGANISATION) is None else cells.organisation(ORGANISATION)
    if by_id is not None and by_name is not None and by_id != by_name:
        cells.refuse(ORGANISATION, say("the name of {id}", id=by_id))
    return by_id


def _paper(cells: Cells, kind: InstrumentKind, on: date, party: str | None) -> Instrument:
    """The paper of a row, of whose cells only those are looked at that this kind has."""
    paper = Instrument(
        "",
        kind,
        on,
        party=party,
        party_kind=cells.lookups.kinds.get(party or ""),
        document=cells.file(),
        channel=cells.word("channel", CHANNELS),
        capacity=cells.word("capacity", CAPACITIES),
        signatory=cells.person("signatory", party),
        meeting=_meeting(cells),
        invitation=cells.file("invitation"),
        provisions=_articles(cells),
        reference=_name(cells) if kind in _NAMED else None,
        text=cells.document("text"),
        proposed_by=cells.organisations("proposed_by"),
        until=cells.day("until"),
    )
    charter = cells.lookups.charter
    match kind:
        case InstrumentKind.TEXT_ADOPTED:
            paper = replace(paper, document=charter.text, text=charter.text)
        case InstrumentKind.AUTHORITY_DEPOSITED:
            paper = replace(paper, document=None, signatory=None, authority=_authority(cells, paper))
        case InstrumentKind.SIGNED_SIMPLE | InstrumentKind.SIGNED_DEFINITIVE:
            paper = _signature(cells, paper)
        case InstrumentKind.RECTIFICATION_PROPOSED:
            paper = replace(paper, replaces=cells.document("replaces") if cells.text("replaces") else charter.text)
        case InstrumentKind.RENEWAL_DECIDED:
            paper = replace(paper, renewed=cells.word("renewed", ANSWERS, is_required=True) is Answer.YES)
        case InstrumentKind.DEPOSITARY_CHANGED:
            paper = replace(paper, successor=_next_depositary(cells))
        case InstrumentKind.SUCCEEDED:
            successor = cells.organisation("successor")
            paper = replace(paper, successor=successor, successor_kind=cells.lookups.kinds.get(successor or ""))
        case _:
            pass
    return paper


def _signature(cells: Cells, act: Instrument) -> Instrument:
    is_paper, scan = act.channel is Channel.PAPER, act.document
    signed = cells.document("document") or (None if is_paper else scan) or cells.lookups.charter.text
    attested_by, received_by = (cells.person(field, KEEPER) for field in ("attested_by", "received_by"))
    for field, person in (("attested_by", attested_by), ("received_by", received_by)):
        if person is not None and not is_paper:
            cells.refuse(field, say("nothing beside a signature that is not on paper"))
    paper = None
    if is_paper and scan is not None and attested_by is not None and received_by is not None:
        paper = PaperOriginal(scan, signed, attested_by, received_by)
    return replace(act, document=signed, paper=paper, minor=_minor(cells, act.party))


def _minor(cells: Cells, party: str | None) -> MinorSignature | None:
    band = cells.word("age_band", AGE_BANDS, is_required=any(cells.text(field) for field in _MINOR))
    consent, assent = cells.day("guardian_consent_on"), cells.day("assent_on")
    return None if band is None else MinorSignature(band, consent, assent, cells.person("adult_beside", party))


def _authority(cells: Cells, paper: Instrument) -> Authority | None:
    kind = cells.word("authority_kind", AUTHORITIES, is_required=True)
    issued_on = cells.day("issued_on", is_required=True)
    expires_on, covers = cells.day("expires_on"), cells.documents("covers")
    duty = cells.word("stamp_duty", STAMP_DUTIES)
    if kind is None or issued_on is None or paper.party is None:
        return None
    shown = None if duty in {None, StampDuty.NOT_APPLICABLE} else duty is StampDuty.SHOWN
    found = Authority("", kind, issued_on, paper.signatory, expires_on, covers, paper.document, shown)
    return cells.lookups.authority(paper.party, found)


def _meeting(cells: Cells) -> Meeting | None:
    """What the minutes say; None where nothing is said of a meeting."""
    counts = {field: cells.count(field) for field in _VOTES}
    minutes = cells.file("minutes")
    if minutes is None and not any(cells.text(field) for field in _VOTES):
        return None
    present = {Channel(field): counts[field] for field in ("on_site", "online") if counts[field]}
    return Meeting(present, counts["in_favour"], counts["against"], counts["abstaining"], minutes)


def _articles(cells: Cells) -> tuple[str, ...]:
    articles = tuple(article_of(part) for part in cells.parts("articles"))
    if not all(article.isdecimal() for article in articles):
        cells.refuse("articles", say("the numbers of articles, with commas between them,"))
    return articles


def _name(cells: Cells) -> str | None:
    """The name under which an amendment or a rectification stands in the ledger, which holds no free text."""
    name = to_arabic_digits(cells.text("reference") or "")
    if not _NAME.fullmatch(name):
        cells.refuse("reference", say("a short name of Latin letters, digits and hyphens, such as amendment-1"))
    return name


def _next_depositary(cells: Cells) -> str | None:
    clauses = cells.lookups.charter.clauses
    named = cells.text("successor")
    return named if named in {clauses.depositary, clauses.successor_depositary} else cells.organisation("successor")


def _with_named_row(row: PaperRow, cells: Cells, rows: Mapping[int, PaperRow | None]) -> PaperRow:
    """The row with what it names: the authority of another row, the reservation of another row, or either by its id."""
    kind = row.paper.kind
    if kind is InstrumentKind.OBJECTED:
        return _with_reservation(row, cells, rows)
    rests_on_named = kind in NEEDS_AUTHORITY and cells.text("authority") is not None
    return _with_authority(row, cells, rows) if rests_on_named or kind is InstrumentKind.AUTHORITY_REVOKED else row


def _with_reservation(row: PaperRow, cells: Cells, rows: Mapping[int, PaperRow | None]) -> PaperRow:
    number, text = cells.row_named("reference"), cells.text("reference") or ""
    if _INSTRUMENT_ID.fullmatch(text):
        return replace(row, paper=replace(row.paper, reference=text))
    if _is_there(number, rows, InstrumentKind.RESERVED):
        return replace(row, about_row=number)
    cells.refuse("reference", say("the row of a reservation, such as แถว 12, or its id"))
    return row


def _with_authority(row: PaperRow, cells: Cells, rows: Mapping[int, PaperRow | None]) -> PaperRow:
    number, text = cells.row_named("authority"), cells.text("authority") or ""
    if _AUTHORITY_ID.fullmatch(text):
        return replace(row, paper=replace(row.paper, authority_id=text))
    named = rows.get(number or 0)
    if named is not None and named.paper.authority is not None and named.paper.party == row.paper.party:
        return replace(row, paper=replace(row.paper, authority_id=named.paper.authority.authority_id))
    if number not in rows or named is not None:
        cells.refuse("authority", say("the row of an authority of the same organisation, such as แถว 12, or its id"))
    return row


def _is_there(number: int | None, rows: Mapping[int, PaperRow | None], kind: InstrumentKind) -> bool:
    """Whether a row of this number and kind is there; one that could not be read is taken for it, since that is said already."""
    named = rows.get(number or 0)
    return number in rows and (named is None or named.paper.kind is kind)
