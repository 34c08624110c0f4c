"""A document's HTML as articles: numbers, headings and plain text, and nothing of how it is laid out."""

from dataclasses import astuple

import pytest

from mou.comparison.articles import Article, PieceKind, articles_of, text_digest
from mou.comparison.blocks import Block, Part, blocks_of

ARTICLE = PieceKind.ARTICLE


def text_in(markup: str, *names: str) -> list[str]:
    return [block.text for block in blocks_of(markup, names)]


def test_a_charter_is_read_in_its_order(old: tuple[Article, ...]) -> None:
    assert [(one.kind.value, one.number, one.heading) for one in old] == [
        ("preamble", "", "ธรรมนูญตัวอย่าง"),
        ("preamble", "", "คำปรารภ"),
        ("chapter", "หมวด ๑", "บททั่วไป"),
        ("article", "ข้อ ๑", "ชื่อ"),
        ("article", "ข้อ ๒", "วัตถุประสงค์"),
        ("article", "ข้อ ๓", "การประชุม"),
        ("chapter", "หมวด ๒", "บทสุดท้าย"),
        ("article", "ข้อ ๔", "ที่ปรึกษา"),
        ("article", "ข้อ ๕", "การตีความ"),
        ("closing", "", "การลงนามรับรองธรรมนูญ"),
        ("annex", "", "บัญชีรายชื่อท้ายธรรมนูญ"),
    ]


def test_spans_and_line_ends_leave_no_trace_in_the_text(old: tuple[Article, ...]) -> None:
    assert old[0].paragraphs == ("ฉบับที่ ๑ วันที่ ๒๙ มีนาคม ๒๕๖๕", "เอกสารนี้เป็นตัวอย่าง ถ้อยคำทั้งหมดสมมติขึ้น")
    assert old[3].paragraphs == ("ธรรมนูญนี้เรียกว่า “ธรรมนูญตัวอย่าง”",)
    assert old[4].paragraphs[1:] == ("(ก) ส่งเสริมสิทธิเด็ก", "(ข) รับฟังความคิดเห็นของเด็กและเยาวชน")


def test_a_row_of_the_list_and_a_signature_block_are_one_paragraph_each(old: tuple[Article, ...]) -> None:
    assert old[-2].paragraphs[-1] == "ลงชื่อ ผู้มีอำนาจลงนาม · (นายตัวอย่าง สมมตินาม) · ประธานเครือข่ายตัวอย่าง"
    assert old[-1].paragraphs[:2] == ("ลำดับ · พื้นที่", "๑ · ชุมชนสุวรรณประสิทธิ์ 2 (เขตบึงกุ่ม) กรุงเทพมหานคร")
    assert len(old[-1].paragraphs) == 8


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>สิทธิ<wbr>เด็ก</p>", "สิทธิเด็ก", id="a break that a span gave back"),
        pytest.param("<p>สิทธิ\u200b\u2060\u00ad\ufeffเด็ก</p>", "สิทธิเด็ก", id="characters that nobody sees"),
        pytest.param("<p>สิทธิ<br>เด็ก</p>", "สิทธิเด็ก", id="a line ended inside a sentence"),
        pytest.param("<p>ฉบับที่ ๑<br>\n วันที่ ๒</p>", "ฉบับที่ ๑ วันที่ ๒", id="a line ended after a number"),
        pytest.param("<p>of<br>the child</p>", "of the child", id="a line ended in English"),
        pytest.param("<p>ข้อ&nbsp;๑\t \n\u2003และ</p>", "ข้อ ๑ และ", id="spaces of every kind"),
        pytest.param("<p>น\u0e49\u0e4d\u0e32 ท\u0e4d\u0e32</p>", "น้\u0e33 ท\u0e33", id="a split SARA AM"),
        pytest.param("<p>ก &lt;b&gt; &amp; &quot;ข&quot;</p>", 'ก <b> & "ข"', id="what looks like markup"),
        pytest.param("<head><title>ก</title></head><style>p{}</style><script>x</script><p>ข</p><!-- ค -->", "ข", id="unread"),
    ],
)
def test_only_what_a_reader_sees_is_text(markup: str, text: str) -> None:
    assert text_in(markup) == [text]


