"""Words on which more hangs than the text are changed in the template, never by a draft."""

import pytest

from mou.comparison.blocks import Part, plain_text, read_source
from mou.drafts.edits import BlockEdit, Insert, Move, NewBlock, Remove, Replace
from mou.drafts.fixed_words import FixedWords, fixed_words
from mou.templates import bundled_templates_folder, load_template

SOURCE = read_source("<p>(ก) มีผลเมื่อครบสิบองค์กร</p><p>หากขัดกัน ให้ถือฉบับภาษาไทย เป็นหลัก</p><p>อื่น</p>")
FIXED = FixedWords(frozenset(("มีผลเมื่อครบสิบองค์กร",)), ("ให้ถือฉบับภาษาไทย",))


def reason(edit: BlockEdit) -> str | None:
    found = FIXED.reasons(SOURCE, [(7, edit)])
    assert [number for number, _ in found] in ([], [7])
    return str(found[0][1]) if found else None


def test_a_clause_is_not_changed_and_not_taken_out() -> None:
    for edit in (Remove(0), Replace(0, ("(ก) มีผลเมื่อครบห้าองค์กร",))):
        assert "final clauses" in str(reason(edit))


def test_the_sentence_on_the_language_stays_and_words_around_it_may_change() -> None:
    assert "which language prevails" in str(reason(Remove(1)))
    assert "which language prevails" in str(reason(Replace(1, ("หากขัดกัน ให้ถือฉบับภาษาอังกฤษ",))))
    assert reason(Replace(1, ("เมื่อขัดกัน ให้ถือฉบับภาษาไทย",))) is None


def test_everything_else_is_free() -> None:
    new = NewBlock(0, Part.BODY, ("ใหม่",))
    for edit in (Remove(2), Replace(2, ("ใหม่",)), Insert(1, new), Insert(None, new), Move(1, 2)):
        assert reason(edit) is None


LAW = read_source("<h2>ข้อ ๑ การมีผล</h2><p>มีผลเมื่อครบ</p><p>มีผลเมื่อครบสิบองค์กร</p><h2>ข้อ ๒ ภาษา</h2><p>ไทย</p>")
CLAUSES = FixedWords(frozenset(("มีผลเมื่อครบ", "มีผลเมื่อครบสิบองค์กร")))
HEADING, PARAGRAPH = NewBlock(2, Part.BODY, ("ข้อ ๑ ก ใหม่",)), NewBlock(0, Part.BODY, ("เว้นแต่ไม่ครบ",))
PUT_IN = {
    "a paragraph below the heading": ([Insert(0, PARAGRAPH)], 1),
    "a paragraph between two": ([Insert(1, PARAGRAPH)], 1),
    "a paragraph behind the last": ([Insert(2, PARAGRAPH)], 1),
    "a heading between two": ([Insert(1, HEADING), Insert(1, PARAGRAPH)], 2),
    "an article behind them": ([Insert(2, HEADING), Insert(2, PARAGRAPH)], 0),
    "a paragraph and an article behind them": ([Insert(2, PARAGRAPH), Insert(2, HEADING)], 1),
    "an article that moved there": ([Move(3, 2), Move(4, 2)], 0),
    "a paragraph that moved there": ([Move(4, 2)], 1),
    "elsewhere": ([Insert(4, PARAGRAPH)], 0),
}


@pytest.mark.parametrize(("edits", "refused"), PUT_IN.values(), ids=PUT_IN.keys())
def test_nothing_is_put_in_among_the_final_clauses_but_a_new_article_behind_them(edits: list[BlockEdit], refused: int) -> None:
    found = CLAUSES.reasons(LAW, list(enumerate(edits)))
    assert len(found) == refused
    assert all("among the words of the final clauses" in str(why) for _, why in found)


def test_the_bundled_templates_say_their_own() -> None:
    bilingual = load_template(bundled_templates_folder() / "partnership-mou-th-en")
    assert fixed_words(bilingual).sentences == tuple(plain_text(one) for one in bilingual.prevailing.values()) != ()
    assert len(fixed_words(load_template(bundled_templates_folder() / "lanna-charter")).clauses) > 20
    assert fixed_words(load_template(bundled_templates_folder() / "lanna-mou")) == FixedWords()
