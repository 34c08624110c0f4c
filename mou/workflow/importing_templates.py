"""Use case: a Word file becomes a template's folder, once; the same file again gives what is there.

Order: read and judge the whole file, then write the folder at once. *A crash before the folder has its name leaves nothing that
is taken for a template.*
"""

import json
from dataclasses import dataclass
from pathlib import Path

from mou.errors import InputError
from mou.rendering.word.reading.word_file import read_word
from mou.template_files import require_template_name, write_template
from mou.templates import Template, load_template
from mou.word_import.own_layout import layout_of
from mou.word_import.report import ImportReport
from mou.word_import.template_of import REPORT, TemplateWishes, holds_tags, template_of
from signatures.digests import digest_of


@dataclass(frozen=True, slots=True)
class TemplateImport:
    """The template, and what became of its file; `was_there` when the same file had been imported before."""

    template: Template
    report: ImportReport
    was_there: bool = False


def import_template(file: Path, content: bytes, folder: Path, wishes: TemplateWishes) -> TemplateImport:
    """Make the template `wishes.name` in this folder of templates out of a Word file.

    Raises:
        InputError: the file or one of its tags cannot be used, or there is a folder that was not made from it.
        TemplateError: the text and the manifest do not go together.
    """
    require_template_name(wishes.name)
    word = read_word(file.name, content)
    layout = layout_of(content, file.name, has_charter=wishes.charter is not None) if holds_tags(word) else None
    imported = template_of(word, content, wishes, layout)
    target = folder / wishes.name
    if target.exists():
        return TemplateImport(_made_before(target, content), imported.report, was_there=True)
    return TemplateImport(write_template(target, imported.files), imported.report)


def _made_before(target: Path, content: bytes) -> Template:
    """Return the template that is there, if it was made from these very bytes; somebody may have worked on it since."""
    if _digest_of_source(target) != str(digest_of(content)):
        raise InputError(
            "{folder}: a folder that is not there yet is expected, or one made from this very file; choose another --name",
            folder=target,
        )
    return load_template(target)


def _digest_of_source(target: Path) -> str | None:
    try:
        record = json.loads((target / REPORT).read_bytes())
    except (OSError, ValueError):
        return None
    return record.get("source_digest") if isinstance(record, dict) else None
