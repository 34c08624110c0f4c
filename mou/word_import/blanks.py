"""Dotted blanks of a text -> where they stand, and which field would fill them, told by the words before. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mou.word_import.elements import Element, Group, SignatureBlock, TextElement, texts_in
from signatures.messages import Message

_BLANK: Final = re.compile(r"(?:[.…_\u2024\u2025]\s?){4,}|…{2,}")
_PROPOSALS: Final = tuple(
    (re.compile(rf"(?:{words})\s*[:：]?\s*$"), tag)  # a colon as people type it
    for words, tag in (
        ("ตำแหน่ง", "{{ organisation.representative.position }}"),
        ("ลงวันที่|เมื่อวันที่|วันที่", "{{ ceremony.date | thai_date }}"),
        ("ทำขึ้น ณ|เขียนที่|สถานที่|ณ", "{{ ceremony.place }}"),
        ("เลขที่เอกสาร|เลขที่", "{{ document.number }}"),
        ("ที่อยู่|ตั้งอยู่(?:ที่|เลขที่)?|สำนักงาน(?:ตั้งอยู่)?", "{{ organisation.address }}"),
        ("ชื่อ(?:องค์กร|หน่วยงาน|กลุ่ม|มูลนิธิ|สมาคม)|หน่วยงาน|องค์กร", "{{ organisation.name_th }}"),
        ("อำเภอ|เขต", "{{ organisation.district }}"),
        ("จังหวัด", "{{ organisation.province }}"),
        ("โครงการ", "{{ ceremony.project }}"),
        (r"ข้าพเจ้า|ผู้แทน|โดย|นาย/นาง(?:/นางสาว)?|ชื่อ(?:-|\s*)(?:นาม)?สกุล|ชื่อ", "{{ organisation.representative.full_name }}"),
    )
)
_BEFORE: Final = 40


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank: the words before it, and the tag that would fill it, or nothing."""

    place: Message
    before: str
    proposal: str = ""


def blanks_in(elements: tuple[Element, ...]) -> tuple[Blank, ...]:
    """Return the blanks of the text; where people sign, none is missing a field."""
    return tuple(blank for one in _outside_signatures(elements) for blank in _blanks_of(one))


def _outside_signatures(elements: tuple[Element, ...]) -> Iterator[TextElement]:
    for one in elements:
        if isinstance(one, Group):
            yield from _outside_signatures(one.elements)
        elif not isinstance(one, SignatureBlock):
            yield from texts_in((one,))


def _blanks_of(one: TextElement) -> Iterator[Blank]:
    text = "".join("\ufffc" if piece.is_tag else piece.text for piece in one.pieces)
    after_last = 0
    for found in _BLANK.finditer(text):
        before = text[after_last : found.start()].replace("\ufffc", "").strip()[-_BEFORE:]
        after_last = found.end()
        yield Blank(one.place, before, next((tag for words, tag in _PROPOSALS if words.search(before)), ""))
