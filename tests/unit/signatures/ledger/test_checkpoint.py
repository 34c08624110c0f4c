import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from tlog_scales import signing, tlog

from signatures.errors import CheckpointError, KeyUnavailableError
from signatures.ledger.checkpoint import (
    LARGEST_NOTE_BYTES,
    Checkpoint,
    LedgerKey,
    LedgerPublicKey,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)

CHECKPOINT = Checkpoint("ledger.test/charters", 109_482, bytes(range(32)))


def test_a_signed_checkpoint_opens_with_its_key(key: LedgerKey) -> None:
    note = sign_checkpoint(CHECKPOINT, key)
    assert open_checkpoint(note, (key.public,)) == CHECKPOINT
    assert parse_checkpoint(note) == CHECKPOINT
    assert note.startswith(
        "ledger.test/charters\n109482\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n\u2014 ledger.test/charters "
    )


def test_an_independent_reader_accepts_our_note_and_our_key(key: LedgerKey) -> None:
    read = tlog.Checkpoint.from_text(sign_checkpoint(CHECKPOINT, key))
    read.verify(signing.Vkey.from_string(str(key.public)))
    assert (read.origin, read.size, read.root_hash) == (CHECKPOINT.origin, CHECKPOINT.size, CHECKPOINT.root)


def test_we_accept_an_independent_writers_note_and_key(key: LedgerKey) -> None:
    signer = signing.PlainEd25519Signer(key.name, key.private_key)
    vkey = f"{signer.vkey.name}+{signer.vkey.key_id:08x}+{base64.b64encode(bytes([1]) + signer.vkey.pubkey).decode()}"
    note = tlog.Checkpoint.make_signed(CHECKPOINT.origin, CHECKPOINT.size, CHECKPOINT.root, [signer]).serialize()
    assert note == sign_checkpoint(CHECKPOINT, key)
    assert open_checkpoint(note, (LedgerPublicKey.parse(vkey),)) == CHECKPOINT


def test_a_note_with_a_witness_that_we_do_not_know_opens(key: LedgerKey) -> None:
    witness = signing.MLDSA44CosignatureSigner("witness.test", bytes(32))
    signers: list[signing.CheckpointSigner] = [witness, signing.PlainEd25519Signer(key.name, key.private_key)] * 8
    note = tlog.Checkpoint.make_signed(CHECKPOINT.origin, CHECKPOINT.size, CHECKPOINT.root, signers).serialize()
    assert note.count("\u2014") == 16
    assert open_checkpoint(note, (key.public,)) == CHECKPOINT


def test_another_key_of_the_same_name_is_not_the_ledgers(key: LedgerKey, stranger: LedgerKey) -> None:
    with pytest.raises(CheckpointError, match="is expected, got signatures by 'ledger"):
        open_checkpoint(sign_checkpoint(CHECKPOINT, stranger), (key.public,))


def test_no_key_at_all_opens_nothing(key: LedgerKey) -> None:
    with pytest.raises(CheckpointError, match="none given"):
        open_checkpoint(sign_checkpoint(CHECKPOINT, key), ())


def test_a_known_key_that_is_not_the_ledgers_does_not_speak_for_it(key: LedgerKey) -> None:
    other = LedgerKey("another.test/log", key.private_key)
    signature = other.public.key_id + key.private_key.sign(CHECKPOINT.text().encode())
    note = f"{CHECKPOINT.text()}\n\u2014 another.test/log {base64.b64encode(signature).decode()}\n"
    with pytest.raises(CheckpointError, match="signature by one of the ledger keys"):
        open_checkpoint(note, (other.public,))


def test_a_wrong_line_of_a_known_key_refuses_a_note_with_a_right_one(key: LedgerKey) -> None:
    note = sign_checkpoint(CHECKPOINT, key)
    wrong = base64.b64encode(key.public.key_id + bytes(64)).decode()
    with pytest.raises(CheckpointError, match="is wrong"):
        open_checkpoint(f"{note}\u2014 {key.name} {wrong}\n", (key.public,))


def test_a_key_signs_only_for_the_ledger_of_its_name(key: LedgerKey) -> None:
    with pytest.raises(CheckpointError, match="its own name"):
        sign_checkpoint(Checkpoint("another.test/log", 0, bytes(32)), key)


def test_every_changed_byte_of_a_note_is_refused(key: LedgerKey) -> None:
    note = sign_checkpoint(CHECKPOINT, key).encode()
    for position in range(len(note)):
        for mask in (0x01, 0x20, 0x80):
            changed = bytearray(note)
            changed[position] ^= mask
            text = changed.decode("utf-8", "surrogateescape")
            with pytest.raises(CheckpointError):
                open_checkpoint(text, (key.public,))


