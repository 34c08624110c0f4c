import html
import itertools
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mou.charter.clauses import FinalClauses, NonAccepting, VoteBase, VoteRule, clauses_as_record
from mou.errors import InputError, TemplateError, UsageError
from mou.models import Capacity
from mou.template_checks.checking import check_template
from mou.template_checks.examples import example_document
from mou.template_files import write_template
from mou.templates import Template, TemplateKind, bundled_template_names, bundled_templates_folder, load_template
from mou.workflow.clause_questions import clause_questions, clauses_of
from mou.workflow.starting_templates import (
    borrowed_clauses,
    files_of_answers,
    files_of_copy,
    questions_form,
    read_answers_file,
    renamed_manifest,
)
from mou.workflow.template_answers import answer_of
from mou.workflow.template_questions import AnswerKind, Question, choice_in_words, questions, title_lines_of
from signatures.messages import say

MEMORANDUM: dict[str, object] = {
    "kind": "memorandum",
    "subject": "ความร่วมมือดูแลแม่น้ำปิง",
    "host_called": "เครือข่าย",
    "party_called": "องค์กรริมน้ำ",
    "purposes": ["ดูแลคุณภาพน้ำของแม่น้ำปิงร่วมกัน"],
    "host_duties": ["ประสานงานและจัดประชุมร่วมกัน"],
    "party_duties": ["ตรวจคุณภาพน้ำในพื้นที่และแจ้งผล"],
    "has_plans": True,
    "money": "none",
    "is_binding": False,
    "term_years": 2,
    "notice_days": 60,
    "has_witnesses": True,
    "has_children": True,
    "has_registry": False,
}
CHARTER: dict[str, object] = {
    "kind": "charter",
    "network": "เครือข่ายคนรักแม่น้ำปิง",
    "purposes": ["ดูแลแม่น้ำปิงและลำน้ำสาขาร่วมกัน"],
    "membership": ["มีผู้แทนซึ่งได้รับมอบอำนาจโดยชอบ"],
    "member_duties": ["ปฏิบัติตามธรรมนูญนี้"],
    "has_children": False,
}


def lanna_clauses() -> FinalClauses:
    clauses = load_template(bundled_templates_folder() / "lanna-charter").clauses
    assert clauses is not None
    return clauses


def toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def answers_file(folder: Path, answers: Mapping[str, object]) -> Path:
    path = folder / "answers.toml"
    path.write_text("".join(f"{key} = {toml(value)}\n" for key, value in answers.items()), encoding="utf-8")
    return path


def written(folder: Path, answers: Mapping[str, object], clauses: FinalClauses | None = None) -> Template:
    read, found = read_answers_file(answers_file(folder, answers), clauses)
    return write_template(folder / "made" / "river", files_of_answers("river", read, found))


def shown_text(template: Template) -> str:
    """The filled text as somebody reads it: every word of the body, without the spans that hold names together."""
    body = example_document(template).html.partition("<body>")[2]
    return html.unescape(re.sub(r"<[^>]*>", "", body))


def without(answers: Mapping[str, object], *keys: str) -> dict[str, object]:
    return {key: value for key, value in answers.items() if key not in keys}


def refusal_of(folder: Path, answers: Mapping[str, object], clauses: FinalClauses | None = None) -> list[str]:
    path = answers_file(folder, answers)
    with pytest.raises(InputError) as refusal:
        read_answers_file(path, clauses)
    assert str(refusal.value.message) == f"{path}: the answers cannot be used"
    return [str(problem).removeprefix(f"{path}: ") for problem in refusal.value.problems]


CHOICES = list(itertools.product(["none", "host_pays", "party_pays"], [False, True], [False, True], ["thai", "arabic"]))


