"""Bytes -> revisions, with every byte accounted for.

A PDF grows by revisions: each ends with its own cross-reference table (or stream), `startxref`, the place of that table
and `%%EOF` (ISO 32000-2, 7.5.6). What no table names is not part of the document for a validator, but a viewer that
repairs a damaged file may show it. So the file is walked once from its first byte to its last, and each byte must belong
to one of these:

1. the header `%PDF-`, at byte 0;
2. an object that the table of its own revision names, at the place that the table names, ending in `endobj`;
3. that revision's table and trailer, or its cross-reference stream, with at least one entry beside object 0;
4. `startxref`, the place of that table, `%%EOF`; after the last one nothing but one end of line;
5. white space, and comments that do not contain `obj`.

Two things are findings of their own: a table that names a place where its object does not begin, and a file that a
second, independent parser (qpdf, through pikepdf) cannot open without repair. Tables are read with pyHanko's reader, the
one that judges the signatures; objects are measured with the small scanner of this module, which follows `/Length` and
never guesses. A linearised file's two tables make one revision (ISO 32000-2, annex F).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionData, XRefSectionMetaInfo, XRefSectionType

from signatures.errors import PdfUnreadableError
from signatures.messages import Message, say

_WHITE = rb"[\x00\t\n\f\r ]"
# Possessive repeats keep each pattern linear in what it reads, whatever a hostile file holds.
_GAP = re.compile(rb"(?:" + _WHITE + rb"++|%[^\r\n]*+)*+")
_WHITE_SPACE = re.compile(_WHITE + rb"*+")
_OBJECT_HEADER = re.compile(rb"(\d{1,10}+)" + _WHITE + rb"++(\d{1,5}+)" + _WHITE + rb"++obj")
_TOKEN = re.compile(rb"<<|>>|<[0-9A-Fa-f\x00\t\n\f\r ]*+>|[\[\](]|/?[^\x00\t\n\f\r ()<>\[\]/%]++|/")
_STRING_PIECE = re.compile(rb"(?:[^()\\]++|\\.)*+", re.DOTALL)
_ESCAPE_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM_BEGIN = re.compile(rb"\r?\n")
_STREAM_END = re.compile(_WHITE + rb"*+endstream" + _WHITE + rb"*+endobj")
_TABLE = re.compile(
    rb"xref" + _WHITE + rb"++"
    rb"(?:\d++" + _WHITE + rb"++\d++" + _WHITE + rb"++(?:\d{10} \d{5} [nf]" + _WHITE + rb"{1,2}+)*+" + _WHITE + rb"*+)*+"
    rb"trailer" + _WHITE + rb"*+"
)
_REVISION_END = re.compile(rb"startxref" + _WHITE + rb"++(\d{1,12}+)" + _WHITE + rb"++%%EOF(?:\r\n|\n|\r|\Z)")
_NUMBER_OBJECT = re.compile(_WHITE + rb"*+(\d++)" + _WHITE + rb"++endobj")
_EXCERPT_BYTES = 24
_LONGEST_CAUSE = 200
_TOKENS_OF_A_REFERENCE = 3
_OPENING_OF = {b">>": b"<<", b"]": b"["}
_WORDS_OUTSIDE_OBJECTS = {b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref"}


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: the bytes from `start` up to `end`, which lies behind `%%EOF` and its end of line."""

    number: int
    start: int
    end: int
    tables: tuple[int, ...]
    objects: tuple[tuple[int, int], ...]
    """Number and generation of each object whose bytes lie in this revision."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a well-formed revision does not have, and the byte where it was met."""

    place: int
    message: Message


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk over the file gave."""

    revisions: tuple[Revision, ...]
    findings: tuple[Finding, ...]


def read_revisions(pdf: bytes) -> tuple[Revision, ...]:
    """Return the revisions in the order in which they were written.

    Raises:
        PdfUnreadableError: the chain of cross-reference tables cannot be followed.
    """
    return walk(pdf).revisions


def findings(pdf: bytes, *, after: int = 0) -> tuple[Message, ...]:
    """Return every finding at byte `after` or behind it; none means that each byte belongs to a well-formed revision.

    Never raises: a file that cannot be followed at all is itself the finding.
    """
    try:
        met = walk(pdf).findings
    except PdfUnreadableError as error:
        return (error.message,)
    return tuple(finding.message for finding in met if finding.place >= after) + needs_repair(pdf)


def needs_repair(pdf: bytes) -> tuple[Message, ...]:
    """Return the finding of an independent parser that may not repair anything; warnings are not findings."""
    try:
        with pikepdf.open(BytesIO(pdf), attempt_recovery=False):
            return ()
    except pikepdf.PasswordError:
        return (say("a document that opens without a password is expected, got an encrypted one"),)
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        return (say("a file that qpdf opens without repair is expected, got: {cause}", cause=_one_line(error)),)


def doubled_keys(pdf: bytes, place: int) -> tuple[str, ...]:
    """Return the keys that the dictionary of the object at this place has more than once; none for what is no object."""
    header = _OBJECT_HEADER.match(pdf, place)
    opened: list[bytes] = []
    met: list[bytes] = []
    is_key = True
    try:
        for token, _ in _tokens(pdf, header.end() if header else len(pdf), len(pdf)):
            if token in {b">>", b"]"}:
                opened.pop()
                is_key = True
            elif token in {b"<<", b"["}:
                opened.append(token)
                is_key = True
            elif opened == [b"<<"] and is_key and token.startswith(b"/"):
                met.append(token)
                is_key = False
            else:
                is_key = True
            if not opened:
                break
    except (_MalformedError, IndexError):
        pass
    return tuple(sorted({key.decode("latin-1") for key in met if met.count(key) > 1}))


@lru_cache(maxsize=1)
def walk(pdf: bytes) -> Walk:
    """Walk over the file once; linear in its size. The last walk is remembered: several facts about a file ask for it.

    Raises:
        PdfUnreadableError: there is no header, no end, or the chain of cross-reference tables cannot be followed.
    """
    if not pdf.startswith(b"%PDF-"):
        raise PdfUnreadableError("a PDF is expected, beginning with %PDF- at byte 0, got {start!r}", start=bytes(pdf[:8]))
    tables = _read_tables(pdf)
    walker = _Walker(pdf, tables, _places_of_each_object(tables))
    walker.run()
    return Walk(tuple(walker.revisions), tuple(sorted(walker.findings, key=lambda finding: finding.place)))


@dataclass(frozen=True, slots=True)
class _Table:
    """One cross-reference table or stream, with the place that each entry names."""

    place: int
    named_place: int
    """As startxref or /Prev names it; white space may lie between it and `place`."""
    is_stream: bool
    is_hybrid: bool
    revision: int
    objects: Mapping[int, tuple[int, int]]
    """Place of an object -> its number and generation."""
    entries: int
    containers: frozenset[int]
    """Numbers of the object streams that hold this table's compressed objects."""


