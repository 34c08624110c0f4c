"""The answers to what is asked before a template is written: typed by a person at a terminal, or read from a file.

1. What is typed and what stands in a file are checked by the same function, so that both take the same answers.
2. A file is read whole: every wrong, missing or unknown key is told at once, with what is expected and what was there.
3. An answer that the other answers leave no room for is told, never passed over.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from mou.charter.written_days import written_day
from mou.errors import InputError
from mou.messages import translate
from mou.template_files import toml_line
from mou.thai import to_arabic_digits
from mou.toml_tables import TableReader
from mou.workflow.template_questions import (
    CHARTER,
    FINAL_CLAUSES,
    KIND,
    AnswerKind,
    Question,
    choice_in_words,
    lines_in,
    questions,
)
from signatures.messages import Message, say

_YES: Final = frozenset({"y", "yes", "true", "ใช่", "มี"})
_NO: Final = frozenset({"n", "no", "false", "ไม่", "ไม่ใช่", "ไม่มี"})
_MOST_DIGITS: Final = 9


def answer_of(question: Question, typed: str | Sequence[str]) -> object:
    """The answer that a person typed, as a file would hold it: one line, or several where the question takes several.

    Raises:
        InputError: it is none; the problems say what is expected.
    """
    problems: list[Message] = []
    if isinstance(typed, str):
        given = _TYPED.get(question.kind, _as_text)(question, typed.strip()) if typed.strip() else ""
    else:
        given = [line.strip() for line in typed if line.strip()]
    table = TableReader({} if given in ("", []) else {question.name: given}, question.key, problems)
    answer = read_answer(table, question)
    if problems:
        raise InputError("this is no answer to the question", problems=tuple(map(_without_place, problems)))
    return answer


def _without_place(problem: Message) -> Message:
    """What is told of an answer that was just typed: whoever typed it knows where."""
    expected, got = problem.values.get("expected"), problem.values.get("got")
    if expected is None:
        return problem
    if got is None:
        return say("{expected} expected, missing", expected=expected)
    return say("{expected} expected, got {got}", expected=expected, got=got)


def _as_text(_question: Question, typed: str) -> object:
    return typed


def _as_code(question: Question, typed: str) -> object:
    """The code that was typed, or whose place in the list was."""
    place = to_arabic_digits(typed)
    if place.isascii() and place.isdigit() and 1 <= int(place[:_MOST_DIGITS]) <= len(question.choices):
        return question.choices[int(place) - 1]
    return typed


def _as_codes(question: Question, typed: str) -> object:
    return [_as_code(question, one) for one in typed.replace(",", " ").split()]


def _as_flag(_question: Question, typed: str) -> object:
    lowered = typed.lower()
    return True if lowered in _YES else False if lowered in _NO else typed


def _as_number(_question: Question, typed: str) -> object:
    plain = to_arabic_digits(typed)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS else typed


def _as_day(_question: Question, typed: str) -> object:
    return written_day(typed) or typed


def _as_fraction(_question: Question, typed: str) -> object:
    return to_arabic_digits(typed).replace(" ", "")


_TYPED: Final[Mapping[AnswerKind, Callable[[Question, str], object]]] = {
    AnswerKind.CHOICE: _as_code,
    AnswerKind.CHOICES: _as_codes,
    AnswerKind.YES_OR_NO: _as_flag,
    AnswerKind.NUMBER: _as_number,
    AnswerKind.DAY: _as_day,
    AnswerKind.FRACTION: _as_fraction,
}


def read_answer(table: TableReader, question: Question) -> object:
    """The answer under the question's name; what is wrong is told to the table, and a stand-in lets the reading go on."""
    found = table.value(question.name)
    if found is None and not question.is_needed:
        return question.default
    before = len(table.problems)
    answer = _READERS[question.kind](table, question)
    if question.check is not None and len(table.problems) == before and (expected := question.check(answer)) is not None:
        table.expect(question.name, expected, found if isinstance(found, str) else " ".join(lines_in(found)))
    return answer


def _read_text(table: TableReader, question: Question) -> object:
    return table.text(question.name).strip()


def _read_lines(table: TableReader, question: Question) -> object:
    if question.is_needed and table.value(question.name) == []:
        table.expect(question.name, say("a list with at least one text"), None)
        return []
    return [line.strip() for line in table.texts(question.name, at_least=1 if question.is_needed else 0)]


def _read_choice(table: TableReader, question: Question) -> object:
    return _chosen(table, question, question.name, table.value(question.name))


def _read_choices(table: TableReader, question: Question) -> object:
    found = table.value(question.name)
    if not isinstance(found, list) or not found:
        expected = say("a list of one or more of {choices}", choices=", ".join(question.choices))
        table.expect(question.name, expected, found or None)
        return []
    return [_chosen(table, question, f"{question.name}[{place}]", one) for place, one in enumerate(found, start=1)]


def _chosen(table: TableReader, question: Question, name: str, found: object) -> str:
    if isinstance(found, str) and found in question.choices:
        return found
    table.expect(name, say("one of {choices}", choices=", ".join(question.choices)), found)
    return question.choices[0]


