"""Lines of our own draft that list one field's values come back as a loop; what cannot is words, and told."""

from mou.word_import.template_of import TemplateWishes, template_of
from tests.unit.mou.word_import.typed import bold, file, paragraph, table, value

TITLE = paragraph(bold("บันทึก"), style="Heading 1", level=1)
ITEM = "mou p.item @annex"


def made(*blocks: object) -> tuple[str, str]:
    """Return the template's text and everything that was noted."""
    template = template_of(file(TITLE, *blocks), b"bytes", TemplateWishes("draft"))  # type: ignore[arg-type]  # paragraphs and tables
    return template.files["template.html"].decode(), "\n".join(map(str, template.report.notes))


def theme(at: int, number: str, field: str = "ceremony.themes") -> object:
    return paragraph(f"{number}\t", value(f"ประเด็นที่ {at}", f"{field}[{at}]"), style=ITEM)


def test_numbered_lines_of_one_list_become_a_loop_that_counts() -> None:
    html, _ = made(theme(0, "๑."), theme(1, "๒."), theme(2, "๓."))
    assert (
        "{% for one in ceremony.themes %}\n"
        '<p class="item"><span class="number">{{ loop.index }}.</span>{{ one }}</p>\n'
        "{% endfor %}"
    ) in html
    assert html.count("{{ one }}") == 1


def test_letters_and_last_parts_of_numbers_count_too() -> None:
    html, _ = made(theme(0, "(ก)"), theme(1, "(ข)"))
    assert '<span class="number">{{ loop.index | letter }}</span>' in html
    html, _ = made(theme(0, "๗.๑"), theme(1, "๗.๒"))
    assert '<span class="number">๗.{{ loop.index }}</span>' in html


def test_a_single_line_of_a_list_is_a_loop() -> None:
    html, _ = made(paragraph(value("ก", "ceremony.values.background[0]"), style="mou p"))
    assert "{% for one in ceremony.values.background %}\n<p>{{ one }}</p>\n{% endfor %}" in html


def test_rows_of_one_list_become_a_loop() -> None:
    def row(at: int, number: str) -> list[object]:
        cells = (number, value(f"แผน {at}", f"ceremony.plans[{at}].title"), value("ช่วง", f"ceremony.plans[{at}] | months"))
        return [paragraph(one, style="mou td") for one in cells]

    head = [paragraph(one, style="mou th") for one in ("ลำดับ", "แผน", "ช่วงเวลา")]
    html, _ = made(table(head, row(0, "๑"), row(1, "๒"), heads=1))  # type: ignore[arg-type]  # paragraphs
    assert (
        "<tbody>\n{% for one in ceremony.plans %}\n"
        "<tr><td>{{ loop.index }}</td><td>{{ one.title }}</td><td>{{ one | months }}</td></tr>\n"
        "{% endfor %}\n</tbody>"
    ) in html


def test_lines_with_other_words_are_no_list_and_stay_as_words() -> None:
    html, notes = made(
        paragraph("หนึ่ง ", value("ก", "ceremony.themes[0]"), style="mou p"),
        paragraph("สอง ", value("ข", "ceremony.themes[1]"), style="mou p"),
    )
    assert "<p>หนึ่ง {{ one }}</p>" in html
    assert "<p>สอง ข</p>" in html
    assert "{{ ceremony.themes[1] }} stands in no list that could be repeated, and stays as words: ข" in notes


def test_a_list_that_does_not_begin_at_its_beginning_stays_as_words() -> None:
    html, notes = made(theme(1, "๑."), theme(2, "๒."))
    assert "{% for" not in html.partition("<body>")[2].partition("signature-block")[0].replace("{% for line", "")
    assert notes.count("stays as words") == 2


def test_two_lists_that_follow_each_other_are_two_loops() -> None:
    html, _ = made(theme(0, "๑."), theme(1, "๒."), theme(0, "๑.", "ceremony.values.more"), theme(1, "๒.", "ceremony.values.more"))
    assert "{% for one in ceremony.themes %}" in html
    assert "{% for one in ceremony.values.more %}" in html


def test_a_value_whose_expression_means_nothing_here_stays_as_words_and_is_told() -> None:
    html, notes = made(paragraph("ชื่อ ", value("นายก", "slot.person.full_name"), style="mou p"))
    assert "<p>ชื่อ นายก</p>" in html
    assert "means nothing here and stays as words: นายก" in notes


def test_an_expression_from_a_foreign_file_is_judged_like_a_tag() -> None:
    html, notes = made(paragraph("ก ", value("ข", "organisation.__class__.__mro__"), style="mou p"))
    assert "__class__" not in html
    assert "stays as words: ข" in notes


def test_words_beside_a_counting_number_never_become_markup_or_a_tag() -> None:
    def row(at: int) -> list[object]:
        return [f"<img src=x>{{ y }} ({at})", paragraph(value(f"ก{at}", f"ceremony.themes[{at - 1}]"))]

    html, _ = made(table(row(1), row(2)))  # type: ignore[arg-type]  # paragraphs
    assert "<td>&lt;img src=x&gt;&#123; y &#125; ({{ loop.index }})</td>" in html


def test_a_cell_of_endless_digits_is_words() -> None:
    html, _ = made(table(["1" * 5_000, paragraph(value("ก", "ceremony.themes[0]"))]))
    assert "1" * 5_000 in html
