"""LibreOffice, driven as a program: what an officer does when they open a .docx and save it, or look at it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

WORD_FORMAT = "docx:MS Word 2007 XML"


def office() -> str:
    """Return the program's path; without one the test is skipped, or fails where MOU_TEST_OFFICE asks for it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        if os.environ.get("MOU_TEST_OFFICE") == "required":
            pytest.fail("LibreOffice is expected here (MOU_TEST_OFFICE=required), there is none")
        pytest.skip("there is no LibreOffice (soffice) on this machine")
    return found


def converted(source: Path, wanted: str, folder: Path) -> Path:
    """Return the file as LibreOffice opened and saved it in `folder`; `wanted` is a format of its --convert-to, such as `pdf`.

    Each run has a profile of its own, so that runs at the same moment do not wait for each other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder / ".office-profile"
    command = [office(), f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--convert-to", wanted]
    finished = subprocess.run(
        [*command, "--outdir", str(folder), str(source)], capture_output=True, text=True, timeout=120, check=True
    )
    result = folder / f"{source.stem}.{wanted.partition(':')[0]}"
    assert result.exists(), finished.stdout + finished.stderr
    return result
