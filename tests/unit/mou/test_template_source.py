import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.ceremony import Ceremony
from mou.errors import FillingError, TemplateError
from mou.filling import fill_template
from mou.messages import translate
from mou.models import Organisation
from mou.template_source import UnprintableValueError, sandbox, why_it_failed
from mou.templates import load_template
from mou.thai import LONGEST_PROTECTED_COLUMNS, Numerals, balanced_lines, columns

WriteTemplate: TypeAlias = Callable[..., Path]

VALUES = {
    "day": date(2022, 3, 29),
    "plan": SimpleNamespace(starts_on=date(2021, 10, 1), ends_on=date(2022, 9, 30)),
    "budget": "12,345.50",
    "count": 1_000_001,
}


def written(markup: str, numerals: Numerals = "thai", **values: object) -> str:
    return sandbox({}, numerals).from_string(markup).render(VALUES | values)


def refusal_of(markup: str) -> str:
    with pytest.raises(UnprintableValueError) as refusal:
        written(markup)
    return str(why_it_failed(refusal.value))


FILTERS = {
    "day": ("{{ day | thai_date }}", "๒๙ มีนาคม ๒๕๖๕", "29 มีนาคม 2565"),
    "day-era": ("{{ day | thai_date(era='buddhist') }}", "๒๙ มีนาคม พ.ศ. ๒๕๖๕", "29 มีนาคม พ.ศ. 2565"),
    "day-common": ("{{ day | thai_date(era='common') }}", "๒๙ มีนาคม ค.ศ. ๒๐๒๒", "29 มีนาคม ค.ศ. 2022"),
    "day-short": ("{{ day | thai_date(short=true) }}", "๒๙ มี.ค. ๒๕๖๕", "29 มี.ค. 2565"),
    "day-weekday": ("{{ day | thai_date(weekday=true) }}", "วันอังคารที่ ๒๙ มีนาคม ๒๕๖๕", "วันอังคารที่ 29 มีนาคม 2565"),
    "english": ("{{ day | english_date }}", "29 March 2022", "29 March 2022"),
    "months": ("{{ plan | months }}", "ตุลาคม ๒๕๖๔ – กันยายน ๒๕๖๕", "ตุลาคม 2564 – กันยายน 2565"),
    "months-era": (
        "{{ plan | months(era='common') }}",
        "ตุลาคม ค.ศ. ๒๐๒๑ – กันยายน ค.ศ. ๒๐๒๒",
        "ตุลาคม ค.ศ. 2021 – กันยายน ค.ศ. 2022",
    ),
    "english-months": ("{{ plan | english_months }}", "October 2021 – September 2022", "October 2021 – September 2022"),
    "number": ("{{ '2' | number }} {{ count }}", "๒ ๑๐๐๐๐๐๑", "2 1000001"),
    "arabic": ("{{ 2 | arabic }} {{ '๗' | arabic }}", "2 7", "2 7"),
    "words": ("{{ count | in_words }} {{ '๓๐' | in_words }}", "หนึ่งล้านเอ็ด สามสิบ", "หนึ่งล้านเอ็ด สามสิบ"),
    "baht": ("{{ budget | baht }} {{ count | baht }}", "๑๒,๓๔๕.๕๐ บาท ๑,๐๐๐,๐๐๑.๐๐ บาท", "12,345.50 บาท 1,000,001.00 บาท"),
    "baht-words": ("{{ 20 | baht_in_words }}", "ยี่สิบบาทถ้วน", "ยี่สิบบาทถ้วน"),
    "article": ("{{ 1 | article }} {{ 1 | article(2) }}", "ข้อ ๑ ข้อ ๑.๒", "ข้อ 1 ข้อ 1.2"),
    "item": ("{{ 1 | item(2) }} {{ 1 | item(2, '3') }}", "๑.๒ ๑.๒.๓", "1.2 1.2.3"),
    "letter": ("{{ 2 | letter }}", "(ข)", "(ข)"),
    "spaced": ("{{ 'ต่างๆกัน & นาย ธีระ' | spaced }}", "ต่าง\u00a0ๆ กัน &amp; นายธีระ", "ต่าง\u00a0ๆ กัน &amp; นายธีระ"),
    "spaced-block": (
        "{% filter spaced %}<b>เครือข่าย ฯ</b> &amp; ใดๆ{% endfilter %}",
        "<b>เครือข่ายฯ</b> &amp; ใด\u00a0ๆ",
        "<b>เครือข่ายฯ</b> &amp; ใด\u00a0ๆ",
    ),
}


@pytest.mark.parametrize(("markup", "thai", "arabic"), FILTERS.values(), ids=FILTERS.keys())
def test_a_filter_writes_in_the_numerals_of_the_document(markup: str, thai: str, arabic: str) -> None:
    assert written(markup) == thai
    assert written(markup, "arabic") == arabic


GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "writing-a-template.md").read_text(encoding="utf-8")
FILTER_ROWS = GUIDE.partition("| filter | gives |\n| --- | --- |\n")[2].partition("\n\n")[0].replace("\\|", "¦").splitlines()


def test_the_guide_names_every_filter() -> None:
    own = {name for name, write in sandbox({}, "thai").filters.items() if write.__module__ == "mou.template_source"}
    assert len(own) == 14
    assert {name for name in own if not any(re.search(rf"\b{name}\b", row) for row in FILTER_ROWS)} == set()


@pytest.mark.parametrize("row", FILTER_ROWS)
def test_a_filter_writes_what_the_guide_says(row: str) -> None:
    shown, gives = row.strip("| ").split(" | ")
    values = SimpleNamespace(notice_days=30, budget="12345.50")
    plan = SimpleNamespace(starts_on=date(2022, 4, 1), ends_on=date(2022, 12, 31))
    for code in re.findall("`([^`]+)`", shown):
        markup = code.replace("¦", "|") if code.startswith("{") else "{{ ceremony.date | " + code + " }}"
        if "loop.index" in markup or "lines(" in markup or "spaced" in markup:  # shown elsewhere, with more around it
            continue
        assert written(markup, ceremony=SimpleNamespace(date=date(2026, 12, 5), values=values), plan=plan) in gives


def test_a_number_that_stands_in_the_code_is_written_like_any_other() -> None:
    markup = "{{ 3 }} {{ 1 + 2 }} {{ [1, 2] | length }} {% set days = 30 %}{{ days }} {{ 3 if count else 4 }}"
    markup += " {{ '3' }} {{ 3 | arabic }}"
    assert written(markup) == "๓ ๓ ๒ ๓๐ ๓ 3 3"
    assert written(markup, "arabic") == "3 3 2 30 3 3 3"


@pytest.mark.parametrize("markup", ["{{ 2.5 }}", "{{ true }}", "{{ none }}", "{{ [1] }}"])
def test_what_has_no_one_text_form_is_refused_in_the_code_too(markup: str) -> None:
    assert "text or a whole number is expected where a value is printed" in refusal_of(markup)


def test_items_number_themselves_in_a_macro() -> None:
    markup = (
        "{% macro item(article, number, text) %}<p>{{ article | item(number) }} {{ text }}</p>{% endmacro %}"
        "{% for text in ['ก', 'ข'] %}{{ item(3, loop.index, text) }}{% endfor %}"
    )
    assert written(markup) == "<p>๓.๑ ก</p><p>๓.๒ ข</p>"


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        pytest.param("{{ 12.5 | baht }}", "filter baht: an exact amount is expected, got 12.5; write it as text", id="float"),
        pytest.param("{{ '1.005' | baht_in_words }}", "filter baht_in_words: an amount of at most two", id="half a satang"),
        pytest.param("{{ 'มาก' | baht }}", "filter baht: an amount such as 12,345.50 is expected, got 'มาก'", id="no amount"),
        pytest.param("{{ true | in_words }}", "filter in_words: a whole number is expected, got bool True", id="flag"),
        pytest.param("{{ none | number }}", "filter number: a whole number is expected, got NoneType None", id="no number"),
        pytest.param("{{ -1 | in_words }}", "filter in_words: a number from 0 to", id="negative"),
        pytest.param("{{ 'ก' | item(1) }}", "filter item: a whole number is expected, got str 'ก'", id="item without number"),
        pytest.param("{{ 0 | article }}", "filter article: numbers from 1 on are expected, got 0", id="article nought"),
        pytest.param("{{ 42 | letter }}", "filter letter: an item from 1 to 41 is expected, got 42", id="past the alphabet"),
        pytest.param("{{ '2022' | thai_date }}", "filter thai_date: a day is expected, got str '2022'", id="text for a day"),
        pytest.param("{{ day | thai_date(era='x') }}", "filter thai_date: an era, one of buddhist, common", id="unknown era"),
        pytest.param("{{ day | english_date(shrt=1) }}", "filter english_date: english_date() got an unexpected", id="misspelt"),
        pytest.param("{{ budget | months }}", "filter months: a day is expected", id="no period"),
        pytest.param("{{ none | lines(40) }}", "filter lines: text is expected, got NoneType None", id="no text"),
        pytest.param("{{ budget | lines(0) }}", "filter lines: a line of at least one column is expected, got 0", id="no column"),
        pytest.param("{{ day }}", "got date without the filter thai_date", id="date without filter"),
    ],
)
def test_what_a_filter_cannot_write_is_told_with_its_name(markup: str, told: str) -> None:
    assert told in refusal_of(markup)


