"""A Word file -> its page: our own draft by the styles of its paragraphs, anybody's file by how its lines look. Pure."""

from mou.rendering.word.values import WordFile
from mou.word_import.elements import Page
from mou.word_import.own_drafts import is_own_draft, own_elements
from mou.word_import.recognising import recognised


def page_of(file: WordFile, *, as_template: bool = False) -> Page:
    """Return the page; `as_template` keeps tags apart from the words, and writes a field's tag in the place of its value."""
    if is_own_draft(file.blocks):
        return Page(own_elements(file.blocks, as_template=as_template))
    return Page(*recognised(file.blocks, as_template=as_template))