@pytest.mark.parametrize(("money", "flags", "has_charter", "numerals"), CHOICES)
def test_every_memorandum_that_can_be_answered_is_a_template_without_a_fault(
    money: str,
    flags: bool,  # noqa: FBT001  # a column of the table
    has_charter: bool,  # noqa: FBT001
    numerals: str,
    tmp_path: Path,
) -> None:
    answers = MEMORANDUM | {"money": money, "numerals": numerals, "has_witnesses": flags, "has_plans": flags}
    answers |= {"has_registry": flags, "has_children": not flags}
    answers |= {"annexes": ["พื้นที่ดำเนินงาน"], "annex_1": ["ลำน้ำช่วงอำเภอเมือง"]} if flags else {}
    answers = without(answers, "is_binding") if money != "none" else answers
    answers = without(answers | {"charter": "lanna-charter"}, "term_years", "notice_days") if has_charter else answers
    template = written(tmp_path, answers)
    charter = load_template(bundled_templates_folder() / "lanna-charter") if has_charter else None
    assert [str(one.found) for one in check_template(template, charter)] == []
    assert [role.name for role in template.roles] == (
        ["party", "party_witness", "host_witness", "host"] if flags else ["party", "host"]
    )
    countersigner = Capacity.NETWORK_COUNTERSIGNER
    assert template.roles[-1].capacity is (countersigner if has_charter else Capacity.AUTHORISED_REPRESENTATIVE)


def test_a_memorandum_says_what_was_answered(tmp_path: Path) -> None:
    annexes = {"annexes": ["พื้นที่", "รายชื่อ"], "annex_1": ["ช่วงบน"], "annex_2": ["นายหนึ่ง", "นายสอง"]}
    template = written(tmp_path, MEMORANDUM | annexes | {"background": ["ย่อหน้าแรก", "ย่อหน้าที่สอง"]})
    text = shown_text(template)
    assert template.title == "บันทึกความเข้าใจว่าด้วยความร่วมมือดูแลแม่น้ำปิง"
    assert "เรียกว่า “เครือข่าย” ฝ่ายหนึ่ง" in text
    assert "เรียกว่า “องค์กรริมน้ำ” อีกฝ่ายหนึ่ง" in text
    assert [text.index(one) for one in ("ย่อหน้าแรก", "ย่อหน้าที่สอง", "ข้อ ๑")] == sorted(
        text.index(one) for one in ("ย่อหน้าแรก", "ย่อหน้าที่สอง", "ข้อ ๑")
    )
    assert "มีกำหนด ๒ ปี" in text
    assert "ล่วงหน้าไม่น้อยกว่า ๖๐ วัน" in text
    assert "ภาคผนวก ๑ แผนดำเนินงานร่วม" in text
    assert "ภาคผนวก ๓ รายชื่อ" in text
    assert text.index("นายสอง") > text.index("นายหนึ่ง") > text.index("ช่วงบน")
    assert "ต่อหน้าพยาน" in text


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({}, "ไม่ก่อให้เกิดนิติสัมพันธ์ทางหนี้", "มีผลผูกพันทั้งสองฝ่าย"),
        ({"is_binding": True}, "มีผลผูกพันทั้งสองฝ่าย", "ไม่ก่อให้เกิด"),
        ({"money": "host_pays", "is_binding": True}, "เครือข่ายจะจ่ายเงินแก่องค์กรริมน้ำ", "ไม่ก่อให้เกิด"),
        ({"money": "party_pays", "is_binding": True}, "องค์กรริมน้ำจะจ่ายเงินแก่เครือข่าย", "แสดงเจตนาที่จะร่วมมือ"),
        ({"has_witnesses": False}, "ไว้เป็นสำคัญ", "พยาน"),
        ({"has_plans": False}, "การดำเนินงานและการติดตามผล", "ภาคผนวก"),
        ({"has_children": False}, "ข้อมูลส่วนบุคคล", "เด็ก"),
        ({"term_years": 0}, "โดยไม่มีกำหนดเวลาสิ้นสุด", "ต่ออายุ"),
        ({"notice_days": 0}, "โดยความตกลงเป็นหนังสือของทั้งสองฝ่าย", "ล่วงหน้า"),
        ({"has_registry": True}, "เลขที่ทะเบียน", "ธรรมนูญ"),
    ],
)
def test_an_answer_decides_what_the_text_says_and_what_it_does_not(
    changes: dict[str, object], said: str, unsaid: str, tmp_path: Path
) -> None:
    template = written(tmp_path, MEMORANDUM | changes)
    text = shown_text(template).replace("มิใช่บันทึกความเข้าใจที่แท้จริง", "")
    assert said in text
    assert unsaid not in text


