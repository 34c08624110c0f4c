"""What the mails say: Thai first, then English below a line. Pure.

Not in the catalogues: each mail carries both languages, since nobody knows which one its reader has.
1. A mail with the link says that the link alone signs nothing, that it is for one person, and how to tell that it is genuine.
2. A one-time code and the link never stand in the same mail: who forwards the one does not forward the other.
3. Nothing that goes to the secretariat, or to somebody who is no longer asked, holds the link.
4. The number to call is never in the mail: a forged one would bring its own.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mou.notify.excerpts import one_line, quoted
from mou.thai import BANGKOK, english_date, in_numerals, thai_datetime

MINUTES_TO_SIGN: Final = 10

_LINE: Final = "─" * 30


class Text(NamedTuple):
    """The subject and the body of a mail."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to sign what, until when; the link opens this person's page, so it stays out of what a log may print."""

    document_title: str
    document_number: str | None
    organisation_name: str
    signatory_name: str
    capacity_in_thai: str
    capacity_in_english: str
    network_name: str
    link: str = field(repr=False)
    deadline: datetime | None
    sender_domain: str | None = None
    """What stands after the @ in the address that the network's mail comes from."""


def invitation(asked: Asked) -> Text:
    """Return the first mail to a signatory."""
    network = one_line(asked.network_name)
    return _mail(
        asked,
        _subject(asked, "ขอเชิญลงนาม", "Invitation to sign"),
        [f"{network} ขอเรียนเชิญท่านลงนามในเอกสารดังต่อไปนี้", _details_in_thai(asked), _way_in_thai(asked)],
        [f"{network} invites you to sign this document.", _details_in_english(asked), _way_in_english(asked)],
    )


def reminder(asked: Asked) -> Text:
    """Return the mail to a signatory who has neither signed nor declined."""
    return _mail(
        asked,
        _subject(asked, "ขอเรียนเตือน ยังรอการลงนามของท่าน", "Reminder: your signature is awaited"),
        [
            "ขอเรียนให้ทราบว่าเอกสารต่อไปนี้ยังรอการลงนามของท่าน หากท่านลงนามแล้วหรือแจ้งไม่ลงนามแล้ว โปรดถือว่าไม่มีจดหมายฉบับนี้",
            _details_in_thai(asked),
            _way_in_thai(asked),
        ],
        [
            "This document still awaits your signature. If you have signed or declined meanwhile, please disregard this mail.",
            _details_in_english(asked),
            _way_in_english(asked),
        ],
    )


def your_turn(asked: Asked) -> Text:
    """Return the mail to the next signatory in the order, when everybody before has signed."""
    return _mail(
        asked,
        _subject(asked, "ถึงลำดับที่ท่านจะลงนามแล้ว", "It is your turn to sign"),
        [
            "ผู้ลงนามในลำดับก่อนหน้าได้ลงนามครบแล้ว จึงขอเรียนเชิญท่านลงนามในเอกสารดังต่อไปนี้",
            _details_in_thai(asked),
            _way_in_thai(asked),
        ],
        ["Everybody before you has signed. It is now your turn.", _details_in_english(asked), _way_in_english(asked)],
    )


def delegated(asked: Asked, *, delegated_by: str) -> Text:
    """Return the mail to the person whom a signatory has named to sign; `asked` is about this person."""
    giver = one_line(delegated_by)
    return _mail(
        asked,
        _subject(asked, "ท่านได้รับมอบหมายให้ลงนาม", "You have been named to sign"),
        [
            f"{giver} ได้มอบหมายให้ท่านลงนามแทนในเอกสารดังต่อไปนี้ หากท่านไม่ทราบเรื่องการมอบหมายนี้ โปรดอย่าลงนามและแจ้งกองเลขานุการ",
            _details_in_thai(asked),
            "ก่อนลงนาม ท่านจะต้องยืนยันว่าได้รับมอบอำนาจ โปรดเตรียมหนังสือมอบอำนาจไว้ ถ้ามี",
            _way_in_thai(asked),
        ],
        [
            f"{giver} has named you to sign this document. If you do not know of it, please do not sign; tell the secretariat.",
            _details_in_english(asked),
            "Before signing you confirm that you have this authority. Please have the letter of authority at hand, if any.",
            _way_in_english(asked),
        ],
    )


