"""What differs between two texts: complete, in both directions, and each article told for what became of it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.comparison.articles import Article, PieceKind
from mou.comparison.comparing import (
    ArticleChange,
    Comparison,
    Edit,
    EditKind,
    Edits,
    Outcome,
    applied,
    compare,
    differences,
    new_side,
    old_side,
)
from mou.comparison.words import CLUSTERS, Divider, clusters_of, installed_divider, words_of
from mou.errors import InputError
from tests.unit.mou.comparison.texts import DIVIDERS, PARAGRAPHS, TEXTS, versions

KEPT, REMOVED, ADDED = EditKind
Text = tuple[Article, ...]


def article(number: str, heading: str, *paragraphs: str) -> Article:
    return Article(PieceKind.ARTICLE, number, heading, paragraphs)


def compared(old: Text, new: Text, divider: Divider | None = None) -> Comparison:
    return compare(old, new, divider=divider or installed_divider())


def outcomes(comparison: Comparison) -> list[tuple[str, int | None, int | None]]:
    return [(one.outcome.value, one.old_place, one.new_place) for one in comparison.changes]


def edits_in(paragraph: str, other: str, divider: Divider | None = None) -> Edits:
    (change,) = compared((article("ข้อ ๑", "ชื่อ", paragraph),), (article("ข้อ ๑", "ชื่อ", other),), divider).changes
    return change.paragraphs[0]


@given(versions(), DIVIDERS)
def test_applied_to_the_old_text_the_differences_give_the_new_one_and_backwards(
    pair: tuple[Text, Text], divider: Divider
) -> None:
    old, new = pair
    comparison = compared(old, new, divider)
    assert applied(comparison, old) == new
    assert applied(comparison, new, backwards=True) == old


@given(TEXTS, TEXTS)
def test_so_they_do_between_any_two_texts(old: Text, new: Text) -> None:
    comparison = compared(old, new)
    assert (comparison.old_articles, comparison.new_articles) == (old, new)


@given(TEXTS, DIVIDERS)
def test_a_text_compared_with_itself_has_no_difference(text: Text, divider: Divider) -> None:
    comparison = compared(text, text, divider)
    assert comparison.finds_nothing
    assert outcomes(comparison) == [("unchanged", place, place) for place in range(len(text))]
    assert {edit.kind for one in comparison.changes for edits in one.paragraphs for edit in edits} <= {KEPT}


@given(versions())
def test_two_texts_that_are_not_the_same_have_a_difference(pair: tuple[Text, Text]) -> None:
    old, new = pair
    assert compared(old, new).finds_nothing == (old == new)


@given(PARAGRAPHS, PARAGRAPHS, DIVIDERS, st.integers(1, 3))
def test_no_edit_begins_inside_a_cluster_of_its_text(old: str, new: str, divider: Divider, shortest_kept: int) -> None:
    edits = differences(words_of(old, divider), words_of(new, divider), shortest_kept=shortest_kept)
    for text, side, other in ((old, old_side, ADDED), (new, new_side, REMOVED)):
        assert side(edits) == text
        assert [cluster for edit in edits if edit.kind is not other for cluster in clusters_of(edit.text)] == clusters_of(text)


@given(PARAGRAPHS, PARAGRAPHS)
def test_edits_take_turns_and_what_was_removed_stands_first(old: str, new: str) -> None:
    kinds = [edit.kind for edit in differences(words_of(old), words_of(new))]
    assert all(one != other for one, other in pairwise(kinds))
    assert (ADDED, REMOVED) not in set(pairwise(kinds))


def test_a_changed_word_is_shown_with_what_stands_around_it() -> None:
    assert edits_in("ส่งหนังสือก่อนวันประชุมไม่น้อยกว่าสิบห้าวัน", "ส่งหนังสือก่อนวันประชุมไม่น้อยกว่าสามสิบวัน") == (
        Edit(KEPT, "ส่งหนังสือก่อนวันประชุมไม่น้อยกว่า"),
        Edit(REMOVED, "สิบห้า"),
        Edit(ADDED, "สามสิบ"),
        Edit(KEPT, "วัน"),
    )


def test_a_tone_that_changed_takes_its_letter_along() -> None:
    edits = edits_in("กลุ่มแกนนำเยาวชนป่าสัก", "กลุ่มแกนนำเยาวชนป้าสัก", CLUSTERS)
    assert [edit for edit in edits if edit.kind is not KEPT] == [Edit(REMOVED, "ป่"), Edit(ADDED, "ป้")]


def test_spaces_alone_do_not_part_two_changes() -> None:
    assert edits_in("ให้มีประธาน รองประธาน และกรรมการเจ็ดคน", "ให้มีเลขานุการ เหรัญญิก และกรรมการเจ็ดคน") == (
        Edit(KEPT, "ให้มี"),
        Edit(REMOVED, "ประธาน รองประธาน"),
        Edit(ADDED, "เลขานุการ เหรัญญิก"),
        Edit(KEPT, " และกรรมการเจ็ดคน"),
    )


def test_a_paragraph_of_which_nothing_is_left_is_replaced_as_a_whole() -> None:
    old, new = "เครือข่ายตั้งอยู่ ณ เชียงใหม่", "ให้ประธานลงนามแทนกรรมการทุกคน"
    assert edits_in(old, new) == (Edit(REMOVED, old), Edit(ADDED, new))


def numbered(*headings: str) -> Text:
    return tuple(
        article(f"ข้อ {number}", heading, f"ให้เครือข่ายดำเนินการเรื่อง{heading}", f"{number}.1 {heading}ให้เป็นไปตามระเบียบ")
        for number, heading in enumerate(headings, start=1)
    )


def test_an_article_that_was_put_in_renumbers_the_others_and_changes_none() -> None:
    comparison = compared(numbered("ชื่อ", "สมาชิก", "การเงิน"), numbered("ชื่อ", "ที่ทำการ", "สมาชิก", "การเงิน"))
    assert outcomes(comparison) == [("unchanged", 0, 0), ("added", None, 1), ("moved", 1, 2), ("moved", 2, 3)]
    assert comparison.changes[2].number == (Edit(KEPT, "ข้อ "), Edit(REMOVED, "2"), Edit(ADDED, "3"))


def test_an_article_that_was_taken_out_stands_where_it_stood() -> None:
    comparison = compared(numbered("ชื่อ", "ที่ทำการ", "สมาชิก", "การเงิน"), numbered("ชื่อ", "สมาชิก", "การเงิน"))
    assert outcomes(comparison) == [("unchanged", 0, 0), ("removed", 1, None), ("moved", 2, 1), ("moved", 3, 2)]


def test_what_stood_first_and_was_taken_out_is_told_first() -> None:
    comparison = compared(numbered("ชื่อ", "ที่ทำการ", "สมาชิก"), numbered("สมาชิก"))
    assert outcomes(comparison) == [("removed", 0, None), ("removed", 1, None), ("moved", 2, 0)]


def test_two_articles_that_changed_places_are_moved() -> None:
    old, new = numbered("ชื่อ", "สมาชิก", "การเงิน"), numbered("ชื่อ", "การเงิน", "สมาชิก")
    assert sorted(outcomes(compared(old, new))) == [("moved", 1, 2), ("moved", 2, 1), ("unchanged", 0, 0)]


def test_a_piece_without_a_number_that_stands_elsewhere_is_moved() -> None:
    annexes = tuple(Article(PieceKind.ANNEX, "", heading, (f"ตาราง{heading}",)) for heading in ("แผน", "พื้นที่", "ผู้แทน"))
    comparison = compared(annexes, (annexes[2], *annexes[:2]))
    assert [one.outcome for one in comparison.changes].count(Outcome.MOVED) == 1


def test_an_article_that_was_renumbered_and_changed_is_one_article() -> None:
    old = numbered("ชื่อ", "สมาชิก")
    new = numbered("ชื่อ", "ที่ทำการ", "สมาชิก")
    changed = replace(new[2], paragraphs=("ให้เครือข่ายงดดำเนินการเรื่องสมาชิก", new[2].paragraphs[1]))
    comparison = compared(old, (*new[:2], changed))
    assert outcomes(comparison) == [("unchanged", 0, 0), ("added", None, 1), ("changed", 1, 2)]


def test_an_article_under_a_new_heading_is_known_by_its_words() -> None:
    old, new = numbered("ชื่อ", "สมาชิก")[1], numbered("สมาชิก")[0]
    comparison = compared((old,), (article("ข้อ ๑", "องค์กรสมาชิก", *new.paragraphs),))
    assert outcomes(comparison) == [("changed", 0, 0)]


def test_the_same_number_with_nothing_in_common_is_a_change_of_that_article() -> None:
    comparison = compared((article("ข้อ ๑", "ก", "เครือข่ายตั้งอยู่ ณ เชียงใหม่"),), (article("ข้อ ๑", "ข", "ให้ประธานลงนามแทน"),))
    assert outcomes(comparison) == [("changed", 0, 0)]


def test_digits_of_another_kind_are_a_change_though_the_number_is_the_same() -> None:
    comparison = compared((article("ข้อ ๑", "ก", "๑.๑ ข"),), (article("ข้อ ๑", "ก", "1.๑ ข"),))
    assert outcomes(comparison) == [("changed", 0, 0)]


def test_a_chapter_does_not_become_an_article() -> None:
    old, new = Article(PieceKind.CHAPTER, "", "สมาชิก", ()), article("ข้อ ๑", "สมาชิก")
    assert outcomes(compared((old,), (new,))) == [("removed", 0, None), ("added", None, 0)]


def paragraph_sides(change: ArticleChange) -> list[tuple[str, str]]:
    return [(old_side(edits), new_side(edits)) for edits in change.paragraphs]


def test_a_row_put_into_a_numbered_list_changes_the_numbers_of_the_others_and_no_name() -> None:
    names = ["มูลนิธิตะวัน", "สมาคมดาว", "กลุ่มฟ้า"]
    old, new = (
        article("", "บัญชี", *(f"{place} · {name}" for place, name in enumerate(listed, start=1)))
        for listed in (names, [names[0], "ชมรมเดือน", *names[1:]])
    )
    (change,) = compared((old,), (new,)).changes
    assert paragraph_sides(change) == [
        ("1 · มูลนิธิตะวัน", "1 · มูลนิธิตะวัน"),
        ("", "2 · ชมรมเดือน"),
        ("2 · สมาคมดาว", "3 · สมาคมดาว"),
        ("3 · กลุ่มฟ้า", "4 · กลุ่มฟ้า"),
    ]


def test_a_paragraph_that_was_changed_beside_one_that_was_put_in_is_found_by_its_words() -> None:
    old = article("ข้อ ๑", "ก", "ให้คณะกรรมการประชุมอย่างน้อยทุกสามเดือน")
    new = article("ข้อ ๑", "ก", "ประธานเรียกประชุมได้เสมอ", "ให้คณะกรรมการประชุมอย่างน้อยทุกสองเดือน")
    (change,) = compared((old,), (new,)).changes
    assert paragraph_sides(change) == [("", new.paragraphs[0]), (old.paragraphs[0], new.paragraphs[1])]


def test_a_text_from_which_it_was_not_made_is_refused(old: Text, rectified: Text, amended: Text) -> None:
    comparison = compared(old, rectified)
    with pytest.raises(InputError, match=r"piece 1 differs, expected ธรรมนูญตัวอย่าง, got ธรรมนูญตัวอย่าง"):
        applied(comparison, amended)
    with pytest.raises(InputError, match=r"piece 11 differs, expected บัญชีรายชื่อท้ายธรรมนูญ, got -"):
        applied(comparison, old[:-1])
    with pytest.raises(InputError, match="piece 11 differs"):
        applied(comparison, old, backwards=True)


def test_the_amended_charter_is_told_article_by_article(old: Text, amended: Text) -> None:
    told = [(one.outcome.value, (one.new or one.old or old[0]).name) for one in compared(old, amended).changes]
    assert [one for one in told if one[0] != "unchanged"] == [
        ("changed", "ธรรมนูญตัวอย่าง"),
        ("added", "ข้อ ๓ ช่องทางร้องเรียน"),
        ("changed", "ข้อ ๔ การประชุม"),
        ("removed", "ข้อ ๔ ที่ปรึกษา"),
        ("changed", "บัญชีรายชื่อท้ายธรรมนูญ"),
    ]
