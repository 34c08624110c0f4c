"""Rules on the file itself: header, trailer, revisions, streams, limits, permissions, signatures, embedded files.

Sources: ISO 19005-3:2012, 6.1, 6.4.3, 6.8 and annex E; ISO 14289-1:2014, 7.11 and 7.16; ISO 32000-1:2008.
"""

import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from mou.rendering.conformance.inspection import Inspection, Located, page_place
from mou.rendering.conformance.report import Fault, Observation, Rule
from signatures.errors import PdfUnreadableError
from signatures.messages import Message, say
from signatures.revisions import findings, read_revisions

_FILE = say("the file")
_HEADER = re.compile(rb"%PDF-1\.[0-7](?:\r\n|\r|\n)%[\x80-\xff]{4}")
_AFTER_END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?\Z")
_STANDARD_FILTERS = "ASCIIHexDecode ASCII85Decode FlateDecode RunLengthDecode CCITTFaxDecode DCTDecode JBIG2Decode JPXDecode"
_FILTERS = frozenset(f"/{name}" for name in _STANDARD_FILTERS.split())
_SHORT_FILTERS = frozenset({"/AHx", "/A85", "/Fl", "/RL", "/CCF", "/DCT"})
_INLINE_FILTERS = _SHORT_FILTERS | (_FILTERS - {"/JBIG2Decode", "/JPXDecode"})
_LARGEST_INTEGER, _SMALLEST_INTEGER = 2**31 - 1, -(2**31)
_LONGEST_STRING, _LONGEST_NAME = 32_767, 127  # bytes
_DEEPEST_NESTING = 28  # q and Q
_MOST_OBJECTS = 8_388_607
_SMALLEST_PAGE, _LARGEST_PAGE = 3, 14_400  # units of user space
_ACCESSIBILITY_BIT = 512  # ISO 32000-1, table 22, bit 10
_PAGE_BOXES = (Name.MediaBox, Name.CropBox, Name.BleedBox, Name.TrimBox, Name.ArtBox)
_SUBFILTERS = frozenset({"/adbe.pkcs7.detached", "/adbe.pkcs7.sha1", "/ETSI.CAdES.detached", "/ETSI.RFC3161"})
# Tags of ITU-T X.690, and RFC 5652's [0]: explicit round the content, implicit for the certificates.
_SEQUENCE, _SET, _EXPLICIT, _CERTIFICATES = 0x30, 0x31, 0xA0, 0xA0
_MEDIA_TYPE = re.compile(r"/[-\w+.]+/[-\w+.]+")
_RELATIONSHIPS = frozenset(["/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"])


def header_and_binary_comment(inspection: Inspection) -> Iterator[Observation]:
    """The file begins with %PDF-1.n and a comment of four bytes above 127."""
    if not _HEADER.match(inspection.raw):
        yield Fault(say("%PDF-1.n, one end of line and a comment of at least four bytes above 127 are expected at byte 0"), _FILE)


def trailer_identifier(inspection: Inspection) -> Iterator[Observation]:
    """The trailer has two identifiers."""
    identifier = inspection.pdf.trailer.get(Name.ID)
    if not isinstance(identifier, Array) or len(identifier) != 2 or not all(bytes(part) for part in identifier):  # noqa: PLR2004
        yield Fault(say("an ID of two strings is expected in the trailer"), say("the trailer"))


def no_encryption(inspection: Inspection) -> Iterator[Observation]:
    """Nothing is encrypted."""
    if inspection.pdf.is_encrypted:
        yield Fault(say("an open file is expected, got an encrypted one"), say("the trailer"))


def encryption_lets_screen_readers_in(inspection: Inspection) -> Iterator[Observation]:
    """If the file is encrypted at all, its permissions let text be taken out for accessibility."""
    if inspection.pdf.is_encrypted and not int(inspection.pdf.trailer.Encrypt.get(Name.P, 0)) & _ACCESSIBILITY_BIT:
        yield Fault(say("the permissions are expected to let a screen reader in (bit 10 of P)"), say("the trailer"))


