"""LibreOffice as a program: the real one, and programs that behave as no program should."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from mou.errors import RenderingError
from mou.rendering.faces import bundled_family
from mou.rendering.office import Office, find_office, open_office, pdf_of_word
from tests.house_layout import house_file
from tests.office import office as installed_office

WriteProgram = Callable[[str], Path]
FONTS = bundled_family().folder


@pytest.fixture
def write_program(tmp_path: Path) -> WriteProgram:
    """A function that writes a shell script which stands for the program."""

    def write(script: str) -> Path:
        path = tmp_path / "soffice"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return write


def surroundings(program: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "MOU_SOFFICE": str(program)}


def has_ended(process: int) -> bool:
    return not Path(f"/proc/{process}").exists() or "Z" in Path(f"/proc/{process}/stat").read_text().split()[2]


def waited_for(happened: Callable[[], bool]) -> bool:
    """Whether something has happened within half a minute."""
    end = time.monotonic() + 30
    while not (done := happened()) and time.monotonic() < end:
        time.sleep(0.05)
    return done


def test_a_word_file_becomes_a_tagged_archival_pdf_in_the_bundled_font() -> None:
    office = open_office({**os.environ, "MOU_SOFFICE": installed_office()})
    with pikepdf.open(io.BytesIO(pdf_of_word(office, house_file(), fonts=FONTS))) as pdf:
        assert b"<pdfaid:part>3</pdfaid:part>" in pdf.Root.Metadata.read_bytes()
        assert pikepdf.Name.StructTreeRoot in pdf.Root
        fonts = {str(one.FontName) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/FontName")}
        assert {font.partition("+")[2].partition("-")[0] for font in fonts} == {"Sarabun"}


def test_the_version_is_the_one_that_the_program_says() -> None:
    program = installed_office()
    found = open_office({**os.environ, "MOU_SOFFICE": program})
    assert found.program == program
    assert tuple(map(int, found.version.split("."))) >= (7, 4)


def test_a_run_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    office = open_office({**os.environ, "MOU_SOFFICE": installed_office()})
    assert pdf_of_word(office, house_file(), fonts=FONTS).startswith(b"%PDF")
    assert list(tmp_path.glob("mou-office-*")) == []


def test_where_there_is_none_the_remedy_is_told(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "MOU_SOFFICE": "soffice"}
    assert find_office(environment) is None
    with pytest.raises(RenderingError, match=r"there is none; install it .* or leave --through-libreoffice out"):
        open_office(environment)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'LibreOffice 6.3.1.2 abc'", "LibreOffice 7.4 or a newer one is expected, got 6.3.1.2"),
        ("echo 'Some Office 9'", "is expected to say which LibreOffice it is, got: Some Office 9"),
        ("exit 1", "is expected to say which LibreOffice it is"),
    ],
    ids=["too old", "another program", "silent"],
)
def test_a_program_that_is_no_libreoffice_of_today_is_refused(script: str, message: str, write_program: WriteProgram) -> None:
    with pytest.raises(RenderingError, match=message):
        open_office(surroundings(write_program(script)))


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "soffice"
    broken.write_bytes(b"\x00\x01\x02")
    broken.chmod(0o755)
    with pytest.raises(RenderingError, match="cannot be started"):
        pdf_of_word(Office(str(broken), "7.4"), b"", fonts=FONTS)


def test_what_ends_without_a_pdf_is_told_with_its_own_words(write_program: WriteProgram) -> None:
    program = write_program("echo 'Error: source file could not be loaded'; exit 0")
    with pytest.raises(RenderingError, match=r"LibreOffice 7\.4 left no PDF \(Error: source file could not be loaded\)"):
        pdf_of_word(Office(str(program), "7.4"), b"", fonts=FONTS)


def test_an_empty_pdf_is_no_answer(write_program: WriteProgram) -> None:
    program = write_program(
        'while [ "$1" != "--outdir" ]; do shift; done; mkdir -p "$2"; : > "$2/document.pdf"',
    )
    with pytest.raises(RenderingError, match="left no PDF"):
        pdf_of_word(Office(str(program), "7.4"), b"", fonts=FONTS)


def test_one_that_does_not_end_is_ended_with_what_it_started(write_program: WriteProgram, tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = write_program(f"sleep 600 &\necho $! > {started}\nsleep 600")
    with pytest.raises(RenderingError, match="gave no answer within 1 seconds"):
        pdf_of_word(Office(str(program), "7.4"), b"", fonts=FONTS, time_limit_seconds=1)
    assert has_ended(int(started.read_text()))


def test_where_we_are_killed_the_program_ends_too_and_its_folder_goes(write_program: WriteProgram, tmp_path: Path) -> None:
    started, folders = tmp_path / "started", tmp_path / "ที่ว่าง & ไทย"
    folders.mkdir()
    program = write_program(f"sleep 600 &\necho $! > {started}.part\nmv {started}.part {started}\nsleep 600")
    code = (
        "from pathlib import Path; from mou.rendering.office import Office, pdf_of_word; "
        f"pdf_of_word(Office({str(program)!r}, '7.4'), b'', fonts=Path({str(FONTS)!r}))"
    )
    ours = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(folders)})
    assert waited_for(started.exists)
    assert len([*folders.iterdir()]) == 1
    time.sleep(0.5)  # until the guard stands
    ours.kill()
    ours.wait()
    assert waited_for(lambda: not [*folders.iterdir()])
    assert waited_for(lambda: has_ended(int(started.read_text())))


def test_the_program_finds_neither_a_screen_nor_settings_of_ours(write_program: WriteProgram, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program = write_program(f"env > {seen}")
    environment = {"PATH": os.environ["PATH"], "DISPLAY": ":0", "LANG": "th_TH.UTF-8", "MOU_WORKSPACE": "/secret"}
    with pytest.raises(RenderingError, match="left no PDF"):
        pdf_of_word(Office(str(program), "7.4"), b"", fonts=FONTS, environment=environment)
    names = {line.partition("=")[0] for line in seen.read_text().splitlines()}
    assert "FONTCONFIG_FILE" in names
    assert not names & {"DISPLAY", "LANG", "MOU_WORKSPACE"}
