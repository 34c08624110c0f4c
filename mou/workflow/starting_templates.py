"""A template to begin with: the text that comes of the answers to `template_questions`, or a copy of one that is there.

1. What somebody answered is printed as it was written: markup, quotation marks and the marks of Jinja in it are letters.
   Only the space before ๆ becomes one at which no line ends.
2. Numbers of articles and items are counted here and stand in the text, so that a reference to one is right.
3. Where money is paid, nothing says that the memorandum binds nobody.
4. The text says no number that nobody was asked for.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from mou.charter.clauses import FinalClauses
from mou.errors import InputError, TemplateError, UsageError
from mou.languages import Language
from mou.models import Capacity
from mou.template_files import house_style, manifest_text
from mou.template_source import used_fields
from mou.templates import (
    EXAMPLE_FOLDER,
    MANIFEST,
    MARKUP,
    STYLE,
    FieldType,
    Role,
    SignatorySource,
    Template,
    TemplateField,
    TemplateKind,
)
from mou.toml_tables import TableReader, read_toml
from mou.workflow.clause_questions import clause_questions, parse_table
from mou.workflow.starting_charter import charter_markup
from mou.workflow.starting_memorandum import memorandum_markup
from mou.workflow.template_answers import form_text, read_answers
from mou.workflow.template_questions import CHARTER, FINAL_CLAUSES, KIND, Question, questions, title_lines_of, title_of
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.thai import Numerals

FIRST_VERSION: Final = "1"

_FIELDS: Final = (
    TemplateField("document.number", FieldType.TEXT, "เลขที่บันทึกความเข้าใจ", "MOU-2569-001"),
    TemplateField("document.title", FieldType.TEXT, "ชื่อเอกสาร", "บันทึกความเข้าใจว่าด้วยความร่วมมือ"),
    TemplateField("document.version", FieldType.TEXT, "ฉบับที่", "1"),
    TemplateField("document.is_sample", FieldType.FLAG, "เป็นตัวอย่าง", "true"),
    TemplateField("host.name_th", FieldType.TEXT, "ชื่อเจ้าภาพ", "เครือข่ายตัวอย่าง"),
    TemplateField("host.representative.full_name", FieldType.TEXT, "ผู้แทนเจ้าภาพ", "นางสาวตัวอย่าง สมมติ"),
    TemplateField("host.representative.position", FieldType.TEXT, "ตำแหน่งของผู้แทนเจ้าภาพ", "ประธาน"),
    TemplateField("organisation.name_th", FieldType.TEXT, "ชื่อองค์กร", "มูลนิธิตัวอย่าง"),
    TemplateField("organisation.address", FieldType.TEXT, "ที่อยู่", "เลขที่ ๑ ตำบลตัวอย่าง อำเภอเมือง จังหวัดเชียงใหม่", required=False),
    TemplateField("organisation.is_group_of_persons", FieldType.FLAG, "เป็นกลุ่มบุคคล มิใช่นิติบุคคล", "false"),
    TemplateField("organisation.representative.full_name", FieldType.TEXT, "ผู้แทนองค์กร", "นายตัวอย่าง สมมติ"),
    TemplateField("organisation.representative.position", FieldType.TEXT, "ตำแหน่งของผู้แทนองค์กร", "ผู้อำนวยการ"),
    TemplateField("organisation.columns.budget", FieldType.TEXT, "งบประมาณ", "12345.50"),
    TemplateField("ceremony.title", FieldType.TEXT, "ชื่อพิธี", "พิธีลงนาม"),
    TemplateField("ceremony.place", FieldType.TEXT, "สถานที่", "หอประชุมตัวอย่าง"),
    TemplateField("ceremony.district", FieldType.TEXT, "อำเภอ", "อำเภอเมือง"),
    TemplateField("ceremony.province", FieldType.TEXT, "จังหวัด", "จังหวัดเชียงใหม่"),
    TemplateField("ceremony.date", FieldType.DAY, "วันที่ทำ", "2026-12-05"),
    TemplateField("ceremony.plans", FieldType.PERIODS, "แผนดำเนินงานร่วม", "เมษายน – ธันวาคม ๒๕๖๙"),
    TemplateField("charter.title", FieldType.TEXT, "ชื่อธรรมนูญ", "ธรรมนูญของเครือข่ายตัวอย่าง"),
    TemplateField("charter.version", FieldType.TEXT, "ฉบับที่ของธรรมนูญ", "1"),
    TemplateField("charter.digest_hex", FieldType.TEXT, "ค่าแฮชของธรรมนูญ", "64 hexadecimal digits"),
    TemplateField("members", FieldType.ORGANISATIONS, "องค์กรสมาชิก", "มูลนิธิตัวอย่าง, สมาคมตัวอย่าง"),
)
"""Every field that a written text may use; a manifest declares those that its text does use."""

_PROTECTED_TERMS: Final = (
    "บันทึกความเข้าใจ",
    "องค์กรสมาชิก",
    "ผู้เก็บรักษา",
    "ที่ประชุมใหญ่",
    "คณะกรรมการ",
    "กองเลขานุการ",
    "ผู้แทนโดยชอบธรรม",
    "ลายมือชื่ออิเล็กทรอนิกส์",
    "ประโยชน์สูงสุด",
    "แสวงประโยชน์",
    "มีส่วนร่วม",
    "คุ้มครองเด็ก",
    "ด้อยค่า",
    "ลงนาม",
    "ฝ่ายใด",
    "ต่อกัน",
    "ไม่น้อยกว่า",
)
_MEMBER: Final = Role(
    "member",
    "ผู้แทนองค์กรสมาชิก",
    Capacity.AUTHORISED_REPRESENTATIVE,
    1,
    SignatorySource.ORGANISATION_REPRESENTATIVE,
    for_each_organisation=True,
)


def read_answers_file(path: Path, borrowed: FinalClauses | None) -> tuple[dict[str, object], FinalClauses | None]:
    """The answers that a file holds and, for a charter, its final clauses: those of the file, or the borrowed ones.

    Raises:
        InputError: with every wrong, missing or unknown key at once.
    """
    problems: list[Message] = []
    content = read_toml(path, InputError)
    answers = read_answers(TableReader(content, str(path), problems))
    clauses = None
    if answers[KIND] == CHARTER:
        clauses = _clauses_of_file(content, path, borrowed, problems)
    elif borrowed is not None and not problems:
        problems.append(say("{path}: kind: charter expected, where final clauses are taken from a template", path=path))
    if problems:
        raise InputError("{path}: the answers cannot be used", path=path, problems=tuple(problems))
    return answers, clauses


def _clauses_of_file(
    content: Mapping[str, object], path: Path, borrowed: FinalClauses | None, problems: list[Message]
) -> FinalClauses | None:
    table = content.get(FINAL_CLAUSES)
    where = f"{path}: {FINAL_CLAUSES}"
    if borrowed is not None:
        if table is not None:
            problems.append(say("{where}: no table expected, where they are taken from a template", where=where))
        return borrowed
    if not isinstance(table, Mapping):
        problems.append(say("{where}: a table expected; or take them from a template with --clauses-from", where=where))
        return None
    try:
        return parse_table(table, where)
    except TemplateError as error:
        problems.extend(error.problems)
        return None


def borrowed_clauses(template: Template) -> FinalClauses:
    """The final clauses of another charter, for a text that is written in Thai.

    Raises:
        UsageError: the template is no charter.
    """
    if template.clauses is None:
        raise UsageError("a charter's template is expected, got {name}, which has no final clauses", name=template.name)
    return replace(template.clauses, authentic_languages=(Language.THAI.value,))


def questions_form(kind: str, language: str) -> str:
    """A file of answers to fill in, for a memorandum or a charter, with the questions in the reader's language."""
    answers: dict[str, object] = {KIND: kind}
    asked = []
    for question in _all_questions(answers):
        asked.append(replace(question, example=kind) if question.key == KIND else question)
        # A memorandum that consents to a charter is asked for less, and a form shows all that may be asked.
        answers.setdefault(question.key, None if question.key == "charter" else question.example)
    return form_text(asked, language)


