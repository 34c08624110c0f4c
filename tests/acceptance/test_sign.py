"""Signing as a signatory does it: with their own key, in their turn, once; whatever is refused changes nothing."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from PIL import Image, ImageDraw

from signatures.authority import Subject, new_private_key, open_authority, write_pkcs12

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou, StartMou, StateOf

NOTE, PACT = "N-2565-001", "N-2565-000"
FIRST_OF_NOTE, HOST = "นายผู้แทน1 ทดสอบ", "นางสาวดวง สมมติ"
PAIR = {"S0001": "นายผู้แทน7 ทดสอบ", "S0002": "นายผู้แทน8 ทดสอบ"}
PASSWORD = "ความลับ-correct-horse"


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace with one memorandum and one joint document, and a folder for the signatories' keys."""

    workspace: Path
    keys: Path

    def key_of(self, name: str, *, lifetime: timedelta = timedelta(days=30)) -> Path:
        """A key for this name, with a certificate of the workspace's own authority that begins when the authority did."""
        own = self.workspace / "keys"
        authority = open_authority(
            (own / "authority.key.pem").read_bytes(), (own / "authority.pem").read_bytes(), source="authority"
        )
        key, begin = new_private_key(), authority.certificate.not_valid_before_utc
        certificate = authority.issue(
            Subject(name, "องค์กรทดสอบ"),
            key.public_key(),
            not_before=begin,
            not_after=begin + lifetime,
        )
        path = self.keys / f"{key.public_key().public_numbers().x:x}.p12"
        path.write_bytes(write_pkcs12(name, key, certificate, (authority.certificate,), PASSWORD))
        return path

    def arguments(self, document: object, field: str, key: Path, *, password: str = PASSWORD) -> tuple[object, ...]:
        """The command line of one signature."""
        password_file = self.keys / "password.txt"
        password_file.write_text(f"{password}\n", encoding="utf-8")
        return ("sign", document, "--slot", field, "--pkcs12", key, "--password-file", password_file, "-w", self.workspace)