ROOT = base64.b64encode(bytes(32)).decode()
LINE = "\u2014 ledger.test/charters " + base64.b64encode(bytes(68)).decode()


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", "an empty line"),
        ("a\n1\nx\n", "an empty line"),
        (f"a\n1\n{ROOT}\n\n{LINE}", "ended by a newline"),
        (f"a\n1\n{ROOT}\n\n", "signature line"),
        (f"a\n1\n{ROOT}\n\n- x {ROOT}\n", "signature line"),
        (f"a\n1\n{ROOT}\n\n\u2014 x  {ROOT}\n", "signature line"),
        (f"a\n1\n{ROOT}\n\n\u2014 x AAAA\n", "key id and a signature"),
        (f"a\n1\n{ROOT}\n\n\u2014 x {ROOT[:-2]}9=\n", "base64"),
        (f"a\n1\n{ROOT}\n\n\u2014 x AAA\n", "base64"),
        (f"a\n1\n{ROOT}\nextension\n\n{LINE}\n", "three lines"),
        (f"\n1\n{ROOT}\n\n{LINE}\n", "origin"),
        (f"a b\n1\n{ROOT}\n\n{LINE}\n", "origin"),
        (f"a\u009b31m\n1\n{ROOT}\n\n{LINE}\n", "origin"),
        (f"a\n01\n{ROOT}\n\n{LINE}\n", "decimal number"),
        (f"a\n-1\n{ROOT}\n\n{LINE}\n", "decimal number"),
        (f"a\n\u0e51\n{ROOT}\n\n{LINE}\n", "decimal number"),
        (f"a\n{2**63 + 1}\n{ROOT}\n\n{LINE}\n", "decimal number"),
        (f"a\n1\nAAAA\n\n{LINE}\n", "32 bytes"),
        (f"a\r\n1\n{ROOT}\n\n{LINE}\n", "control character"),
        (f"a\ud800\n1\n{ROOT}\n\n{LINE}\n", "UTF-8"),
        ("x" * (LARGEST_NOTE_BYTES + 1), "at most"),
    ],
    ids=[
        "nothing",
        "no signature",
        "no last newline",
        "no signature line",
        "hyphen",
        "two spaces",
        "key id alone",
        "base64 of another spelling",
        "base64 cut off",
        "extension line",
        "no origin",
        "space in the origin",
        "terminal control in the origin",
        "leading zero",
        "negative",
        "Thai digit",
        "beyond 2^63",
        "short root",
        "carriage return",
        "surrogate",
        "too long",
    ],
)
def test_a_malformed_note_is_refused(note: str, said: str) -> None:
    with pytest.raises(CheckpointError) as refused:
        parse_checkpoint(note)
    assert said in str(refused.value)


def test_a_key_has_one_text(key: LedgerKey) -> None:
    text = str(key.public)
    assert LedgerPublicKey.parse(text) == key.public
    assert signing.Vkey.from_string(text).pubkey == key.public.key
    assert text.startswith("ledger.test/charters+")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "name+key id+base64"),
        ("ledger.test/charters", "name+key id+base64"),
        ("a b+00000000+AAAA", "name+key id+base64"),
        ("a+00000000+AQ==", "Ed25519"),
        ("a+00000000+" + base64.b64encode(b"\x06" + bytes(32)).decode(), "Ed25519"),
        ("a+00000000+" + base64.b64encode(b"\x01" + bytes(32)).decode(), "key id"),
        ("a+00000000+AR==", "base64"),
    ],
    ids=["nothing", "name alone", "space", "no key", "another type", "another key id", "base64 of another spelling"],
)
def test_a_text_that_is_no_ledger_key_is_refused(text: str, said: str) -> None:
    with pytest.raises(CheckpointError) as refused:
        LedgerPublicKey.parse(text)
    assert said in str(refused.value)


def test_a_private_key_survives_its_file(key: LedgerKey) -> None:
    assert LedgerKey.from_pem(key.name, key.to_pem()).public == key.public


def test_two_generated_keys_differ() -> None:
    assert LedgerKey.generate("a.test").public != LedgerKey.generate("a.test").public


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\nb", "a\u00a0b"], ids=["empty", "space", "plus", "newline", "no-break space"]
)
def test_a_name_that_a_note_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(CheckpointError, match="no space"):
        LedgerKey.generate(name)


def test_a_file_without_a_usable_key_is_refused_without_showing_it(key: LedgerKey) -> None:
    ec = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    locked = key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n", ec, locked):
        with pytest.raises(KeyUnavailableError) as refused:
            LedgerKey.from_pem("ledger.test/charters", content)
        assert "secret" not in str(refused.value)