def _all_questions(answers: Mapping[str, object]) -> Iterator[Question]:
    yield from questions(answers)
    if answers[KIND] == CHARTER:
        yield from clause_questions(answers)


def files_of_answers(name: str, answers: Mapping[str, object], clauses: FinalClauses | None) -> dict[str, bytes]:
    """The files of a new template, by relative path, for answers that were read without a problem."""
    answers = {key: _with_held_signs(answer) for key, answer in answers.items()}
    is_charter = answers[KIND] == CHARTER
    markup = charter_markup(answers, clauses) if is_charter and clauses is not None else memorandum_markup(answers)
    charter = answers.get("charter")
    manifest = manifest_text(
        name=name,
        title=title_of(answers),
        title_lines=cast("Sequence[str]", answers.get("title_lines") or title_lines_of(answers)),
        kind=TemplateKind.CHARTER if is_charter else TemplateKind.MEMORANDUM,
        languages=("th",),
        numerals=cast("Numerals", answers["numerals"]),
        version=FIRST_VERSION,
        fields=_fields_used(markup),
        roles=(_MEMBER,) if is_charter else tuple(_roles(answers)),
        charter=None if charter is None else str(charter),
        protected_terms=_terms_used(markup, answers),
        clauses=clauses,
    )
    return {MANIFEST: manifest.encode(), MARKUP: markup.encode(), STYLE: house_style().encode()}


