"""`mou template new`: a template to begin with, from answers to questions or as a copy of one that is there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mou.cli.terminal import echo, echo_message, find_chosen_workspace, pass_language, workspace_option
from mou.errors import InputError, UsageError
from mou.messages import translate
from signatures.messages import say

if TYPE_CHECKING:
    from mou.charter.clauses import FinalClauses
    from mou.templates import Template
    from mou.workflow.template_questions import Question

STOPPED = 1


@click.command("new")
@click.argument("name", required=False)
@click.option(
    "--from", "source", metavar="TEMPLATE", help="Copy this template, bundled or the workspace's own, with its example."
)
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file with the answers; without it they are asked for.",
)
@click.option("--clauses-from", metavar="TEMPLATE", help="For a charter: take the final clauses of this charter's template.")
@click.option(
    "--into",
    "parent",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the new one (default: templates/ of the workspace).",
)
@click.option("--show-questions", is_flag=True, help="Print a file of answers to fill in, and write nothing.")
@click.option("--kind", type=click.Choice(["memorandum", "charter"]), help="What is written, so that it need not be asked.")
@workspace_option
@pass_language
def command(
    language: str,
    name: str | None,
    source: str | None,
    answers_file: Path | None,
    clauses_from: str | None,
    parent: Path | None,
    kind: str | None,
    folder: Path | None,
    *,
    show_questions: bool,
) -> int:
    """Begin a template: from answers to questions, or as a copy of another."""
    from mou.workflow.starting_templates import questions_form

    if show_questions:
        click.echo(questions_form(kind or "memorandum", language), nl=False)
        return 0
    if source is not None and (answers_file, clauses_from, kind) != (None, None, None):
        raise UsageError("--from copies a whole template: no --answers, --clauses-from or --kind is expected beside it")
    if answers_file is not None and kind is not None:
        raise UsageError("--answers says what is written: no --kind is expected beside it")
    place = _free_place(name, parent, folder)
    own = _own_folder(folder)
    try:
        files = _files(language, place.name, source, answers_file, clauses_from, kind, own)
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)
        click.echo(f"mou: {translate(say('stopped; nothing was written'), language)}", err=True)
        return STOPPED
    _write(language, place, files)
    if clauses_from is not None:
        echo(language, "the final clauses are those of {name}: read each, its days and numbers too", name=clauses_from)
    return 0


def _free_place(name: str | None, parent: Path | None, workspace: Path | None) -> Path:
    """The folder of the new template, of which it is known before anything is asked that it can be made.

    Raises:
        UsageError: there is no name, or neither a workspace nor `--into`.
        InputError: the name is no template's, or something is there.
    """
    from mou.template_files import require_absent, require_template_name

    if name is None:
        raise UsageError("a name for the template is expected, such as: mou template new river-mou")
    above = parent or _own_folder(workspace)
    if above is None:
        raise UsageError("no workspace here; make one with: mou init DIR, name one with -w DIR, or say --into FOLDER")
    require_template_name(name)
    require_absent(above / name)
    return above / name


def _own_folder(folder: Path | None) -> Path | None:
    workspace = find_chosen_workspace(folder)
    return workspace / "templates" if workspace else None


def _files(
    language: str,
    name: str,
    source: str | None,
    answers_file: Path | None,
    clauses_from: str | None,
    kind: str | None,
    own: Path | None,
) -> dict[str, bytes]:
    from mou.workflow.starting_templates import borrowed_clauses, files_of_answers, files_of_copy, read_answers_file
    from mou.workflow.templates import find_template

    if source is not None:
        return files_of_copy(find_template(own, source), name)
    borrowed = None if clauses_from is None else borrowed_clauses(find_template(own, clauses_from))
    if answers_file is not None:
        return files_of_answers(name, *read_answers_file(answers_file, borrowed))
    if borrowed is not None and kind == "memorandum":
        raise UsageError("a memorandum has no final clauses: no --clauses-from is expected")
    return files_of_answers(name, *_ask_all(language, kind or ("charter" if borrowed else None), borrowed))


def _write(language: str, place: Path, files: Mapping[str, bytes]) -> None:
    from mou.charter.contradictions import doubtful_clauses
    from mou.template_files import write_template

    template: Template = write_template(place, files)
    echo(
        language,
        "{folder} made: {fields} fields, {roles} roles",
        folder=place,
        fields=len(template.fields),
        roles=len(template.roles),
    )
    for doubt in () if template.clauses is None else doubtful_clauses(template.clauses):
        echo_message(language, doubt, indent="  - ")
    echo(
        language,
        "next: read {path}, change what does not fit, then: mou template check {folder}",
        path=place / "template.html",
        folder=place,
    )


def _ask_all(language: str, kind: str | None, borrowed: "FinalClauses | None") -> "tuple[dict[str, object], FinalClauses | None]":
    """Ask question after question; nothing is kept before the last one is answered."""
    from mou.workflow.template_questions import CHARTER, KIND, questions

    echo(language, "Each answer ends with Enter. Ctrl-C stops, and nothing is written.")
    answers: dict[str, object] = {} if kind is None else {KIND: kind}
    for question in questions(answers):
        if question.key not in answers:
            answers[question.key] = _ask(question, language)
    if answers[KIND] != CHARTER:
        return answers, None
    return answers, borrowed or _ask_clauses(language)


def _ask_clauses(language: str) -> "FinalClauses":
    """Ask for the final clauses until they go together; what was answered before is offered again."""
    from mou.workflow.clause_questions import clause_questions, clauses_of

    before: dict[str, object] = {}
    while True:
        answers: dict[str, object] = {}
        for question in clause_questions(answers):
            answers[question.key] = _ask(question, language, before.get(question.key))
        try:
            return clauses_of(answers, "final_clauses")
        except InputError as error:
            echo(language, "These answers do not go together; the questions come once more, with your answers to change:")
            for problem in error.problems:
                echo_message(language, problem, indent="  - ")
            before = answers


def _ask(question: "Question", language: str, before: object = None) -> object:
    """Ask one question until there is an answer to it."""
    from mou.workflow.template_answers import answer_of

    click.echo()
    echo_message(language, question.asks)
    for line in _choices(question, language):
        click.echo(line)
    while True:
        typed = _typed_lines(question, language, before) if question.takes_several else _typed_line(question, language, before)
        try:
            return answer_of(question, typed)
        except InputError as error:
            for problem in error.problems:
                echo_message(language, problem, indent="  ! ")


def _choices(question: "Question", language: str) -> Iterator[str]:
    from mou.workflow.template_questions import choice_in_words

    for place, code in enumerate(question.choices, start=1):
        words = choice_in_words(question, code, language)
        yield f"  {place}. {words or code}"


def _typed_line(question: "Question", language: str, before: object) -> str:
    hints = {
        "yes_or_no": say("yes or no"),
        "choice": say("its number"),
        "choices": say("their numbers, with commas between"),
        "day": say("a day such as 5 December 2026 or 5/12/2569"),
        "fraction": say("a share such as 2/3"),
        "number": say("a whole number"),
    }
    hint = f"({translate(hints[question.kind], language)})" if question.kind in hints else ""
    offered = _as_typed(question.default if before is None else before, language)
    typed = click.prompt(hint, prompt_suffix="> ", default=offered, show_default=bool(offered), type=str)
    return str(typed)


def _as_typed(answer: object, language: str) -> str:
    """An answer as somebody would type it."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return translate(say("yes"), language) if answer else translate(say("no"), language)
    return ", ".join(map(str, answer)) if isinstance(answer, (list, tuple)) else str(answer)


def _typed_lines(question: "Question", language: str, before: object) -> list[str]:
    """Lines until an empty one; what is there already is shown and taken on yes."""
    from mou.workflow.template_questions import AnswerKind, Question

    offered = question.default if before is None else before
    if isinstance(offered, (list, tuple)) and offered:
        for line in offered:
            click.echo(f"    {line}")
        if _ask(Question("right", AnswerKind.YES_OR_NO, say("Is that right?"), example=True), language, before=True):
            return [str(line) for line in offered]
    echo(language, "(one on each line; an empty line ends them)")
    lines: list[str] = []
    while line := str(click.prompt("", prompt_suffix="> ", default="", show_default=False, type=str)).strip():
        lines.append(line)
    return lines
