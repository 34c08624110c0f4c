import pytest

from mou.template_checks.findings import Finding, Severity
from mou.template_checks.numbering import counts_that_differ, disordered_items, disordered_numbers
from mou.template_checks.outline import Series, outline_of, plain_label
from tests.unit.mou.template_checks.texts import codes, text_of, told


def headings(*names: str) -> str:
    return "\n".join(f"<h2>{name} ชื่อ</h2>\n<p>ข้อความ</p>" for name in names)


def disordered(markup: str) -> list[Finding]:
    text = text_of(markup)
    outline = outline_of(text.paragraphs)
    return [*disordered_numbers(text, outline), *disordered_items(text, outline)]


def test_an_outline_has_articles_chapters_annexes_and_items() -> None:
    outline = outline_of(
        text_of(
            "<h2>หมวด ๑<br>ทั่วไป</h2><h3>ข้อ ๑ ชื่อ</h3><p>(ก) หนึ่ง</p><p>๑.๑ สอง</p>"
            '<p><span class="number">๓.</span>สาม</p><section class="annex"><h2>ภาคผนวก ๑</h2></section>'
        ).paragraphs
    )
    assert [(one.series, one.number) for one in outline.numbered] == [
        (Series.CHAPTER, "1"),
        (Series.ARTICLE, "1"),
        (Series.ANNEX, "1"),
    ]
    assert outline.items_of("1", "th") == {"ก", "1.1", "3"}


def test_a_text_without_headings_has_its_articles_in_paragraphs() -> None:
    outline = outline_of(text_of("<p>ข้อ ๑ ชื่อ</p><p>ตามข้อ ๒</p><p>ข้อ ๒ ผล</p>").paragraphs)
    assert [one.number for one in outline.numbered] == ["1", "2"]


def test_a_paragraph_that_begins_with_a_reference_is_no_article_where_headings_are() -> None:
    outline = outline_of(text_of("<h2>ข้อ ๑ ชื่อ</h2><p>ข้อ ๕ มีผล</p>").paragraphs)
    assert [one.number for one in outline.numbered] == ["1"]


@pytest.mark.parametrize(("label", "plain"), [("(ก)", "ก"), ("๕.๑", "5.1"), ("๓.", "3"), ("(12)", "12")])
def test_labels_are_compared_without_brackets_and_in_arabic_digits(label: str, plain: str) -> None:
    assert plain_label(label) == plain


def test_articles_that_count_on_pass_through_chapters() -> None:
    assert not disordered(headings("หมวด ๑", "ข้อ ๑", "ข้อ ๒", "หมวด ๒", "ข้อ ๓"))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        pytest.param(("ข้อ ๑", "ข้อ ๒", "ข้อ ๒", "ข้อ ๓"), [("number_repeated", Severity.ERROR)], id="twice"),
        pytest.param(("ข้อ ๑", "ข้อ ๓"), [("number_skipped", Severity.WARNING)], id="skipped"),
        pytest.param(
            ("ข้อ ๑", "ข้อ ๓", "ข้อ ๒"),
            [("number_skipped", Severity.WARNING), ("number_out_of_order", Severity.ERROR)],
            id="out of order",
        ),
        pytest.param(("หมวด ๑", "ข้อ ๑", "หมวด ๓", "ข้อ ๒"), [("number_skipped", Severity.WARNING)], id="a chapter"),
        pytest.param(("ข้อ ๒", "ข้อ ๓"), [("number_skipped", Severity.WARNING)], id="the first"),
    ],
)
def test_numbers_that_do_not_count_on_are_found(names: tuple[str, ...], found: list[tuple[str, Severity]]) -> None:
    assert [(one.code, one.severity) for one in disordered(headings(*names))] == found


def test_a_number_that_stands_twice_is_found_in_the_line_of_the_second() -> None:
    (finding,) = disordered("<h2>ข้อ ๑ ชื่อ</h2>\n<h2>ข้อ ๒ ผล</h2>\n<h2>ข้อ ๒ การเลิก</h2>")
    assert finding.place.line == 3


def test_each_language_counts_by_itself_and_annexes_begin_anew() -> None:
    assert not disordered(
        '<h2><span>ข้อ ๑ ก</span> <span lang="en">Article 1 A</span></h2>'
        '<h2><span>ข้อ ๒ ก</span> <span lang="en">Article 2 B</span></h2>'
        '<section class="annex"><h2>ภาคผนวก ๑</h2><h3>ข้อ ๑ ก</h3></section>'
    )


@pytest.mark.parametrize(
    ("items", "found"),
    [
        pytest.param("<p>๑.๑ ก</p><p>๒.๒ ข</p>", ["item_of_other_article"], id="another article's"),
        pytest.param("<p>๑.๑ ก</p><p>๑.๓ ข</p>", ["item_out_of_order"], id="skipped"),
        pytest.param("<p>(ก) ก</p><p>(ค) ข</p>", ["item_out_of_order"], id="a letter skipped"),
        pytest.param("<p>(ค) ก</p><p>(ค) ข</p>", ["item_out_of_order"], id="a letter twice"),
        pytest.param("<p>(ก) ก</p><p>(ข) ข</p><p>ต่อ</p><p>(ก) ค</p>", [], id="another list"),
        pytest.param("<p>๑.๑ ก</p><p>๑.๑.๑ ข</p><p>๑.๑.๒ ค</p><p>๑.๒ ง</p>", [], id="deeper"),
        pytest.param("<p>๑๓.๓๐ น. เริ่มพิธี</p>", ["item_of_other_article"], id="a time in front is taken for an item"),
        pytest.param("<table><tr><td>๒.๑</td></tr></table>", [], id="a cell"),
    ],
)
def test_items_count_on_in_their_article(items: str, found: list[str]) -> None:
    assert codes(disordered(f"<h2>ข้อ ๑ ชื่อ</h2>{items}")) == found


LIST = "<p>(ก) หนึ่ง</p><p>(ข) สอง</p>"


def counted(words: str) -> list[str]:
    text = text_of(f"<h2>ข้อ ๑ ชื่อ</h2><p>{words}</p>{LIST}<p>ต่อ</p>")
    return told(counts_that_differ(text, outline_of(text.paragraphs)))


@pytest.mark.parametrize("words", ["มีพื้นที่สามแห่ง ดังต่อไปนี้", "มีสิทธิ ๓ ประการ ดังนี้", "จำนวน 8 พื้นที่ ได้แก่"])
def test_a_sentence_that_counts_otherwise_than_its_list_is_a_warning(words: str) -> None:
    assert "2 are listed below" in counted(words)[0]


@pytest.mark.parametrize("words", ["มีพื้นที่สองแห่ง ดังต่อไปนี้", "มีสิทธิ ๒ ประการ ดังนี้", "มีสิทธิ ดังต่อไปนี้", "ภายใน ๓ ปี"])
def test_a_sentence_that_counts_its_list_or_nothing_passes(words: str) -> None:
    assert not counted(words)