@dataclass(slots=True)
class _Walker:
    """The state of one walk: where it stands, which revision it is in, and what it has met."""

    pdf: bytes
    tables: tuple[_Table, ...]
    places: Mapping[tuple[int, int], list[tuple[int, int]]]
    """Number and generation of an object -> each revision whose table names it, and the place."""
    revisions: list[Revision] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    at: int = 0
    begun_at: int = 0
    met: dict[int, tuple[int, int]] = field(default_factory=dict)
    met_here: list[int] = field(default_factory=list)
    tables_here: list[_Table] = field(default_factory=list)
    landmarks: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def run(self) -> None:
        """Go from the first byte to the last."""
        owners = _first_owner_of_each_place(self.tables)
        table_at = {table.place: table for table in self.tables}
        self.landmarks = sorted({*owners, *table_at})
        self.ends = [end.start() for end in _REVISION_END.finditer(self.pdf)]
        while self._skip_gap():
            if self.at in owners:
                self._pass_object(*owners[self.at], table_at.get(self.at))
            elif self.at in table_at:
                self._pass_table(table_at[self.at])
            elif end := _REVISION_END.match(self.pdf, self.at):
                self._close_revision(end)
            else:
                self._pass_unaccounted()
        self._finish()

    def _finding(self, message: Message, place: int | None = None) -> None:
        self.findings.append(Finding(self.at if place is None else place, message))

    def _excerpt(self, place: int) -> bytes:
        return bytes(self.pdf[place : place + _EXCERPT_BYTES])

    def _skip_gap(self) -> bool:
        gap = _GAP.match(self.pdf, self.at)
        assert gap is not None
        if self.at and gap.end() == len(self.pdf) and self.at == self._end_of_last_revision() and gap.group():
            self._finding(
                say(
                    "nothing but one end of line is expected after the last %%EOF, got {count} more bytes at byte {place}",
                    count=len(gap.group()),
                    place=self.at,
                )
            )
        elif b"obj" in gap.group():
            self._finding(say("a comment at byte {place} holds the word obj: it may hide an object", place=self.at))
        self.at = gap.end()
        return self.at < len(self.pdf)

    def _end_of_last_revision(self) -> int:
        return self.revisions[-1].end if self.revisions else -1

    def _pass_object(self, number: int, generation: int, owner: _Table, table: _Table | None) -> None:
        begun = self.at
        header = _OBJECT_HEADER.match(self.pdf, begun)
        if header is None or (int(header[1]), int(header[2])) != (number, generation):
            self._finding(_object_missing(number, generation, begun, self.pdf))
            self.at = begun + 1
            return
        if owner.revision != len(self.revisions):
            self._finding(
                say(
                    "object {number} {generation} at byte {place} is in revision {here}, but only revision {owner} names it",
                    number=number,
                    generation=generation,
                    place=begun,
                    here=len(self.revisions),
                    owner=owner.revision,
                )
            )
        try:
            self.at = _end_of_object(self.pdf, header.end(), self._next_landmark(begun), self._indirect_length)
        except _MalformedError as malformed:
            self._finding(
                say(
                    "object {number} {generation} at byte {place} is malformed: {cause}",
                    number=number,
                    generation=generation,
                    place=begun,
                    cause=malformed.message,
                )
            )
            self.at = header.end()
            return
        self.met[begun] = (number, generation)
        self.met_here.append(begun)
        if table is not None:
            self.tables_here.append(table)

    def _indirect_length(self, number: int, generation: int) -> int | None:
        known = [place for revision, place in self.places.get((number, generation), ()) if revision <= len(self.revisions)]
        header = _OBJECT_HEADER.match(self.pdf, known[-1]) if known else None
        value = _NUMBER_OBJECT.match(self.pdf, header.end()) if header else None
        return int(value[1]) if value else None

    def _pass_table(self, table: _Table) -> None:
        begin = (_OBJECT_HEADER if table.is_stream else _TABLE).match(self.pdf, self.at)
        measure = _end_of_object if table.is_stream else _end_of_dictionary
        try:
            self.at = measure(
                self.pdf, begin.end() if begin else len(self.pdf), self._next_landmark(self.at), self._indirect_length
            )
        except _MalformedError as malformed:
            self._finding(
                say("the cross-reference table at byte {place} is malformed: {cause}", place=self.at, cause=malformed.message)
            )
            self.at += 1
            return
        self.tables_here.append(table)

    def _close_revision(self, end: re.Match[bytes]) -> None:
        named = int(end[1])
        own = [table.named_place for table in self.tables_here]
        expected_tables = sum(table.revision == len(self.revisions) for table in self.tables)
        if named == 0 and len(own) < expected_tables:
            self.at = end.end()
            return
        if named not in own:
            self._finding(
                say(
                    "startxref at byte {place}: the place of this revision's own table is expected ({expected}), got {got}",
                    place=self.at,
                    expected=", ".join(map(str, own)) or say("none was met"),
                    got=named,
                )
            )
        self._require_entries_met()
        self.revisions.append(
            Revision(
                number=len(self.revisions),
                start=self.begun_at,
                end=end.end(),
                tables=tuple(own),
                objects=tuple(self.met[place] for place in self.met_here),
            )
        )
        self.at = self.begun_at = end.end()
        self.met_here, self.tables_here = [], []

    def _require_entries_met(self) -> None:
        if self.tables_here and not any(table.entries for table in self.tables_here):
            self._finding(say("revision {number}: its table has no entry", number=len(self.revisions)))
        numbers = {number for number, _ in self.met.values()}
        for table in self.tables_here:
            for place, (number, generation) in table.objects.items():
                if self.met.get(place) != (number, generation) and place != table.place:
                    self._finding(_object_missing(number, generation, place, self.pdf), table.place)
            for container in table.containers - numbers:
                self._finding(
                    say(
                        "the table at byte {place} names object stream {number}, which is not there",
                        place=table.place,
                        number=container,
                    ),
                    table.place,
                )

    def _next_landmark(self, place: int) -> int:
        """Return the first place behind this one where a table or an object is named, or the end of the file."""
        following = bisect_right(self.landmarks, place)
        return self.landmarks[following] if following < len(self.landmarks) else len(self.pdf)

    def _pass_unaccounted(self) -> None:
        following = bisect_left(self.ends, self.at)
        next_end = self.ends[following] if following < len(self.ends) else len(self.pdf)
        stop = min(self._next_landmark(self.at), next_end)
        self._finding(
            say(
                "{count} bytes at byte {place} belong to no object that the table of revision {number} names: {excerpt!r}",
                count=stop - self.at,
                place=self.at,
                number=len(self.revisions),
                excerpt=self._excerpt(self.at),
            )
        )
        self.at = stop

    def _finish(self) -> None:
        if self.begun_at == 0 or self.met_here or self.tables_here:
            self._finding(
                say(
                    "the file is expected to end with startxref, a place and %%EOF, got {end!r}",
                    end=bytes(self.pdf[-_EXCERPT_BYTES:]),
                ),
                len(self.pdf),
            )
        unmet = [table for table in self.tables if table.revision >= len(self.revisions)]
        for table in unmet:
            self._finding(say("the table at byte {place} ends no revision", place=table.place), table.place)


