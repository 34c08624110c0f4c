"""`/c/CODE`: the public page of a charter, as of today or of any day, and the depositary's questions for programs.

1. Organisations are shown and no person, whoever they are. Who was asked and has not signed, and what was returned, are told by
   their number alone.
2. A day has an address of its own, `/c/CODE/2022-06-01`, which can be handed on, and keeps the day when the language changes.
3. The questions are the same as those of `mou charter`, under the same names.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from mou.charter.answer_records import charter_as_record, party_as_record
from mou.errors import UsageError
from mou.messages import translate
from mou.signatories.rows import PaperRow, RegisterOfSignatories, ReservationPair, SignatoryRow, texts_of
from mou.signatories.words import (
    AUTHORITIES,
    CHANNELS,
    CHARTER_KINDS,
    CHARTER_STATES,
    INSTRUMENTS,
    NO_CHANNEL,
    OUTCOME_KINDS,
    OUTCOMES,
    PARTY_KINDS,
    PARTY_STATES,
    STAMP_DUTIES,
    articles_in,
    condition_in,
    day_in,
    depositary_in,
    kind_in,
    name_in,
    number_in,
    text_in,
)
from mou.storage.notices import NoticeLetter, StoredNotice
from mou.thai import BUDDHIST_ERA_OFFSET
from mou.web.language import language_of
from mou.web.pages import render
from mou.web.site import Site, site_of
from mou.workflow.charters import charter_on, forecast_on, parties_on, party_on, unconfirmed_on
from mou.workflow.notifying import letters_of, notices_issued
from mou.workflow.public_view import read_code
from mou.workflow.registering import (
    KeptCharter,
    find_kept_charter,
    kept_charters,
    register_on,
    require_known_organisation,
    today,
)
from signatures.canonical import JsonValue
from signatures.messages import Message, say

FIRST_DOUBTFUL_YEAR: Final = 2400
"""Whoever writes a year from here on has most likely written one of the Buddhist era."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

router = APIRouter()

ThisSite = Annotated[Site, Depends(site_of)]
AskedDay = Annotated[str, Query(alias="at", max_length=10, description="A day, YYYY-MM-DD, of the common era; today without it.")]


@router.get("/c/{code}", include_in_schema=False)
def show_charter(request: Request, code: str, site: ThisSite, at: AskedDay = "") -> Response:
    """Show the charter of this code as it stands today; a day that was asked for is led to its own address."""
    plain = read_code(code)
    if plain is not None and at and _DAY.fullmatch(at):
        return RedirectResponse(f"/c/{plain}/{at}", 303)
    if plain is not None and plain != code:
        return RedirectResponse(f"/c/{plain}", 303)
    return _page(request, site, code, at or None)


@router.get("/c/{code}/{day}", include_in_schema=False)
def show_charter_on(request: Request, code: str, day: str, site: ThisSite) -> Response:
    """Show the charter of this code as it stood at the end of a day."""
    return _page(request, site, code, day)


def _page(request: Request, site: Site, code: str, asked: str | None) -> Response:
    kept, language, now = find_kept_charter(site.workspace, code), language_of(request), today(site.workspace)
    on, error = now, None
    if asked is not None:
        try:
            on = read_day(asked)
        except UsageError as refused:
            error = refused.message
    register = register_on(site.workspace, kept.charter_id, on, is_public=True)
    return render(
        request,
        "charter.html",
        status_code=200 if error is None else 422,
        code=kept.code,
        register=register,
        asked=on.isoformat() if error is None else "",
        error=error,
        is_today=on == now,
        is_ahead=on > now,
        likely=_likely_day(on),
        state={"kind": CHARTER_KINDS[register.status.state], "word": CHARTER_STATES[register.status.state]},
        told=list(_facts(register, language)),
        figures=list(_figures(register, language)),
        conditions=list(_conditions(register, language)),
        parties=[_party(register, one, language) for one in register.signatories],
        pairs=[_pair(one, language) for one in register.reservations],
        texts=[(text_in(language, one), one.since and day_in(language, one.since), one.digest) for one in register.texts],
    )


def read_day(text: str) -> date:
    """Return the day that was asked for.

    Raises:
        UsageError: it is none.
    """
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # a thirtieth of February
    raise UsageError("a day like 2022-03-29 is expected, with the year of the common era; got something else")


def _likely_day(on: date) -> date | None:
    """The day that somebody meant who wrote a year of the Buddhist era."""
    if on.year < FIRST_DOUBTFUL_YEAR:
        return None
    try:
        return on.replace(year=on.year - BUDDHIST_ERA_OFFSET)
    except ValueError:  # the twenty-ninth of February
        return on.replace(year=on.year - BUDDHIST_ERA_OFFSET, day=28)


