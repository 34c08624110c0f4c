"""Download, sign with one's own program, return: `mou return` as people run it, with programs that know nothing of us."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from signatures.authority import Subject, new_private_key, open_authority, write_pkcs12
from signatures.signers import Signer, open_pkcs12
from tests.foreign_programs import HAS_MUPDF, openssl_accepts_last_signature, sign_with_mupdf_and_openssl, sign_with_pyhanko

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou, StateOf

NOTE = "N-2565-001"
PARTY, HOST = "นายผู้แทน1 ทดสอบ", "นางสาวดวง สมมติ"
PASSWORD = "throw-away"
PYHANKO = shutil.which("pyhanko", path=str(Path(sys.executable).parent)) or shutil.which("pyhanko")


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace with one memorandum that waits for its party, then for the network; and a signatory's own computer."""

    workspace: Path
    computer: Path

    @property
    def published(self) -> Path:
        """The document that everybody may download."""
        return self.workspace / "documents" / "note" / f"{NOTE}.pdf"

    def key_of(self, name: str) -> Path:
        """A PKCS#12 file of this person, its certificate by the workspace's own authority."""
        own = self.workspace / "keys"
        authority = open_authority((own / "authority.key.pem").read_bytes(), (own / "authority.pem").read_bytes(), source="a")
        key, begin = new_private_key(), authority.certificate.not_valid_before_utc
        certificate = authority.issue(Subject(name), key.public_key(), not_before=begin, not_after=begin + timedelta(days=30))
        path = self.computer / f"{name}.p12"
        path.write_bytes(write_pkcs12(name, key, certificate, (authority.certificate,), PASSWORD))
        return path

    def signer(self, name: str = PARTY) -> Signer:
        """The same, opened."""
        return open_pkcs12(self.key_of(name), PASSWORD)

    def keep(self, content: bytes) -> Path:
        """A file on the signatory's computer."""
        path = self.computer / "signed.pdf"
        path.write_bytes(content)
        return path

    def signed(self, name: str = PARTY, field: str = "S0001", **options: str) -> bytes:
        """The published document, signed by pyHanko in this process."""
        return sign_with_pyhanko(self.published.read_bytes(), field, self.signer(name), reason=options.get("reason"))


@pytest.fixture(scope="module")
def generated(run_mou: "RunMou", made_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("generated") / "workspace"
    shutil.copytree(made_workspace, workspace)
    made = run_mou("generate", "note", "--list", "members", "--organisation", "org-1", "-w", workspace)
    assert made.code == 0, made.stderr
    return workspace


@pytest.fixture
def desk(generated: Path, tmp_path: Path) -> Desk:
    shutil.copytree(generated, tmp_path / "workspace")
    (tmp_path / "computer").mkdir()
    return Desk(tmp_path / "workspace", tmp_path / "computer")


def by_pyhanko_command_line(desk: Desk) -> bytes:
    """As a signatory types it: their PKCS#12 file, the field that is there, nothing else."""
    key, password_file, target = desk.key_of(PARTY), desk.computer / "password.txt", desk.computer / "by-pyhanko.pdf"
    password_file.write_text(PASSWORD, encoding="utf-8")
    command = [str(PYHANKO), "sign", "addsig", "--field", "S0001", "pkcs12", "--passfile", str(password_file)]
    done = subprocess.run([*command, desk.published, target, key], capture_output=True, check=False, cwd=desk.computer)
    assert done.returncode == 0, done.stderr.decode()
    return target.read_bytes()


def by_mupdf_and_openssl(desk: Desk) -> bytes:
    return sign_with_mupdf_and_openssl(desk.published.read_bytes(), "S0001", desk.signer(), desk.computer)


needs_pyhanko = pytest.mark.skipif(PYHANKO is None, reason="pyhanko is missing: the package pyhanko-cli")
needs_mupdf = pytest.mark.skipif(not HAS_MUPDF, reason="mutool is missing: the Debian package mupdf-tools")


@pytest.mark.parametrize(
    "sign_elsewhere",
    [
        pytest.param(by_pyhanko_command_line, id="pyHanko's command line", marks=needs_pyhanko),
        pytest.param(by_mupdf_and_openssl, id="MuPDF and OpenSSL", marks=needs_mupdf),
        pytest.param(lambda desk: desk.signed(), id="pyHanko"),
    ],
)
def test_a_document_signed_elsewhere_is_taken_back_completed_here_and_verified(
    run_mou: "RunMou", desk: Desk, sign_elsewhere: Callable[[Desk], bytes]
) -> None:
    content = sign_elsewhere(desk)
    returned = run_mou("return", desk.keep(content), "-w", desk.workspace)
    assert (returned.code, returned.stdout) == (0, f"{NOTE}, S0001: signed by {PARTY} and recorded\n"), returned.stderr
    assert desk.published.read_bytes() == content
    assert openssl_accepts_last_signature(content, desk.computer)

    password_file = desk.computer / "password.txt"
    password_file.write_text(PASSWORD, encoding="utf-8")
    key = desk.key_of(HOST)
    here = ("sign", NOTE, "--slot", "S0002", "--pkcs12", key, "--password-file", password_file, "-w", desk.workspace)
    assert run_mou(*here).code == 0
    verified = run_mou("verify", "--json", "-w", desk.workspace, desk.published)
    assert (verified.code, verified.lines[0]["verdict"]) == (0, "passed"), verified.stdout
    assert "1 signatures do not state a capacity themselves" in verified.lines[0]["steps"][4]["reason"]
    audit = run_mou("ledger", "audit", "--json", "-w", desk.workspace)
    assert (audit.code, audit.object["findings"]) == (0, [])


def test_the_same_file_may_be_returned_twice(run_mou: "RunMou", desk: Desk, state_of: "StateOf") -> None:
    file = desk.keep(desk.signed())
    first = run_mou("return", file, "--json", "-w", desk.workspace)
    assert first.code == 0, first.stderr
    assert (first.object["is_new"], first.object["field"], first.object["name"]) == (True, "S0001", PARTY)
    before = state_of(desk.workspace)
    again = run_mou("return", file, "--json", "-w", desk.workspace)
    assert again.object == {**first.object, "is_new": False}
    told = run_mou("return", file, "--slot", "S0001", "-w", desk.workspace)
    assert told.stdout == f"{NOTE}, S0001: {PARTY} has signed already; nothing was done\n"
    assert state_of(desk.workspace) == before


def saved_anew(desk: Desk) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(desk.signed())) as document:
        document.save(out)
    return out.getvalue()


