"""From a file to an organisation list: the only part of this package that opens files."""

import io
import zipfile
from datetime import date
from pathlib import Path

from mou.errors import InputError
from mou.organisations.discrepancies import declared_counts, find_discrepancies
from mou.organisations.gazetteer import open_gazetteer
from mou.organisations.listed import OrganisationList
from mou.organisations.rows import read_rows
from mou.organisations.tables import Table
from mou.organisations.text_table import read_text_table

MAXIMUM_BYTES = 64 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RICH_TEXT = b"{\\rtf"
# The names of streams in a compound file, as its directory spells them.
_WORD_STREAM, _PROTECTED_STREAM = ("WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))


def read_organisations(path: Path, *, declared_count: int | None = None, today: date | None = None) -> OrganisationList:
    """Return the organisations of a list and everything that looks wrong in it; .xlsx, .csv and .docx are told apart by content.

    `declared_count` is the number of organisations that somebody states; without it the list's own statement counts, a line or
    row above the header or under the list such as `# จำนวนที่ระบุ: 8`, `# declared_count: 8` or จำนวน 8 แห่ง; in Word a paragraph
    around the table too. With `today`, a date of birth that lies ahead, or too long ago for anybody, is an error.

    Raises:
        InputError: the file cannot be read, or rows of it cannot be used; `problems` names every place at once.
    """
    table = _read_table(path)
    rows, notes = read_rows(table, today)
    stated = declared_counts(table.remarks)
    if declared_count is None:
        declared_count = stated[0] if stated else None
    found = find_discrepancies(rows, declared_count, stated, open_gazetteer())
    discrepancies = sorted((*table.notes, *notes, *found), key=lambda one: one.row or 0)
    return OrganisationList(table.source, rows, tuple(discrepancies), table.encoding, declared_count)


def _read_table(path: Path) -> Table:
    content = _read_content(path)
    if not content.strip():
        raise InputError("{file}: a list of organisations is expected, got an empty file", file=path.name)
    if content.startswith(_ZIP):
        if _is_word(content):
            from mou.organisations.word_table import read_word_table

            return read_word_table(path.name, content)
        from mou.organisations.workbook import read_workbook

        return read_workbook(path.name, content)
    if content.startswith(_RICH_TEXT) or (content.startswith(_COMPOUND_FILE) and _WORD_STREAM in content):
        raise InputError(
            "{file}: a list as .docx, .xlsx or .csv is expected, got an old Word file (.doc or .rtf); open it in Word or "
            "LibreOffice and save it as .docx",
            file=path.name,
        )
    if content.startswith(_COMPOUND_FILE) and _PROTECTED_STREAM in content:
        raise InputError(
            "{file}: a list without a password is expected, got a file that has one; open it with the password and save it "
            "without one",
            file=path.name,
        )
    if content.startswith(_COMPOUND_FILE):
        raise InputError(
            "{file}: a workbook in the format .xlsx is expected, got an old one (.xls) or one with a password; "
            "open it in the spreadsheet program and save it as .xlsx without a password",
            file=path.name,
        )
    return read_text_table(path.name, content)


def _is_word(content: bytes) -> bool:
    """Whether a packed file says that it is a Word file; what is damaged is left to the reader of workbooks to name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.startswith("word/") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _read_content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise InputError(
            "{file} cannot be read: {reason}", file=str(path), reason=error.strerror or type(error).__name__
        ) from error
    if len(content) > MAXIMUM_BYTES:
        raise InputError(
            "{file}: a list of at most {limit} MiB is expected, got more", file=path.name, limit=MAXIMUM_BYTES // 2**20
        )
    return content
