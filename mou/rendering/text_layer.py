"""A finished PDF -> the same page images with text that copies out exactly, and the text runs that were found on the way.

WeasyPrint takes the text of a glyph from where the glyph is first used, so that every SARA AM of a Thai document comes out
as SARA AA or the other way round. The remedy works on the finished file and touches no private part of WeasyPrint:

a.  Each Thai glyph says what the font says: its code point, else its name (`faces.GlyphTable.text_of`).
b1. A cluster with NIKHAHIT and SARA AA is wrapped in a `/Span` with `ActualText`, which has SARA AM after the tone mark.
b2. A cluster with a raised mark is wrapped together with the cluster that follows, again and again while that one has a
    raised mark too. PDFium sorts pieces of a line by position and would put a raised mark behind its neighbour.
b3. Where nothing follows in the same text object, a raised mark is led in by a blank glyph that begins a little to the left,
    and moved back over it: the piece then begins before the next text object does, and PDFium keeps the order. A second
    blank behind the mark, moved back over as well, keeps MuPDF from reading the mark twice: it counts the bytes of an
    ActualText's end where it means characters (1.28, source/fitz/stext-device.c).

Spans open and close inside one text object, so they nest in the tagged content. Nothing that is drawn changes.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf

from mou.errors import RenderingError
from mou.rendering.faces import bundled_family, face_in_pdf, glyph_table

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
FontSetting = tuple[bytes, float]  # the font's resource name and its size

# One operation: its operands and its operator. Only flat dictionaries and arrays of hex strings and numbers, since
# WeasyPrint writes nothing else; whatever does not match is refused, never skipped.
_OPERATION = re.compile(
    rb"\s*(?P<operands>(?:(?:[-+]?[\d.]+|/[^\s\[\]<>()/%{}]*|\[[-+.\d\s]*\]|<<[^<>()]*>>)\s+)*)(?P<operator>[A-Za-z'\"]+[01]?\*?)"
)
# Operations of one placement that show text: font and size, rise, glyphs.
_STRETCH = re.compile(rb"(?:\s*(?:/\w+\s+[\d.]+\s+Tf|[-+.\d]+\s+Ts|\[[-+.\d\s<>A-Fa-f]*\]\s*TJ)(?=\s))+")
_PART = re.compile(rb"/(?P<font>\w+)\s+(?P<size>[\d.]+)\s+Tf|(?P<rise>[-+.\d]+)\s+Ts|(?P<array>\[[^\]]*\])\s*TJ")
_GLYPH = re.compile(rb"[0-9A-Fa-f]{4}(?=[0-9A-Fa-f]*>)")
_KERN = re.compile(rb"[>\[]\s*([-+.\d]+)")
_LEADING_SHIFT = re.compile(rb"\[\s*([-+.\d]*)(?=\s*<)")
_MARKED_CONTENT_ID = re.compile(rb"/MCID\s+(\d+)")
_MAP_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_MAP_ENTRY = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]*)>")
_LEAD = 20  # thousandths of the font size: more than rounding moves a piece, less than any letter is wide
_MAP_BATCH = 100  # entries in one bfchar block at most (Adobe Technical Note 5014)

# MAI HAN-AKAT, SARA I to PHINTHU, MAITAIKHU to YAMAKKAN stand above or below the consonant before them.
# Sarabun joins NIKHAHIT and a tone mark in one glyph.
_MARKS = frozenset(map(chr, (0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F)))) | {
    "\u0e4d" + tone for tone in "\u0e48\u0e49\u0e4a\u0e4b"
}
_NIKHAHIT, _SARA_AA, _SARA_AM = "\u0e4d", "\u0e32", "\\1\u0e33"
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_ASCENT, _DESCENT = 1.0, 0.25  # of the font size: the room that stacked marks and lower vowels take

_UNTOUCHED: Matrix = (1, 0, 0, 1, 0, 0)
# Operators that place or show text in ways WeasyPrint does not use; a position computed without them would be wrong.
_UNEXPECTED = frozenset((b"Td", b"TD", b"T*", b"TL", b"Tc", b"Tw", b"Tz", b"Tf", b"Ts", b"TJ", b"Tj", b"'", b'"', b"BI"))
_REMEMBERED_STRETCHES = 20_000  # about 10 MB


@dataclass(frozen=True, slots=True)
class TextRun:
    """One text object of a page: what it says and the box that it fills, in PDF points from the lower left corner.

    `content_id` is the marked content that it belongs to; None for an artifact, such as a page number.
    """

    page: int
    text: str
    box: Box
    content_id: int | None


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the file: what each of its glyphs says after part a, and how wide it is; by the four digits that show it.

    `blank` is a glyph without ink. `unusual` is what tells this font from that of another document with the same face.
    """

    text: Mapping[bytes, str]
    advances: Mapping[bytes, int]
    blank: bytes
    unusual: frozenset[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The text operations of one placement after part b: their bytes, what they say, their width, and the font at the end.

    The width ends with the last glyph that has ink: a space at the end of a line may hang over the margin.
    """

    content: bytes
    text: str
    width: float
    setting: FontSetting


class StretchMemory:
    """Remembers repaired stretches, since most lines of a template are the same for every organisation."""

    def __init__(self) -> None:
        """Begin with nothing; a full memory begins again."""
        self._stretches: dict[tuple[bytes, frozenset[tuple[str, int, str]], FontSetting | None], Stretch] = {}

    def repaired(
        self, content: bytes, fonts: Mapping[bytes, Font], unusual: frozenset[tuple[str, int, str]], setting: FontSetting | None
    ) -> Stretch:
        """Return the repaired stretch; `unusual` is the union of that of all fonts, `setting` what was set before it."""
        key = content, unusual, setting
        stretch = self._stretches.get(key)
        if stretch is None:
            if len(self._stretches) >= _REMEMBERED_STRETCHES:
                self._stretches.clear()
            stretch = self._stretches[key] = repair_stretch(content, fonts, setting)
        return stretch


@dataclass(slots=True)
class _Page:
    """The state while one page is read from its first operation to its last; `parts` become its new content."""

    number: int
    artifacts: frozenset[int]
    matrix: Matrix = _UNTOUCHED
    stack: list[Matrix] = field(default_factory=list)
    marked: list[int | None] = field(default_factory=list)
    origin: Matrix = _UNTOUCHED
    setting: FontSetting | None = None
    runs: list[TextRun] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)


def repair_text(
    pdf: pikepdf.Pdf, artifacts: Sequence[frozenset[int]] = (), memory: StretchMemory | None = None
) -> tuple[TextRun, ...]:
    """Make the text of every page copy out exactly, in place, and return the text runs in the order of the content.

    Every font of the file must be a face of `faces.find_family`. `artifacts` names, page by page, the marked content that is no
    part of the document's text (page numbers, running lines); it is marked as such.
    """
    fonts = _repair_maps(pdf)
    unusual = frozenset().union(*(font.unusual for font in fonts.values()))
    memory = memory or StretchMemory()
    runs: list[TextRun] = []
    for number, obj in enumerate(pdf.pages):
        page = _Page(number, artifacts[number] if artifacts else frozenset())
        content = obj.obj.Contents.read_bytes()
        _read_content(content, page, lambda stretch, setting: memory.repaired(stretch, fonts, unusual, setting))
        runs += page.runs
        repaired = b"".join(page.parts)
        if repaired != content:
            obj.obj.Contents.write(repaired)
    return tuple(runs)


def _repair_maps(pdf: pikepdf.Pdf) -> Mapping[bytes, Font]:
    """Rewrite each font's map from glyphs to text (part a); return the fonts by their resource name."""
    fonts: dict[bytes, Font] = {}
    repaired: dict[tuple[int, int], Font] = {}
    for page in pdf.pages:
        resources = page.obj.Resources.get("/Font")
        for name, dictionary in resources.items() if resources is not None else ():
            identity = dictionary.objgen
            if identity not in repaired:
                repaired[identity] = _repair_map(dictionary)
            fonts[name.encode("ascii")] = repaired[identity]
    return fonts


def _repair_map(dictionary: pikepdf.Object) -> Font:
    known = _read_map(dictionary.ToUnicode.read_bytes())
    name = str(dictionary.BaseFont).rpartition("+")[2].removeprefix("/")
    face = face_in_pdf(name)
    if face is None:
        raise RenderingError(
            "characters {characters} would be drawn with the font {font}, expected one of {expected}: "
            "write other characters, or draw the sign with a border or an image",
            characters=" ".join(sorted({f"{c} (U+{ord(c):04X})" for text in known.values() for c in text if c.strip()})),
            font=name,
            expected=", ".join(face.pdf_name for face in bundled_family().faces),
        )
    table = glyph_table(face)
    text = {glyph: table.text_of(glyph, said) for glyph, said in sorted(known.items())}
    advances = dict(enumerate(table.advances))
    blank = next((glyph for glyph, said in text.items() if said.isspace()), None)
    if blank is None:
        blank = next(glyph for glyph, said in table.text.items() if said == " ")
        text[blank], advances[blank] = " ", _declare_blank(dictionary, blank)
    if text != known:
        dictionary.ToUnicode.write(_written_map(text))
    digits = {glyph: b"%04x" % glyph for glyph in text}
    return Font(
        text={digits[glyph]: said for glyph, said in text.items()},
        advances={digits[glyph]: advances[glyph] for glyph in text},
        blank=digits[blank],
        unusual=frozenset(
            (name, glyph, said)
            for glyph, said in text.items()
            if (table.text.get(glyph), table.advances[glyph]) != (said, advances[glyph])
        ),
    )


def _declare_blank(dictionary: pikepdf.Object, blank: int) -> int:
    """Declare the width that the glyph of SPACE has in the embedded font, and return it.

    A subset without spaces keeps the place of that glyph, without ink; PDF/A asks for the same width in the file and in the
    font (ISO 19005-3, 6.2.11.5).
    """
    descendant = dictionary.DescendantFonts[0]
    program = descendant.FontDescriptor.FontFile2.read_bytes()
    tables = {program[at : at + 4]: int.from_bytes(program[at + 8 : at + 12]) for at in range(12, 12 + 16 * program[5], 16)}
    count = int.from_bytes(program[tables[b"hhea"] + 34 : tables[b"hhea"] + 36])
    at = tables[b"hmtx"] + 4 * min(blank, count - 1)
    units_per_em = int.from_bytes(program[tables[b"head"] + 18 : tables[b"head"] + 20])
    width = round(int.from_bytes(program[at : at + 2]) * 1000 / units_per_em)
    descendant.W = pikepdf.Array([blank, pikepdf.Array([width]), *descendant.W])
    return width


def _read_map(content: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(text.decode("ascii")).decode("utf-16-be")
        for block in _MAP_BLOCK.findall(content)
        for glyph, text in _MAP_ENTRY.findall(block)
    }


def _written_map(text: Mapping[int, str]) -> bytes:
    entries = [f"<{glyph:04x}> <{said.encode('utf-16-be').hex()}>" for glyph, said in text.items()]
    batches = (entries[at : at + _MAP_BATCH] for at in range(0, len(entries), _MAP_BATCH))
    blocks = (f"{len(batch)} beginbfchar\n" + "\n".join(batch) + "\nendbfchar" for batch in batches)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo\n<< /Registry (Adobe)\n/Ordering (UCS)\n/Supplement 0\n>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        + "\n".join(blocks)
        + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")


def _read_content(content: bytes, page: _Page, repaired: Callable[[bytes, FontSetting | None], Stretch]) -> None:
    """Follow the operations of one page; leave its text runs and its new content in the page."""
    position = 0
    end = len(content.rstrip())
    while position < end:
        stretch = _STRETCH.match(content, position)
        if stretch is not None:
            _show_text(page, repaired(stretch[0], page.setting))
            position = stretch.end()
            continue
        operation = _OPERATION.match(content, position)
        if operation is None or operation["operator"] in _UNEXPECTED:
            raise RenderingError(
                "page {page} holds an operation that the text check cannot read: {operation}; "
                "leave out inline bitmaps and letters from other fonts",
                page=page.number + 1,
                operation=content[position : position + 60].decode("latin-1").strip(),
            )
        page.parts.append(_follow(page, operation["operator"], operation["operands"], operation[0]))
        position = operation.end()
    page.parts.append(content[position:])


def _follow(page: _Page, operator: bytes, operands: bytes, operation: bytes) -> bytes:
    """Bring the page's state up to date; return what is to stand in place of the operation."""
    if operator == b"Tm":
        page.origin = _matrix(operands)
    elif operator == b"q":
        page.stack.append(page.matrix)
    elif operator == b"Q":
        page.matrix = page.stack.pop()
    elif operator == b"cm":
        page.matrix = _product(_matrix(operands), page.matrix)
    elif operator in (b"BDC", b"BMC"):
        found = _MARKED_CONTENT_ID.search(operands)
        content_id = int(found[1]) if found else None
        if content_id in page.artifacts:
            page.marked.append(None)
            return b"\n/Artifact <</Type /Pagination>> BDC"
        page.marked.append(content_id)
    elif operator == b"EMC":
        page.marked.pop()
    return operation


def _show_text(page: _Page, stretch: Stretch) -> None:
    page.parts.append(stretch.content)
    page.setting = stretch.setting
    box = _box(_product(page.origin, page.matrix), stretch)
    page.runs.append(TextRun(page.number, stretch.text, box, page.marked[-1] if page.marked else None))


def repair_stretch(content: bytes, fonts: Mapping[bytes, Font], setting: FontSetting | None) -> Stretch:
    """Return the text operations of one placement with their spans (part b); nothing that is drawn changes.

    `setting` is the font that was set before: WeasyPrint does not set the same one twice in a text object.
    """
    rise = width = end_of_ink = 0.0
    shown = _Shown()
    for part in _PART.finditer(content):
        if part["array"]:
            assert setting is not None  # no text is shown before a font is set
            name, size = setting
            font = fonts[name]
            digits = _GLYPH.findall(part["array"])
            shown.add(part, font, is_raised=bool(rise))
            advance = sum([font.advances[glyph] for glyph in digits]) - sum(map(float, _KERN.findall(part["array"])))
            width += advance * size / 1000
            if any(not font.text[glyph].isspace() for glyph in digits):
                end_of_ink = width - _blank_behind(digits, font) * size / 1000
        elif part["rise"]:
            rise = float(part["rise"])
        else:
            setting = b"/" + part["font"], float(part["size"])
    text = "".join(shown.texts)
    if shown.raised or _NIKHAHIT in text:
        text = _SPLIT_SARA_AM.sub(_SARA_AM, text)
        content = _with_spans(content, shown)
    assert setting is not None
    return Stretch(content, text, end_of_ink, setting)


def _blank_behind(glyphs: Sequence[bytes], font: Font) -> int:
    """Return the advance of the blanks at the end, in thousandths of the font's size."""
    behind = 0
    for glyph in reversed(glyphs):
        if not font.text[glyph].isspace():
            break
        behind += font.advances[glyph]
    return behind


@dataclass(slots=True)
class _Shown:
    """The glyphs of a stretch, in step: what each says and which operation shows it."""

    texts: list[str] = field(default_factory=list)
    operations: list[re.Match[bytes]] = field(default_factory=list)
    fonts: list[Font] = field(default_factory=list)
    raised: set[int] = field(default_factory=set)

    def add(self, operation: re.Match[bytes], font: Font, *, is_raised: bool) -> None:
        texts = [font.text[glyph] for glyph in _GLYPH.findall(operation["array"])]
        if is_raised:
            self.raised.update(range(len(self.texts), len(self.texts) + len(texts)))
        self.texts += texts
        self.operations += [operation] * len(texts)
        self.fonts += [font] * len(texts)

    def offset(self, glyph: int) -> int:
        """Return where the glyph's digits begin in the stretch."""
        operation = self.operations[glyph]
        start = operation.start("array")
        return start + [found.start() for found in _GLYPH.finditer(operation["array"])][glyph - self.operations.index(operation)]

    def is_first(self, glyph: int) -> bool:
        """Whether the glyph is the first of its operation; one behind the last counts as first."""
        return glyph in (0, len(self.texts)) or self.operations[glyph - 1] is not self.operations[glyph]


def _with_spans(content: bytes, shown: _Shown) -> bytes:
    """Return the stretch with the spans of steps b1 and b2, and its end as step b3 wants it."""
    starts = _cluster_starts(shown.texts, shown.raised)
    raised_clusters = {bisect_right(starts, glyph) - 1 for glyph in shown.raised}
    starts.append(len(shown.texts))
    edits: list[tuple[int, int, bytes]] = []
    at = 0
    while at < len(starts) - 1:
        last = at
        while last in raised_clusters and last + 2 < len(starts):
            last += 1
        first, end = starts[at], starts[last + 1]
        text, replaced = _SPLIT_SARA_AM.subn(_SARA_AM, "".join(shown.texts[first:end]))
        if replaced or at in raised_clusters:
            edits += (_opening(content, shown, first, text), _closing(content, shown, end))
        at = last + 1
    for glyph in range(starts[-2], starts[-1]):
        if glyph in shown.raised:
            edits += _led_in(shown, glyph)
    return _edited(content, edits)


def _edited(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return the content with each stretch replaced; edits at one place keep their order."""
    parts: list[bytes] = []
    position = 0
    for start, end, replacement in sorted(edits, key=lambda edit: edit[0]):
        parts += (content[position:start], replacement)
        position = end
    parts.append(content[position:])
    return b"".join(parts)


def _led_in(shown: _Shown, glyph: int) -> tuple[tuple[int, int, bytes], ...]:
    """Return the edits that put a raised glyph between two blank ones (step b3)."""
    operation, blank = shown.operations[glyph], shown.fonts[glyph].blank
    start = operation.start("array")
    leading = _LEADING_SHIFT.match(operation["array"])
    shift = float((leading and leading[1]) or 0)
    if leading is None or shift > _LEAD:
        return ()
    back = f"{shown.fonts[glyph].advances[blank] - _LEAD + shift:.4f}"
    end = operation.end("array") - 1
    return (
        (start, start + leading.end(), b"[%d<%b>%b" % (_LEAD, blank, back.encode("ascii"))),
        (end, end, b"<%b>%d" % (blank, shown.fonts[glyph].advances[blank])),
    )


def _cluster_starts(texts: Sequence[str], raised: Container[int]) -> list[int]:
    """Return the first glyph of each cluster: a consonant, its marks, and the SARA AA of a divided SARA AM."""
    starts: list[int] = []
    has_nikhahit = False
    for at, text in enumerate(texts):
        if starts and (text in _MARKS or at in raised or (has_nikhahit and text == _SARA_AA)):
            has_nikhahit = has_nikhahit or _NIKHAHIT in text
        else:
            starts.append(at)
            has_nikhahit = False
    return starts


def _opening(content: bytes, shown: _Shown, first: int, text: str) -> tuple[int, int, bytes]:
    """Return where a span opens before its first glyph, and how; the operation is divided unless the glyph is its first."""
    span = b"/Span <</ActualText <feff%b>>> BDC\n" % text.encode("utf-16-be").hex().encode("ascii")
    if shown.is_first(first):
        start = shown.operations[first].start()
        return start, start, span
    offset = shown.offset(first)
    if content[offset - 1 : offset] == b"<":
        return offset - 1, offset - 1, b"] TJ\n%b[" % span
    return offset, offset, b">] TJ\n%b[<" % span


def _closing(content: bytes, shown: _Shown, end: int) -> tuple[int, int, bytes]:
    """Return where a span closes before the glyph behind its last one, and how."""
    if shown.is_first(end):
        behind = shown.operations[end - 1].end()
        return behind, behind, b"\nEMC"
    offset = shown.offset(end - 1) + 4
    if content[offset : offset + 1] == b">":
        return offset + 1, offset + 1, b"] TJ\nEMC\n["
    return offset, offset, b">] TJ\nEMC\n[<"


def _matrix(operands: bytes) -> Matrix:
    a, b, c, d, e, f = map(float, operands.split())
    return a, b, c, d, e, f


def _product(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _box(matrix: Matrix, stretch: Stretch) -> Box:
    """Return the upright box round a stretch that stands at the matrix."""
    a, b, c, d, e, f = matrix
    low, high = -_DESCENT * stretch.setting[1], _ASCENT * stretch.setting[1]
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (0, stretch.width) for y in (low, high)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
