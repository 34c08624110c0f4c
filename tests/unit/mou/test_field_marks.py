"""Values that know their field: they are the value, and where they are printed the field's name stands around them."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from mou.ceremony import Ceremony
from mou.filling import fill_template
from mou.models import FilledDocument, Organisation
from mou.templates import load_template
from tests.golden.draw_pages import EXAMPLES, fill_example
from tests.unit.mou.conftest import WriteTemplate

FIELDS = """
[[fields]]
name = "ceremony.{name}"
type = "{type}"
label = "{name}"
example = "x"
"""


def filled_with(
    write: WriteTemplate, ceremony: Ceremony, party: Organisation, text: str, *fields: tuple[str, str]
) -> FilledDocument:
    markup = (
        f'<!doctype html><html lang="th"><head><title>{{{{ organisation.name_th }}}}</title></head><body>{text}</body></html>'
    )
    more = "".join(FIELDS.format(name=name, type=kind) for name, kind in fields)
    template = load_template(write(markup=markup, more_fields=more))
    return fill_template(template, ceremony=ceremony, organisation=party, sequence=1, marks_fields=True)


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        pytest.param("<p>{{ organisation.name_th }}</p>", (), '<data value="organisation.name_th">', id="as it is"),
        pytest.param(
            '<p>{{ "กับ " ~ organisation.name_th ~ " นี้" }}</p>', (), 'กับ <data value="organisation.name_th">', id="joined"
        ),
        pytest.param(
            "<p>{{ ceremony.date | thai_date }}</p>{{ organisation.name_th }}",
            (("date", "day"),),
            '<data value="ceremony.date | thai_date">',
            id="through a filter",
        ),
        pytest.param(
            "<p>{{ organisation.name_th | lines(9) }}</p>", (), '<data value="organisation.name_th | lines(9)">', id="in lines"
        ),
        pytest.param(
            "{% for one in ceremony.themes %}<p>{{ one }}</p>{% endfor %}{{ organisation.name_th }}",
            (("themes", "texts"),),
            '<data value="ceremony.themes[0]">',
            id="of a list",
        ),
        pytest.param(
            "{% for one in ceremony.plans %}<p>{{ one.title }} {{ one | months }}</p>{% endfor %}{{ organisation.name_th }}",
            (("plans", "periods"),),
            '<data value="ceremony.plans[0] | months">',
            id="of a period",
        ),
        pytest.param(
            '{% macro item(text) %}<li>{{ text }}</li>{% endmacro %}{{ item("ก" ~ organisation.name_th) }}',
            (),
            '<li>ก<data value="organisation.name_th">',
            id="through a macro",
        ),
    ],
)
def test_a_printed_value_stands_in_an_element_that_names_its_field(
    write_template: WriteTemplate,
    ceremony: Ceremony,
    party: Organisation,
    text: str,
    fields: tuple[tuple[str, str], ...],
    expected: str,
) -> None:
    assert expected in filled_with(write_template, ceremony, party, text, *fields).html


def test_a_mark_never_gets_into_an_attribute_or_the_head(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    html = filled_with(
        write_template, ceremony, party, '<p title="{{ organisation.name_th }}">{{ organisation.name_th }}</p>'
    ).html
    assert f"<title>{party.name_th}</title>" in html
    assert f'<p title="{party.name_th}"><data ' in html


def test_a_value_is_escaped_once(write_template: WriteTemplate, ceremony: Ceremony, party: Organisation) -> None:
    named = replace(party, name_th='A&B <x> "y"')
    html = filled_with(write_template, ceremony, named, "<p>{{ organisation.name_th }}</p>").html
    (shown,) = re.findall('<data value="organisation.name_th">(.*?)</data>', html)
    assert unescape(re.sub("<[^>]*>", "", shown)) == 'A&B <x> "y"'


def test_conditions_and_counts_see_the_value_itself(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    text = (
        "{% if organisation.name_th == '" + party.name_th + "' %}เท่ากัน{% endif %}"
        "{% if '" + ceremony.themes[0] + "' in ceremony.themes %}มีประเด็น{% endif %}{{ ceremony.themes | length }}"
    )
    html = filled_with(write_template, ceremony, party, text, ("themes", "texts")).html
    assert "เท่ากันมีประเด็น" in html


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_text_is_that_of_the_document_without_marks(name: str) -> None:
    from mou.comparison.articles import articles_of

    marked, plain = fill_example(name, marks_fields=True), fill_example(name)
    assert "<data value=" in marked.html
    assert articles_of(marked.html, marked.protected_names) == articles_of(plain.html, plain.protected_names)
    assert (marked.record, marked.slots) == (plain.record, plain.slots)


def test_a_day_that_is_marked_is_that_day() -> None:
    from mou.field_marks import marked

    assert marked(date(2026, 11, 26), "ceremony.date") == date(2026, 11, 26)
