"""What is asked before a template is written. Pure.

1. Questions come one after the other; which one comes next depends on the answers before it. Whoever asks puts each answer
   into `answers` under the question's key before going on.
2. A key with dots stands in a table of the file: `final_clauses.withdrawal.notice_days`.
3. A question with a default is one of form. What decides what is agreed has none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from mou.messages import translate
from mou.models import OrganisationKind
from mou.signatories.words import kind_in
from mou.thai import balanced_lines
from signatures.messages import Message, say

KIND: Final = "kind"
MEMORANDUM: Final = "memorandum"
CHARTER: Final = "charter"
FINAL_CLAUSES: Final = "final_clauses"

_COLUMNS_OF_TITLE: Final = 34
"""How long a line of a title may be: about what 1.47 rem bold leaves of a page."""

_MOST_YEARS: Final = 99


class AnswerKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    LINES = "lines"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_OR_NO = "yes_or_no"
    NUMBER = "number"
    DAY = "day"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the key of its answer, what it asks, and an answer that somebody could give.

    `choices` are the codes to choose from, `words` what they mean; `default` is taken where there is no answer, and an answer
    without which it goes on is not `is_needed`. One that only some answers before it bring up `depends` on them. `check` gives
    what is expected of an answer that is wrong in itself.
    """

    key: str
    kind: AnswerKind
    asks: Message
    example: object
    choices: tuple[str, ...] = ()
    words: Mapping[str, Message] = field(default_factory=dict)
    default: object = None
    is_needed: bool = True
    depends: bool = False
    at_least: int = 0
    at_most: int | None = None
    check: Callable[[object], Message | None] | None = None

    @property
    def name(self) -> str:
        """The last part of the key, under which the answer stands in its table."""
        return self.key.rpartition(".")[2]

    @property
    def takes_several(self) -> bool:
        """Whether the answer is a list of lines."""
        return self.kind is AnswerKind.LINES


def choice_in_words(question: Question, code: str, language: str) -> str:
    """What a choice means, in the reader's language; empty where the code says it."""
    if code in question.words:
        return translate(question.words[code], language)
    return kind_in(language, OrganisationKind(code)) if code in set(OrganisationKind) else ""


KIND_QUESTION: Final = Question(
    KIND,
    AnswerKind.CHOICE,
    say("What is to be written: a memorandum for each organisation, or the charter that all of them adopt?"),
    MEMORANDUM,
    choices=(MEMORANDUM, CHARTER),
    words={
        MEMORANDUM: say("a memorandum of understanding: one document for each organisation of a list"),
        CHARTER: say("a charter: one text that all organisations of a list sign"),
    },
)


def questions(answers: Mapping[str, object]) -> Iterator[Question]:
    """Yield the questions one after the other, but for those of a charter's final clauses; see rule 1."""
    yield KIND_QUESTION
    yield from _charter_questions(answers) if answers.get(KIND) == CHARTER else _memorandum_questions(answers)


def _memorandum_questions(answers: Mapping[str, object]) -> Iterator[Question]:
    yield Question(
        "subject",
        AnswerKind.TEXT,
        say("What is the memorandum about? It continues the words บันทึกความเข้าใจว่าด้วย"),
        "ความร่วมมือดูแลแม่น้ำปิง",
    )
    yield _title_lines(title_of(answers), title_lines_of(answers))
    yield Question("host_called", AnswerKind.TEXT, say("What is the host's side called in the text?"), "เครือข่าย")
    yield Question(
        "party_called",
        AnswerKind.TEXT,
        say("What is the other side called in the text?"),
        "องค์กรสมาชิก",
        check=lambda given: say("another name than host_called") if given == answers.get("host_called") else None,
    )
    yield Question(
        "charter",
        AnswerKind.TEXT,
        say("Does the memorandum consent to a charter? The name of the charter's template, or nothing"),
        "river-charter",
        is_needed=False,
    )
    yield _background()
    yield Question(
        "purposes",
        AnswerKind.LINES,
        say("What is it for? One purpose on each line"),
        ["ดูแลคุณภาพน้ำของแม่น้ำปิงร่วมกัน", "ส่งเสริมให้ชุมชนริมน้ำมีส่วนร่วมในการดูแลแม่น้ำ"],
    )
    yield from _duties_and_money(answers)
    yield from _term_and_form(answers)


def _duties_and_money(answers: Mapping[str, object]) -> Iterator[Question]:
    yield Question(
        "host_duties",
        AnswerKind.LINES,
        say("What does the host's side do? One duty on each line"),
        ["ประสานงานและจัดประชุมร่วมกัน", "จัดทำและเผยแพร่รายงานผลการดำเนินงาน"],
    )
    yield Question(
        "party_duties",
        AnswerKind.LINES,
        say("What does the other side do? One duty on each line"),
        ["มอบหมายผู้ประสานงานอย่างน้อยหนึ่งคน", "ตรวจคุณภาพน้ำในพื้นที่และแจ้งผล"],
    )
    yield Question(
        "has_plans",
        AnswerKind.YES_OR_NO,
        say("Are there joint plans with their periods? They come from [[plans]] in ceremony.toml, as an annex"),
        example=True,
    )
    yield Question(
        "money",
        AnswerKind.CHOICE,
        say("Does money flow from one side to the other? The amount then comes from the column งบประมาณ of the list"),
        "none",
        choices=("none", "host_pays", "party_pays"),
        words={
            "none": say("no: each side bears its own costs"),
            "host_pays": say("the host's side pays the other side"),
            "party_pays": say("the other side pays the host's side"),
        },
    )
    if answers.get("money") == "none":
        yield Question(
            "is_binding",
            AnswerKind.YES_OR_NO,
            say("Is it binding in law? If not, the text says that it is a statement of intent"),
            example=False,
        )


