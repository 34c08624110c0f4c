"""The network's own keys: its authority, its seal and the key of its ledger, in the workspace's `keys/`.

Private keys are PEM files that only their owner may read (0600). No person's key ever lies here.
"""

import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from mou.errors import WorkspaceError
from mou.storage.files import link_without_overwriting, replace_file, sync_folder
from signatures.authority import (
    Authority,
    Subject,
    certificate_to_pem,
    create_authority,
    new_private_key,
    open_authority,
    private_key_to_pem,
)
from signatures.ledger.checkpoint import LedgerKey, LedgerPublicKey
from signatures.signers import Signer, open_pem
from signatures.trust import TrustAnchors

AUTHORITY_LIFETIME = timedelta(days=3653)
SEAL_LIFETIME = timedelta(days=1096)
REVOCATION_LIST_LIFETIME = timedelta(days=180)
PRIVATE_FILE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700

_AUTHORITY_KEY, _AUTHORITY = "authority.key.pem", "authority.pem"
_SEAL_KEY, _SEAL = "seal.key.pem", "seal.pem"
_LEDGER_KEY, _LEDGER = "ledger.key.pem", "ledger.vkey"
_REVOCATION_LIST = "revocation.crl"
_LINKS = "links.key"
_LINK_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """The keys of one workspace, read when they are needed; `origin` is the name of its ledger."""

    folder: Path
    origin: str

    def authority(self) -> Authority:
        """Return the network's authority with its key."""
        return open_authority(self._read(_AUTHORITY_KEY), self._read(_AUTHORITY), source=str(self.folder / _AUTHORITY))

    def seal(self) -> Signer:
        """Return the network's automatic seal."""
        return open_pem(self._read(_SEAL_KEY), self._read(_SEAL), source=str(self.folder / _SEAL))

    def ledger_key(self) -> LedgerKey:
        """Return the key that signs the ledger's checkpoints."""
        return LedgerKey.from_pem(self.origin, self._read(_LEDGER_KEY))

    def ledger_public_key(self) -> LedgerPublicKey:
        """Return the key by which anybody checks a checkpoint."""
        return LedgerPublicKey.parse(self._read(_LEDGER).decode().strip())

    def roots(self) -> tuple[x509.Certificate, ...]:
        """Return the trust root of this network: its authority's certificate."""
        return tuple(x509.load_pem_x509_certificates(self._read(_AUTHORITY)))

    def trust(self, *, at: datetime) -> TrustAnchors:
        """Return the network's root with its newest list of revoked certificates."""
        return TrustAnchors(roots=self.roots(), revocation_lists=(self.revocation_list(at=at),))

    def revocation_list(self, *, at: datetime) -> bytes:
        """Return the DER bytes of the newest list; a new one is made when half of its time has passed."""
        path = self.folder / _REVOCATION_LIST
        if path.exists():
            newest = x509.load_der_x509_crl(content := path.read_bytes())
            if newest.last_update_utc <= at < newest.last_update_utc + REVOCATION_LIST_LIFETIME / 2:
                return content
        return _write_revocation_list(self.folder, self.authority(), at=at)

    def link_key(self) -> bytes:
        """Return the key from which links of invitations and digests of one-time codes come; made when it is first needed.

        Whoever has it can make links; a link alone signs nothing.
        """
        return secret_file(self.folder / _LINKS, length=_LINK_KEY_BYTES)

    def _read(self, name: str) -> bytes:
        path = self.folder / name
        try:
            return path.read_bytes()
        except OSError as error:
            raise WorkspaceError(
                "{path} cannot be read ({cause}): the workspace cannot work without it; restore it from a backup",
                path=path,
                cause=error.strerror,
            ) from error


def create_keys(folder: Path, *, name: str, origin: str, at: datetime) -> None:
    """Make every key of a new workspace; what lies in the folder before that is overwritten."""
    folder.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
    begin = at.astimezone(UTC).replace(microsecond=0) - timedelta(minutes=1)
    authority = create_authority(name, at=begin, lifetime=AUTHORITY_LIFETIME)
    seal_key = new_private_key()
    seal = authority.issue(
        Subject(seal_name(name), name), seal_key.public_key(), not_before=begin, not_after=begin + SEAL_LIFETIME
    )
    ledger_key = LedgerKey.generate(origin)
    for file_name, content in (
        (_AUTHORITY_KEY, private_key_to_pem(authority.private_key)),
        (_SEAL_KEY, private_key_to_pem(seal_key)),
        (_LEDGER_KEY, ledger_key.to_pem()),
    ):
        replace_file(folder / file_name, content, mode=PRIVATE_FILE_MODE)
    replace_file(folder / _AUTHORITY, certificate_to_pem(authority.certificate))
    replace_file(folder / _SEAL, certificate_to_pem(seal, authority.certificate))
    replace_file(folder / _LEDGER, f"{ledger_key.public}\n".encode())
    _write_revocation_list(folder, authority, at=begin)


def secret_file(path: Path, *, length: int) -> bytes:
    """Return the random bytes in a file that its owner alone may read, made when it is not there; two makers get the same."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(length))
                file.flush()
                os.fsync(file.fileno())
            link_without_overwriting(Path(temporary), path)
        finally:
            Path(temporary).unlink(missing_ok=True)
        sync_folder(path.parent)
        return path.read_bytes()


def seal_name(network: str) -> str:
    """Return the name in the seal's certificate: it says that no person signs with it."""
    return f"ตราประทับอัตโนมัติ {network}"


def _write_revocation_list(folder: Path, authority: Authority, *, at: datetime) -> bytes:
    """Make the next list; its number is its time, so that a later list always has a higher one (RFC 5280, 5.2.3)."""
    begin = at.astimezone(UTC).replace(microsecond=0)
    content = authority.revocation_list(at=begin, next_update=begin + REVOCATION_LIST_LIFETIME, number=int(begin.timestamp()))
    replace_file(folder / _REVOCATION_LIST, content)
    return content