def test_a_known_name_has_its_space_back_where_a_line_ended() -> None:
    broken = "<p>ลงชื่อ มูลนิธิเพื่อนเด็ก<br>ดอย<br>ฟ้าใส</p>"
    assert text_in(broken, "มูลนิธิเพื่อนเด็ก ดอยฟ้าใส") == ["ลงชื่อ มูลนิธิเพื่อนเด็ก ดอยฟ้าใส"]
    assert text_in(broken) == ["ลงชื่อ มูลนิธิเพื่อนเด็กดอยฟ้าใส"]


def test_elements_that_were_left_open_are_ended_as_a_browser_does() -> None:
    assert text_in("<p>ก<p>ข<ul><li>ค<li>ง</ul>จ") == ["ก", "ข", "ค", "ง", "จ"]
    assert text_in("<table><tr><td>ก<td>ข<tr><th>ค<td><p>ง<p>จ</table><p>ฉ") == ["ก · ข", "ค · ง · จ", "ฉ"]


def test_text_in_no_element_and_after_the_last_one_is_read() -> None:
    assert blocks_of("ก</div><h2>ข</h2>ค") == (Block(0, Part.BODY, "ก"), Block(2, Part.BODY, "ข"), Block(0, Part.BODY, "ค"))


@pytest.mark.parametrize(
    ("heading", "article"),
    [
        pytest.param("ข้อ ๑๒ การถอนตัว", (ARTICLE, "ข้อ ๑๒", "การถอนตัว", ()), id="an article"),
        pytest.param("ข้อ ๑๒", (ARTICLE, "ข้อ ๑๒", "", ()), id="a number alone"),
        pytest.param("ข้อ ๑ ชื่อ Article 1 Name", (ARTICLE, "ข้อ ๑", "ชื่อ Article 1 Name", ()), id="two languages"),
        pytest.param("Article 7. Term", (ARTICLE, "Article 7", "Term", ()), id="English"),
        pytest.param("๓. ขอบเขต", (ARTICLE, "๓", "ขอบเขต", ()), id="a bare number, as in a draft from Word"),
        pytest.param("หมวด ๒ สมาชิก", (PieceKind.CHAPTER, "หมวด ๒", "สมาชิก", ()), id="a chapter"),
        pytest.param("ข้อเสนอ ๒๕๖๕", (PieceKind.CHAPTER, "", "ข้อเสนอ ๒๕๖๕", ()), id="a word that only begins so"),
    ],
)
def test_a_heading_says_what_begins(heading: str, article: tuple[object, ...]) -> None:
    assert astuple(articles_of(f"<h1>ก</h1><h2>ข้อ ๙ ข</h2><h2>{heading}</h2>")[-1]) == article


def test_closing_words_after_the_last_article_are_a_piece_of_their_own() -> None:
    pieces = articles_of(
        '<h2>ข้อ ๑ ก</h2><section class="ending"><h2>ข้อ ๒ ข</h2><p>ค</p><p class="closing">ง</p>'
        '<div class="signature-block"><div class="signature"><p>จ</p><p>ฉ</p></div></div></section>'
        '<section class="annex"><h2>ภาคผนวก ๑</h2><p>ช</p></section>'
    )
    assert [astuple(one) for one in pieces[1:]] == [
        (ARTICLE, "ข้อ ๒", "ข", ("ค",)),
        (PieceKind.CLOSING, "", "", ("ง", "จ · ฉ")),
        (PieceKind.ANNEX, "ภาคผนวก ๑", "", ("ช",)),
    ]


def test_a_text_without_numbers_still_has_its_pieces() -> None:
    assert [one.kind for one in articles_of("<h1>ก</h1><p>ข</p><h2>ค</h2><p>ง</p>")] == [PieceKind.PREAMBLE, PieceKind.CHAPTER]
    assert articles_of("") == ()


def test_a_paragraph_that_nobody_would_see_is_refused() -> None:
    with pytest.raises(ValueError, match="ข้อ ๑ ชื่อ"):
        Article(ARTICLE, "ข้อ ๑", "ชื่อ", ("ก", ""))


def test_the_digest_of_a_text_is_that_of_its_words_and_their_places(
    old: tuple[Article, ...], rectified: tuple[Article, ...]
) -> None:
    assert text_digest(old) != text_digest(rectified)
    one, other = (Article(ARTICLE, "ข้อ ๑", "ก", paragraphs) for paragraphs in (("ข", "ค"), ("ขค",)))
    assert text_digest([one]) != text_digest([other])
    assert str(text_digest(())) == "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
