"""A draft of ours, opened and saved by LibreOffice, is read again as the document that it was made of."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from mou.comparison.articles import articles_of
from mou.models import FilledDocument
from mou.rendering.word.drafting.draft import word_of
from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import LossKind, WordFile
from mou.word_import.markup import html_of
from signatures.digests import digest_of
from tests.golden.draw_pages import EXAMPLES, fill_example
from tests.office import WORD_FORMAT, converted

CREATED = datetime(2022, 3, 29, tzinfo=UTC)
DIGEST = digest_of(b"the PDF")


def as_written(filled: FilledDocument) -> WordFile:
    return read_word("draft.docx", word_of(filled, digest=DIGEST, created=CREATED))


def as_saved(filled: FilledDocument, folder: Path) -> WordFile:
    """The draft as it comes back from somebody who opened it in LibreOffice and saved it."""
    draft = folder / "draft.docx"
    draft.write_bytes(word_of(filled, digest=DIGEST, created=CREATED))
    return read_word("draft.docx", converted(draft, WORD_FORMAT, folder / "saved").read_bytes())


def fields_in(html: str) -> set[str]:
    return {unescape(found) for found in re.findall(r'<data value="([^"]*)"', html)}


def tags_in(html: str) -> set[str]:
    return {unescape(found) for found in re.findall(r"\{\{ (.*?) \}\}", html)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_articles_numbers_and_fields_are_the_same_after_libreoffice_saved_it(name: str, tmp_path: Path) -> None:
    filled = fill_example(name, marks_fields=True)
    expected = articles_of(filled.html, filled.protected_names)
    for file in (as_written(filled), as_saved(filled, tmp_path)):
        found = articles_of(html_of(file), filled.protected_names)
        assert [one.name for one in found] == [one.name for one in expected]
        assert found == expected
        assert tags_in(html_of(file, as_template=True)) == fields_in(filled.html)
        assert {loss.kind for loss in file.losses} == {LossKind.HEADER_OR_FOOTER}


@pytest.mark.parametrize("name", ["A&B <x>", 'มูลนิธิ "บ้าน" & ‘เรือน’', "“ไทย” <b>หนา</b> {{ host.name_th }}"])
def test_a_name_of_any_kind_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    from markupsafe import escape

    filled = fill_example("lanna-mou")
    named = replace(filled, html=f'<html lang="th"><body><h1>{escape(name)}</h1><p>กับ {escape(name)} นี้</p></body></html>')
    for file in (as_written(named), as_saved(named, tmp_path)):
        (article,) = articles_of(html_of(file))
        assert (article.heading, article.paragraphs) == (name, (f"กับ {name} นี้",))


def test_a_value_over_several_lines_is_one_field(tmp_path: Path) -> None:
    filled = fill_example("lanna-mou", marks_fields=True)
    markup = html_of(as_saved(filled, tmp_path), as_template=True)
    assert "กับ<strong>{{ organisation.name_th | lines(44) }}</strong>" in markup
