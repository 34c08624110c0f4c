"""A Word file as the HTML of a document's page: what the comparison of drafts and the import of templates read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.comparison.articles import PieceKind, articles_of
from mou.rendering.word.values import Alignment, WordRun
from mou.word_import.markup import html_of
from mou.word_import.structure import page_of
from tests.unit.mou.word_import.typed import TITLE, bold, cell, centred, file, paragraph, table


def body(html: str) -> str:
    """Return what stands in the body."""
    return html.partition("<body>\n")[2].partition("\n</body>")[0]


def numbers(html: str) -> list[str]:
    """Return the names of all articles."""
    return [one.name for one in articles_of(html) if one.kind is PieceKind.ARTICLE]


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_no_words_of_a_file_become_markup_or_a_tag(words: str) -> None:
    html = body(html_of(file(TITLE, f"ก {words} ข"), as_template=False))
    inner = re.sub(r"</?(?:p|h1|h2|strong|em|br|span)(?: class=\"[a-z -]*\"| lang=\"en\")*>", "", html)
    assert "<" not in inner
    assert "{" not in inner


def test_a_tag_in_a_file_that_somebody_sent_is_words() -> None:
    html = html_of(file(TITLE, "{{ organisation.name_th }} {% set a = 1 %}", '<script>alert(1)</script> & "b"'))
    assert "{{" not in html
    assert "{%" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in html
    assert "{{ organisation.name_th }} {% set a = 1 %}" in " ".join(articles_of(html)[0].paragraphs)


def test_a_tag_survives_only_where_a_template_is_made() -> None:
    made = html_of(file(TITLE, paragraph("ชื่อ {{ organi", bold("sation.name_th"), " }} <b>")), as_template=True)
    assert "<p>ชื่อ {{ organisation.name_th }} &lt;b&gt;</p>" in made


def test_bold_words_are_strong_only_where_they_differ_from_their_paragraph() -> None:
    html = body(html_of(file(TITLE, paragraph("ก ", bold("ข"), " ค"), paragraph(bold("ข้อ ๑ วัตถุประสงค์")), "ข้อความ")))
    assert "<p>ก <strong>ข</strong> ค</p>" in html
    assert '<h2><span class="article-number">ข้อ ๑</span>วัตถุประสงค์</h2>' in html


def test_italic_words_are_set_apart() -> None:
    html = body(html_of(file(TITLE, paragraph("ก ", WordRun("ข", italic=True)))))
    assert "<p>ก <em>ข</em></p>" in html


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param(paragraph(bold("ข้อ ๑ วัตถุประสงค์")), id="bold and typed"),
        pytest.param(paragraph(bold("ข้อ ๑\tวัตถุประสงค์")), id="with a tab"),
        pytest.param(paragraph("วัตถุประสงค์", number="ข้อ ๑"), id="counted by Word"),
        pytest.param(paragraph("ข้อ ๑ วัตถุประสงค์", level=2), id="a heading by its style"),
        pytest.param(paragraph("ข้อ ๑ วัตถุประสงค์"), id="plain and short"),
        pytest.param(paragraph("ข้อ  ๑. วัตถุประสงค์"), id="with a dot"),
        pytest.param(paragraph("ข้อ ๑\nวัตถุประสงค์"), id="in two lines"),
    ],
)
def test_an_article_is_found_however_its_heading_is_written(heading: object) -> None:
    html = html_of(file(TITLE, heading, "ทั้งสองฝ่ายร่วมมือกันโดยสุจริตตามที่ตกลงกันไว้"))  # type: ignore[arg-type]  # a paragraph
    found = next(one for one in articles_of(html) if one.kind is PieceKind.ARTICLE)
    assert (found.number, found.heading) == ("ข้อ ๑", "วัตถุประสงค์")
    assert found.paragraphs == ("ทั้งสองฝ่ายร่วมมือกันโดยสุจริตตามที่ตกลงกันไว้",)


def test_a_long_sentence_after_the_number_is_the_articles_text() -> None:
    sentence = "บันทึกนี้มีผลตั้งแต่วันที่ทั้งสองฝ่ายลงนามและให้ใช้ต่อไปจนกว่าจะมีการยกเลิกเป็นหนังสือ"
    found = articles_of(html_of(file(TITLE, f"ข้อ ๑ {sentence}", f"ข้อ ๒ {sentence}")))
    assert [(one.name, one.paragraphs) for one in found[1:]] == [("ข้อ ๑", (sentence,)), ("ข้อ ๒", (sentence,))]


def test_a_bold_heading_and_its_text_in_one_paragraph_are_told_apart() -> None:
    html = html_of(file(TITLE, paragraph(bold("ข้อ ๑ การเลิก"), " ฝ่ายใดจะเลิกต้องแจ้งล่วงหน้า")))
    found = articles_of(html)[1]
    assert (found.name, found.paragraphs) == ("ข้อ ๑ การเลิก", ("ฝ่ายใดจะเลิกต้องแจ้งล่วงหน้า",))


def test_a_reference_at_the_beginning_of_a_line_begins_no_article() -> None:
    html = html_of(file(TITLE, "ข้อ ๑ หนึ่ง", "ก", "ข้อ ๒ สอง", "ข้อ ๑ มีผลเป็นการแสดงเจตนาผูกพันตามธรรมนูญ", "ข้อ ๓ สาม", "ค"))
    assert numbers(html) == ["ข้อ ๑ หนึ่ง", "ข้อ ๒ สอง", "ข้อ ๓ สาม"]


def test_articles_count_on_after_a_chapter_or_begin_anew() -> None:
    html = html_of(
        file(
            TITLE,
            *(centred(bold("หมวด ๑")), centred(bold("บททั่วไป")), "ข้อ ๑ ชื่อ", "ก", "ข้อ ๒ ที่ทำการ", "ข"),
            *(centred(bold("หมวด ๒ สมาชิก")), "ข้อ ๑ การสมัคร", "ค"),
        )
    )
    kinds = [(one.kind.value, one.name) for one in articles_of(html)]
    assert kinds[1:] == [
        ("chapter", "หมวด ๑ บททั่วไป"),
        ("article", "ข้อ ๑ ชื่อ"),
        ("article", "ข้อ ๒ ที่ทำการ"),
        ("chapter", "หมวด ๒ สมาชิก"),
        ("article", "ข้อ ๑ การสมัคร"),
    ]
    assert "<h3>" in html


def test_items_keep_their_numbers_and_stand_in_by_their_kind() -> None:
    html = body(
        html_of(
            file(
                *(TITLE, "ข้อ ๑ หน้าที่", "๑.๑ ดูแลป่า", "(ก) ป่าต้นน้ำ", "(ข)\tป่าชุมชน", "- ลาดตระเวน", "๑.๒ รายงาน"),
                *("\t\t๑.๓\tประชุม", paragraph("เผยแพร่", number="๑.๔"), "ปกติ"),
            )
        )
    )
    assert re.findall(r'<p class="(item[^"]*)"><span class="number">([^<]*)</span>', html) == [
        ("item", "๑.๑"),
        ("item inner", "(ก)"),
        ("item inner", "(ข)"),
        ("item inner innermost", "-"),
        ("item", "๑.๒"),
        ("item", "๑.๓"),
        ("item", "๑.๔"),
    ]
    assert "<p>ปกติ</p>" in html


def test_title_number_and_parties_are_told_apart() -> None:
    html = body(
        html_of(
            file(
                paragraph("เลขที่ ๑/๒๕๖๙", at=Alignment.RIGHT),
                centred("(ตัวอย่าง)"),
                *(centred(bold("บันทึกความเข้าใจ", 20)), centred(bold("ว่าด้วยแม่น้ำ", 20))),
                *(centred("ระหว่าง"), centred(bold("กองทุนแม่น้ำ")), centred("กับ"), centred(bold("มูลนิธิตัวอย่าง"))),
                "ทำขึ้น ณ ศาลา",
            )
        )
    )
    assert html.splitlines() == [
        '<p class="document-number">เลขที่ ๑/๒๕๖๙</p>',
        '<p class="centred">(ตัวอย่าง)</p>',
        "<h1>บันทึกความเข้าใจ<br>ว่าด้วยแม่น้ำ</h1>",
        '<p class="between">ระหว่าง<strong>กองทุนแม่น้ำ</strong>กับ<strong>มูลนิธิตัวอย่าง</strong></p>',
        "<p>ทำขึ้น ณ ศาลา</p>",
    ]


def test_parties_on_one_line_are_told_apart_and_english_words_stay_apart() -> None:
    html = html_of(file(centred(bold("MOU", 20)), centred("between Example Fund and Sample Trust"), "Text of the memorandum."))
    assert "between <strong>Example Fund</strong> and <strong>Sample Trust</strong>" in html


def test_annexes_are_sections_and_their_headings_end_no_text() -> None:
    html = html_of(
        file(
            *(TITLE, "ข้อ ๑ ชื่อ", "ก"),
            *(centred(bold("ภาคผนวก ๑")), centred(bold("รายชื่อ")), "๑. ก", paragraph(bold("หัวข้อย่อย")), "ข"),
            *(paragraph("เอกสารแนบท้าย ๒", begins_page=True), "ค"),
        )
    )
    found = [(one.kind.value, one.name, len(one.paragraphs)) for one in articles_of(html)]
    assert found[-2:] == [("annex", "ภาคผนวก ๑", 4), ("annex", "เอกสารแนบท้าย ๒", 1)]
    assert html.count('<section class="annex">') == 2
    assert '<p class="annex-title">รายชื่อ</p>' in html


def test_a_table_keeps_its_head_and_its_merged_cells() -> None:
    html = body(
        html_of(
            file(
                TITLE,
                table(
                    [cell("ที่"), cell("ผู้รับผิดชอบ", columns=2)],
                    [cell("๑"), cell("กอง"), cell("ทุน")],
                    [cell(continues=True), cell("มูล"), cell("นิธิ")],
                    heads=1,
                ),
            )
        )
    )
    assert '<thead>\n<tr><th scope="col">ที่</th><th scope="col" colspan="2">ผู้รับผิดชอบ</th></tr>\n</thead>' in html
    assert '<tr><td rowspan="2">๑</td><td>กอง</td><td>ทุน</td></tr>\n<tr><td>มูล</td><td>นิธิ</td></tr>' in html


def test_a_table_inside_a_table_is_lines() -> None:
    inner = table(["ปี", "จำนวน"], ["๒๕๖๙", "๑๐๐"])
    html = body(html_of(file(TITLE, table(["งบ", cell("รายปี", inner)]))))
    assert html.count("<table") == 1
    assert '<p class="nested">ปี · จำนวน</p>\n<p class="nested">๒๕๖๙ · ๑๐๐</p>' in html


def test_closing_words_and_signatures_are_the_closing() -> None:
    html = html_of(
        file(
            *(TITLE, "ข้อ ๑ ชื่อ", "ก", "บันทึกนี้ทำขึ้นสองฉบับ จึงลงลายมือชื่อไว้เป็นสำคัญ"),
            *("ลงชื่อ..............\tลงชื่อ..............", "(นายก)\t(นางข)", "ประธาน\tผู้อำนวยการ"),
        )
    )
    closing = articles_of(html)[-1]
    assert closing.kind is PieceKind.CLOSING
    assert closing.paragraphs[1:] == (
        "ลงชื่อ.............. · (นายก) · ประธาน",
        "ลงชื่อ.............. · (นางข) · ผู้อำนวยการ",
    )


def test_signatures_in_a_table_without_lines_are_read_column_by_column() -> None:
    html = html_of(
        file(
            *(TITLE, "ข้อ ๑ ชื่อ", "ก"),
            table(
                ["ฝ่ายที่หนึ่ง", "ฝ่ายที่สอง"],
                ["ลงชื่อ............", "ลงชื่อ............"],
                ["(นายก)", "(นางข)"],
                ["ลงชื่อ............พยาน", "ลงชื่อ............พยาน"],
                ["(นายค)", "(นางง)"],
                has_borders=False,
            ),
        )
    )
    assert [one.count(" · ") for one in articles_of(html)[-1].paragraphs] == [2, 2, 1, 1]
    assert articles_of(html)[-1].paragraphs[0] == "ฝ่ายที่หนึ่ง · ลงชื่อ............ · (นายก)"


def test_a_file_without_anything_but_words_is_a_page_too() -> None:
    assert articles_of(html_of(file("เรียน ท่านประธาน", "ขอแสดงความนับถือ")))[0].heading == "เรียน ท่านประธาน"
    assert body(html_of(file())) == ""


def test_numbers_that_word_counts_in_a_table_inside_a_table_are_kept() -> None:
    inner = table([paragraph("ใน", number="(ก)")])
    assert '<p class="nested">(ก) ใน</p>' in html_of(file(table([cell("นอก", inner)])))


def test_a_cell_that_continues_nothing_is_shown_and_one_that_is_covered_is_told() -> None:
    words = file(table([cell("สำคัญ", continues=True), "ข"], [cell(paragraph("ซ่อน", place="row 2"), continues=True), "ง"]))
    assert '<td rowspan="2">สำคัญ</td>' in html_of(words)
    notes = page_of(words, as_template=True).notes
    assert [str(note) for note in notes] == ["row 2: words that no page of the template shows were left out: ซ่อน"]
