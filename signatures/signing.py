"""Signing: each signature is a new revision behind the bytes that are there, PAdES, in a field that was made beforehand.

1. The first signature certifies the document: from then on only empty fields may be filled (DocMDP, level 2; ISO 32000-1,
   12.8.2.2). It is the network's automatic seal, never a person's signature.
2. A signature is made at the time that it is given; the clock is not asked here.
3. With a time stamp service the level is B-T, without one B-B (EN 319 142-1). A service that fails is an error: no signature
   is quietly made at a lower level.
4. Nothing before the new revision changes: the signed document begins with the exact bytes of the one before.
5. A register's number and date go into their places together with the register's seal, in one revision that the seal covers.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject

from signatures.cms_signer import LoadedKeySigner
from signatures.errors import FieldError, PdfUnreadableError, SignaturesError, SigningError
from signatures.fields import SEAL_FIELD, read_form
from signatures.messages import say
from signatures.registry_fields import REGISTRY_LABELS, REGISTRY_SEAL_FIELD, RegistryText, read_registry
from signatures.running import run
from signatures.signers import Signer, require_usable
from signatures.timestamps import TOKEN_BYTES_RESERVED, TimestampService

SEAL_CAPACITY = "ตราประทับอัตโนมัติของระบบ (automatic_seal)"
REGISTRY_SEAL_CAPACITY = "ตราประทับของทะเบียน (registry_seal)"
_DIGEST = "sha256"
_LONGEST_OVERHANG_PT = 0.5  # by which an appearance may differ from its box: layouts round


@dataclass(frozen=True, slots=True)
class SigningOrder:
    """What one signature says beside the document: the field, who signs in which capacity, when and where.

    `capacity` becomes the signature's reason and `name` its name; both lie inside the signed bytes.
    """

    field: str
    capacity: str
    name: str
    at: datetime
    location: str | None = None

    def __post_init__(self) -> None:
        """Refuse a time without a zone: it would be signed as that of the machine."""
        if self.at.tzinfo is None:
            raise ValueError("a time with a zone is expected")


@dataclass(frozen=True, slots=True)
class _Appearance:
    """A page that is drawn into the box of a field, of this width and height."""

    field: str
    content: bytes
    size: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Filling:
    """What a revision fills beside its signature: what that looks like, and texts of a register with what they look like."""

    appearance: _Appearance | None = None
    texts: tuple[tuple[str, _Appearance], ...] = ()


def certify(prepared: bytes, seal: Signer, *, at: datetime, name: str, timestamps: TimestampService | None = None) -> bytes:
    """Return the prepared document with the network's automatic seal, after which only its empty fields may be filled.

    Raises:
        FieldError: the document was not prepared, or something is signed already.
        CertificateRefusedError: the seal's certificate cannot sign at this time.
        TimestampError: the service gave no token.
    """
    fields = read_form(prepared).fields
    if SEAL_FIELD not in {state.name for state in fields}:
        raise FieldError("{field}: a field for the seal is expected, there is none; prepare the document first", field=SEAL_FIELD)
    if filled := [state.name for state in fields if state.is_filled]:
        raise FieldError("{fields}: the seal comes before every signature; prepare the document again", fields=", ".join(filled))
    order = SigningOrder(SEAL_FIELD, SEAL_CAPACITY, name, at)
    return _write_signature(prepared, order, seal, timestamps, _Filling(), certifies=True)


def register(
    pdf: bytes,
    texts: Sequence[RegistryText],
    seal: Signer,
    *,
    at: datetime,
    name: str,
    timestamps: TimestampService | None = None,
) -> bytes:
    """Return the document with a register's number and date in their empty places, under the register's seal: one revision.

    Args:
        pdf: a certified document; what is in it must have been validated before.
        texts: the number and the date, each with a PDF of one page of its box's size.
        seal: the network's own key, never a person's.
        at: the time of the seal.
        name: the network's.
        timestamps: the time stamp service, if there is one.

    Raises:
        PdfUnreadableError: the bytes cannot be read strictly.
        FieldError: there is no such place, one is filled, or the document is not certified.
        CertificateRefusedError, SigningError, TimestampError: as in `sign`.
    """
    order = SigningOrder(REGISTRY_SEAL_FIELD, REGISTRY_SEAL_CAPACITY, name, at)
    require_fillable(pdf, order, None)
    state = read_registry(pdf)
    if state is None or sorted(one.name for one in texts) != sorted(REGISTRY_LABELS):
        raise FieldError(
            "a text for each place of the register ({expected}) is expected, got {got}",
            expected=", ".join(REGISTRY_LABELS) if state is not None else say("none"),
            got=", ".join(one.name for one in texts),
        )
    if state.number is not None or state.date is not None:
        raise FieldError("{field}: an empty place is expected, a number stands there already", field=REGISTRY_SEAL_FIELD)
    drawn = tuple((one.text, _Appearance(one.name, one.appearance, state.sizes[one.name])) for one in texts)
    return _write_signature(pdf, order, seal, timestamps, _Filling(texts=drawn), certifies=False)


def sign(
    pdf: bytes,
    order: SigningOrder,
    signer: Signer,
    *,
    timestamps: TimestampService | None = None,
    appearance: bytes | None = None,
) -> bytes:
    """Return the document with one more signature.

    Args:
        pdf: a certified document; what is in it must have been validated before.
        order: what the signature says.
        signer: the signatory's key.
        timestamps: the time stamp service, if there is one.
        appearance: a PDF of one page of the box's size, which is drawn into it; nothing outside of the box changes. Without
            one the field stays as empty as it was.

    Raises:
        PdfUnreadableError: the bytes cannot be read strictly.
        FieldError: there is no such field, it is filled, or has no box for the appearance; or the document is not certified.
        CertificateRefusedError: the certificate cannot sign at this time.
        SigningError: the appearance cannot be drawn, or the signature not be made.
        TimestampError: the service gave no token.
    """
    drawn = require_fillable(pdf, order, appearance)
    return _write_signature(pdf, order, signer, timestamps, _Filling(drawn), certifies=False)


def prepare_revision(
    pdf: bytes, order: SigningOrder, signer: Signer, *, has_timestamp: bool, appearance: bytes | None
) -> tuple[PreparedByteRangeDigest, io.BytesIO]:
    """Return what is to be signed in a field of a certified document, and the document with zeros where the signature goes.

    Raises:
        PdfUnreadableError, FieldError, CertificateRefusedError, SigningError: as in `sign`.
    """
    drawn = require_fillable(pdf, order, appearance)
    require_usable(signer, at=order.at)
    return _write_revision(pdf, order, _Filling(drawn), _room_for(signer, has_timestamp=has_timestamp), certifies=False)


def require_fillable(pdf: bytes, order: SigningOrder, appearance: bytes | None) -> "_Appearance | None":
    """Check that the field may be filled; return what is drawn into its box, if anything.

    Raises:
        PdfUnreadableError: the bytes cannot be read strictly.
        FieldError: there is no such field, it is filled, or has no box for the appearance; or the document is not certified.
    """
    form = read_form(pdf)
    states = {state.name: state for state in form.fields}
    state = states.get(order.field)
    if state is None:
        raise FieldError(
            "{field}: a field of the document is expected, it has {fields}",
            field=order.field,
            fields=", ".join(states) or say("none"),
        )
    if state.is_filled:
        raise FieldError("{field}: an empty field is expected, this one is signed already", field=order.field)
    if form.docmdp_level != MDPPerm.FILL_FORMS.value:
        raise FieldError(
            "a document whose seal lets empty fields be filled and nothing else (DocMDP level {expected}) is expected, got "
            "{level}; certify it first",
            expected=MDPPerm.FILL_FORMS.value,
            level=form.docmdp_level or say("none"),
        )
    if appearance is None:
        return None
    if state.box is None:
        raise FieldError("{field}: the field has no place on a page, so that nothing can be drawn there", field=order.field)
    left, bottom, right, top = state.box
    return _Appearance(order.field, appearance, (right - left, top - bottom))


def _write_signature(
    pdf: bytes,
    order: SigningOrder,
    signer: Signer,
    timestamps: TimestampService | None,
    filling: _Filling,
    *,
    certifies: bool,
) -> bytes:
    require_usable(signer, at=order.at)
    room = _room_for(signer, has_timestamp=timestamps is not None)
    prepared, output = _write_revision(pdf, order, filling, room, certifies=certifies)
    try:
        content = run(_sign_digest(prepared.document_digest, signer, timestamps))
        prepared.fill_with_cms(output, content)
    except SignaturesError:
        raise
    except Exception as error:
        raise SigningError("{field}: the signature could not be made: {cause}", field=order.field, cause=error) from error
    return output.getvalue()


def _room_for(signer: Signer, *, has_timestamp: bool) -> int:
    """Return how many hexadecimal digits to keep free: twice the bytes.

    Too little room would be noticed only after the key was used; a quarter is added.
    """
    return 2 * (signer.longest_cms_bytes * 5 // 4 + (TOKEN_BYTES_RESERVED if has_timestamp else 0))


def _write_revision(
    pdf: bytes, order: SigningOrder, filling: _Filling, room: int, *, certifies: bool
) -> tuple[PreparedByteRangeDigest, io.BytesIO]:
    """Write all of the new revision but the signature itself; return what is to be signed, and the document with zeros in it."""
    value = SignatureObject(
        # PAdES keeps the signing time here (/M), among the signed bytes, and not in the CMS (EN 319 142-1, 5.3).
        timestamp=order.at,
        subfilter=SigSeedSubFilter.PADES,
        name=order.name,
        location=order.location,
        reason=order.capacity,
        bytes_reserved=room,
    )
    output = io.BytesIO()
    try:
        writer = _SignatureWriter(pdf)
        phases = PdfCMSEmbedder().write_cms(order.field, writer, existing_fields_only=True)
        field = next(phases).get_object()
        if filling.appearance is not None:
            field["/AP"] = DictionaryObject({pdf_name("/N"): _import_page(writer, filling.appearance)})
        for text, appearance in filling.texts:
            _write_text(writer, text, appearance)
        if certifies:
            writer.register_extension(ESIC_EXTENSION_1)
        locks = SigMDPSetup(_DIGEST, certify=True, docmdp_perms=MDPPerm.FILL_FORMS) if certifies else None
        phases.send(SigObjSetup(value, mdp_setup=locks))
        prepared, _ = phases.send(SigIOSetup(_DIGEST, output=output))
    except SigningError:
        raise
    except Exception as error:
        raise PdfUnreadableError("the document cannot be read strictly: {cause}", cause=error) from error
    assert isinstance(prepared, PreparedByteRangeDigest)
    return prepared, output


def _write_text(writer: IncrementalPdfFileWriter, text: str, appearance: _Appearance) -> None:
    """Fill a text field that was made beforehand."""
    fields = writer.root["/AcroForm"]["/Fields"]
    for reference in (fields.raw_get(number) for number in range(len(fields))):
        field = reference.get_object()
        if field["/T"] == appearance.field:
            field["/V"] = pdf_string(text)
            field["/AP"] = DictionaryObject({pdf_name("/N"): _import_page(writer, appearance)})
            writer.mark_update(reference)


def _import_page(writer: IncrementalPdfFileWriter, appearance: _Appearance) -> IndirectObject:
    """Return the page as a form, which a viewer fits into the field's box and cuts there (ISO 32000-1, 12.5.5)."""
    try:
        source = PdfFileReader(io.BytesIO(appearance.content))
        pages = int(source.root["/Pages"]["/Count"])
        form = writer.import_page_as_xobject(source)
        left, bottom, right, top = (float(edge) for edge in form.get_object()["/BBox"])
    except Exception as error:
        raise SigningError(
            "{field}: an appearance that is a PDF of one page is expected, got something else: {cause}",
            field=appearance.field,
            cause=error,
        ) from error
    expected = appearance.size
    got = (abs(right - left), abs(top - bottom))
    if pages != 1 or any(abs(one - other) > _LONGEST_OVERHANG_PT for one, other in zip(expected, got, strict=True)):
        raise SigningError(
            "{field}: an appearance of 1 page of {expected} points is expected, got {pages} of {got}",
            field=appearance.field,
            expected=f"{expected[0]:.1f} x {expected[1]:.1f}",
            pages=pages,
            got=f"{got[0]:.1f} x {got[1]:.1f}",
        )
    assert isinstance(form, IndirectObject)
    return form


async def _sign_digest(digest: bytes, signer: Signer, timestamps: TimestampService | None) -> bytes:
    """Return the DER bytes of the CMS over the document's digest."""
    stamper = timestamps.time_stamper() if timestamps else None
    content = await LoadedKeySigner(signer).async_sign(digest, _DIGEST, use_pades=True, timestamper=stamper)
    return bytes(content.dump())


class _SignatureWriter(IncrementalPdfFileWriter):
    """A writer whose revision holds the signature and nothing else.

    pyHanko's own one also rewrites the catalog, the document information and the XMP metadata, by the clock: changes that
    every verifier would have to allow, and that put the archival identification of the file at risk.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(io.BytesIO(pdf))
        if self.prev.xrefs.hybrid_xrefs_present:
            raise ValueError("a table and a stream of cross-references, of which readers believe one or the other")

    def _update_meta(self) -> None:
        """Leave the metadata as they are."""
