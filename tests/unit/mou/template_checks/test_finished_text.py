from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.template_checks.examples import example_of, fill_with
from mou.template_checks.findings import NOT_OWN
from mou.template_checks.finished_text import Paragraph, context_for, finished_text, paragraphs_of
from mou.templates import bundled_template_names, bundled_templates_folder, load_template

WriteTemplate: TypeAlias = Callable[..., Path]

PAGE = """<html lang="th"><head><title>ก</title></head><body>
<p>{{ organisation.name_th }} กับ{{ "คู่ " ~ organisation.name_th }} จำนวน {{ slots | length }}</p>
<p>{{ organisation.name_th | lines(12) }}{% if organisation.name_th == "มูลนิธิตัวอย่าง" %}เท่ากัน{% endif %}</p>
{% for slot in slots %}<div class="signature-box" id="slot-{{ slot.field }}"></div>{% endfor %}
</body></html>
"""


def test_a_paragraph_has_its_language_its_number_and_the_article_above_it() -> None:
    article, one, english = paragraphs_of(
        '<body><h2>ข้อ ๑ ชื่อ</h2><p><span class="number">๑.๑</span>คำ<br>อีกคำ</p><p lang="en-GB">Words</p></body>', "th"
    )
    assert article == Paragraph("ข้อ ๑ ชื่อ", "ข้อ ๑ ชื่อ", "th", level=2, article="ข้อ ๑", lines=("ข้อ ๑ ชื่อ",))
    assert (one.text, one.number, one.article, one.lines) == ("๑.๑ คำ อีกคำ", "๑.๑", "ข้อ ๑", ("๑.๑ คำ", "อีกคำ"))
    assert (english.language, english.text) == ("en", "Words")


def test_words_of_another_language_in_a_paragraph_are_one_of_their_own() -> None:
    found = paragraphs_of('<p>ก่อน <span lang="en">between</span> หลัง</p>', "th")
    assert [(one.language, one.text) for one in found] == [("th", "ก่อน"), ("en", "between"), ("th", "หลัง")]


def test_head_and_style_and_empty_elements_have_no_paragraph() -> None:
    assert not paragraphs_of("<head><title>ก</title></head><style>p{}</style><p> </p>", "th")


def test_values_are_told_from_the_words_of_the_template(write_template: WriteTemplate) -> None:
    template = load_template(write_template(markup=PAGE))
    example = example_of(template)
    name = NOT_OWN * len("มูลนิธิตัวอย่าง")
    first, second = finished_text(template, context_for(template, example, fill_with(template, example)))
    assert first.own == f"{name} กับคู่ {name} จำนวน ๑"
    assert second.own == f"{name}เท่ากัน"


@pytest.mark.parametrize("name", bundled_template_names())
def test_every_bundled_template_reads_as_long_with_and_without_its_values(name: str) -> None:
    template = load_template(bundled_templates_folder() / name)
    example = example_of(template)
    paragraphs = finished_text(template, context_for(template, example, fill_with(template, example)))
    assert all(len(one.text) == len(one.own) for one in paragraphs)
    assert any(NOT_OWN in one.own for one in paragraphs)
    assert not any("\ue000" in one.text or "\ue001" in one.text for one in paragraphs)
