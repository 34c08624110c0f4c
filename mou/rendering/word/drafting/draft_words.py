"""What every draft in Word says of itself, in its margins: that it is one, of which document, by its digest. Pure."""

from mou.models import FilledDocument
from mou.rendering.margins import DRAFT, SAMPLE
from mou.thai import in_numerals
from signatures.digests import Digest

DIGEST_PROPERTY = "mou_document"
"""The custom property that holds the digest, for programs."""

_NOT_SIGNED = {
    "th": "ร่างเพื่อพิจารณา มิใช่ฉบับที่ลงนาม ฉบับที่ลงนามเป็นแฟ้ม PDF",
    "en": "Draft for comments. It is not signed: the document that is signed is a PDF.",
}


def draft_mark(filled: FilledDocument) -> str:
    """Return what stands in the upper margin."""
    return f"{SAMPLE} · {DRAFT}" if filled.is_sample else DRAFT


def draft_footer(filled: FilledDocument, digest: Digest) -> tuple[str, ...]:
    """Return the lines of the lower margin: that this is a draft, of which document and version, and the document's digest."""
    languages = [one for one in filled.languages if one in _NOT_SIGNED] or ["en"]
    version = {"th": f"ฉบับที่ {in_numerals(filled.version, filled.numerals)}", "en": f"Version {filled.version}"}
    versions = " / ".join(version[one] for one in languages)
    return (
        *(_NOT_SIGNED[one] for one in languages),
        f"{filled.document_number or filled.title} · {versions}",
        str(digest),
    )
