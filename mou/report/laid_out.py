"""What a document says of the program that laid it out, where it was not this one.

It is the document's own word, under its seal: it stands in the record inside, and is read only where the file is whole and
somebody signed it. The file may come from a stranger, so the record is unpacked within a limit.
"""

import json
import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf

from mou.rendering.archive import RECORD_NAME
from signatures.canonical import JsonValue
from signatures.digests import Digest
from signatures.errors import SignaturesError
from signatures.messages import Message, say
from signatures.verification import VerificationReport

_PROGRAM: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,39}")
_VERSION: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){0,5}")
_WHOLE: Final = frozenset({0, 1, 2})
"""The steps without which nothing that stands in a file is the word of who sealed it."""
_LARGEST_RECORD_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LaidOutBy:
    """Another program, its version, and the digest of the house's own Word file as it was filled."""

    program: str
    version: str
    layout: Digest

    def sentence(self) -> Message:
        """Return what everybody who reads a report should know."""
        return say(
            "laid out by {program} {version} from the house's own Word file, not by this program",
            program=self.program,
            version=self.version,
        )

    def as_json(self) -> dict[str, JsonValue]:
        """Return the same for programs."""
        return {"program": self.program, "version": self.version, "layout": str(self.layout)}


def laid_out_by(pdf: bytes | None, report: VerificationReport) -> LaidOutBy | None:
    """Return the program that the document names; None where it names none, or where the file is not as it was sealed."""
    if pdf is None or not report.signatures or any(step.number in _WHOLE and step.outcome == "failed" for step in report.steps):
        return None
    named = _record_of(pdf).get("laid_out_by")
    if not isinstance(named, dict):
        return None
    program, version, layout = (str(named.get(key, "")) for key in ("program", "version", "layout"))
    if not _PROGRAM.fullmatch(program) or not _VERSION.fullmatch(version):
        return None
    try:
        return LaidOutBy(program, version, Digest.parse(layout))
    except SignaturesError:
        return None


def _record_of(pdf: bytes) -> dict[str, object]:
    """Return the record inside; nothing where there is none that can be read within the limit."""
    try:
        with pikepdf.open(BytesIO(pdf), attempt_recovery=False) as document:
            stream = document.attachments[RECORD_NAME].obj.EF.F
            packed = stream.read_raw_bytes()
            if stream.get(pikepdf.Name.Filter) == pikepdf.Name.FlateDecode and pikepdf.Name.DecodeParms not in stream:
                unpacking = zlib.decompressobj()
                packed = unpacking.decompress(packed, _LARGEST_RECORD_BYTES)
            record = json.loads(packed)
    except (pikepdf.PdfError, zlib.error, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}
