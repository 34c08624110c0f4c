"""What an organisation does to a draft in Word: with tracking on and off, and what its program writes when it tracks."""

import copy
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

WHEN = "2026-11-25T09:30:00Z"


def opened(path: Path) -> Document:
    return docx.Document(str(path))


def content_of(document: Document) -> bytes:
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


def paragraph_with(document: Document, words: str) -> Any:  # noqa: ANN401  # python-docx's Paragraph
    """The first paragraph of the body, or of a table's cell, that holds these words."""
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(one for cell in cells for one in cell.paragraphs)]
    return next(one for one in paragraphs if words in one.text)


def run_with(document: Document, words: str) -> Any:  # noqa: ANN401  # python-docx's Run
    return next(one for one in paragraph_with(document, words).runs if words in one.text)


def retyped(document: Document, old: str, new: str) -> None:
    """Type other words with tracking off."""
    run = run_with(document, old)
    run.text = run.text.replace(old, new)


def added_after(document: Document, words: str, text: str) -> None:
    """Type a paragraph more below the one with these words, in its style, with tracking off."""
    paragraph = paragraph_with(document, words)
    element = copy.deepcopy(paragraph._p)  # python-docx has no way to copy a paragraph
    paragraph._p.addnext(element)
    added = type(paragraph)(element, paragraph._parent)
    for run in added.runs[1:]:
        run._r.getparent().remove(run._r)
    added.runs[0].text = text


def taken_out(document: Document, words: str) -> None:
    """Delete the paragraph with these words, with tracking off."""
    paragraph = paragraph_with(document, words)
    paragraph._p.getparent().remove(paragraph._p)


def tracked(document: Document, old: str, new: str, author: str = "คุณผู้ตรวจ <x>") -> None:
    """Type other words with tracking on: what was there stays in the file as deleted."""
    run = run_with(document, old)
    before, _, after = run.text.partition(old)
    run.text = before
    last = run._r
    for tag, text_tag, text in (("w:del", "w:delText", old), ("w:ins", "w:t", new)):
        if text:
            change = _change(tag, author)
            change.append(_copied_run(run, text, text_tag))
            last.addnext(change)
            last = change
    if after:
        last.addnext(_copied_run(run, after, "w:t"))


def _change(tag: str, author: str) -> Any:  # noqa: ANN401  # an lxml element
    change = OxmlElement(tag)
    change.set(qn("w:id"), "901")
    change.set(qn("w:author"), author)
    change.set(qn("w:date"), WHEN)
    return change


def _copied_run(run: Any, text: str, text_tag: str) -> Any:  # noqa: ANN401
    copied = copy.deepcopy(run._r)
    for child in list(copied):
        if child.tag != qn("w:rPr"):
            copied.remove(child)
    holder = OxmlElement(text_tag)
    holder.text = text
    holder.set(qn("xml:space"), "preserve")
    copied.append(holder)
    return copied


def saved(source: Path, target: Path, *edits: Callable[[Document], None]) -> Path:
    """The draft with these edits, under another name."""
    document = opened(source)
    for edit in edits:
        edit(document)
    target.write_bytes(content_of(document))
    return target
