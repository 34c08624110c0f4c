"""How lines of Thai text end: laid out as the program lays them out, read from the layout, and counted. For measure_text.py."""

import html
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

import weasyprint
from weasyprint.formatting_structure.boxes import LineBox, MarginBox, TextBox
from weasyprint.text.line_break import get_log_attrs

from mou.ceremony import read_ceremony
from mou.errors import InputError
from mou.field_values import CharterReference
from mou.filling import fill_template
from mou.models import FilledDocument, Organisation
from mou.organisations import read_organisations
from mou.rendering.checks import bare_text
from mou.rendering.pdf import Renderer
from mou.templates import TemplateKind, bundled_template_names, bundled_templates_folder, load_template
from mou.thai import MONTHS, name_parts, protect
from signatures.digests import digest_of

WIDTHS_MM: Final = (100, 120, 140, 160)
_NUMBER: Final = r"[0-9๐-๙]+(?:[.,:/][0-9๐-๙]+)*"
# What belongs to a number, written down here anew: the program's own list would find what the program finds. White space is gone.
_WITH_NUMBER: Final = re.compile(
    rf"(?P<one>{_NUMBER})(?:{'|'.join(MONTHS)}|องค์กร|คน(?![ก-๎])|ฉบับ|บาท|น\.)"
    rf"|(?P<two>ข้อ|มาตรา|หมวด|พ\.ศ\.|วันที่)(?={_NUMBER})"
)
_WHOLE: Final = re.compile("ฯลฯ|ฯพณฯ|[“‘«].")  # the quotation marks are meant
_TWO_THAI_LETTERS: Final = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]{2}")
_TOLERANCE_PX: Final = 0.5
_STUB: Final = """
#include <stddef.h>
void *th_brk_new(const char *dictionary) { return NULL; }
int th_brk_find_breaks(void *engine, const unsigned char *text, int breaks[], size_t room) { return 0; }
"""