def _facts(register: RegisterOfSignatories, language: str) -> Iterator[tuple[Message, str]]:
    status = register.status
    for name, day in (
        (say("Text adopted on"), status.adopted_on),
        (say("Conditions met on"), status.met_on),
    ):
        yield name, "-" if day is None else day_in(language, day)
    if register.triggers:
        yield say("Triggered by"), ", ".join(_trigger(one, language) for one in register.triggers)
    for name, day in ((say("In force from"), status.in_force_on), (say("Term ends on"), status.term_ends_on)):
        if day is not None:
            yield name, day_in(language, day)
    yield say("Depositary"), depositary_in(language, status.depositary, register.depositary)


def _trigger(row: PaperRow, language: str) -> str:
    name = "-" if row.party_name is None else name_in(language, row.party_name)
    entry = number_in(language, row.entry)
    return translate(
        say("{paper} of {name}, ledger entry {entry}", paper=INSTRUMENTS[row.kind], name=name, entry=entry), language
    )


def _figures(register: RegisterOfSignatories, language: str) -> Iterator[tuple[Message, str]]:
    status = register.status
    if status.listed is not None:
        yield say("On the charter's list"), number_in(language, status.listed)
    yield say("Have signed"), number_in(language, status.signed)
    yield say("Have signed and not confirmed"), number_in(language, status.unconfirmed)
    yield say("Counted"), number_in(language, status.counted)
    yield say("In force for"), number_in(language, status.in_force_for)
    if register.not_signed:
        yield say("Asked and not signed"), number_in(language, len(register.not_signed))
    if register.returned:
        yield say("Papers returned, not counted"), number_in(language, len(register.returned))


def _conditions(register: RegisterOfSignatories, language: str) -> Iterator[dict[str, object]]:
    for one in register.status.conditions:
        figures = (one.needed, one.counted, one.missing)
        yield {
            "name": condition_in(language, one),
            "figures": ["-" if figure is None else number_in(language, figure) for figure in figures],
            "kind": OUTCOME_KINDS[one.outcome],
            "word": translate(OUTCOMES[one.outcome], language),
            "reason": None if one.reason is None else translate(one.reason, language),
        }


def _party(register: RegisterOfSignatories, row: SignatoryRow, language: str) -> dict[str, object]:
    status, act = row.status, row.decisive
    days = (
        (say("Signed on"), status.signed_on),
        (say("Consented on"), None if status.consent_on == status.signed_on else status.consent_on),
        (say("In force for it from"), status.in_force_on),
        (say("Gave notice of withdrawal on"), status.withdrawal_notified_on),
        (say("Leaves on"), status.leaves_on),
        (say("Left on"), status.left_on),
    )
    told = [(translate(name, language), day_in(language, day)) for name, day in days if day is not None]
    told += [(translate(name, language), text) for name, text in _how(register, row, language)]
    return {
        "number": number_in(language, row.number),
        "name": name_in(language, row.name),
        "thai_name": row.name.th if language == "en" and row.name.en is not None else None,
        "kind": None if status.kind is None else kind_in(language, status.kind),
        "is_listed": status.is_listed,
        "state_kind": PARTY_KINDS[status.state],
        "state": translate(PARTY_STATES[status.state], language),
        "act": None if act is None else translate(INSTRUMENTS[act.kind], language),
        "is_paper": act is not None and act.paper is not None,
        "channel": translate(NO_CHANNEL if act is None or act.channel is None else CHANNELS[act.channel], language),
        "told": told,
    }


def _how(register: RegisterOfSignatories, row: SignatoryRow, language: str) -> Iterator[tuple[Message, str]]:
    act = row.decisive
    if act is not None and act.authority is not None:
        words: list[str] = [translate(AUTHORITIES[act.authority.kind], language), day_in(language, act.authority.issued_on)]
        if act.authority.stamp_duty in STAMP_DUTIES:
            words.append(translate(STAMP_DUTIES[act.authority.stamp_duty], language))
        yield say("Authority"), " · ".join(words)
    texts = texts_of(register, row)
    if texts:
        yield say("Bound by"), ", ".join(text_in(language, one) for one in texts)
    excepted = [articles_in(language, one.provisions) for one in row.status.reservations]
    if excepted:
        yield say("Reservations"), ", ".join(excepted)


def _pair(pair: ReservationPair, language: str) -> dict[str, object]:
    return {
        "name": name_in(language, pair.name),
        "articles": articles_in(language, pair.provisions),
        "made_on": day_in(language, pair.made_on),
        "objector": None if pair.objector_name is None else name_in(language, pair.objector_name),
        "objected_on": None if pair.objected_on is None else day_in(language, pair.objected_on),
    }


@router.get(
    "/api/v1/charters",
    tags=["charters"],
    summary="The charters of this site",
    response_description="Id, code, title, number and text of each.",
)
def charters_for_program(site: ThisSite) -> Response:
    """Return every charter whose text was adopted here."""
    return JSONResponse([_charter(one) for one in kept_charters(site.workspace)])