def one_time_code(asked: Asked, code: str, *, lifetime: timedelta) -> Text:
    """Return the mail with the code that shows that the reader has this address; it never holds the link."""
    minutes = int(lifetime.total_seconds() // 60)
    title, unit = one_line(asked.document_title), "minute" if minutes == 1 else "minutes"
    return _mail(
        asked,
        "รหัสใช้ครั้งเดียวสำหรับลงนาม / One-time code for signing",
        [
            f"รหัสใช้ครั้งเดียวของท่าน สำหรับลงนามใน{_spaced(title)}คือ",
            f"    {code}",
            f"รหัสนี้ใช้ได้ {in_numerals(minutes)} นาที และใช้ได้ครั้งเดียว โปรดกรอกในหน้าลงนามที่ท่านเปิดอยู่เท่านั้น",
            "ไม่มีผู้ใดจากกองเลขานุการจะขอรหัสนี้จากท่าน ไม่ว่าทางโทรศัพท์ ข้อความ หรือจดหมาย โปรดอย่าบอกรหัสนี้แก่ผู้ใด",
            "หากท่านไม่ได้ขอรหัสนี้ โปรดอย่าใช้และแจ้งกองเลขานุการ จดหมายฉบับนี้เพียงอย่างเดียวไม่ทำให้เกิดการลงนาม",
        ],
        [
            f"Your one-time code for signing {title} is",
            f"    {code}",
            f"It counts for {minutes} {unit} and once only. Please enter it in the signing page that is open before you.",
            "Nobody from the secretariat will ask you for this code, by telephone, message or mail. Please tell it to nobody.",
            "If you did not ask for it, please do not use it, and tell the secretariat. This mail alone signs nothing.",
        ],
    )


def thanks(asked: Asked, *, signed_at: datetime, verify_address: str | None = None) -> Text:
    """Return the mail that carries the signed PDF, and the evidence beside it, to its signatory."""
    thai_way = f" ที่ {verify_address}" if verify_address else ""
    english_way = f": {verify_address}" if verify_address else "."
    return _mail(
        asked,
        _subject(asked, "ขอขอบคุณ ท่านลงนามแล้ว", "Thank you, you have signed"),
        [
            f"ขอขอบคุณที่ท่านลงนามเมื่อวันที่ {thai_datetime(signed_at)}",
            _details_in_thai(asked, with_deadline=False),
            "เอกสารที่ลงนามแล้วและหลักฐานแนบมากับจดหมายฉบับนี้ โปรดเก็บไว้ด้วยกัน",
            f"ผู้ใดมีไฟล์เหล่านี้ย่อมตรวจสอบลายมือชื่อได้ด้วยตนเอง{thai_way}",
            "หากท่านไม่ได้เป็นผู้ลงนาม โปรดโทรศัพท์ถึงกองเลขานุการโดยเร็ว ตามหมายเลขที่ท่านทราบอยู่แล้ว",
        ],
        [
            f"Thank you for signing on {_english_moment(signed_at)}.",
            _details_in_english(asked, with_deadline=False),
            "The signed document and its evidence are attached. Please keep them together.",
            f"Whoever has these files can verify the signatures without asking anybody{english_way}",
            "If it was not you who signed, please call the secretariat soon, on a number that you already know.",
        ],
    )


def declined(asked: Asked, *, declined_at: datetime, reason: str | None = None) -> Text:
    """Return the mail to the secretariat when a signatory declines; the reason is quoted as it was written."""
    name = one_line(asked.signatory_name)
    return _mail(
        asked,
        _subject(asked, "ผู้ลงนามแจ้งไม่ลงนาม", "A signatory has declined"),
        [
            f"{name} แจ้งไม่ลงนามเมื่อวันที่ {thai_datetime(declined_at)}",
            _details_in_thai(asked, with_deadline=False),
            f"เหตุผลตามที่ผู้ลงนามเขียน\n{quoted(reason)}" if reason else "ผู้ลงนามไม่ได้ให้เหตุผล",
            "คำขอลงนามนี้ปิดแล้ว ลายมือชื่อของผู้อื่นในเอกสารยังคงอยู่ หากตกลงกันได้ภายหลัง โปรดส่งคำขอลงนามใหม่",
        ],
        [
            f"{name} declined to sign on {_english_moment(declined_at)}.",
            _details_in_english(asked, with_deadline=False),
            f"The reason, as the signatory wrote it:\n{quoted(reason)}" if reason else "No reason was given.",
            "This signature request is closed. The signatures of others stay. After a later agreement, please send a new one.",
        ],
        to_secretariat=True,
    )


def withdrawn(asked: Asked, *, reason: str | None = None) -> Text:
    """Return the mail to a signatory whose request the secretariat has taken back."""
    return _mail(
        asked,
        _subject(asked, "ขอยกเลิกคำขอลงนาม", "The request to sign is withdrawn"),
        [
            "กองเลขานุการขอยกเลิกคำขอลงนามที่ส่งถึงท่าน ลิงก์ที่ส่งไปก่อนหน้านี้ใช้ไม่ได้แล้ว และท่านไม่ต้องดำเนินการใด",
            _details_in_thai(asked, with_deadline=False),
            *([f"เหตุผล\n{quoted(reason)}"] if reason else []),
            "หากมีคำขอลงนามฉบับใหม่ กองเลขานุการจะส่งถึงท่านอีกครั้ง ขออภัยในความไม่สะดวก",
        ],
        [
            "The secretariat withdraws its request for your signature. The link no longer works, and you need to do nothing.",
            _details_in_english(asked, with_deadline=False),
            *([f"The reason:\n{quoted(reason)}"] if reason else []),
            "Should there be a new request, it will be sent to you. We apologise for the inconvenience.",
        ],
    )


def delegate_proposed(asked: Asked) -> Text:
    """Return the mail to the secretariat when a signatory proposes that somebody else signs."""
    name = one_line(asked.signatory_name)
    return _mail(
        asked,
        _subject(asked, "ผู้ลงนามเสนอผู้รับมอบหมาย", "A signatory proposes a delegate"),
        [
            f"{name} เสนอให้ผู้อื่นลงนามแทนในเอกสารดังต่อไปนี้",
            _details_in_thai(asked, with_deadline=False),
            "โปรดเปิดหน้าเอกสารนี้ที่โต๊ะทำงานของกองเลขานุการ ตรวจเอกสารมอบอำนาจ แล้วรับหรือไม่รับข้อเสนอ จนกว่าจะรับ ผู้ลงนามคนเดิมยังเป็นผู้ลงนาม",
        ],
        [
            f"{name} proposes that somebody else signs this document.",
            _details_in_english(asked, with_deadline=False),
            (
                "Please open the document at the secretariat's desk, look at the authority, and take the proposal or not. "
                "Until you take it, the signatory who was asked stays the one."
            ),
        ],
        to_secretariat=True,
    )


def _mail(asked: Asked, subject: str, thai: list[str], english: list[str], *, to_secretariat: bool = False) -> Text:
    """Put both languages together, each with its salutation and its close."""
    name, network = one_line(asked.signatory_name), one_line(asked.network_name)
    in_thai = [
        "เรียน กองเลขานุการ" if to_secretariat else f"เรียน {name}",
        *thai,
        f"ระบบลงนามของ{_spaced(network)}แจ้งโดยอัตโนมัติ" if to_secretariat else f"ขอแสดงความนับถือ\nกองเลขานุการ {network}",
    ]
    in_english = [
        "Dear secretariat," if to_secretariat else f"Dear {name},",
        *english,
        f"Sent by the signing pages of {network}" if to_secretariat else f"Yours sincerely,\nThe secretariat of {network}",
    ]
    return Text(subject, "\n\n".join([*in_thai, _LINE, *in_english]) + "\n")


def _subject(asked: Asked, thai: str, english: str) -> str:
    return f"{thai}: {one_line(asked.document_title)} / {english}"


def _details_in_thai(asked: Asked, *, with_deadline: bool = True) -> str:
    lines = [f"เอกสาร: {one_line(asked.document_title)}"]
    if asked.document_number:
        lines.append(f"เลขที่: {one_line(asked.document_number)}")
    lines += [f"องค์กร: {one_line(asked.organisation_name)}", f"ลงนามในฐานะ: {one_line(asked.capacity_in_thai)}"]
    if with_deadline and asked.deadline:
        lines.append(f"ขอให้ลงนามภายใน: วันที่ {thai_datetime(asked.deadline)}")
    return "\n".join(f"    {line}" for line in lines)


def _details_in_english(asked: Asked, *, with_deadline: bool = True) -> str:
    lines = [f"Document: {one_line(asked.document_title)}"]
    if asked.document_number:
        lines.append(f"Number: {one_line(asked.document_number)}")
    lines += [f"Organisation: {one_line(asked.organisation_name)}", f"Capacity: {one_line(asked.capacity_in_english)}"]
    if with_deadline and asked.deadline:
        lines.append(f"Please sign by: {_english_moment(asked.deadline)}")
    return "\n".join(f"    {line}" for line in lines)


def _way_in_thai(asked: Asked) -> str:
    domain = f"ที่ลงท้ายด้วย @{asked.sender_domain}" if asked.sender_domain else "ที่ท่านรู้จักว่าเป็นของกองเลขานุการ"
    return "\n".join(
        [
            f"อ่านเอกสารและลงนามได้ที่หน้านี้ ใช้เวลาประมาณ {in_numerals(MINUTES_TO_SIGN)} นาที มีโทรศัพท์เครื่องเดียวก็เพียงพอ",
            asked.link,
            "",
            "ลิงก์นี้เป็นของท่านเพียงผู้เดียว โปรดอย่าส่งต่อ",
            "ลิงก์เพียงอย่างเดียวไม่ทำให้เกิดการลงนาม ท่านจะได้อ่านเอกสารจนจบและยืนยันตัวตนก่อน แล้วจึงตัดสินใจ",
            "หากไม่ประสงค์จะลงนาม หรือผู้มีอำนาจลงนามเป็นผู้อื่น ท่านแจ้งได้ในหน้าเดียวกัน",
            "",
            "วิธีตรวจว่าจดหมายฉบับนี้เป็นของจริง",
            f"- ส่งมาจากที่อยู่อีเมล{domain}",
            f"- ที่อยู่ของหน้าลงนามขึ้นต้นด้วย {_page_address(asked.link)}",
            "- หากไม่แน่ใจ โปรดโทรศัพท์ถึงกองเลขานุการตามหมายเลขที่ท่านทราบอยู่แล้ว ไม่ใช่หมายเลขที่มากับจดหมาย",
            "- กองเลขานุการจะไม่ขอรหัสผ่าน รหัสใช้ครั้งเดียว หรือกุญแจส่วนตัวจากท่านไม่ว่าทางใด",
        ]
    )


def _way_in_english(asked: Asked) -> str:
    domain = f"that ends in @{asked.sender_domain}" if asked.sender_domain else "that you know to be the secretariat's"
    return "\n".join(
        [
            f"Read and sign on this page. It takes about {MINUTES_TO_SIGN} minutes, and a phone is enough.",
            asked.link,
            "",
            "The link is for you alone; please do not pass it on.",
            "The link alone signs nothing: you first read the document to its end and show who you are, and then decide.",
            "If you do not wish to sign, or somebody else has the authority to, you can say so on the same page.",
            "",
            "How to tell that this mail is genuine:",
            f"- it comes from an address {domain};",
            f"- the address of the signing page begins with {_page_address(asked.link)};",
            "- if in doubt, call the secretariat on a number that you already know, not on one that came with a mail;",
            "- the secretariat never asks you for a password, a one-time code or a private key, in whatever way.",
        ]
    )


def _page_address(link: str) -> str:
    """Return the part of the link that a reader compares: scheme and host, without what is secret."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}/"


def _english_moment(at: datetime) -> str:
    local = at.astimezone(BANGKOK)
    return f"{english_date(local.date())}, {local:%H:%M} (Bangkok time)"


def _spaced(text: str) -> str:
    """Return the text with a space on either side, as a name in the middle of a Thai sentence has."""
    return f" {text} "
