"""A memorandum that says it binds nobody, and words in it that only somebody bound would write. Pure.

1. Payment, hire of work, penalties: such words in a memorandum that is called non-binding make it doubtful what it is, and
   whether stamp duty falls due. It is pointed out, article by article; whether it is so is for a lawyer.
2. Words that deny (ไม่ถือเป็นสัญญาจ้าง, creates no financial obligation) are none of these, and neither is what stands in values.
3. A text that says of itself that it binds and that it does not says both.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mou.template_checks.findings import Finding, excerpt, warning
from mou.template_checks.finished_text import Paragraph, TemplateText
from signatures.messages import say

_NOT_BINDING: Final = re.compile(
    r"(?:ไม่|มิ)(?:ได้)?(?:มี|ก่อให้เกิด|ถือว่ามี|เกิด)?(?:ผล|ความ|ภาระ|นิติสัมพันธ์|พันธะ|สิทธิ|หนี้)?(?:ผูกพัน|ทางกฎหมาย|ทางหนี้)"
    r"|(?:ไม่|มิ)(?:ได้)?(?:มี|ถือว่ามี)?(?:สภาพบังคับ|เจตนา[ก-๎]{0,24}ผูกพัน)"
    r"|(?:ไม่|มิ)(?:ได้)?ก่อให้เกิด(?:นิติสัมพันธ์|หนี้|สิทธิและหน้าที่)"
    r"|แสดงเจตนา(?:รมณ์)?(?:ที่จะ|ใน)?(?:การ)?ร่วมมือ"
    r"|\bnon-?binding\b|\bnot (?:be )?(?:legally )?(?:binding|bind)\b|\bno (?:legal|financial|binding) obligations?\b"
    r"|\bstat(?:es|ement of) (?:an )?intent",
    re.IGNORECASE,
)
_ITSELF: Final = r"(?:บันทึก[ก-๎]*|ข้อตกลง[ก-๎]*|หนังสือ[ก-๎]*|สัญญา[ก-๎]*|เอกสาร[ก-๎]*)นี้"
_BINDING: Final = re.compile(
    rf"{_ITSELF}(?:ให้|ย่อม|จึง)?(?:มีผล(?:ผูกพัน|บังคับตามกฎหมาย)|ผูกพัน(?:คู่|ทั้งสอง|ทุก)|ก่อให้เกิดนิติสัมพันธ์|เป็นสัญญา)"
    r"|\bthis (?:memorandum|agreement|mou|document)\b[^.]{0,30}\b(?:is|shall be|are) (?:legally )?binding\b",
    re.IGNORECASE,
)
_SAYS_NOT: Final = re.compile(
    rf"{_ITSELF}(?:ไม่|มิ)[ก-๎]*ผูกพัน(?!ทางการเงิน|ด้านงบประมาณ|ทางงบประมาณ)|{_ITSELF}(?:ไม่|มิได้)(?:ถือ)?เป็นสัญญา(?!จ้าง|ตัวแทน)"
    r"|\bthis (?:memorandum|agreement|mou|document)\b[^.]{0,30}\bnot (?:be )?(?:legally )?binding\b",
    re.IGNORECASE,
)
_PAYMENT: Final = re.compile(
    r"ว่าจ้าง|ผู้รับจ้าง(?!ของ)|ค่าจ้าง|สัญญาจ้าง|จ้าง(?:ทำของ|เหมา|งาน)|ค่าตอบแทน|ค่าบริการ|ค่าปรับ|เบี้ยปรับ|เบี้ยประชุม|ดอกเบี้ย|เงินมัดจำ|เงินประกัน"
    r"|ชำระ(?:เงิน|ราคา|ค่า|ให้|ภายใน|เป็น|แก่)|จ่ายเงิน|จ่ายค่า|จำนวนเงิน|วงเงิน|เป็นเงิน|งวดเงิน|ใบแจ้งหนี้|ราคา|(?<!การ)โอนเงิน"
    r"|(?<!บท)(?<!พุทธ)(?<!พระ)(?<!รอย)บาท(?!หลวง|วิถี)"
    r"|\b(?:pays?|paid|payable|payments?|fees?|salar(?:y|ies)|wages?|remuneration|invoices?|penalt(?:y|ies)|liquidated damages"
    r"|instalments?|hires?|hired|baht|THB)\b",
    re.IGNORECASE,
)
_DENIES: Final = re.compile(r"(?:ไม่|มิใช่|มิได้|ปราศจาก|\bno\b|\bnot\b|\bwithout\b|\bneither\b|\bnor\b)", re.IGNORECASE)
_TURNS: Final = re.compile(
    r"(?:แต่|เว้นแต่|ยกเว้น|(?<!ไม่)(?<!ใด)ต้อง|จะให้|\bbut\b|\bexcept\b|\bunless\b|\bmust\b|\bshall\b|[.;])", re.IGNORECASE
)
_REACH: Final = 70  # characters before a word in which it may be denied


def payment_in_a_non_binding_text(text: TemplateText) -> Iterator[Finding]:
    """Yield each article with words of payment or hire of work, where a memorandum is called non-binding."""
    if text.is_charter:
        return
    called = _first(text.paragraphs, _NOT_BINDING)
    if called is None:
        return
    articles: dict[tuple[str, str], list[tuple[Paragraph, re.Match[str]]]] = {}
    for paragraph in text.paragraphs:
        for match in _PAYMENT.finditer(paragraph.own):
            if not _is_denied(paragraph.own, match):
                articles.setdefault((paragraph.article, paragraph.language), []).append((paragraph, match))
    for found in articles.values():
        paragraph, match = found[0]
        yield warning(
            "payment_in_non_binding",
            text.place(paragraph, match.start(), match.end()),
            say(
                "{words} stands in {excerpt}, and {said} says that the text does not bind",
                words=", ".join(dict.fromkeys(f"“{one.group()}”" for _, one in found)),
                excerpt=excerpt(paragraph.text, match.start(), match.end()),
                said=excerpt(called[0].text, called[1].start(), called[1].end()),
            ),
            say("put payment and hire of work into a contract, where stamp duty can be paid, or say which articles bind"),
        )


def both_binding_and_not(text: TemplateText) -> Iterator[Finding]:
    """Yield the place where a text says of itself that it binds, though it says elsewhere that it does not."""
    binding, not_binding = _first(text.paragraphs, _BINDING), _first(text.paragraphs, _SAYS_NOT)
    if binding is None or not_binding is None:
        return
    paragraph, match = binding
    yield warning(
        "binding_and_not",
        text.place(paragraph, match.start(), match.end()),
        say(
            "{binding} says that the text binds, {not_binding} that it does not",
            binding=excerpt(paragraph.text, match.start(), match.end()),
            not_binding=excerpt(not_binding[0].text, not_binding[1].start(), not_binding[1].end()),
        ),
        say("say one of the two, or name the articles that bind"),
    )


def _first(paragraphs: Sequence[Paragraph], pattern: re.Pattern[str]) -> tuple[Paragraph, re.Match[str]] | None:
    return next(((one, match) for one in paragraphs if (match := pattern.search(one.own))), None)


def _is_denied(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _REACH) : match.start()]
    denied = list(_DENIES.finditer(before))
    return bool(denied) and not _TURNS.search(before, denied[-1].end())
