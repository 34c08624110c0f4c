from mou.models import Capacity, Person, SignatorySlot
from mou.template_checks.findings import Finding, Severity
from mou.template_checks.signature_places import misplaced_signatures
from mou.templates import Role, SignatorySource
from tests.unit.mou.template_checks.texts import codes

ROLES = (
    Role("party", "ผู้แทน", Capacity.AUTHORISED_REPRESENTATIVE, 1, SignatorySource.ORGANISATION_REPRESENTATIVE),
    Role("witness", "พยาน", Capacity.WITNESS, 1, SignatorySource.ORGANISATION_WITNESS),
)
SLOTS = tuple(
    SignatorySlot(f"S000{number}", role.name, "org", "มูลนิธิ", Person("ก", "ข", "ค"), role.capacity, 1)
    for number, role in enumerate(ROLES, 1)
)
SOURCES = {"template.html": '<p>ก</p>\n<div class="signature-block">\n{{ signature(slot_of("party")) }}\n</div>\n'}


def found(*places: str) -> list[Finding]:
    html = "".join(f'<div class="signature-box" id="slot-{place}"></div>' for place in places)
    return list(misplaced_signatures(ROLES, SLOTS, html, SOURCES))


def test_a_place_for_each_who_signs_is_what_is_expected() -> None:
    assert not found("S0001", "S0002")


def test_a_role_without_a_place_is_an_error_in_the_line_of_the_nearest_block() -> None:
    (finding,) = found("S0001")
    assert (finding.code, finding.severity) == ("role_without_place", Severity.ERROR)
    assert (finding.place.file, finding.place.line) == ("template.html", 2)
    assert "witness (พยาน)" in str(finding.found)


def test_a_role_with_two_places_is_an_error_in_the_line_that_names_it() -> None:
    (finding,) = found("S0001", "S0001", "S0002")
    assert (finding.code, finding.place.line) == ("role_placed_twice", 3)


def test_a_place_for_nobody_is_an_error() -> None:
    assert codes(found("S0001", "S0002", "S0009")) == ["place_for_nobody"]


def test_a_text_without_any_block_names_the_file_alone() -> None:
    first, _ = misplaced_signatures(ROLES, SLOTS, "<p></p>", {"template.html": "<p></p>"})
    assert (first.place.file, first.place.line) == ("template.html", 0)