def _object_missing(number: int, generation: int, place: int, pdf: bytes) -> Message:
    return say(
        "byte {place}: object {number} {generation} is expected there by its table, got {got!r}",
        place=place,
        number=number,
        generation=generation,
        got=bytes(pdf[place : place + _EXCERPT_BYTES]),
    )


def _first_owner_of_each_place(tables: Iterable[_Table]) -> dict[int, tuple[int, int, _Table]]:
    owners: dict[int, tuple[int, int, _Table]] = {}
    for table in tables:
        for place, (number, generation) in table.objects.items():
            owners.setdefault(place, (number, generation, table))
    return owners


def _read_tables(pdf: bytes) -> tuple[_Table, ...]:
    """Return the tables from the oldest to the newest, as pyHanko's reader follows them from the end of the file."""
    try:
        references = PdfFileReader(BytesIO(pdf), strict=False).xrefs
        sections = [
            (references.get_xref_container_info(index), references.get_xref_data(index))
            for index in range(references.total_revisions)
        ]
        return tuple(_table(pdf, place, *section) for place, section in zip(_revision_of_each(sections), sections, strict=True))
    except Exception as error:
        raise PdfUnreadableError(
            "a chain of cross-reference tables is expected, got none that can be followed ({kind}: {cause})",
            kind=type(error).__name__,
            cause=_one_line(error),
        ) from error


