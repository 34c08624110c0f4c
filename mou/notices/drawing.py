"""A notice -> its PDF: the page, the notice itself as an attachment, a field for the seal; and the seal over all of it."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pikepdf

from mou.charter.notices import LARGEST_NOTICE_BYTES, Notice, NoticeError, notice_bytes, read_notice
from mou.notices.page import notice_page, notice_style
from mou.rendering.archive import RECORD_NAME, attach_record, saved
from signatures.fields import prepare_fields

if TYPE_CHECKING:
    from signatures.signers import Signer
    from signatures.timestamps import TimestampService

_PDF_LIMIT: Final = 64 * 1024 * 1024


def draw_notice(notice: Notice, *, created: datetime) -> bytes:
    """Return the PDF, unsealed; the same notice and time give the same bytes.

    Raises:
        NoticeError: what it says is no sound notice: a reader would refuse it.
        RenderingError: the page cannot be drawn.
    """
    from mou.rendering.report_pdf import draw_report  # loads WeasyPrint

    record = notice_bytes(notice)
    read_notice(record)
    page = draw_report(notice_page(notice), notice_style(), created=created)
    with pikepdf.open(BytesIO(page)) as pdf:
        attach_record(pdf, record, created=created)
        return prepare_fields(saved(pdf), ())


def seal_notice(
    drawn: bytes,
    seal: "Signer",
    *,
    revocation_list: bytes,
    at: datetime,
    name: str,
    timestamps: "TimestampService | None" = None,
) -> bytes:
    """Return the PDF under the automatic seal, which lies over the newest list of revoked certificates (DER) as well.

    So whoever holds the file needs nothing but the network's root to know whose seal it is, as long as the list counts; and no
    byte of the file is outside of the seal.

    Raises:
        CertificateRefusedError: the seal's certificate cannot sign at this time.
        TimestampError: the service gave no token.
    """
    from signatures.longterm_revisions import write_validation_data  # loads pyHanko
    from signatures.signing import certify

    prepared = write_validation_data(drawn, certificates=(), lists=(revocation_list,), responses=(), is_own=True)
    return certify(prepared, seal, at=at, name=name, timestamps=timestamps)


def carried_notice(pdf: bytes) -> Notice:
    """Return the notice that a PDF carries; whether it is sealed is another question.

    Raises:
        NoticeError: it carries none, or one that is not in its one form.
    """
    return read_notice(_attached(pdf))


def _attached(content: bytes) -> bytes:
    if len(content) > _PDF_LIMIT:
        raise NoticeError("a PDF of at most {limit} bytes is expected, got {count}", limit=_PDF_LIMIT, count=len(content))
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            record = pdf.attachments[RECORD_NAME].get_file().read_bytes()
    except (pikepdf.PdfError, KeyError, ValueError, RuntimeError) as error:
        raise NoticeError("a notice's PDF is expected, got a file without its record {name}", name=RECORD_NAME) from error
    if len(record) > LARGEST_NOTICE_BYTES:
        raise NoticeError("a notice has at most {limit} bytes, got {count}", limit=LARGEST_NOTICE_BYTES, count=len(record))
    return record
