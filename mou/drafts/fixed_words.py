"""Words of a text that no draft changes, because more than the text hangs on them: they are changed in the template. Pure.

1. The final clauses, as the template's data are printed: the program computes with the data. Nothing is put in among them
   either, except a new article behind one.
2. The sentence that says which language prevails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mou.charter.wording import clauses_in_thai
from mou.charter.wording_en import clauses_in_english
from mou.comparison.blocks import Block, Source, plain_text
from mou.drafts.edits import BlockEdit, Insert, Move, Remove, Replace
from mou.templates import Template
from signatures.messages import Message, say

_CLAUSE: Final = say("these are words of the final clauses, with which the program computes: change the template's final clauses")
_AMONG_CLAUSES: Final = say(
    "it would stand among the words of the final clauses, with which the program computes: write it as an article of its own "
    "behind them, or change the template's final clauses"
)
_PREVAILING: Final = say("this sentence says which language prevails: change it in the template")


@dataclass(frozen=True, slots=True)
class FixedWords:
    """The paragraphs and items of the final clauses, and the sentences on the language that prevails, as plain text."""

    clauses: frozenset[str] = frozenset()
    sentences: tuple[str, ...] = ()

    def reasons(self, source: Source, edits: Sequence[tuple[int, BlockEdit]]) -> list[tuple[int, Message]]:
        """Return why edits are not carried over, each with its change's number as they have it; none where all are."""
        found: list[tuple[int, Message]] = []
        headed: set[int | None] = set()
        for number, edit in edits:
            if isinstance(edit, (Insert, Move)):
                is_heading = bool(_put_in(source, edit).level)
                if self._is_among_clauses(source, edit.after, is_headed=is_heading or edit.after in headed):
                    found.append((number, _AMONG_CLAUSES))
                if is_heading:
                    headed.add(edit.after)
            elif (why := self._reason(source, edit)) is not None:
                found.append((number, why))
        return found

    def _reason(self, source: Source, edit: Replace | Remove) -> Message | None:
        text = source.blocks[edit.block].block.text
        if self._is_clause(text):
            return _CLAUSE
        new = " ".join(edit.cells) if isinstance(edit, Replace) else ""
        return _PREVAILING if any(one in text and one not in new for one in self.sentences) else None

    def _is_among_clauses(self, source: Source, after: int | None, *, is_headed: bool) -> bool:
        """Return whether what is put in there would stand in an article of the final clauses, or take a part of one away."""
        if after is None:
            return False
        following = after + 1
        is_before_clause = following < len(source.blocks) and self._is_clause(source.blocks[following].block.text)
        return is_before_clause or (not is_headed and self._is_clause(source.blocks[after].block.text))

    def _is_clause(self, text: str) -> bool:
        return text in self.clauses or text.partition(" ")[2] in self.clauses  # an item has its number before it


def _put_in(source: Source, edit: Insert | Move) -> Block:
    return edit.new.block if isinstance(edit, Insert) else source.blocks[edit.block].block


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
