"""A Word file -> the files of a template's folder and the report of what became of it; nothing is written here.

1. The file's page, with its tags; every tag that cannot be taken is told at once, and there is no template then.
2. Names of fields, loops for lists, who signs where.
3. The manifest declares exactly the fields that the text uses.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from mou.charter.clauses import FinalClauses
from mou.errors import InputError
from mou.rendering.word.own_layout.tags import Layout
from mou.rendering.word.values import ChangeKind, LossKind, WordFile
from mou.template_files import house_style, manifest_text
from mou.templates import MANIFEST, MARKUP, OWN_LAYOUT, STYLE, TemplateField, TemplateKind
from mou.thai import to_arabic_digits
from mou.word_import import template_page
from mou.word_import.balance import unbalanced
from mou.word_import.blanks import blanks_in
from mou.word_import.elements import Element, Kind, TextElement, shown_text, texts_in
from mou.word_import.fields import fields_besides, fields_of
from mou.word_import.lines import paragraphs_in
from mou.word_import.lists import with_loops
from mou.word_import.own_drafts import is_own_draft
from mou.word_import.pieces import TAG, without_line_ends
from mou.word_import.report import ImportReport, as_record, counts_of
from mou.word_import.signers import Signers, with_signers
from mou.word_import.structure import page_of
from mou.word_import.tags import read_tags
from mou.word_import.writing_languages import has_english_passages, language_of, numerals_of
from signatures.digests import digest_of
from signatures.messages import Message, say

REPORT: Final = "import-report.json"
_CHANGES: Final = {
    ChangeKind.INSERTED: say("an insertion"),
    ChangeKind.DELETED: say("a deletion"),
    ChangeKind.MOVED_AWAY: say("words moved away"),
    ChangeKind.MOVED_HERE: say("words moved here"),
    ChangeKind.FORMATTED: say("another look"),
}
_OURS: Final = say(
    "this is a draft that the program made for one organisation: what stood under a condition there stands in every document now"
)
_SLUG: Final = re.compile(r"[^a-z0-9]+")
_THAI: Final = re.compile("[\u0e01-\u0e4e]")
_TAG: Final = re.compile(r"\{[{%]")


@dataclass(frozen=True, slots=True)
class TemplateWishes:
    """What the secretariat decides and no file can tell; `charter` names the template of the charter that is consented to."""

    name: str
    kind: TemplateKind = TemplateKind.MEMORANDUM
    clauses: FinalClauses | None = None
    charter: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedTemplate:
    """The files of the folder, by name, and the report."""

    files: Mapping[str, bytes]
    report: ImportReport


def name_from(text: str) -> str:
    """Return a template's name made of the text's Latin letters and digits; empty where it has too few."""
    slug = _SLUG.sub("-", to_arabic_digits(text).casefold()).strip("-")[:60].strip("-")
    return slug if re.search("[a-z]{2}", slug) else ""


def template_of(file: WordFile, content: bytes, wishes: TemplateWishes, own_layout: Layout | None = None) -> ImportedTemplate:
    """Return the template that a Word file holds; `content` are its bytes.

    With `own_layout`, the same file with its tags, fields that only the house's own layout shows are declared too.

    Raises:
        InputError: a tag cannot be taken, or the file holds no text; every problem at once, with its place.
    """
    page = page_of(file, as_template=True)
    if not any(one.text.strip() for one in texts_in(page.elements)):
        raise InputError("{file}: a text is expected, there is none; is it all in text boxes or pictures?", file=file.source)
    elements, reading = read_tags(page.elements, has_charter=wishes.charter is not None)
    elements, loop_notes = with_loops(elements)
    problems = [*reading.problems, *unbalanced(elements)]
    if problems:
        raise _refused(file, problems)
    values = _values_of(file)
    signers = with_signers(elements, values, is_charter=wishes.kind is TemplateKind.CHARTER)
    markup = _markup(signers, values)
    fields, problems_of_text = fields_of(markup, reading.labels, file.source)
    if problems_of_text:
        raise _refused(file, list(problems_of_text))
    lost = _notes_on_lost_tags(file, fields)
    if own_layout is not None and holds_tags(file):
        fields += fields_besides(own_layout.tree, fields, reading.labels)
    notes = (*page.notes, *lost, *reading.notes, *loop_notes, *signers.notes)
    report = _report(file, content, signers, fields, wishes, notes)
    if own_layout is not None:
        report = replace(report, layout_problems=own_layout.problems)
    files = {
        MANIFEST: _manifest(signers, fields, wishes).encode(),
        MARKUP: markup.encode(),
        STYLE: (house_style() + template_page.STYLE).encode(),
        REPORT: (json.dumps(as_record(report), ensure_ascii=False, indent=2) + "\n").encode(),
    }
    return ImportedTemplate(files | {OWN_LAYOUT: content} if report.holds_tags else files, report)


def _report(
    file: WordFile,
    content: bytes,
    signers: Signers,
    fields: tuple[TemplateField, ...],
    wishes: TemplateWishes,
    notes: tuple[Message, ...],
) -> ImportReport:
    """Return what became of the file; what our own draft says of itself in its margins is no loss."""
    is_ours = is_own_draft(file.blocks)
    before = (_OURS,) if is_ours else ()
    counts = counts_of(signers.elements)
    return ImportReport(
        source=file.source,
        digest=str(digest_of(content)),
        template=wishes.name,
        fields=tuple(one.name for one in fields),
        losses=tuple(one for one in file.losses if not (is_ours and one.kind is LossKind.HEADER_OR_FOOTER)),
        blanks=blanks_in(signers.elements),
        notes=(
            *before,
            *_notes_on_review(file),
            *notes,
            *_notes_on_text(signers.elements, wishes),
        ),
        holds_tags=holds_tags(file),
        articles=counts["articles"],
        items=counts["items"],
        tables=counts["tables"],
        signature_places=counts["signature_places"],
    )


def holds_tags(file: WordFile) -> bool:
    """Return whether the file can be filled itself, as a house's own layout: a tag may stand in a header or text box alone."""
    texts = (one.text for part in (paragraphs_in(file.blocks), file.losses) for one in part)
    return any(_TAG.search(text) for text in texts)


