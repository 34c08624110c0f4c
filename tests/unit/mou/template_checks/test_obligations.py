import pytest

from mou.template_checks.findings import Severity
from mou.template_checks.obligations import both_binding_and_not, payment_in_a_non_binding_text
from tests.unit.mou.template_checks.texts import codes, text_of, told

NOT_BINDING = "<h2>ข้อ ๒ ผล</h2><p>บันทึกความเข้าใจนี้ไม่มีผลผูกพันทางกฎหมาย</p>"
ENGLISH = '<h2 lang="en">Article 2 Effect</h2><p lang="en">This Memorandum is not legally binding.</p>'


def page(words: str, effect: str = NOT_BINDING) -> str:
    return f"<h2>ข้อ ๑ งาน</h2>\n<p>{words}</p>\n{effect}"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        pytest.param("ผู้รับจ้างได้รับค่าจ้างเมื่อส่งมอบงาน", "“ค่าจ้าง”", id="hire of work"),
        pytest.param("กรมจะชำระเงินภายในสามสิบวัน", "“ชำระเงิน”", id="payment"),
        pytest.param("วิทยากรได้รับค่าตอบแทน", "“ค่าตอบแทน”", id="remuneration"),
        pytest.param("หากไม่ส่งมอบงานตามกำหนด ต้องเสียเบี้ยปรับ", "“เบี้ยปรับ”", id="penalty after a condition"),
        pytest.param("เครือข่ายโอนเงินเข้าบัญชี", "“โอนเงิน”", id="a transfer"),
        pytest.param("เป็นจำนวนเงิน ๑๐,๐๐๐ บาท", "“บาท”", id="an amount"),
    ],
)
def test_words_of_payment_in_a_text_that_does_not_bind_are_a_warning_with_their_article(words: str, named: str) -> None:
    (finding,) = payment_in_a_non_binding_text(text_of(page(words)))
    assert (finding.code, finding.severity) == ("payment_in_non_binding", Severity.WARNING)
    assert (finding.place.article, finding.place.line) == ("ข้อ ๑", 2)
    assert named in str(finding.found)


@pytest.mark.parametrize("words", ["The Partner pays a fee of 10,000 baht.", "Remuneration is due.", "A penalty is payable."])
def test_english_words_of_payment_are_found(words: str) -> None:
    text = text_of(f'<h2 lang="en">Article 1 Work</h2><p lang="en">{words}</p>{ENGLISH}')
    assert codes(payment_in_a_non_binding_text(text)) == ["payment_in_non_binding"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("ไม่ถือเป็นสัญญาจ้าง สัญญาตัวแทน หรือห้างหุ้นส่วน", id="denied"),
        pytest.param("ไม่มีฝ่ายใดต้องชำระเงินแก่อีกฝ่ายหนึ่ง", id="nobody has to"),
        pytest.param("แต่ละฝ่ายรับผิดชอบค่าใช้จ่ายของตน", id="own costs"),
        pytest.param("ปรับปรุงบาทวิถีหน้าวัดพระพุทธบาท", id="words with baht in them"),
        pytest.param("เด็กมีบทบาทในการวางแผน", id="a word with baht in it"),
        pytest.param("ดูแลให้เจ้าหน้าที่และผู้รับจ้างของตนปฏิบัติตาม", id="somebody else's contractors"),
        pytest.param("\ue000โครงการจ้างงาน ค่าจ้าง\ue001", id="a value"),
    ],
)
def test_words_that_promise_no_payment_pass(words: str) -> None:
    assert not list(payment_in_a_non_binding_text(text_of(page(words))))


@pytest.mark.parametrize("effect", ["ไม่มีสภาพบังคับทางกฎหมาย", "มิได้มีเจตนาให้เกิดผลผูกพันตามกฎหมาย", "ไม่มีผลผูกพันตามกฎหมาย"])
def test_other_words_for_not_binding_are_known(effect: str) -> None:
    text = text_of(page("กรมจะชำระเงิน", effect=f"<p>บันทึกความเข้าใจฉบับนี้{effect}</p>"))
    assert codes(payment_in_a_non_binding_text(text)) == ["payment_in_non_binding"]


def test_payment_in_a_text_that_says_nothing_of_its_effect_is_none_of_our_business() -> None:
    assert not list(payment_in_a_non_binding_text(text_of(page("กรมจะชำระเงิน", effect=""))))


def test_a_charter_may_speak_of_money() -> None:
    assert not list(payment_in_a_non_binding_text(text_of(page("สมาชิกชำระเงินบำรุง"), is_charter=True)))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("บันทึกความเข้าใจนี้มีผลผูกพันคู่ความร่วมมือ", id="Thai"),
        pytest.param("ข้อตกลงนี้ย่อมผูกพันทั้งสองฝ่าย", id="Thai, in other words"),
    ],
)
def test_a_text_that_says_that_it_binds_and_that_it_does_not_says_both(words: str) -> None:
    (finding,) = both_binding_and_not(text_of(page(words)))
    assert (finding.code, finding.place.line) == ("binding_and_not", 2)


def test_an_english_text_that_says_both_is_found() -> None:
    text = text_of(f'<p lang="en">This Memorandum shall be legally binding on the Parties.</p>{ENGLISH}')
    assert len(told(both_binding_and_not(text))) == 1


@pytest.mark.parametrize(
    "words",
    ["ข้อ ๑ มีผลเป็นการแสดงเจตนาผูกพันตามธรรมนูญ", "บันทึกความเข้าใจนี้ไม่ก่อให้เกิดภาระผูกพันทางการเงิน", "บันทึกความเข้าใจนี้ไม่มีผลผูกพัน"],
)
def test_a_text_that_names_what_binds_or_denies_it_throughout_says_one(words: str) -> None:
    assert not list(both_binding_and_not(text_of(page(words))))
