"""LibreOffice, where it is installed: a Word file -> a PDF. It is started as a program, once for each file.

1. Each run has a profile and a folder of its own, which are gone afterwards; what a person set up in their LibreOffice counts
   for nothing. Macros are off, no link is followed, no field asks anybody.
2. The bundled fonts are there beside those of the machine.
3. A run that takes too long is ended with everything that it started. Its exit code is not believed: only a file is an answer.
   Where we are killed ourselves, a guard ends the run and takes its folder away, which holds the names of a contract.
4. What is asked for is a tagged PDF/A-3b in which every bookmark has a place. `office_pages` looks at what came.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from mou.errors import RenderingError

PROGRAM_VARIABLE: Final = "MOU_SOFFICE"
PROGRAM_NAME: Final = "LibreOffice"
OLDEST_VERSION: Final = (7, 4)
"""Before it the command line took no settings for a PDF, and gave another one than was asked for without a word."""

_NAMES: Final = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_VERSION: Final = re.compile(r"LibreOffice\s+(?P<version>\d+(?:\.\d+){1,4})\b")
_VERSION_LIMIT_SECONDS: Final = 60.0
_TIME_LIMIT_SECONDS: Final = 180.0  # a first start takes some seconds, a document one or two
_EXCERPT_CHARACTERS: Final = 200
_EXPORT: Final[Mapping[str, tuple[str, str]]] = {
    "SelectPdfVersion": ("long", "3"),  # PDF/A-3b
    "UseTaggedPDF": ("boolean", "true"),
    "ExportBookmarksToPDFDestination": ("boolean", "true"),
    "ExportFormFields": ("boolean", "false"),  # the only form is that of the signatures
    "ExportNotes": ("boolean", "false"),
    "ExportNotesInMargin": ("boolean", "false"),
    "UseLosslessCompression": ("boolean", "true"),
    "ReduceImageResolution": ("boolean", "false"),
}
_SETTINGS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">\
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">\
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse">\
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_FONTS: Final = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">{machine}</include><dir>{bundled}</dir></fontconfig>
"""
# Waits until nobody holds the other end of its input any more; $1 is a group of processes, $2 a folder.
_GUARD: Final = 'read -r line; kill -s KILL -- "-$1" 2>/dev/null; rm -rf -- "$2"'
_MACHINE_FONTS: Final = "/etc/fonts/fonts.conf"


@dataclass(frozen=True, slots=True)
class Office:
    """An installed LibreOffice: where it is, and which."""

    program: str
    version: str


def find_office(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the installed program: what MOU_SOFFICE names, else `soffice` or `libreoffice` on the PATH, else None."""
    named = environment.get(PROGRAM_VARIABLE)
    found = (shutil.which(name, path=environment.get("PATH")) for name in ((named,) if named else _NAMES))
    return next(filter(None, found), None)


def open_office(environment: Mapping[str, str] = os.environ) -> Office:
    """Return the installed LibreOffice with the version that it says it has.

    Raises:
        RenderingError: there is none, it does not answer, or it is too old.
    """
    program = find_office(environment)
    if program is None:
        raise RenderingError(
            "LibreOffice is expected here, there is none; install it (apt-get install libreoffice-writer), name its program in "
            "{variable}, or leave --through-libreoffice out",
            variable=PROGRAM_VARIABLE,
        )
    said = _output([program, "--version"], dict(environment), _VERSION_LIMIT_SECONDS)
    found = _VERSION.search(said)
    if found is None:
        raise RenderingError(
            "{program} is expected to say which LibreOffice it is, got: {said}", program=program, said=_excerpt(said)
        )
    version = found["version"]
    if tuple(map(int, version.split(".")[:2])) < OLDEST_VERSION:
        raise RenderingError(
            "LibreOffice {oldest} or a newer one is expected, got {version}; install a newer one",
            oldest=".".join(map(str, OLDEST_VERSION)),
            version=version,
        )
    return Office(program, version)


def pdf_of_word(
    office: Office,
    word: bytes,
    *,
    fonts: Path,
    environment: Mapping[str, str] = os.environ,
    time_limit_seconds: float = _TIME_LIMIT_SECONDS,
) -> bytes:
    """Return the PDF that LibreOffice makes of a Word file.

    Args:
        office: the program.
        word: a .docx that was checked before (`mou.rendering.word.opening.package`).
        fonts: the folder of the fonts that it is to find beside those of the machine.
        environment: what the program finds in its environment.
        time_limit_seconds: how long it may take.

    Raises:
        RenderingError: it cannot be started, does not end, or leaves no PDF.
    """
    with tempfile.TemporaryDirectory(prefix="mou-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, profile = folder / "document.docx", folder / "profile"
        source.write_bytes(word)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        own_fonts = folder / "fonts.conf"
        own_fonts.write_text(_FONTS.format(machine=_MACHINE_FONTS, bundled=escape(str(fonts.resolve()))), encoding="utf-8")
        said = _output(
            [
                office.program,
                f"-env:UserInstallation={profile.resolve().as_uri()}",
                *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
                *("--convert-to", _export_format(), "--outdir", str(folder / "out"), str(source)),
            ],
            {**_calm(environment), "FONTCONFIG_FILE": str(own_fonts)},
            time_limit_seconds,
            folder,
        )
        made = folder / "out" / "document.pdf"
        if not made.is_file() or made.stat().st_size == 0:
            raise RenderingError(
                "LibreOffice {version} left no PDF ({said}); open the filled Word file in it to see why: mou generate ... --word "
                "--own-layout",
                version=office.version,
                said=_excerpt(said) or "-",
            )
        return made.read_bytes()


def _export_format() -> str:
    options = {name: {"type": kind, "value": value} for name, (kind, value) in _EXPORT.items()}
    return f"pdf:writer_pdf_Export:{json.dumps(options)}"


def _calm(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without a screen, and with a language that is the same everywhere."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "LANG", "LANGUAGE")
    kept = {name: value for name, value in environment.items() if name not in left_out and not name.startswith(("LC_", "MOU_"))}
    return kept | {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}


def _output(command: Sequence[str], environment: Mapping[str, str], time_limit_seconds: float, folder: Path | None = None) -> str:
    """Return what a command printed; one that does not end in time is ended, with all that it started.

    Where this program is killed meanwhile, the command ends too, and `folder` goes.
    """
    try:
        process = subprocess.Popen(  # noqa: S603  # the program that the machine's owner installed or named
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise RenderingError("{program} cannot be started: {cause}", program=command[0], cause=error.strerror) from error
    try:
        with _guarded(process.pid, folder) if folder else nullcontext():
            printed, _ = process.communicate(timeout=time_limit_seconds)
    except subprocess.TimeoutExpired as error:
        raise RenderingError(
            "LibreOffice ({program}) gave no answer within {seconds} seconds; try again, or open the file in it by hand to see "
            "what it asks",
            program=command[0],
            seconds=round(time_limit_seconds),
        ) from error
    finally:
        _end(process)
    return printed.decode("utf-8", "replace")


@contextmanager
def _guarded(group: int, folder: Path) -> Iterator[None]:
    """Have the group of processes ended and the folder taken away where this process does not live to do it."""
    command = ["/bin/sh", "-c", _GUARD, "sh", str(group), str(folder.resolve())]
    quiet = subprocess.DEVNULL
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603
    try:
        yield
    finally:
        guard.kill()
        guard.communicate()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the group of a process that we started, if any of it is left."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    finally:
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT_CHARACTERS else line[:_EXCERPT_CHARACTERS] + " ..."
