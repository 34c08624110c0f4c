"""A signature request for those without an address: a message to paste into LINE, and its link as a QR code."""

from io import BytesIO
from typing import Final

from mou.notify.excerpts import shortened
from mou.notify.texts import MINUTES_TO_SIGN, Asked
from mou.thai import in_numerals, thai_datetime

MESSAGE_LIMIT: Final = 700
"""What a reader sees of a message on a phone without having to open it; links of up to 160 characters fit."""

CODE_TITLE: Final = "คิวอาร์โค้ดของลิงก์สำหรับลงนาม (QR code of the link for signing)"

_TITLE_LIMIT: Final = 100
_NAME_LIMIT: Final = 60
_QUIET_ZONE: Final = 4  # modules (ISO/IEC 18004, 5.3.8)
_PIXELS_PER_MODULE: Final = 8


def line_message(asked: Asked) -> str:
    """Return a short message in Thai, its link last on a line of its own, where LINE makes it one to tap."""
    title, number = shortened(asked.document_title, _TITLE_LIMIT), shortened(asked.document_number or "", _NAME_LIMIT)
    deadline = f"\nขอให้ลงนามภายในวันที่ {thai_datetime(asked.deadline)}" if asked.deadline else ""
    return (
        f"เรียน {shortened(asked.signatory_name, _NAME_LIMIT)}\n"
        f"{shortened(asked.network_name, _NAME_LIMIT)} ขอเรียนเชิญท่านลงนามใน “{title}”{f' เลขที่ {number}' if number else ''} "
        f"ในฐานะ{shortened(asked.capacity_in_thai, _NAME_LIMIT)} {shortened(asked.organisation_name, _NAME_LIMIT)}{deadline}\n"
        f"ใช้เวลาประมาณ {in_numerals(MINUTES_TO_SIGN)} นาที ลิงก์นี้เป็นของท่านเพียงผู้เดียว โปรดอย่าส่งต่อ "
        "และลิงก์เพียงอย่างเดียวไม่ทำให้เกิดการลงนาม\n"
        "หากไม่แน่ใจว่าเป็นของจริง โปรดโทรศัพท์ถึงกองเลขานุการตามหมายเลขที่ท่านทราบอยู่แล้ว\n"
        f"{asked.link}"
    )


def link_code(link: str, *, title: str = CODE_TITLE) -> str:
    """Return the QR code of a link as SVG to stand inside a page: no script, no style, black on white in the dark, too.

    The title is what a screen reader says of it. Error correction level M, as on the pages of documents.
    """
    import segno

    written = BytesIO()
    segno.make(link, error="m", micro=False).save(
        written,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        border=_QUIET_ZONE,
        title=title,
        svgclass=None,
        lineclass=None,
        dark="#000",
        light="#fff",
    )
    return written.getvalue().decode().replace("<svg ", '<svg role="img" shape-rendering="crispEdges" ', 1)


def link_code_png(link: str) -> bytes:
    """Return the QR code of a link as a PNG to save or to paste into a chat."""
    import segno

    written = BytesIO()
    segno.make(link, error="m", micro=False).save(
        written, kind="png", scale=_PIXELS_PER_MODULE, border=_QUIET_ZONE, dark="#000", light="#fff"
    )
    return written.getvalue()
