"""The content of paragraphs, run by run: text with its look, and everything that is no text of the page.

What goes on from one paragraph into the next is kept here: fields, bookmarks, the ranges of comments, what is left out. An
element that is not known is read through: its text is never lost because of what stands around it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from mou.rendering.word.element_names import MC, Element, M, R, W
from mou.rendering.word.reading.changes_apart import Note, changes_apart
from mou.rendering.word.reading.controls import is_contents, is_form_control
from mou.rendering.word.reading.drawings import DRAWINGS, lost_drawings
from mou.rendering.word.reading.gathering import FieldMark, Gathered, GatheredChange
from mou.rendering.word.reading.open_fields import OpenField, link_loss, opened
from mou.rendering.word.reading.plain_text import PROPERTIES, SIGNS, TEXTS, chosen, excerpt, plain_text, words_of
from mou.rendering.word.reading.resolved_styles import RunLook, Styles
from mou.rendering.word.reading.symbols import is_private, sign_of, symbol
from mou.rendering.word.revisions import KINDS, author_of, formattings, is_same_act, properties_in, stands, time_of
from mou.rendering.word.values import ChangeKind, LossKind, View

LONGEST_QUOTE: Final = 1_000
DAYS_OF_WORD: Final = tuple(f"{W}{unit}{length}" for unit in ("day", "month", "year") for length in ("Short", "Long"))
"""The day on which Word shows the file (ISO/IEC 29500-1, 17.3.3)."""
_PLAIN: Final = RunLook()


def _said(say_text: Callable[[str, RunLook], None], sign: str) -> Callable[[Element, RunLook], None]:
    return lambda _, look: say_text(sign, look)


class InlineReader:
    """Reads the content of one file's paragraphs into what is being gathered, in reading order."""

    def __init__(
        self,
        styles: Styles,
        view: View,
        *,
        expressions: Mapping[str, str],
        addresses: Mapping[str, str],
        notes: Mapping[str, Mapping[str, Note]],
        unmatched: frozenset[Element],
    ) -> None:
        """`expressions` are those of our bookmarks, `addresses` those of links, `notes` those of `footnote` and `endnote`.

        `unmatched` are the first marks of fields without a last one: what follows them is text like any other.
        """
        self.gathered = Gathered()
        self.told_by_row: frozenset[tuple[ChangeKind, str]] = frozenset()
        """Changes that are told with the row that they fill: who inserts a row inserts its text."""
        self._quotable: list[str] = []
        self._quotes: dict[str, tuple[int, int]] = {}
        self._styles = styles
        self._view = view
        self._expressions = expressions
        self._addresses = addresses
        self._notes = notes
        self._told_notes: set[tuple[str, str]] = set()
        self._unmatched = unmatched
        self._fields: list[OpenField] = []
        self._marks: dict[str, FieldMark] = {}
        self._filled: set[str] = set()
        self._left_out: list[str] | None = None
        self._controls_left_out = 0
        self._style = ""
        self._run_readers: dict[str, Callable[[Element, RunLook], None]] = {
            **dict.fromkeys(TEXTS, lambda words, look: self._text(words_of(words), look)),
            **{tag: _said(self._text, sign) for tag, sign in SIGNS.items()},
            **dict.fromkeys((f"{W}instrText", f"{W}delInstrText"), self._instruction),
            **dict.fromkeys((f"{W}footnoteReference", f"{W}endnoteReference"), self._note_reference),
            **dict.fromkeys(DRAWINGS, lambda drawing, _: self._drawing(drawing)),
            f"{W}br": self._break,
            f"{W}sym": self._sign,
            f"{W}fldChar": self._field_mark,
            f"{W}pgNum": lambda _mark, _look: self._lose(LossKind.COMPUTED, "PAGE"),
            **dict.fromkeys(DAYS_OF_WORD, lambda day, _: self._lose(LossKind.COMPUTED, day.tag.removeprefix(W))),
            f"{MC}AlternateContent": self._choice_in_run,
        }
        self._readers: dict[str, Callable[[Element], None]] = {
            f"{W}r": self._run,
            f"{W}bookmarkStart": self._bookmark_begins,
            f"{W}bookmarkEnd": self._bookmark_ends,
            f"{W}commentRangeStart": self._comment_begins,
            f"{W}commentRangeEnd": self._comment_ends,
            f"{W}commentReference": self._comment_stands,
            f"{W}fldSimple": self._simple_field,
            f"{W}hyperlink": self._link,
            f"{W}sdt": self.control,
            f"{M}oMath": lambda formula: self._lose(LossKind.EQUATION, plain_text(formula)),
            f"{W}ruby": self._ruby,
            f"{MC}AlternateContent": self._alternatives,
            **dict.fromkeys(KINDS, self._change),
            **dict.fromkeys(PROPERTIES, lambda _: None),
        }

    @property
    def is_leaving_out(self) -> bool:
        """Whether what is read now is in no block: a table of contents."""
        return self._left_out is not None

    def begin(self) -> None:
        """Begin to gather the next paragraph."""
        self.gathered = Gathered()

    def paragraph(self, paragraph: Element, style: str) -> None:
        """Read a paragraph's content; `style` is the id of its style."""
        self._style = style
        self.through(paragraph)
        if self._left_out is not None:
            self._left_out.append("\n")
        self._quotable.append("\n")

    def quote(self, comment: str) -> str:
        """Return the words that a comment is about, at most so many."""
        words, left = [], LONGEST_QUOTE
        begin, end = self._quotes.get(comment, (0, 0))
        for at in range(begin, end):
            words.append(self._quotable[at][:left])
            left -= len(words[-1])
            if not left:
                return "".join(words) + "…"
        return "".join(words).strip()

    def through(self, element: Element) -> None:
        """Read what stands in an element."""
        for child in element:
            if isinstance(child.tag, str):
                self.read(child)

    def read(self, element: Element) -> None:
        """Read one element between the runs of a paragraph, or between paragraphs."""
        self._readers.get(element.tag, self.through)(element)

    def control(self, control: Element, read_through: Callable[[Element], None] | None = None) -> None:
        """Read what a content control holds; `read_through` reads whole paragraphs and tables, where it holds such."""
        content = control.find(f"{W}sdtContent")
        if content is None:
            return
        with self._leaving_out(is_contents(control)):
            (read_through or self.through)(content)
        self.note_form(control)

    def note_form(self, control: Element) -> None:
        """Note a content control in which somebody chooses or types; what it shows is read as text."""
        if is_form_control(control):
            self._lose(LossKind.FORM_CONTROL, excerpt(control, self._view))

    @contextmanager
    def _leaving_out(self, really: bool) -> Iterator[None]:  # noqa: FBT001 the one question of this function
        if not really:
            yield
            return
        self._controls_left_out += 1
        self._left_out = [] if self._left_out is None else self._left_out
        yield
        self._controls_left_out -= 1
        self._stop_leaving_out()

    def _stop_leaving_out(self) -> None:
        if self._left_out is None or self._controls_left_out or any(one.is_left_out for one in self._fields):
            return
        text = "".join(self._left_out).strip()
        self._left_out = None
        self.gathered.lose(LossKind.COMPUTED, text)

    def _lose(self, kind: LossKind, text: str) -> None:
        if self._left_out is None:
            self.gathered.lose(kind, text)

    def _alternatives(self, alternatives: Element) -> None:
        if (choice := chosen(alternatives)) is not None:
            self.through(choice)

    # Runs

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        for change in formattings(properties):
            self._note(change, ChangeKind.FORMATTED, excerpt(run))
        text = "".join(one.text or "" for one in run.iterchildren(*TEXTS))
        look = self._styles.look_of(properties_in(properties, self._view), self._style, text)
        self._run_content(run, look)

    def _run_content(self, run: Element, look: RunLook) -> None:
        for child in run:
            if child.tag in self._run_readers:
                self._run_readers[child.tag](child, look)
            elif isinstance(child.tag, str):
                self.read(child)

    def _choice_in_run(self, alternatives: Element, look: RunLook) -> None:
        if (choice := chosen(alternatives)) is not None:
            self._run_content(choice, look)

    def _instruction(self, words: Element, _: RunLook) -> None:
        if self._fields and not self._fields[-1].in_result:
            self._fields[-1].pieces.append(words.text or "")

    def _note_reference(self, reference: Element, _: RunLook) -> None:
        kind = reference.tag.removeprefix(W).removesuffix("Reference")
        name = (kind, reference.get(f"{W}id", ""))
        note = self._notes[kind].get(name[1])
        if note is None or name in self._told_notes:  # whoever refers to a note once more refers to one that is told already
            self._lose(LossKind.FOOTNOTE, "")
            return
        self._told_notes.add(name)
        self._lose(LossKind.FOOTNOTE, note.text)
        self.gathered.changes.extend(note.changes)

    def _break(self, mark: Element, look: RunLook) -> None:
        if mark.get(f"{W}type") == "page":
            self._page_break()
        else:
            self._text("\n", look)

    def _text(self, text: str, look: RunLook) -> None:
        """Take text of the page, unless it is in an instruction, left out or hidden."""
        if not text or any(not one.in_result for one in self._fields):
            return
        if self._left_out is not None:
            self._left_out.append(text)
            return
        if look.is_hidden:
            self.gathered.lose(LossKind.HIDDEN_TEXT, text, stretch="hidden")
            return
        text = self._readable(text, look)
        if look.is_struck or look.is_raised:
            self.gathered.lose(LossKind.OTHER, text, stretch=f"{look.is_struck} {look.is_raised}")
        else:
            self.gathered.end_stretch()
        if self.gathered.page_break_follows and text.strip():
            self.gathered.page_break_follows = False
            self.gathered.lose(LossKind.OTHER, text)
            text = f"\n{text}"
        for one in self._fields:
            one.shown.append(text)
        self._quotable.append(text)
        mark = next(reversed(self._marks.values()), None)
        if mark:
            self._filled.add(mark.name)
        self.gathered.add(text, look, mark)

    def _readable(self, text: str, look: RunLook) -> str:
        if not any(map(is_private, text)):
            return text
        for one in text:
            if is_private(one) and symbol(look.font, ord(one)) is None:
                self._lose(LossKind.OTHER, f"{look.font} {ord(one):04X}")
        return "".join((symbol(look.font, ord(one)) or one) if is_private(one) else one for one in text)

    def _sign(self, sign: Element, look: RunLook) -> None:
        if (character := sign_of(sign)) is None:
            self._lose(LossKind.OTHER, f"{sign.get(f'{W}font', '')} {sign.get(f'{W}char', '')}".strip())
        else:
            self._text(character, look)

    def _page_break(self) -> None:
        if self._left_out is not None:
            return
        if self.gathered.has_text:
            self.gathered.page_break_follows = True
        else:
            self.gathered.begins_page = True

    def _drawing(self, drawing: Element) -> None:
        for kind, text in lost_drawings(drawing, self._view):
            self._lose(kind, text)
        self.gathered.changes.extend(changes_apart(drawing))
        for reference in drawing.iter(f"{W}commentReference"):
            self._comment_stands(reference)

    def _ruby(self, ruby: Element) -> None:
        if (above := ruby.find(f"{W}rt")) is not None:
            self._lose(LossKind.OTHER, plain_text(above))
        if (base := ruby.find(f"{W}rubyBase")) is not None:
            self.through(base)

    # Fields and links

    def _field_mark(self, mark: Element, look: RunLook) -> None:
        kind = mark.get(f"{W}fldCharType")
        if mark in self._unmatched:
            return
        if kind == "begin":
            self._fields.append(opened(mark))
        elif kind == "separate" and self._fields:
            self._begin_result(self._fields[-1])
        elif kind == "end" and self._fields:
            self._end_field(look)

    def _begin_result(self, field: OpenField) -> None:
        field.begin_result()
        if field.is_left_out and self._left_out is None:
            self._left_out = []

    def _end_field(self, look: RunLook) -> None:
        ended = self._fields.pop()
        if (own := ended.text_of_its_own()) and not "".join(ended.shown).strip():
            self._text(own, look)
            ended.shown.append(own)
        if (loss := ended.loss()) and all(one.in_result for one in self._fields):
            self._lose(*loss)
        self._stop_leaving_out()

    def _simple_field(self, simple: Element) -> None:
        self._fields.append(OpenField(pieces=[simple.get(f"{W}instr", "")]))
        self._begin_result(self._fields[-1])
        self.through(simple)
        self._end_field(_PLAIN)

    def _link(self, link: Element) -> None:
        self.through(link)
        if address := self._addresses.get(link.get(f"{R}id", "")):
            self._lose(*link_loss(excerpt(link, self._view), address))

    # Changes, comments, bookmarks

    def _change(self, change: Element) -> None:
        before = change.getprevious()
        goes_on = before is not None and is_same_act(before, change)
        self._note(change, KINDS[change.tag], excerpt(change), goes_on=goes_on)
        if stands(change, self._view):
            self.through(change)
            return
        # What does not stand in this view says nothing; who changed or asked what inside of it is told all the same.
        for inner in change.iterdescendants(*KINDS, f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference"):
            if inner.tag in KINDS:
                self._note(inner, KINDS[inner.tag], excerpt(inner))
            else:
                self.read(inner)

    def _note(self, change: Element, kind: ChangeKind, text: str, *, goes_on: bool = False) -> None:
        author = author_of(change)
        if (kind, author) not in self.told_by_row:
            self.gathered.change(GatheredChange(kind, author, time_of(change), [text]), goes_on=goes_on)

    def note_mark(self, change: Element, text: str, *, after: Element = None) -> None:
        """Note a tracked change that is no run: of a paragraph's end, a row, a cell, or of formatting.

        It is one with the change `after` which it stands, if the same person did both at once.
        """
        goes_on = after is not None and is_same_act(after, change)
        self._note(change, KINDS.get(change.tag, ChangeKind.FORMATTED), text, goes_on=goes_on)

    def _comment_begins(self, mark: Element) -> None:
        name = mark.get(f"{W}id", "")
        self._quotes[name] = (len(self._quotable), len(self._quotable))
        self.gathered.comments.append(name)

    def _comment_ends(self, mark: Element) -> None:
        name = mark.get(f"{W}id", "")
        if name in self._quotes:
            self._quotes[name] = (self._quotes[name][0], len(self._quotable))

    def _comment_stands(self, mark: Element) -> None:
        self.gathered.comments.append(mark.get(f"{W}id", ""))

    def _bookmark_begins(self, mark: Element) -> None:
        name = mark.get(f"{W}name", "")
        if name in self._expressions:
            self._marks[mark.get(f"{W}id", "")] = FieldMark(name, self._expressions[name])

    def _bookmark_ends(self, mark: Element) -> None:
        ended = self._marks.pop(mark.get(f"{W}id", ""), None)
        if ended and ended.name not in self._filled and self._left_out is None:
            self.gathered.add("", _PLAIN, ended)  # the value was empty; the place of the field is kept
