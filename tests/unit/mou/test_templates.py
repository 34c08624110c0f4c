import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.errors import TemplateError
from mou.languages import pieces_of
from mou.models import Capacity
from mou.templates import (
    FieldType,
    SignatorySource,
    TemplateKind,
    bundled_template_names,
    bundled_templates_folder,
    load_template,
)
from mou.thai import space_repeat_marks, to_arabic_digits, to_thai_digits

WriteTemplate: TypeAlias = Callable[..., Path]

FIELD = '\n[[fields]]\nname = "{name}"\ntype = "text"\nlabel = "ก"\nexample = "ข"\n'


def refusal_of(folder: Path) -> str:
    with pytest.raises(TemplateError) as refusal:
        load_template(folder)
    return str(refusal.value)


def test_a_template_is_read_whole(write_template: WriteTemplate) -> None:
    template = load_template(write_template())
    assert (template.name, template.kind, template.version) == ("small", TemplateKind.MEMORANDUM, "1")
    assert [(one.name, one.type, one.required) for one in template.fields] == [("organisation.name_th", FieldType.TEXT, True)]
    assert [(role.capacity, role.source) for role in template.roles] == [
        (Capacity.AUTHORISED_REPRESENTATIVE, SignatorySource.ORGANISATION_REPRESENTATIVE)
    ]
    assert template.clauses is None


def test_the_digest_covers_every_file_but_the_example(write_template: WriteTemplate) -> None:
    first = load_template(write_template()).digest
    assert load_template(write_template(files={"example/organisations.csv": b"1", ".DS_Store": b"2"})).digest == first
    second = load_template(write_template(files={"seal.png": b"3"})).digest
    third = load_template(write_template(files={"seal.png": b"4"})).digest
    assert len({first, second, third}) == 3


def test_the_digest_does_not_depend_on_the_folder(write_template: WriteTemplate, tmp_path: Path) -> None:
    folder = write_template()
    copy = tmp_path / "elsewhere" / "small"
    shutil.copytree(folder, copy)
    assert load_template(copy).digest == load_template(folder).digest


def test_a_syntax_error_is_told_with_file_and_line(write_template: WriteTemplate) -> None:
    folder = write_template(markup="<p>{{ organisation.name_th }}</p>\n\n{% if %}\n")
    assert f"{folder / 'template.html'}, line 3: Jinja2 syntax is expected" in refusal_of(folder)


def test_an_unknown_filter_is_told_with_its_line(write_template: WriteTemplate) -> None:
    told = refusal_of(write_template(markup="\n{{ organisation.name_th | shout }}"))
    assert "line 2" in told
    assert "shout" in told


@pytest.mark.parametrize(
    "code", ["{{ (2**99999)|string }}", "{{ " + "9" * 5000 + " }}", "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"]
)
def test_code_that_cannot_be_computed_is_told_with_its_file(write_template: WriteTemplate, code: str) -> None:
    folder = write_template(markup="{{ organisation.name_th }}" + code)
    assert f"{folder / 'template.html'}: code that can be computed is expected: " in refusal_of(folder)


def test_a_field_that_is_used_and_not_declared_is_told_with_its_line(write_template: WriteTemplate) -> None:
    told = refusal_of(write_template(markup="{{ organisation.name_th }}\n{{ ceremony.place }}"))
    assert "line 2: a field that template.toml declares is expected, got ceremony.place" in told


def test_a_field_that_is_declared_and_never_used_is_told(write_template: WriteTemplate) -> None:
    told = refusal_of(write_template(more_fields=FIELD.format(name="ceremony.place")))
    assert "fields: ceremony.place is declared, and the text never uses it" in told