def test_an_amount_is_asked_of_the_list_where_money_is_paid(tmp_path: Path) -> None:
    template = written(tmp_path, MEMORANDUM | {"money": "host_pays", "is_binding": True})
    [budget] = [one for one in template.fields if one.name == "organisation.columns.budget"]
    assert (budget.label, budget.required) == ("งบประมาณ", True)
    assert "๑๒,๓๔๕.๕๐ บาท (หนึ่งหมื่นสองพันสามร้อยสี่สิบห้าบาทห้าสิบสตางค์)" in shown_text(template)


def test_a_reference_to_an_article_leads_to_it_wherever_it_stands(tmp_path: Path) -> None:
    paid = {"money": "host_pays", "is_binding": True}
    for number, changes in (("๑", {}), ("๒", {"charter": "lanna-charter"})):
        answers = without(MEMORANDUM, "term_years", "notice_days") if changes else MEMORANDUM
        folder = tmp_path / number
        folder.mkdir()
        text = shown_text(written(folder, answers | paid | changes))
        assert f"เฉพาะเพื่อวัตถุประสงค์ตามข้อ {number} จัดทำบัญชี" in text
        assert re.search(rf"ข้อ {number}วัตถุประสงค์", text)


PIECES = [*"กขค\"'<>&{}%#\\|~", "{{ host }}", "{% if %}", "{#", "</p>", "&amp;", "\\n", " "]
AS_WRITTEN = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)


@settings(max_examples=40, deadline=None)
@given(words=st.lists(AS_WRITTEN.filter(str.strip), min_size=1, max_size=3))
def test_whatever_is_answered_is_printed_as_it_was_written(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("words")
    called = {"host_called": words[0], "party_called": f"{words[-1]}ฮ"}
    answers = MEMORANDUM | {"purposes": words, "background": words, "host_duties": words, "subject": words[0]} | called
    answers |= {"annexes": words, **{f"annex_{place}": words for place in range(1, len(words) + 1)}}
    template = written(folder, answers)
    text = "".join(shown_text(template).split())
    for word in words:
        assert text.count("".join(word.split())) >= 3 + len(words)
    assert template.title == f"บันทึกความเข้าใจว่าด้วย{words[0].strip()}"


def test_an_answer_as_people_type_it_gives_no_line_that_begins_with_the_sign_of_repetition(tmp_path: Path) -> None:
    words = ["ดูแลกลุ่มต่าง ๆ ของเด็ก"]
    template = written(
        tmp_path, MEMORANDUM | {"subject": words[0], "purposes": words, "background": words, "party_called": words[0]}
    )
    assert not check_template(template)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"expulsion": None},
        {"non_accepting": NonAccepting.DEEMED_OUT},
    ],
    ids=["as bundled", "nobody is excluded", "who does not accept is out"],
)
def test_a_charter_is_written_from_answers_and_final_clauses(changes: dict[str, object], tmp_path: Path) -> None:
    clauses = lanna_clauses()
    if "expulsion" in changes:
        clauses = replace(clauses, expulsion=None)
    if "non_accepting" in changes:
        clauses = replace(clauses, amendments=replace(clauses.amendments, non_accepting=NonAccepting.DEEMED_OUT))
    template = written(tmp_path, CHARTER, clauses)
    assert (template.kind, template.clauses) == (TemplateKind.CHARTER, clauses)
    assert [str(one.found) for one in check_template(template)] == []
    text = shown_text(template)
    assert ("เมื่อที่ประชุมใหญ่มีมติให้พ้นจากการเป็นสมาชิก" in text) is (clauses.expulsion is not None)
    assert ("ซึ่งองค์กรนั้นมิได้ยอมรับมีผล" in text) is ("non_accepting" in changes)
    numbers = [int(one) for one in re.findall(r"ข้อ (\d+)", text.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")))]
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))


def test_a_file_of_answers_may_hold_the_final_clauses_themselves(tmp_path: Path) -> None:
    record = clauses_as_record(lanna_clauses())
    answers, clauses = read_answers_file(answers_file(tmp_path, CHARTER | {"final_clauses": record}), None)
    assert clauses == lanna_clauses()
    assert answers["network"] == "เครือข่ายคนรักแม่น้ำปิง"


