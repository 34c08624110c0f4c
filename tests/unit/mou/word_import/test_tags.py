"""Tags of a Word file as a template has them; each that cannot be taken is told with its place, all at once."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from mou.errors import InputError
from mou.rendering.word.values import Loss, LossKind
from mou.templates import OWN_LAYOUT, FieldType
from mou.word_import.report import messages_of
from mou.word_import.template_of import ImportedTemplate, TemplateWishes, name_from, template_of
from mou.workflow.importing_templates import import_template
from signatures.messages import say
from tests.data.word.office_markup import changed, run, word_file
from tests.data.word.office_markup import paragraph as markup_of
from tests.unit.mou.word_import.typed import TITLE, bold, cell, centred, file, paragraph, table

CONTENT = b"the bytes of the file"


def imported(*blocks: object, charter: str | None = None) -> ImportedTemplate:
    """Return what becomes of a file with a title and these paragraphs."""
    return template_of(file(TITLE, *blocks), CONTENT, TemplateWishes("memorandum", charter=charter))  # type: ignore[arg-type]  # paragraphs


def markup(template: ImportedTemplate) -> str:
    return template.files["template.html"].decode()


def problems(*blocks: object) -> list[str]:
    with pytest.raises(InputError) as refused:
        imported(*blocks)
    assert "memorandum.docx" in str(refused.value.message)
    return [str(one) for one in refused.value.problems]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("{{ organisation.name_th }}", "organisation.name_th"),
        ("{{ ชื่อองค์กร }}", "organisation.name_th"),
        ("{{ชื่อ องค์กร}}", "organisation.name_th"),
        ("{{ ผู้แทน }}", "organisation.representative.full_name"),
        ("{{ ตำแหน่ง }}", "organisation.representative.position"),
        ("{{ ตำแหน่ง ผู้แทน }}", "organisation.representative.position"),
        ("{{ ชื่อเครือข่าย }}", "host.name_th"),
        ("{{ สถานที่ }}", "ceremony.place"),
        ("{{ organisation_name }}", "organisation.name_th"),
        ("{{ จังหวัด }}", "organisation.province"),
        ("{{ อีเมลกลาง }}", "organisation.columns.official_email"),
        ("{{ organisation.river }}", "organisation.columns.river"),
        ("{{ budget }}", "ceremony.values.budget"),
        ("{{ ceremony.budget }}", "ceremony.values.budget"),
        ("{{ client.phone }}", "ceremony.values.client_phone"),
        ("{{ วงเงิน (บาท) }}", "ceremony.values.วงเงิน_บาท"),
        ("{{ charter.title }}", "ceremony.values.charter_title"),
    ],
)
def test_a_name_that_an_office_uses_becomes_a_dotted_name(written: str, field: str) -> None:
    made = imported(f"คำ {written} คำ")
    assert f"คำ {{{{ {field} }}}} คำ" in markup(made).replace("{{" + field + "}}", f"{{{{ {field} }}}}")
    assert field in made.report.fields


def test_a_name_that_was_changed_is_told_once_with_its_place() -> None:
    made = imported(paragraph("{{ budget }}", place="paragraph 7"), "{{ budget }}")
    assert [str(one) for one in made.report.notes if "budget" in str(one)] == [
        "paragraph 7: budget was taken for the field ceremony.values.budget"
    ]


def test_a_charter_that_is_named_gives_its_own_fields() -> None:
    assert "charter.title" in imported("{{ charter.title }}", charter="lanna-charter").report.fields


def test_a_day_without_a_filter_gets_one_and_one_with_a_filter_keeps_it() -> None:
    made = imported("{{ ceremony.date }} {{ วันที่ทำ }} {{ ceremony.date | thai_date(weekday=true) }}")
    assert (
        "{{ ceremony.date | thai_date }} {{ ceremony.date | thai_date }} {{ ceremony.date | thai_date(weekday=true) }}"
        in markup(made)
    )
    assert any("thai_date" in str(one) for one in made.report.notes)


def test_curly_quotes_in_a_tag_become_straight_and_those_around_stay() -> None:
    made = imported("“{% if organisation.kind == “มูลนิธิ” %}ก{% endif %}”")
    assert '“{% if organisation.kind == "มูลนิธิ" %}ก{% endif %}”' in markup(made)


def test_tags_that_stand_for_paragraphs_rows_and_cells_become_plain_ones() -> None:
    made = imported(
        *("{%p if organisation.address %}", "อยู่ที่ {{r organisation.address }}", "{%p endif %}"),
        table(["{%tr for plan in ceremony.plans %}", ""], ["{{ plan.title }}", "{{ plan | months }}"], ["{%tr endfor %}", ""]),
        table([cell("{%tc for one in ceremony.themes %}"), cell("{{ one }}"), cell("{%tc endfor %}")]),
    )
    html = markup(made)
    assert "{% if organisation.address %}\n<p>อยู่ที่ {{ organisation.address }}</p>\n{% endif %}" in html
    assert (
        "{% for plan in ceremony.plans %}\n<tr><td>{{ plan.title }}</td><td>{{ plan | months }}</td></tr>\n{% endfor %}" in html
    )
    assert "<tr>{% for one in ceremony.themes %}<td>{{ one }}</td>{% endfor %}</tr>" in html


def test_every_tag_that_cannot_be_taken_is_told_at_once_with_place_and_text() -> None:
    found = problems(
        paragraph("ชื่อ {{ organisation.name_th | }} คือ", place="paragraph 2"),
        paragraph("เปิดไว้ {{ organisation.kind", place="paragraph 3"),
        paragraph("{% include 'other.html' %}", place="paragraph 4"),
        paragraph("{{ ceremony.place | no_such_filter }}", place="paragraph 5"),
        paragraph("{{ range(3) }}", place="paragraph 6"),
        paragraph("{%p if organisation.address %}", place="paragraph 7"),
        paragraph("{%p endfor %}", place="paragraph 8"),
    )
    for place, words in {
        "paragraph 2": "ชื่อ {{ organisation.name_th | }} คือ",
        "paragraph 3": "เปิดไว้ {{ organisation.kind",
        "paragraph 4": "a tag such as if, for or set is expected, got include",
        "paragraph 5": "no_such_filter",
        "paragraph 6": "a template has no function range",
        "paragraph 7": "{% if organisation.address %} has no end in the same place",
        "paragraph 8": "{% endfor %} ends nothing that began in the same place",
    }.items():
        assert any(place in one and words in one for one in found), (place, found)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{{ 9**9**9**9 }}", "multiplies nothing"),
        ("{{ 'a' * 999 }}", "multiplies nothing"),
        ("{{ 'a' | center(9999999999) }}", "no number of more than six digits"),
        ("{{ " + "(" * 480 + "1" + ")" * 480 + " }}", "fewer brackets"),
    ],
    ids=["powers", "a long text", "a wide text", "brackets"],
)
def test_a_tag_that_might_be_computed_for_ever_is_refused(tag: str, words: str) -> None:
    assert words in problems(f"ก {tag}")[0]


def test_tags_far_inside_each_other_are_refused() -> None:
    opened = ["{%p if organisation.address %}"] * 500
    assert any("at most 8 tags inside each other" in one for one in problems(*opened, "ก", *["{%p endif %}"] * 500))


def test_many_beginnings_of_tags_are_one_problem() -> None:
    assert len(problems("{{ " * 50_000)) == 1


def test_a_condition_from_the_middle_of_one_paragraph_to_another_is_refused() -> None:
    found = problems("ก {% if organisation.address %} ข", "ค {% endif %} ง")
    assert len(found) == 2
    assert "put the tag in a paragraph of its own" in found[0]


def test_a_condition_that_leaves_its_table_is_refused() -> None:
    found = problems("{%p if organisation.address %}", table(["{%tr endif %}", ""], ["ก", "ข"]))
    assert len(found) == 2


def test_what_only_word_can_do_is_left_out_and_told() -> None:
    made = imported(table([cell("{% cellbg 'red' %}ก"), cell("ข")]))
    assert "cellbg" not in markup(made)
    assert any("is for Word alone" in str(one) for one in made.report.notes)


def test_the_types_of_fields_are_known_or_told_by_their_use() -> None:
    made = imported(
        "{{ ceremony.date }} {{ start | thai_date }} {{ notice_days }} {{ sum | baht }} {% if big %}ก{% endif %}",
        *("{%p for one in causes %}", "{{ one }}", "{%p endfor %}"),
        "{% if organisation.address %}{{ organisation.address }}{% endif %}",
    )
    made_fields = declared(made)
    assert {name: kind for name, (kind, _) in made_fields.items()} == {
        "ceremony.date": FieldType.DAY,
        "ceremony.values.start": FieldType.DAY,
        "ceremony.values.notice_days": FieldType.INTEGER,
        "ceremony.values.sum": FieldType.TEXT,
        "ceremony.values.big": FieldType.FLAG,
        "ceremony.values.causes": FieldType.TEXTS,
        "organisation.address": FieldType.TEXT,
    }
    assert made_fields["organisation.address"][1] is False


def declared(made: ImportedTemplate) -> dict[str, tuple[str, bool]]:
    table = tomllib.loads(made.files["template.toml"].decode())
    return {one["name"]: (one["type"], one.get("required", True)) for one in table["fields"]}


def test_blanks_are_listed_with_a_proposal_where_the_words_before_tell() -> None:
    made = imported(
        paragraph("ข้าพเจ้า..............ตำแหน่ง……………… วันที่..........", place="paragraph 9"),
        paragraph("อื่น ๆ ________", place="paragraph 10"),
    )
    assert [(str(one.place), one.before, one.proposal) for one in made.report.blanks] == [
        ("paragraph 9", "ข้าพเจ้า", "{{ organisation.representative.full_name }}"),
        ("paragraph 9", "ตำแหน่ง", "{{ organisation.representative.position }}"),
        ("paragraph 9", "วันที่", "{{ ceremony.date | thai_date }}"),
        ("paragraph 10", "อื่น ๆ", ""),
    ]


def test_mixed_numerals_and_english_passages_are_told() -> None:
    made = imported("ภายใน 30 วัน และ ๖๐ วัน และ ๙๐ วัน", "This text is in English.")
    told = " ".join(map(str, made.report.notes))
    assert "the program will write thai ones" in told
    assert "English passages are marked as English" in told
    assert 'lang="en">This text is in English.</p>' in markup(made)


def test_an_english_file_is_an_english_document() -> None:
    made = template_of(
        file(centred(bold("MEMORANDUM OF UNDERSTANDING", 20)), paragraph(bold("Article 1 Purpose")), "The Parties cooperate."),
        CONTENT,
        TemplateWishes("mou-en"),
    )
    assert '<html lang="en">' in markup(made)
    assert 'language = "en"' in made.files["template.toml"].decode()
    assert 'numerals = "arabic"' in made.files["template.toml"].decode()
    assert "ลงชื่อ" not in markup(made)


def test_the_word_file_is_kept_only_where_it_holds_tags() -> None:
    assert imported("{{ organisation.name_th }}").files["template.docx"] == CONTENT
    assert "template.docx" not in imported("ไม่มี").files


def test_a_file_without_words_is_refused() -> None:
    with pytest.raises(InputError, match="a text is expected, there is none"):
        template_of(file(), CONTENT, TemplateWishes("empty"))


@pytest.mark.parametrize(
    ("text", "name"),
    [("River MOU 2569 (final)", "river-mou-2569-final"), ("บันทึก MOU ๒๕๖๙", "mou-2569"), ("บันทึกความเข้าใจ ๑", ""), ("12", "")],
)
def test_a_name_is_made_of_latin_letters(text: str, name: str) -> None:
    assert name_from(text) == name


def test_a_remainder_in_a_condition_is_no_end_of_its_tag() -> None:
    assert "{% if document.year % 2 %}\n<p>ปีคี่</p>\n{% endif %}" in markup(
        imported("{% if document.year % 2 %}", "ปีคี่", "{% endif %}")
    )


def test_a_tag_longer_than_anybody_writes_is_refused_with_its_beginning() -> None:
    (told,) = problems(paragraph("{{ " + "ก" * 5_000 + "! }}", place="paragraph 9"))
    assert told.startswith("paragraph 9: a tag of at most 1000 characters is expected, got one of 5007: {{ กกก")
    assert len(told) < 200


def test_words_of_a_table_that_no_page_shows_are_told() -> None:
    made = imported(
        table(
            ["{%tr for one in members %}", paragraph("หมายเหตุ {{ budget }}", place="row 1")],
            ["{{ one.name_th }}", "ข"],
            ["{%tr endfor %}", ""],
        ),
        table([cell(paragraph("{%p if document.is_sample %} ห้ามหาย", place="row 4"), "ข", "{%p endif %}")]),
    )
    told = "words that no page of the template shows were left out:"
    assert [str(note) for note in made.report.notes if told in str(note)] == [
        f"row 1: {told} หมายเหตุ {{{{ budget }}}}",
        f"row 4: {told} ห้ามหาย",
    ]


def test_a_file_whose_header_alone_holds_a_tag_is_kept_too() -> None:
    words = file(TITLE, "คำ")
    header = Loss(LossKind.HEADER_OR_FOOTER, say("header"), "{{ organisation.name_th }}")
    assert OWN_LAYOUT in template_of(replace(words, losses=(header,)), CONTENT, TemplateWishes("memorandum")).files


def test_a_word_file_that_cannot_be_filled_is_not_called_one_that_can(tmp_path: Path) -> None:
    inserted = changed("ins", 1, "สายฝน", "2026-11-20T09:15:00Z", run("เพิ่ม"))
    content = word_file(markup_of(inserted), markup_of("{{ ceremony.place }}"))
    made = import_template(tmp_path / "a.docx", content, tmp_path, TemplateWishes("a"))

    told = "\n".join(str(line) for heading, lines in messages_of(made.report) for line in (heading, *lines))
    assert "but cannot be filled in its own layout before this is mended in it (" in told
    assert "got tracked changes" in told
    assert "it can be filled" not in told