def _refused(file: WordFile, problems: list[Message]) -> InputError:
    return InputError(
        "{file}: tags that a template can have are expected; correct them in Word and import the file again",
        file=file.source,
        problems=tuple(problems),
    )


def _markup(signers: Signers, values: Mapping[str, str]) -> str:
    each = frozenset(role.name for role in signers.roles if role.for_each_organisation)
    language = language_of(signers.elements)
    return template_page.template_markup(signers.elements, language=language, values=values, each_organisation=each)


def _values_of(file: WordFile) -> dict[str, str]:
    """Return the values that stand in a draft of ours, each with the expression that it is the value of."""
    return {
        without_line_ends(run.text).strip(): run.field
        for one in paragraphs_in(file.blocks)
        for run in one.runs
        if run.field and run.text.strip()
    }


def _manifest(signers: Signers, fields: tuple[TemplateField, ...], wishes: TemplateWishes) -> str:
    lines = title_lines_of(signers.elements) or (wishes.name,)
    numerals, _ = numerals_of(signers.elements)
    return manifest_text(
        name=wishes.name,
        title=_joined_title(lines),
        title_lines=lines,
        kind=wishes.kind,
        languages=(language_of(signers.elements),),
        numerals=numerals,
        version="1",
        fields=fields,
        roles=signers.roles,
        charter=wishes.charter,
        clauses=wishes.clauses,
    )


def title_lines_of(elements: tuple[Element, ...]) -> tuple[str, ...]:
    """Return the lines of the title without tags."""
    title = next((one for one in texts_in(elements) if one.kind is Kind.TITLE), None)
    if title is None:
        return ()
    words = "".join(piece.text for piece in title.pieces if not piece.is_tag)
    return tuple(line for line in (" ".join(line.split()) for line in words.split("\n")) if line)


def _joined_title(lines: tuple[str, ...]) -> str:
    """Return the title on one line: Thai lines join without a space, others with one."""
    parts = [lines[0]]
    for before, line in pairwise(lines):
        is_thai = _THAI.match(before[-1]) and _THAI.match(line)
        parts += [line] if is_thai else [" ", line]
    return "".join(parts)


def _notes_on_lost_tags(file: WordFile, fields: tuple[TemplateField, ...]) -> tuple[Message, ...]:
    """Return a note for each tag in a header, a text box or the like whose field is none of `fields`, which the text uses."""
    names = [one.name for one in fields]
    return tuple(
        say(
            "{place}: {tag} stands where a template has no text, and only the house's own layout shows it; move it into the text"
            " if the PDF of record is to show it too",
            place=loss.place,
            tag=tag,
        )
        for loss in file.losses
        for tag in TAG.findall(loss.text)
        if not any(name in tag for name in names)
    )


def _notes_on_review(file: WordFile) -> tuple[Message, ...]:
    """Return what people had still to decide on, which a template cannot carry."""
    changes = (
        say(
            "{place}: {change} by {author}, as tracked, was taken as accepted: {text}",
            place=one.place,
            change=_CHANGES[one.kind],
            author=one.author,
            text=" ".join(one.text.split()),
        )
        for one in file.changes
    )
    comments = (
        say(
            "{place}: a comment by {author} was left out: {text}",
            place=one.place,
            author=one.author,
            text=" ".join(one.text.split()),
        )
        for one in file.comments
    )
    return (*changes, *comments)


def _notes_on_text(elements: tuple[Element, ...], wishes: TemplateWishes) -> tuple[Message, ...]:
    notes = []
    if not title_lines_of(elements):
        notes.append(say("no title was found; {name} stands in its place in template.toml", name=wishes.name))
    numerals, are_mixed = numerals_of(elements)
    if are_mixed:
        notes.append(say("Thai and Arabic numerals are mixed; the program will write {numerals} ones", numerals=numerals))
    if has_english_passages(elements):
        notes.append(
            say(
                "English passages are marked as English; where both languages count, write languages and prevailing_language"
                " into template.toml"
            )
        )
    bare = [one.number for one in texts_in(elements) if _is_bare_article(one)]
    if bare:
        notes.append(say("the text of {articles} stands below its number now", articles=", ".join(bare)))
    return tuple(notes)


def _is_bare_article(one: TextElement) -> bool:
    return one.kind is Kind.ARTICLE and not shown_text(one.pieces)
