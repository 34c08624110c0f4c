"""Ten files of the kind that an office has: each becomes a template that can be filled and drawn, and what is lost is listed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pytest

from mou.comparison.articles import PieceKind, articles_of
from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import LossKind
from mou.template_checks.examples import example_document
from mou.template_files import write_template
from mou.templates import Template
from mou.word_import.lines import paragraphs_in
from mou.word_import.template_of import ImportedTemplate, TemplateWishes, template_of

REPLACED = {"ลงชื่อ", "ตำแหน่ง"}
"""Words around a place for a signature that the program writes itself."""

_TAG = re.compile(r"<[^>]*>")
_NO_WORDS = re.compile(r"\{[{%].*?[%}]\}|[.…_]{2,}|\n|\t")

FILES = Path(__file__).parents[3] / "data" / "word"


@dataclass(frozen=True, slots=True)
class Expected:
    """What is in the template; `losses` by kind, `words` of its text, `told` of its notes."""

    articles: tuple[str, ...]
    roles: tuple[str, ...]
    items: int = 0
    tables: int = 0
    title: str = ""
    fields: frozenset[str] = frozenset()
    losses: Mapping[LossKind, int] = field(default_factory=dict)
    blanks: int = 0
    words: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


PARTIES = frozenset({"host.name_th", "organisation.name_th"})
ADDED = "no place for a signature was found; places for host, party were added at the end"
EXPECTED = {
    "01-styles-by-hand": Expected(
        ("ข้อ ๑ วัตถุประสงค์", "ข้อ ๒ ขอบเขตความร่วมมือ", "ข้อ ๓ การเลิก"),
        ("party",),
        items=2,
        title="บันทึกความเข้าใจว่าด้วยความร่วมมือดูแลป่าชุมชน",
        fields=PARTIES | {"ceremony.place", "ceremony.date", "ceremony.values.notice_days", "host.representative.full_name"},
        words=(
            '<p class="between">ระหว่าง<strong>{{ host.name_th }}</strong>กับ<strong>{{ organisation.name_th }}</strong></p>',
            "<p>ฝ่ายใดจะเลิกต้องแจ้งล่วงหน้า <strong>{{ ceremony.values.notice_days }}</strong> วัน</p>",
        ),
    ),
    "02-tags-split-over-runs": Expected(
        ("ข้อ ๑ แนวทางความร่วมมือ", "ข้อ ๒ แผนงาน"),
        ("party",),
        items=1,
        tables=1,
        title="บันทึกข้อตกลงความร่วมมือ",
        fields=frozenset({"organisation.name_th", "organisation.address", "ceremony.themes", "ceremony.plans", "host.name_en"}),
        words=(
            "{% if organisation.address %}ที่อยู่ {{ organisation.address }}{% endif %}",
            "{% for theme in ceremony.themes %}\n",
            "{% for plan in ceremony.plans %}\n<tr><td>{{ plan.title }}</td><td>{{ plan | months }}</td></tr>\n{% endfor %}",
            "A&amp;B &lt;x&gt; และ “{{ host.name_en }}”",
        ),
    ),
    "03-automatic-numbers": Expected(
        ("ข้อ ๑ ชื่อและที่ตั้ง", "ข้อ ๒ วัตถุประสงค์", "ข้อ ๓ สมาชิก"),
        ("party", "host"),
        items=17,
        tables=1,
        title="ธรรมนูญเครือข่ายดูแลลุ่มน้ำ",
        fields=frozenset({"host.name_th", "host.address"}),
        words=(
            '<p class="item inner"><span class="number">(ข)</span>ปลูกต้นไม้ริมตลิ่ง</p>',
            '<p class="item"><span class="number">๒.๓</span>จัดประชุมปีละสองครั้ง</p>',
            '<section class="annex">\n<h2>ภาคผนวก</h2>',
        ),
        told=(ADDED, "Thai and Arabic numerals are mixed"),
    ),
    "04-nested-tables": Expected(
        ("ข้อ ๑ ผู้รับผิดชอบ", "ข้อ ๒ ลายมือชื่อ"),
        ("party", "host"),
        tables=1,
        fields=PARTIES | {"host.representative.full_name", "ceremony.values.budget"},
        words=('<th scope="col" colspan="2">ผู้รับผิดชอบ</th>', '<p class="nested">๒๕๖๙ · {{ ceremony.values.budget }}</p>'),
        told=("a table inside a table is written as lines",),
    ),
    "05-text-boxes": Expected(
        ("ข้อ ๑ การประสานงาน",),
        ("party",),
        fields=PARTIES,
        losses={LossKind.TEXT_BOX: 3},
        told=("{{ document.number }} stands where a template has no text",),
    ),
    "06-footnotes": Expected(
        ("ข้อ ๑ นิยาม", "ข้อ ๒ การแก้ไข"),
        ("party", "host"),
        fields=frozenset({"organisation.name_th"}),
        losses={LossKind.FOOTNOTE: 3},
        told=(ADDED,),
    ),
    "07-typed-numbers-and-blanks": Expected(
        ("ข้อ 1", "ข้อ 2", "ข้อ 3"),
        ("party", "party_witness"),
        items=4,
        fields=frozenset({"ceremony.values.charter_title"}),
        losses={LossKind.OTHER: 1},
        blanks=8,
        words=('<p class="item lettered"><span class="number">(ก)</span>ประชุมปีละ ๒ ครั้ง</p>',),
        told=("the text of ข้อ 1, ข้อ 2, ข้อ 3 stands below its number now",),
    ),
    "08-tracked-changes": Expected(
        ("ข้อ ๑ ระยะเวลา", "ข้อ ๒ การย้าย"),
        ("party", "host"),
        tables=1,
        fields=PARTIES,
        words=("<p>บันทึกนี้มีผลใช้บังคับ สาม ปี นับแต่วันลงนาม และต่ออายุได้</p>",),
        told=(
            "an insertion by สายฝน ใจงาม, as tracked, was taken as accepted: สาม",
            "a comment by ภูผา สมมติ was left out: ควรใช้คำอื่น",
        ),
    ),
    "09-margins-contents-pictures": Expected(
        ("ข้อ ๑ ความเป็นมา", "ข้อ ๒ การร่วมมือ"),
        ("party",),
        fields=frozenset({"ceremony.place"}),
        losses={
            LossKind.COMPUTED: 3,
            LossKind.PICTURE: 1,
            LossKind.HIDDEN_TEXT: 1,
            LossKind.EQUATION: 1,
            LossKind.HEADER_OR_FOOTER: 3,
            LossKind.OTHER: 1,
        },
        told=("header: {{ document.number }} stands where a template has no text",),
    ),
    "10-saved-by-libreoffice": Expected(
        ("ข้อ 1 วัตถุประสงค์", "ข้อ 2 ระยะเวลา"),
        ("party",),
        items=4,
        tables=1,
        fields=frozenset({"organisation.name_th", "ceremony.date", "organisation.columns.river"}),
        losses={LossKind.FORM_CONTROL: 3, LossKind.COLUMNS: 1},
    ),
}


def imported(name: str) -> ImportedTemplate:
    content = (FILES / f"{name}.docx").read_bytes()
    return template_of(read_word(f"{name}.docx", content), content, TemplateWishes(name))


def written(name: str, folder: Path) -> Template:
    return write_template(folder / name, imported(name).files)


def test_there_is_an_expectation_for_each_file() -> None:
    assert sorted(EXPECTED) == sorted(path.stem for path in FILES.glob("*.docx"))
    assert len(EXPECTED) == 10


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_an_office_becomes_the_template_that_it_is(name: str, tmp_path: Path) -> None:
    made, expected = imported(name), EXPECTED[name]
    report, html = made.report, made.files["template.html"].decode()
    template = write_template(tmp_path / name, made.files)
    found = [one.name for one in articles_of(example_document(template, None).html) if one.kind is PieceKind.ARTICLE]
    assert tuple(found) == expected.articles
    assert (report.articles, report.items, report.tables) == (len(expected.articles), expected.items, expected.tables)
    assert tuple(role.name for role in template.roles) == expected.roles
    assert expected.title in template.title
    assert expected.fields <= set(report.fields)
    assert [words for words in expected.words if words not in html] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_file_loses_is_listed_with_its_place(name: str) -> None:
    report, expected = imported(name).report, EXPECTED[name]
    kinds = [loss.kind for loss in report.losses]
    assert {kind: kinds.count(kind) for kind in kinds} == expected.losses
    assert all(str(loss.place) for loss in report.losses)
    assert len(report.blanks) == expected.blanks
    notes = "\n".join(map(str, report.notes))
    assert [told for told in expected.told if told not in notes] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_every_word_of_a_file_is_in_the_template_or_in_the_report(name: str) -> None:
    made = imported(name)
    kept = bare("".join(unescape(_TAG.sub("", one.decode())) for path, one in made.files.items() if path != "template.docx"))
    for paragraph in paragraphs_in(read_word(f"{name}.docx", (FILES / f"{name}.docx").read_bytes()).blocks):
        for words in map(bare, _NO_WORDS.split(paragraph.text)):
            assert words in kept or words in REPLACED, str(paragraph.place)


def bare(words: str) -> str:
    """Return words without space, brackets and full stops, which stand elsewhere or nowhere in a template."""
    return re.sub(r"[\s().]", "", words)
