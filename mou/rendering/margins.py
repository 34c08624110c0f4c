"""What stands in the margins of every page: draft or sample, which document and version, page of pages, public address.

The texts are strings of the page's style; they are artifacts to a screen reader, since they repeat.
"""

from functools import lru_cache
from typing import Final

from mou.models import FilledDocument
from mou.thai import in_numerals

DRAFT, SAMPLE = "ร่าง", "ตัวอย่าง"
ATTRIBUTES: Final = ("data-page-mark", "data-page-foot", "data-page-address")
"""Attributes of `body` that base.css reads."""

_COUNTERS: Final = {"thai": "thai", "arabic": "decimal"}
_FOOT: Final = (
    "font-size: 73%; line-height: 1.45; color: #5b6470; vertical-align: top; white-space: pre-line;"
    " border-top: 0.4pt solid #c9cfd6; margin-top: 3mm; padding-top: 1.6mm;"
)


def page_mark(filled: FilledDocument) -> str:
    """The word that stands across each page and in its upper margin: ร่าง, ตัวอย่าง, or nothing."""
    if filled.is_draft:
        return DRAFT
    return SAMPLE if filled.is_sample else ""


def margin_texts(filled: FilledDocument) -> tuple[str, str, str]:
    """The texts of the margins, in the order of `ATTRIBUTES`."""
    mark = f"{SAMPLE} · {DRAFT}" if filled.is_draft and filled.is_sample else page_mark(filled)
    version = in_numerals(filled.version, filled.numerals)
    parts = {"th": f"ฉบับที่ {version}", "en": f"Version {filled.version}"}
    versions = " / ".join(parts[language] for language in filled.languages if language in parts) or parts["en"]
    return mark, f"{filled.document_number or filled.title} · {versions}", filled.address or ""


@lru_cache(maxsize=16)
def margin_rules(numerals: str, languages: tuple[str, ...], font: str, *, has_address: bool) -> str:
    """Return the `@page` rules of the margins, in the document's numerals and languages; `font` is its size and family in CSS."""
    counter = _COUNTERS[numerals]
    patterns = {
        "th": f'"หน้า " counter(page, {counter}) " จาก " counter(pages, {counter})',
        "en": '"Page " counter(page) " of " counter(pages)',
    }
    pages = ' " / " '.join(patterns[language] for language in languages if language in patterns) or patterns["en"]
    address = ' "\\A" string(page-address)' if has_address else ""
    return f"""
@page {{
  font: {font};
  @bottom-left {{ content: string(page-foot){address}; {_FOOT} width: 70%; text-align: left; }}
  @bottom-right {{ content: {pages}; {_FOOT} width: 30%; text-align: right; }}
  @top-right {{ content: string(page-mark); color: #a3402f; font-weight: 700; font-size: 110%; text-align: right; }}
}}"""
