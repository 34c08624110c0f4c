from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.template_checks.examples import example_of, fill_with
from mou.template_checks.fields import repeated_labels, unasked_fields
from mou.template_checks.findings import Finding, Severity
from mou.template_checks.finished_text import context_for
from mou.templates import Template, bundled_template_names, bundled_templates_folder, load_template
from tests.unit.mou.template_checks.texts import codes, told

WriteTemplate: TypeAlias = Callable[..., Path]

FIELDS = """
[[fields]]
name = "organisation.abbreviation"
type = "text"
label = "ชื่อย่อ"
example = "มตย."
required = false

[[fields]]
name = "ceremony.values.remarks"
type = "texts"
label = "หมายเหตุ"
example = "หมายเหตุ"
required = false
"""
PAGE = """<html lang="th"><head><title>ก</title></head><body>
{% macro shown(text) %}
<p>{{ text }}</p>
{% endmacro %}
<p>{{ organisation.name_th }}</p>
BODY
</body></html>
"""


def unasked(write_template: WriteTemplate, body: str) -> list[Finding]:
    template = load_template(write_template(more_fields=FIELDS, markup=PAGE.replace("BODY", body)))
    return findings_in(template)


def findings_in(template: Template) -> list[Finding]:
    example = example_of(template)
    return list(unasked_fields(template, context_for(template, example, fill_with(template, example))))


ASKING = "{% for one in ceremony.values.remarks or [] %}<p>{{ one }}</p>{% endfor %}"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{% if organisation.abbreviation %}<p>{{ organisation.abbreviation }}</p>{% endif %}", id="if"),
        pytest.param("<p>{{ organisation.abbreviation or 'ไม่มี' }}</p>", id="or"),
        pytest.param("<p>{{ organisation.abbreviation if organisation.abbreviation else '' }}</p>", id="if in a value"),
        pytest.param("{% if organisation.abbreviation %}{{ shown(organisation.abbreviation) }}{% endif %}", id="in a macro"),
    ],
)
def test_a_text_that_asks_before_it_prints_passes(write_template: WriteTemplate, body: str) -> None:
    assert not unasked(write_template, body + ASKING)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        pytest.param("<p>{{ organisation.abbreviation }}</p>", 6, id="printed"),
        pytest.param("<p>ก</p>\n<p>{{ shown(organisation.abbreviation) }}</p>", 7, id="printed by a macro"),
        pytest.param(
            "{% if organisation.abbreviation %}ก{% endif %}\n<p>ก</p>\n<p>{{ organisation.abbreviation }}</p>",
            8,
            id="asked elsewhere",
        ),
        pytest.param("<p>{{ organisation.abbreviation | lines(10) }}</p>", 6, id="under a filter"),
    ],
)
def test_a_field_that_may_be_missing_and_is_printed_unasked_is_an_error_in_its_line(
    write_template: WriteTemplate, body: str, line: int
) -> None:
    (finding,) = unasked(write_template, body + ASKING)
    assert (finding.code, finding.severity) == ("field_unasked", Severity.ERROR)
    assert (finding.place.file, finding.place.line) == ("template.html", line)
    assert "organisation.abbreviation" in told([finding])[0]


def test_a_list_that_may_be_missing_is_asked_for_before_it_is_gone_through(write_template: WriteTemplate) -> None:
    body = "{% if organisation.abbreviation %}ก{% endif %}{% for one in ceremony.values.remarks %}<p>{{ one }}</p>{% endfor %}"
    (finding,) = unasked(write_template, body)
    assert "ceremony.values.remarks" in str(finding.found)


def test_two_fields_with_one_label_are_a_warning_in_the_line_of_the_second(write_template: WriteTemplate) -> None:
    folder = write_template(
        more_fields=FIELDS.replace("ชื่อย่อ", "ชื่อองค์กร"),
        markup=PAGE.replace("BODY", ASKING + "{% if organisation.abbreviation %}{% endif %}"),
    )
    template = load_template(folder)
    manifest = (folder / "template.toml").read_text("utf-8")
    (finding,) = repeated_labels(template.fields, manifest)
    assert (finding.code, finding.severity) == ("field_label_repeated", Severity.WARNING)
    assert manifest.split("\n")[finding.place.line - 1] == 'name = "organisation.abbreviation"'


@pytest.mark.parametrize("name", bundled_template_names())
def test_the_bundled_templates_ask_and_name_their_fields_apart(name: str) -> None:
    template = load_template(bundled_templates_folder() / name)
    assert not findings_in(template)
    assert not codes(repeated_labels(template.fields, ""))
