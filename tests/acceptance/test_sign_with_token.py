"""Signing with a key on a token: the real program, the real library, a software token in place of a card."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from signatures.authority import new_private_key
from tests.acceptance.conftest import copy_of
from tests.acceptance.keys_elsewhere import (
    FIRST_OF_NOTE,
    HOST,
    NOTE,
    Terminal,
    authority_of,
    issue,
    require_openssl_agrees,
    start_on_terminal,
)
from tests.softhsm import IS_MISSING, MODULE, PIN, WHY, SoftHsm, new_softhsm, token_certificate, token_key

if TYPE_CHECKING:
    from signatures.signers import PrivateKey
    from tests.acceptance.conftest import Answer, RunMou, StateOf

pytestmark = pytest.mark.skipif(IS_MISSING, reason=WHY)
CARD = "card"


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace with one memorandum, a card with the keys of its two signatories, and the card's PIN in a file."""

    run: "RunMou"
    workspace: Path
    hsm: SoftHsm
    pin_file: Path

    @property
    def pdf(self) -> Path:
        """The memorandum."""
        return self.workspace / "documents" / "note" / f"{NOTE}.pdf"

    def arguments(self, field: str, label: str, *, token: str = CARD) -> tuple[object, ...]:
        """The command line of one signature."""
        uri = f"pkcs11:token={token};object={label}?module-path={MODULE}"
        return ("sign", NOTE, "--slot", field, "--pkcs11", uri, "-w", self.workspace)

    def sign(self, field: str, label: str, *, token: str = CARD) -> "Answer":
        """Sign with the PIN from the file."""
        return self.run(
            *self.arguments(field, label, token=token), "--password-file", self.pin_file, SOFTHSM2_CONF=self.hsm.settings
        )


