"""The tables of the register in one language: each function takes the register and returns one section's content.

On a narrow screen each row becomes a card, so every cell says its column once more in `data-label`, and the roles stay said.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from markupsafe import Markup

from mou.charter.answers import PartyStatus
from mou.charter.conditions import Condition
from mou.report.markup import Cell, code, facts, joined, paragraphs
from mou.report.voice import Voice
from mou.signatories.rows import (
    AuthorityRow,
    NotSignedRow,
    OrganisationName,
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
    CHARTER_KINDS,
    CHARTER_STATES,
    CLAUSES,
    INSTRUMENTS,
    NO_CHANNEL,
    OUTCOME_KINDS,
    OUTCOMES,
    PARTY_KINDS,
    PARTY_STATES,
    STAMP_DUTIES,
    articles_in,
    capacity_in,
    condition_in,
    day_in,
    depositary_in,
    fact_in,
    kind_in,
    name_in,
    number_in,
    text_in,
)
from signatures.messages import Message, say

SIGNS = {"good": "✓", "wait": "…", "open": "?", "note": "i", "none": "–", "paper": "■"}


class Tables:
    """Says one register in one language."""

    def __init__(self, register: RegisterOfSignatories, language: str) -> None:
        """Take what is said, and in which language (`th` or `en`)."""
        self._register = register
        self._language = language
        self._voice = Voice(language)

    def state(self) -> Markup:
        """Return where the charter stands, what triggered it, and the counts, every one derived."""
        register, status = self._register, self._register.status
        kind = CHARTER_KINDS[status.state]
        verdict = Markup('<p class="verdict verdict-{}">{}</p>').format(
            kind, _marked(kind, self._voice(CHARTER_STATES[status.state]))
        )
        days = [
            (say("Text adopted on"), self._day(status.adopted_on)),
            (say("Conditions met on"), self._day(status.met_on)),
            (say("Triggered by"), _lines(self._trigger(one) for one in register.triggers) or self._none()),
            (say("In force from"), self._day(status.in_force_on)),
            (say("Term ends on"), self._day(status.term_ends_on)),
            (say("Depositary"), depositary_in(self._language, status.depositary, register.depositary)),
        ]
        listed = say("no list is recorded") if status.listed is None else self._number(status.listed)
        counts = [
            (say("On the charter's list"), listed),
            (say("Have signed"), self._number(status.signed)),
            (say("Have signed and not confirmed"), self._number(status.unconfirmed)),
            (say("Counted"), self._number(status.counted)),
            (say("In force for"), self._number(status.in_force_for)),
            (say("Asked and not signed"), self._number(len(register.not_signed))),
            (say("Papers returned, not counted"), self._number(len(register.returned))),
        ]
        remarks = paragraphs(self._voice(one) for one in status.remarks)
        beside = Markup('<div class="beside">{}{}</div>').format(
            facts(self._say(say("Days")), self._said(days)), facts(self._say(say("Counts")), self._said(counts))
        )
        return joined([verdict, remarks, beside, self._conditions(status.conditions)])

    def signatories(self) -> Markup:
        """Return the register itself: a row for each organisation that has signed or consented."""
        heads = (say("No."), say("Organisation"), say("How it consented"), say("Authority"), say("State"), say("Bound by"))
        rows = [self._signatory(one) for one in self._register.signatories]
        return self._table("signatories", say("Signatories"), heads, rows, none=say("Nobody has signed by this day."))

    def reservations(self) -> Markup:
        """Return each reservation with each objection to it, pair by pair."""
        heads = (say("Reservation of"), say("Excepted"), say("Made on"), say("Others told on"), say("Objection by"))
        rows = [self._pair(one) for one in self._register.reservations]
        return self._table(
            "pairs", say("Reservations and objections"), heads, rows, none=say("There is no reservation on this day.")
        )

    def texts(self) -> Markup:
        """Return the texts by which somebody may be bound, with their digests."""
        heads = (say("Text"), say("Counts from"), say("Digest (SHA-256)"))
        rows = [(text_in(self._language, one), self._day(one.since), code(one.digest)) for one in self._register.texts]
        return self._table("texts", say("Texts of the charter"), heads, rows)

    def not_signed(self) -> Markup:
        """Return who was asked and has not signed."""
        heads = (say("No."), say("Organisation"), say("State"), say("Papers returned"))
        rows = [self._waiting(one) for one in self._register.not_signed]
        return self._table("waiting", say("Asked and not signed"), heads, rows, none=say("Nobody who was asked is missing."))

    def returned(self) -> Markup:
        """Return what was returned and why; it is kept, and not counted."""
        heads = (say("Ledger entry"), say("Of the day"), say("Paper"), say("Why it was returned"))
        rows = [self._returned(one) for one in self._register.returned]
        return self._table("returned", say("Returned papers"), heads, rows, none=say("Nothing was returned."))

    # Rows.

    def _conditions(self, conditions: Sequence[Condition]) -> Markup:
        heads = (say("Condition of entry into force"), say("Needed"), say("There are"), say("Missing"), say("Outcome"))
        rows = [
            (
                condition_in(self._language, one),
                self._count(one.needed),
                self._number(one.counted),
                self._count(one.missing),
                _lines(
                    (
                        _marked(OUTCOME_KINDS[one.outcome], self._voice(OUTCOMES[one.outcome])),
                        *((self._voice(one.reason),) if one.reason is not None else ()),
                    )
                ),
            )
            for one in conditions
        ]
        return self._table("conditions", say("Conditions of entry into force"), heads, rows)

    def _signatory(self, row: SignatoryRow) -> Sequence[Cell]:
        return (
            self._number(row.number),
            self._organisation(row.name, row.status),
            _blocks(self._act(one, row) for one in row.acts),
            _blocks(self._authority(one) for one in row.authorities) or self._none(),
            _lines(self._standing(row.status)),
            _lines(self._bound_by(row)),
        )

    def _organisation(self, name: OrganisationName, status: PartyStatus) -> Markup:
        lines: list[Cell] = [Markup("<strong>{}</strong>").format(name_in(self._language, name))]
        if self._language == "en" and name.en is not None:
            lines.append(Markup('<span lang="th">{}</span>').format(self._voice(name.th)))
        if status.kind is not None:
            lines.append(kind_in(self._language, status.kind))
        if not status.is_listed:
            lines.append(self._say(say("not on the charter's list")))
        return _lines(lines)

    def _act(self, act: PaperRow, row: SignatoryRow) -> Iterator[Cell]:
        yield Markup("<strong>{}</strong>").format(self._voice(INSTRUMENTS[act.kind]))
        yield Markup("{} · {}").format(self._day(act.on), self._channel(act))
        if act.party != row.status.party and act.party_name is not None:
            yield self._voice.say("by {name}, in whose place it stands", name=name_in(self._language, act.party_name))
        if act.signatory is not None:
            yield self._voice(act.signatory)
        if act.age_band is not None and act.age_band.is_minor:
            yield self._voice.say("minor: {age}", age=AGE_BANDS[act.age_band])
        details = tuple(self._details(act))
        if details:
            yield " · ".join(details)

    def _details(self, act: PaperRow) -> Iterator[str]:
        if act.capacity is not None:
            yield self._voice.say("as {capacity}", capacity=capacity_in(self._language, act.capacity))
        if act.document == self._register.charter.text:
            yield self._say(say("on the charter itself"))
        elif act.document_name is not None:
            yield self._voice.say("on {document}", document=act.document_name)

    def _channel(self, act: PaperRow) -> Cell:
        if act.channel is None:
            return self._voice(NO_CHANNEL)
        word = self._voice(CHANNELS[act.channel])
        return word if act.paper is None else _marked("paper", word)

    def _authority(self, authority: AuthorityRow) -> Iterator[Cell]:
        yield self._voice(AUTHORITIES[authority.kind])
        yield self._voice.say("issued on {day}", day=day_in(self._language, authority.issued_on))
        if authority.expires_on is not None:
            yield self._voice.say("counts until {day}", day=day_in(self._language, authority.expires_on))
        if authority.revoked_on is not None:
            yield self._voice.say("revoked on {day}", day=day_in(self._language, authority.revoked_on))
        if authority.stamp_duty in STAMP_DUTIES:
            yield self._voice(STAMP_DUTIES[authority.stamp_duty])

    def _standing(self, status: PartyStatus) -> Iterator[Cell]:
        yield _marked(PARTY_KINDS[status.state], self._voice(PARTY_STATES[status.state]))
        dated = (
            (say("in force for it from {day}", day=self._day(status.in_force_on)), status.in_force_on),
            (
                say("gave notice of withdrawal on {day}", day=self._day(status.withdrawal_notified_on)),
                status.withdrawal_notified_on,
            ),
            (say("leaves on {day}", day=self._day(status.leaves_on)), status.leaves_on),
            (say("left on {day}", day=self._day(status.left_on)), status.left_on),
        )
        for sentence, day in dated:
            if day is not None:
                yield self._voice(sentence)
        if status.applies_provisionally:
            yield self._say(say("applies the charter provisionally"))
        if not status.is_counted:
            yield self._say(say("not counted"))

    def _bound_by(self, row: SignatoryRow) -> Iterator[Cell]:
        status, texts = row.status, texts_of(self._register, row)
        if status.is_bound is None:
            yield self._say(say("whether it is bound cannot be known"))
        if not texts:
            yield self._say(say("by no text yet"))
            return
        for text in texts:
            yield text_in(self._language, text)
        if not status.reservations:
            yield self._say(say("without reservation"))
        for one in status.reservations:
            yield self._voice.say("except {articles}", articles=articles_in(self._language, one.provisions))
            if one.objections:
                yield self._voice.say("objections: {count}", count=self._number(len(one.objections)))

    def _pair(self, pair: ReservationPair) -> Sequence[Cell]:
        objection: Cell = self._say(say("no objection"))
        if pair.objector_name is not None and pair.objected_on is not None:
            objection = _lines((name_in(self._language, pair.objector_name), self._day(pair.objected_on)))
        return (
            name_in(self._language, pair.name),
            articles_in(self._language, pair.provisions),
            self._day(pair.made_on),
            self._day(pair.notified_on),
            objection,
        )

    def _waiting(self, row: NotSignedRow) -> Sequence[Cell]:
        kind = () if row.kind is None else (kind_in(self._language, row.kind),)
        return (
            self._number(row.number),
            _lines((Markup("<strong>{}</strong>").format(name_in(self._language, row.name)), *kind)),
            _marked(PARTY_KINDS[row.state], self._voice(PARTY_STATES[row.state])),
            self._number(row.returned) if row.returned else self._none(),
        )

    def _returned(self, row: PaperRow) -> Sequence[Cell]:
        assert row.fault is not None
        paper: list[Cell] = [Markup("<strong>{}</strong>").format(self._voice(INSTRUMENTS[row.kind]))]
        if row.party_name is not None:
            paper.append(name_in(self._language, row.party_name))
        if row.channel is not None:
            paper.append(self._channel(row))
        clause = CLAUSES.get(row.fault.clause)
        reason = (
            Markup("<strong>{}</strong>").format(self._voice(clause or row.fault.clause)),
            fact_in(self._language, row.fault.fact),
        )
        return (self._number(row.entry), self._day(row.on), _lines(paper), _lines(reason))

    def _trigger(self, row: PaperRow) -> str:
        name = "-" if row.party_name is None else name_in(self._language, row.party_name)
        return self._voice.say(
            "{paper} of {name}, ledger entry {entry}", paper=INSTRUMENTS[row.kind], name=name, entry=self._number(row.entry)
        )

    # Words.

    def _table(
        self, kind: str, label: Message, heads: Sequence[Message], rows: Sequence[Sequence[Cell]], *, none: Message | None = None
    ) -> Markup:
        if not rows and none is not None:
            return paragraphs([self._voice(none)])
        return stacked_table(kind, self._voice(label), [self._voice(one) for one in heads], rows)

    def _said(self, rows: Iterable[tuple[Message, Cell | Message]]) -> list[tuple[str, Cell]]:
        return [(self._voice(name), self._voice(value) if isinstance(value, Message) else value) for name, value in rows]

    def _say(self, message: Message) -> str:
        return self._voice(message)

    def _day(self, day: date | None) -> str:
        return self._none() if day is None else day_in(self._language, day)

    def _number(self, number: int) -> str:
        return number_in(self._language, number)

    def _count(self, number: int | None) -> str:
        return self._voice(say("cannot be known")) if number is None else self._number(number)

    def _none(self) -> str:
        return "-"


def stacked_table(kind: str, label: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """Return a table with a head; the first cell of each row names the row, `label` the table to those who do not see it.

    The head is a row like the others, so that a PDF does not repeat it: it would be text that nobody put in.
    """
    head = Markup("").join(Markup('<th scope="col" role="columnheader">{}</th>').format(one) for one in heads)
    body = joined(_row(heads, row) for row in rows)
    return Markup(
        '<table class="stacked {}" role="table" aria-label="{}"><tbody role="rowgroup">'
        '<tr class="heads" role="row">{}</tr>{}</tbody></table>'
    ).format(kind, label, head, body)


def _row(heads: Sequence[str], row: Sequence[Cell]) -> Markup:
    first, *others = zip(heads, row, strict=True)
    opening = Markup('<th scope="row" role="rowheader" data-label="{}">{}</th>').format(*first)
    cells = Markup("").join(Markup('<td role="cell" data-label="{}">{}</td>').format(*one) for one in others)
    return Markup('<tr role="row">{}{}</tr>').format(opening, cells)


def _marked(kind: str, word: str) -> Markup:
    """Return a state as sign and word; the colour comes from the class and says nothing more."""
    return Markup('<span class="state {}"><span class="sign">{}</span> {}</span>').format(kind, SIGNS[kind], word)


def _lines(parts: Iterable[Cell]) -> Markup:
    return Markup("<br>").join(parts)


def _blocks(blocks: Iterable[Iterable[Cell]]) -> Markup:
    return joined(Markup("<p>{}</p>").format(_lines(block)) for block in blocks)