def altered(desk: Desk) -> bytes:
    signed = desk.signed()
    place = signed.index(b"/FT")
    return signed[:place] + b"/Ft" + signed[place + 3 :]


REFUSED: dict[str, tuple[Callable[[Desk], bytes], tuple[str, ...]]] = {
    "empty": (lambda _desk: b"", ("signed.pdf: the file is empty",)),
    "a text": (lambda _desk: b"signed", ("signed.pdf: a PDF is expected",)),
    "the unsigned document": (lambda desk: desk.published.read_bytes(), ("without a new signature",)),
    "a file saved anew": (saved_anew, ("printed, optimised, converted or saved as a new file", "download the document again")),
    "an altered byte": (altered, ("printed, optimised, converted or saved as a new file",)),
    "another reason": (lambda desk: desk.signed(reason="I agree"), ("the reason of the signature is 'I agree'",)),
    "somebody else": (lambda desk: desk.signed(HOST), (f"a certificate of {PARTY} is expected, got one of {HOST}",)),
    "before one's turn": (lambda desk: desk.signed(HOST, "S0002"), ("not yet the turn",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_refused_changes_nothing_and_tells_what_to_do(
    run_mou: "RunMou", desk: Desk, state_of: "StateOf", case: str
) -> None:
    make, told = REFUSED[case]
    file, before = desk.keep(make(desk)), state_of(desk.workspace)
    answer = run_mou("return", file, "-w", desk.workspace)
    assert (answer.code, answer.stdout) == (1, "")
    assert len(answer.stderr.splitlines()) == 1
    for words in told:
        assert words in answer.stderr
    assert state_of(desk.workspace) == before


def test_a_file_that_is_not_there_is_told(run_mou: "RunMou", desk: Desk) -> None:
    answer = run_mou("return", desk.computer / "nothing.pdf", "-w", desk.workspace)
    assert (answer.code, answer.stdout) == (1, "")
    assert "nothing.pdf" in answer.stderr


def test_the_answer_for_programs_is_one_object(run_mou: "RunMou", desk: Desk) -> None:
    answer = run_mou("return", desk.keep(desk.signed()), "--json", "-w", desk.workspace)
    members = {"document_id", "file_name", "field", "name", "certificate", "sha256", "is_new"}
    assert set(json.loads(answer.stdout)) == members