def nothing_after_the_end(inspection: Inspection) -> Iterator[Observation]:
    """The last end-of-file marker is the end but for one end of line."""
    if not _AFTER_END.search(inspection.raw[-8:]):
        yield Fault(say("nothing but one end of line is expected after the last %%EOF"), _FILE)


def every_revision_is_readable(inspection: Inspection) -> Iterator[Observation]:
    """Every byte belongs to a well-formed object or table of its revision, every stream has its Length, nothing is repaired."""
    yield from (Fault(message, _FILE) for message in findings(inspection.raw))


def no_external_streams(inspection: Inspection) -> Iterator[Observation]:
    """No stream keeps its content in another file."""
    for located in inspection.streams:
        if any(key in located.value for key in (Name.F, Name.FFilter, Name.FDecodeParms)):
            yield Fault(say("a stream's content is expected inside the file, got F, FFilter or FDecodeParms"), located.place)


def allowed_filters(inspection: Inspection) -> Iterator[Observation]:
    """Streams are compressed by the filters of ISO 32000-1 without LZW; Crypt only as Identity."""
    for located in inspection.streams:
        for name in _filter_names(located.value.get(Name.Filter)):
            if name not in _FILTERS and not (name == "/Crypt" and _is_identity(located.value)):
                yield Fault(say("the filter {name} is not allowed", name=name), located.place)
    for content in inspection.contents:
        for image in content.facts.inline_images:
            for name in _filter_names(image.get("/F", image.get("/Filter"))):
                if name not in _INLINE_FILTERS:
                    yield Fault(say("the filter {name} is not allowed", name=name), content.place)


def _filter_names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, Array) else [] if value is None else [str(value)]


def _is_identity(stream: pikepdf.Object) -> bool:
    parameters = stream.get(Name.DecodeParms, Dictionary())
    listed = list(parameters) if isinstance(parameters, Array) else [parameters]
    return all(entry.get(Name.Name, Name.Identity) == Name.Identity for entry in listed if isinstance(entry, Dictionary))


def implementation_limits(inspection: Inspection) -> Iterator[Observation]:
    """Integers, strings, names, nesting, objects and page sizes stay within what a reader must cope with."""
    if len(inspection.pdf.objects) > _MOST_OBJECTS:
        yield Fault(
            say("at most {limit} objects are expected, got {count}", limit=_MOST_OBJECTS, count=len(inspection.pdf.objects)),
            _FILE,
        )
    for located in inspection.dictionaries:
        for key, value in located.value.items():
            yield from _beyond_limits(key, value, located.place)
    for content in inspection.contents:
        if content.facts.deepest > _DEEPEST_NESTING:
            yield Fault(
                say("at most {limit} nested q are expected, got {count}", limit=_DEEPEST_NESTING, count=content.facts.deepest),
                content.place,
            )
    for number, page in enumerate(inspection.pages):
        for box in (page[key] for key in _PAGE_BOXES if key in page):
            left, bottom, right, top = map(float, box)
            if not all(_SMALLEST_PAGE <= abs(edge) <= _LARGEST_PAGE for edge in (right - left, top - bottom)):
                yield Fault(
                    say("page boxes of 3 to 14,400 units are expected, got {box}", box=(left, bottom, right, top)),
                    page_place(number),
                )


def _beyond_limits(key: str, value: object, place: Message) -> Iterator[Fault]:
    for item in [value, *value] if isinstance(value, Array) else [value]:
        if isinstance(item, int) and not _SMALLEST_INTEGER <= item <= _LARGEST_INTEGER:
            yield Fault(say("{key}: an integer of 32 bits is expected, got {value}", key=key, value=item), place)
        elif isinstance(item, String) and len(bytes(item)) > _LONGEST_STRING:
            yield Fault(say("{key}: at most 32,767 bytes are expected, got {count}", key=key, count=len(bytes(item))), place)
        elif isinstance(item, Name) and len(str(item).encode()) - 1 > _LONGEST_NAME:
            yield Fault(
                say("{key}: a name of at most 127 bytes is expected, got {count}", key=key, count=len(str(item)) - 1), place
            )


