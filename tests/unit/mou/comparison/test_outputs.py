"""A comparison as text, record, page and PDF: complete, marked by more than colour, and honest about how it came about."""

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeAlias

import pypdfium2
import pytest
from hypothesis import given, settings
from markupsafe import Markup

from mou.comparison.articles import Article, PieceKind, text_digest
from mou.comparison.compared import Compared, ComparisonKind, TextVersion
from mou.comparison.comparing import ArticleChange, Outcome, compare, new_side, old_side
from mou.comparison.page import comparison_as_html, comparison_as_pdf
from mou.comparison.record import comparison_as_record
from mou.comparison.sides import LONGEST_BESIDE_COLUMNS, NEWER, OLDER, Tongues, both_sides, marked
from mou.comparison.text import comparison_as_text
from mou.comparison.wording import LeftOut, shown_paragraphs
from mou.comparison.words import CLUSTERS, Divider, clusters_of, installed_divider
from mou.messages import translate
from mou.rendering.conformance import check_conformance
from signatures.canonical import canonical_bytes
from signatures.digests import digest_of
from tests.unit.mou.comparison.texts import versions

Text: TypeAlias = tuple[Article, ...]

MADE_AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
OLD, NEW = digest_of(b"the old file"), digest_of(b"the new file")
THAI = Tongues("th", "en")
HOSTILE = "<script>alert(1)</script>\"'&\u202e\u0007"


def of(old: Text, new: Text, kind: ComparisonKind = ComparisonKind.AMENDMENT, divider: Divider | None = None) -> Compared:
    return Compared(
        kind,
        TextVersion("ธรรมนูญตัวอย่าง", "1", OLD, date(2022, 3, 29)),
        TextVersion("ธรรมนูญตัวอย่าง", "2", NEW, date(2023, 5, 10)),
        compare(old, new, divider=divider or installed_divider()),
    )


@pytest.fixture(scope="module")
def amendment(old: Text, amended: Text) -> Compared:
    return of(old, amended)


@pytest.fixture(scope="module")
def rectification(old: Text, rectified: Text) -> Compared:
    return of(old, rectified, ComparisonKind.RECTIFICATION)


def article(*paragraphs: str, heading: str = "ชื่อ") -> Article:
    return Article(PieceKind.ARTICLE, "ข้อ ๑", heading, paragraphs)


def changed(old: Article, new: Article, divider: Divider | None = None) -> ArticleChange:
    return of((old,), (new,), divider=divider).comparison.changes[0]


def without_signs(markup: str) -> str:
    bare = re.sub(r'<span class="(?:sign|side)">.*?</span>(?!:)', "", markup)
    return html.unescape(re.sub("<[^>]*>", "", bare))


def bare(text: str) -> str:
    return "".join(text.replace("\ufffe", "").split())


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(bare(page.get_textpage().get_text_range()) for page in document)


# As a record


@given(versions())
def test_the_record_has_every_word_of_both_texts(pair: tuple[Text, Text]) -> None:
    record = json.loads(canonical_bytes(comparison_as_record(of(*pair))))
    for text, own_place, other_kind in zip(pair, ("old_place", "new_place"), ("added", "removed"), strict=True):
        places = sorted((one for one in record["changes"] if one[own_place] is not None), key=lambda one: one[own_place])

        def side(edits: list[list[str]], other_kind: str = other_kind) -> str:
            return "".join(words for kind, words in edits if kind != other_kind)

        assert text == tuple(
            Article(
                PieceKind(one["kind"]),
                side(one["number"]),
                side(one["heading"]),
                tuple(words for edits in one["paragraphs"] if (words := side(edits))),
            )
            for one in places
        )


