"""Taking a list of organisations into the workspace: all rows or none, and the report of what looks wrong."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mou.errors import InputError
from mou.models import Organisation
from mou.organisations import OrganisationList, read_organisations, with_ids
from mou.storage.records import organisation_to_text
from mou.storage.store import ListedOrganisation
from mou.thai import BANGKOK
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.digests import Digest, digest_of, digest_of_file
from signatures.ledger.entry import Event
from signatures.messages import say


def import_organisations(workspace: Workspace, path: Path, *, list_name: str | None = None) -> OrganisationList:
    """Read the list and keep every organisation under its id; what is there already is brought up to date in its place.

    Raises:
        InputError: rows that cannot be used, all of them named; nothing is kept.
    """
    at = workspace.clock()
    read = read_organisations(path, today=at.astimezone(BANGKOK).date())
    name = list_name or path.stem
    source = str(_source_of(path, read))
    with workspace.database.write() as transaction:
        known = transaction.store.organisations()
        ids = {entry.organisation.name_th: entry.organisation.organisation_id for entry in known if entry.list_name == name}
        named = with_ids(read, ids, next_number=len(known) + 1)
        _require_free_ids(named, name, known, path)
        for listed in _placed(named.organisations, name, known):
            transaction.store.put_organisation(listed, at=at)
        imported = Event(
            type="import.done",
            subject=f"lst_{operation_id(name)[:24]}",
            actor=SECRETARIAT,
            body={"source": source, "organisations": len(named.organisations)},
            operation_id=operation_id("import.done", name, source),
        )
        transaction.ledger.append([imported], at=at)
    return named


def _source_of(path: Path, read: OrganisationList) -> Digest:
    """Return the digest by which the ledger names a list: of the file, or of its rows without the dates of birth that it holds.

    Whoever knows the rest of a file could find a day in it by trying: there are few days.
    """
    rows = [row.organisation for row in read.rows]
    bare = [_without_dates_of_birth(one) for one in rows]
    if bare == rows:
        return digest_of_file(path)
    return digest_of("\n".join(organisation_to_text(one) for one in bare).encode())


def _without_dates_of_birth(organisation: Organisation) -> Organisation:
    representative, witness = (
        None if person is None else replace(person, date_of_birth=None)
        for person in (organisation.representative, organisation.witness)
    )
    return replace(organisation, representative=representative, witness=witness)


def _require_free_ids(named: OrganisationList, name: str, known: Sequence[ListedOrganisation], path: Path) -> None:
    """Check that no id of this list belongs to an organisation of another list."""
    elsewhere = {entry.organisation.organisation_id: entry.list_name for entry in known if entry.list_name != name}
    problems = tuple(
        say("row {row}: the id {id} is in use in the list {list}", row=row.number, id=wanted, list=elsewhere[wanted])
        for row in named.rows
        if (wanted := row.organisation.organisation_id) in elsewhere
    )
    if problems:
        raise InputError("{file}: ids of another list cannot be used again; nothing was kept", file=path.name, problems=problems)


def _placed(organisations: Sequence[Organisation], name: str, known: Sequence[ListedOrganisation]) -> list[ListedOrganisation]:
    """Give each organisation its place in the list: the one it has, or the next free one."""
    places = {entry.organisation.organisation_id: entry.number for entry in known if entry.list_name == name}
    for organisation in organisations:
        places.setdefault(organisation.organisation_id, max(places.values(), default=0) + 1)
    return [ListedOrganisation(name, places[each.organisation_id], each) for each in organisations]