def _with_held_signs(answer: object) -> object:
    """The answer with a no-break space where a plain one stands before ๆ, so that no line begins with the sign."""
    if isinstance(answer, str):
        return answer.replace(" ๆ", "\u00a0ๆ")
    return [_with_held_signs(one) for one in answer] if isinstance(answer, (list, tuple)) else answer


def _fields_used(markup: str) -> tuple[TemplateField, ...]:
    problems: list[Message] = []
    used = used_fields(Path(), {MARKUP: markup}, problems)
    assert not problems, problems
    return tuple(one for one in _FIELDS if one.name in used)


def _terms_used(markup: str, answers: Mapping[str, object]) -> tuple[str, ...]:
    called = (answers.get("host_called"), answers.get("party_called"))
    terms = dict.fromkeys((*_PROTECTED_TERMS, *(str(one) for one in called if one)))
    return tuple(term for term in terms if term in markup)


def _roles(answers: Mapping[str, object]) -> Iterator[Role]:
    host, party = str(answers["host_called"]), str(answers["party_called"])
    source = SignatorySource
    yield Role("party", f"ผู้แทน{party}", Capacity.AUTHORISED_REPRESENTATIVE, 1, source.ORGANISATION_REPRESENTATIVE)
    if answers["has_witnesses"]:
        yield Role("party_witness", f"พยานฝ่าย{party}", Capacity.WITNESS, 2, source.ORGANISATION_WITNESS)
        yield Role("host_witness", f"พยานฝ่าย{host}", Capacity.WITNESS, 2, source.HOST_WITNESS)
    # Who consents to a charter is countersigned by the network; two parties to an agreement sign alike.
    capacity = Capacity.NETWORK_COUNTERSIGNER if answers.get("charter") else Capacity.AUTHORISED_REPRESENTATIVE
    yield Role("host", f"ผู้แทน{host}", capacity, 3 if answers["has_witnesses"] else 2, source.HOST_REPRESENTATIVE)


def files_of_copy(template: Template, name: str) -> dict[str, bytes]:
    """The files of a template that is there, its example too, under another name and as version 1."""
    files = {
        path.relative_to(template.folder).as_posix(): path.read_bytes()
        for path in sorted(template.folder.rglob("*"))
        if path.is_file() and not _is_left_out(path, template.folder)
    }
    return files | {MANIFEST: renamed_manifest(files[MANIFEST].decode("utf-8-sig"), name, template.folder / MANIFEST).encode()}


def _is_left_out(path: Path, folder: Path) -> bool:
    """What a template does not consist of: hidden files, and what a link in its example leads to."""
    relative = path.relative_to(folder)
    above = [folder.joinpath(*relative.parts[: depth + 1]) for depth in range(len(relative.parts))]
    is_linked = relative.parts[0] == EXAMPLE_FOLDER and any(one.is_symlink() for one in above)
    return is_linked or any(part.startswith(".") for part in relative.parts)


def renamed_manifest(text: str, name: str, path: Path) -> str:
    """The manifest with this name and the first version; its comments and its order stay.

    Raises:
        TemplateError: the two keys are not each on a line of its own before the first table.
    """
    head, table, rest = text.partition("\n[")
    for key, value in (("name", name), ("version", FIRST_VERSION)):
        head = re.sub(rf"(?m)^{key}[ \t]*=.*$", lambda _, key=key, value=value: f'{key} = "{value}"', head, count=1)  # type: ignore[misc]  # bound now
    written = head + table + rest
    try:
        is_renamed = tomllib.loads(written) == tomllib.loads(text) | {"name": name, "version": FIRST_VERSION}
    except tomllib.TOMLDecodeError:
        is_renamed = False
    if not is_renamed:
        raise TemplateError(
            "{path} cannot be copied under another name",
            path=path,
            problems=(say("name and version are expected each on a line of its own, before the first table"),),
        )
    return written
