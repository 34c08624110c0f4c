"""A draft in Word -> its words as a page, and what the file claims beside them; every file is read in one way."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mou.comparison.blocks import Source, blocks_of, read_source
from mou.rendering.word.drafting.draft_words import DIGEST_PROPERTY
from mou.rendering.word.values import Loss, TrackedChange, View, WordBlock, WordComment, WordFile, WordParagraph
from signatures.digests import Digest, digest_of
from signatures.messages import Message, say

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_LIST: Final = say("the list of organisations")
_CEREMONY: Final = say("{file}", file="ceremony.toml")
_CHARTER: Final = say("the charter that this text names")
_ORIGINS: Final = {
    "organisation": _LIST,
    "members": _LIST,
    "host": _CEREMONY,
    "ceremony": _CEREMONY,
    "document.number": _CEREMONY,
    "charter": _CHARTER,
}
_TEMPLATE: Final = say("the template")
_NAME: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FieldValue:
    """Words that a field of the template gave, and its expression (`organisation.name_th`)."""

    expression: str
    value: str

    @property
    def origin(self) -> Message:
        """Where the value comes from, and is to be changed."""
        root = _NAME.match(self.expression)
        exact = _ORIGINS.get(self.expression.partition(" ")[0])
        return exact or _ORIGINS.get(root.group() if root else "", _TEMPLATE)


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A draft, read. `page` is its text with every tracked change accepted, `before` without any of them.

    `document` is the digest of the document that it says it is a draft of: a claim of the file. `fields` are the values of fields
    in its paragraphs and cells, by the words of these.
    """

    name: str
    digest: Digest
    page: Source
    before: Source
    changes: tuple[TrackedChange, ...] = ()
    comments: tuple[WordComment, ...] = ()
    losses: tuple[Loss, ...] = ()
    document: Digest | None = None
    fields: Mapping[str, tuple[FieldValue, ...]] | None = None


def read_draft(name: str, content: bytes, names: Iterable[str] = ()) -> DraftFile:
    """Return the draft.

    Args:
        name: the file's, for people.
        content: the .docx.
        names: names that may be broken into lines, such as `FilledDocument.protected_names`.

    Raises:
        InputError: it is no .docx, or one that is not opened: with a macro, an external link, a password, past the limit.
    """
    from mou.rendering.word.reading.word_file import read_word  # loads python-docx
    from mou.word_import.markup import html_of

    known = tuple(names)
    after = read_word(name, content)
    before = read_word(name, content, view=View.BEFORE_CHANGES) if after.changes else after
    return DraftFile(
        name,
        digest_of(content),
        read_source(html_of(after), known),
        read_source(html_of(before), known),
        after.changes,
        after.comments,
        after.losses,
        document_of(after),
        fields_in(after, known),
    )


def document_of(file: WordFile) -> Digest | None:
    """Return the digest of the document that the file says it is a draft of: its property's, else the one in its margins."""
    stated = [file.properties.get(DIGEST_PROPERTY, ""), *file.margins]
    found = next((match.group() for text in stated if (match := _DIGEST.search(text))), None)
    return Digest.parse(found) if found else None


def fields_in(file: WordFile, names: Iterable[str] = ()) -> dict[str, tuple[FieldValue, ...]]:
    """Return the values of fields by the words of the paragraph that they stand in."""
    found: defaultdict[str, dict[FieldValue, None]] = defaultdict(dict)
    known = tuple(names)
    for paragraph in _paragraphs(file.blocks):
        values = [FieldValue(run.field, _words(run.text, known)) for run in paragraph.runs if run.field]
        if values:
            found[_words(f"{paragraph.number} {paragraph.text}", known)] |= dict.fromkeys(one for one in values if one.value)
    return {words: tuple(values) for words, values in found.items()}


def _paragraphs(blocks: Iterable[WordBlock]) -> Iterator[WordParagraph]:
    for block in blocks:
        if isinstance(block, WordParagraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from _paragraphs(cell.blocks)


def _words(text: str, names: tuple[str, ...]) -> str:
    """Return the text as the page has it."""
    markup = html.escape(text, quote=False).replace("\n", "<br>")
    return " ".join(block.text for block in blocks_of(markup, names))