def _term_and_form(answers: Mapping[str, object]) -> Iterator[Question]:
    if not answers.get("charter"):
        yield Question(
            "term_years",
            AnswerKind.NUMBER,
            say("For how many years does it hold? 0 where it has no end"),
            2,
            at_most=_MOST_YEARS,
        )
        yield Question(
            "notice_days",
            AnswerKind.NUMBER,
            say("How many days before must a side say that it ends it? 0 where it ends by agreement only"),
            60,
            at_most=3650,
        )
    yield Question("has_witnesses", AnswerKind.YES_OR_NO, say("Does a witness of each side sign too?"), example=True)
    yield _children()
    yield Question(
        "has_registry",
        AnswerKind.YES_OR_NO,
        say("Is a register's number entered when everybody has signed? The first page then keeps a place for it"),
        example=False,
    )
    yield Question(
        "annexes",
        AnswerKind.LINES,
        say("Which further annexes are there? One title on each line"),
        ["พื้นที่ดำเนินงาน"],
        is_needed=False,
    )
    for place, title in enumerate(lines_in(answers.get("annexes")), start=1):
        yield Question(
            f"annex_{place}",
            AnswerKind.LINES,
            say("What stands in the annex “{title}”? One item on each line", title=title),
            ["ลำน้ำปิงช่วงอำเภอเมือง", "ลำน้ำปิงช่วงอำเภอสารภี"],
            depends=True,
        )
    yield _numerals()


def _charter_questions(answers: Mapping[str, object]) -> Iterator[Question]:
    yield Question(
        "network",
        AnswerKind.TEXT,
        say("What is the network called? It continues the words ธรรมนูญของ"),
        "เครือข่ายคนรักแม่น้ำปิง",
    )
    yield _title_lines(title_of(answers), title_lines_of(answers))
    yield _background()
    yield Question(
        "purposes",
        AnswerKind.LINES,
        say("What is it for? One purpose on each line"),
        ["ดูแลแม่น้ำปิงและลำน้ำสาขาร่วมกัน", "จัดทำข้อเสนอต่อหน่วยงานที่เกี่ยวข้อง"],
    )
    yield Question(
        "membership",
        AnswerKind.LINES,
        say("What must an organisation be or have to become a member? One condition on each line"),
        ["มีการดำเนินงานที่สอดคล้องกับวัตถุประสงค์ของเครือข่าย", "มีผู้แทนซึ่งได้รับมอบอำนาจโดยชอบ"],
    )
    yield Question(
        "member_duties",
        AnswerKind.LINES,
        say("What do members have to do? One duty on each line"),
        ["ปฏิบัติตามธรรมนูญนี้", "แจ้งการเปลี่ยนแปลงผู้แทนแก่กองเลขานุการ"],
    )
    yield _children()
    yield _numerals()


def _title_lines(title: str, lines: Sequence[str]) -> Question:
    def check(given: object) -> Message | None:
        if title and _bare("".join(lines_in(given))) != _bare(title):
            return say("lines that are together “{title}”", title=title)
        return None

    return Question(
        "title_lines",
        AnswerKind.LINES,
        say("How is the title broken into lines?"),
        list(lines) or ["บันทึกความเข้าใจ", "ว่าด้วยความร่วมมือ"],
        default=list(lines),
        is_needed=False,
        check=check,
    )


def _background() -> Question:
    return Question(
        "background",
        AnswerKind.LINES,
        say("What led to it? One paragraph on each line; nothing where the text is to begin without"),
        ["แม่น้ำปิงเป็นแหล่งน้ำของชุมชนหลายแห่ง ซึ่งได้ร่วมกันดูแลตลอดมา"],
        is_needed=False,
    )


def _children() -> Question:
    return Question(
        "has_children",
        AnswerKind.YES_OR_NO,
        say("Do children take part, or are names or pictures of children used? An article then protects them"),
        example=True,
    )


def _numerals() -> Question:
    return Question(
        "numerals",
        AnswerKind.CHOICE,
        say("Which numerals does the document have?"),
        "thai",
        choices=("thai", "arabic"),
        words={"thai": say("๑ ๒ ๓"), "arabic": say("1 2 3")},
        default="thai",
        is_needed=False,
    )


def title_of(answers: Mapping[str, object]) -> str:
    """The title that the answers so far give; empty before there is one."""
    first, rest = _halves_of_title(answers)
    return first + rest if rest else ""


def title_lines_of(answers: Mapping[str, object]) -> tuple[str, ...]:
    """The title in lines of about equal length, what kind of document it is on the first."""
    first, rest = _halves_of_title(answers)
    joined = "ว่าด้วย" if first.endswith("ว่าด้วย") else "ของ"
    return (first.removesuffix(joined), *balanced_lines(joined + rest, _COLUMNS_OF_TITLE)) if rest else ()


def _halves_of_title(answers: Mapping[str, object]) -> tuple[str, str]:
    if answers.get(KIND) == CHARTER:
        return "ธรรมนูญของ", str(answers.get("network") or "").strip()
    return "บันทึกความเข้าใจว่าด้วย", str(answers.get("subject") or "").strip()


def lines_in(value: object) -> list[str]:
    """The lines of an answer that has several; none where it is something else."""
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else []


def _bare(text: str) -> str:
    return "".join(text.split())