def test_every_problem_of_a_file_is_told_at_once_with_key_expected_and_got(tmp_path: Path) -> None:
    answers = MEMORANDUM | {
        "party_called": "เครือข่าย",
        "purposes": [],
        "money": "some",
        "term_years": -1,
        "notice_days": "soon",
        "has_plans": "yes",
        "colour": "red",
        "annexes": ["ก"],
    }
    assert refusal_of(tmp_path, without(answers, "host_duties")) == [
        "party_called: another name than host_called expected, got 'เครือข่าย'",
        "purposes: a list with at least one text expected, missing",
        "host_duties: a list of at least 1 texts expected, missing",
        "has_plans: true or false expected, got 'yes'",
        "money: one of none, host_pays, party_pays expected, got 'some'",
        "term_years: a whole number of at least 0 expected, got -1",
        "notice_days: a whole number of at least 0 expected, got 'soon'",
        "annex_1: a list of at least 1 texts expected, missing",
        "colour: this key is not known; look for a misspelling",
    ]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, "kind: one of memorandum, charter expected, missing"),
        ({"kind": "pact", "colour": 1}, "kind: one of memorandum, charter expected, got 'pact'"),
        (
            MEMORANDUM | {"money": "host_pays"},
            "is_binding: true, or no is_binding, since money is paid, expected, got 'false'",
        ),
        (
            without(MEMORANDUM, "notice_days") | {"charter": "lanna-charter"},
            "term_years: no term_years, since the charter says how long a member is bound, expected, got 2",
        ),
        (MEMORANDUM | {"term_years": 100}, "term_years: a whole number of at most 99 expected, got 100"),
        (
            MEMORANDUM | {"title_lines": ["บันทึก", "อื่น"]},
            "title_lines: lines that are together “บันทึกความเข้าใจว่าด้วยความร่วมมือดูแลแม่น้ำปิง” expected, got 'บันทึก อื่น'",
        ),
        (CHARTER, "final_clauses: a table expected; or take them from a template with --clauses-from"),
        (MEMORANDUM | {"final_clauses": {}}, "final_clauses: this key is not known; look for a misspelling"),
        (CHARTER | {"subject": "ก"}, "subject: this key is not known; look for a misspelling"),
    ],
)
def test_an_answer_that_does_not_go_with_the_others_is_told(answers: dict[str, object], told: str, tmp_path: Path) -> None:
    assert told in refusal_of(tmp_path, answers)


def test_final_clauses_come_from_one_place_alone(tmp_path: Path) -> None:
    record = clauses_as_record(lanna_clauses())
    told = refusal_of(tmp_path, CHARTER | {"final_clauses": record}, lanna_clauses())
    assert told == ["final_clauses: no table expected, where they are taken from a template"]
    assert refusal_of(tmp_path, MEMORANDUM, lanna_clauses()) == [
        "kind: charter expected, where final clauses are taken from a template"
    ]


def test_final_clauses_that_contradict_each_other_are_told_with_the_rest(tmp_path: Path) -> None:
    record = clauses_as_record(lanna_clauses()) | {"expulsion": {"min_fraction": "1/1", "of": "members"}}
    told = refusal_of(tmp_path, without(CHARTER, "network") | {"final_clauses": record})
    assert told[0] == "network: text that is not empty expected, missing"
    assert "who is excluded is a member and would have to vote for it" in told[1]


def test_borrowed_final_clauses_are_those_of_a_text_in_thai() -> None:
    assert borrowed_clauses(load_template(bundled_templates_folder() / "lanna-charter")).authentic_languages == ("th",)
    with pytest.raises(UsageError, match="a charter's template is expected, got lanna-mou"):
        borrowed_clauses(load_template(bundled_templates_folder() / "lanna-mou"))


