import pytest

from mou.models import Font
from mou.rendering.faces import bundled_family, glyph_table
from mou.template_checks.pages import title_column
from mou.template_checks.titles import Column, badly_broken_titles
from tests.unit.mou.template_checks.texts import codes, text_of, told

COLUMN = Column(300, lambda line: 10.0 * len(line))
MANIFEST = 'name = "small"\ntitle_lines = []\n'
NO_TEXT = text_of("<p>ข้อความ</p>")


def found(*lines: str, title: str | None = None, terms: tuple[str, ...] = ()) -> list[str]:
    joined = "".join(lines) if title is None else title
    return told(badly_broken_titles(joined, lines, terms, NO_TEXT, COLUMN, MANIFEST))


def test_a_title_in_lines_that_can_each_be_read_passes() -> None:
    assert not found("บันทึกความเข้าใจ", "ว่าด้วยความร่วมมือ", terms=("ความร่วมมือ",))


def test_lines_that_are_not_the_title_are_found_in_the_line_of_the_manifest() -> None:
    (finding,) = badly_broken_titles("บันทึกข้อตกลง", ("บันทึก", "ความเข้าใจ"), (), NO_TEXT, COLUMN, MANIFEST)
    assert (finding.code, finding.place.file, finding.place.line) == ("title_differs", "template.toml", 2)


def test_spaces_at_which_a_title_is_broken_are_no_difference() -> None:
    assert not found("Memorandum", "of Understanding today", title="Memorandum of Understanding today")


def test_a_line_that_is_wider_than_the_column_is_found_with_both_widths() -> None:
    assert found("ก" * 31) == [f"the line “{'ก' * 31}” of the title is 109 mm wide, the column 106 mm"]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        pytest.param(("เครือข่ายต่าง", "ๆ ของเด็ก"), "begins with “ๆ”", id="the sign of repetition first"),
        pytest.param(("ชนเผ่า (พื้นเมือง", ") ของเรา"), "begins with “)”", id="a closing bracket first"),
        pytest.param(("รณรงค์ “", "มหกรรม”"), "ends with ““”", id="an opening mark last"),
        pytest.param(("บันทึกว่าด้วย", "ความร่วมมือ"), "ends with “ว่าด้วย”", id="words that lead on"),
        pytest.param(("รักษ์เด็ก และ", "เยาวชนไทย"), "ends with “และ”", id="and"),
        pytest.param(("Memorandum of", "Understanding"), "ends with “of”", id="of"),
        pytest.param(("บันทึกความเข้าใจว่าด้วยการคุ้ม", "ครองเด็ก"), "ends inside “คุ้มครองเด็ก”", id="inside a term"),
        pytest.param(("ความร่วมมือเพื่อคุ้มครองเด็ก", "ออนไลน์"), "“ออนไลน์” alone", id="a short last line"),
    ],
)
def test_a_line_that_begins_or_ends_badly_is_found(lines: tuple[str, ...], what: str) -> None:
    assert any(what in one for one in found(*lines, terms=("คุ้มครองเด็ก",)))


def test_a_heading_of_the_page_that_is_not_the_title_is_measured_too() -> None:
    text = text_of(f"<h1>สั้น<br>{'ก' * 31}</h1>")
    assert codes(badly_broken_titles("ก", ("ก",), (), text, COLUMN, MANIFEST)) == ["title_too_wide"]


@pytest.mark.parametrize(
    ("css", "size_pt"),
    [
        pytest.param("", 1.47 * 10.9, id="the size that every title has"),
        pytest.param("h1 { margin: 0; font-size: 20pt; }", 20, id="points"),
        pytest.param("p { margin: 0 }\nh1 { font-size: 2rem }", 21.8, id="relative to the text"),
    ],
)
def test_a_title_is_measured_in_the_size_that_the_style_sheet_gives_it(css: str, size_pt: float) -> None:
    column = title_column(css, Font.SARABUN, lambda _: 1000)
    assert column.width_of("กก") == pytest.approx(2 * size_pt)


def test_the_widest_title_of_the_bundled_templates_fits() -> None:
    column = title_column("", Font.SARABUN, glyph_table(bundled_family().face(700)).advance_of)
    assert 200 < column.width_of("เพื่อส่งเสริมและคุ้มครองสิทธิเด็ก") < column.width_pt