def _revision_of_each(sections: list[tuple[XRefSectionMetaInfo, XRefSectionData]]) -> list[int]:
    """Return the revision of each table: the two tables of a linearised file, the second written first, are one revision."""
    starts = [meta.declared_startxref for meta, _ in sections]
    is_linearised = len(starts) > 1 and starts[1] < starts[0]
    return [max(0, index - 1) if is_linearised else index for index in range(len(starts))]


def _table(pdf: bytes, revision: int, meta: XRefSectionMetaInfo, listed: XRefSectionData) -> _Table:
    parts = [listed] if listed.hybrid is None else [listed, listed.hybrid.xref_data]
    objects = {
        _skip_white_space(pdf, place): (number, generation)
        for part in parts
        for number, (generation, place) in part.standard_xrefs.items()
    }
    if listed.hybrid is not None and (stream := listed.hybrid.meta_info.stream_ref) is not None:
        # A hybrid table's stream seldom lists itself (ISO 32000-2, 7.5.8.4).
        objects.setdefault(listed.hybrid.meta_info.start_location, (stream.idnum, stream.generation))
    return _Table(
        place=_skip_white_space(pdf, meta.declared_startxref),
        named_place=meta.declared_startxref,
        is_stream=meta.xref_section_type is XRefSectionType.STREAM,
        is_hybrid=listed.hybrid is not None,
        revision=revision,
        objects=objects,
        entries=sum(len(part.explicit_refs_in_revision) for part in parts),
        containers=frozenset[int]().union(*(part.obj_streams_used for part in parts)),
    )


def _skip_white_space(pdf: bytes, place: int) -> int:
    """Return where the first byte that is no white space stands: readers forgive a table that points a little before."""
    space = _WHITE_SPACE.match(pdf, place)
    return space.end() if space else place


