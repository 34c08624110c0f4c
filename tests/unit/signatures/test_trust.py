import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import find_valid_path
from pyhanko_certvalidator.errors import PathError, ValidationError

from signatures.authority import Authority, Revoked, certificate_to_pem, create_authority, new_private_key, private_key_to_pem
from signatures.errors import TrustError
from signatures.signers import Signer
from signatures.trust import RootSet, TrustAnchors, load_root_set, load_root_sets, load_roots, validation_context

if TYPE_CHECKING:
    from tests.unit.signatures.conftest import MakeSigner, SelfSigned

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def is_trusted(certificate: x509.Certificate, anchors: TrustAnchors, at: datetime) -> bool:
    """Whether pyHanko's path validation leads the certificate to a root in our context."""

    async def find() -> None:
        context = validation_context(anchors, at=at)
        own = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        await find_valid_path(own, context.path_builder.async_build_paths_lazy(own), validation_context=context)

    try:
        asyncio.run(find())
    except (PathError, ValidationError):
        return False
    return True


@pytest.fixture
def current_list(network: Authority, now: datetime) -> bytes:
    return network.revocation_list(at=now - HOUR, next_update=now + DAY, number=1)


def test_a_certificate_with_a_current_list_is_trusted(
    network: Authority, signatory: Signer, now: datetime, current_list: bytes
) -> None:
    assert is_trusted(signatory.certificate, TrustAnchors((network.certificate,), (current_list,)), now)


@pytest.mark.parametrize(
    ("issued", "next_update"),
    [(None, None), (-2 * DAY, -DAY), (-2 * DAY, -timedelta(seconds=5)), (HOUR, DAY)],
    ids=["no-list", "stale", "just-stale", "of-later"],
)
def test_a_missing_or_stale_list_never_reads_as_trusted(
    network: Authority, signatory: Signer, now: datetime, issued: timedelta | None, next_update: timedelta | None
) -> None:
    lists: tuple[bytes, ...] = ()
    if issued is not None and next_update is not None:
        lists = (network.revocation_list(at=now + issued, next_update=now + next_update, number=1),)
    assert not is_trusted(signatory.certificate, TrustAnchors((network.certificate,), lists), now)


def test_a_list_of_another_authority_says_nothing(network: Authority, signatory: Signer, now: datetime) -> None:
    other = create_authority("เครือข่ายทดสอบ", at=now - DAY, lifetime=30 * DAY)
    foreign = other.revocation_list(at=now - HOUR, next_update=now + DAY, number=1)
    assert not is_trusted(signatory.certificate, TrustAnchors((network.certificate,), (foreign,)), now)


def test_a_revoked_certificate_is_not_trusted(network: Authority, signatory: Signer, now: datetime) -> None:
    revoked = [Revoked(signatory.certificate.serial_number, now - HOUR)]
    content = network.revocation_list(at=now - HOUR, next_update=now + DAY, number=2, revoked=revoked)
    assert not is_trusted(signatory.certificate, TrustAnchors((network.certificate,), (content,)), now)


@pytest.mark.parametrize("roots", [(), ("other",)], ids=["none", "another"])
def test_without_its_root_a_certificate_is_not_trusted(
    signatory: Signer, now: datetime, current_list: bytes, roots: Sequence[str]
) -> None:
    chosen = tuple(create_authority(name, at=now - DAY, lifetime=30 * DAY).certificate for name in roots)
    assert not is_trusted(signatory.certificate, TrustAnchors(chosen, (current_list,)), now)


def test_an_expired_certificate_is_not_trusted(network: Authority, signatory: Signer, now: datetime) -> None:
    late = now + 31 * DAY
    content = network.revocation_list(at=late - HOUR, next_update=late + DAY, number=3)
    assert not is_trusted(signatory.certificate, TrustAnchors((network.certificate,), (content,)), late)


@pytest.mark.parametrize("spoil", ["noise", "half", "more", "pem"])
def test_a_list_that_is_no_der_is_refused(network: Authority, now: datetime, current_list: bytes, spoil: str) -> None:
    spoilt = {
        "noise": b"no list",
        "half": current_list[: len(current_list) // 2],
        "more": current_list + b"\0",
        "pem": b"-----BEGIN X509 CRL-----\n",
    }[spoil]
    with pytest.raises(TrustError, match="a revocation list in DER is expected, got something else"):
        validation_context(TrustAnchors((network.certificate,), (spoilt,)), at=now)


def test_nothing_is_fetched(network: Authority, now: datetime) -> None:
    context = validation_context(TrustAnchors((network.certificate,)), at=now)
    assert not context.fetching_allowed


def test_roots_come_from_several_files_and_several_from_one(network: Authority, now: datetime, tmp_path: Path) -> None:
    second, third = (create_authority(name, at=now, lifetime=DAY).certificate for name in ("สอง", "สาม"))
    (tmp_path / "one.pem").write_bytes(certificate_to_pem(network.certificate))
    (tmp_path / "two.pem").write_bytes(b"two roots\n" + certificate_to_pem(second) + b"\n" + certificate_to_pem(third))
    assert load_roots([tmp_path / "one.pem", tmp_path / "two.pem"]) == (network.certificate, second, third)
    assert load_roots([]) == ()


def test_a_file_without_certificates_is_named(tmp_path: Path, network: Authority, self_signed: "SelfSigned") -> None:
    key = new_private_key()
    pem = certificate_to_pem(network.certificate)
    contents = {
        "empty.pem": b"",
        "text.pem": "ไม่ใช่ใบรับรอง".encode(),
        "key.pem": private_key_to_pem(key),
        "binary.pem": self_signed(key).public_bytes(Encoding.DER),
        "cut.pem": pem[: len(pem) // 2],
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(TrustError) as refused:
            load_roots([path])
        assert str(refused.value) == f"{path}: certificates in PEM are expected, got something else"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no.pem"
    with pytest.raises(TrustError) as refused:
        load_roots([path])
    assert str(refused.value) == f"{path} cannot be read: No such file or directory"
    with pytest.raises(TrustError, match="a folder with PEM files"):
        load_roots([tmp_path])


def test_a_folder_stands_for_the_roots_in_it_and_gives_its_set_a_name(network: Authority, tmp_path: Path) -> None:
    folder = tmp_path / "partners"
    folder.mkdir()
    (folder / "readme.txt").write_text("not a root")
    for name in ("b.pem", "a.crt"):
        (folder / name).write_bytes(certificate_to_pem(network.certificate))
    assert load_roots([folder]) == (network.certificate, network.certificate)
    assert load_root_set(str(folder)).name == "partners"
    assert load_root_set(f"friends={folder}").name == "friends"
    assert [one.name for one in load_root_sets(tmp_path)] == ["partners"]
    assert load_root_sets(tmp_path / "none") == ()


def test_a_root_is_known_by_the_first_set_that_names_it(network: Authority, make_signer: "MakeSigner") -> None:
    other = make_signer().certificate
    anchors = TrustAnchors(
        (network.certificate, other), root_sets=(RootSet("one", (network.certificate,)), RootSet("two", (network.certificate,)))
    )
    assert (anchors.set_of(network.certificate), anchors.set_of(other)) == ("one", "")