def test_the_record_binds_both_files_and_the_words_that_were_read(rectification: Compared, old: Text, rectified: Text) -> None:
    record = json.loads(canonical_bytes(comparison_as_record(rectification)))
    assert (record["format"], record["kind"], record["computed"]) == ("mou.comparison.v1", "rectification", True)
    assert record["title"] == {"th": "บันทึกแก้คำผิด", "en": "Procès-verbal of rectification"}
    assert record["old"] == {
        "title": "ธรรมนูญตัวอย่าง",
        "version": "1",
        "dated": "2022-03-29",
        "digest": str(OLD),
        "text_digest": str(text_digest(old)),
    }
    assert record["new"]["text_digest"] == str(text_digest(rectified))
    assert record["counts"] == {"unchanged": 10, "changed": 1, "added": 0, "removed": 0, "moved": 0}


# What cannot be


def test_two_texts_that_differ_cannot_have_one_digest(old: Text, rectified: Text) -> None:
    version = TextVersion("ธรรมนูญ", "1", OLD)
    assert Compared(ComparisonKind.DRAFT, version, version, compare(old, old)).comparison.finds_nothing
    with pytest.raises(ValueError, match="two texts that differ have two digests"):
        Compared(ComparisonKind.DRAFT, version, version, compare(old, rectified))


def test_the_newer_text_is_not_of_an_earlier_day(old: Text) -> None:
    earlier, later = (TextVersion("ธรรมนูญ", "1", OLD, date(2022, 3, day)) for day in (28, 29))
    with pytest.raises(ValueError, match="got one of 2022-03-29 before one of 2022-03-28"):
        Compared(ComparisonKind.DRAFT, later, earlier, compare(old, old))


# As text


def test_the_text_shows_the_changed_name_and_only_names_the_rest(rectification: Compared) -> None:
    text = comparison_as_text(rectification, "en")
    assert text.startswith("Procès-verbal of rectification\n")
    assert "version 1 of the text, 29 March 2022" in text
    assert "    ๗ · เทศบาลเมืองเขา[−สามร้อย−]{+สาม+}ยอด จังหวัดลพบุรี\n" in text
    assert "≠ บัญชีรายชื่อท้ายธรรมนูญ: changed\n    (6 paragraphs without a change)\n" in text
    assert "    ข้อ ๓ การประชุม\n" in text
    assert "หนังสือเชิญ" not in text
    assert f"computed by mou from two texts, {OLD} and {NEW}; nobody wrote it" in text


def test_the_text_of_an_amendment_tells_what_became_of_each_article(amendment: Compared) -> None:
    text = comparison_as_text(amendment, "en")
    assert "+ ข้อ ๓ ช่องทางร้องเรียน: added\n    {+เครือข่ายต้องจัดให้มีช่องทางร้องเรียนที่ปลอดภัยสำหรับเด็ก+}\n" in text
    assert "− ข้อ ๔ ที่ปรึกษา: removed\n    [−คณะกรรมการอาจเชิญผู้ทรงคุณวุฒิเป็นที่ปรึกษา−]\n" in text
    assert "≠ ข้อ [−๓−]{+๔+} การประชุม: changed\n" in text
    assert "Pieces of the text: 3 changed, 1 added, 1 removed, 0 moved, 7 unchanged." in text


def test_moved_articles_are_named_and_not_repeated(old: Text) -> None:
    renumbered = tuple(replace(one, number="ข้อ ๙") if one.heading == "การประชุม" else one for one in old)
    text = comparison_as_text(of(old, (renumbered[-1], *renumbered[:-1])), "en")
    assert "Moved with the same text:\n    บัญชีรายชื่อท้ายธรรมนูญ now stands first\n    ข้อ ๓ การประชุม → ข้อ ๙ การประชุม\n" in text
    assert "หนังสือเชิญ" not in text


def test_two_texts_that_say_the_same_are_said_to(old: Text) -> None:
    assert "The two texts say the same, word for word." in comparison_as_text(of(old, old), "en")


# As a page


