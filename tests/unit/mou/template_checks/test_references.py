import pytest

from mou.template_checks.findings import Finding, Severity
from mou.template_checks.outline import outline_of
from mou.template_checks.references import references_nowhere
from tests.unit.mou.template_checks.texts import codes, text_of

PAGE = """<h2>หมวด ๑ ทั่วไป</h2>
<h3>ข้อ ๑ ขอบเขต</h3>
<p>(ก) หนึ่ง</p>
<p>(ข) สอง</p>
<h3>ข้อ ๒ หน้าที่</h3>
<p>๒.๑ หนึ่ง</p>
<p>๒.๒ สอง</p>
<h3>ข้อ ๓ ผล</h3>
<p>WORDS</p>
<section class="annex"><h2>ภาคผนวก ๑</h2></section>
"""
ENGLISH = """<h2 lang="en">Article 1 Scope</h2>
<h2 lang="en">Article 2 Duties</h2>
<p lang="en">2.1 One</p>
<p lang="en">WORDS</p>
"""


def found(words: str, page: str = PAGE, *, is_charter: bool = False) -> list[Finding]:
    text = text_of(page.replace("WORDS", words), is_charter=is_charter)
    return list(references_nowhere(text, outline_of(text.paragraphs)))


@pytest.mark.parametrize(
    "words",
    [
        "ตามข้อ ๑ และข้อ ๒",
        "ตามข้อ ๒.๒ และข้อ ๒ (๑)",
        "ตามข้อ ๑ (ข) แห่งบันทึกความเข้าใจนี้",
        "ตามหมวด ๑ และภาคผนวก ๑",
        "ข้อ ๓ วรรคหนึ่ง",
        "ข้อ ๑ ถึง ๓ และ ๒",
        "ข้อ ๑ และ ๓๐ วัน",
        "ข้อ ๓ ถึง ๑๕ มกราคม ๒๕๖๙",
        "ข้อ ๓ และ ๒๐ โรงเรียน",
        "ข้อ ๓ และ ๒,๐๐๐ บาท",
        "ทุกหัวข้อ ๙ เรื่อง",
    ],
)
def test_a_reference_to_what_is_there_passes(words: str) -> None:
    assert not found(words)


@pytest.mark.parametrize(
    ("words", "reference"),
    [
        ("ตามข้อ ๑๗", "“ข้อ ๑๗”"),
        ("ตามข้อ ๑ และข้อ ๙", "“ข้อ ๙”"),
        ("ตามข้อ ๑ (ค)", "“ข้อ ๑ (ค)”"),
        ("ตามข้อ ๒.๓", "“ข้อ ๒.๓”"),
        ("ตามข้อ ๒ (๓)", "“ข้อ ๒ (๓)”"),
        ("ตามหมวด ๑๒", "“หมวด ๑๒”"),
        ("ตามภาคผนวก ๓", "“ภาคผนวก ๓”"),
        ("ข้อ ๑๗ ของบันทึกความเข้าใจนี้", "“ข้อ ๑๗”"),
        ("หมวด ๑๒ ภาคผนวก ๑ ของอนุสัญญา", "“หมวด ๑๒”"),
        ("ตามข้อ ๑ และ ๙", "“ข้อ ๙”"),
        ("ตามข้อ ๑, ๒ ถึง ๙ ของบันทึกความเข้าใจนี้", "“ข้อ ๙”"),
        ("ตามภาคผนวก ก และข้อ ๑", "“ภาคผนวก ก”"),
    ],
)
def test_a_reference_that_leads_nowhere_is_an_error_in_its_line(words: str, reference: str) -> None:
    (finding,) = found(words)
    assert (finding.code, finding.severity) == ("reference_nowhere", Severity.ERROR)
    assert (finding.place.line, finding.place.article) == (9, "ข้อ ๓")
    assert str(finding.found).startswith(reference)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("ข้อ ๑๒ ของอนุสัญญาว่าด้วยสิทธิเด็ก", id="of a convention"),
        pytest.param("ข้อ ๑๒ และข้อ ๑๓ แห่งอนุสัญญาว่าด้วยสิทธิเด็ก", id="several of a convention"),
        pytest.param("ข้อ ๑๒ อนุสัญญาว่าด้วยสิทธิเด็ก", id="a convention right behind"),
        pytest.param("ตามข้อ ๒๕ ของธรรมนูญ", id="of the charter"),
        pytest.param("ตามธรรมนูญของเครือข่าย ข้อ ๒๕ วรรคสอง", id="the charter before it"),
        pytest.param("ตามระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. ๒๕๒๖ ข้อ ๓๓", id="a regulation before it"),
        pytest.param("ตามอนุสัญญาว่าด้วยสิทธิเด็ก ข้อ ๑๒ และข้อ ๑๓", id="several behind a convention"),
        pytest.param("ตามระเบียบกระทรวงมหาดไทย ข้อ ๑๕ วรรคสอง ข้อ ๑๖ และข้อ ๑๗ (๒)", id="several behind a rule"),
        pytest.param("ตามข้อบัญญัติเทศบาล พ.ศ. ๒๕๖๐ ข้อ ๑๒", id="a local ordinance"),
        pytest.param("เป้าหมายการพัฒนาที่ยั่งยืน ข้อ ๑๖", id="a goal"),
        pytest.param("มาตรา ๒๗ แห่งพระราชบัญญัติคุ้มครองเด็ก", id="a section of an act"),
        pytest.param("\ue000ตามข้อ ๙๙\ue001", id="a value"),
    ],
)
def test_a_reference_to_another_text_is_left_alone(words: str) -> None:
    assert not found(words)


def test_a_paragraph_that_its_article_does_not_seem_to_have_is_a_warning() -> None:
    (finding,) = found("ตามข้อ ๓ วรรคสอง")
    assert (finding.code, finding.severity, finding.place.line) == ("reference_nowhere", Severity.WARNING, 9)
    assert str(finding.found).startswith("“ข้อ ๓ วรรคสอง” is named, and that article has 1 paragraphs")
    assert not found("ตามข้อ ๓ วรรคสอง</p><p>ความ")


def test_a_charter_refers_to_itself_by_its_name() -> None:
    assert codes(found("ตามธรรมนูญ ข้อ ๒๕", is_charter=True)) == ["reference_nowhere"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        pytest.param("under Article 2 and Article 2.1 of this Memorandum", 0, id="there"),
        pytest.param("under Articles 1 and 2", 0, id="both there"),
        pytest.param("under Articles 1, 5 and 7", 2, id="two of three missing"),
        pytest.param("Article 12 of the Convention on the Rights of the Child", 0, id="another text"),
        pytest.param("under Article&nbsp;9", 1, id="missing"),
        pytest.param("the parties 1 and 2", 0, id="no article"),
    ],
)
def test_english_references_are_followed(words: str, count: int) -> None:
    assert len(found(words, ENGLISH)) == count


def test_an_annex_that_nobody_added_is_a_warning() -> None:
    page = "<h2>ข้อ ๑ ชื่อ</h2><p>WORDS</p>"
    assert codes(found("รายละเอียดตามภาคผนวกท้ายบันทึกนี้", page)) == ["annex_missing"]
    assert not found("รายละเอียดตามภาคผนวกท้ายบันทึกนี้")