def test_a_field_that_is_not_there_is_told_as_such_by_every_filter() -> None:
    for name in ("thai_date", "baht", "item", "lines(4)", "spaced", "number"):
        with pytest.raises(Exception, match="'nothing' is undefined"):
            written("{{ nothing | " + name + " }}")


def test_what_a_filter_cannot_write_refuses_the_document(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    template = load_template(write_template(markup="{{ organisation.name_th | baht }}"))
    with pytest.raises(FillingError, match="filter baht: an amount such as"):
        fill_template(template, ceremony=ceremony, organisation=party, sequence=1)


@given(st.text(alphabet="มูลนิธิเพื่อและแห่งA&<>\"'2 ", max_size=80), st.integers(min_value=1, max_value=40))
def test_lines_have_breaks_between_them_and_no_other_markup_of_the_text(text: str, width: int) -> None:
    markup = written("{{ text | lines(width) }}", text=text, width=width)
    lines = re.sub(r'<span class="nb">|</span>|<wbr>', "", markup).split("<br>")
    assert [html.unescape(line) for line in lines] == (list(balanced_lines(text, width)) or [""])
    assert not re.search("[<>]", "".join(lines))


def test_text_that_was_escaped_before_is_not_escaped_twice() -> None:
    assert written("{{ (text | e) | lines(40) }}", text="A & <b>") == '<span class="nb">A &amp; &lt;b&gt;</span>'


def test_a_name_in_lines_is_protected_in_its_pieces_when_the_document_is_filled(
    write_template: WriteTemplate, ceremony: Ceremony, party: Organisation
) -> None:
    name = 'มูลนิธิ A&B <b> "ส่งเสริมโอกาสเด็กและเยาวชน" เพื่อการพัฒนา'
    template = load_template(write_template(markup="<h1>{{ organisation.name_th | lines(32) }}</h1>"))
    filled = fill_template(template, ceremony=ceremony, organisation=replace(party, name_th=name), sequence=1)
    lines = filled.html.removeprefix("<h1>").removesuffix("</h1>").split("<br>")
    texts = [html.unescape(re.sub("<[^>]*>", "", line)) for line in lines]
    assert texts == list(balanced_lines(name, 32))
    assert len(texts) > 1
    for line in lines:
        outside = re.sub(r'<span class="nb">.*?</span>|<wbr>', "", line)
        assert outside.strip() == "" or columns(html.unescape(outside)) > LONGEST_PROTECTED_COLUMNS


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("{{ organisation.name_th | spaced }}", id="field"),
        pytest.param("{{ ('ก' ~ organisation.name_th) | spaced | upper }}", id="field inside"),
        pytest.param("{{ organisation.name_th | upper | spaced }}", id="field through another filter"),
        pytest.param("{% filter spaced %}ก{{ organisation.name_th }}{% endfilter %}", id="field in a block"),
        pytest.param(
            "{% filter upper | spaced %}{{ organisation.name_th }}{% endfilter %}", id="field in a block, filtered twice"
        ),
        pytest.param("{% set x | spaced %}{{ organisation.name_th }}{% endset %}{{ x }}", id="field in a variable"),
        pytest.param("{{ [organisation.name_th] | map('spaced') | join }}", id="field in a list"),
        pytest.param("{% macro m(x) %}{{ x | spaced }}{% endmacro %}{{ m(organisation.name_th) }}", id="field given to a macro"),
    ],
)
def test_the_words_of_somebody_else_are_never_spaced_anew(write_template: WriteTemplate, markup: str) -> None:
    with pytest.raises(TemplateError, match="line 1: only the template's own words are expected under the filter spaced"):
        load_template(write_template(markup=markup))


def test_the_template_s_own_words_may_be_spaced(write_template: WriteTemplate, ceremony: Ceremony, party: Organisation) -> None:
    markup = "{{ organisation.name_th }}{% filter spaced %}ต่างๆ{% endfilter %}{% set x | spaced %}ใดๆ{% endset %}{{ x }}"
    filled = fill_template(load_template(write_template(markup=markup)), ceremony=ceremony, organisation=party, sequence=1)
    assert html.unescape(re.sub("<[^>]*>", "", filled.html)) == "มูลนิธิตะวันต่าง\u00a0ๆใด\u00a0ๆ"


def test_a_template_has_no_functions_but_what_its_fields_give() -> None:
    assert sandbox({}, "thai").globals == {}


def test_a_refusal_can_be_said_in_thai_word_for_word() -> None:
    with pytest.raises(UnprintableValueError) as refusal:
        written("{{ 0 | article }}")
    message = why_it_failed(refusal.value)
    assert translate(message, "en") == "filter article: numbers from 1 on are expected, got 0"