def test_a_field_counts_as_used_in_a_condition_a_loop_or_an_included_file(write_template: WriteTemplate) -> None:
    markup = (
        "{{ organisation.name_th }}{% include 'part.html' %}"
        "{% if ceremony.funder %}x{% endif %}{% for one in members %}{{ one.name_th }}{% endfor %}"
    )
    folder = write_template(
        markup=markup,
        more_fields="".join(FIELD.format(name=name) for name in ("ceremony.funder", "members", "ceremony.place")),
        files={"part.html": b"{{ ceremony['place'] }}"},
    )
    assert len(load_template(folder).fields) == 4


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        pytest.param("{% include '../secret.html' %}", "got '../secret.html'", id="include of a parent"),
        pytest.param("{% include '/etc/passwd' %}", "got '/etc/passwd'", id="include of an absolute path"),
        pytest.param("{% extends organisation.name_th %}", "got None", id="extends what a value names"),
        pytest.param("{% import 'none.html' as x %}", "got 'none.html'", id="import of a missing file"),
        pytest.param('<img src="https://example.org/x.png">', "got 'https://example.org/x.png'", id="image from the network"),
        pytest.param("<img src=file:///etc/passwd>", "got 'file:///etc/passwd'", id="image from the machine"),
        pytest.param('<img src="{{ organisation.name_th }}">', "line 1: the name of a file", id="image that a value names"),
        pytest.param('<link rel="stylesheet" href="../base.css">', "got '../base.css'", id="style of a parent"),
        pytest.param('<p style="background: url(//example.org/x)">', "got '//example.org/x'", id="background from the network"),
        pytest.param("{{ cycler }}", "got cycler", id="a function of Jinja2"),
        pytest.param("{% set organisation = 1 %}", "organisation cannot be given another value", id="a field set anew"),
        pytest.param("{{ organization.name }}", "got organization", id="a misspelt root"),
    ],
)
def test_a_template_that_reaches_outside_is_refused(write_template: WriteTemplate, markup: str, told: str) -> None:
    assert told in refusal_of(write_template(markup="{{ organisation.name_th }}" + markup))


def test_a_style_sheet_that_reaches_outside_is_refused_with_its_line(write_template: WriteTemplate) -> None:
    folder = write_template(files={"template.css": b'p { margin: 0 }\n@import "https://example.org/a.css";'})
    assert "template.css, line 2" in refusal_of(folder)


def test_a_file_of_the_folder_may_be_named(write_template: WriteTemplate) -> None:
    folder = write_template(
        markup='{{ organisation.name_th }}<img src="logo.png" alt="ก"><a href="#x">', files={"logo.png": b"1"}
    )
    assert load_template(folder).name == "small"


def test_a_symbolic_link_is_refused(write_template: WriteTemplate, tmp_path: Path) -> None:
    folder = write_template()
    (tmp_path / "secret.html").write_text("x", encoding="utf-8")
    (folder / "part.html").symlink_to(tmp_path / "secret.html")
    assert "symbolic link" in refusal_of(folder)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        pytest.param('name = "small"', 'name = "large"', "the name of the folder, small", id="name of another folder"),
        pytest.param('kind = "memorandum"', 'kind = "letter"', "kind: one of charter, memorandum", id="unknown kind"),
        pytest.param('kind = "memorandum"', 'kind = "charter"', "final_clauses", id="charter without final clauses"),
        pytest.param('numerals = "thai"', 'numerals = "roman"', "numerals: one of thai, arabic", id="roman numerals"),
        pytest.param('type = "text"', 'type = "number"', "fields[1]: type: one of", id="unknown type"),
        pytest.param("order = 1", "order = 0", "roles[1]: order: a whole number of at least 1", id="order from zero"),
        pytest.param(
            'capacity = "authorised_representative"',
            'capacity = "witness"',
            "roles[1]: capacity: witness exactly",
            id="witness role",
        ),
        pytest.param(
            'source = "organisation.representative"',
            'source = "host.representative"\nfor_each_organisation = true',
            "roles[1]: source",
            id="host for each organisation",
        ),
        pytest.param('version = "1"', 'verison = "1"', "verison: this key is not known", id="misspelt key"),
    ],
)
def test_a_fault_of_the_manifest_is_told_with_its_key(write_template: WriteTemplate, right: str, wrong: str, told: str) -> None:
    folder = write_template()
    manifest = (folder / "template.toml").read_text(encoding="utf-8")
    assert right in manifest
    assert told in refusal_of(write_template(manifest=manifest.replace(right, wrong, 1)))


