"""Signing with a key behind a signing service: the real program, and a service on this machine with a real key."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from signatures.authority import new_private_key
from tests.acceptance.conftest import MOU, copy_of, surroundings
from tests.acceptance.keys_elsewhere import (
    FIRST_OF_NOTE,
    HOST,
    NOTE,
    PACT,
    PAIR,
    authority_of,
    issue,
    require_openssl_agrees,
    start_on_terminal,
)
from tests.csc_service import CLIENT, CODE, CREDENTIAL, PIN, SECRET, TOKEN, CscDouble, serve

if TYPE_CHECKING:
    from signatures.signers import PrivateKey
    from tests.acceptance.conftest import RunMou, StateOf

SECRETS = (PIN, CODE, TOKEN, SECRET)
ServiceOf = Callable[..., CscDouble]


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace with a memorandum and a joint document, and services that hold its signatories' keys."""

    run: "RunMou"
    workspace: Path
    pin_file: Path

    def add(self, name: str, table: str) -> None:
        """Write a service into the workspace's settings."""
        settings = self.workspace / "mou.toml"
        settings.write_text(f"{settings.read_text(encoding='utf-8')}\n[csc.{name}]\n{table}", encoding="utf-8")

    def arguments(self, field: str = "S0001", name: str = "bank", document: str = NOTE) -> tuple[object, ...]:
        """The command line of one signature."""
        return ("sign", document, "--slot", field, "--csc", name, "-w", self.workspace)

    def sign(self, field: str = "S0001", name: str = "bank", **environment: str) -> "subprocess.CompletedProcess[str]":
        """Sign with the PIN from the file; the access token is in the environment, unless another is given."""
        token = {f"MOU_CSC_{name.upper()}_TOKEN": TOKEN}
        done = subprocess.run(
            [MOU, *map(str, self.arguments(field, name)), "--password-file", self.pin_file],
            env=surroundings(**(token | environment)),
            input=f"{CODE}\n",
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr]
        return done