def _read_flag(table: TableReader, question: Question) -> object:
    return table.flag(question.name)


def _read_number(table: TableReader, question: Question) -> object:
    number = table.integer(question.name, at_least=question.at_least)
    if question.at_most is not None and number > question.at_most:
        table.expect(question.name, say("a whole number of at most {most}", most=question.at_most), number)
        return question.at_least
    return number


def _read_day(table: TableReader, question: Question) -> object:
    day = table.day(question.name)
    return None if day == date.min else day.isoformat()


def _read_fraction(table: TableReader, question: Question) -> object:
    found = table.value(question.name)
    if found is None:
        table.expect(question.name, say('a fraction over 0 and at most 1, as text such as "2/3"'), None)
    return found if table.optional_fraction(question.name) else "1/1"


_READERS: Final[Mapping[AnswerKind, Callable[[TableReader, Question], object]]] = {
    AnswerKind.TEXT: _read_text,
    AnswerKind.LINES: _read_lines,
    AnswerKind.CHOICE: _read_choice,
    AnswerKind.CHOICES: _read_choices,
    AnswerKind.YES_OR_NO: _read_flag,
    AnswerKind.NUMBER: _read_number,
    AnswerKind.DAY: _read_day,
    AnswerKind.FRACTION: _read_fraction,
}


def read_answers(table: TableReader) -> dict[str, object]:
    """The answers that a file holds, by key; `final_clauses` is left to who knows charters. Unknown keys are told too.

    Where the file does not say what is to be written, nothing else in it can be judged.
    """
    answers: dict[str, object] = {}
    for question in questions(answers):
        before = len(table.problems)
        answers[question.key] = read_answer(table, question)
        if question.key == KIND and len(table.problems) > before:
            return answers
    if answers[KIND] == CHARTER:
        table.value(FINAL_CLAUSES)
    else:
        _tell_what_has_no_room(table, answers)
    table.finish()
    return answers


def _tell_what_has_no_room(table: TableReader, answers: Mapping[str, object]) -> None:
    is_binding = table.value("is_binding")
    if answers["money"] != "none" and is_binding is not None and is_binding is not True:
        table.expect("is_binding", say("true, or no is_binding, since money is paid,"), str(is_binding).lower())
    for key in ("term_years", "notice_days") if answers["charter"] else ():
        if table.value(key) is not None:
            table.expect(key, say("no {key}, since the charter says how long a member is bound,", key=key), table.value(key))


def nested(answers: Mapping[str, object]) -> dict[str, object]:
    """The answers as a file holds them, each in its table; what has no answer is left out."""
    tables: dict[str, object] = {}
    for key, answer in answers.items():
        if answer is None or any(other.startswith(f"{key}.") for other in answers):
            continue
        *path, name = key.split(".")
        table = tables
        for one in path:
            below = table.setdefault(one, {})
            assert isinstance(below, dict)
            table = below
        table[name] = answer
    return tables


def form_text(asked: Sequence[Question], language: str) -> str:
    """A file of answers that is still to be filled in: above each key what it asks, in the reader's language, and an example.

    What may be left out, and what only some answers bring up, stands there as a comment.
    """
    sections: dict[str, list[Question]] = {"": [], FINAL_CLAUSES: []}
    for question in asked:
        sections.setdefault(question.key.rpartition(".")[0], []).append(question)
    return "\n".join(
        _form_heading(section, inside) + "\n".join(_form_entry(one, language, has_table=one.key in sections) for one in inside)
        for section, inside in sections.items()
        if inside
    )


def _form_heading(section: str, inside: Sequence[Question]) -> str:
    """The head of a table; a comment where everything in it is one, since an empty table is not the same as none."""
    if not section:
        return ""
    return f"[{section}]\n" if any(one.is_needed and not one.depends for one in inside) else f"# [{section}]\n"


def _form_entry(question: Question, language: str, *, has_table: bool) -> str:
    width = max((len(code) for code in question.choices), default=0)
    lines = [f"# {translate(question.asks, language)}"]
    lines += [f"#   {code.ljust(width)}  {choice_in_words(question, code, language)}".rstrip() for code in question.choices]
    example = toml_line(question.name, question.example).rstrip()
    commented = "# " + example.replace("\n", "\n# ")
    if question.key == KIND:
        lines.append(example)
    elif has_table:
        told = translate(say("this line without its #, or the table [{key}] below without theirs:", key=question.key), language)
        lines += [f"# {told}", f'# {question.name} = "{question.choices[0]}"']
    elif question.depends:
        lines += [f"# {translate(say('only where an answer above brings it up; for example:'), language)}", commented]
    elif not question.is_needed:
        lines += [f"# {translate(say('may be left out; for example:'), language)}", commented]
    else:
        lines += [f"# {translate(say('for example:'), language)}", commented]
        empty = "[]" if question.kind in {AnswerKind.LINES, AnswerKind.CHOICES} else '""'
        lines.append(f"{question.name} = {empty}")
    return "\n".join(lines) + "\n"