@router.get(
    "/api/v1/charters/{charter}",
    tags=["charters"],
    summary="Is the charter in force on a day, and what triggered it?",
    response_description="State, counts, conditions with how many are missing, triggers, amendments, rectifications.",
)
def charter_for_program(charter: str, site: ThisSite, at: AskedDay = "") -> Response:
    """Return what `mou charter status --json` prints; `charter` is the charter's id, or the code on its pages."""
    kept, on = _asked(site, charter, at)
    return JSONResponse(_charter(kept) | {"status": charter_as_record(charter_on(site.workspace, kept.charter_id, on))})


@router.get(
    "/api/v1/charters/{charter}/parties",
    tags=["charters"],
    summary="Where does every organisation stand on a day?",
    response_description="A list with the status of each organisation that is listed or was ever heard of.",
)
def parties_for_program(charter: str, site: ThisSite, at: AskedDay = "") -> Response:
    """Return for each organisation what `mou charter party --json` prints; it names organisations and no person."""
    kept, on = _asked(site, charter, at)
    return JSONResponse([party_as_record(one) for one in parties_on(site.workspace, kept.charter_id, on)])


@router.get(
    "/api/v1/charters/{charter}/parties/{organisation}",
    tags=["charters"],
    summary="Is an organisation bound on a day, by which text, with which reservations?",
    response_description="State, days, text, amendments, reservations with the objections to them, pair by pair.",
)
def party_for_program(charter: str, organisation: str, site: ThisSite, at: AskedDay = "") -> Response:
    """Return what `mou charter party --json` prints; `is_bound` is null where it cannot be known."""
    kept, on = _asked(site, charter, at)
    require_known_organisation(site.workspace, kept.charter_id, organisation)
    return JSONResponse(party_as_record(party_on(site.workspace, kept.charter_id, organisation, on)))


@router.get(
    "/api/v1/charters/{charter}/missing",
    tags=["charters"],
    summary="Who has signed and not confirmed, and how many are still needed?",
    response_description="The organisations, and the number; null where it cannot be computed.",
)
def missing_for_program(charter: str, site: ThisSite, at: AskedDay = "") -> Response:
    """Return what `mou charter missing --json` prints."""
    kept, on = _asked(site, charter, at)
    found = unconfirmed_on(site.workspace, kept.charter_id, on)
    return JSONResponse({"on": on.isoformat(), "unconfirmed": list(found.parties), "missing": found.missing})


@router.get(
    "/api/v1/charters/{charter}/forecast",
    tags=["charters"],
    summary="If an organisation gives notice on a day, when does it count, and does the charter stay in force?",
    response_description="The day from which the notice counts; whether the charter stays, null where it is silent; the reason.",
)
def forecast_for_program(charter: str, organisation: str, site: ThisSite, at: AskedDay = "") -> Response:
    """Return what `mou charter forecast --json` prints."""
    kept, on = _asked(site, charter, at)
    require_known_organisation(site.workspace, kept.charter_id, organisation)
    found = forecast_on(site.workspace, kept.charter_id, organisation, on)
    return JSONResponse(
        {
            "notified_on": found.notified_on.isoformat(),
            "effective_on": found.effective_on.isoformat(),
            "charter_remains": found.charter_remains,
            "reason": str(found.reason),
        }
    )


@router.get(
    "/api/v1/charters/{charter}/notices",
    tags=["charters"],
    summary="What did the secretariat tell whom, and when?",
    response_description="Each notice: its digest, its place in the ledger, what it tells of, to which organisations it went.",
)
def notices_for_program(charter: str, site: ThisSite, at: AskedDay = "") -> Response:
    """Return the notices that were issued by the end of a day, in order."""
    kept, on = _asked(site, charter, at)
    letters = letters_of(site.workspace, kept.charter_id)
    stored = [one for one in notices_issued(site.workspace, kept.charter_id) if one.notice.day <= on]
    return JSONResponse([_notice(one, [each for each in letters if each.number == one.notice.number]) for one in stored])


def _notice(stored: StoredNotice, letters: Sequence[NoticeLetter]) -> dict[str, JsonValue]:
    notice = stored.notice
    return {
        "number": notice.number,
        "day": notice.day.isoformat(),
        "digest": str(stored.digest),
        "entry": stored.entry_index,
        "issued_at": _moment(stored.issued_at),
        "previous": notice.previous,
        "instruments": [one.instrument_id for one in notice.instruments],
        "letters": [
            {"organisation": one.organisation_id, "sent_at": None if one.sent_at is None else _moment(one.sent_at)}
            for one in letters
        ],
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _asked(site: Site, name: str, at: str) -> tuple[KeptCharter, date]:
    kept = find_kept_charter(site.workspace, name)
    return kept, read_day(at) if at else today(site.workspace)


def _charter(kept: KeptCharter) -> dict[str, JsonValue]:
    return {
        "charter": kept.charter_id,
        "code": kept.code,
        "title": kept.title,
        "number": kept.document_number,
        "text": kept.text,
    }
