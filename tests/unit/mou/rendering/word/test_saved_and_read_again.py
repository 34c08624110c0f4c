"""A draft that we wrote, opened and saved by LibreOffice, read again: the same text, styles and fields."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mou.rendering.word.drafting.draft import word_of
from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import LossKind, WordBlock, WordFile, WordParagraph
from signatures.digests import digest_of
from tests.golden.draw_pages import EXAMPLES, fill_example
from tests.office import WORD_FORMAT, converted


def _paragraphs(blocks: Iterable[WordBlock]) -> Iterator[WordParagraph]:
    for block in blocks:
        if isinstance(block, WordParagraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from _paragraphs(cell.blocks)


def _seen(file: WordFile) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    return [
        (one.style.casefold(), one.number, one.text, [(run.text, run.field) for run in one.runs if run.field])
        for one in _paragraphs(file.blocks)
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_draft_says_the_same_after_libreoffice_has_saved_it(name: str, tmp_path: Path) -> None:
    filled = fill_example(name, marks_fields=True)
    draft = tmp_path / "draft.docx"
    draft.write_bytes(word_of(filled, digest=digest_of(b"the PDF"), created=datetime(2022, 3, 29, tzinfo=UTC)))

    sent = read_word("sent.docx", draft.read_bytes())
    returned = read_word("returned.docx", converted(draft, WORD_FORMAT, tmp_path / "saved").read_bytes())

    assert _seen(returned) == _seen(sent)
    assert any(fields for *_, fields in _seen(sent))
    assert {one.kind for one in returned.losses} <= {LossKind.HEADER_OR_FOOTER, LossKind.PICTURE}