@pytest.fixture(scope="module")
def generated(run_mou: "RunMou", made_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made workspace with its two documents; nobody has signed."""
    workspace = copy_of(made_workspace, tmp_path_factory.mktemp("generated") / "workspace")
    for arguments in (("note", "--list", "members", "--organisation", "org-1"), ("pact", "--list", "pair")):
        made = run_mou("generate", *arguments, "-w", workspace)
        assert made.code == 0, made.stderr
    return workspace


@pytest.fixture
def desk(run_mou: "RunMou", generated: Path, tmp_path: Path) -> Desk:
    """A copy of the generated workspace, and the PIN in a file."""
    (tmp_path / "pin.txt").write_text(f"{PIN}\n", encoding="utf-8")
    return Desk(run_mou, copy_of(generated, tmp_path / "workspace"), tmp_path / "pin.txt")


@pytest.fixture
def service_of(desk: Desk) -> Iterator[ServiceOf]:
    """Start a service that holds the key of this signatory, and write it into the settings."""
    with ExitStack() as running:

        def start(holder: str = FIRST_OF_NOTE, name: str = "bank", *, key: "PrivateKey | None" = None) -> CscDouble:
            own = key or new_private_key()
            certificate = issue(desk.workspace, holder, own)
            double = running.enter_context(serve(CscDouble(own, certificate, (authority_of(desk.workspace).certificate,))))
            desk.add(name, f'url = "{double.url}"\nclient_id = "{CLIENT}"\ncredential_id = "{CREDENTIAL}"\n')
            return double

        yield start


def test_two_signatories_with_keys_behind_services_complete_a_document(
    desk: Desk, service_of: ServiceOf, tmp_path: Path, state_of: "StateOf"
) -> None:
    bank, post = service_of(), service_of(HOST, "post", key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    bank.code_type = "online"
    first = desk.sign()
    assert (first.returncode, first.stdout) == (0, f"{NOTE}, S0001: signed by {FIRST_OF_NOTE} and recorded\n"), first.stderr
    assert "one-time code: " in first.stderr
    assert (bank.codes_sent, len(bank.asked("signatures/signHash"))) == (1, 1)
    before = state_of(desk.workspace)
    again = desk.sign()
    assert (again.returncode, again.stdout) == (0, f"{NOTE}, S0001: {FIRST_OF_NOTE} has signed already; nothing was done\n")
    assert (bank.codes_sent, len(bank.asked("credentials/authorize"))) == (1, 1)  # nobody is asked for anything twice
    assert state_of(desk.workspace) == before
    second = desk.sign("S0002", "post")
    assert second.returncode == 0, second.stderr
    assert len(post.asked("signatures/signHash")) == 1
    pdf = desk.workspace / "documents" / "note" / f"{NOTE}.pdf"
    verified = desk.run("verify", "--json", "-w", desk.workspace, pdf)
    assert (verified.code, verified.lines[0]["verdict"], verified.lines[0]["integrity"]) == (0, "passed", "intact")
    require_openssl_agrees(pdf.read_bytes(), tmp_path, signatures=3)


def test_the_client_secret_opens_the_service_where_there_is_no_token(desk: Desk, service_of: ServiceOf) -> None:
    service_of()
    signed = desk.sign(MOU_CSC_BANK_TOKEN="", MOU_CSC_BANK_SECRET=SECRET)
    assert signed.returncode == 0, signed.stderr


def test_two_who_sign_one_document_through_services_at_the_same_moment_both_succeed(desk: Desk, service_of: ServiceOf) -> None:
    processes = []
    for field, holder in PAIR.items():
        service_of(holder, field)
    for field in PAIR:
        command = [str(part) for part in (MOU, *desk.arguments(field, field, PACT), "--password-file", desk.pin_file)]
        variables = surroundings(**{f"MOU_CSC_{field}_TOKEN": TOKEN})
        processes.append(subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    (row,) = desk.run("status", PACT, "--json", "-w", desk.workspace).table
    assert row["signed"] == 2


def set_wrong_pin(desk: Desk, _: CscDouble) -> None:
    desk.pin_file.write_text("9999", encoding="utf-8")


def unlock_on_a_page(_: Desk, double: CscDouble) -> None:
    double.way = "oauth2code"


def break_the_signature(_: Desk, double: CscDouble) -> None:
    double.key = new_private_key()


# what is wrong: (how it comes about, what the error tells)
REFUSED: dict[str, tuple[Callable[[Desk, CscDouble], None], tuple[str, ...]]] = {
    "a-wrong-pin": (set_wrong_pin, ("bank", "wrong PIN")),
    "a-key-of-the-services-page": (unlock_on_a_page, ("bank", "in the browser")),
    "a-value-of-another-key": (break_the_signature, ("bank", "not one of the certificate's key")),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_not_a_signature_of_this_signatory_changes_nothing(
    desk: Desk, service_of: ServiceOf, state_of: "StateOf", fault: str
) -> None:
    make, told = REFUSED[fault]
    make(desk, service_of())
    before = state_of(desk.workspace)
    answer = desk.sign()
    assert (answer.returncode, answer.stdout, len(answer.stderr.splitlines())) == (1, "", 1), answer.stderr
    assert all(words in answer.stderr for words in told), answer.stderr
    assert "9999" not in answer.stderr
    assert state_of(desk.workspace) == before


def test_somebody_elses_key_is_refused_before_its_holder_is_asked_for_anything(desk: Desk, service_of: ServiceOf) -> None:
    double = service_of("นายคนอื่น ทดสอบ")
    double.code_type = "online"
    answer = desk.sign()
    assert (answer.returncode, FIRST_OF_NOTE in answer.stderr, "นายคนอื่น ทดสอบ" in answer.stderr) == (1, True, True)
    assert {method for method, _ in double.questions} == {"credentials/info"}


def test_a_service_that_the_settings_do_not_name_is_refused(desk: Desk, service_of: ServiceOf) -> None:
    service_of(name="post")
    answer = desk.sign()
    assert (answer.returncode, answer.stderr) == (2, "mou: bank: a signing service of mou.toml is expected; it has post\n")


@pytest.mark.parametrize(
    ("url", "token", "told"),
    [
        ("http://bank.example", TOKEN, "bank: an address that begins with https://"),
        (None, "old", "MOU_CSC_BANK_TOKEN"),
    ],
    ids=["not-safe", "an-old-token"],
)
def test_a_service_that_cannot_be_asked_is_told(
    desk: Desk, service_of: ServiceOf, url: str | None, token: str, told: str
) -> None:
    double = service_of(name="bank" if url is None else "unused")
    if url is not None:
        desk.add("bank", f'url = "{url}"\n')
    answer = desk.sign(MOU_CSC_BANK_TOKEN=token)
    assert (answer.returncode, told in answer.stderr, len(answer.stderr.splitlines())) == (1, True, 1), answer.stderr
    assert double.asked("credentials/authorize") == []


def test_pin_and_code_are_typed_and_one_interrupt_stops(desk: Desk, service_of: ServiceOf, state_of: "StateOf") -> None:
    service_of().code_type = "offline"
    before = state_of(desk.workspace)
    stopped = start_on_terminal(*desk.arguments(), MOU_CSC_BANK_TOKEN=TOKEN)
    stopped.wait_for("PIN: ")
    stopped.interrupt()
    assert stopped.finish() == 1, stopped.shown
    assert "what was recorded stays recorded" in stopped.shown
    assert state_of(desk.workspace) == before
    typed = start_on_terminal(*desk.arguments(), MOU_CSC_BANK_TOKEN=TOKEN)
    typed.wait_for("PIN: ")
    typed.type(PIN)
    typed.wait_for("one-time code: ")
    typed.type(CODE)
    assert typed.finish() == 0, typed.shown
    assert PIN not in typed.shown
