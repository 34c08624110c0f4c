import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.errors import TemplateError
from mou.rendering import faces
from mou.rendering.faces import find_family
from mou.template_checks.checking import check_template, refusal_findings
from mou.template_checks.examples import example_document
from mou.template_checks.findings import Finding, Severity
from mou.template_checks.pages import count_pages, draft_pdf, pages_as_png
from mou.templates import Template, bundled_template_names, bundled_templates_folder, load_template
from tests.unit.mou.template_checks.texts import codes

WriteTemplate: TypeAlias = Callable[..., Path]

PNG = b"\x89PNG\r\n\x1a\n"
SMALL_SIGNED = """<!doctype html>
<html lang="th"><head><title>ก</title></head><body>
<p>ทำกับ {{ organisation.name_th }} นี้</p>
BODY
{% for slot in slots %}<div class="signature"><div class="signature-box" id="slot-{{ slot.field }}"></div></div>{% endfor %}
</body></html>
"""


def bundled(name: str) -> Template:
    return load_template(bundled_templates_folder() / name)


def check(write_template: WriteTemplate, body: str = "", **changes: object) -> tuple[Finding, ...]:
    changes.setdefault("markup", SMALL_SIGNED.replace("BODY", body))
    return check_template(load_template(write_template(**changes)))


@pytest.mark.parametrize("name", bundled_template_names())
def test_a_bundled_template_has_no_error_and_no_warning(name: str) -> None:
    template = bundled(name)
    assert codes(check_template(template, bundled(template.charter) if template.charter else None)) == []


def test_a_memorandum_is_checked_without_its_charter_at_hand() -> None:
    assert all(one.severity is Severity.WARNING for one in check_template(bundled("lanna-mou")))


def test_a_small_template_without_a_fault_has_no_finding(write_template: WriteTemplate) -> None:
    assert not check(write_template)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param("<p>เทศ\u2060บาล</p>", "character_unseen", id="word joiner"),
        pytest.param("<p>เทศ&#x2060;บาล</p>", "character_unseen", id="word joiner as a reference"),
        pytest.param("<p>วันที่ ๒๙&nbsp;มีนาคม</p>", "no_break_space_useless", id="no-break space"),
        pytest.param("<p>ท\u0e48\u0e35</p>", "marks_misplaced", id="marks"),
        pytest.param("<p>คู่ความ  ร่วมมือ</p>", "space_doubled", id="two spaces"),
        pytest.param("<p>ต่างๆ</p>", "spaces_of_signs", id="the sign of repetition"),
        pytest.param("<p>☑ เห็นชอบ</p>", "glyph_missing", id="a character that the font lacks"),
        pytest.param("<p>ภายใน 24 ชั่วโมง</p>", "numerals_mixed", id="numerals"),
        pytest.param("<p>วันจันทร์ที่ ๒๙ มีนาคม ๒๕๖๕</p>", "weekday_wrong", id="weekday"),
        pytest.param("<h2>ข้อ ๑ ก</h2><p>ตามข้อ ๙</p>", "reference_nowhere", id="reference"),
        pytest.param("<h2>ข้อ ๑ ก</h2><h2>ข้อ ๑ ข</h2>", "number_repeated", id="number"),
        pytest.param('<div id="slot-S0009"></div>', "place_for_nobody", id="a place for nobody"),
        pytest.param('<p style="white-space: nowrap">' + "กว้าง " * 60 + "</p>", "page_undrawable", id="beyond the margin"),
        pytest.param('<p style="margin-top: -30mm">ซ้อน</p>', "page_undrawable", id="above the page"),
    ],
)
def test_each_rule_is_asked_with_its_line(write_template: WriteTemplate, body: str, code: str) -> None:
    found = check(write_template, body)
    assert codes(found) == [code]
    assert (found[0].place.file, found[0].place.line) == ("template.html", 4)


def test_words_of_the_title_are_told_with_the_line_of_the_manifest(write_template: WriteTemplate) -> None:
    markup = SMALL_SIGNED.replace("BODY", "<h1>{{ template.title_lines | join(' ') }}</h1>")
    folder = write_template(markup=markup)
    manifest = folder / "template.toml"
    manifest.write_text(re.sub("(?m)^title = .*$", 'title = "แผนต่าง ๆ"', manifest.read_text("utf-8")), "utf-8")
    manifest.write_text(re.sub("(?m)^title_lines = .*$", 'title_lines = ["แผนต่าง ๆ"]', manifest.read_text("utf-8")), "utf-8")
    (finding,) = check_template(load_template(folder))
    assert (finding.code, finding.place.file, finding.place.line) == ("spaces_of_signs", "template.toml", 3)
    assert "is written \\u00a0" in str(finding.remedy)


def test_a_text_without_a_space_is_told_with_its_line_and_no_page_is_drawn(write_template: WriteTemplate) -> None:
    (finding,) = check(write_template, "<p>" + "ขอ" * 50_000 + "</p>")
    assert (finding.code, finding.severity) == ("text_unbroken", Severity.ERROR)
    assert (finding.place.file, finding.place.line) == ("template.html", 4)