@pytest.fixture(scope="module")
def generated(run_mou: "RunMou", made_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made workspace with one memorandum that nobody has signed."""
    workspace = copy_of(made_workspace, tmp_path_factory.mktemp("generated") / "workspace")
    made = run_mou("generate", "note", "--list", "members", "--organisation", "org-1", "-w", workspace)
    assert made.code == 0, made.stderr
    return workspace


@pytest.fixture(scope="module")
def keys() -> dict[str, "PrivateKey"]:
    """The keys on the card: slow to make, so made once."""
    return {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "p256": new_private_key(),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "stranger": new_private_key(),
    }


def filled_card(folder: Path, workspace: Path, keys: dict[str, "PrivateKey"], *, mechanisms: str = "ALL") -> SoftHsm:
    hsm = new_softhsm(folder, mechanisms=mechanisms)
    hsm.add_token(CARD)
    names = {"rsa": FIRST_OF_NOTE, "p256": HOST, "p384": FIRST_OF_NOTE, "stranger": "นายคนอื่น ทดสอบ"}
    objects = [token_certificate("authority", 0x70, authority_of(workspace).certificate)]
    for number, (label, key) in enumerate(keys.items(), start=1):
        objects += [token_certificate(label, number, issue(workspace, names[label], key)), token_key(label, number, key)]
    hsm.put(CARD, *objects)
    return hsm


@pytest.fixture(scope="module")
def card(generated: Path, keys: dict[str, "PrivateKey"], tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """The card, filled once: signing changes nothing on it."""
    return filled_card(tmp_path_factory.mktemp("card"), generated, keys)


@pytest.fixture
def desk(run_mou: "RunMou", generated: Path, card: SoftHsm, tmp_path: Path) -> Desk:
    """A copy of the workspace, and the card."""
    (tmp_path / "pin.txt").write_text(f"{PIN}\n", encoding="utf-8")
    return Desk(run_mou, copy_of(generated, tmp_path / "workspace"), card, tmp_path / "pin.txt")


def test_two_signatories_with_keys_on_a_card_complete_a_document(desk: Desk, tmp_path: Path, state_of: "StateOf") -> None:
    first = desk.sign("S0001", "rsa")
    assert (first.code, first.stdout) == (0, f"{NOTE}, S0001: signed by {FIRST_OF_NOTE} and recorded\n"), first.stderr
    before = state_of(desk.workspace)
    again = desk.sign("S0001", "rsa")
    assert (again.code, again.stdout) == (0, f"{NOTE}, S0001: {FIRST_OF_NOTE} has signed already; nothing was done\n")
    assert state_of(desk.workspace) == before
    second = desk.sign("S0002", "p256")
    assert second.code == 0, second.stderr
    verified = desk.run("verify", "--json", "-w", desk.workspace, desk.pdf)
    assert (verified.code, verified.lines[0]["verdict"], verified.lines[0]["integrity"]) == (0, "passed", "intact")
    assert [one["signer"] for one in verified.lines[0]["signatures"]][1:] == [FIRST_OF_NOTE, HOST]
    require_openssl_agrees(desk.pdf.read_bytes(), tmp_path, signatures=3)


def test_a_p384_key_signs_too(desk: Desk, tmp_path: Path) -> None:
    assert desk.sign("S0001", "p384").code == 0
    require_openssl_agrees(desk.pdf.read_bytes(), tmp_path, signatures=2)


def test_a_card_that_hashes_nothing_itself_signs_with_rsa(
    desk: Desk, generated: Path, keys: dict[str, "PrivateKey"], tmp_path: Path
) -> None:
    (tmp_path / "plain").mkdir()
    mechanisms = "CKM_RSA_PKCS,CKM_RSA_PKCS_KEY_PAIR_GEN"
    plain = filled_card(tmp_path / "plain", generated, {"rsa": keys["rsa"]}, mechanisms=mechanisms)
    signed = Desk(desk.run, desk.workspace, plain, desk.pin_file).sign("S0001", "rsa")
    assert signed.code == 0, signed.stderr
    require_openssl_agrees(desk.pdf.read_bytes(), tmp_path, signatures=2)


@pytest.fixture
def terminal(desk: Desk) -> Iterator[Terminal]:
    """The program on a terminal, asked to sign without a file for the PIN."""
    started = start_on_terminal(*desk.arguments("S0001", "rsa"), SOFTHSM2_CONF=desk.hsm.settings)
    yield started
    started.process.kill()
    started.process.wait()


def test_the_pin_is_typed_and_not_shown(terminal: Terminal) -> None:
    terminal.wait_for("PIN: ")
    terminal.type(PIN)
    assert terminal.finish() == 0, terminal.shown
    assert f"signed by {FIRST_OF_NOTE}" in terminal.shown
    assert PIN not in terminal.shown


# what is wrong: (the field, the key, the token, the PIN, the exit code, what the error tells)
REFUSED: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "a-wrong-pin": ("S0001", "rsa", CARD, "9999", ("card", "wrong PIN")),
    "no-such-token": ("S0001", "rsa", "purse", PIN, ("purse", "no such token", "token=card;serial=")),
    "no-such-key": ("S0001", "dsa", CARD, PIN, ("fits object=dsa", "object=p256;id=%02")),
    "somebody-elses-key": ("S0001", "stranger", CARD, PIN, (FIRST_OF_NOTE, "นายคนอื่น ทดสอบ")),
    "out-of-turn": ("S0002", "p256", CARD, PIN, ("not yet the turn", HOST)),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_not_this_signatorys_key_and_pin_is_refused(desk: Desk, state_of: "StateOf", fault: str) -> None:
    field, label, token, pin, told = REFUSED[fault]
    desk.pin_file.write_text(pin, encoding="utf-8")
    before = state_of(desk.workspace)
    answer = desk.sign(field, label, token=token)
    assert (answer.code, answer.stdout, len(answer.stderr.splitlines())) == (1, "", 1)
    assert all(words in answer.stderr for words in told), answer.stderr
    assert pin not in answer.stderr
    assert state_of(desk.workspace) == before


def test_a_token_that_is_not_there_is_told_before_the_pin_is_asked(desk: Desk) -> None:
    answer = desk.run(*desk.arguments("S0001", "rsa", token="purse"), SOFTHSM2_CONF=desk.hsm.settings)
    assert (answer.code, "PIN" in answer.stderr) == (1, False)


@pytest.mark.parametrize(
    ("places", "code", "told"),
    [
        ((), 2, "one of --pkcs12, --pkcs11 and --csc is expected"),
        (("--pkcs12", "key.p12", "--csc", "bank"), 2, "one of --pkcs12, --pkcs11 and --csc is expected"),
        (("--pkcs11", f"pkcs11:token=card;pin-value={PIN}?module-path=/l.so"), 1, "a PIN does not belong"),
        (("--pkcs11", "card"), 1, "an address of a token is expected"),
    ],
    ids=["no-key", "two-keys", "a-pin-in-the-address", "no-address"],
)
def test_a_command_line_that_names_no_one_key_is_refused(desk: Desk, places: tuple[str, ...], code: int, told: str) -> None:
    answer = desk.run("sign", NOTE, "--slot", "S0001", *places, "-w", desk.workspace)
    assert (answer.code, answer.stdout, len(answer.stderr.splitlines())) == (code, "", 1)
    assert told in answer.stderr
    assert PIN not in answer.stderr