def filled_form(text: str) -> str:
    """The form with each example as its answer, as somebody fills it in who agrees to all of them."""
    lines: list[str] = []
    for line in text.splitlines():
        name = line.partition(" = ")[0]
        if re.fullmatch(r'\w+ = (""|\[\])', line) and lines[-1].startswith(f"# {name} = "):
            lines[-1] = lines[-1].removeprefix("# ")
        else:
            lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_form_of_a_memorandum_is_filled_in_with_its_own_examples(language: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(filled_form(questions_form("memorandum", language)), encoding="utf-8")
    answers, clauses = read_answers_file(path, None)
    assert write_template(tmp_path / "river", files_of_answers("river", answers, clauses)).kind is TemplateKind.MEMORANDUM


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_form_of_a_charter_is_filled_in_with_its_own_examples(language: str, tmp_path: Path) -> None:
    text = filled_form(questions_form("charter", language))
    for wanted in ("expulsion = ", "min_count = ", "[final_clauses.accession.rule]", "closes_on = "):
        text = text.replace(f"# {wanted}", wanted)
    text = re.sub(r"(\[final_clauses\.accession\.rule\][^\[]*)", lambda rule: re.sub(r"(?m)^# (\w+ = )", r"\1", rule[1]), text)
    path = tmp_path / "answers.toml"
    path.write_text(text, encoding="utf-8")
    answers, clauses = read_answers_file(path, None)
    assert clauses is not None
    assert clauses.accession.rule is not None
    assert write_template(tmp_path / "river", files_of_answers("river", answers, clauses)).clauses == clauses


@pytest.mark.parametrize("kind", ["memorandum", "charter"])
def test_a_form_that_is_not_filled_in_is_toml_whose_every_gap_is_told(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(questions_form(kind, "en"), encoding="utf-8")
    gaps = re.findall(r'(?m)^(\w+) = (?:""|\[\])$', path.read_text(encoding="utf-8"))
    with pytest.raises(InputError) as refusal:
        read_answers_file(path, None)
    told = [str(problem) for problem in refusal.value.problems]
    assert [gap for gap in gaps if not any(f"{gap}: " in problem for problem in told)] == []


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        (AnswerKind.TEXT, "  แม่น้ำ ", "แม่น้ำ"),
        (AnswerKind.YES_OR_NO, "ใช่", True),
        (AnswerKind.YES_OR_NO, "N", False),
        (AnswerKind.NUMBER, "๓๐", 30),
        (AnswerKind.DAY, "5 ธันวาคม 2569", "2026-12-05"),
        (AnswerKind.DAY, "๕/๑๒/๒๕๖๙", "2026-12-05"),
        (AnswerKind.FRACTION, "๒ / ๓", "2/3"),
        (AnswerKind.CHOICE, "2", "b"),
        (AnswerKind.CHOICE, "a", "a"),
        (AnswerKind.CHOICES, "๑, 2", ["a", "b"]),
        (AnswerKind.LINES, [" ก ", "", "ข"], ["ก", "ข"]),
    ],
)
def test_an_answer_is_understood_as_people_type_it(kind: AnswerKind, typed: str | Sequence[str], answer: object) -> None:
    question = Question("asked", kind, say("?"), "", choices=("a", "b"))
    assert answer_of(question, typed) == answer


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        (AnswerKind.TEXT, " ", "text that is not empty expected, missing"),
        (AnswerKind.TEXT, "ก\u200bข", "asked: asked: no invisible character expected"),
        (AnswerKind.YES_OR_NO, "maybe", "true or false expected, got 'maybe'"),
        (AnswerKind.NUMBER, "many", "a whole number of at least 0 expected, got 'many'"),
        (AnswerKind.NUMBER, "9" * 5000, "a whole number of at least 0 expected, got"),
        (AnswerKind.DAY, "3/4/2022", "a day such as 2022-03-29 expected, got '3/4/2022'"),
        (AnswerKind.FRACTION, "3/2", "a fraction over 0 and at most 1"),
        (AnswerKind.FRACTION, "", "a fraction over 0 and at most 1"),
        (AnswerKind.CHOICE, "3", "one of a, b expected, got '3'"),
        (AnswerKind.CHOICES, "1 c", "one of a, b expected, got 'c'"),
        (AnswerKind.LINES, [" "], "texts expected, missing"),
    ],
)
def test_what_is_no_answer_is_told_with_what_is_expected(kind: AnswerKind, typed: str | Sequence[str], told: str) -> None:
    question = Question("asked", kind, say("?"), "", choices=("a", "b"))
    with pytest.raises(InputError) as refusal:
        answer_of(question, typed)
    assert told in str(refusal.value)


def test_a_question_without_an_answer_takes_its_default() -> None:
    question = Question("asked", AnswerKind.CHOICE, say("?"), "a", choices=("a", "b"), default="b", is_needed=False)
    assert answer_of(question, "") == "b"


