"""What everything is measured on: the bundled example, with as many memoranda as a measurement needs, never one twice.

A renderer may remember what it did for earlier documents. So every document has an organisation, a representative and a witness
whose names no earlier one had; what is the same is what the template makes the same for everybody.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache

from mou.ceremony import Ceremony, read_ceremony
from mou.field_values import CharterReference
from mou.filling import fill_template
from mou.models import FilledDocument, Organisation, Person
from mou.organisations import read_organisations
from mou.templates import Template, bundled_templates_folder, load_template
from mou.thai import BANGKOK
from mou.workflow.demonstrating import CHARTER, MEMBERS_LIST, MEMORANDUM
from signatures.digests import digest_of

SIGNED_AT = datetime(2022, 3, 29, 3, 0, tzinfo=UTC)
_LETTERS = "กขคงจฉชซญดตถทธนบปผพฟภมยรลวสหอฮ"


@dataclass(frozen=True, slots=True)
class Example:
    """The templates, the ceremony and the 19 organisations of the bundled example."""

    memorandum: Template
    charter: Template
    ceremony: Ceremony
    organisations: tuple[Organisation, ...]

    @property
    def created(self) -> datetime:
        """The date in the metadata of every document."""
        return datetime.combine(self.ceremony.date, time(), tzinfo=BANGKOK)

    def organisation(self, number: int) -> Organisation:
        """Return the organisation of this number, counted from 0: the 19 of the list, then the same with other names."""
        turn, place = divmod(number, len(self.organisations))
        found = self.organisations[place]
        mark = _mark(turn)
        assert found.representative is not None
        assert found.witness is not None
        return replace(
            found,
            organisation_id=f"org-{number:05d}",
            name_th=f"{found.name_th} กลุ่ม {mark}",
            representative=_renamed(found.representative, mark),
            witness=_renamed(found.witness, mark),
        )

    def fill_memorandum(self, number: int) -> FilledDocument:
        """Return the memorandum of one organisation; the digest of its charter stands for one, and is as long."""
        charter = CharterReference(self.charter.title, self.charter.version, digest_of(b"charter"))
        return fill_template(
            self.memorandum, ceremony=self.ceremony, organisation=self.organisation(number), charter=charter, sequence=number + 1
        )

    def fill_charter(self) -> FilledDocument:
        """Return the charter of the 19 organisations."""
        return fill_template(
            self.charter, ceremony=self.ceremony, organisation=None, members=self.organisations, charter=None, sequence=0
        )


@cache
def open_example() -> Example:
    """Return the bundled example, read once per process."""
    templates = bundled_templates_folder()
    example = templates / CHARTER / "example"
    return Example(
        load_template(templates / MEMORANDUM),
        load_template(templates / CHARTER),
        read_ceremony(example / "ceremony.toml"),
        read_organisations(example / f"{MEMBERS_LIST}.csv").organisations,
    )


def _renamed(person: Person, mark: str) -> Person:
    return replace(person, family_name=person.family_name + mark)


def _mark(turn: int) -> str:
    """Letters that no other turn has."""
    rest, last = divmod(turn, len(_LETTERS))
    return (_mark(rest - 1) if rest else "") + _LETTERS[last]
