"""A misspelt name in a list that was signed: exactly that name is corrected, in exactly that place, and nothing else."""

from dataclasses import replace

import pytest

from mou.ceremony import read_ceremony
from mou.comparison.articles import Article
from mou.comparison.compared import ComparisonKind, compare_documents
from mou.comparison.comparing import Comparison, Edit, EditKind, Edits, Outcome, applied, compare
from mou.comparison.words import CLUSTERS, Divider, installed_divider
from mou.filling import fill_template
from mou.models import FilledDocument
from mou.organisations.reading import read_organisations
from mou.templates import bundled_templates_folder, load_template
from signatures.digests import digest_of

MISSPELT, RIGHT = "เทศบาลเมืองเขาสามร้อยยอด", "เทศบาลเมืองเขาสามยอด"
KEPT, REMOVED, ADDED = EditKind
Text = tuple[Article, ...]


def changed_paragraphs(comparison: Comparison) -> dict[str, list[tuple[int, Edits]]]:
    """Each article that is not the same, with the places and the edits of its paragraphs that are not."""
    return {
        one.old.name if one.old else "": [
            (place, edits) for place, edits in enumerate(one.paragraphs) if {edit.kind for edit in edits} != {KEPT}
        ]
        for one in comparison.changes
        if one.outcome is not Outcome.UNCHANGED
    }


@pytest.mark.parametrize("divider", [installed_divider(), CLUSTERS], ids=lambda one: one.name.value)
def test_the_name_and_nothing_else_is_corrected(old: Text, rectified: Text, divider: Divider) -> None:
    comparison = compare(old, rectified, divider=divider, names=(MISSPELT, RIGHT))
    assert changed_paragraphs(comparison) == {
        "บัญชีรายชื่อท้ายธรรมนูญ": [(7, (Edit(KEPT, "๗ · "), Edit(REMOVED, MISSPELT), Edit(ADDED, RIGHT), Edit(KEPT, " จังหวัดลพบุรี")))]
    }
    assert applied(comparison, old) == rectified


def test_where_the_name_is_not_known_the_letters_too_many_are_shown(old: Text, rectified: Text) -> None:
    comparison = compare(old, rectified, divider=CLUSTERS)
    assert changed_paragraphs(comparison) == {
        "บัญชีรายชื่อท้ายธรรมนูญ": [(7, (Edit(KEPT, "๗ · เทศบาลเมืองเขาสาม"), Edit(REMOVED, "ร้อย"), Edit(KEPT, "ยอด จังหวัดลพบุรี")))]
    }


def charter_listing(name: str) -> FilledDocument:
    """The bundled charter, as a sample, with the pilot areas as its members and the seventh under this name."""
    templates = bundled_templates_folder()
    listed = read_organisations(
        templates / "child-friendly-city-mou" / "example" / "pilot-areas-sample-signers.csv"
    ).organisations
    assert listed[6].name_th == MISSPELT
    return fill_template(
        load_template(templates / "lanna-charter"),
        ceremony=read_ceremony(templates / "lanna-charter" / "example" / "ceremony.toml"),
        organisation=None,
        members=(*listed[:6], replace(listed[6], name_th=name), *listed[7:]),
        sequence=0,
    )


def test_in_a_whole_charter_the_name_is_corrected_where_it_stands_and_nowhere_else() -> None:
    old, new = charter_listing(MISSPELT), charter_listing(RIGHT)
    compared = compare_documents(
        ComparisonKind.RECTIFICATION,
        old,
        new,
        digests=(digest_of(old.html.encode()), digest_of(new.html.encode())),
        divider=installed_divider(),
    )
    found = changed_paragraphs(compared.comparison)
    assert list(found) == ["การลงนามรับรองธรรมนูญ", "บัญชีองค์กรสมาชิกท้ายธรรมนูญ"]
    for paragraphs in found.values():
        ((_, edits),) = paragraphs
        assert [edit for edit in edits if edit.kind is not KEPT] == [Edit(REMOVED, MISSPELT), Edit(ADDED, RIGHT)]
    assert (compared.old.title, compared.old.version, compared.language) == (old.title, "1", "th")
