"""Trust: the roots by which a certificate is judged, alone or in named sets, and revocation statements. Nothing is fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.errors import TrustError
from signatures.messages import Message, say
from signatures.revocation import Statement, read_list, read_response
from signatures.running import run

if TYPE_CHECKING:
    from pyhanko_certvalidator import ValidationContext

_CERTIFICATE_SUFFIXES = frozenset({".pem", ".crt", ".cer"})


@dataclass(frozen=True, slots=True)
class RootSet:
    """Roots that are trusted for one reason, under its name: each result says through which set it came."""

    name: str
    roots: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """What a verifier chose to trust, and what helps to get from a signer there.

    Revocation statements (DER) and other certificates may come from anywhere: they carry signatures of their own. `root_sets`
    name roots that stand in `roots` as well.
    """

    roots: tuple[x509.Certificate, ...]
    revocation_lists: tuple[bytes, ...] = ()
    other_certificates: tuple[x509.Certificate, ...] = ()
    responses: tuple[bytes, ...] = ()
    root_sets: tuple[RootSet, ...] = ()

    def set_of(self, root: x509.Certificate) -> str:
        """Return the name of the first set in which this root stands; empty when it is in none."""
        return next((one.name for one in self.root_sets if root in one.roots), "")

    def statements(self) -> tuple[Statement, ...]:
        """Return the revocation statements, read.

        Raises:
            TrustError: one of them is no DER.
        """
        lists = (read_list(content) for content in self.revocation_lists)
        return (*lists, *(read_response(content) for content in self.responses))


def load_roots(paths: Iterable[Path]) -> tuple[x509.Certificate, ...]:
    """Return the certificates of PEM files, several to a file if it holds several; a folder stands for all that lie in it.

    Raises:
        TrustError: a file cannot be read or holds no certificate, or a folder no such file; the message names it.
    """
    return tuple(root for path in paths for file in _files_of(path) for root in _read_roots(file))


def load_root_set(text: str) -> RootSet:
    """Return the set that `NAME=PATH`, or a path alone, names: a PEM file or a folder of them.

    A path alone gives the set its own name, without the suffix.

    Raises:
        TrustError: as in `load_roots`.
    """
    name, separator, path = text.partition("=")
    where = Path(path) if separator and not Path(text).exists() else Path(text)
    return RootSet(name if where != Path(text) else where.resolve().stem, load_roots([where]))


def load_root_sets(folder: Path) -> tuple[RootSet, ...]:
    """Return one set for each PEM file and each folder in this one, by name; none when there is no such folder.

    Raises:
        TrustError: as in `load_roots`.
    """
    if not folder.is_dir():
        return ()
    places = sorted(place for place in folder.iterdir() if place.is_dir() or place.suffix in _CERTIFICATE_SUFFIXES)
    return tuple(RootSet(place.stem, load_roots([place])) for place in places)


def load_revocation_lists(paths: Iterable[Path]) -> tuple[bytes, ...]:
    """Return the revocation lists of files in DER or PEM, one to a file, in DER.

    Raises:
        TrustError: a file cannot be read or is no list; the message names it.
    """
    return tuple(_read_revocation_list(path) for path in paths)


def _read_revocation_list(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        listed = x509.load_pem_x509_crl(content) if content.startswith(b"-----BEGIN") else x509.load_der_x509_crl(content)
    except OSError as error:
        raise TrustError("{path} cannot be read: {cause}", path=path, cause=error.strerror) from error
    except ValueError as error:
        raise TrustError("{path}: a revocation list in DER or PEM is expected, got something else", path=path) from error
    return listed.public_bytes(Encoding.DER)


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix in _CERTIFICATE_SUFFIXES)
    if not files:
        raise TrustError("{path}: a folder with PEM files (.pem, .crt, .cer) is expected, got none in it", path=path)
    return files


def _read_roots(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise TrustError("{path} cannot be read: {cause}", path=path, cause=error.strerror) from error
    except ValueError as error:
        raise TrustError("{path}: certificates in PEM are expected, got something else", path=path) from error


def validation_context(anchors: TrustAnchors, *, at: datetime) -> "ValidationContext":
    """Return pyHanko's context for judging certificates as of `at`.

    Revocation is required for every certificate but a root: where no list says anything, the answer is not "trusted".

    Raises:
        TrustError: a revocation statement is no DER.
    """
    from pyhanko_certvalidator import ValidationContext  # heavy, and only judging needs it

    return ValidationContext(
        trust_roots=[for_asn1(root) for root in anchors.roots],
        other_certs=[for_asn1(certificate) for certificate in anchors.other_certificates],
        crls=[one.parsed for one in anchors.statements() if one.is_list],
        ocsps=[one.parsed for one in anchors.statements() if not one.is_list],
        moment=at,
        allow_fetching=False,
        revocation_mode="require",
    )


def why_not_trusted(
    certificate: x509.Certificate, chain: Iterable[x509.Certificate], anchors: TrustAnchors, *, at: datetime
) -> Message | None:
    """Return why a certificate does not lead to one of the roots at this time; None when it does.

    A statement that it is revoked counts; that there is none does not, since a signature that is about to be made is judged anew
    by every verifier. Nothing is fetched.

    Raises:
        TrustError: a revocation statement is no DER.
    """
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import InvalidCertificateError, PathBuildingError, PathValidationError, RevokedError

    context = ValidationContext(
        trust_roots=[for_asn1(root) for root in anchors.roots],
        other_certs=[for_asn1(each) for each in (*chain, *anchors.other_certificates)],
        crls=[one.parsed for one in anchors.statements() if one.is_list],
        ocsps=[one.parsed for one in anchors.statements() if not one.is_list],
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    validator = CertificateValidator(for_asn1(certificate), validation_context=context)
    try:
        run(validator.async_validate_path())
    except PathBuildingError:
        return say("it leads to none of the trusted authorities")
    except RevokedError:
        return say("it was revoked")
    except (PathValidationError, InvalidCertificateError) as error:
        return say("it does not hold: {cause}", cause=str(error))
    return None


def context_without_roots(at: datetime) -> "ValidationContext":
    """Return a context in which nothing is trusted: an empty list, since None would mean the system's own roots."""
    from pyhanko_certvalidator import ValidationContext  # heavy, and only judging needs it

    return ValidationContext(trust_roots=[], moment=at, allow_fetching=False)


def for_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return the certificate as pyHanko takes it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
