from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.errors import InputError
from mou.template_checks.examples import LONG_NAME, example_document, example_of, fill_with, with_long_names
from mou.templates import Template, bundled_template_names, bundled_templates_folder, load_template

WriteTemplate: TypeAlias = Callable[..., Path]

MORE_FIELDS = """
[[fields]]
name = "ceremony.values.days"
type = "integer"
label = "จำนวนวัน"
example = "๓๐"

[[fields]]
name = "organisation.columns.river"
type = "text"
label = "แม่น้ำ"
example = "แม่น้ำปิง"

[[fields]]
name = "organisation.representative.full_name"
type = "text"
label = "ผู้แทน"
example = "นายตัวอย่าง สมมติ ณ อยุธยา"
"""
MARKUP = """<html lang="th"><head><title>ก</title></head><body>
<p>{{ organisation.name_th }} {{ ceremony.values.days }} {{ organisation.columns.river }}</p>
<p>{{ organisation.representative.full_name }}</p>
{% for slot in slots %}<div class="signature-box" id="slot-{{ slot.field }}"></div>{% endfor %}
</body></html>
"""


def bundled(name: str) -> Template:
    return load_template(bundled_templates_folder() / name)


@pytest.mark.parametrize("name", bundled_template_names())
def test_every_bundled_template_can_be_filled_with_examples_and_with_long_names(name: str) -> None:
    template = bundled(name)
    example = example_of(template, bundled(template.charter) if template.charter else None)
    assert fill_with(template, example).is_sample
    assert LONG_NAME in fill_with(template, with_long_names(example)).protected_names


def test_a_template_without_a_folder_of_examples_is_filled_with_what_its_fields_say(write_template: WriteTemplate) -> None:
    filled = example_document(load_template(write_template(more_fields=MORE_FIELDS, markup=MARKUP)))
    assert dict(filled.record)["fields"] == {
        "organisation.name_th": "มูลนิธิตัวอย่าง",
        "ceremony.values.days": 30,
        "organisation.columns.river": "แม่น้ำปิง",
        "organisation.representative.full_name": "นายตัวอย่าง สมมติ ณ อยุธยา",
    }
    assert filled.is_sample


def test_a_memorandum_is_filled_for_the_event_and_a_member_of_its_charter() -> None:
    filled = example_document(bundled("lanna-mou"), bundled("lanna-charter"))
    assert filled.document_number == "LCRN-MOU-2565-001"
    assert dict(filled.record)["organisation"] == {
        "organisation_id": "lanna-01",
        "name_th": "มูลนิธิเพื่อนเด็กดอยฟ้าใส",
        "kind": "foundation",
        "juristic_person": "yes",
    }


def test_a_charter_is_filled_with_its_longest_list_of_which_everybody_can_sign() -> None:
    assert len(example_of(bundled("lanna-charter")).organisations) == 19


def test_a_list_that_cannot_be_read_is_passed_over(write_template: WriteTemplate) -> None:
    template = load_template(write_template(files={"example/aaa.csv": b"\xff\xfe\x00", "example/list.csv": b"no,list\n1,2\n"}))
    assert example_of(template).organisations[0].name_th == "มูลนิธิตัวอย่าง"


def test_an_event_that_is_wrong_is_refused_with_its_place(write_template: WriteTemplate, tmp_path: Path) -> None:
    template = load_template(write_template(files={"example/ceremony.toml": b'title = "x"\n'}))
    with pytest.raises(InputError, match=str(tmp_path)):
        example_document(template)


def test_a_document_says_that_it_is_a_sample_even_where_the_ceremony_is_none(write_template: WriteTemplate) -> None:
    event = (bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml").read_text("utf-8")
    real = event.replace("is_sample = true", "is_sample = false").encode()
    assert example_document(load_template(write_template(files={"example/ceremony.toml": real}))).is_sample
