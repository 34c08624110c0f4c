"""A template out of our own draft makes the documents that the draft's template makes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mou.ceremony import read_ceremony
from mou.comparison.articles import articles_of
from mou.field_values import CharterReference
from mou.filling import fill_template
from mou.models import FilledDocument, Organisation
from mou.organisations import read_organisations
from mou.rendering.word.drafting.draft import word_of
from mou.rendering.word.reading.word_file import read_word
from mou.template_checks.examples import example_document
from mou.template_checks.pages import count_pages, draft_pdf
from mou.template_files import write_template
from mou.templates import Template, bundled_templates_folder, load_template
from mou.word_import.template_of import ImportedTemplate, TemplateWishes, template_of
from signatures.digests import digest_of

CREATED = datetime(2022, 3, 29, tzinfo=UTC)
CHARTER = CharterReference("ธรรมนูญตัวอย่าง", "1", digest_of(b"the charter"))
LISTS = {
    "child-friendly-city-mou": "child-friendly-city-mou/example/pilot-areas-sample-signers.csv",
    "lanna-mou": "lanna-charter/example/organisations.csv",
    "partnership-mou-th-en": "partnership-mou-th-en/example/partners.csv",
}


def organisations(name: str) -> tuple[Organisation, ...]:
    return read_organisations(bundled_templates_folder() / LISTS[name]).organisations


def filled(template: Template, name: str, place: int, *, marks_fields: bool = False) -> FilledDocument:
    example = "lanna-charter" if name == "lanna-mou" else name
    return fill_template(
        template,
        ceremony=read_ceremony(bundled_templates_folder() / example / "example" / "ceremony.toml"),
        organisation=organisations(name)[place],
        charter=CHARTER if template.charter else None,
        sequence=place + 1,
        marks_fields=marks_fields,
    )


def again(name: str) -> ImportedTemplate:
    """The template that becomes of the draft for the first organisation."""
    template = load_template(bundled_templates_folder() / name)
    document = filled(template, name, 0, marks_fields=True)
    draft = word_of(document, digest=digest_of(b"the PDF"), created=CREATED)
    return template_of(read_word("draft.docx", draft), draft, TemplateWishes("again", charter=template.charter))


@pytest.mark.parametrize("name", LISTS)
def test_the_same_organisation_gets_the_same_articles(name: str, tmp_path: Path) -> None:
    original = load_template(bundled_templates_folder() / name)
    template = write_template(tmp_path / "again", again(name).files)
    expected, found = filled(original, name, 0), filled(template, name, 0)
    assert articles_of(found.html, found.protected_names) == articles_of(expected.html, expected.protected_names)
    assert [role.source for role in template.roles] == [role.source for role in original.roles]
    if "{{ slot.capacity }}" in dict(original.sources)["template.html"]:
        assert [role.capacity for role in template.roles] == [role.capacity for role in original.roles]


@pytest.mark.parametrize("name", LISTS)
def test_another_organisation_gets_its_own_names(name: str, tmp_path: Path) -> None:
    template = write_template(tmp_path / "again", again(name).files)
    first, *others = organisations(name)
    place = next(at for at, one in enumerate(others, 1) if one.address_line or name != "partnership-mou-th-en")
    second = organisations(name)[place]
    document = filled(template, name, place)
    words = " ".join(text for one in articles_of(document.html, document.protected_names) for text in one.paragraphs)
    assert second.name_th in words
    assert first.name_th not in words


@pytest.mark.parametrize("name", LISTS)
def test_what_stood_under_a_condition_is_told(name: str) -> None:
    report = again(name).report
    assert "what stood under a condition there stands in every document now" in str(report.notes[0])
    assert report.losses == ()
    assert not report.holds_tags


def test_lists_of_the_draft_are_loops_again() -> None:
    html = again("lanna-mou").files["template.html"].decode()
    for field in ("ceremony.values.background", "ceremony.themes", "ceremony.plans"):
        assert f"{{% for one in {field} %}}" in html
    assert '<span class="number">{{ loop.index }}.</span>{{ one }}' in html
    assert '<span class="registry-box" id="registry-number"></span>' in html
    assert '<span class="registry-box date" id="registry-date"></span>' in html


@pytest.mark.parametrize("name", LISTS)
def test_the_template_can_be_drawn(name: str, tmp_path: Path) -> None:
    template = write_template(tmp_path / "again", again(name).files)
    charter = load_template(bundled_templates_folder() / template.charter) if template.charter else None
    assert count_pages(draft_pdf(example_document(template, charter))) > 1