def _places_of_each_object(tables: Iterable[_Table]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    places: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for table in tables:
        for place, named in table.objects.items():
            places.setdefault(named, []).append((table.revision, place))
    return places


class _MalformedError(Exception):
    """An object does not follow the syntax of ISO 32000-2, 7.3; never leaves this module."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def _end_of_object(pdf: bytes, at: int, stop: int, length_of: Callable[[int, int], int | None]) -> int:
    """Return the place behind `endobj` of the object whose header ends at `at`; it has to come before `stop`.

    So no byte is read for two objects, and the walk stays linear whatever a table names.
    """
    opened: list[bytes] = []
    lengths: list[list[bytes]] = []
    for token, end in _tokens(pdf, at, stop):
        if token in {b"<<", b"["}:
            opened.append(token)
        elif token in {b">>", b"]"}:
            _close_bracket(opened, token, end)
        elif token == b"/Length" and opened == [b"<<"]:
            lengths.append([])
            continue
        elif not opened and token == b"endobj":
            return end
        elif not opened and token == b"stream":
            return _end_of_stream(pdf, end, stop, _length_of_stream(lengths, length_of))
        elif token in _WORDS_OUTSIDE_OBJECTS:
            raise _MalformedError(say("{word} at byte {place} comes before endobj", word=token.decode(), place=end - len(token)))
        if lengths and len(lengths[-1]) < _TOKENS_OF_A_REFERENCE:
            lengths[-1].append(token)
    raise _MalformedError(say("it has no endobj"))


def _end_of_dictionary(pdf: bytes, at: int, stop: int, _length_of: Callable[[int, int], int | None]) -> int:
    """Return the place behind the dictionary that begins at `at`."""
    opened: list[bytes] = []
    for token, end in _tokens(pdf, at, stop):
        if token in {b"<<", b"["}:
            opened.append(token)
        elif token in {b">>", b"]"}:
            _close_bracket(opened, token, end)
        if not opened:
            if token != b">>":
                break
            return end
    raise _MalformedError(say("a dictionary is expected at byte {place}", place=at))


def _tokens(pdf: bytes, at: int, stop: int) -> Iterator[tuple[bytes, int]]:
    """Yield each token before `stop` and the place behind it; a string comes out as one opening parenthesis."""
    while True:
        gap = _GAP.match(pdf, at, stop)
        assert gap is not None
        if b"obj" in gap.group():
            raise _MalformedError(say("a comment at byte {place} holds the word obj", place=at))
        if gap.end() >= stop:
            return
        found = _TOKEN.match(pdf, gap.end(), stop)
        if found is None:
            raise _MalformedError(say("no token can be read at byte {place}", place=gap.end()))
        token, at = found.group(), found.end()
        if token == b"(":
            at = _end_of_string(pdf, at, stop)
        elif token.startswith(b"/") and b"#" in token:
            token = _ESCAPE_IN_NAME.sub(lambda escape: bytes([int(escape[1], 16)]), token)
        yield token, at


def _end_of_string(pdf: bytes, at: int, stop: int) -> int:
    """Return the place behind a literal string whose first parenthesis ends at `at` (ISO 32000-2, 7.3.4.2)."""
    depth = 1
    while depth:
        piece = _STRING_PIECE.match(pdf, at, stop)
        assert piece is not None
        at = piece.end() + 1
        if at > stop:
            raise _MalformedError(say("a string has no end"))
        depth += 1 if pdf[at - 1 : at] == b"(" else -1
    return at


def _close_bracket(opened: list[bytes], token: bytes, end: int) -> None:
    if not opened or opened.pop() != _OPENING_OF[token]:
        raise _MalformedError(say("{token} at byte {place} closes nothing", token=token.decode(), place=end - len(token)))


def _length_of_stream(lengths: list[list[bytes]], length_of: Callable[[int, int], int | None]) -> int:
    if len(lengths) != 1:
        raise _MalformedError(say("one /Length is expected in a stream's dictionary, got {count}", count=len(lengths)))
    first, *more = lengths[0]
    length: int | None = None
    if first.isdigit():
        length = length_of(int(first), int(more[0])) if more[1:] == [b"R"] and more[0].isdigit() else int(first)
    if length is None:
        raise _MalformedError(say("/Length is expected to be a number of bytes, got {got!r}", got=b" ".join(lengths[0])))
    return length


def _end_of_stream(pdf: bytes, at: int, stop: int, length: int) -> int:
    begin = _STREAM_BEGIN.match(pdf, at)
    end = _STREAM_END.match(pdf, begin.end() + length, stop) if begin else None
    if end is None:
        raise _MalformedError(
            say("endstream and endobj are expected {length} bytes after the begin of its stream", length=length)
        )
    return end.end()


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:_LONGEST_CAUSE]