def permissions_of_the_certification(inspection: Inspection) -> Iterator[Observation]:
    """Permissions are DocMDP or UR3 alone; with DocMDP, no reference carries a digest of its own."""
    permissions = inspection.root.get(Name.Perms, Dictionary())
    if others := sorted(set(permissions.keys()) - {"/DocMDP", "/UR3"}):
        yield Fault(
            say("DocMDP and UR3 alone are expected among the permissions, got {names}", names=", ".join(others)),
            say("the catalog"),
        )
    if Name.DocMDP not in permissions:
        return
    for signature, place in _signatures(inspection):
        for reference in signature.get(Name.Reference, ()):
            if any(key in reference for key in (Name.DigestLocation, Name.DigestMethod, Name.DigestValue)):
                yield Fault(say("a signature reference without a digest of its own is expected beside DocMDP"), place)


def _signatures(inspection: Inspection) -> Iterator[tuple[pikepdf.Object, Message]]:
    for field, place in inspection.fields:
        if field.get(Name.FT) == Name.Sig and isinstance(field.get(Name.V), Dictionary):
            yield field.V, place


def signatures_cover_their_revision(inspection: Inspection) -> Iterator[Observation]:
    """A signature covers every byte up to the end of its revision but for its own Contents (6.4.3)."""
    signatures = list(_signatures(inspection))
    ends = {revision.end for revision in read_revisions(inspection.raw)} if signatures else set()
    for signature, place in signatures:
        covered = [int(number) for number in signature.get(Name.ByteRange, ())]
        if len(covered) != 4 or covered[0] != 0 or sum(covered[2:]) not in ends:  # noqa: PLR2004
            yield Fault(
                say("a ByteRange from byte 0 to the end of its revision is expected, got {covered}", covered=covered), place
            )
        elif _gap(inspection.raw, covered) != bytes(signature.Contents):
            yield Fault(say("the ByteRange is expected to leave out the Contents and nothing else"), place)


def _gap(raw: bytes, covered: list[int]) -> bytes | None:
    """Return the bytes whose hexadecimal digits stand between the two ranges, None where there is something else."""
    between = raw[covered[1] : covered[2]]
    if not (between.startswith(b"<") and between.endswith(b">")):
        return None
    try:
        return bytes.fromhex(between[1:-1].decode("ascii"))
    except ValueError:
        return None


def signatures_hold_one_signer(inspection: Inspection) -> Iterator[Observation]:
    """A signature is a DER-encoded CMS with a certificate and one signer, of a kind that ISO 32000-1 or PAdES knows (6.4.3)."""
    for signature, place in _signatures(inspection):
        kind = str(signature.get(Name.SubFilter, ""))
        if kind not in _SUBFILTERS:
            yield Fault(say("a SubFilter of ISO 32000-1 or PAdES is expected, got {kind}", kind=kind or say("none")), place)
        try:
            certificates, signers = _signed_data(bytes(signature.Contents))
        except (LookupError, PdfUnreadableError):
            yield Fault(say("a DER-encoded CMS is expected in Contents"), place)
            continue
        if certificates < 1 or signers != 1:
            yield Fault(
                say(
                    "a certificate and one signer are expected, got {certificates} and {signers}",
                    certificates=certificates,
                    signers=signers,
                ),
                place,
            )


def _signed_data(content: bytes) -> tuple[int, int]:
    """Return how many certificates and signers a CMS has (RFC 5652, 3 and 5.1).

    Raises:
        LookupError: it is not built as one.
    """
    parts = _der_values(_inside(_inside(_inside(content, 0, _SEQUENCE), 1, _EXPLICIT), 0, _SEQUENCE))
    certificates = next((value for tag, value in parts if tag == _CERTIFICATES), b"")
    if not parts or parts[-1][0] != _SET:
        raise LookupError("a set of signers is expected at the end")
    return len(_der_values(certificates)), len(_der_values(parts[-1][1]))