@given(versions())
@settings(max_examples=50)
def test_both_sides_of_a_changed_article_have_every_cluster_of_its_text(pair: tuple[Text, Text]) -> None:
    for change in of(*pair).comparison.with_outcome(Outcome.CHANGED):
        shown = [one for one in shown_paragraphs(change) if not isinstance(one, LeftOut)]
        rows = re.findall('<tr(?: class="kept")?>(.*?)</tr>', str(both_sides(change, THAI)), re.DOTALL)
        cells = [[without_signs(cell) for cell in re.findall("<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in rows]
        assert [(one[0], one[-1]) for one in cells] == [(old_side(one), new_side(one)) for one in shown]


def test_words_are_marked_by_lines_and_signs_and_elements_not_by_colour_alone(amendment: Compared) -> None:
    page = comparison_as_html(amendment, "th")
    assert '<del><span class="sign">[−</span><span class="words">สิบห้า</span><span class="sign">−]</span></del>' in page
    assert '<ins><span class="sign">{+</span><span class="words">สามสิบ</span><span class="sign">+}</span></ins>' in page
    assert "del .words { text-decoration: line-through; }" in page
    assert "ins .words { text-decoration: underline; }" in page


def test_a_line_may_end_between_a_thai_word_and_a_sign_but_not_inside_a_word() -> None:
    words = marked(changed(article("ไม่น้อยกว่าสิบห้าวัน"), article("ไม่น้อยกว่าสิบหกวัน")).paragraphs[0], THAI)
    assert words.count("<wbr>") == 3
    letters = changed(article("ไม่น้อยกว่าสิบห้าวัน"), article("ไม่น้อยกว่าสิบหกวัน"), CLUSTERS).paragraphs[0]
    assert "<wbr>" not in marked(letters, replace(THAI, words_are_known=False))


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_is_called_what_it_is_in_both_languages_the_readers_first(rectification: Compared, language: str) -> None:
    page = comparison_as_html(rectification, language)
    first, second = ("บันทึกแก้คำผิด", "Procès-verbal of rectification")[:: 1 if language == "th" else -1]
    other = {"th": "en", "en": "th"}[language]
    assert f'<h1>{first}</h1><p class="again" lang="{other}">{second}</p>' in page
    assert page.count(str(OLD)) == page.count(str(NEW)) == 4  # in the table and in the sentence, in each language
    assert page.count(str(rectification.old_text_digest)) == page.count(str(rectification.new_text_digest)) == 2
    assert "The older text is version 1 of the text, 29 March 2022" in page
    assert page.index(f'<section class="part" lang="{language}">') < page.index(f'<section class="part" lang="{other}">')


def test_unchanged_articles_are_only_named(rectification: Compared) -> None:
    page = comparison_as_html(rectification, "th")
    assert "<li>ข้อ ๓ การประชุม</li>" in page
    assert "หนังสือเชิญ" not in page


def test_a_piece_without_a_heading_is_named_in_both_languages(old: Text) -> None:
    closing = Article(PieceKind.CLOSING, "", "", ("ทำขึ้นเป็นต้นฉบับอิเล็กทรอนิกส์หนึ่งฉบับ",))
    page = comparison_as_html(of((*old, closing), (*old, closing)), "en")
    assert '<span lang="en">Closing words and signatures</span> · <span lang="th">' in page


def test_whatever_a_text_holds_the_page_shows_it_and_runs_nothing() -> None:
    compared = of((article("ก", heading=HOSTILE),), (article(f"ก {HOSTILE}", heading=f"{HOSTILE} ข"),))
    hostile = replace(compared, old=TextVersion(HOSTILE, HOSTILE, OLD), new=TextVersion(HOSTILE, HOSTILE, NEW))
    page = comparison_as_html(hostile, "th")
    assert "<script" not in page
    assert "\u202e" not in page
    assert "[U+202E][U+0007]" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_browser_may_load_and_run_nothing(amendment: Compared) -> None:
    page = comparison_as_html(amendment, "th")
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
    assert re.findall(r'url\("(?!data:)', page) == []


def test_a_long_run_without_a_change_is_left_out_but_for_its_ends() -> None:
    rows = [f"{place} · มูลนิธิ" for place in range(20)]
    change = changed(article(*rows), article(*rows[:10], "10 · สมาคม", *rows[11:]))
    shown = list(shown_paragraphs(change))
    assert (shown[0], shown[-1]) == (LeftOut(9), LeftOut(8))
    assert [old_side(one) for one in shown[1:-1] if not isinstance(one, LeftOut)] == rows[9:12]


def test_a_short_run_without_a_change_is_shown() -> None:
    change = changed(article("ก", "ข", "ค", "สอง"), article("ก", "ข", "ค", "สาม"))
    assert [old_side(one) for one in shown_paragraphs(change) if not isinstance(one, LeftOut)] == ["ก", "ข", "ค", "สอง"]


# As a PDF


@pytest.mark.parametrize("name", ["amendment", "rectification"])
def test_the_pdf_follows_the_rules_of_archive_and_access(name: str, request: pytest.FixtureRequest) -> None:
    found = check_conformance(comparison_as_pdf(request.getfixturevalue(name), "th", made_at=MADE_AT))
    assert (found.findings, found.unseen) == ((), ())


def test_the_text_of_the_pdf_copies_out(rectification: Compared) -> None:
    pdf = comparison_as_pdf(rectification, "th", made_at=MADE_AT)
    text = text_of(pdf)
    assert text.startswith(bare("บันทึกแก้คำผิด Procès-verbal of rectification"))
    assert "๗·เทศบาลเมืองเขา[−สามร้อย−]ยอดจังหวัดลพบุรี๗·เทศบาลเมืองเขา{+สาม+}ยอดจังหวัดลพบุรี" in text
    assert str(OLD) in text
    assert comparison_as_pdf(rectification, "th", made_at=MADE_AT) == pdf


def test_a_paragraph_that_does_not_fit_beside_another_goes_over_the_whole_width() -> None:
    sentence = "องค์กรสมาชิกมีหน้าที่ปฏิบัติตามธรรมนูญนี้ ร่วมดำเนินงานตามกำลังและภารกิจ และรักษาชื่อเสียงของเครือข่าย "
    old = (sentence * 42).strip()
    assert len(clusters_of(old)) > 2 * LONGEST_BESIDE_COLUMNS  # more than a page of one column
    compared = of((article(old),), (article(old.replace("ชื่อเสียง", "เกียรติ")),))
    text = text_of(comparison_as_pdf(compared, "th", made_at=MADE_AT))
    assert text.count("[−ชื่อเสียง−]") == text.count("{+เกียรติ+}") == 42
    assert 0 < text.index(bare(f"{translate(OLDER, 'th')} · {OLDER}:")) < text.index(bare(f"{translate(NEWER, 'th')} · {NEWER}:"))


def test_letters_that_the_font_lacks_are_written_out() -> None:
    compared = of((article("ก"),), (article("ก 名\u202e"),))
    assert "[U+540D][U+202E]" in text_of(comparison_as_pdf(compared, "th", made_at=MADE_AT))


def test_what_a_change_is_called_stands_beside_it_in_text_and_page(amendment: Compared) -> None:
    places = {
        (place, paragraph): f"[{place}.{paragraph}]"
        for place, change in enumerate(amendment.comparison.changes)
        if change.outcome is not Outcome.UNCHANGED
        for paragraph in (None, *range(len(change.paragraphs)))
    }
    labelled = replace(amendment, labels=places)
    text, page = comparison_as_text(labelled, "th"), comparison_as_html(labelled, "th")
    for place, change in enumerate(amendment.comparison.changes):
        if change.outcome in {Outcome.ADDED, Outcome.REMOVED}:
            for paragraph in (None, *range(len(change.paragraphs))):
                assert f"[{place}.{paragraph}] " in text
                assert f"[{place}.{paragraph}] " in page
        elif change.outcome is not Outcome.UNCHANGED:
            assert f"[{place}.None] " in text
            assert f"[{place}.None] " in page
    assert "[" not in re.sub(r"\[−", "", comparison_as_text(amendment, "th"))


def test_a_page_holds_what_else_is_to_be_said() -> None:
    compared = of((article("ก"),), (article("ข"),))
    assert "<p>อื่น</p></main>" in comparison_as_html(compared, "th", more=Markup("<p>อื่น</p>"))