@dataclass(frozen=True, slots=True)
class LineEnds:
    """How often lines of a text end, and how often they end badly.

    Unsound is an end between two Thai letters where Pango, given the whole text between two tags, offers no break.
    """

    ends: int = 0
    unsound: int = 0
    in_names: int = 0
    in_numbers: int = 0
    past_box: int = 0

    def __add__(self, other: "LineEnds") -> "LineEnds":
        return LineEnds(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a layout and how far its last letter stands beyond the box of its paragraph, in pixels."""

    text: str
    past_box: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The lines of one element, and its text in the pieces between its tags."""

    pieces: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def start(self) -> int:
        """Where the lines begin in the element's text, both without white space; -1 if they are not a part of it."""
        return bare_text("".join(self.pieces)).find(bare_text("".join(line.text for line in self.lines)))


def lay_out(document: FilledDocument, width_mm: int, renderer: Renderer) -> weasyprint.Document:
    """Return the pages of a document in a column of this width, as the program lays them out."""
    narrow = replace(document, css=f"{document.css}\nbody {{ width: {width_mm}mm }}")
    pages, _text = renderer._layout(narrow)  # noqa: SLF001  # lines are seen in the layout alone, which nobody else needs
    return pages


def paragraphs(document: weasyprint.Document) -> list[Paragraph]:
    """Return each paragraph with its lines on all pages; what stands in the margins of a page is left out."""
    found: list[Paragraph] = []
    last: dict[int, int] = {}  # where the last lines of an element are
    for page in document.pages:
        for box in _boxes_with_lines(page._page_box):  # noqa: SLF001  # the only place where WeasyPrint keeps lines as lines
            right = box.content_box_x() + box.width
            lines = tuple(_read_line(child, right) for child in box.children if isinstance(child, LineBox))
            before = last.get(id(box.element))
            whole = before is not None and replace(found[before], lines=(*found[before].lines, *lines))
            if whole and whole.start >= 0:  # else the head of a table once more, or text on the other side of a block
                found[before or 0] = whole
            else:
                last[id(box.element)] = len(found)
                found.append(Paragraph(tuple(box.element.itertext()), lines))
    return found


def _boxes_with_lines(box: Any) -> Iterator[Any]:  # noqa: ANN401  # WeasyPrint ships no types
    children = getattr(box, "children", ())
    if any(isinstance(child, LineBox) for child in children):
        yield box
    for child in children:
        if not isinstance(child, MarginBox):
            yield from _boxes_with_lines(child)


def _read_line(line: Any, right: float) -> Line:  # noqa: ANN401
    texts = [box for box in _text_boxes(line) if box.text.strip(" \u200b")]
    edge = max((box.position_x + box.width for box in texts), default=0.0)
    return Line("".join(box.text for box in texts), edge - right)


def _text_boxes(box: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the pieces of text of one line; what an inline block holds has lines of its own."""
    for child in box.children:
        if isinstance(child, TextBox):
            yield child
        elif not any(isinstance(inner, LineBox) for inner in getattr(child, "children", ())):
            yield from _text_boxes(child) if hasattr(child, "children") else ()


def count_line_ends(paragraph: Paragraph, names: Iterable[str]) -> LineEnds:
    """Return how the lines of one paragraph end; `names` are plain text."""
    lines = [bare for line in paragraph.lines if (bare := bare_text(line.text))]
    text = "".join(lines)
    ends = set(list(accumulate(map(len, lines)))[:-1])
    in_thai = {end for end in ends if _TWO_THAI_LETTERS.fullmatch(text[end - 1 : end + 1])}
    return LineEnds(
        ends=len(ends),
        unsound=len(in_thai - sound_places(paragraph)),
        in_names=len(ends & unbreakable_places(text, names)),
        in_numbers=len(ends & places_beside_numbers(text)),
        past_box=sum(line.past_box > _TOLERANCE_PX for line in paragraph.lines),
    )


def sound_places(paragraph: Paragraph) -> set[int]:
    """Return the places of the lines' bare text where Pango offers a break on a whole piece, and the edges of the pieces."""
    place = -paragraph.start
    places: set[int] = set()
    for piece in paragraph.pieces:
        offsets = list(accumulate((len(bare_text(character)) for character in piece), initial=place))
        attributes = get_log_attrs(piece, "th")
        places.update(offset for offset, attribute in zip(offsets, attributes, strict=True) if attribute.is_line_break)
        place = offsets[-1]
        places.add(place)
    return places


def unbreakable_places(text: str, names: Iterable[str]) -> set[int]:
    """Return the places inside the parts of names; the joints of a long name, and a part that is too long itself, are none."""
    places: set[int] = set()
    found: list[tuple[int, int]] = []
    for name in sorted(names, key=lambda name: -len(name)):
        parts = [(bare_text(part), is_protected) for part, is_protected in name_parts(name)]
        joints = list(accumulate((len(part) for part, _ in parts), initial=0))
        for match in re.finditer(re.escape(bare_text(name)), text) if bare_text(name) else ():
            if any(start <= match.start() and match.end() <= end for start, end in found):
                continue  # inside a longer name, which has joints of its own
            found.append(match.span())
            for (start, end), (_, is_protected) in zip(pairwise(joints), parts, strict=True):
                places.update(range(match.start() + start + 1, match.start() + end) if is_protected else ())
    return places


def places_beside_numbers(text: str) -> set[int]:
    """Return the places between a number and what belongs to it, inside ฯลฯ, and behind an opening quotation mark."""
    beside = {match.end("one") if match["one"] else match.end("two") for match in _WITH_NUMBER.finditer(text)}
    return beside | {place for match in _WHOLE.finditer(text) for place in range(match.start() + 1, match.end())}


def count_lines(document: FilledDocument, renderer: Renderer, widths_mm: Sequence[int] = WIDTHS_MM) -> LineEnds:
    """Return how the lines of a document end, all widths together."""
    layouts = (lay_out(document, width, renderer) for width in widths_mm)
    return sum((count_line_ends(one, document.protected_names) for layout in layouts for one in paragraphs(layout)), LineEnds())


def fill_example(name: str) -> FilledDocument:
    """Return a bundled template filled with its own example, or its charter's: the organisation with the longest name."""
    folder = bundled_templates_folder()
    template = load_template(folder / name)
    example = next(path for path in (folder / name / "example", folder / (template.charter or name) / "example") if path.is_dir())
    members = _signing_organisations(example)
    is_charter = template.kind is TemplateKind.CHARTER
    charter = load_template(folder / template.charter) if template.charter else None
    return fill_template(
        template,
        ceremony=read_ceremony(example / "ceremony.toml"),
        organisation=None if is_charter else max(members, key=lambda member: len(member.name_th)),
        members=members if is_charter else (),
        charter=CharterReference(charter.title, charter.version, digest_of(b"charter")) if charter else None,
        sequence=0 if is_charter else 1,
    )


def _signing_organisations(example: Path) -> tuple[Organisation, ...]:
    """Return the organisations of the one list of an example whose organisations all have a representative."""
    for path in sorted(example.glob("*.csv")):
        try:
            found = read_organisations(path).organisations
        except InputError:  # a table of papers, not of organisations
            continue
        if all(organisation.representative for organisation in found):
            return found
    raise FileNotFoundError(f"{example}: no list says for every organisation who represents it")


def bundled_documents() -> dict[str, FilledDocument]:
    """The bundled templates, filled, by their names."""
    return {f"`{name}`": fill_example(name) for name in bundled_template_names()}


def documents_of(folder: Path, names: Sequence[str]) -> dict[str, FilledDocument]:
    """The texts of a folder, a paragraph a line, with the names protected; by what may be said of a text that is not shown."""
    return dict(_document_of(path, number, names) for number, path in enumerate(sorted(folder.glob("*.txt")), 1))


def _document_of(path: Path, number: int, names: Sequence[str]) -> tuple[str, FilledDocument]:
    content = path.read_text("utf-8")
    lines = (line.strip() for line in content.splitlines())
    body = "".join(f"<p>{protect(html.escape(line), names)}</p>" for line in lines if line)
    return f"text {number}, {len(content):,} characters", document_of(body, names, path.parent)


def document_of(body: str, names: Sequence[str], folder: Path) -> FilledDocument:
    """A document from the inside of its body, which nobody signs."""
    markup = f'<!doctype html><html lang="th"><head><title>x</title></head><body>{body}</body></html>'
    return FilledDocument(
        template_name="text",
        template_digest="sha256:00",
        title="x",
        language="th",
        html=markup,
        css="",
        folder=str(folder),
        record={},
        slots=(),
        protected_names=tuple(names),
        document_number=None,
        is_sample=False,
    )


def build_stub(folder: Path) -> Path:
    """Return a library whose libthai functions find nothing, built with the system's C compiler."""
    source, library = folder / "stub.c", folder / "stub.so"
    source.write_text(_STUB, "utf-8")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True, capture_output=True)
    return library
