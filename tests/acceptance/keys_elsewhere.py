"""What tests of keys elsewhere share: certificates of a workspace's own authority, a terminal, openssl as a second opinion."""

import io
import os
import pty
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from cryptography import x509

from signatures.authority import Authority, Subject, open_authority
from signatures.signers import PrivateKey
from tests.acceptance.conftest import MOU, surroundings

NOTE, PACT = "N-2565-001", "N-2565-000"
FIRST_OF_NOTE, HOST = "นายผู้แทน1 ทดสอบ", "นางสาวดวง สมมติ"
PAIR = {"S0001": "นายผู้แทน7 ทดสอบ", "S0002": "นายผู้แทน8 ทดสอบ"}


def authority_of(workspace: Path) -> Authority:
    """The workspace's own authority."""
    own = workspace / "keys"
    return open_authority((own / "authority.key.pem").read_bytes(), (own / "authority.pem").read_bytes(), source="authority")


def issue(workspace: Path, name: str, key: PrivateKey) -> x509.Certificate:
    """A certificate of the workspace's authority for this name, as long as the authority's own."""
    authority = authority_of(workspace)
    own = authority.certificate
    return authority.issue(
        Subject(name, "องค์กรทดสอบ"), key.public_key(), not_before=own.not_valid_before_utc, not_after=own.not_valid_after_utc
    )


def require_openssl_agrees(pdf: bytes, folder: Path, *, signatures: int) -> None:
    """Openssl finds each signature of the file right over the bytes that it covers, and over no others."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        values = [field.V for field in document.Root.AcroForm.Fields if "/V" in field]
        found = [(bytes(value.Contents), [int(number) for number in value.ByteRange]) for value in values]
    assert len(found) == signatures
    verify = [
        "openssl",
        "cms",
        "-verify",
        "-binary",
        "-noverify",
        "-inform",
        "DER",
        "-in",
        "cms",
        "-content",
        "signed",
        "-out",
        "-",
    ]
    for contents, (_, length, second, rest) in found:
        (folder / "cms").write_bytes(contents)
        covered = pdf[:length] + pdf[second : second + rest]
        for content, agrees in ((covered, True), (covered[:-1] + b"!", False)):
            (folder / "signed").write_bytes(content)
            done = subprocess.run(verify, cwd=folder, capture_output=True, check=False)
            assert (done.returncode == 0) is agrees, done.stderr


@dataclass(slots=True)
class Terminal:
    """The program on a terminal of its own, without colours."""

    process: "subprocess.Popen[bytes]"
    _line: int
    shown: str = ""

    def wait_for(self, words: str, *, seconds: float = 120) -> None:
        """Read until these words are shown."""
        end = time.monotonic() + seconds
        while words not in self.shown:
            assert time.monotonic() < end, self.shown
            if not self._read():
                break
        assert words in self.shown, self.shown

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self._line, f"{text}\n".encode())

    def interrupt(self) -> None:
        """Do what Ctrl-C does, once."""
        self.process.send_signal(signal.SIGINT)

    def finish(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        os.close(self._line)
        return self.process.wait(timeout=60)

    def _read(self) -> bool:
        try:
            piece = os.read(self._line, 4096)
        except OSError:  # how Linux says that nobody holds the other end any more
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)


def start_on_terminal(*arguments: object, **environment: str) -> Terminal:
    """Start the program as a person does, on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [MOU, *map(str, arguments)],
        env=surroundings(**environment),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,  # else a password would be read from the terminal of whoever runs the tests
    )
    os.close(theirs)
    return Terminal(process, ours)
