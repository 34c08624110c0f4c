"""The members of a packed file, unpacked within limits. Nothing that the archive says of itself is believed.

1. Every byte is counted while it is unpacked; how large a part becomes is never taken from the archive's directory.
2. Only the two ways of packing that Office Open XML allows are unpacked (ISO/IEC 29500-2, annex C: stored and deflated), since
   only they can be stopped in the middle.
3. A name stands once, whatever its capitals, and stays inside the package, and nothing stands before the first part: two readers
   never see two different files.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from mou.errors import InputError
from signatures.messages import Message, say

MAXIMUM_PACKED_BYTES: Final = 32 * 1024 * 1024
MAXIMUM_UNPACKED_BYTES: Final = 128 * 1024 * 1024
MAXIMUM_MEMBERS: Final = 4_000
# Text of Word packs to a tenth, thousands of equal empty rows to a hundredth; below the size nobody is harmed.
MAXIMUM_RATIO: Final = 200
RATIO_COUNTS_FROM_BYTES: Final = 8 * 1024 * 1024
_CHUNK_BYTES: Final = 64 * 1024
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FIRST_BYTES: Final = b"PK\x03\x04"
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    IndexError,
    OSError,
)


def unpacked(source: str, content: bytes) -> dict[str, bytes]:
    """Return every member of a packed Word file by its name.

    Raises:
        InputError: it is too large, something else than a packed file, damaged, protected by a password, or made to be much
            larger unpacked than it looks.
    """
    _check_beginning(source, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if min((one.header_offset for one in members), default=0):
                # Something else stands before it, of which another reader may make another file.
                raise zipfile.BadZipFile
            _check_members(source, members)
            parts: dict[str, bytes] = {}
            left = MAXIMUM_UNPACKED_BYTES
            for member in members:
                if not member.is_dir():
                    parts[member.filename] = _member_bytes(source, archive, member, left)
                    left -= len(parts[member.filename])
            return parts
    except _UNREADABLE as error:
        raise InputError(
            "{file}: a whole Word file (.docx) is expected, got one that is damaged ({reason}); ask for it again, or open it in "
            "Word and save it under a new name",
            file=source,
            reason=type(error).__name__,
        ) from error


def _check_beginning(source: str, content: bytes) -> None:
    if len(content) > MAXIMUM_PACKED_BYTES:
        raise InputError(
            "{file}: a Word file of at most {limit} MiB is expected, got {got} MiB; make its pictures smaller or take them out",
            file=source,
            limit=MAXIMUM_PACKED_BYTES // 2**20,
            got=-(-len(content) // 2**20),
        )
    if content.startswith(_COMPOUND_FILE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise InputError(
                "{file}: a Word file (.docx) without a password is expected, got one that is protected by a password; open it in "
                "Word, remove the password and save it",
                file=source,
            )
        raise InputError(
            "{file}: a Word file (.docx) is expected, got the format of Word 97 to 2003 (.doc) or a file protected by a "
            "password; open it in Word, remove the password and save it as .docx",
            file=source,
        )
    if not content.startswith(_FIRST_BYTES):
        raise InputError(
            "{file}: a Word file (.docx) is expected, got {got}; open it in Word and save it as .docx",
            file=source,
            got=_format_of(content),
        )


def _format_of(content: bytes) -> str | Message:
    beginnings = ((b"%PDF", "PDF"), (b"{\\rtf", "RTF"), (b"<", "HTML/XML"))
    if not content:
        return say("an empty file")
    return next((name for beginning, name in beginnings if content.lstrip().startswith(beginning)), content[:4].hex(" "))


def _check_members(source: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAXIMUM_MEMBERS:
        raise InputError(
            "{file}: a Word file of at most {limit} parts is expected, got {got}; open it in Word and save it under a new name",
            file=source,
            limit=MAXIMUM_MEMBERS,
            got=len(members),
        )
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if member.flag_bits & _ENCRYPTED:
            raise InputError(
                "{file}, part {part}: a part without a password is expected, got a protected one; save the file again in Word "
                "without a password",
                file=source,
                part=name,
            )
        if member.compress_type not in _METHODS:
            raise InputError(
                "{file}, part {part}: a part packed by the method 0 or 8 is expected, got {got}; open the file in Word and save "
                "it under a new name",
                file=source,
                part=name,
                got=member.compress_type,
            )
        if name.casefold() in seen or _leaves_the_package(name):
            raise InputError(
                "{file}, part {part}: a name that stands once and stays inside the file is expected, got one that does not; no "
                "program of an office writes such a file: ask for it again from whom you know",
                file=source,
                part=name,
            )
        seen.add(name.casefold())


def _leaves_the_package(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _member_bytes(source: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in _pieces(archive, member):
        pieces.append(piece)
        size += len(piece)
        if size > left:
            raise InputError(
                "{file}, part {part}: at most {limit} MiB unpacked are expected, got more: the file is made to be larger than it "
                "looks; ask for it again from whom you know",
                file=source,
                part=member.filename,
                limit=MAXIMUM_UNPACKED_BYTES // 2**20,
            )
        if size > RATIO_COUNTS_FROM_BYTES and size > MAXIMUM_RATIO * max(member.compress_size, 1):
            raise InputError(
                "{file}, part {part}: a part that unpacks to at most {limit} times its size is expected, got more: the file is "
                "made to be larger than it looks; ask for it again from whom you know",
                file=source,
                part=member.filename,
                limit=MAXIMUM_RATIO,
            )
    return b"".join(pieces)


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK_BYTES):
            yield piece
