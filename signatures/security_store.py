"""The document security store (DSS) of a PDF: the certificates and revocation statements that travel inside it.

ETSI EN 319 142-1, 5.4.2. What an item proves is another question; here it is only read, with the revision that brought it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader

from signatures.revocation import Statement, read_list, read_response, readable

_ITEMS_AT_MOST = 5_000


@dataclass(frozen=True, slots=True)
class SecurityStore:
    """What the store of a file holds; `changed_in` is the revision that changed it last, 0 when there is none."""

    certificates: tuple[x509.Certificate, ...] = ()
    statements: tuple[Statement, ...] = ()
    changed_in: int = 0


def read_store(reader: PdfFileReader) -> SecurityStore:
    """Return what the file's store holds; an item that cannot be read is left out, since it proves nothing."""
    try:
        store = reader.root["/DSS"]
        if not isinstance(store, generic.DictionaryObject):
            return SecurityStore()
        lists = [
            statement
            for content, revision in _contents(reader, store, "/CRLs", DecodePurpose.CRL)
            for statement in readable(read_list, content, revision)
        ]
        responses = [
            statement
            for content, revision in _contents(reader, store, "/OCSPs", DecodePurpose.OCSP_RESPONSE)
            for statement in readable(read_response, content, revision)
        ]
        return SecurityStore(
            certificates=tuple(_certificates(reader, store)),
            statements=(*lists, *responses),
            changed_in=_changed_in(reader),
        )
    except Exception:  # noqa: BLE001 - none, or a broken one: no evidence; what it may hide is judged by the changes it made
        return SecurityStore()


def _changed_in(reader: PdfFileReader) -> int:
    store = reader.root.raw_get("/DSS")
    return int(reader.xrefs.get_last_change(store.reference)) if isinstance(store, generic.IndirectObject) else 0


def _certificates(reader: PdfFileReader, store: generic.DictionaryObject) -> Iterator[x509.Certificate]:
    for content, _ in _contents(reader, store, "/Certs", DecodePurpose.CERTIFICATE):
        try:
            certificate = x509.Certificate.load(content, strict=True)
            assert certificate.subject.native is not None  # read now what asn1crypto would read when somebody asks for it
            assert certificate.public_key.algorithm
        except Exception:  # noqa: BLE001, S112 - asn1crypto raises what it likes
            continue
        yield certificate


def _contents(
    reader: PdfFileReader, store: generic.DictionaryObject, key: str, purpose: DecodePurpose
) -> Iterator[tuple[bytes, int]]:
    """Yield each stream of one list with the revision that wrote it last."""
    listed = store[key] if key in store else generic.ArrayObject()
    if not isinstance(listed, generic.ArrayObject):
        return
    for index in range(min(len(listed), _ITEMS_AT_MOST)):
        reference = listed.raw_get(index)
        item = reference.get_object() if isinstance(reference, generic.IndirectObject) else None
        if isinstance(item, generic.StreamObject):
            yield bytes(item.read_data(purpose)), int(reader.xrefs.get_last_change(reference.reference))
