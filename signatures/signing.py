"""Signing: each signature is a new revision behind the bytes that are there, PAdES, in a field that was made beforehand.

1. The first signature certifies the document: from then on only empty fields may be filled (DocMDP, level 2; ISO 32000-1,
   12.8.2.2). It is the network's automatic seal, never a person's signature.
2. A signature is made at the time that it is given; the clock is not asked here.
3. With a time stamp service the level is B-T, without one B-B (EN 319 142-1). A service that fails is an error: no signature
   is quietly made at a lower level.
4. Nothing before the new revision changes: the signed document begins with the exact bytes of the one before.
"""

import io
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, LayoutError, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.stamp import StaticStampStyle

from signatures.errors import FieldError, PdfUnreadableError, SigningError
from signatures.fields import SEAL_FIELD, read_fields
from signatures.running import run
from signatures.signers import Signer, require_usable
from signatures.timestamps import TOKEN_BYTES_RESERVED, TimestampService, timestamp_errors

SEAL_CAPACITY = "ตราประทับอัตโนมัติของระบบ (automatic_seal)"
_CMS_WITHOUT_CERTIFICATES_BYTES = 1_400  # attributes, identifiers and the value of the longest key in use
_DIGEST = "sha256"


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


def certify(prepared: bytes, seal: Signer, *, at: datetime, name: str, timestamps: TimestampService | None = None) -> bytes:
    """Return the prepared document with the network's automatic seal, after which only its empty fields may be filled.

    Raises:
        FieldError: the document was not prepared, or something is signed already.
        CertificateRefusedError: the seal's certificate cannot sign at this time.
        TimestampError: the service gave no token.
    """
    states = read_fields(prepared)
    if SEAL_FIELD not in {state.name for state in states}:
        raise FieldError("{field}: a field for the seal is expected, there is none; prepare the document first", field=SEAL_FIELD)
    if filled := [state.name for state in states if state.is_filled]:
        raise FieldError("{fields}: the seal comes before every signature; prepare the document again", fields=", ".join(filled))
    order = SigningOrder(SEAL_FIELD, SEAL_CAPACITY, name, at)
    return _write_signature(prepared, order, seal, timestamps, appearance=None, certifies=True)


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
        appearance: a PDF of one page that is drawn into the field's box; nothing outside of the box changes.

    Raises:
        PdfUnreadableError: the bytes cannot be read strictly.
        FieldError: there is no such field, it is filled, or has no box for the appearance; or the document is not certified.
        CertificateRefusedError: the certificate cannot sign at this time.
        TimestampError: the service gave no token.
    """
    states = {state.name: state for state in read_fields(pdf)}
    state = states.get(order.field)
    if state is None:
        raise FieldError(
            "{field}: a field of the document is expected, it has {fields}", field=order.field, fields=", ".join(states) or "none"
        )
    if state.is_filled:
        raise FieldError("{field}: an empty field is expected, this one is signed already", field=order.field)
    if SEAL_FIELD not in states or not states[SEAL_FIELD].is_filled:
        raise FieldError("a certified document is expected, this one carries no seal; certify it first")
    if appearance is not None and state.box is None:
        raise FieldError("{field}: the field has no place on a page, so that nothing can be drawn there", field=order.field)
    return _write_signature(pdf, order, signer, timestamps, appearance=appearance, certifies=False)


def _write_signature(
    pdf: bytes,
    order: SigningOrder,
    signer: Signer,
    timestamps: TimestampService | None,
    *,
    appearance: bytes | None,
    certifies: bool,
) -> bytes:
    require_usable(signer, at=order.at)
    metadata = PdfSignatureMetadata(
        field_name=order.field,
        md_algorithm=_DIGEST,
        reason=order.capacity,
        name=order.name,
        location=order.location,
        subfilter=SigSeedSubFilter.PADES,
        certify=certifies,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    # Without a style of ours pyHanko draws its own text, in a font that it does not embed.
    style = StaticStampStyle(
        background=_StampPage(appearance) if appearance is not None else None,
        background_layout=_EDGE_TO_EDGE,
        border_width=0,
    )
    pdf_signer = PdfSigner(
        metadata,
        signer.for_pyhanko(),
        timestamper=timestamps.time_stamper() if timestamps else None,
        stamp_style=style,
    )
    try:
        with timestamp_errors(timestamps):
            return run(_sign_in_phases(pdf, pdf_signer, order.at, _bytes_to_reserve(signer, timestamps)))
    except PdfError as error:
        raise PdfUnreadableError("the document cannot be read strictly: {cause}", cause=error) from error
    except (PyHankoSigningError, LayoutError) as error:
        raise SigningError("{field}: the signature could not be made: {cause}", field=order.field, cause=error) from error


async def _sign_in_phases(pdf: bytes, pdf_signer: PdfSigner, at: datetime, bytes_reserved: int) -> bytes:
    """Follow pyHanko's own order of phases, with the time that was given in the place of its clock."""
    writer = _SignatureWriter(io.BytesIO(pdf))
    session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=bytes_reserved)
    prepared, output = document.digest_tbs_document(output=io.BytesIO())
    # PAdES keeps the signing time in the dictionary (/M), which is among the signed bytes (EN 319 142-1, 5.3).
    await document.perform_signature(document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes())
    assert isinstance(output, io.BytesIO)
    return output.getvalue()


def _bytes_to_reserve(signer: Signer, timestamps: TimestampService | None) -> int:
    """How many hexadecimal digits to keep free for the CMS: twice its bytes, a quarter above the estimate, and even."""
    certificates = sum(len(certificate.public_bytes(Encoding.DER)) for certificate in (signer.certificate, *signer.chain))
    token = TOKEN_BYTES_RESERVED if timestamps else 0
    return 2 * ((_CMS_WITHOUT_CERTIFICATES_BYTES + certificates) * 5 // 4 + token)


class _SignatureWriter(IncrementalPdfFileWriter):
    """A writer whose revision holds the signature and nothing else.

    pyHanko's own one also rewrites the catalog, the document information and the XMP metadata, by the clock: changes that
    every verifier would have to allow, and that put the archival identification of the file at risk.
    """

    def _update_meta(self) -> None:
        """Leave the metadata as they are."""


_EDGE_TO_EDGE = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MIN, margins=Margins(0, 0, 0, 0))


class _StampPage(PdfContent):
    """The only page of a PDF, to be drawn as it is; its resource has a fixed name, since a field shows one stamp."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content

    def render(self) -> bytes:
        writer = self._ensure_writer
        page = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._content)))
        self.resources.xobject[pdf_name("/Stamp")] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Stamp Do"