def _inside(content: bytes, place: int, tag: int) -> bytes:
    """Return the value of the element at a place, which must have this tag."""
    found, value = _der_values(content)[place]
    if found != tag:
        raise LookupError(f"an element with tag {tag} is expected, got {found}")
    return value


def _der_values(content: bytes) -> list[tuple[int, bytes]]:
    """Return tag and value of each DER element up to the zeros that fill the rest (ITU-T X.690, 8.1)."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(content) and content[at]:
        length, start = content[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(content[at + 2 : start])
        if start + length > len(content):
            raise LookupError("an element is expected to end inside its parent")
        found.append((content[at], content[start : start + length]))
        at = start + length
    return found


def embedded_files_name_themselves(inspection: Inspection) -> Iterator[Observation]:
    """A file specification with an embedded file has F and UF."""
    for specification in _specifications(inspection):
        if not (specification.value.get(Name.F) and specification.value.get(Name.UF)):
            yield Fault(say("an embedded file is expected to have its name as F and UF"), specification.place)


def _specifications(inspection: Inspection) -> Iterator[Located]:
    return (located for located in inspection.dictionaries if isinstance(located.value.get(Name.EF), Dictionary))


def embedded_files_are_described(inspection: Inspection) -> Iterator[Observation]:
    """An embedded file says its media type and when it changed, and its specification has a description (6.8, annex E)."""
    for specification in _specifications(inspection):
        if not specification.value.get(Name.Desc):
            yield Fault(say("an embedded file is expected to have a description (Desc)"), specification.place)
        for stream in specification.value.EF.values():
            if not _MEDIA_TYPE.fullmatch(str(stream.get(Name.Subtype, ""))):
                yield Fault(say("an embedded file is expected to have a media type (Subtype)"), specification.place)
            if Name.ModDate not in stream.get(Name.Params, Dictionary()):
                yield Fault(say("an embedded file is expected to have a date of change (ModDate)"), specification.place)
            break  # F and UF name one stream


def embedded_files_are_associated(inspection: Inspection) -> Iterator[Observation]:
    """An embedded file says how it belongs to the document, and something in the file names it in its AF (6.8)."""
    associated = {
        file.objgen
        for located in inspection.dictionaries
        if isinstance(located.value.get(Name.AF), Array)
        for file in located.value.AF
    }
    for specification in _specifications(inspection):
        if str(specification.value.get(Name.AFRelationship, "")) not in _RELATIONSHIPS:
            yield Fault(
                say("an embedded file is expected to say how it belongs to the document (AFRelationship)"), specification.place
            )
        if specification.value.objgen not in associated:
            yield Fault(
                say("an embedded file is expected to be associated with the document or a part of it (AF)"), specification.place
            )


RULES = (
    Rule(header_and_binary_comment, archive="6.1.2"),
    Rule(trailer_identifier, archive="6.1.3"),
    Rule(no_encryption, archive="6.1.3"),
    Rule(encryption_lets_screen_readers_in, access="7.16"),
    Rule(nothing_after_the_end, archive="6.1.3"),
    Rule(every_revision_is_readable, archive="6.1.7"),
    Rule(no_external_streams, archive="6.1.7"),
    Rule(allowed_filters, archive="6.1.7"),
    Rule(implementation_limits, archive="6.1.13"),
    Rule(permissions_of_the_certification, archive="6.1.12"),
    Rule(signatures_cover_their_revision, archive="6.4.3"),
    Rule(signatures_hold_one_signer, archive="6.4.3"),
    Rule(embedded_files_name_themselves, archive="6.8", access="7.11"),
    Rule(embedded_files_are_described, archive="6.8"),
    Rule(embedded_files_are_associated, archive="6.8"),
)