def test_a_page_that_a_long_name_spoils_is_told_with_the_cause(write_template: WriteTemplate) -> None:
    (finding,) = check(write_template, '<p style="white-space: nowrap">{{ organisation.name_th }}</p>')
    assert (finding.code, finding.severity, finding.place.page) == ("page_undrawable", Severity.ERROR, 1)
    assert str(finding.found).startswith("with a name as long as those of public offices are: page 1: the text")


def test_a_role_without_a_place_is_told_once_and_not_again_by_the_pages(write_template: WriteTemplate) -> None:
    found = check(write_template, markup=SMALL_SIGNED.replace("slots %}", "[] %}"))
    assert codes(found) == ["role_without_place"]


def test_an_example_that_cannot_be_used_is_a_finding(write_template: WriteTemplate) -> None:
    found = check(write_template, files={"example/ceremony.toml": b'title = "x"\nsurprise = 1\n'})
    assert set(codes(found)) == {"example_unusable"}
    assert any("surprise" in str(one.found) for one in found)


def test_a_value_that_no_filter_can_write_is_a_finding(write_template: WriteTemplate) -> None:
    found = check(write_template, "<p>{{ organisation.name_th | baht }}</p>")
    assert codes(found) == ["example_unusable"]
    assert "filter baht" in str(found[0].found)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("{{ 1 // 0 }}", id="division by zero"),
        pytest.param("{% for one in 5 %}{% endfor %}", id="a number gone through"),
        pytest.param("{% macro a(x) %}{{ a(x) }}{% endmacro %}{{ a(1) }}", id="a macro that calls itself"),
    ],
)
def test_code_that_breaks_off_is_a_finding_with_its_line(write_template: WriteTemplate, code: str) -> None:
    (finding,) = check(write_template, code)
    assert (finding.code, finding.place.file, finding.place.line) == ("example_unusable", "template.html", 4)


def test_a_page_that_is_nested_without_end_is_a_finding(write_template: WriteTemplate) -> None:
    (finding,) = check(write_template, "<div>" * 3000)
    assert (finding.code, "nested too deeply" in str(finding.found)) == ("page_undrawable", True)


@pytest.fixture
def bundled_fonts_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A machine on which nobody installed a font, whatever an earlier test of this process found."""
    monkeypatch.setattr(faces, "_font_folders", lambda: iter([tmp_path]))
    find_family.cache_clear()
    yield
    find_family.cache_clear()


@pytest.mark.usefixtures("bundled_fonts_alone")
def test_a_font_that_is_not_installed_is_a_finding(write_template: WriteTemplate) -> None:
    folder = write_template(markup=SMALL_SIGNED.replace("BODY", ""))
    manifest = folder / "template.toml"
    manifest.write_text('font = "TH Sarabun New"\n' + manifest.read_text("utf-8"), "utf-8")
    (finding,) = check_template(load_template(folder))
    assert (finding.code, finding.place.file, finding.place.line) == ("font_missing", "template.toml", 1)


def test_final_clauses_that_are_seldom_meant_are_warnings(tmp_path: Path) -> None:
    folder = tmp_path / "lanna-charter"
    folder.mkdir()
    for path in bundled("lanna-charter").folder.glob("template.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    manifest = folder / "template.toml"
    changed = manifest.read_text("utf-8").replace('children_and_youth_council = ["appointment"]', 'youth_group = ["appointment"]')
    manifest.write_text(changed.replace('  "children_and_youth_council",\n', ""), "utf-8")
    (finding,) = check_template(load_template(folder))
    assert (finding.code, finding.severity) == ("clause_doubtful", Severity.WARNING)
    assert changed.split("\n")[finding.place.line - 1] == "[final_clauses]"


@pytest.mark.parametrize(
    ("markup", "code", "file", "line"),
    [
        pytest.param("<p>{{ organisation.name }}</p>", "field_unknown", "template.html", 1, id="unknown field"),
        pytest.param("<p>\n{{ organisation.name_th </p>", "syntax", "template.html", 2, id="syntax"),
        pytest.param("<p>{{ organisation.name_th }}{{ nobody }}</p>", "unusable", "template.html", 1, id="unknown name"),
        pytest.param("<p>ก</p>", "field_unused", "template.toml", 0, id="unused field"),
    ],
)
def test_what_cannot_be_loaded_is_told_in_the_same_form(
    write_template: WriteTemplate, markup: str, code: str, file: str, line: int
) -> None:
    with pytest.raises(TemplateError) as refusal:
        load_template(write_template(markup=markup))
    findings = [one for one in refusal_findings(refusal.value) if one.code == code]
    assert [(Path(one.place.file).name, one.place.line, one.severity) for one in findings] == [(file, line, Severity.ERROR)]


def test_pages_are_drawn_as_a_marked_draft_and_as_pictures() -> None:
    pdf = draft_pdf(example_document(bundled("child-friendly-city-mou")))
    assert pdf == draft_pdf(example_document(bundled("child-friendly-city-mou")))
    assert count_pages(pdf) == 4
    (number, picture), *others = pages_as_png(pdf, (2,))
    assert (number, picture[:8], others) == (2, PNG, [])
