"""Taking a list of organisations into the workspace: all rows or none, and the report of what looks wrong."""

from pathlib import Path

from mou.organisations import OrganisationList, read_organisations, with_ids
from mou.storage.store import ListedOrganisation
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.digests import digest_of_file
from signatures.ledger.entry import Event


def import_organisations(workspace: Workspace, path: Path, *, list_name: str | None = None) -> OrganisationList:
    """Read the list and keep every organisation under its id; what is there already is brought up to date in its place.

    Raises:
        InputError: rows that cannot be used, all of them named; nothing is kept.
    """
    read = read_organisations(path)
    name = list_name or path.stem
    at = workspace.clock()
    with workspace.database.write() as transaction:
        known = transaction.store.organisations()
        named = with_ids(read, known)
        places = {entry.organisation.organisation_id: entry.number for entry in known if entry.list_name == name}
        number = max(places.values(), default=0)
        for organisation in named.organisations:
            if organisation.organisation_id not in places:
                number += 1
                places[organisation.organisation_id] = number
            place = places[organisation.organisation_id]
            transaction.store.put_organisation(ListedOrganisation(name, place, organisation), at=at)
        digest = str(digest_of_file(path))
        transaction.ledger.append(
            [
                Event(
                    type="import.done",
                    subject=f"lst_{operation_id(name)[:24]}",
                    actor=SECRETARIAT,
                    body={"source": digest, "organisations": len(named.organisations)},
                    operation_id=operation_id("import.done", name, digest),
                )
            ],
            at=at,
        )
    return named
