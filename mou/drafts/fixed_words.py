"""Words of a text that no draft changes, because more than the text hangs on them: they are changed in the template. Pure.

1. The final clauses, as the template's data are printed: the program computes with the data.
2. The sentence that says which language prevails.
"""

from dataclasses import dataclass
from typing import Final

from mou.charter.wording import clauses_in_thai
from mou.charter.wording_en import clauses_in_english
from mou.comparison.blocks import Source, plain_text
from mou.drafts.edits import BlockEdit, Remove, Replace
from mou.templates import Template
from signatures.messages import Message, say

_CLAUSE: Final = say("these are words of the final clauses, with which the program computes: change the template's final clauses")
_PREVAILING: Final = say("this sentence says which language prevails: change it in the template")


@dataclass(frozen=True, slots=True)
class FixedWords:
    """The paragraphs and items of the final clauses, and the sentences on the language that prevails, as plain text."""

    clauses: frozenset[str] = frozenset()
    sentences: tuple[str, ...] = ()

    def reason(self, source: Source, edit: BlockEdit) -> Message | None:
        """Return why an edit is not carried over, or None."""
        if not isinstance(edit, (Replace, Remove)):
            return None
        text = source.blocks[edit.block].block.text
        if text in self.clauses or text.partition(" ")[2] in self.clauses:  # an item has its number before it
            return _CLAUSE
        new = " ".join(edit.cells) if isinstance(edit, Replace) else ""
        return _PREVAILING if any(one in text and one not in new for one in self.sentences) else None


def fixed_words(template: Template) -> FixedWords:
    """Return the words that are changed in the template alone."""
    sentences = tuple(plain_text(one) for one in template.prevailing.values())
    if template.clauses is None:
        return FixedWords(sentences=sentences)
    thai = clauses_in_thai(template.clauses, numerals=template.numerals)
    english = clauses_in_english(template.clauses)
    printed = [text for one in thai for text in (*one.paragraphs, *one.items, *one.closing)]
    printed += [text for one in english for text in (*one.paragraphs, *one.items, *one.closing)]
    return FixedWords(frozenset(map(plain_text, printed)), sentences)