def test_a_countersigner_who_is_not_last_is_refused(write_template: WriteTemplate) -> None:
    role = 'name = "network"\nlabel = "ก"\ncapacity = "network_countersigner"\norder = 1\nsource = "host.representative"\n'
    assert "the countersigner alone and last" in refusal_of(write_template(more_fields="\n[[roles]]\n" + role))


def test_all_problems_are_told_at_once(write_template: WriteTemplate) -> None:
    folder = write_template(markup="{{ ceremony.place }}<img src='/x'>", more_fields='\ncolour = "red"\n')
    with pytest.raises(TemplateError) as refusal:
        load_template(folder)
    # Unused name_th, undeclared place, outside image, unknown key of the last role.
    assert len(refusal.value.problems) == 4


def test_a_missing_folder_and_a_missing_text_are_named(write_template: WriteTemplate, tmp_path: Path) -> None:
    assert "there is none" in refusal_of(tmp_path / "nowhere")
    folder = write_template()
    (folder / "template.css").unlink()
    assert "template.css: a file is expected here" in refusal_of(folder)


def test_the_bundled_templates_are_usable() -> None:
    assert bundled_template_names() == ("child-friendly-city-mou", "lanna-charter", "lanna-mou", "partnership-mou-th-en")
    for name in bundled_template_names():
        template = load_template(bundled_templates_folder() / name)
        assert template.numerals == "thai"
        assert (template.clauses is not None) == (template.kind is TemplateKind.CHARTER)
    assert load_template(bundled_templates_folder() / "lanna-mou").charter == "lanna-charter"


@pytest.mark.parametrize("name", ["child-friendly-city-mou", "lanna-charter", "lanna-mou"])
def test_a_bundled_text_keeps_the_rules_of_spacing_and_one_system_of_numerals(name: str) -> None:
    source = (bundled_templates_folder() / name / "template.html").read_text(encoding="utf-8")
    code = r"\{\{[^\"]*?\}\}|\{%.*?%\}|<[^>]*>|article\(\d+|chapter\(\d+|item\(\d+(?:, \d+)?|\d+ \+"
    typed_text = re.sub(code, "", source).replace("SHA-256", "")
    assert space_repeat_marks(source) == source
    assert not re.search("[0-9\u2060\u200b]", typed_text)
    assert source.count("“") == source.count("”")
    assert "  " not in source


def test_the_bilingual_text_has_thai_digits_in_its_thai_and_arabic_ones_in_its_english() -> None:
    template = load_template(bundled_templates_folder() / "partnership-mou-th-en")
    assert (template.languages, template.prevailing_language) == (("th", "en"), "th")
    source = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", dict(template.sources)["template.html"])
    texts = {
        language: "".join(piece.source for piece in pieces_of(source, "th") if piece.is_text and piece.language == language)
        for language in template.languages
    }
    assert re.search("[๐-๙]", texts["th"])
    assert not re.search("[0-9\u2060\u200b]|ๆ", texts["th"])
    assert re.search("[0-9]", texts["en"])
    assert not re.search("[ก-๛]", texts["en"])
    assert source.count("“") == source.count("”")
    assert "  " not in dict(template.sources)["template.html"]


def test_each_item_of_the_bilingual_text_has_one_number_in_both_languages() -> None:
    source = dict(load_template(bundled_templates_folder() / "partnership-mou-th-en").sources)["template.html"]
    numbers = re.findall('<span class="number">([^<]*)</span>', source)
    thai, english = numbers[::2], numbers[1::2]
    assert list(map(to_arabic_digits, thai)) == english
    assert thai == list(map(to_thai_digits, english))
    articles = re.findall(r"\{\{ (\d+) \| article \}\}.*?Article&nbsp;(\d+) ", source)
    assert articles == [(str(number), str(number)) for number in range(1, 15)]