@pytest.fixture(scope="module")
def generated(run_mou: "RunMou", made_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made workspace with its two kinds of documents; nobody has signed."""
    workspace = tmp_path_factory.mktemp("generated") / "workspace"
    shutil.copytree(made_workspace, workspace)
    for arguments in (("note", "--list", "members", "--organisation", "org-1"), ("pact", "--list", "pair")):
        made = run_mou("generate", *arguments, "-w", workspace)
        assert made.code == 0, made.stderr
    return workspace


@pytest.fixture
def desk(generated: Path, tmp_path: Path) -> Desk:
    """A copy of the generated workspace, to sign in."""
    shutil.copytree(generated, tmp_path / "workspace")
    (tmp_path / "keys").mkdir()
    return Desk(tmp_path / "workspace", tmp_path / "keys")


def status_of(run_mou: "RunMou", desk: Desk, document: str) -> dict[str, Any]:
    (row,) = run_mou("status", document, "--json", "-w", desk.workspace).table
    return row


def require_refused(answer: "Answer", *told: str) -> None:
    assert answer.code in {1, 2}, answer.stdout + answer.stderr
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1
    assert answer.stderr.startswith("mou: ")
    for words in told:
        assert words in answer.stderr


def test_a_signature_is_made_once_recorded_and_verified(run_mou: "RunMou", desk: Desk, state_of: "StateOf") -> None:
    assert [one["state"] for one in status_of(run_mou, desk, NOTE)["signatories"]] == ["draft", "draft"]
    key = desk.key_of(FIRST_OF_NOTE)
    first = run_mou(*desk.arguments(NOTE, "S0001", key))
    assert (first.code, first.stdout) == (0, f"{NOTE}, S0001: signed by {FIRST_OF_NOTE} and recorded\n")
    after = status_of(run_mou, desk, NOTE)
    assert (after["signed"], after["asked"]) == (1, 2)
    assert [one["state"] for one in after["signatories"]] == ["signed", "draft"]
    before = state_of(desk.workspace)
    again = run_mou(*desk.arguments(NOTE, "S0001", key))
    assert (again.code, again.stdout) == (0, f"{NOTE}, S0001: {FIRST_OF_NOTE} has signed already; nothing was done\n")
    assert state_of(desk.workspace) == before
    pdf = desk.workspace / "documents" / "note" / f"{NOTE}.pdf"
    waiting = run_mou("verify", "--json", "-w", desk.workspace, pdf)
    assert (waiting.code, waiting.lines[0]["verdict"], waiting.lines[0]["integrity"]) == (3, "indeterminate", "intact")
    assert run_mou(*desk.arguments(pdf, "S0002", desk.key_of(HOST))).code == 0
    complete = run_mou("verify", "--json", "-w", desk.workspace, pdf)
    assert (complete.code, complete.lines[0]["verdict"]) == (0, "passed")


def test_several_documents_are_signed_in_one_pass_and_each_is_shown_before(run_mou: "RunMou", desk: Desk) -> None:
    made = run_mou("generate", "note", "--list", "members", "--organisation", "org-2", "-w", desk.workspace)
    assert made.code == 0, made.stderr
    rows = {row["number"]: row for row in run_mou("status", "--json", "-w", desk.workspace).table if row["template"] == "note"}
    assert len(rows) == 2
    for number, row in rows.items():
        first = row["signatories"][0]["name"]
        assert run_mou(*desk.arguments(number, "S0001", desk.key_of(first))).code == 0
    command, document, *rest = desk.arguments(NOTE, "S0002", desk.key_of(HOST))
    answer = run_mou(command, document, *(number for number in rows if number != document), *rest, "--channel", "on_site")
    assert answer.code == 0, answer.stderr
    shown = [f"{number}: {row['title']}, {row['digest']}" for number, row in rows.items()]
    signed = [f"{number}, S0002: signed by {HOST} and recorded" for number in rows]
    assert answer.stdout.splitlines() == [*shown, *signed]
    after = [row for row in run_mou("status", "--json", "-w", desk.workspace).table if row["template"] == "note"]
    assert [row["signatories"][1]["channel"] for row in after] == ["on_site", "on_site"]
    assert [row["signatories"][0]["channel"] for row in after] == [None, None]


def test_another_key_of_the_same_person_does_not_sign_twice(run_mou: "RunMou", desk: Desk, state_of: "StateOf") -> None:
    assert run_mou(*desk.arguments(NOTE, "S0001", desk.key_of(FIRST_OF_NOTE))).code == 0
    before = state_of(desk.workspace)
    require_refused(run_mou(*desk.arguments(NOTE, "S0001", desk.key_of(FIRST_OF_NOTE))), "S0001", FIRST_OF_NOTE, "signed")
    assert state_of(desk.workspace) == before


def garbage_file(desk: Desk) -> Path:
    path = desk.keys / "garbage.p12"
    path.write_bytes(b"no key at all")
    return path


# what is wrong: (the document, the field, the key, what the error tells)
REFUSED: dict[str, tuple[str, str, Callable[[Desk], Path], tuple[str, ...]]] = {
    "somebody-elses-key": (NOTE, "S0001", lambda desk: desk.key_of("นายคนอื่น ทดสอบ"), (FIRST_OF_NOTE, "นายคนอื่น ทดสอบ")),
    "an-expired-certificate": (
        NOTE,
        "S0001",
        lambda desk: desk.key_of(FIRST_OF_NOTE, lifetime=timedelta(seconds=1)),
        ("cannot sign", "ask for a new one"),
    ),
    "out-of-turn": (NOTE, "S0002", lambda desk: desk.key_of(HOST), ("not yet the turn", HOST, FIRST_OF_NOTE)),
    "an-unknown-field": (NOTE, "S0009", lambda desk: desk.key_of(FIRST_OF_NOTE), (NOTE, "S0009", "S0001, S0002")),
    "a-file-that-is-no-key": (NOTE, "S0001", garbage_file, ("garbage.p12", "PKCS#12")),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_not_this_signatorys_turn_and_key_is_refused(
    run_mou: "RunMou", desk: Desk, state_of: "StateOf", fault: str
) -> None:
    document, field, key, told = REFUSED[fault]
    arguments = desk.arguments(document, field, key(desk))
    before = state_of(desk.workspace)
    require_refused(run_mou(*arguments), *told)
    assert state_of(desk.workspace) == before


def test_a_wrong_password_is_refused_and_never_shown(run_mou: "RunMou", desk: Desk, state_of: "StateOf") -> None:
    wrong = "รหัสผิด-wrong-battery"
    arguments = desk.arguments(NOTE, "S0001", desk.key_of(FIRST_OF_NOTE), password=wrong)
    before = state_of(desk.workspace)
    answer = run_mou(*arguments)
    require_refused(answer, "wrong password")
    for secret in (wrong, PASSWORD):
        assert secret not in answer.stderr
    assert state_of(desk.workspace) == before


def test_a_password_file_that_is_no_text_is_refused(run_mou: "RunMou", desk: Desk) -> None:
    arguments = desk.arguments(NOTE, "S0001", desk.key_of(FIRST_OF_NOTE))
    (desk.keys / "password.txt").write_bytes(b"\xff\xfe\n")
    require_refused(run_mou(*arguments), "password.txt")


@pytest.mark.parametrize("name", ["foreign.pdf", f"{NOTE}.pdf"], ids=["another-name", "the-name-of-ours"])
def test_a_pdf_that_is_not_ours_is_refused(run_mou: "RunMou", desk: Desk, tmp_path: Path, state_of: "StateOf", name: str) -> None:
    foreign = tmp_path / name
    foreign.write_bytes(b"%PDF-1.7\n% somebody else's\n%%EOF\n")
    arguments = desk.arguments(foreign, "S0001", desk.key_of(FIRST_OF_NOTE))
    before = state_of(desk.workspace)
    require_refused(run_mou(*arguments), name)
    assert state_of(desk.workspace) == before


def picture_file(desk: Desk, name: str, kind: str = "PNG", size: tuple[int, int] = (600, 200), mode: str = "RGB") -> Path:
    """A stroke on white paper, under a name that says nothing of its kind."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).line([(0, 0), size], fill=(20, 30, 120), width=9)
    path = desk.keys / name
    image.convert(mode).save(path, format=kind)
    return path


def test_a_picture_of_the_signature_stands_on_the_page(run_mou: "RunMou", desk: Desk) -> None:
    picture = picture_file(desk, "scribble", "JPEG")
    answer = run_mou(*desk.arguments(NOTE, "S0001", desk.key_of(FIRST_OF_NOTE)), "--picture", picture)
    assert answer.code == 0, answer.stderr
    pdf = desk.workspace / "documents" / "note" / f"{NOTE}.pdf"
    with pikepdf.open(io.BytesIO(pdf.read_bytes())) as document:
        looks = {str(field.T): field.AP.N for field in document.Root.AcroForm.Fields}
        (shown,) = looks["S0001"].Resources.XObject.values()
        assert shown.Subtype == pikepdf.Name.Image
    verified = run_mou("verify", "--json", "-w", desk.workspace, pdf)
    assert verified.lines[0]["integrity"] == "intact"


# what is wrong: (the picture, what the error tells)
BAD_PICTURES: dict[str, tuple[Callable[[Desk], Path], tuple[str, ...]]] = {
    "no-picture": (garbage_file, ("garbage.p12", "PNG or JPEG picture is expected, got something else")),
    "another-kind": (lambda desk: picture_file(desk, "scribble.png", "GIF"), ("scribble.png", "got GIF")),
    "inks": (lambda desk: picture_file(desk, "scribble.png", "JPEG", mode="CMYK"), ("scribble.png", "got CMYK")),
    "too-small": (lambda desk: picture_file(desk, "dot.png", size=(20, 20)), ("dot.png", "at least 40 x 40 pixels", "20 x 20")),
    "not-there": (lambda desk: desk.keys / "nothing.png", ("nothing.png",)),
}


@pytest.mark.parametrize("fault", BAD_PICTURES)
def test_a_bad_picture_is_refused_before_the_password_is_asked(
    run_mou: "RunMou", desk: Desk, state_of: "StateOf", fault: str
) -> None:
    picture, told = BAD_PICTURES[fault]
    key, before = desk.key_of(FIRST_OF_NOTE), state_of(desk.workspace)
    answer = run_mou("sign", NOTE, "--slot", "S0001", "--pkcs12", key, "--picture", picture(desk), "-w", desk.workspace)
    require_refused(answer, *told)
    assert "password" not in answer.stderr
    assert state_of(desk.workspace) == before


def test_two_who_sign_one_document_at_the_same_moment_both_succeed(run_mou: "RunMou", start_mou: "StartMou", desk: Desk) -> None:
    commands = [desk.arguments(PACT, field, desk.key_of(name)) for field, name in PAIR.items()]
    processes = [start_mou(*arguments) for arguments in commands]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert [one["state"] for one in status_of(run_mou, desk, PACT)["signatories"]] == ["signed", "signed"]
    pdf = desk.workspace / "documents" / "pact" / f"{PACT}.pdf"
    verified = run_mou("verify", "--json", "-w", desk.workspace, pdf)
    assert (verified.code, verified.lines[0]["verdict"]) == (0, "passed")
    audit = run_mou("ledger", "audit", "--json", "-w", desk.workspace)
    assert (audit.code, audit.object["findings"]) == (0, [])