def test_every_choice_has_words_or_is_its_own_word() -> None:
    answers: dict[str, object] = {}
    asked = []
    for kind in ("memorandum", "charter"):
        answers = {"kind": kind}
        for question in (*questions(answers), *clause_questions(answers)):
            answers.setdefault(question.key, question.example)
            asked.append(question)
    assert [one.key for one in asked for code in one.choices if not choice_in_words(one, code, "en")] == []


def test_final_clauses_come_of_answers_that_were_typed_one_by_one() -> None:
    answers: dict[str, object] = {}
    for question in clause_questions(answers):
        answers[question.key] = question.example if question.is_needed or question.depends else None
    clauses = clauses_of(answers | {"final_clauses.signature_window.closes_on": "2027-03-31"}, "answers")
    assert clauses.expulsion == VoteRule(Fraction(3, 4), VoteBase.MEMBERS)
    assert clauses.signature_window.opens_on == date(2026, 12, 5)
    assert clauses.remains_in_force_below_minimum is True
    assert clauses.duration.ends_on is None


@pytest.mark.parametrize(
    ("subject", "lines"),
    [
        ("ก", ("บันทึกความเข้าใจ", "ว่าด้วยก")),
        (
            "ความร่วมมือดูแลแม่น้ำปิงและลำน้ำสาขาโดยชุมชนริมน้ำ",
            ("บันทึกความเข้าใจ", "ว่าด้วยความร่วมมือดูแลแม่น้ำปิง", "และลำน้ำสาขาโดยชุมชนริมน้ำ"),
        ),
        ("", ()),
    ],
)
def test_a_title_is_broken_into_lines_of_about_equal_length(subject: str, lines: tuple[str, ...]) -> None:
    assert title_lines_of({"kind": "memorandum", "subject": subject}) == lines


def comments_in(folder: Path) -> list[str]:
    lines = (folder / "template.toml").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("#")]


@pytest.mark.parametrize("name", bundled_template_names())
def test_a_bundled_template_is_copied_with_its_example_and_its_comments(name: str, tmp_path: Path) -> None:
    original = load_template(bundled_templates_folder() / name)
    copied = write_template(tmp_path / "ours", files_of_copy(original, "ours"))
    assert (copied.name, copied.title, copied.version, copied.fields) == ("ours", original.title, "1", original.fields)
    example = {path.name for path in (original.folder / "example").glob("*")}
    assert {path.name for path in (tmp_path / "ours" / "example").glob("*")} == example
    comments = [line for line in (original.folder / "template.toml").read_text("utf-8").splitlines() if line.startswith("#")]
    assert [
        line for line in (tmp_path / "ours" / "template.toml").read_text("utf-8").splitlines() if line.startswith("#")
    ] == comments


def test_a_copy_leaves_out_hidden_files_and_what_links_lead_to(tmp_path: Path) -> None:
    source = tmp_path / "lanna-mou"
    shutil.copytree(bundled_templates_folder() / "lanna-mou", source)
    (source / ".DS_Store").write_bytes(b"1")
    (source / "example").mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"2")
    (source / "example" / "linked").symlink_to(tmp_path / "secret")
    (source / "example" / "key").symlink_to(tmp_path / "secret" / "key")
    (source / "example" / "list.csv").write_bytes(b"3")
    assert set(files_of_copy(load_template(source), "ours")) == {
        "template.toml",
        "template.html",
        "template.css",
        "example/list.csv",
    }


@pytest.mark.parametrize(
    "manifest",
    ['name = """\nsmall"""\nversion = "1"\n', '"name" = "small"\nversion = "1"\n', '[a]\nname = "small"\n'],
)
def test_a_manifest_whose_name_is_not_on_a_line_of_its_own_is_not_copied_wrongly(manifest: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be copied under another name"):
        renamed_manifest(manifest, "ours", tmp_path / "template.toml")


def test_a_renamed_manifest_differs_in_name_and_version_alone() -> None:
    text = (
        '# name = "x"\nversion="7"  # ours\nname   = "small"\ntitle = "name = 1"\n\n[[fields]]\nname = "small"\nversion = "7"\n'
    )
    read = tomllib.loads(renamed_manifest(text, "ours", Path("x")))
    assert read == tomllib.loads(text) | {"name": "ours", "version": "1"}
