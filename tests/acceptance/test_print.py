"""Printing as people do it: a copy under a name of their choice; nothing is signed, recorded or overwritten by it."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou, StateOf

NOTE = "N-2565-001"


@pytest.fixture
def generated(run_mou: "RunMou", workspace: Path) -> Path:
    """The made workspace with one memorandum, which nobody has signed."""
    made = run_mou("generate", "note", "--list", "members", "--organisation", "org-1", "-w", workspace)
    assert made.code == 0, made.stderr
    return workspace


def text_of(pdf: Path) -> str:
    told = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout.decode()
    return "".join(told.split())


@pytest.mark.parametrize("by", ["number", "file", "id"])
def test_a_document_is_printed_by_its_number_its_file_or_its_id(
    run_mou: "RunMou", generated: Path, state_of: "StateOf", tmp_path: Path, by: str
) -> None:
    (row,) = run_mou("status", NOTE, "--json", "-w", generated).table
    document = {"number": NOTE, "file": generated / "documents" / "note" / f"{NOTE}.pdf", "id": row["document"]}[by]
    before, copy = state_of(generated), tmp_path / "สำเนา.pdf"
    answer = run_mou("print", document, "-o", copy, "-w", generated)
    told = f"{copy}: a copy of {NOTE} with 0 of 2 signatures, to be printed; the signed PDF stays the record\n"
    assert (answer.code, answer.stdout) == (0, told)
    assert state_of(generated) == before
    text = text_of(copy)
    assert "สิ่งพิมพ์ออก(สำเนา)" in text
    assert f"sha256:{row['current'].removeprefix('sha256:')[:16]}…ซึ่งมีลายมือชื่ออิเล็กทรอนิกส์๐จาก๒ราย" in text
    with pikepdf.open(copy) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_a_copy_is_neither_signed_nor_taken_for_the_document(run_mou: "RunMou", generated: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    assert run_mou("print", NOTE, "-o", copy, "-w", generated).code == 0
    verified = run_mou("verify", "--json", "-w", generated, copy)
    assert verified.lines[0]["integrity"] == "unsigned"
    refused = run_mou("print", copy, "-o", tmp_path / "copy-of-copy.pdf", "-w", generated)
    assert refused.code == 2
    assert "a PDF that this workspace made is expected" in refused.stderr


def test_a_file_that_is_there_is_kept(run_mou: "RunMou", generated: Path) -> None:
    original = generated / "documents" / "note" / f"{NOTE}.pdf"
    before = original.read_bytes()
    refused = run_mou("print", NOTE, "-o", original, "-w", generated)
    assert (refused.code, refused.stdout) == (2, "")
    assert "is there already" in refused.stderr
    assert original.read_bytes() == before


def test_a_document_that_is_not_there_is_told(run_mou: "RunMou", generated: Path, tmp_path: Path) -> None:
    refused = run_mou("print", "N-2565-999", "-o", tmp_path / "copy.pdf", "-w", generated)
    assert refused.code == 2
    assert "no document N-2565-999" in refused.stderr
    assert not (tmp_path / "copy.pdf").exists()
