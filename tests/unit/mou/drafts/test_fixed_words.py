"""Words on which more hangs than the text are changed in the template, never by a draft."""

from mou.comparison.blocks import Part, plain_text, read_source
from mou.drafts.edits import Insert, Move, NewBlock, Remove, Replace
from mou.drafts.fixed_words import FixedWords, fixed_words
from mou.templates import bundled_templates_folder, load_template

SOURCE = read_source("<p>(ก) มีผลเมื่อครบสิบองค์กร</p><p>หากขัดกัน ให้ถือฉบับภาษาไทย เป็นหลัก</p><p>อื่น</p>")
FIXED = FixedWords(frozenset(("มีผลเมื่อครบสิบองค์กร",)), ("ให้ถือฉบับภาษาไทย",))


def test_a_clause_is_not_changed_and_not_taken_out() -> None:
    for edit in (Remove(0), Replace(0, ("(ก) มีผลเมื่อครบห้าองค์กร",))):
        assert "final clauses" in str(FIXED.reason(SOURCE, edit))


def test_the_sentence_on_the_language_stays_and_words_around_it_may_change() -> None:
    assert "which language prevails" in str(FIXED.reason(SOURCE, Remove(1)))
    assert "which language prevails" in str(FIXED.reason(SOURCE, Replace(1, ("หากขัดกัน ให้ถือฉบับภาษาอังกฤษ",))))
    assert FIXED.reason(SOURCE, Replace(1, ("เมื่อขัดกัน ให้ถือฉบับภาษาไทย",))) is None


def test_everything_else_is_free() -> None:
    new = NewBlock(0, Part.BODY, ("ใหม่",))
    for edit in (Remove(2), Replace(2, ("ใหม่",)), Insert(0, new), Move(0, 2)):
        assert FIXED.reason(SOURCE, edit) is None


def test_the_bundled_templates_say_their_own() -> None:
    bilingual = load_template(bundled_templates_folder() / "partnership-mou-th-en")
    assert fixed_words(bilingual).sentences == tuple(plain_text(one) for one in bilingual.prevailing.values()) != ()
    assert len(fixed_words(load_template(bundled_templates_folder() / "lanna-charter")).clauses) > 20
    assert fixed_words(load_template(bundled_templates_folder() / "lanna-mou")) == FixedWords()
