"""The register under the name that was asked for: PDF, workbook, JSON or HTML by its suffix, never over another file."""

import json
from pathlib import Path
from typing import Final

from mou.errors import UsageError
from mou.signatories.rows import RegisterOfSignatories

SUFFIXES: Final = (".pdf", ".xlsx", ".json", ".html")


def check_target(path: Path) -> None:
    """Refuse a name that no register can have, before anything is computed.

    Raises:
        UsageError: another suffix, or a file that is there already.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError("{path}: the kind of file follows from its name: {suffixes}", path=path, suffixes=", ".join(SUFFIXES))
    if path.exists():
        raise UsageError(
            "{path} is there already, and a register never takes the place of a file; choose another name", path=path
        )


def register_bytes(register: RegisterOfSignatories, suffix: str, language: str) -> bytes:
    """Return the register as a file of this suffix, the reader's language (`th` or `en`) first.

    Raises:
        RenderingError: the PDF cannot be drawn.
    """
    match suffix.lower():
        case ".pdf":
            from mou.signatories.page import register_as_pdf

            return register_as_pdf(register, language)
        case ".html":
            from mou.signatories.page import register_as_html

            return register_as_html(register, language).encode("utf-8")
        case ".xlsx":
            from mou.signatories.workbook import register_as_workbook

            return register_as_workbook(register, language)
        case _:
            from mou.signatories.record import register_as_record

            return (json.dumps(register_as_record(register), ensure_ascii=False, indent=2) + "\n").encode("utf-8")
