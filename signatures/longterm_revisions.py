"""The two revisions that keep a signed PDF verifiable: validation data (B-LT), and an archive time stamp over it (B-LTA).

ETSI EN 319 142-1, 5.4 and 5.5. Each is written behind the bytes that are there, and is the least change:

1. Validation data: the new streams, the store that lists them, and with the first store the catalog that names it. No VRI, which
   says nothing that a verifier needs. The same data give the same bytes.
2. An archive time stamp: its value, and a field for it. An empty field T0001, T0002, ... that was made beforehand is filled; else
   the form gets a new one, which no page shows: it stands in no page's /Annots, so that neither the pages nor the structure tree
   change (PDF/A and PDF/UA ask for a tag and a print flag of what a page shows).
"""

import hashlib
import io
import re
from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PreparedByteRangeDigest

from signatures.errors import PdfUnreadableError, SignaturesError
from signatures.timestamps import TOKEN_BYTES_RESERVED, TimestampService

_TIMESTAMP_FIELD = re.compile(r"T([0-9]{4})")
_PRINT_AND_LOCKED = 132  # ISO 32000-1, table 165
_DIGEST = "sha256"


def write_validation_data(
    pdf: bytes, *, certificates: Iterable[bytes], lists: Iterable[bytes], responses: Iterable[bytes], is_own: bool
) -> bytes:
    """Return the document with these items (DER) in its document security store; what is there already is not added.

    Raises:
        PdfUnreadableError: the document cannot be read, or not be written to without doubt.
    """
    try:
        writer = _RevisionWriter(pdf, is_own=is_own)
        store = _store_of(writer)
        for key, contents in (("/Certs", certificates), ("/OCSPs", responses), ("/CRLs", lists)):
            _append(writer, store, key, contents)
        output = io.BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call]  # pyHanko's has no types
    except Exception as error:
        raise PdfUnreadableError("the document cannot be extended: {cause}", cause=error) from error
    return output.getvalue()


def write_archive_timestamp(pdf: bytes, service: TimestampService, *, is_own: bool) -> bytes:
    """Return the document with a document time stamp over all of its bytes.

    Raises:
        PdfUnreadableError: the document cannot be read, or not be written to without doubt.
        TimestampError: the service gave no token.
    """
    output = io.BytesIO()
    try:
        writer = _RevisionWriter(pdf, is_own=is_own)
        phases = PdfCMSEmbedder().write_cms(_timestamp_field(writer), writer, existing_fields_only=True)
        next(phases)
        phases.send(SigObjSetup(DocumentTimestamp(bytes_reserved=2 * TOKEN_BYTES_RESERVED)))
        prepared, _ = phases.send(SigIOSetup(_DIGEST, output=output))
        assert isinstance(prepared, PreparedByteRangeDigest)
        prepared.fill_with_cms(output, service.token(prepared.document_digest).dump())
    except SignaturesError:
        raise
    except Exception as error:
        raise PdfUnreadableError("the document cannot be extended: {cause}", cause=error) from error
    return output.getvalue()


class _RevisionWriter(IncrementalPdfFileWriter):
    """A writer whose revision holds what it is told to and nothing else; its identifier follows from the bytes before it."""

    def __init__(self, pdf: bytes, *, is_own: bool) -> None:
        super().__init__(io.BytesIO(pdf), strict=is_own)
        if self.prev.xrefs.hybrid_xrefs_present:
            raise ValueError("a table and a stream of cross-references, of which readers believe one or the other")
        first, _ = self._document_id
        self._document_id = generic.ArrayObject([first, generic.ByteStringObject(hashlib.sha256(pdf).digest()[:16])])

    def _update_meta(self) -> None:
        """Leave the metadata as they are."""


def _store_of(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    """Return the document's store, a new one if it has none yet."""
    if "/DSS" in writer.root:
        store = writer.root["/DSS"]
        assert isinstance(store, generic.DictionaryObject)
        return store
    store = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/DSS")})
    writer.root["/DSS"] = writer.add_object(store)
    writer.update_root()
    return store


def _append(writer: IncrementalPdfFileWriter, store: generic.DictionaryObject, key: str, contents: Iterable[bytes]) -> None:
    there = store[key] if key in store else generic.ArrayObject()
    assert isinstance(there, generic.ArrayObject)
    known = {bytes(there[index].data) for index in range(len(there))}
    new = sorted(set(contents) - known)
    if not new:
        return
    writer.update_container(store)
    references = [writer.add_object(generic.StreamObject(stream_data=content)) for content in new]
    store[pdf_name(key)] = generic.ArrayObject([*(there.raw_get(index) for index in range(len(there))), *references])


def _timestamp_field(writer: IncrementalPdfFileWriter) -> str:
    """Return the name of an empty field for a time stamp: the first that was made beforehand, else a new one."""
    form = writer.root["/AcroForm"]
    fields = form["/Fields"]
    names = {}
    for index in range(len(fields)):
        field = fields[index]
        names[str(field["/T"]) if "/T" in field else ""] = "/V" in field
    for name, is_filled in sorted(names.items()):
        if _TIMESTAMP_FIELD.fullmatch(name) and not is_filled:
            return name
    numbers = [int(found[1]) for name in names if (found := _TIMESTAMP_FIELD.fullmatch(name))]
    name = f"T{max(numbers, default=0) + 1:04}"
    fields.append(writer.add_object(_new_field(name)))
    writer.update_container(fields)
    return name


def _new_field(name: str) -> generic.DictionaryObject:
    return generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Sig"),
            pdf_name("/T"): generic.pdf_string(name),
            pdf_name("/F"): generic.NumberObject(_PRINT_AND_LOCKED),
            pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(0)] * 4),
        }
    )
